// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/mainwindow.h"

#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetwords.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/sources/sourcewords.h"
#include "ui/theme/style.h"
#include "ui/window/aboutdialog.h"
#include "ui/window/appicon.h"
#include "ui/window/fleetsurvey.h"
#include "ui/window/legenddialog.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/savedviews.h"
#include "ui/window/shortcutguard.h"
#include "ui/window/statusstrip.h"
#include "ui/window/welcomepage.h"
#include "ui/window/windowmenus.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QListView>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int fleetRow = 0;
constexpr int connectionsRow = 1;
constexpr int compactBelow = 1180; ///< Window width in the design's pixels below which the navigation shows icons only.
constexpr QSize smallest(1060, 680);
constexpr QSize preferred(1440, 900);

constexpr auto geometryKey = "window/geometry"_L1;
constexpr auto departedKey = "fleet/departedMinutes"_L1;
constexpr int departedMinutes = 15;
constexpr int mostDepartedMinutes = 24 * 60;
constexpr auto themeKey = "theme"_L1; ///< Read where the program starts, since an option can overrule it.

const std::pair<ThemeChoice, QLatin1String> themeNames[]{
    {ThemeChoice::System, "system"_L1}, {ThemeChoice::Light, "light"_L1}, {ThemeChoice::Dark, "dark"_L1}};

} // namespace

class MainWindow::Private : public QObject
{
public:
    Private(MainWindow &owner, const WindowContext &windowContext);

    void build();
    void connectActions();
    void connectPages();
    void restore();
    void showRow(int row);
    void refreshPage();
    void refreshCounts();
    void everySecond();
    void review();
    void edit(SourceId source, bool askPassword);
    void remove(SourceId source);
    void requestDemo();
    void setTheme(ThemeChoice choice);
    void keepDeparted();
    void useView(int row);
    void saveView();
    void showLegend();
    void fitWidth();

    MainWindow &q;
    WindowContext context;
    NavigationModel pages;
    SavedViews views;
    FleetSurvey survey;
    WindowMenus *menus = nullptr;
    NavigationPanel *navigation = nullptr;
    NoticeBar *notice = nullptr;
    QStackedWidget *stack = nullptr;
    WelcomePage *welcome = nullptr;
    FleetPage *fleet = nullptr;
    ConnectionsPage *connections = nullptr;
    StatusStrip *status = nullptr;
    LegendDialog *legend = nullptr;
    QTimer clockTimer;
    int row = fleetRow;
    bool demoRunning = false;
};

MainWindow::Private::Private(MainWindow &owner, const WindowContext &windowContext)
    : q(owner)
    , context(windowContext)
    , views(windowContext.settings)
    , survey(windowContext.store)
{
    pages.addPage(u"fleet"_s, tr("Fleet"), Glyph::Fleet);
    pages.addPage(u"connections"_s, tr("Connections"), Glyph::Connections);
    build();
    connectActions();
    connectPages();
    restore();
    review();
    everySecond();
}

void MainWindow::Private::build()
{
    menus = new WindowMenus(q, pages, views, context.store, context.sources);
    navigation = new NavigationPanel(pages, context.sources, views, &q);
    notice = new NoticeBar(&q);
    welcome = new WelcomePage(&q);
    fleet = new FleetPage(context.store, context.sources, context.settings, &q);
    connections = new ConnectionsPage(context.store, context.sources, context.clock, &q);
    status = new StatusStrip(context.store, context.sources, context.clock, &q);
    stack = new QStackedWidget(&q);
    stack->addWidget(welcome);
    stack->addWidget(fleet);
    stack->addWidget(connections);

    auto *central = new Band(Qt::TopEdge, Band::Ground::Chrome, &q);
    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(notice);
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
}

void MainWindow::Private::connectActions()
{
    connect(menus->connectTo, &QAction::triggered, this, [this] { q.openConnectDialog(); });
    connect(menus->demo, &QAction::triggered, this, &Private::requestDemo);
    connect(menus->quit, &QAction::triggered, &q, &QWidget::close);
    connect(menus->pause, &QAction::triggered, fleet, &FleetPage::togglePause);
    connect(menus->reorder, &QAction::triggered, fleet, &FleetPage::reorderNow);
    connect(menus->copyText, &QAction::triggered, fleet, &FleetPage::copyText);
    connect(menus->copyJson, &QAction::triggered, fleet, &FleetPage::copyJson);
    connect(menus->nextAttention, &QAction::triggered, fleet, &FleetPage::nextAttention);
    connect(menus->previousAttention, &QAction::triggered, fleet, &FleetPage::previousAttention);
    connect(menus->goToId, &QAction::triggered, fleet, &FleetPage::goToId);
    connect(menus->escape, &QAction::triggered, fleet, &FleetPage::escape);
    connect(menus->filter, &QAction::triggered, this, [this] {
        showRow(fleetRow);
        fleet->focusFilter();
    });
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

    connect(welcome, &WelcomePage::connectRequested, this, [this] { q.openConnectDialog(); });
    connect(welcome, &WelcomePage::demoRequested, this, &Private::requestDemo);

    connect(fleet, &FleetPage::reconnectRequested, &q, &MainWindow::reconnectRequested);
    connect(fleet, &FleetPage::editRequested, this,
            [this](SourceId source) { edit(source, isLoginTrouble(context.store.sourceStatus(source))); });
    connect(fleet, &FleetPage::filterChanged, this, [this](const QString &text) {
        navigation->setCurrentView(views.rowOf(text));
        menus->saveView->setEnabled(!text.trimmed().isEmpty());
        navigation->setSaveEnabled(!text.trimmed().isEmpty());
    });

    connect(connections, &ConnectionsPage::addRequested, this, [this] { q.openConnectDialog(); });
    connect(connections, &ConnectionsPage::demoRequested, this, &Private::requestDemo);
    connect(connections, &ConnectionsPage::connectRequested, &q, &MainWindow::reconnectRequested);
    connect(connections, &ConnectionsPage::disconnectRequested, &q, &MainWindow::disconnectRequested);
    connect(connections, &ConnectionsPage::editRequested, this, [this](SourceId source) { edit(source, false); });
    connect(connections, &ConnectionsPage::passwordRequested, this, [this](SourceId source) { edit(source, true); });
    connect(connections, &ConnectionsPage::removeRequested, this, &Private::remove);

    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&context.sources, signal, this, &Private::review);
    connect(&context.sources, &QAbstractItemModel::modelReset, this, &Private::review);
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
    connect(&survey, &FleetSurvey::finished, this, [this] {
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
}

/// The welcome page stands in for the Fleet page while there is no source to show.
void MainWindow::Private::review()
{
    if (!context.sources.all().empty())
        welcome->setDemoStarting(false);
    refreshPage();
    refreshCounts();
    fitWidth();
}

void MainWindow::Private::showRow(int newRow)
{
    row = newRow;
    refreshPage();
}

void MainWindow::Private::refreshPage()
{
    const bool empty = context.sources.all().empty();
    QWidget *page = row == connectionsRow ? static_cast<QWidget *>(connections)
                    : empty               ? static_cast<QWidget *>(welcome)
                                          : fleet;
    const bool changes = stack->currentWidget() != page;
    const bool focusInside =
        stack->currentWidget() && stack->currentWidget()->isAncestorOf(QApplication::focusWidget());
    stack->setCurrentWidget(page);
    if (changes && (focusInside || page == welcome))
        page->setFocus(Qt::OtherFocusReason);
    navigation->setCurrentPage(row);
    menus->setCurrentPage(row);
    menus->setFleetShown(page == fleet);
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
}

void MainWindow::Private::everySecond()
{
    status->refresh();
    if (stack->currentWidget() == connections)
        connections->refresh();
}

void MainWindow::Private::edit(SourceId source, bool askPassword)
{
    if (context.sources.rowOf(source) < 0)
        return;
    q.openConnectDialog(context.sources.settings(source));
    if (auto *dialog = q.findChild<ConnectDialog *>(); dialog && askPassword)
        dialog->focusPassword();
}

void MainWindow::Private::remove(SourceId source)
{
    const SourceSettings settings = context.sources.settings(source);
    if (settings.demo) {
        emit q.demoStopRequested();
        return;
    }
    auto *question = new QMessageBox(QMessageBox::NoIcon, tr("Remove a source"), tr("Remove %1?").arg(settings.name),
                                     QMessageBox::NoButton, &q);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setObjectName(u"removeQuestion"_s);
    question->setInformativeText(
        tr("Pulsedeck disconnects and forgets it, with the beats recorded so far. Nothing changes in Redis."));
    auto *removeButton = question->addButton(tr("&Remove"), QMessageBox::DestructiveRole);
    setButtonRole(removeButton, ButtonRole::Danger);
    question->setDefaultButton(question->addButton(QMessageBox::Cancel));
    connect(removeButton, &QAbstractButton::clicked, this, [this, source] { emit q.removeRequested(source); });
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
    auto *dialog = new QInputDialog(&q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save this filter"));
    dialog->setLabelText(tr("Name of the view for “%1”:").arg(text.left(80)));
    dialog->setTextValue(text.left(40));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, text](const QString &name) {
        if (views.save(name, text))
            navigation->setCurrentView(views.rowOf(text));
        else if (!name.trimmed().isEmpty())
            q.showNotice(tr("The view was not saved"),
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
    return {u"fleet"_s, u"connections"_s};
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

FleetPage &MainWindow::fleetPage() const
{
    return *d->fleet;
}

void MainWindow::openConnectDialog(const SourceSettings &settings)
{
    if (auto *open = findChild<ConnectDialog *>()) {
        open->raise();
        open->activateWindow();
        return;
    }
    auto *dialog = new ConnectDialog(settings, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ConnectDialog::submitted, this, &MainWindow::connectRequested);
    dialog->open();
}

void MainWindow::showNotice(const QString &text, const QString &hint)
{
    d->welcome->setDemoStarting(false);
    d->menus->setDemoStarting(false);
    d->notice->showNotice(text, hint);
}

void MainWindow::setDemoRunning(bool running)
{
    d->demoRunning = running;
    d->welcome->setDemoStarting(false);
    d->menus->setDemoRunning(running);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    d->context.settings.setValue(geometryKey, saveGeometry());
    QMainWindow::closeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    d->fitWidth();
}

} // namespace pulsedeck
