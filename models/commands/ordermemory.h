// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"

#include <QHash>

#include <optional>
#include <utility>

namespace pulsedeck {

/// What orders leave behind that no worker keeps: the queues that a drain took from it, by this run or as the journal has it, and
/// when another console last gave it an order. A worker is known by the name of its source and its id. At most mostRemembered
/// workers of each; further ones are not remembered. GUI thread.
class OrderMemory
{
public:
    static constexpr qsizetype mostRemembered = 20'000;

    /// Drains and resumes that were written; others leave nothing behind.
    void take(const CommandEntry &entry);
    /// The same of another console's order.
    void takeOther(const CommandEntry &entry);

    /// An order that an earlier run left for its worker, in the order of their times, or what became of it: while it is not known
    /// to be picked up or to have ended, it may wait still.
    void takeLeft(const CommandEntry &entry);

    /// The act of the last order that may wait still for a worker of this system; nothing if none is known.
    std::optional<Act> leftFor(const QString &source, const QString &system, const QByteArray &worker) const;
    /// Those that the last drain took; empty if that is not known, or they were given back.
    QStringList drainedQueues(const QString &source, const QByteArray &worker) const { return m_queues.value({source, worker}); }
    /// Another console has given its worker an order since.
    bool isOvertaken(const CommandEntry &entry) const;

private:
    using WorkerName = std::pair<QString, QByteArray>;

    struct LeftOrder
    {
        QString system;
        Act act = Act::Shutdown;
    };

    QHash<WorkerName, QStringList> m_queues;
    QHash<WorkerName, LeftOrder> m_left;
    QHash<WorkerName, qint64> m_others; ///< The console's clock, ms.
};

} // namespace pulsedeck
