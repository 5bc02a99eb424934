// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <deque>

namespace pulsedeck {

/// How and when a worker ended, as it was seen.
struct PastEnd
{
    WorkerEnd end = WorkerEnd::None;
    qint64 at = 0; ///< Console's clock; 0 if not known.
};

/// Whether a worker ended by a command or by itself: what it leaves behind is no failure.
constexpr bool isOrderly(WorkerEnd end)
{
    return end == WorkerEnd::Drained || end == WorkerEnd::Left;
}

/// The ends that are remembered longer than their rows: those of this run, and those read from the journal. They tell how the
/// workers of counters without a key ended. An id with a UUID is the same worker on any source; any other id only on the source
/// of that name. At most mostKept: the oldest are dropped. Plain data, on the thread of its owner.
class PastEnds
{
public:
    static constexpr int mostKept = 200'000;

    void add(const QString &source, const QByteArray &id, const PastEnd &end);
    /// It is back, or its counters are gone.
    void remove(const QString &source, const QByteArray &id);
    /// Null if its end was not seen. Valid until something is added or removed.
    const PastEnd *find(const QString &source, const QByteArray &id) const;
    bool isEmpty() const { return m_ends.isEmpty(); }

private:
    static QByteArray keyOf(const QString &source, const QByteArray &id);

    struct Kept
    {
        PastEnd end;
        quint64 number = 0; ///< Counts additions, so that the queue tells an older one of the same worker.
    };
    QHash<QByteArray, Kept> m_ends;
    std::deque<std::pair<QByteArray, quint64>> m_order; ///< Oldest first.
    quint64 m_last = 0;
};

} // namespace pulsedeck
