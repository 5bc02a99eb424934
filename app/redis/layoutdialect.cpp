// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutdialect.h"

#include <algorithm>

namespace pulsedeck {

LayoutDialect::LayoutDialect(RedisSession &session, const Layout &layout, const std::vector<TraitsRef> &traits,
                             const QByteArray &prefix)
    : m_session(session)
    , m_layout(layout)
    , m_variables{{"prefix", prefix.isNull() ? layout.prefix : prefix}}
    , m_scripts(
          layout, m_variables.value("prefix"), [this](const QByteArray &worker) { return tierOf(worker); },
          [this] { return m_queues ? m_queues->names() : QByteArrayList(); })
{
    if (layout.watch == Layout::Watch::TrackedReads && session.options.push)
        m_tracked = std::make_unique<TrackedReads>(session);
    int tiers = 1;
    for (const LayoutDiscovery &discovery : layout.discover)
        tiers = qMax(tiers, discovery.tier + 1);
    for (int tier = 0; tier < tiers; ++tier) {
        const TraitsRef own = traits.empty() ? TraitsRef() : traits[qMin<size_t>(size_t(tier), traits.size() - 1)];
        m_tiers.push_back(std::make_unique<LayoutTier>(session, layout, tier, m_variables, own, m_tracked.get()));
    }
    if (!layout.liveness.listener.isEmpty())
        m_listeners = std::make_unique<LayoutListeners>(session, *m_tiers.front(), layout, m_variables);
    if (layout.queues.kind != LayoutQueues::Kind::None) {
        m_queues = std::make_unique<QueueReader>(session, layout, m_variables, m_tiers.front()->traits());
        for (const auto &tier : m_tiers)
            tier->setNamed([this](const QStringList &queues) { m_queues->takeNamed(queues); });
        if (m_queues->workingJobs().isNeeded())
            m_tiers.front()->setJobs(&m_queues->workingJobs());
    }
    if (PauseReader::isFor(layout))
        m_pause = std::make_unique<PauseReader>(session, layout, m_variables, m_tiers.front()->traits(),
                                                [this](std::optional<bool> paused) {
                                                    for (const auto &tier : m_tiers)
                                                        tier->setAllPaused(paused);
                                                });
    if (ClientIds::isFor(layout))
        m_clients = std::make_unique<ClientReader>(session, layout, m_variables, m_tiers.front()->traits());
    if (m_tracked)
        QObject::connect(m_tracked.get(), &TrackedReads::switched, m_tracked.get(), [this] {
            for (const auto &tier : m_tiers)
                tier->readsMoved();
        });
}

LayoutDialect::~LayoutDialect()
{
    m_tracked.reset(); // Its unanswered reads are answered while those who asked are still there.
}

QByteArrayList LayoutDialect::prefixes() const
{
    QByteArrayList prefixes;
    if (m_layout.watch == Layout::Watch::Prefix) {
        for (const LayoutText &watched : m_layout.watched)
            prefixes.append(watched.resolve(m_variables));
    }
    return prefixes;
}

void LayoutDialect::begin()
{
    if (m_listeners)
        m_listeners->begin();
}

void LayoutDialect::beginView()
{
    if (m_tracked)
        m_tracked->review();
    if (m_pause)
        m_pause->beginView();
    for (const auto &tier : m_tiers)
        tier->beginView();
    if (m_clients)
        m_clients->beginView();
}

bool LayoutDialect::isViewRead() const
{
    return std::all_of(m_tiers.begin(), m_tiers.end(), [](const auto &tier) { return tier->isViewRead(); })
           && (!m_clients || m_clients->isViewRead());
}

void LayoutDialect::viewFinished()
{
    for (const auto &tier : m_tiers)
        tier->viewFinished();
    // At once, so that their names are known before a command can come.
    if (m_queues) {
        m_queues->readSoon();
        m_queues->look(m_session.now());
    }
}

void LayoutDialect::lost()
{
    if (m_tracked)
        m_tracked->stop();
    for (const auto &tier : m_tiers)
        tier->lost();
    if (m_listeners)
        m_listeners->lost();
    if (m_queues)
        m_queues->lost();
    if (m_pause)
        m_pause->lost();
    if (m_clients)
        m_clients->lost();
}

void LayoutDialect::tick(qint64 now)
{
    if (m_tracked)
        m_tracked->review();
    for (const auto &tier : m_tiers)
        tier->tick(now);
    if (m_clients)
        m_clients->tick(now);
    if (!m_session.fullView)
        return;
    if (m_pause)
        m_pause->look(now);
    if (m_listeners)
        m_listeners->look(now);
    if (m_queues)
        m_queues->look(now);
}

void LayoutDialect::takeAnnounced(const RedisReply &keys, qint64 at)
{
    for (const auto &tier : m_tiers)
        tier->takeAnnounced(keys, at);
    if (m_pause)
        m_pause->takeAnnounced(keys);
}

void LayoutDialect::emptied(qint64)
{
    if (m_pause)
        m_pause->readSoon();
    for (const auto &tier : m_tiers)
        tier->emptied();
}

void LayoutDialect::pushEnded()
{
    for (const auto &tier : m_tiers)
        tier->pushEnded();
}

void LayoutDialect::keysLost()
{
    for (const auto &tier : m_tiers)
        tier->keysLost();
}

void LayoutDialect::awaitingOver()
{
    for (const auto &tier : m_tiers)
        tier->awaitingOver();
}

qint64 LayoutDialect::longestBeatMs() const
{
    const LayoutLiveness &liveness = m_layout.liveness;
    if (m_listeners)
        return 0; // Who listens is alive, and may write nothing until its next job.
    qint64 longest = qMax(liveness.idle.intervalMs, liveness.busy.intervalMs);
    for (const qint64 interval : liveness.intervalsMs)
        longest = qMax(longest, interval);
    return longest;
}

int LayoutDialect::sweepPeriodMs() const
{
    int longest = m_clients ? m_clients->sweepPeriodMs() : 0;
    for (const auto &tier : m_tiers)
        longest = qMax(longest, tier->sweepPeriodMs());
    return longest;
}

int LayoutDialect::scanPeriodMs() const
{
    int longest = 0;
    for (const auto &tier : m_tiers)
        longest = qMax(longest, tier->scanPeriodMs());
    return longest;
}

bool LayoutDialect::knows(const QByteArray &worker) const
{
    return std::any_of(m_tiers.begin(), m_tiers.end(), [&worker](const auto &tier) { return tier->knows(worker); })
           || (m_clients && m_clients->knows(worker));
}

int LayoutDialect::tierOf(const QByteArray &worker) const
{
    const auto tier = std::find_if(m_tiers.begin(), m_tiers.end(), [&worker](const auto &one) { return one->knows(worker); });
    if (tier != m_tiers.end())
        return int(tier - m_tiers.begin());
    return m_clients && m_clients->knows(worker) ? 0 : -1;
}

void LayoutDialect::commandAnswered(const Command &command, CommandProgress::Outcome outcome)
{
    for (const auto &tier : m_tiers) {
        tier->readSoon(command.worker);
        if (outcome == CommandProgress::Outcome::NotObeyed || outcome == CommandProgress::Outcome::PickedUp)
            tier->setDeaf(command.worker, outcome == CommandProgress::Outcome::NotObeyed);
    }
    if (m_queues)
        m_queues->readSoon();
    if (m_pause)
        m_pause->readSoon();
}

} // namespace pulsedeck
