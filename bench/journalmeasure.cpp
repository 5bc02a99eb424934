// SPDX-License-Identifier: GPL-3.0-or-later
// A journal of a million entries: what a query of the Activity page costs, compared with a plain search of all rows.
#include "app/journal/sqljournal.h"
#include "bench/loopwatch.h"
#include "bench/measures.h"
#include "bench/statistics.h"

#include <QEventLoop>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTimer>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int entries = 1'000'000;
constexpr int perWrite = 2'000;
constexpr int workers = 20'000;
constexpr int answerMs = 120'000; ///< Longer than that is no answer.
constexpr qint64 start = 1'700'000'000'000;

QByteArray workerId(int number)
{
    return "chromium:" + QByteArray::number(0x10000000u + quint32(number) * 2'654'435u % 0x0fffffffu, 16)
           + QByteArray::number(number, 16);
}

/// Mostly what a fleet does by itself, some commands; one entry in a hundred thousand has a word of its own.
JournalEntry entryOf(int number)
{
    JournalEntry entry;
    entry.at = start + qint64(number) * 1'000;
    entry.source = number % 3 == 0 ? u"staging-eu"_s : u"production-eu"_s;
    entry.worker = workerId(number % workers);
    if (number % 4 == 0) {
        entry.kind = JournalKind::Command;
        entry.act = u"drain"_s;
        entry.step = number % 8 == 0 ? u"requested"_s : u"drained"_s;
        entry.by = u"ops@deck-%1"_s.arg(number % 17);
        entry.reason = number % 100'000 == 0 ? u"kernel zyxware update"_s : u"weekly roll of the hosts"_s;
        entry.text = u"Drain of "_s % QString::fromLatin1(entry.worker) % u" asked for."_s;
    } else {
        entry.kind = JournalKind::Fleet;
        entry.step = number % 2 == 0 ? u"lost"_s : u"returned"_s;
        entry.text = QString::fromLatin1(entry.worker) % u" missed its heartbeat and its key is gone."_s;
    }
    return entry;
}

/// Runs the loop until \a until is met or the time is up.
template <typename Signal, typename Until> bool waitFor(Journal &journal, Signal signal, Until until)
{
    QEventLoop loop;
    bool met = false;
    QObject::connect(&journal, signal, &loop, [&](const auto &...arguments) {
        met = until(arguments...);
        if (met)
            loop.quit();
    });
    QTimer::singleShot(answerMs, &loop, &QEventLoop::quit);
    loop.exec();
    return met;
}

bool write(Journal &journal, const QList<JournalEntry> &batch)
{
    const quint64 token = journal.nextToken();
    journal.write(batch, token);
    bool durable = false;
    return waitFor(journal, &Journal::written,
                   [&](quint64 answered, bool ok) {
                       durable = ok;
                       return answered == token;
                   })
           && durable;
}

/// Ms from the question to its first page; negative if it was not answered with \a matches or more.
double ask(Journal &journal, const JournalQuery &query, qint64 matches)
{
    const quint64 token = journal.nextToken();
    const qint64 from = steadyNs();
    journal.query(query, token);
    bool right = false;
    waitFor(journal, &Journal::answered, [&](quint64 answered, const JournalPage &page) {
        right = page.error.isEmpty() && qMax(page.matches, qint64(page.entries.size())) >= matches;
        return answered == token;
    });
    return right ? double(steadyNs() - from) / 1e6 : -1;
}

/// Ms of the plain statement somebody would type into sqlite3; negative if it failed.
double lookThrough(const QString &path, const QString &word)
{
    const QString name = u"bench-journal"_s;
    double ms = -1;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setDatabaseName(path);
        if (database.open()) {
            QSqlQuery query(database);
            query.setForwardOnly(true);
            const qint64 from = steadyNs();
            const QString like = u"'%"_s % word % u"%'"_s;
            if (query.exec(u"SELECT * FROM entries WHERE text LIKE "_s % like % u" OR reason LIKE "_s % like
                           % u" OR worker LIKE "_s % like)) {
                int rows = 0;
                while (query.next())
                    rows += query.value(0).isNull() ? 0 : 1;
                ms = rows > 0 ? double(steadyNs() - from) / 1e6 : -1;
            }
        }
    }
    QSqlDatabase::removeDatabase(name);
    return ms;
}

/// Until the search index has reached the last entry; false if it does not get there.
bool waitForIndex(const QString &path, double *seconds)
{
    const QString name = u"bench-journal-index"_s;
    bool reached = false;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setDatabaseName(path);
        const qint64 from = steadyNs();
        QEventLoop loop;
        QTimer look;
        QObject::connect(&look, &QTimer::timeout, &loop, [&] {
            QSqlQuery query(database);
            reached = query.exec(u"SELECT indexed FROM progress"_s) && query.next() && query.value(0).toLongLong() >= entries;
            if (reached || steadyNs() - from > 300'000'000'000)
                loop.quit();
        });
        if (database.open()) {
            look.start(50);
            loop.exec();
        }
        *seconds = double(steadyNs() - from) / 1e9;
    }
    QSqlDatabase::removeDatabase(name);
    return reached;
}

} // namespace

void measureJournal(Run &run)
{
    const QString rare = u"journal-search"_s;
    const QString first = u"journal-page"_s;
    const QString worker = u"journal-worker"_s;
    const QString common = u"journal-common"_s;
    const QString fill = u"journal-fill"_s;
    if (!run.wants({rare, first, worker, common, fill}))
        return;
    QTemporaryDir folder;
    const QString path = folder.filePath(u"journal.sqlite"_s);
    JournalLimits limits;
    limits.keepForMs = 100LL * 365 * 24 * 3'600 * 1'000; // The entries are dated in the past.
    SqlJournal journal(path, limits);
    const qint64 from = steadyNs();
    for (int begin = 0; begin < entries; begin += perWrite) {
        QList<JournalEntry> batch;
        batch.reserve(perWrite);
        for (int i = begin; i < begin + perWrite; ++i)
            batch.append(entryOf(i));
        if (!write(journal, batch)) {
            run.fail(fill, u"the journal stopped taking entries at %1: %2"_s.arg(begin).arg(journal.state().message));
            return;
        }
    }
    const double filled = double(steadyNs() - from) / 1e9;
    double behind = 0;
    if (!waitForIndex(path, &behind)) {
        run.fail(fill, u"the search index did not reach the newest entry within five minutes"_s);
        return;
    }
    run.add({fill,
             u"Journal: 1,000,000 entries taken, 2,000 at a time"_s,
             filled,
             u"s"_s,
             u"the search index was there %1 s later"_s.arg(behind, 0, 'f', 0),
             {},
             true,
             1});

    const auto measure = [&](const QString &id, const QString &what, const JournalQuery &query, qint64 matches,
                             const QString &against, double aim) {
        std::vector<double> took;
        for (int round = 0; round < run.rounds() * 4; ++round) {
            const double ms = ask(journal, query, matches);
            if (ms < 0) {
                run.fail(id, u"not answered as it should be"_s);
                return;
            }
            took.push_back(ms);
        }
        run.add({id, what, greatest(took), u"ms"_s,
                 u"longest of %1, median %2 ms%3"_s.arg(took.size()).arg(median(took), 0, 'f', 1).arg(against),
                 u"≤ %1 ms"_s.arg(aim, 0, 'f', 0), greatest(took) <= aim, 1});
    };
    JournalQuery query;
    query.limit = 200;
    measure(first, u"Activity at 1,000,000 entries: the newest page"_s, query, 200, {}, 100);
    query.search = u"zyxware"_s;
    const double plain = lookThrough(path, query.search);
    measure(rare, u"The same: a word that ten entries have"_s, query, 10,
            u"; a plain LIKE over the rows: %1 ms"_s.arg(plain, 0, 'f', 0), 100);
    query.search = u"heartbeat"_s;
    measure(common, u"The same: a word that three quarters of them have"_s, query, 1'000, {}, 200);
    query.search.clear();
    query.worker = workerId(7);
    measure(worker, u"The same: the entries of one worker"_s, query, entries / workers, {}, 100);
}

} // namespace pulsedeck::bench
