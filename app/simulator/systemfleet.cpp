// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/systemfleet.h"

#include "app/simulator/systemorder.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr int endLimitMs = 2'000;
constexpr qint64 pollEveryMs = 500;
constexpr qint64 arrivalStepMs = 50;
constexpr size_t idsSaid = 20;
constexpr quint32 processesPerHost = 4;
constexpr quint32 wholeFleet = 0; // The slot of what is no process'.
constexpr quint32 failEvery = 50; // Of the jobs of one process.

RedisConnectionOptions linkOptions(const QByteArray &name)
{
    RedisConnectionOptions options;
    options.clientName = name;
    options.replyTimeoutMs = 30'000;
    options.backoffCapMs = 2'000;
    return options;
}

QByteArrayList wordsOf(const QStringList &texts)
{
    QByteArrayList list;
    for (const QString &text : texts)
        list.append(text.toUtf8());
    return list;
}

} // namespace

SystemFleet::SystemFleet(const FleetOptions &options, const Clock &clock, bool subscribes, QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_clock(clock)
    , m_random(options.seed)
    , m_queues(wordsOf(options.queues))
    , m_wheel(clock.nowMs())
    , m_link(new RedisConnection(options.url, linkOptions("pulsedeck-fleet-" + options.layout.toUtf8()), this))
    , m_asked(size_t(m_queues.size()))
{
    m_ticker.setTimerType(Qt::PreciseTimer);
    m_ticker.setInterval(int(Wheel::tickMs));
    connect(&m_ticker, &QTimer::timeout, this, &SystemFleet::tick);
    m_outage.setSingleShot(true);
    connect(&m_outage, &QTimer::timeout, this, [this] {
        m_link->open();
        if (m_listener)
            m_listener->open();
        for (RedisConnection *own : m_own) {
            if (own)
                own->open();
        }
    });
    connect(m_link, &RedisConnection::stateChanged, this, [this](RedisConnection::State state) { onState(m_link, state); });
    if (!subscribes)
        return;
    m_listener = new RedisConnection(options.url, linkOptions("pulsedeck-fleet-listener"), this);
    // A connection is a subscriber from its start; nothing is ever published there.
    m_listener->subscribe("pulsedeck-fleet:" + options.layout.toUtf8());
    connect(m_listener, &RedisConnection::stateChanged, this,
            [this](RedisConnection::State state) { onState(m_listener, state); });
    connect(m_listener, &RedisConnection::pushed, this, [this](const RedisReply &message) {
        const bool pattern = message.at(0).bytes() == QByteArrayView("pmessage");
        heard(message.at(pattern ? 2 : 1).bytes().toByteArray(), message.at(pattern ? 3 : 2).bytes().toByteArray());
    });
}

SystemFleet::~SystemFleet()
{
    // What is under way is answered now, and no answer may reach what is being destroyed.
    m_stopping = true;
    m_ticker.stop();
    std::vector<RedisConnection *> all = m_own;
    all.push_back(m_link);
    all.push_back(m_listener);
    for (RedisConnection *link : all) {
        if (link)
            link->disconnect(this);
        delete link;
    }
}

void SystemFleet::start()
{
    m_link->open();
    if (m_listener)
        m_listener->open();
    if (m_options.exitAfter > 0)
        QTimer::singleShot(int(m_options.exitAfter), this, &SystemFleet::stop);
}

void SystemFleet::onState(RedisConnection *link, RedisConnection::State state)
{
    using State = RedisConnection::State;
    if (state == State::Ready) {
        if (!m_begun) {
            if (m_link->state() == State::Ready && (!m_listener || m_listener->state() == State::Ready))
                begin();
            return;
        }
        if (link == m_listener) {
            for (quint32 slot = 0; slot < size(); ++slot) {
                if (m_processes[slot].running)
                    subscribeChannels(slot);
            }
        } else {
            for (Queue &queue : m_asked)
                queue.asked = false;
            reconnected();
        }
        return;
    }
    if (state != State::Waiting && state != State::Closed)
        return;
    const RedisFailure failure = link->failure();
    if (failure.kind == RedisFailure::Kind::None)
        return;
    if (m_begun) {
        if (link == m_link && !m_stopping)
            emit complained(QStringLiteral("The connection was lost: %1").arg(failure.text));
    } else if (failure.kind != RedisFailure::Kind::Loading && !std::exchange(m_complained, true)) {
        emit complained(failure.hint.isEmpty() ? failure.text : QString(failure.text + u' ' + failure.hint));
        finish(exitNoConnection);
    }
}

void SystemFleet::begin()
{
    m_begun = true;
    m_begunMs = m_clock.nowMs();
    m_nextStats = m_begunMs + m_options.statsEvery;
    m_processes.resize(size_t(m_options.workers));
    m_nextBeat.resize(size_t(m_options.workers));
    m_own.resize(size_t(m_options.workers));
    m_awaited = m_listener ? 2 : 1;
    for (quint32 slot = 0; slot < size(); ++slot) {
        launch(slot);
        // The first is part of the start; those after it are spread, as processes do not start in the same instant.
        beatIn(slot, qint64(double(beatMs(slot)) * m_random.between(0.2, 1.0, SeededRandom::Use::Phase, slot)));
    }
    const auto answered = [this](const RedisAnswer &) { enrolled(); };
    m_link->request({"PING"}, answered); // Answered when everything before it is.
    if (m_listener)
        m_listener->request({"PING"}, answered);
    scheduleIn(arrivalStepMs, FleetEvent::Arrive, wholeFleet);
    scheduleIn(pollEveryMs, FleetEvent::Poll, wholeFleet);
    scheduleIn(scaled(1000), FleetEvent::Second, wholeFleet);
    m_ticker.start();
}

void SystemFleet::enrolled()
{
    if (m_awaited <= 0 || --m_awaited > 0 || m_stopping)
        return;
    emit said("registered " + QByteArray::number(m_options.workers) + " workers in "
              + QByteArray::number(double(m_clock.nowMs() - m_begunMs) / 1000.0, 'f', 2) + " s");
}

void SystemFleet::launch(quint32 slot)
{
    SimProcess &process = m_processes[slot];
    const quint32 life = process.life + 1;
    process = {};
    process.life = life;
    process.host = "app-" + QByteArray::number(slot / processesPerHost + 1);
    constexpr int firstPid = 10'000;
    constexpr int pidStep = 7;
    constexpr quint64 fleets = 1'000; // Two fleets seldom have a process in common.
    process.pid = firstPid + int(m_options.seed % fleets) + int(m_launched++) * pidStep;
    process.startedMs = m_clock.nowMs();
    process.id = nameProcess(slot);
    process.running = true;
    subscribeChannels(slot);
    enroll(slot);
}

void SystemFleet::tick()
{
    const qint64 now = m_clock.nowMs();
    m_wheel.advance(now, [this](const Wheel::Entry &entry) { dispatch(entry); });
    if (m_options.statsEvery > 0 && now >= m_nextStats) {
        m_nextStats = now + m_options.statsEvery;
        emit said(statusLine());
    }
}

void SystemFleet::dispatch(const Wheel::Entry &entry)
{
    switch (entry.event) {
    case FleetEvent::Arrive:
        arrive();
        scheduleIn(arrivalStepMs, FleetEvent::Arrive, wholeFleet);
        return;
    case FleetEvent::Poll:
        takeJobs();
        scheduleIn(pollEveryMs, FleetEvent::Poll, wholeFleet);
        return;
    case FleetEvent::Second:
        everySecond();
        scheduleIn(scaled(1000), FleetEvent::Second, wholeFleet);
        return;
    default:
        break;
    }
    const quint32 slot = entry.slot;
    SimProcess &process = m_processes[slot];
    if (entry.life != process.life)
        return;
    if (entry.event == FleetEvent::Replace) {
        if (!process.running) {
            launch(slot);
            beatIn(slot, beatMs(slot));
        }
        return;
    }
    if (!process.running)
        return;
    if (entry.event == FleetEvent::Thaw) {
        process.frozen = false;
        thawed(slot);
        endDueJobs(slot);
        beatIn(slot, 0);
        return;
    }
    if (process.frozen)
        return;
    switch (entry.event) {
    case FleetEvent::Beat: {
        if (m_clock.nowMs() < m_nextBeat[slot])
            return; // It was put off.
        ++process.beats;
        ++m_beats;
        const quint32 life = process.life;
        beat(slot);
        if (process.running && process.life == life) {
            const double spread = m_options.jitter * (2 * m_random.unit(SeededRandom::Use::Jitter, slot, process.beats) - 1);
            beatIn(slot, qint64(double(beatMs(slot)) * (1 + spread)));
        }
        break;
    }
    case FleetEvent::JobEnd:
        endDueJobs(slot);
        break;
    case FleetEvent::Grace:
        if (!process.stopping)
            break;
        for (const SimJob &job : std::exchange(process.jobs, {}))
            pushJob(job.queue);
        finishProcess(slot);
        break;
    default:
        break;
    }
}

void SystemFleet::scheduleIn(qint64 ms, FleetEvent event, quint32 slot)
{
    m_wheel.schedule(m_clock.nowMs() + ms, event, slot, m_processes[slot].life);
}

void SystemFleet::beatIn(quint32 slot, qint64 ms)
{
    m_nextBeat[slot] = m_clock.nowMs() + ms;
    scheduleIn(ms, FleetEvent::Beat, slot);
}

// Jobs.

void SystemFleet::arrive()
{
    if (m_options.sessions <= 0)
        return;
    const double places = double(size()) * double(capacity(0));
    // In waves as much as twice of it comes for a while, and then nothing.
    constexpr double twoPi = 6.283185307179586;
    const double wave =
        m_options.waves > 0 ? 1 + std::sin(twoPi * double(m_clock.nowMs() - m_begunMs) / double(m_options.waves)) : 1;
    const double perStep = m_options.sessions * wave * places * double(arrivalStepMs) / double(m_options.sessionLength);
    int count = int(perStep + m_random.unit(SeededRandom::Use::Session, ++m_arrivals));
    for (; count > 0; --count) {
        const auto which = m_random.bits(SeededRandom::Use::Candidate, ++m_arrivals) % quint64(m_queues.size());
        pushJob(m_queues[qsizetype(which)]);
        takeFrom(int(which));
    }
}

void SystemFleet::takeJobs()
{
    for (int queue = 0; queue < int(m_queues.size()); ++queue)
        takeFrom(queue);
}

void SystemFleet::takeFrom(int queue)
{
    if (m_stopping || m_asked[size_t(queue)].asked || m_link->state() != RedisConnection::State::Ready)
        return;
    const qint64 slot = freeSlot(m_queues[queue]);
    if (slot < 0)
        return;
    m_asked[size_t(queue)].asked = true;
    ++m_processes[size_t(slot)].reserved;
    const quint32 life = m_processes[size_t(slot)].life;
    popJob(m_queues[queue], [this, queue, slot, life](const RedisAnswer &answer) {
        m_asked[size_t(queue)].asked = false;
        SimProcess &process = m_processes[size_t(slot)];
        const bool same = process.life == life;
        if (same && process.reserved > 0)
            --process.reserved;
        if (!answer.ok() || answer.reply.isNil())
            return;
        if (m_stopping || !same || !process.running || process.stopping)
            pushJob(m_queues[queue]);
        else
            startJob(quint32(slot), m_queues[queue], 0, hasJobIds() ? answer.reply.bytes().toByteArray() : QByteArray());
        takeFrom(queue);
    });
}

/// Some process that has room, each time another.
qint64 SystemFleet::freeSlot(const QByteArray &queue) const
{
    const quint64 first = m_random.bits(SeededRandom::Use::Pick, m_jobs, m_arrivals);
    for (quint32 i = 0; i < size(); ++i) {
        const auto slot = quint32((first + i) % size());
        const SimProcess &process = m_processes[slot];
        if (process.running && !process.frozen && int(process.jobs.size()) + process.reserved < capacity(slot)
            && mayTake(slot, queue))
            return slot;
    }
    return -1;
}

void SystemFleet::startJob(quint32 slot, const QByteArray &queue, qint64 lengthMs, const QByteArray &id)
{
    SimProcess &process = m_processes[slot];
    const double drawn = m_random.unit(SeededRandom::Use::Session, ++m_jobs, slot);
    const qint64 length = lengthMs > 0 ? lengthMs : qint64(-std::log(1 - drawn) * double(m_options.sessionLength)) + 1;
    SimJob job;
    job.queue = queue;
    job.id = id.isEmpty() ? randomHex(32) : id;
    job.startedMs = m_clock.nowMs();
    job.endsMs = job.startedMs + length;
    process.jobs.push_back(job);
    scheduleIn(length, FleetEvent::JobEnd, slot);
    jobBegan(slot, job);
}

void SystemFleet::endDueJobs(quint32 slot)
{
    SimProcess &process = m_processes[slot];
    const quint32 life = process.life;
    const qint64 now = m_clock.nowMs();
    for (size_t i = 0; i < process.jobs.size();) {
        if (process.jobs[i].endsMs > now) {
            ++i;
            continue;
        }
        SimJob job = process.jobs[i];
        job.endedMs = now;
        process.jobs.erase(process.jobs.begin() + qptrdiff(i));
        jobEnded(slot, job, ++process.done % failEvery == 0);
        if (!process.running || process.life != life)
            return;
    }
    if (process.stopping && process.jobs.empty())
        finishProcess(slot);
    else
        takeJobs();
}

void SystemFleet::endJobs(quint32 slot, bool failed)
{
    SimProcess &process = m_processes[slot];
    for (SimJob &job : std::exchange(process.jobs, {})) {
        job.endedMs = m_clock.nowMs();
        ++process.done;
        jobEnded(slot, job, failed);
    }
    if (process.running && process.stopping)
        finishProcess(slot);
}

// Ends.

void SystemFleet::requestStop(quint32 slot)
{
    SimProcess &process = m_processes[slot];
    if (process.stopping) {
        stopAgain(slot);
        return;
    }
    process.stopping = true;
    process.quiet = true;
    quieted(slot);
    if (process.jobs.empty())
        finishProcess(slot);
    else
        scheduleIn(graceMs(), FleetEvent::Grace, slot);
}

void SystemFleet::finishProcess(quint32 slot)
{
    SimProcess &process = m_processes[slot];
    leave(slot);
    closeOwn(slot);
    unsubscribeChannels(slot);
    process.running = false;
    ++process.life;
    ++m_ended;
    if (!m_stopping)
        scheduleIn(m_options.replaceAfter, FleetEvent::Replace, slot);
}

void SystemFleet::kill(quint32 slot)
{
    SimProcess &process = m_processes[slot];
    const std::vector<SimJob> jobs = std::exchange(process.jobs, {});
    process.running = false;
    ++process.life;
    ++m_ended;
    closeOwn(slot);
    killed(slot, jobs);
    constexpr qint64 usualDownMs = 180'000;
    scheduleIn(m_options.downTime > 0 ? m_options.downTime : scaled(usualDownMs), FleetEvent::Replace, slot);
}

void SystemFleet::stop()
{
    if (m_finished)
        return;
    const bool again = std::exchange(m_stopping, true);
    m_ticker.stop();
    if (again || !m_begun || m_link->state() != RedisConnection::State::Ready) {
        finish(0);
        return;
    }
    QTimer::singleShot(endLimitMs, this, [this] { finish(0); });
    for (quint32 slot = 0; slot < size(); ++slot) {
        SimProcess &process = m_processes[slot];
        if (!process.running || process.frozen)
            continue;
        for (const SimJob &job : std::exchange(process.jobs, {}))
            pushJob(job.queue); // There is no time to wait for it.
        finishProcess(slot);
    }
    m_link->request({"PING"}, [this](const RedisAnswer &) { finish(0); });
}

void SystemFleet::finish(int code)
{
    if (!std::exchange(m_finished, true))
        emit finished(code);
}

void SystemFleet::cutOff(qint64 ms)
{
    m_link->close();
    if (m_listener)
        m_listener->close();
    for (RedisConnection *own : m_own) {
        if (own)
            own->close();
    }
    m_outage.start(int(ms));
}

// What is the same in most systems.

void SystemFleet::pushJob(const QByteArray &queue)
{
    send({"LPUSH", queueKey(queue), "{}"});
}

void SystemFleet::popJob(const QByteArray &queue, RedisConnection::Handler handler)
{
    send({"RPOP", queueKey(queue)}, std::move(handler));
}

bool SystemFleet::mayTake(quint32 slot, const QByteArray &) const
{
    return !m_processes[slot].quiet;
}

int SystemFleet::capacity(quint32) const
{
    return m_options.slotsPerWorker;
}

void SystemFleet::jobBegan(quint32, const SimJob &)
{ }

void SystemFleet::jobEnded(quint32, const SimJob &, bool)
{ }

void SystemFleet::killed(quint32 slot, const std::vector<SimJob> &)
{
    unsubscribeChannels(slot);
}

void SystemFleet::quieted(quint32)
{ }

void SystemFleet::stopAgain(quint32)
{ }

void SystemFleet::thawed(quint32)
{ }

void SystemFleet::reconnected()
{ }

QByteArrayList SystemFleet::channelsOf(quint32) const
{
    return {};
}

void SystemFleet::heard(const QByteArray &, const QByteArray &)
{ }

void SystemFleet::ownReady(quint32)
{ }

void SystemFleet::ownHeard(quint32, const QByteArray &, const QByteArray &)
{ }

void SystemFleet::everySecond()
{ }

bool SystemFleet::act(const QByteArray &, quint32, std::optional<double>)
{
    return false;
}

// Helpers of the systems.

qint64 SystemFleet::scaled(qint64 ms) const
{
    return qMax<qint64>(Wheel::tickMs, std::llround(double(ms) / m_options.speed));
}

QByteArray SystemFleet::ttlWord(qint64 ms) const
{
    return QByteArray::number(wholeSeconds(scaled(ms)));
}

int SystemFleet::release(int usual) const
{
    return m_options.release > 0 ? int(m_options.release) : usual;
}

QByteArray SystemFleet::isoTime(qint64 ms) const
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(m_clock.toWall(ms), Qt::UTC);
    return time.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzz000Z")).toLatin1();
}

QByteArray SystemFleet::randomHex(int digits)
{
    QByteArray text;
    while (text.size() < digits) {
        constexpr int base = 16;
        text += QByteArray::number(m_random.bits(SeededRandom::Use::Id, ++m_drawn), base).rightJustified(base, '0');
    }
    return text.first(digits);
}

qint64 SystemFleet::find(const QByteArray &id) const
{
    for (quint32 slot = 0; slot < size(); ++slot) {
        if (m_processes[slot].running && m_processes[slot].id == id)
            return slot;
    }
    return -1;
}

void SystemFleet::send(std::initializer_list<QByteArrayView> words, RedisConnection::Handler handler)
{
    m_link->request(words, std::move(handler));
}

void SystemFleet::send(const QByteArrayList &words, RedisConnection::Handler handler)
{
    const std::vector<QByteArrayView> views(words.begin(), words.end());
    m_link->request(views, std::move(handler));
}

void SystemFleet::openOwn(quint32 slot, const QByteArray &clientName, bool subscribes)
{
    closeOwn(slot);
    auto *own = new RedisConnection(m_options.url, linkOptions(clientName), this);
    m_own[slot] = own;
    if (subscribes)
        own->subscribe("pulsedeck-fleet:" + m_options.layout.toUtf8());
    if (!m_ticker.isActive())
        ++m_awaited;
    connect(own, &RedisConnection::stateChanged, this, [this, own, slot](RedisConnection::State state) {
        if (state == RedisConnection::State::Ready)
            ownReady(slot);
        else if (state == RedisConnection::State::Waiting && !m_stopping && !std::exchange(m_ownComplained, true))
            // One of thousands, as where the server takes no more: once is enough.
            emit complained(
                QStringLiteral("A worker has no connection of its own, and tries again: %1").arg(own->failure().text));
    });
    connect(own, &RedisConnection::pushed, this, [this, slot](const RedisReply &message) {
        const bool pattern = message.at(0).bytes() == QByteArrayView("pmessage");
        ownHeard(slot, message.at(pattern ? 2 : 1).bytes().toByteArray(), message.at(pattern ? 3 : 2).bytes().toByteArray());
    });
    own->open();
}

void SystemFleet::closeOwn(quint32 slot)
{
    RedisConnection *own = std::exchange(m_own[slot], nullptr);
    if (!own)
        return;
    own->disconnect(this); // It may be the one whose message is being read.
    own->close();
    own->deleteLater();
}

void SystemFleet::subscribeChannels(quint32 slot)
{
    if (!m_listener || m_listener->state() != RedisConnection::State::Ready)
        return; // All are subscribed when it is there again.
    for (const QByteArray &channel : channelsOf(slot))
        m_listener->request({"SUBSCRIBE", channel}, {});
}

void SystemFleet::unsubscribeChannels(quint32 slot)
{
    if (!m_listener || m_listener->state() != RedisConnection::State::Ready)
        return;
    for (const QByteArray &channel : channelsOf(slot))
        m_listener->request({"UNSUBSCRIBE", channel}, {});
}

// Standard input.

QByteArray SystemFleet::statusLine() const
{
    quint64 running = 0;
    quint64 quiet = 0;
    quint64 working = 0;
    for (const SimProcess &process : m_processes) {
        running += process.running ? 1 : 0;
        quiet += process.running && process.quiet ? 1 : 0;
        working += process.jobs.size();
    }
    QByteArray line = "beats=" + QByteArray::number(m_beats);
    for (const auto &[name, value] : {std::pair{"registered", running}, std::pair{"quiet", quiet}, std::pair{"working", working},
                                      std::pair{"jobs", m_jobs}, std::pair{"ended", m_ended}, std::pair{"seed", m_options.seed}})
        line += ' ' + QByteArray(name) + '=' + QByteArray::number(value);
    return line;
}

std::vector<quint32> SystemFleet::targets(const QByteArray &verb, const QByteArray &word, QByteArray *problem) const
{
    std::vector<quint32> chosen;
    bool isNumber = false;
    int count = word.isEmpty() ? 1 : word.toInt(&isNumber);
    if (word == "all")
        count = int(size());
    else if (!word.isEmpty() && !isNumber)
        count = 0;
    if (!word.isEmpty() && word != "all" && (!isNumber || count < 1)) {
        const qint64 slot = find(word);
        if (slot < 0)
            *problem = "error: no running process is called “" + word + "”";
        else
            chosen.push_back(quint32(slot));
        return chosen;
    }
    const quint64 first = m_random.bits(SeededRandom::Use::Candidate, m_jobs, quint64(m_ended));
    for (quint32 i = 0; i < size() && int(chosen.size()) < count; ++i) {
        const auto slot = quint32((first + i) % size());
        const SimProcess &process = m_processes[slot];
        const bool healthy = process.running && !process.stopping && !process.frozen && !process.deaf;
        if (process.running && (word == "all" || (healthy && !(verb == "quiet" && process.quiet))))
            chosen.push_back(slot);
    }
    return chosen;
}

bool SystemFleet::obeyOne(const QByteArray &verb, quint32 slot, std::optional<double> seconds)
{
    SimProcess &process = m_processes[slot];
    const auto ms = qint64(seconds.value_or(0) * 1000);
    if (verb == "quiet") {
        if (!canQuiet())
            return false;
        process.quiet = true;
        quieted(slot);
    } else if (verb == "stop") {
        requestStop(slot);
    } else if (verb == "kill") {
        kill(slot);
    } else if (verb == "hang") {
        process.frozen = true;
        if (ms > 0)
            scheduleIn(ms, FleetEvent::Thaw, slot);
    } else if (verb == "restart") {
        for (const SimJob &job : std::exchange(process.jobs, {}))
            pushJob(job.queue);
        finishProcess(slot);
        launch(slot);
        beatIn(slot, beatMs(slot));
    } else if (verb == "work") {
        if (int(process.jobs.size()) >= capacity(slot))
            return false;
        startJob(slot, m_queues.first(), ms);
    } else if (verb == "lose") {
        loseKeys(slot);
    } else {
        return act(verb, slot, seconds);
    }
    return true;
}

void SystemFleet::obey(const QByteArray &line)
{
    const SystemOrder order = SystemOrder::parse(line, ownVerbs());
    if (!order.problem.isEmpty()) {
        emit said("error: " + order.problem);
    } else if (order.verb == "status") {
        emit said(statusLine());
    } else if (order.verb == "quit") {
        stop();
    } else if (order.verb.isEmpty() || !m_begun || m_stopping) {
        return;
    } else if (order.verb == "outage") {
        cutOff(order.seconds ? qint64(*order.seconds * 1000) : usualOutageMs);
        emit said("outage");
    } else if (order.verb == "flush") {
        for (quint32 slot = 0; slot < size(); ++slot)
            loseKeys(slot);
        sayWhenWritten("flush");
    } else if (order.verb == "jobs") {
        for (int i = 0; i < order.count; ++i)
            pushJob(order.queue.isEmpty() ? m_queues.first() : order.queue);
        takeJobs();
        sayWhenWritten("jobs " + QByteArray::number(order.count));
    } else {
        obeyWorkers(order);
    }
}

void SystemFleet::obeyWorkers(const SystemOrder &order)
{
    QByteArray problem;
    QByteArrayList ids;
    for (const quint32 slot : targets(order.verb, order.target, &problem)) {
        const QByteArray id = m_processes[slot].id;
        if (obeyOne(order.verb, slot, order.seconds))
            ids.append(id);
    }
    if (!problem.isEmpty()) {
        emit said(problem);
        return;
    }
    QByteArray answer = order.verb + ' ' + QByteArray::number(ids.size());
    for (qsizetype i = 0; i < qMin(ids.size(), qsizetype(idsSaid)); ++i)
        answer += ' ' + ids[i];
    sayWhenWritten(answer);
}

/// So that whoever reads the line finds in Redis what it says.
void SystemFleet::sayWhenWritten(const QByteArray &line)
{
    m_link->request({"PING"}, [this, line](const RedisAnswer &) {
        if (!m_finished)
            emit said(line);
    });
}

} // namespace pulsedeck::fleet
