// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/command.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString refusalText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::None:
        return {};
    case Refusal::HasCommand:
        return u"has a command under way"_s;
    case Refusal::AlreadyCommanded:
        return u"already commanded"_s;
    case Refusal::KeyGone:
        return u"key gone"_s;
    case Refusal::NotAvailable:
        return u"not available"_s;
    case Refusal::NotDrained:
        return u"not drained from a console"_s;
    case Refusal::ShutdownGiven:
        return u"told to shut down"_s;
    case Refusal::DrainUnproven:
        return u"nobody saw that drain begin"_s;
    case Refusal::StillListening:
        return u"its process still listens"_s;
    case Refusal::KeyBack:
        return u"key is back"_s;
    case Refusal::NotInLifetime:
        return u"not in the lifetime counters"_s;
    case Refusal::HasTtl:
        return u"has a TTL now"_s;
    case Refusal::HeartbeatMoved:
        return u"has beaten since"_s;
    case Refusal::NotAHash:
        return u"key is no hash"_s;
    case Refusal::OtherCommand:
        return u"another command is there"_s;
    case Refusal::NotPermitted:
        return u"not permitted"_s;
    case Refusal::Replica:
        return u"server is a replica"_s;
    case Refusal::ReadOnlySource:
        return u"source is read-only"_s;
    case Refusal::NotConnected:
        return u"not connected"_s;
    case Refusal::Server:
        return u"refused by the server"_s;
    }
    return {};
}

} // namespace pulsedeck
