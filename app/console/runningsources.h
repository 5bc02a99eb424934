// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/writeaccess.h"
#include "models/fleet/fleetstore.h"
#include "models/hub/hubstore.h"
#include "models/hub/messagingsource.h"
#include "models/layouts/layout.h"
#include "models/sources/secretstore.h"
#include "models/sources/sourcesettings.h"
#include "models/timing/timingcontroller.h"

#include <QSemaphore>
#include <QThread>

#include <map>
#include <memory>

namespace pulsedeck {

/// The sources that run, and the I/O thread they live on: makes them from settings, connects them with store, ledger
/// and controllers by values, and ends them in order. A hub's token is found before each connect that the operator asks for. GUI
/// thread.
class RunningSources : public QObject
{
    Q_OBJECT

public:
    /// What the sources talk to; all of it outlives them.
    struct Listeners
    {
        FleetStore &store;
        CommandLedger &ledger;
        TimingController &timing;
        HubStore &hubs;
        WriteAccess &access;
        SecretStore *secrets = nullptr; ///< Null: there is no keychain.
    };
    /// All hubs together have so long to end their connections when this ends.
    static constexpr int endLimitMs = 2'500;

    RunningSources(const Listeners &listeners, const Clock &clock, QObject *parent = nullptr);
    ~RunningSources() override;

    /// The running source with this id, for those that listen to what it sends; it lives on the I/O thread. Null if
    /// there is none.
    FleetSource *find(SourceId id) const;
    /// Makes it, or makes it again with other settings, and connects it.
    void run(const SourceSettings &settings);
    /// Ends it; what it still answers is heard.
    void end(SourceId id);
    /// Disconnects it; it stays.
    void stop(SourceId id);
    /// Ends its connections and makes them again. Of commands under way it is looked up afterwards what became of them.
    void reconnect(const SourceSettings &settings);
    /// Tries at once, or reads everything again.
    void retry(const SourceSettings &settings);
    /// Whether anybody can see the console; see FleetSource::setSeen().
    void setSeen(bool seen);
    /// Our own address at hubs.
    const QString &hubAddress() const { return m_hubAddress; }

    /// Looks again which systems live there.
    void lookForSystems(SourceId id);

    /// For sources that are run from now on: the systems that are looked for in a Redis.
    void setLayouts(const std::vector<Layout> &layouts) { m_layouts = layouts; }

private:
    struct Running
    {
        FleetSource *source = nullptr;
        quint32 asked = 0; ///< The newest question for its secret; an answer to an older one is not heard.
    };

    MessagingSource *findMessaging(SourceId id) const;
    QString freeAddress() const;
    void link(MessagingSource *source, const SourceSettings &settings);
    void start(const SourceSettings &settings, bool again);
    void send(SourceId id, const QList<Command> &commands, void (FleetSource::*slot)(const QList<Command> &));
    void applyTiming(SourceId id, const TimingApply &apply);
    void call(SourceId id, const HubCall &call);
    void retire(const Running &running);

    const Listeners m_to;
    const Clock &m_clock;
    const QString m_hubAddress;
    std::vector<Layout> m_layouts;
    QThread m_thread;
    std::map<SourceId, Running> m_running;
    std::shared_ptr<QSemaphore> m_gone = std::make_shared<QSemaphore>(); ///< One for each retired source that is deleted.
    int m_retired = 0;
    quint32 m_asked = 0;
    bool m_seen = true;
};

} // namespace pulsedeck
