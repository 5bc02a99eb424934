// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetgroups.h"

#include "models/fleet/fleetcolumns.h"
#include "models/fleet/liveness.h"
#include "models/fleet/queuefacts.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Nothing is known of it now: its source is lost, or it was not read again since. (One that was read and is garbled is
/// another matter, as is one that was read and whose silence says nothing.)
bool isBlind(const Worker &worker)
{
    return worker.liveness == Liveness::Unknown && !needsAttention(worker) && !worker.flags.testFlag(WorkerFlag::Unheard);
}

int partOf(const Worker &worker)
{
    if (isBlind(worker))
        return FleetGroups::BlindPart;
    if (worker.liveness != Liveness::Alive && worker.liveness != Liveness::Settling)
        return int(worker.liveness);
    switch (troubleOf(worker)) {
    case WorkerTrouble::Deaf:
        return FleetGroups::DeafPart;
    case WorkerTrouble::NobodyListens:
        return FleetGroups::NobodyListensPart;
    case WorkerTrouble::NotConsuming:
        return FleetGroups::NotConsumingPart;
    case WorkerTrouble::Incomplete:
        return FleetGroups::IncompletePart;
    case WorkerTrouble::Leaving:
        return FleetGroups::LeavingPart;
    case WorkerTrouble::Paused:
        return FleetGroups::PausedPart;
    case WorkerTrouble::None:
        break;
    }
    const bool drains = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown;
    return drains ? FleetGroups::DrainingPart : needsAttention(worker) ? FleetGroups::OtherPart : int(worker.liveness);
}

/// The word that a heading counts a part by.
QString partName(int part)
{
    switch (part) {
    case FleetGroups::DrainingPart:
        return statusName(WorkerStatus::Draining);
    case FleetGroups::DeafPart:
        return troubleName(WorkerTrouble::Deaf);
    case FleetGroups::NobodyListensPart:
        return troubleName(WorkerTrouble::NobodyListens);
    case FleetGroups::NotConsumingPart:
        return troubleName(WorkerTrouble::NotConsuming);
    case FleetGroups::IncompletePart:
        return troubleName(WorkerTrouble::Incomplete);
    case FleetGroups::LeavingPart:
        return troubleName(WorkerTrouble::Leaving);
    case FleetGroups::PausedPart:
        return troubleName(WorkerTrouble::Paused);
    case FleetGroups::OtherPart:
        return u"other"_s;
    default:
        return livenessName(Liveness(part));
    }
}

} // namespace

void FleetGroups::setGrouping(FleetGrouping grouping)
{
    m_grouping = grouping;
    m_groups.clear();
    m_groupNumbers.clear();
    m_fixedGroups.fill(-1);
    m_systemGroups.fill(-1);
    m_places.clear();
}

int FleetGroups::groupNumber(const QString &title, qint64 rank)
{
    const auto found = m_groupNumbers.constFind(title);
    if (found != m_groupNumbers.constEnd())
        return *found;
    const int number = int(m_groups.size());
    Group group;
    group.title = title;
    group.rank = rank;
    m_groups.push_back(std::move(group));
    m_groupNumbers.insert(title, number);
    return number;
}

/// As groupNumber(), without looking the title up for each of 100,000 workers.
int FleetGroups::fixedGroup(FixedGroup which, const char *title, qint64 rank)
{
    int &number = m_fixedGroups[size_t(which)];
    if (number < 0)
        number = groupNumber(*title ? tr(title) : QString(), rank);
    return number;
}

/// By traits, and not by their title: that is looked up for each of 100,000 workers.
int FleetGroups::systemGroup(const Worker &worker)
{
    int &number = m_systemGroups[worker.traits.number()];
    if (number < 0)
        number = groupNumber(systemTitle(worker.traits), 0);
    return number;
}

void FleetGroups::rank()
{
    if (m_grouping == FleetGrouping::Attention || m_grouping == FleetGrouping::None)
        return;
    std::vector<Group *> groups;
    for (Group &group : m_groups) {
        if (!group.isDeparted())
            groups.push_back(&group);
    }
    // Systems have names of their own, some with a capital letter.
    const auto sensitivity = m_grouping == FleetGrouping::System ? Qt::CaseInsensitive : Qt::CaseSensitive;
    std::sort(groups.begin(), groups.end(),
              [sensitivity](const Group *a, const Group *b) { return a->title.compare(b->title, sensitivity) < 0; });
    for (size_t i = 0; i < groups.size(); ++i)
        groups[i]->rank = qint64(i);
}

QVariantMap FleetGroups::attentionCounts(const Group &group) const
{
    QVariantMap map;
    const bool bySystem = m_grouping == FleetGrouping::System && !group.isDeparted();
    if (!bySystem && (m_grouping != FleetGrouping::Attention || group.rank != 0))
        return map;
    for (int part = 0; part < partCount; ++part) {
        const bool healthy = part == int(Liveness::Alive) || part == int(Liveness::Settling) || part == DepartedPart;
        if (group.parts[size_t(part)] > 0 && !(bySystem && healthy))
            map.insert(partName(part), group.parts[size_t(part)]);
    }
    return map;
}

WorkerHandle FleetGroups::parentOf(WorkerHandle handle) const
{
    const Worker &worker = m_store.worker(handle);
    if (!worker.child || worker.liveness == Liveness::Departed
        || (m_grouping == FleetGrouping::Attention && needsAttention(worker)))
        return noWorker;
    const LayoutFacts *facts = m_store.facts(handle);
    const WorkerHandle parent = facts ? m_store.find(worker.source, facts->parent, worker.traits->layout) : noWorker;
    // One tier under another is all there is: whoever says that it hangs under its own child stands by itself.
    const bool stands =
        parent != noWorker && !m_store.worker(parent).child && m_store.worker(parent).liveness != Liveness::Departed;
    return stands ? parent : noWorker;
}

FleetGroups::Place FleetGroups::placeOf(WorkerHandle handle, qint64 now)
{
    const WorkerHandle parent = parentOf(handle);
    Place place = groupOf(parent == noWorker ? handle : parent, now);
    place.part = qint8(partOf(m_store.worker(handle)));
    place.child = m_store.worker(handle).child;
    return place;
}

FleetGroups::Place FleetGroups::groupOf(WorkerHandle handle, qint64 now)
{
    const Worker &worker = m_store.worker(handle);
    const bool departed = worker.liveness == Liveness::Departed;
    const Place stands = place(handle);
    const bool placed = stands.group >= 0;
    if (placed && isBlind(worker))
        return stands;
    if (placed && departed && now - worker.endedAt < goneKeepsPlaceMs) {
        // A worker that drained and ended in order needs no attention.
        if (!endedInOrder(worker) || !standsInAttention(handle))
            return stands;
    }
    if (departed && m_grouping != FleetGrouping::None)
        return {fixedGroup(DepartedGroup, QT_TR_NOOP("Departed"), departedRank), 0};
    switch (m_grouping) {
    case FleetGrouping::None:
        return {fixedGroup(Ungrouped, "", departed ? 1 : 0), 0};
    case FleetGrouping::Attention: {
        if (const int badness = severity(worker); badness > 0)
            return {fixedGroup(NeedsAttention, QT_TR_NOOP("Needs attention"), 0), qint16(badness)};
        // Whether it takes work is not known: that it was not asked, or did not answer, is not that it does.
        if (isStatusAssumed(worker))
            return {fixedGroup(Unknown, QT_TR_NOOP("Unknown"), 3), 0};
        // Whatever it reports: no worker of a system that is suspended takes work.
        if (const FleetPause *pause = m_store.queues().fleetPause(worker.source, worker.traits->layout);
            pause && pause->isPaused())
            return {groupNumber(capitalised(fleetPauseWord(*pause)), 2), 0};
        return {fixedGroup(Available, QT_TR_NOOP("Available"), 1), 0};
    }
    case FleetGrouping::Type: {
        const QString &type = m_store.typeName(worker.type);
        return {type.isEmpty() ? fixedGroup(NoType, QT_TR_NOOP("no type"), 0) : groupNumber(type, 0), 0};
    }
    case FleetGrouping::Source:
        return {groupNumber(m_store.sourceName(worker.source), 0), 0};
    case FleetGrouping::Status:
        return {worker.endedAt > 0        ? fixedGroup(Ended, QT_TR_NOOP("ended"), 0)
                : isStatusAssumed(worker) ? groupNumber(flagLabels(WorkerFlag::NotAsked).constFirst(), 0)
                : worker.statusWord > 0   ? groupNumber(reportedStatus(m_store, handle), 0)
                                          : groupNumber(statusLabel(worker.status), 0),
                0};
    case FleetGrouping::System:
        return {systemGroup(worker), qint16(severity(worker))};
    case FleetGrouping::Liveness:
        // How those that are gone ended is not told apart.
        return {groupNumber(nobodyListens(worker) ? livenessLabel(worker) : livenessLabel(worker.liveness), 0), 0};
    }
    return {};
}

void FleetGroups::setPlace(WorkerHandle handle, Place place)
{
    if (handle >= m_places.size())
        m_places.resize(size_t(m_store.capacity()));
    m_places[handle] = place;
}

bool FleetGroups::standsAmongLiving(WorkerHandle handle) const
{
    const qint32 group = place(handle).group;
    return group >= 0 && !m_groups[size_t(group)].isDeparted();
}

bool FleetGroups::standsInAttention(WorkerHandle handle) const
{
    const qint32 attention = m_fixedGroups[NeedsAttention];
    return attention >= 0 && place(handle).group == attention;
}

std::vector<int> FleetGroups::members() const
{
    std::vector<int> members(m_groups.size(), 0);
    for (const Place &place : m_places) {
        if (place.group >= 0)
            ++members[size_t(place.group)];
    }
    return members;
}

} // namespace pulsedeck
