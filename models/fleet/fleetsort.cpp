// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetsort.h"

#include <algorithm>

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

void sortItems(std::vector<SortItem> *items, const ComesBefore &comesBefore)
{
    std::vector<SortItem> kept(items->size());
    quint32 last = 0;
    for (const SortItem &item : *items)
        last = item.place == newPlace ? last : qMax(last, item.place + 1);
    // Back into the places they have: one pass instead of a sort, since no two have the same.
    std::vector<qint32> byPlace(last, -1);
    for (size_t i = 0; i < items->size(); ++i) {
        if ((*items)[i].place != newPlace)
            byPlace[(*items)[i].place] = qint32(i);
    }
    std::vector<SortItem> misfits;
    size_t count = 0;
    for (const qint32 index : byPlace) {
        if (index < 0)
            continue;
        const SortItem &item = (*items)[size_t(index)];
        if (count == 0 || comesBefore(kept[count - 1], item)) {
            kept[count++] = item;
        } else {
            // One of the two stands wrong; which one is not known, so both are looked at again.
            misfits.push_back(kept[--count]);
            misfits.push_back(item);
        }
    }
    for (const SortItem &item : *items) {
        if (item.place == newPlace)
            misfits.push_back(item);
    }
    std::sort(misfits.begin(), misfits.end(), comesBefore);
    std::merge(kept.begin(), kept.begin() + qsizetype(count), misfits.begin(), misfits.end(), items->begin(), comesBefore);
}

} // namespace pulsedeck
