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
    // "app-2:18415:9f2c41ab77d5"; a longer one may be wider than the place it is for.
    static const QRegularExpression id(uR"((?<!\S)(?=\S{3,32}(?!\S))\S*\w[:@]\w\S*)"_s,
                                       QRegularExpression::UseUnicodePropertiesOption);
    static const QRegularExpression within(uR"(([:@/-])(?=\w))"_s, QRegularExpression::UseUnicodePropertiesOption);
    QString kept = QString(text).replace(unit, u"\u00a0"_s);
    QRegularExpressionMatch match;
    for (qsizetype from = 0; kept.indexOf(id, from, &match) >= 0;) {
        const QString word = match.captured().replace(within, u"\\1\u2060"_s);
        kept.replace(match.capturedStart(), match.capturedLength(), word);
        from = match.capturedStart() + word.size();
    }
    return kept;
}

} // namespace pulsedeck
