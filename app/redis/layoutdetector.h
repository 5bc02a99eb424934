// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/keypatterns.h"
#include "app/redis/streamsearch.h"
#include "app/redis/systemcounts.h"
#include "app/redis/unknownkeys.h"

#include <functional>
#include <optional>

namespace pulsedeck {

/// Finds out which systems live in a Redis, by what their layouts say shows them: keys that exist, channels with subscribers,
/// names of connections, and keys that match a pattern. Sends at most mostCommands small commands and never KEYS: of the keys it
/// looks at as many as SCAN gives in leastPages pages, and in up to mostPages while the look has not taken scanMs. A database
/// that has more is looked through further, page by page and slowly, by goOn(). Lives on the thread of its connection, whose
/// owner keeps it. Its parts: KeyPatterns says what the names of keys show, StreamSearch looks for streams, DetectedSystems has
/// what was found, SystemCounts counts it, UnknownKeys has what no layout describes.
class LayoutDetector final : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostCommands = 200; ///< Of one look.
    static constexpr int leastPages = 15; ///< Of a look, each of some pageKeys keys.
    static constexpr int mostPages = 60;
    static constexpr int scanMs = 25;
    static constexpr int pageKeys = 1'000;

    /// \a layouts: those that are looked for, of which templates are left out.
    LayoutDetector(RedisConnection &connection, const std::vector<Layout> &layouts, QObject *parent = nullptr);

    /// Also asks who of those that are registered lives, which takes commands that watching does not.
    void setCountsLiving(bool counts) { m_counts.setCountsLiving(counts); }
    /// Begins a look; finished() follows unless the connection ends before.
    void look();
    /// Asks for the keys that show a system by themselves, of those that were not found: one small command each. A look begins if
    /// one is there. Does nothing while something else is under way.
    void glance();
    /// Looks at one more page of keys; true while there are further ones. found() follows if a system shows in it.
    bool goOn();
    /// Whether all keys were looked at since the last look().
    bool isWhole() const { return m_whole && m_streams.isWhole(); }
    int commandsSent() const { return m_requests.sent(); }
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
    const std::vector<Layout> &layouts() const { return m_systems.layouts(); }
    void askKeys();
    void askChannels();
    void askClients();
    bool hasTime() const;
    void scan();
    void takePage(const RedisReply &keys);
    void askKey(const QByteArray &key, const LayoutDetection &detection, std::function<void()> there);
    void askType(const QByteArray &key, LayoutKeyType type, std::function<void()> there);
    void check(const KeyPatterns::Sign &sign, const QByteArray &key);
    void add(size_t layout, const QByteArray &prefix, FoundSystem::By by = FoundSystem::By::Key, const QByteArray &evidence = {});
    void takeDone();
    void settleDoubts();
    void settleMarks();
    void countConnections();
    bool sawAllKeys() const;
    void examineUnknown();
    bool isOfFound(const QByteArray &key) const;
    const KeyPatterns::Counted *counted(const DetectedSystems::System &system, bool queues) const;

    DetectionRequests m_requests;
    DetectedSystems m_systems;
    SystemCounts m_counts;
    StreamSearch m_streams;
    KeyPatterns m_patterns;
    UnknownKeys m_unknown;
    std::optional<QByteArray> m_clients; ///< CLIENT LIST, where a layout knows its workers by it.
    bool m_keysElsewhere = false; ///< Other databases of the server have keys.
    QByteArray m_cursor = "0";
    qint64 m_startedAt = 0;
    qint64 m_elapsedMs = 0;
    int m_pages = 0;
    int m_lookCommands = 0; ///< Those of the last look that is over.
    /// What this look has come to: keys and names, what other keys leave in doubt, whose the connected workers are, and what no
    /// layout describes.
    enum class Stage : quint8 { Keys, Doubts, Marks, Unknown } m_stage = Stage::Keys;
    bool m_whole = false;
};

} // namespace pulsedeck
