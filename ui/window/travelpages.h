// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/writeaccess.h"
#include "models/history/timetravel.h"
#include "ui/common/page.h"
#include "ui/timing/pasttiming.h"

#include <QPointer>

#include <map>

class QStackedWidget;

namespace pulsedeck {

class FleetPage;
class QueuesPage;
class StatusStrip;

/// The pages that stand in for those of the window while another time than now is shown. They look at the store of that time and
/// have nothing that could carry out an act. Filter, grouping and selection are those of the Fleet page of the present, both
/// ways. Made when they are first needed. GUI thread.
class TravelPages : public QObject
{
    Q_OBJECT

public:
    /// All outlive this. \a stack becomes the parent of the pages; \a fleet is the present's.
    /// \a timing: what the Timing page of the present looks at.
    TravelPages(TimeTravel &travel, QStackedWidget &stack, FleetPage &fleet, const TimingContext &timing,
                QObject *parent = nullptr);
    ~TravelPages() override;

    FleetPage &fleet() const { return *m_fleet; }
    QueuesPage &queues() const { return *m_queues; }
    TimingPage &timing() const { return *m_timing; }
    /// The bottom edge of the window, for that time.
    StatusStrip &status() const { return *m_status; }
    /// This page has no past: \a why is what stands there instead.
    void addPresentOnly(const Page &page, const QString &why);
    /// What stands in for this page of the window; null for a page that shows the past itself.
    Page *standInFor(const Page &page) const;
    /// Takes over what the Fleet page of the present shows and has selected.
    void begin();
    /// The Timing page shows the source and the system that this one does.
    void showTiming(const TimingPage &present);
    /// Gives it back.
    void end();
    /// Of the worker that the present has at this handle; noWorker where it was not there then.
    WorkerHandle pastOf(WorkerHandle live) const;

private:
    void connectPair(FleetPage &from, FleetPage &to, bool toPast);
    WorkerHandle liveOf(WorkerHandle past) const;
    void addStandIn(const QString &name, Page *page);
    void reviewSeen();
    void reviewLines();

    TimeTravel &m_travel;
    QStackedWidget &m_stack;
    FleetPage &m_live;
    WriteAccess m_access; ///< Of the past: closed for good.
    PastTiming m_pastTiming;
    FleetPage *m_fleet;
    QueuesPage *m_queues;
    TimingPage *m_timing;
    StatusStrip *m_status;
    std::vector<QPointer<QWidget>> m_made;
    std::map<QString, Page *> m_standIns; ///< By the page's name.
    bool m_passing = false; ///< What one of the two pages said is being passed to the other.
};

} // namespace pulsedeck
