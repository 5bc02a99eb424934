// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandtablemodel.h"

#include "models/commands/commandwords.h"
#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"

#include <QDateTime>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString clockTime(qint64 ms)
{
    return ms > 0 ? clockText(ms) : QString();
}

/// "+0.4 s", "+12.0 s": one unit below the other, so that a column can be compared.
QString after(qint64 from, qint64 to)
{
    if (from <= 0 || to <= 0)
        return clockTime(to);
    return u'+' + columnTime(to - from);
}

QString sessionsCell(const CommandEntry &entry)
{
    if (entry.sessionsBefore == unknownValue && entry.sessionsLeft == unknownValue)
        return u"–"_s;
    if (entry.sessionsLeft == unknownValue || entry.sessionsBefore == entry.sessionsLeft)
        return QString::number(entry.sessionsBefore == unknownValue ? entry.sessionsLeft : entry.sessionsBefore);
    const QString before = entry.sessionsBefore == unknownValue ? u"–"_s : QString::number(entry.sessionsBefore);
    return before % u" → "_s % QString::number(entry.sessionsLeft);
}

QString sentCell(const CommandEntry &entry)
{
    if (entry.writtenAt > 0)
        return clockTime(entry.isAnswered() ? entry.requestedAt : entry.writtenAt);
    return entry.isOpen() ? stageText(entry.stage) : QString();
}

QString deliveredCell(const CommandEntry &entry, qint64 now)
{
    // To an actor: written to its socket. The hub reports that when the time to answer is over.
    if (entry.isAnswered())
        return entry.writtenAt > 0 ? stageText(CommandStage::Delivered) : QString();
    if (entry.writtenAt == 0 || !(isShutdown(entry.command.act) || entry.traits->hasOwnActs()))
        return {};
    if (entry.pickedUpAt > 0)
        return after(entry.writtenAt, entry.pickedUpAt);
    if (entry.isOpen() && entry.commandUntil > now)
        return CommandTableModel::tr("%1 left", "of a time").arg(countText(entry.commandUntil - now));
    if (entry.stage == CommandStage::ExpiredUnread || entry.stage == CommandStage::Withdrawn)
        return stageText(entry.stage);
    return {};
}

/// It drained and is gone, and when its last session ended was not seen.
bool isDrainTimeUnknown(const CommandEntry &entry)
{
    return entry.pickedUpAt > 0 && entry.emptiedAt == 0 && !entry.isAnswered() && !entry.isOpen();
}

QString drainingCell(const CommandEntry &entry, qint64 now)
{
    if (entry.isAnswered() && entry.stage == CommandStage::Delivered)
        return awaitsAnswer(entry, now) ? CommandTableModel::tr("waiting") : CommandTableModel::tr("no answer");
    if (entry.pickedUpAt == 0)
        return {};
    if (entry.isAnswered())
        return CommandTableModel::tr("answered");
    if (entry.emptiedAt > 0 && entry.sessionsBefore == 0)
        return CommandTableModel::tr("was idle");
    if (entry.emptiedAt > 0)
        return after(entry.pickedUpAt, entry.emptiedAt);
    if (isDrainTimeUnknown(entry))
        return u"–"_s;
    const QString time = countText(now - entry.pickedUpAt);
    return entry.sessionsLeft == unknownValue
               ? time
               : CommandTableModel::tr("%1 left · %2", "sessions, and a time").arg(QString::number(entry.sessionsLeft), time);
}

QString goneCell(const CommandEntry &entry)
{
    if (entry.stage == CommandStage::Gone)
        return after(entry.isAnswered() ? entry.requestedAt : entry.writtenAt, entry.endedAt);
    const bool accepted = entry.stage == CommandStage::Done && entry.isAnswered() && entry.command.act == Act::Drain;
    return accepted || stageRow(entry.stage).flags & StageRow::Concluding ? stageText(entry.stage) : QString();
}

QString actCell(const CommandEntry &entry)
{
    // There is no heartbeat an actor would read it at, nor a channel to announce it on.
    const bool plain = entry.isAnswered() && isShutdown(entry.command.act);
    if (entry.traits->hasOwnActs())
        return entry.traits->actLabel(entry.command.act);
    return plain ? actText(actRow(Act::Shutdown).verb) : actTitle(entry.command.act);
}

/// Of a worker its whole id.
QString wholeName(const CommandEntry &entry)
{
    return entry.command.scope == ActScope::Worker ? QString::fromUtf8(entry.command.worker)
                                                   : targetName(entry.command, *entry.traits);
}

QString byCell(const CommandEntry &entry)
{
    return entry.theirs && entry.command.by.isEmpty() ? CommandTableModel::tr("not from here") : entry.command.by;
}

struct Column
{
    const char *title;
    const char *toolTip;
    int width;
    bool numeric;
    QString (*text)(const CommandEntry &entry, qint64 now);
};

constexpr std::array<Column, commandColumnCount> columnTable{{
    {QT_TRANSLATE_NOOP("CommandTableModel", "Worker"), QT_TRANSLATE_NOOP("CommandTableModel", "The worker the command is for"),
     132, false, [](const CommandEntry &entry, qint64) { return targetName(entry.command, *entry.traits); }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Act"),
     QT_TRANSLATE_NOOP("CommandTableModel", "The command that was sent to the worker"), 112, false,
     [](const CommandEntry &entry, qint64) { return actCell(entry); }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Source"), QT_TRANSLATE_NOOP("CommandTableModel", "Where the worker is registered"),
     82, false, [](const CommandEntry &entry, qint64) { return entry.sourceName; }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Sessions"),
     QT_TRANSLATE_NOOP("CommandTableModel", "Active sessions, or jobs at work: at the request, and now"), 74, true,
     [](const CommandEntry &entry, qint64) { return sessionsCell(entry); }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Sent"), QT_TRANSLATE_NOOP("CommandTableModel", "When the command was written"), 88,
     true, [](const CommandEntry &entry, qint64) { return sentCell(entry); }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Delivered"),
     QT_TRANSLATE_NOOP("CommandTableModel",
                       "How long it took the worker to read it, or how long it still can; to an actor: written to its socket"),
     108, true, deliveredCell},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Draining"),
     QT_TRANSLATE_NOOP("CommandTableModel", "How long it took until nothing was at work any more; an actor's answer"), 104, true,
     drainingCell},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Gone"),
     QT_TRANSLATE_NOOP("CommandTableModel", "From the command to the worker's end"), 84, true,
     [](const CommandEntry &entry, qint64) { return goneCell(entry); }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "State"),
     QT_TRANSLATE_NOOP("CommandTableModel", "The state of the command, in words"), 212, false,
     [](const CommandEntry &entry, qint64 now) { return stageSentence(entry, now); }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "By"), QT_TRANSLATE_NOOP("CommandTableModel", "Who gave the command"), 100, false,
     [](const CommandEntry &entry, qint64) { return byCell(entry); }},
    {QT_TRANSLATE_NOOP("CommandTableModel", "Reason"), QT_TRANSLATE_NOOP("CommandTableModel", "Why"), 120, false,
     [](const CommandEntry &entry, qint64) { return entry.command.reason; }},
}};

} // namespace

CommandTableModel::CommandTableModel(CommandLedger &ledger, const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_ledger(ledger)
    , m_clock(clock)
{
    connect(&m_ledger, &CommandLedger::entriesAdded, this, &CommandTableModel::onAdded);
    connect(&m_ledger, &CommandLedger::entriesChanged, this, &CommandTableModel::onChanged);
    connect(&m_ledger, &CommandLedger::entriesDropped, this, &CommandTableModel::onDropped);
    refilter();
}

int CommandTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_places.size());
}

int CommandTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : commandColumnCount;
}

QVariant CommandTableModel::data(const QModelIndex &index, int role) const
{
    const CommandEntry *entry = index.isValid() ? entryAt(index.row()) : nullptr;
    if (!entry)
        return {};
    const auto column = CommandColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return visibleLine(columnTable[size_t(column)].text(*entry, m_clock.nowMs()));
    case StageRole:
        return int(entry->stage);
    case Qt::ToolTipRole:
        if (column == CommandColumn::Worker)
            return visibleText(wholeName(*entry));
        if (column == CommandColumn::Draining && isDrainTimeUnknown(*entry))
            return tr("It drained. When it had nothing at work any more is not known.");
        return column == CommandColumn::Reason ? visibleText(entry->command.reason) : stageSentence(*entry, m_clock.nowMs());
    case Qt::TextAlignmentRole:
        return int((columnTable[size_t(column)].numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        if (column == CommandColumn::Worker) {
            return tr("%1, %2, %3", "a worker, an act, and its stage")
                .arg(visibleLine(wholeName(*entry)), actCell(*entry), stageText(entry->stage));
        }
        return visibleLine(columnTable[size_t(column)].text(*entry, m_clock.nowMs()));
    default:
        return {};
    }
}

int CommandTableModel::columnWidth(CommandColumn column)
{
    return columnTable[size_t(column)].width;
}

QVariant CommandTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= commandColumnCount)
        return {};
    const Column &column = columnTable[size_t(section)];
    switch (role) {
    case Qt::DisplayRole:
        // An actor does not say that it drains.
        if (CommandColumn(section) == CommandColumn::Draining && showsOnlyActors())
            return tr("Answered");
        // A drained worker stays.
        if (CommandColumn(section) == CommandColumn::Gone && m_kinds.stay > 0)
            return m_kinds.drains == int(m_places.size()) ? tr("Drained") : tr("End");
        if (CommandColumn(section) == CommandColumn::Sessions && m_kinds.jobs > 0)
            return tr("At work");
        return tr(column.title);
    case Qt::ToolTipRole:
        return tr(column.toolTip);
    case Qt::TextAlignmentRole:
        return int((column.numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

CommandTableModel::RowKinds CommandTableModel::kindsAmong(const std::vector<Place> &places) const
{
    RowKinds kinds;
    for (const Place &place : places) {
        const CommandEntry *entry = m_ledger.entry(place.key);
        if (!entry)
            continue;
        kinds.actors += entry->isAnswered();
        kinds.drains += entry->command.act == Act::Drain;
        kinds.stay += !isShutdown(entry->command.act);
        kinds.jobs += entry->traits->hasOwnActs();
    }
    return kinds;
}

/// Whether there are some that were not among the rows before.
bool CommandTableModel::noteActs(const std::vector<Place> &places)
{
    const qsizetype before = m_ownActTexts.size();
    for (const Place &place : places) {
        const CommandEntry *entry = m_ledger.entry(place.key);
        if (!entry || !entry->traits->hasOwnActs())
            continue;
        const std::pair one(quint8(entry->command.act), entry->traits.number());
        if (m_ownActs.contains(one))
            continue;
        m_ownActs.insert(one);
        if (const QString text = actCell(*entry); !m_ownActTexts.contains(text))
            m_ownActTexts.append(text);
    }
    return m_ownActTexts.size() > before;
}

QStringList CommandTableModel::ownActs() const
{
    return m_ownActTexts;
}

/// Headings and widths follow from whether none, some or all of them are of a kind.
void CommandTableModel::setKinds(const RowKinds &kinds, size_t rowsBefore, bool moreActs)
{
    const auto changes = [&](int RowKinds::*kind) {
        const int before = m_kinds.*kind;
        const int now = kinds.*kind;
        return (before > 0) != (now > 0) || (before == int(rowsBefore)) != (now == int(m_places.size()));
    };
    const bool changed =
        changes(&RowKinds::actors) || changes(&RowKinds::drains) || changes(&RowKinds::stay) || changes(&RowKinds::jobs);
    m_kinds = kinds;
    if (changed || moreActs)
        emit headerDataChanged(Qt::Horizontal, int(CommandColumn::Sessions), int(CommandColumn::Gone));
}

// Filter --------------------------------------------------------------------------------------------------------------

void CommandTableModel::setFilter(const CommandFilter &filter)
{
    if (m_filter == filter)
        return;
    m_filter = filter;
    m_words = filter.text.split(u' ', Qt::SkipEmptyParts);
    refilter();
}

void CommandTableModel::refilter()
{
    const size_t before = m_places.size();
    beginResetModel();
    m_places.clear();
    m_firstOf.clear();
    const auto take = [this](quint64 key) {
        if (const CommandEntry *entry = m_ledger.entry(key); entry && accepts(*entry))
            m_places.push_back(placeOf(key, *entry));
    };
    if (!m_filter.group.isNull()) {
        if (const CommandGroup *group = m_ledger.group(m_filter.group)) {
            for (const quint64 key : group->entries)
                take(key);
        }
    } else {
        const quint64 end = m_ledger.firstKey() + quint64(m_ledger.size());
        for (quint64 key = m_ledger.firstKey(); key < end; ++key)
            take(key);
        std::sort(m_places.begin(), m_places.end());
    }
    m_ownActs.clear();
    m_ownActTexts.clear();
    const bool moreActs = noteActs(m_places);
    endResetModel();
    setKinds(kindsAmong(m_places), before, moreActs);
}

CommandTableModel::Place CommandTableModel::placeOf(quint64 key, const CommandEntry &entry) const
{
    const auto known = m_firstOf.constFind(entry.command.group);
    if (known != m_firstOf.constEnd())
        return {*known, key};
    const CommandGroup *group = m_ledger.group(entry.command.group);
    const quint64 first = group && !group->entries.empty() ? group->entries.front() : key;
    m_firstOf.insert(entry.command.group, first);
    return {first, key};
}

bool CommandTableModel::accepts(const CommandEntry &entry) const
{
    if (!m_filter.group.isNull() && entry.command.group != m_filter.group)
        return false;
    switch (m_filter.show) {
    case CommandFilter::Show::All:
        break;
    case CommandFilter::Show::Running:
        if (!entry.isOpen())
            return false;
        break;
    case CommandFilter::Show::Ended:
        if (entry.isOpen())
            return false;
        break;
    case CommandFilter::Show::Problems:
        if (stageRow(entry.stage).part != StagePart::Problem)
            return false;
        break;
    }
    if (m_words.isEmpty())
        return true;
    const QString all = wholeName(entry) % u'\n' % entry.traits->system % u'\n' % actCell(entry) % u'\n'
                        % QString::fromUtf8(entry.host) % u'\n' % entry.type % u'\n' % entry.sourceName % u'\n'
                        % actTitle(entry.command.act) % u'\n' % actName(entry.command.act) % u'\n' % stageText(entry.stage)
                        % u'\n' % entry.command.by % u'\n' % entry.command.reason % u'\n' % entry.text % u'\n'
                        % refusalText(entry);
    return std::all_of(m_words.cbegin(), m_words.cend(),
                       [&](const QString &word) { return all.contains(word, Qt::CaseInsensitive); });
}

// Rows ----------------------------------------------------------------------------------------------------------------

quint64 CommandTableModel::keyAt(int row) const
{
    return row < 0 || row >= int(m_places.size()) ? 0 : m_places[size_t(row)].key;
}

const CommandEntry *CommandTableModel::entryAt(int row) const
{
    return m_ledger.entry(keyAt(row));
}

int CommandTableModel::rowOf(quint64 key) const
{
    const CommandEntry *entry = m_ledger.entry(key);
    if (!entry)
        return -1;
    const Place place = placeOf(key, *entry);
    const auto found = std::lower_bound(m_places.begin(), m_places.end(), place);
    return found == m_places.end() || !(*found == place) ? -1 : int(found - m_places.begin());
}

void CommandTableModel::onAdded(quint64 first, quint64 last)
{
    std::vector<Place> fresh;
    for (quint64 key = first; key <= last; ++key) {
        if (const CommandEntry *entry = m_ledger.entry(key); entry && accepts(*entry))
            fresh.push_back(placeOf(key, *entry));
    }
    // Commands that are given while others are being told of are told first.
    std::erase_if(fresh, [&](const Place &place) { return std::binary_search(m_places.begin(), m_places.end(), place); });
    insertAll(std::move(fresh));
}

/// In as few runs as there are gaps between the rows that are shown.
void CommandTableModel::insertAll(std::vector<Place> &&fresh)
{
    std::sort(fresh.begin(), fresh.end());
    std::vector<Place> run;
    for (const Place &place : fresh) {
        const auto next = std::lower_bound(m_places.begin(), m_places.end(), place);
        if (!run.empty() && next != std::lower_bound(m_places.begin(), m_places.end(), run.front())) {
            insertRun(run);
            run.clear();
        }
        run.push_back(place);
    }
    insertRun(run);
}

/// \a fresh: in order, and none that is shown lies between them.
void CommandTableModel::insertRun(const std::vector<Place> &fresh)
{
    if (fresh.empty())
        return;
    const auto place = std::lower_bound(m_places.begin(), m_places.end(), fresh.front());
    const int row = int(place - m_places.begin());
    const size_t before = m_places.size();
    beginInsertRows({}, row, row + int(fresh.size()) - 1);
    m_places.insert(place, fresh.begin(), fresh.end());
    endInsertRows();
    const RowKinds more = kindsAmong(fresh);
    setKinds({m_kinds.actors + more.actors, m_kinds.drains + more.drains, m_kinds.stay + more.stay, m_kinds.jobs + more.jobs},
             before, noteActs(fresh));
}

void CommandTableModel::onChanged(const std::vector<quint64> &keys)
{
    // What a filter left out so far may match now.
    if (m_filter != CommandFilter()) {
        std::vector<Place> fresh;
        for (const quint64 key : keys) {
            const CommandEntry *entry = m_ledger.entry(key);
            if (entry && rowOf(key) < 0 && accepts(*entry))
                fresh.push_back(placeOf(key, *entry));
        }
        insertAll(std::move(fresh));
    }
    // Ranges of neighbours, so that a thousand changes are not a thousand signals.
    std::vector<int> rows;
    rows.reserve(keys.size());
    for (const quint64 key : keys) {
        if (const int row = rowOf(key); row >= 0)
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end());
    for (size_t i = 0; i < rows.size();) {
        size_t end = i + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1)
            ++end;
        emit dataChanged(index(rows[i], 0), index(rows[end - 1], commandColumnCount - 1));
        i = end;
    }
}

void CommandTableModel::onDropped()
{
    const auto isGone = [this](const Place &place) { return m_ledger.entry(place.key) == nullptr; };
    const size_t before = m_places.size();
    // The oldest are few runs.
    for (size_t i = 0; i < m_places.size();) {
        if (!isGone(m_places[i])) {
            ++i;
            continue;
        }
        size_t end = i + 1;
        while (end < m_places.size() && isGone(m_places[end]))
            ++end;
        beginRemoveRows({}, int(i), int(end) - 1);
        m_places.erase(m_places.begin() + qsizetype(i), m_places.begin() + qsizetype(end));
        endRemoveRows();
    }
    m_firstOf.removeIf([this](const auto &known) { return m_ledger.group(known.key()) == nullptr; });
    if (m_places.size() != before)
        setKinds(kindsAmong(m_places), before);
}

} // namespace pulsedeck
