// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingtablemodel.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/timing/timingwords.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int hubHeading = 1 + int(TimingId::HubClientHeartbeat); // The workers' six follow their own heading.

} // namespace

TimingTableModel::TimingTableModel(QObject *parent)
    : QAbstractTableModel(parent)
{ }

void TimingTableModel::setDraft(TimingDraft *draft)
{
    if (m_draft == draft)
        return;
    beginResetModel();
    followDraft(m_draft, draft, this, &TimingTableModel::everythingChanged);
    endResetModel();
}

void TimingTableModel::setLive(const TimingProfile &live)
{
    if (m_live == live)
        return;
    m_live = live;
    everythingChanged();
}

void TimingTableModel::setMeasured(const MeasuredTiming &measured)
{
    m_measured = measured;
    everythingChanged();
}

void TimingTableModel::setNotes(const QString &workers, const QString &hub)
{
    if (m_workersNote == workers && m_hubNote == hub)
        return;
    m_workersNote = workers;
    m_hubNote = hub;
    everythingChanged();
}

void TimingTableModel::everythingChanged()
{
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(allRows() - 1, timingColumnCount - 1));
}

int TimingTableModel::allRows() const
{
    if (!m_draft)
        return 0;
    return m_draft->isSystem() ? int(m_draft->library().parameters.size()) + 1 : timingCount + 2;
}

std::optional<TimingId> TimingTableModel::idAt(int row) const
{
    if (row <= 0 || row >= allRows())
        return std::nullopt;
    if (m_draft->isSystem())
        return m_draft->library().parameters[size_t(row) - 1].id;
    if (row == hubHeading)
        return std::nullopt;
    return TimingId(row < hubHeading ? row - 1 : row - 2);
}

int TimingTableModel::rowOf(TimingId id) const
{
    if (isOwnTiming(id))
        return int(id) - int(TimingId::FirstOwn) + 1;
    return timingDomain(id) == TimingDomain::Workers ? int(id) + 1 : int(id) + 2;
}

bool TimingTableModel::hasRow(int row) const
{
    if (m_draft && m_draft->isSystem())
        return row < allRows();
    const TimingId first = row < hubHeading ? TimingId::HeartbeatInterval : TimingId::HubClientHeartbeat;
    return m_draft && m_draft->has(idAt(row).value_or(first));
}

int TimingTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : allRows();
}

int TimingTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : timingColumnCount;
}

QVariant TimingTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == int(TimingColumn::Live) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (TimingColumn(section)) {
    case TimingColumn::Name:
        return m_draft && m_draft->isSystem() ? tr("Name, and where") : tr("Name and key");
    case TimingColumn::Live:
        return m_draft && m_draft->isSystem() ? tr("Default") : tr("Live");
    case TimingColumn::New:
        return m_draft && m_draft->isSystem() ? tr("Yours") : tr("New");
    case TimingColumn::Measured:
        return tr("Measured");
    case TimingColumn::Undo:
        break;
    }
    return QString();
}

Qt::ItemFlags TimingTableModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    if (!idAt(index.row()))
        return Qt::ItemIsEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (index.column() == int(TimingColumn::New) && m_draft->canSet(*idAt(index.row())))
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant TimingTableModel::headingData(int row, int column, int role) const
{
    if (column != 0)
        return role == HeadingRole ? QVariant(true) : role == TimingIdRole ? QVariant(-1) : QVariant();
    const QString title = m_draft->isSystem() ? m_draft->library().title : row == 0 ? tr("Workers and proxy") : tr("Signal Hub");
    const QString note = row == 0 ? m_workersNote : m_hubNote;
    switch (role) {
    case Qt::DisplayRole:
        return title;
    case NoteRole:
        return note;
    case Qt::AccessibleTextRole:
        return QString(title + u", "_s + note);
    case HeadingRole:
        return true;
    case TimingIdRole:
        return -1;
    default:
        return {};
    }
}

QString TimingTableModel::text(TimingId id, TimingColumn column) const
{
    switch (column) {
    case TimingColumn::Name:
        return m_draft->library().parameter(id).label;
    case TimingColumn::Live:
        return fieldText(timingValue(m_live, id));
    case TimingColumn::New:
        if (const SeenTiming *seen = m_draft->seen(id))
            return fieldText(seen->ms);
        return m_draft->field(id).text.isEmpty() ? fieldText(m_draft->field(id).ms) : m_draft->field(id).text;
    case TimingColumn::Measured:
        if (m_measured.of(id).known())
            return measuredText(m_measured.of(id).ms);
        return canBeMeasured(id) ? tr("not seen") : u"–"_s;
    case TimingColumn::Undo:
        break;
    }
    return {};
}

bool TimingTableModel::canBeMeasured(TimingId id) const
{
    const TimingLibrary &library = m_draft->library();
    return !library.isSystem() || id == library.interval || id == library.keyTtl;
}

QString TimingTableModel::whyNoField(TimingId id) const
{
    const TimingParameter &parameter = m_draft->library().parameter(id);
    if (const SeenTiming *seen = m_draft->seen(id))
        return seen->measured ? tr("measured") : tr("by version");
    return parameter.follows ? tr("follows") : !parameter.fixed ? QString() : isOtherwiseHere(id) ? tr("assumed") : tr("fixed");
}

/// What the draft assumes, and the operator did not choose, is not what these workers do; or what was chosen cannot be set there.
bool TimingTableModel::isOtherwiseHere(TimingId id) const
{
    const TimingParameter &parameter = m_draft->library().parameter(id);
    const bool chosen = m_draft->isChanged(id) && (!parameter.fixed || parameter.follows);
    return isOwnTiming(id) && !chosen && contradicts(m_measured.of(id), timingValue(m_draft->profile(), id));
}

/// Below "not seen": the reason in few words; the tool tip has more.
QString TimingTableModel::whyNotSeen(TimingId id, const QString &note) const
{
    if (isOwnTiming(id))
        return !canBeMeasured(id) ? QString() : note.isEmpty() ? tr("no beats yet") : note;
    switch (id) {
    case TimingId::HeartbeatInterval:
    case TimingId::WorkerKeyTtl:
        return tr("no beats yet");
    case TimingId::ShutdownCommandTtl:
        return tr("none yet");
    case TimingId::DrainTimeout:
        return tr("no drain yet");
    case TimingId::HubClientHeartbeat:
    case TimingId::HubServerHeartbeat:
    case TimingId::HubActorTtl:
        return note.isEmpty() ? QString() : tr("no hub yet");
    default:
        return note.isEmpty() ? QString() : tr("from outside");
    }
}

QString TimingTableModel::note(TimingId id, TimingColumn column) const
{
    if (column == TimingColumn::Name) {
        // An error is shown in the row itself.
        const QString problem = m_draft->problem(id);
        return problem.isEmpty() ? timingKey(m_draft->library().parameter(id)) : problem;
    }
    if (column == TimingColumn::New)
        return whyNoField(id);
    if (column != TimingColumn::Measured)
        return {};
    const MeasuredValue &value = m_measured.of(id);
    if (!value.known())
        return whyNotSeen(id, value.note);
    // Next to a value that can be set, or follows from one, it must not be overlooked either.
    if (isOtherwiseHere(id))
        return tr("not %1 as assumed").arg(timingText(timingValue(m_draft->profile(), id)));
    // The number of workers, commands or drains it is based on; the tool tip has it in a sentence. Hubs are counted in their
    // heading.
    const auto of = [&value](const QString &what) { return tr("of %1 · %2").arg(groupedNumber(value.samples), what); };
    if (isOwnTiming(id))
        return id == m_draft->library().interval ? of(tr("p99 %1").arg(measuredText(value.p99Ms))) : of(tr("after a beat"));
    switch (id) {
    case TimingId::HeartbeatInterval:
        return of(tr("p99 %1").arg(measuredText(value.p99Ms)));
    case TimingId::WorkerKeyTtl:
        return of(tr("after a beat"));
    case TimingId::ShutdownCommandTtl:
        return of(tr("until read"));
    case TimingId::DrainTimeout:
        return of(tr("until gone"));
    case TimingId::HubActorTtl:
        return of(tr("registered"));
    case TimingId::HubClientHeartbeat:
        return tr("this console");
    default:
        return value.note;
    }
}

QString TimingTableModel::measuredWords(TimingId id) const
{
    const MeasuredValue &value = m_measured.of(id);
    if (!canBeMeasured(id))
        return tr("Nothing of it is measured.");
    if (!value.known())
        return value.note.isEmpty() ? tr("Nothing was measured.") : tr("Not measured: %1.").arg(value.note);
    QStringList facts{tr("Measured %1 on %Ln sample(s)", nullptr, value.samples).arg(measuredText(value.ms))};
    if (value.p99Ms != qint64(unknownValue))
        facts.append(tr("99 % up to %1").arg(measuredText(value.p99Ms)));
    if (value.jitterMs != qint64(unknownValue))
        facts.append(tr("jitter %1").arg(measuredText(value.jitterMs)));
    if (!value.note.isEmpty())
        facts.append(value.note);
    const QString words = facts.join(u", "_s) + u'.';
    return id == TimingId::ShutdownCommandTtl && m_measured.pickUp.known()
               ? QString(words + u' ' + tr("Commands were read after %1.").arg(measuredText(m_measured.pickUp.ms)))
               : words;
}

QString TimingTableModel::fieldToolTip(TimingId id) const
{
    const TimingParameter &parameter = m_draft->library().parameter(id);
    QStringList lines;
    if (const QString problem = m_draft->problem(id); !problem.isEmpty())
        lines.append(tr("Cannot be used: %1.").arg(problem));
    if (isOwnTiming(id)) {
        lines.append(parameter.fixed ? tr("It cannot be set: %1.").arg(parameter.place) : tr("Where: %1.").arg(parameter.place));
        const QString used = timingText(timingValue(m_draft->profile(), id));
        const QString measured = measuredText(m_measured.of(id).ms);
        if (const SeenTiming *seen = m_draft->seen(id)) {
            lines.append(
                seen->measured
                    ? tr("The rules are checked with %1, as measured of these workers, and not with the default of %2.")
                          .arg(used, timingText(timingValue(m_live, id)))
                    : tr("The rules are checked with %1, which is that of the version these workers report, and not with the "
                         "default of %2.")
                          .arg(used, timingText(timingValue(m_live, id))));
        } else if (isOtherwiseHere(id)) {
            lines.append(
                parameter.fixed && !parameter.follows
                    ? tr("The rules are checked with %1, and these workers were seen to have %2: theirs is another version.")
                          .arg(used, measured)
                    : tr("The rules are checked with %1, which is assumed, and these workers were seen to have %2: give the "
                         "value that is set there.")
                          .arg(used, measured));
        }
        return lines.join(u'\n');
    }
    lines.append(parameter.purpose);
    lines.append(parameter.symbol.isEmpty()
                     ? tr("Set by %1 (a constant in %2).").arg(parameter.setBy, parameter.place)
                     : tr("Set by %1 (%2 in %3).").arg(parameter.setBy, parameter.symbol, parameter.place));
    if (parameter.needsRestart)
        lines.append(tr("Changes need a restart, except where the record in Redis is read."));
    return lines.join(u'\n');
}

QVariant TimingTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_draft)
        return {};
    const std::optional<TimingId> id = idAt(index.row());
    if (!id)
        return headingData(index.row(), index.column(), role);
    const auto column = TimingColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return text(*id, column);
    case NoteRole:
        return note(*id, column);
    case ChangedRole:
        return m_draft->isChanged(*id);
    case HeadingRole:
        return false;
    case TimingIdRole:
        return int(*id);
    case Qt::ToolTipRole:
        return column == TimingColumn::Measured ? measuredWords(*id) : fieldToolTip(*id);
    case Qt::AccessibleTextRole: {
        if (column != TimingColumn::Name)
            return text(*id, column);
        QStringList facts{text(*id, TimingColumn::Name),
                          (m_draft->isSystem() ? tr("default %1") : tr("live %1")).arg(text(*id, TimingColumn::Live))};
        if (const QString why = whyNoField(*id); !why.isEmpty())
            facts.append(why);
        if (m_draft->isChanged(*id))
            facts.append(tr("changed to %1").arg(text(*id, TimingColumn::New)));
        if (const QString problem = m_draft->problem(*id); !problem.isEmpty())
            facts.append(tr("cannot be used: %1").arg(problem));
        return QString(facts.join(u", "_s) + u". "_s + measuredWords(*id));
    }
    default:
        return {};
    }
}

} // namespace pulsedeck
