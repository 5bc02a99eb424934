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

/// Which columns are shown, in which order and how wide: as an operator arranged them, remembered by the columns' names
/// so that a later version with other columns still reads them. The strip takes all width that is left. When the view
/// is narrow, the columns of actors step aside by themselves, then interval and source.
class ColumnArrangement : public QObject
{
    Q_OBJECT

public:
    ColumnArrangement(QHeaderView &header, QSettings &settings, QObject *parent);
    ~ColumnArrangement() override;

    /// Call when the view's width changes: spreads what is left to the strip.
    void fit(int viewWidth);
    void setShown(FleetColumnId id, bool shown);
    bool isShown(FleetColumnId id) const { return !m_hidden[size_t(id)]; }
    /// Whether there is a hub: the columns of actors come and go with it, unless the operator has chosen one of them.
    void setHubs(bool hubs);
    bool hasHubs() const { return m_hubs; }
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
    int sourceWidth(int usual) const;

    QHeaderView &m_header;
    QSettings &m_settings;
    QTimer m_saveTimer;
    QVariantHash m_known; ///< What this window read or wrote last.
    static constexpr size_t columnCount = size_t(FleetColumnId::Version) + 1;
    static constexpr bool isOfActors(FleetColumnId id) { return id >= FleetColumnId::Capabilities; }
    void showActorColumns();
    std::array<bool, columnCount> columnsAside(int viewWidth) const;

    std::array<bool, columnCount> m_hidden{};
    std::array<int, columnCount> m_widths{}; ///< 0: the default.
    std::array<bool, columnCount> m_aside{}; ///< For want of room beside the actors' columns.
    bool m_actorsChosen = false; ///< The operator showed or hid a column of actors: they stay as they are.
    bool m_hubs = false;
    QStringList m_sourceNames;
    int m_viewWidth = 0;
    bool m_narrow = false;
    bool m_applying = false;
};

} // namespace pulsedeck
