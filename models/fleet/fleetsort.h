// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <limits>
#include <vector>

namespace pulsedeck {

/// SortItem::place of what is shown for the first time.
constexpr quint32 newPlace = std::numeric_limits<quint32>::max();

/// A worker on its way into the order of the fleet table.
struct SortItem
{
    double key;
    qint64 rank; // Group first, then the worse before the better.
    quint32 place; // Ties keep their place.
    WorkerHandle handle;
    const char *text = nullptr; // Where equal keys are told apart by it: addresses often begin alike.
};

/// The order of two rows.
struct ComesBefore
{
    bool descending = false;

    bool operator()(const SortItem &a, const SortItem &b) const;
};

/// As text, but for numbers in it: "agent-9" before "agent-10". Less than 0, 0, or more.
int compareNaturally(const char *a, const char *b);

/// Sorts items, given by ascending handle, by rank and key, equals with a text by it, all others by place. Where most are in the
/// order of their places already, the few that are not are taken out, sorted, and merged back.
void sortItems(std::vector<SortItem> *items, const ComesBefore &comesBefore);

} // namespace pulsedeck
