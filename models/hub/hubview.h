// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QMetaType>
#include <QString>

namespace pulsedeck {

/// What is known about the connection besides its state. Counters count since the object was made.
struct HubVitals
{
    QString address; ///< Our own.
    QString identity; ///< By whom the hub knows this session: with a token its actor, else our own address. Empty if unknown.
    bool registered = false; ///< Our own address is, so that actors can answer.
    QString serverVersion;
    qint64 certificateUntil = 0; ///< When its certificate ends, Unix ms; 0: not known, or no TLS.
    qint64 advertisedHeartbeatMs = 0; ///< What the hub advertises, which does not keep it awake. 0 if not reported.
    qint64 keptHeartbeatMs = 0; ///< What is kept.
    qint64 measuredHeartbeatMs = 0; ///< Between the last two acknowledged heartbeats; 0 if unknown.
    qint64 maxActors = 0;
    qint64 lastAckAt = 0; ///< Console's clock; 0 before the first.
    qint64 roundTripMs = -1; ///< Smallest of the last few; -1 if unknown.
    qint64 clockOffsetMs = 0; ///< Hub's clock minus ours.
    bool clockKnown = false;
    int budgetUsed = 0; ///< Messages of the last second, of the ten the hub takes.
    int waiting = 0; ///< Messages not written yet.
    quint32 refusedForRate = 0;
    quint32 forNobody = 0; ///< Answers that came late, twice, or were meant for another client.
    quint32 unreadable = 0; ///< Messages that could not be read.
    QString whyUnreadable; ///< Why the last one could not, in words.
    quint32 wipes = 0; ///< How often the hub was found to have forgotten everything.
    QString registrationProblem; ///< Why our own address is not registered; empty if it is or is not wanted.
};

/// Messages of others that came and were not kept, by why not. Counts since the source was made.
struct DroppedMessages
{
    quint64 tooMany = 0; ///< More came than are taken a second.
    quint64 tooLarge = 0; ///< More bytes came than are taken a second.
    quint64 behind = 0; ///< So much that came before had not been taken up by the window yet.

    quint64 total() const { return tooMany + tooLarge + behind; }
    bool operator==(const DroppedMessages &) const = default;
};
/// "120 messages of others were not kept: 100 over the message rate, 20 over the byte rate"; empty if all were kept.
QString droppedMessagesText(const DroppedMessages &dropped);

/// How old and how whole the view of one hub is. A value.
struct HubView
{
    SourceId source = 0;
    bool connected = false; ///< It has a session.
    HubVitals vitals;
    DroppedMessages messagesDropped;
    qint64 wholeSince = 0; ///< Console's clock, when the last whole pass began: nothing shown is older. 0 before the first.
    qint64 passMs = 0; ///< How long it took.
    qint64 everyMs = 0; ///< From its start to the start of the one before; 0 if unknown.
    int pages = 0; ///< It had.
    qint64 total = 0; ///< Actors, as the hub counts them, without this console's own address.
    int skipped = 0; ///< Entries of the last pass that could not be read.
    int awaited = 0; ///< Actors that have not registered again since the hub forgot them.
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::HubView)
