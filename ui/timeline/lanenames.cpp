// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanenames.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/liveness.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timeline/lanewords.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

LaneNames::LaneNames(const LaneList &list, const LanePictureSet &pictures)
    : m_list(list)
    , m_pictures(pictures)
    , m_store(list.model().store())
{ }

void LaneNames::adoptTheme()
{
    m_bold = Theme::instance().bodyFont();
    m_bold.setBold(true);
    m_small = Theme::instance().smallFont();
    m_id = Theme::instance().idFont();
}

void LaneNames::paint(QPainter &painter, const LaneRow &row, const QRect &rect, bool selected)
{
    if (row.isHeading())
        paintHeading(painter, row, rect);
    else if (row.kind != LaneRow::Kind::Fold)
        paintName(painter, row, rect, selected);
}

void LaneNames::paintFoldNotes(QPainter &painter, int first, int end, int top, int width) const
{
    const std::vector<LaneRow> &all = m_list.rows();
    const int height = QFontMetrics(m_small).height();
    painter.setFont(m_small);
    painter.setPen(theme().dim);
    for (int i = first; i < end; ++i) {
        if (all[size_t(i)].kind != LaneRow::Kind::Fold)
            continue;
        const int begin = i;
        quint32 lanes = 0;
        quint32 most = 0;
        for (; i < end && all[size_t(i)].kind == LaneRow::Kind::Fold; ++i) {
            lanes += all[size_t(i)].count;
            most = std::max(most, all[size_t(i)].count);
        }
        const int y = all[size_t(begin)].top - top;
        const int room = all[size_t(i - 1)].bottom() - all[size_t(begin)].top;
        const QString texts[]{tr("%Ln lane(s), folded", nullptr, int(lanes)),
                              tr("up to %Ln in a row, click to unfold", nullptr, int(most))};
        for (int line = 0; line < 2 && (line + 1) * height + px(4) <= room; ++line)
            painter.drawText(QRect(px(30), y + px(3) + line * height, width - px(36), height), Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(texts[line], Qt::ElideRight, width - px(36)));
    }
}

void LaneNames::paintName(QPainter &painter, const LaneRow &row, const QRect &rect, bool selected) const
{
    const ThemeTokens &tokens = theme();
    const int margin = px(12);
    if (row.kind == LaneRow::Kind::Queue) {
        const QueueRecord *queue = m_store.queues().find(m_list.queues()[row.serial]);
        paintGlyph(painter, QRectF(rect.left() + margin, rect.top(), px(12), rect.height()), Glyph::Queues, tokens.dim);
        if (!queue)
            return;
        painter.setFont(m_small);
        painter.setPen(tokens.dim);
        const QString waiting = tr("%1 waiting").arg(groupedNumber(queue->latest.waiting));
        const int width = painter.fontMetrics().horizontalAdvance(waiting);
        painter.drawText(rect.adjusted(0, 0, -px(10), 0), Qt::AlignVCenter | Qt::AlignRight, waiting);
        painter.setFont(m_id);
        painter.setPen(tokens.text);
        const QRect room = rect.adjusted(margin + px(18), 0, -px(16) - width, 0);
        painter.drawText(
            room, Qt::AlignVCenter,
            painter.fontMetrics().elidedText(visibleLine(QString::fromUtf8(queue->key.name)), Qt::ElideRight, room.width()));
        return;
    }
    if (row.kind == LaneRow::Kind::Rest) {
        painter.setFont(m_small);
        painter.setPen(tokens.dim);
        paintGlyph(painter, QRectF(rect.left() + margin, rect.top(), px(12), rect.height()), Glyph::ChevronRight, tokens.dim);
        const QRect room = rect.adjusted(margin + px(18), 0, -px(8), 0);
        painter.drawText(room, Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_list.model().index(row.modelRow, 0).data().toString(), Qt::ElideRight,
                                                          room.width()));
        return;
    }
    const HistoryLane *gone = row.kind == LaneRow::Kind::Gone ? m_list.goneLane(row.serial) : nullptr;
    if (row.kind == LaneRow::Kind::Gone && !gone)
        return;
    const bool ended = gone || m_store.worker(row.handle).liveness == Liveness::Departed;
    const QString id = gone ? goneId(*gone) : shortId(m_store.worker(row.handle));
    paintGlyph(painter, QRectF(rect.left() + margin, rect.top(), px(12), rect.height()),
               gone ? Glyph::Gone : glyphOf(m_store.worker(row.handle)));
    const LaneGeometry *lane = m_pictures.geometryOf(row);
    int width = 0;
    if (lane && lane->longest > 0) {
        const QString longest = durationText(lane->longest);
        painter.setFont(m_small);
        width = painter.fontMetrics().horizontalAdvance(longest);
        painter.setPen(selected ? tokens.text : tokens.dim);
        painter.drawText(rect.adjusted(0, 0, -px(10), 0), Qt::AlignVCenter | Qt::AlignRight, longest);
    }
    painter.setFont(m_id);
    painter.setPen(ended && !selected ? tokens.dim : tokens.text);
    const QRect room = rect.adjusted(margin + px(18), 0, -px(16) - width, 0);
    painter.drawText(room, Qt::AlignVCenter, painter.fontMetrics().elidedText(visibleLine(id), Qt::ElideRight, room.width()));
}

void LaneNames::paintHeading(QPainter &painter, const LaneRow &row, const QRect &rect)
{
    const ThemeTokens &tokens = theme();
    bool collapsed = false;
    QString title = row.kind == LaneRow::Kind::QueueHeading ? tr("Queues") : m_list.goneTitle();
    if (row.kind == LaneRow::Kind::Heading) {
        const QModelIndex index = m_list.model().index(row.modelRow, 0);
        collapsed = index.data(FleetTableModel::GroupCollapsedRole).toBool();
        title = index.data().toString();
    }
    paintGlyph(painter, QRectF(rect.left() + px(6), rect.top(), px(14), rect.height()),
               collapsed ? Glyph::ChevronRight : Glyph::ChevronDown, tokens.dim);
    int right = rect.right() - px(8);
    const QString count = groupedNumber(row.count);
    const int countWidth = QFontMetrics(m_small).horizontalAdvance(count);
    // The title has its room first.
    const int least = rect.left() + px(24) + std::min(QFontMetrics(m_bold).horizontalAdvance(title), rect.width() * 2 / 3)
                      + countWidth + px(12);
    if (row.kind == LaneRow::Kind::Heading) {
        const HeadingFigures &figures = figuresOf(row);
        painter.setFont(m_small);
        if (figures.allAlive) {
            painter.setPen(tokens.dim);
            const QString text = tr("all alive");
            right -= painter.fontMetrics().horizontalAdvance(text);
            painter.drawText(QRect(right, rect.top(), rect.right() - right, rect.height()), Qt::AlignVCenter, text);
        }
        // The worst ones, as many as there is room for.
        const auto widthOf = [&](int figure) { return painter.fontMetrics().horizontalAdvance(groupedNumber(figure)) + px(22); };
        size_t shown = 0;
        int used = 0;
        while (shown < figures.counts.size() && right - used - widthOf(figures.counts[shown].second) >= least)
            used += widthOf(figures.counts[shown++].second);
        right -= used;
        painter.setPen(tokens.dim);
        for (size_t i = 0, x = size_t(right) + size_t(px(6)); i < shown; ++i) {
            const auto &[glyph, figure] = figures.counts[i];
            paintGlyph(painter, QRectF(qreal(x), rect.top(), px(12), rect.height()), glyph);
            painter.setPen(tokens.dim);
            painter.drawText(QRect(int(x) + px(14), rect.top(), widthOf(figure), rect.height()), Qt::AlignVCenter,
                             groupedNumber(figure));
            x += size_t(widthOf(figure));
        }
    }
    painter.setFont(m_bold);
    painter.setPen(tokens.text);
    const QRect room(rect.left() + px(24), rect.top(), right - rect.left() - px(24) - countWidth - px(12), rect.height());
    const QString shown = painter.fontMetrics().elidedText(title, Qt::ElideRight, std::max(px(30), room.width()));
    painter.drawText(room, Qt::AlignVCenter, shown);
    const int after = room.left() + painter.fontMetrics().horizontalAdvance(shown) + px(6);
    painter.setFont(m_small);
    painter.setPen(tokens.dim);
    painter.drawText(QRect(after, rect.top(), countWidth + px(4), rect.height()), Qt::AlignVCenter, count);
}

/// Looks at every lane of the group: once a second is enough, and of 100,000 lanes once in five.
const LaneNames::HeadingFigures &LaneNames::figuresOf(const LaneRow &row)
{
    HeadingFigures &figures = m_figures[row.group];
    const qint64 now = m_store.viewNow();
    const qint64 holdsFor = std::max<qint64>(1'000, row.count / 20);
    if (figures.at > 0 && now - figures.at < holdsFor && now >= figures.at)
        return figures;
    figures.at = now;
    figures.counts.clear();
    figures.allAlive = row.count > 0;
    QHash<int, std::pair<int, int>> counts; // By glyph: how many, and how bad.
    const std::vector<WorkerHandle> &order = *m_list.order();
    for (size_t i = row.first; i < std::min(order.size(), size_t(row.first) + row.count); ++i) {
        const Worker &worker = m_store.worker(order[i]);
        if (!worker.used)
            continue;
        figures.allAlive = figures.allAlive && worker.liveness == Liveness::Alive && !nobodyListens(worker);
        if (!needsAttention(worker))
            continue;
        auto &[count, worst] = counts[int(glyphOf(worker))];
        ++count;
        worst = std::max(worst, severity(worker));
    }
    std::vector<std::pair<int, std::pair<Glyph, int>>> sorted;
    for (auto one = counts.cbegin(); one != counts.cend(); ++one)
        sorted.push_back({one->second, {Glyph(one.key()), one->first}});
    std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) {
        return a.first != b.first ? a.first > b.first : int(a.second.first) < int(b.second.first);
    });
    for (const auto &one : sorted)
        figures.counts.push_back(one.second);
    return figures;
}

} // namespace pulsedeck
