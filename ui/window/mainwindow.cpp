// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/mainwindow.h"

#include "ui/activity/activitypage.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commandspage.h"
#include "ui/common/boxes.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/sourcewords.h"
#include "ui/common/tabchain.h"
#include "ui/fleet/fleetpage.h"
#include "ui/hub/hubpanel.h"
#include "ui/queues/queuespage.h"
#include "ui/sources/connectionspage.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timelinepage.h"
#include "ui/timing/askforfile.h"
#include "ui/timing/timingpage.h"
#include "ui/window/aboutdialog.h"
#include "ui/window/appicon.h"
#include "ui/window/historydialog.h"
#include "ui/window/layoutmemory.h"
#include "ui/window/legenddialog.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/pausedrolls.h"
#include "ui/window/quitcheck.h"
#include "ui/window/recordingimportdialog.h"
#include "ui/window/savedviews.h"
#include "ui/window/shortcutguard.h"
#include "ui/window/sourcequestions.h"
#include "ui/window/statusstrip.h"
#include "ui/window/travelbar.h"
#include "ui/window/welcomepage.h"
#include "ui/window/windowchoices.h"
#include "ui/window/windowcommands.h"
#include "ui/window/windowmenus.h"
#include "ui/window/windowpages.h"
#include "ui/window/windowtravel.h"
#include "ui/window/windowviews.h"

#include <QAction>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QMenu>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int compactBelow = 1180; ///< Window width in the design's pixels below which the navigation shows icons only.
constexpr QSize smallest(1060, 680);
constexpr QSize preferred(1440, 900);

constexpr auto geometryKey = "window/geometry"_L1;

} // namespace

/// The window's parts and how they work together.
class MainWindow::Private : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(MainWindow)

public:
    Private(MainWindow &owner, const WindowContext &windowContext);

    void build();
    void connectActions();
    void connectPages();
    void connectCommands();
    void makeTravel();
    void restore();
    void everySecond();
    void review();
    void requestDemo();
    void showLegend();
    void fitWidth();

    MainWindow &q;
    WindowContext context;
    CommandContext commandContext;
    TimingContext timingContext;
    NavigationModel navigationRows;
    SavedViews views;
    WindowMenus *menus = nullptr;
    NavigationPanel *navigation = nullptr;
    NoticeBar *notice = nullptr;
    PausedRolls *pausedRolls = nullptr;
    QStackedWidget *stack = nullptr;
    WindowPages *pages = nullptr;
    WindowViews *windowViews = nullptr;
    QuitCheck *quitCheck = nullptr;
    HubPanel *hubPanel = nullptr; ///< Null: there are no hubs.
    WelcomePage *welcome = nullptr;
    FleetPage *fleet = nullptr;
    TimelinePage *timeline = nullptr;
    QueuesPage *queues = nullptr;
    TimingPage *timing = nullptr;
    CommandActions *actions = nullptr;
    WindowCommands *windowCommands = nullptr;
    SourceQuestions *questions = nullptr;
    CommandsPage *commands = nullptr;
    ActivityPage *activity = nullptr;
    ConnectionsPage *connections = nullptr;
    StatusStrip *status = nullptr;
    QWidget *presentLines = nullptr; ///< Message lines about the present.
    std::unique_ptr<WindowTravel> travel; ///< Null: nothing of the past is kept.
    QVBoxLayout *lines = nullptr; ///< Above the pages.
    QVBoxLayout *whole = nullptr;
    LegendDialog *legend = nullptr;
    QTimer clockTimer;
    bool demoRunning = false;
};

MainWindow::Private::Private(MainWindow &owner, const WindowContext &windowContext)
    : q(owner)
    , context(windowContext)
    , commandContext{context.store,  context.sources, context.ledger,  context.rolling,
                     context.access, context.clock,   context.settings}
    , timingContext{context.store,  context.sources, context.clock, context.settings, context.ledger,
                    context.access, context.timing,  context.hubs,  context.layouts}
    , views(windowContext.settings)
{
    setShownZone(shownZoneFromName(context.settings.value(zoneKey).toString())); // Before anybody shows a time.
    build();
    connectActions();
    connectPages();
    connectCommands();
    if (context.history)
        makeTravel();
    restore();
    review();
    everySecond();
}

void MainWindow::Private::build()
{
    menus = new WindowMenus(q, views, context.store, context.sources);
    navigation = new NavigationPanel(navigationRows, context.sources, views, &q);
    welcome = new WelcomePage(&q);
    stack = new QStackedWidget(&q);
    stack->addWidget(welcome);
    fleet = new FleetPage(context.store, context.sources, context.settings, &q);
    timeline = new TimelinePage(context.store, fleet->list(), context.journal, context.history, context.settings, &q);
    queues = new QueuesPage(context.store, context.sources, context.settings, &q);
    notice = new NoticeBar(fleet->banner(), &q);
    pausedRolls = new PausedRolls(context.rolling, &q);
    timing = new TimingPage(timingContext, context.timingFiles, &q);
    actions = new CommandActions(commandContext, &q);
    commands = new CommandsPage(*actions, &q);
    activity = new ActivityPage(context.journal, context.clock, context.settings, &q);
    activity->setOperator(context.ledger.operatorName());
    if (context.hubs)
        hubPanel = new HubPanel(*context.hubs, context.store, context.sources, context.access, context.clock, &q);
    connections = new ConnectionsPage(context.store, context.sources, context.access, context.clock, context.hubs, hubPanel,
                                      context.secrets, context.tester, &q);
    status = new StatusStrip(context.store, context.sources, context.access, context.clock, context.hubs, &q);
    fleet->setCommands(actions);
    queues->setCommands(actions);
    questions = new SourceQuestions(context.sources, context.secrets, context.tester, q);
    windowCommands = new WindowCommands({*menus, *actions, *fleet, *notice, context.access, context.sources}, this);
    pages = new WindowPages({q, context.sources, context.settings, navigationRows, *navigation, *menus, *notice, *stack, *welcome,
                             *fleet, *timing, context.history},
                            this);
    // The order of the navigation. Their names are in pageNames() too.
    for (Page *each : std::initializer_list<Page *>{fleet, queues, timeline, timing, commands, activity, connections})
        pages->add(each);
    windowViews = new WindowViews({context.store, views, *fleet, *menus, *navigation, *notice, *status, q}, this);
    quitCheck = new QuitCheck({q, context.rolling, *timing, context.sources, context.journal}, this);

    auto *central = new Band(Qt::TopEdge, Band::Ground::Chrome, &q);
    presentLines = new QWidget(&q);
    addWidgets(vbox(presentLines, 0), {pausedRolls});
    lines = vbox(0);
    addWidgets(lines, {notice, presentLines});
    lines->addWidget(stack, 1);
    auto *middle = hbox(0);
    middle->addWidget(navigation);
    middle->addLayout(lines, 1);
    whole = vbox(central, 0);
    whole->addLayout(middle, 1);
    whole->addWidget(status);
    q.setCentralWidget(central);
    q.setContextMenuPolicy(Qt::NoContextMenu);
    new ShortcutGuard(this);
    new NeighbourFocus(this);
}

void MainWindow::Private::makeTravel()
{
    travel = std::make_unique<WindowTravel>(WindowTravel::Parts{context.store, context.sources, *stack, *fleet, *timeline,
                                                                *timing, timingContext, *activity, pages->all(), *menus,
                                                                *windowCommands, *navigation, *notice, *status, *presentLines},
                                            *context.history, &q);
    lines->insertWidget(0, &travel->bar());
    pages->setTravel(*travel);
    connect(travel.get(), &WindowTravel::pagesMade, this,
            [this](const std::vector<Page *> &, QWidget *strip) { whole->addWidget(strip); });
    connect(travel.get(), &WindowTravel::changed, this, [this] { windowViews->setAway(travel->isAway()); });
}

void MainWindow::Private::connectPages()
{
    connect(windowViews, &WindowViews::filterRequested, pages, &WindowPages::showFiltered);
    connect(status, &StatusStrip::moreClicked, this, [this] { pages->show(connections); });
    connect(status, &StatusStrip::skewClicked, this, [this] { pages->showFiltered(u"skew>1s"_s); });

    connect(welcome, &WelcomePage::connectRequested, &q, &MainWindow::openConnectDialogFor);
    connect(welcome, &WelcomePage::demoRequested, this, &Private::requestDemo);

    connect(fleet, &FleetPage::reconnectRequested, &q, &MainWindow::reconnectRequested);
    connect(fleet, &FleetPage::editRequested, this,
            [this](SourceId source) { questions->edit(source, isLoginTrouble(context.store.sourceStatus(source))); });
    connect(fleet, &FleetPage::messageRequested, this, [this](SourceId hub, const QString &address) {
        pages->show(connections);
        connections->showSource(hub);
        if (hubPanel)
            hubPanel->writeTo(address);
    });
    connect(fleet, &FleetPage::historyRequested, this, [this](const QByteArray &worker) {
        activity->showWorker(worker);
        pages->show(activity);
    });
    connect(timeline, &TimelinePage::queueRequested, this, [this](const QueueKey &queue) {
        pages->show(queues);
        queues->showQueue(queue);
    });

    connect(connections, &ConnectionsPage::addRequested, this, [this] { q.openConnectDialog(); });
    connect(connections, &ConnectionsPage::demoRequested, this, &Private::requestDemo);
    connect(connections, &ConnectionsPage::connectRequested, &q, &MainWindow::reconnectRequested);
    connect(connections, &ConnectionsPage::disconnectRequested, &q, &MainWindow::disconnectRequested);
    connect(connections, &ConnectionsPage::saved, &q, &MainWindow::connectRequested);
    connect(connections, &ConnectionsPage::passwordRequested, this, [this](SourceId source) { questions->edit(source, true); });
    connect(connections, &ConnectionsPage::lookAgainRequested, &q, &MainWindow::lookForSystemsRequested);
    connect(connections, &ConnectionsPage::layoutMade, &q, &MainWindow::layoutMade);
    connections->setLayoutFolder(context.layoutFolder);
    questions->setLayoutFolder(context.layoutFolder);
    connect(questions, &SourceQuestions::layoutMade, &q, &MainWindow::layoutMade);
    connect(connections, &ConnectionsPage::removeRequested, questions, &SourceQuestions::remove);
    connect(questions, &SourceQuestions::connectRequested, &q, &MainWindow::connectRequested);
    connect(questions, &SourceQuestions::removeRequested, &q, &MainWindow::removeRequested);
    connect(questions, &SourceQuestions::demoStopRequested, &q, &MainWindow::demoStopRequested);
    connect(questions, &SourceQuestions::added, connections, &ConnectionsPage::showSource);

    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&context.sources, signal, this, &Private::review);
    connect(&context.sources, &QAbstractItemModel::modelReset, this, &Private::review);
    connect(&context.store, &FleetStore::pausedChanged, menus->pause, &QAction::setChecked);

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
    pages->restore();
}

void MainWindow::Private::review()
{
    if (!context.sources.all().empty())
        welcome->setDemoStarting(false);
    pages->refresh();
    pages->refreshCounts();
    windowCommands->reviewLock();
    fitWidth();
}

void MainWindow::Private::everySecond()
{
    if (q.isMinimized())
        return; // It is called again when the window is shown.
    status->refresh();
    if (travel)
        travel->refresh();
    pages->shown()->refresh();
}

void MainWindow::Private::fitWidth()
{
    navigation->setCompact(q.width() < px(compactBelow));
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
    return {u"fleet"_s, u"queues"_s, u"timeline"_s, u"timing"_s, u"commands"_s, u"activity"_s, u"connections"_s};
}

void MainWindow::addPage(Page *page)
{
    d->pages->add(page, d->connections);
}

bool MainWindow::showPage(const QString &name)
{
    Page *page = d->pages->named(name);
    if (page)
        d->pages->show(page);
    return page;
}

QString MainWindow::currentPage() const
{
    return d->pages->chosen()->name();
}

bool MainWindow::isSettled() const
{
    return d->pages->shown()->isSettled() && (!d->travel || d->travel->travel().isSettled());
}

FleetPage &MainWindow::fleetPage() const
{
    return *d->fleet;
}

QStringList MainWindow::extraViews() const
{
    QStringList names;
    for (const Page *page : d->pages->all()) {
        for (const QString &view : page->views())
            names.append(page->name() + u'-' + view);
    }
    return names;
}

bool MainWindow::showView(const QString &name)
{
    if (!extraViews().contains(name))
        return false;
    Page *page = d->pages->named(name.section(u'-', 0, 0));
    page->showView(name.section(u'-', 1));
    d->pages->show(page);
    return true;
}

void MainWindow::openConnectDialog(const SourceSettings &settings)
{
    if (d->context.history && d->context.history->state().shown) {
        showNotice(tr("This window shows a file"), tr("Connect to sources in another window."));
        return;
    }
    d->questions->connectTo(settings, settings.id == 0 && d->pages->chosen() == d->connections);
}

void MainWindow::openConnectDialogFor(SourceKind kind)
{
    openConnectDialog(SourceSettings::ofKind(kind));
}

void MainWindow::showNotice(const QString &text, const QString &hint)
{
    d->welcome->setDemoStarting(false);
    d->menus->setDemoStarting(false);
    d->notice->showNotice(text, hint);
}

void MainWindow::setTitleNote(const QString &note)
{
    d->pages->setTitleNote(note);
}

void MainWindow::refreshTimes()
{
    d->status->refresh();
    for (Page *page : d->pages->all())
        page->refreshTimes();
    // Everything else reads its times when it paints, or once a second.
    const QList<QWidget *> all = findChildren<QWidget *>();
    for (QWidget *widget : all)
        widget->update();
}

void MainWindow::showMoment(qint64 at)
{
    if (d->travel)
        d->travel->travel().goTo(at);
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

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::WindowStateChange && d->status) {
        setUpdatesEnabled(!isMinimized()); // Whether or not the window system knows that nobody sees it.
        d->everySecond();
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!d->quitCheck->mayClose()) {
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

void MainWindow::Private::connectActions()
{
    for (const QAction *action : std::as_const(menus->connects))
        connect(action, &QAction::triggered, this,
                [this, action] { q.openConnectDialogFor(action->data().value<SourceKind>()); });
    connect(menus->demo, &QAction::triggered, this, &Private::requestDemo);
    connect(menus->quit, &QAction::triggered, &q, &QWidget::close);
    connect(menus->pause, &QAction::triggered, fleet, &FleetPage::togglePause);
    const std::pair<QAction *, void (FleetPage::*)()> ofFleet[]{{menus->reorder, &FleetPage::reorderNow},
                                                                {menus->copyText, &FleetPage::copyText},
                                                                {menus->copyJson, &FleetPage::copyJson},
                                                                {menus->nextAttention, &FleetPage::nextAttention},
                                                                {menus->previousAttention, &FleetPage::previousAttention},
                                                                {menus->goToId, &FleetPage::goToId},
                                                                {menus->exportList, &FleetPage::exportList}};
    for (const auto &[action, act] : ofFleet)
        connect(action, &QAction::triggered, this, [this, act = act] { (pages->fleet().*act)(); });
    connect(menus->history, &QAction::triggered, this, [this] {
        // Of the worker that is selected, if it is one; else all there is.
        FleetPage &shown = pages->fleet();
        if (stack->currentWidget() == &shown && shown.selectedWorkers().size() == 1)
            shown.showHistory();
        else
            pages->show(activity);
    });
    connect(menus->escape, &QAction::triggered, this, [this] { pages->shown()->escape(); });
    connect(menus->filter, &QAction::triggered, this, [this] {
        if (!pages->shown()->isSearchable())
            pages->show(fleet);
        pages->shown()->focusFilter();
    });
    connect(menus->compareTiming, &QAction::triggered, this, [this] {
        pages->show(timing);
        pages->timing().showDiff();
    });
    connect(menus->timingMenu, &QMenu::aboutToShow, this, [this] {
        menus->timingMenu->removeAction(menus->compareTiming); // It stays; all others are made again.
        menus->timingMenu->clear();
        menus->timingMenu->addAction(menus->compareTiming);
        pages->timing().fillMenu(*menus->timingMenu);
    });
    connect(menus->timingMenu, &QMenu::triggered, this, [this] { pages->show(timing); });
    connect(menus->legend, &QAction::triggered, this, &Private::showLegend);
    connect(menus->past, &QAction::triggered, this, [this] {
        auto *dialog = selfDeleting(new HistoryDialog(context.history, context.settings, &q));
        dialog->show();
    });
    connect(menus->openPast, &QAction::triggered, this, [this] {
        askForFile(&q, tr("Open History File"), tr("History (*.sqlite);;All files (*)"),
                   [this](const QString &path) { emit q.historyFileRequested(path); });
    });
    menus->importRecording->setEnabled(context.importer);
    connect(menus->importRecording, &QAction::triggered, this, [this] {
        RecordingImportDialog::ask(*context.importer, context.settings, &q,
                                   [this](const QString &path) { emit q.historyFileRequested(path); });
    });
    connect(menus->about, &QAction::triggered, this, [this] {
        auto *dialog = selfDeleting(new AboutDialog(&q));
        dialog->open();
    });
    auto *choices = new WindowChoices(*menus, context.store, context.settings, this);
    connect(choices, &WindowChoices::zoneChanged, &q, &MainWindow::refreshTimes);
    menus->viewMenu->addSeparator();
    menus->viewMenu->addAction(fleet->dockAction());
    connect(menus, &WindowMenus::sourceConnectRequested, &q, &MainWindow::reconnectRequested);
    connect(menus, &WindowMenus::sourceDisconnectRequested, &q, &MainWindow::disconnectRequested);
    connect(menus, &WindowMenus::sourceEditRequested, this, [this](SourceId source) { questions->edit(source, false); });
    connect(menus, &WindowMenus::systemsRequested, &q, &MainWindow::lookForSystemsRequested);
    connect(menus, &WindowMenus::sourceRemoveRequested, questions, &SourceQuestions::remove);
    const auto showSource = [this](SourceId source) {
        connections->showSource(source);
        pages->show(connections);
    };
    connect(menus, &WindowMenus::sourceShowRequested, this, showSource);
    connect(navigation, &NavigationPanel::sourceOpened, this, showSource);
    connect(status, &StatusStrip::sourceClicked, this, showSource);
    connect(navigation, &NavigationPanel::sourceMenuRequested, menus, &WindowMenus::popupSourceMenu);
    connect(connections, &ConnectionsPage::sourceMenuRequested, menus, &WindowMenus::popupSourceMenu);
}

void MainWindow::Private::connectCommands()
{
    connect(windowCommands, &WindowCommands::commandsPageRequested, this, [this] { pages->show(commands); });
    connect(windowCommands, &WindowCommands::lockReviewed, status, &StatusStrip::refresh);
    connect(windowCommands, &WindowCommands::lockReviewed, this, [this] { connections->refresh(); });
    connect(status, &StatusStrip::lockClicked, actions, &CommandActions::toggleLock);

    const auto showGroup = [this](const QUuid &group) {
        commands->showGroup(group);
        pages->show(commands);
    };
    connect(actions, &CommandActions::groupRequested, this, showGroup);
    connect(pausedRolls, &PausedRolls::groupRequested, this, showGroup);
    connect(pausedRolls, &PausedRolls::sourcesRequested, this, [this] { pages->show(connections); });
    connect(activity, &ActivityPage::recordedWorkerRequested, pages, &WindowPages::showRecordedWorker);
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

void MainWindow::Private::showLegend()
{
    if (!legend)
        legend = new LegendDialog(&q);
    legend->show();
    legend->raise();
    legend->activateWindow();
}

} // namespace pulsedeck
