// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowtravel.h"

#include "models/core/format.h"
#include "ui/activity/activitypage.h"
#include "ui/fleet/fleetpage.h"
#include "ui/queues/queuespage.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timelinepage.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/statusstrip.h"
#include "ui/window/travelbar.h"
#include "ui/window/travelpages.h"
#include "ui/window/windowcommands.h"
#include "ui/window/windowmenus.h"

#include <QStackedWidget>

#include <utility>

namespace pulsedeck {

WindowTravel::WindowTravel(Parts parts, History &history, QWidget *window)
    : QObject(window)
    , m_parts(parts)
    , m_travel(m_parts.store, m_parts.sources, history)
    , m_bar(new TravelBar(m_travel, m_parts.store.clock(), window))
{
    connect(&m_parts.timeline, &TimelinePage::momentRequested, &m_travel, &TimeTravel::goTo);
    connect(&m_travel, &TimeTravel::awayChanged, this, &WindowTravel::onAway);
    connect(&m_travel, &TimeTravel::moved, this, [this] { m_parts.timeline.setPlayhead(m_travel.at()); });
    connect(&m_travel, &TimeTravel::shown, this, &WindowTravel::onShown);
    connect(&m_travel, &TimeTravel::playingChanged, this, &WindowTravel::onShown);
    connect(&m_travel, &TimeTravel::noticed, &m_parts.notice, &NoticeBar::showAnswer);
    connect(m_bar, &TravelBar::textChanged, this, &WindowTravel::titleChanged);
}

WindowTravel::~WindowTravel()
{
    if (isAway()) // The colours are those of the program: another window is not in the past.
        Theme::instance().setPast(false);
    delete std::exchange(m_pages, nullptr); // They look at the store of m_travel.
}

void WindowTravel::makePages()
{
    m_pages = new TravelPages(m_travel, m_parts.stack, m_parts.fleet, m_parts.timingContext, this);
    for (const Page *page : m_parts.pages) {
        if (const QString why = page->whyNoPast(); !why.isEmpty() && !m_pages->standInFor(*page))
            m_pages->addPresentOnly(*page, why);
    }
    for (Page *each : std::initializer_list<Page *>{&m_pages->queues(), &m_pages->timing()})
        connect(each, &Page::workerRequested, this, &WindowTravel::pastWorkerRequested);
    connect(&m_pages->fleet(), &FleetPage::historyRequested, &m_parts.fleet, &FleetPage::historyRequested);
    const std::vector<Page *> made{&m_pages->fleet(), &m_pages->queues(), &m_pages->timing()};
    for (Page *each : made)
        connect(each, &Page::countChanged, this, &WindowTravel::countChanged);
    emit pagesMade(made, &m_pages->status());
}

Page *WindowTravel::shownFor(Page *page) const
{
    Page *standIn = isAway() && m_pages ? m_pages->standInFor(*page) : nullptr;
    return standIn ? standIn : page;
}

FleetPage &WindowTravel::fleet() const
{
    return isAway() && m_pages ? m_pages->fleet() : m_parts.fleet;
}

TimingPage &WindowTravel::timing() const
{
    return isAway() && m_pages ? m_pages->timing() : m_parts.timing;
}

WorkerHandle WindowTravel::shownHandle(WorkerHandle live) const
{
    return isAway() && m_pages ? m_pages->pastOf(live) : live;
}

QString WindowTravel::titlePart() const
{
    return isAway() ? tr("at %1", "a time, and how long ago").arg(m_bar->momentText()) : QString();
}

QString WindowTravel::whyNoAct() const
{
    return m_travel.hasNow() ? tr("What is shown is the past: go back to now to act.")
                             : tr("This window shows a file: nothing can be commanded here.");
}

void WindowTravel::onAway(bool away)
{
    if (away && !m_pages)
        makePages();
    m_arriving = away;
    if (away)
        m_pages->begin();
    else
        m_parts.timeline.setPlayhead({});
    m_parts.commands.setClosed(away ? whyNoAct() : QString());
    m_parts.menus.setAway(away);
    m_parts.navigation.setPastSources(away ? &m_travel.fleet().sources() : nullptr);
    m_parts.presentLines.setVisible(!away);
    m_parts.status.setVisible(!away);
    m_pages->status().setVisible(away);
    reviewActivity();
    if (!away)
        m_pages->end();
    Theme::instance().setPast(away);
    emit changed();
}

void WindowTravel::onShown()
{
    if (!isAway())
        return;
    if (std::exchange(m_arriving, false)) {
        m_pages->showTiming(m_parts.timing);
        const WorkerHandle selected = m_pages->pastOf(m_parts.fleet.currentWorker());
        if (selected != noWorker)
            m_pages->fleet().showWorker(selected);
    }
    if (!m_travel.isPlaying() && m_travel.isSettled()) {
        const QString why =
            m_travel.hasNow() ? tr("This is how it was at %1: go back to now to act.").arg(clockText(m_travel.at())) : whyNoAct();
        m_parts.commands.setClosed(why);
        m_pages->status().setPast(why);
        reviewActivity();
    }
    m_pages->status().refresh();
}

/// Up to the moment; while it plays, about once a second: each time the list is read again.
void WindowTravel::reviewActivity()
{
    m_parts.activity.setUntil(isAway() ? m_parts.store.clock().toWall(m_travel.at()) + 1 : 0);
}

void WindowTravel::refresh()
{
    if (!isAway())
        return;
    m_bar->refresh();
    m_pages->status().refresh();
    if (m_travel.isPlaying())
        reviewActivity();
}

} // namespace pulsedeck
