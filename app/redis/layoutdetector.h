// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "app/redis/unknownkeys.h"
#include "models/layouts/layout.h"
#include "models/protocol/foundsystem.h"

#include <QHash>
#include <QSet>
#include <QTimer>

namespace pulsedeck {

/// Finds out which systems live in a Redis, by what their layouts say shows them: keys that exist, channels with subscribers,
/// names of connections, and keys that match a pattern. Sends at most mostCommands small commands and never KEYS: of the keys it
/// looks at as many as SCAN gives in leastPages pages, and in up to mostPages while the look has not taken scanMs. A database
/// that has more is looked through further, page by page and slowly, by goOn(). Lives on the thread of its connection, whose
/// owner keeps it.
class LayoutDetector final : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostCommands = 200; ///< Of one look.
    static constexpr int leastPages = 15; ///< Of a look, each of some pageKeys keys.
    static constexpr int mostPages = 60;
    static constexpr int scanMs = 25;
    static constexpr int pageKeys = 1'000;
    static constexpr int leastTypedPages = 3;
    static constexpr int mostTypedPages = 20; ///< Of keys of a rare type, each of some typedPageKeys keys.
    static constexpr int typedPageKeys = 5'000;
    static constexpr int mostTypesAsked = 4; ///< Keys of one pattern and prefix whose type is looked at.
    static constexpr int mostQueuesAskedOf = 32; ///< Workers of a system whose records are read for the queues they name.
    static constexpr int mostClients = 20'000; ///< Lines of CLIENT LIST that are looked at.

    /// \a layouts: those that are looked for, of which templates are left out.
    LayoutDetector(RedisConnection &connection, std::vector<Layout> layouts, QObject *parent = nullptr);

    /// Also asks who of those that are registered lives, which takes commands that watching does not.
    void setCountsLiving(bool counts) { m_countsLiving = counts; }
    /// Begins a look; finished() follows unless the connection ends before.
    void look();
    /// Looks at one more page of keys; true while there are further ones. found() follows if a system shows in it.
    bool goOn();
    /// Whether all keys were looked at since the last look().
    bool isWhole() const;
    int commandsSent() const { return m_commands; }
    /// How long the last look took.
    qint64 elapsedMs() const { return m_elapsedMs; }
    std::vector<FoundSystem> systems() const;
    /// All that the last look found. Of keys that no layout describes only those of the look itself.
    DetectionReport report() const;
    const Layout *layout(const QString &name) const;
    /// The key of the record of some worker of it, for trying rights; empty where none was seen.
    QByteArray sampleKey(const QString &layout, const QByteArray &prefix) const;
    /// Workers that were heard elsewhere, by their events: a system that keys do not show is there all the same.
    void takeHeard(const QString &layout, const QByteArray &prefix, qint64 workers, const QByteArray &channel);

signals:
    void finished();
    /// A system that was not there, after finished().
    void found();

private:
    struct Pattern
    {
        size_t layout = 0;
        QRegularExpression keys; ///< Its group "prefix" is what stands for {prefix}, where that is open.
        LayoutKeyType type = LayoutKeyType::Any;
        QByteArray head; ///< What such a key begins and ends with: compared first, for each of very many keys.
        QByteArray tail;
        bool excludes = false; ///< Such a key shows that it is another system.
        QHash<QByteArray, int> seen; ///< Prefixes that were found by it already, and how many of their keys were looked at.
    };
    /// Keys of a rare type: looked for by that type, and not among all keys.
    struct Typed
    {
        size_t layout = 0;
        QByteArray pattern;
        QByteArray cursor = "0";
        int pages = 0;
        int tries = 0;
        bool whole = false;
        bool asked = false; ///< A page is under way, of goOn().
    };
    struct Candidate
    {
        size_t layout = 0;
        QByteArray prefix;
        qint64 workers = -1;
        qint64 queues = -1;
        FoundSystem::By by = FoundSystem::By::Key;
        QByteArray evidence = {};
        qint64 alive = -1;
        QByteArray sample = {}; ///< The key of a worker's record.
        QSet<QString> queueNames = {}; ///< Those registered, and those that workers name.
        bool moreQueues = false; ///< Some workers may name others.
        std::optional<bool> paused = {}; ///< Whether all its workers are; nothing: not known.
    };
    /// Keys that are workers or queues of a layout: counted in the pages of keys that are looked at anyway.
    struct Counted
    {
        size_t layout = 0;
        bool queues = false;
        QRegularExpression keys;
        QByteArray head;
        QByteArray tail;
        QSet<size_t> seen; ///< Hashes of them: SCAN may give a key twice.
        QByteArray sample;
    };

    Pattern makePattern(size_t layout, const LayoutText &text, LayoutKeyType type, bool excludes) const;
    void ask(std::span<const QByteArrayView> words, std::function<void(const RedisAnswer &)> then);
    void ask(std::initializer_list<QByteArrayView> words, std::function<void(const RedisAnswer &)> then);
    void askKeys();
    void askChannels();
    void askClients();
    bool hasTime() const;
    void scan();
    void scanTyped(size_t which);
    void takeStreams(size_t which, const RedisReply &keys);
    void takePage(const RedisReply &keys);
    void checkType(size_t layout, const QByteArray &prefix, const QByteArray &key, LayoutKeyType type);
    void add(size_t layout, const QByteArray &prefix, FoundSystem::By by = FoundSystem::By::Key, const QByteArray &evidence = {});
    void examineUnknown();
    bool isOfFound(const QByteArray &key) const;
    void noteRefusal(const RedisAnswer &answer, const char *command);
    void count(size_t candidate);
    void countRegistered(size_t candidate, const LayoutDiscovery &discovery);
    void takeMembers(size_t candidate, const RedisReply &members);
    void countAlive(size_t candidate, const QByteArrayList &keys);
    void countQueues(size_t candidate, const QByteArrayList &keys);
    void countScores(size_t candidate, const LayoutDiscovery &discovery);
    void countKeys(const QByteArray &key);
    void countConnections();
    const Counted *counted(size_t layout, bool queues) const;
    QByteArray recordKey(const Candidate &candidate, const QByteArray &id) const;
    void answered();

    RedisConnection &m_connection;
    bool m_keysElsewhere = false; ///< Other databases of the server have keys.
    std::vector<Layout> m_layouts;
    std::vector<Pattern> m_patterns;
    std::vector<Typed> m_typed;
    std::vector<Counted> m_counted;
    std::vector<Candidate> m_found;
    QByteArrayList m_clientNames; ///< Of the connections, where a layout knows its workers by these.
    bool m_clientsKnown = false;
    bool m_countsLiving = false;
    UnknownKeys m_unknown;
    QStringList m_refused;
    QSet<size_t> m_excluded; ///< Layouts that a key has shown not to be there.
    QByteArray m_cursor = "0";
    qint64 m_startedAt = 0;
    qint64 m_elapsedMs = 0;
    int m_pages = 0;
    int m_commands = 0;
    int m_lookCommands = 0; ///< Those of the last look that is over.
    int m_waiting = 0; ///< Commands of this look that are not answered.
    bool m_looking = false;
    bool m_examined = false; ///< In this look: the keys that no layout describes.
    bool m_whole = false;
};

} // namespace pulsedeck
