// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisconnection.h"

#include "app/redis/clusterconnection.h"
#include "app/redis/clusterwatch.h"
#include "app/redis/masterlookup.h"
#include "app/redis/redissocket.h"
#include "app/redis/serveridentity.h"
#include "app/sources/secretreading.h"
#include "app/sources/sshtunnel.h"

#include <QIODevice>
#include <QPointer>
#include <QRandomGenerator>
#include <QTimer>
#include <QVarLengthArray>

#include <hiredis/hiredis.h>

#include <chrono>

namespace pulsedeck {

namespace {

// hiredis moves what is left of its buffer after nearly every reply, so it is given little at a time.
constexpr qsizetype sliceBytes = 16'384;
// A connection that held this long was no accident: the next failure is the first of a new row.
constexpr qint64 steadyUs = 3'000'000;

// A failover is over within seconds, and asking a Sentinel where the master is costs nobody much.
constexpr int longestSentinelWaitMs = 1'500;
constexpr int longestClusterWaitMs = 500;
// It answers, and only has to be asked whether it has read its data: however long that took, workers beat from then on.
constexpr int longestLoadingWaitMs = 1'500;

/// The steady clock, in microseconds.
qint64 nowUs()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

/// Runs something that may end inside a signal of the socket, which then must not be deleted at once.
template <typename Function> void RedisConnection::inSocket(Function function)
{
    QPointer<RedisConnection> guard(this);
    ++m_socketDepth;
    function();
    if (guard)
        --m_socketDepth;
}

RedisConnection::RedisConnection(const RedisUrl &url, const RedisConnectionOptions &options, QObject *parent)
    : QObject(parent)
    , m_url(url)
    , m_target(url)
    , m_options(options)
    , m_backoff(options.backoffFirstMs, url.isSentinel() ? longestWait(longestSentinelWaitMs) : options.backoffCapMs)
    , m_reader(std::make_shared<RedisReader>(options.maxReplyBytes, options.maxStringBytes))
    , m_connectTimer(new QTimer(this))
    , m_retryTimer(new QTimer(this))
    , m_watchTimer(new QTimer(this))
{
    m_connectTimer->setSingleShot(true);
    m_retryTimer->setSingleShot(true);
    m_watchTimer->setInterval(qBound(5, qMin(m_options.replyTimeoutMs, m_options.keepAliveMs) / 8, 1'000));
    // Where a limit is long it is looked at on the full second, so that all connections of a thread wake it at the same moment.
    constexpr int longLimitMs = 10'000;
    constexpr int leastCoarseMs = 500; // Less is no whole second.
    if (m_options.replyTimeoutMs >= longLimitMs && m_watchTimer->interval() >= leastCoarseMs)
        m_watchTimer->setTimerType(Qt::VeryCoarseTimer);
    connect(m_connectTimer, &QTimer::timeout, this, [this] {
        const bool connected = m_socket && m_socket->isConnected();
        if (m_socket && m_socket->isBySsh() && !connected)
            fail(sshTimeoutFailure(connectLimitMs(), m_target.ssh, m_target.shortName()));
        else
            fail(connectTimeoutFailure(connectLimitMs(), connected, m_socket && m_socket->isEncrypted(), m_target, m_everReady));
    });
    connect(m_retryTimer, &QTimer::timeout, this, [this] { startConnecting(); });
    connect(m_watchTimer, &QTimer::timeout, this, [this] { watch(); });
    if (url.isSentinel()) {
        m_lookup = new MasterLookup(url, this);
        connect(m_lookup, &MasterLookup::found, this, &RedisConnection::onMasterFound);
        connect(m_lookup, &MasterLookup::failed, this, &RedisConnection::fail);
    }
    if (url.isCluster)
        watchCluster(url.seeds());
    connect(&m_readDelay, &ReadDelay::due, this, [this] {
        m_socket->setReadBufferSize(0);
        inSocket([this] { read(); }); // The byte that waits; the rest is there in a moment.
    });
}

RedisConnection::~RedisConnection()
{
    ++m_epoch;
    m_state = State::Closed;
    m_announced = State::Closed;
    dropSocket();
    answerOrphans();
    // A handler may have asked again. One that does so for ever is let go.
    for (int round = 0; round < 8 && !m_refused.empty(); ++round)
        answerRefused();
}

/// An SSH host takes many logins in a short time for an attack: there the usual waits are kept.
int RedisConnection::longestWait(int ms) const
{
    return m_url.ssh.isSet() ? m_options.backoffCapMs : qMin(m_options.backoffCapMs, ms);
}

void RedisConnection::open()
{
    if (m_state != State::Closed)
        return;
    m_backoff.reset();
    m_failure = {};
    startConnecting();
}

void RedisConnection::sendNow()
{
    if (m_cluster) {
        for (RedisConnection *master : masters())
            master->sendNow();
    } else if (state() == State::Ready) {
        flush();
    }
}

void RedisConnection::close()
{
    ++m_epoch;
    dropSocket();
    dropWatch();
    m_failure = {};
    m_state = State::Closed;
    if (answerOrphans())
        announce();
}

void RedisConnection::retryNow()
{
    if (m_state == State::Waiting)
        startConnecting();
}

void RedisConnection::leave(const RedisFailure &why)
{
    const QPointer<RedisConnection> guard(this);
    if (m_state == State::Ready || m_state == State::Connecting)
        fail(why);
    if (guard)
        retryNow();
}

void RedisConnection::follow(const RedisPlace &master, const RedisFailure &why)
{
    if (m_state == State::Closed || !m_lookup)
        return;
    const RedisUrl server = m_url.masterUrl(master);
    if (m_socket && RedisPlace{m_target.host, m_target.port} == master)
        return;
    const QPointer<RedisConnection> guard(this);
    if (m_state != State::Waiting)
        fail(why);
    if (!guard || m_state != State::Waiting)
        return;
    ++m_epoch;
    m_retryTimer->stop();
    m_state = State::Connecting;
    connectTo(server);
}

RedisConnection::State RedisConnection::state() const
{
    return m_state;
}

quint32 RedisConnection::generation() const
{
    return m_generation;
}

qint64 RedisConnection::certificateUntil() const
{
    if (!m_cluster)
        return m_socket ? m_socket->certificateUntil() : 0;
    qint64 earliest = 0;
    for (const RedisConnection *master : m_cluster->masters()) {
        const qint64 until = master->certificateUntil();
        if (until > 0 && (earliest == 0 || until < earliest))
            earliest = until;
    }
    return earliest;
}

RedisFailure RedisConnection::failure() const
{
    return m_failure;
}

int RedisConnection::retryInMs() const
{
    return m_state == State::Waiting ? qMax(0, m_retryTimer->remainingTime()) : -1;
}

int RedisConnection::pending() const
{
    return m_cluster ? m_cluster->pending() : m_users;
}

qint64 RedisConnection::oldestPendingMs() const
{
    if (m_cluster)
        return m_cluster->oldestPendingMs();
    return m_queue.isEmpty() ? 0 : (nowUs() - m_queue.front().sentAt) / 1000;
}

void RedisConnection::request(std::initializer_list<QByteArrayView> arguments, Handler handler)
{
    request(std::span<const QByteArrayView>(arguments.begin(), arguments.size()), std::move(handler));
}

void RedisConnection::request(std::span<const QByteArrayView> arguments, Handler handler)
{
    // An empty command would get no answer, and every later answer would go to the wrong request.
    if (m_state != State::Ready || arguments.empty()) {
        refuse(std::move(handler));
        return;
    }
    if (m_cluster) {
        m_cluster->request(arguments, std::move(handler));
        return;
    }
    qint64 size = 0;
    for (const QByteArrayView argument : arguments)
        size += argument.size();
    const bool sent = hasRoom(size) && append(arguments);
    enqueue(std::move(handler), sent);
}

void RedisConnection::request(const PreparedRequest &command, QByteArrayView value, Handler handler)
{
    if (m_state != State::Ready) {
        refuse(std::move(handler));
        return;
    }
    if (m_cluster) {
        m_cluster->request(command, value, std::move(handler));
        return;
    }
    const bool sent = hasRoom(value.size());
    if (sent)
        command.appendTo(&m_out, value);
    enqueue(std::move(handler), sent);
}

void RedisConnection::requestBytes(const QByteArray &bytes, Handler handler)
{
    if (m_state != State::Ready || m_cluster) {
        refuse(std::move(handler));
        return;
    }
    const bool sent = hasRoom(bytes.size());
    if (sent)
        m_out.append(bytes);
    enqueue(std::move(handler), sent);
}

std::vector<RedisConnection *> RedisConnection::masters()
{
    return m_cluster ? m_cluster->masters() : std::vector<RedisConnection *>{this};
}

void RedisConnection::subscribe(const QByteArray &channel)
{
    m_channels.push_back({"SUBSCRIBE", channel});
}

void RedisConnection::psubscribe(const QByteArray &pattern)
{
    m_channels.push_back({"PSUBSCRIBE", pattern});
}

void RedisConnection::prove()
{
    m_proved = true;
}

QByteArray RedisConnection::serverInfo() const
{
    return m_serverInfo;
}

qint64 RedisConnection::clientId() const
{
    return m_channelId;
}

void RedisConnection::announce()
{
    if (m_announced == m_state)
        return;
    m_announced = m_state;
    emit stateChanged(m_state); // The last thing done everywhere: this may be gone afterwards.
}

void RedisConnection::startConnecting()
{
    ++m_epoch;
    m_retryTimer->stop();
    m_state = State::Connecting;
    if (m_lookup || m_clusterWatch) {
        if (m_lookup)
            m_lookup->start();
        else
            m_clusterWatch->start();
        announce();
        return;
    }
    connectTo(m_url);
}

/// From now on the map of the cluster leads to where is connected to. A failover is over within seconds, as with Sentinels.
void RedisConnection::watchCluster(const QList<RedisPlace> &seeds)
{
    m_backoff = Backoff(m_options.backoffFirstMs, longestWait(longestClusterWaitMs));
    m_clusterWatch = new ClusterWatch(m_url, seeds, this);
    connect(m_clusterWatch, &ClusterWatch::found, this, &RedisConnection::onClusterMap);
    connect(m_clusterWatch, &ClusterWatch::failed, this, [this](const RedisFailure &why) {
        if (m_state == State::Connecting)
            fail(why);
    });
    if (m_url.isCluster)
        connect(m_clusterWatch, &ClusterWatch::attempting, this, &RedisConnection::attempting);
}

/// What was recognised is recognised again the next time; it may be another server then.
void RedisConnection::dropWatch()
{
    if (!m_clusterWatch)
        return;
    m_clusterWatch->stop();
    if (m_url.isCluster)
        return;
    m_clusterWatch->disconnect(this);
    std::exchange(m_clusterWatch, nullptr)->deleteLater();
    m_backoff = Backoff(m_options.backoffFirstMs, m_options.backoffCapMs);
}

void RedisConnection::onClusterMap(const ClusterSlots &map)
{
    if (m_cluster) {
        if (!m_cluster->follow(map))
            leave(clusterMovedFailure(m_url));
        return;
    }
    if (m_state != State::Connecting || m_socket)
        return;
    if (!m_channels.empty() && !m_options.everyMaster) {
        connectTo(m_url.masterUrl(map.masters().constFirst())); // What is published anywhere is heard there.
        return;
    }
    m_cluster = std::make_unique<ClusterConnection>(m_url, map, m_options, m_channels);
    m_cluster->setReadDelay(m_readDelay.length());
    connect(m_cluster.get(), &ClusterConnection::ready, this, &RedisConnection::becomeReady);
    connect(m_cluster.get(), &ClusterConnection::ended, this, &RedisConnection::fail);
    connect(m_cluster.get(), &ClusterConnection::doubted, m_clusterWatch, &ClusterWatch::doubt);
    connect(m_cluster.get(), &ClusterConnection::pushed, this, [this](const RedisReply &message) {
        if (m_state == State::Ready)
            emit pushed(message);
    });
    m_cluster->open();
}

void RedisConnection::onMasterFound(const RedisPlace &master)
{
    connectTo(m_url.masterUrl(master));
}

void RedisConnection::connectTo(const RedisUrl &server)
{
    m_target = server;
    if (!m_target.passwordFrom.isGiven()) {
        const ReadSecret read = readSecret(m_target.passwordFrom);
        m_target.password = read.secret;
        if (read.failure.kind != SourceTrouble::None) {
            // As a socket that cannot be opened: from the event loop.
            QMetaObject::invokeMethod(
                this,
                [this, epoch = m_epoch, why = read.failure] {
                    if (epoch == m_epoch && m_state == State::Connecting)
                        fail(why);
                },
                Qt::QueuedConnection);
            announce();
            return;
        }
    }
    m_socket = new RedisSocket(m_target, this);
    connect(m_socket, &RedisSocket::ready, this, [this] { inSocket([this] { greet(); }); });
    connect(m_socket, &RedisSocket::readyRead, this, [this] {
        if (!waitsToRead())
            inSocket([this] { read(); });
    });
    connect(m_socket, &RedisSocket::ended, this,
            [this](const RedisFailure &why) { inSocket([this, why] { socketEnded(why); }); });
    m_connectTimer->start(connectLimitMs());
    emit attempting(m_socket->device());
    m_socket->connectToServer();
    announce();
}

int RedisConnection::connectLimitMs() const
{
    return m_options.connectTimeoutMs + (m_target.ssh.isSet() ? SshTunnel::loginMs : 0);
}

void RedisConnection::dropSocket()
{
    if (m_lookup)
        m_lookup->stop();
    m_connectTimer->stop();
    m_retryTimer->stop();
    m_watchTimer->stop();
    m_readDelay.reset();
    m_out.clear();
    m_handshakeLeft = 0;
    m_suspect = false;
    if (m_cluster)
        m_endedCluster = std::move(m_cluster);
    if (!m_socket)
        return;
    RedisSocket *old = m_socket;
    m_socket = nullptr;
    old->abort();
    // Inside one of its signals it has to outlive them, and this connection too.
    old->setParent(nullptr);
    if (m_socketDepth > 0)
        old->deleteLater();
    else
        delete old;
}

void RedisConnection::greet()
{
    // A new one, not a reset: a handler higher up the stack may still look at a reply of the old one.
    m_reader = std::make_shared<RedisReader>(m_options.maxReplyBytes, m_options.maxStringBytes);
    m_greeting.clear();
    m_channelId = 0;
    m_serverInfo.clear();
    m_isSentinel = m_leadsToCluster = false;
    m_lastReceived = nowUs();

    if (!m_target.password.isEmpty() || !m_target.user.isEmpty()) {
        const QByteArray user = m_target.user.toUtf8();
        const QByteArray password = m_target.password.toUtf8();
        if (user.isEmpty())
            ask(HandshakeStep::Auth, {"AUTH", password});
        else
            ask(HandshakeStep::Auth, {"AUTH", user, password});
    }
    if (m_options.recognize && m_channels.empty())
        ask(HandshakeStep::ServerInfo, {"INFO", "server"}); // First: a Sentinel knows no SELECT.
    if (m_lookup)
        ask(HandshakeStep::Role, {"ROLE"});
    if (m_target.database != 0)
        ask(HandshakeStep::Select, {"SELECT", QByteArray::number(m_target.database)});
    if (!m_options.clientName.isEmpty())
        ask(HandshakeStep::SetName, {"CLIENT", "SETNAME", m_options.clientName});
    ask(HandshakeStep::Ping, {"PING"});
    if (!m_channels.empty())
        ask(HandshakeStep::ClientId, {"CLIENT", "ID"});
    if (!m_channels.empty() && (m_options.tellServer || m_options.everyMaster))
        ask(HandshakeStep::ServerInfo, {"INFO", "server"});
    if (!m_options.everyMaster || !m_options.recognize)
        askSubscriptions(); // Else once it is known whether there are more masters.
    flush();
}

void RedisConnection::askSubscriptions()
{
    for (const RedisSubscription &one : m_channels)
        ask(HandshakeStep::Subscribe, {one.word, one.channel});
}

void RedisConnection::ask(HandshakeStep step, std::initializer_list<QByteArrayView> arguments)
{
    ++m_handshakeLeft;
    Request request;
    request.kind = Request::Kind::Handshake;
    request.step = step;
    request.sentAt = nowUs();
    append({arguments.begin(), arguments.size()});
    m_queue.push(std::move(request));
}

namespace {

/// False for a command that cannot be formatted: nothing was appended then.
bool appendCommand(std::span<const QByteArrayView> arguments, QByteArray *bytes)
{
    QVarLengthArray<const char *, 32> pointers;
    QVarLengthArray<size_t, 32> lengths;
    for (const QByteArrayView argument : arguments) {
        pointers.append(argument.isEmpty() ? "" : argument.data());
        lengths.append(size_t(argument.size()));
    }
    char *formatted = nullptr;
    const auto length = redisFormatCommandArgv(&formatted, int(arguments.size()), pointers.data(), lengths.data());
    if (length < 0)
        return false;
    bytes->append(formatted, length);
    redisFreeCommand(formatted);
    return true;
}

} // namespace

QByteArray RedisConnection::formatted(std::span<const QByteArrayView> arguments)
{
    QByteArray bytes;
    appendCommand(arguments, &bytes);
    return bytes;
}

bool RedisConnection::append(std::span<const QByteArrayView> arguments)
{
    return appendCommand(arguments, &m_out);
}

void RedisConnection::scheduleFlush()
{
    if (m_flushScheduled)
        return;
    m_flushScheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_flushScheduled = false;
            flush();
        },
        Qt::QueuedConnection);
}

void RedisConnection::flush()
{
    if (!m_socket || m_out.isEmpty())
        return;
    const QByteArray bytes = std::exchange(m_out, {});
    inSocket([this, &bytes] {
        RedisSocket *current = m_socket;
        const quint32 e = m_epoch;
        QPointer<RedisConnection> guard(this);
        current->device()->write(bytes);
        if (guard && e == m_epoch)
            current->flush();
    });
}

void RedisConnection::setReadDelay(int ms)
{
    m_readDelay.setLength(ms);
    if (m_cluster)
        m_cluster->setReadDelay(ms);
    if (m_state != State::Ready || m_cluster)
        return;
    m_socket->setReadBufferSize(ms > 0 ? 1 : 0);
    QMetaObject::invokeMethod(
        this, [this] { inSocket([this] { read(); }); }, Qt::QueuedConnection); // What waits already.
}

bool RedisConnection::waitsToRead()
{
    if (m_readDelay.length() == 0 || m_state != State::Ready || m_socket->isEncrypted())
        return false;
    m_socket->setReadBufferSize(1);
    return m_readDelay.holdsBack(nowUs());
}

qint64 RedisConnection::heldMs() const
{
    if (m_cluster)
        return m_cluster->heldMs();
    return m_reading ? m_readDelay.heldMs(nowUs()) : 0;
}

void RedisConnection::read()
{
    if (m_reading || !m_socket)
        return; // Called again from an event loop inside a handler: the one outside goes on with it.
    m_reading = true;
    QPointer<RedisConnection> guard(this);
    const quint32 e = m_epoch;
    const std::shared_ptr<RedisReader> source = m_reader; // Outlives a close() or delete in a handler.
    char slice[sliceBytes];
    while (m_socket->isReadable()) {
        const qint64 count = m_socket->device()->read(slice, sizeof slice);
        if (count <= 0)
            break;
        m_lastReceived = nowUs();
        m_suspect = false;
        if (m_greeting.size() < 8)
            m_greeting.append(slice, qMin<qint64>(count, 8 - m_greeting.size()));
        source->feed(QByteArrayView(slice, count));
        RedisReader::Result result;
        while ((result = source->next()) == RedisReader::Result::Ready) {
            take(source->reply());
            if (!guard)
                return;
            if (e != m_epoch) {
                m_reading = false;
                // A new connection may have been made and have bytes already, which were left alone till now.
                QMetaObject::invokeMethod(
                    this, [this] { inSocket([this] { read(); }); }, Qt::QueuedConnection);
                return;
            }
        }
        if (result == RedisReader::Result::Broken) {
            m_reading = false;
            fail(protocolFailure(m_greeting, source->error(), source->isOversize(), m_target));
            return;
        }
    }
    m_reading = false;
    m_readDelay.noteRead(source->isAmid());
}

void RedisConnection::take(const RedisReply &reply)
{
    if (!m_channels.empty() && reply.isArray()) {
        const QByteArrayView word = reply.at(0).bytes();
        if (word == "message" || word == "pmessage" || m_queue.isEmpty()) {
            m_readDelay.noteGiven();
            if (m_state == State::Ready)
                emit pushed(reply);
            return;
        }
    }
    if (m_queue.isEmpty()) {
        if (reply.isError()) { // Parting words, such as those of a server that is full.
            RedisFailure why = handshakeFailure(HandshakeStep::Ping, reply.bytes(), m_target);
            if (why.kind == RedisFailure::Kind::None) {
                why = {RedisFailure::Kind::Closed,
                       tr("%1 ended the connection: %2").arg(m_target.shortName(), serverText(reply.bytes(), m_target)),
                       {}};
            }
            fail(why);
        } else {
            fail(protocolFailure(m_greeting, tr("an answer came without a request"), false, m_target));
        }
        return;
    }

    const Request request = m_queue.take();
    if (request.kind == Request::Kind::Handshake) {
        shake(request.step, reply);
        return;
    }
    if (request.kind == Request::Kind::User) {
        --m_users;
        m_gotReplies = true;
    }
    if (request.handler) {
        RedisAnswer answer;
        answer.outcome = reply.isError() ? RedisAnswer::Outcome::Error : RedisAnswer::Outcome::Reply;
        answer.reply = reply;
        answer.elapsedUs = m_lastReceived - request.sentAt;
        answer.repeatsPassword = reply.isError() && repeatsPassword(reply.bytes(), m_target);
        const quint32 e = m_epoch;
        QPointer<RedisConnection> guard(this);
        request.handler(answer);
        if (!guard || e != m_epoch)
            return;
    }
    answerUnsent();
}

void RedisConnection::answerUnsent()
{
    const quint32 e = m_epoch;
    QPointer<RedisConnection> guard(this);
    while (!m_queue.isEmpty() && m_queue.front().kind == Request::Kind::Unsent) {
        const Request request = m_queue.take();
        --m_users;
        if (request.handler)
            request.handler({RedisAnswer::Outcome::Refused, {}});
        if (!guard || e != m_epoch)
            return;
    }
}

bool RedisConnection::recognize(HandshakeStep step, const RedisReply &reply)
{
    RedisFailure refusal;
    if (step == HandshakeStep::ServerInfo) {
        const QByteArrayView mode = infoValue(m_serverInfo, "redis_mode");
        m_isSentinel = mode == "sentinel";
        if (m_isSentinel)
            ask(HandshakeStep::SentinelMasters, {"SENTINEL", "MASTERS"});
        else if (mode == "cluster")
            ask(HandshakeStep::ClusterNodes, {"CLUSTER", "NODES"});
        else if (m_options.everyMaster)
            askSubscriptions();
        flush();
    } else if (step == HandshakeStep::SentinelMasters) {
        refusal = sentinelFailure(reply, m_target);
    } else if (step == HandshakeStep::ClusterNodes) {
        refusal = clusterFailure(reply.isError() ? QByteArrayView() : reply.bytes(), m_target);
        m_leadsToCluster = refusal.kind != RedisFailure::Kind::None && m_target.transport != RedisUrl::Transport::Unix;
        if (m_leadsToCluster)
            refusal = {};
        else if (refusal.kind == RedisFailure::Kind::None && m_options.everyMaster)
            askSubscriptions();
        flush();
    }
    if (refusal.kind == RedisFailure::Kind::None)
        return true;
    fail(refusal);
    return false;
}

void RedisConnection::shake(HandshakeStep step, const RedisReply &reply)
{
    if (reply.isError() && !m_isSentinel) {
        const RedisFailure refusal = handshakeFailure(step, reply.bytes(), m_target);
        if (refusal.kind != RedisFailure::Kind::None) {
            fail(refusal);
            return;
        }
    }
    const bool expected =
        reply.isError()
        || (step == HandshakeStep::ClientId ? reply.type() == RedisReply::Type::Integer
            : step == HandshakeStep::Subscribe || step == HandshakeStep::SentinelMasters || step == HandshakeStep::Role
                ? reply.isArray()
                : reply.isText());
    if (!expected) {
        fail(protocolFailure(m_greeting, tr("the answer does not fit the request"), false, m_target));
        return;
    }
    if (step == HandshakeStep::Role && !reply.isError() && reply.at(0).bytes() != QByteArrayView("master")) {
        m_lookup->doubt();
        fail(notMasterFailure(m_url.master, m_target));
        return;
    }
    if (step == HandshakeStep::ClientId)
        m_channelId = reply.toInteger(0);
    else if (step == HandshakeStep::ServerInfo && !reply.isError())
        m_serverInfo = reply.bytes().toByteArray();
    if (m_options.recognize && (m_channels.empty() || m_options.everyMaster) && !recognize(step, reply))
        return;
    if (--m_handshakeLeft > 0)
        return;
    m_connectTimer->stop();
    if (m_leadsToCluster) {
        ++m_epoch;
        dropSocket();
        watchCluster({{m_target.host, m_target.port}});
        m_clusterWatch->start();
        return;
    }
    becomeReady();
}

void RedisConnection::becomeReady()
{
    if (m_cluster) {
        m_channelId = m_cluster->masters().front()->clientId();
        m_serverInfo = m_cluster->masters().front()->serverInfo();
    }
    m_failure = {};
    ++m_generation;
    m_readyAt = nowUs();
    m_gotReplies = false;
    m_proved = false;
    m_everReady = true;
    if (!m_cluster) {
        m_watchTimer->start();
        if (m_readDelay.length() > 0)
            m_socket->setReadBufferSize(1); // From the first message on.
    }
    m_state = State::Ready;
    announce();
}

void RedisConnection::socketEnded(const RedisFailure &why)
{
    QPointer<RedisConnection> guard(this);
    const quint32 e = m_epoch;
    read(); // The last answers, or words of parting, may have come with the end.
    if (!guard || e != m_epoch)
        return;
    const bool silent = why.kind == RedisFailure::Kind::Closed && m_state == State::Connecting && m_greeting.isEmpty() && m_socket
                        && !m_socket->isWayLost();
    // Where a Redis has answered before, how to reach it is not the question.
    fail(silent && !m_everReady ? closedFailure(true, m_target) : why);
}

void RedisConnection::watch()
{
    const qint64 now = nowUs();
    const qint64 limit = qint64(m_options.replyTimeoutMs) * 1000;
    if (m_queue.isEmpty()) {
        m_suspect = false;
        if (now - m_lastReceived >= qint64(m_options.keepAliveMs) * 1000) {
            Request request;
            request.kind = Request::Kind::KeepAlive;
            request.sentAt = now;
            const QByteArrayView ping = "PING";
            append({&ping, 1});
            m_queue.push(std::move(request));
            flush();
        }
        return;
    }
    if (now - m_queue.front().sentAt < limit || now - m_lastReceived < limit) {
        m_suspect = false;
        return;
    }
    // This program itself may have been stopped, with the answer waiting in the system: read first, judge at the next
    // tick.
    if (!m_suspect) {
        m_suspect = true;
        return;
    }
    for (Request &request : m_queue) {
        if (request.kind == Request::Kind::User) {
            if (now - request.sentAt >= limit)
                request.end = RedisAnswer::Outcome::Timeout;
            break;
        }
    }
    fail(replyTimeoutFailure(m_options.replyTimeoutMs, m_target));
}

void RedisConnection::fail(const RedisFailure &why)
{
    const bool sound = m_options.provedByOwner ? m_proved : m_gotReplies || nowUs() - m_readyAt >= steadyUs;
    if (m_announced == State::Ready && m_state == State::Ready && sound)
        m_backoff.reset();
    const bool again = m_options.reconnect && !why.isFinal();
    ++m_epoch;
    dropSocket();
    m_failure = why;
    m_state = again ? State::Waiting : State::Closed;
    int waitMs = m_backoff.next(QRandomGenerator::global()->generateDouble());
    if (why.kind == RedisFailure::Kind::Loading)
        waitMs = qMin(waitMs, longestLoadingWaitMs);
    if (again)
        m_retryTimer->start(waitMs);
    else
        dropWatch(); // Nothing is looked for any more.
    if (answerOrphans())
        announce();
}

bool RedisConnection::answerOrphans()
{
    while (!m_queue.isEmpty())
        m_orphans.push_back(m_queue.take());
    m_users = 0;
    const quint32 e = m_epoch;
    QPointer<RedisConnection> guard(this);
    while (!m_orphans.empty()) {
        const Request request = std::move(m_orphans.front());
        m_orphans.pop_front();
        if (!request.handler)
            continue;
        request.handler({request.kind == Request::Kind::Unsent ? RedisAnswer::Outcome::Refused : request.end, {}});
        if (!guard)
            return false;
    }
    if (const auto cluster = std::move(m_endedCluster)) {
        cluster->end();
        if (!guard)
            return false;
    }
    return e == m_epoch;
}

void RedisConnection::refuse(Handler &&handler)
{
    if (!handler)
        return;
    m_refused.push_back(std::move(handler));
    if (m_refusedScheduled)
        return;
    m_refusedScheduled = true;
    QMetaObject::invokeMethod(
        this, [this] { answerRefused(); }, Qt::QueuedConnection);
}

bool RedisConnection::hasRoom(qint64 bytes) const
{
    return bytes + m_out.size() + m_socket->device()->bytesToWrite() <= m_options.maxWaitingBytes;
}

void RedisConnection::enqueue(Handler &&handler, bool sent)
{
    if (!sent && m_queue.isEmpty()) {
        refuse(std::move(handler));
        return;
    }
    // What is not sent keeps its place behind the others, so that answers come in order.
    Request request;
    request.handler = std::move(handler);
    // What is asked for in one turn of the event loop is sent at its end, all together: the clock is read once for it.
    if (!m_flushScheduled)
        m_turnUs = nowUs();
    request.sentAt = m_turnUs;
    request.kind = sent ? Request::Kind::User : Request::Kind::Unsent;
    m_queue.push(std::move(request));
    ++m_users;
    if (sent)
        scheduleFlush();
}

void RedisConnection::answerRefused()
{
    m_refusedScheduled = false;
    QPointer<RedisConnection> guard(this);
    // Those that come meanwhile have their own turn of the event loop, or one that asks again at once would hold it for
    // ever.
    for (size_t left = m_refused.size(); left > 0 && !m_refused.empty(); --left) {
        const Handler handler = std::move(m_refused.front());
        m_refused.pop_front();
        handler({RedisAnswer::Outcome::Refused, {}});
        if (!guard)
            return;
    }
}

} // namespace pulsedeck
