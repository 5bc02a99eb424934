// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisconnection_p.h"

#include <QIODevice>
#include <QRandomGenerator>
#include <QTimer>
#include <QVarLengthArray>

#include <hiredis/hiredis.h>

#include <chrono>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

// hiredis moves what is left of its buffer after nearly every reply, so it is given little at a time.
constexpr qsizetype sliceBytes = 16'384;
// A connection that held this long was no accident: the next failure is the first of a new row.
constexpr qint64 steadyUs = 3'000'000;

} // namespace

qint64 RedisConnection::Private::nowUs()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

RedisConnection::Private::Private(RedisConnection *connection, const RedisUrl &address, const RedisConnectionOptions &wishes)
    : q(connection)
    , url(address)
    , options(wishes)
    , backoff(wishes.backoffFirstMs, wishes.backoffCapMs)
    , reader(std::make_shared<RedisReader>(wishes.maxReplyBytes, wishes.maxStringBytes))
    , connectTimer(new QTimer(connection))
    , retryTimer(new QTimer(connection))
    , watchTimer(new QTimer(connection))
{
    connectTimer->setSingleShot(true);
    retryTimer->setSingleShot(true);
    watchTimer->setInterval(qBound(5, qMin(options.replyTimeoutMs, options.keepAliveMs) / 8, 1'000));
    QObject::connect(connectTimer, &QTimer::timeout, q, [this] {
        fail(connectTimeoutFailure(options.connectTimeoutMs, socket && socket->isConnected(), socket && socket->isEncrypted(),
                                   url, everReady));
    });
    QObject::connect(retryTimer, &QTimer::timeout, q, [this] { startConnecting(); });
    QObject::connect(watchTimer, &QTimer::timeout, q, [this] { watch(); });
}

void RedisConnection::Private::announce()
{
    if (announced == state)
        return;
    announced = state;
    emit q->stateChanged(state); // The last thing done everywhere: this may be gone afterwards.
}

void RedisConnection::Private::startConnecting()
{
    ++epoch;
    retryTimer->stop();
    state = State::Connecting;
    socket = new RedisSocket(url, q);
    QObject::connect(socket, &RedisSocket::ready, q, [this] { inSocket([this] { greet(); }); });
    QObject::connect(socket, &RedisSocket::readyRead, q, [this] { inSocket([this] { read(); }); });
    QObject::connect(socket, &RedisSocket::ended, q,
                     [this](const RedisFailure &why) { inSocket([this, why] { socketEnded(why); }); });
    connectTimer->start(options.connectTimeoutMs);
    socket->connectToServer();
    announce();
}

void RedisConnection::Private::dropSocket()
{
    connectTimer->stop();
    retryTimer->stop();
    watchTimer->stop();
    out.clear();
    handshakeLeft = 0;
    suspect = false;
    if (!socket)
        return;
    RedisSocket *old = socket;
    socket = nullptr;
    old->abort();
    // Inside one of its signals it has to outlive them, and this connection too.
    old->setParent(nullptr);
    if (socketDepth > 0)
        old->deleteLater();
    else
        delete old;
}

void RedisConnection::Private::greet()
{
    // A new one, not a reset: a handler higher up the stack may still look at a reply of the old one.
    reader = std::make_shared<RedisReader>(options.maxReplyBytes, options.maxStringBytes);
    greeting.clear();
    channelId = 0;
    serverInfo.clear();
    lastReceived = nowUs();

    if (!url.password.isEmpty() || !url.user.isEmpty()) {
        const QByteArray user = url.user.toUtf8();
        const QByteArray password = url.password.toUtf8();
        if (user.isEmpty())
            ask(HandshakeStep::Auth, {"AUTH", password});
        else
            ask(HandshakeStep::Auth, {"AUTH", user, password});
    }
    if (url.database != 0)
        ask(HandshakeStep::Select, {"SELECT", QByteArray::number(url.database)});
    if (!options.clientName.isEmpty())
        ask(HandshakeStep::SetName, {"CLIENT", "SETNAME", options.clientName});
    ask(HandshakeStep::Ping, {"PING"});
    if (!channels.empty())
        ask(HandshakeStep::ClientId, {"CLIENT", "ID"});
    if (!channels.empty() && options.tellServer)
        ask(HandshakeStep::ServerInfo, {"INFO", "server"});
    for (const QByteArray &channel : channels)
        ask(HandshakeStep::Subscribe, {"SUBSCRIBE", channel});
    flush();
}

void RedisConnection::Private::ask(HandshakeStep step, std::initializer_list<QByteArrayView> arguments)
{
    ++handshakeLeft;
    Request request;
    request.kind = Request::Kind::Handshake;
    request.step = step;
    request.sentAt = nowUs();
    append({arguments.begin(), arguments.size()});
    queue.push(std::move(request));
}

bool RedisConnection::Private::append(std::span<const QByteArrayView> arguments)
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
    out.append(formatted, length);
    redisFreeCommand(formatted);
    return true;
}

void RedisConnection::Private::scheduleFlush()
{
    if (flushScheduled)
        return;
    flushScheduled = true;
    QMetaObject::invokeMethod(
        q,
        [this] {
            flushScheduled = false;
            flush();
        },
        Qt::QueuedConnection);
}

void RedisConnection::Private::flush()
{
    if (!socket || out.isEmpty())
        return;
    const QByteArray bytes = std::exchange(out, {});
    inSocket([this, &bytes] {
        RedisSocket *current = socket;
        const quint32 e = epoch;
        QPointer<RedisConnection> guard(q);
        current->device()->write(bytes);
        if (guard && e == epoch)
            current->flush();
    });
}

void RedisConnection::Private::read()
{
    if (reading || !socket)
        return; // Called again from an event loop inside a handler: the one outside goes on with it.
    reading = true;
    QPointer<RedisConnection> guard(q);
    const quint32 e = epoch;
    const std::shared_ptr<RedisReader> source = reader; // Outlives a close() or delete in a handler.
    char slice[sliceBytes];
    while (socket->device()->isReadable()) {
        const qint64 count = socket->device()->read(slice, sizeof slice);
        if (count <= 0)
            break;
        lastReceived = nowUs();
        suspect = false;
        if (greeting.size() < 8)
            greeting.append(slice, qMin<qint64>(count, 8 - greeting.size()));
        source->feed(QByteArrayView(slice, count));
        RedisReader::Result result;
        while ((result = source->next()) == RedisReader::Result::Ready) {
            take(source->reply());
            if (!guard)
                return;
            if (e != epoch) {
                reading = false;
                // A new connection may have been made and have bytes already, which were left alone till now.
                QMetaObject::invokeMethod(
                    q, [this] { inSocket([this] { read(); }); }, Qt::QueuedConnection);
                return;
            }
        }
        if (result == RedisReader::Result::Broken) {
            reading = false;
            fail(protocolFailure(greeting, source->error(), source->isOversize(), url));
            return;
        }
    }
    reading = false;
}

void RedisConnection::Private::take(const RedisReply &reply)
{
    if (!channels.empty() && reply.isArray()) {
        const QByteArrayView word = reply.at(0).bytes();
        if (word == "message" || word == "pmessage" || queue.isEmpty()) {
            if (state == State::Ready)
                emit q->pushed(reply);
            return;
        }
    }
    if (queue.isEmpty()) {
        if (reply.isError()) { // Parting words, such as those of a server that is full.
            RedisFailure why = handshakeFailure(HandshakeStep::Ping, reply.bytes(), url);
            if (why.kind == RedisFailure::Kind::None) {
                why = {RedisFailure::Kind::Closed,
                       url.shortName() + u" ended the connection: "_s + serverText(reply.bytes(), url),
                       {}};
            }
            fail(why);
        } else {
            fail(protocolFailure(greeting, u"an answer came that nobody asked for"_s, false, url));
        }
        return;
    }

    const Request request = queue.take();
    if (request.kind == Request::Kind::Handshake) {
        shake(request.step, reply);
        return;
    }
    if (request.kind == Request::Kind::User) {
        --users;
        gotReplies = true;
    }
    if (request.handler) {
        RedisAnswer answer;
        answer.outcome = reply.isError() ? RedisAnswer::Outcome::Error : RedisAnswer::Outcome::Reply;
        answer.reply = reply;
        answer.elapsedUs = lastReceived - request.sentAt;
        answer.repeatsPassword = reply.isError() && repeatsPassword(reply.bytes(), url);
        const quint32 e = epoch;
        QPointer<RedisConnection> guard(q);
        request.handler(answer);
        if (!guard || e != epoch)
            return;
    }
    answerUnsent();
}

void RedisConnection::Private::answerUnsent()
{
    const quint32 e = epoch;
    QPointer<RedisConnection> guard(q);
    while (!queue.isEmpty() && queue.front().kind == Request::Kind::Unsent) {
        const Request request = queue.take();
        --users;
        if (request.handler)
            request.handler({RedisAnswer::Outcome::Refused, {}});
        if (!guard || e != epoch)
            return;
    }
}

void RedisConnection::Private::shake(HandshakeStep step, const RedisReply &reply)
{
    if (reply.isError()) {
        const RedisFailure refusal = handshakeFailure(step, reply.bytes(), url);
        if (refusal.kind != RedisFailure::Kind::None) {
            fail(refusal);
            return;
        }
    }
    const bool expected = reply.isError()
                          || (step == HandshakeStep::ClientId    ? reply.type() == RedisReply::Type::Integer
                              : step == HandshakeStep::Subscribe ? reply.isArray()
                                                                 : reply.isText());
    if (!expected) {
        fail(protocolFailure(greeting, u"the answer is not one to what was asked"_s, false, url));
        return;
    }
    if (step == HandshakeStep::ClientId)
        channelId = reply.toInteger(0);
    else if (step == HandshakeStep::ServerInfo && !reply.isError())
        serverInfo = reply.bytes().toByteArray();
    if (--handshakeLeft > 0)
        return;
    connectTimer->stop();
    failure = {};
    ++generation;
    readyAt = nowUs();
    gotReplies = false;
    proved = false;
    everReady = true;
    watchTimer->start();
    state = State::Ready;
    announce();
}

void RedisConnection::Private::socketEnded(const RedisFailure &why)
{
    QPointer<RedisConnection> guard(q);
    const quint32 e = epoch;
    read(); // The last answers, or words of parting, may have come with the end.
    if (!guard || e != epoch)
        return;
    const bool silent = why.kind == RedisFailure::Kind::Closed && state == State::Connecting && greeting.isEmpty();
    // Where a Redis has answered before, how to reach it is not the question.
    fail(silent && !everReady ? closedFailure(true, url) : why);
}

void RedisConnection::Private::watch()
{
    const qint64 now = nowUs();
    const qint64 limit = qint64(options.replyTimeoutMs) * 1000;
    if (queue.isEmpty()) {
        suspect = false;
        if (now - lastReceived >= qint64(options.keepAliveMs) * 1000) {
            Request request;
            request.kind = Request::Kind::KeepAlive;
            request.sentAt = now;
            const QByteArrayView ping = "PING";
            append({&ping, 1});
            queue.push(std::move(request));
            flush();
        }
        return;
    }
    if (now - queue.front().sentAt < limit || now - lastReceived < limit) {
        suspect = false;
        return;
    }
    // This program itself may have been stopped, with the answer waiting in the system: read first, judge at the next
    // tick.
    if (!suspect) {
        suspect = true;
        return;
    }
    for (Request &request : queue) {
        if (request.kind == Request::Kind::User) {
            if (now - request.sentAt >= limit)
                request.end = RedisAnswer::Outcome::Timeout;
            break;
        }
    }
    fail(replyTimeoutFailure(options.replyTimeoutMs, url));
}

void RedisConnection::Private::fail(const RedisFailure &why)
{
    const bool sound = options.provedByOwner ? proved : gotReplies || nowUs() - readyAt >= steadyUs;
    if (announced == State::Ready && state == State::Ready && sound)
        backoff.reset();
    const bool again = options.reconnect && !why.isFinal();
    ++epoch;
    dropSocket();
    failure = why;
    state = again ? State::Waiting : State::Closed;
    if (again)
        retryTimer->start(backoff.next(QRandomGenerator::global()->generateDouble()));
    if (answerOrphans())
        announce();
}

bool RedisConnection::Private::answerOrphans()
{
    while (!queue.isEmpty())
        orphans.push_back(queue.take());
    users = 0;
    const quint32 e = epoch;
    QPointer<RedisConnection> guard(q);
    while (!orphans.empty()) {
        const Request request = std::move(orphans.front());
        orphans.pop_front();
        if (!request.handler)
            continue;
        request.handler({request.kind == Request::Kind::Unsent ? RedisAnswer::Outcome::Refused : request.end, {}});
        if (!guard)
            return false;
    }
    return e == epoch;
}

void RedisConnection::Private::refuse(Handler &&handler)
{
    if (!handler)
        return;
    refused.push_back(std::move(handler));
    if (refusedScheduled)
        return;
    refusedScheduled = true;
    QMetaObject::invokeMethod(
        q, [this] { answerRefused(); }, Qt::QueuedConnection);
}

bool RedisConnection::Private::hasRoom(qint64 bytes) const
{
    return bytes + out.size() + socket->device()->bytesToWrite() <= options.maxWaitingBytes;
}

void RedisConnection::Private::enqueue(Handler &&handler, bool sent)
{
    if (!sent && queue.isEmpty()) {
        refuse(std::move(handler));
        return;
    }
    // What is not sent keeps its place behind the others, so that answers come in order.
    Request request;
    request.handler = std::move(handler);
    request.sentAt = nowUs();
    request.kind = sent ? Request::Kind::User : Request::Kind::Unsent;
    queue.push(std::move(request));
    ++users;
    if (sent)
        scheduleFlush();
}

void RedisConnection::Private::answerRefused()
{
    refusedScheduled = false;
    QPointer<RedisConnection> guard(q);
    // Those that come meanwhile have their own turn of the event loop, or one that asks again at once would hold it for
    // ever.
    for (size_t left = refused.size(); left > 0 && !refused.empty(); --left) {
        const Handler handler = std::move(refused.front());
        refused.pop_front();
        handler({RedisAnswer::Outcome::Refused, {}});
        if (!guard)
            return;
    }
}

} // namespace pulsedeck
