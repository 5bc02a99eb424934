// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/statusstrip.h"

#include "models/commands/writeaccess.h"
#include "models/core/format.h"
#include "models/hub/hubstore.h"
#include "ui/common/fleetwords.h"
#include "ui/common/hubsourcewords.h"
#include "ui/common/sourcewords.h"
#include "ui/common/unlockquestion.h"
#include "ui/theme/theme.h"
#include "ui/window/statuscell.h"

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int spareRoom = 24; ///< In the design's pixels: more than what changes each second comes to.
constexpr int mostListed = 12; ///< Sources in one tool tip.

/// Smaller is worse.
int severityOf(const SourceStatus &status)
{
    switch (status.state) {
    case SourceState::Failed:
        return 0;
    case SourceState::Waiting:
    case SourceState::Stalled:
        return 1;
    case SourceState::Connecting:
    case SourceState::Loading:
        return 3;
    default:
        return isTrouble(status) ? 2 : 4;
    }
}

} // namespace

StatusStrip::StatusStrip(FleetStore &store, SourceListModel &sources, WriteAccess &access, const Clock &clock, HubStore *hubs,
                         QWidget *parent)
    : Band(Qt::TopEdge, Ground::Chrome, parent)
    , m_store(store)
    , m_sources(sources)
    , m_access(access)
    , m_clock(clock)
    , m_hubs(hubs)
    , m_none(new StatusCell(StatusCell::Edge::Right, this))
    , m_more(new StatusCell(StatusCell::Edge::Right, this))
    , m_skew(new StatusCell(StatusCell::Edge::Left, this))
    , m_time(new StatusCell(StatusCell::Edge::Left, this))
    , m_lock(new StatusCell(StatusCell::Edge::Left, this))
{
    setObjectName(u"statusStrip"_s);
    setAccessibleName(tr("Status bar"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_none->setInteractive(false);
    m_none->setGlyph(Glyph::Off);
    m_none->setTexts({}, tr("no connection"));
    m_time->setInteractive(false);
    m_time->setToolTip(
        tr("The time by this computer's clock.\nThe menu View, Times changes the zone in which all times are shown."));
    m_time->setObjectName(u"timeCell"_s);
    m_lock->setObjectName(u"lockCell"_s);
    connect(m_lock, &StatusCell::clicked, this, &StatusStrip::lockClicked);
    m_skew->setGlyph(Glyph::ClockSkew);
    m_skew->setToolTip(tr("Clocks of the workers compared with the clock of their source. Liveness does not depend on them.\n"
                          "Click to show the workers that are more than a second off."));
    m_skew->hide();
    m_more->setObjectName(u"moreSources"_s);
    m_more->hide();
    connect(m_more, &StatusCell::clicked, this, &StatusStrip::moreClicked);
    connect(m_skew, &StatusCell::clicked, this, &StatusStrip::skewClicked);

    connect(&store, &FleetStore::sourceChanged, this, &StatusStrip::refreshCellOf);
    if (hubs)
        connect(hubs, &HubStore::viewChanged, this, &StatusStrip::refreshCellOf);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&sources, signal, this, &StatusStrip::refresh);
    connect(&sources, &QAbstractItemModel::modelReset, this, &StatusStrip::refresh);
    connect(&sources, &QAbstractItemModel::dataChanged, this, &StatusStrip::refresh);
    refresh();
}

void StatusStrip::setSkew(const SkewSummary &skew)
{
    m_skewKnown = skew.known > 0;
    const QString median = tr("clock skew %1 median").arg(offsetText(skew.median));
    m_skew->setTexts({},
                     skew.beyond == 0 ? median
                     : skew.beyond == 1
                         ? tr("%1 · 1 worker %2").arg(median, offsetText(skew.worst))
                         : tr("%1 · %Ln worker(s) > 1 s, worst %2", nullptr, skew.beyond).arg(median, offsetText(skew.worst)));
    m_skew->setGlyph(skew.beyond > 0 ? Glyph::ClockSkew : Glyph::Ok);
    place();
}

QSize StatusStrip::sizeHint() const
{
    return {400, m_lock->sizeHint().height() + 1};
}

void StatusStrip::refreshCellOf(SourceId source)
{
    const int row = m_sources.rowOf(source);
    if (row < 0 || size_t(row) >= m_cells.size() || window()->isMinimized())
        return;
    refreshSource(size_t(row), source);
    place();
}

void StatusStrip::refreshSource(size_t cell, SourceId source)
{
    const qint64 now = m_clock.nowMs();
    const SourceSettings settings = m_sources.settings(source);
    const SourceStatus status = m_store.sourceStatus(source);
    const HubView *view = m_hubs && m_hubs->has(source) ? &m_hubs->view(source) : nullptr;
    m_cells[cell]->setGlyph(sourceGlyph(status));
    m_cells[cell]->setEnvironment(settings.environment);
    m_cells[cell]->setTexts(settings.name, sourceCellText(settings, status, now, view), isTrouble(status));
    m_cells[cell]->setBrief(sourceShortState(status));
    m_ranks[cell] = severityOf(status);
    QString toolTip = sourceToolTip(settings, status, now, view);
    if (view && status.isConnected())
        toolTip += u'\n' + hubHealthLine(m_hubs->figures(source).health(), m_hubs->figures(source).healthAt(), now);
    m_cells[cell]->setToolTip(QString(toolTip + u'\n' + writingSentence(settings, status, m_access)));
}

void StatusStrip::setPast(const QString &why)
{
    m_past = why;
    refreshLock();
}

void StatusStrip::refreshLock()
{
    if (!m_past.isEmpty()) {
        m_lock->setInteractive(false);
        m_lock->setGlyph(Glyph::Lock);
        m_lock->setTexts(tr("Read-only"), tr("the past"));
        m_lock->setToolTip(m_past);
        return;
    }
    const auto &all = m_sources.all();
    const auto demos = std::count_if(all.begin(), all.end(), [](const SourceSettings &settings) { return settings.demo; });
    const bool canUnlock = UnlockQuestion::canUnlock(m_access, m_sources);
    m_lock->setInteractive(m_access.isUnlocked() || canUnlock);
    m_lock->setGlyph(m_access.isUnlocked() ? Glyph::Unlock : Glyph::Lock);
    SourceEnvironment gravest = SourceEnvironment::None;
    QStringList open;
    for (const SourceId source : m_access.unlocked()) {
        const SourceSettings settings = m_sources.settings(source);
        gravest = qMax(gravest, settings.environment);
        open.append(settings.name);
    }
    m_lock->setEnvironment(gravest);
    if (m_access.isForbidden()) {
        m_lock->setTexts(tr("Read-only"), tr("by --read-only"));
        m_lock->setToolTip(tr("Started with --read-only: nothing is written to any source, and writing cannot be unlocked."));
    } else if (!m_access.isUnlocked()) {
        // The demo is always open, so that “read-only” would be wrong for it alone.
        const bool onlyDemo = demos > 0 && demos == qsizetype(all.size());
        m_lock->setTexts(onlyDemo    ? tr("Write access")
                         : canUnlock ? tr("Writing locked")
                                     : tr("Read-only"),
                         onlyDemo    ? tr("demo fleet")
                         : demos > 0 ? tr("demo fleet open")
                                     : QString());
        if (onlyDemo)
            m_lock->setGlyph(Glyph::Unlock);
        if (onlyDemo)
            m_lock->setToolTip(tr("The demo fleet can always be commanded: there is nothing to unlock."));
        else if (!canUnlock)
            m_lock->setToolTip(all.empty() ? tr("There is no source to write to yet.")
                                           : tr("Every source is set to read-only and cannot be unlocked."));
        else
            m_lock->setToolTip(demos > 0 ? tr("The demo fleet can always be commanded; every other source is locked.\n"
                                              "Click or press Ctrl+L to unlock them for 5 min.")
                                         : tr("Writing is locked: nothing is written to any source.\n"
                                              "Click or press Ctrl+L to unlock it for 5 min."));
    } else {
        // With its name, so that a source that was not meant is noticed.
        const QString which = open.size() == 1 ? open.constFirst() : tr("%Ln source(s)", nullptr, int(open.size()));
        const qint64 left = m_access.msLeft();
        m_lock->setTexts(tr("Writing open"), left < 0 ? tr("%1 · held by a rolling shutdown").arg(which)
                                                      : tr("%1 · locks in %2").arg(which, countText(left)));
        QStringList lines;
        for (const SourceId source : m_access.unlocked()) {
            const SourceSettings settings = m_sources.settings(source);
            QStringList facts{settings.name};
            if (settings.environment != SourceEnvironment::None)
                facts.append(environmentText(settings.environment));
            if (m_access.isHeld(source))
                facts.append(tr("held open by a rolling shutdown"));
            lines.append(facts.join(u", "_s));
        }
        lines.append(tr("Commands can be issued there. Each one starts the 5 min of its source again. Click or press Ctrl+L to "
                        "lock all now."));
        m_lock->setToolTip(lines.join(u'\n'));
    }
}

void StatusStrip::refresh()
{
    if (window()->isMinimized())
        return; // The window calls this again when it is shown.
    const auto &all = m_sources.all();
    if (m_cells.size() != all.size()) {
        m_shown.clear();
        m_fresh = true;
    }
    while (m_cells.size() > all.size()) {
        delete m_cells.back();
        m_cells.pop_back();
    }
    while (m_cells.size() < all.size()) {
        auto *cell = new StatusCell(StatusCell::Edge::Right, this);
        const size_t row = m_cells.size();
        connect(cell, &StatusCell::clicked, this, [this, row] { emit sourceClicked(m_sources.idAt(int(row))); });
        m_cells.push_back(cell);
    }
    m_ranks.resize(m_cells.size());
    for (size_t row = 0; row < all.size(); ++row)
        refreshSource(row, all[row].id);
    refreshLock();
    const qint64 wall = m_clock.wallNowMs();
    m_time->setTexts({}, QString(wallClockText(wall) + u' ' + zoneText(wall)));
    place();
}

void StatusStrip::resizeEvent(QResizeEvent *event)
{
    Band::resizeEvent(event);
    m_fresh = true;
    place();
}

/// Which cells come first where there is not room for all: the worst, and of equal ones the first.
std::vector<size_t> StatusStrip::byRank() const
{
    std::vector<size_t> order(m_cells.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(), [this](size_t a, size_t b) { return m_ranks[a] < m_ranks[b]; });
    return order;
}

/// Gives each cell the longest form there is room for, the worst first. \a order gets those that are shown, in their order.
/// Returns the room that is left.
int StatusStrip::divide(int room, std::vector<size_t> &order)
{
    using Form = StatusCell::Form;
    order = byRank();
    const int spare = m_fresh ? 0 : px(spareRoom);
    std::vector<Form> before;
    for (const StatusCell *cell : m_cells)
        before.push_back(cell->form());
    const auto wasShown = [this](size_t i) { return m_fresh || std::find(m_shown.begin(), m_shown.end(), i) != m_shown.end(); };
    const bool allWereShown = m_fresh || m_shown.size() == m_cells.size();
    const bool skewWasShown = m_fresh || !m_skew->isHidden();
    // A cell in trouble always has a word; the others at least have their mark.
    const auto least = [this](size_t i) { return m_cells[i]->isAlarm() ? Form::Brief : Form::Name; };
    const auto width = [this](size_t i) { return m_cells[i]->widthOf(m_cells[i]->form()); };
    int needed = 0;
    for (const size_t i : order) {
        m_cells[i]->setForm(least(i));
        needed += width(i);
    }
    if (needed + (allWereShown ? 0 : spare) > room) {
        describeMore(order);
        room -= m_more->naturalWidth();
        while (order.size() > 1 && needed + (wasShown(order.back()) ? 0 : spare) > room) {
            needed -= width(order.back());
            order.pop_back();
        }
        describeMore(order);
    }
    if (order.size() == m_cells.size())
        std::sort(order.begin(), order.end()); // All are shown: each keeps its place.
    int left = room - needed;
    const auto extend = [&](bool alarms, Form form) {
        for (const size_t i : byRank()) {
            StatusCell *cell = m_cells[i];
            if (cell->isAlarm() != alarms || std::find(order.begin(), order.end(), i) == order.end())
                continue;
            const int more = cell->widthOf(form) - cell->widthOf(cell->form());
            const bool saidLess = before[i] > form || !wasShown(i); // The forms count from the longest.
            if (more + (saidLess ? spare : 0) > left)
                continue;
            cell->setForm(form);
            left -= more;
        }
    };
    extend(true, Form::Full);
    extend(false, Form::Brief);
    // The skew comes before the details of sources without trouble.
    m_skew->setVisible(m_skewKnown && m_skew->naturalWidth() + (skewWasShown ? 0 : spare) <= left);
    if (!m_skew->isHidden())
        left -= m_skew->naturalWidth();
    extend(false, Form::Full);
    return left;
}

/// The sources behind "+3 more": all that are not in \a shown.
void StatusStrip::describeMore(const std::vector<size_t> &shown)
{
    QStringList lines;
    bool alarm = false;
    int hidden = 0;
    for (const size_t i : byRank()) {
        if (std::find(shown.begin(), shown.end(), i) != shown.end())
            continue;
        ++hidden;
        alarm = alarm || m_cells[i]->isAlarm();
        if (hidden <= mostListed)
            lines << m_cells[i]->accessibleName();
    }
    if (hidden > mostListed)
        lines << tr("and %1 more").arg(hidden - mostListed);
    lines << tr("Click to show all of them.");
    // While none is hidden yet: its greatest possible width.
    const int number = hidden > 0 ? hidden : int(m_cells.size());
    if (hidden == 0)
        alarm = std::any_of(m_cells.begin(), m_cells.end(), [](const StatusCell *cell) { return cell->isAlarm(); });
    m_more->setGlyph(alarm ? std::optional(Glyph::Warning) : std::nullopt);
    m_more->setTexts({}, tr("+%1 more").arg(number));
    m_more->setToolTip(lines.join(u'\n'));
}

void StatusStrip::place()
{
    if (window()->isMinimized())
        return; // The window asks for it again when it is seen.
    const QRect area = contentsRect();
    const auto put = [&area](StatusCell *cell, int x, int width) {
        cell->setGeometry(x, area.y(), width, area.height());
        cell->show();
    };

    // The right side first: it is short, and is not shown anywhere else.
    int right = area.right() + 1;
    for (StatusCell *cell : {m_lock, m_time}) {
        right -= cell->naturalWidth();
        put(cell, right, cell->naturalWidth());
    }
    m_none->setVisible(m_cells.empty());
    std::vector<size_t> shown;
    divide(right - area.x() + 1, shown); // Where the last cell meets the right side one line parts them, not two.
    if (!m_skew->isHidden()) {
        right -= m_skew->naturalWidth();
        put(m_skew, right, m_skew->naturalWidth());
    }
    if (m_cells.empty()) {
        m_more->hide();
        put(m_none, area.x(), qMin(m_none->naturalWidth(), right));
        return;
    }
    int x = area.x();
    for (const size_t i : shown) {
        const int width = qMin(m_cells[i]->widthOf(m_cells[i]->form()), right + 1 - x);
        put(m_cells[i], x, width);
        x += width;
    }
    for (size_t i = 0; i < m_cells.size(); ++i) {
        if (std::find(shown.begin(), shown.end(), i) == shown.end())
            m_cells[i]->hide();
    }
    m_fresh = false;
    const bool all = shown.size() == m_cells.size();
    if (all)
        m_more->hide();
    else
        put(m_more, x, qMin(m_more->naturalWidth(), right + 1 - x));
    if (shown != m_shown) {
        // The keyboard goes from left to right.
        m_shown = shown;
        QWidget *before = nullptr;
        for (const size_t i : shown) {
            if (before)
                setTabOrder(before, m_cells[i]);
            before = m_cells[i];
        }
        for (QWidget *next : {m_more, m_skew, m_time, m_lock}) {
            if (before)
                setTabOrder(before, next);
            before = next;
        }
    }
}

} // namespace pulsedeck
