// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/systemcounts.h"

#include "app/redis/clientids.h"
#include "app/redis/pausereader.h"
#include "app/redis/redisnames.h"
#include "models/protocol/timingprofile.h"

#include <QDateTime>

#include <algorithm>
#include <memory>

namespace pulsedeck {

namespace {

/// Its queues are registered, and each worker says which of them it serves.
bool namesQueues(const Layout &layout)
{
    return layout.queues.kind == LayoutQueues::Kind::Set && layout.record.paths("queues");
}

/// They stand in its id, so that no record has to be read.
bool namesQueuesInIds(const Layout &layout)
{
    const LayoutPaths *const paths = layout.record.paths("queues");
    return paths && std::all_of(paths->begin(), paths->end(), [](const LayoutPath &path) {
               return path.from == LayoutPath::From::Group;
           });
}

void addQueues(DetectedSystems::System &system, const QStringList &names)
{
    for (const QString &name : names) {
        if (!name.isEmpty() && !name.contains(u'*')) // Some serve all queues, or those that fit a pattern.
            system.queueNames.insert(name);
    }
}

QStringList queuesInId(const RecordReader &reader, const QByteArray &id)
{
    return reader.describe(0, id, RedisReply(), {}, RecordReading()).queues;
}

} // namespace

SystemCounts::SystemCounts(DetectionRequests &requests, DetectedSystems &systems, QObject *parent)
    : QObject(parent)
    , m_requests(requests)
    , m_systems(systems)
{ }

void SystemCounts::count(size_t place)
{
    const Layout &layout = m_systems.layoutOf(m_systems.at(place));
    for (const LayoutDiscovery &discovery : layout.discover) {
        // Where workers are found by their keys first, what else names them are not all of them.
        if (layout.discover.front().kind == LayoutDiscovery::Kind::Scan)
            break;
        if (discovery.tier == 0)
            countRegistered(place, discovery);
    }
    readPause(place);
    readTiming(place);
    if (layout.queues.kind != LayoutQueues::Kind::Set)
        return;
    // Queues that no job came to yet are not in it: see readQueues().
    const QByteArray key = layout.queues.key.resolve({{"prefix", m_systems.at(place).prefix}});
    m_requests.ask({"SCARD", key}, [this, place](const RedisAnswer &answer) {
        if (answer.ok() && m_systems.has(place))
            m_systems.at(place).queues = qMax(m_systems.at(place).queues, answer.reply.toInteger());
    });
}

void SystemCounts::readPause(size_t place)
{
    const System &system = m_systems.at(place);
    const Layout &layout = m_systems.layoutOf(system);
    if (layout.queues.allPaused.empty())
        return;
    const LayoutCondition &all = layout.queues.allPaused.front();
    const bool byValue = all.kind == LayoutCondition::Kind::KeyEqual;
    const QByteArray key = all.key.resolve({{"prefix", system.prefix}});
    m_requests.ask({byValue ? QByteArrayView("GET") : QByteArrayView("EXISTS"), key},
                   [this, place, all](const RedisAnswer &answer) {
                       if (answer.ok() && m_systems.has(place))
                           m_systems.at(place).paused = PauseReader::holds(all, answer.reply);
                   });
}

void SystemCounts::readTiming(size_t place)
{
    const Layout &layout = m_systems.layoutOf(m_systems.at(place));
    const bool shares = std::any_of(layout.watched.begin(), layout.watched.end(),
                                    [](const LayoutText &text) { return text.resolve({}) == timingKey; });
    if (!shares)
        return;
    const QByteArray beat = timingName(TimingId::HeartbeatInterval);
    const QByteArray ttl = timingName(TimingId::WorkerKeyTtl);
    m_requests.ask({"HMGET", timingKey, beat, ttl}, [this, place, beat, ttl](const RedisAnswer &answer) {
        if (!answer.ok() || !m_systems.has(place) || answer.reply.size() != 2)
            return;
        // A value that means nothing is not told.
        const auto valueOf = [&](const QByteArray &name, int at, qint64 TimingProfile::*value) -> qint64 {
            QStringList problems;
            const QByteArray bytes = answer.reply.at(at).bytes().toByteArray();
            const TimingProfile profile = TimingProfile::fromRecord({{name, bytes}}, &problems);
            return bytes.isEmpty() || !problems.isEmpty() ? -1 : profile.*value;
        };
        m_systems.at(place).beatMs = valueOf(beat, 0, &TimingProfile::heartbeatInterval);
        m_systems.at(place).ttlMs = valueOf(ttl, 1, &TimingProfile::workerKeyTtl);
    });
}

void SystemCounts::countRegistered(size_t place, const LayoutDiscovery &discovery)
{
    using Kind = LayoutDiscovery::Kind;
    const QByteArray key = discovery.key.resolve({{"prefix", m_systems.at(place).prefix}});
    const char *const command = discovery.kind == Kind::Set         ? "SCARD"
                                : discovery.kind == Kind::SortedSet ? "ZCARD"
                                : discovery.kind == Kind::Hash      ? "HLEN"
                                : discovery.kind == Kind::Lock      ? "EXISTS"
                                                                    : nullptr;
    if (!command)
        return;
    m_requests.ask({command, key}, [this, place, key, kind = discovery.kind](const RedisAnswer &answer) {
        if (!answer.ok() || !m_systems.has(place))
            return;
        System &system = m_systems.at(place);
        const qint64 count = answer.reply.toInteger();
        system.workers = qMax(system.workers, count);
        if (kind == Kind::Lock)
            system.alive = system.workers;
        const Layout &layout = m_systems.layoutOf(system);
        if (kind != Kind::Set || !m_requests.isLooking() || count <= 0 || layout.record.type == LayoutRecord::Type::None)
            return;
        system.moreQueues = namesQueues(layout); // Until they were read.
        if ((namesQueues(layout) || m_countsLiving) && count <= mostLookedAt) {
            m_requests.ask({"SMEMBERS", key}, [this, place](const RedisAnswer &members) {
                if (members.ok() && m_systems.has(place))
                    takeMembers(place, members.reply);
            });
        }
    });
    if (discovery.kind == Kind::SortedSet && m_countsLiving)
        countScores(place, discovery);
}

void SystemCounts::takeMembers(size_t place, const RedisReply &members)
{
    System &system = m_systems.at(place);
    const Layout &layout = m_systems.layoutOf(system);
    const LayoutDiscovery &discovery = layout.discover.front();
    QByteArrayList keys;
    QByteArrayList ids;
    for (int i = 0; i < members.size(); ++i) {
        const QByteArray member = members.at(i).bytes().toByteArray();
        ids.append(member);
        keys.append(discovery.memberIsKey ? member : m_systems.recordKey(system, member));
    }
    if (keys.isEmpty())
        return;
    system.sample = keys.front();
    if (m_countsLiving)
        countAlive(place, keys);
    if (!namesQueues(layout))
        return;
    readQueues(place);
    if (namesQueuesInIds(layout)) {
        const RecordReader reader(layout);
        for (const QByteArray &id : ids)
            addQueues(system, queuesInId(reader, id));
        system.moreQueues = false;
    } else if (layout.record.type == LayoutRecord::Type::Hash) {
        readRecords(place, keys);
    }
}

/// Ghosts are members whose key is gone.
void SystemCounts::countAlive(size_t place, const QByteArrayList &keys)
{
    const LayoutLiveness &liveness = m_systems.layoutOf(m_systems.at(place)).liveness;
    // Where keys do not expire, or are there only at work, they do not say who lives.
    const bool says =
        liveness.by == LayoutLiveness::By::Ttl || (liveness.by == LayoutLiveness::By::Stamp && !liveness.fullTtlMs.empty());
    if (!says)
        return;
    std::vector<QByteArrayView> words{"EXISTS"};
    words.insert(words.end(), keys.begin(), keys.end());
    m_requests.ask(words, [this, place](const RedisAnswer &answer) {
        if (answer.ok() && m_systems.has(place))
            m_systems.at(place).alive = answer.reply.toInteger();
    });
}

/// A queue that no job came to yet is in no registry of queues; its workers name it. Those registered are needed by name, too.
void SystemCounts::readQueues(size_t place)
{
    const Layout &layout = m_systems.layoutOf(m_systems.at(place));
    const QByteArray key = layout.queues.key.resolve({{"prefix", m_systems.at(place).prefix}});
    m_requests.ask({"SMEMBERS", key}, [this, place, nameFrom = layout.queues.nameFrom](const RedisAnswer &answer) {
        if (!answer.ok() || !m_systems.has(place))
            return;
        QStringList names;
        for (int i = 0; i < answer.reply.size(); ++i) {
            const QString member = QString::fromUtf8(answer.reply.at(i).bytes());
            const QRegularExpressionMatch match = nameFrom.match(member);
            names.append(match.hasMatch() ? match.captured(u"queue") : member);
        }
        addQueues(m_systems.at(place), names);
    });
}

void SystemCounts::readRecords(size_t place, const QByteArrayList &keys)
{
    const auto reader = std::make_shared<RecordReader>(m_systems.layoutOf(m_systems.at(place)));
    m_systems.at(place).toRead = keys.size();
    const auto unread = std::make_shared<qsizetype>(keys.size());
    for (const QByteArray &key : keys.first(qMin<qsizetype>(keys.size(), mostRecords))) {
        std::vector<QByteArrayView> words{"HMGET", key};
        words.insert(words.end(), reader->wanted().begin(), reader->wanted().end());
        m_requests.ask(words, [this, place, reader, key, unread](const RedisAnswer &answer) {
            if (!answer.ok() || !m_systems.has(place))
                return;
            System &system = m_systems.at(place);
            const RecordReading reading = reader->read(answer.reply, key, {}, 0);
            const WorkerText text = reader->describe(0, key, answer.reply, {}, reading);
            addQueues(system, text.queues);
            takeRecord(system, reading, text);
            system.moreQueues = --*unread > 0;
        });
    }
}

/// What is told of a system without any further command.
void SystemCounts::takeRecord(System &system, const RecordReading &reading, const WorkerText &text)
{
    constexpr qsizetype mostVersions = 3;
    if (!text.version.isEmpty() && !system.versions.contains(text.version) && system.versions.size() < mostVersions) {
        system.versions.append(text.version);
        system.versions.sort();
    }
    if (system.toRead < 0)
        return;
    // A ghost, whose record is gone, has nothing at work.
    if (reading.present && reading.busy < 0) {
        system.toRead = -1;
        return;
    }
    --system.toRead;
    system.records += reading.present ? 1 : 0;
    system.busy += qMax(0, reading.busy);
    system.capacity += qMax(0, text.capacity);
}

/// Those whose score is a time that is young enough, or not over.
void SystemCounts::countScores(size_t place, const LayoutDiscovery &discovery)
{
    if (discovery.score == LayoutDiscovery::Score::None)
        return;
    const LayoutLiveness &liveness = m_systems.layoutOf(m_systems.at(place)).liveness;
    const qint64 stale = qMax<qint64>(liveness.idle.staleMs, 3 * liveness.idle.intervalMs);
    const bool expires = discovery.score == LayoutDiscovery::Score::Expiry;
    if ((!expires && stale <= 0) || (discovery.unit != LayoutUnit::Seconds && discovery.unit != LayoutUnit::Milliseconds))
        return;
    const qint64 sinceMs = QDateTime::currentMSecsSinceEpoch() - (expires ? 0 : stale);
    const QByteArray least = QByteArray::number(discovery.unit == LayoutUnit::Seconds ? sinceMs / 1000 : sinceMs);
    const QByteArray key = discovery.key.resolve({{"prefix", m_systems.at(place).prefix}});
    m_requests.ask({"ZCOUNT", key, least, "+inf"}, [this, place](const RedisAnswer &answer) {
        if (answer.ok() && m_systems.has(place))
            m_systems.at(place).alive = answer.reply.toInteger();
    });
}

void SystemCounts::countConnections(const QByteArray &clients, const IsOthers &isOthers)
{
    const int database = m_requests.connection().url().database;
    for (size_t place = 0; place < m_systems.size(); ++place) {
        System &system = m_systems.at(place);
        const Layout &layout = m_systems.layoutOf(system);
        if (!layout.findsOnly(LayoutDiscovery::Kind::Clients))
            continue;
        const ClientIds ids(layout, {{"prefix", system.prefix}});
        QSet<QByteArray> workers; // One may have several connections.
        system.moreWorkers = false;
        ListedClient::forEachNamed(clients, [&](const ListedClient &client) {
            if (!client.database.isEmpty() && client.database.toInt() != database)
                return;
            const ClientIds::Named named = ids.of(client);
            if (named.id.isEmpty())
                return;
            const std::optional<bool> others =
                named.unless ? isOthers(system.layout, *named.unless, named.queue) : std::optional(false);
            system.moreWorkers = system.moreWorkers || !others;
            if (others == false)
                workers.insert(named.id);
        });
        system.workers = workers.isEmpty() && system.moreWorkers ? -1 : workers.size();
        system.alive = system.moreWorkers ? -1 : workers.size();
        if (!namesQueuesInIds(layout))
            continue;
        const RecordReader reader(layout);
        for (const QByteArray &id : std::as_const(workers))
            addQueues(system, queuesInId(reader, id));
    }
}

} // namespace pulsedeck
