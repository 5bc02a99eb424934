// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetview.h"

#include "models/core/format.h"
#include "models/fleet/liveness.h"
#include "ui/common/environmentmark.h"
#include "ui/common/fleetwords.h"
#include "ui/fleet/beatstripdelegate.h"
#include "ui/fleet/celldelegate.h"
#include "ui/fleet/exceptiontint.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/fleetselection.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QCursor>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int tickMs = 250; // Ages show tenths of a second.
constexpr int restingTickMs = 1'000;
constexpr qint64 restAfterMs = 10'000; // So long after the last input nobody reads tenths.

/// Its cells change with each beat, or with time.
bool changesWithBeats(const FleetColumn &column)
{
    return column.changesWithTime || column.id == FleetColumnId::Status || column.id == FleetColumnId::Interval
           || column.id == FleetColumnId::ClockSkew || column.id == FleetColumnId::Flags;
}

} // namespace

FleetView::FleetView(FleetTableModel &fleet, FleetLook &look, QWidget *parent)
    : RowTable(parent)
    , m_fleet(fleet)
    , m_look(look)
    , m_header(new FleetHeader(this))
    , m_tint(new ExceptionTint(fleet.store(), this))
{
    setHorizontalHeader(m_header);
    setTypingIgnored(true); // The first column shows no text; Space belongs to the page.
    setAccessibleName(tr("Workers"));
    m_selection = std::make_unique<FleetSelection>(*this, fleet, nullptr);
    installFleetDelegates(*this, look, fleet);
    connect(&look, &FleetLook::facesChanged, this, &FleetView::adoptTheme);
    connect(&look, &FleetLook::sourcesChanged, viewport(), qOverload<>(&QWidget::update));
    adoptTheme();

    viewport()->setAttribute(Qt::WA_OpaquePaintEvent); // Its rows and what is below them are painted whole.
    m_tick.setInterval(tickMs);
    connect(&m_tick, &QTimer::timeout, this, &FleetView::onTick);
    connect(this, &FleetView::handMoved, this, &FleetView::noteAtWork);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &FleetView::noteShown);
    connect(this, &FleetView::widthChanged, this, &FleetView::noteShown);
    connect(m_tint, &ExceptionTint::changed, this, [this] { viewport()->update(); });
    connect(&fleet, &FleetTableModel::orderChanged, this, [this] {
        noteShown();
        viewport()->update();
    });
    connect(m_selection.get(), &FleetSelection::selectionMoved, this, [this] { viewport()->update(); });
}

FleetView::~FleetView() = default;

int FleetView::rowPixels() const
{
    return m_look.rowHeight();
}

void FleetView::adoptTheme()
{
    RowTable::adoptTheme();
    m_header->updateGeometry();
}

int FleetView::firstVisibleRow() const
{
    return rowAt(0);
}

int FleetView::lastVisibleRow() const
{
    const int row = rowAt(viewport()->height() - 1);
    return row >= 0 ? row : m_fleet.rowCount() - 1;
}

void FleetView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
{
    // The base class would repaint everything for any range; here only what is seen of the rows that changed.
    Q_UNUSED(roles)
    if (!isVisible()) {
        m_shown.clear();
        return;
    }
    const int first = qMax(topLeft.row(), firstVisibleRow());
    const int last = qMin(bottomRight.row(), lastVisibleRow());
    if (first < 0 || first > last)
        return;
    for (int row = first; row <= last; ++row) {
        const WorkerHandle handle = m_fleet.handleAt(row);
        if (handle != noWorker && looksAsBefore(handle))
            updateTimeCells(row, true);
        else
            viewport()->update(rowRect(row));
    }
    if (QAccessible::isActive()) {
        QAccessibleTableModelChangeEvent changed(this, QAccessibleTableModelChangeEvent::DataChanged);
        changed.setFirstRow(first);
        changed.setLastRow(last);
        changed.setFirstColumn(topLeft.column());
        changed.setLastColumn(bottomRight.column());
        QAccessible::updateAccessibility(&changed);
    }
}

/// Whether the cells of this row that neither time nor a beat changes show what they showed when it changed last. An actor's may
/// always have changed: what is known of it is text, and it seldom says anything.
bool FleetView::looksAsBefore(WorkerHandle handle)
{
    const Worker &worker = m_fleet.store().worker(handle);
    const LayoutFacts *facts = m_fleet.store().facts(handle);
    const size_t look =
        qHashMulti(0, worker.serial, int(worker.liveness), int(worker.status), int(worker.statusBefore), int(worker.end),
                   int(worker.command), worker.flags.toInt(), worker.activeSessions, worker.lifetimeSessions, worker.type,
                   worker.startedAt, worker.id, worker.host, isNew(worker), m_fleet.store().problems(handle), worker.statusWord,
                   worker.pid, worker.capacity, facts ? qHashMulti(1, facts->label, facts->version, facts->queues) : 0);
    size_t &before = m_shown[handle];
    return std::exchange(before, look) == look && !worker.traits->has(SourceFact::Capabilities);
}

/// All rows that are seen now are about to be painted whole.
void FleetView::noteShown()
{
    m_shown.clear();
    const int last = isVisible() ? lastVisibleRow() : -1;
    for (int row = qMax(0, firstVisibleRow()); row <= last; ++row) {
        if (const WorkerHandle handle = m_fleet.handleAt(row); handle != noWorker)
            looksAsBefore(handle);
    }
}

/// \a beat: it has one more.
void FleetView::updateTimeCells(int row, bool beat)
{
    const QRect cells = rowRect(row);
    for (const FleetColumn &column : fleetColumns()) {
        // Badges of the status column count too.
        const bool changes = beat ? changesWithBeats(column) : column.changesWithTime || column.id == FleetColumnId::Status;
        const int logical = int(column.id);
        if (changes && !isColumnHidden(logical))
            viewport()->update(columnViewportPosition(logical), cells.top(), columnWidth(logical), cells.height());
    }
}

void FleetView::noteAtWork()
{
    m_sinceHand.start();
    if (m_tick.interval() != tickMs)
        m_tick.setInterval(tickMs);
}

void FleetView::onTick()
{
    if (m_sinceHand.hasExpired(restAfterMs) && m_tick.interval() != restingTickMs)
        m_tick.setInterval(restingTickMs);
    m_header->setEnd(chartEndText(m_fleet.store().viewNow(), m_fleet.store().clock()));
    if (m_fleet.store().isPaused() || window()->isMinimized())
        return;
    const int last = lastVisibleRow();
    for (int row = qMax(0, firstVisibleRow()); row <= last; ++row) {
        if (!m_fleet.isGroupRow(row))
            updateTimeCells(row, false);
        else if (const int strip = int(FleetColumnId::Strip); m_fleet.isRestRow(row) && !isColumnHidden(strip))
            viewport()->update(columnViewportPosition(strip), rowRect(row).top(), columnWidth(strip), rowRect(row).height());
    }
}

std::vector<WorkerHandle> FleetView::seenWorkers() const
{
    std::vector<WorkerHandle> seen;
    const int last = lastVisibleRow();
    for (int row = qMax(0, firstVisibleRow()); row <= last; ++row) {
        if (const WorkerHandle handle = m_fleet.handleAt(row); handle != noWorker)
            seen.push_back(handle);
    }
    return seen;
}

std::vector<int> FleetView::selectedRows() const
{
    std::vector<int> rows = RowTable::selectedRows();
    std::erase_if(rows, [this](int row) { return m_fleet.isGroupRow(row); });
    return rows;
}

void FleetView::toggleGroup(int row)
{
    const bool collapsed = m_fleet.isRestRow(row) || m_fleet.index(row, 0).data(FleetTableModel::GroupCollapsedRole).toBool();
    m_fleet.setGroupCollapsed(row, !collapsed);
}

void FleetView::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (event->button() == Qt::LeftButton && m_fleet.isGroupRow(row)) {
        toggleGroup(row);
        event->accept();
        return;
    }
    RowTable::mousePressEvent(event);
}

void FleetView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (m_fleet.isGroupRow(row)) {
        toggleGroup(row); // A fast second click is a click.
        return;
    }
    RowTable::mouseDoubleClickEvent(event);
}

void FleetView::keyPressEvent(QKeyEvent *event)
{
    emit handMoved();
    const int row = currentIndex().row();
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    if (event->key() == Qt::Key_Asterisk && m_fleet.grouping() == FleetGrouping::System) {
        emit healthyCollapseToggled();
        return;
    }
    if (plain && m_fleet.isGroupRow(row)) {
        switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
            m_fleet.setGroupCollapsed(row, event->key() == Qt::Key_Left);
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            toggleGroup(row);
            return;
        default:
            break;
        }
    }
    RowTable::keyPressEvent(event);
}

/// A list that appears or moves under a pointer that rests gets events too: only another position is a movement.
void FleetView::notePointer(const QPoint &globalPosition)
{
    if (globalPosition == std::exchange(m_pointerAt, globalPosition))
        return;
    emit handMoved();
}

void FleetView::setPointerInside(bool inside)
{
    if (inside == std::exchange(m_pointerInside, inside))
        return;
    emit pointerInsideChanged(inside);
}

bool FleetView::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::Enter:
        setPointerInside(true);
        notePointer(static_cast<QEnterEvent *>(event)->globalPosition().toPoint());
        break;
    case QEvent::MouseMove:
        setPointerInside(true);
        notePointer(static_cast<QMouseEvent *>(event)->globalPosition().toPoint());
        break;
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
    case QEvent::Wheel:
        emit handMoved();
        break;
    case QEvent::Leave:
        setPointerInside(false);
        break;
    default:
        break;
    }
    return RowTable::viewportEvent(event);
}

void FleetView::showEvent(QShowEvent *event)
{
    RowTable::showEvent(event);
    m_pointerAt = QCursor::pos();
    noteShown();
    noteAtWork();
    m_tick.start();
}

void FleetView::hideEvent(QHideEvent *event)
{
    RowTable::hideEvent(event);
    m_tick.stop();
    setPointerInside(false);
}

void FleetView::paintEvent(QPaintEvent *event)
{
    m_look.beginPaint();
    RowTable::paintEvent(event);
}

QColor FleetView::rowGround(int row) const
{
    const ThemeTokens &tokens = theme();
    if (m_fleet.isRestRow(row))
        return RowTable::rowGround(row);
    if (m_fleet.isGroupRow(row))
        return tokens.win;
    if (const WorkerHandle handle = m_fleet.handleAt(row); row != hoveredRow() && m_tint->isTinted(handle))
        return blended(tokens.base,
                       m_fleet.store().worker(handle).liveness == Liveness::Late ? tokens.lateTint : tokens.staleTint, 0.5);
    return RowTable::rowGround(row);
}

void FleetView::paintGround(QPainter &painter, int row, const QRect &rect) const
{
    const bool heading = m_fleet.isGroupRow(row);
    const bool chosen = !heading && isRowChosen(row);
    painter.fillRect(rect, chosen ? theme().sel : rowGround(row));
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1),
                     heading && !m_fleet.isRestRow(row) ? theme().line : theme().grid);
    const WorkerHandle worker = heading ? noWorker : m_fleet.handleAt(row);
    const SourceEnvironment environment =
        worker == noWorker ? SourceEnvironment::None : m_look.source(m_fleet.store().worker(worker).source).environment;
    paintEnvironmentEdge(painter, rect, environment);
    if (chosen)
        painter.fillRect(QRect(environment == SourceEnvironment::None ? 0 : environmentEdgeWidth, rect.top(), 2, rect.height()),
                         theme().selLine);
}

void FleetView::paintAbove(QPainter &painter, const QRect &area) const
{
    const int last = lastVisibleRow();
    for (int row = qMax(0, rowAt(area.top())); row <= last && rowRect(row).top() <= area.bottom(); ++row) {
        if (m_fleet.isRestRow(row))
            paintRest(painter, row, rowRect(row));
        else if (m_fleet.isGroupRow(row))
            paintHeading(painter, row, rowRect(row));
    }
}

bool FleetView::isFramed(int row) const
{
    return m_fleet.isGroupRow(row) || RowTable::isFramed(row);
}

void FleetView::setCover(const QRect &cover)
{
    if (m_cover == cover)
        return;
    viewport()->update(m_cover.united(cover));
    const int top = qMin(m_cover.top(), cover.top());
    m_cover = cover;
    viewport()->update(0, top, viewport()->width(), rowPixels() * 2); // Headings end before it.
}

std::vector<FleetView::HeadingPart> FleetView::headingParts(int row) const
{
    static constexpr std::pair<QLatin1StringView, Glyph> states[] = {
        {"crashed"_L1, Glyph::Crashed},
        {"hung"_L1, Glyph::Hung},
        {"stale"_L1, Glyph::Stale},
        {"late"_L1, Glyph::Late},
        {"key-lost"_L1, Glyph::KeyLost},
        {"no-ttl"_L1, Glyph::NoTtl},
        {"zombie"_L1, Glyph::Zombie},
        {"ghost"_L1, Glyph::Ghost},
        {"deaf"_L1, Glyph::Deaf},
        {"nobody-listens"_L1, Glyph::NobodyListens},
        {"not-consuming"_L1, Glyph::NotConsuming},
        {"incomplete"_L1, Glyph::Incomplete},
        {"draining"_L1, Glyph::Draining},
        {"leaving"_L1, Glyph::Leaving},
        {"paused"_L1, Glyph::PausedWorker},
        {"unknown"_L1, Glyph::Error},
        {"other"_L1, Glyph::Warning},
    };
    const QModelIndex index = m_fleet.index(row, 0);
    const QRect rect = rowRect(row);
    QRect rest = rect.adjusted(px(8 + 22), 0, -px(8), -1);
    if (rect.intersects(m_cover))
        rest.setRight(qMin(rest.right(), m_cover.left() - px(8)));
    std::vector<HeadingPart> parts;
    const auto add = [&](FleetLook::Face face, const QString &text, int after, std::optional<Glyph> glyph = {}) {
        const int mark = glyph ? px(stateMark + 4) : 0;
        const int width = qMax(0, qMin(rest.width(), mark + m_look.textWidth(face, text)));
        parts.push_back({face, text, glyph, QRect(rest.left(), rest.top(), width, rest.height())});
        rest.setLeft(rest.left() + width + px(after));
    };
    add(FleetLook::Bold, index.data().toString(), 8);
    // Of a lost source's workers nothing is known, so they are in no count; nor is who is gone.
    const int known = index.data(FleetTableModel::GroupCountRole).toInt();
    const int unknown = index.data(FleetTableModel::GroupUnknownRole).toInt();
    QStringList counts;
    if (known > 0 || unknown == 0)
        counts.append(groupedNumber(known));
    if (unknown > 0)
        counts.append(tr("%1 unknown").arg(groupedNumber(unknown)));
    if (const int gone = index.data(FleetTableModel::GroupGoneRole).toInt(); gone > 0)
        counts.append(tr("%1 gone").arg(groupedNumber(gone)));
    add(FleetLook::Body, counts.join(u" · "_s), 16);

    const QVariantMap details = index.data(FleetTableModel::GroupDetailRole).toMap();
    std::vector<std::pair<Glyph, QString>> found;
    for (const auto &[key, glyph] : states) {
        if (const int number = details.value(key).toInt(); number > 0)
            found.emplace_back(glyph,
                               tr("%1 %2", "a count and a state")
                                   .arg(groupedNumber(number), glyph == Glyph::Warning ? tr("with findings") : glyphWord(glyph)));
    }
    const auto more = [](size_t left) { return tr("+%1", "so many kinds of states more").arg(left); };
    for (size_t i = 0; i < found.size(); ++i) {
        const int width = px(stateMark + 4) + m_look.textWidth(FleetLook::Body, found[i].second);
        const size_t after = found.size() - i - 1;
        const int reserve = after > 0 ? px(14) + m_look.textWidth(FleetLook::Body, more(after)) : 0;
        if (width + reserve > rest.width()) {
            add(FleetLook::Body, more(found.size() - i), 14);
            break;
        }
        add(FleetLook::Body, found[i].second, 14, found[i].first);
    }
    // Only where there is room for all of it: the counts say more.
    const QString summary = index.data(FleetTableModel::GroupSummaryRole).toString();
    if (const int width = m_look.textWidth(FleetLook::Small, summary); !summary.isEmpty() && width <= rest.width()) {
        rest.setLeft(rest.right() + 1 - width);
        add(FleetLook::Small, summary, 0);
    }
    return parts;
}

void FleetView::paintHeading(QPainter &painter, int row, const QRect &rect) const
{
    const ThemeTokens &tokens = theme();
    const bool collapsed = m_fleet.index(row, 0).data(FleetTableModel::GroupCollapsedRole).toBool();
    const QRect rest = rect.adjusted(px(8), 0, -px(8), -1);
    const int box = px(14);
    paintGlyph(painter, QPointF(rest.left() + box / 2.0, QRectF(rest).center().y() + 0.5), box,
               collapsed ? Glyph::ChevronRight : Glyph::ChevronDown, tokens.dim);
    for (const HeadingPart &part : headingParts(row)) {
        QRect place = part.place;
        if (part.glyph) {
            const int size = px(stateMark);
            paintGlyph(painter, QPointF(place.left() + size / 2.0, QRectF(place).center().y() + 0.5), size, *part.glyph);
            place.setLeft(place.left() + px(stateMark + 4));
        }
        m_look.drawText(painter, part.face, place, part.text, part.face == FleetLook::Bold ? tokens.text : tokens.dim);
    }
}

/// The healthy workers of a group in one line: what they are, and all their beats as a band.
void FleetView::paintRest(QPainter &painter, int row, const QRect &rect) const
{
    const ThemeTokens &tokens = theme();
    const int strip = int(FleetColumnId::Strip);
    const bool hasStrip = !isColumnHidden(strip);
    QRect rest = rect.adjusted(px(8), 0, -px(8), -1);
    const int box = px(14);
    paintGlyph(painter, QPointF(rest.left() + box / 2.0, QRectF(rest).center().y() + 0.5), box, Glyph::ChevronRight, tokens.dim);
    rest.setLeft(rest.left() + px(22));
    const QRect beats = BeatStripDelegate::stripRect(
        QRect(columnViewportPosition(strip), rect.top(), hasStrip ? columnWidth(strip) : 0, rect.height() - 1));
    if (hasStrip && beats.left() > rest.left())
        rest.setRight(qMin(rest.right(), beats.left() - px(8)));
    m_look.drawText(painter, FleetLook::Body, rest, m_fleet.index(row, 0).data().toString(), tokens.dim);
    if (hasStrip && beats.width() > 20)
        paintBeats(painter, m_fleet.restOf(row), beats);
}

/// How many of the beats that are due came, over the time of a strip.
void FleetView::paintBeats(QPainter &painter, const std::vector<WorkerHandle> &workers, const QRect &strip) const
{
    constexpr size_t mostWorkers = 200; // So many show what a hundred thousand would.
    constexpr int bins = 60;
    constexpr qint64 binMs = BeatStripDelegate::stripSpanMs / bins;
    const FleetStore &store = m_fleet.store();
    const qint64 now = m_look.now();
    std::array<int, bins> counts{};
    double due = 0; // Beats expected in a bin.
    const size_t step = qMax<size_t>(1, workers.size() / mostWorkers);
    for (size_t i = 0; i < workers.size(); i += step) {
        const Worker &worker = store.worker(workers[i]);
        if (!worker.used)
            continue;
        const BeatHistory &beats = store.beats(workers[i]);
        for (int beat = qMax(0, beats.lowerBound(now - BeatStripDelegate::stripSpanMs, now)); beat < beats.size(); ++beat) {
            const qint64 age = now - beats.at(beat, now);
            if (age >= 0 && age < BeatStripDelegate::stripSpanMs)
                ++counts[size_t(bins - 1 - age / binMs)];
        }
        if (const qint64 interval = store.thresholds(workers[i]).interval; interval > 0)
            due += double(binMs) / double(interval);
    }
    const int height = px(14);
    const int bottom = strip.center().y() + height / 2;
    const QColor colour = blended(theme().base, theme().aliveTick, 0.55);
    // The fullest bin has the whole height where more came than are due.
    const double most = qMax(due * 1.4, double(*std::max_element(counts.begin(), counts.end())) * 0.8);
    for (int i = 0; i < bins && most > 0; ++i) {
        const int left = strip.left() + strip.width() * i / bins;
        const int right = strip.left() + strip.width() * (i + 1) / bins;
        const int part = qMin(height, int(counts[size_t(i)] * height / most));
        painter.fillRect(QRect(left, bottom - part, right - left, part), colour);
    }
}

} // namespace pulsedeck
