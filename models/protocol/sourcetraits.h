// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/act.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QCoreApplication>
#include <QFlags>
#include <QJsonValue>
#include <QStringList>

#include <array>
#include <optional>

namespace pulsedeck {

/// What is known of the workers of one system, and what the system itself can do.
enum class SourceFact : quint16 {
    Ttl = 1u << 0, ///< Its record expires unless it is renewed.
    Sessions = 1u << 1, ///< How many sessions each worker has.
    Counters = 1u << 2, ///< Kept apart from the worker, and left behind when it dies.
    Listeners = 1u << 3, ///< Whether its process listens for commands.
    Process = 1u << 4, ///< When its process started, and its endpoint.
    StatusWord = 1u << 5, ///< It says whether it takes sessions. Without it the end of a drain cannot be seen.
    Capabilities = 1u << 6, ///< What it can do.
    Capacity = 1u << 7, ///< How much it takes at most.
    Queues = 1u << 8, ///< The queues that it serves.
    SharedTiming = 1u << 9, ///< One timing record for all workers, which can be changed from here.
    Push = 1u << 10, ///< Changes are announced; without it reading again and again is the ordinary state.
    Messages = 1u << 11, ///< It passes messages on; to get an answer one has to register there.
};
Q_DECLARE_FLAGS(SourceFacts, SourceFact)
Q_DECLARE_OPERATORS_FOR_FLAGS(SourceFacts)

/// What the time of a beat, and so the age of a worker, rests on.
enum class BeatBasis : quint8 {
    KeyTtl, ///< Beats come in a set interval, and each renews the TTL of a key.
    Stamp, ///< A time that the worker writes, by its own clock.
    Score, ///< A time of last sight in a sorted set.
    Events, ///< Messages that it sends now and then.
    Connection, ///< That its connection stands.
    Registration, ///< It is registered until a time, and registers again some time before; when, only it knows.
    Calls, ///< The calls that it makes to Redis: how long ago the last one was, by Redis' clock.
};

/// What shows that an act was carried out.
enum class ActProof : quint8 {
    State, ///< The worker is seen to do it.
    Answer, ///< It says so, and nothing else shows it.
    Absence, ///< What was to be removed is gone.
    PickUp, ///< The source reports that it was taken from where it was left, and then the worker is seen to do it.
};

/// How fast beats come, and after how long their absence means something; in ms, 0: as measured, or as the source's timing has
/// it.
struct BeatPace
{
    qint32 intervalMs = 0; ///< The longest usual one.
    qint32 lateMs = 0;
    qint32 staleMs = 0;

    bool operator==(const BeatPace &) const = default;
};

/// An act as one system knows it.
struct ActTraits
{
    QString name; ///< "Shut down"; empty: its general title.
    QString whyNot; ///< Not empty: the system has no such act, and this says why.
    ActScope scope = ActScope::Worker;
    ActProof proof = ActProof::State;
    bool undoable = false; ///< Another act undoes it.
    QString means = {}; ///< What it does there, in a sentence; empty: as for every worker.
    bool withdrawable = false; ///< Until the worker has read it.
    bool once = false; ///< Never sent again while the first one is being obeyed: repeated it does something else.
    qint32 pickedUpMs = 0; ///< It is read within so long; 0: not known.
    qint32 drainingMs = 0; ///< It is seen to drain within so long; 0: not known.
    qint32 lastsMs = 0; ///< What is written for it expires after so long; 0: it does not, or Command::ttlMs says.
    qint32 overdueMs = 0; ///< Still there after so long: overdue; 0: as the source's timing has it.

    bool asks = false; ///< Whether it can be done only the worker itself knows for certain: it is asked first.

    /// The words that it writes, a line each, with {id} and {queue} in them: see models/layouts/layoutwrite.h. Empty: not told.
    QList<QByteArrayList> writes = {};
    /// In their place where no words with variables can say it, as of a message in an envelope: the lines that are published on
    /// \a channel for one worker, as far as its \a queues are known. Null: there are none.
    QStringList (*messages)(const QByteArray &channel, const QByteArray &worker, const QStringList &queues) = nullptr;
    QByteArray channel = {};

    bool operator==(const ActTraits &) const = default;
};

/// How the ids of workers are written.
struct IdForm
{
    bool typed = true; ///< "type:uuid": lists show the beginning of the uuid. Any other id is shown whole.
    QByteArray before; ///< Around each id: who names a worker may leave both out.
    QByteArray after;
    QByteArrayList consoles; ///< How the ids of consoles begin, where these are registered like workers.

    bool operator==(const IdForm &) const = default;
};

/// A word of SourceTraits, or a reason given there, in the user's language.
QString traitText(const QString &text);

/// What the workers of a source are called, which facts of them exist, what a beat rests on, and which acts it offers. A value
/// that every source carries: views and models ask it, and never what system a source belongs to. The words are plain English
/// nouns in lower case; traitText() translates them. The default is a worker whose key has a TTL.
struct SourceTraits
{
    QString system = QStringLiteral("Redis"); ///< As a person calls it: "Redis", "Signal Hub". // untranslated: a name
    QString layout = QStringLiteral("playwright"); ///< The word for filters, JSON and settings: "sidekiq". // untranslated
    QString demo = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Demo fleet")); ///< What the embedded one is called.
    QString worker = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "worker"));
    QString workers = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "workers"));
    QString counting = QStringLiteral(QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln worker(s)")); ///< A number of them.
    QString kind; ///< See kindName(); empty where it is `worker`.
    QString countingJobs =
        QStringLiteral(QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln session(s)")); ///< A number of what it works on.
    QString beat = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "beat")); ///< "beat", "renewal".
    QString records = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "keys")); ///< They show that workers are there.
    QString listing = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "scanning")); ///< While the first view is read.
    QString secret = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "password")); ///< What one signs in with.
    QString copyId = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Copy Id")); ///< The entry of a menu.
    QString emptyTitle = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "No workers in %1")); ///< In a source without any.
    QString emptyText; ///< What may be the reason. Empty: what follows from the facts.
    QString killed; ///< What becomes of the work that a worker had when it was killed, in a sentence. Empty: not known.
    QString glyph = QStringLiteral("redis"); ///< The picture of its sources: see sourceKindGlyph().
    QStringList schemes{QStringLiteral("redis"),
                        QStringLiteral("rediss"),
                        QStringLiteral("valkey"),
                        QStringLiteral("valkeys"),
                        QStringLiteral("redis+sentinel"),
                        QStringLiteral("rediss+sentinel"),
                        QStringLiteral("valkey+sentinel"),
                        QStringLiteral("valkeys+sentinel"),
                        QStringLiteral("redis+cluster"),
                        QStringLiteral("rediss+cluster"),
                        QStringLiteral("valkey+cluster"),
                        QStringLiteral("valkeys+cluster"),
                        QStringLiteral("unix")}; ///< What its addresses begin with.
    QString exampleAddress = QStringLiteral("redis://host:6379/0");
    int usualPort = 6379;
    QByteArray recordPrefix = QByteArrayLiteral("worker:"); ///< Before an id, it makes the record's name.
    std::optional<QByteArray> childPrefix; ///< The same for those that hang under others; none: as for them.
    IdForm ids;
    SourceFacts facts = SourceFact::Ttl | SourceFact::Sessions | SourceFact::Counters | SourceFact::Listeners
                        | SourceFact::Process | SourceFact::StatusWord | SourceFact::SharedTiming | SourceFact::Push;
    BeatBasis basis = BeatBasis::KeyTtl;
    BeatPace idlePace; ///< Of a worker without work.
    BeatPace busyPace; ///< Of one at work.
    BeatPace pausedPace; ///< Of one that is paused; none: that of idle ones.
    QString idPattern; ///< Named groups in it are variables of ActTraits::writes. Empty: there are none.
    bool idsEscaped = false; ///< What those groups find is escaped, see escapedName().
    std::array<ActTraits, actCount> acts = keyActs(); ///< By Act.

    bool has(SourceFact fact) const { return facts.testFlag(fact); }
    /// Its workers beat in several paces: no median of all their gaps says anything.
    bool changesPace() const { return idlePace != busyPace || (pausedPace != BeatPace() && pausedPace != idlePace); }
    /// The kind of worker as a machine word, for filters and JSON. No two kinds of one layout share it.
    const QString &kindName() const { return kind.isEmpty() ? worker : kind; }
    /// The same with its layout, for records that outlive the program: "hub:actor". No two kinds share it.
    QString fullKind() const { return layout + u':' + kindName(); }
    /// Its workers are processes on hosts, of a system that a layout describes.
    bool isLaidOut() const { return !registers() && !has(SourceFact::Counters); }
    /// Beats are renewals of a registration: there is no interval to be late by.
    bool registers() const { return basis == BeatBasis::Registration; }
    const ActTraits &of(Act act) const { return acts[size_t(act)]; }
    bool offers(Act act) const { return of(act).whyNot.isEmpty(); }
    /// A worker can be resumed by whoever may command it, and no mark of that stays: one that works again forgot nothing.
    bool resumesUnmarked() const
    {
        const ActTraits &resume = of(Act::Resume);
        return resume.whyNot.isEmpty() && resume.scope == ActScope::Worker && resume.proof == ActProof::PickUp;
    }
    /// Its record is a key of its own, which can be looked up and removed.
    bool hasKey() const { return !recordPrefix.isEmpty(); }
    /// What stands before an id in the name of its record, empty if it has none that one could look up. \a child: it hangs under
    /// another worker.
    const QByteArray &prefixOf(bool child) const { return child && childPrefix ? *childPrefix : recordPrefix; }
    /// What its record is called; null if it has none that one could look up.
    QJsonValue recordName(const QByteArray &id, bool child) const;
    /// Why there is no such act, for people; empty if there is one.
    QString whyNot(Act act) const { return traitText(of(act).whyNot); }
    /// The title of the act there.
    QString actTitle(Act act) const;
    /// The same with the console's own word where that is another: "Quiet (drain)".
    QString actLabel(Act act) const;
    /// Whether its acts are its own, as a layout describes them: what is written for them and how it is taken it says itself.
    bool hasOwnActs() const;
    /// "1 worker", "1,204 actors".
    QString counted(qint64 count) const;
    /// "1 session", "12 jobs".
    QString countedJobs(qint64 count) const;
    bool operator==(const SourceTraits &) const = default;

    /// countingJobs for what a layout calls them: "job" gives "%Ln job(s)".
    static QString countingOf(const QString &unit);
    /// The acts on a worker whose key has a TTL: the common ones.
    static std::array<ActTraits, actCount> keyActs();
};

/// Traits in one byte: an index into a table of the process that only grows. Copied freely, also between threads.
class TraitsRef
{
public:
    /// A worker whose key has a TTL.
    TraitsRef() = default;
    /// Equal traits have equal references. Any thread; at most 255 different ones, after which it is the default.
    static TraitsRef of(const SourceTraits &traits);

    /// The first traits with this SourceTraits::fullKind(), or, without a layout, with this kindName(). If there are none so far,
    /// those of a kind of which nothing is known: it keeps its name, has no facts and takes no commands, and is the real one in
    /// all references as soon as that is registered. At most mostAssumed such kinds; a further one is the default. Any thread.
    static TraitsRef named(const QString &name);
    /// For records that do not say of what kind a worker is: the first kind with an IdForm::before that \a id has.
    static TraitsRef ofId(const QByteArray &id);
    /// The kinds in all traits so far ("worker", "actor"), each once; without those of which nothing is known.
    static QStringList kindNames();

    static constexpr int mostAssumed = 32;
    /// The words of all systems so far ("playwright", "sidekiq"), each once; without those of which nothing is known.
    static QStringList systemWords();

    const SourceTraits &operator*() const;
    const SourceTraits *operator->() const { return &**this; }
    bool operator==(const TraitsRef &) const = default;
    /// Its place in the table, for counting.
    quint8 number() const { return m_index; }
    static TraitsRef numbered(quint8 number)
    {
        TraitsRef ref;
        ref.m_index = number;
        return ref;
    }

private:
    explicit TraitsRef(int index)
        : m_index(quint8(index))
    { }

    quint8 m_index = 0;
};

/// With a capital letter, for the beginning of a sentence.
QString capitalised(QString word);

} // namespace pulsedeck
