// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/mainwindow.h"

#include "models/core/format.h"
#include "models/journal/journal.h"
#include "ui/activity/activitypage.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commandspage.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/questiondialog.h"
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
#include "ui/window/fleetsummary.h"
#include "ui/window/historydialog.h"
#include "ui/window/layoutmemory.h"
#include "ui/window/legenddialog.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/pausedrolls.h"
#include "ui/window/quitquestion.h"
#include "ui/window/savedviews.h"
#include "ui/window/shortcutguard.h"
#include "ui/window/sourcequestions.h"
#include "ui/window/statusstrip.h"
#include "ui/window/travelbar.h"
#include "ui/window/welcomepage.h"
#include "ui/window/windowcommands.h"
#include "ui/window/windowmenus.h"
#include "ui/window/windowtravel.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
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
constexpr auto pageKey = "window/page"_L1;

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
    void addPage(Page *added);
    void connectPage(Page *added);
    /// Of the time that is shown.
    FleetPage &fleetShown() const { return travel ? travel->fleet() : *fleet; }
    TimingPage &timingShown() const { return travel ? travel->timing() : *timing; }
    /// The page that is chosen, or what stands in for it while another time is shown.
    Page *pageShown() const { return travel ? travel->shownFor(page) : page; }
    void refreshTitle();
    void countViews();
    Page *pageNamed(const QString &name) const;
    void showPage(Page *wanted);
    void showWorker(WorkerHandle worker);
    void showFiltered(const QString &filter);
    /// The welcome page stands in for the Fleet page while there is no source to show.
    QWidget *shownWidget() const;
    QWidget *entryOf(QWidget *shown);
    void refreshPage();
    QString shownFileText() const;
    void refreshCounts();
    void everySecond();
    void review();
    void requestDemo();
    void setZone(ShownZone zone);
    void setTheme(ThemeChoice choice);
    void keepDeparted();
    void useView(int row);
    void saveView();
    void showLegend();
    void fitWidth();
    QuitFacts quitFacts() const;
    /// False if a question is asked first; its answer then closes the window.
    bool mayClose();

    MainWindow &q;
    WindowContext context;
    CommandContext commandContext;
    TimingContext timingContext;
    NavigationModel navigationRows;
    std::vector<Page *> pages; ///< In the order of the navigation.
    QHash<QWidget *, QPointer<QWidget>> entries; ///< See entryOf().
    Page *page = nullptr; ///< The one that is chosen.
    SavedViews views;
    FleetSummary survey;
    WindowMenus *menus = nullptr;
    NavigationPanel *navigation = nullptr;
    NoticeBar *notice = nullptr;
    PausedRolls *pausedRolls = nullptr;
    QStackedWidget *stack = nullptr;
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
    QString titleNote;
    bool demoRunning = false;
    bool leaving = false; ///< The question before closing was answered.
};

MainWindow::Private::Private(MainWindow &owner, const WindowContext &windowContext)
    : q(owner)
    , context(windowContext)
    , commandContext{context.store,  context.sources, context.ledger,  context.rolling,
                     context.access, context.clock,   context.settings}
    , timingContext{context.store,  context.sources, context.clock, context.settings, context.ledger,
                    context.access, context.timing,  context.hubs,  context.layouts}
    , views(windowContext.settings)
    , survey(windowContext.store)
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
    // The order of the navigation. Their names are in pageNames() too.
    for (Page *each : std::initializer_list<Page *>{fleet, timeline, queues, timing, commands, activity, connections})
        addPage(each);

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
    const std::vector<std::pair<Page *, QString>> presentOnly{
        {commands, tr("Which commands were given until then stands on the Activity page.")},
        {connections,
         tr("Sources are connected, changed and removed now, not in the past. How they were stands at the left and at "
            "the bottom of the window.")}};
    travel = std::make_unique<WindowTravel>(WindowTravel::Parts{context.store, context.sources, *stack, *fleet, *timeline,
                                                                *timing, timingContext, *activity, presentOnly, *menus,
                                                                *windowCommands, *navigation, *notice, *status, *presentLines},
                                            *context.history, &q);
    lines->insertWidget(0, &travel->bar());
    connect(travel.get(), &WindowTravel::pagesMade, this, [this](const std::vector<Page *> &made, QWidget *strip) {
        for (Page *each : made)
            connectPage(each);
        whole->addWidget(strip);
    });
    connect(travel.get(), &WindowTravel::pastWorkerRequested, this, [this](WorkerHandle worker) {
        showPage(fleet);
        fleetShown().showWorker(worker);
    });
    connect(travel.get(), &WindowTravel::changed, this, [this] {
        refreshPage();
        refreshCounts();
        countViews();
    });
    connect(travel.get(), &WindowTravel::countChanged, this, &Private::refreshCounts);
    connect(travel.get(), &WindowTravel::titleChanged, this, &Private::refreshTitle);
}

void MainWindow::Private::connectPages()
{
    const auto showNumbered = [this](int row) { showPage(pages[size_t(row)]); };
    connect(navigation, &NavigationPanel::pageChosen, this, showNumbered);
    connect(menus, &WindowMenus::pageRequested, this, showNumbered);
    connect(navigation, &NavigationPanel::viewChosen, this, &Private::useView);
    connect(navigation, &NavigationPanel::saveViewRequested, this, &Private::saveView);
    connect(status, &StatusStrip::moreClicked, this, [this] { showPage(connections); });
    connect(status, &StatusStrip::skewClicked, this, [this] { showFiltered(u"skew>1s"_s); });

    connect(welcome, &WelcomePage::connectRequested, &q, &MainWindow::openConnectDialogFor);
    connect(welcome, &WelcomePage::demoRequested, this, &Private::requestDemo);

    connect(fleet, &FleetPage::reconnectRequested, &q, &MainWindow::reconnectRequested);
    connect(fleet, &FleetPage::editRequested, this,
            [this](SourceId source) { questions->edit(source, isLoginTrouble(context.store.sourceStatus(source))); });
    connect(fleet, &FleetPage::messageRequested, this, [this](SourceId hub, const QString &address) {
        showPage(connections);
        connections->showSource(hub);
        if (hubPanel)
            hubPanel->writeTo(address);
    });
    connect(fleet, &FleetPage::historyRequested, this, [this](const QByteArray &worker) {
        activity->showWorker(worker);
        showPage(activity);
    });
    connect(timeline, &TimelinePage::queueRequested, this, [this](const QueueKey &queue) {
        showPage(queues);
        queues->showQueue(queue);
    });
    connect(fleet, &FleetPage::filterChanged, this, [this](const QString &text) {
        navigation->setCurrentView(views.rowOf(text));
        menus->saveView->setEnabled(!text.trimmed().isEmpty());
        navigation->setSaveEnabled(!text.trimmed().isEmpty());
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
    connect(&survey, &FleetSummary::attentionChanged, this, &Private::countViews);
    connect(&survey, &FleetSummary::finished, this, [this] {
        countViews();
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
    page = pageNamed(context.settings.value(pageKey).toString());
    if (!page)
        page = fleet;
}

void MainWindow::Private::review()
{
    if (!context.sources.all().empty())
        welcome->setDemoStarting(false);
    refreshPage();
    refreshCounts();
    windowCommands->reviewLock();
    fitWidth();
}

void MainWindow::Private::addPage(Page *added)
{
    const int row = int(pages.size());
    pages.push_back(added);
    navigationRows.addPage(added->name(), added->title(), added->glyph());
    menus->addPage(added->title());
    stack->addWidget(added);
    const auto count = [this, added, row] {
        if (!travel || travel->shownFor(added) == added)
            navigationRows.setCount(row, added->navigationText());
    };
    connect(added, &Page::countChanged, this, count);
    connect(added, &Page::workerRequested, this, &Private::showWorker);
    connectPage(added);
    count();
}

/// What a page of any time asks for.
void MainWindow::Private::connectPage(Page *added)
{
    connect(added, &Page::filterRequested, this, &Private::showFiltered);
    connect(added, &Page::noticed, notice, &NoticeBar::showAnswer);
}

Page *MainWindow::Private::pageNamed(const QString &name) const
{
    const auto found = std::find_if(pages.begin(), pages.end(), [&name](const Page *one) { return one->name() == name; });
    return found == pages.end() ? nullptr : *found;
}

void MainWindow::Private::showPage(Page *wanted)
{
    if (page != wanted)
        notice->endAnswer();
    page = wanted;
    refreshPage();
    context.settings.setValue(pageKey, page->name());
}

void MainWindow::Private::showWorker(WorkerHandle worker)
{
    const WorkerHandle shown = travel ? travel->shownHandle(worker) : worker;
    if (shown == noWorker && worker != noWorker) {
        notice->showAnswer(tr("The worker was not there then."), QString());
        return;
    }
    showPage(fleet);
    fleetShown().showWorker(shown);
}

void MainWindow::Private::showFiltered(const QString &filter)
{
    fleetShown().setFilterText(filter);
    showPage(fleet);
}

QWidget *MainWindow::Private::shownWidget() const
{
    const bool away = travel && travel->isAway();
    return page == fleet && !away && context.sources.all().empty() ? static_cast<QWidget *>(welcome) : pageShown();
}

/// What has the keyboard first. A page that hands it on by itself is a stop of Tab in front of everything in it, from which Tab
/// leads past all that stands before its entry.
QWidget *MainWindow::Private::entryOf(QWidget *shown)
{
    if (QWidget *proxy = shown->focusProxy()) {
        shown->setFocusProxy(nullptr);
        entries.insert(shown, proxy);
    }
    QWidget *entry = entries.value(shown);
    return entry ? entry : shown;
}

void MainWindow::Private::refreshPage()
{
    QWidget *shown = shownWidget();
    const bool changes = stack->currentWidget() != shown;
    // The focus stays in the navigation; from anywhere else it moves to the page.
    const bool stays = navigation->isAncestorOf(QApplication::focusWidget());
    QWidget *entry = entryOf(shown);
    stack->setCurrentWidget(shown);
    if (changes && !stays)
        entry->setFocus(Qt::OtherFocusReason);
    const int row = navigationRows.rowOf(page->name());
    notice->setSourcesShown(shown == fleet);
    navigation->setCurrentPage(row);
    menus->setCurrentPage(row);
    menus->setFleetShown(shown == &fleetShown());
    menus->escape->setEnabled(shown != welcome && pageShown()->hasEscape());
    pageShown()->refresh();
    refreshTitle();
}

void MainWindow::Private::refreshTitle()
{
    const QString when = travel ? travel->titlePart() : QString();
    const QString what = stack->currentWidget() == welcome ? QString() : page->title();
    const QString title = what.isEmpty()   ? u"Pulsedeck"_s // untranslated: a name
                          : when.isEmpty() ? QString(u"Pulsedeck · "_s + what) // untranslated: a name
                                           : tr("Pulsedeck · %1 %2", "a page, and of which time").arg(what, when);
    q.setWindowTitle(title + (titleNote.isEmpty() ? QString() : QString(u" · "_s + titleNote)) + shownFileText());
}

/// For the title of a window that shows a file.
QString MainWindow::Private::shownFileText() const
{
    const HistoryState state = context.history ? context.history->state() : HistoryState();
    return state.shown ? u" · "_s + tr("shown from %1, nothing is recorded").arg(QFileInfo(state.path).fileName()) : QString();
}

/// Of the present; while another time is shown they are not known.
void MainWindow::Private::countViews()
{
    const bool away = travel && travel->isAway();
    views.setCounts(away ? std::vector<int>(size_t(views.rowCount()), -1) : survey.counts());
}

void MainWindow::Private::refreshCounts()
{
    for (size_t row = 0; row < pages.size(); ++row)
        navigationRows.setCount(int(row), (travel ? travel->shownFor(pages[row]) : pages[row])->navigationText());
}

void MainWindow::Private::everySecond()
{
    if (q.isMinimized())
        return; // It is called again when the window is shown.
    status->refresh();
    if (travel)
        travel->refresh();
    pageShown()->refresh();
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
    return {u"fleet"_s, u"timeline"_s, u"queues"_s, u"timing"_s, u"commands"_s, u"activity"_s, u"connections"_s};
}

void MainWindow::addPage(Page *page)
{
    d->addPage(page);
}

bool MainWindow::showPage(const QString &name)
{
    Page *page = d->pageNamed(name);
    if (page)
        d->showPage(page);
    return page;
}

QString MainWindow::currentPage() const
{
    return d->page->name();
}

bool MainWindow::isSettled() const
{
    return d->pageShown()->isSettled() && (!d->travel || d->travel->travel().isSettled());
}

FleetPage &MainWindow::fleetPage() const
{
    return *d->fleet;
}

QStringList MainWindow::extraViews() const
{
    QStringList names;
    for (const Page *page : d->pages) {
        for (const QString &view : page->views())
            names.append(page->name() + u'-' + view);
    }
    return names;
}

bool MainWindow::showView(const QString &name)
{
    if (!extraViews().contains(name))
        return false;
    Page *page = d->pageNamed(name.section(u'-', 0, 0));
    page->showView(name.section(u'-', 1));
    d->showPage(page);
    return true;
}

void MainWindow::openConnectDialog(const SourceSettings &settings)
{
    if (d->context.history && d->context.history->state().shown) {
        showNotice(tr("This window shows a file"), tr("Connect to sources in another window."));
        return;
    }
    d->questions->connectTo(settings, settings.id == 0 && d->page == d->connections);
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
    if (std::exchange(d->titleNote, note) != note)
        d->refreshTitle();
}

void MainWindow::refreshTimes()
{
    d->status->refresh();
    for (Page *page : d->pages)
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
        connect(action, &QAction::triggered, this, [this, act = act] { (fleetShown().*act)(); });
    connect(menus->history, &QAction::triggered, this, [this] {
        // Of the worker that is selected, if it is one; else all there is.
        FleetPage &shown = fleetShown();
        if (stack->currentWidget() == &shown && shown.selectedWorkers().size() == 1)
            shown.showHistory();
        else
            showPage(activity);
    });
    connect(menus->escape, &QAction::triggered, this, [this] { pageShown()->escape(); });
    connect(menus->filter, &QAction::triggered, this, [this] {
        if (!pageShown()->isSearchable())
            showPage(fleet);
        pageShown()->focusFilter();
    });
    connect(menus->compareTiming, &QAction::triggered, this, [this] {
        showPage(timing);
        timingShown().showDiff();
    });
    connect(menus->timingMenu, &QMenu::aboutToShow, this, [this] {
        menus->timingMenu->removeAction(menus->compareTiming); // It stays; all others are made again.
        menus->timingMenu->clear();
        menus->timingMenu->addAction(menus->compareTiming);
        timingShown().fillMenu(*menus->timingMenu);
    });
    connect(menus->timingMenu, &QMenu::triggered, this, [this] { showPage(timing); });
    connect(menus->saveView, &QAction::triggered, this, &Private::saveView);
    connect(menus->legend, &QAction::triggered, this, &Private::showLegend);
    connect(menus->past, &QAction::triggered, this, [this] {
        auto *dialog = selfDeleting(new HistoryDialog(context.history, context.settings, &q));
        dialog->show();
    });
    connect(menus->openPast, &QAction::triggered, this, [this] {
        askForFile(&q, tr("Open History File"), tr("History (*.sqlite);;All files (*)"),
                   [this](const QString &path) { emit q.historyFileRequested(path); });
    });
    connect(menus->about, &QAction::triggered, this, [this] {
        auto *dialog = selfDeleting(new AboutDialog(&q));
        dialog->open();
    });
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
    connect(menus, &WindowMenus::sourceEditRequested, this, [this](SourceId source) { questions->edit(source, false); });
    connect(menus, &WindowMenus::systemsRequested, &q, &MainWindow::lookForSystemsRequested);
    connect(menus, &WindowMenus::sourceRemoveRequested, questions, &SourceQuestions::remove);
    const auto showSource = [this](SourceId source) {
        connections->showSource(source);
        showPage(connections);
    };
    connect(menus, &WindowMenus::sourceShowRequested, this, showSource);
    connect(navigation, &NavigationPanel::sourceOpened, this, showSource);
    connect(status, &StatusStrip::sourceClicked, this, showSource);
    connect(navigation, &NavigationPanel::sourceMenuRequested, menus, &WindowMenus::popupSourceMenu);
    connect(connections, &ConnectionsPage::sourceMenuRequested, menus, &WindowMenus::popupSourceMenu);
}

void MainWindow::Private::connectCommands()
{
    connect(windowCommands, &WindowCommands::commandsPageRequested, this, [this] { showPage(commands); });
    connect(windowCommands, &WindowCommands::lockReviewed, status, &StatusStrip::refresh);
    connect(windowCommands, &WindowCommands::lockReviewed, this, [this] { connections->refresh(); });
    connect(status, &StatusStrip::lockClicked, actions, &CommandActions::toggleLock);

    const auto showGroup = [this](const QUuid &group) {
        commands->showGroup(group);
        showPage(commands);
    };
    connect(actions, &CommandActions::groupRequested, this, showGroup);
    connect(pausedRolls, &PausedRolls::groupRequested, this, showGroup);
    connect(pausedRolls, &PausedRolls::sourcesRequested, this, [this] { showPage(connections); });
    connect(activity, &ActivityPage::recordedWorkerRequested, this, [this](const QString &source, const QByteArray &id) {
        const bool away = travel && travel->isAway();
        const FleetStore &store = fleetShown().model().store();
        for (const SourceId each : store.sources()) {
            const WorkerHandle worker = store.find(each, id);
            if (worker != noWorker && (source.isEmpty() || store.sourceName(each) == source)) {
                showPage(fleet);
                fleetShown().showWorker(worker);
                return;
            }
        }
        notice->showAnswer(away ? tr("The worker was not there then.") : tr("The worker is no longer in the list."), QString());
    });
}

QuitFacts MainWindow::Private::quitFacts() const
{
    QuitFacts facts;
    facts.rolls = context.rolling.unfinished();
    // A roll without queued workers needs this window no more.
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
    auto *question = selfDeleting(new QuitQuestion(facts, &q));
    connect(question, &QDialog::accepted, this, [this] {
        leaving = true;
        q.close();
    });
    question->open();
    return false;
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
    q.refreshTimes();
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
    showFiltered(views.filterText(view));
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
                               tr("There are already %Ln saved view(s): remove one first.", nullptr, SavedViews::maxOwn));
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
