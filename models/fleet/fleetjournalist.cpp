// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetjournalist.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/sourcelistmodel.h"

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int namedInSummary = 5;
constexpr int eventsAtOnce = 20'000;

bool isUp(SourceState state)
{
    return state == SourceState::Live || state == SourceState::Sweeping;
}

/// The same as below where a registration needs other words than a key; no step where it does not.
std::pair<QString, QString> actorWordsOf(const FleetEvent &event)
{
    switch (event.kind) {
    case FleetEventKind::KeyExpired:
        return {u"lost"_s, u"was lost: its registration expired, nobody renewed it"_s};
    case FleetEventKind::WentStale:
        return {u"stale"_s, QString(u"is stale: its last renewal was "_s % durationText(event.a) % u" ago"_s)};
    case FleetEventKind::Returned:
        return {u"returned"_s, QString(u"registered again after "_s % durationText(event.a))};
    case FleetEventKind::Ended:
        if (WorkerEnd(event.a) == WorkerEnd::Left)
            return {u"ended"_s, u"ended: its registration was removed, or its connection ended"_s};
        if (WorkerEnd(event.a) == WorkerEnd::Unseen)
            return {u"ended"_s, u"ended unseen: it was not registered any more when the hub was read again"_s};
        if (WorkerEnd(event.a) == WorkerEnd::Drained && WorkerStatus(event.b) == WorkerStatus::ShuttingDown)
            return {u"ended"_s, u"ended after the shutdown"_s};
        return {};
    default:
        return {};
    }
}

/// The step and the end of the sentence that begins with "worker X"; no step for what is not worth a line.
std::pair<QString, QString> wordsOf(const FleetEvent &event)
{
    switch (event.kind) {
    case FleetEventKind::KeyExpired:
        if (WorkerEnd(event.a) == WorkerEnd::Crashed)
            return {u"lost"_s, u"was lost: it had crashed, and its key expired"_s};
        return {u"lost"_s, u"was lost: its key expired, nobody beat any more"_s};
    case FleetEventKind::WentHung:
        return {u"hung"_s,
                QString(u"hung: its last beat was "_s % durationText(event.a) % u" ago, and its process still listens"_s)};
    case FleetEventKind::WentStale:
        return {u"stale"_s, QString(u"is stale: its last beat was "_s % durationText(event.a) % u" ago"_s)};
    case FleetEventKind::Returned:
        return {u"returned"_s, QString(u"returned under the same id after "_s % durationText(event.a))};
    case FleetEventKind::DrainForgotten:
        return {u"drain-forgotten"_s, u"says available again while it drains"_s};
    case FleetEventKind::DrainUndone:
        return {u"drain-undone"_s, u"registered again, which undid an operator's drain: it takes sessions and stays"_s};
    case FleetEventKind::KeyLost:
        return {u"key-lost"_s, u"lost its key; it may live, and is watched until it returns or is surely gone"_s};
    case FleetEventKind::ListenerLost:
        return {u"crashed"_s, u"crashed: nobody listens on its command channel any more"_s};
    case FleetEventKind::ProblemSeen:
        return {u"problem"_s, u"has a field that cannot be read"_s};
    case FleetEventKind::ClockSkewSeen:
        return {u"clock-skew"_s, QString(u"has a clock that is "_s % durationText(event.a < 0 ? -event.a : event.a)
                                         % (event.a < 0 ? u" ahead"_s : u" behind"_s))};
    case FleetEventKind::Ended:
        switch (WorkerEnd(event.a)) {
        case WorkerEnd::Drained:
            return {u"ended"_s, u"ended after its drain"_s};
        case WorkerEnd::Left:
            return {u"ended"_s, u"ended: it removed its own key"_s};
        case WorkerEnd::Unseen:
            return {u"ended"_s, u"ended while there was no connection"_s};
        case WorkerEnd::KeyRemoved:
            return {u"ended"_s, u"ended: its key was removed"_s};
        case WorkerEnd::Expired:
        case WorkerEnd::Crashed:
        case WorkerEnd::None:
            break;
        }
        return {u"ended"_s, u"ended"_s};
    default:
        return {};
    }
}

/// For many: "73 workers lost".
QString pluralOf(const QString &step)
{
    if (step == u"lost")
        return u"were lost: their keys or registrations expired"_s;
    if (step == u"stale")
        return u"are stale"_s;
    if (step == u"drain-forgotten")
        return u"say available again while they drain"_s;
    if (step == u"drain-undone")
        return u"registered again, which undid operators' drains"_s;
    if (step == u"key-lost")
        return u"lost their keys, and may live"_s;
    if (step == u"crashed")
        return u"crashed: nobody listens on their command channels any more"_s;
    if (step == u"hung")
        return u"hung: their processes listen and do not beat"_s;
    if (step == u"problem")
        return u"have fields that cannot be read"_s;
    if (step == u"clock-skew")
        return u"have clocks that are off"_s;
    return step;
}

QString withRest(const QStringList &first, int count)
{
    const int rest = count - int(first.size());
    return rest > 0 ? QString(first.join(u", "_s) % u" and "_s % groupedNumber(rest) % u" more"_s) : first.join(u", "_s);
}

/// "heartbeat interval 10.0 s → 25.0 s, …" for the values that differ.
QString differences(const TimingProfile &before, const TimingProfile &after)
{
    struct Value
    {
        QString name;
        qint64 TimingProfile::*member;
    };
    static const Value values[] = {
        {u"heartbeat interval"_s, &TimingProfile::heartbeatInterval},
        {u"key TTL"_s, &TimingProfile::workerKeyTtl},
        {u"command TTL"_s, &TimingProfile::shutdownCommandTtl},
        {u"drain timeout"_s, &TimingProfile::drainTimeout},
        {u"stale threshold"_s, &TimingProfile::reaperStaleThreshold},
        {u"reaper interval"_s, &TimingProfile::reaperRunInterval},
        {u"hub client heartbeat"_s, &TimingProfile::hubClientHeartbeat},
        {u"hub server heartbeat"_s, &TimingProfile::hubServerHeartbeat},
        {u"hub timeout"_s, &TimingProfile::hubTimeout},
        {u"hub actor TTL"_s, &TimingProfile::hubActorTtl},
    };
    QStringList parts;
    for (const Value &value : values) {
        if (before.*value.member != after.*value.member)
            parts.append(value.name % u' ' % durationText(before.*value.member) % u" → "_s % durationText(after.*value.member));
    }
    return parts.join(u", "_s);
}

} // namespace

FleetJournalist::FleetJournalist(FleetStore &store, SourceListModel &sources, const Clock &clock, Journal *journal,
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
    connect(&store, &FleetStore::ticked, this, &FleetJournalist::look);
    connect(&store, &FleetStore::sourceChanged, this, &FleetJournalist::lookAtSource);
    connect(&store, &FleetStore::sourceAdded, this, &FleetJournalist::lookAtSource);
    connect(&store, &FleetStore::sourceRemoved, this, &FleetJournalist::forget);
    for (const SourceId source : store.sources())
        lookAtSource(source);
}

FleetJournalist::~FleetJournalist()
{
    if (m_journal)
        readEvents(); // What happened since the last publish.
    flush();
}

QString FleetJournalist::sourceName(SourceId source) const
{
    const auto seen = m_seen.find(source);
    return seen == m_seen.end() ? m_store.sourceName(source) : seen->second.name;
}

void FleetJournalist::readEvents()
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

void FleetJournalist::look()
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

void FleetJournalist::take(const FleetEvent &event)
{
    if (event.worker == 0)
        return; // Connections are told from the sources' states, which know why.
    const auto seen = m_seen.find(event.source);
    if (seen == m_seen.end() || !seen->second.everLive)
        return;
    const WorkerHandle handle = m_store.findSerial(event.worker);
    const bool actor = handle != noWorker && m_store.worker(handle).traits->registers();
    if (actor && seen->second.forgotten) {
        // What follows from it has been told with it: nobody renews what is forgotten, and who does not come back is counted.
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
            wave.first.append(shortId(m_store.worker(handle).id));
        return;
    }
    if (handle != noWorker && !actor)
        keepEnd(event, handle);
    auto [step, text] = actor ? actorWordsOf(event) : wordsOf(event);
    if (actor && step.isEmpty())
        std::tie(step, text) = wordsOf(event);
    if (!step.isEmpty())
        gather(event, handle, step, text);
}

/// What a later run has to know to tell what was left in order from what was lost.
void FleetJournalist::keepEnd(const FleetEvent &event, WorkerHandle handle)
{
    EndRecord record;
    record.source = sourceName(event.source);
    record.worker = m_store.worker(handle).id;
    record.at = m_clock.toWall(event.at);
    switch (event.kind) {
    case FleetEventKind::KeyExpired:
        record.end = m_store.worker(handle).end == WorkerEnd::Crashed ? WorkerEnd::Crashed : WorkerEnd::Expired;
        break;
    case FleetEventKind::Ended:
        record.end = WorkerEnd(event.a);
        if (record.end == WorkerEnd::Unseen || record.end == WorkerEnd::None)
            return;
        break;
    case FleetEventKind::Returned:
    case FleetEventKind::CountersReaped:
        break; // Nothing is to be kept of it.
    default:
        return;
    }
    if (m_gatherSince == 0)
        m_gatherSince = m_clock.nowMs();
    m_ends.append(record);
}

void FleetJournalist::gather(const FleetEvent &event, WorkerHandle handle, const QString &step, const QString &text)
{
    if (m_gatherSince == 0)
        m_gatherSince = m_clock.nowMs();
    News &news = m_news[{event.source, step}];
    if (news.count == 0)
        news.at = event.at;
    if (++news.count > singlesAtMost)
        return;
    JournalEntry entry;
    entry.at = m_clock.toWall(event.at);
    entry.kind = JournalKind::Fleet;
    entry.seen = true;
    entry.source = sourceName(event.source);
    entry.step = step;
    if (handle != noWorker)
        entry.worker = m_store.worker(handle).id;
    entry.text = (handle == noWorker ? u"A worker"_s
                                     : QString(capitalised(m_store.worker(handle).traits->worker) % u' ' % shortId(entry.worker)))
                 % u' ' % text;
    if (event.kind == FleetEventKind::ProblemSeen && handle != noWorker) {
        const QStringList problems = m_store.problems(handle);
        if (!problems.isEmpty())
            entry.text += QString(u": "_s % problems.join(u"; "_s));
    }
    news.singles.push_back(std::move(entry));
}

void FleetJournalist::flush()
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
                first.append(shortId(entry.worker));
        }
        JournalEntry entry;
        entry.at = m_clock.toWall(news.at);
        entry.kind = JournalKind::Fleet;
        entry.seen = true;
        entry.source = sourceName(key.first);
        entry.step = key.second;
        entry.text = groupedNumber(news.count) % u" workers "_s % pluralOf(key.second) % u": "_s % withRest(first, news.count);
        entries.append(entry);
    }
    m_news.clear();
    std::stable_sort(entries.begin(), entries.end(), [](const JournalEntry &a, const JournalEntry &b) { return a.at < b.at; });
    if (m_journal && !entries.isEmpty())
        m_journal->write(entries);
    const QList<EndRecord> ends = std::exchange(m_ends, {});
    if (m_journal && !ends.isEmpty())
        m_journal->writeEnds(ends);
}

void FleetJournalist::flushWave(SourceId source, const Wave &wave)
{
    if (wave.count < waveAtLeast)
        return;
    JournalEntry entry;
    entry.at = m_clock.toWall(wave.since);
    entry.kind = JournalKind::Fleet;
    entry.seen = true;
    entry.source = sourceName(source);
    entry.step = u"late-wave"_s;
    entry.text = groupedNumber(wave.count) % u" workers late within "_s % durationText(waveMs) % u": "_s
                 % withRest(wave.first, wave.count);
    m_journal->write({entry});
}

void FleetJournalist::tellSource(JournalKind kind, const Seen &seen, const QString &step, const QString &text, qint64 at)
{
    JournalEntry entry;
    entry.at = m_clock.toWall(at);
    entry.kind = kind;
    // The operator of this console did these: another window has its own.
    entry.seen = step != u"connected" && step != u"disconnected" && step != u"removed";
    entry.source = seen.name;
    entry.step = step;
    entry.text = text;
    m_journal->write({entry});
}

void FleetJournalist::lookAtSource(SourceId source)
{
    const SourceStatus status = m_store.sourceStatus(source);
    const auto found = m_seen.find(source);
    const bool fresh = found == m_seen.end();
    Seen &seen = m_seen[source];
    seen.name = m_store.sourceName(source);
    if (fresh && isUp(status.state)) {
        // Connected before this began to look: no news.
        seen.everLive = true;
        seen.state = status.state;
        seen.timing = status.timing;
        return;
    }
    const qint64 now = m_clock.nowMs();
    const SourceState before = std::exchange(seen.state, status.state);
    const QString message = status.message.isEmpty() ? QString() : QString(u": "_s % status.message);
    if (isUp(status.state)) {
        if (!seen.everLive) {
            QString text = u"Connected to "_s % seen.name;
            if (m_sources.rowOf(source) >= 0)
                text += QString(u" ("_s % m_sources.settings(source).shortAddress() % u')');
            if (!status.server.isEmpty())
                text += QString(u", "_s % status.server);
            tellSource(JournalKind::Connection, seen, u"connected"_s, text, now);
            seen.timing = status.timing;
        } else if (seen.down) {
            tellSource(JournalKind::Connection, seen, u"back"_s,
                       u"Connection to "_s % seen.name % u" is back after "_s % durationText(now - seen.lostAt), now);
        }
        seen.everLive = true;
        seen.down = false;
        seen.told.clear();
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
            tellSource(JournalKind::Connection, seen, u"lost"_s, u"Connection to "_s % seen.name % u" lost"_s % message, now);
            seen.told = status.message;
        } else if (!seen.everLive && status.state == SourceState::Waiting && seen.told.isEmpty()) {
            tellSource(JournalKind::Connection, seen, u"unreachable"_s, seen.name % u" cannot be reached"_s % message, now);
            seen.told = message.isEmpty() ? u"unreachable"_s : status.message;
        }
        break;
    case SourceState::Failed:
        if (before != SourceState::Failed)
            tellSource(JournalKind::Connection, seen, u"failed"_s, u"Connection to "_s % seen.name % u" failed"_s % message, now);
        break;
    case SourceState::Off:
        if (before != SourceState::Off)
            tellSource(JournalKind::Connection, seen, u"disconnected"_s, u"Disconnected from "_s % seen.name, now);
        seen.everLive = false;
        seen.down = false;
        seen.forgotten = false;
        seen.told.clear();
        break;
    default:
        break;
    }
}

/// A hub's registrations or a Redis' keys are all gone at once, or it is over: who came back came back, who is missing is
/// counted.
void FleetJournalist::lookAtRegistry(Seen &seen, const SourceStatus &status)
{
    const SourceTraits &traits = *status.traits;
    if (status.forgotten) {
        readEvents(); // What happened before is told as it was.
        seen.forgotten = true;
        seen.notBack = 0;
        const QString why = status.message.isEmpty() ? u"its actors are not gone, they have to register again"_s : status.message;
        const QString text = u"The "_s % traits.record % u"s of "_s % seen.name % u" are lost: "_s % why;
        tellSource(JournalKind::Connection, seen, u"forgotten"_s, text, m_clock.nowMs());
        return;
    }
    readEvents(); // Who did not come back is told of just before.
    seen.forgotten = false;
    QString text = u"All known "_s % traits.workers % u" of "_s % seen.name % u" are registered again"_s;
    if (seen.notBack > 0)
        text = groupedNumber(seen.notBack) % u' ' % (seen.notBack == 1 ? traits.worker : traits.workers) % u" of "_s % seen.name
               % u" did not register again: departed, unseen"_s;
    tellSource(JournalKind::Connection, seen, u"registered-again"_s, text, m_clock.nowMs());
}

void FleetJournalist::lookAtTiming(Seen &seen, const SourceStatus &status)
{
    const TimingProfile before = std::exchange(seen.timing, status.timing);
    if (before == status.timing)
        return;
    QString text = differences(before, status.timing);
    // Only its name or version is new.
    text = text.isEmpty() ? u"no value differs"_s : text;
    if (before.version != status.timing.version || before.name != status.timing.name)
        text += QString(u" ("_s % before.name % u" → "_s % status.timing.name % u')');
    tellSource(JournalKind::Timing, seen, u"changed"_s, u"Timing in force on "_s % seen.name % u" changed: "_s % text,
               m_clock.nowMs());
}

void FleetJournalist::forget(SourceId source)
{
    const auto seen = m_seen.find(source);
    if (seen == m_seen.end())
        return;
    flush();
    tellSource(JournalKind::Connection, seen->second, u"removed"_s, u"Source "_s % seen->second.name % u" removed"_s,
               m_clock.nowMs());
    m_seen.erase(seen);
    m_waves.erase(source);
}

} // namespace pulsedeck
