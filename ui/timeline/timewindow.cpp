// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timewindow.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pulsedeck {

namespace {

/// So close to now, in parts of the span, is now: no hand can do better.
constexpr double nowTolerance = 0.002;

} // namespace

TimeWindow::TimeWindow(QObject *parent)
    : QObject(parent)
{ }

void TimeWindow::setLimits(double earliest, double latest)
{
    if (!std::isfinite(earliest) || !std::isfinite(latest) || latest < 0)
        return;
    earliest = std::max(0.0, std::min(earliest, latest - leastLimits));
    latest = std::max(latest, earliest + leastLimits);
    if (earliest == m_earliest && latest == m_latest)
        return;
    m_earliest = earliest;
    m_latest = latest;
    const double to = m_to;
    const double span = m_span;
    adopt(m_following ? m_latest : m_to, m_following ? followedSpan() : m_span, m_following, m_grown);
    if (to == m_to && span == m_span)
        emit changed(); // The limits alone.
}

double TimeWindow::followedSpan() const
{
    if (m_chosen || m_begun <= 0 || m_begun >= m_latest)
        return m_grown;
    return std::min(m_grown, std::max(leastLimits, m_latest - m_begun));
}

void TimeWindow::setBegun(double at)
{
    m_begun = at;
    if (m_following)
        adopt(m_latest, followedSpan(), true, m_grown);
}

void TimeWindow::setWanted(double ms)
{
    choose(ms);
    m_chosen = false;
    adopt(m_latest, ms, true);
}

void TimeWindow::setSpan(double ms)
{
    keep();
    choose(ms);
    adopt(m_following ? m_latest : from() + m_span / 2 + ms / 2, ms, m_following);
}

void TimeWindow::zoomAt(double at, double factor)
{
    if (!std::isfinite(at) || !std::isfinite(factor) || factor <= 0)
        return;
    m_chosen = true;
    const double span = std::clamp(m_span / factor, leastSpan, m_latest - m_earliest);
    choose(m_following ? m_span / factor : span);
    if (m_following) {
        adopt(m_latest, m_span / factor, true);
        return;
    }
    const double share = std::clamp((at - from()) / m_span, 0.0, 1.0);
    adopt(at + (1 - share) * span, span, false);
}

void TimeWindow::zoom(double factor)
{
    zoomAt(m_following ? m_to : from() + m_span / 2, factor);
}

void TimeWindow::pan(double ms)
{
    if (!std::isfinite(ms) || ms == 0)
        return;
    m_chosen = true;
    const double to = m_to + ms;
    adopt(to, m_span, ms > 0 && to >= m_latest - m_span * nowTolerance);
}

void TimeWindow::show(double from, double to)
{
    if (!std::isfinite(from) || !std::isfinite(to))
        return;
    keep();
    adjust(from, to);
}

void TimeWindow::adjust(double from, double to)
{
    if (!std::isfinite(from) || !std::isfinite(to))
        return;
    m_chosen = true;
    if (from > to)
        std::swap(from, to);
    const double span = std::max(leastSpan, to - from);
    if (std::abs(span - m_span) > 1) // Else it only moves.
        choose(span);
    adopt(from + span, span, to >= m_latest - span * nowTolerance);
}

void TimeWindow::reveal(double at)
{
    if (!std::isfinite(at))
        return;
    const double margin = m_span / 20;
    if (at >= from() + margin && at <= m_to - margin)
        return;
    keep();
    adopt(at + m_span / 2, m_span, false);
}

void TimeWindow::fit()
{
    keep();
    choose(m_latest - m_earliest);
    adopt(m_latest, m_latest - m_earliest, true);
}

void TimeWindow::followNow()
{
    keep();
    adopt(m_latest, m_following ? m_grown : m_span, true);
}

void TimeWindow::stopFollowing()
{
    adopt(m_to, m_span, false);
}

void TimeWindow::goBack()
{
    restore(m_before, m_after);
}

void TimeWindow::goForward()
{
    restore(m_after, m_before);
}

void TimeWindow::restore(std::vector<Shown> &from, std::vector<Shown> &other)
{
    if (from.empty())
        return;
    m_chosen = true;
    const Shown shown = from.back();
    from.pop_back();
    other.push_back({m_to, m_span, m_following, m_wanted});
    choose(shown.wanted);
    adopt(shown.following ? m_latest : shown.to, shown.span, shown.following);
}

void TimeWindow::keep()
{
    m_chosen = true;
    m_after.clear();
    m_before.push_back({m_to, m_span, m_following, m_wanted});
    if (m_before.size() > mostKept)
        m_before.erase(m_before.begin());
}

/// A span is asked for: the one that is kept, which a young fleet may not have yet.
void TimeWindow::choose(double ms)
{
    if (std::isfinite(ms))
        m_wanted = std::max(leastSpan, ms);
}

void TimeWindow::adopt(double to, double span, bool following, double grown)
{
    if (!std::isfinite(to) || !std::isfinite(span))
        return;
    m_grown = std::max(leastSpan, grown);
    span = std::clamp(span, leastSpan, m_latest - m_earliest);
    to = std::clamp(to, m_earliest + span, m_latest);
    const bool moved = to != m_to || span != m_span;
    const bool turned = std::exchange(m_following, following) != following;
    m_to = to;
    m_span = span;
    if (moved || turned)
        emit changed();
    if (turned)
        emit followChanged(following);
}

} // namespace pulsedeck
