// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QByteArray>
#include <QHash>

namespace pulsedeck {

/// The workers of one source by their ids. The systems that share a Redis know nothing of each other, so that workers of two of
/// them may have the same id; within one system an id is one worker. On the thread of its owner.
class WorkerIndex
{
public:
    /// The one that came first; noWorker where there is none.
    WorkerHandle first(const QByteArray &id) const { return m_first.value(id, noWorker); }
    /// The first with this id for which \a is returns true; noWorker where there is none.
    template <typename Is> WorkerHandle find(const QByteArray &id, Is is) const
    {
        const WorkerHandle found = first(id);
        if (found == noWorker || is(found))
            return found;
        const auto [from, to] = m_namesakes.equal_range(id);
        for (auto other = from; other != to; ++other) {
            if (is(*other))
                return *other;
        }
        return noWorker;
    }
    template <typename Function> void forEach(Function function) const
    {
        for (const WorkerHandle handle : m_first)
            function(handle);
        for (const WorkerHandle handle : m_namesakes)
            function(handle);
    }
    /// All with this id.
    template <typename Function> void forEachOf(const QByteArray &id, Function function) const
    {
        if (const WorkerHandle found = first(id); found != noWorker)
            function(found);
        const auto [from, to] = m_namesakes.equal_range(id);
        for (auto other = from; other != to; ++other)
            function(*other);
    }

    void insert(const QByteArray &id, WorkerHandle handle);
    void remove(const QByteArray &id, WorkerHandle handle);
    void clear();

private:
    QHash<QByteArray, WorkerHandle> m_first;
    QMultiHash<QByteArray, WorkerHandle> m_namesakes; ///< All but the first of an id: nearly always empty.
};

} // namespace pulsedeck
