// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"

#include <QHash>

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

    /// Those that the last drain took; empty if that is not known, or they were given back.
    QStringList drainedQueues(const QString &source, const QByteArray &worker) const { return m_queues.value({source, worker}); }
    /// Another console has given its worker an order since.
    bool isOvertaken(const CommandEntry &entry) const;

private:
    using WorkerName = std::pair<QString, QByteArray>;

    QHash<WorkerName, QStringList> m_queues;
    QHash<WorkerName, qint64> m_others; ///< The console's clock, ms.
};

} // namespace pulsedeck
