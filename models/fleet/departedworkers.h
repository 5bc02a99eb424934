// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <deque>
#include <optional>

namespace pulsedeck {

/// The workers that ended, in the order in which their rows are removed. At most mostKept: the oldest are dropped. A value.
class DepartedWorkers
{
public:
    static constexpr int mostKept = 20'000;

    struct Departed
    {
        WorkerHandle handle = noWorker;
        qint64 endedAt = 0; ///< Tells this end from a later one of the same row.
        qint64 departedAt = 0; ///< When it ended; for one that an earlier run saw end, when it was found. Unix ms.
    };

    void add(const Departed &departed)
    {
        // One that waited for the reaper first may be older than the last.
        auto place = m_departed.end();
        while (place != m_departed.begin() && std::prev(place)->departedAt > departed.departedAt)
            --place;
        m_departed.insert(place, departed);
    }

    /// The oldest, if it departed at \a until or before, or if there are too many.
    std::optional<Departed> takeFirst(qint64 until)
    {
        if (m_departed.empty() || (m_departed.front().departedAt > until && m_departed.size() <= size_t(mostKept)))
            return {};
        const Departed first = m_departed.front();
        m_departed.pop_front();
        return first;
    }

private:
    std::deque<Departed> m_departed; ///< In the order of departedAt.
};

} // namespace pulsedeck
