// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalreader.h"

#include "app/journal/journalquery.h"
#include "models/commands/commandentry.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostOpenCommands = 10'000;

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
    return u"The journal cannot be read: "_s % error.databaseText();
}

void JournalReader::query(const JournalQuery &query, quint64 token)
{
    JournalPage page;
    page.error = open();
    if (page.error.isEmpty()) {
        // One snapshot for the parts of a search and its count.
        QSqlDatabase database = m_file.database();
        database.transaction();
        page.error = note(JournalSql(database, query, m_file.hasIndex()).read(&page));
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

void JournalReader::readOpenCommands(qint64 withinMs)
{
    QList<JournalEntry> intents;
    if (open().isEmpty()) {
        QSqlQuery query(m_file.database());
        query.setForwardOnly(true);
        // The newest, if there are more than are given; duplicates of an intent count once.
        query.prepare(u"SELECT "_s % journalColumns()
                      % u" FROM entries e WHERE e.at >= ? AND e.kind = ? AND e.command != '' AND e.step = ? "
                        "AND NOT EXISTS (SELECT 1 FROM entries n WHERE n.command = e.command AND n.command != '' "
                        "AND n.row > e.row AND n.step IN (e.step,"_s
                      % endSteps() % u")) ORDER BY e.row DESC LIMIT ?"_s);
        query.addBindValue(QDateTime::currentMSecsSinceEpoch() - withinMs);
        query.addBindValue(int(JournalKind::Command));
        query.addBindValue(stageName(CommandStage::Requested));
        query.addBindValue(mostOpenCommands);
        if (query.exec()) {
            while (query.next())
                intents.append(journalEntryFrom(query));
        }
        note(query.lastError());
        std::reverse(intents.begin(), intents.end());
    }
    emit commandsRead(intents);
}

} // namespace pulsedeck
