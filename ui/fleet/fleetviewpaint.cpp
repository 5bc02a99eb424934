// SPDX-License-Identifier: GPL-3.0-or-later
// What FleetView paints itself: the rows' grounds and lines below the cells, the group headings above them.
#include "ui/fleet/exceptiontint.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/fleetwords.h"
#include "ui/theme/environmentmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPaintEvent>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void FleetView::paintEvent(QPaintEvent *event)
{
    m_look.beginPaint();
    {
        QPainter painter(viewport());
        paintGrounds(painter, event->rect());
    }
    QTableView::paintEvent(event);
    QPainter painter(viewport());
    painter.setClipRegion(event->region());
    paintHeadings(painter, event->rect());
}

void FleetView::paintGrounds(QPainter &painter, const QRect &area) const
{
    const ThemeTokens &tokens = theme();
    const int last = lastVisibleRow();
    for (int row = qMax(0, rowAt(area.top())); row <= last; ++row) {
        const QRect rect = rowRect(row);
        if (rect.top() > area.bottom())
            break;
        const bool heading = m_fleet.isGroupRow(row);
        QColor ground = row % 2 ? tokens.alt : tokens.base;
        if (heading)
            ground = tokens.win;
        else if (selectionModel()->isSelected(m_fleet.index(row, 0)))
            ground = tokens.sel;
        else if (row == m_hoveredRow)
            ground = tokens.hover;
        else if (const WorkerHandle handle = m_fleet.handleAt(row); m_tint->isTinted(handle))
            ground = blended(
                tokens.base,
                m_fleet.store().worker(handle).liveness == Liveness::Late ? tokens.lateTint : tokens.staleTint, 0.5);
        painter.fillRect(rect, ground);
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), heading ? tokens.line : tokens.grid);
        const WorkerHandle worker = heading ? noWorker : m_fleet.handleAt(row);
        const SourceEnvironment environment = worker == noWorker
                                                  ? SourceEnvironment::None
                                                  : m_look.source(m_fleet.store().worker(worker).source).environment;
        paintEnvironmentEdge(painter, QRect(0, rect.top(), rect.width(), rect.height()), environment);
        if (ground == tokens.sel) {
            const int left = environment == SourceEnvironment::None ? 0 : environmentEdgeWidth;
            painter.fillRect(QRect(left, rect.top(), 2, rect.height()), tokens.selLine);
        }
    }
}

void FleetView::paintHeadings(QPainter &painter, const QRect &area) const
{
    const int last = lastVisibleRow();
    for (int row = qMax(0, rowAt(area.top())); row <= last; ++row) {
        const QRect rect = rowRect(row);
        if (rect.top() > area.bottom())
            break;
        if (m_fleet.isGroupRow(row))
            paintHeading(painter, row, rect);
        if (hasFocus() && row == currentIndex().row()) {
            // Where the keyboard is; a selected row has its line, so only the others need the frame.
            if (m_fleet.isGroupRow(row) || !selectionModel()->isSelected(m_fleet.index(row, 0))) {
                painter.setPen(QPen(theme().accent, 2));
                painter.drawRect(rect.adjusted(1, 1, -1, -2));
            }
        }
    }
}

void FleetView::paintHeading(QPainter &painter, int row, const QRect &rect) const
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    const QModelIndex index = m_fleet.index(row, 0);
    const bool collapsed = index.data(FleetTableModel::GroupCollapsedRole).toBool();
    QRect rest = rect.adjusted(measures.scaled(8), 0, -measures.scaled(8), -1);
    const int box = measures.scaled(14);
    paintGlyph(painter, QPointF(rest.left() + box / 2.0, QRectF(rest).center().y() + 0.5), box,
               collapsed ? Glyph::ChevronRight : Glyph::ChevronDown, tokens.dim);
    rest.setLeft(rest.left() + measures.scaled(22));
    rest.setLeft(rest.left() + m_look.drawText(painter, FleetLook::Bold, rest, index.data().toString(), tokens.text)
                 + measures.scaled(8));
    // Of a lost source's workers nothing is known, so they are in no count; nor is who is gone.
    const int known = index.data(FleetTableModel::GroupCountRole).toInt();
    const int unknown = index.data(FleetTableModel::GroupUnknownRole).toInt();
    QString count = known > 0 || unknown == 0 ? groupedNumber(known) : QString();
    if (unknown > 0)
        count += (count.isEmpty() ? QString() : u" · "_s) + groupedNumber(unknown) + u" unknown"_s;
    if (const int gone = index.data(FleetTableModel::GroupGoneRole).toInt(); gone > 0)
        count += u" · "_s + groupedNumber(gone) + u" gone"_s;
    rest.setLeft(rest.left() + m_look.drawText(painter, FleetLook::Body, rest, count, tokens.dim)
                 + measures.scaled(16));

    const QVariantMap details = index.data(FleetTableModel::GroupDetailRole).toMap();
    struct Part
    {
        QLatin1String key;
        Glyph glyph;
        QLatin1String word;
    };
    static constexpr Part parts[] = {
        {"crashed"_L1, Glyph::Crashed, "crashed"_L1},   {"hung"_L1, Glyph::Hung, "hung"_L1},
        {"stale"_L1, Glyph::Stale, "stale"_L1},         {"late"_L1, Glyph::Late, "late"_L1},
        {"key-lost"_L1, Glyph::KeyLost, "key lost"_L1}, {"no-ttl"_L1, Glyph::NoTtl, "no TTL"_L1},
        {"zombie"_L1, Glyph::Zombie, "zombie"_L1},      {"draining"_L1, Glyph::Draining, "draining"_L1},
        {"unknown"_L1, Glyph::Error, "unreadable"_L1},  {"other"_L1, Glyph::Warning, "with findings"_L1},
    };
    for (const Part &part : parts) {
        const int number = details.value(part.key).toInt();
        if (number <= 0)
            continue;
        const int size = measures.scaled(11);
        paintGlyph(painter, QPointF(rest.left() + size / 2.0, QRectF(rest).center().y() + 0.5), size, part.glyph);
        rest.setLeft(rest.left() + size + measures.scaled(4));
        const QString text = QString(groupedNumber(number) + u' ' + part.word);
        rest.setLeft(rest.left() + m_look.drawText(painter, FleetLook::Body, rest, text, tokens.dim)
                     + measures.scaled(14));
    }
}

} // namespace pulsedeck
