// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/operatorname.h"

#include <QProcessEnvironment>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString operatorName()
{
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString user = environment.value(u"USER"_s, environment.value(u"LOGNAME"_s));
    return QString((user.isEmpty() ? u"operator"_s : user) + u'@' + QSysInfo::machineHostName());
}

} // namespace pulsedeck
