// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/fleettext.h"

#include "models/core/format.h"
#include "models/core/jsonwriter.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/liveness.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

struct Column
{
    QString title;
    bool right;
    QString (*text)(const FleetStore &, WorkerHandle, qint64);
};

template <FleetColumnId id> QString columnText(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    return fleetColumn(id).text(store, handle, now);
}

/// That beats are polled says something of a fleet that is watched; here it is looked at once.
constexpr WorkerFlags unshownFlags = WorkerFlag::PolledBeats;

/// One long id must not push all other columns off the screen: its beginning and its end are kept. --json has all of it.
QString idText(const FleetStore &store, WorkerHandle handle, qint64)
{
    constexpr int most = 64;
    constexpr int tail = 20;
    const QString id = QString::fromUtf8(store.worker(handle).id);
    return id.size() <= most ? id : QString(id.left(most - tail - 1) + u'…' + id.right(tail));
}

const std::vector<Column> &columns()
{
    static const std::vector<Column> all{
        {u"ID"_s, false, idText},
        {u"TYPE"_s, false, columnText<FleetColumnId::Type>},
        {u"SOURCE"_s, false, columnText<FleetColumnId::Source>},
        {u"STATUS"_s, false, [](const FleetStore &s, WorkerHandle h, qint64) { return shownStatus(s, h); }},
        {u"LIVENESS"_s, false,
         [](const FleetStore &s, WorkerHandle h, qint64) {
             const Worker &worker = s.worker(h);
             if (worker.liveness != Liveness::Zombie)
                 return livenessName(worker);
             return worker.end == WorkerEnd::Crashed ? endName(worker.end) : zombieName(worker);
         }},
        {u"BEAT AGE"_s, true, columnText<FleetColumnId::LastBeat>},
        {u"INTERVAL"_s, true, columnText<FleetColumnId::Interval>},
        {u"TTL LEFT"_s, true, columnText<FleetColumnId::TtlLeft>},
        {u"SESSIONS"_s, true, columnText<FleetColumnId::Sessions>},
        {u"FLAGS"_s, false,
         [](const FleetStore &s, WorkerHandle h, qint64) {
             QStringList words = flagNames(s.worker(h).flags & ~unshownFlags);
             if (const OrderNote *drain = s.recordedDrain(h))
                 words.append(u"drained by %1 at %2"_s.arg(drain->by, wallClockText(s.clock().toWall(drain->at))));
             return words.join(u", "_s);
         }},
    };
    return all;
}

/// Before the others where workers of several systems are listed, or of one that a layout describes.
const Column &systemColumn()
{
    static const Column column{u"SYSTEM"_s, false,
                               [](const FleetStore &s, WorkerHandle h, qint64) { return s.worker(h).traits->layout; }};
    return column;
}

const std::vector<Column> &actorColumns()
{
    static const std::vector<Column> all{
        {u"ADDRESS"_s, false, idText},
        {u"STATUS"_s, false, [](const FleetStore &s, WorkerHandle h, qint64) { return s.statusText(h); }},
        {u"LIVENESS"_s, false, [](const FleetStore &s, WorkerHandle h, qint64) { return livenessName(s.worker(h)); }},
        {u"REGISTERED"_s, true,
         [](const FleetStore &s, WorkerHandle h, qint64 now) {
             const ActorFacts *actor = s.actor(h);
             return actor && actor->registeredAt > 0 && actor->registeredAt <= now
                        ? durationText(now - actor->registeredAt) + u" ago"_s
                        : QString();
         }},
        {u"TTL LEFT"_s, true, columnText<FleetColumnId::TtlLeft>},
        {u"VERSION"_s, true,
         [](const FleetStore &s, WorkerHandle h, qint64) {
             return s.actor(h) ? QString::number(s.actor(h)->version) : QString();
         }},
        {u"CAPABILITIES"_s, false,
         [](const FleetStore &s, WorkerHandle h, qint64) {
             return s.actor(h) ? s.actor(h)->capabilities.join(u", "_s) : QString();
         }},
        {u"NAME"_s, false,
         [](const FleetStore &s, WorkerHandle h, qint64) { return s.actor(h) ? s.actor(h)->displayName : QString(); }},
    };
    return all;
}

/// What they work on, as their system calls it.
QString unitTitle(const FleetStore &store, const std::vector<WorkerHandle> &workers)
{
    const auto unit = [&store](WorkerHandle worker) { return store.worker(worker).traits->countingJobs; };
    const bool alike =
        std::all_of(workers.begin(), workers.end(), [&](WorkerHandle worker) { return unit(worker) == unit(workers.front()); });
    if (!alike)
        return u"AT WORK"_s;
    const QString counted = store.worker(workers.front()).traits->countedJobs(2);
    return counted.sliced(counted.indexOf(u' ') + 1).toUpper();
}

} // namespace

QString printable(const QString &text)
{
    return visibleText(text).replace(u'\n', u' ').replace(u'\t', u' ');
}

QString shownStatus(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    if (worker.status == WorkerStatus::Missing || isStatusAssumed(worker))
        return {};
    return worker.statusWord > 0 ? store.statusWord(handle) : store.statusText(handle);
}

QString workersText(size_t count)
{
    return count == 1 ? u"1 worker"_s : u"%1 workers"_s.arg(count);
}

bool isFinding(const Worker &worker)
{
    switch (worker.liveness) {
    case Liveness::Late:
    case Liveness::Stale:
    case Liveness::Crashed:
    case Liveness::Hung:
    case Liveness::KeyLost:
    case Liveness::NoTtl:
    case Liveness::Ghost:
        return true;
    case Liveness::Zombie:
        return !worker.flags.testFlag(WorkerFlag::NeverSeenAlive) || worker.flags.testFlag(WorkerFlag::BadCounter)
               || (worker.activeSessions != unknownValue && worker.activeSessions != 0);
    case Liveness::Alive:
    case Liveness::Settling:
    case Liveness::Unknown:
    case Liveness::Departed:
        break;
    }
    if (const WorkerTrouble trouble = troubleOf(worker); trouble == WorkerTrouble::Deaf || trouble == WorkerTrouble::NobodyListens
                                                         || trouble == WorkerTrouble::NotConsuming
                                                         || trouble == WorkerTrouble::Incomplete)
        return true;
    return worker.flags.testAnyFlags(WorkerFlag::BadField | WorkerFlag::WrongType | WorkerFlag::TooLarge | WorkerFlag::BadCounter
                                     | WorkerFlag::DrainForgotten | WorkerFlag::DrainUndone);
}

bool isUnknown(const Worker &worker)
{
    return worker.liveness == Liveness::Unknown && !worker.flags.testFlag(WorkerFlag::Unheard);
}

QString fleetSkewText(const FleetStore &store, SourceId source)
{
    constexpr size_t fewest = 3;
    constexpr qint32 togetherMs = 1'000;
    std::vector<qint32> skews;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        const Worker &worker = store.worker(handle);
        if (worker.used && worker.source == source && worker.endedAt == 0 && worker.clockSkew != unknownValue)
            skews.push_back(worker.clockSkew);
    }
    if (skews.size() < fewest)
        return {};
    const auto middle = skews.begin() + std::ptrdiff_t(skews.size() / 2);
    std::nth_element(skews.begin(), middle, skews.end());
    const qint32 median = *middle;
    const auto together =
        std::count_if(skews.begin(), skews.end(), [median](qint32 skew) { return qAbs(skew - median) <= togetherMs; });
    if (qAbs(median) <= togetherMs || size_t(together) * 2 <= skews.size())
        return {};
    return u"The clocks of %1 of %2 workers are %3 %4 Redis' clock. Ages shown here do not use them."_s.arg(together)
        .arg(skews.size())
        .arg(durationText(qAbs(median)), median > 0 ? u"behind"_s : u"ahead of"_s);
}

QByteArray printableJson(const QByteArray &json)
{
    QString out;
    const QString text = QString::fromUtf8(json);
    out.reserve(text.size());
    for (const QChar c : text) {
        if (c.isPrint() || c.isSurrogate() || c == u'\n')
            out += c;
        else // Only inside of strings.
            out += u"\\u%1"_s.arg(ushort(c.unicode()), 4, 16, QLatin1Char('0'));
    }
    return out.toUtf8();
}

QByteArray printableJson(const QJsonObject &object)
{
    return printableJson(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QByteArray textTable(const std::vector<QStringList> &rows, const QList<int> &right)
{
    std::vector<QStringList> shown;
    shown.reserve(rows.size());
    QList<qsizetype> widths(rows.empty() ? 0 : rows.front().size());
    for (const QStringList &row : rows) {
        QStringList cells;
        for (qsizetype i = 0; i < widths.size(); ++i) {
            const QString text = printable(row.value(i));
            cells.append(text.isEmpty() ? u"–"_s : text);
            widths[i] = qMax(widths[i], cells.last().size());
        }
        shown.push_back(cells);
    }
    QByteArray out;
    for (const QStringList &row : shown) {
        QString line;
        for (qsizetype i = 0; i < widths.size(); ++i) {
            if (i > 0)
                line += u"  "_s;
            line += right.contains(int(i)) ? row.at(i).rightJustified(widths.at(i)) : row.at(i).leftJustified(widths.at(i));
        }
        while (line.endsWith(u' '))
            line.chop(1);
        out += line.toUtf8() + '\n';
    }
    return out;
}

QByteArray fleetTable(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now, bool actors)
{
    std::vector<Column> all = actors ? actorColumns() : columns();
    const auto isLaidOut = [&store](WorkerHandle worker) { return store.worker(worker).traits->isLaidOut(); };
    const auto isOther = [&](WorkerHandle worker) {
        return store.worker(worker).traits->layout != store.worker(workers.front()).traits->layout;
    };
    const bool laidOut = std::any_of(workers.begin(), workers.end(), isLaidOut);
    if (!actors && (laidOut || std::any_of(workers.begin(), workers.end(), isOther)))
        all.insert(all.begin(), systemColumn());
    if (!actors && laidOut) {
        const auto sessions =
            std::find_if(all.begin(), all.end(), [](const Column &column) { return column.title == u"SESSIONS"_s; });
        sessions->title = unitTitle(store, workers);
    }
    std::vector<QStringList> rows;
    rows.reserve(workers.size() + 1);
    QStringList titles;
    QList<int> right;
    for (const Column &column : all) {
        if (column.right)
            right.append(int(titles.size()));
        titles.append(column.title);
    }
    rows.push_back(titles);
    for (const WorkerHandle worker : workers) {
        QStringList row;
        for (const Column &column : all)
            row.append(column.text(store, worker, now));
        rows.push_back(row);
    }
    return textTable(rows, right);
}

QByteArray fleetJson(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now)
{
    constexpr qsizetype usualSize = 512;
    QByteArray out = "[";
    out.reserve(qsizetype(workers.size()) * usualSize);
    const char *separator = "\n";
    for (const WorkerHandle worker : workers) {
        out += separator;
        JsonWriter json(out, JsonWriter::Escapes::Unprintable);
        writeWorker(json, store, worker, now, unshownFlags);
        separator = ",\n";
    }
    out += "\n]\n";
    return out;
}

} // namespace pulsedeck
