// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/fleetdialect.h"
#include "app/redis/keytracking.h"
#include "app/redis/layoutdetector.h"
#include "app/redis/replicawatch.h"
#include "app/redis/scriptrunner.h"
#include "app/redis/sentinelwatch.h"
#include "models/core/sleepgauge.h"
#include "models/protocol/fleetsource.h"

#include <QTimer>

namespace pulsedeck {

/// The workers of one Redis. Joins the connections, one FleetDialect per system whose workers may be there, and the console: it
/// keeps the connection's life (first view, stall, replica, a server that lost its keys), and its dialects find and read workers.
/// Only reads; its ScriptRunner writes, while it is writable. Lives on the I/O thread; memory is bounded by
/// FleetStore::maxWorkers workers.
class RedisSource final : public FleetSource
{
    Q_OBJECT

public:
    RedisSource(SourceId id, const RedisUrl &url, const RedisSourceOptions &options, const Clock &clock,
                QObject *parent = nullptr);
    ~RedisSource() override;

    void prepareStart(const QString &message) override;
    void cannotStart(const SourceFailure &failure) override;

public slots:
    void start() override;
    void stop() override;
    void retryNow() override;
    void setWritable(bool writable) override;
    void setSeen(bool seen) override;
    void carryOut(const QList<pulsedeck::Command> &commands) override;
    void lookUp(const QList<pulsedeck::Command> &commands) override;
    void applyTiming(const pulsedeck::TimingApply &apply) override;
    void readTimingHistory() override;
    void lookForSystems() override;

private:
    void onMainState(RedisConnection::State state);
    void onTracking();
    void onTrackingFailed();
    void onTrackingEnded();
    void onAnnounced(const RedisReply &keys, qint64 at);
    void onMasterAt(const RedisPlace &master);
    void noteMaster();
    void noteMasters();
    void askMasters();
    void reviewSentinels();
    void nameServer();
    /// Of the system a command is for; of a worker that is unknown those of the first system that has any.
    static bool concerns(const FleetDialect &dialect, const Command &command);
    const ActScripts *scriptsFor(const Command &command, const ActScripts *after) const;
    /// What the keys begin with whose changes are to be announced.
    QByteArrayList prefixes() const;
    void begin();
    void beginWatching();
    void beginDetection();
    bool watchSystem(const Layout &layout, const QByteArray &prefix);
    void takeDetected();
    void lookFurther(qint64 now);
    void beginFullView();
    void finishFullView();
    void settle();
    void leave();
    void onLost();
    void reportFailure(const RedisFailure &failure);
    void onTick();
    void checkStall(qint64 now);
    void askTime();
    void askServer();
    void takeServer(const ServerIdentity &identity);
    void askRole();
    void takeRole(const ReplicaLink &link);
    void askWrites();
    void awaitRegistrations(Reregistration::Cause cause);
    void reviewAwaited(qint64 now);
    void fillStatus();
    bool isStalled() const { return m_session->status.state == SourceState::Stalled && !m_session->status.isCutOff(); }

    RedisSession *const m_session; ///< A child; outlives what is below.
    std::vector<std::unique_ptr<FleetDialect>> m_dialects;
    /// Those that detection added: layout and prefix.
    std::vector<std::pair<QString, QByteArray>> m_detected;
    std::unique_ptr<LayoutDetector> m_detector; ///< Of the present connection; null where nothing is looked for.
    std::unique_ptr<KeyTracking> m_tracking;
    std::unique_ptr<SentinelWatch> m_sentinels; ///< Null where there are none.
    ScriptRunner *m_scripts = nullptr; ///< A child; outlives the connections' last answers.
    SleepGauge m_sleep;
    QTimer m_tickTimer;
    QTimer m_trackingWait; ///< Until the first view begins without the second connection.
    ReplicaWatch m_replica;
    RedisPlace m_master; ///< Where the master of the Sentinels was last.
    QMap<QString, QString> m_runIds; ///< Of the masters of a cluster, by host and port.
    int m_replicas = -1; ///< Of it; -1 while not known.
    qint64 m_lastAnswerAt = 0;
    qint64 m_roleAskedAt = 0;
    qint64 m_keysLostAt = 0; ///< When the server was last found to have lost its keys; 0: it was not.
    qint64 m_lostContactAt = 0; ///< The last answer of the connection before.
    qint64 m_timeAskedAt = 0;
    qint64 m_detectedAt = 0; ///< When systems were looked for last, and the last key was; 0: not yet.
    qint64 m_glancedAt = 0; ///< When keys that show a system by themselves were last asked for between two looks.
    qint64 m_lookAgainMs = 0; ///< After so long they are looked for again.
    qsizetype m_systemsKnown = 0; ///< When that was decided.
    bool m_unsaved = false; ///< It takes no writes, as it cannot save to disk.
    bool m_roleRefused = false;
    bool m_infoRefused = false;
};

} // namespace pulsedeck
