// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingpage.h"

#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timing/beatrecorder.h"
#include "ui/timing/draftactions.h"
#include "ui/timing/draftstore.h"
#include "ui/timing/parameterpanel.h"
#include "ui/timing/pastreasons.h"
#include "ui/timing/ratioladder.h"
#include "ui/timing/systemtimingsteps.h"
#include "ui/timing/timingcolumns.h"
#include "ui/timing/timingfilesteps.h"
#include "ui/timing/timingnotes.h"
#include "ui/timing/timingreviewing.h"
#include "ui/timing/timingsubject.h"
#include "ui/timing/timingwords.h"
#include "ui/timing/versionstrip.h"
#include "ui/timing/whatifpanel.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QHideEvent>
#include <QKeySequence>
#include <QMenu>
#include <QShortcut>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 rolledOutShownMs = 5 * 60'000;
constexpr int measureEveryMs = 2'000;

} // namespace

/// The page's parts and how they work together.
class TimingPage::Private : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(TimingPage)

public:
    Private(TimingPage &page, const TimingContext &context, TimingFiles *files);

    void build();
    void connectParts();
    void makeKeys();
    void undo();
    void redo();
    void fillMenu(QMenu &menu);
    void reviewSources();
    void show(SourceId source, const QString &system = {});
    void reviewChoices();
    QString usualSystem(SourceId source);
    void measure();
    void reviewFleet();
    void reviewHistory();
    void reviewRollout();
    void reviewNewer();
    void reviewState();
    QString whyNothingRecorded() const;
    QString countedOfSystem() const;
    void setRules(const QString &id);
    void requestWorker(const QByteArray &id);
    void noteButton(int kind);
    void showBehind();
    QString sourceTerm() const;

    TimingPage &q;
    TimingContext m_context;
    TimingFiles *m_files;
    BeatRecorder m_recorder;
    DraftStore m_drafts;
    TimingSubject m_subject;
    QTimer m_measureTimer;
    QString m_stateText;
    bool m_chosen = false; ///< The operator chose what is shown.

    TimingNotes *m_notes = nullptr;
    QWidget *m_nothing = nullptr; ///< No source at all.
    TimingColumns *m_columns = nullptr;
    ParameterPanel *m_parameters = nullptr;
    RatioLadder *m_ladder = nullptr;
    WhatIfPanel *m_whatIf = nullptr;
    DraftActions *m_actions = nullptr;
    VersionStrip *m_history = nullptr;
    TimingReviewing *m_reviewing = nullptr;
    TimingFileSteps *m_fileSteps = nullptr;
    SystemTimingSteps *m_systemSteps = nullptr;
};

TimingPage::Private::Private(TimingPage &page, const TimingContext &context, TimingFiles *files)
    : QObject(&page)
    , q(page)
    , m_context(context)
    , m_files(files)
    , m_recorder(context.store, context.past)
    , m_drafts(context.controller.library(), context.store, context.sources, context.settings, context.layouts, this)
{
    if (context.past)
        m_drafts.setPast();
    // The reason why nothing is shown changes with the first answer. Queued: a change of source emits it half-way through.
    connect(&m_recorder, &BeatRecorder::ready, this, &Private::reviewFleet, Qt::QueuedConnection);
}

void TimingPage::Private::build()
{
    m_notes = new TimingNotes(&q);
    auto *nothing = (new ToneLabel(tr("There are no sources yet. Timing belongs to a source: connect to one first."),
                                   ToneLabel::Tone::Dim, ToneLabel::Face::Body, &q))
                        ->named(u"timingNothing"_s);
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setWordWrap(true);
    m_nothing = nothing;
    m_parameters = new ParameterPanel(m_recorder, &q);
    m_ladder = new RatioLadder(&q);
    m_whatIf = new WhatIfPanel(m_recorder, m_context.clock, &q);
    m_actions = new DraftActions(m_files != nullptr, m_context.past != nullptr, &q);
    m_history = new VersionStrip(m_context.controller.library(), m_context.clock, &q);
    if (m_context.past)
        m_history->setNoRollBack(PastReasons::apply());
    m_columns = new TimingColumns({*m_parameters, *m_ladder, *m_history, *m_whatIf, *m_actions}, &q);
    m_reviewing = new TimingReviewing(m_context, m_subject, m_drafts, m_recorder, *m_whatIf, *m_notes, m_files, q);
    m_fileSteps = new TimingFileSteps(m_files, m_subject, m_context.controller, *m_notes, q);
    m_systemSteps = new SystemTimingSteps(m_context.store, m_subject, *m_notes, q);
    auto *whole = vbox(&q, 0);
    whole->addWidget(m_notes);
    whole->addWidget(m_nothing, 1);
    whole->addWidget(m_columns, 1);
    m_measureTimer.setInterval(measureEveryMs);
}

void TimingPage::Private::connectParts()
{
    connect(&m_measureTimer, &QTimer::timeout, this, &Private::measure);
    connect(m_parameters, &ParameterPanel::sourceChosen, this, [this](SourceId source, const QString &system) {
        m_chosen = true;
        show(source, system);
    });
    connect(m_parameters, &ParameterPanel::driftRequested, this,
            [this] { emit q.filterRequested(QString(u"drift:any"_s + sourceTerm())); });
    connect(m_ladder, &RatioLadder::rulesChosen, this, &Private::setRules);
    connect(m_whatIf, &WhatIfPanel::workerRequested, this, &Private::requestWorker);
    connect(m_whatIf, &WhatIfPanel::answered, this, [this] { m_actions->setDeaths(m_whatIf->answer().deaths); });
    connect(m_whatIf, &WhatIfPanel::exported, this, [this](const QString &path) {
        m_notes->setNote(TimingNotes::News, Glyph::Ok, tr("The recording was written to %1.").arg(QFileInfo(path).fileName()),
                         tr("Close"));
    });
    connect(m_actions, &DraftActions::reviewRequested, m_reviewing, &TimingReviewing::review);
    connect(m_actions, &DraftActions::revertRequested, this, [this] {
        if (m_subject.draft)
            m_subject.draft->revert();
    });
    connect(m_actions, &DraftActions::exportRequested, m_fileSteps, &TimingFileSteps::exportTo);
    connect(m_actions, &DraftActions::readRequested, m_fileSteps, &TimingFileSteps::readFrom);
    connect(m_actions, &DraftActions::constantsRequested, m_fileSteps, &TimingFileSteps::showConstants);
    connect(m_actions, &DraftActions::rulesRequested, m_fileSteps, &TimingFileSteps::chooseRules);
    connect(m_actions, &DraftActions::copyRequested, m_systemSteps, &SystemTimingSteps::copy);
    connect(m_actions, &DraftActions::saveRequested, m_systemSteps, &SystemTimingSteps::chooseFile);
    connect(m_history, &VersionStrip::compareRequested, this,
            [this](const TimingProfile &profile) { m_reviewing->compare(&profile); });
    connect(m_history, &VersionStrip::draftChosen, this, [this] { m_reviewing->compare(nullptr); });
    connect(m_history, &VersionStrip::rollBackRequested, m_reviewing, &TimingReviewing::rollBack);
    connect(m_notes, &TimingNotes::buttonPressed, this, &Private::noteButton);
    connect(m_fileSteps, &TimingFileSteps::rulesChosen, this, &Private::setRules);
    connect(m_reviewing, &TimingReviewing::changed, this, [this] {
        reviewFleet();
        reviewHistory();
        reviewRollout();
    });
    connect(&m_drafts, &DraftStore::changed, this, &Private::reviewState);
    connect(&m_drafts, &DraftStore::edited, m_notes, &TimingNotes::endTrouble);

    FleetStore &store = m_context.store;
    const auto takeProfile = [this](SourceId source) {
        m_drafts.follow(source);
        if (source == m_subject.source) {
            reviewFleet();
            reviewHistory(); // The version in force may be another one.
        }
    };
    connect(&store, &FleetStore::sourceChanged, this, [this, takeProfile](SourceId source) {
        if (q.isVisible()) // Each source reports once a second.
            takeProfile(source);
        else
            m_drafts.follow(source);
    });
    connect(&store, &FleetStore::sourceAdded, this, &Private::reviewSources);
    connect(&store, &FleetStore::sourceRemoved, this, &Private::reviewSources);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_context.sources, signal, this, &Private::reviewSources);
    connect(&m_context.sources, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &, const QModelIndex &, const QList<int> &) {
                if (q.isVisible())
                    reviewFleet();
            });
    connect(&m_context.access, &WriteAccess::changed, this, &Private::reviewFleet);
    TimingController &controller = m_context.controller;
    connect(&controller, &TimingController::profileChanged, this, takeProfile);
    const auto mine = [this](void (Private::*then)()) {
        return [this, then](SourceId source) {
            if (source == m_subject.source)
                (this->*then)();
        };
    };
    connect(&controller, &TimingController::historyChanged, this, mine(&Private::reviewHistory));
    connect(&controller, &TimingController::rolloutChanged, this, mine(&Private::reviewRollout));
    // Whatever the outcome, nothing is being written any more.
    connect(&controller, &TimingController::applied, this, [this](const TimingApplied &applied) {
        if (applied.source == m_subject.source)
            reviewFleet();
    });
    connect(&controller, &TimingController::libraryChanged, this, [this] {
        m_drafts.setRules({}); // Checked again by what the rules say now.
        m_ladder->rebuild();
        m_whatIf->rebuildPresets();
        m_columns->orderTabs();
    });
}

void TimingPage::Private::reviewSources()
{
    std::vector<SourceId> known;
    for (const SourceSettings &settings : m_context.sources.all())
        known.push_back(settings.id);
    if (std::find(known.begin(), known.end(), m_subject.source) == known.end()) {
        m_chosen = false;
        show(known.empty() ? SourceId(0) : known.front());
    }
    reviewChoices();
    m_nothing->setVisible(known.empty());
    m_columns->setVisible(!known.empty());
    m_drafts.keepOnly(known);
}

/// Of a source in which only systems that layouts describe are seen, the first of them; else empty.
QString TimingPage::Private::usualSystem(SourceId source)
{
    const QStringList seen = systemsOf(m_context.store, source);
    if (seen.contains(SourceTraits().layout) || m_context.controller.versionOf(source) > 0
        || m_context.sources.settings(source).traits()->registers())
        return {};
    for (const QString &system : seen) {
        if (m_drafts.system(system))
            return system;
    }
    return {};
}

/// Each source has its own timing, and each system that is seen in it.
void TimingPage::Private::reviewChoices()
{
    std::vector<ParameterPanel::Choice> choices;
    const std::vector<SourceSettings> &sources = m_context.sources.all();
    for (const SourceSettings &settings : sources) {
        std::vector<ParameterPanel::Choice> systems;
        for (const QString &system : systemsOf(m_context.store, settings.id)) {
            if (const TimingLibrary *library = m_drafts.system(system))
                systems.push_back({settings.id, system, library->title});
        }
        const QString own = m_drafts.ownTitle();
        choices.push_back({settings.id, {}, systems.empty() ? settings.name : own});
        choices.insert(choices.end(), systems.begin(), systems.end());
        if (!systems.empty() && sources.size() > 1) {
            for (size_t i = choices.size() - systems.size() - 1; i < choices.size(); ++i)
                choices[i].text = tr("%1 · %2").arg(settings.name, choices[i].text);
        }
    }
    // A system of which the last worker has gone stays while it is looked at.
    const auto shown = std::find_if(choices.begin(), choices.end(), [this](const ParameterPanel::Choice &choice) {
        return choice.source == m_subject.source && choice.system == m_subject.system;
    });
    if (shown == choices.end() && m_subject.draft && m_subject.draft->isSystem()) {
        const QString title = m_subject.draft->library().title;
        choices.push_back({m_subject.source, m_subject.system,
                           sources.size() > 1 ? tr("%1 · %2").arg(m_context.store.sourceName(m_subject.source), title) : title});
    }
    m_parameters->setChoices(choices, m_subject.source, m_subject.system);
}

void TimingPage::Private::show(SourceId source, const QString &system)
{
    m_subject.source = source;
    m_subject.system = m_drafts.system(system) ? system : QString();
    m_subject.draft = source ? &m_drafts.of(source, m_subject.system) : nullptr;
    if (m_subject.draft)
        m_drafts.follow(source);
    const bool foreign = m_subject.draft && m_subject.draft->isSystem();
    m_columns->setHistory(!foreign);
    m_parameters->setDraft(m_subject.draft);
    m_ladder->setDraft(m_subject.draft);
    m_whatIf->setDraft(m_subject.draft);
    m_actions->setDraft(m_subject.draft);
    m_history->setDraft(m_subject.draft);
    m_notes->setNote(TimingNotes::News, Glyph::Info, {});
    const SourceTraits own;
    const bool fromHub = source && m_context.sources.settings(source).traits()->registers();
    m_recorder.setSource(source,
                         foreign   ? m_subject.system
                         : fromHub ? QString()
                                   : own.layout,
                         foreign ? m_subject.draft->library().configuredInterval() : 0);
    if (source && !foreign)
        m_context.controller.refreshHistory(source);
    measure();
    reviewHistory();
    reviewRollout();
    reviewState();
    m_columns->orderTabs();
}

void TimingPage::Private::measure()
{
    if (m_subject.source == 0)
        return;
    if (!m_chosen && m_subject.system.isEmpty()) {
        if (const QString system = usualSystem(m_subject.source); !system.isEmpty()) {
            show(m_subject.source, system);
            return;
        }
    }
    reviewChoices();
    if (m_subject.draft->isSystem()) {
        m_subject.hubs = {};
        m_subject.measured = measureSystem(m_context.store, m_subject.source, m_subject.draft->library());
        m_subject.draft->setSeen(seenTiming(m_subject.draft->library(), m_subject.measured));
    } else {
        m_subject.hubs = hubTiming(m_context.hubs, m_subject.source);
        m_subject.measured = measureTiming(m_context.store, &m_context.ledger, m_subject.source, m_subject.hubs);
    }
    reviewFleet();
    reviewRollout();
}

QString TimingPage::Private::whyNothingRecorded() const
{
    const SourceStatus status = m_context.store.sourceStatus(m_subject.source);
    if (m_context.store.sourceWorkerCount(m_subject.source) == 0)
        return status.isConnected() ? tr("There are no workers: nothing can be recorded.")
                                    : tr("Nothing is recorded: the source is not connected.");
    if (!m_recorder.trouble().isEmpty())
        return m_recorder.trouble();
    if (!m_recorder.whatIf())
        return tr("Computing…"); // Whether there are such beats is not known before.
    return tr("Nothing is recorded yet: two beats of a worker are needed.");
}

/// "4 processes", as the system calls them; of one with several kinds, as masters and supervisors, "4 workers".
QString TimingPage::Private::countedOfSystem() const
{
    std::vector<TraitsRef> kinds = m_context.store.kinds();
    std::erase_if(kinds, [this](TraitsRef kind) { return kind->layout != m_subject.system; });
    return kinds.size() == 1 ? kinds.front()->counted(m_subject.measured.workers)
                             : tr("%Ln worker(s)", nullptr, m_subject.measured.workers);
}

void TimingPage::Private::reviewFleet()
{
    if (!m_subject.draft)
        return;
    const FleetStore &store = m_context.store;
    const SourceStatus status = store.sourceStatus(m_subject.source);
    ParameterPanel::Fleet fleet;
    fleet.source = store.sourceName(m_subject.source);
    const bool foreign = m_subject.draft->isSystem();
    fleet.counted = foreign ? countedOfSystem() : tr("%Ln worker(s)", nullptr, m_subject.measured.workers);
    fleet.live = foreign ? m_subject.draft->base() : store.timing(m_subject.source);
    fleet.measured = m_subject.measured;
    if (!m_subject.hubs.hubs.empty()) {
        const int hubs = int(m_subject.hubs.hubs.size());
        fleet.hubs = tr("%1 · %Ln actor(s)", nullptr, m_subject.hubs.actors)
                         .arg(hubs == 1 ? store.sourceName(m_subject.hubs.hubs.front()) : tr("%Ln hub(s)", nullptr, hubs));
    }
    TimingFacts facts = m_subject.draft->facts();
    facts.actors = m_subject.hubs.actors;
    facts.hubKeptMs = m_subject.hubs.kept.empty() ? 0 : *std::min_element(m_subject.hubs.kept.begin(), m_subject.hubs.kept.end());
    if (facts.actors != m_subject.draft->facts().actors || facts.hubKeptMs != m_subject.draft->facts().hubKeptMs)
        m_subject.draft->setFacts(facts);
    fleet.connected = status.isConnected();
    fleet.asOf = status.lostAt > 0 ? tr("values as of %1").arg(clockText(status.lostAt)) : tr("not connected");
    m_parameters->setFleet(fleet);
    const QString why = whyNothingRecorded();
    m_parameters->setEmptyText(why);
    m_whatIf->setFleet(fleet.live, m_subject.measured.workers, m_subject.draft->facts().actors, why);
    m_actions->setWriteTrouble(whyNotApply(m_context, m_subject.source));
    if (fleet.connected) {
        m_notes->setNote(TimingNotes::Connection, Glyph::Warning, {});
    } else {
        const QString asOf = status.lostAt > 0 ? tr("Values and measurements are as of %1.").arg(clockText(status.lostAt))
                                               : tr("The values shown are assumptions: none have been read.");
        m_notes->setNote(TimingNotes::Connection, Glyph::Warning,
                         foreign ? tr("%1 is not connected. What was measured is from before.").arg(fleet.source)
                                 : tr("%1 is not connected. %2 A draft can be edited, but not applied.").arg(fleet.source, asOf));
    }
    reviewNewer();
}

void TimingPage::Private::reviewHistory()
{
    if (m_subject.source == 0)
        return;
    m_history->setHistory(m_context.controller.history(m_subject.source), m_context.controller.versionOf(m_subject.source),
                          m_context.store.timing(m_subject.source));
    reviewState();
}

void TimingPage::Private::reviewNewer()
{
    const TimingProfile &live = m_context.store.timing(m_subject.source);
    const bool newer = m_subject.draft && !m_subject.draft->isSystem() && !m_subject.draft->isClean()
                       && live.version > m_subject.draft->base().version;
    if (!newer) {
        m_notes->setNote(TimingNotes::Newer, Glyph::Info, {});
        return;
    }
    m_notes->setNote(TimingNotes::Newer, Glyph::Warning,
                     tr("v%1 was applied in the meantime: your draft is based on v%2 and cannot be applied as it is.")
                         .arg(live.version)
                         .arg(m_subject.draft->base().version),
                     tr("Merge…"));
}

void TimingPage::Private::reviewRollout()
{
    if (m_subject.source == 0)
        return;
    const TimingRollout &rollout = m_context.controller.rollout(m_subject.source);
    if (rollout.appliedAt == 0 || rollout.workers == 0 || !m_subject.system.isEmpty()) {
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
        m_notes->setNote(TimingNotes::Rollout, Glyph::Ok,
                         tr("%1: all %Ln worker(s) (is/are) on the new interval and TTL, after %2", nullptr, rollout.workers)
                             .arg(version, countText(rollout.completeAt - rollout.appliedAt)));
        return;
    }
    QString text = tr("%1: %2 of %Ln worker(s) on the new interval and TTL · %3", nullptr, rollout.workers)
                       .arg(version, groupedNumber(rollout.onBoth), countText(now - rollout.appliedAt));
    if (rollout.onInterval != rollout.onTtl)
        text = tr("%1 (interval %2, TTL %3)").arg(text, groupedNumber(rollout.onInterval), groupedNumber(rollout.onTtl));
    m_notes->setNote(TimingNotes::Rollout, Glyph::Draining, text,
                     rollout.onBoth < rollout.workers ? tr("Show the remaining workers") : QString());
}

void TimingPage::Private::reviewState()
{
    QString text;
    if (m_subject.source) {
        const qint64 version = m_subject.system.isEmpty() ? m_context.controller.versionOf(m_subject.source) : 0;
        text = version > 0 ? tr("v%1").arg(version) : QString();
        if (m_subject.draft && !m_subject.draft->isClean())
            text = text.isEmpty() ? u"•"_s : QString(text + u" •"_s);
        reviewNewer();
    }
    if (text == m_stateText)
        return;
    m_stateText = text;
    emit q.countChanged();
}

void TimingPage::Private::setRules(const QString &id)
{
    m_drafts.setRules(id);
    m_columns->orderTabs(); // The ladder's rows are new.
}

void TimingPage::Private::requestWorker(const QByteArray &id)
{
    const WorkerHandle handle = m_context.store.find(m_subject.source, id);
    if (handle != noWorker)
        emit q.workerRequested(handle);
    else
        m_notes->setNote(TimingNotes::News, Glyph::Info, tr("%1 is no longer in the fleet.").arg(QString::fromUtf8(id)),
                         tr("Close"));
}

QString TimingPage::Private::sourceTerm() const
{
    if (m_context.sources.rowCount() < 2)
        return {};
    const QString name = m_context.store.sourceName(m_subject.source);
    return name.contains(u' ') ? QString(u" \"source:"_s + name + u'"') : QString(u" source:"_s + name);
}

void TimingPage::Private::showBehind()
{
    // A few are filtered by id: a filter for drift would also show workers that have changed, since their medians follow slowly.
    constexpr size_t mostNamed = 40;
    const TimingRollout &rollout = m_context.controller.rollout(m_subject.source);
    QStringList ids;
    for (const WorkerHandle handle : rollout.behind) {
        if (m_context.store.worker(handle).used)
            ids.append(plainId(m_context.store.worker(handle)));
    }
    const bool named = !ids.isEmpty() && size_t(ids.size()) <= mostNamed;
    emit q.filterRequested(QString((named ? QString(u"id:"_s + ids.join(u',')) : u"drift:any"_s) + sourceTerm()));
}

void TimingPage::Private::noteButton(int kind)
{
    switch (kind) {
    case TimingNotes::Newer: {
        // The history has the author; without it only the values are known.
        TimingVersion theirs{m_context.store.timing(m_subject.source), 0, {}, {}};
        for (const TimingVersion &version : m_context.controller.history(m_subject.source).versions) {
            if (version.profile.version == theirs.profile.version)
                theirs = version;
        }
        m_reviewing->resolve(theirs);
        break;
    }
    case TimingNotes::Rollout:
        showBehind();
        break;
    case TimingNotes::News:
        m_notes->setNote(TimingNotes::News, Glyph::Info, {});
        break;
    default:
        break;
    }
}

void TimingPage::Private::undo()
{
    if (m_subject.draft)
        m_subject.draft->undoStack().undo();
}

void TimingPage::Private::redo()
{
    if (m_subject.draft)
        m_subject.draft->undoStack().redo();
}

void TimingPage::Private::makeKeys()
{
    const auto key = [this](const QKeySequence &keys, void (Private::*then)()) {
        auto *shortcut = new QShortcut(keys, &q);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, then);
    };
    key(QKeySequence::Undo, &Private::undo);
    for (const QKeySequence &keys : QKeySequence::keyBindings(QKeySequence::Redo))
        key(keys, &Private::redo);
    if (!QKeySequence::keyBindings(QKeySequence::Redo).contains(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)))
        key(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), &Private::redo);
}

void TimingPage::Private::fillMenu(QMenu &menu)
{
    const auto add = [this, &menu](const QString &text, bool enabled, auto then, const QString &keys = {}) {
        // The shortcuts are the page's own: here they are only shown.
        QAction *action = menu.addAction(keys.isEmpty() ? text : QString(text + u'\t' + keys));
        action->setEnabled(enabled);
        connect(action, &QAction::triggered, this, then);
        return action;
    };
    // What needs the present: while another time is shown it is off, and says why.
    const auto addOfNow = [this, &add](const QString &text, bool enabled, const QString &whyNotPast, auto then) {
        QAction *action = add(text, enabled && !m_context.past, then);
        if (m_context.past)
            action->setToolTip(whyNotPast);
    };
    const QUndoStack *stack = m_subject.draft ? &m_subject.draft->undoStack() : nullptr;
    const auto named = [](const QString &word, const QString &what) {
        return what.isEmpty() ? word : QString(word + u' ' + what);
    };
    add(named(tr("&Undo"), stack ? stack->undoText() : QString()), stack && stack->canUndo(), &Private::undo,
        QKeySequence(QKeySequence::Undo).toString(QKeySequence::NativeText));
    add(named(tr("&Redo"), stack ? stack->redoText() : QString()), stack && stack->canRedo(), &Private::redo,
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z).toString(QKeySequence::NativeText));
    add(tr("Re&vert the Draft"), m_subject.draft && !m_subject.draft->isClean(), [this] { m_subject.draft->revert(); });
    const std::vector<TimingChange> fixes = m_subject.draft ? m_subject.draft->fixAll() : std::vector<TimingChange>();
    add(tr("Fi&x All"), !fixes.empty(), [this, fixes] { m_subject.draft->change(fixes, tr("Fix all")); });
    menu.addSeparator();
    if (m_subject.draft && m_subject.draft->isSystem()) {
        addOfNow(tr("&Copy What Is to Be Changed"), true, PastReasons::handOn(), [this] { m_systemSteps->copy(); });
        addOfNow(tr("&Write It into a File…"), true, PastReasons::handOn(), [this] { m_systemSteps->chooseFile(); });
        menu.addSeparator();
        add(tr("&Export the Recording…"), m_recorder.recording() != nullptr, [this] { m_whatIf->chooseExport(); });
        add(tr("&Load a Recording…"), true, [this] { m_whatIf->chooseLoad(); });
        return;
    }
    addOfNow(tr("Review &Changes…"), m_subject.draft && !m_subject.draft->isClean(), PastReasons::apply(),
             [this] { m_reviewing->review(); });
    menu.addSeparator();
    if (m_files || m_context.past) {
        addOfNow(tr("Read Values from a &File…"), m_subject.draft, PastReasons::files(), [this] { m_fileSteps->readFrom(); });
        for (const auto &[text, kind] : {std::pair{tr("Write to a &Worker's .env…"), u"worker.env"_s},
                                         {tr("Write to a &Proxy's .env…"), u"proxy.env"_s},
                                         {tr("Write to a wrangler.&toml…"), u"wrangler.toml"_s}})
            addOfNow(text, m_subject.draft, PastReasons::files(), [this, kind = kind] { m_fileSteps->exportTo(kind); });
    }
    add(tr("Constants in C&ode…"), m_subject.draft, [this] { m_fileSteps->showConstants(); });
    addOfNow(tr("Load Your Own R&ules…"), m_subject.draft, PastReasons::rules(), [this] { m_fileSteps->chooseRules(); });
    menu.addSeparator();
    add(tr("&Export the Recording…"), m_subject.draft && m_recorder.recording(), [this] { m_whatIf->chooseExport(); });
    add(tr("&Load a Recording…"), m_subject.draft, [this] { m_whatIf->chooseLoad(); });
}

TimingPage::TimingPage(const TimingContext &context, TimingFiles *files, QWidget *parent)
    : Page(u"timing"_s, tr("Timing"), Glyph::Timing, parent)
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
    // Fields that lose the focus, and panels, still use the drafts: they are deleted first.
    hide();
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

SourceId TimingPage::source() const
{
    return d->m_subject.source;
}

bool TimingPage::isSettled() const
{
    return d->m_subject.source == 0 || d->m_recorder.whatIf() || d->m_context.store.sourceWorkerCount(d->m_subject.source) == 0;
}

void TimingPage::setSource(SourceId source)
{
    if (source != d->m_subject.source && d->m_context.sources.rowOf(source) >= 0) {
        d->m_chosen = false;
        d->show(source);
        d->reviewSources();
    }
}

QString TimingPage::system() const
{
    return d->m_subject.system;
}

void TimingPage::setSystem(SourceId source, const QString &system)
{
    if (!system.isEmpty() && !systemsOf(d->m_context.store, source).contains(system))
        return;
    d->m_chosen = true;
    d->show(source, system);
    d->reviewSources();
}

QStringList TimingPage::views() const
{
    QStringList views;
    for (const SourceSettings &settings : d->m_context.sources.all()) {
        for (const QString &system : systemsOf(d->m_context.store, settings.id)) {
            if (d->m_drafts.system(system) && !views.contains(system))
                views.append(system);
        }
    }
    return views;
}

void TimingPage::showView(const QString &view)
{
    for (const SourceSettings &settings : d->m_context.sources.all()) {
        if (systemsOf(d->m_context.store, settings.id).contains(view)) {
            setSystem(settings.id, view);
            return;
        }
    }
}

std::vector<std::pair<SourceId, int>> TimingPage::openDrafts() const
{
    return d->m_drafts.open();
}

QString TimingPage::navigationText() const
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
    // Versions are of the record, which foreign systems do not have: theirs is what the operator would change.
    if (d->m_subject.system.isEmpty())
        d->m_reviewing->compare(nullptr);
    else
        d->m_systemSteps->showDiff();
}

void TimingPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    d->m_recorder.setActive(true);
    d->m_measureTimer.start();
    d->reviewHistory();
    d->measure();
    d->m_columns->fit(size());
    d->m_columns->orderTabs();
}

void TimingPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    if (!event->spontaneous())
        d->m_notes->endTrouble();
    d->m_recorder.setActive(false);
    d->m_measureTimer.stop();
}

void TimingPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    d->m_columns->fit(size());
}

} // namespace pulsedeck
