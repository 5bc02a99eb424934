// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/numberunits.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString unitsKept(const QString &text)
{
    static const QRegularExpression unit(uR"((?<=\d) (?=(?:µs|ms|s|min|h|d|B|kB|KiB|MB|MiB|GB|GiB)(?![\w-])|%))"_s,
                                         QRegularExpression::UseUnicodePropertiesOption);
    if (!text.contains(u' '))
        return text;
    return QString(text).replace(unit, u"\u00a0"_s);
}

} // namespace pulsedeck
