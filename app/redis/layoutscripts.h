// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/actscripts.h"
#include "models/layouts/layout.h"

namespace pulsedeck {

/// The commands of a system that a layout describes: each is one call of resources/lua/command-layout.lua with its guards and
/// writes. A command on a worker is never sent without the guard that the worker is there, and nothing that is left of one is
/// removed without the guard that it is not. Holds its layout; used on one thread.
class LayoutScripts final : public ActScripts
{
public:
    /// The tier of the worker with this id, see LayoutDiscovery::tier.
    using TierOf = std::function<int(const QByteArray &id)>;

    /// The names of all queues that are known now.
    using QueuesOf = std::function<QByteArrayList()>;

    /// \a tierOf answers -1 for a worker that is not known. \a prefix: what stands for {prefix}. Without \a tierOf there is one
    /// tier. What is written about a worker for each queue is written for \a queuesOf, at most mostWrittenQueues.
    LayoutScripts(const Layout &layout, const QByteArray &prefix, TierOf tierOf = {}, QueuesOf queuesOf = {});

    QString system() const override { return m_layout.name; }
    void carryOut(RedisConnection &connection, const Command &command, const RedisUrl &url, qint64 now,
                  const Report &report) const override;
    ScriptCall scriptFor(const Command &command, qint64 now) const override;
    CommandProgress decode(Act act, const RedisAnswer &answer, const RedisUrl &url) const override;
    std::vector<Right> rights(const QByteArray &absent) const override;
    std::vector<int> rightsFor(Act act) const override;
    void lookUp(RedisConnection &connection, const Command &command, bool careful,
                std::function<void(const CommandProgress &)> then) const override;
    std::optional<PickUpProof> proofFor(const Command &command) const override;
    QStringList bytesFor(const Command &command) const override;

private:
    struct Plan
    {
        std::vector<LayoutOp> ops;
        LayoutConditions guards;
        LayoutConditions once; ///< Nothing is sent while all of these hold.
        LayoutConditions pickedUp;
        const char *answer = "done";
        qint64 pickedUpMs = 0;
        bool isEmpty() const { return ops.empty(); }
    };
    struct RightsTable
    {
        std::vector<Right> rights;
        std::array<std::vector<int>, actCount> byAct;
    };

    Plan planFor(Act act, std::optional<Act> undone, int tier) const;
    Plan planFor(const Command &command) const;
    std::vector<LayoutOp> forEachQueue(const std::vector<LayoutOp> &ops) const;
    int tierOf(const QByteArray &worker) const;
    bool isUnknown(const QByteArray &worker) const { return m_tierOf && !worker.isEmpty() && m_tierOf(worker) < 0; }
    LayoutVariables valuesFor(const Command &command) const;
    RightsTable rightsTable(const QByteArray &absent) const;

    const Layout m_layout;
    const QByteArray m_prefix;
    const TierOf m_tierOf;
    const QueuesOf m_queuesOf;
};

} // namespace pulsedeck
