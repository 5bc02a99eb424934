// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleeteventrecorder.h"

#include "models/core/format.h"
#include "models/fleet/eventwords.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/protocol/timingparameter.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int namedInSummary = 5;
constexpr int eventsAtOnce = 20'000;

/// "heartbeat interval 10.0 s → 25.0 s, …" for the values that differ.
QString differences(const TimingProfile &before, const TimingProfile &after)
{
    QStringList parts;
    for (const TimingId id : allTimings) {
        if (const qint64 now = timingValue(after, id); now != timingValue(before, id))
            parts.append(FleetEventRecorder::tr("%1 %2 → %3", "a timing parameter before and after")
                             .arg(timingLabel(id), durationText(timingValue(before, id)), durationText(now)));
    }
    return parts.join(u", "_s);
}

} // namespace

FleetEventRecorder::FleetEventRecorder(FleetStore &store, SourceListModel &sources, const Clock &clock, Journal *journal,
                                       QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_sources(sources)
    , m_clock(clock)
    , m_journal(journal)
    , m_read(store.events().appended())
{
    if (!journal)
        return;
    connect(&store, &FleetStore::ticked, this, &FleetEventRecorder::look);
    connect(&store, &FleetStore::sourceChanged, this, &FleetEventRecorder::lookAtSource);
    connect(&store, &FleetStore::sourceAdded, this, &FleetEventRecorder::lookAtSource);
    connect(&store, &FleetStore::sourceRemoved, this, &FleetEventRecorder::forget);
    for (const SourceId source : store.sources())
        lookAtSource(source);
}

FleetEventRecorder::~FleetEventRecorder()
{
    if (m_journal)
        readEvents(); // What happened since the last publish.
    flush();
}

QString FleetEventRecorder::sourceName(SourceId source) const
{
    const auto seen = m_seen.find(source);
    return seen == m_seen.end() ? m_store.sourceName(source) : seen->second.name;
}

void FleetEventRecorder::readEvents()
{
    const FleetEvents &events = m_store.events();
    while (m_read < events.appended()) {
        const quint64 first = qMax(m_read, events.firstKept());
        const std::vector<FleetEvent> fresh = events.since(first, eventsAtOnce);
        m_read = first + fresh.size();
        for (const FleetEvent &event : fresh)
            take(event);
    }
}

void FleetEventRecorder::look()
{
    readEvents();
    const qint64 now = m_clock.nowMs();
    for (auto wave = m_waves.begin(); wave != m_waves.end();) {
        if (now - wave->second.since < waveMs) {
            ++wave;
            continue;
        }
        flushWave(wave->first, wave->second);
        wave = m_waves.erase(wave);
    }
    if (m_gatherSince > 0 && now - m_gatherSince >= gatherMs)
        flush();
}

void FleetEventRecorder::take(const FleetEvent &event)
{
    if (event.worker == 0)
        return; // Connections are reported from the sources' states, which hold the reason.
    const auto seen = m_seen.find(event.source);
    if (seen == m_seen.end() || !seen->second.everLive)
        return;
    const WorkerHandle handle = m_store.findSerial(event.worker);
    const SourceTraits &traits = handle == noWorker ? *TraitsRef() : *m_store.worker(handle).traits;
    if (traits.registers() && seen->second.forgotten) {
        // What follows from the loss was reported with it: nobody renews a lost registration, and actors that stay away are
        // counted.
        const bool unseen = event.kind == FleetEventKind::Ended && WorkerEnd(event.a) == WorkerEnd::Unseen;
        seen->second.notBack += unseen;
        if (unseen || event.kind == FleetEventKind::WentLate || event.kind == FleetEventKind::WentStale)
            return;
    }
    if (event.kind == FleetEventKind::WentLate) {
        Wave &wave = m_waves[event.source];
        if (wave.count == 0)
            wave.since = event.at;
        if (++wave.count <= namedInSummary && handle != noWorker)
            wave.first.append(shortId(m_store.worker(handle)));
        return;
    }
    if (handle != noWorker && traits.has(SourceFact::Counters))
        keepEnd(event, handle);
    if (const QString step = eventStep(event); !step.isEmpty())
        gather(event, handle, step, traits);
}

/// What a later run needs to tell an orderly end from a loss.
void FleetEventRecorder::keepEnd(const FleetEvent &event, WorkerHandle handle)
{
    WorkerEnd end = WorkerEnd::None; // Returned or reaped: there is nothing to remember.
    switch (event.kind) {
    case FleetEventKind::KeyExpired:
        end = m_store.worker(handle).end == WorkerEnd::Crashed ? WorkerEnd::Crashed : WorkerEnd::Expired;
        break;
    case FleetEventKind::Ended:
        end = WorkerEnd(event.a);
        if (end == WorkerEnd::Unseen || end == WorkerEnd::None)
            return;
        break;
    case FleetEventKind::Returned:
    case FleetEventKind::CountersReaped:
        break;
    default:
        return;
    }
    beginGathering();
    EndRecord record;
    record.source = sourceName(event.source);
    record.worker = m_store.worker(handle).id;
    record.at = m_clock.toWall(event.at);
    record.end = end;
    m_ends.append(record);
}

void FleetEventRecorder::beginGathering()
{
    if (m_gatherSince == 0)
        m_gatherSince = m_clock.nowMs();
}

JournalEntry FleetEventRecorder::entryOf(JournalKind kind, const QString &source, const QString &step, const QString &text,
                                         qint64 at) const
{
    JournalEntry entry;
    entry.at = m_clock.toWall(at);
    entry.kind = kind;
    entry.seen = true;
    entry.source = source;
    entry.step = step;
    entry.text = text;
    return entry;
}

void FleetEventRecorder::gather(const FleetEvent &event, WorkerHandle handle, const QString &step, const SourceTraits &traits)
{
    beginGathering();
    News &news = m_news[{event.source, step}];
    if (news.count == 0)
        news.at = event.at;
    if (++news.count > singlesAtMost)
        return;
    const QByteArray id = handle == noWorker ? QByteArray() : m_store.worker(handle).id;
    const QString who =
        id.isEmpty() ? tr("A worker") : (traits.registers() ? tr("Actor %1") : tr("Worker %1")).arg(shortId(id, traits));
    JournalEntry entry = entryOf(JournalKind::Fleet, sourceName(event.source), step, eventSentence(event, traits, who), event.at);
    entry.worker = id;
    if (!id.isEmpty())
        entry.facts.insert(journalKindFact, traits.fullKind());
    if (event.kind == FleetEventKind::ProblemSeen && handle != noWorker) {
        if (const QStringList problems = m_store.problems(handle); !problems.isEmpty())
            entry.text = tr("%1: %2", "an event and its details").arg(entry.text, problems.join(u"; "_s));
    }
    const bool died = step == "lost"_L1 || step == "crashed"_L1 || step == "ended"_L1;
    const LayoutFacts *facts = died && handle != noWorker ? m_store.facts(handle) : nullptr;
    if (facts && !facts->jobs.isEmpty())
        entry.text = tr("%1; last known at work: %2", "an event, and jobs").arg(entry.text, facts->jobs.join(u", "_s));
    news.singles.push_back(std::move(entry));
}

void FleetEventRecorder::flush()
{
    m_gatherSince = 0;
    QList<JournalEntry> entries;
    for (const auto &[key, news] : m_news) {
        if (news.count <= singlesAtMost) {
            for (const JournalEntry &entry : news.singles)
                entries.append(entry);
            continue;
        }
        QStringList first;
        for (const JournalEntry &entry : news.singles) {
            if (first.size() < namedInSummary)
                first.append(shortWorker(entry));
        }
        entries.append(
            entryOf(JournalKind::Fleet, sourceName(key.first), key.second, eventSummary(key.second, news.count, first), news.at));
    }
    m_news.clear();
    std::stable_sort(entries.begin(), entries.end(), [](const JournalEntry &a, const JournalEntry &b) { return a.at < b.at; });
    if (m_journal && !entries.isEmpty())
        m_journal->write(entries);
    const QList<EndRecord> ends = std::exchange(m_ends, {});
    if (m_journal && !ends.isEmpty())
        m_journal->writeEnds(ends);
}

void FleetEventRecorder::flushWave(SourceId source, const Wave &wave)
{
    if (wave.count < waveAtLeast)
        return;
    const QString text = tr("%Ln workers were late within %1: %2", nullptr, wave.count)
                             .arg(durationText(waveMs), withRest(wave.first, wave.count));
    m_journal->write({entryOf(JournalKind::Fleet, sourceName(source), u"late-wave"_s, text, wave.since)});
}

void FleetEventRecorder::writeNow(JournalKind kind, const Seen &seen, const QString &step, const QString &text)
{
    JournalEntry entry = entryOf(kind, seen.name, step, text, m_clock.nowMs());
    // The operator of this console did these: another window has its own.
    entry.seen = step != u"connected" && step != u"disconnected" && step != u"removed";
    m_journal->write({entry});
}

void FleetEventRecorder::writeConnection(const Seen &seen, const QString &step, const QString &text, const QString &message)
{
    writeNow(JournalKind::Connection, seen, step,
             message.isEmpty() ? text : tr("%1: %2", "an event and its details").arg(text, message));
}

void FleetEventRecorder::lookAtSource(SourceId source)
{
    const SourceStatus status = m_store.sourceStatus(source);
    const auto found = m_seen.find(source);
    const bool fresh = found == m_seen.end();
    Seen &seen = m_seen[source];
    seen.name = m_store.sourceName(source);
    if (fresh && status.isUp()) {
        // Connected before the recorder started: no news.
        seen.everLive = true;
        seen.state = status.state;
        seen.timing = status.timing;
        return;
    }
    const qint64 now = m_clock.nowMs();
    const SourceState before = std::exchange(seen.state, status.state);
    if (status.isUp()) {
        if (!seen.everLive) {
            QStringList to{seen.name};
            if (m_sources.rowOf(source) >= 0)
                to[0] += QString(u" ("_s % m_sources.settings(source).shortAddress() % u')');
            if (!status.server.isEmpty())
                to.append(status.server);
            writeConnection(seen, u"connected"_s, tr("Connected to %1").arg(to.join(u", "_s)));
            seen.timing = status.timing;
        } else if (seen.down) {
            writeConnection(seen, u"back"_s,
                            tr("Connection to %1 restored after %2").arg(seen.name, durationText(now - seen.lostAt)));
        }
        seen.everLive = true;
        seen.down = false;
        seen.reported.clear();
        if (seen.forgotten != status.forgotten)
            lookAtRegistry(seen, status);
        lookAtTiming(seen, status);
        return;
    }
    switch (status.state) {
    case SourceState::Stalled:
    case SourceState::Waiting:
        if (seen.everLive && !seen.down) {
            seen.down = true;
            seen.lostAt = status.lostAt > 0 ? status.lostAt : now;
            writeConnection(seen, u"lost"_s, tr("Connection to %1 lost").arg(seen.name), status.message);
            seen.reported = status.message;
        } else if (!seen.everLive && status.state == SourceState::Waiting && seen.reported.isEmpty()) {
            writeConnection(seen, u"unreachable"_s, tr("%1 cannot be reached").arg(seen.name), status.message);
            seen.reported = status.message.isEmpty() ? u"unreachable"_s : status.message;
        }
        break;
    case SourceState::Failed:
        if (before != SourceState::Failed)
            writeConnection(seen, u"failed"_s, tr("Connection to %1 failed").arg(seen.name), status.message);
        break;
    case SourceState::Off:
        if (before != SourceState::Off)
            writeConnection(seen, u"disconnected"_s, tr("Disconnected from %1").arg(seen.name));
        seen.everLive = false;
        seen.down = false;
        seen.forgotten = false;
        seen.reported.clear();
        break;
    default:
        break;
    }
}

/// A hub's registrations or a Redis' keys are all lost at once, or that is over: those that did not come back are counted.
void FleetEventRecorder::lookAtRegistry(Seen &seen, const SourceStatus &status)
{
    const SourceTraits &traits = *status.traits;
    readEvents(); // What happened before belongs to the old state.
    seen.forgotten = status.forgotten;
    if (status.forgotten) {
        seen.notBack = 0;
        writeConnection(
            seen, u"forgotten"_s,
            (traits.registers() ? tr("The registrations of %1 are lost") : tr("The keys of %1 are lost")).arg(seen.name),
            status.message.isEmpty() ? tr("its actors are not gone, but have to register again") : status.message);
    } else if (seen.notBack > 0) {
        writeConnection(seen, u"registered-again"_s,
                        tr("%1 of %2 did not register again: departed, unseen").arg(traits.counted(seen.notBack), seen.name));
    } else {
        writeConnection(seen, u"registered-again"_s,
                        (traits.registers() ? tr("All known actors of %1 are registered again")
                                            : tr("All known workers of %1 are registered again"))
                            .arg(seen.name));
    }
}

void FleetEventRecorder::lookAtTiming(Seen &seen, const SourceStatus &status)
{
    const TimingProfile before = std::exchange(seen.timing, status.timing);
    if (before == status.timing)
        return;
    QString changes = differences(before, status.timing);
    if (changes.isEmpty())
        changes = tr("no value differs"); // Only its name or version is new.
    if (before.version != status.timing.version || before.name != status.timing.name)
        changes += QString(u" ("_s % before.name % u" → "_s % status.timing.name % u')');
    writeNow(JournalKind::Timing, seen, u"changed"_s, tr("Timing in force on %1 changed: %2").arg(seen.name, changes));
}

void FleetEventRecorder::forget(SourceId source)
{
    const auto seen = m_seen.find(source);
    if (seen == m_seen.end())
        return;
    flush();
    writeConnection(seen->second, u"removed"_s, tr("Source %1 removed").arg(seen->second.name));
    m_seen.erase(seen);
    m_waves.erase(source);
}

} // namespace pulsedeck
