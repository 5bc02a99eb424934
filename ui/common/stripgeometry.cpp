// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/stripgeometry.h"

#include "models/fleet/liveness.h"
#include "models/fleet/pastends.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pulsedeck {

namespace {

bool touchesUnknown(const std::vector<UnknownSpan> *unknown, qint64 from, qint64 to)
{
    if (!unknown)
        return false;
    // Spans are in the order of time: the newest are the likely ones.
    for (auto span = unknown->rbegin(); span != unknown->rend(); ++span) {
        if (span->to > 0 && span->to <= from)
            return false;
        if (span->from < to)
            return true;
    }
    return false;
}

/// Adds [from, to] in time as a block, cut to the window. Blocks that would be invisible get one pixel at least.
bool addSpan(StripGeometry &out, const StripScale &scale, StripGeometry::Block block, qint64 from, qint64 to, qint64 gap)
{
    if (to <= from)
        return false;
    const int right = std::min(scale.x(to), scale.width);
    const int left = std::max(0, scale.x(from));
    if (right <= 0 || left >= scale.width)
        return false;
    out.spans.push_back({block, left, std::max(right, left + 1), qint32(std::min<qint64>(gap, 0x7fffffff))});
    return true;
}

void addMark(StripGeometry &out, const StripScale &scale, StripGeometry::Mark mark, qint64 at)
{
    const int x = scale.x(at);
    if (at > 0 && x >= 0 && x <= scale.width)
        out.marks.push_back({mark, x});
}

void addGap(StripGeometry &out, const StripFacts &facts, const StripScale &scale, qint64 from, qint64 to)
{
    const qint64 gap = to - from;
    const GapLimits limits = facts.past ? facts.past->over(from, to, facts.limits) : facts.limits;
    if (gap <= limits.interval + gapTolerance(limits.interval) || touchesUnknown(facts.unknown, from, to))
        return;
    const qint64 lost = std::max(limits.lostAfter, limits.interval);
    // A sliver of a full block at the end says no more than the mark that stands there.
    const bool sliver = gap <= lost || scale.x(to) - scale.x(from + lost) < 2;
    const bool labelled = addSpan(out, scale, StripGeometry::Block::Late, from + limits.interval, sliver ? to : from + lost, gap);
    if (!sliver)
        addSpan(out, scale, StripGeometry::Block::Lost, from + lost, to, labelled ? 0 : gap);
}

/// Ticks that stand so close that they cannot be told apart become a band, from the third of a run on.
void mergeTicks(StripGeometry &out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out.ticks.size();) {
        size_t end = i + 1;
        // On whole pixels neighbours stand one farther or closer than they are: the mean decides.
        while (end < out.ticks.size() && out.ticks[end] - out.ticks[end - 1] <= StripGeometry::closestTicks)
            ++end;
        const int length = out.ticks[end - 1] - out.ticks[i];
        if (end - i >= 3 && length < StripGeometry::closestTicks * int(end - i - 1)) {
            out.bands.push_back({out.ticks[i], out.ticks[end - 1]});
        } else {
            for (; i < end; ++i)
                out.ticks[kept++] = out.ticks[i];
        }
        i = end;
    }
    out.ticks.resize(kept);
}

} // namespace

int StripScale::x(qint64 time) const
{
    const double perMs = pixelsPerMs();
    return int(std::clamp(std::floor(double(time) * perMs) - std::floor(double(now) * perMs) + width, -1e6, 1e6));
}

qint64 StripScale::timeAt(int x) const
{
    return now - qint64(std::llround((width - x) / pixelsPerMs()));
}

void StripGeometry::clear()
{
    ticks.clear();
    bands.clear();
    spans.clear();
    marks.clear();
    lineFrom = lineTo = dotsFrom = dotsTo = haze = 0;
}

qint64 gapTolerance(qint64 interval)
{
    return std::max<qint64>(900, interval * 8 / 100);
}

StripFacts stripFacts(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const TimingProfile &timing = store.timing(worker.source);
    StripFacts facts;
    facts.limits = store.gapLimitsOf(handle);
    facts.past = store.pastPaces(handle);
    facts.uncertainMs = store.pollsEveryMs(handle);
    const bool leaves = worker.flags.testFlag(WorkerFlag::StillWorking) && worker.liveness == Liveness::Alive;
    const bool hasLeft = worker.liveness == Liveness::Departed && isOrderly(worker.end)
                         && worker.status == WorkerStatus::ShuttingDown && worker.traits->basis == BeatBasis::Events;
    if (leaves || hasLeft) {
        // It said that it leaves: from its last beat on none is expected, until its end.
        facts.drainingSince = worker.beatAt;
        facts.limits = {std::numeric_limits<qint32>::max(), std::numeric_limits<qint32>::max()};
    }
    facts.unknown = &store.unknownSpans(worker.source);
    facts.departed = worker.liveness == Liveness::Departed;
    facts.countersLeft = worker.liveness == Liveness::Zombie;
    facts.ghost = worker.liveness == Liveness::Ghost;
    if (facts.departed || facts.countersLeft) {
        facts.endedAt = worker.endedAt;
        facts.keyExpired = worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed || facts.countersLeft;
    }
    // Set only for one that was seen to register; the start of those already there on connecting is not known.
    facts.startedAt = worker.returnedAt > 0 ? worker.returnedAt : worker.firstSeenAt;
    if (worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown) {
        facts.drainingSince = worker.statusSince;
        facts.commandRead = worker.command == CommandState::Shutdown;
    }
    if (worker.command == CommandState::Shutdown && worker.commandUntil > 0)
        facts.commandAt = worker.commandUntil - timing.shutdownCommandTtl;
    if (const CommandTimes *times = store.commandTimes(handle)) {
        facts.commandAt = times->sentAt;
        facts.commandReadAt = times->readAt;
    }
    return facts;
}

void layoutStrip(const BeatHistory &beats, const StripFacts &facts, const StripScale &scale, StripGeometry &out)
{
    out.clear();
    if (scale.width <= 0)
        return;
    // Wider than this it would say nothing any more.
    if (facts.uncertainMs > 0)
        out.haze = std::clamp(int(double(facts.uncertainMs) * scale.pixelsPerMs() / 2), 2, 24);
    const qint64 from = scale.now - scale.span;
    const qint64 end = facts.endedAt > 0 ? std::min(facts.endedAt, scale.now) : scale.now;

    if (facts.unknown) {
        for (const UnknownSpan &span : *facts.unknown) {
            const qint64 to = span.to > 0 ? span.to : scale.now;
            if (to > from)
                addSpan(out, scale, StripGeometry::Block::Unknown, std::max(span.from, from), to, 0);
        }
    }
    if (facts.drainingSince > 0)
        addSpan(out, scale, StripGeometry::Block::Draining, std::max(facts.drainingSince, from), end, 0);

    if (!beats.isEmpty()) {
        // One beat before the window decides what its left edge looks like.
        const int first = std::max(0, beats.lowerBound(from, scale.now) - 1);
        qint64 before = 0;
        for (int i = first; i < beats.size(); ++i) {
            const qint64 at = beats.at(i, scale.now);
            if (at > scale.now)
                break;
            if (before > 0)
                addGap(out, facts, scale, before, at);
            const int x = scale.x(at);
            if (x >= 0 && (out.ticks.empty() || out.ticks.back() != x))
                out.ticks.push_back(x);
            before = at;
        }
        if (before > 0)
            addGap(out, facts, scale, before, end);
        mergeTicks(out);
        const qint64 life = beats.at(0, scale.now);
        out.lineFrom = std::max(0, scale.x(facts.startedAt > 0 ? std::min(facts.startedAt, life) : life));
        out.lineTo = std::min(scale.width, scale.x(end));
    }

    addMark(out, scale, StripGeometry::Mark::Start, facts.startedAt);
    addMark(out, scale, StripGeometry::Mark::CommandSent, facts.commandAt);
    if (facts.commandRead)
        addMark(out, scale, StripGeometry::Mark::CommandRead, facts.drainingSince);
    else if (facts.commandReadAt > 0)
        addMark(out, scale, StripGeometry::Mark::CommandRead, facts.commandReadAt);
    if (facts.endedAt > 0)
        addMark(out, scale, facts.keyExpired ? StripGeometry::Mark::Expired : StripGeometry::Mark::End, facts.endedAt);
    if (facts.ghost) {
        out.dotsFrom = out.ticks.empty() ? 0 : std::clamp(out.ticks.back(), 0, scale.width);
        out.dotsTo = scale.width;
    }
    if (facts.countersLeft) {
        out.dotsFrom = std::max(0, scale.x(facts.endedAt > 0 ? facts.endedAt : from));
        out.dotsTo = scale.width;
    }
}

} // namespace pulsedeck
