// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubview.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString hubMailDroppedText(const HubMailDropped &dropped)
{
    QStringList why;
    if (dropped.tooMany > 0)
        why.append(u"too many a second"_s);
    if (dropped.tooLarge > 0)
        why.append(u"too many bytes a second"_s);
    if (dropped.behind > 0)
        why.append(u"more than could be taken up"_s);
    if (why.isEmpty())
        return {};
    const quint64 counts[]{dropped.tooMany, dropped.tooLarge, dropped.behind};
    if (why.size() > 1) { // Which is how many is only a question where there is more than one.
        qsizetype part = 0;
        for (const quint64 count : counts) {
            if (count > 0) {
                why[part] = QString(QString::number(count) + u' ' + why.at(part));
                ++part;
            }
        }
    }
    const QString what = dropped.total() == 1 ? u"1 message of others was"_s
                                              : QString(QString::number(dropped.total()) + u" messages of others were"_s);
    return QString(what + u" not kept: "_s + why.join(u", "_s));
}

} // namespace pulsedeck
