// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/celeryfleet.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr char bindingKey[] = "_kombu.binding.celery.pidbox";
constexpr char kombuSeparator[] = "\x06\x16";
constexpr qint64 freqMs = 2'000;

QByteArray compactJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

CeleryFleet::CeleryFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
    , m_database(QByteArray::number(options.url.database))
    , m_lives(size_t(options.workers))
{ }

/// The same for whoever takes the slot, as a service has the same node name after each start.
QByteArray CeleryFleet::nameProcess(quint32 slot)
{
    constexpr quint32 perHost = 4;
    return 'w' + QByteArray::number(slot % perHost + 1) + '@' + process(slot).host;
}

qint64 CeleryFleet::beatMs(quint32) const
{
    return scaled(freqMs);
}

qint64 CeleryFleet::graceMs() const
{
    constexpr qint64 noLimit = 24LL * 3600 * 1000;
    return noLimit;
}

QByteArray CeleryFleet::bindingOf(quint32 slot) const
{
    return QByteArray(kombuSeparator) + kombuSeparator + process(slot).id + ".celery.pidbox";
}

void CeleryFleet::enroll(quint32 slot)
{
    m_lives[slot] = {};
    m_lives[slot].queues = queues();
    send({"SADD", bindingKey, bindingOf(slot)});
    for (const QByteArray &queue : queues())
        send({"SADD", "_kombu.binding." + queue, queue + kombuSeparator + kombuSeparator + queue});
    openOwn(slot, {}, true);
}

void CeleryFleet::ownReady(quint32 slot)
{
    const QByteArray pattern = '/' + m_database + ".celery.pidbox";
    own(slot)->request({"PSUBSCRIBE", pattern}, [this, slot](const RedisAnswer &answer) {
        if (!answer.ok() || isStopping() || std::exchange(m_lives[slot].online, true))
            return;
        publishEvent(slot, "worker-online");
        ownDone();
    });
}

QByteArray CeleryFleet::envelope(const QByteArray &body, const QJsonObject &headers, const QJsonObject &properties)
{
    QJsonObject all = properties;
    all.insert(u"body_encoding"_s, u"base64"_s);
    QByteArray tag = randomHex(32);
    for (const int at : {20, 16, 12, 8})
        tag.insert(at, '-');
    all.insert(u"delivery_tag"_s, QString::fromLatin1(tag));
    return compactJson({{u"body"_s, QString::fromLatin1(body.toBase64())},
                        {u"content-encoding"_s, u"utf-8"_s},
                        {u"content-type"_s, u"application/json"_s},
                        {u"headers"_s, headers},
                        {u"properties"_s, all}});
}

void CeleryFleet::publishEvent(quint32 slot, const QByteArray &type)
{
    const SimProcess &process = this->process(slot);
    const double load = random().between(0.1, 2, SeededRandom::Use::Host, slot);
    const QJsonObject event{{u"hostname"_s, QString::fromUtf8(process.id)},
                            {u"utcoffset"_s, 0},
                            {u"pid"_s, process.pid},
                            {u"clock"_s, ++m_lamport},
                            {u"freq"_s, double(scaled(freqMs)) / 1000.0},
                            {u"active"_s, qint64(process.jobs.size())},
                            {u"processed"_s, qint64(process.done)},
                            {u"loadavg"_s, QJsonArray{load, load, load}},
                            {u"sw_ident"_s, u"py-celery"_s},
                            {u"sw_ver"_s, u"5.2.6"_s},
                            {u"sw_sys"_s, u"Linux"_s},
                            {u"timestamp"_s, wallSeconds()},
                            {u"type"_s, QString::fromLatin1(type)}};
    const QByteArray key = QByteArray(type).replace('-', '.');
    const QJsonObject delivery{{u"exchange"_s, u"celeryev"_s}, {u"routing_key"_s, QString::fromLatin1(key)}};
    const QByteArray message = envelope(compactJson(event), {{u"hostname"_s, QString::fromUtf8(process.id)}},
                                        {{u"delivery_mode"_s, 1}, {u"delivery_info"_s, delivery}, {u"priority"_s, 0}});
    send({"PUBLISH", '/' + m_database + ".celeryev/" + key, message});
}

void CeleryFleet::beat(quint32 slot)
{
    if (m_lives[slot].online && !m_lives[slot].offline)
        publishEvent(slot, "worker-heartbeat");
}

/// A warm shutdown says goodbye first and then waits for its tasks.
void CeleryFleet::quieted(quint32 slot)
{
    if (std::exchange(m_lives[slot].offline, true))
        return;
    publishEvent(slot, "worker-offline");
    send({"SREM", bindingKey, bindingOf(slot)});
    closeOwn(slot);
}

void CeleryFleet::leave(quint32 slot)
{
    quieted(slot);
}

/// A second signal makes it a cold one.
void CeleryFleet::stopAgain(quint32 slot)
{
    endJobs(slot, true);
}

void CeleryFleet::loseKeys(quint32 slot)
{
    send({"SREM", bindingKey, bindingOf(slot)});
}

bool CeleryFleet::mayTake(quint32 slot, const QByteArray &queue) const
{
    const Life &life = m_lives[slot];
    return SystemFleet::mayTake(slot, queue) && life.online && !life.starved && life.queues.contains(queue);
}

void CeleryFleet::jobBegan(quint32, const SimJob &job)
{
    send({"HSET", "unacked", job.id, "[{}, \"\", \"" + job.queue + "\"]"});
    send({"ZADD", "unacked_index", QByteArray::number(wallSeconds(), 'f', 6), job.id});
}

void CeleryFleet::jobEnded(quint32, const SimJob &job, bool)
{
    send({"HDEL", "unacked", job.id});
    send({"ZREM", "unacked_index", job.id});
}

void CeleryFleet::ownHeard(quint32 slot, const QByteArray &, const QByteArray &message)
{
    if (process(slot).frozen)
        m_lives[slot].held.append(message);
    else
        obeyMessage(slot, message);
}

void CeleryFleet::thawed(quint32 slot)
{
    for (const QByteArray &message : std::exchange(m_lives[slot].held, {})) {
        if (process(slot).running)
            obeyMessage(slot, message);
    }
}

void CeleryFleet::obeyMessage(quint32 slot, const QByteArray &message)
{
    SimProcess &process = this->process(slot);
    if (process.deaf)
        return;
    const QString node = QString::fromUtf8(process.id);
    const QJsonDocument outer = QJsonDocument::fromJson(message);
    if (!outer.isObject()) {
        emit complained(u"%1: the message is no JSON"_s.arg(node));
        return;
    }
    if (!outer.object().contains(u"properties"_s)) {
        emit complained(u"%1: Unrecoverable error: KeyError('properties')"_s.arg(node));
        kill(slot);
        return;
    }
    QByteArray text = outer.object().value(u"body"_s).toString().toUtf8();
    if (outer.object().value(u"properties"_s).toObject().value(u"body_encoding"_s).toString() == u"base64")
        text = QByteArray::fromBase64(text);
    const QJsonDocument inner = QJsonDocument::fromJson(text);
    if (inner.isNull()) {
        emit complained(u"%1: the body cannot be decoded"_s.arg(node));
        return;
    }
    if (!inner.isObject()) {
        process.deaf = true; // Its loop of messages ends; its beats go on.
        m_lives[slot].starved = true;
        return;
    }
    const QJsonObject body = inner.object();
    const QJsonArray destination = body.value(u"destination"_s).toArray();
    if (!destination.isEmpty() && !destination.contains(node)) // None named is everybody.
        return;
    m_lamport = qMax(m_lamport, outer.object().value(u"headers"_s).toObject().value(u"clock"_s).toInteger()) + 1;
    const QJsonObject answer = answerTo(slot, body);
    if (!answer.isEmpty() && this->process(slot).running)
        reply(slot, body, answer);
}

QJsonObject CeleryFleet::answerTo(quint32 slot, const QJsonObject &body)
{
    const QJsonObject arguments = body.value(u"arguments"_s).toObject();
    const QString method = body.value(u"method"_s).toString();
    if (method == u"shutdown") {
        requestStop(slot);
        return {}; // It ends before it could answer.
    }
    return call(slot, method, arguments);
}

QJsonObject CeleryFleet::call(quint32 slot, const QString &method, const QJsonObject &arguments)
{
    SimProcess &process = this->process(slot);
    Life &life = m_lives[slot];
    const QString queue = arguments.value(u"queue"_s).toString();
    const auto wrapped = [](const QJsonValue &value) { return QJsonObject{{u"ok"_s, value}}; };
    if (method == u"ping")
        return wrapped(u"pong"_s);
    if (method == u"heartbeat") {
        publishEvent(slot, "worker-heartbeat");
        return {};
    }
    if (method == u"cancel_consumer" || method == u"add_consumer") {
        if (queue.isEmpty())
            return {{u"error"_s, u"%1() missing 1 required positional argument: 'queue'"_s.arg(method)}};
        const bool adds = method == u"add_consumer";
        life.queues.removeAll(queue.toUtf8());
        if (adds) {
            life.queues.append(queue.toUtf8());
            takeJobs();
        }
        return wrapped(adds ? u"add consumer %1"_s.arg(queue) : u"no longer consuming from %1"_s.arg(queue));
    }
    if (method == u"active_queues") {
        QJsonArray list;
        for (const QByteArray &name : life.queues)
            list.append(QJsonObject{{u"name"_s, QString::fromUtf8(name)}, {u"routing_key"_s, QString::fromUtf8(name)}});
        return {{u"list"_s, list}};
    }
    if (method == u"active") {
        QJsonArray list;
        for (const SimJob &job : process.jobs) {
            list.append(QJsonObject{{u"id"_s, QString::fromLatin1(job.id)},
                                    {u"name"_s, u"app.job"_s},
                                    {u"time_start"_s, double(clock().toWall(job.startedMs)) / 1000.0}});
        }
        return {{u"list"_s, list}};
    }
    if (method == u"stats") {
        return {{u"total"_s, QJsonObject{{u"app.job"_s, qint64(process.done)}}},
                {u"pid"_s, process.pid},
                {u"clock"_s, QString::number(m_lamport)},
                {u"uptime"_s, (clock().nowMs() - process.startedMs) / 1000},
                {u"pool"_s, QJsonObject{{u"max-concurrency"_s, capacity(slot)}}}};
    }
    if (method == u"hello")
        return {{u"clock"_s, m_lamport}};
    if (method == u"revoke") {
        const QByteArray id = arguments.value(u"task_id"_s).toString().toUtf8();
        for (SimJob &job : process.jobs) {
            if (job.id == id && arguments.value(u"terminate"_s).toBool())
                job.endsMs = clock().nowMs();
        }
        endDueJobs(slot);
        return wrapped(u"tasks revoked"_s);
    }
    return {{u"error"_s, u"KeyError('%1')"_s.arg(method)}};
}

void CeleryFleet::reply(quint32 slot, const QJsonObject &body, const QJsonObject &answer)
{
    const QJsonObject to = body.value(u"reply_to"_s).toObject();
    const QByteArray exchange = to.value(u"exchange"_s).toString().toUtf8();
    const QByteArray key = to.value(u"routing_key"_s).toString().toUtf8();
    if (exchange.isEmpty() || key.isEmpty())
        return;
    // Lists stand for themselves; they travel as "list" inside this program only.
    const QJsonValue value = answer.contains(u"list"_s) ? answer.value(u"list"_s) : QJsonValue(answer);
    const QByteArray message = envelope(compactJson({{QString::fromUtf8(process(slot).id), value}}),
                                        {{u"ticket"_s, body.value(u"ticket"_s)}, {u"clock"_s, ++m_lamport}},
                                        {{u"delivery_mode"_s, 1}, {u"priority"_s, 0}});
    send({"SMEMBERS", "_kombu.binding." + exchange}, [this, key, exchange, message](const RedisAnswer &bindings) {
        bool found = false;
        for (int i = 0; bindings.ok() && i < bindings.reply.size() && !isStopping(); ++i) {
            const QByteArray binding = bindings.reply.at(i).bytes().toByteArray();
            const QByteArray start = key + kombuSeparator + kombuSeparator;
            if (!binding.startsWith(start))
                continue;
            found = true;
            send({"LPUSH", binding.mid(start.size()), message});
        }
        if (!found && !isStopping())
            emit complained(u"Control command error: nothing is bound to %1"_s.arg(QString::fromUtf8(exchange)));
    });
}

bool CeleryFleet::act(const QByteArray &, quint32 slot, std::optional<double>)
{
    m_lives[slot].starved = true; // "starve" is the only one.
    return true;
}

} // namespace pulsedeck::fleet
