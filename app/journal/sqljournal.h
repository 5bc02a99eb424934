// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QThread>
#include <QTimer>

namespace pulsedeck {

class JournalReader;
class JournalWriter;

/// What a journal file may grow to.
struct JournalLimits
{
    static constexpr qint64 defaultKeepMs = 90LL * 24 * 3'600 * 1'000;

    static constexpr qint64 defaultMaxEntries = 2'000'000;

    qint64 keepForMs = defaultKeepMs; ///< Older entries are removed, at the start and hourly.
    qint64 maxEntries = defaultMaxEntries; ///< Beyond it the oldest are removed.
    bool temporary = false; ///< It ends with the console: state() has neither how long it is kept nor where.
    qint64 maxBytes = 0; ///< The file grows no larger: what does not fit is not recorded, and state() says so. 0: no bound.
};

/// The journal in one SQLite file in WAL mode, which several consoles may share. Everything that touches the file is done on two
/// threads of its own, one that writes and one that reads, so that no search delays an intent; a question asked after a write is
/// answered with it. A write with a token is on the disk when it is answered. Errors of the file are in state()
/// and never stops the console; recording is tried again with every write and every ten seconds. The file itself is never moved,
/// repaired or replaced. At most maxQueued entries wait to be written: beyond it new ones are lost, and counted.
class SqlJournal : public Journal
{
    Q_OBJECT

public:
    static constexpr qsizetype maxQueued = 200'000;

    explicit SqlJournal(const QString &path, qint64 keepForMs = JournalLimits::defaultKeepMs, QObject *parent = nullptr);
    SqlJournal(const QString &path, const JournalLimits &limits, QObject *parent = nullptr);
    /// Writes what waits, then closes the file.
    ~SqlJournal() override;

    void query(const JournalQuery &query, quint64 token) override;
    void readPlans() override;
    void readCommandHistory(qint64 withinMs) override;
    void writeEnds(const QList<EndRecord> &ends) override;
    void readEnds(qint64 afterRow) override;
    JournalState state() const override { return m_state; }

protected:
    void record(const QList<JournalEntry> &entries, quint64 token, const QList<RollingRecord> &plans) override;

private:
    template <typename Question> void ask(Question question);
    void takeState(const JournalState &state);
    void emitAppended();

    JournalState m_state;
    QThread m_writerThread;
    QThread m_readerThread;
    JournalWriter *m_writer; ///< Lives on m_writerThread, which deletes it.
    JournalReader *m_reader; ///< Lives on m_readerThread, which deletes it.
    QTimer m_appendedTimer; ///< Runs while an appended() would come too soon after the last one.
    QTimer m_pollTimer;
    qint64 m_refused = 0; ///< Entries the full queue did not take.
    bool m_appendedDue = false;
};

/// The ends in a journal file, read at once and on this thread, for a program that only looks. Nothing is written, and a file of
/// an older version is left as it is. Empty if it cannot be read.
QList<EndRecord> readEndsOf(const QString &path);
/// What Journal::readCommandHistory() answers, in the same way.
QList<JournalEntry> readHistoryOf(const QString &path, qint64 withinMs);

/// Where the console keeps its journal: journal.sqlite in the user's data folder (~/.local/share/pulsedeck), or, where an earlier
/// version made one and there is no other, in the folder pulsedeck below that.
QString defaultJournalPath();

} // namespace pulsedeck
