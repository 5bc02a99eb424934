// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutdetector.h"

#include "app/redis/discoverybudget.h"
#include "app/redis/listedclient.h"
#include "app/redis/pausereader.h"
#include "app/redis/recordreader.h"
#include "app/redis/serveridentity.h"

#include <QDateTime>
#include <QPointer>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestPrefix = 128;

/// A field of what XINFO answers: names and values in turn.
qint64 infoNumber(const RedisReply &row, QByteArrayView name)
{
    for (int i = 0; i + 1 < row.size(); i += 2) {
        if (row.at(i).bytes() == name)
            return row.at(i + 1).toInteger();
    }
    return 0;
}

/// So many members of a registry are looked at, whether they have a key.
constexpr qint64 mostLookedAt = 1'000;

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

/// A glob-style pattern as a regular expression; \a prefix, found at its beginning, may be any.
QRegularExpression patternOf(const LayoutText &text, const QByteArray &prefix)
{
    const QByteArray open = text.resolve({{"prefix", QByteArray(1, '\1')}});
    QString expression = u"^"_s;
    for (const char c : open) {
        if (c == '\1' && prefix.isEmpty())
            continue;
        if (c == '\1')
            expression += u"(?<prefix>"_s + QRegularExpression::escape(QString::fromUtf8(prefix)) + u")"_s;
        else if (c == '*')
            expression += u".*"_s;
        else if (c == '?')
            expression += u"."_s;
        else
            expression += QRegularExpression::escape(QString(QLatin1Char(c)));
    }
    // A pattern that begins with a star finds the prefix itself: "*masters" stands for {prefix}masters.
    if (open.startsWith('*'))
        expression = u"^(?<prefix>.*)"_s + expression.mid(3);
    return QRegularExpression(expression + u"$"_s, QRegularExpression::DotMatchesEverythingOption);
}

/// Whether it is the key of a worker's record, without a prefix. Ids that stand in no key, as those of Celery, say nothing of
/// keys.
bool isRecordOf(const Layout &layout, const QByteArray &key)
{
    const QByteArray mark(1, '\0');
    const QByteArray whole = layout.record.key.resolve({{"prefix", {}}, {"id", mark}});
    const qsizetype at = whole.indexOf(mark);
    if (at < 0 || layout.idPattern.pattern().isEmpty() || key.size() < whole.size() || !key.startsWith(whole.first(at))
        || !key.endsWith(whole.sliced(at + 1)))
        return false;
    const QByteArray id = key.sliced(at, key.size() - whole.size() + 1);
    return layout.idPattern.match(QString::fromUtf8(id)).hasMatch();
}

/// Its queues are a set, and each worker's hash has the names of those it serves.
bool namesQueuesInRecords(const Layout &layout)
{
    return layout.queues.kind == LayoutQueues::Kind::Set && layout.record.type == LayoutRecord::Type::Hash
           && layout.record.paths("queues");
}

} // namespace

LayoutDetector::LayoutDetector(RedisConnection &connection, std::vector<Layout> layouts, QObject *parent)
    : QObject(parent)
    , m_connection(connection)
    , m_layouts(std::move(layouts))
{
    std::erase_if(m_layouts, [](const Layout &layout) { return layout.isTemplate || layout.isNull(); });
    for (size_t i = 0; i < m_layouts.size(); ++i) {
        for (const LayoutDetection &detection : m_layouts[i].detect) {
            if (detection.kind != LayoutDetection::Kind::Scan)
                continue;
            if (detection.type == LayoutKeyType::Stream && !detection.findsPrefix) {
                m_typed.push_back({i, detection.pattern.resolve({{"prefix", m_layouts[i].prefix}})});
                continue;
            }
            m_patterns.push_back(makePattern(i, detection.pattern, detection.type, false));
            if (!detection.without.isEmpty())
                m_patterns.push_back(makePattern(i, detection.without, LayoutKeyType::Any, true));
        }
        const auto countBy = [this, i](const LayoutText &text, bool queues) {
            Pattern pattern = makePattern(i, text, LayoutKeyType::Any, false);
            m_counted.push_back({i, queues, std::move(pattern.keys), pattern.head, pattern.tail, {}, {}});
        };
        if (!m_layouts[i].discover.empty() && m_layouts[i].discover.front().kind == LayoutDiscovery::Kind::Scan)
            countBy(m_layouts[i].discover.front().key, false);
        // Streams are queues by their type, and not by what they are called.
        if (m_layouts[i].queues.kind == LayoutQueues::Kind::Scan && !m_layouts[i].findsOnly(LayoutDiscovery::Kind::Stream))
            countBy(m_layouts[i].queues.key, true);
    }
}

LayoutDetector::Pattern LayoutDetector::makePattern(size_t layout, const LayoutText &text, LayoutKeyType type,
                                                    bool excludes) const
{
    const QByteArray prefix = m_layouts[layout].prefix;
    Pattern pattern{layout, patternOf(text, prefix), type, {}, {}, excludes, {}};
    const QByteArray glob = text.resolve({{"prefix", prefix}});
    const auto isWild = [](char c) { return c == '*' || c == '?' || c == '['; };
    const auto first = std::find_if(glob.begin(), glob.end(), isWild);
    const auto last = std::find_if(glob.rbegin(), glob.rend(), isWild);
    pattern.head = glob.first(first - glob.begin());
    pattern.tail = first == glob.end() ? QByteArray() : glob.last(last - glob.rbegin());
    return pattern;
}

const Layout *LayoutDetector::layout(const QString &name) const
{
    const auto at =
        std::find_if(m_layouts.begin(), m_layouts.end(), [&name](const Layout &layout) { return layout.name == name; });
    return at == m_layouts.end() ? nullptr : &*at;
}

std::vector<FoundSystem> LayoutDetector::systems() const
{
    std::vector<FoundSystem> systems;
    for (const Candidate &candidate : m_found) {
        if (m_excluded.contains(candidate.layout))
            continue;
        const Layout &layout = m_layouts[candidate.layout];
        FoundSystem &system = systems.emplace_back();
        system.layout = layout.name;
        system.title = layout.title;
        system.prefix = candidate.prefix;
        system.workers = candidate.workers;
        system.queues = qMax<qint64>(candidate.queues, candidate.queueNames.isEmpty() ? -1 : candidate.queueNames.size());
        system.moreQueues = candidate.moreQueues;
        system.alive = candidate.alive;
        system.by = candidate.by;
        system.evidence = candidate.evidence;
        system.hasPrefix = layout.hasPrefix();
        system.note = PauseReader::note(candidate.paused, layout.queues.allPausedWord);
        // Keys were counted for the prefix that the layout names.
        if (candidate.prefix != layout.prefix)
            continue;
        const auto typed = std::find_if(m_typed.begin(), m_typed.end(),
                                        [&candidate](const Typed &one) { return one.layout == candidate.layout; });
        if (typed != m_typed.end())
            system.more = system.workers >= 0 && !typed->whole;
        if (const Counted *const keys = counted(candidate.layout, false)) {
            system.workers = keys->seen.size();
            if (layout.liveness.by == LayoutLiveness::By::Ttl)
                system.alive = system.workers;
            system.more = !m_whole;
        }
        if (const Counted *const keys = counted(candidate.layout, true)) {
            system.queues = keys->seen.size();
            system.more = system.more || !m_whole;
        }
    }
    return systems;
}

const LayoutDetector::Counted *LayoutDetector::counted(size_t layout, bool queues) const
{
    const auto at = std::find_if(m_counted.begin(), m_counted.end(),
                                 [&](const Counted &one) { return one.layout == layout && one.queues == queues; });
    return at == m_counted.end() || m_refused.contains(u"SCAN"_s) ? nullptr : &*at;
}

QByteArray LayoutDetector::sampleKey(const QString &layout, const QByteArray &prefix) const
{
    for (const Candidate &candidate : m_found) {
        const Layout &known = m_layouts[candidate.layout];
        if (known.name != layout || candidate.prefix != prefix)
            continue;
        const Counted *const keys = counted(candidate.layout, false);
        return candidate.sample.isEmpty() && keys && known.prefix == prefix ? keys->sample : candidate.sample;
    }
    return {};
}

void LayoutDetector::takeHeard(const QString &layout, const QByteArray &prefix, qint64 workers, const QByteArray &channel)
{
    for (size_t i = 0; i < m_layouts.size(); ++i) {
        if (m_layouts[i].name != layout)
            continue;
        auto known = std::find_if(m_found.begin(), m_found.end(), [&](const Candidate &candidate) {
            return candidate.layout == i && candidate.prefix == prefix;
        });
        if (known == m_found.end())
            known = m_found.insert(m_found.end(), {i, prefix, -1, -1, FoundSystem::By::Channel, channel});
        known->alive = workers;
        known->workers = qMax(known->workers, workers);
    }
}

/// Whether a key belongs to a system that was found, as far as its name says.
bool LayoutDetector::isOfFound(const QByteArray &key) const
{
    return std::any_of(m_found.begin(), m_found.end(), [&](const Candidate &candidate) {
        const Layout &layout = m_layouts[candidate.layout];
        if (m_excluded.contains(candidate.layout))
            return false;
        if (!candidate.prefix.isEmpty())
            return key.startsWith(candidate.prefix);
        const bool watched = std::any_of(layout.watched.begin(), layout.watched.end(), [&key](const LayoutText &text) {
            const QByteArray head = text.resolve({{"prefix", {}}});
            return !head.isEmpty() && key.startsWith(head);
        });
        return watched || isRecordOf(layout, key);
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
    report.refused = m_refused;
    return report;
}

void LayoutDetector::noteRefusal(const RedisAnswer &answer, const char *command)
{
    const QString name = QString::fromLatin1(command);
    if (answer.isError("NOPERM") && !m_refused.contains(name))
        m_refused.append(name);
}

void LayoutDetector::ask(std::span<const QByteArrayView> words, std::function<void(const RedisAnswer &)> then)
{
    if (m_looking && m_commands >= mostCommands)
        return;
    ++m_commands;
    ++m_waiting;
    m_connection.request(words, [self = QPointer<LayoutDetector>(this), then = std::move(then)](const RedisAnswer &answer) {
        if (!self)
            return;
        --self->m_waiting;
        const bool ended = answer.outcome == RedisAnswer::Outcome::Lost || answer.outcome == RedisAnswer::Outcome::Timeout;
        if (!ended)
            then(answer);
        self->answered();
    });
}

void LayoutDetector::ask(std::initializer_list<QByteArrayView> words, std::function<void(const RedisAnswer &)> then)
{
    ask(std::span<const QByteArrayView>(words.begin(), words.size()), std::move(then));
}

void LayoutDetector::answered()
{
    if (!m_looking || m_waiting > 0)
        return;
    if (!m_examined) {
        m_examined = true;
        m_waiting = 1; // Until everything was asked.
        countConnections();
        examineUnknown();
        --m_waiting;
        if (m_waiting > 0)
            return;
    }
    m_looking = false;
    m_lookCommands = m_commands;
    m_elapsedMs = (DiscoveryBudget::steadyUs() - m_startedAt) / 1000;
    emit finished();
}

void LayoutDetector::look()
{
    if (m_looking)
        return;
    m_looking = true;
    m_found.clear();
    m_excluded.clear();
    m_unknown.clear();
    m_refused.clear();
    m_examined = false;
    for (Pattern &pattern : m_patterns)
        pattern.seen.clear();
    for (Typed &typed : m_typed)
        typed = {typed.layout, typed.pattern};
    for (Counted &counted : m_counted) {
        counted.seen.clear();
        counted.sample.clear();
    }
    m_clientNames.clear();
    m_clientsKnown = false;
    m_commands = m_pages = 0;
    m_whole = false;
    m_startedAt = DiscoveryBudget::steadyUs();
    m_waiting = 1; // Until everything was asked.
    askKeys();
    askChannels();
    askClients();
    if (m_patterns.empty())
        m_whole = true;
    else
        scan();
    for (size_t i = 0; i < m_typed.size(); ++i)
        scanTyped(i);
    --m_waiting;
    answered();
}

/// Of keys that no layout describes a few are looked at more closely: what type they are, and whether they expire or hold times.
void LayoutDetector::examineUnknown()
{
    const std::vector<UnknownKeys::Question> questions =
        m_unknown.questions([this](const QByteArray &key) { return isOfFound(key); });
    for (const UnknownKeys::Question &question : questions) {
        const QByteArray &key = question.key;
        ask({"TYPE", key}, [this, question](const RedisAnswer &answer) {
            const QByteArray type = answer.ok() ? answer.reply.bytes().toByteArray() : QByteArray();
            const std::vector<QByteArrayList> further = UnknownKeys::furtherFor(type, question.key);
            for (const QByteArrayList &words : further) {
                const std::vector<QByteArrayView> views(words.begin(), words.end());
                ask(views, [this, question, type, asked = words.front()](const RedisAnswer &found) {
                    if (found.ok())
                        m_unknown.take(question, type, asked, found.reply);
                });
            }
        });
    }
}

void LayoutDetector::askKeys()
{
    for (size_t i = 0; i < m_layouts.size(); ++i) {
        const QByteArray prefix = m_layouts[i].prefix;
        for (const LayoutDetection &detection : m_layouts[i].detect) {
            if (detection.kind == LayoutDetection::Kind::Exists)
                checkType(i, prefix, detection.pattern.resolve({{"prefix", prefix}}), detection.type);
        }
    }
}

void LayoutDetector::checkType(size_t layout, const QByteArray &prefix, const QByteArray &key, LayoutKeyType type)
{
    ask({"TYPE", key}, [this, layout, prefix, key, type](const RedisAnswer &answer) {
        noteRefusal(answer, "TYPE");
        const QByteArrayView found = answer.ok() ? answer.reply.bytes() : QByteArrayView("none");
        if (found != "none" && (type == LayoutKeyType::Any || found == typeName(type)))
            add(layout, prefix, FoundSystem::By::Key, key);
    });
}

/// Channels are common to all databases: where others have keys as well, who listens may belong to one of them.
void LayoutDetector::askChannels()
{
    m_keysElsewhere = false;
    ask({"INFO", "keyspace"}, [this](const RedisAnswer &answer) {
        m_keysElsewhere = answer.ok() && hasKeysElsewhere(answer.reply.bytes(), m_connection.url().database);
    });
    for (size_t i = 0; i < m_layouts.size(); ++i) {
        const QByteArray prefix = m_layouts[i].prefix;
        for (const LayoutDetection &detection : m_layouts[i].detect) {
            if (detection.kind != LayoutDetection::Kind::Channels)
                continue;
            const QByteArray pattern = detection.pattern.resolve({{"prefix", prefix}});
            ask({"PUBSUB", "CHANNELS", pattern}, [this, i, prefix, pattern](const RedisAnswer &answer) {
                noteRefusal(answer, "PUBSUB");
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
    for (size_t i = 0; i < m_layouts.size(); ++i) {
        counts = counts || m_layouts[i].findsOnly(LayoutDiscovery::Kind::Clients);
        for (const LayoutDetection &detection : m_layouts[i].detect) {
            if (detection.kind == LayoutDetection::Kind::Clients)
                wanted.emplace_back(i, patternOf(detection.pattern, m_layouts[i].prefix));
        }
    }
    if (wanted.empty() && !counts)
        return;
    ask({"CLIENT", "LIST", "TYPE", "NORMAL"}, [this, wanted = std::move(wanted)](const RedisAnswer &answer) {
        noteRefusal(answer, "CLIENT LIST");
        if (!answer.ok())
            return; // Refused: connections cannot be known then, and the layout's own watch says so.
        m_clientsKnown = true;
        const QByteArray list = answer.reply.bytes().toByteArray();
        qsizetype from = 0;
        for (int line = 0; line < mostClients && from < list.size(); ++line) {
            qsizetype end = list.indexOf('\n', from);
            end = end < 0 ? list.size() : end;
            const QByteArrayView text = QByteArrayView(list).sliced(from, end - from);
            from = end + 1;
            const qsizetype at = text.indexOf(QByteArrayView(" name="));
            const QByteArrayView database = ListedClient::of(text).database;
            if (at < 0 || (!database.isEmpty() && database.toInt() != m_connection.url().database))
                continue;
            QByteArrayView name = text.sliced(at + 6);
            name = name.first(qMax<qsizetype>(0, name.indexOf(' ')));
            if (!name.isEmpty())
                m_clientNames.append(name.toByteArray());
            for (const auto &[layout, pattern] : wanted) {
                if (!name.isEmpty() && pattern.match(QString::fromUtf8(name)).hasMatch())
                    add(layout, m_layouts[layout].prefix, FoundSystem::By::Connection, name.toByteArray());
            }
        }
    });
}

/// Whether this look may take further pages of keys.
bool LayoutDetector::hasTime() const
{
    return (DiscoveryBudget::steadyUs() - m_startedAt) / 1000 < scanMs;
}

void LayoutDetector::scan()
{
    ++m_pages;
    const QByteArray count = QByteArray::number(pageKeys);
    ask({"SCAN", m_cursor, "COUNT", count}, [this](const RedisAnswer &answer) {
        noteRefusal(answer, "SCAN");
        if (!answer.ok()) {
            m_whole = true; // SCAN is refused, so that there is nothing more to look at.
            return;
        }
        m_cursor = answer.reply.at(0).bytes().toByteArray();
        m_whole = m_cursor == "0" || m_cursor.isEmpty();
        takePage(answer.reply.at(1));
        // The types of what was found need commands, too.
        constexpr int keptBack = 60;
        if (!m_whole && m_looking && (m_pages < leastPages || hasTime()) && m_pages < mostPages
            && m_commands < mostCommands - keptBack)
            scan();
    });
}

bool LayoutDetector::isWhole() const
{
    return m_whole && std::all_of(m_typed.begin(), m_typed.end(), [](const Typed &typed) { return typed.whole; });
}

void LayoutDetector::scanTyped(size_t which)
{
    Typed &typed = m_typed[which];
    ++typed.pages;
    typed.asked = !m_looking; // A look may send no more, and goes on later.
    const QByteArray count = QByteArray::number(typedPageKeys);
    ask({"SCAN", typed.cursor, "MATCH", typed.pattern, "TYPE", typeName(LayoutKeyType::Stream), "COUNT", count},
        [this, which](const RedisAnswer &answer) {
            Typed &now = m_typed[which];
            now.asked = false;
            now.cursor = answer.ok() ? answer.reply.at(0).bytes().toByteArray() : QByteArray("0");
            now.whole = now.cursor == "0" || now.cursor.isEmpty();
            if (answer.ok())
                takeStreams(which, answer.reply.at(1));
            constexpr int keptBack = 60;
            const bool mayTake = now.pages < leastTypedPages || hasTime();
            if (!now.whole && m_looking && mayTake && now.pages < mostTypedPages && m_commands < mostCommands - keptBack)
                scanTyped(which);
        });
}

/// A stream by itself shows nothing, as many things are written to streams; one with a group of consumers does.
void LayoutDetector::takeStreams(size_t which, const RedisReply &keys)
{
    constexpr int mostTries = 20;
    Typed &typed = m_typed[which];
    for (int i = 0; i < keys.size() && typed.tries < mostTries; ++i) {
        ++typed.tries;
        const QByteArray stream = keys.at(i).bytes().toByteArray();
        ask({"XINFO", "GROUPS", stream}, [this, stream, layout = typed.layout](const RedisAnswer &answer) {
            if (!answer.ok() || answer.reply.size() == 0)
                return;
            add(layout, m_layouts[layout].prefix, FoundSystem::By::Key, stream);
            const auto found = std::find_if(m_found.begin(), m_found.end(),
                                            [layout](const Candidate &candidate) { return candidate.layout == layout; });
            if (found == m_found.end())
                return;
            found->workers = qMax<qint64>(0, found->workers);
            found->queues = qMax<qint64>(0, found->queues) + 1;
            for (int group = 0; group < answer.reply.size(); ++group)
                found->workers += infoNumber(answer.reply.at(group), "consumers");
        });
    }
}

bool LayoutDetector::goOn()
{
    for (size_t i = 0; i < m_typed.size() && !m_looking && m_waiting == 0; ++i) {
        if (m_typed[i].whole || m_typed[i].asked)
            continue;
        m_typed[i].tries = 0;
        scanTyped(i);
        return true;
    }

    if (m_looking || m_whole || m_waiting > 0)
        return !m_whole;
    const size_t before = m_found.size();
    const QByteArray count = QByteArray::number(pageKeys);
    ask({"SCAN", m_cursor, "COUNT", count}, [this, before](const RedisAnswer &answer) {
        if (!answer.ok()) {
            m_whole = true;
            return;
        }
        m_cursor = answer.reply.at(0).bytes().toByteArray();
        m_whole = m_cursor == "0" || m_cursor.isEmpty();
        takePage(answer.reply.at(1));
        if (m_found.size() > before)
            emit found();
    });
    return true;
}

void LayoutDetector::takePage(const RedisReply &keys)
{
    for (int i = 0; i < keys.size(); ++i) {
        const QByteArrayView key = keys.at(i).bytes();
        constexpr qsizetype longestKey = 512;
        if (key.isEmpty() || key.size() > longestKey)
            continue;
        bool known = false;
        if (m_looking)
            countKeys(key.toByteArray());
        for (Pattern &pattern : m_patterns) {
            if (!key.startsWith(pattern.head) || !key.endsWith(pattern.tail))
                continue;
            const QRegularExpressionMatch match = pattern.keys.match(QString::fromUtf8(key));
            if (!match.hasMatch())
                continue;
            known = known || !pattern.head.isEmpty();
            if (pattern.excludes) {
                m_excluded.insert(pattern.layout);
                continue;
            }
            const QByteArray prefix = pattern.keys.namedCaptureGroups().contains(u"prefix"_s)
                                          ? match.captured(u"prefix"_s).toUtf8()
                                          : m_layouts[pattern.layout].prefix;
            constexpr qsizetype mostPrefixes = 8;
            if (m_layouts[pattern.layout].prefixIsSet && prefix != m_layouts[pattern.layout].prefix)
                continue;
            if (prefix.size() > longestPrefix || (!pattern.seen.contains(prefix) && pattern.seen.size() >= mostPrefixes))
                continue;
            // The first key may be of another type by chance, and the next one is what is looked for.
            int &asked = pattern.seen[prefix];
            if (asked >= (pattern.type == LayoutKeyType::Any ? 1 : mostTypesAsked))
                continue;
            ++asked;
            checkType(pattern.layout, prefix, key.toByteArray(), pattern.type);
        }
        if (!known && m_looking)
            m_unknown.see(key);
    }
}

void LayoutDetector::add(size_t layout, const QByteArray &prefix, FoundSystem::By by, const QByteArray &evidence)
{
    const auto known = std::find_if(m_found.begin(), m_found.end(), [&](const Candidate &candidate) {
        return candidate.layout == layout && candidate.prefix == prefix;
    });
    if (known != m_found.end())
        return;
    m_found.push_back({layout, prefix, -1, -1, by, evidence.left(longestPrefix)});
    count(m_found.size() - 1);
    if (!m_looking)
        emit found();
}

/// The key of a worker's record. Empty where it has none.
QByteArray LayoutDetector::recordKey(const Candidate &candidate, const QByteArray &id) const
{
    const LayoutRecord &record = m_layouts[candidate.layout].record;
    return record.type == LayoutRecord::Type::None ? QByteArray()
                                                   : record.key.resolve({{"prefix", candidate.prefix}, {"id", id}});
}

/// How many workers and queues there are, where few commands say it.
void LayoutDetector::count(size_t candidate)
{
    const Layout &layout = m_layouts[m_found[candidate].layout];
    const LayoutVariables variables{{"prefix", m_found[candidate].prefix}};
    for (const LayoutDiscovery &discovery : layout.discover) {
        // Where workers are found by their keys first, what else names them are not all of them.
        if (layout.discover.front().kind == LayoutDiscovery::Kind::Scan)
            break;
        if (discovery.tier == 0)
            countRegistered(candidate, discovery);
    }
    if (!layout.queues.allPaused.empty()) {
        const LayoutCondition &all = layout.queues.allPaused.front();
        const bool byValue = all.kind == LayoutCondition::Kind::KeyEqual;
        ask({byValue ? QByteArrayView("GET") : QByteArrayView("EXISTS"), all.key.resolve(variables)},
            [this, candidate, all](const RedisAnswer &answer) {
                if (answer.ok() && candidate < m_found.size())
                    m_found[candidate].paused = PauseReader::holds(all, answer.reply);
            });
    }
    if (layout.queues.kind == LayoutQueues::Kind::Set) {
        // Queues that no job came to yet are not in it: see countQueues().
        ask({"SCARD", layout.queues.key.resolve(variables)}, [this, candidate](const RedisAnswer &answer) {
            if (answer.ok() && candidate < m_found.size())
                m_found[candidate].queues = qMax(m_found[candidate].queues, answer.reply.toInteger());
        });
    }
}

void LayoutDetector::countRegistered(size_t candidate, const LayoutDiscovery &discovery)
{
    using Kind = LayoutDiscovery::Kind;
    const QByteArray key = discovery.key.resolve({{"prefix", m_found[candidate].prefix}});
    const char *const command = discovery.kind == Kind::Set         ? "SCARD"
                                : discovery.kind == Kind::SortedSet ? "ZCARD"
                                : discovery.kind == Kind::Hash      ? "HLEN"
                                : discovery.kind == Kind::Lock      ? "EXISTS"
                                                                    : nullptr;
    if (!command)
        return;
    ask({command, key}, [this, candidate, key, kind = discovery.kind](const RedisAnswer &answer) {
        if (!answer.ok() || candidate >= m_found.size())
            return;
        Candidate &found = m_found[candidate];
        const qint64 count = answer.reply.toInteger();
        found.workers = qMax(found.workers, count);
        if (kind == Kind::Lock)
            found.alive = found.workers;
        const LayoutRecord &record = m_layouts[found.layout].record;
        if (kind != Kind::Set || !m_looking || count <= 0 || record.type == LayoutRecord::Type::None)
            return;
        const bool namesQueues = namesQueuesInRecords(m_layouts[found.layout]);
        found.moreQueues = namesQueues; // Until they were read.
        if ((namesQueues || m_countsLiving) && count <= mostLookedAt) {
            ask({"SMEMBERS", key}, [this, candidate](const RedisAnswer &members) {
                if (members.ok() && candidate < m_found.size())
                    takeMembers(candidate, members.reply);
            });
        }
    });
    if (discovery.kind == Kind::SortedSet && m_countsLiving)
        countScores(candidate, discovery);
}

void LayoutDetector::takeMembers(size_t candidate, const RedisReply &members)
{
    Candidate &found = m_found[candidate];
    const Layout &layout = m_layouts[found.layout];
    const LayoutDiscovery &discovery = layout.discover.front();
    QByteArrayList keys;
    for (int i = 0; i < members.size(); ++i) {
        const QByteArray member = members.at(i).bytes().toByteArray();
        keys.append(discovery.memberIsKey ? member : recordKey(found, member));
    }
    if (keys.isEmpty())
        return;
    found.sample = keys.front();
    if (m_countsLiving)
        countAlive(candidate, keys);
    if (namesQueuesInRecords(layout))
        countQueues(candidate, keys);
}

/// Ghosts are members whose key is gone.
void LayoutDetector::countAlive(size_t candidate, const QByteArrayList &keys)
{
    const Layout &layout = m_layouts[m_found[candidate].layout];
    // Where keys do not expire, or are there only at work, they do not say who lives.
    const bool says = layout.liveness.by == LayoutLiveness::By::Ttl
                      || (layout.liveness.by == LayoutLiveness::By::Stamp && !layout.liveness.fullTtlMs.empty());
    if (!says)
        return;
    std::vector<QByteArrayView> words{"EXISTS"};
    words.insert(words.end(), keys.begin(), keys.end());
    ask(words, [this, candidate](const RedisAnswer &answer) {
        if (answer.ok() && candidate < m_found.size())
            m_found[candidate].alive = answer.reply.toInteger();
    });
}

/// A queue that no job came to yet is in no registry of queues; its workers name it.
void LayoutDetector::countQueues(size_t candidate, const QByteArrayList &keys)
{
    const Layout &layout = m_layouts[m_found[candidate].layout];
    const auto reader = std::make_shared<RecordReader>(layout);
    const auto unread = std::make_shared<qsizetype>(keys.size() + 1);
    const auto take = [this, candidate, unread](const QStringList &names) {
        for (const QString &name : names) {
            if (!name.isEmpty() && !name.contains(u'*')) // Some serve all queues, or those that fit a pattern.
                m_found[candidate].queueNames.insert(name);
        }
        m_found[candidate].moreQueues = --*unread > 0;
    };
    ask({"SMEMBERS", layout.queues.key.resolve({{"prefix", m_found[candidate].prefix}})},
        [this, candidate, take, nameFrom = layout.queues.nameFrom](const RedisAnswer &answer) {
            if (!answer.ok() || candidate >= m_found.size())
                return;
            QStringList names;
            for (int i = 0; i < answer.reply.size(); ++i) {
                const QString member = QString::fromUtf8(answer.reply.at(i).bytes());
                const QRegularExpressionMatch match = nameFrom.match(member);
                names.append(match.hasMatch() ? match.captured(u"queue") : member);
            }
            take(names);
        });
    for (const QByteArray &key : keys.first(qMin<qsizetype>(keys.size(), mostQueuesAskedOf))) {
        std::vector<QByteArrayView> words{"HMGET", key};
        words.insert(words.end(), reader->wanted().begin(), reader->wanted().end());
        ask(words, [this, candidate, take, reader, key](const RedisAnswer &answer) {
            if (!answer.ok() || candidate >= m_found.size())
                return;
            const RecordReading reading = reader->read(answer.reply, key, {}, 0);
            take(reader->describe(0, key, answer.reply, {}, reading).queues);
        });
    }
}

/// Those whose score is a time that is young enough, or not over.
void LayoutDetector::countScores(size_t candidate, const LayoutDiscovery &discovery)
{
    if (discovery.score == LayoutDiscovery::Score::None)
        return;
    const Layout &layout = m_layouts[m_found[candidate].layout];
    const qint64 stale = qMax<qint64>(layout.liveness.idle.staleMs, 3 * layout.liveness.idle.intervalMs);
    const bool expires = discovery.score == LayoutDiscovery::Score::Expiry;
    if ((!expires && stale <= 0) || (discovery.unit != LayoutUnit::Seconds && discovery.unit != LayoutUnit::Milliseconds))
        return;
    const qint64 sinceMs = QDateTime::currentMSecsSinceEpoch() - (expires ? 0 : stale);
    const QByteArray least = QByteArray::number(discovery.unit == LayoutUnit::Seconds ? sinceMs / 1000 : sinceMs);
    const QByteArray key = discovery.key.resolve({{"prefix", m_found[candidate].prefix}});
    ask({"ZCOUNT", key, least, "+inf"}, [this, candidate](const RedisAnswer &answer) {
        if (answer.ok() && candidate < m_found.size())
            m_found[candidate].alive = answer.reply.toInteger();
    });
}

void LayoutDetector::countKeys(const QByteArray &key)
{
    for (Counted &counted : m_counted) {
        if (!key.startsWith(counted.head) || !key.endsWith(counted.tail)
            || !counted.keys.match(QString::fromUtf8(key)).hasMatch())
            continue;
        const Layout &layout = m_layouts[counted.layout];
        if (counted.queues) {
            if (!layout.queues.nameFrom.pattern().isEmpty() && !layout.queues.nameFrom.match(QString::fromUtf8(key)).hasMatch())
                continue;
        } else if (!layout.idPattern.pattern().isEmpty()) {
            const QByteArray around = recordKey({counted.layout, layout.prefix}, QByteArray(1, '\0'));
            const qsizetype at = qMax<qsizetype>(0, around.indexOf('\0'));
            const qsizetype after = qMax<qsizetype>(0, around.size() - at - 1);
            if (key.size() < at + after
                || !layout.idPattern.match(QString::fromUtf8(key.sliced(at, key.size() - at - after))).hasMatch())
                continue;
        }
        counted.seen.insert(qHash(key));
        if (counted.sample.isEmpty())
            counted.sample = key;
    }
}

/// Workers that are known by the names of their connections.
void LayoutDetector::countConnections()
{
    if (!m_clientsKnown)
        return;
    for (Candidate &candidate : m_found) {
        const Layout &layout = m_layouts[candidate.layout];
        if (!layout.findsOnly(LayoutDiscovery::Kind::Clients))
            continue;
        candidate.workers = 0;
        for (const LayoutDiscovery &discovery : layout.discover) {
            const QRegularExpression names = patternOf(discovery.key, candidate.prefix);
            candidate.workers += std::count_if(m_clientNames.begin(), m_clientNames.end(), [&](const QByteArray &name) {
                const QString text = QString::fromUtf8(name);
                return names.match(text).hasMatch()
                       && (discovery.idFrom.pattern().isEmpty() || discovery.idFrom.match(text).hasMatch());
            });
        }
        candidate.alive = candidate.workers;
    }
}

} // namespace pulsedeck
