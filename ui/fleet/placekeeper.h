// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"

#include <QObject>

#include <vector>

namespace pulsedeck {

class FleetView;

/// Keeps what an operator looks at where it is: when rows appear or go above, the top visible row stays at its pixel,
/// and the selection follows its workers through every change of the model, a reset included. A selected worker that a
/// filter hides stays selected, and is so again when it shows.
class PlaceKeeper : public QObject
{
    Q_OBJECT

public:
    /// Sets \a model on \a view: the keeper has to hear of a change before the view's selection does.
    PlaceKeeper(FleetView &view, FleetTableModel &model, QObject *parent);

    /// Those selected, hidden by the filter or not, in no order.
    std::vector<WorkerHandle> selected() const;
    /// The worker last moved to among those selected, or noWorker.
    WorkerHandle current() const;
    void select(WorkerHandle handle);
    void clear();

signals:
    void selectionMoved();

private:
    void remember();
    void noteTop();
    void restoreTop();
    void restoreSelection();
    void onSelectionChanged();

    FleetView &m_view;
    FleetTableModel &m_model;
    std::vector<quint32> m_serials; ///< Serials outlive handles, which are given out again.
    quint32 m_current = 0;
    WorkerHandle m_topWorker = noWorker;
    QString m_topHeading;
    int m_topOffset = 0; ///< Pixels by which the top row is scrolled out.
    bool m_restoring = false;
};

} // namespace pulsedeck
