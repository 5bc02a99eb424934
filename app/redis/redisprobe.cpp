// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisprobe.h"

#include "app/redis/redisnames.h"
#include "app/redis/serveridentity.h"

#include <QLocalSocket>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestInfo = 40; ///< Of what the server says of itself.
constexpr int mostPages = 100; ///< Of about a thousand keys each: enough for a first look.
constexpr auto absentKey = "worker:pulsedeck:test"; ///< Stands for a worker where there is none.

QString milliseconds(qint64 microseconds)
{
    return QString::number(double(microseconds) / 1000.0, 'f', microseconds < 10'000 ? 1 : 0) + u" ms"_s;
}

} // namespace

QList<TestStep> RedisProbe::steps(const SourceSettings &settings)
{
    QStringList names;
    if (!settings.socketPath.isEmpty())
        names << u"Socket"_s;
    else
        names << u"Name look-up"_s << u"TCP"_s;
    if (settings.socketPath.isEmpty() && settings.tls)
        names << u"TLS"_s;
    names << u"Sign in"_s << u"Server"_s << u"Workers"_s << u"Commands"_s;
    return stepsNamed(names, u"Sign in"_s);
}

RedisProbe::RedisProbe(const SourceSettings &settings, const QString &whyNoRights)
    : SourceProbe(steps(settings))
    , m_url(settings.url())
    , m_whyNoRights(whyNoRights)
{ }

RedisProbe::~RedisProbe()
{
    // What it still answers, and that it is closed, is nobody's any more.
    if (m_connection)
        m_connection->disconnect(this);
    delete m_connection;
}

SourceFailure RedisProbe::socketTrouble(QAbstractSocket::SocketError error, const QString &system) const
{
    return socketFailure(error, system, m_url);
}

SourceFailure RedisProbe::certificateTrouble(const QList<QSslError> &errors, const QStringList &names) const
{
    return certificateFailure(errors, names, m_url);
}

SourceFailure RedisProbe::timeoutTrouble(bool connected) const
{
    return connectTimeoutFailure(stepLimitMs, connected, false, m_url);
}

void RedisProbe::begin()
{
    if (m_url.transport == RedisUrl::Transport::Unix)
        openLocal();
    else
        reach({m_url.host, m_url.port, m_url.transport == RedisUrl::Transport::Tls, m_url.caFile}, [this] { signIn(); });
}

void RedisProbe::openLocal()
{
    enter();
    m_local = new QLocalSocket(this);
    // connectToServer() may report both before it returns.
    connect(
        m_local, &QLocalSocket::connected, this,
        [this] {
            pass(m_url.path);
            m_local->disconnectFromServer();
            signIn();
        },
        Qt::QueuedConnection);
    connect(
        m_local, &QLocalSocket::errorOccurred, this,
        [this](QLocalSocket::LocalSocketError error) {
            if (error != QLocalSocket::PeerClosedError)
                fail(localSocketFailure(error, m_local->errorString(), m_url));
        },
        Qt::QueuedConnection);
    m_local->connectToServer(m_url.path);
}

void RedisProbe::signIn()
{
    enter();
    RedisConnectionOptions options;
    options.connectTimeoutMs = stepLimitMs;
    options.replyTimeoutMs = stepLimitMs;
    options.reconnect = false;
    options.clientName = "pulsedeck-test";
    m_connection = new RedisConnection(m_url, options, this);
    connect(m_connection, &RedisConnection::stateChanged, this, &RedisProbe::onState);
    m_connection->open();
}

void RedisProbe::onState(RedisConnection::State state)
{
    if (isOver())
        return;
    if (state == RedisConnection::State::Closed) {
        fail(m_connection->failure());
        return;
    }
    if (state != RedisConnection::State::Ready)
        return;
    QString text = m_url.password.isEmpty() && m_url.user.isEmpty() ? u"let in without a password"_s
                   : m_url.user.isEmpty()                           ? u"password accepted"_s
                                                                    : QString(u"as user "_s + m_url.user);
    if (m_url.database != 0)
        text += u", database "_s + QString::number(m_url.database);
    pass(text);
    askServer();
}

bool RedisProbe::isLost(const RedisAnswer &answer)
{
    return !answer.ok() && answer.outcome != RedisAnswer::Outcome::Error;
}

SourceFailure RedisProbe::refusal(const RedisAnswer &answer, const QString &what, const QString &right) const
{
    return {SourceTrouble::Refused, what + u": "_s + serverText(answer.reply.bytes(), m_url),
            answer.isError("NOPERM")
                ? right
                : u"It was refused for another reason than a right. Where the server is busy or loading, test again later."_s};
}

void RedisProbe::askServer()
{
    enter();
    m_connection->request({"INFO"}, [this](const RedisAnswer &answer) { takeServer(answer); });
}

void RedisProbe::takeServer(const RedisAnswer &answer)
{
    if (isOver() || isLost(answer))
        return;
    const QString time = u"answered in "_s + milliseconds(answer.elapsedUs);
    if (answer.isError("NOPERM")) {
        limit(u"version unknown, INFO is not permitted · "_s + time,
              u"Everything else works without it. To show version and role, the account needs the right to INFO."_s);
    } else if (!answer.ok()) {
        const SourceFailure words = refusal(answer, u"version unknown"_s, {});
        limit(words.text + u" · "_s + time, words.hint);
    } else {
        const QByteArray info = answer.reply.bytes().toByteArray();
        const QString version = QString::fromLatin1(infoValue(info, "redis_version")).left(longestInfo);
        const QString role = QString::fromLatin1(infoValue(info, "role")).left(longestInfo);
        const QString name = version.isEmpty() ? u"Redis"_s : QString(u"Redis "_s + version);
        if (role == "slave"_L1)
            limit(name + u" · a replica · "_s + time,
                  u"A replica shows the workers, but takes no command: connect to the master for that."_s);
        else
            pass(name + (role.isEmpty() ? QString() : QString(u" · "_s + role)) + u" · "_s + time);
    }
    enter();
    scan("0");
}

void RedisProbe::scan(const QByteArray &cursor)
{
    m_connection->request({"SCAN", cursor, "MATCH", "worker:*", "COUNT", "1000"},
                          [this](const RedisAnswer &answer) { takeKeys(answer); });
}

void RedisProbe::takeKeys(const RedisAnswer &answer)
{
    if (isOver() || isLost(answer))
        return;
    if (!answer.ok()) {
        fail(refusal(answer, u"Keys cannot be listed"_s, u"The account needs the right to SCAN."_s));
        return;
    }
    const RedisReply keys = answer.reply.at(1);
    for (int i = 0; i < keys.size(); ++i) {
        const QByteArrayView key = keys.at(i).bytes();
        if (key.startsWith(commandPrefix) || !key.startsWith(keyPrefix))
            continue;
        ++m_found;
        if (m_worker.isEmpty())
            m_worker = key.toByteArray();
    }
    const QByteArray next = answer.reply.at(0).bytes().toByteArray();
    m_whole = next == "0" || next.isEmpty();
    if (m_whole || ++m_pages >= mostPages)
        readOne();
    else
        scan(next);
}

void RedisProbe::readOne()
{
    const QByteArray key = m_worker.isEmpty() ? QByteArray(absentKey) : m_worker;
    m_connection->request({"HMGET", key, "status", "lastHeartbeat"}, [this](const RedisAnswer &answer) { takeOne(answer); });
}

void RedisProbe::takeOne(const RedisAnswer &answer)
{
    if (isOver() || isLost(answer))
        return;
    // A key of that name that is no hash is that worker's trouble, not the connection's.
    if (!answer.ok() && !answer.isError("WRONGTYPE")) {
        fail(refusal(answer, u"Workers cannot be read"_s, u"The account needs the right to read worker:* and cluster:*."_s));
        return;
    }
    const QString part = m_whole ? QString() : u" in the part that was looked at"_s;
    if (m_found == 0)
        limit(u"no worker registered"_s + part,
              u"If there should be some, check host and database: workers register as worker:<type>:<id>."_s);
    else
        pass((m_found == 1 ? u"1 worker"_s : QString(QString::number(m_found) + u" workers"_s)) + u" registered"_s + part);
    askRights();
}

void RedisProbe::askRights()
{
    enter();
    if (!m_whyNoRights.isEmpty()) {
        skip(m_whyNoRights);
        finish();
        return;
    }
    auto *probe = new RightsProbe(m_scripts, this);
    connect(probe, &RightsProbe::finished, this, &RedisProbe::takeRights);
    probe->start(*m_connection, true); // What is locked sends nothing that anybody could hear.
}

void RedisProbe::takeRights(const CommandRights &rights, bool untriedRight)
{
    if (isOver())
        return;
    QStringList denied;
    for (const Act act : allActs) {
        if (!rights.whyNot(act).isEmpty())
            denied.append(actTitle(act));
    }
    const QString untried = untriedRight ? u" · PUBLISH was not tried"_s : QString();
    if (denied.isEmpty())
        pass(u"all of them are permitted"_s + untried);
    else if (rights.replica)
        limit(u"a replica takes none"_s, u"Watching works. To command, connect to the master."_s);
    else if (denied.size() == actCount)
        limit(u"none is permitted"_s, u"Watching works. To command, an administrator has to permit this account: "_s
                                          + rights.missing.join(u", "_s) + u'.');
    else
        limit(u"not permitted: "_s + denied.join(u", "_s) + untried,
              u"Everything else works. For these, an administrator has to permit this account: "_s + rights.missing.join(u", "_s)
                  + u'.');
    finish();
}

} // namespace pulsedeck
