// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"

#include <QObject>

#include <vector>

class QMenu;

namespace pulsedeck {

class WorkerActs;

/// The list of workers as the Fleet page has it, for pages that show the same workers in another way: its rows, filter, grouping
/// and selection are one and the same. Implemented by the Fleet page. GUI thread.
class WorkerList : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Its rows, in groups and in order. Collapse groups here; set the filter and the grouping by the functions below.
    virtual FleetTableModel &rows() const = 0;
    virtual QString filterText() const = 0;
    virtual void setFilterText(const QString &text) = 0;
    /// What it can be grouped by, with the words for it.
    virtual std::vector<std::pair<FleetGrouping, QString>> groupings() const = 0;
    virtual void setGrouping(FleetGrouping grouping) = 0;
    /// The columns it can be sorted by, those that are shown, with their names. By which it is, rows() says.
    virtual std::vector<std::pair<int, QString>> sortings() const = 0;
    virtual void setSorting(int column, Qt::SortOrder order) = 0;
    virtual std::vector<WorkerHandle> selected() const = 0;
    /// noWorker if none is.
    virtual WorkerHandle current() const = 0;
    /// Selects it alone; noWorker: none.
    virtual void select(WorkerHandle worker) = 0;
    /// The pointer moves over its rows, or a key is pressed there: for a moment they keep their places.
    virtual void noteHand() = 0;
    /// The context menu of those selected; the rows keep their places while it is open.
    virtual void fillMenu(QMenu &menu) = 0;

signals:
    void filterChanged(const QString &text);
    void groupingChanged();
    void sortingChanged();
    void selectionChanged();
};

} // namespace pulsedeck
