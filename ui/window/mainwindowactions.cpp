// SPDX-License-Identifier: GPL-3.0-or-later
// What an operator can do in the window: actions, menus, small dialogs.
#include "models/journal/journal.h"
#include "ui/activity/activitypage.h"
#include "ui/commands/commandmenu.h"
#include "ui/commands/commandspage.h"
#include "ui/fleet/fleetpage.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/sources/unlockquestion.h"
#include "ui/theme/questiondialog.h"
#include "ui/theme/style.h"
#include "ui/timing/timingpage.h"
#include "ui/window/aboutdialog.h"
#include "ui/window/legenddialog.h"
#include "ui/window/mainwindowprivate.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/pausedrolls.h"
#include "ui/window/statusstrip.h"
#include "ui/window/welcomepage.h"
#include "ui/window/windowmenus.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace pulsedeck {

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
    std::erase_if(facts.rolls, [](const auto &one) {
        return one.state != RollingRunner::Unfinished::State::Running || one.queued == 0;
    });
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
    menus->lock->setToolTip(context.access.isForbidden()   ? tr("Started with --read-only")
                            : menus->lock->isEnabled() ? QString()
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
