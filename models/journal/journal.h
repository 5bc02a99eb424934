// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QMetaType>
#include <QObject>
#include <QString>
#include <QUuid>

#include <array>
#include <functional>

namespace pulsedeck {

enum class JournalKind : quint8 {
    Command, ///< A command's intent or one of its steps.
    Fleet, ///< Workers lost, returned, late in a wave.
    Connection, ///< A source was connected, lost, removed.
    Timing, ///< A timing change.
    Console, ///< Started, ended, write access unlocked and locked, alerts acknowledged and silenced.
    Message, ///< Sent to actors of a hub: the intent, and what became of it.
};
constexpr int journalKindCount = 6;
constexpr std::array<JournalKind, journalKindCount> allJournalKinds{JournalKind::Command,    JournalKind::Fleet,
                                                                    JournalKind::Connection, JournalKind::Timing,
                                                                    JournalKind::Console,    JournalKind::Message};
/// For files: "command", "fleet", "connection", "timing", "console", "message".
QString journalKindName(JournalKind kind);
/// The same for a person: "command", and as a title "Commands".
QString journalKindText(JournalKind kind);
QString journalKindTitle(JournalKind kind);
/// A step or an act for a person: "picked up" for "picked-up".
QString journalStepText(JournalKind kind, const QString &step);
/// As it is written and shown: without braces; empty for none, and never a null string, which SQL would take for NULL.
QString journalIdText(const QUuid &id);

/// One line of the journal. Never holds a password, a token or the path of an endpoint.
struct JournalEntry
{
    qint64 row = 0; ///< Given by the journal.
    qint64 at = 0; ///< Unix ms, UTC.
    JournalKind kind = JournalKind::Command;
    QString source; ///< The source's name, empty if it concerns none.
    QByteArray worker; ///< Worker::id, empty if it concerns none or many.
    QUuid command; ///< Null if it is none.
    QUuid group;
    QString act; ///< actName(), empty if it is no command.
    QString step; ///< stageName() for commands ("requested" is the intent); else a word such as "lost", "returned", "connected".
    QString by;
    QString reason;
    QString text; ///< A sentence for a person.
    QJsonObject facts; ///< What the sentence says, for programs; empty for most kinds. Of a command: commandFacts().
    /// Seen in a system and not done by this console: where several consoles share a journal it is recorded once. Not kept.
    bool seen = false;
};

/// "shutdown now · picked up", "late wave": act and step for a person.
QString journalWhatText(const JournalEntry &entry);

/// In JournalEntry::facts: of what kind its worker is, SourceTraits::fullKind(). Entries of earlier versions have none.
inline constexpr QLatin1StringView journalKindFact{"kind"};
/// Its worker's id as lists show it.
QString shortWorker(const JournalEntry &entry);

/// How one worker ended, kept so that a later run can distinguish what it left behind from what was lost.
struct EndRecord
{
    QString source; ///< The source's name.
    QByteArray worker; ///< Worker::id.
    WorkerEnd end = WorkerEnd::None; ///< None: it is back, or its counters are gone, and its record is removed.
    qint64 at = 0; ///< Unix ms by the machine's clock.
};

/// Which entries to read. Newest first.
struct JournalQuery
{
    qint64 from = 0; ///< Unix ms, inclusive; 0: from the beginning.
    qint64 until = 0; ///< Exclusive; 0: to the end.
    QList<JournalKind> kinds; ///< Empty: all.
    QString search; ///< In worker, source, by, reason, text and act; case-insensitive, each word has to be found somewhere.
    QByteArray worker; ///< Exactly this one; empty: all.
    QString by; ///< Exactly this operator; empty: all.
    QUuid command; ///< Null: all.
    QUuid group; ///< Null: all.
    qint64 afterRow = 0; ///< Only rows newer than this; 0: all.
    qint64 beforeRow = 0; ///< For the next page: only rows older than this; 0: from the newest.
    int limit = 500; ///< At most 10,000.
};

struct JournalPage
{
    QList<JournalEntry> entries;
    qint64 matches = -1; ///< All that match, for the first page; -1 if not counted.
    bool atLeast = false; ///< There are more matches than that: counting stopped at a bound.
    bool more = false;
    QString error; ///< Empty if it was read.
};

/// A rolling shutdown as it is kept for the next start.
struct RollingRecord
{
    QUuid group;
    QJsonObject plan; ///< As it was read; to be written, unless make gives it.
    bool ended = false;
    /// To be written: gives the plan as it was when this was made. Called on a thread of the journal's, since a long plan takes
    /// long; so it holds a copy of its own.
    std::function<QJsonObject()> make = {};

    QJsonObject content() const { return make ? make() : plan; }
};

/// Whether the journal records, and what it holds.
struct JournalState
{
    bool recording = false;
    QString path;
    QString message; ///< What is wrong, in words; empty when all is well.
    QString hint;
    qint64 entries = -1; ///< -1 while not known.
    qint64 keptForMs = 0; ///< Older entries are removed.
    qint64 maxEntries = 0; ///< Beyond so many the oldest are removed.
    qint64 lost = 0; ///< Entries of this run that could not be recorded.
};

/// The console's memory across restarts. The interface is called on the GUI thread and never waits; the work is done on a thread
/// of its own, in the order of the calls. Signals come on the GUI thread.
class Journal : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Writes them in one transaction, together with \a plans. With a \a token other than 0 written() answers when they are
    /// durable, or cannot be. Of a plan that is given again before it was written only the last has to be written.
    void write(const QList<JournalEntry> &entries, quint64 token = 0, const QList<RollingRecord> &plans = {})
    {
        if (!entries.isEmpty())
            emit noted(entries);
        record(entries, token, plans);
    }
    /// answered() follows.
    virtual void query(const JournalQuery &query, quint64 token) = 0;
    /// plansRead() follows: the plans that have not ended, oldest first.
    virtual void readPlans() = 0;
    /// commandHistoryRead() follows: every step of the commands of each group in which something of the last \a withinMs was
    /// under way at the end, of each rolling shutdown that has not ended, and of the drains that were complete and not undone;
    /// oldest first, at most 200,000.
    virtual void readCommandHistory(qint64 withinMs) = 0;
    /// Keeps ends; an earlier one of the same worker is replaced.
    virtual void writeEnds(const QList<EndRecord> &ends);
    /// endsRead() follows: what was added after \a afterRow, by any console on the same file, oldest first; 0: all there is.
    virtual void readEnds(qint64 afterRow);
    virtual JournalState state() const = 0;
    /// Tokens for the calls above, never 0, never the same twice.
    quint64 nextToken() { return ++m_lastToken; }

signals:
    /// These are about to be written by this console: whatever else keeps the past hears of them here.
    void noted(const QList<pulsedeck::JournalEntry> &entries);
    void written(quint64 token, bool ok);
    void answered(quint64 token, const pulsedeck::JournalPage &page);
    void plansRead(const QList<pulsedeck::RollingRecord> &plans);
    void commandHistoryRead(const QList<pulsedeck::JournalEntry> &entries);
    /// \a lastRow: for the next readEnds().
    void endsRead(const QList<pulsedeck::EndRecord> &ends, qint64 lastRow);
    /// Recording began, failed, or works again.
    void stateChanged(const pulsedeck::JournalState &state);
    /// Something was added, by this or another console on the same file; at most a few times a second.
    void appended();

protected:
    /// What write() promises.
    virtual void record(const QList<JournalEntry> &entries, quint64 token, const QList<RollingRecord> &plans) = 0;

private:
    quint64 m_lastToken = 0;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::JournalEntry)
Q_DECLARE_METATYPE(pulsedeck::EndRecord)
Q_DECLARE_METATYPE(pulsedeck::JournalQuery)
Q_DECLARE_METATYPE(pulsedeck::JournalPage)
Q_DECLARE_METATYPE(pulsedeck::RollingRecord)
Q_DECLARE_METATYPE(pulsedeck::JournalState)
