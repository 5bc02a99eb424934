// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/act.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString actName(Act act)
{
    switch (act) {
    case Act::Shutdown:
        return u"shutdown"_s;
    case Act::ShutdownNow:
        return u"shutdown-now"_s;
    case Act::Drain:
        return u"drain"_s;
    case Act::Resume:
        return u"resume"_s;
    case Act::Cancel:
        return u"cancel"_s;
    case Act::Reap:
        return u"reap"_s;
    case Act::RemoveKey:
        return u"remove-key"_s;
    }
    return {};
}

std::optional<Act> actFromName(QStringView name)
{
    for (const Act act : allActs) {
        if (name == actName(act))
            return act;
    }
    return std::nullopt;
}

QString actTitle(Act act)
{
    switch (act) {
    case Act::Shutdown:
        return u"Shut down at next heartbeat"_s;
    case Act::ShutdownNow:
        return u"Shut down now"_s;
    case Act::Drain:
        return u"Drain"_s;
    case Act::Resume:
        return u"Resume"_s;
    case Act::Cancel:
        return u"Cancel command"_s;
    case Act::Reap:
        return u"Reap"_s;
    case Act::RemoveKey:
        return u"Remove key"_s;
    }
    return {};
}

} // namespace pulsedeck
