// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetpage.h"
#include "models/core/format.h"
#include "models/fleet/fleetexport.h"
#include "models/fleet/liveness.h"
#include "ui/common/exportdialog.h"
#include "ui/common/fleetwords.h"
#include "ui/common/layouts.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tabchain.h"
#include "ui/common/workeracts.h"
#include "ui/fleet/attentionnews.h"
#include "ui/fleet/attentionpill.h"
#include "ui/fleet/columnarrangement.h"
#include "ui/fleet/dockmemory.h"
#include "ui/fleet/emptyfleet.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/filterproblem.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/fleetselection.h"
#include "ui/fleet/fleetstrip.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/gotodialog.h"
#include "ui/fleet/orderhold.h"
#include "ui/fleet/sourcebanner.h"
#include "ui/fleet/workerdetail.h"
#include "ui/fleet/workerdock.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QResizeEvent>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>
#include <QToolButton>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto filterKey = "fleet/filter"_L1;
constexpr auto groupingKey = "fleet/grouping"_L1;
constexpr auto dockKey = "fleet/dock"_L1;

} // namespace

/// The page's parts and how they work together.
class FleetPage::Private : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(FleetPage)

public:
    Private(FleetPage &page, FleetStore &store, SourceListModel &sources, QSettings &settings);
    ~Private() override;

    void applyFilter(const FleetFilter &filter);
    void chooseGrouping(FleetGrouping grouping);
    void release();
    void noteHand();
    void reviewHold();
    void reviewNews();
    void showNews();
    void showInList();
    QString whyNotListed(WorkerHandle handle) const;
    void reviewNote();
    void reviewColumns();
    void reviewFirstView();
    void reviewSelection();
    void reviewDock(int pageWidth);
    void placeDock();
    void orderTabs();
    void openDetail();
    void placeOverlays();
    void takeStep();
    void nextAttention(int direction);
    void showContextMenu(const QPoint &globalPosition);
    std::vector<quint32> listedSerials() const;
    void showColumnsMenu(const QPoint &globalPosition);
    /// The order is held while \a menu is open.
    void holdWhileOpen(QMenu *menu);
    void addFilterTerm(const QString &term);

    FleetPage &q;
    QMainWindow *frame; ///< For the dock.
    FleetStore &store;
    SourceListModel &sources;
    QSettings &settings;
    WorkerActs *commands = nullptr; ///< Null: nothing can be commanded here.
    FleetTableModel model;
    FleetLook look;
    FleetStrip *strip;
    FleetToolbar *toolbar;
    QPointer<SourceBanner> banner; ///< May be shown, and deleted, elsewhere.
    FleetView *view;
    EmptyFleet empty; ///< What the note says.
    EmptyNote *note;
    FilterProblem *problem;
    WorkerDock *dock;
    ColumnArrangement *columns;
    OrderHold hold;
    AttentionNews news;
    AttentionPill *pill;
    bool narrow = false;
    bool dockWanted = true; ///< What the operator last chose in a wide window.
    bool dockDue = false; ///< Something was selected in this session: before that there is nothing to show in it.
    bool placingDock = false; ///< It is shown or hidden by itself, which is no choice.
    bool firstViewSaid = false;
};

FleetPage::Private::Private(FleetPage &page, FleetStore &fleetStore, SourceListModel &sourceList, QSettings &pageSettings)
    : q(page)
    , frame(new QMainWindow(&page))
    , store(fleetStore)
    , sources(sourceList)
    , settings(pageSettings)
    , model(fleetStore)
    , look(fleetStore)
    , strip(new FleetStrip(fleetStore))
    , toolbar(new FleetToolbar(model))
    , banner(new SourceBanner(fleetStore))
    , view(new FleetView(model, look))
    , note(new EmptyNote(view))
    , problem(new FilterProblem(&page))
    , dock(new WorkerDock(fleetStore, &page))
    , columns(new ColumnArrangement(view->header(), pageSettings, this))
    , news(model)
    , pill(new AttentionPill(view))
{
    look.setSourceList(sources);
    frame->setWindowFlags(Qt::Widget); // Else a main window is a window of its own.
    auto *whole = vbox(&q);
    whole->addWidget(frame);
    frame->setDockOptions(QMainWindow::AllowNestedDocks);
    frame->setMenuWidget(strip);
    auto *centre = new QWidget;
    auto *layout = vbox(centre, 0);
    addWidgets(layout, {toolbar, banner});
    layout->addWidget(view, 1);
    frame->setCentralWidget(centre);
    frame->addDockWidget(Qt::RightDockWidgetArea, dock);
    frame->resizeDocks({dock}, {WorkerDock::leastWidth()}, Qt::Horizontal);
    new DockMemory(*frame, *dock, WorkerDock::leastWidth(), settings, this);
    // Never empty: it opens with the first selection, unless the operator closed it the last time.
    dockWanted = settings.value(dockKey, true).toBool();
    dock->hide();
    view->setSortingEnabled(true);

    connect(&toolbar->filter(), &FilterField::filterChanged, this, &Private::applyFilter);
    connect(&toolbar->filter(), &FilterField::problemChanged, this, [this](const QString &text) {
        problem->setText(text);
        problem->setVisible(!text.isEmpty());
        placeOverlays();
    });
    connect(&toolbar->filter(), &FilterField::listRequested, view, qOverload<>(&QWidget::setFocus));
    connect(toolbar, &FleetToolbar::groupingChosen, this, &Private::chooseGrouping);
    connect(toolbar, &FleetToolbar::releaseRequested, this, &Private::release);
    connect(toolbar, &FleetToolbar::pauseToggled, &q, &FleetPage::togglePause);
    connect(&toolbar->detailButton(), &QToolButton::clicked, this, &Private::openDetail);
    auto *columnsMenu = new QMenu(&toolbar->columnsButton());
    connect(columnsMenu, &QMenu::aboutToShow, this, [this, columnsMenu] {
        columnsMenu->clear();
        columns->fillMenu(*columnsMenu);
    });
    holdWhileOpen(columnsMenu);
    connect(&toolbar->columnsButton(), &QToolButton::clicked, this, [this, columnsMenu] {
        const QToolButton &button = toolbar->columnsButton();
        columnsMenu->popup(button.mapToGlobal(QPoint(0, button.height() + 2)));
    });

    connect(strip, &FleetStrip::filterRequested, this, [this](const QString &text) { toolbar->filter().setText(text); });
    connect(strip, &FleetStrip::workerClicked, &q, &FleetPage::showWorker);
    connect(banner, &SourceBanner::retryRequested, &q, &FleetPage::reconnectRequested);
    connect(banner, &SourceBanner::editRequested, &q, &FleetPage::editRequested);
    connect(note, &EmptyNote::stepRequested, this, &Private::takeStep);

    connect(&view->header(), &FleetHeader::menuRequested, this, &Private::showColumnsMenu);
    q.setFocusProxy(view);
    connect(view, &RowTable::menuRequested, this, &Private::showContextMenu);
    connect(view, &RowTable::openRequested, this, &Private::openDetail);
    connect(&dock->detail(), &WorkerDetail::historyRequested, &q, &FleetPage::showHistory);
    connect(view, &RowTable::copyRequested, &q, &FleetPage::copyText);
    connect(view, &RowTable::widthChanged, this, [this](int width) {
        columns->fit(width);
        placeOverlays();
    });
    connect(view, &FleetView::handMoved, this, &Private::noteHand);
    connect(view, &FleetView::pointerInsideChanged, this, &Private::reviewColumns);
    connect(&view->workerSelection(), &FleetSelection::selectionMoved, this, &Private::reviewSelection);
    connect(dock, &WorkerDock::showRequested, this, &Private::showInList);
    // A hold ends by time alone.
    connect(&store, &FleetStore::ticked, this, &Private::reviewHold);
    connect(pill, &AttentionPill::clicked, this, &Private::showNews);
    connect(&store, &FleetStore::published, this, &Private::reviewNews);
    connect(&model, &FleetTableModel::orderChanged, this, &Private::reviewNews);
    connect(view->verticalScrollBar(), &QScrollBar::valueChanged, this, &Private::reviewNews);
    connect(dock->toggleViewAction(), &QAction::toggled, this, [this](bool shown) {
        toolbar->detailButton().setVisible(!shown);
        if (!narrow && !placingDock && q.isVisible()) {
            dockWanted = shown;
            settings.setValue(dockKey, shown);
        }
    });

    connect(&model, &FleetTableModel::matchCountChanged, this, &Private::reviewNote);
    connect(&store, &FleetStore::published, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceChanged, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceAdded, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceRemoved, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceChanged, this, &Private::reviewColumns);
    connect(&store, &FleetStore::sourceRemoved, this, &Private::reviewColumns);
    connect(&Theme::instance(), &Theme::changed, &q, qOverload<>(&QWidget::update));

    const int grouping = settings.value(groupingKey, int(FleetGrouping::Attention)).toInt();
    toolbar->groupBox().setCurrentIndex(qMax(0, toolbar->groupBox().findData(grouping)));
    model.setGrouping(FleetGrouping(toolbar->groupBox().currentData().toInt()));
    toolbar->filter().setText(settings.value(filterKey).toString());
    reviewColumns();
    reviewNote();
    view->setFocus(); // Not the first figure of the strip: keys are for the list.
    orderTabs();
}

/// From the figures down to the list, and from there into the dock. What was made later stands last in Qt's own order.
void FleetPage::Private::orderTabs()
{
    setTabChain({strip, toolbar, view, dock});
}

FleetPage::Private::~Private()
{
    // The parts hear of the model's and the store's end while they still stand: take them apart in the order of use.
    delete std::exchange(columns, nullptr); // It writes down what the header looks like.
    delete view;
    delete toolbar;
}

/// The columns of actors come with the first hub and go with the last, but never under the pointer.
void FleetPage::Private::reviewColumns()
{
    if (!columns || view->isPointerInside() || hold.isMenuOpen())
        return;
    const std::vector<SourceId> ids = store.sources();
    QStringList names;
    for (const SourceId source : ids)
        names.append(store.sourceName(source));
    columns->setSourceNames(names);
    columns->setHubs(std::any_of(ids.begin(), ids.end(), [this](SourceId source) {
        return store.sourceStatus(source).traits->has(SourceFact::Capabilities);
    }));
}

void FleetPage::Private::applyFilter(const FleetFilter &filter)
{
    model.setFilter(filter);
    strip->setFilter(filter.text());
    settings.setValue(filterKey, filter.text());
    reviewNote();
    emit q.filterChanged(filter.text());
}

void FleetPage::Private::chooseGrouping(FleetGrouping grouping)
{
    model.setGrouping(grouping);
    settings.setValue(groupingKey, int(grouping));
}

void FleetPage::Private::release()
{
    hold.release();
    reviewHold();
    model.reorderNow();
}

void FleetPage::Private::noteHand()
{
    hold.noteHand(store.viewNow());
    model.noteAim();
    reviewHold();
}

void FleetPage::Private::reviewHold()
{
    const bool held = hold.isHeld(store.viewNow());
    if (held == model.isHeld())
        return;
    model.setHeld(held);
    toolbar->setHeld(held);
    reviewNews();
    reviewColumns();
}

/// Who became worse than late is at the top of the list as soon as the order may change. Till then, and while the list
/// is scrolled elsewhere, the pill says so.
void FleetPage::Private::reviewNews()
{
    if (!columns)
        return; // It is being taken apart.
    const bool grouped = model.grouping() == FleetGrouping::Attention;
    const QRect seen = view->isVisible() && !q.window()->isMinimized() ? view->viewport()->rect() : QRect();
    const std::vector<WorkerHandle> left = news.review([&](WorkerHandle handle) {
        const int row = model.rowOf(handle);
        if (row < 0 || (grouped && !model.standsInAttention(handle)))
            return false;
        const int top = view->rowViewportPosition(row);
        return top >= seen.top() && top + view->rowHeight(row) / 2 <= seen.bottom();
    });
    // One that is about to rise at the next ordering needs no announcement.
    const auto waits = [&](WorkerHandle handle) { return !grouped || model.isHeld() || model.standsInAttention(handle); };
    const int count = int(std::count_if(left.begin(), left.end(), waits));
    if (count == pill->count())
        return;
    pill->setCount(count);
    placeOverlays();
}

void FleetPage::Private::showNews()
{
    const std::vector<WorkerHandle> left = news.review([](WorkerHandle) { return false; });
    news.clear();
    release();
    for (const int heading : model.groupRows()) {
        if (std::any_of(left.begin(), left.end(), [this](WorkerHandle handle) { return model.rowOf(handle) < 0; }))
            model.setGroupCollapsed(heading, false);
    }
    WorkerHandle first = noWorker;
    for (const WorkerHandle handle : left) {
        if (model.rowOf(handle) >= 0 && (first == noWorker || model.rowOf(handle) < model.rowOf(first)))
            first = handle;
    }
    if (first != noWorker)
        view->workerSelection().reveal(first);
    view->setFocus();
    reviewNews();
}

void FleetPage::Private::reviewNote()
{
    const EmptyFleet words = emptyFleet(store, model.filter(), model.matchCount());
    if (words != std::exchange(empty, words)) {
        static const QString labels[] = {QString(), u"Clear filter"_s, u"Retry now"_s, u"Edit…"_s, u"Connect"_s};
        note->setWords(words, labels[size_t(words.step)],
                       words.step == EmptyFleet::Step::ClearFilter ? ButtonRole::Normal : ButtonRole::Primary);
        const bool said = words.step == EmptyFleet::Step::Retry || words.step == EmptyFleet::Step::Edit;
        if (banner)
            banner->setSilent(said ? words.source : SourceId(0));
        placeOverlays();
    }
    reviewFirstView();
}

void FleetPage::Private::reviewFirstView()
{
    if (firstViewSaid || !q.isVisible())
        return;
    for (const SourceId id : store.sources()) {
        const SourceStatus status = store.sourceStatus(id);
        const bool first =
            status.state == SourceState::Loading || (status.state == SourceState::Connecting && status.lostAt == 0);
        if (store.isSourceVisible(id) && first)
            return;
    }
    firstViewSaid = true;
    // After the paint that is due: what is announced has to be on the screen.
    QMetaObject::invokeMethod(&q, &FleetPage::firstViewReady, Qt::QueuedConnection);
}

void FleetPage::Private::reviewSelection()
{
    const FleetSelection &selection = view->workerSelection();
    model.setKept(selection.current());
    const WorkerHandle hidden = selection.lookedAt();
    const std::vector<WorkerHandle> selected = q.selectedWorkers();
    dock->setSelection(selected, selection.current());
    if (hidden != noWorker)
        dock->setLookedAt(hidden, whyNotListed(hidden));
    if ((!selected.empty() || hidden != noWorker) && !dockDue) {
        dockDue = true;
        placeDock();
    }
    emit q.selectionChanged();
}

QString FleetPage::Private::whyNotListed(WorkerHandle handle) const
{
    const SourceId source = store.worker(handle).source;
    if (!store.isSourceVisible(source))
        return u"Not in the list: its source %1 is hidden."_s.arg(store.sourceName(source));
    return u"Not in the list: the filter hides it."_s;
}

/// Whatever keeps the worker that is looked at out of the list is taken away.
void FleetPage::Private::showInList()
{
    const WorkerHandle handle = view->workerSelection().lookedAt();
    if (handle == noWorker)
        return;
    const SourceId source = store.worker(handle).source;
    if (!store.isSourceVisible(source)) {
        sources.setData(sources.index(sources.rowOf(source)), Qt::Checked, Qt::CheckStateRole);
        store.publish();
    }
    if (!model.filter().matches(store, handle, store.viewNow()))
        toolbar->filter().setText({});
    q.showWorker(handle);
}

/// Beside the table while both have room; below that the dock is a button of the toolbar until it is asked for.
void FleetPage::Private::reviewDock(int pageWidth)
{
    const bool nowNarrow = pageWidth < columns->leastViewWidth() + WorkerDock::leastWidth();
    if (nowNarrow == narrow)
        return;
    narrow = nowNarrow;
    placeDock();
}

void FleetPage::Private::placeDock()
{
    if (dock->isFloating() && dock->isVisible())
        return; // A window of its own takes no room from the table.
    const QScopedValueRollback guard(placingDock, true);
    dock->setVisible(dockDue && dockWanted && !narrow);
}

void FleetPage::Private::openDetail()
{
    dockDue = true;
    dock->show();
    dock->raise();
}

void FleetPage::Private::placeOverlays()
{
    note->setGeometry(view->viewport()->geometry());
    const QRect rows = view->viewport()->geometry();
    const QSize size = pill->sizeHint();
    // Over the end of the first row, which is a heading mostly: what that counts stays readable.
    pill->setGeometry(QRect(QPoint(rows.right() - size.width() - px(12), rows.top()), size));
    pill->raise();
    if (problem->isHidden())
        return;
    const FilterField &field = toolbar->filter();
    const QPoint corner = field.mapTo(&q, QPoint(0, field.height() + 3));
    const QMargins around = problem->contentsMargins();
    const QRect text = problem->fontMetrics().boundingRect(
        QRect(0, 0, qMin(px(620), q.width() - corner.x() - 8) - around.left() - around.right() - 2, q.height()), Qt::TextWordWrap,
        problem->text());
    const int width = text.width() + 2 + around.left() + around.right();
    problem->setGeometry(QRect(corner, QSize(width, problem->heightForWidth(width))));
    problem->raise();
}

void FleetPage::Private::takeStep()
{
    switch (empty.step) {
    case EmptyFleet::Step::ClearFilter:
        toolbar->filter().setText({});
        break;
    case EmptyFleet::Step::Retry:
    case EmptyFleet::Step::Connect:
        emit q.reconnectRequested(empty.source);
        break;
    case EmptyFleet::Step::Edit:
        emit q.editRequested(empty.source);
        break;
    case EmptyFleet::Step::None:
        break;
    }
}

FleetPage::FleetPage(FleetStore &store, SourceListModel &sources, QSettings &settings, QWidget *parent)
    : Page(u"fleet"_s, tr("Fleet"), Glyph::Fleet, parent)
{
    d = std::make_unique<Private>(*this, store, sources, settings);
    connect(&store, &FleetStore::published, this, &Page::countChanged);
}

FleetPage::~FleetPage() = default;

SourceBanner &FleetPage::banner() const
{
    return *d->banner;
}

FleetTableModel &FleetPage::model() const
{
    return d->model;
}

QString FleetPage::navigationText() const
{
    return d->sources.all().empty() ? QString() : groupedNumber(d->store.figures().total);
}

QString FleetPage::filterText() const
{
    return d->toolbar->filter().text();
}

void FleetPage::setFilterText(const QString &text)
{
    d->toolbar->filter().setText(text);
}

WorkerHandle FleetPage::currentWorker() const
{
    const FleetSelection &selection = d->view->workerSelection();
    return selection.current() != noWorker ? selection.current() : selection.lookedAt();
}

QAction *FleetPage::dockAction() const
{
    return d->dock->toggleViewAction();
}

void FleetPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    d->reviewDock(event->size().width());
    d->placeOverlays();
    d->reviewNews();
}

void FleetPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    d->reviewFirstView();
    d->reviewNews();
}

// What an operator can do on the Fleet page: menus, copying, moving about.

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

void FleetPage::copyText()
{
    const std::vector<int> rows = d->view->selectedRows();
    if (rows.empty())
        return;
    std::vector<int> shown = d->columns->shownColumns();
    std::erase(shown, int(FleetColumnId::Strip)); // A picture has no text worth pasting.
    QGuiApplication::clipboard()->setText(d->model.copyText(rows, shown));
}

void FleetPage::copyJson()
{
    const std::vector<int> rows = d->view->selectedRows();
    if (rows.empty())
        return;
    const QByteArray json = d->model.copyJson(rows);
    auto *copied = new QMimeData;
    copied->setText(QString::fromUtf8(json));
    copied->setData(u"application/json"_s, json);
    QGuiApplication::clipboard()->setMimeData(copied);
}

void FleetPage::Private::addFilterTerm(const QString &term)
{
    const QString before = toolbar->filter().text();
    toolbar->filter().setText(before.isEmpty() ? term : QString(before + u' ' + term));
}

void FleetPage::Private::showContextMenu(const QPoint &globalPosition)
{
    auto *menu = selfDeleting(new QMenu(view));
    holdWhileOpen(menu);
    const std::vector<WorkerHandle> selected = q.selectedWorkers();
    const WorkerHandle current = view->workerSelection().current();
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
    add(u"Show in Activity"_s, one, [this] { q.showHistory(); })->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    menu->addSeparator();
    if (commands) {
        commands->fillMenu(*menu, selected, q.matchingForMenu());
        menu->addSeparator();
    }
    const bool actor = any && store.worker(current).traits->registers();
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
    add(u"Copy as Text"_s, any, [this] { q.copyText(); })->setShortcut(QKeySequence::Copy);
    add(u"Copy as JSON"_s, any, [this] { q.copyJson(); })->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_C);
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

void FleetPage::showHistory()
{
    const std::vector<WorkerHandle> selected = d->view->workerSelection().selected();
    if (selected.size() == 1)
        emit historyRequested(d->store.worker(selected.front()).id);
}

void FleetPage::Private::showColumnsMenu(const QPoint &globalPosition)
{
    auto *menu = selfDeleting(new QMenu(view));
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
            view->workerSelection().select(handle);
            return;
        }
    }
}

void FleetPage::goToId()
{
    auto *dialog = new GoToDialog(d->store, this);
    connect(dialog, &GoToDialog::workerChosen, this, &FleetPage::showWorker);
    dialog->open();
}

void FleetPage::setCommands(WorkerActs *commands)
{
    if (d->commands)
        d->commands->disconnect(d.get());
    d->commands = commands;
    if (commands) {
        connect(commands, &WorkerActs::preparingChanged, d.get(), [this](bool preparing) {
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
    std::vector<WorkerHandle> workers = d->view->workerSelection().selected();
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
    return d->model.filter().isReadable() ? QString()
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
    d->view->workerSelection().select(handle);
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
        d->view->workerSelection().clear();
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
    askExportFile(this, u"Export the list"_s, u"workers"_s, d->settings, exportFolderKey,
                  [this](const QString &path, bool) { exportTo(path); });
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

} // namespace pulsedeck
