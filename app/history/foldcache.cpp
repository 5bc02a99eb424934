// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/foldcache.h"

namespace pulsedeck {

namespace {

/// What an entry takes next to its cells: its key, and its places in the cache.
constexpr qsizetype entryBytes = 160;

} // namespace

FoldCache::RowName FoldCache::nameOf(std::span<const LaneId> lanes)
{
    constexpr size_t firstSeed = 0x9e3779b97f4a7c15;
    constexpr size_t otherSeed = 0xc2b2ae3d27d4eb4f;
    return {qHashBits(lanes.data(), lanes.size_bytes(), firstSeed), qHashBits(lanes.data(), lanes.size_bytes(), otherSeed),
            lanes.size()};
}

void FoldCache::insert(const Key &key, Cells cells)
{
    const qsizetype cost = entryBytes + qsizetype(cells.cells.size() * sizeof(FoldCell));
    m_cells.insert(key, new Cells(std::move(cells)), cost); // The cache owns it.
}

size_t qHash(const FoldCache::Key &key, size_t seed)
{
    return qHashMulti(seed, key.segment, key.begins, key.stepMs, key.row.one);
}

} // namespace pulsedeck
