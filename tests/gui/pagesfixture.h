// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"
#include "models/alerts/alertplanreader.h"
#include "tests/gui/commandfixture.h"
#include "tests/support/queuescene.h"
#include "ui/alerts/alertspage.h"
#include "ui/common/page.h"
#include "ui/common/rowtable.h"
#include "ui/fleet/fleetpage.h"

namespace pulsedeck {

/// A window in which every page has something to show: workers in every state, queues, commands that are under way.
struct PagesFixture : CommandFixture
{
    QueueScene queues;
    AlertEngine alerts{scene.store};

    PagesFixture()
        : CommandFixture(60, -1, 130)
        , queues(scene, 3)
    {
        access.unlock();
    }
    ~PagesFixture() { window.reset(); } // It shows the alerts.

    /// With a worker in the dock of the Fleet page.
    void openAll(const QSize &size)
    {
        open(size);
        CommandRequest request;
        request.act = Act::Drain;
        request.workers = workers(3);
        ledger.issue(request);
        window->fleetPage().showWorker(workers(4).back());
    }

    /// With the page that the console adds, some alerts on it, and a rule that is selected.
    void addAlerts()
    {
        alerts.setPlan(AlertPlanReader::builtIn());
        step(100);
        auto *page = new AlertsPage(alerts, scene.store, QStringLiteral("ops@desk"), window.get());
        window->addPage(page);
        page->findChild<RowTable *>(QStringLiteral("ruleTable"))->selectRow(0);
    }

    /// Shows the page as a choice from the menu does, and what it computes for its first look. Null: there is none of that name.
    Page *show(const QString &name) const
    {
        if (QWidget *held = QApplication::focusWidget())
            held->clearFocus();
        window->showPage(name);
        const bool settled = QTest::qWaitFor([this] { return window->isSettled(); }, 20'000);
        // Parts that come with the page are placed only when the event loop runs.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
        for (Page *page : window->findChildren<Page *>()) {
            if (page->name() == name && settled)
                return page;
        }
        return nullptr;
    }
};

} // namespace pulsedeck
