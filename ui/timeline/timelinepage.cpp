// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelinepage.h"

#include "models/core/format.h"
#include "models/fleet/fleetstore.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/emptynote.h"
#include "ui/common/searchfield.h"
#include "ui/common/spanexportdialog.h"
#include "ui/common/tabchain.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerlist.h"
#include "ui/theme/theme.h"
#include "ui/timeline/axisbar.h"
#include "ui/timeline/laneasker.h"
#include "ui/timeline/lanemenu.h"
#include "ui/timeline/lanepast.h"
#include "ui/timeline/lanestepper.h"
#include "ui/timeline/laneview.h"
#include "ui/timeline/overviewbar.h"
#include "ui/timeline/pastlateness.h"
#include "ui/timeline/pauseline.h"
#include "ui/timeline/pausereview.h"
#include "ui/timeline/recordedfilter.h"
#include "ui/timeline/reportpanel.h"
#include "ui/timeline/timelinelegend.h"
#include "ui/timeline/timelinetoolbar.h"

#include <QFileInfo>
#include <QPushButton>
#include <QSettings>
#include <QTimer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto timelineSpanKey = "timeline/minutes"_L1;
constexpr auto timelineHiddenKey = "timeline/hidden"_L1; ///< What is not shown, by the numbers of TimelineToolbar::Shown.
constexpr qint64 overviewEveryMs = 5'000;
/// Time moves on at least so often, and at most ten times a second.
constexpr int slowestTickMs = 1'000;
constexpr int fastestTickMs = 100;
} // namespace

/// The page's parts and how they work together.
class TimelinePage::Private : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(TimelinePage)

public:
    Private(TimelinePage &page, const FleetStore &fleetStore, WorkerList &workers, Journal *journal, History *history,
            QSettings &pageSettings);

    void connectAll();
    void connectPast();
    void restore();
    void tick();
    void lookAtOverview();
    void takeOverview(const LaneOverview &answer);
    void takeFirstBeat(qint64 first);
    void takePicture(const SharedLanePicture &picture);
    void reviewOnly(const LanePicture &picture);
    void reviewNote();
    void applyShown(TimelineToolbar::Shown what, bool on);
    void show(const TimelineFlag &flag);
    void requestMoment(double at);
    void reviewReport();
    /// What was measured, else what is shown.
    std::pair<qint64, qint64> spanHere() const;
    void reportHere();
    void exportHere();
    void reviewGone();
    void takePastOverview();
    void reviewBegun();
    bool usesPastOverview() const;
    bool isShownGone(const HistoryLane &lane) const;
    double earliest() const;

    TimelinePage &q;
    const FleetStore &store;
    WorkerList &list;
    History *archive; ///< Null: nothing is recorded.
    QSettings &settings;
    TimeWindow window;
    LaneList rows;
    std::unique_ptr<LanePast> past; ///< Null: nothing is recorded.
    std::unique_ptr<PastLateness> lateness; ///< Null without past.
    TimelineFlags flags;
    TimelineToolbar *toolbar;
    PauseLine *pause;
    LaneView *view;
    AxisBar *axis;
    OverviewBar *overview;
    TimelineLegend *legend;
    QPushButton *report;
    ToneLabel *foot;
    EmptyNote *note;
    LaneAsker asker;
    LaneStepper stepper;
    PauseReview pauses;
    LaneMenu menu;
    QTimer moving; ///< Time goes on.
    bool pictured = false; ///< All lanes are there since the page was shown: the overview can be asked for.
    qint64 askedOverviewAt = 0;
    bool overviewed = false;
    qint64 earliestBeat = 0;
    qint64 storeEarliest = 0; ///< The first beat that the store has; 0: not known yet.
};

TimelinePage::Private::Private(TimelinePage &page, const FleetStore &fleetStore, WorkerList &workers, Journal *journal,
                               History *history, QSettings &pageSettings)
    : q(page)
    , store(fleetStore)
    , list(workers)
    , archive(history)
    , settings(pageSettings)
    , rows(workers.rows())
    , past(history ? std::make_unique<LanePast>(fleetStore, *history) : nullptr)
    , lateness(history ? std::make_unique<PastLateness>(fleetStore, *past, *history) : nullptr)
    , flags(fleetStore, journal)
    , toolbar(new TimelineToolbar(workers, window, &page))
    , pause(new PauseLine(&page))
    , view(new LaneView(rows, window, &page))
    , axis(new AxisBar(*view, window, &page))
    , overview(new OverviewBar(*view, window, &page))
    , legend(new TimelineLegend(&page))
    , report(plainButton(tr("What happened here"), u"reportMeasured"_s, &page, ButtonRole::Primary))
    , foot((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, &page))->elided()->named(u"timelineSource"_s))
    , note(new EmptyNote(view))
    , asker(*view, window, past.get())
    , stepper(*view, asker, flags, window, past.get())
    , pauses(*pause, flags, window, *view, lateness.get())
    , menu(*view, workers, history != nullptr)
{
    q.setObjectName(u"timelinePage"_s);
    auto *column = vbox(&q, 0);
    addWidgets(column, {toolbar, pause, axis});
    column->addWidget(view, 1);
    auto *footer = new Band({}, Band::Ground::Chrome, &q);
    auto *footerRow = hbox(footer, 8, {0, 0, 12, 0});
    footerRow->addWidget(legend, 1);
    addWidgets(footerRow, {report, foot});
    report->setToolTip(tr("Who was late or lost in the measured time, what they have in common, and what was changed before it"));
    foot->setMaximumWidth(px(300));
    column->addWidget(footer);
    column->addWidget(overview);
    q.setFocusProxy(view);
    moving.setInterval(slowestTickMs);
    restore();
    connectAll();
    if (past)
        connectPast();
    reviewReport();
    setTabChain({toolbar, pause, view, report, overview});
}

void TimelinePage::Private::restore()
{
    const QStringList hidden = settings.value(timelineHiddenKey).toStringList();
    for (int i = 0; i < TimelineToolbar::shownCount; ++i) {
        const auto what = TimelineToolbar::Shown(i);
        if (what == TimelineToolbar::Folded || what == TimelineToolbar::OnlyGaps)
            continue; // They are for what is looked at now.
        toolbar->setShown(what, !hidden.contains(QString::number(i)));
        applyShown(what, toolbar->isShown(what));
    }
    const double minutes = std::clamp(settings.value(timelineSpanKey, 15).toDouble(), 0.01, 1e6);
    window.setLimits(earliest(), double(store.viewNow()));
    window.setWanted(minutes * 60'000);
}

void TimelinePage::Private::connectAll()
{
    connect(&moving, &QTimer::timeout, this, &Private::tick);
    connect(&asker, &LaneAsker::answered, this, &Private::takePicture);
    connect(&asker, &LaneAsker::overviewed, this, &Private::takeOverview);
    // The time that is shown depends on it.
    connect(&asker, &LaneAsker::ready, this, &Private::takeFirstBeat);
    connect(view, &LaneView::pictureWanted, this, [this] { asker.want(false); });
    connect(&rows, &LaneList::changed, this, [this] {
        toolbar->setShown(TimelineToolbar::Folded, rows.isFolding());
        asker.want(true);
        reviewNote();
    });
    connect(&window, &TimeWindow::changed, this, [this] {
        settings.setValue(timelineSpanKey, window.wanted() / 60'000);
        moving.setInterval(std::clamp(int(window.span() / view->timeArea().width()), fastestTickMs, slowestTickMs));
        emit q.countChanged();
    });
    connect(&flags, &TimelineFlags::changed, this, [this] {
        view->setFlags(flags.flags());
        axis->setFlags(flags.flags());
        overview->setFlags(flags.flags());
    });
    connect(view, &LaneView::pointerMoved, axis, &AxisBar::setPointer);
    connect(view, &LaneView::handMoved, this, [this] { list.noteHand(); });
    connect(view, &LaneView::workerChosen, this, [this](WorkerHandle worker) { list.select(worker); });
    connect(view, &LaneView::workerOpened, &q, &Page::workerRequested);
    connect(view, &LaneView::queueOpened, &q, &TimelinePage::queueRequested);
    connect(&menu, &LaneMenu::workerRequested, &q, &Page::workerRequested);
    connect(&menu, &LaneMenu::stepRequested, &q, &TimelinePage::goToNext);
    connect(&menu, &LaneMenu::momentRequested, this, &Private::requestMoment);
    connect(&menu, &LaneMenu::reportRequested, this, &Private::reportHere);
    connect(&menu, &LaneMenu::exportRequested, this, &Private::exportHere);
    connect(view, &LaneView::gapRequested, &q, &TimelinePage::goToNext);
    connect(&stepper, &LaneStepper::nothingFound, this, [this](int direction) {
        emit q.noticed(direction > 0 ? tr("There is no later gap or event") : tr("There is no earlier gap or event"), {});
    });
    connect(axis, &AxisBar::flagChosen, this, &Private::show);
    connect(axis, &AxisBar::momentRequested, this, &Private::requestMoment);
    connect(view, &LaneView::momentRequested, this, &Private::requestMoment);
    connect(view, &LaneView::measuredChanged, this, &Private::reviewReport);
    connect(report, &QPushButton::clicked, this, &Private::reportHere);
    connect(&list, &WorkerList::selectionChanged, this, [this] {
        if (q.isVisible())
            view->setSelected(list.selected(), list.current());
    });
    connect(toolbar, &TimelineToolbar::shownChanged, this, [this](TimelineToolbar::Shown what, bool on) {
        applyShown(what, on);
        QStringList hidden;
        for (int i = 0; i < TimelineToolbar::shownCount; ++i) {
            if (!toolbar->isShown(TimelineToolbar::Shown(i)))
                hidden.append(QString::number(i));
        }
        settings.setValue(timelineHiddenKey, hidden);
    });
    connect(toolbar, &TimelineToolbar::lanesRequested, view, qOverload<>(&QWidget::setFocus));
    connect(note, &EmptyNote::stepRequested, this, [this] {
        toolbar->setShown(TimelineToolbar::OnlyGaps, false);
        applyShown(TimelineToolbar::OnlyGaps, false);
        list.setFilterText({});
    });
}

void TimelinePage::Private::connectPast()
{
    connect(past.get(), &LanePast::changed, this, [this] {
        foot->setText(q.sourceText());
        asker.want(true);
    });
    view->setPastLateness(lateness.get());
    connect(past.get(), &LanePast::lanesChanged, this, &Private::reviewGone);
    connect(past.get(), &LanePast::eventsChanged, this, [this] { flags.setEvents(past->events()); });
    connect(past.get(), &LanePast::overviewChanged, this, &Private::takePastOverview);
    connect(&list, &WorkerList::filterChanged, this, &Private::reviewGone);
}

/// Its steps are minutes: while it holds no more than the store, the store's are finer.
bool TimelinePage::Private::usesPastOverview() const
{
    constexpr qint64 moreMs = 60'000;
    return past && !past->overview().cells.empty() && (storeEarliest == 0 || past->earliest() < storeEarliest - moreMs);
}

/// After a longer time in which nothing was recorded, as the first minutes after a start are.
void TimelinePage::Private::reviewBegun()
{
    constexpr qint64 longMs = 60'000;
    const std::vector<LaneTimes> &unwatched = past->unwatched();
    const auto last =
        std::find_if(unwatched.rbegin(), unwatched.rend(), [](const LaneTimes &time) { return time.to - time.from >= longMs; });
    window.setBegun(last == unwatched.rend() ? 0 : double(last->to));
}

void TimelinePage::Private::takePastOverview()
{
    view->setUnwatched(past->unwatched());
    overview->setUnwatched(past->unwatched());
    reviewBegun();
    if (past->overview().cells.empty())
        return;
    const LaneOverview whole = past->wholeTime();
    earliestBeat = earliestBeat > 0 && earliestBeat < whole.earliest ? earliestBeat : whole.earliest;
    if (usesPastOverview())
        overview->setOverview(whole);
    window.setLimits(earliest(), double(store.viewNow()));
}

/// In the time that is seen, of a source that is shown, and not hidden by the filter.
bool TimelinePage::Private::isShownGone(const HistoryLane &lane) const
{
    if (double(lane.first) > window.to() || double(lane.last) < window.from())
        return false;
    for (const SourceId source : store.sources()) {
        if (store.sourceName(source) == lane.source && !store.isSourceVisible(source))
            return false;
    }
    return fitsRecorded(rows.model().filter(), lane);
}

void TimelinePage::Private::reviewGone()
{
    std::vector<HistoryLane> shown;
    for (const HistoryLane &lane : past->gone()) {
        if (isShownGone(lane))
            shown.push_back(lane);
    }
    const QString most = groupedNumber(qint64(LanePast::mostGone));
    if (past->state().shown)
        rows.setGoneTitle(past->hasMoreGone() ? tr("In the file, of the last %1").arg(most) : tr("In the file"));
    else
        rows.setGoneTitle(past->hasMoreGone() ? tr("No longer there, of the last %1").arg(most) : tr("No longer there"));
    rows.setGone(std::move(shown));
}

void TimelinePage::Private::applyShown(TimelineToolbar::Shown what, bool on)
{
    switch (what) {
    case TimelineToolbar::Drains:
    case TimelineToolbar::Commands:
        view->setOptions({toolbar->isShown(TimelineToolbar::Drains), toolbar->isShown(TimelineToolbar::Commands)});
        break;
    case TimelineToolbar::Markers:
        view->setMarkersShown(on);
        axis->setMarkersShown(on);
        break;
    case TimelineToolbar::OnlyGaps:
        if (!on)
            rows.setOnly(nullptr);
        asker.want(true);
        break;
    case TimelineToolbar::Queues:
        rows.setQueuesShown(on);
        break;
    case TimelineToolbar::Folded:
        rows.setFolding(on);
        break;
    case TimelineToolbar::shownCount:
        break;
    }
}

double TimelinePage::Private::earliest() const
{
    const qint64 now = store.viewNow();
    return double(earliestBeat > 0 ? earliestBeat : now - qint64(TimeWindow::leastLimits));
}

/// Time goes on: the limits move, what follows moves with them, and what came is asked for.
void TimelinePage::Private::tick()
{
    if (!q.isVisible() || q.window()->isMinimized())
        return;
    const qint64 now = store.viewNow();
    window.setLimits(earliest(), double(now));
    view->viewport()->update(); // Names and counts, too.
    if (pictured)
        lookAtOverview();
    if (past) {
        past->look(qint64(window.from()), qint64(window.to()));
        reviewGone();
        pauses.wantLateness();
    } else {
        flags.look(qint64(window.from()), qint64(window.to()));
    }
    toolbar->refresh();
    asker.wantAsTimeGoes();
}

void TimelinePage::Private::lookAtOverview()
{
    const qint64 now = store.viewNow();
    if (now - askedOverviewAt < overviewEveryMs && now >= askedOverviewAt)
        return;
    askedOverviewAt = now;
    asker.askOverview(qint64(window.earliest()), now);
}

void TimelinePage::Private::takeFirstBeat(qint64 first)
{
    storeEarliest = first;
    if (first > 0 && (!usesPastOverview() || first < earliestBeat || earliestBeat == 0))
        earliestBeat = first;
    window.setLimits(earliest(), double(store.viewNow()));
}

void TimelinePage::Private::takeOverview(const LaneOverview &answer)
{
    takeFirstBeat(answer.earliest);
    overviewed = true;
    if (usesPastOverview())
        return;
    overview->setOverview(answer);
    // More is known than was asked for.
    if (answer.earliest > 0 && answer.earliest < answer.from)
        asker.askOverview(answer.earliest, store.viewNow());
}

void TimelinePage::Private::takePicture(const SharedLanePicture &picture)
{
    view->setPicture(picture);
    if (!picture->whole || !picture->last)
        return;
    pictured = true;
    lookAtOverview();
    pauses.take(*picture);
    if (toolbar->isShown(TimelineToolbar::OnlyGaps))
        reviewOnly(*picture);
}

/// Lanes with a gap in the time that is seen.
void TimelinePage::Private::reviewOnly(const LanePicture &picture)
{
    auto only = std::make_shared<std::unordered_set<WorkerHandle>>();
    for (const LateLane &late : picture.late) {
        if (double(late.from) < window.to() && double(late.to) > window.from())
            only->insert(late.handle);
    }
    rows.setOnly(std::move(only));
}

void TimelinePage::Private::reviewNote()
{
    const FleetTableModel &model = rows.model();
    if (!rows.rows().empty() && (rows.laneCount() > 0 || !rows.queues().empty() || rows.hasGone()))
        note->setWords({});
    else if (toolbar->isShown(TimelineToolbar::OnlyGaps) && model.matchCount() > 0)
        note->setWords({Glyph::Ok, tr("No lane has a gap"), tr("Every beat came in time, as far as is shown.")},
                       tr("Show all lanes"), ButtonRole::Normal);
    else if (!model.filter().isEmpty())
        note->setWords({Glyph::Search, tr("No worker matches"), model.filter().problems().join(u'\n')}, tr("Clear filter"),
                       ButtonRole::Normal);
    else
        note->setWords({Glyph::Timeline, tr("No lanes"), tr("No source that is connected and shown has a worker.")});
    note->setGeometry(view->viewport()->geometry());
    foot->setText(q.sourceText());
}

void TimelinePage::Private::show(const TimelineFlag &flag)
{
    view->setCursorTime(double(flag.at));
    window.reveal(double(flag.at));
}

void TimelinePage::Private::requestMoment(double at)
{
    if (archive)
        emit q.momentRequested(qint64(std::clamp(at, window.earliest(), window.latest())));
    else
        emit q.noticed(tr("Other times cannot be shown"), tr("Nothing is recorded."));
}

void TimelinePage::Private::reviewReport()
{
    report->setVisible(archive && view->measured());
}

std::pair<qint64, qint64> TimelinePage::Private::spanHere() const
{
    if (const std::optional<MeasuredSpan> &measured = view->measured())
        return {qint64(std::min(measured->from, measured->to)), qint64(std::max(measured->from, measured->to))};
    return {qint64(window.from()), qint64(window.to())};
}

void TimelinePage::Private::reportHere()
{
    const auto [from, to] = spanHere();
    q.reportOn(from, to);
}

void TimelinePage::Private::exportHere()
{
    const auto [from, to] = spanHere();
    SpanExportDialog::ask(*archive, from, to + 1, settings, &q);
}

TimelinePage::TimelinePage(const FleetStore &store, WorkerList &list, Journal *journal, History *history, QSettings &settings,
                           QWidget *parent)
    : Page(u"timeline"_s, tr("Timeline"), Glyph::Timeline, parent)
    , d(std::make_unique<Private>(*this, store, list, history ? nullptr : journal, history, settings))
{
    d->reviewNote();
}

TimelinePage::~TimelinePage() = default;

void TimelinePage::reportOn(qint64 from, qint64 to)
{
    if (!d->archive || to <= from)
        return;
    SpanScope scope;
    scope.from = from;
    scope.to = to;
    auto *panel = new ReportPanel(*d->archive, scope, d->settings, this);
    connect(panel, &ReportPanel::noticed, this, &Page::noticed);
    connect(panel, &ReportPanel::succeeded, this, &Page::succeeded);
    panel->show();
}

void TimelinePage::setPlayhead(std::optional<qint64> at)
{
    const std::optional<double> shown = at ? std::optional(double(*at)) : std::nullopt;
    d->view->setPlayhead(shown);
    d->axis->setPlayhead(shown);
    d->overview->setPlayhead(shown);
    if (!shown)
        return;
    d->window.stopFollowing();
    if (*shown < d->window.from() || *shown > d->window.to())
        d->window.reveal(*shown);
}

LaneView &TimelinePage::lanes() const
{
    return *d->view;
}

TimeWindow &TimelinePage::time() const
{
    return d->window;
}

const TimelineFlags &TimelinePage::flags() const
{
    return d->flags;
}

QString TimelinePage::sourceText() const
{
    if (!d->past)
        return tr("Not recorded: the last %1 beats of each worker").arg(BeatHistory::capacity);
    const HistoryState state = d->past->state();
    if (!state.message.isEmpty())
        return tr("%1 The last %2 beats of each worker.", "why nothing is recorded")
            .arg(state.message)
            .arg(BeatHistory::capacity);
    if (state.recorder != 0)
        return tr("Recorded by another window, process %1").arg(state.recorder);
    if (state.shown)
        return tr("Shown from %1; nothing is recorded").arg(QFileInfo(state.path).fileName());
    if (state.lost > 0)
        return tr("%1 beats and changes could not be recorded").arg(groupedNumber(state.lost));
    return state.from > 0 ? tr("Recorded since %1").arg(dateTimeText(state.from)) : QString();
}

QString TimelinePage::navigationText() const
{
    const double ms = d->window.span();
    return ms < 60'000 ? roundText(qint64(ms)) : spanText(qint64(ms / 60'000) * 60'000);
}

bool TimelinePage::isSettled() const
{
    return !isVisible() || (d->asker.isIdle() && d->overviewed);
}

void TimelinePage::focusFilter()
{
    d->toolbar->filter().focusAll();
}

void TimelinePage::escape()
{
    if (d->view->measured())
        d->view->clearMeasured();
    else if (d->view->cursor())
        d->view->setCursorTime({});
    else if (d->rows.hasUnfolded())
        d->rows.foldAgain();
    else if (!d->list.filterText().isEmpty())
        d->list.setFilterText({});
    else
        d->list.select(noWorker);
    if (d->toolbar->filter().hasFocus())
        d->view->setFocus();
}

void TimelinePage::refresh()
{
    d->tick();
}

void TimelinePage::refreshTimes()
{
    d->axis->update();
    d->overview->update();
    d->pauses.review();
}

void TimelinePage::goToNext(int direction)
{
    d->stepper.go(direction);
}

void TimelinePage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    d->rows.setActive(true);
    d->pictured = false;
    d->askedOverviewAt = 0;
    d->asker.setActive(true);
    d->view->setSelected(d->list.selected(), d->list.current());
    d->moving.start();
    d->tick();
    d->reviewNote();
}

void TimelinePage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    d->moving.stop();
    d->stepper.giveUp();
    d->asker.setActive(false);
    d->rows.setActive(false);
}

} // namespace pulsedeck
