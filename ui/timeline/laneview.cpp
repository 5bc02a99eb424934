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

} // namespace

LaneView::LaneView(LaneList &list, TimeWindow &window, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_list(list)
    , m_window(window)
    , m_store(list.model().store())
    , m_words(list, m_pictures)
    , m_names(list, m_pictures)
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
        updateTimes();
        emit pictureWanted();
    });
    followTheme(this, [this] { adoptTheme(); });
}

LaneView::~LaneView() = default;

void LaneView::adoptTheme()
{
    m_small = Theme::instance().smallFont();
    m_names.adoptTheme();
    m_list.setHeights(std::max(px(laneHeight), QFontMetrics(Theme::instance().bodyFont()).height() + 4),
                      std::max(3, px(foldHeight)));
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
    m_pictures.add(picture);
    viewport()->update();
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
    updateTimes();
}

void LaneView::setPlayhead(std::optional<double> at)
{
    m_playhead = at;
    updateTimes();
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
    m_names.forgetFigures();
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

/// Not the names: their words would take much of each frame while one pans.
void LaneView::updateTimes()
{
    viewport()->update(timeArea().adjusted(-1, 0, rightMargin(), 0));
}

void LaneView::paintEvent(QPaintEvent *event)
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
    const bool names = event->rect().left() < area.left() - 1;
    for (int i = first; i < end; ++i)
        paintRow(painter, i, QRect(0, all[size_t(i)].top - top, whole.width(), all[size_t(i)].height), names);
    if (names)
        m_names.paintFoldNotes(painter, first, end, top, laneColumn());
    painter.fillRect(QRect(area.left() - 1, 0, 1, whole.height()), tokens.line);
}

void LaneView::paintRow(QPainter &painter, int index, const QRect &rect, bool name)
{
    const ThemeTokens &tokens = theme();
    const LaneRow &row = m_list.rows()[size_t(index)];
    const bool selected = row.kind == LaneRow::Kind::Lane && std::binary_search(m_selected.begin(), m_selected.end(), row.handle);
    if (name)
        m_names.paint(painter, row, QRect(rect.left(), rect.top(), laneColumn(), rect.height()), selected);
    if (selected)
        painter.fillRect(QRect(rect.left(), rect.top(), px(2), rect.height()), tokens.selLine);
    if (row.key() == m_currentKey && hasFocus() && !selected) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -1));
    }
}

void LaneView::paintTime(QPainter &painter, const LaneRow &row, const QRect &rect)
{
    switch (row.kind) {
    case LaneRow::Kind::Lane:
        if (const LaneGeometry *lane = m_pictures.geometryOf(row))
            m_painter.paintLane(painter, rect, *lane, m_store.worker(row.handle).liveness == Liveness::Departed);
        break;
    case LaneRow::Kind::Heading:
    case LaneRow::Kind::Rest:
        if (const FoldedLanes *lanes = m_pictures.foldOf(row))
            m_painter.paintGroup(painter, rect, *lanes);
        break;
    case LaneRow::Kind::Fold:
        if (const FoldedLanes *lanes = m_pictures.foldNear(row))
            m_painter.paintFold(painter, rect, *lanes);
        break;
    case LaneRow::Kind::Queue:
        paintQueueTime(painter, row, rect);
        break;
    case LaneRow::Kind::Gone:
        if (const LaneGeometry *lane = m_pictures.geometryOf(row))
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
    if (m_playhead)
        line(*m_playhead, tokens.pastLine, Qt::SolidLine, 2);
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
                             .arg(measuredText(qint64(to - from)), timeRangeText(qint64(from), qint64(to)));
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

QString LaneView::rowText(int row) const
{
    return m_words.rowText(row, scale());
}

QString LaneView::tipAt(const QPoint &place) const
{
    const int row = rowAtPlace(place);
    if (row < 0)
        return {};
    return place.x() < laneColumn() ? m_words.nameTip(row, scale())
                                    : m_words.tip(m_list.rows()[size_t(row)], scale().at(place.x() - laneColumn()), scale());
}

// Hands ---------------------------------------------------------------------------------------------------------------

int LaneView::rowAtPlace(const QPoint &place) const
{
    return m_list.rowAt(place.y() + verticalScrollBar()->value());
}

bool LaneView::isOnPlayhead(const QPoint &place) const
{
    return m_playhead && place.x() >= laneColumn() && std::abs(scale().x(*m_playhead) + laneColumn() - place.x()) <= px(4);
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
    if (isOnPlayhead(m_pressedAt)) {
        m_drag = Drag::Playhead;
    } else if (inTime && event->modifiers().testFlag(Qt::ShiftModifier)) {
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
        updateTimes();
        emit measuredChanged();
    } else if (m_drag == Drag::Playhead) {
        emit momentRequested(scale().at(place.x() - laneColumn()));
    } else if (m_drag == Drag::None) {
        viewport()->setCursor(isOnPlayhead(place) ? Qt::SplitHCursor : Qt::ArrowCursor);
    }
    m_pointer = at;
    emit pointerMoved(m_pointer);
    updateTimes();
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
    case Qt::Key_P:
        emit momentRequested(m_pointer ? *m_pointer : m_cursor ? *m_cursor : around);
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
        if (event->pos().x() >= laneColumn())
            setCursorTime(scale().at(event->pos().x() - laneColumn())); // What the menu offers for a moment is for this one.
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
