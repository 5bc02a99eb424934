// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"

#include <QObject>

#include <vector>

namespace pulsedeck {

class FleetView;

/// The one place that knows which workers are selected, and keeps what an operator looks at where it is.
/// Only workers in the list are selected: one that a filter, a folded group or a hidden source takes out of the list is no
/// longer selected, also when it comes back. The selection follows its workers through every other change, a
/// reset included. A list at its top stays there until the user scrolls; one that was scrolled keeps what is visible at
/// its pixel.
class FleetSelection : public QObject
{
    Q_OBJECT

public:
    /// Sets \a model on \a view: this has to learn of a change before the view's selection does.
    FleetSelection(FleetView &view, FleetTableModel &model, QObject *parent);

    /// Those selected, all of them in the list; in no order.
    std::vector<WorkerHandle> selected() const;
    /// The worker last moved to among those selected, or noWorker.
    WorkerHandle current() const;
    /// A worker that was asked for and is not in the list, while nothing is selected; or noWorker.
    WorkerHandle lookedAt() const;
    /// Selects it alone and scrolls to it. One that is not in the list is only looked at, and nothing is selected then.
    void select(WorkerHandle handle);
    /// Scrolls to it and puts the keyboard's cursor on it; who is selected stays so.
    void reveal(WorkerHandle handle);
    void clear();

signals:
    /// Another selection, or another worker looked at.
    void selectionMoved();

private:
    /// A worker by its place and its serial: handles are given out again, serials never.
    struct Pick
    {
        WorkerHandle handle = noWorker;
        quint32 serial = 0;
        bool operator==(const Pick &) const = default;
    };
    struct Landmark
    {
        WorkerHandle worker = noWorker; ///< noWorker for a heading.
        QString heading; ///< Empty for a worker.
        int offset = 0; ///< Pixels from the top of what is visible.
    };

    Pick pickOf(WorkerHandle handle) const;
    bool isThere(const Pick &pick) const;
    bool isListed(const Pick &pick) const;
    void clearPicks();
    void beginChange();
    void settle();
    void noteLandmarks();
    void restoreLandmarks();
    bool prune();
    void restoreSelection();
    void onSelectionChanged();

    FleetView &m_view;
    FleetTableModel &m_model;
    std::vector<Pick> m_picks;
    Pick m_current;
    Pick m_lookedAt;
    std::vector<Landmark> m_landmarks; ///< What was visible when the change began.
    bool m_changing = false; ///< The model is changing its rows: what the view makes of that is no operator's doing.
    bool m_selectionLost = false; ///< The view's selection has to be made again from the picks.
    bool m_away = false; ///< The user scrolled away from the top.
};

} // namespace pulsedeck
