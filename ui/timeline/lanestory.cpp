// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanestory.h"

#include "models/fleet/liveness.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pulsedeck {

namespace {

/// A command and the drain that follows it within so long belong together.
constexpr qint64 commandReadWithinMs = 90'000;
/// The key is noticed gone a moment before the end is judged: one mark says both.
constexpr qint64 sameEndMs = 2'000;

bool isLeaving(WorkerStatus status)
{
    return status == WorkerStatus::Draining || status == WorkerStatus::ShuttingDown;
}

/// Builds a story from what happened, in the order of time.
class StoryBuilder
{
public:
    explicit StoryBuilder(LaneStory &story)
        : m_story(story)
    { }

    void begin(qint64 at, bool seen)
    {
        if (m_living)
            return;
        m_living = true;
        m_story.lives.push_back({at, at});
        if (seen)
            mark(StripGeometry::Mark::Start, at);
    }
    void end(qint64 at, StripGeometry::Mark how)
    {
        if (!m_living) {
            // How it ended is known a moment later than that it did.
            if (how == StripGeometry::Mark::Expired && !m_story.marks.empty() && at - m_story.marks.back().at < sameEndMs
                && m_story.marks.back().mark == StripGeometry::Mark::End)
                m_story.marks.back().mark = how;
            return;
        }
        vanish(at);
        mark(how, at);
    }
    /// Nothing is known of it from here on.
    void vanish(qint64 at)
    {
        if (!std::exchange(m_living, false))
            return;
        m_story.lives.back().to = std::max(m_story.lives.back().from, at);
        leave(at, false);
        die(at, false);
    }
    /// Its process is dead, and what it has in Redis is still there.
    void die(qint64 at, bool dead)
    {
        if (dead && m_deadSince == 0)
            m_deadSince = at;
        else if (!dead && m_deadSince > 0)
            m_story.states.push_back({StripGeometry::Block::Lost, std::exchange(m_deadSince, 0), at});
    }
    void leave(qint64 at, bool leaving)
    {
        if (leaving == (m_leavingSince > 0))
            return;
        if (leaving) {
            m_leavingSince = at;
            if (m_commandAt > 0 && at - m_commandAt < commandReadWithinMs)
                mark(StripGeometry::Mark::CommandRead, at);
        } else {
            m_story.states.push_back({StripGeometry::Block::Draining, std::exchange(m_leavingSince, 0), at});
        }
    }
    void command(qint64 at)
    {
        m_commandAt = at;
        mark(StripGeometry::Mark::CommandSent, at);
    }
    void leaveBehind(qint64 at, bool left)
    {
        if (left && m_leftSince == 0)
            m_leftSince = at;
        else if (!left && m_leftSince > 0)
            m_story.leftovers.push_back({std::exchange(m_leftSince, 0), at});
    }
    void unknown(qint64 at, bool unknown)
    {
        if (unknown && m_unknownSince == 0)
            m_unknownSince = at;
        else if (!unknown && m_unknownSince > 0)
            m_story.states.push_back({StripGeometry::Block::Unknown, std::exchange(m_unknownSince, 0), at});
    }
    void finish(qint64 now)
    {
        leave(now, false);
        leaveBehind(now, false);
        unknown(now, false);
        die(now, false);
        if (m_living)
            m_story.lives.back().to = std::max(m_story.lives.back().from, now);
        std::sort(m_story.states.begin(), m_story.states.end(),
                  [](const LaneSpan &a, const LaneSpan &b) { return a.from < b.from; });
    }
    bool isLiving() const { return m_living; }
    bool isLeaving() const { return m_leavingSince > 0; }
    bool hasLeftBehind() const { return m_leftSince > 0; }
    bool isDead() const { return m_deadSince > 0; }

private:
    void mark(StripGeometry::Mark mark, qint64 at) { m_story.marks.push_back({mark, at}); }

    LaneStory &m_story;
    bool m_living = false;
    qint64 m_leavingSince = 0;
    qint64 m_commandAt = 0;
    qint64 m_leftSince = 0;
    qint64 m_unknownSince = 0;
    qint64 m_deadSince = 0;
};

/// No event says that a process listens again: its next beat does. \a dead: it is so now.
void endDeaths(LaneStory &story, qint64 now, bool dead)
{
    std::erase_if(story.states, [&](LaneSpan &span) {
        if (span.block != StripGeometry::Block::Lost)
            return false;
        const auto beat = std::upper_bound(story.beats.begin(), story.beats.end(), span.from);
        if (beat != story.beats.end() && *beat < span.to)
            span.to = *beat;
        return span.to >= now && !dead;
    });
}

} // namespace

void LaneEvents::follow(const std::vector<quint32> &serials)
{
    // Each list keeps what the store has dropped for a while: at last all are made again.
    if (m_kept > 2 * size_t(FleetEvents::maxEvents) || m_events.size() > mostFollowed) {
        m_events.clear();
        m_kept = 0;
    }
    collect(m_events, m_taken);
    Lists fresh;
    for (const quint32 serial : serials) {
        if (!m_events.contains(serial))
            fresh.insert(serial, {});
    }
    collect(fresh, 0);
    m_events.insert(fresh);
    m_taken = m_store.events().appended();
}

/// Adds those after the first \a from to the lists that there are.
void LaneEvents::collect(Lists &lists, quint64 from)
{
    constexpr int atOnce = 4'096; // They are copied.
    const FleetEvents &events = m_store.events();
    if (lists.isEmpty())
        return;
    for (from = std::max(from, events.firstKept()); from < events.appended();) {
        const std::vector<FleetEvent> some = events.since(from, atOnce);
        if (some.empty())
            break;
        for (const FleetEvent &event : some) {
            const auto list = lists.find(event.worker);
            if (list == lists.end())
                continue;
            list->push_back(event);
            ++m_kept;
        }
        from += some.size();
    }
}

const std::vector<FleetEvent> &LaneEvents::of(quint32 serial) const
{
    static const std::vector<FleetEvent> none;
    const auto found = m_events.constFind(serial);
    return found == m_events.constEnd() ? none : *found;
}

LaneStory storyOf(const FleetStore &store, WorkerHandle handle, const std::vector<FleetEvent> &events)
{
    LaneStory story;
    const Worker &worker = store.worker(handle);
    const BeatHistory &beats = store.beats(handle);
    const qint64 now = store.viewNow();
    const StripFacts facts = stripFacts(store, handle);
    // A key that never expires was written once: no beat is expected.
    if (worker.liveness != Liveness::NoTtl)
        story.paces = {{0, facts.limits.interval, facts.limits.lostAfter}};
    if (facts.past)
        story.past = *facts.past;
    story.beats.reserve(size_t(beats.size()));
    for (int i = 0; i < beats.size(); ++i)
        story.beats.push_back(beats.at(i, now));

    StoryBuilder builder(story);
    // Those that were there on connecting are known from their first beat on.
    const bool seenToBegin = std::any_of(events.begin(), events.end(),
                                         [](const FleetEvent &event) { return event.kind == FleetEventKind::Registered; });
    if (!seenToBegin && !story.beats.empty())
        builder.begin(story.beats.front(), false);
    for (const FleetEvent &event : events) {
        switch (event.kind) {
        case FleetEventKind::Registered:
            builder.begin(event.at, true);
            break;
        case FleetEventKind::Returned:
            builder.vanish(event.at - event.a);
            builder.leaveBehind(event.at, false);
            builder.begin(event.at, true);
            break;
        case FleetEventKind::StatusChanged:
            builder.leave(event.at, isLeaving(WorkerStatus(event.b)) && builder.isLiving());
            break;
        case FleetEventKind::KeyExpired:
            builder.end(event.at, StripGeometry::Mark::Expired);
            break;
        case FleetEventKind::Ended:
            builder.end(event.at, isLoss(WorkerEnd(event.a)) ? StripGeometry::Mark::Expired : StripGeometry::Mark::End);
            break;
        case FleetEventKind::CountersLeft:
            builder.leaveBehind(event.at, true);
            break;
        case FleetEventKind::CountersReaped:
            builder.leaveBehind(event.at, false);
            break;
        case FleetEventKind::CommandSeen:
            builder.command(event.at);
            break;
        case FleetEventKind::ListenerLost:
            builder.die(event.at, false); // It had come back since.
            builder.die(event.at, builder.isLiving());
            break;
        default:
            break;
        }
    }
    // What the row says now, for what came before the events that are kept.
    if ((facts.departed || facts.countersLeft) && builder.isLiving())
        builder.end(facts.endedAt > 0 ? facts.endedAt : now,
                    facts.keyExpired ? StripGeometry::Mark::Expired : StripGeometry::Mark::End);
    else if (!facts.departed && !facts.countersLeft && !builder.isLiving() && !story.beats.empty())
        builder.begin(std::max(story.beats.front(), facts.startedAt), false);
    if (facts.drainingSince > 0 && builder.isLiving())
        builder.leave(facts.drainingSince, true);
    if ((facts.countersLeft || facts.ghost) && !builder.hasLeftBehind())
        builder.leaveBehind(facts.endedAt > 0 ? facts.endedAt : story.beats.empty() ? now : story.beats.back(), true);
    const qint64 crashedSince = store.crashedSince(handle);
    if (crashedSince > 0 && builder.isLiving())
        builder.die(crashedSince, true);
    builder.finish(now);
    endDeaths(story, now, crashedSince > 0);
    // What its own record does not show: the last command that this console gave it.
    if (const CommandTimes *times = store.commandTimes(handle)) {
        story.marks.push_back({StripGeometry::Mark::CommandSent, times->sentAt});
        if (times->readAt > 0)
            story.marks.push_back({StripGeometry::Mark::CommandRead, times->readAt});
        std::stable_sort(story.marks.begin(), story.marks.end(), [](const auto &a, const auto &b) { return a.at < b.at; });
    }
    for (const UnknownSpan &span : store.unknownSpans(worker.source))
        story.states.push_back({StripGeometry::Block::Unknown, span.from, span.to > 0 ? span.to : now});
    if (worker.liveness == Liveness::Departed)
        story.lastWord = livenessLabel(worker);
    return story;
}

LaneStory storyOf(const LaneTrack &track, qint64 from, qint64 to, bool watched)
{
    LaneStory story;
    story.beats = track.beats;
    StoryBuilder builder(story);
    LaneState state = track.before;
    const auto pace = [&](qint64 at) {
        if (state.interval <= 0)
            return;
        const qint64 stale = staleIntervals * qint64(state.interval);
        if (!story.paces.empty() && story.paces.back().at == at)
            story.paces.pop_back(); // The facts of one moment come one by one.
        story.paces.push_back({at, state.interval, state.learntTtl > 0 ? std::min<qint64>(state.learntTtl, stale) : stale});
    };
    const auto review = [&](qint64 at, bool seen) {
        const bool there = state.known && state.end == WorkerEnd::None && state.liveness != Liveness::Departed;
        if (there) {
            builder.leaveBehind(at, false);
            builder.begin(at, seen);
            builder.leave(at, isLeaving(state.status));
        } else if (!state.known) {
            builder.vanish(at);
        } else {
            builder.end(at, isLoss(state.end) ? StripGeometry::Mark::Expired : StripGeometry::Mark::End);
        }
        builder.leaveBehind(at, state.known && (state.liveness == Liveness::Zombie || state.liveness == Liveness::Ghost));
        builder.unknown(at, there && state.liveness == Liveness::Unknown);
        const bool ghost = state.liveness == Liveness::Ghost && builder.isDead();
        builder.die(at, there && (state.liveness == Liveness::Crashed || ghost));
    };
    if (state.known)
        review(from, false);
    pace(0);
    for (size_t i = 0; i < track.changes.size(); ++i) {
        const LaneChange &change = track.changes[i];
        const bool wasKnown = state.known;
        const CommandState command = state.command;
        if (change.fact == LaneFact::Gone)
            state = LaneState();
        else
            state.take(change.fact, change.value);
        if (change.fact == LaneFact::Interval || change.fact == LaneFact::LearntTtl)
            pace(change.at);
        if (change.fact == LaneFact::Command && state.command == CommandState::Shutdown && command != state.command && wasKnown)
            builder.command(change.at);
        // What comes at one moment is one change: it is judged when all of it is there.
        if (i + 1 == track.changes.size() || track.changes[i + 1].at != change.at)
            review(change.at, watched || track.before.known || !story.lives.empty());
    }
    builder.finish(to);
    return story;
}

FoldedLanes foldedRow(const FoldAnswer &answer, int row, quint32 lanes)
{
    FoldedLanes folded{answer.from, answer.bucketMs, {}};
    folded.buckets.resize(size_t(answer.buckets));
    for (int i = 0; i < answer.buckets; ++i) {
        const FoldCell &cell = answer.at(row, i);
        FoldedLanes::Bucket &bucket = folded.buckets[size_t(i)];
        if (cell.worst == FoldCell::nothing || Liveness(cell.worst) == Liveness::Departed)
            continue;
        const auto worst = Liveness(cell.worst);
        if (worst == Liveness::Unknown) {
            bucket.unknown = 1;
            continue;
        }
        bucket.there = std::max<quint32>(1, lanes);
        if (cell.expected > cell.received)
            bucket.late = std::max<quint32>(1, quint32(quint64(bucket.there) * (cell.expected - cell.received) / cell.expected));
        // Between two beats none is expected: then the worst state says that one is late. What is left of ended workers does not.
        const bool beats = expectsBeats(worst);
        if (beats && bucket.late == 0 && livenessRank(worst) >= livenessRank(Liveness::Late))
            bucket.late = 1;
        if (beats && bucket.late > 0 && livenessRank(worst) >= livenessRank(Liveness::Stale))
            bucket.lost = 1;
    }
    return folded;
}

LaneStory joined(LaneStory earlier, const LaneStory &later, qint64 at)
{
    const auto cutTimes = [at](auto &list, const auto &more) {
        std::erase_if(list, [at](const auto &span) { return span.from >= at; });
        for (auto &span : list)
            span.to = std::min(span.to, at);
        for (auto span : more) {
            if (span.to <= at)
                continue;
            // One that spans the seam is one.
            if (!list.empty() && list.back().to == at && span.from <= at) {
                list.back().to = span.to;
                continue;
            }
            span.from = std::max(span.from, at);
            list.push_back(span);
        }
    };
    std::erase_if(earlier.beats, [at](qint64 beat) { return beat >= at; });
    for (const qint64 beat : later.beats) {
        if (beat >= at)
            earlier.beats.push_back(beat);
    }
    std::erase_if(earlier.marks, [at](const LaneMark &mark) { return mark.at >= at; });
    for (const LaneMark &mark : later.marks) {
        if (mark.at >= at)
            earlier.marks.push_back(mark);
    }
    cutTimes(earlier.lives, later.lives);
    cutTimes(earlier.leftovers, later.leftovers);
    const std::vector<LaneSpan> states = std::exchange(earlier.states, {});
    for (const auto block : {StripGeometry::Block::Draining, StripGeometry::Block::Lost, StripGeometry::Block::Unknown}) {
        const auto ofThat = [block](const std::vector<LaneSpan> &all) {
            std::vector<LaneSpan> some;
            std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                         [block](const LaneSpan &span) { return span.block == block; });
            return some;
        };
        std::vector<LaneSpan> spans = ofThat(states);
        cutTimes(spans, ofThat(later.states));
        earlier.states.insert(earlier.states.end(), spans.begin(), spans.end());
    }
    if (earlier.paces.empty()) {
        earlier.paces = later.paces;
    } else {
        for (LanePace pace : later.paces) {
            pace.at = std::max(pace.at, at);
            earlier.paces.push_back(pace);
        }
    }
    earlier.past = later.past;
    earlier.pastFrom = at;
    earlier.lastWord = later.lastWord;
    return earlier;
}

} // namespace pulsedeck
