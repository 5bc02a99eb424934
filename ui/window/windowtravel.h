// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/timetravel.h"

#include <QObject>

class QStackedWidget;
class QWidget;

namespace pulsedeck {

class ActivityPage;
class FleetPage;
class NavigationPanel;
class NoticeBar;
class Page;
class StatusStrip;
class TimelinePage;
class TimingPage;
struct TimingContext;
class TravelBar;
class TravelPages;
class WindowCommands;
class WindowMenus;

/// The window while it shows another time than now: which pages stand in for which, what of the chrome is of that time and in its
/// colour, and that nothing can be commanded. GUI thread.
class WindowTravel : public QObject
{
    Q_OBJECT

public:
    /// All outlive this.
    struct Parts
    {
        FleetStore &store;
        SourceListModel &sources;
        QStackedWidget &stack;
        FleetPage &fleet;
        TimelinePage &timeline;
        TimingPage &timing;
        const TimingContext &timingContext; ///< What that page looks at.
        ActivityPage &activity;
        const std::vector<Page *> &pages; ///< All of the window.
        WindowMenus &menus;
        WindowCommands &commands;
        NavigationPanel &navigation;
        NoticeBar &notice;
        StatusStrip &status;
        QWidget &presentLines; ///< Message lines about the present.
    };

    WindowTravel(Parts parts, History &history, QWidget *window);
    ~WindowTravel() override;

    TimeTravel &travel() { return m_travel; }
    /// Goes above all pages.
    TravelBar &bar() const { return *m_bar; }
    bool isAway() const { return m_travel.isAway(); }
    /// This page, or what stands in for it.
    Page *shownFor(Page *page) const;
    FleetPage &fleet() const;
    TimingPage &timing() const;
    /// A worker of the present in its row of the time that is shown.
    WorkerHandle shownHandle(WorkerHandle live) const;
    /// For the title of the window: "at 14:02:31, 3 h 12 min ago"; empty for now.
    QString titlePart() const;
    /// Once a second.
    void refresh();

signals:
    /// Other pages stand in, or the title is another one.
    void changed();
    void titleChanged();
    void countChanged();
    /// Pages were made: they ask for other pages as those of the window do. \a strip is the bottom edge of the window.
    void pagesMade(const std::vector<pulsedeck::Page *> &pages, QWidget *strip);
    /// Show this worker of the time that is shown.
    void pastWorkerRequested(pulsedeck::WorkerHandle worker);

private:
    void onAway(bool away);
    void onShown();
    void makePages();
    void reviewActivity();
    QString whyNoAct() const;

    Parts m_parts;
    TimeTravel m_travel;
    TravelBar *m_bar;
    TravelPages *m_pages = nullptr; ///< Null until it was away once.
    bool m_arriving = false; ///< The first moment of this journey is not there yet.
};

} // namespace pulsedeck
