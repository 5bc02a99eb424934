// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queuespage.h"

#include "models/core/format.h"
#include "models/fleet/fleetfilterwords.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/dockplacement.h"
#include "ui/common/emptynote.h"
#include "ui/common/filterexamples.h"
#include "ui/common/orderhold.h"
#include "ui/common/searchfield.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tabchain.h"
#include "ui/common/titlecase.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workeracts.h"
#include "ui/queues/queuecells.h"
#include "ui/queues/queuedock.h"
#include "ui/queues/queuesheader.h"
#include "ui/queues/queuetable.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QMainWindow>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QSpacerItem>
#include <QTimer>
#include <QToolButton>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto queueGroupingKey = "queues/grouping"_L1;
constexpr auto queueJobsKey = "queues/onlyWithJobs"_L1;
constexpr auto queueSpanKey = "queues/minutes"_L1;
constexpr auto queueFilterKey = "queues/filter"_L1;
constexpr auto queueSortKey = "queues/sort"_L1;
constexpr auto queueDescendingKey = "queues/descending"_L1;
constexpr int narrowPage = 1'060; ///< In the design's pixels: below, the dock would take what the columns need.

/// What the cells of the column Workers mean.
class QueueLegend final : public QWidget
{
public:
    QueueLegend(QueueWorker worker, QWidget *parent)
        : QWidget(parent)
        , m_worker(worker)
    {
        setFixedSize(px(8), px(12));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintQueueWorker(painter, QPointF(1, (height() - px(5)) / 2.0), m_worker);
    }

private:
    QueueWorker m_worker;
};

} // namespace

/// The page's parts and how they work together.
class QueuesPage::Private : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(QueuesPage)

public:
    Private(QueuesPage &page, FleetStore &fleetStore, const SourceListModel &sourceList, QSettings &pageSettings);
    ~Private() override;

    QWidget *buildToolbar();
    QWidget *buildLegend();
    void restore();
    void connectAll();
    void readStore();
    void applyFilter();
    qint64 shownSpan(qint64 now) const;
    void review(); ///< Figures, note and dock, by what the model has.
    void reviewNote();
    void reviewDock();
    void reviewPause();
    void reviewRoom();
    void countQueues();
    void noteHand() { hold.noteHand(store.viewNow()); }
    void showContextMenu(const QPoint &globalPosition);
    void showWorkers();
    void ask();
    /// What pausing means for the selection: those that are not paused are paused, or else all are resumed.
    std::pair<Act, std::vector<CommandTarget>> actMeant() const;
    QString whyNotAct() const;
    QString actText() const;
    std::vector<const QueueFacts *> selectedFacts() const;

    QueuesPage &q;
    QMainWindow *frame;
    FleetStore &store;
    QSettings &settings;
    QueueTableModel model;
    QueuesHeader *header;
    QWidget *toolbar = nullptr;
    SearchField *filter = nullptr;
    QComboBox *group = nullptr;
    QCheckBox *onlyWithJobs = nullptr;
    SegmentedRow *span = nullptr;
    QToolButton *columns = nullptr;
    QToolButton *pause = nullptr;
    QToolButton *detail = nullptr;
    ToneLabel *problem = nullptr;
    ToneLabel *hint = nullptr;
    ToneLabel *linesNote = nullptr;
    QueueTable *table;
    EmptyNote *note;
    QueueDock *dock;
    DockPlacement *placement;
    QAction *actAction;
    QAction *workersAction;
    WorkerActs *acts = nullptr;
    OrderHold hold;
    QTimer due; ///< What comes in a burst is read together.
    qint64 orderedAt = 0;
    int queueCount = 0;
};

QueuesPage::Private::Private(QueuesPage &page, FleetStore &fleetStore, const SourceListModel &sourceList, QSettings &pageSettings)
    : q(page)
    , frame(new QMainWindow(&page))
    , store(fleetStore)
    , settings(pageSettings)
    , model(fleetStore)
    , header(new QueuesHeader)
    , table(nullptr)
    , note(nullptr)
    , dock(new QueueDock(fleetStore, &page))
    , placement(nullptr)
    , actAction(new QAction(this))
    , workersAction(new QAction(tr("Show Workers in Fleet"), this))
{
    q.setObjectName(u"queuesPage"_s);
    model.sort(settings.value(queueSortKey, int(QueueColumn::State)).toInt(),
               settings.value(queueDescendingKey, true).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
    frame->setWindowFlags(Qt::Widget); // Else a main window is a window of its own.
    auto *whole = vbox(&q);
    whole->addWidget(frame);
    frame->setMenuWidget(header);
    auto *centre = new QWidget;
    auto *column = vbox(centre, 0);
    toolbar = buildToolbar();
    column->addWidget(toolbar);
    table = new QueueTable(model, sourceList, settings, centre);
    column->addWidget(table, 1);
    column->addWidget(buildLegend());
    note = new EmptyNote(table);
    frame->setCentralWidget(centre);
    frame->addDockWidget(Qt::RightDockWidgetArea, dock);
    placement = new DockPlacement(*frame, *dock, QueueDock::leastWidth(), settings, u"queues"_s, this);
    q.setFocusProxy(table);

    actAction->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_P);
    actAction->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    q.addAction(actAction);
    workersAction->setShortcut(Qt::Key_W); // No letter is typed in the table.
    workersAction->setShortcutContext(Qt::WidgetShortcut);
    table->addAction(workersAction);

    restore();
    connectAll();
    setTabChain({header, toolbar, table, dock});
    countQueues();
    review();
}

QueuesPage::Private::~Private()
{
    delete table; // It hears of its model's end otherwise, and asks it.
}

QWidget *QueuesPage::Private::buildToolbar()
{
    auto *strip = new Band(Qt::BottomEdge, Band::Ground::Chrome, &q);
    filter = new SearchField(queueFilterExample(store), tr("Filter queues"), strip);
    filter->setObjectName(u"queueFilter"_s);
    filter->setMinimumWidth(px(160));
    filter->setMaximumWidth(px(420));
    group = new QComboBox(strip);
    group->setObjectName(u"queueGroup"_s);
    group->setAccessibleName(tr("Group queues by"));
    group->setToolTip(tr("Group queues by"));
    group->addItem(tr("Group: source"), int(QueueGrouping::Source));
    group->addItem(tr("Group: system"), int(QueueGrouping::System));
    group->addItem(tr("No groups"), int(QueueGrouping::None));
    onlyWithJobs = new QCheckBox(tr("Only with &jobs"), strip);
    onlyWithJobs->setObjectName(u"onlyWithJobs"_s);
    onlyWithJobs->setToolTip(tr("Leaves out queues in which nothing waits, is delayed or at work"));
    problem = (new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, strip))->elided()->named(u"queueFilterProblem"_s);
    span = new SegmentedRow(tr("How far back the lines go"), strip);
    span->add(15, tr("15 min"), u"span15"_s);
    span->add(60, tr("1 h"), u"span60"_s);
    span->add(360, tr("6 h"), u"span360"_s);
    columns = new QToolButton(strip);
    columns->setObjectName(u"queueColumns"_s);
    columns->setText(tr("Columns"));
    columns->setToolTip(tr("Which columns are shown"));
    columns->setIcon(glyphIcon(Glyph::Columns));
    columns->setPopupMode(QToolButton::InstantPopup);
    pause = new QToolButton(strip);
    pause->setObjectName(u"queuePause"_s);
    for (QToolButton *button : {columns, pause}) {
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::TabFocus);
    }
    detail = new QToolButton(strip);
    detail->setAutoRaise(true);
    detail->setIcon(glyphIcon(Glyph::Info));
    detail->setToolTip(tr("Show the queue's details (Enter)"));
    detail->setAccessibleName(tr("Show details"));
    detail->setFocusPolicy(Qt::TabFocus);
    auto *row = hbox(strip, 8, {8, 6, 8, 6});
    row->addWidget(filter, 2);
    row->addWidget(group);
    row->addWidget(onlyWithJobs);
    row->addWidget(columns);
    row->addWidget(problem, 1);
    row->addWidget(span);
    row->addWidget(pause);
    row->addWidget(detail);
    return strip;
}

QWidget *QueuesPage::Private::buildLegend()
{
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, &q);
    auto *row = hbox(foot, 5, {12, 4, 12, 4});
    const auto say = [&](const QString &text) {
        row->addWidget(new ToneLabel(text, ToneLabel::Tone::Dim, ToneLabel::Face::Small, foot));
        row->addItem(new QSpacerItem(px(8), 0, QSizePolicy::Maximum)); // It gives way before a word does.
    };
    say(tr("Workers here:"));
    for (const auto &[worker, text] : {std::pair(QueueWorker::TakesJobs, tr("takes jobs")),
                                       {QueueWorker::Silent, tr("nothing to do, silent")},
                                       {QueueWorker::Troubled, tr("late, deaf, consumes nothing")},
                                       {QueueWorker::Leaving, tr("draining or leaving")},
                                       {QueueWorker::Paused, tr("paused")},
                                       {QueueWorker::Lost, tr("crashed or hung")}}) {
        row->addWidget(new QueueLegend(worker, foot));
        say(text);
    }
    hint = new ToneLabel(tr("Bars are logarithmic · – is not known; its tool tip says why"), ToneLabel::Tone::Dim,
                         ToneLabel::Face::Small, foot);
    hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    hint->setShorter({}); // The headings say it too.
    row->addWidget(hint, 1);
    linesNote = (new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, foot))->elided()->named(u"queueLinesNote"_s);
    linesNote->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    linesNote->hide();
    row->addWidget(linesNote, 1);
    return foot;
}

void QueuesPage::Private::restore()
{
    const int index = group->findData(settings.value(queueGroupingKey, int(QueueGrouping::Source)).toInt());
    group->setCurrentIndex(qMax(0, index));
    model.setGrouping(QueueGrouping(group->currentData().toInt()));
    onlyWithJobs->setChecked(settings.value(queueJobsKey, false).toBool());
    model.setOnlyWithJobs(onlyWithJobs->isChecked());
    const int minutes = settings.value(queueSpanKey, 15).toInt();
    span->setChoice(span->button(minutes) ? minutes : 15);
    filter->setText(settings.value(queueFilterKey).toString());
    applyFilter();
}

void QueuesPage::Private::connectAll()
{
    auto *columnsMenu = new QMenu(columns);
    columnsMenu->setToolTipsVisible(true);
    columns->setMenu(columnsMenu);
    connect(columnsMenu, &QMenu::aboutToShow, this, [this, columnsMenu] {
        columnsMenu->clear();
        table->fillColumnsMenu(*columnsMenu);
    });
    connect(pause, &QToolButton::clicked, this, [this] { store.setPaused(!store.isPaused()); });
    connect(&store, &FleetStore::pausedChanged, this, &Private::reviewPause);
    followTheme(pause, [this] { reviewPause(); });
    connect(filter, &QLineEdit::textChanged, this, &Private::applyFilter);
    connect(filter, &QLineEdit::returnPressed, table, qOverload<>(&QWidget::setFocus));
    connect(group, &QComboBox::activated, this, [this](int index) {
        model.setGrouping(QueueGrouping(group->itemData(index).toInt()));
        settings.setValue(queueGroupingKey, group->itemData(index).toInt());
    });
    connect(onlyWithJobs, &QCheckBox::clicked, this, [this](bool only) {
        model.setOnlyWithJobs(only);
        settings.setValue(queueJobsKey, only);
    });
    connect(span, &SegmentedRow::chosen, this, [this](int minutes) {
        settings.setValue(queueSpanKey, minutes);
        review();
    });
    connect(detail, &QToolButton::clicked, placement, &DockPlacement::open);
    connect(dock->toggleViewAction(), &QAction::toggled, this, [this](bool shown) { detail->setVisible(!shown); });
    connect(header, &QueuesHeader::filterRequested, &q, &QueuesPage::setFilterText);
    connect(note, &EmptyNote::stepRequested, this, [this] {
        filter->clear();
        onlyWithJobs->setChecked(false);
        settings.setValue(queueJobsKey, false);
        model.setOnlyWithJobs(false);
    });
    connect(table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, [this](int column, Qt::SortOrder order) {
        settings.setValue(queueSortKey, column);
        settings.setValue(queueDescendingKey, order == Qt::DescendingOrder);
    });
    connect(table, &RowTable::selectionMoved, this, &Private::reviewDock);
    connect(table, &RowTable::openRequested, placement, &DockPlacement::open);
    connect(table, &RowTable::menuRequested, this, &Private::showContextMenu);
    connect(table, &RowTable::widthChanged, this, &Private::reviewRoom);
    connect(table, &QueueTable::handMoved, this, &Private::noteHand);
    connect(actAction, &QAction::triggered, this, &Private::ask);
    connect(workersAction, &QAction::triggered, this, &Private::showWorkers);
    connect(dock, &QueueDock::actRequested, this, &Private::ask);
    connect(dock, &QueueDock::workersRequested, this, &Private::showWorkers);
    connect(dock, &QueueDock::workerRequested, &q, &Page::workerRequested);
    connect(&model, &QueueTableModel::refreshed, this, &Private::review);

    due.setSingleShot(true);
    due.setInterval(250);
    connect(&due, &QTimer::timeout, this, &Private::readStore);
    const auto soon = [this] {
        countQueues();
        if (q.isVisible() && !due.isActive())
            due.start();
    };
    connect(&store, &FleetStore::queuesChanged, this, soon);
    for (const auto signal : {&FleetStore::sourceChanged, &FleetStore::sourceAdded, &FleetStore::sourceRemoved})
        connect(&store, signal, this, soon);
}

/// The order follows at most once a second, and not under a moving hand.
void QueuesPage::Private::readStore()
{
    if (!q.isVisible())
        return;
    const qint64 now = store.viewNow();
    const bool reorder = !hold.isHeld(now) && (now - orderedAt >= 1'000 || now < orderedAt);
    if (reorder)
        orderedAt = now;
    model.refresh(reorder);
}

void QueuesPage::Private::applyFilter()
{
    const QueueFilter parsed = QueueFilter::parse(filter->text());
    settings.setValue(queueFilterKey, filter->text());
    problem->setText(parsed.problems().join(u"; "_s));
    header->setFilter(filter->text().trimmed());
    model.setFilter(parsed);
}

/// The chosen time, or less while there is less to show: lines begin at their left edge rather than as a few pixels at the right.
qint64 QueuesPage::Private::shownSpan(qint64 now) const
{
    const qint64 chosen = qint64(span->choice()) * 60'000;
    qint64 first = now;
    for (const auto &[key, record] : store.queues().all()) {
        if (!store.isSourceVisible(key.source))
            continue;
        for (const std::vector<QueuePoint> *points : {&record.history.fine(), &record.history.coarse()}) {
            if (!points->empty())
                first = qMin(first, points->front().at);
        }
    }
    for (const qint64 minutes : {1, 2, 5, 10, 15, 30, 60, 120, 240}) {
        if (minutes * 60'000 >= now - first)
            return qMin(chosen, minutes * 60'000);
    }
    return chosen;
}

void QueuesPage::Private::review()
{
    header->setSums(model.sums());
    filter->setPlaceholderText(queueFilterExample(store));
    const qint64 now = store.viewNow();
    const qint64 spanMs = shownSpan(now);
    table->setSpan(spanMs);
    table->setEnd(chartEndText(now, store.clock()));
    header->setTrend(model.waitingOverTime(now, spanMs), now, spanMs, store.clock());
    header->setFlow(model.flowOverTime(now, spanMs), spanMs);
    reviewNote();
    reviewDock();
}

void QueuesPage::Private::reviewNote()
{
    if (model.rowCount() > 0)
        note->setWords({});
    else if (model.allCount() > 0)
        note->setWords({Glyph::Search, tr("No queue matches"),
                        model.filter().isReadable() ? tr("%Ln queue(s) are there.", nullptr, model.allCount())
                                                    : model.filter().problems().join(u'\n')},
                       tr("Clear filter"), ButtonRole::Normal);
    else
        note->setWords({Glyph::Queues, tr("No queues"),
                        tr("Queues are shown of systems that have them: Sidekiq, RQ, Celery, BullMQ and others.\n"
                           "No source that is connected and shown has one.")});
}

std::vector<const QueueFacts *> QueuesPage::Private::selectedFacts() const
{
    std::vector<const QueueFacts *> selected;
    for (const int row : table->selectedRows())
        selected.push_back(model.factsAt(row));
    return selected;
}

void QueuesPage::Private::reviewDock()
{
    const std::vector<const QueueFacts *> selected = selectedFacts();
    const QueueFacts *shown = selected.empty() ? nullptr : selected.front();
    if (const QueueFacts *current = table->currentQueue(); current && shown)
        shown = current;
    const QString why = whyNotAct();
    actAction->setText(titleCase(actText()));
    actAction->setToolTip(why);
    workersAction->setEnabled(!selected.empty());
    workersAction->setToolTip(selected.empty() ? tr("Select a queue first.") : QString());
    dock->showQueue(shown, int(selected.size()), shownSpan(store.viewNow()));
    QString means;
    if (shown)
        means = traitText(shown->latest.traits->of(actMeant().first).means);
    dock->setAct(actText(), why, means);
    if (shown)
        placement->setFilled();
}

/// All pages stand still together.
void QueuesPage::Private::reviewPause()
{
    const bool paused = store.isPaused();
    pause->setText(paused ? tr("Resume") : tr("Pause"));
    pause->setIcon(glyphIcon(paused ? Glyph::Resume : Glyph::Pause));
    pause->setToolTip(paused ? tr("Apply the changes that came meanwhile and continue (Space)")
                             : tr("Hold all figures as they are; changes are kept and applied later (Space)"));
    reviewRoom();
}

/// The words of buttons whose icon and tool tip say the same give way before the fields do.
void QueuesPage::Private::reviewRoom()
{
    for (QToolButton *button : {columns, pause})
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    if (toolbar->layout()->minimumSize().width() <= toolbar->width())
        return;
    for (QToolButton *button : {columns, pause})
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
}

void QueuesPage::Private::countQueues()
{
    const int count = visibleQueues(store);
    if (std::exchange(queueCount, count) != count)
        emit q.countChanged();
}

std::pair<Act, std::vector<CommandTarget>> QueuesPage::Private::actMeant() const
{
    const std::vector<const QueueFacts *> selected = selectedFacts();
    const bool pauses = selected.empty() || std::any_of(selected.begin(), selected.end(), [](const QueueFacts *queue) {
                            return !queue->latest.paused;
                        });
    std::vector<CommandTarget> targets;
    for (const QueueFacts *queue : selected) {
        if (queue->latest.paused != pauses)
            targets.push_back({queue->key.source, ActScope::Queue, queue->key.name, queue->latest.traits});
    }
    return {pauses ? Act::PauseQueue : Act::ResumeQueue, targets};
}

QString QueuesPage::Private::whyNotAct() const
{
    const auto [act, targets] = actMeant();
    if (targets.empty())
        return tr("Select a queue first.");
    return acts ? acts->whyNotTargets(act, targets) : tr("Nothing can be commanded here.");
}

QString QueuesPage::Private::actText() const
{
    const auto [act, targets] = actMeant();
    const int count = qMax(1, int(targets.size()));
    if (act == Act::ResumeQueue)
        return count == 1 ? tr("&Resume queue…") : tr("&Resume %Ln queue(s)…", nullptr, count);
    return count == 1 ? tr("&Pause queue…") : tr("&Pause %Ln queue(s)…", nullptr, count);
}

void QueuesPage::Private::ask()
{
    const auto [act, targets] = actMeant();
    if (const QString why = whyNotAct(); !why.isEmpty()) {
        emit q.noticed(act == Act::PauseQueue ? tr("No queue was paused") : tr("No queue was resumed"), why);
        return;
    }
    acts->askTargets(act, targets);
}

void QueuesPage::Private::showWorkers()
{
    QStringList names;
    for (const QueueFacts *queue : selectedFacts())
        names.append(QString::fromUtf8(queue->key.name));
    names.removeDuplicates();
    if (!names.isEmpty())
        emit q.filterRequested(quotedTerm(u"queue:"_s + names.join(u',')));
}

void QueuesPage::Private::showContextMenu(const QPoint &globalPosition)
{
    if (!table->currentQueue())
        return;
    auto *menu = selfDeleting(new QMenu(table));
    menu->setToolTipsVisible(true);
    connect(menu->addAction(tr("Show Details")), &QAction::triggered, placement, &DockPlacement::open);
    menu->addAction(workersAction);
    menu->addSeparator();
    const QString why = whyNotAct();
    QAction *act = menu->addAction(titleCase(actText()));
    act->setObjectName(u"queueActEntry"_s);
    act->setEnabled(why.isEmpty());
    act->setToolTip(why);
    connect(act, &QAction::triggered, this, &Private::ask);
    menu->addSeparator();
    connect(menu->addAction(tr("Copy as Text")), &QAction::triggered, table, &RowTable::copyRequested);
    hold.menuOpened();
    connect(menu, &QMenu::aboutToHide, this, [this] { hold.menuClosed(); });
    menu->popup(globalPosition);
}

QueuesPage::QueuesPage(FleetStore &store, const SourceListModel &sources, QSettings &settings, QWidget *parent)
    : Page(u"queues"_s, tr("Queues"), Glyph::Queues, parent)
    , d(std::make_unique<Private>(*this, store, sources, settings))
{ }

QueuesPage::~QueuesPage() = default;

void QueuesPage::setCommands(WorkerActs *acts)
{
    d->acts = acts;
    if (acts)
        connect(acts, &WorkerActs::preparingChanged, this, [this](bool preparing) { d->hold.setPreparing(preparing); });
    d->reviewDock();
}

void QueuesPage::setPast()
{
    d->pause->hide();
}

void QueuesPage::setLinesNote(const QString &text)
{
    d->linesNote->setText(text);
    d->linesNote->setVisible(!text.isEmpty());
    d->hint->setVisible(text.isEmpty()); // The headings say it too.
}

QueueTableModel &QueuesPage::model() const
{
    return d->model;
}

QString QueuesPage::filterText() const
{
    return d->filter->text();
}

void QueuesPage::setFilterText(const QString &text)
{
    d->filter->setText(text);
    d->header->setFilter(text);
}

bool QueuesPage::showQueue(const QueueKey &key)
{
    const int row = d->model.rowOf(key);
    if (row < 0)
        return false;
    d->table->setCurrentIndex(d->model.index(row, 0));
    d->placement->open();
    return true;
}

QString QueuesPage::navigationText() const
{
    return d->queueCount > 0 ? groupedNumber(d->queueCount) : QString();
}

void QueuesPage::focusFilter()
{
    d->filter->focusAll();
}

void QueuesPage::escape()
{
    if (!d->filter->text().isEmpty())
        d->filter->clear();
    else
        d->table->clearSelection();
    if (d->filter->hasFocus())
        d->table->setFocus();
}

/// Ages, and the lines, which move on.
void QueuesPage::refresh()
{
    if (!isVisible())
        return;
    d->readStore();
    d->table->viewport()->update();
}

void QueuesPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    d->readStore();
}

void QueuesPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    d->placement->setNarrow(width() < px(narrowPage));
}

} // namespace pulsedeck
