// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetpage.h"
#include "models/fleet/fleetexport.h"
#include "models/fleet/liveness.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commandmenu.h"
#include "ui/fleet/dockmemory.h"
#include "ui/fleet/fleetpageprivate.h"
#include "ui/fleet/fleetwords.h"
#include "ui/fleet/gotodialog.h"
#include "ui/fleet/workerdetail.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/tabchain.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QResizeEvent>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

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

FilterProblem::FilterProblem(QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true); // It may list all flags there are.
    setContentsMargins(28, 5, 10, 5);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void FilterProblem::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    stylepaint::box(&painter, rect(), theme().raised, theme().late);
    paintGlyph(painter, QPointF(15, 5 + fontMetrics().height() / 2.0), 12, Glyph::Warning);
    painter.end();
    QLabel::paintEvent(event);
}

FleetPage::Private::Private(FleetPage &page, FleetStore &fleetStore, SourceListModel &sourceList, QSettings &pageSettings)
    : q(page)
    , store(fleetStore)
    , sources(sourceList)
    , settings(pageSettings)
    , model(fleetStore)
    , look(fleetStore)
    , strip(new FleetStrip(fleetStore))
    , toolbar(new FleetToolbar(model))
    , banner(new SourceBanner(fleetStore))
    , view(new FleetView(model, look))
    , note(new FleetNote(view))
    , problem(new FilterProblem(&page))
    , dock(new WorkerDock(fleetStore, &page))
    , columns(new ColumnArrangement(view->header(), pageSettings, this))
    , news(model)
    , pill(new AttentionPill(view))
{
    look.setSourceList(sources);
    q.setMenuWidget(strip);
    auto *centre = new QWidget;
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(toolbar);
    layout->addWidget(banner);
    layout->addWidget(view, 1);
    q.setCentralWidget(centre);
    q.addDockWidget(Qt::RightDockWidgetArea, dock);
    q.resizeDocks({dock}, {WorkerDock::leastWidth()}, Qt::Horizontal);
    new DockMemory(q, *dock, WorkerDock::leastWidth(), settings, this);
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
    connect(note, &FleetNote::stepRequested, this, &Private::takeStep);

    connect(&view->header(), &FleetHeader::menuRequested, this, &Private::showColumnsMenu);
    q.setFocusProxy(view);
    connect(view, &FleetView::menuRequested, this, &Private::showContextMenu);
    connect(view, &FleetView::detailRequested, this, &Private::openDetail);
    connect(&dock->detail(), &WorkerDetail::historyRequested, this, &Private::showHistory);
    connect(view, &FleetView::copyRequested, this, &Private::copyText);
    connect(view, &FleetView::widthChanged, this, [this](int width) {
        columns->fit(width);
        placeOverlays();
    });
    connect(view, &FleetView::handMoved, this, &Private::noteHand);
    connect(view, &FleetView::pointerInsideChanged, this, &Private::reviewColumns);
    connect(&view->places(), &PlaceKeeper::selectionMoved, this, &Private::reviewSelection);
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
    columns->setHubs(std::any_of(ids.begin(), ids.end(),
                                 [this](SourceId source) { return store.sourceStatus(source).kind == SourceKind::Hub; }));
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
        view->places().reveal(first);
    view->setFocus();
    reviewNews();
}

void FleetPage::Private::reviewNote()
{
    const FleetNoteWords words = fleetNoteWords(store, model.filter(), model.matchCount());
    const FleetNoteWords &before = note->words();
    const bool said = words.step == FleetNoteWords::Step::Retry || words.step == FleetNoteWords::Step::Edit;
    if (words.title != before.title || words.text != before.text || words.step != before.step || words.source != before.source) {
        note->setWords(words);
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
    const PlaceKeeper &places = view->places();
    model.setKept(places.current());
    const WorkerHandle hidden = places.lookedAt();
    const std::vector<WorkerHandle> selected = q.selectedWorkers();
    dock->setSelection(selected, places.current());
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
    const WorkerHandle handle = view->places().lookedAt();
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
    pill->setGeometry(QRect(QPoint(rows.right() - size.width() - Theme::instance().scaled(12), rows.top()), size));
    pill->raise();
    if (problem->isHidden())
        return;
    const FilterField &field = toolbar->filter();
    const QPoint corner = field.mapTo(&q, QPoint(0, field.height() + 3));
    const QMargins around = problem->contentsMargins();
    const QRect text = problem->fontMetrics().boundingRect(
        QRect(0, 0, qMin(Theme::instance().scaled(620), q.width() - corner.x() - 8) - around.left() - around.right() - 2,
              q.height()),
        Qt::TextWordWrap, problem->text());
    const int width = text.width() + 2 + around.left() + around.right();
    problem->setGeometry(QRect(corner, QSize(width, problem->heightForWidth(width))));
    problem->raise();
}

void FleetPage::Private::takeStep(FleetNoteWords::Step step, SourceId source)
{
    switch (step) {
    case FleetNoteWords::Step::ClearFilter:
        toolbar->filter().setText({});
        break;
    case FleetNoteWords::Step::Retry:
    case FleetNoteWords::Step::Connect:
        emit q.reconnectRequested(source);
        break;
    case FleetNoteWords::Step::Edit:
        emit q.editRequested(source);
        break;
    case FleetNoteWords::Step::None:
        break;
    }
}

FleetPage::FleetPage(FleetStore &store, SourceListModel &sources, QSettings &settings, QWidget *parent)
    : QMainWindow(parent)
{
    setWindowFlags(Qt::Widget);
    setDockOptions(QMainWindow::AllowNestedDocks);
    d = std::make_unique<Private>(*this, store, sources, settings);
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
    const PlaceKeeper &places = d->view->places();
    return places.current() != noWorker ? places.current() : places.lookedAt();
}

QAction *FleetPage::dockAction() const
{
    return d->dock->toggleViewAction();
}

void FleetPage::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    d->reviewDock(event->size().width());
    d->placeOverlays();
    d->reviewNews();
}

void FleetPage::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
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
