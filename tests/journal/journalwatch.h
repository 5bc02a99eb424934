// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/journal/sqljournal.h"
#include "tests/support/answerto.h"
#include "tests/support/patience.h"

#include <QDateTime>
#include <QEventLoop>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>
#include <QVariant>

namespace pulsedeck {

inline JournalEntry entryOf(JournalKind kind, const QString &text, qint64 at = QDateTime::currentMSecsSinceEpoch())
{
    JournalEntry entry;
    entry.at = at;
    entry.kind = kind;
    entry.text = text;
    return entry;
}

inline JournalEntry stepOf(const QUuid &command, const QUuid &group, const QByteArray &worker, const QString &step)
{
    JournalEntry entry = entryOf(JournalKind::Command, QStringLiteral("a step"));
    entry.command = command;
    entry.group = group;
    entry.worker = worker;
    entry.act = QStringLiteral("shutdown");
    entry.step = step;
    return entry;
}

/// Writes and returns whether it is durable.
inline bool writeNow(Journal &journal, const QList<JournalEntry> &entries, const QList<RollingRecord> &plans = {})
{
    QSignalSpy written(&journal, &Journal::written);
    const quint64 token = journal.nextToken();
    journal.write(entries, token, plans);
    const auto answer = [&]() -> const QList<QVariant> * {
        for (const auto &arguments : written) {
            if (arguments.at(0).toULongLong() == token)
                return &arguments;
        }
        return nullptr;
    };
    while (!answer()) {
        if (!written.wait(patience))
            return false;
    }
    return answer()->at(1).toBool();
}

inline JournalPage ask(Journal &journal, const JournalQuery &query)
{
    QSignalSpy answered(&journal, &Journal::answered);
    const quint64 token = journal.nextToken();
    journal.query(query, token);
    while (!answerTo(answered, token)) {
        if (!answered.wait(patience)) {
            JournalPage none;
            none.error = QStringLiteral("no answer");
            return none;
        }
    }
    return answerTo(answered, token)->at(1).value<JournalPage>();
}

inline JournalPage search(Journal &journal, const QString &words)
{
    JournalQuery query;
    query.search = words;
    return ask(journal, query);
}

/// Every step of the commands in groups that were not through.
inline QList<JournalEntry> openCommands(Journal &journal, qint64 withinMs = 3'600'000)
{
    QSignalSpy read(&journal, &Journal::commandHistoryRead);
    journal.readCommandHistory(withinMs);
    return read.wait(patience) ? read.last().at(0).value<QList<JournalEntry>>() : QList<JournalEntry>();
}

inline QList<RollingRecord> plansOf(Journal &journal)
{
    QSignalSpy read(&journal, &Journal::plansRead);
    journal.readPlans();
    // After what is queued, which may be hundreds of thousands of entries.
    return read.wait(2 * patience) ? read.last().at(0).value<QList<RollingRecord>>() : QList<RollingRecord>();
}

inline QStringList textsOf(const JournalPage &page)
{
    QStringList texts;
    for (const JournalEntry &entry : page.entries)
        texts.append(entry.text);
    return texts;
}

/// One value out of the file, as anybody with SQLite could read it.
inline QVariant fileValue(const QString &path, const QString &statement)
{
    const QString name = QStringLiteral("look");
    QVariant value;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(path);
        database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
        if (database.open()) {
            QSqlQuery query(database);
            if (query.exec(statement) && query.next())
                value = query.value(0);
        }
    }
    QSqlDatabase::removeDatabase(name);
    return value;
}

} // namespace pulsedeck
