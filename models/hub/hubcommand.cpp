// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubcommand.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString hubCommandType(Act act)
{
    return act == Act::Drain ? u"worker:drain"_s : u"worker:shutdown"_s;
}

QJsonObject hubCommandData(const Command &command)
{
    return {{u"commandId"_s, command.id.toString(QUuid::WithoutBraces)}, {u"reason"_s, command.reason}, {u"by"_s, command.by}};
}

} // namespace pulsedeck
