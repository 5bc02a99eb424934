// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/gui/commandfixture.h"
#include "tests/support/queuescene.h"
#include "ui/common/page.h"
#include "ui/fleet/fleetpage.h"

namespace pulsedeck {

/// A window in which every page has something to show: workers in every state, queues, commands that are under way.
struct PagesFixture : CommandFixture
{
    QueueScene queues;

    PagesFixture()
        : CommandFixture(60, -1, 130)
        , queues(scene, 3)
    {
        access.unlock();
    }

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
