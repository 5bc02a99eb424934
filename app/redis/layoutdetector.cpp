// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutdetector.h"

#include "app/redis/discoverybudget.h"
#include "app/redis/listedclient.h"
#include "app/redis/serveridentity.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int keptForTypes = 60; // Commands: the types of what was found need some, too.
constexpr int keptForUnknown = 20; // What no layout describes is looked at last.

QByteArray typeName(LayoutKeyType type)
{
    switch (type) {
    case LayoutKeyType::String:
        return "string";
    case LayoutKeyType::Hash:
        return "hash";
    case LayoutKeyType::List:
        return "list";
    case LayoutKeyType::Set:
        return "set";
    case LayoutKeyType::SortedSet:
        return "zset";
    case LayoutKeyType::Stream:
        return "stream";
    case LayoutKeyType::Any:
        break;
    }
    return {};
}

std::vector<Layout> withoutTemplates(std::vector<Layout> layouts)
{
    std::erase_if(layouts, [](const Layout &layout) { return layout.isTemplate || layout.isNull(); });
    return layouts;
}

} // namespace

LayoutDetector::LayoutDetector(RedisConnection &connection, const std::vector<Layout> &layouts, QObject *parent)
    : QObject(parent)
    , m_requests(connection, mostCommands, this)
    , m_systems(withoutTemplates(layouts))
    , m_counts(m_requests, m_systems, this)
    , m_streams(
          m_requests, m_systems, [this] { return hasTime(); }, this)
    , m_patterns(m_systems.layouts())
{
    connect(&m_requests, &DetectionRequests::done, this, &LayoutDetector::takeDone);
    connect(&m_streams, &StreamSearch::found, this, [this](size_t layout, const QByteArray &stream) {
        add(layout, this->layouts()[layout].prefix, FoundSystem::By::Key, stream);
    });
}

// What was found ------------------------------------------------------------------------------------------------------

const Layout *LayoutDetector::layout(const QString &name) const
{
    const auto at =
        std::find_if(layouts().begin(), layouts().end(), [&name](const Layout &layout) { return layout.name == name; });
    return at == layouts().end() ? nullptr : &*at;
}

/// Keys were counted for the prefix that the layout names.
const KeyPatterns::Counted *LayoutDetector::counted(const DetectedSystems::System &system, bool queues) const
{
    const bool listed = system.prefix == m_systems.layoutOf(system).prefix && !m_requests.refused().contains(u"SCAN"_s);
    return listed ? m_patterns.counted(system.layout, queues) : nullptr;
}

std::vector<FoundSystem> LayoutDetector::systems() const
{
    std::vector<FoundSystem> told;
    for (const DetectedSystems::System &system : m_systems.all()) {
        if (m_patterns.isExcluded(system.layout))
            continue;
        FoundSystem &one = told.emplace_back(m_systems.told(system));
        one.more = one.more || (one.workers >= 0 && !m_streams.isWhole(system.layout));
        if (const KeyPatterns::Counted *const workers = counted(system, false)) {
            one.workers = workers->seen.size();
            if (m_systems.layoutOf(system).liveness.by == LayoutLiveness::By::Ttl)
                one.alive = one.workers;
            one.more = !m_whole;
        }
        if (const KeyPatterns::Counted *const queues = counted(system, true)) {
            QSet<QString> names = queues->names + system.queueNames;
            names.removeIf([&](const QString &name) {
                const LayoutConditions &unless = m_systems.layoutOf(system).queues.unless;
                return m_patterns.isOthers(system.layout, unless, name.toUtf8(), sawAllKeys()) != false;
            });
            // An empty list is no key: that there is none now is not that there are no queues.
            one.queues = names.isEmpty() ? -1 : names.size();
            one.more = one.more || !m_whole;
        }
    }
    return told;
}

QByteArray LayoutDetector::sampleKey(const QString &layout, const QByteArray &prefix) const
{
    const DetectedSystems::System *const system = m_systems.find(layout, prefix);
    if (!system)
        return {};
    const KeyPatterns::Counted *const keys = counted(*system, false);
    return system->sample.isEmpty() && keys ? keys->sample : system->sample;
}

void LayoutDetector::takeHeard(const QString &layout, const QByteArray &prefix, qint64 workers, const QByteArray &channel)
{
    const auto known = std::find_if(layouts().begin(), layouts().end(), [&](const Layout &one) { return one.name == layout; });
    if (known == layouts().end())
        return;
    const auto place = size_t(known - layouts().begin());
    DetectedSystems::System *const found = m_systems.find(place, prefix);
    DetectedSystems::System &system = found ? *found : m_systems.add(place, prefix, FoundSystem::By::Channel, channel);
    system.alive = workers;
    system.workers = qMax(system.workers, workers);
}

bool LayoutDetector::isOfFound(const QByteArray &key) const
{
    return std::any_of(m_systems.all().begin(), m_systems.all().end(), [&](const DetectedSystems::System &system) {
        return !m_patterns.isExcluded(system.layout) && m_systems.isOf(system, key);
    });
}

DetectionReport LayoutDetector::report() const
{
    DetectionReport report;
    const std::vector<FoundSystem> found = systems();
    report.systems = QList<FoundSystem>(found.begin(), found.end());
    for (const UnknownBeats &beats : m_unknown.beats()) {
        if (!isOfFound(beats.prefix))
            report.unknown.append(beats);
    }
    report.commands = m_lookCommands;
    report.elapsedMs = m_elapsedMs;
    report.whole = isWhole();
    report.refused = m_requests.refused();
    return report;
}

void LayoutDetector::add(size_t layout, const QByteArray &prefix, FoundSystem::By by, const QByteArray &evidence)
{
    if (m_systems.find(layout, prefix))
        return;
    m_systems.add(layout, prefix, by, evidence);
    m_counts.count(m_systems.size() - 1);
    if (!m_requests.isLooking())
        emit found();
}

// A look --------------------------------------------------------------------------------------------------------------

void LayoutDetector::look()
{
    if (m_requests.isLooking())
        return;
    m_systems.clear();
    m_patterns.clear();
    m_unknown.clear();
    m_clients.reset();
    m_stage = Stage::Keys;
    m_whole = false;
    m_pages = 0;
    m_startedAt = DiscoveryBudget::steadyUs();
    m_requests.begin();
    askKeys();
    askChannels();
    askClients();
    if (m_patterns.isEmpty())
        m_whole = true;
    else
        scan();
    m_streams.look();
    m_requests.everythingAsked();
}

void LayoutDetector::takeDone()
{
    if (m_stage != Stage::Unknown) {
        m_requests.goOn();
        if (m_stage == Stage::Keys) {
            m_stage = Stage::Doubts;
            settleDoubts();
        } else if (m_stage == Stage::Doubts) {
            m_stage = Stage::Marks;
            settleMarks();
        } else {
            m_stage = Stage::Unknown;
            countConnections();
            examineUnknown();
        }
        m_requests.everythingAsked(); // Comes back here.
        return;
    }
    m_requests.end();
    m_lookCommands = m_requests.sent();
    m_elapsedMs = (DiscoveryBudget::steadyUs() - m_startedAt) / 1000;
    emit finished();
}

/// Of a queue that may be another system's it is asked whether the key is there that says so: not all keys may have been seen.
void LayoutDetector::settleDoubts()
{
    for (const KeyPatterns::Doubt &doubt : m_patterns.takeDoubts()) {
        if (m_systems.find(doubt.sign.layout, doubt.sign.prefix))
            continue;
        m_requests.ask({"EXISTS", doubt.other}, [this, doubt](const RedisAnswer &answer) {
            m_requests.noteRefusal(answer, "EXISTS");
            if (answer.ok())
                m_patterns.learn(doubt.other, answer.reply.toInteger() > 0);
            if (!answer.ok() || answer.reply.toInteger() == 0)
                check(doubt.sign, doubt.key);
        });
    }
}

bool LayoutDetector::sawAllKeys() const
{
    return m_whole && !m_requests.refused().contains(u"SCAN"_s);
}

/// Of queues that workers are connected for it is asked whose they are, where the keys seen do not say it, as far as there is
/// room.
void LayoutDetector::settleMarks()
{
    if (!m_clients)
        return;
    QSet<QByteArray> open;
    m_counts.countConnections(*m_clients, [&](size_t layout, const LayoutConditions &unless, const QByteArray &queue) {
        const std::optional<bool> others = m_patterns.isOthers(layout, unless, queue, sawAllKeys());
        for (const QByteArray &key : others ? QByteArrayList() : m_patterns.openMarks(layout, unless, queue))
            open.insert(key);
        return others;
    });
    for (const QByteArray &key : std::as_const(open)) {
        if (!m_requests.hasRoom(keptForUnknown))
            break;
        m_requests.ask({"EXISTS", key}, [this, key](const RedisAnswer &answer) {
            m_requests.noteRefusal(answer, "EXISTS");
            if (answer.ok())
                m_patterns.learn(key, answer.reply.toInteger() > 0);
        });
    }
}

void LayoutDetector::countConnections()
{
    if (!m_clients)
        return;
    m_counts.countConnections(*m_clients, [this](size_t layout, const LayoutConditions &unless, const QByteArray &queue) {
        return m_patterns.isOthers(layout, unless, queue, sawAllKeys());
    });
}

/// Of keys that no layout describes a few are looked at more closely: what type they are, and whether they expire or hold times.
void LayoutDetector::examineUnknown()
{
    const std::vector<UnknownKeys::Question> questions =
        m_unknown.questions([this](const QByteArray &key) { return isOfFound(key); });
    for (const UnknownKeys::Question &question : questions) {
        const QByteArray &key = question.key;
        m_requests.ask({"TYPE", key}, [this, question](const RedisAnswer &answer) {
            const QByteArray type = answer.ok() ? answer.reply.bytes().toByteArray() : QByteArray();
            const std::vector<QByteArrayList> further = UnknownKeys::furtherFor(type, question.key);
            for (const QByteArrayList &words : further) {
                const std::vector<QByteArrayView> views(words.begin(), words.end());
                m_requests.ask(views, [this, question, type, asked = words.front()](const RedisAnswer &found) {
                    if (found.ok())
                        m_unknown.take(question, type, asked, found.reply);
                });
            }
        });
    }
}

void LayoutDetector::askKeys()
{
    for (size_t i = 0; i < layouts().size(); ++i) {
        const QByteArray prefix = layouts()[i].prefix;
        const std::vector<LayoutDetection> &detect = layouts()[i].detect;
        for (size_t place = 0; place < detect.size(); ++place) {
            if (detect[place].kind == LayoutDetection::Kind::Exists)
                check({i, prefix, place}, detect[place].pattern.resolve({{"prefix", prefix}}));
        }
    }
}

void LayoutDetector::askType(const QByteArray &key, LayoutKeyType type, std::function<void()> there)
{
    m_requests.ask({"TYPE", key}, [this, type, there = std::move(there)](const RedisAnswer &answer) {
        m_requests.noteRefusal(answer, "TYPE");
        const QByteArrayView found = answer.ok() ? answer.reply.bytes() : QByteArrayView("none");
        if (found != "none" && (type == LayoutKeyType::Any || found == typeName(type)))
            there();
    });
}

/// What is in it shows it, or else what type it is of. Whatever is of another type is refused, and shows nothing.
void LayoutDetector::askKey(const QByteArray &key, const LayoutDetection &detection, std::function<void()> there)
{
    if (!detection.fields.isEmpty()) {
        std::vector<QByteArrayView> words{"HMGET", key};
        words.insert(words.end(), detection.fields.begin(), detection.fields.end());
        m_requests.ask(words, [this, there = std::move(there)](const RedisAnswer &answer) {
            m_requests.noteRefusal(answer, "HMGET");
            bool has = false;
            for (int i = 0; answer.ok() && i < answer.reply.size(); ++i)
                has = has || !answer.reply.at(i).isNil();
            if (has)
                there();
        });
    } else if (!detection.holds.pattern().isEmpty()) {
        m_requests.ask({"GETRANGE", key, "0", "255"},
                       [this, holds = detection.holds, there = std::move(there)](const RedisAnswer &answer) {
                           m_requests.noteRefusal(answer, "GETRANGE");
                           if (answer.ok() && holds.match(QString::fromUtf8(answer.reply.bytes())).hasMatch())
                               there();
                       });
    } else {
        askType(key, detection.type, std::move(there));
    }
}

void LayoutDetector::check(const KeyPatterns::Sign &sign, const QByteArray &key)
{
    askKey(key, layouts()[sign.layout].detect[sign.detection],
           [this, sign, key] { add(sign.layout, sign.prefix, FoundSystem::By::Key, key); });
}

void LayoutDetector::glance()
{
    if (m_requests.isLooking() || m_requests.isWaiting())
        return;
    for (size_t i = 0; i < layouts().size(); ++i) {
        const QByteArray prefix = layouts()[i].prefix;
        if (m_systems.find(i, prefix))
            continue;
        for (const LayoutDetection &detection : layouts()[i].detect) {
            if (detection.kind == LayoutDetection::Kind::Exists)
                askKey(detection.pattern.resolve({{"prefix", prefix}}), detection, [this] { look(); });
        }
    }
}

/// Channels are common to all databases: where others have keys as well, who listens may belong to one of them.
void LayoutDetector::askChannels()
{
    m_keysElsewhere = false;
    m_requests.ask({"INFO", "keyspace"}, [this](const RedisAnswer &answer) {
        m_keysElsewhere = answer.ok() && hasKeysElsewhere(answer.reply.bytes(), m_requests.connection().url().database);
    });
    for (size_t i = 0; i < layouts().size(); ++i) {
        const QByteArray prefix = layouts()[i].prefix;
        for (const LayoutDetection &detection : layouts()[i].detect) {
            if (detection.kind != LayoutDetection::Kind::Channels)
                continue;
            const QByteArray pattern = detection.pattern.resolve({{"prefix", prefix}});
            m_requests.ask({"PUBSUB", "CHANNELS", pattern}, [this, i, prefix, pattern](const RedisAnswer &answer) {
                m_requests.noteRefusal(answer, "PUBSUB");
                if (answer.ok() && answer.reply.size() > 0 && !m_keysElsewhere)
                    add(i, prefix, FoundSystem::By::Channel, pattern);
            });
        }
    }
}

void LayoutDetector::askClients()
{
    std::vector<std::pair<size_t, QRegularExpression>> wanted;
    bool counts = false;
    for (size_t i = 0; i < layouts().size(); ++i) {
        counts = counts || layouts()[i].findsOnly(LayoutDiscovery::Kind::Clients);
        for (const LayoutDetection &detection : layouts()[i].detect) {
            if (detection.kind == LayoutDetection::Kind::Clients)
                wanted.emplace_back(i, KeyPatterns::expressionFor(detection.pattern, layouts()[i].prefix));
        }
    }
    if (wanted.empty() && !counts)
        return;
    m_requests.ask({"CLIENT", "LIST", "TYPE", "NORMAL"}, [this, wanted = std::move(wanted)](const RedisAnswer &answer) {
        m_requests.noteRefusal(answer, "CLIENT LIST");
        // Refused or too long: connections cannot be known then, and the layout's own watch says so.
        if (!answer.ok() || answer.reply.isTooLarge())
            return;
        m_clients = answer.reply.bytes().toByteArray();
        ListedClient::forEachNamed(*m_clients, [this, &wanted](const ListedClient &client) {
            if (!client.database.isEmpty() && client.database.toInt() != m_requests.connection().url().database)
                return;
            for (const auto &[layout, pattern] : wanted) {
                if (pattern.match(QString::fromUtf8(client.name)).hasMatch())
                    add(layout, layouts()[layout].prefix, FoundSystem::By::Connection, client.name.toByteArray());
            }
        });
    });
}

// Keys ----------------------------------------------------------------------------------------------------------------

/// Whether this look may take further pages of keys.
bool LayoutDetector::hasTime() const
{
    return (DiscoveryBudget::steadyUs() - m_startedAt) / 1000 < scanMs;
}

void LayoutDetector::scan()
{
    ++m_pages;
    const QByteArray count = QByteArray::number(pageKeys);
    m_requests.ask({"SCAN", m_cursor, "COUNT", count}, [this](const RedisAnswer &answer) {
        m_requests.noteRefusal(answer, "SCAN");
        if (!answer.ok()) {
            m_whole = true; // SCAN is refused, so that there is nothing more to look at.
            return;
        }
        m_cursor = answer.reply.at(0).bytes().toByteArray();
        m_whole = m_cursor == "0" || m_cursor.isEmpty();
        if (!m_whole && m_requests.isLooking() && (m_pages < leastPages || hasTime()) && m_pages < mostPages
            && m_requests.hasRoom(keptForTypes)) {
            scan();
            m_requests.connection().sendNow(); // The server gathers the next page while this one is looked at.
        }
        takePage(answer.reply.at(1));
    });
}

bool LayoutDetector::goOn()
{
    const bool busy = m_requests.isLooking() || m_requests.isWaiting();
    if (!busy && m_streams.goOn())
        return true;
    if (busy || m_whole)
        return !m_whole;
    const size_t before = m_systems.size();
    const QByteArray count = QByteArray::number(pageKeys);
    m_requests.ask({"SCAN", m_cursor, "COUNT", count}, [this, before](const RedisAnswer &answer) {
        if (!answer.ok()) {
            m_whole = true;
            return;
        }
        m_cursor = answer.reply.at(0).bytes().toByteArray();
        m_whole = m_cursor == "0" || m_cursor.isEmpty();
        takePage(answer.reply.at(1));
        settleDoubts();
        if (m_systems.size() > before)
            emit found();
    });
    return true;
}

void LayoutDetector::takePage(const RedisReply &keys)
{
    std::vector<KeyPatterns::Sign> signs;
    for (int i = 0; i < keys.size(); ++i) {
        const QByteArrayView key = keys.at(i).bytes();
        if (key.isEmpty() || key.size() > KeyPatterns::longestKey)
            continue;
        if (m_requests.isLooking())
            m_patterns.count(key);
        signs.clear();
        const bool known = m_patterns.see(key, &signs);
        for (const KeyPatterns::Sign &sign : signs)
            check(sign, key.toByteArray());
        if (!known && m_requests.isLooking())
            m_unknown.see(key);
    }
}

} // namespace pulsedeck
