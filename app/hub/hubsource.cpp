// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubsource.h"
#include "app/hub/hubmail.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

HubSource::HubSource(SourceId id, const HubSourceOptions &options, const Clock &clock, QObject *parent)
    : FleetSource(parent)
    , m_id(id)
    , m_options(options)
    , m_clock(clock)
    , m_sleep(clock)
    , m_orders(id, options.ackWaitMs, clock, nullptr)
    , m_calls(id, options.connection.hub, clock, nullptr)
    , m_mailBudget(mailPerSecond, 3 * mailPerSecond)
    , m_mailBytes(options.mailBytesPerSecond, options.mailBytesAtOnce)
    , m_unaskedBudget(unaskedPerSecond, 2 * unaskedPerSecond)
    , m_mailUnderWay(std::make_shared<std::atomic<qint64>>(0))
{
    for (QObject *part : std::initializer_list<QObject *>{&m_passTimer, &m_orders, &m_calls})
        part->setParent(this); // Moves to the I/O thread with it.
    m_passTimer.setSingleShot(true);
    connect(&m_passTimer, &QTimer::timeout, this, &HubSource::beginPass);
    connect(&m_orders, &HubOrders::progressed, this, &HubSource::commandsProgressed);
    connect(&m_orders, &HubOrders::accepted, this, &HubSource::setStatus);
    connect(&m_orders, &HubOrders::answeredUnasked, this, [this](const QByteArray &from, const CommandProgress &progress) {
        if (m_unaskedBudget.take(m_clock.nowMs())) // Anybody can send what looks like one.
            emit answeredUnasked(from, progress);
    });
    connect(&m_calls, &HubCalls::answered, this, &HubSource::callAnswered);
    connect(&m_calls, &HubCalls::subscriptionChanged, this, &HubSource::subscriptionChanged);
    m_status.source = id;
    m_status.traits = hubTraits();
    m_status.timing = options.timing;
    m_view.source = id;
    m_batch.source = id;
}

HubSource::~HubSource()
{
    delete m_connection; // Its last answers come while this is still whole.
    m_orders.setConnection(nullptr);
    m_calls.setConnection(nullptr);
}

void HubSource::setToken(const HubSecret &token)
{
    const bool refused = m_connection && isLoginTrouble(m_connection->failure().kind);
    if (m_connection && (refused || token != m_options.connection.token))
        m_connection->setToken(token);
    m_options.connection.token = token;
}

void HubSource::prepareStart(const QString &message)
{
    if (m_connection)
        return; // One attempt goes on until the next begins.
    m_status.setTrouble({SourceTrouble::None, message, {}});
    setState(SourceState::Connecting);
}

void HubSource::cannotStart(const SourceFailure &failure)
{
    if (m_connection && m_connection->state() == HubConnection::State::Ready)
        return; // It stands, whatever is missing for the next one.
    if (m_connection && m_connection->state() != HubConnection::State::Closed) {
        retryNow(); // With the token there is.
        return;
    }
    if (m_connection)
        stop();
    m_status.retryAt = 0;
    m_status.setTrouble(failure);
    setState(SourceState::Failed);
}

void HubSource::start()
{
    if (m_connection) {
        m_connection->open();
        return;
    }
    m_connection = new HubConnection(m_options.connection, m_clock, this);
    connect(m_connection, &HubConnection::stateChanged, this, &HubSource::onState);
    connect(m_connection, &HubConnection::received, this, &HubSource::onMessage);
    connect(m_connection, &HubConnection::wiped, this, [this] {
        m_forgot = true;
        awaitActors(Aftermath::Wiped);
    });
    connect(m_connection, &HubConnection::beat, this, &HubSource::onBeat);
    connect(m_connection, &HubConnection::registeredChanged, this, [this](bool registered) {
        if (!registered)
            m_calls.onUnregistered();
        emitStatus();
        emitView();
    });
    m_connection->setRegistered(m_writable);
    m_orders.setConnection(m_connection);
    m_calls.setConnection(m_connection);
    m_status.setTrouble({});
    setState(SourceState::Connecting);
    m_connection->open();
}

void HubSource::stop()
{
    if (!m_connection) {
        m_status.setTrouble({});
        if (m_status.state != SourceState::Off)
            setState(SourceState::Off);
        if (!m_closing)
            emit ended();
        return;
    }
    HubConnection *const connection = std::exchange(m_connection, nullptr);
    connection->disconnect(this);
    m_passTimer.stop();
    flush();
    // Every command and every call is answered before the source is off.
    m_orders.setConnection(nullptr);
    connection->close();
    m_orders.endWaits();
    m_calls.setConnection(nullptr);
    lookUpLater(true);
    // The hub is told, which takes a moment; nothing of it is heard any more.
    delete std::exchange(m_closing, connection);
    const auto closed = [this, connection] {
        connection->deleteLater();
        m_closing = nullptr;
        emit ended();
    };
    m_status.retryAt = 0;
    m_status.setTrouble({});
    setState(SourceState::Off);
    m_view.vitals.registered = false;
    emitView();
    if (connection->state() == HubConnection::State::Closed) {
        closed();
        return;
    }
    connect(connection, &HubConnection::stateChanged, this, [closed](HubConnection::State state) {
        if (state == HubConnection::State::Closed)
            closed();
    });
}

void HubSource::retryNow()
{
    if (!m_connection) {
        start();
    } else if (m_connection->state() == HubConnection::State::Ready) {
        if (m_passTimer.isActive())
            beginPass();
    } else {
        m_connection->retryNow();
    }
}

void HubSource::onState(HubConnection::State state)
{
    switch (state) {
    case HubConnection::State::Ready:
        ++m_generation;
        m_wholeInGeneration = 0;
        m_registeredAnew = 0;
        m_survivor = false;
        if (m_forgot)
            awaitActors(Aftermath::Wiped); // Nobody could register while it was away.
        m_knownBefore = int(m_slots.size());
        m_listProblem.clear();
        m_status.generation = m_generation;
        m_status.retryAt = 0;
        m_status.loaded = 0;
        m_status.total = 0;
        setState(SourceState::Loading);
        beginPass();
        break;
    case HubConnection::State::Connecting:
        if (m_status.retryAt != 0) {
            m_status.retryAt = 0;
            emitStatus();
        }
        break;
    case HubConnection::State::Waiting:
    case HubConnection::State::Closed: {
        m_passTimer.stop();
        flush();
        const int wait = m_connection->retryInMs();
        m_status.retryAt = wait >= 0 ? m_clock.nowMs() + wait : 0;
        if (m_status.lostAt == 0)
            m_status.lostAt = m_lastAnswerAt;
        m_status.setTrouble(m_connection->failure());
        setState(state == HubConnection::State::Closed ? SourceState::Failed : SourceState::Waiting);
        break;
    }
    case HubConnection::State::Closing:
        break;
    }
    emitView();
}

void HubSource::onBeat()
{
    constexpr qint64 wrongMs = 500; // Offsets differ a little from beat to beat.
    const HubVitals vitals = m_connection->vitals();
    m_lastAnswerAt = vitals.lastAckAt;
    if (qAbs(vitals.clockOffsetMs - m_offsetMs) > wrongMs)
        m_tellAllNext = true;
    m_offsetMs = vitals.clockOffsetMs;
    m_status.clockKnown = vitals.clockKnown;
    m_status.clockOffsetMs = vitals.clockOffsetMs;
    m_status.roundTripMs = qint32(qMin<qint64>(vitals.roundTripMs, 1 << 30));
    m_status.server = vitals.serverVersion.isEmpty() ? QString() : QString(u"Signal Hub "_s + vitals.serverVersion);
    emitStatus();
    emitView();
}

void HubSource::setState(SourceState state)
{
    if (state == SourceState::Loading || state == SourceState::Sweeping)
        m_status.lostAt = 0;
    if (m_status.state != state) {
        m_status.state = state;
        m_status.since = m_clock.nowMs();
    }
    emitStatus();
}

void HubSource::emitStatus()
{
    m_status.writable = m_writable;
    m_status.rights = rights();
    describe();
    emit statusChanged(m_status);
}

void HubSource::emitView()
{
    if (m_connection)
        m_view.vitals = m_connection->vitals();
    m_view.connected = m_connection && m_connection->state() == HubConnection::State::Ready;
    emit viewChanged(m_view);
}

void HubSource::flush()
{
    if (m_batch.texts.isEmpty() && m_batch.actors.isEmpty() && m_batch.samples.isEmpty() && m_batch.removed.isEmpty())
        return;
    m_batch.generation = m_generation;
    m_batch.at = m_clock.nowMs();
    emit batchReady(m_batch);
    m_batch.texts.clear();
    m_batch.actors.clear();
    m_batch.samples.clear();
    m_batch.removed.clear();
}

void HubSource::applyTiming(const TimingApply &apply)
{
    TimingApplied answer;
    answer.id = apply.id;
    answer.source = m_id;
    answer.outcome = TimingApplied::Outcome::Refused;
    answer.refusal = Refusal::Server;
    answer.text = u"a hub keeps no shared timing record"_s;
    emit timingApplied(answer);
}

void HubSource::readTimingHistory()
{
    TimingHistory history;
    history.source = m_id;
    history.text = u"a hub keeps no shared timing record"_s;
    emit timingHistoryRead(history);
}

// What a HubSource does for the ledger and hears from others.

namespace {

using Outcome = CommandProgress::Outcome;

qint64 steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

CommandRights HubSource::rights() const
{
    CommandRights rights;
    rights.known = m_writable;
    for (const Act act : allActs)
        rights.denied[size_t(act)] = m_writable ? hubTraits()->whyNot(act) : QString();
    return rights;
}

void HubSource::setWritable(bool writable)
{
    m_writable = writable;
    m_calls.setWritable(writable);
    if (!writable)
        m_orders.refuseWaiting(Refusal::ReadOnlySource);
    if (m_connection)
        m_connection->setRegistered(writable);
    emitStatus();
}

void HubSource::carryOut(const QList<Command> &commands)
{
    for (const Command &command : commands) {
        if (m_writable)
            m_orders.carryOut(command);
        else
            m_orders.answer(command, Outcome::Refused, Refusal::ReadOnlySource, {});
    }
}

void HubSource::call(const HubCall &call)
{
    m_calls.call(call);
}

void HubSource::onMessage(const HubMessage &message)
{
    const auto *application = message.as<hub::Application>();
    if (!application)
        return;
    // A broadcast or a publication reaches many: no actor answers a command by one.
    if (message.type() == "worker:ack"_L1 && application->way == hub::Application::Way::Forwarded)
        m_orders.hear(message, *application);
    passOn(message, *application);
}

/// To whoever shows it, unless it is more than anybody can take: nothing that others send may pile up here, or keep the
/// thread from its heartbeats.
void HubSource::passOn(const HubMessage &message, const hub::Application &application)
{
    constexpr qint64 besides = 1'024; // What a message takes besides its data, about.
    HubMailDropped &dropped = m_view.mailDropped;
    const qint64 now = steadyMs();
    const qint64 kept = qMin<qint64>(message.bytes(), mostMailBytes) + besides;
    if (m_mailUnderWay->load() + kept > mostMailUnderWay) {
        ++dropped.behind;
    } else if (!m_mailBudget.take(now)) {
        ++dropped.tooMany;
    } else if (!m_mailBytes.take(now, double(message.bytes()))) {
        ++dropped.tooLarge;
    } else {
        HubMail mail = hubMail(m_id, m_clock.nowMs(), message, application);
        *m_mailUnderWay += kept;
        mail.room = std::shared_ptr<void>(m_mailUnderWay.get(), [underWay = m_mailUnderWay, kept](void *) { *underWay -= kept; });
        emit mailReceived(mail);
    }
}

/// What an actor said of itself in its answer.
void HubSource::setStatus(const QString &address, WorkerStatus status)
{
    const auto slot = m_slots.constFind(address);
    if (slot == m_slots.constEnd())
        return;
    Record &record = m_records[*slot];
    if (record.generation != m_generation)
        return; // Not seen since the connection came back: nothing is told of it before.
    record.status = status;
    m_batch.samples.append(sampleOf(record, m_clock.nowMs()));
    flush();
}

// Looking up ----------------------------------------------------------------------------------------------------------

void HubSource::lookUp(const QList<Command> &commands)
{
    for (const Command &command : commands)
        lookUpOne(command);
}

void HubSource::lookUpOne(const Command &command)
{
    if (!m_connection || m_connection->state() != HubConnection::State::Ready) {
        tellFound(command, Outcome::Unknown, false, u"not connected"_s);
        return;
    }
    const QString address = QString::fromUtf8(command.worker);
    m_connection->request(HubRequest::discover(address, {}), [this, command, address](const HubAnswer &answer) {
        const auto *found = answer.as<hub::Discovered>();
        if (!found) {
            tellFound(command, Outcome::Unknown, false, answer.text());
            return;
        }
        const bool present = std::any_of(found->actors.begin(), found->actors.end(),
                                         [&address](const auto &one) { return one.address == address; });
        // Known from before the connection was lost, and not seen since: the hub may have forgotten it.
        const auto slot = m_slots.constFind(address);
        const bool awaited = slot != m_slots.constEnd() && m_records[*slot].generation != m_generation;
        if (!present && awaited && m_lookUps.size() < mostLookedUpLater)
            m_lookUps.append(command);
        else
            tellFound(command, Outcome::Found, present, {});
    });
}

/// After each pass: those that have been seen, and those that are gone for good.
void HubSource::lookUpLater(bool over)
{
    const QList<Command> waiting = std::exchange(m_lookUps, {});
    for (const Command &command : waiting) {
        const auto slot = m_slots.constFind(QString::fromUtf8(command.worker));
        if (over)
            tellFound(command, Outcome::Unknown, false, u"not connected"_s);
        else if (slot == m_slots.constEnd())
            tellFound(command, Outcome::Found, false, {});
        else if (m_records[*slot].generation == m_generation)
            tellFound(command, Outcome::Found, true, {});
        else
            m_lookUps.append(command);
    }
}

void HubSource::tellFound(const Command &command, Outcome outcome, bool present, const QString &text)
{
    CommandProgress progress;
    progress.command = command.id;
    progress.source = m_id;
    progress.at = m_clock.nowMs();
    progress.outcome = outcome;
    progress.text = text;
    progress.keyPresent = present;
    const auto slot = m_slots.constFind(QString::fromUtf8(command.worker));
    if (present)
        progress.status = slot != m_slots.constEnd() ? m_records[*slot].status : WorkerStatus::Registered;
    emit commandsProgressed({progress});
}

// How a HubSource reads the registry, page by page, and what it makes of it.

namespace {

constexpr qint64 renewedMs = 300'000; // What hub:renew gives, always.
constexpr qint64 msInSecond = 1'000;
constexpr qsizetype longestId = 512;

/// When the registration last showed a sign of life, by the hub's clock. A registration ends a whole number of seconds
/// after it was made; a renewal ends five minutes after it, whenever that was.
qint64 lastSign(const HubActor &actor)
{
    if (!actor.expiresAt || actor.version <= 1 || (*actor.expiresAt - actor.registeredAt) % msInSecond == 0)
        return actor.registeredAt;
    return qMax(actor.registeredAt, *actor.expiresAt - renewedMs);
}

qint32 asDuration(qint64 ms)
{
    return qint32(std::clamp<qint64>(ms, 0, 1LL << 30));
}

} // namespace

void HubSource::beginPass()
{
    m_passTimer.stop();
    if (!m_connection || m_connection->state() != HubConnection::State::Ready)
        return;
    if (!std::exchange(m_passOpen, true))
        ++m_pass;
    m_pages = 0;
    m_skipped = 0;
    m_selfListed = false;
    m_status.loaded = 0;
    m_truncated = false;
    const bool slept = m_sleep.take() > 0; // What the store has from before is not true any more.
    m_tellAll = std::exchange(m_tellAllNext, false) || slept;
    const qint64 now = m_clock.nowMs();
    m_view.everyMs = m_passBegan > 0 && m_wholeInGeneration > 0 ? now - m_passBegan : 0;
    m_passBegan = now;
    askPage(0);
}

/// In turn, each page after the one before: an offset into a list that changes is a guess already.
void HubSource::askPage(int offset)
{
    const quint32 generation = m_generation;
    const auto handler = [this, generation, offset](const HubAnswer &answer) {
        if (generation != m_generation || !m_connection || m_connection->state() != HubConnection::State::Ready)
            return;
        const qint64 now = m_clock.nowMs();
        const auto *list = answer.as<hub::ActorList>();
        if (!list) { // Refused or late: the pass begins again after a rest, and nobody is called gone for it.
            m_listProblem = u"The hub did not list its actors: "_s + answer.text();
            m_tellAllNext = m_tellAllNext || m_tellAll;
            emitStatus();
            m_passTimer.start(m_options.passEveryMs);
            return;
        }
        m_lastAnswerAt = now;
        takePage(*list, now);
        const int read = int(list->actors.size()) + list->skipped;
        // A page without entries ends the pass whatever it says, or a hub could keep us paging for ever.
        if (list->hasMore && read > 0 && offset + read < mostActors) {
            askPage(offset + read);
            return;
        }
        m_truncated = list->hasMore && read > 0;
        endPass();
    };
    m_connection->request(HubRequest::listActors(offset), handler, 0, HubOutbox::Lane::Fleet);
}

void HubSource::takePage(const hub::ActorList &list, qint64 now)
{
    ++m_pages;
    m_skipped += list.skipped;
    m_listTotal = list.total;
    const bool listedBefore = m_selfListed;
    for (const HubActor &actor : list.actors)
        takeActor(actor, now);
    const bool loading = m_status.state == SourceState::Loading;
    if (loading) {
        // Our own address is no actor of the fleet. Before it is met in the list, that it was registered says that it will be.
        const bool counted = m_selfListed || m_connection->isRegistered();
        m_view.total = qMax<qint64>(0, m_listTotal - (counted ? 1 : 0));
        m_status.loaded += int(list.actors.size()) - (m_selfListed && !listedBefore ? 1 : 0);
        m_status.total = int(qMin<qint64>(m_view.total, mostActors));
        flush();
        emitStatus();
    } else if (m_batch.samples.size() > FleetBatch::maxSamples - HubRequest::pageLimit) {
        flush();
    }
}

void HubSource::takeActor(const HubActor &actor, qint64 now)
{
    if (actor.address == m_options.connection.address) {
        m_selfListed = true;
        return;
    }
    auto known = m_slots.find(actor.address);
    if (known == m_slots.end()) {
        size_t slot = m_records.size();
        if (m_free.empty()) {
            m_records.emplace_back();
        } else {
            slot = m_free.back();
            m_free.pop_back();
        }
        Record &fresh = m_records[slot];
        fresh = Record();
        fresh.address = actor.address;
        fresh.number = m_nextNumber++;
        fresh.firstRegisteredAt = actor.registeredAt;
        known = m_slots.insert(actor.address, slot);
    }
    Record &record = m_records[*known];
    record.seenInPass = m_pass;
    const size_t textHash = qHashMulti(1, actor.capabilities, actor.displayName) | 1;
    const bool textChanged = textHash != record.textHash;
    if (textChanged) {
        record.textHash = textHash;
        WorkerText text;
        text.number = record.number;
        text.id = actor.address.toUtf8().left(longestId);
        text.type = actor.capabilities.value(0).toUtf8();
        text.startedAt = record.firstRegisteredAt;
        m_batch.texts.append(text);
    }
    const WorkerStatus statusBefore = record.status;
    takeStatus(record, actor);
    const bool factsChanged = textChanged || actor.version != record.version || actor.registeredAt != record.registeredAt
                              || actor.expiresAt != record.expiresAt;
    const bool firstHere = record.generation != m_generation;
    if (!factsChanged && !firstHere && !m_tellAll && record.status == statusBefore)
        return;
    if (factsChanged || m_tellAll)
        tellFacts(record, actor);
    const bool firstSight = record.version < 0;
    if (firstHere && !firstSight && actor.version <= 1 && actor.registeredAt != record.registeredAt)
        ++m_registeredAnew;
    // A registration sets another moment: with the same one it was renewed since, or nothing happened.
    const bool same = !firstSight && actor.registeredAt == record.registeredAt;
    if (firstHere && same)
        m_survivor = true;
    const qint64 before = record.beatAt;
    qint64 sign = lastSign(actor);
    if (same && actor.version > record.version && actor.expiresAt)
        sign = qMax(actor.registeredAt, *actor.expiresAt - renewedMs);
    if (same && !m_tellAll)
        sign = qMax(sign, before);
    record.version = actor.version;
    record.registeredAt = actor.registeredAt;
    record.expiresAt = actor.expiresAt;
    record.beatAt = qMin(sign, now + m_offsetMs); // Never ahead of the hub's own time.
    record.generation = m_generation;
    WorkerSample sample = sampleOf(record, now);
    sample.newBeat = firstSight || record.beatAt > before;
    m_batch.samples.append(sample);
}

/// A hub knows no status. An actor may tell its own in its metadata, and by accepting a command; the latter holds until
/// it is another one under the same address, which another connection shows.
void HubSource::takeStatus(Record &record, const HubActor &actor)
{
    const bool says = actor.status == WorkerStatus::Draining || actor.status == WorkerStatus::ShuttingDown;
    const bool another = record.version >= 0 && actor.connectionId != record.connectionId;
    const bool sessionsLost = record.generation != m_generation || m_aftermath != Aftermath::None;
    if (says && (record.status != WorkerStatus::ShuttingDown || another))
        record.status = actor.status;
    else if (!says && (record.saysStatus || (another && !sessionsLost)))
        record.status = WorkerStatus::Registered;
    record.saysStatus = says;
    record.connectionId = actor.connectionId;
}

void HubSource::tellFacts(const Record &record, const HubActor &actor)
{
    constexpr qsizetype mostLists = 10'000;
    ActorFacts facts;
    facts.number = record.number;
    facts.displayName = actor.displayName;
    const auto same = m_capabilities.constFind(actor.capabilities);
    if (same != m_capabilities.constEnd()) {
        facts.capabilities = *same;
    } else {
        facts.capabilities = actor.capabilities;
        if (m_capabilities.size() < mostLists)
            m_capabilities.insert(actor.capabilities);
    }
    facts.registeredAt = fromHub(actor.registeredAt);
    facts.expiresAt = actor.expiresAt ? fromHub(*actor.expiresAt) : 0;
    facts.version = actor.version;
    m_batch.actors.append(facts);
}

WorkerSample HubSource::sampleOf(const Record &record, qint64 now) const
{
    WorkerSample sample;
    sample.number = record.number;
    sample.readAt = now;
    sample.beatAt = fromHub(record.beatAt);
    sample.lastHeartbeat = record.beatAt;
    sample.flags = WorkerFlag::PolledBeats;
    sample.ttl = record.expiresAt ? asDuration(fromHub(*record.expiresAt) - now) : -1;
    if (record.expiresAt && *record.expiresAt > record.beatAt)
        sample.learntTtl = asDuration(*record.expiresAt - record.beatAt);
    sample.status = record.status;
    sample.keyPresent = true;
    return sample;
}

void HubSource::endPass()
{
    const qint64 now = m_clock.nowMs();
    ++m_wholeInGeneration;
    m_passOpen = false;
    sweepMissing(now);
    flush();
    learnTiming();
    m_view.total = qMax<qint64>(0, m_listTotal - (m_selfListed ? 1 : 0));
    m_view.wholeSince = m_passBegan;
    m_view.passMs = now - m_passBegan;
    m_view.pages = m_pages;
    m_view.skipped = m_skipped;
    // As long a rest as the pass took: half of what the hub allows stays free for everything else.
    const int rest = int(qMax<qint64>(m_options.passEveryMs - m_view.passMs, m_view.passMs));
    m_status.sweepEveryMs = qint32(qMin<qint64>(m_view.passMs + rest, 1 << 30));
    m_listProblem.clear();
    if (m_status.state == SourceState::Loading)
        setState(SourceState::Sweeping);
    else
        emitStatus();
    emitView();
    lookUpLater(false);
    m_passTimer.start(rest);
}

void HubSource::awaitActors(Aftermath why)
{
    m_awaitUntil = m_clock.nowMs() + m_options.wipeGraceMs;
    m_aftermath = why;
}

/// After a reconnect more than half of those known before are missing or count again, and nobody is listed as before: the
/// hub was restarted, and who is missing is to be awaited as after a wipe.
bool HubSource::lostMost() const
{
    if (m_wholeInGeneration != 1 || m_generation == 1 || m_knownBefore == 0 || m_survivor)
        return false;
    const auto missing = std::count_if(m_records.begin(), m_records.end(), [this](const Record &record) {
        return !record.address.isEmpty() && record.generation != m_generation;
    });
    return (missing + m_registeredAnew) * 2 > m_knownBefore;
}

/// Who was in neither of the last two whole passes is gone: one alone can miss an actor that was there all the time,
/// when others before it in the list went while it was read.
void HubSource::sweepMissing(qint64 now)
{
    m_view.awaited = 0;
    const bool forgot = m_wholeInGeneration == 1 && std::exchange(m_forgot, false);
    if (!forgot && lostMost()) {
        awaitActors(Aftermath::Restarted);
    } else if (m_awaitUntil != 0 && now >= m_awaitUntil) {
        m_awaitUntil = 0;
        m_aftermath = Aftermath::None;
    }
    for (size_t slot = 0; slot < m_records.size(); ++slot) {
        Record &record = m_records[slot];
        if (record.address.isEmpty() || record.seenInPass == m_pass)
            continue;
        const bool seenHere = record.generation == m_generation;
        if (m_awaitUntil != 0 && !seenHere) {
            ++m_view.awaited;
            continue;
        }
        if (record.seenInPass + 1 >= m_pass || m_wholeInGeneration < 2)
            continue;
        WorkerEnd end = WorkerEnd::Left;
        if (!seenHere)
            end = WorkerEnd::Unseen; // It went while nobody looked.
        else if (record.expiresAt && fromHub(*record.expiresAt) <= now)
            end = WorkerEnd::Expired;
        else if (record.status == WorkerStatus::Draining || record.status == WorkerStatus::ShuttingDown)
            end = WorkerEnd::Drained;
        remove(slot, end, now);
    }
}

void HubSource::remove(size_t slot, WorkerEnd end, qint64 now)
{
    Record &record = m_records[slot];
    WorkerSample sample;
    sample.number = record.number;
    sample.readAt = now;
    sample.flags = WorkerFlag::PolledBeats;
    sample.status = record.status;
    sample.end = end;
    sample.ttl = -2;
    if (m_batch.samples.size() >= FleetBatch::maxSamples)
        flush();
    m_batch.samples.append(sample);
    m_batch.removed.append(record.number);
    m_slots.remove(record.address);
    record = Record();
    m_free.push_back(slot);
}

/// A registration is renewed once or twice within its TTL, so that the TTL says when an actor is late and when it is
/// stale.
void HubSource::learnTiming()
{
    std::vector<qint64> ttls;
    for (const Record &record : m_records) {
        if (!record.address.isEmpty() && record.expiresAt && *record.expiresAt > record.beatAt)
            ttls.push_back(*record.expiresAt - record.beatAt);
    }
    if (ttls.empty())
        return;
    const auto middle = ttls.begin() + qsizetype(ttls.size() / 2);
    std::nth_element(ttls.begin(), middle, ttls.end());
    const qint64 ttl = qMax<qint64>(msInSecond, (*middle + msInSecond / 2) / msInSecond * msInSecond);
    TimingProfile timing = m_options.timing;
    timing.name = u"learnt from registrations"_s;
    timing.heartbeatInterval = ttl / 2;
    timing.workerKeyTtl = ttl;
    timing.reaperStaleThreshold = ttl;
    timing.hubActorTtl = ttl;
    if (const qint64 advertised = m_connection->vitals().advertisedHeartbeatMs; advertised > 0)
        timing.hubServerHeartbeat = advertised;
    if (timing == m_status.timing)
        return;
    m_status.timing = timing;
    emitStatus();
}

// What a HubSource says of itself in words.

namespace {

constexpr qint64 slowedShownMs = 60'000;

QString actorsHave(int count)
{
    return count == 1 ? u"1 actor has"_s : QString::number(count) + u" actors have"_s;
}

} // namespace

QString HubSource::aftermathText() const
{
    const QString what = m_aftermath == Aftermath::Wiped ? u"The hub forgot everything (no message for 10 s)"_s
                                                         : u"The hub was restarted and has lost all registrations"_s;
    if (m_wholeInGeneration == 0)
        return what + u". Its actors are not gone: they have to register again."_s;
    if (m_view.awaited == 0)
        return what + u": all its actors have registered again."_s;
    return what + u": "_s + actorsHave(m_view.awaited) + u" not registered again yet. They are not gone."_s;
}

/// Message, hint and limits of the status, for the state it is in.
void HubSource::describe()
{
    const qint64 now = m_clock.nowMs();
    const bool awaiting = m_aftermath != Aftermath::None && (m_view.awaited > 0 || m_wholeInGeneration == 0);
    m_status.forgotten = awaiting;
    switch (m_status.state) {
    case SourceState::Loading:
    case SourceState::Sweeping:
        m_status.setTrouble({m_listProblem.isEmpty() ? SourceTrouble::None : SourceTrouble::Unlisted, m_listProblem, {}});
        if (m_aftermath != Aftermath::None && m_listProblem.isEmpty()) {
            m_status.trouble = m_aftermath == Aftermath::Wiped ? SourceTrouble::Forgotten : SourceTrouble::Restarted;
            m_status.message = aftermathText();
            if (awaiting)
                m_status.hint =
                    u"An actor that has not noticed yet runs on. Who is still missing after %1 s is shown as departed, unseen."_s
                        .arg(m_options.wipeGraceMs / 1'000);
        }
        break;
    case SourceState::Waiting: {
        m_status.setTrouble(m_connection ? m_connection->failure() : SourceFailure());
        const auto known = int(m_slots.size());
        if (known > 0) {
            if (!m_status.hint.isEmpty())
                m_status.hint += u' ';
            m_status.hint += known == 1 ? u"What became of its actor is not known until it is back."_s
                                        : u"What became of its %1 actors is not known until it is back."_s.arg(known);
        }
        break;
    }
    case SourceState::Off:
    case SourceState::Connecting:
    case SourceState::Live:
    case SourceState::Stalled:
    case SourceState::Failed:
        break;
    }

    m_status.limits.clear();
    if (m_truncated)
        m_status.limits.append(u"only the first %1 actors are shown"_s.arg(mostActors));
    if (!m_connection)
        return;
    const HubVitals vitals = m_connection->vitals();
    if (!vitals.registrationProblem.isEmpty())
        m_status.limits.append(u"actors cannot answer: "_s + vitals.registrationProblem);
    if (std::exchange(m_refusedForRate, vitals.refusedForRate) != vitals.refusedForRate)
        m_slowedAt = now;
    if (m_slowedAt != 0 && now - m_slowedAt < slowedShownMs) {
        m_status.limits.append(
            u"slowed down: the hub takes ten messages a second and has refused %1"_s.arg(vitals.refusedForRate));
    }
    if (const QString dropped = hubMailDroppedText(m_view.mailDropped); !dropped.isEmpty())
        m_status.limits.append(dropped);
}

} // namespace pulsedeck
