// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetpage.h"

#include "ui/fleet/dockmemory.h"
#include "ui/fleet/fleetpageprivate.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QResizeEvent>
#include <QScopedValueRollback>
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
    setContentsMargins(28, 5, 10, 5);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void FilterProblem::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    stylepaint::box(&painter, rect(), theme().raised, theme().late);
    paintGlyph(painter, QPointF(15, height() / 2.0), 12, Glyph::Warning);
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
    dockWanted = settings.value(dockKey, true).toBool();
    dock->setVisible(dockWanted);
    toolbar->detailButton().setVisible(!dockWanted);
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
    connect(view, &FleetView::copyRequested, this, &Private::copyText);
    connect(view, &FleetView::widthChanged, this, [this](int width) {
        columns->fit(width);
        placeOverlays();
    });
    connect(view, &FleetView::pointerMoved, this, [this](bool inside) {
        // Whoever moves over the list aims at something: it has to stand still again.
        if (inside) {
            released = false;
            model.noteAim();
        }
        reviewHold();
        reviewColumns();
    });
    connect(&view->places(), &PlaceKeeper::selectionMoved, this, [this] {
        released = false;
        reviewHold();
        reviewSelection();
    });
    connect(dock->toggleViewAction(), &QAction::toggled, this, [this](bool shown) {
        toolbar->detailButton().setVisible(!shown);
        if (!narrow && q.isVisible()) {
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
    if (!columns || view->isPointerInside() || openMenus > 0)
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
    released = true;
    reviewHold();
    model.reorderNow();
}

void FleetPage::Private::reviewHold()
{
    const bool wanted = view->isPointerInside() || openMenus > 0 || !view->places().selected().empty();
    if (!wanted)
        released = false;
    const bool held = wanted && !released;
    model.setHeld(held);
    toolbar->setHeld(held);
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
    model.setKept(view->places().current());
    dock->setSelection(view->places().selected(), view->places().current());
    emit q.selectionChanged();
}

void FleetPage::Private::reviewDock(int pageWidth)
{
    const bool nowNarrow = pageWidth < Theme::instance().scaled(1020);
    if (nowNarrow == narrow)
        return;
    narrow = nowNarrow;
    dock->setVisible(!narrow && dockWanted);
}

void FleetPage::Private::openDetail()
{
    dock->show();
    dock->raise();
}

void FleetPage::Private::placeOverlays()
{
    note->setGeometry(view->viewport()->geometry());
    if (problem->isHidden())
        return;
    const FilterField &field = toolbar->filter();
    problem->adjustSize();
    const QPoint corner = field.mapTo(&q, QPoint(0, field.height() + 3));
    problem->setGeometry(QRect(corner, QSize(qMin(problem->width(), q.width() - corner.x() - 8), problem->height())));
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
    return d->view->places().current();
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
}

void FleetPage::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    d->reviewFirstView();
}

} // namespace pulsedeck
