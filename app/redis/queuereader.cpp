// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/queuereader.h"

#include "app/redis/streamreader.h"
#include "models/layouts/layouttime.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace pulsedeck {

namespace {

constexpr qint64 nameEveryMs = 10'000;
constexpr qint64 countEveryMs = 2'000;
constexpr qint64 scanEveryMs = 60'000;
constexpr int pagesInOneLook = 20;
constexpr int pagesAtFirst = 100; // A list that is printed once has the queues of most.
constexpr qsizetype queueLongestName = 256;
constexpr size_t listsInOneCall = 50;
constexpr auto longestJob = "65536";

QByteArrayView countCommand(LayoutQueues::Count::How how)
{
    using enum LayoutQueues::Count::How;
    switch (how) {
    case ZCard:
        return "ZCARD";
    case SCard:
        return "SCARD";
    case HLen:
        return "HLEN";
    case Get:
        return "GET";
    case StreamLag: // Not a length: see add().
    case LLen:
        break;
    }
    return "LLEN";
}

QByteArrayView typeWord(LayoutKeyType type)
{
    static constexpr std::array words{"", "string", "hash", "list", "set", "zset", "stream"};
    return words[size_t(type)];
}

bool hasKey(const LayoutQueues &queues)
{
    return std::any_of(queues.depth.begin(), queues.depth.end(),
                       [](const LayoutQueues::Count &count) { return count.key.variables().contains("key"); });
}

} // namespace

struct QueueReader::Pending
{
    QueueSample sample;
    qint64 oldestAt = 0; ///< Since when the next job waits; 0: not known.
    int left = 1; ///< Answers to come, and one until all is asked.
};

QueueReader::QueueReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits)
    : m_session(session)
    , m_queues(layout.queues)
    , m_variables(variables)
    , m_traits(traits)
    , m_working(session, layout.queues, variables)
    , m_times(session, "queue-times")
    , m_marks(session, variables)
    , m_needsKey(hasKey(layout.queues))
{ }

void QueueReader::lost()
{
    m_asking = false;
    m_namedAt = m_countedAt = 0;
    m_cursor.clear();
    m_scanned.clear();
    m_working.lost();
    m_times.lost();
    for (Queue &queue : m_known)
        queue.missingSince = 0;
}

void QueueReader::look(qint64 now)
{
    const qint64 every = m_queues.kind == LayoutQueues::Kind::Scan ? scanEveryMs : nameEveryMs;
    if (!m_asking && (!m_cursor.isEmpty() || now - m_namedAt >= every || now < m_namedAt)) {
        m_namedAt = now;
        askNames();
    }
    if (now - m_countedAt < countEveryMs && now >= m_countedAt)
        return;
    m_countedAt = now;
    if (m_working.isNeeded())
        m_working.look(now, m_known.keys());
    if (!m_known.isEmpty())
        askCounts(now);
}

// Names ---------------------------------------------------------------------------------------------------------------

QByteArray QueueReader::nameOf(QByteArrayView member) const
{
    if (member.isEmpty() || member.size() > queueLongestName)
        return {};
    if (m_queues.nameFrom.pattern().isEmpty())
        return member.toByteArray();
    const QRegularExpressionMatch match = m_queues.nameFrom.match(QString::fromUtf8(member));
    return match.captured(QStringLiteral("queue")).toUtf8(); // untranslated: the name of a group
}

void QueueReader::takeNamed(const QStringList &queues)
{
    for (const QString &queue : queues) {
        const QByteArray name = queue.toUtf8();
        if (name.isEmpty() || name.size() > queueLongestName || name.contains('*') || m_named.size() >= mostQueues)
            continue;
        m_named.insert(name);
        if (!m_needsKey && !m_known.contains(name) && m_known.size() < mostQueues)
            m_known.insert(name, {}); // Counted in the next round.
    }
}

void QueueReader::askNames()
{
    if (m_queues.kind == LayoutQueues::Kind::Fields) {
        takeNames({}, true);
        return;
    }
    m_asking = true;
    if (m_queues.kind == LayoutQueues::Kind::Scan) {
        if (m_cursor.isEmpty())
            m_cursor = "0";
        scan(m_scannedOnce ? pagesInOneLook : pagesAtFirst);
        return;
    }
    m_session.ask({"SMEMBERS", m_queues.key.resolve(m_variables)}, [this](const RedisAnswer &answer) {
        m_asking = false;
        if (!answer.ok())
            return;
        QHash<QByteArray, QByteArray> names;
        for (int i = 0; i < answer.reply.size(); ++i)
            takeName(&names, answer.reply.at(i).bytes());
        takeNames(names, true);
    });
}

void QueueReader::takeName(QHash<QByteArray, QByteArray> *found, QByteArrayView member) const
{
    const QByteArray name = nameOf(member);
    if (!name.isEmpty())
        found->insert(name, member.toByteArray());
}

/// So many pages, then the next look goes on: however many keys there are, all of them are seen.
void QueueReader::scan(int pagesLeft)
{
    const QByteArray pattern = m_queues.key.resolve(m_variables);
    std::vector<QByteArrayView> words{"SCAN", m_cursor, "MATCH", pattern, "COUNT", "1000"};
    if (m_queues.type != LayoutKeyType::Any && !m_untyped)
        words.insert(words.end(), {"TYPE", typeWord(m_queues.type)});
    m_session.ask(words, [this, pagesLeft](const RedisAnswer &answer) {
        if (answer.outcome == RedisAnswer::Outcome::Error && !m_untyped && answer.isError("ERR")) {
            m_untyped = true; // Redis before 6.
            scan(pagesLeft);
            return;
        }
        m_asking = false;
        if (!answer.ok()) {
            m_cursor.clear();
            m_scanned.clear();
            return;
        }
        const RedisReply keys = answer.reply.at(1);
        for (int i = 0; i < keys.size() && m_scanned.size() < mostQueues; ++i)
            takeName(&m_scanned, keys.at(i).bytes());
        m_cursor = answer.reply.at(0).bytes().toByteArray();
        if (m_cursor == "0") {
            m_cursor.clear();
            m_scannedOnce = true;
            takeScanned(std::exchange(m_scanned, {}), true);
        } else if (pagesLeft > 1) {
            m_asking = true;
            scan(pagesLeft - 1);
        } else {
            m_scannedOnce = true;
            takeScanned(m_scanned, false);
        }
    });
}

/// Without those that are another system's, which is asked first where there may be some.
void QueueReader::takeScanned(const QHash<QByteArray, QByteArray> &names, bool all)
{
    if (m_queues.unless.empty()) {
        takeNames(names, all);
        return;
    }
    QSet<QByteArray> keys;
    for (auto name = names.cbegin(); name != names.cend(); ++name)
        m_marks.addKeys(&keys, m_queues.unless, name.key());
    m_asking = true;
    m_marks.read(keys, [this, names, all] {
        m_asking = false;
        QHash<QByteArray, QByteArray> own = names;
        own.removeIf([this](QHash<QByteArray, QByteArray>::iterator name) {
            return m_marks.isOthers(m_queues.unless, name.key()) || m_marks.isOpen(m_queues.unless, name.key());
        });
        takeNames(own, all);
    });
}

/// \a all: what is not among them is gone, unless workers name it.
void QueueReader::takeNames(const QHash<QByteArray, QByteArray> &names, bool all)
{
    if (all) {
        m_known.removeIf([&](QHash<QByteArray, Queue>::iterator queue) {
            if (names.contains(queue.key()))
                return false;
            // Of a list that is empty there is no key, and its queue is there all the same.
            if (m_named.contains(queue.key()) && (!m_needsKey || !queue->key.isEmpty())) {
                if (!m_needsKey)
                    queue->key.clear();
                return false;
            }
            QueueSample gone;
            gone.name = queue.key();
            gone.traits = m_traits;
            gone.readAt = m_session.now();
            gone.gone = true;
            tell(gone);
            return true;
        });
    }
    bool fresh = false;
    for (auto name = names.cbegin(); name != names.cend(); ++name) {
        const auto known = m_known.find(name.key());
        if (known != m_known.end()) {
            known->key = name.value();
        } else if (m_known.size() < mostQueues) {
            m_known.insert(name.key(), {name.value(), 0, -1, 0});
            fresh = true;
        }
    }
    if (fresh)
        m_countedAt = 0;
    m_session.flushIfIdle();
}

// Counts --------------------------------------------------------------------------------------------------------------

void QueueReader::tell(const QueueSample &sample)
{
    m_session.addQueue(sample);
    if (m_observer)
        m_observer(sample);
}

void QueueReader::ask(const PendingRef &pending, std::initializer_list<QByteArrayView> words, RedisConnection::Handler handler)
{
    ++m_asked;
    ++pending->left;
    m_session.ask(words, [this, pending, handler = std::move(handler)](const RedisAnswer &answer) {
        handler(answer);
        finish(pending);
    });
}

void QueueReader::finish(const PendingRef &pending)
{
    if (--pending->left > 0)
        return;
    QueueSample &sample = pending->sample;
    sample.readAt = m_session.now();
    if (sample.whole) {
        m_session.addQueue(sample);
    } else {
        const auto known = m_known.find(sample.name);
        if (known == m_known.end())
            return; // It went meanwhile.
        known->waiting = sample.waiting;
        // Clocks of others may be ahead.
        if (pending->oldestAt > 0 && sample.waiting != 0)
            sample.oldestMs = qMax<qint64>(0, sample.readAt - pending->oldestAt);
        if (m_working.counts())
            sample.atWork = m_working.of(sample.name);
        sample.scriptRefused = m_working.isRefused() || m_times.isRefused();
        tell(sample);
    }
    m_session.flushIfIdle();
}

/// Those that were not counted for longest come first.
void QueueReader::askCounts(qint64 now)
{
    std::vector<std::pair<qint64, QByteArray>> turn;
    turn.reserve(size_t(m_known.size()));
    for (auto queue = m_known.cbegin(); queue != m_known.cend(); ++queue)
        turn.emplace_back(queue->countedAt, queue.key());
    std::sort(turn.begin(), turn.end());
    m_asked = 0;
    if (!m_queues.whole.isEmpty())
        askWhole();
    std::vector<PendingRef> all;
    for (const auto &[countedAt, name] : turn) {
        if (m_asked >= mostCommands)
            break;
        Queue &queue = m_known[name];
        queue.countedAt = now;
        const auto pending = std::make_shared<Pending>();
        QueueSample &sample = pending->sample;
        sample.name = name;
        sample.traits = m_traits;
        sample.named = queue.key.isEmpty();
        sample.pausable = !m_queues.paused.empty();
        sample.doneByWorkers = m_queues.doneByWorkers;
        sample.tellsOldest = !m_queues.oldest.empty();
        askQueue(pending);
        all.push_back(pending);
    }
    askTimes(all);
    for (const PendingRef &pending : all)
        finish(pending);
}

void QueueReader::askWhole()
{
    const auto pending = std::make_shared<Pending>();
    QueueSample &sample = pending->sample;
    sample.traits = m_traits;
    sample.whole = true;
    // Of what was counted in the last round.
    for (const Queue &queue : std::as_const(m_known)) {
        if (queue.waiting < 0) {
            sample.waiting = -1;
            break;
        }
        sample.waiting = qMax<qint64>(0, sample.waiting) + queue.waiting;
    }
    if (m_working.counts())
        sample.atWork = m_working.total();
    add(pending, m_queues.whole.atWork, &QueueSample::atWork, m_variables);
    add(pending, m_queues.whole.reserved, &QueueSample::reserved, m_variables);
    add(pending, m_queues.whole.delayed, &QueueSample::delayed, m_variables);
    add(pending, m_queues.whole.failed, &QueueSample::failed, m_variables);
    add(pending, m_queues.whole.done, &QueueSample::done, m_variables);
    finish(pending);
}

void QueueReader::askQueue(const PendingRef &pending)
{
    const QByteArray name = pending->sample.name;
    LayoutVariables variables = m_variables;
    variables.insert("queue", name);
    variables.insert("key", m_known.value(name).key);
    if (!m_queues.depth.empty())
        pending->sample.key = m_queues.depth.front().key.resolve(variables);
    add(pending, m_queues.depth, &QueueSample::waiting, variables);
    add(pending, m_queues.atWork, &QueueSample::atWork, variables);
    add(pending, m_queues.delayed, &QueueSample::delayed, variables);
    add(pending, m_queues.failed, &QueueSample::failed, variables);
    add(pending, m_queues.done, &QueueSample::done, variables);
    add(pending, m_queues.added, &QueueSample::added, variables);
    for (const LayoutCondition &condition : m_queues.paused)
        askPaused(pending, condition, variables);
    if (m_known.value(name).waiting != 0) {
        for (const LayoutQueues::Oldest &oldest : m_queues.oldest)
            askOldest(pending, oldest, variables);
    }
    if (!m_queues.beat.isEmpty()) {
        ask(pending, {"PTTL", m_queues.beat.resolve(variables)}, [this, pending](const RedisAnswer &answer) {
            if (answer.ok())
                takeBeat(pending, answer.reply.toInteger() != -2);
        });
    }
}

void QueueReader::add(const PendingRef &pending, const Counts &counts, qint64 QueueSample::*member,
                      const LayoutVariables &variables)
{
    for (const LayoutQueues::Count &count : counts) {
        const QByteArray key = count.key.resolve(variables);
        const auto take = [pending, member](qint64 number) {
            pending->sample.*member = qMax<qint64>(0, pending->sample.*member) + number;
        };
        if (count.how == LayoutQueues::Count::How::StreamLag) {
            ask(pending, {"XINFO", "GROUPS", key}, [take](const RedisAnswer &answer) {
                const qint64 lag = answer.ok() ? StreamReader::lagOf(answer.reply) : -1;
                if (lag >= 0)
                    take(lag);
            });
            continue;
        }
        ask(pending, {countCommand(count.how), key},
            [take, get = count.how == LayoutQueues::Count::How::Get](const RedisAnswer &answer) {
                if (!answer.ok())
                    return;
                bool ok = true;
                const qint64 number = !get                   ? answer.reply.toInteger()
                                      : answer.reply.isNil() ? 0 // Nothing was counted yet.
                                                             : answer.reply.bytes().toLongLong(&ok);
                if (ok && number >= 0)
                    take(number);
            });
    }
}

/// A pause of all of its conditions.
void QueueReader::askPaused(const PendingRef &pending, const LayoutCondition &condition, const LayoutVariables &variables)
{
    const QByteArray key = condition.key.resolve(variables);
    const auto take = [pending, condition](const RedisAnswer &answer) {
        if (!answer.ok())
            return;
        using Kind = LayoutCondition::Kind;
        const RedisReply &reply = answer.reply;
        const bool holds = condition.kind == Kind::KeyEqual    ? reply.bytes() == condition.value
                           : condition.kind == Kind::KeyBegins ? condition.begins(reply.bytes())
                           : condition.kind == Kind::Equal     ? reply.bytes() == condition.value
                           : condition.kind == Kind::Exists    ? reply.isText()
                                                               : reply.toInteger() > 0;
        pending->sample.paused = pending->sample.paused || holds != condition.negated;
    };
    if (condition.kind == LayoutCondition::Kind::Member)
        ask(pending, {"SISMEMBER", key, condition.member.resolve(variables)}, take);
    else if (condition.kind == LayoutCondition::Kind::KeyHasField)
        ask(pending, {"HEXISTS", key, condition.field}, take);
    else if (!condition.field.isEmpty())
        ask(pending, {"HGET", key, condition.field}, take);
    else if (!condition.value.isEmpty())
        ask(pending, {"GET", key}, take);
    else
        ask(pending, {"EXISTS", key}, take);
}

/// Of a sorted set the lowest score; of a list of ids one field of the job that comes next. Lists of JSON texts: see askTimes().
void QueueReader::askOldest(const PendingRef &pending, const LayoutQueues::Oldest &oldest, const LayoutVariables &variables)
{
    const auto take = [pending, unit = oldest.unit](QByteArrayView text) {
        const qint64 at = layoutTime(text, unit);
        if (at > 0 && (pending->oldestAt == 0 || at < pending->oldestAt))
            pending->oldestAt = at;
    };
    const QByteArray key = oldest.key.resolve(variables);
    if (oldest.how == LayoutQueues::Oldest::How::Score) {
        ask(pending, {"ZRANGE", key, "0", "0", "WITHSCORES"}, [take](const RedisAnswer &answer) {
            if (!answer.ok() || answer.reply.size() == 0)
                return;
            const RedisReply first = answer.reply.at(0); // With RESP3 a pair.
            take(first.size() == 2 ? first.at(1).bytes() : answer.reply.at(1).bytes());
        });
    } else if (oldest.how == LayoutQueues::Oldest::How::Record) {
        ask(pending, {"LINDEX", key, oldest.last ? "-1" : "0"},
            [this, pending, oldest, variables, take](const RedisAnswer &answer) {
                const QByteArrayView id = answer.ok() ? answer.reply.bytes() : QByteArrayView();
                if (id.isEmpty() || id.size() > queueLongestName)
                    return;
                LayoutVariables ofJob = variables;
                ofJob.insert("job", id.toByteArray());
                ask(pending, {"HGET", oldest.job.resolve(ofJob), oldest.field}, [take](const RedisAnswer &time) {
                    if (time.ok())
                        take(time.reply.bytes());
                });
            });
    }
}

/// Many lists by one script, which lets nothing but times out of Redis.
void QueueReader::askTimes(const std::vector<PendingRef> &all)
{
    for (const LayoutQueues::Oldest &oldest : m_queues.oldest) {
        if (oldest.how != LayoutQueues::Oldest::How::Member)
            continue;
        std::vector<PendingRef> waiting;
        for (const PendingRef &pending : all) {
            if (m_known.value(pending->sample.name).waiting != 0)
                waiting.push_back(pending);
        }
        for (size_t from = 0; from < waiting.size(); from += listsInOneCall) {
            const std::vector<PendingRef> some(waiting.begin() + qsizetype(from),
                                               waiting.begin() + qsizetype(qMin(waiting.size(), from + listsInOneCall)));
            std::vector<QByteArray> keys;
            for (const PendingRef &pending : some) {
                LayoutVariables variables = m_variables;
                variables.insert("queue", pending->sample.name);
                variables.insert("key", m_known.value(pending->sample.name).key);
                keys.push_back(oldest.key.resolve(variables));
                ++pending->left;
            }
            ++m_asked;
            m_times.call(
                keys, {oldest.last ? "-1" : "0", oldest.field, longestJob},
                [some, unit = oldest.unit](const RedisReply &reply) {
                    for (size_t i = 0; i < some.size(); ++i) {
                        const qint64 at = layoutTime(reply.at(int(i)).bytes(), unit);
                        if (at > 0 && (some[i]->oldestAt == 0 || at < some[i]->oldestAt))
                            some[i]->oldestAt = at;
                    }
                },
                [this, some] {
                    for (const PendingRef &pending : some)
                        finish(pending);
                });
        }
    }
}

/// Missing for a moment it was only not renewed yet.
void QueueReader::takeBeat(const PendingRef &pending, bool beats)
{
    QueueSample &sample = pending->sample;
    sample.served = beats;
    const auto known = m_known.find(sample.name);
    if (known == m_known.end())
        return;
    const qint64 now = m_session.now();
    if (beats)
        known->missingSince = 0;
    else if (known->missingSince == 0)
        known->missingSince = now;
    else
        sample.unserved = now - known->missingSince >= m_queues.beatGraceMs;
}

} // namespace pulsedeck
