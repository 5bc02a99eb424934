// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QCoreApplication>
#include <QVariantMap>

#include <array>
#include <vector>

namespace pulsedeck {

enum class FleetGrouping : quint8 { None, Attention, Type, Source, Status, Liveness, System };

/// The groups of the fleet table, and the group of each worker. A worker stays where it was last placed: one that is gone
/// keeps its place for a minute, and one of which nothing is known as long as that lasts.
/// On the thread of its store.
class FleetGroups
{
    Q_DECLARE_TR_FUNCTIONS(FleetGroups)

public:
    /// What a heading counts apart: a liveness, or of those alive the draining ones and those that need attention for another
    /// reason. Blind: nothing is known of the worker.
    enum Part {
        BlindPart = -1,
        DepartedPart = int(Liveness::Departed),
        DrainingPart,
        DeafPart,
        NobodyListensPart,
        NotConsumingPart,
        IncompletePart,
        LeavingPart,
        PausedPart,
        OtherPart,
        partCount
    };
    struct Group
    {
        QString title;
        qint64 rank = 0; ///< Position among the headings.
        int count = 0;
        int unknown = 0; ///< Not in count.
        int gone = 0; ///< Not in count.
        bool collapsed = false;
        bool showsAll = false; ///< Its healthy workers stand in rows, all of them.
        bool changed = true; ///< The heading differs from what was last announced to views.
        std::array<int, partCount> parts{}; ///< Of count, by Part.

        /// Healthy workers that stand in one line together, as of the last ordering.
        std::vector<WorkerHandle> rest;
        QString restText; ///< "422 more, all available".
        QString summary; ///< At the right of the heading: sources, version, beat and TTL.

        bool isDeparted() const { return rank == departedRank; }
    };
    /// Where a worker belongs: its group and, inside the group of what needs attention, how bad it is.
    struct Place
    {
        qint32 group = -1; ///< -1 when it was never placed.
        qint16 severity = 0;
        bool child = false; ///< It hangs under another worker, and its heading does not count it.
        qint8 part = 0; ///< What its heading counts it as; does not change its place.
        bool operator==(const Place &other) const { return group == other.group && severity == other.severity; }
    };

    static constexpr qint64 goneKeepsPlaceMs = 60'000; ///< So long a gone worker stays where it was.

    explicit FleetGroups(const FleetStore &store)
        : m_store(store)
    {
        m_systemGroups.fill(-1);
    }

    FleetGrouping grouping() const { return m_grouping; }
    /// Forgets all groups and places.
    void setGrouping(FleetGrouping grouping);
    bool hasHeadings() const { return m_grouping != FleetGrouping::None; }

    size_t size() const { return m_groups.size(); }
    Group &group(size_t number) { return m_groups[number]; }
    const Group &group(size_t number) const { return m_groups[number]; }
    /// Headings without a rank of their own stand in alphabetical order.
    void rank();
    /// Healthy workers of a system stand in one line. Only where the list is grouped by system.
    void setHealthyCollapsed(bool collapsed) { m_healthyCollapsed = collapsed; }
    bool collapsesHealthy() const { return m_healthyCollapsed && m_grouping == FleetGrouping::System; }
    /// Of the heading of what needs attention, or of a system: counts by word ("stale", "late", …); empty for any other.
    QVariantMap attentionCounts(const Group &group) const;

    /// The worker it hangs under; noWorker if it stands by itself, as one does that needs attention among what does.
    WorkerHandle parentOf(WorkerHandle handle) const;
    /// Where it belongs now. May make a group.
    Place placeOf(WorkerHandle handle, qint64 now);
    Place place(WorkerHandle handle) const { return handle < m_places.size() ? m_places[handle] : Place(); }
    void setPlace(WorkerHandle handle, Place place);
    void setPlaces(std::vector<Place> places) { m_places = std::move(places); }
    const std::vector<Place> &places() const { return m_places; }
    /// It has a place, and not among the departed.
    bool standsAmongLiving(WorkerHandle handle) const;
    /// Always false where the list is grouped by something else.
    bool standsInAttention(WorkerHandle handle) const;
    /// How many stand in each group.
    std::vector<int> members() const;

private:
    enum FixedGroup { Ungrouped, NeedsAttention, Available, Unknown, NoType, Ended, DepartedGroup, fixedGroupCount };

    Place groupOf(WorkerHandle handle, qint64 now);
    int groupNumber(const QString &title, qint64 rank);
    int systemGroup(const Worker &worker);
    int fixedGroup(FixedGroup which, const char *title, qint64 rank);

    static constexpr qint64 departedRank = std::numeric_limits<qint64>::max();

    const FleetStore &m_store;
    FleetGrouping m_grouping = FleetGrouping::Attention;
    bool m_healthyCollapsed = true;
    std::vector<Group> m_groups;
    QHash<QString, int> m_groupNumbers;
    std::array<int, fixedGroupCount> m_fixedGroups{-1, -1, -1, -1,
                                                   -1, -1, -1}; ///< Numbers of the groups nearly all workers are in.
    std::array<int, 256> m_systemGroups; ///< By TraitsRef::number(); -1: not made yet.
    std::vector<Place> m_places; ///< By handle.
};

} // namespace pulsedeck
