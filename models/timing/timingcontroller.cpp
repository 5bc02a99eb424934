// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingcontroller.h"

#include "models/journal/journal.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <map>
#include <optional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 lookEveryMs = 1'000;
constexpr qint64 lookEveryWhenCompleteMs = 5'000; // New workers come all the time; they start with the new values.
constexpr qint64 largestFile = 1 << 20;

QString outcomeStep(TimingApplied::Outcome outcome)
{
    // untranslated: a step in the journal
    switch (outcome) {
    case TimingApplied::Outcome::Applied:
        return u"applied"_s;
    case TimingApplied::Outcome::Conflict:
        return u"conflict"_s;
    case TimingApplied::Outcome::Refused:
        return u"refused"_s;
    case TimingApplied::Outcome::Unknown:
        break;
    }
    return u"unknown"_s;
}

bool sameValues(const TimingProfile &one, const TimingProfile &other)
{
    return std::all_of(allTimings.begin(), allTimings.end(),
                       [&](TimingId id) { return timingValue(one, id) == timingValue(other, id); });
}

} // namespace

class TimingController::Private
{
    Q_DECLARE_TR_FUNCTIONS(TimingController)

public:
    /// A change that was requested and has no answer yet.
    struct Change
    {
        TimingApply apply;
        bool sent = false;
    };
    struct Source
    {
        TimingProfile profile; ///< As last reported by the source.
        TimingHistory history;
        TimingRollout rollout;
        std::optional<Change> underWay;
        std::optional<TimingApply> uncertain;
        qint64 lookedAt = 0;
        bool settled = false; ///< Its first full view is behind it, so its record has been read.
        bool historyWanted = false;
    };

    Private(TimingController &controller, FleetStore &fleet, const Clock &time)
        : q(controller)
        , store(fleet)
        , clock(time)
    { }

    void sourceChanged(SourceId id);
    void sourceRemoved(SourceId id);
    void look();
    void beginRollout(Source &source, SourceId id, const TimingProfile &before, const TimingProfile &profile, qint64 at);
    QUuid request(SourceId id, const TimingProfile &profile, qint64 expected, const QString &reason, const QString &text);
    void answerLater(const TimingApplied &applied);
    void send(const QUuid &id);
    void record(SourceId id, const QUuid &change, const QString &step, const QString &by, const QString &reason,
                const QString &text, quint64 token = 0);

    TimingController &q;
    FleetStore &store;
    const Clock &clock;
    QPointer<Journal> journal;
    QString operatorName;
    bool past = false;
    std::map<SourceId, Source> sources; ///< A map, so that what a slot adds moves nothing.
    QHash<quint64, QUuid> waiting; ///< By journal token: what is sent when the intent is durable.
};

QString timingChangesText(const TimingProfile &from, const TimingProfile &to, const TimingLibrary &library)
{
    QStringList changes;
    for (const TimingId id : allTimings) {
        const qint64 before = timingValue(from, id);
        const qint64 after = timingValue(to, id);
        if (before != after)
            changes.append(
                TimingController::tr("%1 %2 → %3").arg(library.parameter(id).label, timingText(before), timingText(after)));
    }
    return changes.isEmpty() ? TimingController::tr("nothing changed") : changes.join(u", "_s);
}

TimingController::TimingController(FleetStore &store, const Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, store, clock))
    , m_library(TimingLibrary::builtIn())
{
    connect(&store, &FleetStore::sourceChanged, this, [this](SourceId source) { d->sourceChanged(source); });
    connect(&store, &FleetStore::sourceRemoved, this, [this](SourceId source) { d->sourceRemoved(source); });
    connect(&store, &FleetStore::ticked, this, [this] { d->look(); });
    for (const SourceId source : store.sources())
        d->sourceChanged(source);
}

TimingController::~TimingController() = default;

void TimingController::setJournal(Journal *journal)
{
    if (d->journal == journal)
        return;
    if (d->journal)
        disconnect(d->journal, nullptr, this, nullptr);
    d->journal = journal;
    // Changes that waited for the old one are sent.
    for (const QUuid &change : std::exchange(d->waiting, {}))
        d->send(change);
    if (journal) {
        connect(journal, &Journal::written, this, [this](quint64 token, bool) {
            if (const QUuid change = d->waiting.take(token); !change.isNull())
                d->send(change);
        });
    }
}

void TimingController::setPast()
{
    d->past = true;
}

void TimingController::setLibrary(const TimingLibrary &library)
{
    m_library = library;
    emit libraryChanged();
}

void TimingController::setOperator(const QString &by)
{
    d->operatorName = by;
}

bool TimingController::extendLibrary(const QString &file, QString *error)
{
    const QString name = QFileInfo(file).fileName();
    const auto fail = [error](const QString &text) {
        if (error)
            *error = text;
        return false;
    };
    // A pipe would block the console until somebody writes to it.
    if (QFileInfo::exists(file) && !QFileInfo(file).isFile())
        return fail(tr("%1 cannot be read: it is not a file").arg(name));
    QFile device(file);
    if (!device.open(QIODevice::ReadOnly))
        return fail(tr("%1 cannot be read: %2").arg(name, device.errorString()));
    const QByteArray json = device.read(largestFile + 1); // One more than is allowed: extend() then reports it.
    if (device.error() != QFileDevice::NoError)
        return fail(tr("%1 cannot be read: %2").arg(name, device.errorString()));
    QString mistake;
    if (!m_library.extend(json, &mistake))
        return fail(tr("%1, %2").arg(name, mistake));
    emit libraryChanged();
    return true;
}

qint64 TimingController::versionOf(SourceId source) const
{
    return d->store.timing(source).version;
}

const TimingHistory &TimingController::history(SourceId source) const
{
    static const TimingHistory none;
    const auto found = d->sources.find(source);
    return found == d->sources.end() ? none : found->second.history;
}

const TimingRollout &TimingController::rollout(SourceId source) const
{
    static const TimingRollout none;
    const auto found = d->sources.find(source);
    return found == d->sources.end() ? none : found->second.rollout;
}

bool TimingController::isApplying(SourceId source) const
{
    const auto found = d->sources.find(source);
    return found != d->sources.end() && found->second.underWay;
}

void TimingController::refreshHistory(SourceId source)
{
    d->sources[source].historyWanted = true;
    emit historyRequested(source);
}

void TimingController::takeHistory(const TimingHistory &history)
{
    d->sources[history.source].history = history;
    emit historyChanged(history.source);
}

QUuid TimingController::apply(SourceId source, const TimingProfile &profile, qint64 expectedVersion, const QString &reason)
{
    return d->request(source, profile, expectedVersion, reason, timingChangesText(d->store.timing(source), profile, m_library));
}

QUuid TimingController::rollBack(SourceId source, const TimingVersion &to, qint64 expectedVersion, const QString &reason)
{
    const QString back = tr("back to v%1").arg(to.profile.version);
    const QString changes = timingChangesText(d->store.timing(source), to.profile, m_library);
    const QString why = reason.trimmed().isEmpty() ? back : QString(back + u": "_s + reason);
    return d->request(source, to.profile, expectedVersion, why, back + u": "_s + changes);
}

// Applying ------------------------------------------------------------------------------------------------------------

QUuid TimingController::Private::request(SourceId id, const TimingProfile &profile, qint64 expected, const QString &reason,
                                         const QString &text)
{
    TimingApply apply;
    apply.id = QUuid::createUuid();
    apply.source = id;
    apply.profile = profile;
    apply.expectedVersion = expected;
    apply.by = operatorName;
    apply.reason = reason.simplified();
    apply.at = clock.wallNowMs();

    TimingApplied refused;
    refused.id = apply.id;
    refused.source = id;
    refused.outcome = TimingApplied::Outcome::Refused;
    const std::vector<SourceId> known = store.sources();
    if (std::find(known.begin(), known.end(), id) == known.end()) {
        refused.refusal = Refusal::NotConnected;
        refused.text = tr("there is no such source");
        answerLater(refused);
        return apply.id;
    }
    Source &source = sources[id];
    if (source.underWay) {
        refused.refusal = Refusal::HasCommand;
        refused.text = tr("another change of this source's timing is in progress");
        answerLater(refused);
        return apply.id;
    }
    source.underWay = Change{apply, false};
    const QString sentence = tr("v%1 → v%2: %3").arg(expected).arg(expected + 1).arg(text);
    if (!journal) {
        // Not from inside the call: whoever asked learns the id first.
        QTimer::singleShot(0, &q, [this, change = apply.id] { send(change); });
        return apply.id;
    }
    const quint64 token = journal->nextToken();
    waiting.insert(token, apply.id);
    QTimer::singleShot(std::chrono::milliseconds(journalWaitMs), &q, [this, token] {
        if (const QUuid change = waiting.take(token); !change.isNull())
            send(change);
    });
    record(id, apply.id, u"requested"_s, apply.by, apply.reason, sentence, token);
    return apply.id;
}

void TimingController::Private::answerLater(const TimingApplied &applied)
{
    QTimer::singleShot(0, &q, [this, applied] { emit q.applied(applied); });
}

void TimingController::Private::send(const QUuid &id)
{
    for (auto &[number, source] : sources) {
        if (!source.underWay || source.underWay->apply.id != id || source.underWay->sent)
            continue;
        source.underWay->sent = true;
        const TimingApply apply = source.underWay->apply;
        emit q.applyRequested(apply.source, apply);
        return;
    }
}

void TimingController::takeApplied(const TimingApplied &applied)
{
    const auto found = d->sources.find(applied.source);
    if (found == d->sources.end() || !found->second.underWay || found->second.underWay->apply.id != applied.id)
        return; // Its source was removed in the meantime, which was answered.
    Private::Source &source = found->second;
    const TimingApply apply = source.underWay->apply;
    source.underWay.reset();
    QString text = applied.text;
    switch (applied.outcome) {
    case TimingApplied::Outcome::Applied:
        text = text.isEmpty() ? tr("v%1 is in force").arg(applied.now.profile.version)
                              : tr("v%1 is in force; %2").arg(applied.now.profile.version).arg(text);
        break;
    case TimingApplied::Outcome::Conflict: {
        const QString by = applied.now.by.isEmpty() ? tr("somebody else") : applied.now.by;
        text = applied.now.profile.version > 0 ? tr("%1 changed the record first: it is at v%2, not at v%3")
                                                     .arg(by)
                                                     .arg(applied.now.profile.version)
                                                     .arg(apply.expectedVersion)
                                               : tr("the record no longer exists");
        break;
    }
    case TimingApplied::Outcome::Refused:
        text = text.isEmpty() ? refusalText(applied.refusal) : QString(refusalText(applied.refusal) + u": "_s + text);
        break;
    case TimingApplied::Outcome::Unknown:
        text = text.isEmpty() ? tr("no answer was received: it may or may not be written")
                              : tr("no answer was received, it may or may not be written: %1").arg(text);
        source.uncertain = apply;
        break;
    }
    d->record(applied.source, applied.id, outcomeStep(applied.outcome), apply.by, apply.reason, text);
    if (applied.outcome == TimingApplied::Outcome::Applied)
        d->beginRollout(source, applied.source, d->store.timing(applied.source), applied.now.profile,
                        d->clock.fromWall(apply.at));
    emit this->applied(applied);
}

void TimingController::Private::record(SourceId id, const QUuid &change, const QString &step, const QString &by,
                                       const QString &reason, const QString &text, quint64 token)
{
    if (!journal)
        return;
    JournalEntry entry;
    entry.at = clock.wallNowMs();
    entry.kind = JournalKind::Timing;
    entry.source = store.sourceName(id);
    entry.command = change;
    entry.step = step;
    entry.by = by;
    entry.reason = reason;
    entry.text = text;
    journal->write({entry}, token);
}

// The profile in force, and its rollout ------------------------------------------------------------------------------

void TimingController::Private::sourceChanged(SourceId id)
{
    const SourceStatus status = store.sourceStatus(id);
    Source &source = sources[id];
    const bool wasSettled = source.settled;
    if (status.state == SourceState::Live || status.state == SourceState::Sweeping)
        source.settled = true;
    if (source.profile == status.timing)
        return;
    const TimingProfile before = std::exchange(source.profile, status.timing);
    const TimingProfile &profile = source.profile;
    const bool own =
        source.rollout.appliedAt > 0 && source.rollout.version == profile.version && sameValues(source.rollout.profile, profile);
    if (wasSettled && !own && !past) {
        const bool ours = source.uncertain && source.uncertain->expectedVersion + 1 == profile.version
                          && sameValues(source.uncertain->profile, profile);
        const QString changes = timingChangesText(before, profile, q.library());
        if (ours) {
            record(id, source.uncertain->id, u"applied"_s, source.uncertain->by, source.uncertain->reason,
                   tr("the record is at v%1 with these values").arg(profile.version));
        } else if (profile.version > 0) {
            record(id, {}, u"changed"_s, {}, {},
                   tr("the record was changed elsewhere, v%1 → v%2: %3").arg(before.version).arg(profile.version).arg(changes));
        } else {
            record(id, {}, u"removed"_s, {}, {},
                   tr("the record no longer exists, so the source's own profile is in force: %1").arg(changes));
        }
        if (profile.version > 0) {
            beginRollout(source, id, before, profile, clock.nowMs());
        } else {
            source.rollout = {}; // No values were sent to the workers.
            emit q.rolloutChanged(id);
        }
    }
    if (source.uncertain && source.uncertain->expectedVersion < profile.version)
        source.uncertain.reset();
    const bool wanted = source.historyWanted;
    emit q.profileChanged(id);
    if (wanted)
        emit q.historyRequested(id);
}

void TimingController::Private::sourceRemoved(SourceId id)
{
    const auto found = sources.find(id);
    if (found == sources.end())
        return;
    const std::optional<Change> underWay = found->second.underWay;
    sources.erase(found);
    if (!underWay)
        return;
    TimingApplied applied;
    applied.id = underWay->apply.id;
    applied.source = id;
    applied.outcome = underWay->sent ? TimingApplied::Outcome::Unknown : TimingApplied::Outcome::Refused;
    applied.refusal = underWay->sent ? Refusal::None : Refusal::NotConnected;
    applied.text = tr("the source was removed");
    record(id, applied.id, outcomeStep(applied.outcome), underWay->apply.by, underWay->apply.reason, applied.text);
    answerLater(applied);
}

void TimingController::Private::beginRollout(Source &source, SourceId id, const TimingProfile &before,
                                             const TimingProfile &profile, qint64 at)
{
    source.rollout = {};
    source.rollout.version = profile.version;
    source.rollout.profile = profile;
    source.rollout.before = before;
    source.rollout.appliedAt = at;
    source.lookedAt = 0;
    emit q.rolloutChanged(id);
}

void TimingController::Private::look()
{
    if (store.isPaused())
        return;
    const qint64 now = clock.nowMs();
    QList<SourceId> changed;
    for (auto &[id, source] : sources) {
        TimingRollout &rollout = source.rollout;
        const qint64 every = rollout.completeAt > 0 ? lookEveryWhenCompleteMs : lookEveryMs;
        if (rollout.appliedAt == 0 || now - source.lookedAt < every || !store.sourceStatus(id).isConnected())
            continue;
        source.lookedAt = now;
        const bool wasComplete = rollout.completeAt > 0;
        if (!rollout.look(store, id, now))
            continue;
        changed.append(id);
        if (!wasComplete && rollout.completeAt > 0) {
            const qint64 seconds = (rollout.completeAt - rollout.appliedAt + 500) / 1'000;
            record(id, {}, u"rolled-out"_s, {}, {},
                   tr("all %Ln worker(s) (is/are) on v%1, %2 s after it was applied", nullptr, rollout.workers)
                       .arg(rollout.version)
                       .arg(seconds));
        }
    }
    for (const SourceId id : std::as_const(changed))
        emit q.rolloutChanged(id);
}

} // namespace pulsedeck
