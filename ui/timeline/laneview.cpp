// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/laneview.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/liveness.h"
#include "models/sources/sourcekind.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// In the design's pixels.
constexpr int nameColumn = 235;
constexpr int laneHeight = 22;
constexpr int foldHeight = 4;
constexpr double wheelStep = 1.25; ///< Zoom of one step of the wheel.
constexpr double keyStep = 1.5;
constexpr double panShare = 0.2; ///< Of the span, for one arrow key.
constexpr size_t mostHosts = 5'000; ///< Lanes whose hosts are compared for a tool tip.

QString rangeText(qint64 from, qint64 to)
{
    return clockTextTenths(from) + u" → "_s + clockTextTenths(to); // untranslated: two times
}

QString joinedParts(const QStringList &parts)
{
    return parts.join(u" · "_s);
}

/// The short form of an id that no worker has any more.
QString goneId(const HistoryLane &lane)
{
    return lane.label.isEmpty() ? shortId(lane.name, *SourceKind::workerKind(lane.system)) : lane.label;
}

/// How many beats did not come in a gap.
int missedBeats(const LaneGap &gap)
{
    return gap.interval > 0 ? int(std::max<qint64>(1, (gap.length() - gap.interval / 2) / gap.interval)) : 0;
}

} // namespace

LaneView::LaneView(LaneList &list, TimeWindow &window, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_list(list)
    , m_window(window)
    , m_store(list.model().store())
{
    setObjectName(u"laneView"_s);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Lanes"));
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&list, &LaneList::changed, this, &LaneView::onListChanged);
    connect(&window, &TimeWindow::changed, this, [this] {
        viewport()->update();
        emit pictureWanted();
    });
    followTheme(this, [this] { adoptTheme(); });
}

LaneView::~LaneView() = default;

void LaneView::adoptTheme()
{
    m_body = Theme::instance().bodyFont();
    m_bold = m_body;
    m_bold.setBold(true);
    m_small = Theme::instance().smallFont();
    m_id = Theme::instance().idFont();
    m_list.setHeights(std::max(px(laneHeight), QFontMetrics(m_body).height() + 4), std::max(3, px(foldHeight)));
    verticalScrollBar()->setSingleStep(px(laneHeight));
    updateRange();
    viewport()->update();
    emit geometryChanged();
}

int LaneView::laneColumn() const
{
    return px(nameColumn);
}

int LaneView::rightMargin() const
{
    return px(8);
}

QRect LaneView::timeArea() const
{
    return {laneColumn(), 0, std::max(1, viewport()->width() - laneColumn() - rightMargin()), viewport()->height()};
}

TimeScale LaneView::scale() const
{
    return {m_window.from(), m_window.to(), double(timeArea().width())};
}

void LaneView::setPicture(const SharedLanePicture &picture)
{
    if (!m_exact || picture->token >= m_exact->token)
        m_exact = picture;
    if (picture->whole) {
        // Until it is known who was late, what was known of it before holds.
        if (picture->last || !m_whole)
            m_whole = picture;
        else
            m_rows = picture;
    }
    if (picture->whole && picture->last)
        m_rows.reset();
    viewport()->update();
}

const LaneGeometry *LaneView::geometryOf(const LaneRow &row) const
{
    for (const SharedLanePicture *picture : {&m_exact, &m_whole}) {
        if (!*picture)
            continue;
        const auto found = (*picture)->lanes.constFind(row.key());
        if (found != (*picture)->lanes.constEnd())
            return &*found;
    }
    return nullptr;
}

const FoldedLanes *LaneView::foldOf(const LaneRow &row) const
{
    for (const SharedLanePicture *picture : {&m_rows, &m_whole}) {
        if (!*picture)
            continue;
        const auto found = (*picture)->rows.constFind(row.key());
        if (found != (*picture)->rows.constEnd())
            return &*found;
    }
    return nullptr;
}

void LaneView::setFlags(const std::vector<TimelineFlag> &flags)
{
    m_flags = flags;
    viewport()->update();
}

void LaneView::setMarkersShown(bool shown)
{
    m_markersShown = shown;
    viewport()->update();
}

void LaneView::setOptions(const LanePainter::Options &options)
{
    m_painter.setOptions(options);
    viewport()->update();
}

void LaneView::setUnwatched(const std::vector<LaneTimes> &unwatched)
{
    m_unwatched = unwatched;
    viewport()->update();
}

void LaneView::setSelected(const std::vector<WorkerHandle> &selected, WorkerHandle current)
{
    m_selected = selected;
    std::sort(m_selected.begin(), m_selected.end());
    if (std::exchange(m_currentWorker, current) != current && current != noWorker) {
        const int row = m_list.rowOf(current);
        if (row >= 0) {
            m_currentKey = m_list.rows()[size_t(row)].key();
            scrollToRow(row);
            say(row);
        }
    }
    viewport()->update();
}

int LaneView::currentRow() const
{
    return m_currentKey == 0 ? -1 : m_list.rowOfKey(m_currentKey);
}

void LaneView::setCurrentRow(int row)
{
    if (row < 0 || row >= int(m_list.rows().size()))
        return;
    const LaneRow &wanted = m_list.rows()[size_t(row)];
    m_currentKey = wanted.key();
    scrollToRow(row);
    viewport()->update();
    if (wanted.kind == LaneRow::Kind::Lane && wanted.handle != m_currentWorker) {
        m_currentWorker = wanted.handle;
        emit workerChosen(wanted.handle);
    }
    say(row);
}

/// Readers of the screen hear what the row is.
void LaneView::say(int row)
{
    setAccessibleDescription(rowText(row));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void LaneView::scrollToRow(int row)
{
    const LaneRow &wanted = m_list.rows()[size_t(row)];
    const int top = verticalScrollBar()->value();
    if (wanted.top < top)
        verticalScrollBar()->setValue(wanted.top);
    else if (wanted.bottom() > top + viewport()->height())
        verticalScrollBar()->setValue(wanted.bottom() - viewport()->height());
}

void LaneView::setCursorTime(std::optional<double> at)
{
    m_cursor = at;
    viewport()->update();
}

void LaneView::clearMeasured()
{
    if (!m_measured)
        return;
    m_measured.reset();
    viewport()->update();
    emit measuredChanged();
}

std::pair<int, int> LaneView::wantedRows() const
{
    const int rows = int(m_list.rows().size());
    if (rows == 0)
        return {0, 0};
    const int page = viewport()->height();
    const int top = verticalScrollBar()->value();
    const int first = m_list.rowAt(std::clamp(top - page, 0, m_list.height() - 1));
    const int last = m_list.rowAt(std::clamp(top + 2 * page, 0, m_list.height() - 1));
    return {std::max(0, first), std::min(rows, last + 1)};
}

void LaneView::onListChanged()
{
    m_figures.clear();
    // What is at the top stays there.
    const int top = verticalScrollBar()->value();
    updateRange();
    verticalScrollBar()->setValue(std::min(top, verticalScrollBar()->maximum()));
    viewport()->update();
    emit pictureWanted();
}

void LaneView::updateRange()
{
    m_list.setRoom(viewport()->height());
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, m_list.height() - viewport()->height()));
}

void LaneView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateRange();
    emit geometryChanged();
    emit pictureWanted();
}

void LaneView::scrollContentsBy(int, int)
{
    viewport()->update();
    emit pictureWanted();
}

// Painting ------------------------------------------------------------------------------------------------------------

void LaneView::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    QPainter painter(viewport());
    const QRect whole = viewport()->rect();
    painter.fillRect(whole, tokens.base);
    const QRect area = timeArea();
    m_painter.setScale(scale(), area.left());
    const int top = verticalScrollBar()->value();
    const QRect rows(area.left(), 0, area.width(), std::min(whole.height(), std::max(0, m_list.height() - top)));

    const std::vector<LaneRow> &all = m_list.rows();
    const int first = std::max(0, m_list.rowAt(top));
    // Grounds first: grid and bands lie over them, beats over those.
    int end = first;
    for (; end < int(all.size()) && all[size_t(end)].top < top + whole.height(); ++end) {
        const LaneRow &row = all[size_t(end)];
        const QRect rect(0, row.top - top, whole.width(), row.height);
        const bool selected =
            row.kind == LaneRow::Kind::Lane && std::binary_search(m_selected.begin(), m_selected.end(), row.handle);
        if (row.isHeading())
            painter.fillRect(rect, tokens.alt);
        if (selected)
            painter.fillRect(rect, tokens.sel);
        if (row.kind != LaneRow::Kind::Fold)
            painter.fillRect(QRect(0, rect.bottom(), whole.width(), 1), tokens.grid);
    }
    for (const TimeScale::Tick &tick : m_painter.scale().ticks(px(64)))
        painter.fillRect(QRect(m_painter.x(tick.at), 0, 1, rows.height()), tokens.grid);
    painter.setClipRect(area);
    for (const LaneTimes &unwatched : m_unwatched)
        m_painter.paintUnwatched(painter, rows, double(unwatched.from), double(unwatched.to));
    if (m_markersShown) {
        for (const TimelineFlag &flag : m_flags) {
            if (flag.kind == TimelineFlag::Kind::Pause)
                m_painter.paintPause(painter, rows, double(flag.at), double(flag.to));
        }
    }
    for (int i = first; i < end; ++i) {
        const LaneRow &row = all[size_t(i)];
        paintTime(painter, row, QRect(area.left(), row.top - top, area.width(), row.height));
    }
    paintOver(painter, rows);
    painter.setClipping(false);
    for (int i = first; i < end; ++i)
        paintRow(painter, i, QRect(0, all[size_t(i)].top - top, whole.width(), all[size_t(i)].height));
    paintFoldNotes(painter, first, end);
    painter.fillRect(QRect(area.left() - 1, 0, 1, whole.height()), tokens.line);
}

/// Next to the rows of folded lanes, which are too low for words of their own: once where such rows begin, or at the top.
void LaneView::paintFoldNotes(QPainter &painter, int first, int end)
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
        const int top = all[size_t(begin)].top - verticalScrollBar()->value();
        const int room = all[size_t(i - 1)].bottom() - all[size_t(begin)].top;
        const QString texts[]{tr("%Ln lane(s), folded", nullptr, int(lanes)),
                              tr("up to %Ln in a row, click to unfold", nullptr, int(most))};
        for (int line = 0; line < 2 && (line + 1) * height + px(4) <= room; ++line)
            painter.drawText(QRect(px(30), top + px(3) + line * height, laneColumn() - px(36), height), Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(texts[line], Qt::ElideRight, laneColumn() - px(36)));
    }
}

void LaneView::paintRow(QPainter &painter, int index, const QRect &rect)
{
    const ThemeTokens &tokens = theme();
    const LaneRow &row = m_list.rows()[size_t(index)];
    const bool selected = row.kind == LaneRow::Kind::Lane && std::binary_search(m_selected.begin(), m_selected.end(), row.handle);
    const QRect name(rect.left(), rect.top(), laneColumn(), rect.height());
    if (row.isHeading())
        paintHeading(painter, row, name);
    else if (row.kind != LaneRow::Kind::Fold)
        paintName(painter, row, name, selected);
    if (selected)
        painter.fillRect(QRect(rect.left(), rect.top(), px(2), rect.height()), tokens.selLine);
    if (row.key() == m_currentKey && hasFocus() && !selected) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -1));
    }
}

void LaneView::paintName(QPainter &painter, const LaneRow &row, const QRect &rect, bool selected)
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
    const LaneGeometry *lane = geometryOf(row);
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

void LaneView::paintHeading(QPainter &painter, const LaneRow &row, const QRect &rect)
{
    const ThemeTokens &tokens = theme();
    bool collapsed = false;
    QString title = row.kind == LaneRow::Kind::QueueHeading ? tr("Queues") : tr("No longer there");
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
        if (figures.counts.empty() && row.count > 0) {
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

/// Looks at every lane of the group: once a second is enough.
const LaneView::HeadingFigures &LaneView::figuresOf(const LaneRow &row)
{
    HeadingFigures &figures = m_figures[row.group];
    const qint64 now = m_store.viewNow();
    if (figures.at > 0 && now - figures.at < 1'000 && now >= figures.at)
        return figures;
    figures.at = now;
    figures.counts.clear();
    QHash<int, std::pair<int, int>> counts; // By glyph: how many, and how bad.
    for (const WorkerHandle handle : m_list.lanesOf(row)) {
        const Worker &worker = m_store.worker(handle);
        if (!worker.used || !needsAttention(worker))
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

void LaneView::paintTime(QPainter &painter, const LaneRow &row, const QRect &rect)
{
    switch (row.kind) {
    case LaneRow::Kind::Lane:
        if (const LaneGeometry *lane = geometryOf(row))
            m_painter.paintLane(painter, rect, *lane, m_store.worker(row.handle).liveness == Liveness::Departed);
        break;
    case LaneRow::Kind::Heading:
    case LaneRow::Kind::Rest:
        if (const FoldedLanes *lanes = foldOf(row))
            m_painter.paintGroup(painter, rect, *lanes);
        break;
    case LaneRow::Kind::Fold:
        if (const FoldedLanes *lanes = foldOf(row))
            m_painter.paintFold(painter, rect, *lanes);
        break;
    case LaneRow::Kind::Queue:
        paintQueueTime(painter, row, rect);
        break;
    case LaneRow::Kind::Gone:
        if (const LaneGeometry *lane = geometryOf(row))
            m_painter.paintLane(painter, rect, *lane, true);
        break;
    case LaneRow::Kind::QueueHeading:
    case LaneRow::Kind::GoneHeading:
        break;
    }
}

void LaneView::paintQueueTime(QPainter &painter, const LaneRow &row, const QRect &rect)
{
    const QueueRecord *queue = m_store.queues().find(m_list.queues()[row.serial]);
    if (!queue)
        return;
    const std::vector<QueuePoint> &fine = queue->history.fine();
    std::vector<DepthStep> steps;
    qint64 most = 1;
    for (const QueuePoint &point : queue->history.coarse()) {
        if (fine.empty() || point.at < fine.front().at)
            steps.push_back({point.at, point.waiting});
    }
    for (const QueuePoint &point : fine)
        steps.push_back({point.at, point.waiting});
    for (const DepthStep &step : steps)
        most = std::max(most, step.waiting);
    m_painter.paintDepth(painter, rect, steps, m_store.viewNow(), most);
}

/// What lies over all lanes: flags, now, the pointer, the cursor.
void LaneView::paintOver(QPainter &painter, const QRect &rows)
{
    const ThemeTokens &tokens = theme();
    const auto line = [&](double at, const QColor &colour, Qt::PenStyle style, int width = 1) {
        const int x = m_painter.x(at);
        if (x < rows.left() || x > rows.right() + 1)
            return;
        painter.setPen(QPen(colour, width, style));
        painter.drawLine(QPointF(x + 0.5, rows.top()), QPointF(x + 0.5, rows.bottom()));
    };
    if (m_markersShown) {
        for (const TimelineFlag &flag : m_flags) {
            if (flag.kind == TimelineFlag::Kind::Timing)
                line(double(flag.at), tokens.accent, Qt::DashLine);
            else if (flag.kind == TimelineFlag::Kind::Deploy)
                line(double(flag.at), blended(tokens.base, tokens.text, 0.8), Qt::SolidLine);
            else if (flag.kind == TimelineFlag::Kind::Outage || flag.kind == TimelineFlag::Kind::Command)
                line(double(flag.at), blended(tokens.base, tokens.dim, 0.7), Qt::DashLine);
        }
    }
    line(m_window.latest(), blended(tokens.base, tokens.dim, 0.8), Qt::SolidLine);
    if (m_cursor)
        line(*m_cursor, tokens.accent, Qt::SolidLine);
    if (m_pointer && m_drag == Drag::None)
        line(*m_pointer, tokens.dim, Qt::DotLine);
    paintMeasured(painter, rows);
}

void LaneView::paintMeasured(QPainter &painter, const QRect &area)
{
    if (!m_measured)
        return;
    const ThemeTokens &tokens = theme();
    const double from = std::min(m_measured->from, m_measured->to);
    const double to = std::max(m_measured->from, m_measured->to);
    const int left = m_painter.x(from);
    const int right = m_painter.x(to);
    QColor ground = tokens.accent;
    ground.setAlpha(40);
    painter.fillRect(QRect(left, area.top(), right - left, area.height()), ground);
    for (const int x : {left, right})
        painter.fillRect(QRect(x, area.top(), 1, area.height()), tokens.accent);
    const QString text = tr("%1 · %2", "a duration, and from when to when")
                             .arg(measuredText(qint64(to - from)), rangeText(qint64(from), qint64(to)));
    painter.setFont(m_small);
    const int width = painter.fontMetrics().horizontalAdvance(text) + px(12);
    const int middle = std::clamp((left + right) / 2 - width / 2, area.left(), std::max(area.left(), area.right() - width));
    const QRect box(middle, area.top() + px(4), width, painter.fontMetrics().height() + px(6));
    painter.fillRect(box, tokens.raised);
    painter.setPen(tokens.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(box.adjusted(0, 0, -1, -1));
    painter.setPen(tokens.text);
    painter.drawText(box, Qt::AlignCenter, text);
}

// Words ---------------------------------------------------------------------------------------------------------------

QString LaneView::affectedText(const LaneRow &row, qint64 from, qint64 to) const
{
    // Of what is older than the store nobody can say who else was late, lane by lane.
    if (!m_whole || row.kind != LaneRow::Kind::Lane || from < m_whole->completeFrom)
        return {};
    std::vector<WorkerHandle> others;
    for (const LateLane &late : m_whole->late) {
        if (late.from >= to)
            break;
        if (late.to > from && late.handle != row.handle)
            others.push_back(late.handle);
    }
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    if (others.empty())
        return tr("no other lane was affected");
    const QString count = tr("%Ln other lane(s) (was/were) late then", nullptr, int(others.size()));
    const Worker &worker = m_store.worker(row.handle);
    const QByteArray host = hostName(worker);
    if (host.isEmpty() || others.size() > mostHosts)
        return count;
    const auto same = std::count_if(others.begin(), others.end(), [&](WorkerHandle other) {
        return m_store.worker(other).used && hostName(m_store.worker(other)) == host;
    });
    return same == 0 ? tr("%1, none of them on %2").arg(count, QString::fromUtf8(host))
                     : tr("%1, %2 of them on %3").arg(count, groupedNumber(same), QString::fromUtf8(host));
}

QString LaneView::laneTip(const LaneRow &row, double at) const
{
    const HistoryLane *gone = row.kind == LaneRow::Kind::Gone ? m_list.goneLane(row.serial) : nullptr;
    const Worker *worker = row.kind == LaneRow::Kind::Lane ? &m_store.worker(row.handle) : nullptr;
    const LaneGeometry *lane = geometryOf(row);
    if (!lane || !(worker ? worker->used : gone != nullptr))
        return {};
    const double tolerance = 3 * scale().msPerPixel();
    QStringList place{worker ? m_store.sourceName(worker->source) : gone->source};
    const QString type = worker ? m_store.typeName(worker->type) : gone->type;
    if (!type.isEmpty())
        place.append(type);
    const QString name = worker ? shortId(*worker) : goneId(*gone);
    const QString id = u"<b>"_s + visibleLine(name).toHtmlEscaped() + u"</b>"_s; // untranslated: markup
    const auto whole = [&](const QString &what, const QStringList &lines) {
        return QString(id + u" <b>"_s + what.toHtmlEscaped() + u"</b> &nbsp; "_s + joinedParts(place).toHtmlEscaped() + u"<br>"_s
                       + lines.join(u'\n').toHtmlEscaped().replace(u'\n', u"<br>"_s)); // untranslated: markup
    };
    for (const LaneMark &mark : lane->marks) {
        if (std::abs(double(mark.at) - at) > 2 * tolerance)
            continue;
        const QString when = clockTextTenths(mark.at);
        switch (mark.mark) {
        case StripGeometry::Mark::Start:
            return whole(tr("started"), {when});
        case StripGeometry::Mark::End:
            return whole(tr("ended"), {joinedParts({when, lane->lastWord})});
        case StripGeometry::Mark::Expired:
            return whole(tr("key expired"), {when});
        case StripGeometry::Mark::CommandSent:
            return whole(tr("command sent"), {when});
        case StripGeometry::Mark::CommandRead:
            return whole(tr("command read"), {when});
        }
    }
    for (const LaneGap &gap : lane->gaps) {
        if (at < double(gap.from()) - tolerance || at > double(gap.to) + tolerance)
            continue;
        QStringList second{rangeText(gap.beat, gap.to), tr("expected %1").arg(roundText(gap.interval)),
                           gap.open ? tr("no beat since") : tr("%Ln beat(s) missed", nullptr, missedBeats(gap))};
        QStringList third;
        const qint64 ttl = worker ? worker->learntTtl : 0;
        if (ttl > 0 && gap.length() < ttl)
            third.append(tr("TTL fell to %1 of %2").arg(durationText(ttl - gap.length()), roundText(ttl)));
        else if (ttl > 0)
            third.append(tr("longer than the TTL of %1").arg(roundText(ttl)));
        if (const QString affected = affectedText(row, gap.from(), gap.to); !affected.isEmpty())
            third.append(affected);
        return whole(tr("gap %1").arg(durationText(gap.length())), {joinedParts(second), joinedParts(third)});
    }
    for (const LaneSpan &span : lane->spans) {
        if (at < double(span.from) || at > double(span.to))
            continue;
        const QStringList lines{joinedParts({rangeText(span.from, span.to), durationText(span.to - span.from)})};
        if (span.block == StripGeometry::Block::Draining)
            return whole(tr("draining"), lines);
        if (span.block == StripGeometry::Block::Unknown)
            return whole(tr("not known: its source was not connected"), lines);
    }
    const auto next = std::lower_bound(lane->ticks.begin(), lane->ticks.end(), qint64(at));
    for (auto beat : {next, next == lane->ticks.begin() ? next : next - 1}) {
        if (beat != lane->ticks.end() && std::abs(double(*beat) - at) <= tolerance)
            return whole(tr("beat"), {clockTextTenths(*beat)});
    }
    return whole({}, {clockTextTenths(qint64(at))});
}

QString LaneView::tipAt(const QPoint &place) const
{
    const int index = rowAtPlace(place);
    if (index < 0)
        return {};
    const LaneRow &row = m_list.rows()[size_t(index)];
    if (place.x() < laneColumn()) {
        if (row.kind == LaneRow::Kind::Lane)
            return toolTipText(accessibleText(m_store, row.handle, m_store.viewNow()));
        return rowText(index);
    }
    const double at = scale().at(place.x() - laneColumn());
    if (row.isLane())
        return laneTip(row, at);
    if (row.standsForMany()) {
        const FoldedLanes *lanes = foldOf(row);
        const qint64 bucket = lanes ? (qint64(at) - lanes->from) / lanes->bucketMs : -1;
        if (!lanes || bucket < 0 || bucket >= qint64(lanes->buckets.size()))
            return {};
        const FoldedLanes::Bucket &there = lanes->buckets[size_t(bucket)];
        QStringList parts{clockText(qint64(at)), tr("%Ln lane(s)", nullptr, int(there.there))};
        if (there.late > there.lost)
            parts.append(tr("%Ln past the interval", nullptr, int(there.late - there.lost)));
        if (there.lost > 0)
            parts.append(tr("%Ln past threshold or TTL", nullptr, int(there.lost)));
        if (there.there > 0 && there.late == 0)
            parts.append(tr("all on time"));
        if (row.kind == LaneRow::Kind::Fold)
            parts.append(tr("click to unfold %Ln lane(s)", nullptr, int(row.count)));
        return joinedParts(parts);
    }
    if (row.kind == LaneRow::Kind::Queue) {
        const QueueRecord *queue = m_store.queues().find(m_list.queues()[row.serial]);
        const QueuePoint *point = queue ? queue->history.at(qint64(at)) : nullptr;
        return point ? joinedParts({clockText(qint64(at)), tr("%1 waiting").arg(groupedNumber(point->waiting))}) : QString();
    }
    return {};
}

QString LaneView::rowText(int index) const
{
    if (index < 0 || index >= int(m_list.rows().size()))
        return {};
    const LaneRow &row = m_list.rows()[size_t(index)];
    const QModelIndex inModel = m_list.model().index(row.modelRow, 0);
    switch (row.kind) {
    case LaneRow::Kind::Heading:
    case LaneRow::Kind::Rest:
        return inModel.data(Qt::AccessibleTextRole).toString();
    case LaneRow::Kind::Fold:
        return tr("%Ln lane(s), folded", nullptr, int(row.count));
    case LaneRow::Kind::QueueHeading:
        return tr("%Ln queue(s)", nullptr, int(row.count));
    case LaneRow::Kind::GoneHeading:
        return tr("%Ln lane(s) of workers that are no longer there", nullptr, int(row.count));
    case LaneRow::Kind::Gone: {
        const HistoryLane *gone = m_list.goneLane(row.serial);
        return gone ? tr("%1, last seen %2", "a worker and a time").arg(visibleLine(goneId(*gone)), dateTimeText(gone->last))
                    : QString();
    }
    case LaneRow::Kind::Queue: {
        const QueueRecord *queue = m_store.queues().find(m_list.queues()[row.serial]);
        return queue ? tr("Queue %1, %2 waiting")
                           .arg(visibleLine(QString::fromUtf8(queue->key.name)), groupedNumber(queue->latest.waiting))
                     : QString();
    }
    case LaneRow::Kind::Lane:
        break;
    }
    QStringList parts{accessibleText(m_store, row.handle, m_store.viewNow())};
    if (const LaneGeometry *lane = geometryOf(row)) {
        parts.append(tr("%Ln gap(s) from %1 to %2", nullptr, int(lane->gaps.size()))
                         .arg(clockText(qint64(m_window.from())), clockText(qint64(m_window.to()))));
        if (lane->longest > 0)
            parts.append(tr("longest gap %1").arg(durationText(lane->longest)));
    }
    return parts.join(tr(", "));
}

// Hands ---------------------------------------------------------------------------------------------------------------

int LaneView::rowAtPlace(const QPoint &place) const
{
    return m_list.rowAt(place.y() + verticalScrollBar()->value());
}

void LaneView::choose(int row, double at, bool time)
{
    if (time)
        setCursorTime(at);
    if (row < 0)
        return;
    const LaneRow &chosen = m_list.rows()[size_t(row)];
    if (chosen.kind == LaneRow::Kind::Fold) {
        m_list.unfold(row);
        return;
    }
    if (!time && chosen.isHeading()) {
        m_currentKey = chosen.key();
        m_list.toggle(row);
        return;
    }
    if (chosen.kind == LaneRow::Kind::Rest) {
        m_list.toggle(row);
        return;
    }
    setCurrentRow(row);
}

void LaneView::activate(int row)
{
    if (row < 0)
        return;
    const LaneRow &chosen = m_list.rows()[size_t(row)];
    if (chosen.kind == LaneRow::Kind::Lane)
        emit workerOpened(chosen.handle);
    else if (chosen.kind == LaneRow::Kind::Queue)
        emit queueOpened(m_list.queues()[chosen.serial]);
    else if (chosen.kind == LaneRow::Kind::Fold)
        m_list.unfold(row);
    else if (chosen.kind != LaneRow::Kind::Gone)
        m_list.toggle(row);
}

void LaneView::mousePressEvent(QMouseEvent *event)
{
    emit handMoved();
    if (event->button() != Qt::LeftButton)
        return;
    m_pressedAt = event->position().toPoint();
    m_pressedTime = scale().at(m_pressedAt.x() - laneColumn());
    m_pressedScroll = verticalScrollBar()->value();
    const bool inTime = m_pressedAt.x() >= laneColumn();
    m_drag = Drag::Pressed;
    if (inTime && event->modifiers().testFlag(Qt::ShiftModifier)) {
        m_drag = Drag::Measure;
        m_measured = MeasuredSpan{m_pressedTime, m_pressedTime};
        viewport()->update();
    } else {
        clearMeasured();
    }
}

void LaneView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint place = event->position().toPoint();
    emit handMoved();
    const bool inTime = place.x() >= laneColumn();
    const std::optional<double> at = inTime ? std::optional(scale().at(place.x() - laneColumn())) : std::nullopt;
    if (m_drag == Drag::Pressed && (place - m_pressedAt).manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
    if (m_drag == Drag::Pan) {
        verticalScrollBar()->setValue(m_pressedScroll - (place.y() - m_pressedAt.y()));
        if (m_pressedAt.x() >= laneColumn())
            m_window.pan(m_pressedTime - scale().at(place.x() - laneColumn()));
    } else if (m_drag == Drag::Measure && m_measured) {
        m_measured->to = scale().at(place.x() - laneColumn());
        viewport()->update();
        emit measuredChanged();
    }
    m_pointer = at;
    emit pointerMoved(m_pointer);
    viewport()->update();
}

void LaneView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const Drag drag = std::exchange(m_drag, Drag::None);
    viewport()->unsetCursor();
    if (drag == Drag::Pressed)
        choose(rowAtPlace(m_pressedAt), m_pressedTime, m_pressedAt.x() >= laneColumn());
}

void LaneView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int row = rowAtPlace(event->position().toPoint());
    if (row >= 0 && m_list.rows()[size_t(row)].kind == LaneRow::Kind::Lane)
        activate(row);
}

/// Over the time it zooms around the pointer, over the names it scrolls, as it does with Ctrl; with Shift, or sideways, it pans.
void LaneView::wheelEvent(QWheelEvent *event)
{
    emit handMoved();
    const QPoint turned = event->angleDelta();
    const double steps = turned.y() / 120.0;
    const int x = int(event->position().x());
    if (turned.x() != 0 || event->modifiers().testFlag(Qt::ShiftModifier)) {
        const double sideways = turned.x() != 0 ? turned.x() / 120.0 : steps;
        m_window.pan(-sideways * m_window.span() * panShare / 2);
    } else if (x < laneColumn() || event->modifiers().testFlag(Qt::ControlModifier)) {
        verticalScrollBar()->setValue(verticalScrollBar()->value() - int(steps * 3 * px(laneHeight)));
    } else {
        m_window.zoomAt(scale().at(x - laneColumn()), std::pow(wheelStep, steps));
    }
    event->accept();
}

void LaneView::keyPressEvent(QKeyEvent *event)
{
    emit handMoved();
    const int current = currentRow();
    const auto move = [&](int by) { setCurrentRow(std::clamp(current + by, 0, int(m_list.rows().size()) - 1)); };
    const int page = std::max(1, viewport()->height() / px(laneHeight) - 1);
    const bool alt = event->modifiers().testFlag(Qt::AltModifier);
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    // Around the pointer while it is over the lanes.
    const double around = m_pointer && !m_window.isFollowing() ? *m_pointer : m_window.from() + m_window.span() / 2;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_window.zoomAt(around, keyStep);
        break;
    case Qt::Key_Minus:
        m_window.zoomAt(around, 1 / keyStep);
        break;
    case Qt::Key_0:
        m_window.fit();
        break;
    case Qt::Key_F:
        m_window.followNow();
        break;
    case Qt::Key_Left:
        if (alt)
            m_window.goBack();
        else
            m_window.pan(-m_window.span() * panShare);
        break;
    case Qt::Key_Right:
        if (alt)
            m_window.goForward();
        else
            m_window.pan(m_window.span() * panShare);
        break;
    case Qt::Key_BracketLeft:
        emit gapRequested(-1);
        break;
    case Qt::Key_BracketRight:
        emit gapRequested(1);
        break;
    case Qt::Key_Up:
        move(-1);
        break;
    case Qt::Key_Down:
        move(1);
        break;
    case Qt::Key_PageUp:
        move(-page);
        break;
    case Qt::Key_PageDown:
        move(page);
        break;
    case Qt::Key_Home:
        setCurrentRow(0);
        break;
    case Qt::Key_End:
        setCurrentRow(int(m_list.rows().size()) - 1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activate(current);
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void LaneView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        const int row = rowAtPlace(event->pos());
        if (row >= 0 && m_list.rows()[size_t(row)].kind == LaneRow::Kind::Lane
            && !std::binary_search(m_selected.begin(), m_selected.end(), m_list.rows()[size_t(row)].handle))
            setCurrentRow(row);
        emit menuRequested(event->globalPos());
        return;
    }
    const int row = std::max(0, currentRow());
    const int y = row < int(m_list.rows().size()) ? m_list.rows()[size_t(row)].bottom() - verticalScrollBar()->value() : 0;
    emit menuRequested(viewport()->mapToGlobal(QPoint(laneColumn() / 2, y)));
}

void LaneView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    if (currentRow() < 0 && event->reason() != Qt::MouseFocusReason && !m_list.rows().empty())
        m_currentKey = m_list.rows().front().key();
    viewport()->update();
}

void LaneView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool LaneView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = tipAt(help->pos());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    if (event->type() == QEvent::Leave) {
        m_pointer.reset();
        emit pointerMoved(m_pointer);
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace pulsedeck
