// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetpage.h"

#include "ui/fleet/dockmemory.h"
#include "ui/fleet/fleetpageprivate.h"
#include "ui/fleet/workerdetail.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/tabchain.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
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

FleetPage::Private::Private(FleetPage &page, FleetStore &fleetStore, SourceListModel &sourceList,
                            QSettings &pageSettings)
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

    connect(strip, &FleetStrip::filterRequested, this,
            [this](const QString &text) { toolbar->filter().setText(text); });
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
    columns->setHubs(std::any_of(ids.begin(), ids.end(), [this](SourceId source) {
        return store.sourceStatus(source).kind == SourceKind::Hub;
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
    const auto waits = [&](WorkerHandle handle) {
        return !grouped || model.isHeld() || model.standsInAttention(handle);
    };
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
    if (words.title != before.title || words.text != before.text || words.step != before.step
        || words.source != before.source) {
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
        QRect(0, 0,
              qMin(Theme::instance().scaled(620), q.width() - corner.x() - 8) - around.left() - around.right() - 2,
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

} // namespace pulsedeck
