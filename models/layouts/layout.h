// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layouttext.h"
#include "models/protocol/act.h"
#include "models/protocol/sourcetraits.h"
#include "models/protocol/worker.h"

#include <QHash>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <optional>
#include <vector>

namespace pulsedeck {

/// How times are written. Auto: seconds or milliseconds by their size (from 10^11 on they are milliseconds), or ISO 8601.
enum class LayoutUnit : quint8 { Seconds, Milliseconds, Iso8601, Ruby, Auto, Nanoseconds };
/// Whose clock a time is by: the worker's machine, the Redis server, or the machine of the application.
enum class LayoutClock : quint8 { Worker, Redis, App };
/// The type of a Redis key, as TYPE says it.
enum class LayoutKeyType : quint8 { Any, String, Hash, List, Set, SortedSet, Stream };

/// A test of a worker, a key or a field.
struct LayoutCondition
{
    enum class Kind : quint8 {
        Equal, ///< The field has this value; several fields have to fit.
        Exists, ///< The field is there.
        Missing, ///< It is not.
        Alive, ///< The record is there and, where a registry is required, the member too.
        EmptyKey, ///< The list, set or sorted set has no entry, or there is no such key.
        AbsentKey, ///< There is no such key.
        PresentKey,
        LastingKey, ///< There is such a key, and it has no TTL.
        Member, ///< {id}, or the member written, is in the set, sorted set or hash.
        NotMember,
        Fresh, ///< The score is younger than so many ms by its clock.
        Unmoved, ///< The stamp or score is the one the operator was shown.
        Gone, ///< The worker has ended.
        Listening, ///< Its channel has a listener.
        KeyEqual, ///< The string at the key or, with a field, that of the hash there, has this value.
        KeyBegins, ///< It begins with this value, or with one of others.
        KeyHasField, ///< The hash at the key has this field.
    };
    Kind kind = Kind::Equal;
    bool negated = false;
    QByteArray field;
    QByteArray value;
    QByteArrayList others{}; ///< Equal, KeyBegins: values that do as well.
    LayoutText key;
    LayoutText member;
    qint64 ms = 0;
    QString because; ///< Of a guard: why nothing is done if it fails, in a sentence; empty: as the console says it.

    /// KeyBegins.
    bool begins(QByteArrayView text) const
    {
        return text.startsWith(value)
               || std::any_of(others.begin(), others.end(), [text](const QByteArray &one) { return text.startsWith(one); });
    }
    /// One of the two may be negated.
    bool asksSame(const LayoutCondition &other) const
    {
        return kind == other.kind && key == other.key && field == other.field && value == other.value && others == other.others;
    }
};
using LayoutConditions = std::vector<LayoutCondition>;

/// Something that shows that a system is in a Redis.
struct LayoutDetection
{
    enum class Kind : quint8 {
        Exists, ///< A key of this name.
        Scan, ///< A key that matches the pattern; looked for within the limits of detection.
        Channels, ///< A channel that matches the pattern has a subscriber.
        Clients, ///< A connection whose name matches the pattern.
    };
    Kind kind = Kind::Exists;
    LayoutText pattern; ///< The key, or the glob-style pattern.
    LayoutKeyType type = LayoutKeyType::Any;
    /// Not counted while a key matches this pattern; empty: always counted. With {queue}: a key is not counted while the queue
    /// that it names, by LayoutQueues::nameFrom, has this key.
    LayoutText without;
    QRegularExpression like; ///< Scan: a key that matches the pattern has to match this as well; empty: any.
    QByteArrayList fields; ///< The hash has one of these, which is asked instead of its type; empty: any.
    QRegularExpression holds; ///< What the string begins with matches it, which is asked instead of its type; empty: any.
    /// The pattern begins with *, and what that stands for is the prefix: nothing, or a text that ends with a colon.
    bool findsPrefix = false;

    /// The name of a key alone does not show it.
    bool looksInside() const { return !fields.isEmpty() || !holds.pattern().isEmpty(); }
    /// What is not counted is decided queue by queue.
    bool isByQueue() const { return without.variables().contains("queue"); }
};

/// One way to find workers; several are joined.
struct LayoutDiscovery
{
    enum class Kind : quint8 {
        Scan, ///< SCAN MATCH key: each key is a worker's record.
        Set, ///< Members of a set.
        SortedSet, ///< Members of a sorted set, with a score.
        Hash, ///< Fields of a hash.
        Lock, ///< A key that is there while its holder lives: one worker.
        Channels, ///< PUBSUB CHANNELS: whoever listens.
        Clients, ///< CLIENT LIST: connections by name.
        Stream, ///< The consumers of the groups of streams.
        Events, ///< Messages, by a reader of the console; see reader.
    };
    enum class Score : quint8 { None, Beat, Expiry };

    Kind kind = Kind::Scan;
    LayoutText key; ///< Key, or glob-style pattern of keys, channels or connection names.
    LayoutKeyType type = LayoutKeyType::Any; ///< Of keys that are found by Scan.
    /// What a member, field or channel is. Empty: it is the id. "key": it is the key of the record, and the id is what stands in
    /// it in the place of {id}. Otherwise a text that makes the id: of {member}, the groups of idFrom, of connections {addr}
    /// (unix:N over a Unix socket, N being its number) and {client} (its number), of consumers {stream} and {group}. The member
    /// of a lock is its value; without a text its key is the id.
    LayoutText memberIs;
    bool memberIsKey = false;
    /// Clients and channels: a pattern with a group "id", unless memberIs says what the id is made of; empty: the whole name.
    QRegularExpression idFrom;
    QByteArray base64; ///< Clients: the named group that is Base64.
    Score score = Score::None;
    LayoutUnit unit = LayoutUnit::Seconds; ///< Of the score, or of the hash's values.
    LayoutClock clock = LayoutClock::Worker;
    QString reader; ///< Events: the name of the built-in reader.
    int tier = 0; ///< Of systems in tiers: 0 is the highest (a Horizon master), 1 below it.
    bool registry = false; ///< It says who is registered: to be compared with the keys.
    /// Clients: a worker is another system's while all of these hold for its {queue}; empty: never. Keys that are there, or not.
    LayoutConditions unless;

    /// What shows that there may be such workers, for a layout that does not say itself how its system is detected. Not set for
    /// messages: nothing in Redis shows that they come.
    std::optional<LayoutDetection> detection() const;
};

/// Where a value is found.
struct LayoutPath
{
    enum class From : quint8 {
        Field, ///< A field of the record's hash, or the record's whole text for an empty name; with a pointer, JSON in it.
        Group, ///< A named group of the pattern of ids.
        Score, ///< The score or value by which it was discovered.
        Text, ///< A named group of the record's text pattern.
        Found, ///< What else discovery gives with it, by name; see foundNames().
    };
    From from = From::Field;
    QByteArray name; ///< Of the field, the group, or of what discovery gives.
    QStringList pointer; ///< Steps of a JSON pointer; empty: the value itself.

    bool operator==(const LayoutPath &) const = default;
    /// What discovery gives besides a score. Connections: name, addr, client (its number), age, idle, cmd, flags, and blocked,
    /// which is true while cmd waits, otherwise false; consumers of streams: stream, group, pending, idle, inactive. Times are as
    /// Redis gives them: s of connections, ms of consumers.
    static QByteArrayList foundNames();
};
/// The first that is there counts.
using LayoutPaths = std::vector<LayoutPath>;

/// What is written about a worker.
struct LayoutRecord
{
    enum class Type : quint8 { None, Hash, String, Json, Text, Protobuf };
    Type type = Type::None;
    LayoutText key; ///< With {id}.
    QRegularExpression text; ///< Text: named groups.
    QString schema; ///< Protobuf: the name of a built-in one.
    bool isSecret = false; ///< Json: the text is not to be read, only the members that fields name, by a script in Redis.
    /// Values by name. These have a meaning: busy, capacity, started, queues, version, processed, failed, memory, job, and those
    /// that the layout's other parts name.
    std::vector<std::pair<QByteArray, LayoutPaths>> fields;
    std::vector<std::pair<QByteArray, LayoutUnit>> units; ///< Of those that are times.

    const LayoutPaths *paths(QByteArrayView field) const
    {
        for (const auto &[name, found] : fields) {
            if (name == field)
                return &found;
        }
        return nullptr;
    }
};

/// How fast beats come and after how long their absence means something, in ms.
struct LayoutPace
{
    qint64 intervalMs = 0; ///< The longest usual one; 0: as measured.
    qint64 lateMs = 0; ///< 0: one and a half intervals.
    qint64 staleMs = 0; ///< 0: three intervals.
};

struct LayoutLiveness
{
    enum class By : quint8 { Ttl, Stamp, Score, Expiry, Connection, Events };
    enum class Registry : quint8 { None, Optional, Required };

    By by = By::Ttl;
    std::vector<qint64> fullTtlMs; ///< What the TTL is right after a beat. One: it proves the age. None: it is learnt.
    Registry registry = Registry::None; ///< Required: alive only with both. Optional: a key alone is unregistered but alive.
    std::vector<qint64> intervalsMs; ///< Usual ones, by version or setting; empty: as measured.
    LayoutPace idle;
    LayoutPace busy; ///< While it has work; equal to idle where it makes no difference.
    LayoutPace paused; ///< While its status is paused; equal to idle where it makes no difference.
    QByteArray stamp; ///< The field with the time of the last beat; empty: none.
    LayoutUnit stampUnit = LayoutUnit::Seconds;
    LayoutClock stampClock = LayoutClock::Worker;
    QByteArray goneIf; ///< A field that says that it has left; empty: none.
    LayoutText listener; ///< The channel that each worker listens on; empty: none.
    qint64 hideAfterMs = 0; ///< Members of which nothing was heard for so long are not shown; 0: always shown.
    /// Fields a whole record has; without one of them it is incomplete.
    QByteArrayList complete;
};

/// A rule for the status; the first that fits counts.
struct LayoutStatusRule
{
    LayoutConditions when; ///< All of them; empty: always.
    WorkerStatus status = WorkerStatus::Available;
    QString word; ///< The system's own word for it ("quiet"); empty: ours.
};

/// One write, as exact bytes.
struct LayoutOp
{
    enum class Kind : quint8 { Set, Del, LPush, RPush, LRem, SRem, ZRem, ZAdd, HSet, HDel, Publish, XGroupDelConsumer, Rename };
    Kind kind = Kind::Set;
    LayoutText key; ///< Or the channel.
    LayoutText field; ///< HSet, HDel; the score of ZAdd; the group of XGroupDelConsumer.
    LayoutText value; ///< With {now-s} and {now-ms}: Redis' time. The consumer of XGroupDelConsumer. The new name of Rename.
    int expireS = 0; ///< Set: EX; LPush, RPush: EXPIRE afterwards. 0: none.
    int count = 0; ///< LRem.
    bool onlyNew = false; ///< Set: NX.
    std::vector<LayoutText> ifAny{}; ///< Written only if one of these keys is there; empty: always, or of Rename its own.
    LayoutConditions when{}; ///< Rename: done only if all of this holds; empty: always.
};

/// A command as the system has it.
struct LayoutCommand
{
    Act act = Act::Drain;
    QString title; ///< The system's own name ("Quiet"); empty: ours.
    QString means; ///< What it does there, in a sentence; empty: as for every worker.
    QString whyNot; ///< Not empty: there is none, and this says why. Then all else is empty.
    ActScope scope = ActScope::Worker;
    std::vector<LayoutOp> ops;
    LayoutConditions guard; ///< Checked in the same script; if one fails nothing is written.
    std::vector<LayoutOp> undo; ///< Until it is picked up; empty: it cannot be undone.
    LayoutConditions pickedUp; ///< Proof that it was read; empty: none.
    LayoutConditions draining;
    LayoutConditions emptied;
    LayoutConditions gone;
    qint64 pickedUpMs = 0; ///< Expected within; 0: unknown.
    qint64 drainingMs = 0;
    qint64 overdueMs = 0; ///< Still there after that: overdue.
    bool once = false; ///< Never sent while pickedUp holds.
    bool reversible = false; ///< Another act undoes it.
    int tier = -1; ///< Only for workers of this tier; -1: all.
};

/// Where queues are and what can be counted of them. Counting is all that is done: no job is read.
struct LayoutQueues
{
    enum class Kind : quint8 { None, Set, Scan, Fields }; ///< Fields: those that workers name.
    struct Count
    {
        enum class How : quint8 { LLen, ZCard, SCard, HLen, Get, StreamLag }; ///< Get: a string that holds a number.
        How how = How::LLen;
        LayoutText key;
    };
    /// Where the time stands since which the job waits that comes next. Nothing else of the job is read.
    struct Oldest
    {
        enum class How : quint8 {
            Score, ///< The lowest score of a sorted set is the time.
            Record, ///< A list of ids; the time is a field of the hash of that job.
            Member, ///< A list of JSON texts; Redis itself takes the member out, and only that leaves it.
        };
        How how = How::Score;
        LayoutText key; ///< The sorted set, or the list.
        bool last = false; ///< Jobs are taken from the end of the list; otherwise from its beginning.
        LayoutText job; ///< Record: the key of the hash, with {job}.
        QByteArray field; ///< Record: the field; Member: the member's name.
        LayoutUnit unit = LayoutUnit::Auto;
    };
    /// How it is known of which queue the jobs are that workers have at work, where no key of the queue counts them.
    struct Working
    {
        enum class How : quint8 {
            None,
            Field, ///< A field of the worker's record names the queue of its job.
            Hashes, ///< Of hashes of JSON texts, one per worker and with {id}, the member names it; Redis counts by itself.
            Sets, ///< A set of each worker and queue, with {id} and {queue}.
            Records, ///< A field of the worker's record has the id of its job, and one of the job's own hash, with {job}, names
                     ///< the queue. A key of the queue may count them as well.
        };
        How how = How::None;
        std::vector<LayoutText> keys;
        QByteArray field; ///< Field and Records: of the worker's record. The member in Hashes.
        QByteArray jobField; ///< Records: of the job's hash.
    };
    /// What a system counts for all of its queues together.
    struct Whole
    {
        std::vector<Count> atWork;
        std::vector<Count> reserved; ///< At work, or fetched by workers and waiting there.
        std::vector<Count> delayed;
        std::vector<Count> failed;
        std::vector<Count> done;
        bool isEmpty() const { return atWork.empty() && reserved.empty() && delayed.empty() && failed.empty() && done.empty(); }
    };
    Kind kind = Kind::None;
    LayoutText key; ///< The set of names, or a pattern of keys. The texts below have {queue}, and {key}, the member or key found.
    LayoutKeyType type = LayoutKeyType::Any;
    QRegularExpression nameFrom; ///< Of a member or key: the group "queue"; empty: the whole of it.
    /// A queue that is found is another system's while all of these hold; empty: never. Keys that are there, or not.
    LayoutConditions unless;
    std::vector<Count> depth; ///< Added up.
    std::vector<Count> atWork;
    std::vector<Count> delayed;
    std::vector<Count> failed;
    std::vector<Count> done; ///< Jobs that were finished, well or not, since some moment.
    std::vector<Count> added; ///< Jobs that came since some moment, those for later among them.
    bool doneByWorkers = false; ///< The field "processed" of workers counts the jobs they have done, well or not.
    std::vector<Oldest> oldest; ///< The longest of those that are found.
    Working working;
    Whole whole;
    LayoutConditions paused; ///< Empty: it cannot be paused, or that is not shown.
    /// Holds while no worker of the system takes a job, from whatever queue: one test of one key. Empty: that is not shown.
    LayoutConditions allPaused;
    QString allPausedWord; ///< The system's own word for that ("suspended"); empty: ours.
    /// Names that are usual, where the keys of queues have nothing in common by which they are known: rights are for these.
    QByteArrayList usual;
    LayoutText beat; ///< A key that some worker of the queue renews; empty: none.
    qint64 beatGraceMs = 0; ///< Missing for longer: no worker serves the queue.

    /// A script in Redis reads what must not leave it.
    bool usesScript() const
    {
        if (working.how == Working::How::Hashes)
            return true;
        for (const Oldest &one : oldest) {
            if (one.how == Oldest::How::Member)
                return true;
        }
        return false;
    }
};

/// A parameter of a system's timing.
struct LayoutTimingParameter
{
    QByteArray name; ///< "worker_ttl".
    QString title;
    QString where; ///< Where it is set, or that it is fixed.
    qint64 defaultMs = 0; ///< 0: it is not used unless an operator sets it.
    /// Values of older versions: of those before the first one named, then of those before the next. All others have the default.
    std::vector<std::pair<QString, qint64>> byVersion;
    bool fixed = false;
    QString measured; ///< "interval", "ttl", or empty: what is measured next to it.
    /// What it is for the judgement of beats: with Limit a worker whose beats are further apart than this is called late or dead;
    /// Command is how long a command waits to be read.
    enum class Role : quint8 { None, Limit, Command };
    Role role = Role::None;
    /// Another parameter from which it follows, as of · factor + plus, and at least a second; empty: it has a value of its own.
    QByteArray follows;
    double followFactor = 1;
    qint64 followPlusMs = 0;
};
/// Values that belong together, as those of one version.
struct LayoutTimingPreset
{
    QString title;
    std::vector<std::pair<QByteArray, qint64>> values; ///< By parameter, in ms.
};
/// left · factor + plus ≤ or < right.
struct LayoutTimingRule
{
    QByteArray left;
    double factor = 1;
    qint64 plusMs = 0;
    QByteArray right; ///< A parameter, or empty: the limit.
    qint64 limitMs = 0;
    bool strict = false;
    bool error = false; ///< Otherwise a warning.
    QString means; ///< What happens if it does not hold, in a sentence.
};

/// How one system keeps its workers in a Redis: its keys, what they say, how its workers are told things. A value, read from a
/// JSON file; see docs/fleets.md. Times are milliseconds.
struct Layout
{
    QString name; ///< "sidekiq": for filters, JSON and settings.
    QString title; ///< "Sidekiq".
    QString versions; ///< "5 to 8".
    QByteArray prefix; ///< The usual one; a source may have another.
    bool prefixIsSet = false; ///< By the operator, for one source: no other is looked for.
    QString worker; ///< "process"; empty: "worker".
    QString workers;
    QString unit; ///< What busy counts: "job", "thread"; empty: "job".
    QString note; ///< What cannot be known of it, in a sentence or two.
    QString killed; ///< What becomes of the work of a worker that was killed, in a sentence.
    /// How well it is understood.
    enum class Understood : quint8 {
        Unsaid, ///< A file of the operator's own.
        Source, ///< From the source code of the system.
        Recorded, ///< From bytes that the running system wrote.
        Tested, ///< Tests run against the system itself.
    };
    Understood understood = Understood::Unsaid;
    bool isTemplate = false; ///< A pattern written by hand: it needs a prefix of the operator's and is never detected by itself.
    QString code; ///< The name of a built-in dialect that does it in code; empty: this file says all.
    std::vector<LayoutDetection> detect; ///< Any one is enough.
    std::vector<LayoutDiscovery> discover;
    QRegularExpression idPattern; ///< An id that does not match is no worker's. Empty: any.
    LayoutRecord record;
    std::vector<LayoutRecord> tiers; ///< Records of the tiers from 1 on.
    std::vector<LayoutLiveness> tierLiveness; ///< Of the same tiers.
    LayoutPaths host;
    LayoutPaths pid;
    LayoutPaths group; ///< Its type or tag.
    LayoutPaths label; ///< A name for people.
    LayoutText parent; ///< The id of the worker above it; tiers from 1 on.
    LayoutLiveness liveness;
    std::vector<LayoutStatusRule> status;
    LayoutQueues queues;
    enum class Watch : quint8 { Prefix, TrackedReads, Sweep };
    Watch watch = Watch::Sweep;
    std::vector<LayoutText> watched; ///< Prefix: what the keys to be announced begin with.
    /// The console's own cadence: a file can ask for a slower one, and for no faster one.
    static constexpr qint64 leastSweepMs = 2'000;
    qint64 sweepMs = leastSweepMs; ///< Where nothing is announced.
    std::vector<LayoutCommand> commands;
    struct Reap
    {
        std::vector<LayoutOp> ops;
        LayoutConditions guard;
        QString means; ///< What is lost by it.
    };
    std::optional<Reap> reap;
    std::vector<LayoutTimingParameter> parameters;
    std::vector<LayoutTimingRule> rules;
    std::vector<LayoutTimingPreset> presets;

    QByteArray json; ///< The text it was read from.
    QString file; ///< Where it was read from; empty for a built-in one.
    bool builtIn = false;

    bool isNull() const { return name.isEmpty(); }
    /// All its workers are found in this way.
    bool findsOnly(LayoutDiscovery::Kind kind) const
    {
        for (const LayoutDiscovery &one : discover) {
            if (one.kind != kind)
                return false;
        }
        return !discover.empty();
    }
    /// Ids are made of names that any client chooses: what would make them ambiguous is escaped, see escapedName().
    bool escapesIds() const { return findsOnly(LayoutDiscovery::Kind::Stream); }
    /// Its keys begin with {prefix}.
    bool hasPrefix() const { return json.contains("{prefix}"); }
    const LayoutCommand *command(Act act, int tier = 0) const
    {
        for (const LayoutCommand &one : commands) {
            if (one.act == act && (one.tier < 0 || one.tier == tier))
                return &one;
        }
        return nullptr;
    }
};

} // namespace pulsedeck
