// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingpage.h"

#include "models/core/format.h"
#include "ui/fleet/fleetwords.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingpageprivate.h"
#include "ui/timing/timingwords.h"

#include <QTabBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 rolledOutShownMs = 5 * 60'000;
constexpr int lowBelow = 440; // Design pixels: in a lower page the values need the height that the chart below them has.
constexpr int threeColumnsFrom = 1'040; // Design pixels; below it ladder and what-if share a place.

} // namespace

TimingPage::Private::Private(TimingPage &page, const TimingContext &context, TimingFiles *files)
    : QObject(&page)
    , q(page)
    , m_context(context)
    , m_files(files)
    , m_room(context.store)
{
    // Why nothing is shown changes with the first answer. Queued: a change of source tells it while it is under way.
    connect(&m_room, &RecordingRoom::ready, this, &Private::reviewFleet, Qt::QueuedConnection);
}

TimingDraft &TimingPage::Private::draftOf(SourceId source)
{
    std::unique_ptr<TimingDraft> &draft = m_drafts[source];
    if (!draft) {
        draft = std::make_unique<TimingDraft>(m_context.desk.library());
        draft->setRules(m_context.settings.value(u"timing/rules"_s).toString());
        if (m_context.sources.settings(source).isHub())
            draft->setDomain(TimingDomain::Hub);
        draft->begin(m_context.store.timing(source));
        connect(draft.get(), &TimingDraft::changed, this, &Private::reviewState);
        // An edit leaves behind what went wrong before it.
        connect(&draft->undoStack(), &QUndoStack::indexChanged, m_notes, &TimingNotes::endTrouble);
    }
    return *draft;
}

void TimingPage::Private::reviewSources()
{
    QList<std::pair<SourceId, QString>> sources;
    for (const SourceSettings &settings : m_context.sources.all())
        sources.append({settings.id, settings.name});
    const bool there = std::any_of(sources.begin(), sources.end(), [this](const auto &one) { return one.first == m_source; });
    if (!there)
        show(sources.isEmpty() ? SourceId(0) : sources.first().first);
    m_parameters->setSources(sources, m_source);
    m_nothing->setVisible(sources.isEmpty());
    m_body->setVisible(!sources.isEmpty());
    for (auto one = m_drafts.begin(); one != m_drafts.end();) {
        const bool known = one->first == m_source || std::any_of(sources.begin(), sources.end(), [&](const auto &source) {
                               return source.first == one->first;
                           });
        one = known ? std::next(one) : m_drafts.erase(one);
    }
}

void TimingPage::Private::show(SourceId source)
{
    m_source = source;
    m_draft = source ? &draftOf(source) : nullptr;
    if (m_draft)
        takeProfile(source);
    m_parameters->setDraft(m_draft);
    m_ladder->setDraft(m_draft);
    m_whatIf->setDraft(m_draft);
    m_actions->setDraft(m_draft);
    m_history->setDraft(m_draft);
    m_notes->setNote(TimingNotes::News, Glyph::Info, {});
    m_room.setSource(source);
    if (source)
        m_context.desk.refreshHistory(source);
    measure();
    reviewHistory();
    reviewRollout();
    reviewState();
    orderTabs();
}

void TimingPage::Private::measure()
{
    if (m_source == 0)
        return;
    m_hubTiming = hubTiming(m_context.hubs, m_source);
    m_measured = measureTiming(m_context.store, &m_context.ledger, m_source, m_hubTiming);
    reviewFleet();
    reviewRollout();
}

QString TimingPage::Private::whyNothingRecorded() const
{
    const SourceStatus status = m_context.store.sourceStatus(m_source);
    if (m_context.store.sourceWorkerCount(m_source) == 0)
        return status.isConnected() ? tr("No worker is there: nothing can be recorded.")
                                    : tr("Nothing is recorded: the source is not connected.");
    if (!m_room.whatIf())
        return tr("Being worked out…"); // Whether there are such beats is not known before.
    return tr("Nothing is recorded yet: two beats of a worker are needed.");
}

void TimingPage::Private::reviewFleet()
{
    if (!m_draft)
        return;
    const FleetStore &store = m_context.store;
    const SourceStatus status = store.sourceStatus(m_source);
    ParameterPanel::Fleet fleet;
    fleet.source = store.sourceName(m_source);
    fleet.workers = m_measured.workers;
    fleet.live = store.timing(m_source);
    fleet.measured = m_measured;
    if (!m_hubTiming.hubs.empty()) {
        const QString hubs = m_hubTiming.hubs.size() == 1 ? store.sourceName(m_hubTiming.hubs.front())
                                                          : tr("%1 hubs").arg(m_hubTiming.hubs.size());
        fleet.hubs = QString(hubs + u" · "_s + countedWord(m_hubTiming.actors, u"actor"_s));
    }
    TimingFacts facts = m_draft->facts();
    facts.actors = m_hubTiming.actors;
    facts.hubKeptMs = m_hubTiming.kept.empty() ? 0 : *std::min_element(m_hubTiming.kept.begin(), m_hubTiming.kept.end());
    if (facts.actors != m_draft->facts().actors || facts.hubKeptMs != m_draft->facts().hubKeptMs)
        m_draft->setFacts(facts);
    fleet.connected = status.isConnected();
    fleet.asOf = status.lostAt > 0 ? tr("values as of %1").arg(clockText(status.lostAt)) : tr("not connected");
    m_parameters->setFleet(fleet);
    const QString why = whyNothingRecorded();
    m_parameters->setEmptyText(why);
    m_whatIf->setFleet(fleet.live, m_measured.workers, m_draft->facts().actors, why);
    m_actions->setWriteTrouble(whyNotApply(m_context, m_source));
    if (fleet.connected) {
        m_notes->setNote(TimingNotes::Connection, Glyph::Warning, {});
    } else {
        const QString asOf = status.lostAt > 0 ? tr("Values and measurements are as of %1.").arg(clockText(status.lostAt))
                                               : tr("The values shown are assumed, none was read.");
        m_notes->setNote(TimingNotes::Connection, Glyph::Warning,
                         tr("%1 is not connected. %2 A draft can be edited, but not applied.").arg(fleet.source, asOf));
    }
    reviewNewer();
}

void TimingPage::Private::reviewHistory()
{
    if (m_source == 0)
        return;
    m_history->setHistory(m_context.desk.history(m_source), m_context.desk.versionOf(m_source), m_context.store.timing(m_source));
    reviewState();
}

void TimingPage::Private::reviewNewer()
{
    const TimingProfile &live = m_context.store.timing(m_source);
    const bool newer = m_draft && !m_draft->isClean() && live.version > m_draft->base().version;
    if (!newer) {
        m_notes->setNote(TimingNotes::Newer, Glyph::Info, {});
        return;
    }
    m_notes->setNote(TimingNotes::Newer, Glyph::Warning,
                     tr("v%1 was applied meanwhile: your draft began from v%2 and cannot be applied as it is.")
                         .arg(live.version)
                         .arg(m_draft->base().version),
                     tr("Bring together…"));
}

void TimingPage::Private::reviewRollout()
{
    if (m_source == 0)
        return;
    const TimingRollout &rollout = m_context.desk.rollout(m_source);
    if (rollout.appliedAt == 0 || rollout.workers == 0) {
        m_notes->setNote(TimingNotes::Rollout, Glyph::Info, {});
        return;
    }
    const QString version = tr("v%1").arg(rollout.version);
    const qint64 now = m_context.clock.nowMs();
    if (rollout.completeAt > 0 && now - rollout.completeAt > rolledOutShownMs) {
        m_notes->setNote(TimingNotes::Rollout, Glyph::Ok, {});
        return;
    }
    if (rollout.completeAt > 0) {
        m_notes->setNote(
            TimingNotes::Rollout, Glyph::Ok,
            tr("%1: all %2 are on the new interval and TTL, after %3")
                .arg(version, countedWord(rollout.workers, u"worker"_s), countText(rollout.completeAt - rollout.appliedAt)));
        return;
    }
    QString text = tr("%1: %2 of %3 on the new interval and TTL · %4")
                       .arg(version, groupedNumber(rollout.onBoth), countedWord(rollout.workers, u"worker"_s),
                            countText(now - rollout.appliedAt));
    if (rollout.onInterval != rollout.onTtl)
        text += tr(" (interval %1, TTL %2)").arg(groupedNumber(rollout.onInterval), groupedNumber(rollout.onTtl));
    m_notes->setNote(TimingNotes::Rollout, Glyph::Draining, text,
                     rollout.onBoth < rollout.workers ? tr("Show those behind") : QString());
}

void TimingPage::Private::reviewState()
{
    QString text;
    if (m_source) {
        const qint64 version = m_context.desk.versionOf(m_source);
        text = version > 0 ? tr("v%1").arg(version) : QString();
        if (m_draft && !m_draft->isClean())
            text = text.isEmpty() ? u"•"_s : QString(text + u" •"_s);
        reviewNewer();
    }
    if (text == m_stateText)
        return;
    m_stateText = text;
    emit q.stateTextChanged(text);
}

bool TimingPage::Private::isNarrow() const
{
    return q.width() < px(threeColumnsFrom);
}

bool TimingPage::Private::isSingle() const
{
    return q.width() < px(parametersFrom + ladderFrom) + m_columns->handleWidth();
}

void TimingPage::Private::fitColumns()
{
    const bool narrow = isNarrow();
    const bool single = isSingle();
    m_tabs->setVisible(narrow);
    m_tabs->setTabVisible(ParametersTab, single);
    const int tab = !single && m_tabs->currentIndex() == ParametersTab ? LadderTab : m_tabs->currentIndex();
    const bool whatIfAlone = single && tab == WhatIfTab;
    m_parameters->setVisible(!single || tab == ParametersTab);
    m_ladder->setVisible(!narrow || tab == LadderTab);
    m_columns->setVisible(!whatIfAlone);
    m_columns->parentWidget()->setVisible(!whatIfAlone);
    m_whatIfColumn->setVisible(!narrow || tab == WhatIfTab);
    m_parameters->setLow(q.height() < px(lowBelow));
    const int width = q.width();
    const int whatIf = whatIfAlone ? width : narrow ? width * 45 / 100 : qBound(px(310), width * 28 / 100, px(400));
    m_right->setSizes({width - whatIf, whatIf});
    const int left = narrow && tab != WhatIfTab ? width : width - whatIf;
    const int parameters =
        (narrow && tab == WhatIfTab) || (single && tab == ParametersTab) ? left : left * (width < px(1'250) ? 52 : 48) / 100;
    m_columns->setSizes({parameters, left - parameters});
}

TimingPage::TimingPage(const TimingContext &context, TimingFiles *files, QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(*this, context, files))
{
    setObjectName(u"timingPage"_s);
    d->build();
    d->connectParts();
    d->makeKeys();
    setFocusProxy(&d->m_parameters->table());
    d->reviewSources();
}

TimingPage::~TimingPage()
{
    // Fields that lose the keyboard, and panels, still speak to the drafts: they go first.
    hide();
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

SourceId TimingPage::source() const
{
    return d->m_source;
}

bool TimingPage::isWorkingOut() const
{
    return d->m_source != 0 && !d->m_room.whatIf() && d->m_context.store.sourceWorkerCount(d->m_source) > 0;
}

void TimingPage::setSource(SourceId source)
{
    if (source != d->m_source && d->m_context.sources.rowOf(source) >= 0) {
        d->show(source);
        d->reviewSources();
    }
}

std::vector<std::pair<SourceId, int>> TimingPage::openDrafts() const
{
    std::vector<std::pair<SourceId, int>> open;
    for (const auto &[source, draft] : d->m_drafts) {
        if (!draft->isClean())
            open.emplace_back(source, draft->changedCount());
    }
    return open;
}

QString TimingPage::stateText() const
{
    return d->m_stateText;
}

void TimingPage::fillMenu(QMenu &menu)
{
    d->fillMenu(menu);
}

void TimingPage::focusFilter()
{
    d->m_parameters->toggleOnlyChanged();
}

void TimingPage::showDiff()
{
    d->compare(nullptr);
}

void TimingPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    d->m_room.setActive(true);
    d->m_measureTimer.start();
    d->measure();
    d->fitColumns();
    d->orderTabs();
}

void TimingPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (!event->spontaneous())
        d->m_notes->endTrouble();
    d->m_room.setActive(false);
    d->m_measureTimer.stop();
}

void TimingPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->fitColumns();
}

} // namespace pulsedeck
