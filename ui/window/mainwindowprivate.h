// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/format.h"
#include "ui/commands/commandactions.h"
#include "ui/theme/theme.h"
#include "ui/window/fleetsummary.h"
#include "ui/window/mainwindow.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/quitquestion.h"
#include "ui/window/savedviews.h"

#include <QTimer>

class QStackedWidget;

namespace pulsedeck {

class ActivityPage;
class CommandsPage;
class ConnectionsPage;
class LegendDialog;
class NavigationPanel;
class NoticeBar;
class PausedRolls;
class StatusStrip;
class TimingPage;
class WelcomePage;
class WindowMenus;

/// The pages' rows in the navigation.
inline constexpr int fleetRow = 0;
inline constexpr int timingRow = 1;
inline constexpr int commandsRow = 2;
inline constexpr int activityRow = 3;
inline constexpr int connectionsRow = 4;

/// The window's parts and how they work together.
class MainWindow::Private : public QObject
{
    Q_OBJECT

public:
    Private(MainWindow &owner, const WindowContext &windowContext);

    void build();
    void connectActions();
    void connectPages();
    void connectCommands();
    void fillCommands();
    void command(Act act);
    void reviewLock();
    void restore();
    void showRow(int row);
    void refreshPage();
    void refreshCounts();
    void everySecond();
    void review();
    void edit(SourceId source, bool askLogin);
    void remove(SourceId source);
    void requestDemo();
    void setZone(ShownZone zone);
    void setTheme(ThemeChoice choice);
    void keepDeparted();
    void useView(int row);
    void saveView();
    void showLegend();
    void fitWidth();
    SourceId firstHub() const;
    QuitFacts quitFacts() const;
    /// False if it is asked first; then the answer closes the window.
    bool mayClose();

    MainWindow &q;
    WindowContext context;
    CommandContext commandContext;
    NavigationModel pages;
    SavedViews views;
    FleetSummary survey;
    WindowMenus *menus = nullptr;
    NavigationPanel *navigation = nullptr;
    NoticeBar *notice = nullptr;
    PausedRolls *pausedRolls = nullptr;
    QStackedWidget *stack = nullptr;
    WelcomePage *welcome = nullptr;
    FleetPage *fleet = nullptr;
    TimingPage *timing = nullptr;
    CommandActions *actions = nullptr;
    CommandsPage *commands = nullptr;
    ActivityPage *activity = nullptr;
    ConnectionsPage *connections = nullptr;
    StatusStrip *status = nullptr;
    LegendDialog *legend = nullptr;
    QTimer clockTimer;
    int row = 0;
    bool showsNext = false; ///< A source that was asked for on the Connections page is being added.
    bool demoRunning = false;
    bool leaving = false; ///< The question before closing was answered, or need not be asked.
};

} // namespace pulsedeck
