// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/statusstrip.h"

#include "models/commands/writeaccess.h"
#include "models/hub/hubdesk.h"
#include "ui/fleet/fleetwords.h"
#include "ui/sources/sourcewords.h"
#include "ui/theme/theme.h"
#include "ui/window/statuscell.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int narrowestCell = 92; ///< Of a source, in the design's pixels: its mark and some of its name.

} // namespace

StatusStrip::StatusStrip(FleetStore &store, SourceListModel &sources, WriteAccess &access, const Clock &clock,
                         HubDesk *hubs, QWidget *parent)
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
    m_time->setToolTip(tr("Universal time by this computer's clock"));
    m_lock->setObjectName(u"lockCell"_s);
    connect(m_lock, &StatusCell::clicked, this, &StatusStrip::lockClicked);
    m_skew->setGlyph(Glyph::ClockSkew);
    m_skew->setToolTip(tr("Clocks of the workers against the clock of their source. Liveness does not depend on them.\n"
                          "A click shows the workers that are more than a second off."));
    m_skew->hide();
    connect(m_more, &StatusCell::clicked, this, &StatusStrip::moreClicked);
    connect(m_skew, &StatusCell::clicked, this, &StatusStrip::skewClicked);

    connect(&store, &FleetStore::sourceChanged, this, &StatusStrip::refreshCellOf);
    if (hubs)
        connect(hubs, &HubDesk::viewChanged, this, &StatusStrip::refreshCellOf);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&sources, signal, this, &StatusStrip::refresh);
    connect(&sources, &QAbstractItemModel::modelReset, this, &StatusStrip::refresh);
    connect(&sources, &QAbstractItemModel::dataChanged, this, &StatusStrip::refresh);
    refresh();
}

void StatusStrip::setSkew(const SkewSummary &skew)
{
    m_skewKnown = skew.known > 0;
    QString rest = offsetText(skew.median) + u" median"_s;
    if (skew.beyond == 1)
        rest += u" · 1 worker "_s + offsetText(skew.worst);
    else if (skew.beyond > 1)
        rest += u" · "_s + groupedNumber(skew.beyond) + u" workers > 1 s, worst "_s + offsetText(skew.worst);
    m_skew->setTexts({}, u"clock skew "_s + rest);
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
    if (row < 0 || size_t(row) >= m_cells.size())
        return;
    refreshSource(size_t(row), source);
    place();
}

void StatusStrip::refreshSource(size_t cell, SourceId source)
{
    const qint64 now = m_clock.nowMs();
    const SourceSettings settings = m_sources.settings(source);
    SourceStatus status = m_store.sourceStatus(source);
    status.kind = settings.kind;
    const HubView *view = m_hubs && settings.isHub() ? &m_hubs->view(source) : nullptr;
    m_cells[cell]->setGlyph(sourceGlyph(status));
    m_cells[cell]->setTexts(settings.name, sourceCellText(settings, status, now, view), isTrouble(status));
    m_cells[cell]->setToolTip(
        QString(sourceToolTip(settings, status, now, view) + u'\n' + writingSentence(settings, status, m_access)));
}

void StatusStrip::refreshLock()
{
    const auto &all = m_sources.all();
    const auto demos = std::count_if(all.begin(), all.end(), [](const SourceSettings &settings) { return settings.demo; });
    m_lock->setInteractive(!m_access.isForbidden());
    m_lock->setGlyph(m_access.isUnlocked() ? Glyph::Unlock : Glyph::Lock);
    if (m_access.isForbidden()) {
        m_lock->setTexts(tr("Read-only"), tr("by --read-only"));
        m_lock->setToolTip(tr("Started with --read-only: nothing is written to any source, and nothing unlocks it."));
    } else if (!m_access.isUnlocked()) {
        // The demo is always open: to say read-only of it alone would be wrong.
        const bool onlyDemo = demos > 0 && demos == qsizetype(all.size());
        m_lock->setTexts(onlyDemo ? tr("Write access") : tr("Read-only"),
                         onlyDemo ? tr("demo fleet") : demos > 0 ? tr("demo fleet open") : QString());
        if (onlyDemo)
            m_lock->setGlyph(Glyph::Unlock);
        m_lock->setToolTip(demos > 0 ? tr("The demo fleet can always be commanded; every other source is locked.\n"
                                          "A click or Ctrl+L unlocks them for 5 min.")
                                     : tr("Writing is locked: nothing is written to any source.\n"
                                          "A click or Ctrl+L unlocks it for 5 min."));
    } else if (m_access.isHeld()) {
        m_lock->setTexts(tr("Write access"), tr("held by a rolling shutdown"));
        m_lock->setToolTip(tr("It stays open until the rolling shutdown has ended or is paused. A click or Ctrl+L locks it now."));
    } else {
        m_lock->setTexts(tr("Write access"), tr("locks in %1").arg(countText(m_access.msLeft())));
        m_lock->setToolTip(tr("Commands can be given. Each one starts the 5 min anew. A click or Ctrl+L locks it now."));
    }
}

void StatusStrip::refresh()
{
    const auto &all = m_sources.all();
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
    for (size_t row = 0; row < all.size(); ++row)
        refreshSource(row, all[row].id);
    refreshLock();
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC);
    m_time->setTexts({}, time.toString(u"HH:mm:ss"_s) + u" UTC"_s);
    place();
}

void StatusStrip::resizeEvent(QResizeEvent *event)
{
    Band::resizeEvent(event);
    place();
}

void StatusStrip::place()
{
    const QRect area = contentsRect();
    const auto put = [&area](StatusCell *cell, int x, int width) {
        cell->setGeometry(x, area.y(), width, area.height());
        cell->show();
    };

    // The right side first: it is short, and what it says has no other place. Skew gives way where it is narrow.
    int right = area.right() + 1;
    for (StatusCell *cell : {m_lock, m_time}) {
        right -= cell->naturalWidth();
        put(cell, right, cell->naturalWidth());
    }
    int wanted = 0;
    for (const StatusCell *cell : m_cells)
        wanted += cell->naturalWidth();
    const int narrow = Theme::instance().scaled(narrowestCell);
    // Trouble is told whole before the rest has its room, and before the skew.
    int least = 0;
    for (const StatusCell *cell : m_cells)
        least += cell->isAlarm() ? cell->naturalWidth() : narrow * 2;
    const bool skewFits = m_skewKnown && right - m_skew->naturalWidth() >= qMin(wanted, least);
    m_skew->setVisible(skewFits);
    if (skewFits) {
        right -= m_skew->naturalWidth();
        put(m_skew, right, m_skew->naturalWidth());
    }

    m_none->setVisible(m_cells.empty());
    m_more->hide();
    if (m_cells.empty()) {
        put(m_none, area.x(), qMin(m_none->naturalWidth(), right));
        return;
    }
    int room = right - area.x() + 1; // Where the last cell meets the right side one line parts them, not two.
    size_t shown = m_cells.size();
    if (wanted > room && int(shown) * narrow > room) {
        const int moreWidth = narrow;
        shown = size_t(std::max(1, (room - moreWidth) / narrow));
        m_more->setTexts({}, u"+ "_s + QString::number(m_cells.size() - shown) + u" more"_s);
        room -= qMin(moreWidth, m_more->naturalWidth());
    }
    std::vector<int> widths(shown);
    std::vector<size_t> alarms;
    std::vector<size_t> others;
    int kept = 0; // For the marks and names of those that are well.
    for (size_t i = 0; i < shown; ++i) {
        (m_cells[i]->isAlarm() ? alarms : others).push_back(i);
        if (!m_cells[i]->isAlarm())
            kept += std::min(narrow, m_cells[i]->naturalWidth());
    }
    // Who needs less than an even share gives the rest to the others. Tells what is left.
    const auto divide = [&](std::vector<size_t> &cells, int left) {
        std::sort(cells.begin(), cells.end(),
                  [this](size_t a, size_t b) { return m_cells[a]->naturalWidth() < m_cells[b]->naturalWidth(); });
        for (size_t i = 0; i < cells.size(); ++i) {
            const int share = left / int(cells.size() - i);
            widths[cells[i]] = std::min(share, m_cells[cells[i]]->naturalWidth());
            left -= widths[cells[i]];
        }
        return left;
    };
    divide(others, divide(alarms, std::max(0, room - kept)) + std::min(kept, room));
    int x = area.x();
    for (size_t i = 0; i < m_cells.size(); ++i) {
        if (i >= shown) {
            m_cells[i]->hide();
            continue;
        }
        put(m_cells[i], x, widths[i]);
        x += widths[i];
    }
    if (shown < m_cells.size())
        put(m_more, x, qMin(m_more->naturalWidth(), right - x));
}

} // namespace pulsedeck
