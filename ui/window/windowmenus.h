// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/format.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/theme/theme.h"

#include <QKeySequence>
#include <QObject>

class QAction;
class QActionGroup;
class QMainWindow;
class QMenu;

namespace pulsedeck {

class SavedViews;

/// The menu bar and every action of the window with its shortcut; the window connects them. The menu of a source is the same in
/// the menu bar and wherever a source is clicked. GUI thread.
class WindowMenus : public QObject
{
    Q_OBJECT

public:
    WindowMenus(QMainWindow &window, SavedViews &views, FleetStore &store, SourceListModel &sources);

    QList<QAction *> connects; ///< One for each kind of source, which is its data.
    QAction *demo = nullptr;
    QAction *past = nullptr; ///< What is kept of it.
    QAction *openPast = nullptr; ///< A file of it.
    QAction *importRecording = nullptr; ///< Makes such a file of a recording of the Timing page.
    QAction *quit = nullptr;
    QAction *pause = nullptr;
    QAction *reorder = nullptr;
    QAction *saveView = nullptr;
    QAction *filter = nullptr;
    QAction *copyText = nullptr;
    QAction *copyJson = nullptr;
    QAction *nextAttention = nullptr;
    QAction *previousAttention = nullptr;
    QAction *goToId = nullptr;
    QAction *history = nullptr;
    QAction *exportList = nullptr;
    QAction *escape = nullptr;
    QAction *legend = nullptr;
    QAction *about = nullptr;
    QAction *drain = nullptr; ///< These three have the keys; the menu's entries are made when it opens.
    QAction *shutDown = nullptr;
    QAction *lock = nullptr;
    QAction *compareTiming = nullptr;
    QMenu *timingMenu = nullptr; ///< The window fills it each time it opens.
    QMenu *commandsMenu = nullptr; ///< The window fills it: what it offers depends on the selection.
    QMenu *viewMenu = nullptr; ///< The window adds what belongs to a page.

    /// A page in \a row of the navigation: Ctrl and its number open it. Those from there on have the next number.
    void addPage(int row, const QString &title);
    /// Whether the Fleet page is shown: actions on its list are disabled elsewhere.
    void setFleetShown(bool shown);
    /// Another time than now is shown: what is done to sources and timing, and the pause, are disabled.
    void setAway(bool away);
    void setDepartedMinutes(int minutes);
    void setDemoRunning(bool running);
    void setDemoStarting(bool starting);
    /// The filter of the Fleet page, which can be saved unless it is empty.
    void setFilterText(const QString &text);
    void setCurrentPage(int row);
    void popupSourceMenu(SourceId source, const QPoint &globalPos);

signals:
    void pageRequested(int row);
    void viewRequested(int row);
    void themeRequested(pulsedeck::ThemeChoice choice);
    void zoneRequested(pulsedeck::ShownZone zone);
    /// How long departed workers are shown.
    void departedRequested(int minutes);
    void sourceConnectRequested(pulsedeck::SourceId source);
    void sourceDisconnectRequested(pulsedeck::SourceId source);
    void sourceEditRequested(pulsedeck::SourceId source);
    void sourceRemoveRequested(pulsedeck::SourceId source);
    /// Look again which systems live there.
    void systemsRequested(pulsedeck::SourceId source);
    void sourceShowRequested(pulsedeck::SourceId source);
    /// The menu of a source is being built: what others have to offer there comes between its parts.
    void sourceMenuFilled(QMenu *menu, pulsedeck::SourceId source);

private:
    QAction *add(QMenu *menu, const QString &text, const QKeySequence &shortcut = {});
    void buildFile();
    void buildView();
    void buildFleet();
    void buildCommands();
    void buildTiming();
    void buildSources();
    void buildHelp();
    void fillViews(QMenu *menu);
    void fillSources(QMenu *menu);
    void fillSource(QMenu *menu, SourceId source);
    void checkTheme();
    void reviewDemo();

    QMainWindow &m_window;
    SavedViews &m_views;
    FleetStore &m_store;
    SourceListModel &m_sources;
    QMenu *m_sourcesMenu = nullptr;
    QAction *m_belowPages = nullptr;
    QActionGroup *m_pageGroup = nullptr;
    QList<QAction *> m_pageActions; ///< In the order of the navigation.
    QActionGroup *m_themeGroup = nullptr;
    QActionGroup *m_departedGroup = nullptr;
    QActionGroup *m_zoneGroup = nullptr;
    bool m_demoRunning = false;
    bool m_demoStarting = false;
    bool m_away = false;
};

} // namespace pulsedeck
