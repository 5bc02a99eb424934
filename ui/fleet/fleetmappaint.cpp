// SPDX-License-Identifier: GPL-3.0-or-later
// How FleetMap paints its cells into the image it keeps.
#include "ui/fleet/fleetmap.h"
#include "ui/fleet/fleetwords.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// What is left of a label, or nothing where that would not tell one type from another.
QString labelText(const QFontMetrics &metrics, const QString &title, int room)
{
    constexpr int leastLetters = 4; ///< With the three dots that say there are more.
    const QString text = metrics.elidedText(title, Qt::ElideRight, room);
    return text == title || text.size() >= leastLetters ? text : QString();
}

} // namespace

QColor FleetMap::markColour(State state)
{
    switch (state) {
    case Stale:
        return theme().stale;
    case Late:
    case Odd:
        return theme().late;
    case Zombie:
        return theme().zombie;
    case Draining:
    case ShuttingDown:
        return theme().drain;
    default:
        return theme().gone;
    }
}

QString FleetMap::perCellNote(int workers, int room)
{
    if (room < Theme::instance().scaled(180))
        return {};
    if (room < Theme::instance().scaled(380))
        return u"%1 a cell"_s.arg(groupedNumber(workers));
    return u"a cell is %1 workers"_s.arg(groupedNumber(workers));
}

void FleetMap::paintCell(QPainter &painter, int group, int cell) const
{
    const ThemeTokens &tokens = theme();
    const QRect rect = cellRect(group, cell);
    painter.fillRect(rect, tokens.win);
    const int margin = (m_layout.pitch - m_metrics.cell) / 2;
    const QRect body(rect.left() + margin, rect.top() + margin, m_metrics.cell, m_metrics.cell);
    const QRectF mark = QRectF(rect);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const CellLook look = lookOf(m_groups[size_t(group)].cells[size_t(cell)]);
    if (look.level > 0 && look.level < cellLevels) {
        // Some of several: as high as their share, so that one late worker in a hundred does not colour them all.
        const int height = qMax(1, m_layout.pitch * look.level / cellLevels);
        painter.fillRect(body, blended(tokens.win, tokens.alive, tokens.dark ? 0.45 : 0.5));
        painter.fillRect(QRect(rect.left(), rect.bottom() + 1 - height, rect.width() - 1, height), markColour(look.state));
        return;
    }
    switch (look.state) {
    case Empty:
        break;
    case Alive:
        painter.fillRect(body, blended(tokens.win, tokens.alive, tokens.dark ? 0.45 : 0.5));
        break;
    case Unknown:
        painter.fillRect(body.adjusted(1, 1, -1, -1), tokens.gone);
        break;
    case Draining:
        painter.fillRect(mark, tokens.drain);
        painter.fillRect(QRectF(mark.left() + 1, mark.top() + 1, mark.width() - 2, mark.height() / 2 - 1), tokens.win);
        break;
    case ShuttingDown:
        painter.fillRect(mark, tokens.drain);
        break;
    case Odd:
        painter.fillRect(mark, tokens.late);
        painter.fillRect(mark.adjusted(2, 2, -2, -2), tokens.win);
        break;
    case Zombie:
        painter.fillRect(mark, tokens.zombie);
        painter.fillRect(mark.adjusted(1.2, 1.2, -1.2, -1.2), tokens.win);
        break;
    case Late:
        painter.setBrush(tokens.late);
        painter.drawPolygon(QPolygonF({{mark.center().x(), mark.top()}, mark.bottomRight(), mark.bottomLeft()}));
        break;
    case Stale:
        painter.setBrush(tokens.stale);
        painter.drawPolygon(QPolygonF({{mark.center().x(), mark.top() - 0.5},
                                       {mark.right() + 0.5, mark.center().y()},
                                       {mark.center().x(), mark.bottom() + 0.5},
                                       {mark.left() - 0.5, mark.center().y()}}));
        break;
    case stateCount:
        break;
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void FleetMap::paintImage()
{
    const qreal ratio = devicePixelRatioF();
    if (m_imageStale || m_image.size() != size() * ratio) {
        m_image = QPixmap(size() * ratio);
        m_image.setDevicePixelRatio(ratio);
        m_image.fill(theme().win);
        QPainter painter(&m_image);
        painter.setFont(Theme::instance().smallFont());
        painter.setPen(theme().dim);
        const QFontMetrics metrics(painter.font());
        const int top = Theme::instance().scaled(7) + m_metrics.rows * m_metrics.pitch + 1;
        int right = width();
        if (m_layout.perCell > 1) {
            const QString note = perCellNote(m_layout.perCell, width() - 2);
            right -= metrics.horizontalAdvance(note);
            painter.setPen(theme().faint);
            painter.drawText(QRect(right, top, width() - right, metrics.height()), Qt::AlignVCenter, note);
            right -= 8;
            painter.setPen(theme().dim);
        }
        for (size_t group = 0; group < m_groups.size(); ++group) {
            if (m_groups[group].count == 0 || !m_labelled)
                continue;
            const FleetMapLayout::Group &place = m_layout.groups[group];
            int end = right;
            for (const FleetMapLayout::Group &other : m_layout.groups) {
                if (other.columns > 0 && other.left > place.left)
                    end = qMin(end, other.left - 4);
            }
            const QRect label(place.left, top, qMin(end, right) - place.left, metrics.height());
            painter.drawText(label, Qt::AlignVCenter, labelText(metrics, m_groups[group].title, label.width()));
        }
        for (size_t group = 0; group < m_groups.size(); ++group) {
            for (size_t cell = 0; cell < m_groups[group].cells.size(); ++cell)
                paintCell(painter, int(group), int(cell));
        }
        m_imageStale = false;
        m_dirty.clear();
    } else if (!m_dirty.empty()) {
        QPainter painter(&m_image);
        for (const auto &[group, cell] : m_dirty)
            paintCell(painter, group, cell);
        m_dirty.clear();
    }
}

void FleetMap::paintEvent(QPaintEvent *)
{
    paintImage();
    QPainter(this).drawPixmap(0, 0, m_image);
}

} // namespace pulsedeck
