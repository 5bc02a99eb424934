// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/lanefold.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace pulsedeck {

namespace {

/// A shorter interval is none of a worker; a wrong file may say so.
constexpr qint64 leastIntervalMs = 50;

quint8 marksOf(const LaneState &state)
{
    const bool leaves = state.status == WorkerStatus::Draining || state.status == WorkerStatus::ShuttingDown;
    return leaves && state.liveness != Liveness::Departed ? FoldCell::Draining : 0;
}

/// What a change is worth a mark for; \a before is the state it changed.
quint8 marksOf(const LaneChange &change, const LaneState &before)
{
    switch (change.fact) {
    case LaneFact::End: {
        const auto end = WorkerEnd(change.value);
        if (end == WorkerEnd::None)
            return before.end != WorkerEnd::None ? FoldCell::Returned : 0;
        return isLoss(end) ? FoldCell::Lost : FoldCell::Ended;
    }
    case LaneFact::Command:
        return change.value != qint64(CommandState::None) ? FoldCell::Commanded : 0;
    case LaneFact::Version:
        return before.version != 0 && change.value != 0 ? FoldCell::NewVersion : 0;
    default:
        return 0;
    }
}

quint8 worstOf(quint8 one, quint8 other)
{
    if (one > quint8(Liveness::Departed))
        return other;
    if (other > quint8(Liveness::Departed))
        return one;
    return livenessRank(Liveness(one)) >= livenessRank(Liveness(other)) ? one : other;
}

} // namespace

void mergeCells(FoldCell &cell, const FoldCell &other)
{
    cell.received += other.received;
    cell.expected += other.expected;
    cell.marks |= other.marks;
    if (other.worst == FoldCell::nothing)
        return;
    if (cell.worst != FoldCell::nothing && cell.worst != other.worst)
        cell.marks |= FoldCell::Mixed;
    cell.worst = worstOf(cell.worst, other.worst);
}

LaneFold::LaneFold(qint64 from, qint64 bucketMs, int rows, int buckets)
    : m_from(from)
    , m_bucketMs(qMax<qint64>(1, bucketMs))
    , m_perMs(1.0 / double(m_bucketMs))
    , m_rows(qMax(0, rows))
    , m_buckets(qMax(0, buckets))
    , m_end(from + m_bucketMs * m_buckets)
    , m_received(size_t(m_rows) * size_t(m_buckets))
    , m_missing(m_received.size())
    , m_shades(m_received.size())
    , m_words((size_t(m_buckets) + 63) / 64)
    , m_steady(size_t(m_rows))
{ }

/// Of a time in [m_from, m_end). A division for each beat would take most of the time, and a call much of it.
Q_ALWAYS_INLINE int LaneFold::bucketAt(qint64 at) const
{
    const qint64 past = at - m_from;
    const auto bucket = qint64(double(past) * m_perMs);
    const qint64 rest = past - bucket * m_bucketMs;
    return int(bucket - qint64(rest < 0) + qint64(rest >= m_bucketMs)); // A product may be one off.
}

void LaneFold::shade(Shade &shade, quint8 worst, quint8 marks)
{
    shade.marks |= marks;
    if (shade.worst == worst)
        return;
    if (shade.worst != FoldCell::nothing)
        shade.marks |= FoldCell::Mixed;
    shade.worst = worstOf(shade.worst, worst);
}

void LaneFold::beginSpan(qint64 from, qint64 to)
{
    m_spanFrom = from;
    m_spanTo = to;
    std::fill(m_steady.begin(), m_steady.end(), Shade());
}

void LaneFold::endSpan()
{
    const qint64 from = qMax(m_spanFrom, m_from);
    const qint64 to = qMin(m_spanTo, m_end);
    if (from >= to)
        return;
    const int first = bucketAt(from);
    const int last = bucketAt(to - 1);
    for (int row = 0; row < m_rows; ++row) {
        const Shade steady = m_steady[size_t(row)];
        if (steady.worst == FoldCell::nothing)
            continue;
        Shade *const cells = m_shades.data() + size_t(row) * size_t(m_buckets);
        for (int bucket = first; bucket <= last; ++bucket)
            shade(cells[bucket], steady.worst, steady.marks);
    }
}

/// As bits: of a hundred lanes in a row nearly all are alike, and a cell of each would take most of the time.
void LaneFold::paint(int row, qint64 from, qint64 to, const LaneState &state)
{
    from = qMax(from, m_from);
    to = qMin(to, m_end);
    if (!state.known || from >= to || state.liveness > Liveness::Departed)
        return;
    std::vector<quint64> &painted = m_painted[2 * size_t(state.liveness) + (marksOf(state) != 0 ? 1 : 0)];
    if (painted.empty())
        painted.resize(size_t(m_rows) * m_words);
    quint64 *const words = painted.data() + size_t(row) * m_words;
    const auto first = size_t(bucketAt(from));
    const auto last = size_t(bucketAt(to - 1));
    const quint64 fromFirst = ~quint64(0) << (first % 64);
    const quint64 untilLast = ~quint64(0) >> (63 - last % 64);
    if (first / 64 == last / 64) {
        words[first / 64] |= fromFirst & untilLast;
        return;
    }
    words[first / 64] |= fromFirst;
    std::fill(words + first / 64 + 1, words + last / 64, ~quint64(0));
    words[last / 64] |= untilLast;
}

void LaneFold::mark(int row, qint64 at, quint8 marks)
{
    if (marks != 0 && at >= m_from && at < m_end)
        m_shades[size_t(row) * size_t(m_buckets) + size_t(bucketAt(at))].marks |= marks;
}

/// The beats; and of each gap longer than \a longGap where it is, into m_gaps.
void LaneFold::countBeats(int row, const PackedBeats &beats, qint64 longGap, qint64 &last)
{
    quint32 *const received = m_received.data() + size_t(row) * size_t(m_buckets);
    qint64 previous = last;
    eachBeat(beats, [&](qint64 at) {
        if (at >= m_from && at < m_end)
            ++received[bucketAt(at)];
        if (Q_UNLIKELY(previous > 0 && at > previous && quint64(at) - quint64(previous) > quint64(longGap)))
            m_gaps.emplace_back(previous, at);
        previous = at;
    });
    last = previous;
}

void LaneFold::addLane(int row, const LaneState &before, std::span<const LaneChange> changes, const PackedBeats *beats)
{
    if (changes.empty()) {
        if (before.known)
            shade(m_steady[size_t(row)], quint8(before.liveness), marksOf(before));
    } else {
        LaneState state = before;
        qint64 since = m_spanFrom;
        for (const LaneChange &change : changes) {
            // Of several changes at one moment only the last state lasts.
            if (change.at > since) {
                paint(row, since, change.at, state);
                since = change.at;
            }
            mark(row, change.at, marksOf(change, state));
            state.take(change.fact, change.value);
        }
        paint(row, since, m_spanTo, state);
    }

    qint64 shortest = before.interval;
    for (const LaneChange &change : changes) {
        if (change.fact == LaneFact::Interval && change.value > 0 && (shortest <= 0 || change.value < shortest))
            shortest = change.value;
    }
    shortest = qMax(shortest, shortest > 0 ? leastIntervalMs : shortest);
    const qint64 longGap = shortest > 0 ? shortest + shortest / 2 : std::numeric_limits<qint64>::max();
    qint64 last = before.beatAt;
    m_gaps.clear();
    if (beats)
        countBeats(row, *beats, longGap, last);
    if (shortest <= 0)
        return;
    if (last > 0 && m_spanTo > last && quint64(m_spanTo) - quint64(last) > quint64(longGap))
        m_gaps.emplace_back(last, m_spanTo);
    for (const auto &[gapFrom, gapTo] : m_gaps)
        countMissing(row, before, changes, gapFrom, gapTo);
}

void LaneFold::countMissing(int row, const LaneState &before, std::span<const LaneChange> changes, qint64 gapFrom, qint64 gapTo)
{
    LaneState state = before;
    auto change = changes.begin();
    const auto goTo = [&](qint64 at) {
        for (; change != changes.end() && change->at <= at; ++change)
            state.take(change->fact, change->value);
    };
    goTo(gapFrom);
    // The interval may become known only after the beat.
    for (auto later = change; state.interval <= 0 && later != changes.end(); ++later) {
        if (later->fact == LaneFact::Interval)
            state.interval = qint32(later->value);
    }
    if (state.interval <= 0)
        return;
    const qint64 interval = qMax<qint64>(leastIntervalMs, state.interval);
    // Only whole spans are looked at: what fell due in the one before and half an interval later was in this one, too.
    qint64 due = gapFrom + interval;
    if (const qint64 skipped = (m_spanFrom - interval / 2 - due) / interval; skipped > 0)
        due += skipped * interval;
    for (; due + interval / 2 < gapTo; due += interval) {
        if (due + interval / 2 < m_spanFrom)
            continue;
        const qint64 at = qMax(due, m_spanFrom);
        goTo(at);
        if (at >= m_end)
            break;
        if (at >= m_from && state.known && expectsBeats(state.liveness))
            ++m_missing[size_t(row) * size_t(m_buckets) + size_t(bucketAt(at))];
    }
}

void LaneFold::addCells(int row, qint64 from, qint64 levelMs, std::span<const FoldCell> cells)
{
    for (size_t i = 0; i < cells.size(); ++i) {
        const FoldCell &cell = cells[i];
        const qint64 begins = from + qint64(i) * levelMs;
        const qint64 first = qMax(begins, m_from);
        const qint64 end = qMin(begins + levelMs, m_end);
        if (first >= end)
            continue;
        const size_t line = size_t(row) * size_t(m_buckets);
        const int bucket = bucketAt(first);
        if (begins >= m_from) {
            m_received[line + size_t(bucket)] += cell.received;
            m_missing[line + size_t(bucket)] += cell.expected - cell.received;
        }
        m_shades[line + size_t(bucket)].marks |= cell.marks;
        if (cell.worst == FoldCell::nothing)
            continue;
        const int last = bucketAt(end - 1);
        for (int one = bucket; one <= last; ++one)
            shade(m_shades[line + size_t(one)], cell.worst, cell.marks & (FoldCell::Mixed | FoldCell::Draining));
    }
}

void LaneFold::merge(LaneFold &&other)
{
    for (size_t i = 0; i < m_received.size(); ++i) {
        m_received[i] += other.m_received[i];
        m_missing[i] += other.m_missing[i];
        const Shade theirs = other.m_shades[i];
        if (theirs.worst != FoldCell::nothing)
            shade(m_shades[i], theirs.worst, theirs.marks);
        else
            m_shades[i].marks |= theirs.marks;
    }
    for (size_t kind = 0; kind < stateKinds; ++kind) {
        std::vector<quint64> &ours = m_painted[kind];
        std::vector<quint64> &theirs = other.m_painted[kind];
        if (ours.empty()) {
            ours = std::move(theirs);
            continue;
        }
        for (size_t word = 0; word < theirs.size(); ++word)
            ours[word] |= theirs[word];
    }
}

std::vector<FoldCell> LaneFold::takeCells()
{
    for (size_t kind = 0; kind < stateKinds; ++kind) {
        const std::vector<quint64> &painted = m_painted[kind];
        for (size_t word = 0; word < painted.size(); ++word) {
            Shade *const cells = m_shades.data() + word / m_words * size_t(m_buckets) + word % m_words * 64;
            for (quint64 bits = painted[word]; bits != 0; bits &= bits - 1)
                shade(cells[std::countr_zero(bits)], quint8(kind / 2), kind % 2 != 0 ? FoldCell::Draining : 0);
        }
    }
    std::vector<FoldCell> cells(m_received.size());
    for (size_t i = 0; i < cells.size(); ++i) {
        cells[i].received = m_received[i];
        cells[i].expected = m_received[i] + m_missing[i];
        cells[i].worst = m_shades[i].worst;
        cells[i].marks = m_shades[i].marks;
    }
    return cells;
}

} // namespace pulsedeck
