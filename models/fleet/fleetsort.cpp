// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetsort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

namespace pulsedeck {

int compareNaturally(const char *a, const char *b)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    while (*a && *b) {
        if (!isDigit(*a) || !isDigit(*b)) {
            if (*a != *b)
                return quint8(*a) < quint8(*b) ? -1 : 1;
            ++a;
            ++b;
            continue;
        }
        while (*a == '0' && isDigit(a[1]))
            ++a;
        while (*b == '0' && isDigit(b[1]))
            ++b;
        int first = 0; // The first digit that differs decides between numbers of one length.
        for (; isDigit(*a) && isDigit(*b); ++a, ++b) {
            if (first == 0 && *a != *b)
                first = *a < *b ? -1 : 1;
        }
        if (isDigit(*a) != isDigit(*b))
            return isDigit(*b) ? -1 : 1;
        if (first != 0)
            return first;
    }
    return *a ? 1 : *b ? -1 : 0;
}

bool ComesBefore::operator()(const SortItem &a, const SortItem &b) const
{
    if (a.rank != b.rank)
        return a.rank < b.rank;
    if (a.key != b.key)
        return a.key < b.key;
    if (a.text && b.text) {
        if (const int order = compareNaturally(a.text, b.text); order != 0)
            return (order < 0) != descending;
    }
    if (a.place != b.place)
        return a.place < b.place;
    return a.handle < b.handle;
}

namespace {

/// What a radix sort looks at of an item: both order as unsigned numbers.
struct RadixEntry
{
    quint64 parts[2]; // Key, rank.
    quint32 index;
};

RadixEntry radixEntryOf(const SortItem &item, quint32 index)
{
    constexpr quint64 sign = quint64(1) << 63;
    const quint64 bits = std::bit_cast<quint64>(item.key + 0.0); // No -0.
    return {{bits & sign ? ~bits : bits | sign, quint64(item.rank) ^ sign}, index};
}

/// Sorts \a sequence, indexes of items, by rank and key; equals stay in their sequence. One pass for each byte in which any two
/// differ: of 100,000 items that are in no order it takes a quarter of the time of a sort by comparison.
void radixSort(const std::vector<SortItem> &items, std::vector<quint32> *sequence)
{
    constexpr int bytes = 8;
    std::vector<std::array<quint32, 256>> counts(2 * bytes);
    std::vector<RadixEntry> entries;
    entries.reserve(sequence->size());
    for (const quint32 index : *sequence) {
        entries.push_back(radixEntryOf(items[index], index));
        for (int i = 0; i < 2 * bytes; ++i)
            ++counts[size_t(i)][entries.back().parts[i / bytes] >> (i % bytes * 8) & 0xff];
    }
    std::vector<RadixEntry> sorted(entries.size());
    for (int i = 0; i < 2 * bytes; ++i) {
        std::array<quint32, 256> &places = counts[size_t(i)];
        const auto digit = [i](const RadixEntry &entry) { return entry.parts[i / bytes] >> (i % bytes * 8) & 0xff; };
        if (places[digit(entries.front())] == entries.size())
            continue; // All have the same.
        std::exclusive_scan(places.begin(), places.end(), places.begin(), 0u);
        for (const RadixEntry &entry : entries)
            sorted[places[digit(entry)]++] = entry;
        entries.swap(sorted);
    }
    std::transform(entries.begin(), entries.end(), sequence->begin(), [](const RadixEntry &entry) { return entry.index; });
}

/// All of \a items from scratch; \a sequence has their indexes in the order of their places.
void sortAll(std::vector<SortItem> *items, std::vector<quint32> sequence, const ComesBefore &comesBefore)
{
    radixSort(*items, &sequence);
    std::vector<SortItem> sorted;
    sorted.reserve(items->size());
    for (const quint32 index : sequence)
        sorted.push_back((*items)[index]);
    for (auto run = sorted.begin(); run != sorted.end();) {
        const auto end =
            std::find_if(run, sorted.end(), [&](const SortItem &item) { return item.rank != run->rank || item.key != run->key; });
        if (run->text)
            std::sort(run, end, comesBefore);
        run = end;
    }
    items->swap(sorted);
}

} // namespace

void sortItems(std::vector<SortItem> *items, const ComesBefore &comesBefore)
{
    quint32 last = 0;
    for (const SortItem &item : *items)
        last = item.place == newPlace ? last : qMax(last, item.place + 1);
    // Back into the places they have: one pass instead of a sort, since no two have the same.
    std::vector<qint32> byPlace(last, -1);
    for (size_t i = 0; i < items->size(); ++i) {
        if ((*items)[i].place != newPlace)
            byPlace[(*items)[i].place] = qint32(i);
    }
    std::vector<quint32> sequence;
    sequence.reserve(items->size());
    for (const qint32 index : byPlace) {
        if (index >= 0)
            sequence.push_back(quint32(index));
    }
    const size_t placed = sequence.size();
    for (size_t i = 0; i < items->size(); ++i) {
        if ((*items)[i].place == newPlace)
            sequence.push_back(quint32(i));
    }
    std::vector<SortItem> kept;
    std::vector<SortItem> misfits;
    const size_t mostMisfits = std::max<size_t>(256, items->size() / 8);
    kept.reserve(items->size());
    for (size_t i = 0; i < sequence.size() && misfits.size() <= mostMisfits; ++i) {
        const SortItem &item = (*items)[sequence[i]];
        if (i >= placed) {
            misfits.push_back(item);
        } else if (kept.empty() || comesBefore(kept.back(), item)) {
            kept.push_back(item);
        } else {
            // One of the two stands wrong; which one is not known, so both are looked at again.
            misfits.push_back(kept.back());
            misfits.push_back(item);
            kept.pop_back();
        }
    }
    if (misfits.size() > mostMisfits) {
        sortAll(items, std::move(sequence), comesBefore);
        return;
    }
    std::sort(misfits.begin(), misfits.end(), comesBefore);
    std::merge(kept.begin(), kept.end(), misfits.begin(), misfits.end(), items->begin(), comesBefore);
}

} // namespace pulsedeck
