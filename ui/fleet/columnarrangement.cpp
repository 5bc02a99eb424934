// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/columnarrangement.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QFontMetrics>
#include <QHeaderView>
#include <QMenu>
#include <QScopedValueRollback>
#include <QSettings>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto orderKey = "fleet/columns/order"_L1;
constexpr auto hiddenKey = "fleet/columns/hidden"_L1;
constexpr auto widthKey = "fleet/columns/width"_L1;
constexpr auto sortKey = "fleet/columns/sort"_L1;
constexpr auto descendingKey = "fleet/columns/descending"_L1;
constexpr auto actorsChosenKey = "fleet/columns/actorsChosen"_L1;
constexpr auto systemsChosenKey = "fleet/columns/systemsChosen"_L1;

QString keyOf(const FleetColumn &column)
{
    return QString::fromLatin1(column.key);
}

const FleetColumn *columnOf(const QString &key)
{
    for (const FleetColumn &column : fleetColumns()) {
        if (keyOf(column) == key)
            return &column;
    }
    return nullptr;
}

} // namespace

ColumnArrangement::ColumnArrangement(QHeaderView &header, QSettings &settings, QObject *parent)
    : QObject(parent)
    , m_header(header)
    , m_settings(settings)
{
    Q_ASSERT(m_hidden.size() == fleetColumns().size());
    m_saveTimer.setSingleShot(true);
    m_saveTimer.setInterval(300);
    connect(&m_saveTimer, &QTimer::timeout, this, &ColumnArrangement::save);
    load();
    m_known = arrangement();
    connect(&header, &QHeaderView::sectionResized, this, [this](int logical, int, int size) {
        if (m_applying || FleetColumnId(logical) == FleetColumnId::Strip || size == 0)
            return;
        m_widths[size_t(logical)] = size;
        fit(m_viewWidth);
        saveSoon();
    });
    connect(&header, &QHeaderView::sectionMoved, this, [this] {
        if (!m_applying)
            saveSoon();
    });
    connect(&header, &QHeaderView::sortIndicatorChanged, this, &ColumnArrangement::saveSoon);
    connect(&Theme::instance(), &Theme::changed, this, [this] { fit(m_viewWidth); });
}

ColumnArrangement::~ColumnArrangement()
{
    if (m_saveTimer.isActive())
        save();
}

/// As wide as the longest name, but the strip comes first: no more than a tenth of the view beyond what is usual.
int ColumnArrangement::widthFor(const QStringList &names, int usual) const
{
    const QFontMetrics metrics(Theme::instance().bodyFont());
    int width = usual;
    for (const QString &name : names)
        width = qMax(width, metrics.horizontalAdvance(name) + px(16) + 1);
    return qMin(width, qMax(usual, m_viewWidth / 10));
}

int ColumnArrangement::defaultWidth(const FleetColumn &column) const
{
    const QFontMetrics body(Theme::instance().bodyFont());
    const QFontMetrics small(Theme::instance().smallFont());
    const QFontMetrics id(Theme::instance().idFont());
    int width = 0;
    for (const ColumnSample &sample : columnSamples()) {
        const bool counts =
            sample.when == ColumnSample::Always || (m_systems.others && sample.when == ColumnSample::WithSystems)
            || (!m_narrow && ((m_hubs && sample.when == ColumnSample::WideWithActors) || sample.when == ColumnSample::Wide));
        if (sample.column != column.id || !counts)
            continue;
        width = qMax(width, (column.id == FleetColumnId::Worker ? id : body).horizontalAdvance(QString::fromUtf8(sample.body))
                                + small.horizontalAdvance(QString::fromUtf8(sample.small)) + px(16 + sample.more));
    }
    if (width == 0)
        width = column.width * body.averageCharWidth() + px(8);
    if (column.id == FleetColumnId::Source)
        width = widthFor(m_sourceNames, width);
    if (column.id == FleetColumnId::System)
        width = widthFor(m_systems.names, width);
    // The title and its sort mark have to fit too.
    const QString heading = column.heading();
    return qMax(width, heading.isEmpty() ? 0 : small.horizontalAdvance(heading) + px(18));
}

void ColumnArrangement::load()
{
    for (const FleetColumn &column : fleetColumns()) {
        m_hidden[size_t(column.id)] = column.hidden;
        m_widths[size_t(column.id)] = m_settings.value(QString(widthKey + u'/' + keyOf(column)), 0).toInt();
    }
    if (m_settings.contains(hiddenKey)) {
        const QStringList hidden = m_settings.value(hiddenKey).toStringList();
        // A column that was not there when this was written keeps its default.
        const QStringList known = m_settings.value(orderKey).toStringList();
        for (const FleetColumn &column : fleetColumns()) {
            if (known.isEmpty() || known.contains(keyOf(column)))
                m_hidden[size_t(column.id)] = hidden.contains(keyOf(column));
        }
    }
    m_actorsChosen = m_settings.value(actorsChosenKey, false).toBool();
    m_systemsChosen = m_settings.value(systemsChosenKey, false).toBool();
    if (!m_actorsChosen)
        showActorColumns();
    if (!m_systemsChosen)
        showSystemColumns();
    const QScopedValueRollback guard(m_applying, true);
    applyDefaultOrder();
    applyOrder(m_settings.value(orderKey).toStringList());
    const FleetColumn *sorted = columnOf(m_settings.value(sortKey, u"worker"_s).toString());
    m_header.setSortIndicator(int(sorted ? sorted->id : FleetColumnId::Worker),
                              m_settings.value(descendingKey, false).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
    applyHidden();
    applyWidths();
}

/// The columns as they are listed, and the strip behind them all: its "now" is the table's right edge.
void ColumnArrangement::applyDefaultOrder()
{
    for (const FleetColumn &column : fleetColumns())
        m_header.moveSection(m_header.visualIndex(int(column.id)), int(column.id));
    m_header.moveSection(m_header.visualIndex(int(FleetColumnId::Strip)), m_header.count() - 1);
}

/// As it was written down. A column that is not in it stands before the strip.
void ColumnArrangement::applyOrder(const QStringList &keys)
{
    std::vector<int> order;
    for (const QString &key : keys) {
        if (const FleetColumn *column = columnOf(key))
            order.push_back(int(column->id));
    }
    // The order of the list itself is what earlier versions wrote down unasked, with the strip amid hidden columns.
    if (std::is_sorted(order.begin(), order.end()))
        return;
    for (size_t visual = 0; visual < order.size(); ++visual)
        m_header.moveSection(m_header.visualIndex(order[visual]), int(visual));
    for (const FleetColumn &column : fleetColumns()) {
        const int strip = m_header.visualIndex(int(FleetColumnId::Strip));
        const int from = m_header.visualIndex(int(column.id));
        if (from > strip && std::find(order.begin(), order.end(), int(column.id)) == order.end())
            m_header.moveSection(from, strip);
    }
}

void ColumnArrangement::saveSoon()
{
    emit changed();
    m_saveTimer.start();
}

QVariantHash ColumnArrangement::arrangement() const
{
    QVariantHash now;
    QStringList order;
    QStringList hidden;
    for (int visual = 0; visual < m_header.count(); ++visual)
        order.append(keyOf(fleetColumns()[size_t(m_header.logicalIndex(visual))]));
    for (const FleetColumn &column : fleetColumns()) {
        if (m_hidden[size_t(column.id)])
            hidden.append(keyOf(column));
        if (m_widths[size_t(column.id)] > 0)
            now.insert(QString(widthKey + u'/' + keyOf(column)), m_widths[size_t(column.id)]);
    }
    now.insert(orderKey, order);
    now.insert(hiddenKey, hidden);
    now.insert(actorsChosenKey, m_actorsChosen);
    now.insert(systemsChosenKey, m_systemsChosen);
    now.insert(sortKey, keyOf(fleetColumns()[size_t(m_header.sortIndicatorSection())]));
    now.insert(descendingKey, m_header.sortIndicatorOrder() == Qt::DescendingOrder);
    return now;
}

/// Only what this window has changed: what another window arranged meanwhile stays.
void ColumnArrangement::save()
{
    m_saveTimer.stop();
    const QVariantHash now = arrangement();
    for (auto one = now.begin(); one != now.end(); ++one) {
        // The order says, too, which columns there were when it was written: without it the others mean less.
        const bool missing = one.key() == orderKey && !m_settings.contains(orderKey);
        if (missing || m_known.value(one.key()) != one.value())
            m_settings.setValue(one.key(), one.value());
    }
    for (auto one = m_known.begin(); one != m_known.end(); ++one) {
        if (!now.contains(one.key()))
            m_settings.remove(one.key());
    }
    m_known = now;
}

void ColumnArrangement::applyHidden()
{
    const QScopedValueRollback guard(m_applying, true);
    for (const FleetColumn &column : fleetColumns())
        m_header.setSectionHidden(int(column.id),
                                  m_hidden[size_t(column.id)] || m_aside[size_t(column.id)] || isEmpty(column.id));
}

void ColumnArrangement::applyWidths()
{
    for (const FleetColumn &column : fleetColumns()) {
        if (column.id == FleetColumnId::Strip || m_header.isSectionHidden(int(column.id)))
            continue;
        const int width = m_shortened[size_t(column.id)] ? shortWidth(column.id) : fullWidth(column.id);
        m_header.resizeSection(int(column.id), qMax(width, m_header.minimumSectionSize()));
    }
}

/// The columns of actors, empty in the rows of workers, go first; then what says least, or is said elsewhere.
const std::array<ColumnArrangement::Step, 16> &ColumnArrangement::stepsAside()
{
    static const std::array<Step, 16> steps{{
        {FleetColumnId::Version, true},
        {FleetColumnId::Registered, true},
        {FleetColumnId::Expires, true},
        {FleetColumnId::Capabilities, true},
        {FleetColumnId::Interval, false},
        {FleetColumnId::TtlLeft, false},
        {FleetColumnId::Sessions, false},
        {FleetColumnId::System, true}, // Where headings say it, or all rows are of one; else last.
        {FleetColumnId::Source, true},
        {FleetColumnId::Interval, true},
        {FleetColumnId::Queues, true},
        {FleetColumnId::HostName, true},
        {FleetColumnId::Worker, false},
        {FleetColumnId::Command, true},
        {FleetColumnId::Type, true},
        {FleetColumnId::System, true},
    }};
    return steps;
}

int ColumnArrangement::fullWidth(FleetColumnId id) const
{
    return m_widths[size_t(id)] > 0 ? m_widths[size_t(id)] : defaultWidth(fleetColumn(id));
}

int ColumnArrangement::shortWidth(FleetColumnId id) const
{
    const Theme &theme = Theme::instance();
    const QFontMetrics body(theme.bodyFont());
    const QFontMetrics small(theme.smallFont());
    int content = 0;
    switch (id) {
    case FleetColumnId::Interval:
        content = body.horizontalAdvance(u"100.02"_s);
        break;
    case FleetColumnId::TtlLeft:
        content = qMax(body.horizontalAdvance(u"100.0 s"_s), small.horizontalAdvance(tr("expired")));
        break;
    case FleetColumnId::Sessions:
        content = body.horizontalAdvance(m_systems.others ? u"10 of 10"_s : u"1,888"_s); // untranslated: for its width
        break;
    case FleetColumnId::Worker:
        // An actor's address has no short form.
        content = QFontMetrics(theme.idFont()).horizontalAdvance(m_hubs ? u"@(browser/widget-0"_s : u"00000000"_s);
        break;
    default:
        return fullWidth(id);
    }
    const int title = small.horizontalAdvance(fleetColumn(id).name()) + px(18);
    return qMin(fullWidth(id), qMax(title, content + px(16) + 1));
}

int ColumnArrangement::takeSteps(int viewWidth, std::array<bool, columnCount> &aside,
                                 std::array<bool, columnCount> &shortened) const
{
    int needed = 0;
    for (const FleetColumn &column : fleetColumns()) {
        if (column.id != FleetColumnId::Strip && !m_hidden[size_t(column.id)] && !isEmpty(column.id))
            needed += qMax(fullWidth(column.id), m_header.minimumSectionSize());
    }
    const bool strip = !m_hidden[size_t(FleetColumnId::Strip)];
    bool systemStays = m_systems.several && !m_systems.grouped;
    for (const auto &[id, whole] : stepsAside()) {
        if (m_hidden[size_t(id)] || isEmpty(id) || aside[size_t(id)] || (isOfActors(id) && m_actorsChosen)
            || (isOfSystems(id) && m_systemsChosen))
            continue;
        if (id == FleetColumnId::System && std::exchange(systemStays, false))
            continue; // It says what no heading says: all else goes before it.
        // The columns of actors stand only where the strip keeps more than its floor.
        const int floor = strip ? px(isOfActors(id) ? 300 : stripFloor) : 0;
        if (needed + floor <= viewWidth)
            continue;
        const int now = shortened[size_t(id)] ? shortWidth(id) : fullWidth(id);
        needed -= whole ? now : now - shortWidth(id);
        aside[size_t(id)] = whole;
        shortened[size_t(id)] = shortened[size_t(id)] || !whole;
    }
    return needed;
}

int ColumnArrangement::leastViewWidth() const
{
    std::array<bool, columnCount> aside{};
    std::array<bool, columnCount> shortened{};
    return takeSteps(0, aside, shortened) + (m_hidden[size_t(FleetColumnId::Strip)] ? 0 : px(stripFloor));
}

void ColumnArrangement::fit(int viewWidth)
{
    const QScopedValueRollback guard(m_applying, true);
    m_viewWidth = viewWidth;
    m_narrow = viewWidth > 0 && viewWidth < px(860); // Before widths are asked: they depend on it.
    std::array<bool, columnCount> aside{};
    std::array<bool, columnCount> shortened{};
    if (viewWidth > 0)
        takeSteps(viewWidth, aside, shortened);
    m_shortened = shortened;
    if (aside != m_aside) {
        m_aside = aside;
        applyHidden();
    }
    applyWidths();
    const int strip = int(FleetColumnId::Strip);
    if (m_header.isSectionHidden(strip) || viewWidth <= 0)
        return;
    int others = 0;
    for (int i = 0; i < m_header.count(); ++i) {
        if (i != strip && !m_header.isSectionHidden(i))
            others += m_header.sectionSize(i);
    }
    // Where nothing is left to give way: no text is in it, so with large letters its floor need not grow as they do. Below that
    // one that has to be scrolled to says more than one too short to be read.
    m_header.resizeSection(strip, qMax(qMin(stripFloor, px(stripFloor)), viewWidth - others));
}

void ColumnArrangement::showActorColumns()
{
    for (const FleetColumn &column : fleetColumns()) {
        if (isOfActors(column.id))
            m_hidden[size_t(column.id)] = !m_hubs;
    }
}

void ColumnArrangement::showSystemColumns()
{
    m_hidden[size_t(FleetColumnId::System)] = m_hidden[size_t(FleetColumnId::HostName)] = !m_systems.others;
    m_hidden[size_t(FleetColumnId::Queues)] = !m_systems.queues;
}

void ColumnArrangement::setSystems(const Systems &systems)
{
    if (m_systems == systems)
        return;
    m_systems = systems;
    if (!m_systemsChosen)
        showSystemColumns();
    applyHidden();
    fit(m_viewWidth);
    emit changed();
}

void ColumnArrangement::setGroupedBySystem(bool grouped)
{
    Systems systems = m_systems;
    systems.grouped = grouped;
    setSystems(systems);
}

void ColumnArrangement::setSourceNames(const QStringList &names)
{
    if (m_sourceNames == names)
        return;
    m_sourceNames = names;
    fit(m_viewWidth);
}

void ColumnArrangement::setHubs(bool hubs)
{
    if (m_hubs == hubs)
        return;
    m_hubs = hubs;
    if (m_actorsChosen)
        return;
    showActorColumns();
    applyHidden();
    fit(m_viewWidth);
    emit changed();
}

void ColumnArrangement::setShown(FleetColumnId id, bool shown)
{
    if (isShown(id) == shown)
        return;
    m_hidden[size_t(id)] = !shown;
    m_actorsChosen = m_actorsChosen || isOfActors(id);
    m_systemsChosen = m_systemsChosen || isOfSystems(id);
    applyHidden();
    fit(m_viewWidth);
    saveSoon();
}

void ColumnArrangement::reset()
{
    {
        const QScopedValueRollback guard(m_applying, true);
        for (const FleetColumn &column : fleetColumns()) {
            m_hidden[size_t(column.id)] = column.hidden;
            m_widths[size_t(column.id)] = 0;
        }
        applyDefaultOrder();
        m_actorsChosen = m_systemsChosen = false;
        showActorColumns();
        showSystemColumns();
        applyHidden();
    }
    fit(m_viewWidth);
    saveSoon();
}

std::vector<int> ColumnArrangement::shownColumns() const
{
    std::vector<int> columns;
    for (int visual = 0; visual < m_header.count(); ++visual) {
        const int logical = m_header.logicalIndex(visual);
        if (!m_header.isSectionHidden(logical))
            columns.push_back(logical);
    }
    return columns;
}

void ColumnArrangement::fillMenu(QMenu &menu)
{
    for (const FleetColumn &column : fleetColumns()) {
        QAction *action = menu.addAction(isEmpty(column.id)   ? tr("%1 (nothing to show)", "a column").arg(column.name())
                                         : isAside(column.id) ? tr("%1 (no room)").arg(column.name())
                                                              : column.name());
        action->setToolTip(column.description());
        action->setCheckable(true);
        action->setChecked(isShown(column.id));
        // Without these two a row would not say which worker it is.
        action->setEnabled(column.id != FleetColumnId::State && column.id != FleetColumnId::Worker);
        connect(action, &QAction::toggled, this, [this, id = column.id](bool on) { setShown(id, on); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Reset Columns")), &QAction::triggered, this, &ColumnArrangement::reset);
}

} // namespace pulsedeck
