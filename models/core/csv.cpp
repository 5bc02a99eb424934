// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/csv.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QByteArray csvCell(const QString &text)
{
    QString cell = text;
    // Also behind leading blanks or control characters, which spreadsheets skip.
    const qsizetype begin = qsizetype(std::find_if(text.cbegin(), text.cend(), [](QChar c) { return c > u' '; }) - text.cbegin());
    if (begin < text.size() && u"=+-@"_s.contains(text.at(begin)))
        cell.prepend(u'\'');
    const bool quoted =
        std::any_of(cell.cbegin(), cell.cend(), [](QChar c) { return c == u',' || c == u'"' || c == u'\n' || c == u'\r'; });
    if (quoted)
        cell = u'"' + cell.replace(u'"', u"\"\""_s) + u'"';
    return cell.toUtf8();
}

} // namespace pulsedeck
