// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalwriter.h"

#include "models/fleet/pastends.h"

#include <QDateTime>
#include <QHash>
#include <QJsonDocument>
#include <QMutexLocker>
#include <QThread>
#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int hourMs = 3'600'000;
constexpr int indexAfterMs = 1'000; // What is written is in the index so much later, out of the way of what follows it.
constexpr qsizetype longestField = 1'000;
constexpr qsizetype longestText = 4'000;

/// Never null, which SQL would take for NULL, and never longer than is useful.
QString bounded(const QString &text, qsizetype most)
{
    return text.isNull() ? u""_s : text.left(most);
}

} // namespace

JournalWriter::JournalWriter(const QString &path, const JournalLimits &limits)
    : m_file(path, JournalFile::Mode::Write)
    , m_sightings(m_file)
    , m_limits(limits)
    , m_retryTimer(this)
    , m_ageTimer(this)
    , m_tendTimer(this)
{
    m_state.path = limits.temporary ? QString() : path;
    m_state.keptForMs = limits.temporary ? 0 : limits.keepForMs;
    m_state.maxEntries = limits.maxEntries;
    connect(&m_retryTimer, &QTimer::timeout, this, &JournalWriter::retry);
    connect(&m_ageTimer, &QTimer::timeout, this, [this] {
        m_ageingDue = true;
        tend();
    });
    connect(&m_tendTimer, &QTimer::timeout, this, &JournalWriter::tend);
    m_tendTimer.setSingleShot(true);
}

bool JournalWriter::post(std::variant<Write, Question> job)
{
    const QMutexLocker lock(&m_mutex);
    if (const auto *write = std::get_if<Write>(&job)) {
        const qsizetype size = write->entries.size() + write->ends.size();
        if (m_queuedEntries + size > SqlJournal::maxQueued)
            return false;
        m_queuedEntries += size;
        dropOutdated(write->plans);
    }
    m_queue.push_back(std::move(job));
    if (!std::exchange(m_scheduled, true))
        QMetaObject::invokeMethod(this, &JournalWriter::drain, Qt::QueuedConnection);
    return true;
}

/// A plan that waits and was promised to nobody gives way to its next: while the file cannot be written they would pile up.
void JournalWriter::dropOutdated(const QList<RollingRecord> &news)
{
    for (auto job = m_queue.rbegin(); job != m_queue.rend() && !news.isEmpty(); ++job) {
        auto *write = std::get_if<Write>(&*job);
        if (!write)
            return; // Who asks is answered with what was written before.
        if (write->token != 0)
            continue;
        write->plans.removeIf([&news](const RollingRecord &old) {
            return std::any_of(news.begin(), news.end(), [&old](const RollingRecord &one) { return one.group == old.group; });
        });
    }
}

void JournalWriter::postLast()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            drain();
            thread()->quit();
        },
        Qt::QueuedConnection);
}

void JournalWriter::start()
{
    m_ageTimer.start(hourMs);
    ensureOpen();
}

void JournalWriter::drain()
{
    std::deque<std::variant<Write, Question>> jobs;
    {
        const QMutexLocker lock(&m_mutex);
        jobs.swap(m_queue);
        m_queuedEntries = 0;
        m_scheduled = false;
    }
    std::vector<Write> together;
    qsizetype entries = 0;
    const auto flushAll = [&] {
        if (!together.empty())
            flush(together);
        together.clear();
        entries = 0;
    };
    for (auto &job : jobs) {
        if (auto *question = std::get_if<Question>(&job)) {
            flushAll();
            (*question)();
            continue;
        }
        Write &write = std::get<Write>(job);
        entries += write.entries.size() + write.ends.size();
        together.push_back(std::move(write));
        if (entries >= mergeAtMost)
            flushAll();
    }
    flushAll();
}

void JournalWriter::flush(const std::vector<Write> &writes)
{
    qint64 count = 0;
    bool durable = false;
    for (const Write &write : writes) {
        count += write.entries.size();
        durable = durable || write.token != 0;
    }
    qint64 known = 0;
    const bool ok = ensureOpen() && record(writes, durable, &known);
    if (ok) {
        count -= known;
        m_state.entries += count;
        report({});
        if (count > 0)
            emit added(m_state.entries);
        if (known > 0)
            poll(); // Another console has written meanwhile.
        if (!m_tendTimer.isActive())
            m_tendTimer.start(indexAfterMs);
    } else {
        m_state.lost += count;
        emit stateFound(m_state);
    }
    for (const Write &write : writes) {
        if (write.token != 0)
            emit written(write.token, ok);
    }
}

bool JournalWriter::ensureOpen()
{
    // Written into a file that was moved or removed, entries would be lost without a word.
    if (m_file.isOpen() && !m_file.isSameFile())
        closeFile();
    if (m_trouble.damaged && m_file.isSameFile())
        return false;
    if (m_file.isOpen())
        return true;
    if (const JournalTrouble trouble = m_file.open(m_limits.maxBytes)) {
        report(trouble);
        return false;
    }
    if (!prepareStatements()) {
        closeFile(); // What is open is whole: a statement that was not prepared fails for ever, and in words that name nothing.
        return false;
    }
    m_durable = true;
    m_dataVersion = databaseValue(m_file.database(), u"PRAGMA data_version"_s).toLongLong();
    m_ageingDue = true;
    countEntries();
    report({});
    m_tendTimer.start(0);
    return true;
}

void JournalWriter::closeFile()
{
    m_insertEntry.reset();
    m_insertPlan.reset();
    m_insertEnd.reset();
    m_removeEnd.reset();
    m_sightings.close();
    m_file.close();
}

bool JournalWriter::prepareStatements()
{
    m_insertEntry = std::make_unique<QSqlQuery>(m_file.database());
    m_insertPlan = std::make_unique<QSqlQuery>(m_file.database());
    m_insertEnd = std::make_unique<QSqlQuery>(m_file.database());
    m_removeEnd = std::make_unique<QSqlQuery>(m_file.database());
    const bool prepared =
        m_insertEntry->prepare(
            u"INSERT INTO entries (at, kind, source, worker, command, grp, act, step, who, reason, text, facts) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s)
        && m_insertPlan->prepare(u"INSERT INTO plans (grp, first, at, ended, plan) VALUES (?, ?, ?, ?, ?) ON CONFLICT(grp) "
                                 "DO UPDATE SET at = excluded.at, ended = excluded.ended, plan = excluded.plan"_s)
        && m_insertEnd->prepare(u"INSERT OR REPLACE INTO ends (source, worker, at, end) VALUES (?, ?, ?, ?)"_s)
        && m_removeEnd->prepare(u"DELETE FROM ends WHERE worker = ? AND source = ?"_s);
    if (!prepared) {
        for (const QSqlQuery *query : {m_insertEntry.get(), m_insertPlan.get(), m_insertEnd.get(), m_removeEnd.get()}) {
            if (query->lastError().isValid())
                return failed(query->lastError());
        }
        return failed({});
    }
    return m_sightings.open() || failed(m_sightings.lastError());
}

bool JournalWriter::record(const std::vector<Write> &writes, bool durable, qint64 *known)
{
    // In WAL mode a commit with NORMAL survives the process but not a power cut; with FULL both.
    if (durable != m_durable) {
        m_file.run(durable ? u"PRAGMA synchronous=FULL"_s : u"PRAGMA synchronous=NORMAL"_s);
        m_durable = durable;
    }
    QHash<QUuid, const RollingRecord *>
        latest; // All are one transaction: of a plan that is in it more than once the last counts.
    for (const Write &write : writes) {
        for (const RollingRecord &plan : write.plans)
            latest.insert(plan.group, &plan);
    }
    return inTransaction([&] {
        for (const Write &write : writes) {
            for (const JournalEntry &entry : write.entries) {
                if (m_sightings.isTold(entry)) {
                    ++*known;
                    continue;
                }
                if (!insert(entry))
                    return failed(m_insertEntry->lastError());
                if (!m_sightings.note(entry))
                    return failed(m_sightings.lastError());
            }
            for (const RollingRecord &plan : write.plans) {
                if (latest.value(plan.group) == &plan && !insert(plan))
                    return failed(m_insertPlan->lastError());
            }
            for (const EndRecord &end : write.ends) {
                if (!keep(end))
                    return failed((end.end == WorkerEnd::None ? m_removeEnd : m_insertEnd)->lastError());
            }
        }
        return true;
    });
}

bool JournalWriter::inTransaction(const std::function<bool()> &work)
{
    QSqlQuery query(m_file.database());
    if (!query.exec(u"BEGIN IMMEDIATE"_s))
        return failed(query.lastError());
    if (work()) {
        if (query.exec(u"COMMIT"_s))
            return true;
        failed(query.lastError());
    }
    query.exec(u"ROLLBACK"_s);
    return false;
}

bool JournalWriter::insert(const JournalEntry &entry)
{
    QSqlQuery &query = *m_insertEntry;
    query.bindValue(0, entry.at);
    query.bindValue(1, int(entry.kind));
    query.bindValue(2, bounded(entry.source, longestField));
    query.bindValue(3, bounded(QString::fromUtf8(entry.worker), longestField));
    query.bindValue(4, journalIdText(entry.command));
    query.bindValue(5, journalIdText(entry.group));
    query.bindValue(6, bounded(entry.act, longestField));
    query.bindValue(7, bounded(entry.step, longestField));
    query.bindValue(8, bounded(entry.by, longestField));
    query.bindValue(9, bounded(entry.reason, longestField));
    query.bindValue(10, bounded(entry.text, longestText));
    query.bindValue(11,
                    entry.facts.isEmpty() ? u""_s : QString::fromUtf8(QJsonDocument(entry.facts).toJson(QJsonDocument::Compact)));
    return query.exec();
}

bool JournalWriter::keep(const EndRecord &end)
{
    const QString worker = bounded(QString::fromUtf8(end.worker), longestField);
    const QString source = bounded(end.source, longestField);
    if (end.end == WorkerEnd::None) {
        m_removeEnd->bindValue(0, worker);
        m_removeEnd->bindValue(1, source);
        return m_removeEnd->exec();
    }
    m_insertEnd->bindValue(0, source);
    m_insertEnd->bindValue(1, worker);
    m_insertEnd->bindValue(2, end.at);
    m_insertEnd->bindValue(3, endName(end.end));
    return m_insertEnd->exec();
}

bool JournalWriter::insert(const RollingRecord &plan)
{
    QSqlQuery &query = *m_insertPlan;
    query.bindValue(0, journalIdText(plan.group));
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    query.bindValue(1, now);
    query.bindValue(2, now);
    query.bindValue(3, int(plan.ended));
    query.bindValue(4, QString::fromUtf8(QJsonDocument(plan.content()).toJson(QJsonDocument::Compact)));
    return query.exec();
}

/// Always false, for return lines.
bool JournalWriter::failed(const QSqlError &error)
{
    report(m_file.trouble(error));
    return false;
}

void JournalWriter::report(const JournalTrouble &trouble)
{
    const bool recording = !trouble;
    const bool news = recording != m_state.recording || trouble.message != m_state.message;
    m_trouble = trouble;
    m_state.recording = recording;
    m_state.message = trouble.message;
    m_state.hint = trouble.hint;
    if (recording)
        m_retryTimer.stop();
    else if (!m_retryTimer.isActive())
        m_retryTimer.start(retryMs);
    if (news)
        emit stateFound(m_state);
}

void JournalWriter::takeDamage(const QString &message, const QString &hint)
{
    if (m_file.isOpen() && m_file.isSameFile())
        report({message, hint, true});
}

void JournalWriter::retry()
{
    if (!ensureOpen())
        return;
    // The file must be writable, not only open: this sets a value that is set already, but writes it.
    const QVariant version = databaseValue(m_file.database(), u"PRAGMA user_version"_s);
    const QString same = u"PRAGMA user_version="_s % version.toString();
    if (inTransaction([&] {
            const JournalTrouble trouble = m_file.run(same);
            if (trouble)
                report(trouble);
            return !trouble;
        }))
        report({});
}

void JournalWriter::poll()
{
    if (!m_file.isOpen())
        return;
    const qint64 version = databaseValue(m_file.database(), u"PRAGMA data_version"_s).toLongLong();
    if (std::exchange(m_dataVersion, version) == version)
        return;
    const qint64 before = m_state.entries;
    countEntries();
    if (m_state.entries != before)
        emit added(m_state.entries);
}

void JournalWriter::countEntries()
{
    QSqlError error;
    const QVariant count = databaseValue(m_file.database(), u"SELECT count(*) FROM entries"_s, &error);
    m_state.entries = error.isValid() ? -1 : count.toLongLong();
}

/// Keeps the file within its bounds and the index up to date, a slice at a time.
void JournalWriter::tend()
{
    if (!m_file.isOpen() || !m_state.recording || !m_file.isSameFile())
        return;
    int done = 0;
    if (m_ageingDue || m_state.entries > m_limits.maxEntries) {
        done = removeOld();
        m_ageingDue = done > 0;
        if (done > 0) {
            m_state.entries -= done;
            emit stateFound(m_state);
        }
    }
    if (done == 0)
        done = indexMore();
    if (done > 0)
        m_tendTimer.start(0);
}

int JournalWriter::removeOld()
{
    const QSqlDatabase database = m_file.database();
    const qint64 oldest = QDateTime::currentMSecsSinceEpoch() - m_limits.keepForMs;
    QString rows = u"SELECT row FROM entries INDEXED BY entries_at WHERE at < "_s % QString::number(oldest) % u" LIMIT "_s
                   % QString::number(sliceRows);
    const qint64 tooMany = qMin<qint64>(m_state.entries - m_limits.maxEntries, sliceRows);
    if (databaseValue(database, u"SELECT count(*) FROM ("_s % rows % u')').toInt() == 0) {
        if (tooMany <= 0) {
            if (m_ageingDue)
                tidyRest(oldest);
            return 0;
        }
        rows = u"SELECT row FROM entries ORDER BY row LIMIT "_s % QString::number(tooMany);
    }
    int removed = 0;
    const bool ok = inTransaction([&] {
        QSqlQuery query(database);
        if (m_file.hasIndex()
            && !query.exec(u"INSERT INTO search (search, rowid, source, worker, act, who, reason, text) "
                           "SELECT 'delete', row, source, worker, act, who, reason, text FROM entries WHERE row IN ("_s
                           % rows % u") AND row <= (SELECT indexed FROM progress)"_s))
            return failed(query.lastError());
        if (!query.exec(u"DELETE FROM entries WHERE row IN ("_s % rows % u')'))
            return failed(query.lastError());
        removed = query.numRowsAffected();
        return true;
    });
    return ok ? removed : 0;
}

/// Plans and ends, which are kept with the entries.
void JournalWriter::tidyRest(qint64 oldest)
{
    m_file.run(u"DELETE FROM plans WHERE at < "_s % QString::number(oldest));
    m_file.run(u"DELETE FROM ends WHERE at < "_s % QString::number(oldest));
    m_file.run(u"DELETE FROM ends WHERE row <= (SELECT max(row) FROM ends) - "_s % QString::number(PastEnds::mostKept));
}

int JournalWriter::indexMore()
{
    if (!m_file.hasIndex())
        return 0;
    int indexed = 0;
    const QString rows =
        u"SELECT row FROM entries WHERE row > (SELECT indexed FROM progress) ORDER BY row LIMIT "_s % QString::number(sliceRows);
    const auto last = [&](QSqlError *error = nullptr) {
        return databaseValue(m_file.database(), u"SELECT max(row) FROM ("_s % rows % u')', error);
    };
    if (last().isNull())
        return 0; // Mostly so: nobody is kept waiting for it.
    const bool ok = inTransaction([&] {
        // Another console may have indexed these rows since; from here on none can.
        QSqlError error;
        const QVariant upTo = last(&error);
        if (error.isValid())
            return failed(error);
        if (upTo.isNull())
            return true;
        QSqlQuery query(m_file.database());
        if (!query.exec(u"INSERT INTO search (rowid, source, worker, act, who, reason, text) "
                        "SELECT row, source, worker, act, who, reason, text FROM entries WHERE row IN ("_s
                        % rows % u')'))
            return failed(query.lastError());
        indexed = query.numRowsAffected();
        if (!query.exec(u"UPDATE progress SET indexed = "_s % upTo.toString()))
            return failed(query.lastError());
        return true;
    });
    return ok ? indexed : 0;
}

} // namespace pulsedeck
