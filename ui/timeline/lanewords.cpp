// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanewords.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/sources/sourcekind.h"
#include "ui/timeline/pastlateness.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr size_t mostHosts = 5'000; ///< Lanes whose hosts are compared for a tool tip.

QString joinedParts(const QStringList &parts)
{
    return parts.join(u" · "_s);
}

/// How many beats did not come in a gap.
int missedBeats(const LaneGap &gap)
{
    return gap.interval > 0 ? int(std::max<qint64>(1, (gap.length() - gap.interval / 2) / gap.interval)) : 0;
}

} // namespace

/// The short form of an id that no worker has any more.
QString goneId(const HistoryLane &lane)
{
    return lane.label.isEmpty() ? shortId(lane.name, *SourceKind::workerKind(lane.system)) : lane.label;
}

QString timeRangeText(qint64 from, qint64 to)
{
    return clockTextTenths(from) + u" → "_s + clockTextTenths(to); // untranslated: two times
}

LaneWords::LaneWords(const LaneList &list, const LanePictureSet &pictures)
    : m_list(list)
    , m_pictures(pictures)
    , m_store(list.model().store())
{ }

QString LaneWords::affectedText(const LaneRow &row, qint64 from, qint64 to) const
{
    const SharedLanePicture &whole = m_pictures.whole();
    if (!whole || row.kind != LaneRow::Kind::Lane || from < whole->completeFrom)
        return pastAffectedText(row, from, to);
    std::vector<WorkerHandle> others;
    for (const LateLane &late : whole->late) {
        if (late.from >= to)
            break;
        if (late.to > from && late.handle != row.handle)
            others.push_back(late.handle);
    }
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    const QByteArray host = others.size() > mostHosts ? QByteArray() : hostName(m_store.worker(row.handle));
    const auto same = host.isEmpty() ? 0 : std::count_if(others.begin(), others.end(), [&](WorkerHandle other) {
        return m_store.worker(other).used && hostName(m_store.worker(other)) == host;
    });
    return othersText(int(others.size()), same, host);
}

/// Of what is older than the store the history says it, where it was read.
QString LaneWords::pastAffectedText(const LaneRow &row, qint64 from, qint64 to) const
{
    if (!m_past)
        return {};
    const LaneId lane = row.kind == LaneRow::Kind::Gone ? LaneId(row.serial) : m_past->laneOf(row.handle);
    const std::optional<PastLateness::Others> others = m_past->others(lane, from, to);
    return others ? othersText(others->count, others->sameHost, others->host) : QString();
}

QString LaneWords::othersText(int others, qint64 sameHost, const QByteArray &host)
{
    if (others == 0)
        return tr("no other lane was affected");
    const QString count = tr("%Ln other lane(s) (was/were) late then", nullptr, others);
    if (host.isEmpty())
        return count;
    return sameHost == 0 ? tr("%1, none of them on %2").arg(count, QString::fromUtf8(host))
                         : tr("%1, %2 of them on %3").arg(count, groupedNumber(sameHost), QString::fromUtf8(host));
}

QString LaneWords::laneTip(const LaneRow &row, double at, const TimeScale &scale) const
{
    const HistoryLane *gone = row.kind == LaneRow::Kind::Gone ? m_list.goneLane(row.serial) : nullptr;
    const Worker *worker = row.kind == LaneRow::Kind::Lane ? &m_store.worker(row.handle) : nullptr;
    const LaneGeometry *lane = m_pictures.geometryOf(row);
    if (!lane || !(worker ? worker->used : gone != nullptr))
        return {};
    const double tolerance = 3 * scale.msPerPixel();
    QStringList place{worker ? m_store.sourceName(worker->source) : gone->source};
    const QString type = worker ? m_store.typeName(worker->type) : gone->type;
    if (!type.isEmpty())
        place.append(type);
    const QString name = worker ? shortId(*worker) : goneId(*gone);
    const QString id = u"<b>"_s + visibleLine(name).toHtmlEscaped() + u"</b>"_s; // untranslated: markup
    const auto whole = [&](const QString &what, const QStringList &lines) {
        return QString(id + u" <b>"_s + what.toHtmlEscaped() + u"</b> &nbsp; "_s + joinedParts(place).toHtmlEscaped() + u"<br>"_s
                       + lines.join(u'\n').toHtmlEscaped().replace(u'\n', u"<br>"_s)); // untranslated: markup
    };
    for (const LaneMark &mark : lane->marks) {
        if (std::abs(double(mark.at) - at) > 2 * tolerance)
            continue;
        const QString when = clockTextTenths(mark.at);
        switch (mark.mark) {
        case StripGeometry::Mark::Start:
            return whole(tr("started"), {when});
        case StripGeometry::Mark::End:
            return whole(tr("ended"), {joinedParts({when, lane->lastWord})});
        case StripGeometry::Mark::Expired:
            return whole(tr("key expired"), {when});
        case StripGeometry::Mark::CommandSent:
            return whole(tr("command sent"), {when});
        case StripGeometry::Mark::CommandRead:
            return whole(tr("command read"), {when});
        }
    }
    for (const LaneGap &gap : lane->gaps) {
        if (at < double(gap.from()) - tolerance || at > double(gap.to) + tolerance)
            continue;
        QStringList second{timeRangeText(gap.beat, gap.to), tr("expected %1").arg(roundText(gap.interval)),
                           gap.open ? tr("no beat since") : tr("%Ln beat(s) missed", nullptr, missedBeats(gap))};
        QStringList third;
        const qint64 ttl = worker ? worker->learntTtl : 0;
        if (ttl > 0 && gap.length() < ttl)
            third.append(tr("TTL fell to %1 of %2").arg(durationText(ttl - gap.length()), roundText(ttl)));
        else if (ttl > 0)
            third.append(tr("longer than the TTL of %1").arg(roundText(ttl)));
        if (const QString affected = affectedText(row, gap.from(), gap.to); !affected.isEmpty())
            third.append(affected);
        return whole(tr("gap %1").arg(durationText(gap.length())), {joinedParts(second), joinedParts(third)});
    }
    for (const LaneSpan &span : lane->spans) {
        if (at < double(span.from) || at > double(span.to))
            continue;
        const QStringList lines{joinedParts({timeRangeText(span.from, span.to), durationText(span.to - span.from)})};
        if (span.block == StripGeometry::Block::Draining)
            return whole(tr("draining"), lines);
        if (span.block == StripGeometry::Block::Lost)
            return whole(tr("crashed: its process is gone"), lines);
        if (span.block == StripGeometry::Block::Unknown)
            return whole(tr("not known: its source was not connected"), lines);
    }
    const auto next = std::lower_bound(lane->ticks.begin(), lane->ticks.end(), qint64(at));
    for (auto beat : {next, next == lane->ticks.begin() ? next : next - 1}) {
        if (beat != lane->ticks.end() && std::abs(double(*beat) - at) <= tolerance)
            return whole(tr("beat"), {clockTextTenths(*beat)});
    }
    return whole({}, {clockTextTenths(qint64(at))});
}

QString LaneWords::nameTip(int index, const TimeScale &scale) const
{
    const LaneRow &row = m_list.rows()[size_t(index)];
    return row.kind == LaneRow::Kind::Lane ? toolTipText(accessibleText(m_store, row.handle, m_store.viewNow()))
                                           : rowText(index, scale);
}

QString LaneWords::tip(const LaneRow &row, double at, const TimeScale &scale) const
{
    if (row.isLane())
        return laneTip(row, at, scale);
    if (row.standsForMany())
        return manyTip(row, at);
    if (row.kind == LaneRow::Kind::Queue) {
        const QueueRecord *queue = m_store.queues().find(m_list.queues()[row.serial]);
        const QueuePoint *point = queue ? queue->history.at(qint64(at)) : nullptr;
        return point ? joinedParts({clockText(qint64(at)), tr("%1 waiting").arg(groupedNumber(point->waiting))}) : QString();
    }
    return {};
}

QString LaneWords::manyTip(const LaneRow &row, double at) const
{
    const FoldedLanes *lanes = m_pictures.foldOf(row);
    const qint64 bucket = lanes ? (qint64(at) - lanes->from) / lanes->bucketMs : -1;
    if (!lanes || bucket < 0 || bucket >= qint64(lanes->buckets.size()))
        return {};
    const FoldedLanes::Bucket &there = lanes->buckets[size_t(bucket)];
    QStringList parts{clockText(qint64(at)), tr("%Ln lane(s)", nullptr, int(there.there))};
    if (there.late > there.lost)
        parts.append(tr("%Ln past the interval", nullptr, int(there.late - there.lost)));
    if (there.lost > 0)
        parts.append(tr("%Ln past threshold or TTL", nullptr, int(there.lost)));
    if (there.there > 0 && there.late == 0)
        parts.append(tr("all on time"));
    if (row.kind == LaneRow::Kind::Fold)
        parts.append(tr("click to unfold %Ln lane(s)", nullptr, int(row.count)));
    return joinedParts(parts);
}

QString LaneWords::rowText(int index, const TimeScale &scale) const
{
    if (index < 0 || index >= int(m_list.rows().size()))
        return {};
    const LaneRow &row = m_list.rows()[size_t(index)];
    const QModelIndex inModel = m_list.model().index(row.modelRow, 0);
    switch (row.kind) {
    case LaneRow::Kind::Heading:
    case LaneRow::Kind::Rest:
        return inModel.data(Qt::AccessibleTextRole).toString();
    case LaneRow::Kind::Fold:
        return tr("%Ln lane(s), folded", nullptr, int(row.count));
    case LaneRow::Kind::QueueHeading:
        return tr("%Ln queue(s)", nullptr, int(row.count));
    case LaneRow::Kind::GoneHeading:
        return tr("%Ln lane(s) of workers that are no longer there", nullptr, int(row.count));
    case LaneRow::Kind::Gone: {
        const HistoryLane *gone = m_list.goneLane(row.serial);
        return gone ? tr("%1, last seen %2", "a worker and a time").arg(visibleLine(goneId(*gone)), dateTimeText(gone->last))
                    : QString();
    }
    case LaneRow::Kind::Queue: {
        const QueueRecord *queue = m_store.queues().find(m_list.queues()[row.serial]);
        return queue ? tr("Queue %1, %2 waiting")
                           .arg(visibleLine(QString::fromUtf8(queue->key.name)), groupedNumber(queue->latest.waiting))
                     : QString();
    }
    case LaneRow::Kind::Lane:
        break;
    }
    QStringList parts{accessibleText(m_store, row.handle, m_store.viewNow())};
    if (const LaneGeometry *lane = m_pictures.geometryOf(row)) {
        parts.append(tr("%Ln gap(s) from %1 to %2", nullptr, int(lane->gaps.size()))
                         .arg(clockText(qint64(scale.from())), clockText(qint64(scale.to()))));
        if (lane->longest > 0)
            parts.append(tr("longest gap %1").arg(durationText(lane->longest)));
    }
    return parts.join(tr(", "));
}

} // namespace pulsedeck
