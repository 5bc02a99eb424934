// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/workerindex.h"

namespace pulsedeck {

void WorkerIndex::insert(const QByteArray &id, WorkerHandle handle)
{
    const auto found = m_first.constFind(id);
    if (found == m_first.constEnd())
        m_first.insert(id, handle);
    else if (*found != handle && !m_namesakes.contains(id, handle))
        m_namesakes.insert(id, handle);
}

void WorkerIndex::remove(const QByteArray &id, WorkerHandle handle)
{
    const auto found = m_first.find(id);
    if (found == m_first.end() || *found != handle) {
        m_namesakes.remove(id, handle);
        return;
    }
    if (const auto next = m_namesakes.find(id); next != m_namesakes.end()) {
        *found = *next;
        m_namesakes.erase(next);
    } else {
        m_first.erase(found);
    }
}

void WorkerIndex::clear()
{
    m_first.clear();
    m_namesakes.clear();
}

} // namespace pulsedeck
