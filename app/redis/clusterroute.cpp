// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clusterroute.h"

#include <algorithm>

namespace pulsedeck {

namespace {

struct RouteRow
{
    const char *word;
    const char *second; ///< Null: whatever follows.
    ClusterRoute route;
};

using To = ClusterRoute::To;
using Merge = ClusterRoute::Merge;

constexpr int countOfKeys = 2; ///< Of EVAL and those like it; keys follow.

// What is not here has its first key behind its name, as most commands have.
constexpr RouteRow routeRows[] = {
    // Answered by all, so that what is asked before them is answered before them, and so that one that is silent is noticed.
    {"PING", nullptr, {To::All, Merge::First, 0}},
    {"TIME", nullptr, {To::All, Merge::First, 0}},
    {"SCAN", nullptr, {To::Scan, Merge::First, 1}},
    {"INFO", nullptr, {To::First, Merge::First, 0}},
    {"ROLE", nullptr, {To::First, Merge::First, 0}},
    {"PUBLISH", nullptr, {To::First, Merge::First, 0}}, // The cluster passes it on to all of its nodes.
    {"PUBSUB", "NUMSUB", {To::All, Merge::SumPairs, 0}},
    {"PUBSUB", "CHANNELS", {To::All, Merge::Union, 0}},
    {"PUBSUB", "NUMPAT", {To::All, Merge::Sum, 0}},
    {"CLIENT", "LIST", {To::Refused, Merge::First, 0}},
    {"CLIENT", nullptr, {To::All, Merge::First, 0}},
    {"SCRIPT", nullptr, {To::All, Merge::First, 0}},
    {"DBSIZE", nullptr, {To::All, Merge::Sum, 0}},
    {"CONFIG", nullptr, {To::First, Merge::First, 0}},
    {"ACL", nullptr, {To::First, Merge::First, 0}},
    {"COMMAND", nullptr, {To::First, Merge::First, 0}},
    {"CLUSTER", nullptr, {To::First, Merge::First, 0}},
    {"MGET", nullptr, {To::Split, Merge::Places, 1}},
    {"EXISTS", nullptr, {To::Split, Merge::Sum, 1}},
    {"DEL", nullptr, {To::Split, Merge::Sum, 1}},
    {"UNLINK", nullptr, {To::Split, Merge::Sum, 1}},
    {"TOUCH", nullptr, {To::Split, Merge::Sum, 1}},
    {"XINFO", nullptr, {To::Slot, Merge::First, 2}},
    {"OBJECT", nullptr, {To::Slot, Merge::First, 2}},
    {"MEMORY", nullptr, {To::Slot, Merge::First, 2}},
};

bool isWord(QByteArrayView word, const char *name)
{
    return word.compare(name, Qt::CaseInsensitive) == 0;
}

} // namespace

ClusterRoute ClusterRoute::of(std::span<const QByteArrayView> words)
{
    const auto word = [words](size_t index) { return index < words.size() ? words[index] : QByteArrayView(); };
    for (const char *name : {"EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO"}) {
        if (!isWord(word(0), name))
            continue;
        const bool hasKeys = words.size() > countOfKeys + 1 && word(countOfKeys) != QByteArrayView("0");
        return hasKeys ? ClusterRoute{To::Slot, Merge::First, countOfKeys + 1} : ClusterRoute{To::First, Merge::First, 0};
    }
    const auto row = std::find_if(std::begin(routeRows), std::end(routeRows), [&](const RouteRow &one) {
        return isWord(word(0), one.word) && (!one.second || isWord(word(1), one.second));
    });
    ClusterRoute route = row == std::end(routeRows) ? ClusterRoute() : row->route;
    if (route.to != To::First && route.to != To::All && route.to != To::Refused && size_t(route.key) >= words.size())
        return {To::First, Merge::First, 0}; // It is incomplete, and the server says so.
    if (route.to == To::Split && words.size() == size_t(route.key) + 1)
        route.to = To::Slot;
    return route;
}

} // namespace pulsedeck
