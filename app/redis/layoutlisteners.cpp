// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutlisteners.h"

#include "app/redis/serveridentity.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

constexpr qint64 listenEveryMs = 1'000;
constexpr qint64 listEveryMs = 5'000;
constexpr size_t mostAtOnce = 1'000;

} // namespace

LayoutListeners::LayoutListeners(RedisSession &session, LayoutTier &tier, const Layout &layout, const LayoutVariables &variables)
    : m_session(session)
    , m_tier(tier)
    , m_lists(std::any_of(layout.discover.begin(), layout.discover.end(),
                          [](const LayoutDiscovery &one) { return one.kind == LayoutDiscovery::Kind::Channels; }))
{
    LayoutVariables marked = variables;
    marked.insert("id", QByteArray(1, '\0'));
    const QByteArray channel = layout.liveness.listener.resolve(marked);
    const qsizetype at = channel.indexOf('\0');
    m_before = channel.first(qMax<qsizetype>(at, 0));
    m_after = at < 0 ? QByteArray() : channel.sliced(at + 1);
}

void LayoutListeners::begin()
{
    m_denied = false;
    m_cursor = 0;
    setAwaited(true);
}

LayoutListeners::~LayoutListeners()
{
    if (m_awaited)
        --m_session.status.listenersAwaited;
}

void LayoutListeners::setAwaited(bool awaited)
{
    if (std::exchange(m_awaited, awaited) == awaited)
        return;
    m_session.status.listenersAwaited += awaited ? 1 : -1;
    m_session.report();
}

void LayoutListeners::lost()
{
    m_asked = false;
}

void LayoutListeners::look(qint64 now)
{
    if (m_denied || m_asked)
        return;
    if (now - m_lookedAt >= listenEveryMs) {
        m_lookedAt = now;
        askCounts();
    }
    if (m_lists && now - m_listedAt >= listEveryMs) {
        m_listedAt = now;
        askChannels();
    }
}

void LayoutListeners::askCounts()
{
    std::vector<std::pair<LayoutTier::Slot, WorkerNumber>> asked;
    std::vector<QByteArray> channels;
    for (LayoutTier::Slot i = 0; i < m_tier.size() && asked.size() < mostAtOnce; ++i) {
        const LayoutTier::Slot slot = m_cursor++ % m_tier.size();
        if (m_tier.id(slot).isEmpty())
            continue;
        asked.emplace_back(slot, m_tier.number(slot));
        channels.push_back(m_before + m_tier.id(slot) + m_after);
    }
    if (asked.empty()) {
        setAwaited(false);
        return;
    }
    std::vector<QByteArrayView> words{"PUBSUB", "NUMSUB"};
    words.insert(words.end(), channels.begin(), channels.end());
    m_asked = true;
    m_session.ask(words, [this, asked = std::move(asked)](const RedisAnswer &answer) {
        m_asked = false;
        m_denied = answer.outcome == RedisAnswer::Outcome::Error;
        if (m_denied)
            m_session.setLimit(RedisSession::Limit::Listeners,
                               tr("It is not known who listens for commands, because PUBSUB is refused."), this);
        else if (answer.ok())
            m_session.endLimit(RedisSession::Limit::Listeners, this);
        for (size_t i = 0; answer.ok() && i < asked.size(); ++i) {
            const int count = int(answer.reply.at(int(2 * i + 1)).toInteger());
            // After a failover workers listen again one by one: who does not yet is not known to be away.
            const bool mayCome = count == 0 && m_session.reregistration.isAwaiting();
            if (!mayCome && m_tier.isKnown(asked[i].first, asked[i].second))
                m_tier.takeListeners(asked[i].first, count);
        }
        m_session.flushIfIdle();
        // One look says little of a worker that nobody listens for; a list that is printed once waits for the second.
        if (!m_tier.hasSilentOnce() || m_denied)
            setAwaited(false);
    });
}

void LayoutListeners::askChannels()
{
    const QByteArray pattern = m_before + '*' + m_after;
    // Channels are common to all databases: where others have keys as well, a listener alone may be a worker of one of them.
    m_session.ask({"INFO", "keyspace"}, [this](const RedisAnswer &answer) {
        m_keysElsewhere = answer.ok() && hasKeysElsewhere(answer.reply.bytes(), m_session.url.database);
    });
    m_session.ask({"PUBSUB", "CHANNELS", pattern}, [this](const RedisAnswer &answer) {
        for (int i = 0; answer.ok() && !m_keysElsewhere && i < answer.reply.size(); ++i) {
            const QByteArrayView channel = answer.reply.at(i).bytes();
            if (channel.size() <= m_before.size() + m_after.size() + KeyWatch::longestId
                && channel.size() > m_before.size() + m_after.size())
                m_tier.foundListening(
                    channel.sliced(m_before.size(), channel.size() - m_before.size() - m_after.size()).toByteArray());
        }
    });
}

} // namespace pulsedeck
