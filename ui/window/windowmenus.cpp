// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowmenus.h"

#include "ui/common/selfdeleting.h"
#include "ui/common/sourcewords.h"
#include "ui/common/titlecase.h"
#include "ui/window/savedviews.h"

#include <QActionGroup>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// A disabled entry says why, where the pointer rests on it.
void enableOrSayWhy(QAction *action, bool enabled, const QString &whyNot)
{
    action->setEnabled(enabled);
    action->setToolTip(enabled ? QString() : whyNot);
}

void checkOnly(const QActionGroup *group, int value)
{
    for (QAction *action : group->actions())
        action->setChecked(action->data().toInt() == value);
}

} // namespace

WindowMenus::WindowMenus(QMainWindow &window, SavedViews &views, FleetStore &store, SourceListModel &sources)
    : QObject(&window)
    , m_window(window)
    , m_views(views)
    , m_store(store)
    , m_sources(sources)
{
    buildFile();
    buildView();
    buildFleet();
    buildCommands();
    buildTiming();
    buildSources();
    buildHelp();

    escape = new QAction(tr("Release Order, Then Clear the Filter"), this);
    escape->setShortcut(Qt::Key_Escape);
    window.addAction(escape);
    connect(&Theme::instance(), &Theme::changed, this, &WindowMenus::checkTheme);
    checkTheme();
    // Only what is disabled has one.
    for (auto *menu : window.menuBar()->findChildren<QMenu *>())
        menu->setToolTipsVisible(true);
}

QAction *WindowMenus::add(QMenu *menu, const QString &text, const QKeySequence &shortcut)
{
    QAction *action = menu->addAction(text);
    action->setShortcut(shortcut);
    // On the window too, so that shortcuts work where the platform shows no menu bar.
    m_window.addAction(action);
    return action;
}

void WindowMenus::buildFile()
{
    QMenu *menu = m_window.menuBar()->addMenu(tr("&File"));
    const QList<QKeySequence> keys{QKeySequence(Qt::CTRL | Qt::Key_N), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N)};
    for (const SourceKind kind : SourceKind::all()) {
        connects.append(add(menu, kind->connectText(), keys.value(kind.index())));
        connects.last()->setData(QVariant::fromValue(kind));
    }
    demo = add(menu, tr("Start the &Demo Fleet"));
    past = add(menu, tr("&History…"));
    openPast = add(menu, tr("&Open History File…"));
    importRecording = add(menu, tr("&Import Recording…"));
    menu->addSeparator();
    quit = add(menu, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    quit->setMenuRole(QAction::QuitRole);
}

void WindowMenus::buildView()
{
    QMenu *menu = m_window.menuBar()->addMenu(tr("&View"));
    viewMenu = menu;
    m_pageGroup = new QActionGroup(this);
    m_belowPages = menu->addSeparator();
    QMenu *views = menu->addMenu(tr("&Saved Views"));
    connect(views, &QMenu::aboutToShow, this, [this, views] { fillViews(views); });
    saveView = add(menu, tr("Save This &Filter…"));
    setFilterText({});
    menu->addSeparator();
    pause = add(menu, tr("&Pause"), Qt::Key_Space);
    pause->setCheckable(true);
    reorder = add(menu, tr("&Reorder Now"), Qt::Key_F5);
    menu->addSeparator();

    // Menus of which one entry is checked.
    const auto choices = [this](QMenu *choiceMenu, const std::vector<std::pair<int, QString>> &entries, auto signal) {
        auto *group = new QActionGroup(this);
        for (const auto &[value, text] : entries) {
            QAction *action = choiceMenu->addAction(text);
            action->setCheckable(true);
            action->setData(value);
            group->addAction(action);
        }
        connect(group, &QActionGroup::triggered, this, signal);
        return group;
    };
    std::vector<std::pair<int, QString>> minutes;
    for (const int each : {1, 5, 15, 60, 240})
        minutes.emplace_back(each, each < 60 ? tr("%1 min").arg(each) : tr("%1 h").arg(each / 60));
    m_departedGroup = choices(menu->addMenu(tr("&Keep Departed Workers")), minutes,
                              [this](QAction *action) { emit departedRequested(action->data().toInt()); });
    QMenu *times = menu->addMenu(tr("&Times"));
    times->setObjectName(u"timesMenu"_s);
    m_zoneGroup = choices(times, {{int(ShownZone::Local), tr("&Local Time")}, {int(ShownZone::Utc), tr("&UTC")}},
                          [this](QAction *action) { emit zoneRequested(ShownZone(action->data().toInt())); });
    connect(times, &QMenu::aboutToShow, this, [this] { checkOnly(m_zoneGroup, int(shownZone())); });
    m_themeGroup = choices(menu->addMenu(tr("&Theme")),
                           {{int(ThemeChoice::System), tr("Follow the &System")},
                            {int(ThemeChoice::Light), tr("&Light")},
                            {int(ThemeChoice::Dark), tr("&Dark")}},
                           [this](QAction *action) { emit themeRequested(ThemeChoice(action->data().toInt())); });
}

void WindowMenus::buildFleet()
{
    QMenu *menu = m_window.menuBar()->addMenu(tr("F&leet"));
    filter = add(menu, tr("&Filter"), QKeySequence(Qt::CTRL | Qt::Key_F));
    goToId = add(menu, tr("&Go to Id…"), QKeySequence(Qt::CTRL | Qt::Key_K));
    menu->addSeparator();
    nextAttention = add(menu, tr("&Next Needing Attention"), QKeySequence(Qt::CTRL | Qt::Key_J));
    previousAttention = add(menu, tr("&Previous Needing Attention"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_J));
    history = add(menu, tr("Show in &Activity"), QKeySequence(Qt::CTRL | Qt::Key_E));
    menu->addSeparator();
    copyText = add(menu, tr("&Copy"), QKeySequence(Qt::CTRL | Qt::Key_C));
    copyJson = add(menu, tr("Copy as &JSON"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    menu->addSeparator();
    exportList = add(menu, tr("E&xport List…"));
}

void WindowMenus::buildCommands()
{
    commandsMenu = m_window.menuBar()->addMenu(tr("&Commands"));
    commandsMenu->setToolTipsVisible(true);
    // The keys belong to the window, so that they work before the menu was ever opened and say why when they cannot.
    const auto key = [this](const QKeySequence &shortcut) {
        auto *action = new QAction(this);
        action->setShortcut(shortcut);
        m_window.addAction(action);
        return action;
    };
    drain = key(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D));
    drain->setText(tr("Drain the Selected Workers"));
    shutDown = key(Qt::Key_Delete);
    shutDown->setText(tr("Shut Down the Selected Workers"));
    lock = key(QKeySequence(Qt::CTRL | Qt::Key_L));
    lock->setText(tr("Un&lock Writing (5 min)"));
    commandsMenu->addAction(lock); // Never empty: some platforms do not open an empty menu.
}

void WindowMenus::buildTiming()
{
    timingMenu = m_window.menuBar()->addMenu(tr("&Timing"));
    timingMenu->setToolTipsVisible(true);
    compareTiming = add(timingMenu, tr("&Compare Profiles…"), QKeySequence(Qt::CTRL | Qt::Key_D));
}

void WindowMenus::buildSources()
{
    QMenu *menu = m_window.menuBar()->addMenu(tr("&Sources"));
    m_sourcesMenu = menu;
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillSources(menu); });
    menu->addActions(connects); // Never empty: some platforms do not open an empty menu.
}

void WindowMenus::buildHelp()
{
    QMenu *menu = m_window.menuBar()->addMenu(tr("&Help"));
    legend = add(menu, tr("&Legend"), Qt::Key_F1);
    menu->addSeparator();
    about = add(menu, tr("&About Pulsedeck"));
    about->setMenuRole(QAction::AboutRole);
}

void WindowMenus::fillViews(QMenu *menu)
{
    menu->clear();
    for (int row = 0; row < m_views.rowCount(); ++row) {
        const QString name = m_views.data(m_views.index(row)).toString();
        connect(menu->addAction(menuText(name)), &QAction::triggered, this, [this, row] { emit viewRequested(row); });
    }
}

void WindowMenus::fillSources(QMenu *menu)
{
    menu->clear();
    // Sub-menus are the menu's children and would pile up.
    qDeleteAll(menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly));
    for (const SourceSettings &settings : m_sources.all()) {
        QMenu *sub = menu->addMenu(glyphIcon(sourceGlyph(m_store.sourceStatus(settings.id))), menuText(settings.name));
        fillSource(sub, settings.id);
    }
    if (!m_sources.all().empty())
        menu->addSeparator();
    menu->addActions(connects);
}

void WindowMenus::fillSource(QMenu *menu, SourceId source)
{
    const SourceSettings settings = m_sources.settings(source);
    const SourceStatus status = m_store.sourceStatus(source);
    const auto act = [this, menu, source](const QString &text, void (WindowMenus::*signal)(SourceId)) {
        QAction *action = menu->addAction(text);
        connect(action, &QAction::triggered, this, [this, signal, source] { emit(this->*signal)(source); });
        return action;
    };
    const bool off = status.state == SourceState::Off;
    act(off ? tr("&Connect") : tr("&Reconnect"), &WindowMenus::sourceConnectRequested);
    menu->setToolTipsVisible(true);
    enableOrSayWhy(act(tr("&Disconnect"), &WindowMenus::sourceDisconnectRequested), !off && status.state != SourceState::Failed,
                   tr("It is not connected."));
    menu->addSeparator();
    QAction *shown = menu->addAction(tr("&Show in the Fleet"));
    shown->setCheckable(true);
    shown->setChecked(settings.visible);
    connect(shown, &QAction::triggered, this, [this, source](bool on) {
        m_sources.setData(m_sources.index(m_sources.rowOf(source)), on ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
    });
    act(tr("De&tails"), &WindowMenus::sourceShowRequested);
    if (settings.has(SourceField::Systems))
        enableOrSayWhy(act(tr("&Look for Systems Again"), &WindowMenus::systemsRequested), status.isConnected(),
                       tr("It is not connected."));
    menu->addSeparator();
    emit sourceMenuFilled(menu, source);
    menu->addSeparator();
    if (!settings.demo)
        act(tr("&Edit…"), &WindowMenus::sourceEditRequested);
    act(settings.demo ? tr("Stop the Demo Fleet") : tr("Re&move…"), &WindowMenus::sourceRemoveRequested);
}

void WindowMenus::popupSourceMenu(SourceId source, const QPoint &globalPos)
{
    auto *menu = selfDeleting(new QMenu(&m_window));
    fillSource(menu, source);
    menu->popup(globalPos);
}

void WindowMenus::setFleetShown(bool shown)
{
    for (QAction *action :
         {pause, reorder, copyText, copyJson, nextAttention, previousAttention, goToId, exportList, drain, shutDown})
        enableOrSayWhy(action, shown, tr("On the Fleet page only."));
    // From every page they say why they do nothing.
    for (QAction *action : {drain, shutDown})
        enableOrSayWhy(action, shown || m_away, tr("On the Fleet page only."));
    enableOrSayWhy(pause, shown && !m_away,
                   m_away ? tr("While another time is shown nothing changes.") : tr("On the Fleet page only."));
}

void WindowMenus::setFilterText(const QString &text)
{
    enableOrSayWhy(saveView, !text.trimmed().isEmpty(), tr("Type a filter first."));
}

void WindowMenus::setAway(bool away)
{
    m_away = away;
    for (QAction *action : std::as_const(connects))
        enableOrSayWhy(action, !away, tr("Not while another time is shown."));
    m_sourcesMenu->menuAction()->setEnabled(!away);
    reviewDemo();
}

void WindowMenus::reviewDemo()
{
    enableOrSayWhy(demo, !m_away && !m_demoStarting,
                   m_away ? tr("Not while another time is shown.") : tr("The demo fleet is starting."));
}

void WindowMenus::setDemoRunning(bool running)
{
    m_demoRunning = running;
    m_demoStarting = false;
    reviewDemo();
    demo->setText(running ? tr("Stop the &Demo Fleet") : tr("Start the &Demo Fleet"));
}

void WindowMenus::setDemoStarting(bool starting)
{
    m_demoStarting = starting;
    reviewDemo();
}

void WindowMenus::addPage(int row, const QString &title)
{
    auto *action = new QAction(title, m_pageGroup);
    action->setCheckable(true);
    viewMenu->insertAction(m_pageActions.value(row, m_belowPages), action);
    m_pageActions.insert(row, action);
    for (int each = 0; each < int(m_pageActions.size()); ++each)
        m_pageActions.at(each)->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + each)));
    m_window.addAction(action);
    connect(action, &QAction::triggered, this, [this, action] { emit pageRequested(int(m_pageActions.indexOf(action))); });
}

void WindowMenus::setCurrentPage(int row)
{
    m_pageActions.at(row)->setChecked(true);
}

void WindowMenus::setDepartedMinutes(int minutes)
{
    checkOnly(m_departedGroup, minutes);
}

void WindowMenus::checkTheme()
{
    checkOnly(m_themeGroup, int(Theme::instance().choice()));
}

} // namespace pulsedeck
