// SPDX-License-Identifier: GPL-3.0-or-later
// What an operator can do on the Fleet page: menus, copying, moving about.
#include "models/fleet/fleetexport.h"
#include "models/fleet/liveness.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commandmenu.h"
#include "ui/fleet/fleetpageprivate.h"
#include "ui/fleet/fleetwords.h"
#include "ui/fleet/gotodialog.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto exportFolderKey = "fleet/exportFolder"_L1;

} // namespace

void FleetPage::Private::holdWhileOpen(QMenu *menu)
{
    connect(menu, &QMenu::aboutToShow, this, [this] {
        hold.menuOpened();
        reviewHold();
    });
    connect(menu, &QMenu::aboutToHide, this, [this] {
        hold.menuClosed();
        reviewHold();
        reviewColumns();
    });
}

void FleetPage::Private::copyText()
{
    const std::vector<int> rows = view->selectedRows();
    if (rows.empty())
        return;
    std::vector<int> shown = columns->shownColumns();
    std::erase(shown, int(FleetColumnId::Strip)); // A picture has no text worth pasting.
    QGuiApplication::clipboard()->setText(model.copyText(rows, shown));
}

void FleetPage::Private::copyJson()
{
    const std::vector<int> rows = view->selectedRows();
    if (rows.empty())
        return;
    const QByteArray json = model.copyJson(rows);
    auto *data = new QMimeData;
    data->setText(QString::fromUtf8(json));
    data->setData(u"application/json"_s, json);
    QGuiApplication::clipboard()->setMimeData(data);
}

void FleetPage::Private::addFilterTerm(const QString &term)
{
    const QString before = toolbar->filter().text();
    toolbar->filter().setText(before.isEmpty() ? term : QString(before + u' ' + term));
}

void FleetPage::Private::showContextMenu(const QPoint &globalPosition)
{
    auto *menu = new QMenu(view);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    holdWhileOpen(menu);
    const std::vector<WorkerHandle> selected = q.selectedWorkers();
    const WorkerHandle current = view->places().current();
    const bool any = current != noWorker;
    const bool one = selected.size() == 1;
    const auto add = [&](const QString &text, bool enabled, auto run) {
        QAction *action = menu->addAction(text);
        action->setEnabled(enabled);
        connect(action, &QAction::triggered, this, run);
        return action;
    };
    const auto copyEach = [this](QString (*textOf)(const Worker &)) {
        QStringList lines;
        for (const int row : view->selectedRows())
            lines.append(textOf(store.worker(model.handleAt(row))));
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    };
    add(u"Show Details"_s, any, [this] { openDetail(); })->setShortcut(Qt::Key_Return);
    add(u"Show in Activity"_s, one, [this] { showHistory(); })->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    menu->addSeparator();
    if (commands) {
        fillCommandMenu(*menu, *commands, selected, true);
        addMatchingMenu(*menu, *commands, q.matchingForMenu());
        menu->addSeparator();
    }
    const bool actor = any && store.worker(current).actor;
    if (actor) {
        const SourceId hub = store.worker(current).source;
        const QString address = QString::fromUtf8(store.worker(current).id);
        add(u"Write a Message…"_s, one, [this, hub, address] { emit q.messageRequested(hub, address); });
        menu->addSeparator();
    }
    add(one || !any ? (actor ? u"Copy Address"_s : u"Copy Id"_s) : u"Copy Ids"_s, any,
        [copyEach] { copyEach([](const Worker &worker) { return QString::fromUtf8(worker.id); }); });
    if (!actor || !one) // An actor has no key: its address is its id.
        add(one || !any ? u"Copy Key"_s : u"Copy Keys"_s, any, [copyEach] { copyEach(&keyText); });
    add(u"Copy as Text"_s, any, [this] { copyText(); })->setShortcut(QKeySequence::Copy);
    add(u"Copy as JSON"_s, any, [this] { copyJson(); })->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_C);
    menu->addSeparator();
    const QString type = any ? store.typeName(store.worker(current).type) : QString();
    const QString source = any ? store.sourceName(store.worker(current).source) : QString();
    const auto quoted = [](const QString &key, const QString &word) {
        const QString term = key + word;
        return term.contains(u' ') ? QString(u'"' + term + u'"') : term;
    };
    add(type.isEmpty() ? u"Filter by Type"_s : u"Filter by Type %1"_s.arg(type), !type.isEmpty(),
        [this, type, quoted] { addFilterTerm(quoted(u"type:"_s, type)); });
    add(source.isEmpty() ? u"Filter by Source"_s : u"Filter by Source %1"_s.arg(source), !source.isEmpty(),
        [this, source, quoted] { addFilterTerm(quoted(u"source:"_s, source)); });
    add(u"Show Only What Needs Attention"_s, true, [this] { toolbar->filter().setText(u"liveness:attention"_s); });
    menu->popup(globalPosition);
}

void FleetPage::Private::showHistory()
{
    const std::vector<WorkerHandle> selected = view->places().selected();
    if (selected.size() == 1)
        emit q.historyRequested(store.worker(selected.front()).id);
}

void FleetPage::Private::showColumnsMenu(const QPoint &globalPosition)
{
    auto *menu = new QMenu(view);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    holdWhileOpen(menu);
    columns->fillMenu(*menu);
    menu->popup(globalPosition);
}

void FleetPage::Private::nextAttention(int direction)
{
    noteHand();
    const int rows = model.rowCount();
    const int from = view->currentIndex().isValid() ? view->currentIndex().row() : direction > 0 ? -1 : rows;
    for (int step = 1; step <= rows; ++step) {
        const int row = ((from + direction * step) % rows + rows) % rows;
        const WorkerHandle handle = model.handleAt(row);
        if (handle != noWorker && needsAttention(store.worker(handle))) {
            view->places().select(handle);
            return;
        }
    }
}

void FleetPage::Private::goToId()
{
    auto *dialog = new GoToDialog(store, &q);
    connect(dialog, &GoToDialog::workerChosen, &q, &FleetPage::showWorker);
    dialog->open();
}

void FleetPage::setCommands(CommandActions *commands)
{
    if (d->commands)
        d->commands->disconnect(d.get());
    d->commands = commands;
    if (commands) {
        connect(commands, &CommandActions::preparingChanged, d.get(), [this](bool preparing) {
            d->hold.setPreparing(preparing);
            d->reviewHold();
        });
    }
    d->look.setLatest(commands ? &commands->latest() : nullptr);
    d->dock->setCommands(commands);
    d->orderTabs();
}

std::vector<WorkerHandle> FleetPage::selectedWorkers() const
{
    // In the order of the list: a rolling shutdown goes from top to bottom.
    std::vector<WorkerHandle> workers = d->view->places().selected();
    std::sort(workers.begin(), workers.end(), [this](WorkerHandle a, WorkerHandle b) {
        return std::pair(d->model.rowOf(a), a) < std::pair(d->model.rowOf(b), b);
    });
    return workers;
}

std::vector<WorkerHandle> FleetPage::matchingWorkers() const
{
    return d->model.matching();
}

MatchingWorkers FleetPage::matchingForMenu() const
{
    MatchingWorkers matching{matchingWorkers(), 0, whyNothing()};
    matching.folded = std::count_if(matching.workers.begin(), matching.workers.end(),
                                    [this](WorkerHandle handle) { return d->model.rowOf(handle) < 0; });
    return matching;
}

QString FleetPage::whyNothing() const
{
    return d->model.filter().isReadable()
               ? QString()
               : u"The filter cannot be read: %1."_s.arg(d->model.filter().problems().constFirst());
}

void FleetPage::holdWhileOpen(QMenu *menu)
{
    d->holdWhileOpen(menu);
}

void FleetPage::showWorker(WorkerHandle handle)
{
    if (handle == noWorker || int(handle) >= d->store.capacity() || !d->store.worker(handle).used)
        return;
    // It may stand in a group that is folded; whoever asks for it wants to see it.
    if (d->model.rowOf(handle) < 0 && d->model.filter().matches(d->store, handle, d->store.viewNow())) {
        for (size_t i = 0; i < d->model.groupRows().size() && d->model.rowOf(handle) < 0; ++i)
            d->model.setGroupCollapsed(d->model.groupRows()[i], false);
    }
    d->view->places().select(handle);
}

void FleetPage::focusFilter()
{
    d->toolbar->filter().focusLine();
}

void FleetPage::escape()
{
    if (d->model.isHeld() && d->model.pendingMoves() > 0) {
        d->release();
    } else if (!filterText().isEmpty()) {
        d->toolbar->filter().setText({});
    } else {
        d->view->places().clear();
    }
    if (d->toolbar->filter().line().hasFocus())
        d->view->setFocus();
}

void FleetPage::reorderNow()
{
    d->model.reorderNow();
}

void FleetPage::togglePause()
{
    d->store.setPaused(!d->store.isPaused());
}

void FleetPage::nextAttention()
{
    d->nextAttention(1);
}

void FleetPage::previousAttention()
{
    d->nextAttention(-1);
}

void FleetPage::goToId()
{
    d->goToId();
}

void FleetPage::showHistory()
{
    d->showHistory();
}

/// All that match in the order of the list; those in folded groups and of a held order follow.
std::vector<quint32> FleetPage::Private::listedSerials() const
{
    std::vector<WorkerHandle> workers = q.matchingWorkers();
    const auto place = [this](WorkerHandle handle) {
        const int row = model.rowOf(handle);
        return std::pair(row < 0 ? std::numeric_limits<int>::max() : row, handle);
    };
    std::sort(workers.begin(), workers.end(), [&](WorkerHandle a, WorkerHandle b) { return place(a) < place(b); });
    std::vector<quint32> serials;
    serials.reserve(workers.size());
    for (const WorkerHandle handle : workers)
        serials.push_back(store.worker(handle).serial);
    return serials;
}

void FleetPage::exportList()
{
    auto *dialog = new QFileDialog(this, u"Export the list"_s, d->settings.value(exportFolderKey, QDir::homePath()).toString());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({u"CSV (*.csv)"_s, u"JSON (*.json)"_s});
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->selectFile(u"workers.csv"_s);
    connect(dialog, &QFileDialog::filterSelected, dialog,
            [dialog](const QString &filter) { dialog->setDefaultSuffix(filter.contains(u"json"_s) ? u"json"_s : u"csv"_s); });
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        d->settings.setValue(exportFolderKey, QFileInfo(path).absolutePath());
        exportTo(path);
    });
    dialog->open();
}

void FleetPage::exportTo(const QString &path)
{
    auto *writing = new FleetExport(d->store, this);
    connect(writing, &FleetExport::finished, this, [this, writing](const QString &error, qint64 written) {
        writing->deleteLater();
        if (error.isEmpty())
            emit exported(written);
        else
            emit noticed(u"The list was not exported"_s, error);
    });
    const bool json = path.endsWith(u".json"_s, Qt::CaseInsensitive);
    writing->begin(d->listedSerials(), path, json ? FleetExport::Format::Json : FleetExport::Format::Csv);
}

void FleetPage::copyText()
{
    d->copyText();
}

void FleetPage::copyJson()
{
    d->copyJson();
}

} // namespace pulsedeck
