// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celerymailbox.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QSysInfo>
#include <QUuid>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr char replyExchange[] = "reply.celery.pidbox";
constexpr int lateMs = 2'000;

constexpr int mostPlaces = 64; // Programs at once; whoever comes later has a name that is used once.

QByteArray newUuid()
{
    return QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
}

qint64 steadyMs()
{
    return QDeadlineTimer::current().deadline();
}

/// The same for each run of this user on this machine that has the \a place.
QByteArray oidOf(int place)
{
    const QUuid space(u"{5f0b1d1c-6a55-4b0e-9a52-2f8a6d1f7c3e}"_s);
    const QByteArray name = QSysInfo::machineUniqueId() + '\n' + QSysInfo::machineHostName().toUtf8() + '\n'
                            + QDir::homePath().toUtf8() + '\n' + QByteArray::number(place);
    return QUuid::createUuidV5(space, QString::fromUtf8(name)).toByteArray(QUuid::WithoutBraces);
}

} // namespace

CeleryMailbox::CeleryMailbox(const QByteArray &prefix, int database, QObject *parent)
    : QObject(parent)
    , m_prefix(prefix)
    , m_channel(prefix + '/' + QByteArray::number(database) + ".celery.pidbox")
    , m_bindings(prefix + "_kombu.binding." + replyExchange)
    , m_poll(this) // They move to another thread with this.
    , m_late(this)
{
    m_poll.setInterval(pollMs);
    connect(&m_poll, &QTimer::timeout, this, &CeleryMailbox::poll);
    m_late.setSingleShot(true);
    m_late.setInterval(lateMs);
    connect(&m_late, &QTimer::timeout, this, [this] {
        if (m_asked.isEmpty() && m_connection)
            m_connection->request({"DEL", m_list}, {});
    });
}

/// Whoever takes an answer takes it from all others: no two that run have the same list. The lock is free again when its process
/// has ended, however it did.
void CeleryMailbox::takePlace()
{
    if (!m_oid.isEmpty())
        return;
    for (int place = 0; place < mostPlaces && m_oid.isEmpty(); ++place) {
        const QByteArray oid = oidOf(place);
        auto lock =
            std::make_unique<QLockFile>(QDir::temp().filePath(u"pulsedeck-celery-%1.lock"_s.arg(QString::fromLatin1(oid))));
        lock->setStaleLockTime(0);
        if (lock->tryLock(0)) {
            m_place = std::move(lock);
            m_oid = oid;
        } else if (lock->error() != QLockFile::LockFailedError) {
            break; // None can be made here.
        }
    }
    if (m_oid.isEmpty())
        m_oid = newUuid();
    m_binding = m_oid + "\x06\x16\x06\x16" + m_oid + '.' + replyExchange;
    m_list = m_prefix + m_oid + '.' + replyExchange;
}

CeleryMailbox::Result CeleryMailbox::failed(const RedisAnswer &answer)
{
    Result result;
    result.outcome = answer.outcome == RedisAnswer::Outcome::Error     ? Outcome::Refused
                     : answer.outcome == RedisAnswer::Outcome::Refused ? Outcome::Refused
                                                                       : Outcome::Lost;
    if (answer.outcome == RedisAnswer::Outcome::Error)
        result.error = answer.reply.bytes().toByteArray();
    return result;
}

void CeleryMailbox::publish(RedisConnection &connection, const QByteArray &message, const RedisHandler &handler)
{
    if (message.isEmpty()) {
        // Nothing goes out that every worker would obey, or that none can read.
        QMetaObject::invokeMethod(
            this,
            [handler] {
                handler({RedisAnswer::Outcome::Refused, {}});
            },
            Qt::QueuedConnection);
        return;
    }
    connection.request({"PUBLISH", m_channel, message}, handler);
}

void CeleryMailbox::tell(RedisConnection &connection, const QByteArray &node, const QByteArray &method, const Then &then)
{
    publish(connection, CeleryMessage::command(node, method, {}, {}, newUuid()), [then](const RedisAnswer &answer) {
        if (!answer.ok()) {
            then(failed(answer));
            return;
        }
        Result result;
        result.receivers = qint32(answer.reply.toInteger());
        result.outcome = result.receivers > 0 ? Outcome::Heard : Outcome::Nobody;
        then(result);
    });
}

void CeleryMailbox::ask(RedisConnection &connection, const QByteArrayList &nodes, const QByteArray &method,
                        const QJsonObject &arguments, const Then &then)
{
    if (m_leaving) {
        // Nothing that would have to be taken away again.
        QMetaObject::invokeMethod(
            this,
            [nodes, then] {
                Result lost;
                for (const QByteArray &node : nodes) {
                    lost.node = node;
                    then(lost);
                }
            },
            Qt::QueuedConnection);
        return;
    }
    takePlace();
    m_connection = &connection;
    const QByteArray ticket = newUuid();
    m_asked.insert(ticket, {nodes, then});
    const auto fail = [this, ticket](const RedisAnswer &answer) { finish(ticket, failed(answer)); };
    const auto guarded = [self = QPointer<CeleryMailbox>(this), fail](const RedisAnswer &answer, const auto &done) {
        if (!self || self->m_asked.isEmpty())
            return;
        if (answer.ok())
            done(answer);
        else
            fail(answer);
    };
    m_bound = true;
    connection.request({"SADD", m_bindings, m_binding},
                       [guarded](const RedisAnswer &answer) { guarded(answer, [](const RedisAnswer &) {}); });
    const CeleryMessage::Reply reply{ticket, replyExchange, m_oid};
    publish(connection, CeleryMessage::command(nodes, method, arguments, reply, newUuid()),
            [this, ticket, guarded](const RedisAnswer &answer) {
                guarded(answer, [this, ticket](const RedisAnswer &published) {
                    const auto asked = m_asked.find(ticket);
                    if (asked == m_asked.end())
                        return;
                    asked->receivers = qint32(published.reply.toInteger());
                    asked->until = steadyMs() + answerMs;
                    if (asked->receivers > 0) {
                        if (!m_poll.isActive())
                            m_poll.start();
                        poll();
                        return;
                    }
                    Result nobody;
                    nobody.outcome = Outcome::Nobody;
                    finish(ticket, nobody);
                });
            });
}

void CeleryMailbox::poll()
{
    const qint64 now = steadyMs();
    QByteArrayList over;
    for (auto one = m_asked.cbegin(); one != m_asked.cend(); ++one) {
        if (one->until > 0 && now >= one->until)
            over.append(one.key());
    }
    for (const QByteArray &ticket : std::as_const(over)) {
        m_timedOut = true;
        Result silent;
        silent.outcome = Outcome::Heard;
        finish(ticket, silent);
    }
    if (m_asked.isEmpty() || m_polling || !m_connection)
        return;
    m_polling = true;
    m_connection->request({"LPOP", m_list}, [self = QPointer<CeleryMailbox>(this)](const RedisAnswer &answer) {
        if (!self)
            return;
        self->m_polling = false;
        if (!answer.ok()) {
            const QByteArrayList tickets = self->m_asked.keys();
            for (const QByteArray &ticket : tickets) {
                if (self)
                    self->finish(ticket, failed(answer));
            }
            return;
        }
        if (!answer.reply.isText())
            return; // Nothing yet.
        self->take(answer.reply.bytes());
        if (self)
            self->poll(); // There may be more.
    });
}

void CeleryMailbox::take(QByteArrayView message)
{
    for (auto one = m_asked.begin(); one != m_asked.end(); ++one) {
        const QJsonObject answer = CeleryMessage::answer(message, one.key());
        const auto node = std::find_if(one->nodes.cbegin(), one->nodes.cend(),
                                       [&answer](const QByteArray &asked) { return answer.contains(QString::fromUtf8(asked)); });
        if (node == one->nodes.cend())
            continue;
        Result result;
        result.node = *node;
        result.outcome = Outcome::Answered;
        result.answer = answer.value(QString::fromUtf8(*node));
        result.receivers = one->receivers;
        if (one->nodes.size() == 1) {
            finish(one.key(), result);
            return;
        }
        one->nodes.erase(node);
        const Then then = one->then;
        then(result);
        return;
    }
}

void CeleryMailbox::finish(const QByteArray &ticket, Result result)
{
    const Asked asked = m_asked.take(ticket);
    if (!asked.then)
        return;
    result.receivers = asked.receivers;
    const QPointer<CeleryMailbox> self(this);
    for (const QByteArray &node : asked.nodes) {
        result.node = node;
        asked.then(result); // It may ask again.
    }
    if (self && m_asked.isEmpty())
        clean();
}

void CeleryMailbox::leave()
{
    m_leaving = true;
    const QByteArrayList tickets = m_asked.keys();
    const QPointer<CeleryMailbox> self(this);
    for (const QByteArray &ticket : tickets) {
        if (self)
            self->finish(ticket, {});
    }
    if (!self)
        return;
    m_leaving = false;
    if (m_late.isActive()) {
        m_late.stop();
        if (m_connection)
            m_connection->request({"DEL", m_list}, {});
    }
}

/// First the binding, so that nothing more can come, then what has come.
void CeleryMailbox::clean()
{
    m_poll.stop();
    if (!std::exchange(m_bound, false) || !m_connection)
        return;
    m_connection->request({"SREM", m_bindings, m_binding}, {});
    m_connection->request({"DEL", m_list}, {});
    if (std::exchange(m_timedOut, false))
        m_late.start();
}

} // namespace pulsedeck
