// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/fleettext.h"

#include "models/fleet/fleetcolumns.h"

#include <QJsonArray>
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
QStringList flagsOf(const Worker &worker)
{
    WorkerFlags flags = worker.flags;
    flags.setFlag(WorkerFlag::PolledBeats, false);
    return flagNames(flags);
}

const std::vector<Column> &columns()
{
    static const std::vector<Column> all{
        {u"ID"_s, false, [](const FleetStore &s, WorkerHandle h, qint64) { return QString::fromUtf8(s.worker(h).id); }},
        {u"TYPE"_s, false, columnText<FleetColumnId::Type>},
        {u"SOURCE"_s, false, columnText<FleetColumnId::Source>},
        {u"STATUS"_s, false,
         [](const FleetStore &s, WorkerHandle h, qint64) {
             return s.worker(h).status == WorkerStatus::Missing ? QString() : s.statusText(h);
         }},
        {u"LIVENESS"_s, false, [](const FleetStore &s, WorkerHandle h, qint64) { return livenessName(s.worker(h)); }},
        {u"BEAT AGE"_s, true, columnText<FleetColumnId::LastBeat>},
        {u"INTERVAL"_s, true, columnText<FleetColumnId::Interval>},
        {u"TTL LEFT"_s, true, columnText<FleetColumnId::TtlLeft>},
        {u"SESSIONS"_s, true, columnText<FleetColumnId::Sessions>},
        {u"FLAGS"_s, false,
         [](const FleetStore &s, WorkerHandle h, qint64) { return flagsOf(s.worker(h)).join(u", "_s); }},
    };
    return all;
}

} // namespace

QString printable(const QString &text)
{
    QString out = text;
    for (QChar &c : out) {
        // Surrogates are halves of what is printed beyond the first plane.
        if (!c.isPrint() && !c.isSurrogate())
            c = QChar::ReplacementCharacter;
    }
    return out;
}

bool isFinding(const Worker &worker)
{
    switch (worker.liveness) {
    case Liveness::Late:
    case Liveness::Stale:
    case Liveness::NoTtl:
    case Liveness::Zombie:
        return true;
    case Liveness::Alive:
    case Liveness::Unknown:
    case Liveness::Departed:
        break;
    }
    return worker.flags.testAnyFlags(WorkerFlag::BadField | WorkerFlag::WrongType | WorkerFlag::TooLarge);
}

QByteArray fleetTable(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now)
{
    const auto &all = columns();
    std::vector<QStringList> rows;
    rows.reserve(workers.size() + 1);
    std::vector<qsizetype> widths(all.size());
    const auto add = [&](const QStringList &row) {
        for (size_t i = 0; i < all.size(); ++i)
            widths[i] = qMax(widths[i], row.at(qsizetype(i)).size());
        rows.push_back(row);
    };
    QStringList titles;
    for (const Column &column : all)
        titles.append(column.title);
    add(titles);
    for (const WorkerHandle worker : workers) {
        QStringList row;
        for (const Column &column : all) {
            const QString text = printable(column.text(store, worker, now));
            row.append(text.isEmpty() ? u"–"_s : text);
        }
        add(row);
    }

    QByteArray out;
    for (const QStringList &row : rows) {
        QString line;
        for (size_t i = 0; i < all.size(); ++i) {
            const QString &text = row.at(qsizetype(i));
            if (i > 0)
                line += u"  "_s;
            line += all[i].right ? text.rightJustified(widths[i]) : text.leftJustified(widths[i]);
        }
        while (line.endsWith(u' '))
            line.chop(1);
        out += line.toUtf8() + '\n';
    }
    return out;
}

QByteArray fleetJson(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now)
{
    QByteArray out = "[";
    const char *separator = "\n";
    for (const WorkerHandle worker : workers) {
        QJsonObject object = workerJson(store, worker, now);
        object["flags"_L1] = QJsonArray::fromStringList(flagsOf(store.worker(worker)));
        out += separator + QJsonDocument(object).toJson(QJsonDocument::Compact);
        separator = ",\n";
    }
    return out + "\n]\n";
}

} // namespace pulsedeck
