// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/fleetmap.h"

#include "models/core/format.h"
#include "models/core/prefetch.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/liveness.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QAccessibleWidget>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString noType()
{
    return FleetMap::tr("no type");
}

constexpr int topOfOne = 7; ///< Above the cells, in pixels of the design.
constexpr int topOfTwo = 3; ///< The same with two lines of labels.

/// From a line of labels to the next: what hangs below one may reach between the letters of the other.
int labelHeight(const QFontMetrics &metrics)
{
    return metrics.ascent() + 1;
}

/// What is left of a label, or nothing where that would not tell one type from another.
QString labelText(const QFontMetrics &metrics, const QString &title, int room)
{
    constexpr int leastLetters = 4; ///< With the three dots that say there are more.
    const QString text = metrics.elidedText(title, Qt::ElideRight, room);
    return text == title || text.size() >= leastLetters ? text : QString();
}

QAccessibleInterface *accessibleMap(const QString &, QObject *object)
{
    auto *map = qobject_cast<FleetMap *>(object);
    return map ? new QAccessibleWidget(map, QAccessible::Graphic, map->accessibleName()) : nullptr;
}

} // namespace

FleetMap::FleetMap(const FleetStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
{
    setAccessibleName(tr("Fleet map"));
    [[maybe_unused]] static const bool known = [] {
        QAccessible::installFactory(accessibleMap);
        return true;
    }();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    connect(&store, &FleetStore::published, this, &FleetMap::onPublished);
    connect(&store, &FleetStore::sourceChanged, this, &FleetMap::reviewSources);
    connect(&store, &FleetStore::sourceRemoved, this, &FleetMap::rebuild);
    connect(&Theme::instance(), &Theme::changed, this, &FleetMap::layOut);
    rebuild();
}

QSize FleetMap::sizeHint() const
{
    return {px(420), px(60)};
}

QSize FleetMap::minimumSizeHint() const
{
    return {px(120), px(60)};
}

FleetMap::State FleetMap::stateOf(const Worker &worker)
{
    if (worker.liveness == Liveness::Departed)
        return Empty;
    if (worker.liveness == Liveness::Zombie)
        return Zombie;
    switch (glyphOf(worker)) {
    case Glyph::Gone:
        return Empty;
    case Glyph::Stale:
    case Glyph::Crashed:
    case Glyph::Hung:
        return Stale;
    case Glyph::Late:
        return Late;
    case Glyph::Zombie:
    case Glyph::ZombieUnseen:
    case Glyph::Ghost:
        return Zombie;
    case Glyph::NoTtl:
    case Glyph::Error:
    case Glyph::Warning:
    case Glyph::KeyLost:
    case Glyph::Deaf:
    case Glyph::NobodyListens:
    case Glyph::NotConsuming:
    case Glyph::Incomplete:
        return Odd;
    case Glyph::ShuttingDown:
        return ShuttingDown;
    case Glyph::Draining:
    case Glyph::Leaving:
    case Glyph::PausedWorker:
        return Draining;
    case Glyph::Unknown:
    case Glyph::Settling:
        return Unknown;
    default:
        return Alive;
    }
}

QString FleetMap::stateWord(State state)
{
    static const std::array<QString, stateCount> words{QString(),      tr("alive"),         tr("unknown"),
                                                       tr("draining"), tr("shutting down"), tr("odd"),
                                                       tr("zombie"),   tr("late"),          tr("stale")};
    return words[size_t(state)];
}

/// "2 stale, 1 late": from the worst to \a mildest.
QStringList FleetMap::countTexts(const Counts &counts, State mildest)
{
    QStringList parts;
    for (int state = stateCount - 1; state >= mildest; --state) {
        if (counts[size_t(state)] > 0)
            parts.append(tr("%1 %2", "a count and a state").arg(groupedNumber(counts[size_t(state)]), stateWord(State(state))));
    }
    return parts;
}

FleetMap::State FleetMap::worst(const Counts &counts)
{
    for (int state = stateCount - 1; state > Empty; --state) {
        if (counts[size_t(state)] > 0)
            return State(state);
    }
    return Empty;
}

FleetMap::CellLook FleetMap::lookOf(const Counts &counts)
{
    const State state = worst(counts);
    if (state <= Alive)
        return {state, 0};
    int all = 0;
    for (const quint16 count : counts)
        all += count;
    const int unwell = all - counts[Alive] - counts[Empty];
    all -= counts[Empty];
    return {state, (unwell * cellLevels + all - 1) / all};
}

void FleetMap::rebuild()
{
    reviewSystems();
    m_systemGroups.fill(-1);
    m_groups.clear();
    m_slots.clear();
    m_dirty.clear();
    constexpr int ahead = 8;
    for (int handle = 0; handle < m_store.capacity(); ++handle) {
        if (handle + ahead < m_store.capacity())
            prefetch(&m_store.worker(WorkerHandle(handle + ahead)));
        place(WorkerHandle(handle));
    }
    layOut();
    say();
}

/// A source says something every second; only its coming into view or going out of it changes the map as a whole.
void FleetMap::reviewSources()
{
    std::vector<SourceId> shown = m_store.sources();
    std::erase_if(shown, [this](SourceId source) { return !m_store.isSourceVisible(source); });
    if (shown == m_shownSources)
        return;
    m_shownSources = std::move(shown);
    rebuild();
}

bool FleetMap::reviewSystems()
{
    const std::vector<TraitsRef> kinds = m_store.kinds();
    const bool bySystem =
        std::any_of(kinds.begin(), kinds.end(), [&kinds](TraitsRef kind) { return kind->layout != kinds.front()->layout; });
    return std::exchange(m_bySystem, bySystem) != bySystem;
}

int FleetMap::groupOf(const Worker &worker)
{
    if (!m_bySystem)
        return worker.type;
    int &group = m_systemGroups[worker.traits.number()];
    if (group >= 0)
        return group;
    // Traits differ also within a system, as of masters and supervisors, or by prefix.
    const QString title = visibleLine(systemTitle(worker.traits));
    const auto known = std::find_if(m_groups.begin(), m_groups.end(), [&title](const Group &one) { return one.title == title; });
    group = int(known - m_groups.begin());
    if (known == m_groups.end()) {
        m_groups.emplace_back();
        m_groups.back().title = title;
    }
    return group;
}

void FleetMap::onPublished(const FleetChanges &changes)
{
    if (changes.reset || reviewSystems()) {
        rebuild();
        return;
    }
    for (const WorkerHandle handle : changes.removed)
        unplace(handle);
    for (const WorkerHandle handle : changes.added)
        place(handle);
    for (const WorkerHandle handle : changes.changed)
        place(handle);
    if (m_layoutDue)
        layOut();
    say();
}

/// The picture in a sentence, for those who do not see it.
void FleetMap::say()
{
    Counts counts{};
    int all = 0;
    for (const Group &group : m_groups) {
        all += group.count;
        for (const Counts &cell : group.cells) {
            for (size_t state = Alive; state < counts.size(); ++state)
                counts[state] = quint16(qMin(65'535, counts[state] + cell[state]));
        }
    }
    const QString text = (QStringList(tr("%Ln worker(s)", nullptr, all)) + countTexts(counts, Unknown)).join(u", "_s);
    if (text != accessibleDescription())
        setAccessibleDescription(text);
}

/// Gives the worker a place if it has none, and its cell the state it is in.
void FleetMap::place(WorkerHandle handle)
{
    const Worker &worker = m_store.worker(handle);
    // As in the figures next to it, whoever hangs under another worker is there only where it needs attention.
    const bool counts = !worker.child || needsAttention(worker);
    const State state = worker.used && counts && m_store.isSourceVisible(worker.source) ? stateOf(worker) : Empty;
    if (handle >= m_slots.size())
        m_slots.resize(size_t(qMax(m_store.capacity(), int(handle) + 1)));
    Slot &slot = m_slots[handle];
    if (state == Empty) {
        unplace(handle);
        return;
    }
    const int number = groupOf(worker);
    if (slot.group >= 0 && slot.group != number) {
        unplace(handle); // Its type was read only later.
    }
    if (slot.group < 0) {
        if (size_t(number) >= m_groups.size())
            m_groups.resize(size_t(number) + 1);
        Group &group = m_groups[size_t(number)];
        if (group.count == 0 && !m_bySystem) {
            const QString &type = m_store.typeName(worker.type);
            if (!type.isEmpty()) // Else layOut() names it.
                group.title = visibleLine(type);
        }
        slot.group = number;
        if (group.free.empty()) {
            slot.place = qint32(group.workers.size());
            group.workers.push_back(handle);
            const size_t cell = size_t(slot.place / m_layout.perCell);
            if (cell >= group.cells.size())
                group.cells.resize(cell + 1);
            layOutSoon();
        } else {
            slot.place = group.free.back();
            group.free.pop_back();
            group.workers[size_t(slot.place)] = handle;
        }
        if (group.count++ == 0)
            layOutSoon(); // For its name, also where it has a place from before.
    }
    setState(slot, state);
}

void FleetMap::unplace(WorkerHandle handle)
{
    if (handle >= m_slots.size() || m_slots[handle].group < 0)
        return;
    Slot &slot = m_slots[handle];
    setState(slot, Empty);
    Group &group = m_groups[size_t(slot.group)];
    group.workers[size_t(slot.place)] = noWorker;
    group.free.push_back(slot.place);
    if (--group.count == 0)
        layOutSoon(); // Its name goes.
    slot = Slot();
}

void FleetMap::setState(Slot &slot, State state)
{
    if (slot.state == state)
        return;
    Group &group = m_groups[size_t(slot.group)];
    const int cell = slot.place / m_layout.perCell;
    auto &counts = group.cells[size_t(cell)];
    const CellLook before = lookOf(counts);
    if (slot.state != Empty)
        --counts[slot.state];
    if (state != Empty)
        ++counts[state];
    slot.state = state;
    if (lookOf(counts) != before)
        dirtyCell(slot.group, cell);
}

void FleetMap::layOutSoon()
{
    // The map has room for the new cell as long as its column has.
    m_layoutDue = true;
}

/// Only where others have a type is the lack of one worth a word: a system without types is called by its name.
QString FleetMap::untypedTitle() const
{
    const bool typed = std::any_of(m_groups.begin(), m_groups.end(),
                                   [](const Group &group) { return group.count > 0 && !group.title.isEmpty(); });
    const std::vector<TraitsRef> kinds = m_store.kinds();
    return typed || kinds.empty() ? noType() : visibleLine(systemTitle(kinds.front()));
}

void FleetMap::layOut()
{
    m_layoutDue = false;
    const Theme &measures = Theme::instance();
    m_metrics.cell = px(4);
    m_metrics.pitch = px(6);
    m_metrics.leastPitch = m_metrics.cell + 1;
    m_metrics.gap = px(12);
    const QFontMetrics small(measures.smallFont());
    if (!m_bySystem && !m_groups.empty()) {
        m_groups.front().title.clear(); // Type 0: none given.
        m_groups.front().title = untypedTitle();
    }
    // By name: the number of a type is the order in which it was seen first, another one in each start.
    std::vector<size_t> order(m_groups.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::sort(order.begin(), order.end(), [this](size_t a, size_t b) {
        const QString &left = m_groups[a].title;
        const QString &right = m_groups[b].title;
        return std::tuple(left == noType(), left.toLower(), a) < std::tuple(right == noType(), right.toLower(), b);
    });
    std::vector<FleetMapGroup> groups;
    groups.reserve(order.size());
    int longest = 0;
    for (const size_t group : order) {
        groups.push_back({int(m_groups[group].workers.size()), small.horizontalAdvance(m_groups[group].title)});
        if (groups.back().workers > 0)
            longest = qMax(longest, groups.back().leastWidth);
    }
    const int before = m_layout.perCell;
    const int linesBefore = m_layout.labelLines;
    const int room = width() - 2;
    const auto layoutWith = [&](int mostLabel, int inRoom, int lines) {
        std::vector<FleetMapGroup> labelled = groups;
        for (FleetMapGroup &group : labelled)
            group.leastWidth = qMin(group.leastWidth, mostLabel);
        FleetMapMetrics metrics = m_metrics;
        metrics.labelLines = lines;
        if (lines > 1)
            metrics.pitch = metrics.leastPitch; // The second line takes its room from the space between the cells.
        return layoutFleetMap(labelled, inRoom, metrics);
    };
    // Cells matter more than labels: first as many cells as without labels, then the longest labels that leave them all. All
    // or none: a label here and there says nothing about the rest.
    FleetMapLayout layout = layoutWith(0, room, 1);
    int cellRoom = room;
    if (layout.perCell > 1) {
        // The note on what a cell stands for needs its own room next to them.
        const QString note = perCellNote(layout.perCell, room);
        if (!note.isEmpty())
            cellRoom -= small.horizontalAdvance(note) + m_metrics.gap;
        layout = layoutWith(0, cellRoom, 1);
    }
    m_labelled = false;
    const int mostPerCell = layout.perCell;
    const auto tryLabels = [&](int most, int lines) {
        FleetMapLayout labelled = layoutWith(most, cellRoom, lines);
        if (!labelled.fits || labelled.perCell > mostPerCell)
            return false;
        layout = std::move(labelled);
        m_labelled = true;
        return true;
    };
    const int mostLines = px(topOfTwo) + m_metrics.rows * m_metrics.leastPitch + 1 + 2 * labelHeight(small) <= height() ? 2 : 1;
    if (!tryLabels(longest, 1) && (mostLines == 1 || !tryLabels(longest, mostLines))) {
        // Cut, but no more than they have to be.
        int known = small.horizontalAdvance(u"chro…"_s);
        int tooLong = longest;
        if (tryLabels(known, mostLines)) {
            while (tooLong - known > 1) {
                const int middle = (known + tooLong) / 2;
                (tryLabels(middle, mostLines) ? known : tooLong) = middle;
            }
        }
    }
    std::vector<FleetMapLayout::Group> placed(layout.groups.size());
    for (size_t place = 0; place < order.size(); ++place)
        placed[order[place]] = layout.groups[place];
    layout.groups = std::move(placed);
    bool same = layout.perCell == before && layout.pitch == m_layout.pitch && layout.groups.size() == m_layout.groups.size();
    for (size_t i = 0; same && i < layout.groups.size(); ++i)
        same = layout.groups[i].left == m_layout.groups[i].left && layout.groups[i].columns == m_layout.groups[i].columns;
    m_layout = std::move(layout);
    if (m_layout.perCell != before) {
        for (Group &group : m_groups) {
            group.cells.assign((group.workers.size() + size_t(m_layout.perCell) - 1) / size_t(m_layout.perCell), {});
            for (size_t place = 0; place < group.workers.size(); ++place) {
                if (group.workers[place] != noWorker)
                    ++group.cells[place / size_t(m_layout.perCell)][m_slots[group.workers[place]].state];
            }
        }
    }
    const std::vector<Label> labelsBefore = m_labels;
    layOutLabels();
    same = same && linesBefore == m_layout.labelLines && labelsBefore == m_labels;
    if (!same || sender() == &Theme::instance() || m_image.isNull()) {
        m_imageStale = true;
        update();
    }
}

void FleetMap::layOutLabels()
{
    m_labels.clear();
    if (!m_labelled)
        return;
    const QFontMetrics metrics(Theme::instance().smallFont());
    int right = width();
    if (m_layout.perCell > 1)
        right -= metrics.horizontalAdvance(perCellNote(m_layout.perCell, width() - 2)) + 8;
    for (size_t group = 0; group < m_groups.size(); ++group) {
        if (m_groups[group].count == 0)
            continue;
        const FleetMapLayout::Group &place = m_layout.groups[group];
        int end = right;
        for (const FleetMapLayout::Group &other : m_layout.groups) {
            if (other.columns > 0 && other.line == place.line && other.left > place.left)
                end = qMin(end, other.left - 4);
        }
        const QRect rect(place.left, labelsTop(place.line), end - place.left, metrics.height());
        if (const QString text = labelText(metrics, m_groups[group].title, rect.width()); !text.isEmpty())
            m_labels.push_back({rect, text});
    }
    std::sort(m_labels.begin(), m_labels.end(), [](const Label &a, const Label &b) { return a.rect.left() < b.rect.left(); });
}

QStringList FleetMap::labels() const
{
    QStringList texts;
    for (const Label &label : m_labels)
        texts.append(label.text);
    return texts;
}

int FleetMap::cellsTop() const
{
    return px(m_layout.labelLines > 1 ? topOfTwo : topOfOne);
}

int FleetMap::labelsTop(int line) const
{
    const int pitch = m_layout.labelLines > 1 ? m_metrics.leastPitch : m_metrics.pitch;
    return cellsTop() + m_metrics.rows * pitch + 1 + line * labelHeight(QFontMetrics(Theme::instance().smallFont()));
}

void FleetMap::dirtyCell(int group, int cell)
{
    if (m_imageStale)
        return;
    m_dirty.emplace_back(group, cell);
    update(cellRect(group, cell));
}

QRect FleetMap::cellRect(int group, int cell) const
{
    if (size_t(group) >= m_layout.groups.size())
        return {};
    const int x = m_layout.groups[size_t(group)].left + cell / m_metrics.rows * m_layout.pitch;
    const int y = cellsTop() + cell % m_metrics.rows * m_layout.pitch;
    return {x, y, m_layout.pitch, m_layout.pitch};
}

QRect FleetMap::cellRectOf(WorkerHandle handle) const
{
    if (handle >= m_slots.size() || m_slots[handle].group < 0)
        return {};
    return cellRect(m_slots[handle].group, m_slots[handle].place / m_layout.perCell);
}

void FleetMap::resizeEvent(QResizeEvent *)
{
    layOut();
    m_imageStale = true;
}

bool FleetMap::cellAt(const QPoint &position, int *group, int *cell) const
{
    const int row = (position.y() - cellsTop()) / m_layout.pitch;
    if (position.y() < cellsTop() || row >= m_metrics.rows)
        return false;
    for (size_t i = 0; i < m_layout.groups.size(); ++i) {
        const FleetMapLayout::Group &place = m_layout.groups[i];
        const int column = (position.x() - place.left) / m_layout.pitch;
        if (position.x() < place.left || column >= place.columns)
            continue;
        *group = int(i);
        *cell = column * m_metrics.rows + row;
        return size_t(*cell) < m_groups[i].cells.size();
    }
    return false;
}

WorkerHandle FleetMap::workerAt(const QPoint &position) const
{
    int group = 0;
    int cell = 0;
    if (!cellAt(position, &group, &cell))
        return noWorker;
    const std::vector<WorkerHandle> &workers = m_groups[size_t(group)].workers;
    WorkerHandle found = noWorker;
    const size_t from = size_t(cell) * size_t(m_layout.perCell);
    for (size_t place = from; place < qMin(workers.size(), from + size_t(m_layout.perCell)); ++place) {
        if (workers[place] != noWorker && (found == noWorker || m_slots[workers[place]].state > m_slots[found].state))
            found = workers[place];
    }
    return found;
}

QString FleetMap::describe(int group, int cell) const
{
    const Group &shown = m_groups[size_t(group)];
    return tr("%1: %2", "a type of workers, and their states")
        .arg(shown.title, countTexts(shown.cells[size_t(cell)], Alive).join(u", "_s));
}

void FleetMap::mousePressEvent(QMouseEvent *event)
{
    const WorkerHandle handle = workerAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && handle != noWorker)
        emit workerClicked(handle);
}

bool FleetMap::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        int group = 0;
        int cell = 0;
        if (!cellAt(help->pos(), &group, &cell) || worst(m_groups[size_t(group)].cells[size_t(cell)]) == Empty) {
            QToolTip::hideText();
        } else if (m_layout.perCell > 1) {
            QToolTip::showText(help->globalPos(), describe(group, cell), this);
        } else {
            const WorkerHandle handle = workerAt(help->pos());
            QToolTip::showText(help->globalPos(), toolTipText(accessibleText(m_store, handle, m_store.viewNow())), this);
        }
        return true;
    }
    return QWidget::event(event);
}

// How FleetMap paints its cells into the image it keeps.

QColor FleetMap::markColour(State state)
{
    static constexpr Tone tones[] = {Tone::Gone, Tone::Gone,   Tone::Gone, Tone::Drain, Tone::Drain,
                                     Tone::Late, Tone::Zombie, Tone::Late, Tone::Stale};
    return toneColour(tones[state]);
}

QString FleetMap::perCellNote(int workers, int room)
{
    if (room < px(180))
        return {};
    if (room < px(380))
        return tr("%1 per cell").arg(groupedNumber(workers));
    return tr("a cell is %1 workers").arg(groupedNumber(workers));
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
        if (m_layout.perCell > 1) {
            const QString note = perCellNote(m_layout.perCell, width() - 2);
            const int left = width() - metrics.horizontalAdvance(note);
            painter.setPen(theme().faint);
            painter.drawText(QRect(left, labelsTop(0), width() - left, metrics.height()), Qt::AlignVCenter, note);
            painter.setPen(theme().dim);
        }
        for (const Label &label : m_labels)
            painter.drawText(label.rect, Qt::AlignVCenter, label.text);
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
