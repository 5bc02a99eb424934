// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandentry.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString stageText(CommandStage stage)
{
    switch (stage) {
    case CommandStage::Queued:
        return u"queued"_s;
    case CommandStage::Requested:
        return u"requested"_s;
    case CommandStage::Written:
        return u"written"_s;
    case CommandStage::Announced:
        return u"announced"_s;
    case CommandStage::PickedUp:
        return u"picked up"_s;
    case CommandStage::Emptying:
        return u"emptying"_s;
    case CommandStage::Overdue:
        return u"overdue"_s;
    case CommandStage::Forgotten:
        return u"drain forgotten"_s;
    case CommandStage::Unknown:
        return u"unknown"_s;
    case CommandStage::Gone:
        return u"gone"_s;
    case CommandStage::Done:
        return u"done"_s;
    case CommandStage::Delivered:
        return u"delivered"_s;
    case CommandStage::Lost:
        return u"lost"_s;
    case CommandStage::ExpiredUnread:
        return u"expired unread"_s;
    case CommandStage::Withdrawn:
        return u"withdrawn"_s;
    case CommandStage::TooLate:
        return u"too late"_s;
    case CommandStage::Refused:
        return u"refused"_s;
    case CommandStage::Skipped:
        return u"skipped"_s;
    case CommandStage::Undone:
        return u"drain undone"_s;
    }
    return {};
}

QString stageName(CommandStage stage)
{
    return stageText(stage).replace(u' ', u'-');
}

QString refusalText(const CommandEntry &entry)
{
    if (entry.actor && entry.refusal == Refusal::KeyGone)
        return entry.text.contains("expired"_L1, Qt::CaseInsensitive) ? u"registration expired"_s : u"not registered"_s;
    if (entry.actor && entry.refusal == Refusal::Server)
        return entry.text.startsWith("the actor refused"_L1) ? u"refused by the actor"_s : u"refused by the hub"_s;
    return refusalText(entry.refusal);
}

int CommandGroup::ended() const
{
    int count = 0;
    for (int stage = 0; stage < stageCount; ++stage) {
        if (isEnd(CommandStage(stage)))
            count += counts[size_t(stage)];
    }
    return count;
}

int CommandGroup::succeeded() const
{
    int count = 0;
    for (int stage = 0; stage < stageCount; ++stage) {
        if (isSuccess(CommandStage(stage)))
            count += counts[size_t(stage)];
    }
    return count;
}

} // namespace pulsedeck
