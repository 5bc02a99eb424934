// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hublog.h"

#include "models/commands/commandentry.h"
#include "models/core/format.h"
#include "models/hub/hubcommand.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class HubLogTexts
{
    Q_DECLARE_TR_FUNCTIONS(HubLogTexts)
};

using Way = HubLogEntry::Way;
using Outcome = HubCallAnswer::Outcome;

} // namespace

HubLogEntry HubLogEntry::sent(const HubCall &call)
{
    HubLogEntry entry;
    if (call.kind == HubCall::Kind::Publish) {
        entry.way = Way::Publish;
        entry.topic = call.target;
    } else if (call.kind == HubCall::Kind::Broadcast) {
        entry.way = Way::Broadcast;
        entry.peer = call.capability.isEmpty() ? HubLogTexts::tr("every actor") : call.capability;
    } else {
        entry.way = call.kind == HubCall::Kind::Tell ? Way::Tell : Way::Ask;
        entry.peer = call.target;
    }
    entry.type = call.type;
    entry.payload = call.data;
    entry.exact = call.exact;
    entry.waiting = true;
    return entry;
}

HubLogEntry HubLogEntry::received(const ActorMessage &message)
{
    HubLogEntry entry;
    entry.at = message.at;
    entry.way = message.way == ActorMessage::Way::Broadcast     ? Way::ReceivedBroadcast
                : message.way == ActorMessage::Way::Publication ? Way::Publication
                                                                : Way::Received;
    entry.peer = message.from;
    entry.topic = message.topic;
    entry.type = message.type;
    entry.payload = message.payload;
    entry.cut = message.cut;
    return entry;
}

HubLogEntry HubLogEntry::ofCommand(const pulsedeck::Command &command)
{
    HubLogEntry entry;
    entry.way = Way::Command;
    entry.peer = QString::fromUtf8(command.worker);
    entry.type = hubCommandType(command.act);
    entry.payload = hubCommandData(command);
    entry.command = command.id;
    entry.waiting = true;
    return entry;
}

int HubLog::append(HubLogEntry entry, qint64 bytes)
{
    int gaveWay = 0;
    while (!m_entries.empty() && (m_entries.size() >= mostMessages || m_allBytes + bytes > mostPayloadBytes)) {
        m_allBytes -= m_bytes.front();
        m_commands.remove(m_entries.front().command);
        m_entries.pop_front();
        m_bytes.pop_front();
        ++gaveWay;
    }
    m_dropped += quint64(gaveWay);
    m_allBytes += bytes;
    if (!entry.command.isNull())
        m_commands.insert(entry.command, entry.key);
    m_entries.push_back(std::move(entry));
    m_bytes.push_back(bytes);
    return gaveWay;
}

int hubLogRow(const std::deque<HubLogEntry> &entries, quint64 key)
{
    const auto found = std::lower_bound(entries.begin(), entries.end(), key,
                                        [](const HubLogEntry &entry, quint64 wanted) { return entry.key < wanted; });
    return found != entries.end() && found->key == key ? int(found - entries.begin()) : -1;
}

QString hubAnswerText(const HubCallAnswer &answer)
{
    const QString why = answer.text;
    switch (answer.outcome) {
    case Outcome::Answered:
        if (const auto *ack = answer.as<hub::DeliveryAck>()) {
            const QString word = ack->status.isEmpty() ? HubLogTexts::tr("delivered") : ack->status;
            return HubLogTexts::tr("%1 after %2").arg(word, roundTripText(answer.elapsedMs));
        }
        if (const auto *ack = answer.as<hub::BroadcastAck>()) {
            if (ack->failed == 0)
                return HubLogTexts::tr("reached %Ln actor(s)", nullptr, int(ack->delivered));
            return HubLogTexts::tr("reached %1 of %Ln actor(s)", nullptr, int(ack->delivered + ack->failed))
                .arg(groupedNumber(ack->delivered));
        }
        if (const auto *published = answer.as<hub::Published>())
            return HubLogTexts::tr("%Ln subscriber(s)", nullptr, int(published->subscribers));
        return HubLogTexts::tr("answered after %1").arg(roundTripText(answer.elapsedMs));
    case Outcome::Sent:
        return HubLogTexts::tr("sent; never answered");
    case Outcome::Refused:
        return why.isEmpty() ? HubLogTexts::tr("refused") : HubLogTexts::tr("refused: %1").arg(why);
    case Outcome::UnknownActor:
        return why.isEmpty() ? HubLogTexts::tr("unknown actor") : HubLogTexts::tr("unknown actor: %1").arg(why);
    case Outcome::Unknown:
        return why.isEmpty() ? HubLogTexts::tr("may or may not have arrived")
                             : HubLogTexts::tr("may or may not have arrived: %1").arg(why);
    case Outcome::NotSent:
        break;
    }
    return why.isEmpty() ? HubLogTexts::tr("not sent") : HubLogTexts::tr("not sent: %1").arg(why);
}

HubCallAnswer::Outcome hubCommandOutcome(const CommandEntry &entry)
{
    if (entry.stage != CommandStage::Refused)
        return stageRow(entry.stage).flags & StageRow::Problem ? Outcome::Unknown : Outcome::Answered;
    if (entry.refusal == Refusal::NotConnected || entry.refusal == Refusal::ReadOnlySource)
        return Outcome::NotSent;
    const bool unknownActor = entry.refusal == Refusal::KeyGone || entry.refusal == Refusal::RegistrationExpired;
    return unknownActor ? Outcome::UnknownActor : Outcome::Refused;
}

QString hubCommandText(const CommandEntry &entry)
{
    if (saysUnanswered(entry.note) && !entry.text.isEmpty())
        return entry.text; // It says itself that the command was delivered.
    const QString stage = stageText(entry.stage);
    const QString why = entry.stage == CommandStage::Refused && entry.text.isEmpty() ? refusalText(entry) : entry.text;
    return why.isEmpty() ? stage : HubLogTexts::tr("%1: %2").arg(stage, why);
}

QString hubIntentText(const HubCall &call)
{
    const QString type = call.type.isEmpty() ? HubLogTexts::tr("a message without a type") : call.type;
    const QString data = call.data.isUndefined() ? HubLogTexts::tr("no data")
                                                 : HubLogTexts::tr("%Ln byte(s) of data", nullptr, int(hubDataBytes(call)));
    switch (call.kind) {
    case HubCall::Kind::Publish:
        return HubLogTexts::tr("%1, %2, to the topic %3").arg(type, data, call.target);
    case HubCall::Kind::Broadcast:
        return call.capability.isEmpty() ? HubLogTexts::tr("%1, %2, to every actor").arg(type, data)
                                         : HubLogTexts::tr("%1, %2, to every actor that can %3").arg(type, data, call.capability);
    default:
        return HubLogTexts::tr("%1, %2").arg(type, data);
    }
}

QString hubStepName(const HubCallAnswer &answer)
{
    if (answer.outcome == Outcome::Answered && answer.kind == HubCall::Kind::Ask)
        return u"delivered"_s;
    // In the order of the enumeration.
    static constexpr const char *names[]{"answered", "sent", "refused", "unknown-actor", "unknown", "not-sent"};
    static_assert(std::size(names) == size_t(Outcome::NotSent) + 1);
    return QString::fromLatin1(names[size_t(answer.outcome)]);
}

} // namespace pulsedeck
