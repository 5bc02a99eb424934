// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/sources/sourcesettings.h"

#include <QAbstractListModel>
#include <QHash>

#include <vector>

namespace pulsedeck {

/// The sources an operator has set up, connected or not: name and check box (shown or hidden), state, rate and lag.
/// Settings live here; workers and states come from the store. GUI thread.
class SourceListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        SourceIdRole = Qt::UserRole + 1, ///< SourceId as uint
        CountRole, ///< int, workers
        StateRole, ///< SourceState as int
        StateTextRole, ///< QString, "live via push · 12 ms"
        TroubleRole, ///< SourceTrouble as int
        AddressRole, ///< QString, without user, password or token
        EnvironmentRole, ///< SourceEnvironment as int
        PausedRole, ///< QString: "RQ suspended", or for several how many; empty: no system is known to be paused as a whole
    };

    explicit SourceListModel(FleetStore &store, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// Check state only: shows or hides the source's workers and emits visibilityChanged().
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// Adds it, or replaces the one with the same id.
    void setSource(const SourceSettings &settings);
    void removeSource(SourceId id);
    SourceSettings settings(SourceId id) const;
    const std::vector<SourceSettings> &all() const { return m_settings; }
    SourceId idAt(int row) const;
    int rowOf(SourceId id) const;
    /// Whether settings made here are there at the next start. For texts only: the program does the remembering.
    bool isRemembered() const { return m_remembered; }
    void setRemembered(bool remembered) { m_remembered = remembered; }

signals:
    void visibilityChanged(pulsedeck::SourceId id, bool visible);

private:
    void refresh(SourceId id);
    void refreshPauses();
    QString pausedText(SourceId id) const;

    FleetStore &m_store;
    std::vector<SourceSettings> m_settings;
    QHash<SourceId, QString> m_paused; ///< As pausedText() was last.
    bool m_remembered = true;
};

} // namespace pulsedeck
