// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertsubjects.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AlertSubjects::AlertSubjects(const FleetStore &store, QObject *parent)
    : QAbstractTableModel(parent)
    , m_store(store)
{ }

int AlertSubjects::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_subjects.size());
}

int AlertSubjects::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : alertSubjectColumnCount;
}

WorkerHandle AlertSubjects::workerAt(int row) const
{
    if (row < 0 || row >= rowCount() || m_subjects[size_t(row)].worker == noWorker)
        return noWorker;
    return m_store.findSerial(m_subjects[size_t(row)].serial);
}

void AlertSubjects::show(const Alert *alert)
{
    std::vector<AlertSubject> subjects;
    if (alert && alert->rule.scope != AlertScope::Capacity)
        subjects = alert->subjects;
    const bool same = std::equal(subjects.begin(), subjects.end(), m_subjects.begin(), m_subjects.end(),
                                 [](const AlertSubject &a, const AlertSubject &b) {
                                     return a.name == b.name && a.source == b.source && a.serial == b.serial;
                                 });
    if (!same)
        beginResetModel();
    m_subjects = std::move(subjects);
    m_areWorkers =
        std::any_of(m_subjects.begin(), m_subjects.end(), [](const AlertSubject &subject) { return subject.worker != noWorker; });
    if (!same)
        endResetModel();
    else if (!m_subjects.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, alertSubjectColumnCount - 1));
}

QString AlertSubjects::text(const AlertSubject &subject, AlertSubjectColumn column) const
{
    if (column == AlertSubjectColumn::Name)
        return subject.name;
    if (column == AlertSubjectColumn::Since)
        return subject.since > 0 ? clockText(subject.since) : u"–"_s;
    const WorkerHandle handle = subject.worker == noWorker ? noWorker : m_store.findSerial(subject.serial);
    if (handle == noWorker)
        return column == AlertSubjectColumn::Strip ? QString() : u"–"_s;
    const Worker &worker = m_store.worker(handle);
    const qint64 now = m_store.clock().nowMs();
    switch (column) {
    case AlertSubjectColumn::Busy:
        return busyText(worker);
    case AlertSubjectColumn::LastBeat:
        return worker.beatAt > 0 ? columnTime(worker.beatAgeAt(now)) : u"–"_s;
    case AlertSubjectColumn::KeyLeft: {
        const qint32 left = worker.ttlLeftAt(now);
        if (!worker.traits->has(SourceFact::Ttl) || left == unknownValue)
            return u"–"_s;
        return left == -1 ? tr("no TTL") : left == -2 ? tr("no key") : columnTime(left);
    }
    case AlertSubjectColumn::Name:
    case AlertSubjectColumn::Since:
    case AlertSubjectColumn::Strip:
        break;
    }
    return {};
}

QVariant AlertSubjects::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto column = AlertSubjectColumn(index.column());
    if (role == Qt::DisplayRole || (role == Qt::ToolTipRole && column == AlertSubjectColumn::Name))
        return text(m_subjects[size_t(index.row())], column);
    if (role == Qt::TextAlignmentRole && column != AlertSubjectColumn::Name && column != AlertSubjectColumn::Strip)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::AccessibleTextRole)
        return {};
    // A reader of the screen is told the whole row with its first cell.
    if (column != AlertSubjectColumn::Name)
        return text(m_subjects[size_t(index.row())], column);
    QStringList parts;
    for (int each = 0; each < int(AlertSubjectColumn::Strip); ++each) {
        const QString value = text(m_subjects[size_t(index.row())], AlertSubjectColumn(each));
        if (each == 0)
            parts.append(value);
        else if (m_areWorkers || AlertSubjectColumn(each) == AlertSubjectColumn::Since)
            parts.append(headerData(each, Qt::Horizontal).toString() + u' ' + value);
    }
    return parts.join(u", "_s);
}

QVariant AlertSubjects::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = AlertSubjectColumn(section);
    if (role == Qt::TextAlignmentRole)
        return int((column == AlertSubjectColumn::Name || column == AlertSubjectColumn::Strip ? Qt::AlignLeft : Qt::AlignRight)
                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case AlertSubjectColumn::Name:
        return m_areWorkers ? tr("Worker") : tr("Name");
    case AlertSubjectColumn::Busy:
        return tr("Busy");
    case AlertSubjectColumn::Since:
        return tr("Since");
    case AlertSubjectColumn::LastBeat:
        return tr("Last beat");
    case AlertSubjectColumn::KeyLeft:
        return tr("Key left");
    case AlertSubjectColumn::Strip:
        return tr("Last 2 min");
    }
    return {};
}

} // namespace pulsedeck
