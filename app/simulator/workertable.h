// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/simworker.h"

#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pulsedeck::fleet {

/// All slots of the fleet, and which process has which id. Addresses of workers stay valid for ever.
class WorkerTable
{
public:
    SimWorker &operator[](quint32 slot) { return m_slots[slot]; }
    const SimWorker &operator[](quint32 slot) const { return m_slots[slot]; }
    quint32 size() const { return quint32(m_slots.size()); }

    /// The worker if the process that \a life names has not ended, else nothing.
    SimWorker *living(quint32 slot, quint32 life)
    {
        SimWorker &worker = m_slots[slot];
        return worker.life == life ? &worker : nullptr;
    }

    /// A new slot, or one that an extra worker has left.
    quint32 addSlot()
    {
        if (!m_free.empty()) {
            const quint32 slot = m_free.back();
            m_free.pop_back();
            return slot;
        }
        m_slots.emplace_back();
        return quint32(m_slots.size() - 1);
    }
    void freeSlot(quint32 slot) { m_free.push_back(slot); }

    /// A new process takes the slot; the id before it is forgotten.
    void assume(quint32 slot, bool typed, const SeededRandom &random)
    {
        SimWorker &worker = m_slots[slot];
        if (worker.idLength > 0)
            m_byId.erase(viewOf(worker.id()));
        worker.assume(slot, m_nextOrdinal++, typed, random);
        m_byId[viewOf(worker.id())] = slot;
    }

    /// The slot whose present process has this id, or -1.
    qint64 find(QByteArrayView id) const
    {
        const auto found = m_byId.find(viewOf(id));
        return found == m_byId.end() ? -1 : qint64(found->second);
    }

private:
    static std::string_view viewOf(QByteArrayView view) { return {view.data(), size_t(view.size())}; }

    std::deque<SimWorker> m_slots;
    std::vector<quint32> m_free;
    std::unordered_map<std::string_view, quint32> m_byId; ///< Keys lie in the workers themselves.
    quint32 m_nextOrdinal = 0;
};

} // namespace pulsedeck::fleet
