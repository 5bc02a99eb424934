// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/journal/journalfile.h"
#include "app/journal/journalsightings.h"
#include "app/journal/sqljournal.h"

#include <QMutex>
#include <QSqlQuery>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <variant>

namespace pulsedeck {

/// The writing half of SqlJournal: works off a queue on its own thread. Only post() and postLast() are called from another.
class JournalWriter : public QObject
{
    Q_OBJECT

public:
    static constexpr int retryMs = 10'000;
    static constexpr int mergeAtMost = 2'000; ///< Entries in one transaction made of several writes.
    static constexpr int sliceRows = 200; ///< Removed or indexed in one transaction, so that a write never waits long.

    struct Write
    {
        QList<JournalEntry> entries;
        QList<RollingRecord> plans;
        QList<EndRecord> ends;
        quint64 token = 0;
    };
    /// Called in the order of the queue: a question for the reader, which may see all that was written before it.
    using Question = std::function<void()>;

    JournalWriter(const QString &path, const JournalLimits &limits);

    /// False if the queue is full: nothing was taken.
    bool post(std::variant<Write, Question> job);
    /// After what is queued the thread ends; nothing may be posted afterwards.
    void postLast();

public slots:
    void start();
    /// Looks whether another console has added something.
    void poll();
    /// The reader found the file damaged.
    void takeDamage(const QString &message, const QString &hint);

signals:
    void written(quint64 token, bool ok);
    /// By this or another console; \a entries are in the file now.
    void added(qint64 entries);
    void stateFound(const pulsedeck::JournalState &state);

private:
    void drain();
    void dropOutdated(const QList<RollingRecord> &news);
    void flush(const std::vector<Write> &writes);
    bool ensureOpen();
    bool prepareStatements();
    void closeFile();
    /// \a known counts those that another console had recorded already.
    bool record(const std::vector<Write> &writes, bool durable, qint64 *known);
    bool insert(const JournalEntry &entry);
    bool insert(const RollingRecord &plan);
    bool keep(const EndRecord &end);
    bool failed(const QSqlError &error);
    void report(const JournalTrouble &trouble);
    void retry();
    void countEntries();
    void tend();
    int removeOld();
    void tidyRest(qint64 oldest);
    int indexMore();
    bool inTransaction(const std::function<bool()> &work);

    JournalFile m_file;
    JournalSightings m_sightings;
    JournalLimits m_limits;
    JournalState m_state;
    JournalTrouble m_trouble;
    std::unique_ptr<QSqlQuery> m_insertEntry;
    std::unique_ptr<QSqlQuery> m_insertPlan;
    std::unique_ptr<QSqlQuery> m_insertEnd;
    std::unique_ptr<QSqlQuery> m_removeEnd;
    QTimer m_retryTimer;
    QTimer m_ageTimer;
    QTimer m_tendTimer; ///< Runs while rows are to be removed or indexed.
    qint64 m_dataVersion = 0;
    bool m_durable = true;
    bool m_ageingDue = true;

    QMutex m_mutex; ///< Guards what follows.
    std::deque<std::variant<Write, Question>> m_queue;
    qsizetype m_queuedEntries = 0;
    bool m_scheduled = false;
};

} // namespace pulsedeck
