// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"
#include "ui/common/fleetwords.h"
#include "ui/fleet/fleetlook.h"

#include <QStyledItemDelegate>

namespace pulsedeck {

/// One cell about to be painted: the worker, the time its row shows, and where.
struct FleetCell
{
    const FleetStore &store;
    const Worker &worker;
    WorkerHandle handle;
    qint64 now; ///< When the source was lost, for a worker whose source is.
    QString frozen; ///< "as of 14:12:36", else empty.
    QRect rect; ///< The whole cell.
    bool selected;

    /// The cell without its side margins.
    QRect inner() const;
    QColor text() const;
    QColor dim() const;
    QColor faint() const; ///< Selected rows paint faint text as dim: the selection's ground is lighter.
    QColor tone(Tone tone) const;
};

/// Paints what one column says of a worker, straight from the store. Row grounds, lines and headings are the view's.
using CellPainter = void (*)(QPainter &painter, FleetLook &look, const FleetCell &cell);

/// The delegate of one column of the fleet table.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// \a cellPainter is null for a column that shows its text.
    CellDelegate(FleetLook &look, const FleetTableModel &model, FleetColumnId column, CellPainter cellPainter, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const final;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    virtual void paintCell(QPainter &painter, const FleetCell &cell) const;
    FleetLook &look() const { return m_look; }

private:
    void paintText(QPainter &painter, const FleetCell &cell) const;

    FleetLook &m_look;
    const FleetTableModel &m_model;
    const FleetColumnId m_column;
    const CellPainter m_cellPainter;
};

/// Gives each column of \a view its delegate.
void installFleetDelegates(class FleetView &view, FleetLook &look, const FleetTableModel &model);

} // namespace pulsedeck
