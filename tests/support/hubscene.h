// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "tests/support/stepclock.h"

namespace pulsedeck {

/// A hub made up for tests: a source of its own in a test's store, filled through batches as a hub's source would fill it.
/// Actors are
/// "@(local/agent-0)" and so on; every third says its name. They renew only when told to.
class HubScene
{
public:
    static constexpr SourceId source = 7;

    /// The actors have been registered for a while. All are there in one pass over the list.
    HubScene(FleetStore &store, StepClock &clock, int actors, qint32 ttlMs = 300'000,
             const QString &name = QStringLiteral("hub-eu"));

    static QByteArray address(int actor) { return "@(local/agent-" + QByteArray::number(actor) + ')'; }
    WorkerHandle handle(int actor) const { return m_store.find(source, address(actor)); }
    SourceStatus &status() { return m_status; }

    /// It registers now, or renews if it is there.
    void renew(int actor);
    void say(int actor, WorkerStatus status);
    void end(int actor, WorkerEnd how);
    /// As \a actor's registration says from now on.
    void describe(int actor, const QString &name, const QStringList &capabilities);
    void setState(SourceState state);
    void setForgotten(bool forgotten, const QString &message = {});
    /// What \a act cannot be done, as a writable hub says.
    void deny();

private:
    struct Record
    {
        QString name;
        QStringList capabilities;
        qint64 registeredAt = 0;
        qint64 renewedAt = 0;
        qint64 version = 0;
        WorkerNumber number = 0;
        WorkerStatus status = WorkerStatus::Registered;
        bool there = false;
    };
    FleetBatch batch() const;
    void tell(FleetBatch &batch, int actor, bool beat);
    void apply(FleetBatch &batch);

    FleetStore &m_store;
    StepClock &m_clock;
    SourceStatus m_status;
    std::vector<Record> m_records;
    qint32 m_ttl;
    WorkerNumber m_nextNumber = 0;
};

} // namespace pulsedeck
