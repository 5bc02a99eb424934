// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/celldelegate.h"

#include "models/core/format.h"
#include "ui/common/environmentmark.h"
#include "ui/common/fleetwords.h"
#include "ui/fleet/beatstripdelegate.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/statecells.h"
#include "ui/fleet/timecells.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pulsedeck {

QRect FleetCell::inner() const
{
    const int margin = px(8);
    return rect.adjusted(margin, 0, -margin, 0);
}

QColor FleetCell::text() const
{
    return worker.liveness == Liveness::Departed ? faint() : theme().text;
}

QColor FleetCell::dim() const
{
    return worker.liveness == Liveness::Departed ? faint() : theme().dim;
}

QColor FleetCell::faint() const
{
    return selected ? theme().dim : theme().faint;
}

QColor FleetCell::tone(Tone tone) const
{
    if (tone == Tone::Text)
        return text();
    if (tone == Tone::Ordinary)
        return dim();
    return tone == Tone::Gone ? faint() : toneColour(tone);
}

CellDelegate::CellDelegate(FleetLook &look, const FleetTableModel &model, FleetColumnId column, CellPainter cellPainter,
                           QObject *parent)
    : QStyledItemDelegate(parent)
    , m_look(look)
    , m_model(model)
    , m_column(column)
    , m_cellPainter(cellPainter)
{ }

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const WorkerHandle handle = m_model.handleAt(index.row());
    if (handle == noWorker)
        return; // A heading: the view paints it across all columns.
    const FleetStore &store = m_look.store();
    const Worker &worker = store.worker(handle);
    const QRect rect = option.rect.adjusted(0, 0, 0, -1); // The row's line is below.
    const FleetCell cell{store,
                         worker,
                         handle,
                         m_look.nowFor(worker),
                         m_look.source(worker.source).frozenText,
                         rect,
                         option.state.testFlag(QStyle::State_Selected)};
    painter->save();
    paintCell(*painter, cell);
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QString text = index.data(Qt::DisplayRole).toString();
    const int width = option.fontMetrics.horizontalAdvance(text) + 2 * px(10);
    return {width, m_look.rowHeight()};
}

void CellDelegate::paintCell(QPainter &painter, const FleetCell &cell) const
{
    if (m_cellPainter)
        m_cellPainter(painter, m_look, cell);
    else
        paintText(painter, cell);
}

void CellDelegate::paintText(QPainter &painter, const FleetCell &cell) const
{
    const FleetColumn &column = fleetColumn(m_column);
    if (m_column == FleetColumnId::Registered || m_column == FleetColumnId::Expires) {
        // The time of day is enough here: the tool tip and what is copied have the date.
        if (const ActorFacts *facts = cell.store.actor(cell.handle)) {
            const qint64 at = m_column == FleetColumnId::Registered ? facts->registeredAt : facts->expiresAt;
            look().drawText(painter, FleetLook::Body, cell.inner(), columnDayText(at, cell.now), cell.dim(), column.alignment);
        }
        return;
    }
    if (m_column == FleetColumnId::Source) {
        QRect rest = cell.inner();
        const SourceEnvironment environment = look().source(cell.worker.source).environment;
        if (environment != SourceEnvironment::None) {
            const int height = px(12);
            const int top = rest.center().y() - height / 2;
            paintEnvironmentMark(painter, QRectF(rest.left(), top, px(3), height), environment);
            rest.setLeft(rest.left() + px(environmentMarkRoom));
        }
        look().drawText(painter, FleetLook::Body, rest, column.text(cell.store, cell.handle, cell.now), cell.dim(),
                        column.alignment);
        return;
    }
    const bool strong = m_column == FleetColumnId::Type;
    look().drawText(painter, FleetLook::Body, cell.inner(), column.text(cell.store, cell.handle, cell.now),
                    strong ? cell.text() : cell.dim(), column.alignment);
}

void installFleetDelegates(FleetView &view, FleetLook &look, const FleetTableModel &model)
{
    static constexpr std::pair<FleetColumnId, CellPainter> painters[]{
        {FleetColumnId::State, paintGlyphCell},       {FleetColumnId::Worker, paintWorkerCell},
        {FleetColumnId::Status, paintStatusCell},     {FleetColumnId::LastBeat, paintAgeCell},
        {FleetColumnId::Interval, paintIntervalCell}, {FleetColumnId::TtlLeft, paintTtlCell},
        {FleetColumnId::Sessions, paintSessionsCell}, {FleetColumnId::Command, paintCommandCell},
    };
    for (const FleetColumn &column : fleetColumns()) {
        const auto own =
            std::find_if(std::begin(painters), std::end(painters), [&column](const auto &one) { return one.first == column.id; });
        CellDelegate *delegate = nullptr;
        if (column.id == FleetColumnId::Strip)
            delegate = new BeatStripDelegate(look, model, &view);
        else
            delegate = new CellDelegate(look, model, column.id, own == std::end(painters) ? nullptr : own->second, &view);
        view.setItemDelegateForColumn(int(column.id), delegate);
    }
}

} // namespace pulsedeck
