// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/prefetch.h"
#include "models/protocol/worker.h"

#include <limits>
#include <vector>

namespace pulsedeck {

/// When each worker has to be reviewed although nothing was read of it. Asking who is due reads one number
/// per block of 256 workers, and the blocks that have one. Times are Unix milliseconds; 0 is never. A value.
class DueTimes
{
public:
    void set(WorkerHandle handle, qint64 at)
    {
        if (handle >= m_times.size()) {
            m_times.resize(size_t(handle) + 1);
            m_firstInBlock.resize(handle / block + 1, never);
        }
        m_times[handle] = at;
        if (at != 0)
            m_firstInBlock[handle / block] = qMin(m_firstInBlock[handle / block], at);
    }

    /// Fetches what set() will touch.
    void prepareFor(WorkerHandle handle) const
    {
        if (handle < m_times.size())
            prefetch(&m_times[handle]);
    }

    /// Calls \a look with the handle of each that is due at \a now, in ascending order. \a look may set() times; one that it
    /// leaves as it is stays due.
    template <typename Look> void eachDue(qint64 now, Look look)
    {
        for (size_t number = 0; number < m_firstInBlock.size(); ++number) {
            if (m_firstInBlock[number] > now)
                continue;
            m_firstInBlock[number] = never;
            const size_t end = qMin(m_times.size(), (number + 1) * block);
            for (size_t handle = number * block; handle < end; ++handle) {
                if (m_times[handle] != 0 && m_times[handle] <= now)
                    look(WorkerHandle(handle));
                if (m_times[handle] != 0)
                    m_firstInBlock[number] = qMin(m_firstInBlock[number], m_times[handle]);
            }
        }
    }

private:
    static constexpr size_t block = 256;
    static constexpr qint64 never = std::numeric_limits<qint64>::max();

    std::vector<qint64> m_times; ///< By handle.
    std::vector<qint64> m_firstInBlock; ///< Not later than the first of each block.
};

} // namespace pulsedeck
