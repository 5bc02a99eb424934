// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubmessage.h"
#include "models/protocol/fleetbatch.h"

#include <QHash>
#include <QSet>

#include <functional>
#include <vector>

namespace pulsedeck {

/// The actors of one hub as its list shows them, and what a FleetBatch reports of them. A renewal or another registration
/// is a beat, its time taken from the hub's own times; an actor that is missing in two whole passes is gone. After the hub
/// has lost its registrations the missing are awaited and not gone. Knows no connection and no timer. Times called now are
/// the console's clock in ms. On one thread.
class ListedActors
{
public:
    /// Why missing actors are awaited.
    enum class Aftermath : quint8 {
        None,
        Wiped, ///< The hub forgot everything.
        Restarted, ///< Most of its registrations were gone when it was back.
    };
    using Publish = std::function<void(const FleetBatch &)>;

    /// Actors have \a graceMs to register again. \a ownAddress is not counted among them.
    ListedActors(SourceId source, const QString &ownAddress, int graceMs, Publish publish);

    /// A connection was made.
    void connected(qint64 now);
    /// The hub forgot everything, and ended the connection for it.
    void forgotten(qint64 now);
    /// The hub's clock minus ours.
    void setClockOffset(qint64 ms);
    quint32 generation() const { return m_generation; } ///< Counts connections.

    // One pass over the list: beginPass(), take() for each entry, and endPass() if it was read whole.

    /// \a tellAll: everybody is reported, changed or not.
    void beginPass(bool tellAll);
    void take(const HubActor &actor, qint64 now);
    /// The list could not be read to its end; the next pass counts as the same one.
    void abandonPass() { m_tellAllNext = m_tellAllNext || m_tellAll; }
    void endPass(qint64 now);
    bool selfListed() const { return m_selfListed; } ///< In this pass.
    int wholePasses() const { return m_wholeInGeneration; } ///< Since the connection was made.

    /// Publishes what has been collected. It is published without being asked where a batch would grow too large.
    void flush(qint64 now);

    int count() const { return int(m_slots.size()); }
    Aftermath aftermath() const { return m_aftermath; }
    int awaited() const { return m_awaited; } ///< Actors that have not registered again, at the end of the last pass.
    bool knows(const QString &address) const { return m_slots.contains(address); }
    /// Known, and listed since the connection was made.
    bool isSeen(const QString &address) const;
    WorkerStatus status(const QString &address) const;
    /// What an actor said of itself in its answer. Nothing is reported of one that has not been seen.
    void setStatus(const QString &address, WorkerStatus status, qint64 now);
    /// The middle one of the registrations' TTLs in whole seconds, in ms; 0 if none is known.
    qint64 usualTtl() const;

private:
    struct Record
    {
        QString address; ///< Empty for a free place.
        QString connectionId;
        WorkerNumber number = 0;
        quint32 seenInPass = 0;
        quint32 generation = 0; ///< When it was last reported.
        size_t textHash = 0;
        qint64 firstRegisteredAt = 0; ///< Hub's clock, like all that follow.
        qint64 registeredAt = 0;
        qint64 beatAt = 0;
        std::optional<qint64> expiresAt;
        qint64 version = -1;
        WorkerStatus status = WorkerStatus::Registered;
        bool saysStatus = false; ///< Its metadata hold its status.
    };

    qint64 fromHub(qint64 hubMs) const { return hubMs - m_offsetMs; }
    Record &recordOf(const HubActor &actor);
    void takeStatus(Record &record, const HubActor &actor);
    void reportFacts(const Record &record, const HubActor &actor);
    WorkerSample sampleOf(const Record &record, qint64 now) const;
    void awaitActors(Aftermath why, qint64 now);
    bool lostMost() const;
    void remove(size_t slot, WorkerEnd end, qint64 now);

    const QString m_ownAddress;
    const int m_graceMs;
    const Publish m_publish;
    FleetBatch m_batch;
    std::vector<Record> m_records;
    std::vector<size_t> m_free;
    QHash<QString, size_t> m_slots;
    QSet<QStringList> m_capabilities; ///< One copy of each list, whoever has it.
    qint64 m_offsetMs = 0;
    qint64 m_awaitUntil = 0; ///< 0 if no actor is awaited.
    quint32 m_pass = 0;
    quint32 m_generation = 0;
    int m_wholeInGeneration = 0;
    WorkerNumber m_nextNumber = 0;
    int m_registeredAnew = 0; ///< Since the connection was made: known before, and the hub counts them from one.
    int m_knownBefore = 0; ///< When the connection was made.
    int m_awaited = 0;
    Aftermath m_aftermath = Aftermath::None;
    bool m_selfListed = false;
    bool m_survivor = false; ///< On this connection an actor is listed as registered when it was before: the hub remembers.
    bool m_forgot = false; ///< The last connection ended because the hub forgot everything; until the first whole pass.
    bool m_tellAll = false; ///< In this pass everybody is reported: the hub's clock was read wrongly before.
    bool m_tellAllNext = false;
    bool m_passOpen = false; ///< Begun and not whole: what is begun again counts as the same.
};

} // namespace pulsedeck
