// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/recordedfilter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool fitsRecorded(const FleetFilter &filter, const HistoryLane &lane)
{
    if (!filter.isReadable())
        return false;
    const QString id = QString::fromUtf8(lane.name);
    const QString host = QString::fromUtf8(lane.host);
    for (const FleetFilter::Term &term : filter.terms()) {
        const QString key = term.text.section(u':', 0, 0);
        const QString words = term.text.section(u':', 1);
        const QStringList fields = !term.text.contains(u':') ? QStringList{id, host, lane.type, lane.source, lane.label}
                                   : key == u"type"_s        ? QStringList{lane.type}
                                   : key == u"source"_s      ? QStringList{lane.source}
                                   : key == u"host"_s        ? QStringList{host}
                                   : key == u"id"_s          ? QStringList{id}
                                                             : QStringList{};
        if (fields.isEmpty())
            return false;
        const QStringList wanted = term.text.contains(u':') ? words.split(u',') : QStringList{term.text};
        const bool found = std::any_of(fields.begin(), fields.end(), [&](const QString &field) {
            return std::any_of(wanted.begin(), wanted.end(),
                               [&](const QString &word) { return field.contains(word, Qt::CaseInsensitive); });
        });
        if (found == term.negated)
            return false;
    }
    return true;
}

} // namespace pulsedeck
