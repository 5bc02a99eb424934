// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubcall.h"

#include <QHash>

#include <deque>

namespace pulsedeck {

struct Command;
struct CommandEntry;

/// One message in the log of a hub: sent by this console, or received.
struct HubLogEntry
{
    enum class Way : quint8 {
        Ask,
        Tell,
        Broadcast,
        Publish,
        Command, ///< Drain or shut down, from the ledger: no message that an operator wrote.
        Received,
        ReceivedBroadcast,
        Publication,
    };

    quint64 key = 0; ///< Counts up; never used twice.
    qint64 at = 0; ///< Console's clock, ms.
    Way way = Way::Ask;
    QString peer; ///< Receiver or sender: an address; a capability or "every actor"; empty for a topic alone.
    QString topic;
    QString type;
    QJsonValue payload = QJsonValue::Undefined;
    QByteArray exact = {}; ///< The same as it was sent, digit by digit; empty for what came, and for commands.
    bool cut = false;
    bool waiting = false; ///< Sent by us, and not answered yet.
    HubCallAnswer::Outcome outcome = HubCallAnswer::Outcome::Sent; ///< Of what we sent, once it does not wait.
    QString result; ///< "delivered after 3 ms", "2 of 3 actors", or why not.
    QUuid command; ///< Whose message it is, for Command.

    bool isOurs() const { return way <= Way::Command; }

    /// What a call that sends puts into the log; it waits for its answer.
    static HubLogEntry sent(const HubCall &call);
    static HubLogEntry received(const ActorMessage &message);
    static HubLogEntry ofCommand(const pulsedeck::Command &command);
};

/// The row of the entry with this key; -1 if it is not there. The keys grow.
int hubLogRow(const std::deque<HubLogEntry> &entries, quint64 key);

/// The messages of one hub, oldest first. The oldest give way where there are too many or their data takes too much
/// room, and are counted. A value.
class HubLog
{
public:
    static constexpr size_t mostMessages = 2'000;
    static constexpr qint64 mostPayloadBytes = 32 << 20; ///< Of all messages kept.

    const std::deque<HubLogEntry> &entries() const { return m_entries; }
    quint64 dropped() const { return m_dropped; } ///< Messages that gave way to newer ones.

    /// Puts it last; its key is greater than every one before. \a bytes is the room its data takes. Returns how many gave
    /// way.
    int append(HubLogEntry entry, qint64 bytes);
    HubLogEntry &entry(int row) { return m_entries[size_t(row)]; }
    /// -1 if it is not there any more.
    int rowOf(quint64 key) const { return hubLogRow(m_entries, key); }
    int rowOfCommand(const QUuid &command) const { return rowOf(m_commands.value(command)); }

private:
    std::deque<HubLogEntry> m_entries;
    std::deque<qint64> m_bytes; ///< Of each entry's payload.
    qint64 m_allBytes = 0;
    quint64 m_dropped = 0;
    QHash<QUuid, quint64> m_commands;
};

/// What became of a message, in words: "delivered after 3 ms".
QString hubAnswerText(const HubCallAnswer &answer);
/// What became of a command: "picked up: answered by the actor", "refused: not registered".
QString hubCommandText(const CommandEntry &entry);
/// The outcome of a command in the terms of a message.
HubCallAnswer::Outcome hubCommandOutcome(const CommandEntry &entry);
/// Type, size and receiver of a message, never what is in it.
QString hubIntentText(const HubCall &call);
/// The journal's name of what became of a message: "delivered", "unknown-actor".
QString hubStepName(const HubCallAnswer &answer);

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::HubLogEntry)
