// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissource.h"
#include "app/redis/systemclock.h"
#include "models/fleet/fleetstore.h"

#include <QTimer>

#include <memory>
#include <vector>

namespace pulsedeck {

/// The sources pulsedeckctl was given and the store they fill, on one thread: a program without a window has nothing
/// that must not wait.
class SourceSet : public QObject
{
    Q_OBJECT

public:
    /// \a once: for one look; a source that cannot be reached is given up at once, and push is not asked for.
    SourceSet(const std::vector<RedisUrl> &urls, bool once, const QByteArray &clientName);
    ~SourceSet() override;

    void start();
    /// Before start(): they may be written to, so that commands can be carried out and rights are found out.
    void setWritable();
    FleetStore &store() { return m_store; }
    const Clock &clock() const { return m_clock; }
    /// Everything there is in this source was read at least once.
    bool isComplete(SourceId source) const;
    bool isFailed(SourceId source) const;
    int completeCount() const;
    int failedCount() const;
    int count() const { return int(m_sources.size()); }
    /// Why it is not there, in words with a hint.
    QString trouble(SourceId source) const;
    QString name(SourceId source) const { return m_store.sourceName(source); }

public slots:
    /// In the next turn of the event loop, so that whoever asks is done with asking when the answer comes.
    void carryOut(pulsedeck::SourceId source, const QList<pulsedeck::Command> &commands);
    void lookUp(pulsedeck::SourceId source, const QList<pulsedeck::Command> &commands);

signals:
    void commandsProgressed(const QList<pulsedeck::CommandProgress> &progress);
    /// A source became complete or failed, or was lost or came back.
    void sourceChanged(pulsedeck::SourceId source);

private:
    struct Entry
    {
        std::unique_ptr<RedisSource> source;
        bool complete = false;
    };
    void take(const SourceStatus &status);

    SystemClock m_clock;
    FleetStore m_store;
    std::vector<Entry> m_sources; ///< By SourceId minus one.
    QTimer m_tick;
};

} // namespace pulsedeck
