// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/travelpages.h"

#include "models/core/format.h"
#include "ui/common/emptynote.h"
#include "ui/common/workerlist.h"
#include "ui/fleet/fleetpage.h"
#include "ui/queues/queuespage.h"
#include "ui/window/presentonlypage.h"
#include "ui/window/statusstrip.h"

#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TravelPages::TravelPages(TimeTravel &travel, QStackedWidget &stack, FleetPage &fleet, const TimingContext &timing,
                         QObject *parent)
    : QObject(parent)
    , m_travel(travel)
    , m_stack(stack)
    , m_live(fleet)
    , m_access(travel.fleet().store(), travel.fleet().sources(), travel.fleet().clock())
    , m_pastTiming(travel, timing, m_access)
    , m_fleet(new FleetPage(travel.fleet().store(), travel.fleet().sources(), timing.settings, &stack))
    , m_queues(new QueuesPage(travel.fleet().store(), travel.fleet().sources(), timing.settings, &stack))
    , m_timing(m_pastTiming.makePage(&stack))
    , m_status(new StatusStrip(travel.fleet().store(), travel.fleet().sources(), m_access, travel.fleet().clock(), nullptr,
                               stack.parentWidget()))
{
    m_access.setForbidden(true);
    m_made.emplace_back(m_status);
    m_fleet->setObjectName(u"pastFleet"_s);
    m_fleet->setPast({Glyph::Timeline, tr("Nothing is known of that moment"),
                      tr("No worker was recorded then. The Timeline shows which times were recorded.")});
    m_queues->setObjectName(u"pastQueues"_s);
    m_queues->setPast();
    addStandIn(u"fleet"_s, m_fleet);
    addStandIn(u"queues"_s, m_queues);
    addStandIn(u"timing"_s, m_timing);
    connectPair(m_live, *m_fleet, true);
    connectPair(*m_fleet, m_live, false);
    m_travel.setSeen([this] { return m_fleet->isVisible() ? m_fleet->seenWorkers() : std::vector<WorkerHandle>(); });
    m_travel.setQueuesSeen([this] { return m_queues->isVisible(); });
    connect(&m_travel, &TimeTravel::shown, this, &TravelPages::reviewLines);
    connect(m_fleet, &FleetPage::selectionChanged, this, &TravelPages::reviewSeen);
    // Rows come into sight by scrolling, ordering and folding: looking now and then costs next to nothing.
    auto *look = new QTimer(this);
    look->setInterval(250);
    connect(look, &QTimer::timeout, this, &TravelPages::reviewSeen);
    connect(look, &QTimer::timeout, &m_travel, &TimeTravel::reviewLines);
    connect(&m_travel, &TimeTravel::awayChanged, look, [look](bool away) {
        if (away)
            look->start();
        else
            look->stop();
    });
    look->start();
    reviewLines();
}

TravelPages::~TravelPages()
{
    m_travel.setSeen({});
    m_travel.setQueuesSeen({});
    m_stack.hide(); // Else it would show each that is left when one goes, and that would begin to read.
    // Before the store they look at; unless the window was faster.
    for (const QPointer<QWidget> &each : m_made)
        delete each;
}

void TravelPages::addStandIn(const QString &name, Page *page)
{
    m_standIns[name] = page;
    m_made.emplace_back(page);
    m_stack.addWidget(page);
}

void TravelPages::addPresentOnly(const Page &page, const QString &why)
{
    auto *standIn = new PresentOnlyPage(page, why, m_travel.hasNow(), &m_stack);
    connect(standIn, &PresentOnlyPage::backRequested, &m_travel, &TimeTravel::backToNow);
    addStandIn(page.name(), standIn);
}

Page *TravelPages::standInFor(const Page &page) const
{
    const auto found = m_standIns.find(page.name());
    return found == m_standIns.end() ? nullptr : found->second;
}

void TravelPages::reviewSeen()
{
    m_travel.reviewSeen();
}

/// Of very many queues only the first have lines that go back for hours.
void TravelPages::reviewLines()
{
    const PastFleet &then = m_travel.fleet();
    QString text;
    if (then.queuesWithoutLines() > 0)
        text = tr("Lines beyond %1 for %2 of %3 queues", "a time; how many of how many")
                   .arg(spanText(PastFleet::beatsOverMs), groupedNumber(qint64(PastFleet::mostLines)),
                        groupedNumber(qint64(then.queueLanes().size())));
    m_queues->setLinesNote(text);
}

WorkerHandle TravelPages::pastOf(WorkerHandle live) const
{
    const FleetStore &store = m_live.model().store();
    if (live == noWorker || int(live) >= store.capacity() || !store.worker(live).used)
        return noWorker;
    const Worker &worker = store.worker(live);
    return m_travel.fleet().find(store.sourceName(worker.source), worker.id, worker.traits->layout);
}

WorkerHandle TravelPages::liveOf(WorkerHandle past) const
{
    const FleetStore &then = m_travel.fleet().store();
    if (past == noWorker || int(past) >= then.capacity() || !then.worker(past).used)
        return noWorker;
    const FleetStore &store = m_live.model().store();
    for (const SourceId source : store.sources()) {
        if (store.sourceName(source) != then.sourceName(then.worker(past).source))
            continue;
        const Worker &worker = then.worker(past);
        if (const WorkerHandle found = store.find(source, worker.id, worker.traits->layout); found != noWorker)
            return found;
    }
    return noWorker;
}

/// What is chosen on one of the two pages is chosen on the other.
void TravelPages::connectPair(FleetPage &from, FleetPage &to, bool toPast)
{
    connect(&from, &FleetPage::filterChanged, this, [this, &to](const QString &text) {
        if (!m_travel.isAway() || m_passing)
            return;
        const QScopedValueRollback passing(m_passing, true);
        to.setFilterText(text);
    });
    connect(&from.list(), &WorkerList::groupingChanged, this, [this, &from, &to] {
        if (!m_travel.isAway() || m_passing)
            return;
        const QScopedValueRollback passing(m_passing, true);
        to.list().setGrouping(from.list().rows().grouping());
    });
    connect(&from, &FleetPage::selectionChanged, this, [this, &from, &to, toPast] {
        if (!m_travel.isAway() || m_passing)
            return;
        const QScopedValueRollback passing(m_passing, true);
        const WorkerHandle current = from.currentWorker();
        const WorkerHandle other = toPast ? pastOf(current) : liveOf(current);
        if (other != noWorker && other != to.currentWorker())
            to.showWorker(other);
    });
}

void TravelPages::showTiming(const TimingPage &present)
{
    const FleetStore &then = m_travel.fleet().store();
    for (const SourceId source : then.sources()) {
        if (then.sourceName(source) != m_live.model().store().sourceName(present.source()))
            continue;
        if (present.system().isEmpty())
            m_timing->setSource(source);
        else
            m_timing->setSystem(source, present.system());
    }
}

void TravelPages::begin()
{
    const QScopedValueRollback passing(m_passing, true);
    if (m_fleet->filterText() != m_live.filterText())
        m_fleet->setFilterText(m_live.filterText());
    if (m_fleet->list().rows().grouping() != m_live.list().rows().grouping())
        m_fleet->list().setGrouping(m_live.list().rows().grouping());
}

void TravelPages::end()
{
    const QScopedValueRollback passing(m_passing, true);
    const WorkerHandle live = liveOf(m_fleet->currentWorker());
    if (live != noWorker && live != m_live.currentWorker())
        m_live.showWorker(live);
}

} // namespace pulsedeck
