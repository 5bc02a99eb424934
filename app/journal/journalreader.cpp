// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalreader.h"

#include "app/journal/journalquery.h"
#include "models/commands/commandentry.h"
#include "models/fleet/pastends.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QSet>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostOpenCommands = 10'000;
constexpr int mostSteps = 200'000;
constexpr qint64 drainsWithinMs = 30LL * 24 * 3'600 * 1'000; // A drained worker stays up until somebody does something about it.

/// The steps that are ends, as a list for SQL. stageName() gives plain words, so that nothing has to be escaped.
QString endSteps()
{
    QStringList names;
    for (int stage = 0; stage < stageCount; ++stage) {
        if (isEnd(CommandStage(stage)))
            names.append(u'\'' % stageName(CommandStage(stage)) % u'\'');
    }
    return names.join(u',');
}

} // namespace

QString JournalReader::open()
{
    if (m_file.isOpen() && !m_file.isSameFile())
        m_file.close();
    return m_file.open().message;
}

QString JournalReader::note(const QSqlError &error)
{
    if (!error.isValid())
        return {};
    const JournalTrouble trouble = m_file.trouble(error);
    if (trouble.damaged)
        emit damaged(trouble.message, trouble.hint);
    return tr("The journal cannot be read: %1").arg(error.databaseText());
}

void JournalReader::query(const JournalQuery &query, quint64 token)
{
    JournalPage page;
    page.error = open();
    if (page.error.isEmpty()) {
        // One snapshot for the parts of a search and its count.
        QSqlDatabase database = m_file.database();
        database.transaction();
        page.error = note(JournalSql(database, query, m_file.hasIndex(), hasFacts()).read(&page));
        database.rollback();
    }
    emit answered(token, page);
}

void JournalReader::readPlans()
{
    QList<RollingRecord> plans;
    if (open().isEmpty()) {
        QSqlQuery query(m_file.database());
        query.setForwardOnly(true);
        if (query.exec(u"SELECT grp, plan FROM plans WHERE ended = 0 ORDER BY first, rowid"_s)) {
            while (query.next()) {
                RollingRecord record;
                record.group = QUuid::fromString(query.value(0).toString());
                record.plan = QJsonDocument::fromJson(query.value(1).toString().toUtf8()).object();
                plans.append(record);
            }
        }
        note(query.lastError());
    }
    emit plansRead(plans);
}

/// Newest first.
QList<JournalEntry> JournalReader::entriesWhere(const QString &condition, const QVariantList &values, int most)
{
    QList<JournalEntry> entries;
    QSqlQuery query(m_file.database());
    query.setForwardOnly(true);
    query.prepare(u"SELECT "_s % journalColumns(hasFacts()) % u" FROM entries e WHERE "_s % condition
                  % u" ORDER BY e.row DESC LIMIT ?"_s);
    for (const QVariant &value : values)
        query.addBindValue(value);
    query.addBindValue(most);
    if (query.exec()) {
        while (query.next())
            entries.append(journalEntryFrom(query));
    }
    note(query.lastError());
    return entries;
}

void JournalReader::readCommandHistory(qint64 withinMs)
{
    QList<JournalEntry> entries;
    if (open().isEmpty()) {
        QSqlDatabase database = m_file.database();
        database.transaction(); // One snapshot for all that belongs together.
        const int kind = int(JournalKind::Command);
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        const QString requested = stageName(CommandStage::Requested);
        // Intents with no end after them; duplicates of an intent count once.
        const QList<JournalEntry> open = entriesWhere(
            u"e.at >= ? AND e.kind = ? AND e.command != '' AND e.step = ? AND NOT EXISTS (SELECT 1 FROM entries n WHERE "
            "n.command = e.command AND n.command != '' AND n.row > e.row AND n.step IN (e.step,"_s
                % endSteps() % u"))"_s,
            {now - withinMs, kind, requested}, mostOpenCommands);
        // Drains that were through, after which nothing took them back, and pauses of queues and fleets; and what resumed them.
        const QList<JournalEntry> drains = entriesWhere(
            u"e.at >= ? AND e.kind = ? AND e.command != '' AND e.act IN (?, ?, ?, ?, ?, ?) AND e.step = ? AND NOT EXISTS "
            u"(SELECT 1 FROM entries n WHERE "
            "n.command = e.command AND n.command != '' AND n.row > e.row AND n.step != e.step)"_s,
            {now - drainsWithinMs, kind, actName(Act::Drain), actName(Act::Resume), actName(Act::PauseQueue),
             actName(Act::ResumeQueue), actName(Act::PauseFleet), actName(Act::ResumeFleet), stageName(CommandStage::Done)},
            mostOpenCommands);
        QSet<QUuid> groups;
        QSet<QUuid> commands;
        for (const JournalEntry &intent : open)
            intent.group.isNull() ? commands.insert(intent.command) : groups.insert(intent.group);
        QSqlQuery plans(database);
        plans.setForwardOnly(true);
        if (plans.exec(u"SELECT grp FROM plans WHERE ended = 0"_s)) {
            while (plans.next())
                groups.insert(QUuid::fromString(plans.value(0).toString()));
        }
        for (const JournalEntry &drain : drains) {
            if (!groups.contains(drain.group))
                commands.insert(drain.command);
        }
        for (const QUuid &group : std::as_const(groups))
            entries += entriesWhere(u"e.grp != '' AND e.grp = ? AND e.kind = ? AND e.command != ''"_s,
                                    {journalIdText(group), kind}, mostSteps);
        for (const QUuid &command : std::as_const(commands)) {
            if (entries.size() < mostSteps)
                entries += entriesWhere(u"e.command != '' AND e.command = ? AND e.kind = ?"_s, {journalIdText(command), kind},
                                        mostSteps);
        }
        database.rollback();
        std::sort(entries.begin(), entries.end(), [](const JournalEntry &a, const JournalEntry &b) { return a.row < b.row; });
        if (entries.size() > mostSteps)
            entries.remove(0, entries.size() - mostSteps);
    }
    emit commandHistoryRead(entries);
}

void JournalReader::readEnds(qint64 afterRow)
{
    QList<EndRecord> ends;
    qint64 last = afterRow;
    if (open().isEmpty()) {
        QSqlQuery query(m_file.database());
        query.setForwardOnly(true);
        const QString from = hasFacts() ? u"ends"_s : QString(u'(' % endsOfOldEntries() % u')');
        query.prepare(u"SELECT row, source, worker, at, end FROM "_s % from % u" WHERE row > ? ORDER BY row DESC LIMIT ?"_s);
        query.addBindValue(afterRow);
        query.addBindValue(PastEnds::mostKept);
        if (query.exec()) {
            while (query.next()) {
                last = qMax(last, query.value(0).toLongLong());
                ends.append({query.value(1).toString(), query.value(2).toString().toUtf8(),
                             endFromName(query.value(4).toString()), query.value(3).toLongLong()});
            }
        }
        note(query.lastError());
        std::reverse(ends.begin(), ends.end());
    }
    emit endsRead(ends, last);
}

} // namespace pulsedeck
