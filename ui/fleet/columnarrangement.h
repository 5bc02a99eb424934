// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetcolumns.h"

#include <QObject>
#include <QTimer>
#include <QVariantHash>

#include <array>

class QHeaderView;
class QMenu;
class QSettings;

namespace pulsedeck {

/// Which columns are shown, in which order and how wide: as an operator arranged them, stored by the columns' names so
/// that a later version with other columns still reads them. The strip takes all width that is left, and has a floor:
/// below it the other columns are shortened or hidden, one step after the other, in the order of stepsAside(). Worker,
/// status, last beat, TTL left and sessions always stay, and so do columns that the operator added.
class ColumnArrangement : public QObject
{
    Q_OBJECT

public:
    ColumnArrangement(QHeaderView &header, QSettings &settings, QObject *parent);
    ~ColumnArrangement() override;

    /// In pixels of the design: the least width of the strip while anything can give way to it.
    static constexpr int stripFloor = 220;

    /// Call when the view's width changes: spreads what is left to the strip.
    void fit(int viewWidth);
    /// The width at which everything has given way that can, and the strip still has its floor.
    int leastViewWidth() const;
    /// Whether the column is shown at this width, or has stepped aside for the strip.
    bool isAside(FleetColumnId id) const { return !m_hidden[size_t(id)] && m_aside[size_t(id)]; }
    /// Whether it would have nothing to show, and is hidden for that.
    bool isEmpty(FleetColumnId id) const { return id == FleetColumnId::Type && m_systems.typeless; }
    void setShown(FleetColumnId id, bool shown);
    bool isShown(FleetColumnId id) const { return !m_hidden[size_t(id)]; }
    /// Whether there is a hub: the columns of actors come and go with it, unless the operator has chosen one of them.
    void setHubs(bool hubs);
    bool hasHubs() const { return m_hubs; }
    /// What is there besides the fleet that the console was made for and hubs.
    struct Systems
    {
        bool others = false; ///< Workers of other systems: which system and host has to be said.
        bool queues = false; ///< Some serve queues.
        bool grouped = false; ///< The list is grouped by system: its column gives way early.
        bool typeless = false; ///< No worker has a type: that column would be empty.
        bool several = false; ///< Not all rows are of one system: which one a row is of matters most.
        QStringList names = {}; ///< As their column says them: it has the room they need, where there is any.
        bool operator==(const Systems &) const = default;
    };
    /// The columns of other systems come and go with them, unless the operator has chosen one of them.
    void setSystems(const Systems &systems);
    /// Of these the grouping alone: it is the operator's, and counts at once.
    void setGroupedBySystem(bool grouped);
    /// The column with the sources' names has the room they need, where there is any.
    void setSourceNames(const QStringList &names);
    /// Back to the order, widths and columns of a first start.
    void reset();
    /// Columns in the order they stand, shown ones only.
    std::vector<int> shownColumns() const;
    /// Fills \a menu with a check for each column and a way back.
    void fillMenu(QMenu &menu);

signals:
    void changed();

private:
    void load();
    void applyDefaultOrder();
    void applyOrder(const QStringList &keys);
    void saveSoon();
    void save();
    QVariantHash arrangement() const; ///< As it is written down, by key.
    void applyWidths();
    void applyHidden();
    int defaultWidth(const FleetColumn &column) const;
    int widthFor(const QStringList &names, int usual) const;

    QHeaderView &m_header;
    QSettings &m_settings;
    QTimer m_saveTimer;
    QVariantHash m_known; ///< What this window read or wrote last.
    static constexpr size_t columnCount = fleetColumnCount;
    static constexpr bool isOfActors(FleetColumnId id) { return id >= FleetColumnId::Capabilities; }
    void showActorColumns();
    static constexpr bool isOfSystems(FleetColumnId id)
    {
        return id == FleetColumnId::System || id == FleetColumnId::HostName || id == FleetColumnId::Queues;
    }
    void showSystemColumns();
    /// What gives way: a part of a column's content (the spread of an interval, a bar, a host), or the column.
    struct Step
    {
        FleetColumnId id;
        bool whole;
    };
    static const std::array<Step, 16> &stepsAside();
    int fullWidth(FleetColumnId id) const;
    /// Without the part that can be left out; as wide as it is where there is none.
    int shortWidth(FleetColumnId id) const;
    /// Takes the steps that are needed at this width into \a aside and \a shortened; returns what all but the strip take.
    int takeSteps(int viewWidth, std::array<bool, columnCount> &aside, std::array<bool, columnCount> &shortened) const;

    std::array<bool, columnCount> m_hidden{};
    std::array<int, columnCount> m_widths{}; ///< 0: the default.
    std::array<bool, columnCount> m_aside{}; ///< For want of room.
    std::array<bool, columnCount> m_shortened{}; ///< The same, but only a part of its content.
    bool m_actorsChosen = false; ///< The operator showed or hid a column of actors: they stay as they are.
    bool m_hubs = false;
    bool m_systemsChosen = false; ///< The same for a column of other systems.
    Systems m_systems;
    QStringList m_sourceNames;
    int m_viewWidth = 0;
    bool m_narrow = false;
    bool m_applying = false;
};

} // namespace pulsedeck
