// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/prefetch.h"

#include <QByteArrayView>
#include <QRandomGenerator>

#include <cstring>
#include <limits>
#include <vector>

namespace pulsedeck {

/// A fast hash of some bytes, different in each process, so that no client can choose ids that collide.
inline quint64 quickHash(QByteArrayView bytes, quint64 seed = 0)
{
    static const quint64 key = QRandomGenerator::system()->generate64() | 1;
    quint64 hash = (seed + quint64(bytes.size())) ^ key;
    const char *at = bytes.data();
    qsizetype left = bytes.size();
    const auto mix = [&hash](quint64 word) {
        hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15ull;
        hash ^= hash >> 32;
    };
    for (; left >= 8; left -= 8, at += 8) {
        quint64 word;
        std::memcpy(&word, at, 8);
        mix(word);
    }
    if (left > 0) {
        quint64 word = 0;
        std::memcpy(&word, at, size_t(left));
        mix(word);
    }
    hash *= key;
    return hash ^ (hash >> 29);
}

/// Slots by id: open addressing over pairs of hash and slot, eight bytes each, so that looking up one of 100,000 ids touches
/// little memory and growing reads none of the ids. Whoever holds the ids compares them.
class IdIndex
{
public:
    using Slot = quint32;
    static constexpr Slot none = std::numeric_limits<Slot>::max();

    qsizetype size() const { return m_size; }

    /// \a idOf gives the id of a slot.
    template <typename IdOf> Slot find(QByteArrayView id, IdOf idOf) const
    {
        if (m_places.empty())
            return none;
        const quint32 hash = hashOf(id);
        for (size_t place = hash & m_mask; m_places[place].slot != none; place = (place + 1) & m_mask) {
            if (m_places[place].hash == hash && idOf(m_places[place].slot) == id)
                return m_places[place].slot;
        }
        return none;
    }

    /// The slot \a id is most likely at: that of the first one with the same hash, not compared; none if there is none.
    Slot guess(QByteArrayView id) const
    {
        if (m_places.empty())
            return none;
        const quint32 hash = hashOf(id);
        size_t place = hash & m_mask;
        while (m_places[place].slot != none && m_places[place].hash != hash)
            place = (place + 1) & m_mask;
        return m_places[place].slot;
    }

    /// Fetches the place of an id that is looked up in a moment.
    void prepare(QByteArrayView id) const
    {
        if (!m_places.empty())
            prefetch(&m_places[hashOf(id) & m_mask]);
    }

    /// \a id must not be in it.
    void insert(QByteArrayView id, Slot slot)
    {
        if (size_t(m_size + 1) * 2 > m_places.size())
            grow();
        put({hashOf(id), slot});
        ++m_size;
    }

    /// \a slot as given to insert() with \a id.
    void remove(QByteArrayView id, Slot slot)
    {
        if (m_places.empty())
            return;
        size_t hole = hashOf(id) & m_mask;
        while (m_places[hole].slot != slot) {
            if (m_places[hole].slot == none)
                return;
            hole = (hole + 1) & m_mask;
        }
        --m_size;
        // Those behind it that would no longer be found across the hole move into it.
        for (size_t next = (hole + 1) & m_mask; m_places[next].slot != none; next = (next + 1) & m_mask) {
            const size_t home = m_places[next].hash & m_mask;
            if (((next - home) & m_mask) >= ((next - hole) & m_mask)) {
                m_places[hole] = m_places[next];
                hole = next;
            }
        }
        m_places[hole].slot = none;
    }

private:
    struct Place
    {
        quint32 hash = 0;
        Slot slot = none;
    };

    static quint32 hashOf(QByteArrayView id) { return quint32(quickHash(id)); }

    void put(Place entry)
    {
        size_t place = entry.hash & m_mask;
        while (m_places[place].slot != none)
            place = (place + 1) & m_mask;
        m_places[place] = entry;
    }

    void grow()
    {
        std::vector<Place> old(qMax<size_t>(1024, m_places.size() * 4));
        old.swap(m_places);
        m_mask = m_places.size() - 1;
        for (const Place &entry : old) {
            if (entry.slot != none)
                put(entry);
        }
    }

    std::vector<Place> m_places;
    size_t m_mask = 0;
    qsizetype m_size = 0;
};

} // namespace pulsedeck
