// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/mainwindow.h"
#include "models/core/format.h"
#include "models/journal/journal.h"
#include "ui/activity/activitypage.h"
#include "ui/commands/commandmenu.h"
#include "ui/commands/commandspage.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetwords.h"
#include "ui/hub/hubpanel.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/sources/sourcewords.h"
#include "ui/sources/unlockquestion.h"
#include "ui/theme/questiondialog.h"
#include "ui/theme/style.h"
#include "ui/theme/tabchain.h"
#include "ui/timing/timingpage.h"
#include "ui/window/aboutdialog.h"
#include "ui/window/appicon.h"
#include "ui/window/layoutmemory.h"
#include "ui/window/legenddialog.h"
#include "ui/window/mainwindowprivate.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/pausedrolls.h"
#include "ui/window/shortcutguard.h"
#include "ui/window/statusstrip.h"
#include "ui/window/welcomepage.h"
#include "ui/window/windowmenus.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int compactBelow = 1180; ///< Window width in the design's pixels below which the navigation shows icons only.
constexpr QSize smallest(1060, 680);
constexpr QSize preferred(1440, 900);

constexpr auto geometryKey = "window/geometry"_L1;
constexpr auto pageKey = "window/page"_L1;

} // namespace

MainWindow::Private::Private(MainWindow &owner, const WindowContext &windowContext)
    : q(owner)
    , context(windowContext)
    , commandContext{context.store,  context.sources, context.ledger,  context.rolling,
                     context.access, context.clock,   context.settings}
    , views(windowContext.settings)
    , survey(windowContext.store)
{
    pages.addPage(u"fleet"_s, tr("Fleet"), Glyph::Fleet);
    pages.addPage(u"timing"_s, tr("Timing"), Glyph::Timing);
    pages.addPage(u"commands"_s, tr("Commands"), Glyph::Commands);
    pages.addPage(u"activity"_s, tr("Activity"), Glyph::Activity);
    pages.addPage(u"connections"_s, tr("Connections"), Glyph::Connections);
    setShownZone(shownZoneFromName(context.settings.value(zoneKey).toString())); // Before anybody shows a time.
    build();
    connectActions();
    connectPages();
    connectCommands();
    restore();
    review();
    everySecond();
}

void MainWindow::Private::build()
{
    menus = new WindowMenus(q, pages, views, context.store, context.sources);
    navigation = new NavigationPanel(pages, context.sources, views, &q);
    welcome = new WelcomePage(&q);
    fleet = new FleetPage(context.store, context.sources, context.settings, &q);
    notice = new NoticeBar(fleet->banner(), &q);
    pausedRolls = new PausedRolls(context.rolling, &q);
    timing = new TimingPage({context.store, context.sources, context.clock, context.settings, context.ledger, context.access,
                             context.timing, context.hubs},
                            context.timingFiles, &q);
    actions = new CommandActions(commandContext, &q);
    commands = new CommandsPage(*actions, &q);
    activity = new ActivityPage(context.journal, context.clock, context.settings, &q);
    activity->setOperator(context.ledger.operatorName());
    connections = new ConnectionsPage(context.store, context.sources, context.access, context.clock, context.hubs,
                                      context.secrets, context.tester, &q);
    status = new StatusStrip(context.store, context.sources, context.access, context.clock, context.hubs, &q);
    fleet->setCommands(actions);
    stack = new QStackedWidget(&q);
    stack->addWidget(welcome);
    stack->addWidget(fleet);
    stack->addWidget(timing);
    stack->addWidget(commands);
    stack->addWidget(activity);
    stack->addWidget(connections);

    auto *central = new Band(Qt::TopEdge, Band::Ground::Chrome, &q);
    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(notice);
    right->addWidget(pausedRolls);
    right->addWidget(stack, 1);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(navigation);
    middle->addLayout(right, 1);
    auto *whole = new QVBoxLayout(central);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(middle, 1);
    whole->addWidget(status);
    q.setCentralWidget(central);
    q.setContextMenuPolicy(Qt::NoContextMenu);
    new ShortcutGuard(this);
    new FocusKeeper(this);
}

void MainWindow::Private::connectPages()
{
    connect(navigation, &NavigationPanel::pageChosen, this, &Private::showRow);
    connect(navigation, &NavigationPanel::viewChosen, this, &Private::useView);
    connect(navigation, &NavigationPanel::saveViewRequested, this, &Private::saveView);
    connect(status, &StatusStrip::moreClicked, this, [this] { showRow(connectionsRow); });
    connect(status, &StatusStrip::skewClicked, this, [this] {
        fleet->setFilterText(u"skew>1s"_s);
        showRow(fleetRow);
    });

    connect(welcome, &WelcomePage::connectRequested, &q, &MainWindow::openConnectDialogFor);
    connect(welcome, &WelcomePage::demoRequested, this, &Private::requestDemo);

    connect(fleet, &FleetPage::reconnectRequested, &q, &MainWindow::reconnectRequested);
    connect(fleet, &FleetPage::editRequested, this,
            [this](SourceId source) { edit(source, isLoginTrouble(context.store.sourceStatus(source))); });
    connect(fleet, &FleetPage::messageRequested, this, [this](SourceId hub, const QString &address) {
        showRow(connectionsRow);
        connections->showSource(hub);
        if (HubPanel *panel = connections->hubPanel())
            panel->writeTo(address);
    });
    connect(fleet, &FleetPage::historyRequested, this, [this](const QByteArray &worker) {
        activity->showWorker(worker);
        showRow(activityRow);
    });
    connect(fleet, &FleetPage::filterChanged, this, [this](const QString &text) {
        navigation->setCurrentView(views.rowOf(text));
        menus->saveView->setEnabled(!text.trimmed().isEmpty());
        navigation->setSaveEnabled(!text.trimmed().isEmpty());
    });

    connect(timing, &TimingPage::stateTextChanged, this, [this](const QString &text) { pages.setCount(timingRow, text); });
    pages.setCount(timingRow, timing->stateText());
    connect(timing, &TimingPage::filterRequested, this, [this](const QString &filter) {
        fleet->setFilterText(filter);
        showRow(fleetRow);
    });
    connect(timing, &TimingPage::workerRequested, this, [this](WorkerHandle worker) {
        showRow(fleetRow);
        fleet->showWorker(worker);
    });

    connect(connections, &ConnectionsPage::addRequested, this, [this] { q.openConnectDialog(); });
    connect(connections, &ConnectionsPage::demoRequested, this, &Private::requestDemo);
    connect(connections, &ConnectionsPage::connectRequested, &q, &MainWindow::reconnectRequested);
    connect(connections, &ConnectionsPage::disconnectRequested, &q, &MainWindow::disconnectRequested);
    connect(connections, &ConnectionsPage::saved, &q, &MainWindow::connectRequested);
    connect(connections, &ConnectionsPage::passwordRequested, this, [this](SourceId source) { edit(source, true); });
    connect(connections, &ConnectionsPage::removeRequested, this, &Private::remove);
    connect(connections, &ConnectionsPage::workerRequested, this, [this](WorkerHandle worker) {
        showRow(fleetRow);
        fleet->showWorker(worker);
    });

    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&context.sources, signal, this, &Private::review);
    connect(&context.sources, &QAbstractItemModel::modelReset, this, &Private::review);
    connect(&context.sources, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int, int last) {
        if (showsNext)
            connections->showSource(context.sources.idAt(last));
    });
    connect(&context.store, &FleetStore::published, this, &Private::refreshCounts);
    connect(&context.store, &FleetStore::sourceChanged, this, &Private::refreshCounts);
    connect(&context.store, &FleetStore::pausedChanged, menus->pause, &QAction::setChecked);

    const auto passFilters = [this] {
        std::vector<FleetFilter> filters;
        for (int i = 0; i < views.rowCount(); ++i)
            filters.push_back(views.filter(i));
        survey.setFilters(std::move(filters));
    };
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&views, signal, this, passFilters);
    connect(&views, &SavedViews::filtersChanged, this, passFilters);
    passFilters();
    connect(&survey, &FleetSummary::attentionChanged, this, [this] { views.setCounts(survey.counts()); });
    connect(&survey, &FleetSummary::finished, this, [this] {
        views.setCounts(survey.counts());
        status->setSkew(survey.skew());
    });

    clockTimer.setInterval(1'000);
    connect(&clockTimer, &QTimer::timeout, this, &Private::everySecond);
    clockTimer.start();
}

void MainWindow::Private::restore()
{
    q.setMinimumSize(smallest);
    if (!q.restoreGeometry(context.settings.value(geometryKey).toByteArray())) {
        const QScreen *screen = q.screen();
        q.resize(screen ? preferred.boundedTo(screen->availableSize()) : preferred);
    }
    new LayoutMemory(q, context.settings, this);
    if (const int kept = pages.rowOf(context.settings.value(pageKey).toString()); kept >= 0)
        row = kept;
}

/// The welcome page stands in for the Fleet page while there is no source to show.
void MainWindow::Private::review()
{
    if (!context.sources.all().empty())
        welcome->setDemoStarting(false);
    refreshPage();
    refreshCounts();
    reviewLock();
    fitWidth();
}

void MainWindow::Private::showRow(int newRow)
{
    if (row != newRow)
        notice->endAnswer();
    row = newRow;
    refreshPage();
    context.settings.setValue(pageKey, pages.page(row).name);
}

void MainWindow::Private::refreshPage()
{
    const bool empty = context.sources.all().empty();
    QWidget *page = row == connectionsRow ? static_cast<QWidget *>(connections)
                    : row == timingRow    ? static_cast<QWidget *>(timing)
                    : row == commandsRow  ? static_cast<QWidget *>(commands)
                    : row == activityRow  ? static_cast<QWidget *>(activity)
                    : empty               ? static_cast<QWidget *>(welcome)
                                          : fleet;
    const bool changes = stack->currentWidget() != page;
    // Who walks through the navigation by keys stays there; from anywhere else the keyboard goes with the page.
    const bool stays = navigation->isAncestorOf(QApplication::focusWidget());
    stack->setCurrentWidget(page);
    if (changes && !stays)
        page->setFocus(Qt::OtherFocusReason);
    notice->setSourcesShown(page == fleet);
    navigation->setCurrentPage(row);
    menus->setCurrentPage(row);
    menus->setFleetShown(page == fleet);
    menus->escape->setEnabled(page == fleet || page == commands || page == activity);
    if (page == connections)
        connections->refresh();
    q.setWindowTitle(page == welcome ? u"Pulsedeck"_s : QString(u"Pulsedeck · "_s + pages.page(row).title));
}

void MainWindow::Private::refreshCounts()
{
    const auto &all = context.sources.all();
    int connected = 0;
    for (const SourceSettings &settings : all)
        connected += context.store.sourceStatus(settings.id).isConnected();
    pages.setCount(fleetRow, all.empty() ? QString() : groupedNumber(context.store.figures().total));
    pages.setCount(connectionsRow,
                   all.empty() ? QString() : QString(QString::number(connected) + u'/' + QString::number(all.size())));
    const int running = context.ledger.openCount();
    pages.setCount(commandsRow, running > 0 ? groupedNumber(running) : QString());
}

void MainWindow::Private::everySecond()
{
    status->refresh();
    if (stack->currentWidget() == connections)
        connections->refresh();
}

/// 0 if there is none.
SourceId MainWindow::Private::firstHub() const
{
    for (const SourceSettings &settings : context.sources.all()) {
        if (settings.isHub())
            return settings.id;
    }
    return 0;
}

void MainWindow::Private::fitWidth()
{
    navigation->setCompact(q.width() < Theme::instance().scaled(compactBelow));
}

MainWindow::MainWindow(const WindowContext &context, QWidget *parent)
    : QMainWindow(parent)
    , d(std::make_unique<Private>(*this, context))
{
    setWindowIcon(appIcon());
    connect(&Theme::instance(), &Theme::changed, this, [this] { d->fitWidth(); });
}

MainWindow::~MainWindow() = default;

QStringList MainWindow::pageNames()
{
    return {u"fleet"_s, u"timing"_s, u"commands"_s, u"activity"_s, u"connections"_s};
}

bool MainWindow::showPage(const QString &name)
{
    const int row = d->pages.rowOf(name);
    if (row < 0)
        return false;
    d->showRow(row);
    return true;
}

QString MainWindow::currentPage() const
{
    return d->pages.page(d->row).name;
}

bool MainWindow::isSettled() const
{
    if (d->row == connectionsRow && d->connections->hubPanel() && d->connections->hubPanel()->isAsking())
        return false;
    return d->row != timingRow || !d->timing->isWorkingOut();
}

FleetPage &MainWindow::fleetPage() const
{
    return *d->fleet;
}

QStringList MainWindow::extraViews() const
{
    if (!d->connections->hubPanel() || d->firstHub() == 0)
        return {};
    return {u"connections-hub"_s, u"connections-hub-discover"_s, u"connections-hub-messages"_s};
}

bool MainWindow::showView(const QString &name)
{
    if (!extraViews().contains(name))
        return false;
    // The hub that is chosen, else the first.
    if (!d->context.sources.settings(d->connections->currentSource()).isHub())
        d->connections->showSource(d->firstHub());
    d->showRow(connectionsRow);
    if (name == "connections-hub-discover"_L1) {
        d->connections->hubPanel()->discover(); // Without an answer there would be nothing to see.
        return true;
    }
    d->connections->hubPanel()->showTab(name == "connections-hub"_L1 ? u"overview"_s : name.section(u'-', -1));
    return true;
}

void MainWindow::openConnectDialog(const SourceSettings &settings)
{
    if (auto *open = findChild<ConnectDialog *>()) {
        open->raise();
        open->activateWindow();
        return;
    }
    auto *dialog = new ConnectDialog(settings, this, d->context.secrets, d->context.tester);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setRemembered(d->context.sources.isRemembered());
    const bool fromConnections = settings.id == 0 && d->row == connectionsRow;
    connect(dialog, &ConnectDialog::submitted, this, [this, fromConnections](const SourceSettings &wanted) {
        d->showsNext = fromConnections;
        emit connectRequested(wanted);
        d->showsNext = false;
    });
    dialog->open();
}

void MainWindow::openConnectDialogFor(SourceKind kind)
{
    SourceSettings settings;
    if (kind == SourceKind::Hub)
        settings = SourceSettings::fromHub({});
    settings.name.clear();
    openConnectDialog(settings);
}

void MainWindow::showNotice(const QString &text, const QString &hint)
{
    d->welcome->setDemoStarting(false);
    d->menus->setDemoStarting(false);
    d->notice->showNotice(text, hint);
}

void MainWindow::showTimesAnew()
{
    d->status->refresh();
    d->activity->showTimesAnew();
    // Everything else asks for its times whenever it paints, or once a second.
    const QList<QWidget *> all = findChildren<QWidget *>();
    for (QWidget *widget : all)
        widget->update();
}

void MainWindow::bringToFront()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::setDemoRunning(bool running)
{
    d->demoRunning = running;
    d->welcome->setDemoStarting(false);
    d->menus->setDemoRunning(running);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!d->mayClose()) {
        event->ignore();
        return;
    }
    d->context.settings.setValue(geometryKey, saveGeometry());
    QMainWindow::closeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    d->fitWidth();
}

// What an operator can do in the window: actions, menus, small dialogs.

namespace {

constexpr auto departedKey = "fleet/departedMinutes"_L1;
constexpr int departedMinutes = 15;
constexpr int mostDepartedMinutes = 24 * 60;
constexpr auto themeKey = "theme"_L1; ///< Read where the program starts, since an option can overrule it.

const std::pair<ThemeChoice, QLatin1String> themeNames[]{
    {ThemeChoice::System, "system"_L1}, {ThemeChoice::Light, "light"_L1}, {ThemeChoice::Dark, "dark"_L1}};

} // namespace

void MainWindow::Private::connectActions()
{
    connect(menus->connectTo, &QAction::triggered, this, [this] { q.openConnectDialog(); });
    connect(menus->connectToHub, &QAction::triggered, this, [this] { q.openConnectDialogFor(SourceKind::Hub); });
    connect(menus->demo, &QAction::triggered, this, &Private::requestDemo);
    connect(menus->quit, &QAction::triggered, &q, &QWidget::close);
    connect(menus->pause, &QAction::triggered, fleet, &FleetPage::togglePause);
    connect(menus->reorder, &QAction::triggered, fleet, &FleetPage::reorderNow);
    connect(menus->copyText, &QAction::triggered, fleet, &FleetPage::copyText);
    connect(menus->copyJson, &QAction::triggered, fleet, &FleetPage::copyJson);
    connect(menus->nextAttention, &QAction::triggered, fleet, &FleetPage::nextAttention);
    connect(menus->previousAttention, &QAction::triggered, fleet, &FleetPage::previousAttention);
    connect(menus->goToId, &QAction::triggered, fleet, &FleetPage::goToId);
    connect(menus->exportList, &QAction::triggered, fleet, &FleetPage::exportList);
    connect(menus->history, &QAction::triggered, this, [this] {
        // Of the worker that is selected, if it is one; else all there is.
        if (stack->currentWidget() == fleet && fleet->selectedWorkers().size() == 1)
            fleet->showHistory();
        else
            showRow(activityRow);
    });
    connect(menus->escape, &QAction::triggered, this, [this] {
        if (row == commandsRow)
            commands->escape();
        else if (row == activityRow)
            activity->escape();
        else
            fleet->escape();
    });
    connect(menus->filter, &QAction::triggered, this, [this] {
        if (row == timingRow) {
            timing->focusFilter();
        } else if (row == commandsRow) {
            commands->focusFilter();
        } else if (row == activityRow) {
            activity->focusFilter();
        } else {
            showRow(fleetRow);
            fleet->focusFilter();
        }
    });
    connect(menus->compareTiming, &QAction::triggered, this, [this] {
        showRow(timingRow);
        timing->showDiff();
    });
    connect(menus->timingMenu, &QMenu::aboutToShow, this, [this] {
        menus->timingMenu->removeAction(menus->compareTiming); // It stays; all others are made anew.
        menus->timingMenu->clear();
        menus->timingMenu->addAction(menus->compareTiming);
        timing->fillMenu(*menus->timingMenu);
    });
    connect(menus->timingMenu, &QMenu::triggered, this, [this] { showRow(timingRow); });
    connect(menus->saveView, &QAction::triggered, this, &Private::saveView);
    connect(menus->legend, &QAction::triggered, this, &Private::showLegend);
    connect(menus->about, &QAction::triggered, this, [this] {
        auto *dialog = new AboutDialog(&q);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(menus, &WindowMenus::pageRequested, this, &Private::showRow);
    connect(menus, &WindowMenus::viewRequested, this, &Private::useView);
    connect(menus, &WindowMenus::themeRequested, this, &Private::setTheme);
    connect(menus, &WindowMenus::zoneRequested, this, &Private::setZone);
    connect(menus, &WindowMenus::departedRequested, this, [this](int minutes) {
        context.settings.setValue(departedKey, minutes);
        keepDeparted();
    });
    keepDeparted();
    menus->viewMenu->addSeparator();
    menus->viewMenu->addAction(fleet->dockAction());
    connect(menus, &WindowMenus::sourceConnectRequested, &q, &MainWindow::reconnectRequested);
    connect(menus, &WindowMenus::sourceDisconnectRequested, &q, &MainWindow::disconnectRequested);
    connect(menus, &WindowMenus::sourceEditRequested, this, [this](SourceId source) { edit(source, false); });
    connect(menus, &WindowMenus::sourceRemoveRequested, this, &Private::remove);
    const auto showSource = [this](SourceId source) {
        connections->showSource(source);
        showRow(connectionsRow);
    };
    connect(menus, &WindowMenus::sourceShowRequested, this, showSource);
    connect(navigation, &NavigationPanel::sourceOpened, this, showSource);
    connect(status, &StatusStrip::sourceClicked, this, showSource);
    connect(navigation, &NavigationPanel::sourceMenuRequested, menus, &WindowMenus::popupSourceMenu);
    connect(connections, &ConnectionsPage::sourceMenuRequested, menus, &WindowMenus::popupSourceMenu);
}

void MainWindow::Private::connectCommands()
{
    connect(menus->commandsMenu, &QMenu::aboutToShow, this, &Private::fillCommands);
    fleet->holdWhileOpen(menus->commandsMenu);
    connect(menus->drain, &QAction::triggered, this, [this] { command(Act::Drain); });
    connect(menus->shutDown, &QAction::triggered, this, [this] { command(Act::Shutdown); });
    connect(menus->lock, &QAction::triggered, actions, &CommandActions::toggleLock);
    connect(status, &StatusStrip::lockClicked, actions, &CommandActions::toggleLock);
    connect(&context.access, &WriteAccess::changed, this, &Private::reviewLock);
    // What was said of an act that was not possible holds no longer.
    connect(&context.access, &WriteAccess::changed, notice, &NoticeBar::endAnswer);
    connect(actions, &CommandActions::issued, notice, &NoticeBar::endAnswer);
    connect(fleet, &FleetPage::selectionChanged, notice, &NoticeBar::endAnswer);
    // A source set read-only, or not any more, changes what there is to unlock.
    connect(&context.sources, &QAbstractItemModel::dataChanged, this, &Private::reviewLock);
    reviewLock();

    const auto showGroup = [this](const QUuid &group) {
        commands->showGroup(group);
        showRow(commandsRow);
    };
    connect(actions, &CommandActions::groupRequested, this, showGroup);
    connect(pausedRolls, &PausedRolls::groupRequested, this, showGroup);
    connect(pausedRolls, &PausedRolls::sourcesRequested, this, [this] { showRow(connectionsRow); });
    connect(commands, &CommandsPage::workerRequested, this, [this](WorkerHandle worker) {
        showRow(fleetRow);
        fleet->showWorker(worker);
    });
    connect(commands, &CommandsPage::noticed, notice, &NoticeBar::showAnswer);
    connect(fleet, &FleetPage::noticed, notice, &NoticeBar::showAnswer);
    connect(activity, &ActivityPage::workerRequested, this, [this](const QString &source, const QByteArray &id) {
        for (const SourceId each : context.store.sources()) {
            const WorkerHandle worker = context.store.find(each, id);
            if (worker != noWorker && (source.isEmpty() || context.store.sourceName(each) == source)) {
                showRow(fleetRow);
                fleet->showWorker(worker);
                return;
            }
        }
        notice->showAnswer(tr("The worker is not in the list any more."), QString());
    });
    for (const auto signal : {&CommandLedger::groupAdded, &CommandLedger::groupChanged})
        connect(&context.ledger, signal, this, &Private::refreshCounts);
}

void MainWindow::Private::fillCommands()
{
    QMenu *menu = menus->commandsMenu;
    qDeleteAll(menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly)); // They are the menu's and would pile up.
    menu->clear();
    const bool fleetShown = row == fleetRow && !context.sources.all().empty();
    fillCommandMenu(*menu, *actions, fleetShown ? fleet->selectedWorkers() : std::vector<WorkerHandle>(), false);
    menu->addSeparator();
    addMatchingMenu(*menu, *actions, fleetShown ? fleet->matchingForMenu() : MatchingWorkers());
    menu->addSeparator();
    menu->addAction(menus->lock);
    if (context.access.isUnlocked() && actions->isLocked()) {
        QAction *more = menu->addAction(glyphIcon(Glyph::Unlock), actions->unlockText());
        more->setObjectName(u"unlockAnother"_s);
        connect(more, &QAction::triggered, actions, &CommandActions::unlock);
    }
    QAction *page = menu->addAction(glyphIcon(Glyph::Commands), tr("Show &Commands"));
    connect(page, &QAction::triggered, this, [this] { showRow(commandsRow); });
}

QuitFacts MainWindow::Private::quitFacts() const
{
    QuitFacts facts;
    facts.rolls = context.rolling.unfinished();
    // Where everybody has been told nothing waits for this window any more.
    std::erase_if(facts.rolls,
                  [](const auto &one) { return one.state != RollingRunner::Unfinished::State::Running || one.queued == 0; });
    for (const auto &[source, changed] : timing->openDrafts())
        facts.drafts.push_back({context.sources.settings(source).name, changed});
    facts.resumable = context.journal && context.journal->state().recording && context.sources.isRemembered();
    return facts;
}

bool MainWindow::Private::mayClose()
{
    if (leaving)
        return true;
    if (auto *open = q.findChild<QuitQuestion *>(); open && open->isVisible()) {
        open->raise();
        open->activateWindow();
        return false;
    }
    const QuitFacts facts = quitFacts();
    if (facts.isNothing())
        return true;
    auto *question = new QuitQuestion(facts, &q);
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::accepted, this, [this] {
        leaving = true;
        q.close();
    });
    question->open();
    return false;
}

/// From the keyboard: where it is not possible the window says why.
void MainWindow::Private::command(Act act)
{
    const std::vector<WorkerHandle> workers = fleet->selectedWorkers();
    const CommandActions::Offer offer = actions->offer(act, workers);
    if (offer.enabled)
        actions->ask(act, workers);
    else
        notice->showAnswer(act == Act::Drain ? tr("Nothing was drained") : tr("Nothing was shut down"),
                           workers.empty() && !fleet->whyNothing().isEmpty() ? fleet->whyNothing() : offer.toolTip);
}

void MainWindow::Private::reviewLock()
{
    const bool open = context.access.isUnlocked();
    menus->lock->setText(open ? tr("&Lock Writing") : tr("Un&lock Writing (5 min)…"));
    menus->lock->setIcon(glyphIcon(open ? Glyph::Lock : Glyph::Unlock));
    menus->lock->setEnabled(open || UnlockQuestion::canUnlock(context.access, context.sources));
    menus->lock->setToolTip(context.access.isForbidden() ? tr("Started with --read-only")
                            : menus->lock->isEnabled()   ? QString()
                                                         : tr("There is no source that is locked"));
    status->refresh();
    connections->refresh();
}

void MainWindow::Private::edit(SourceId source, bool askLogin)
{
    if (context.sources.rowOf(source) < 0)
        return;
    q.openConnectDialog(context.sources.settings(source));
    if (auto *dialog = q.findChild<ConnectDialog *>(); dialog && askLogin)
        dialog->focusLogin();
}

void MainWindow::Private::remove(SourceId source)
{
    const SourceSettings settings = context.sources.settings(source);
    if (settings.demo) {
        emit q.demoStopRequested();
        return;
    }
    auto *question = new QuestionDialog(
        tr("Remove a Source"), tr("Remove %1?").arg(settings.name),
        settings.isHub()
            ? tr("Pulsedeck disconnects and forgets it, with the beats recorded so far. Its actors stay registered in the hub.")
            : tr("Pulsedeck disconnects and forgets it, with the beats recorded so far. Nothing changes in Redis."),
        tr("&Remove"), ButtonRole::Danger, &q);
    question->setObjectName(u"removeQuestion"_s);
    connect(question, &QDialog::accepted, this, [this, source] { emit q.removeRequested(source); });
    question->open();
}

void MainWindow::Private::requestDemo()
{
    if (demoRunning) {
        emit q.demoStopRequested();
        return;
    }
    welcome->setDemoStarting(true);
    menus->setDemoStarting(true);
    emit q.demoRequested();
}

void MainWindow::Private::keepDeparted()
{
    const int minutes = qBound(1, context.settings.value(departedKey, departedMinutes).toInt(), mostDepartedMinutes);
    context.store.setDepartedForMs(minutes * 60'000LL);
    menus->setDepartedMinutes(minutes);
}

void MainWindow::Private::setZone(ShownZone zone)
{
    setShownZone(zone);
    context.settings.setValue(MainWindow::zoneKey, shownZoneName(zone));
    q.showTimesAnew();
}

void MainWindow::Private::setTheme(ThemeChoice choice)
{
    Theme::instance().setChoice(choice);
    for (const auto &[known, name] : themeNames) {
        if (known == choice)
            context.settings.setValue(themeKey, QString(name));
    }
}

void MainWindow::Private::useView(int view)
{
    fleet->setFilterText(views.filterText(view));
    showRow(fleetRow);
}

void MainWindow::Private::saveView()
{
    const QString text = fleet->filterText().trimmed();
    if (text.isEmpty())
        return;
    auto *dialog = new QuestionDialog(tr("Save the Filter as a View"), tr("Save this filter as a view?"), text.left(80),
                                      tr("&Save"), ButtonRole::Primary, &q);
    dialog->setObjectName(u"saveViewQuestion"_s);
    QLineEdit *field = dialog->addField(tr("Name"), text.left(40));
    connect(dialog, &QDialog::accepted, this, [this, text, field] {
        const QString name = field->text();
        if (views.save(name, text))
            navigation->setCurrentView(views.rowOf(text));
        else
            notice->showAnswer(tr("The view was not saved"),
                               tr("There are %1 already: remove one first.").arg(SavedViews::maxOwn));
    });
    dialog->open();
}

void MainWindow::Private::showLegend()
{
    if (!legend)
        legend = new LegendDialog(&q);
    legend->show();
    legend->raise();
    legend->activateWindow();
}

} // namespace pulsedeck
