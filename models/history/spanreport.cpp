// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/spanreport.h"

#include "models/core/enumtable.h"

#include <array>

namespace pulsedeck {

namespace {

constexpr std::array<NamedId<SpanFact>, spanFactCount> spanFacts{{
    {SpanFact::Late, "late"},
    {SpanFact::Stale, "stale"},
    {SpanFact::Hung, "hung"},
    {SpanFact::KeyLost, "key-lost"},
    {SpanFact::Crashed, "crashed"},
    {SpanFact::Lost, "lost"},
    {SpanFact::Draining, "draining"},
    {SpanFact::Drained, "drained"},
    {SpanFact::Ended, "ended"},
    {SpanFact::Returned, "returned"},
    {SpanFact::Began, "began"},
}};
static_assert(isInOrder(spanFacts, SpanFact::Began));

constexpr std::array<NamedId<SpanGroup>, spanGroupCount> spanGroups{{
    {SpanGroup::Lost, "lost"},
    {SpanGroup::Silent, "silent"},
    {SpanGroup::Ended, "ended"},
    {SpanGroup::Returned, "returned"},
}};
static_assert(isInOrder(spanGroups, SpanGroup::Returned));

constexpr std::array<NamedId<SpanChangeKind>, 9> spanChanges{{
    {SpanChangeKind::Command, "command"},
    {SpanChangeKind::Message, "message"},
    {SpanChangeKind::Timing, "timing"},
    {SpanChangeKind::Version, "version"},
    {SpanChangeKind::Outage, "outage"},
    {SpanChangeKind::Connection, "connection"},
    {SpanChangeKind::Clock, "clock"},
    {SpanChangeKind::Console, "console"},
    {SpanChangeKind::Queue, "queue"},
}};
static_assert(isInOrder(spanChanges, SpanChangeKind::Queue));

} // namespace

QString spanFactName(SpanFact fact)
{
    return nameFromId(spanFacts, fact);
}

QString spanGroupName(SpanGroup group)
{
    return nameFromId(spanGroups, group);
}

bool isOfGroup(SpanFact fact, SpanGroup group)
{
    switch (group) {
    case SpanGroup::Lost:
        return fact == SpanFact::Crashed || fact == SpanFact::Lost;
    case SpanGroup::Silent:
        return fact <= SpanFact::Lost;
    case SpanGroup::Ended:
        return fact == SpanFact::Drained || fact == SpanFact::Ended;
    case SpanGroup::Returned:
        return fact == SpanFact::Returned;
    }
    return false;
}

QString spanChangeName(SpanChangeKind kind)
{
    return nameFromId(spanChanges, kind);
}

QString shownName(const SpanWorker &worker)
{
    return worker.label.isEmpty() ? shortId(worker.id, *TraitsRef::named(worker.system)) : worker.label;
}

bool SpanReport::isBlank() const
{
    return workers == 0 && unwatched.size() == 1 && unwatched.front() == std::pair(scope.from, scope.to);
}

} // namespace pulsedeck
