// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/commoncause.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr std::array<SharedTrait, 6> allSharedTraits{SharedTrait::Host,  SharedTrait::Source,  SharedTrait::System,
                                                     SharedTrait::Queue, SharedTrait::Version, SharedTrait::Type};

struct ValueCount
{
    int all = 0;
    int affected = 0;
};

double logChoose(int of, int some)
{
    return std::lgamma(of + 1.0) - std::lgamma(some + 1.0) - std::lgamma(of - some + 1.0);
}

/// The probability that of \a inside workers drawn from \a all, of which \a affected are affected, at least \a found are.
double upperTail(int all, int affected, int inside, int found)
{
    const double whole = logChoose(all, inside);
    const int most = std::min(inside, affected);
    double sum = 0;
    for (int count = std::max(found, inside - (all - affected)); count <= most; ++count) {
        const double term = std::exp(logChoose(affected, count) + logChoose(all - affected, inside - count) - whole);
        sum += term;
        // Behind their maximum the terms only shrink.
        if (term < sum * 1e-12)
            break;
    }
    return std::min(sum, 1.0);
}

using ValueCounts = QHash<QString, ValueCount>;

std::array<ValueCounts, allSharedTraits.size()> countValues(const std::vector<ExaminedWorker> &workers)
{
    std::array<ValueCounts, allSharedTraits.size()> counts;
    for (const ExaminedWorker &worker : workers) {
        forEachTrait(worker, [&](SharedTrait trait, const QString &value) {
            ValueCount &entry = counts[size_t(trait)][value];
            ++entry.all;
            entry.affected += worker.affectedAt != 0 ? 1 : 0;
        });
    }
    return counts;
}

/// Whether the figures say that workers with this value were affected, and others were not.
bool divides(const SharedValue &value, int affected)
{
    if (value.affectedInside * 3 < affected * 2)
        return false;
    // affectedInside / inside >= 3 * affectedOutside / outside
    return qint64(value.affectedInside) * value.outside >= 3 * qint64(value.affectedOutside) * value.inside;
}

} // namespace

QString sharedTraitName(SharedTrait trait)
{
    switch (trait) {
    case SharedTrait::Host:
        return u"host"_s;
    case SharedTrait::Source:
        return u"source"_s;
    case SharedTrait::System:
        return u"system"_s;
    case SharedTrait::Queue:
        return u"queue"_s;
    case SharedTrait::Version:
        return u"version"_s;
    case SharedTrait::Type:
        return u"type"_s;
    }
    return {};
}

bool hasTrait(const ExaminedWorker &worker, SharedTrait trait, const QString &value)
{
    bool has = false;
    forEachTrait(worker, [&](SharedTrait one, const QString &its) { has = has || (one == trait && its == value); });
    return has;
}

CommonCause commonCause(const std::vector<ExaminedWorker> &workers)
{
    CommonCause result;
    result.workers = int(workers.size());
    for (const ExaminedWorker &worker : workers) {
        if (worker.affectedAt == 0)
            continue;
        ++result.affected;
        result.first = result.first == 0 ? worker.affectedAt : std::min(result.first, worker.affectedAt);
        result.last = std::max(result.last, worker.affectedAt);
    }
    result.nearlyAll = result.affected > 0 && qint64(result.affected) * 10 >= qint64(result.workers) * 9;
    if (result.affected < CommonCause::leastAffected || result.nearlyAll)
        return result;

    const auto counts = countValues(workers);
    qint64 tried = 0;
    std::vector<SharedValue> found;
    for (const SharedTrait trait : allSharedTraits) {
        const ValueCounts &values = counts[size_t(trait)];
        for (auto value = values.begin(); value != values.end(); ++value) {
            // What all have divides nothing.
            if (value->all == result.workers)
                continue;
            ++tried;
            const SharedValue shared{
                trait, value.key(), value->all, value->affected, result.workers - value->all, result.affected - value->affected,
                1};
            if (divides(shared, result.affected))
                found.push_back(shared);
        }
    }
    for (SharedValue &value : found) {
        const double once = upperTail(result.workers, result.affected, value.inside, value.affectedInside);
        value.chance = std::min(1.0, once * double(tried));
    }
    std::erase_if(found, [](const SharedValue &value) { return value.chance > CommonCause::mostChance; });
    if (found.empty())
        return result;
    std::sort(found.begin(), found.end(), [](const SharedValue &a, const SharedValue &b) {
        if (a.chance != b.chance)
            return a.chance < b.chance;
        if (a.inside != b.inside)
            return a.inside < b.inside;
        return std::pair(a.trait, a.value) < std::pair(b.trait, b.value);
    });
    const SharedValue best = found.front();
    result.likeliest = best;
    for (const SharedValue &value : found) {
        if (value != best && value.inside == best.inside && value.affectedInside == best.affectedInside)
            result.alike.push_back(value);
    }
    return result;
}

} // namespace pulsedeck
