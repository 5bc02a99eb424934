// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetpage.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetexport.h"
#include "ui/common/boxes.h"
#include "ui/common/dockplacement.h"
#include "ui/common/emptynote.h"
#include "ui/common/exportdialog.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tabchain.h"
#include "ui/common/workeracts.h"
#include "ui/common/workerlist.h"
#include "ui/fleet/columnarrangement.h"
#include "ui/fleet/emptyfleet.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/filterproblem.h"
#include "ui/fleet/fleetattention.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/fleetmenu.h"
#include "ui/fleet/fleetselection.h"
#include "ui/fleet/fleetstrip.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/gotodialog.h"
#include "ui/fleet/sourcebanner.h"
#include "ui/fleet/workerdetail.h"
#include "ui/fleet/workerdock.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMimeData>
#include <QResizeEvent>
#include <QSettings>
#include <QToolButton>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto filterKey = "fleet/filter"_L1;
constexpr auto groupingKey = "fleet/grouping"_L1;
constexpr auto healthyKey = "fleet/collapseHealthy"_L1;
constexpr auto exportFolderKey = "fleet/exportFolder"_L1;

/// Whether the column of types would have anything to show. Looks at each worker only where no system there has types of itself.
bool hasTypes(const FleetStore &store)
{
    const std::vector<TraitsRef> kinds = store.kinds();
    if (kinds.empty() || std::any_of(kinds.begin(), kinds.end(), [](TraitsRef kind) { return !kind->isLaidOut(); }))
        return true;
    const FleetColumn &type = fleetColumn(FleetColumnId::Type);
    for (int i = 0; i < store.capacity(); ++i) {
        const Worker &worker = store.worker(WorkerHandle(i));
        if (worker.used && store.isSourceVisible(worker.source) && !type.text(store, WorkerHandle(i), 0).isEmpty())
            return true;
    }
    return false;
}

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
    void collapseHealthy(bool collapsed);
    void showInList();
    QString whyNotListed(WorkerHandle handle) const;
    void reviewNote();
    void reviewColumns();
    void reviewFirstView();
    void reviewSelection();
    void orderTabs();
    void placeOverlays();
    void takeStep();
    void showContextMenu(const QPoint &globalPosition);
    std::vector<quint32> listedSerials() const;
    void showColumnsMenu(const QPoint &globalPosition);

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
    DockPlacement *placement = nullptr;
    ColumnArrangement *columns;
    FleetAttention *attention;
    std::unique_ptr<WorkerList> list;
    std::optional<EmptyWords> past; ///< Another time is shown, and if it is empty, these words.
    bool firstViewSaid = false;
    bool fittedWhileLoading = false; ///< The columns are as for the first rows of a view that is being read.
    int typesKnown = 0; ///< How many types there were when the columns were reviewed.
    size_t kindsKnown = 0; ///< Of workers, when the columns were reviewed last.
};

namespace {

/// The page's rows for others.
class ListOfPage final : public WorkerList
{
public:
    struct Parts
    {
        FleetPage &page;
        FleetTableModel &model;
        FleetSelection &selection;
        FleetAttention &attention;
        FleetView &view;
        const QComboBox &groups;
        std::function<void(FleetGrouping)> chooseGrouping;
        std::function<WorkerActs *()> acts;
    };
    explicit ListOfPage(Parts parts)
        : m_parts(std::move(parts))
    {
        connect(&m_parts.page, &FleetPage::filterChanged, this, &WorkerList::filterChanged);
        connect(&m_parts.page, &FleetPage::selectionChanged, this, &WorkerList::selectionChanged);
        connect(&m_parts.view.header(), &QHeaderView::sortIndicatorChanged, this, &WorkerList::sortingChanged);
    }
    FleetTableModel &rows() const override { return m_parts.model; }
    QString filterText() const override { return m_parts.page.filterText(); }
    void setFilterText(const QString &text) override { m_parts.page.setFilterText(text); }
    std::vector<std::pair<FleetGrouping, QString>> groupings() const override
    {
        std::vector<std::pair<FleetGrouping, QString>> found;
        found.reserve(size_t(m_parts.groups.count()));
        for (int i = 0; i < m_parts.groups.count(); ++i)
            found.emplace_back(FleetGrouping(m_parts.groups.itemData(i).toInt()), m_parts.groups.itemText(i));
        return found;
    }
    void setGrouping(FleetGrouping grouping) override { m_parts.chooseGrouping(grouping); }
    std::vector<std::pair<int, QString>> sortings() const override
    {
        std::vector<std::pair<int, QString>> found;
        for (int column = 0; column < m_parts.model.columnCount(); ++column) {
            if (!m_parts.view.isColumnHidden(column))
                found.emplace_back(column, m_parts.model.headerData(column, Qt::Horizontal, Qt::AccessibleTextRole).toString());
        }
        return found;
    }
    void setSorting(int column, Qt::SortOrder order) override { m_parts.view.sortByColumn(column, order); }
    std::vector<WorkerHandle> selected() const override { return m_parts.selection.selected(); }
    WorkerHandle current() const override { return m_parts.selection.current(); }
    void select(WorkerHandle worker) override
    {
        if (worker == noWorker)
            m_parts.selection.clear();
        else
            m_parts.selection.select(worker);
    }
    void noteHand() override { m_parts.attention.noteHand(); }
    void fillMenu(QMenu &menu) override
    {
        m_parts.attention.holdWhileOpen(&menu);
        if (WorkerActs *acts = m_parts.acts())
            acts->fillMenu(menu, m_parts.page.selectedWorkers(), m_parts.page.matchingForMenu());
    }

private:
    Parts m_parts;
};

} // namespace

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
    , attention(new FleetAttention(model, *view, this))
{
    look.setSourceList(sources);
    view->setSortingEnabled(true); // Before the list: whoever hears that the order is another one reads it from the model.
    list = std::make_unique<ListOfPage>(
        ListOfPage::Parts{page, model, view->workerSelection(), *attention, *view, toolbar->groupBox(),
                          [this](FleetGrouping grouping) {
                              toolbar->groupBox().setCurrentIndex(toolbar->groupBox().findData(int(grouping)));
                              chooseGrouping(grouping);
                          },
                          [this] { return commands; }});
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
    placement = new DockPlacement(*frame, *dock, WorkerDock::leastWidth(), settings, u"fleet"_s, this);

    connect(&toolbar->filter(), &FilterField::filterChanged, this, &Private::applyFilter);
    connect(&toolbar->filter(), &FilterField::problemChanged, this, [this](const QString &text) {
        problem->setText(text);
        problem->setVisible(!text.isEmpty());
        placeOverlays();
    });
    connect(&toolbar->filter(), &FilterField::listRequested, view, qOverload<>(&QWidget::setFocus));
    connect(toolbar, &FleetToolbar::groupingChosen, this, &Private::chooseGrouping);
    connect(toolbar, &FleetToolbar::healthyCollapseChosen, this, &Private::collapseHealthy);
    connect(view, &FleetView::healthyCollapseToggled, this, [this] { collapseHealthy(!model.collapsesHealthy()); });
    connect(toolbar, &FleetToolbar::releaseRequested, attention, &FleetAttention::release);
    connect(toolbar, &FleetToolbar::pauseToggled, &q, &FleetPage::togglePause);
    connect(&toolbar->detailButton(), &QToolButton::clicked, placement, &DockPlacement::open);
    auto *columnsMenu = new QMenu(&toolbar->columnsButton());
    connect(columnsMenu, &QMenu::aboutToShow, this, [this, columnsMenu] {
        columnsMenu->clear();
        columns->fillMenu(*columnsMenu);
    });
    attention->holdWhileOpen(columnsMenu);
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
    connect(view, &RowTable::openRequested, placement, &DockPlacement::open);
    connect(&dock->detail(), &WorkerDetail::historyRequested, &q, &FleetPage::showHistory);
    connect(view, &RowTable::copyRequested, &q, &FleetPage::copyText);
    connect(view, &RowTable::widthChanged, this, [this](int width) {
        columns->fit(width);
        reviewColumns();
        placeOverlays();
    });
    connect(view, &FleetView::pointerInsideChanged, this, &Private::reviewColumns);
    connect(&view->workerSelection(), &FleetSelection::selectionMoved, this, &Private::reviewSelection);
    connect(dock, &WorkerDock::showRequested, this, &Private::showInList);
    connect(attention, &FleetAttention::heldChanged, this, [this](bool held) {
        toolbar->setHeld(held);
        reviewColumns();
    });
    connect(attention, &FleetAttention::menuClosed, this, &Private::reviewColumns);
    connect(dock->toggleViewAction(), &QAction::toggled, this,
            [this](bool shown) { toolbar->detailButton().setVisible(!shown); });

    connect(&model, &FleetTableModel::matchCountChanged, this, &Private::reviewNote);
    connect(&store, &FleetStore::published, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceChanged, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceAdded, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceRemoved, this, &Private::reviewNote);
    connect(&store, &FleetStore::sourceChanged, this, &Private::reviewColumns);
    connect(&store, &FleetStore::published, this, [this] {
        if (store.hasOtherSystems() != look.hasOtherSystems() || store.typeCount() != typesKnown
            || store.kinds().size() != kindsKnown)
            reviewColumns();
    });
    connect(&store, &FleetStore::sourceRemoved, this, &Private::reviewColumns);
    connect(&Theme::instance(), &Theme::changed, &q, qOverload<>(&QWidget::update));

    const int grouping = settings.value(groupingKey, int(FleetGrouping::Attention)).toInt();
    toolbar->groupBox().setCurrentIndex(qMax(0, toolbar->groupBox().findData(grouping)));
    model.setGrouping(FleetGrouping(toolbar->groupBox().currentData().toInt()));
    const bool healthy = settings.value(healthyKey, true).toBool();
    toolbar->healthyBox().setChecked(healthy);
    model.setHealthyCollapsed(healthy);
    toolbar->reviewGrouping();
    orderTabs(); // Before the filter has terms: those find their place by themselves.
    toolbar->filter().setText(settings.value(filterKey).toString());
    reviewColumns();
    reviewNote();
    view->setFocus(); // Not the first figure of the strip: keys are for the list.
}

/// From the figures down to the list, and from there into the dock. What was made later stands last in Qt's own order.
void FleetPage::Private::orderTabs()
{
    setTabChain({strip, toolbar, view, dock});
}

FleetPage::Private::~Private()
{
    // The parts hear of the end of model and store while they still exist: delete them in the order of use.
    delete std::exchange(columns, nullptr); // It writes down what the header looks like.
    delete attention;
    delete view;
    delete toolbar;
}

/// The columns of actors come with the first hub and go with the last, but never under the pointer.
void FleetPage::Private::reviewColumns()
{
    if (!columns || view->isPointerInside() || attention->isMenuOpen())
        return;
    const std::vector<SourceId> ids = store.sources();
    QStringList names;
    for (const SourceId source : ids)
        names.append(store.sourceName(source));
    columns->setSourceNames(names);
    const std::vector<TraitsRef> kinds = store.kinds();
    // While a first view is read, one system is found after the other: fitted for the first rows, the columns stay as they are
    // until all of it is there.
    const bool loading = std::any_of(
        ids.begin(), ids.end(), [this](SourceId source) { return store.sourceStatus(source).state == SourceState::Loading; });
    const auto anyKind = [&kinds](auto &&has) { return std::any_of(kinds.begin(), kinds.end(), has); };
    if (!loading || (!kinds.empty() && !fittedWhileLoading)) {
        fittedWhileLoading = loading;
        QStringList systems;
        for (const TraitsRef kind : kinds)
            systems.append(visibleLine(systemTitle(kind)));
        systems.sort(); // The order of the kinds says nothing.
        systems.removeDuplicates();
        columns->setSystems({anyKind([](TraitsRef kind) { return kind->isLaidOut(); }),
                             anyKind([](TraitsRef kind) { return kind->has(SourceFact::Queues); }),
                             model.grouping() == FleetGrouping::System, !hasTypes(store),
                             anyKind([&kinds](TraitsRef kind) { return kind->system != kinds.front()->system; }), systems});
    }
    typesKnown = store.typeCount();
    columns->setGroupedBySystem(model.grouping() == FleetGrouping::System);
    kindsKnown = kinds.size();
    const bool hostShown = columns->isShown(FleetColumnId::HostName) && !columns->isAside(FleetColumnId::HostName);
    look.setOtherSystems(store.hasOtherSystems(), hostShown);
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
    toolbar->reviewGrouping();
    reviewColumns();
    settings.setValue(groupingKey, int(grouping));
    emit list->groupingChanged();
}

void FleetPage::Private::collapseHealthy(bool collapsed)
{
    toolbar->healthyBox().setChecked(collapsed);
    model.setHealthyCollapsed(collapsed);
    settings.setValue(healthyKey, collapsed);
}

void FleetPage::Private::reviewNote()
{
    EmptyFleet words = emptyFleet(store, model.filter(), model.matchCount());
    if (past && !words.title.isEmpty() && words.step != EmptyFleet::Step::ClearFilter)
        words = {*past, EmptyFleet::Step::None, 0, true};
    if (words != std::exchange(empty, words)) {
        note->setWords(words, words.stepLabel(),
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
    model.setPinned(view->workerSelection().selected());
    const FleetSelection &selection = view->workerSelection();
    model.setKept(selection.current());
    const WorkerHandle hidden = selection.lookedAt();
    const std::vector<WorkerHandle> selected = q.selectedWorkers();
    dock->setSelection(selected, selection.current());
    if (hidden != noWorker)
        dock->setLookedAt(hidden, whyNotListed(hidden));
    if (!selected.empty() || hidden != noWorker)
        placement->setFilled();
    emit q.selectionChanged();
}

QString FleetPage::Private::whyNotListed(WorkerHandle handle) const
{
    const SourceId source = store.worker(handle).source;
    if (!store.isSourceVisible(source))
        return tr("Not in the list: its source %1 is hidden.").arg(store.sourceName(source));
    return tr("Not in the list: the filter hides it.");
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

void FleetPage::Private::placeOverlays()
{
    attention->placePill();
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

WorkerList &FleetPage::list() const
{
    return *d->list;
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
    // Next to the table while both have room; below that the dock is a button of the toolbar until it is asked for.
    d->placement->setNarrow(event->size().width() < d->columns->leastViewWidth() + WorkerDock::leastWidth());
    d->placeOverlays();
    d->attention->review();
}

void FleetPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    d->reviewFirstView();
    d->attention->review();
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

void FleetPage::Private::showContextMenu(const QPoint &globalPosition)
{
    auto *menu = selfDeleting(new QMenu(view));
    attention->holdWhileOpen(menu);
    fillFleetMenu(*menu, q, commands, view->workerSelection().current());
    menu->popup(globalPosition);
}

void FleetPage::showDetails()
{
    d->placement->open();
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
    attention->holdWhileOpen(menu);
    columns->fillMenu(*menu);
    menu->popup(globalPosition);
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
        d->commands->disconnect(d->attention);
    d->commands = commands;
    if (commands)
        connect(commands, &WorkerActs::preparingChanged, d->attention, &FleetAttention::setPreparing);
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

void FleetPage::setPast(const EmptyWords &empty)
{
    d->past = empty;
    d->banner->setSourcesShown(false);
    d->toolbar->pauseButton().hide();
    d->strip->setPast();
    d->dock->detail().setPast();
    d->reviewNote();
}

std::vector<WorkerHandle> FleetPage::seenWorkers() const
{
    std::vector<WorkerHandle> seen = d->view->seenWorkers();
    const WorkerHandle current = currentWorker();
    if (current != noWorker && std::find(seen.begin(), seen.end(), current) == seen.end())
        seen.push_back(current);
    return seen;
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
                                          : tr("The filter cannot be read: %1.").arg(d->model.filter().problems().constFirst());
}

void FleetPage::holdWhileOpen(QMenu *menu)
{
    d->attention->holdWhileOpen(menu);
}

void FleetPage::showWorker(WorkerHandle handle)
{
    if (handle == noWorker || int(handle) >= d->store.capacity() || !d->store.worker(handle).used)
        return;
    // Its group may be collapsed: expand until it is shown.
    if (d->model.rowOf(handle) < 0 && d->model.filter().matches(d->store, handle, d->store.viewNow())) {
        d->model.expandFor(handle);
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
        d->attention->release();
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
    d->attention->select(1);
}

void FleetPage::previousAttention()
{
    d->attention->select(-1);
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
    askExportFile(this, tr("Export List"), u"workers"_s, d->settings, exportFolderKey,
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
            emit noticed(tr("The list was not exported"), error);
    });
    const bool json = path.endsWith(u".json"_s, Qt::CaseInsensitive);
    writing->begin(d->listedSerials(), path, json ? FleetExport::Format::Json : FleetExport::Format::Csv);
}

} // namespace pulsedeck
