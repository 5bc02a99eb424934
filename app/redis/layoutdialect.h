// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/clientreader.h"
#include "app/redis/fleetdialect.h"
#include "app/redis/layoutlisteners.h"
#include "app/redis/layoutscripts.h"
#include "app/redis/layouttier.h"
#include "app/redis/pausereader.h"
#include "app/redis/queuereader.h"

namespace pulsedeck {

/// The fleet of a system that a layout describes: joins its tiers, the listeners of its workers and its queues. Knows no system.
class LayoutDialect final : public FleetDialect
{
public:
    /// \a prefix: what stands for {prefix}; null: the layout's own. \a traits: one per tier, of its workers.
    LayoutDialect(RedisSession &session, const Layout &layout, const std::vector<TraitsRef> &traits,
                  const QByteArray &prefix = {});
    ~LayoutDialect() override;

    QByteArrayList prefixes() const override;
    void begin() override;
    void beginView() override;
    bool isViewRead() const override;
    void viewFinished() override;
    void lost() override;
    void tick(qint64 now) override;
    void takeAnnounced(const RedisReply &keys, qint64 at) override;
    void emptied(qint64 now) override;
    void pushEnded() override;
    void keysLost() override;
    void awaitingOver() override;
    qint64 longestBeatMs() const override;
    int sweepPeriodMs() const override;
    int scanPeriodMs() const override;
    bool knows(const QByteArray &worker) const override;
    const ActScripts *scripts() const override { return &m_scripts; }
    void commandAnswered(const Command &command, CommandProgress::Outcome outcome) override;

    const Layout &layout() const { return m_layout; }
    const LayoutVariables &variables() const { return m_variables; }

private:
    int tierOf(const QByteArray &worker) const; ///< -1: it is not known.

    RedisSession &m_session;
    const Layout m_layout;
    const LayoutVariables m_variables;
    std::unique_ptr<TrackedReads> m_tracked; ///< Null unless the layout reads by a tracked connection.
    std::vector<std::unique_ptr<LayoutTier>> m_tiers;
    const LayoutScripts m_scripts;
    std::unique_ptr<LayoutListeners> m_listeners; ///< Null where workers listen on no channel.
    std::unique_ptr<QueueReader> m_queues; ///< Null where there are no queues.
    std::unique_ptr<PauseReader> m_pause; ///< Null where no key says that all workers are paused.
    std::unique_ptr<ClientReader> m_clients; ///< Null where workers are not known by their connections.
};

} // namespace pulsedeck
