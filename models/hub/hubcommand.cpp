// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubcommand.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString hubCommandType(Act act)
{
    return QString::fromLatin1(actRow(act).message);
}

QJsonObject hubCommandData(const Command &command)
{
    return {{u"commandId"_s, command.id.toString(QUuid::WithoutBraces)}, {u"reason"_s, command.reason}, {u"by"_s, command.by}};
}

} // namespace pulsedeck
