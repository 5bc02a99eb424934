// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/rediscommander.h"
#include "app/redis/commandscripts.h"
#include "app/redis/redisnames.h"

#include <QUuid>

#include <array>
#include <limits>
#include <memory>

using namespace Qt::StringLiterals;

namespace pulsedeck {

RedisCommander::RedisCommander(SourceId source, const RedisUrl &url, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_url(url)
    , m_clock(clock)
{ }

bool RedisCommander::isReady() const
{
    return m_connection && m_connection->state() == RedisConnection::State::Ready;
}

void RedisCommander::setConnection(RedisConnection *connection)
{
    if (m_connection != connection)
        connectionLost();
    m_connection = connection;
}

void RedisCommander::connectionLost()
{
    setRights({});
    refuseWaiting(Refusal::NotConnected);
}

void RedisCommander::setWritable(bool writable)
{
    if (m_writable == writable)
        return;
    m_writable = writable;
    if (writable) {
        probeRights();
        return;
    }
    setRights({});
    refuseWaiting(Refusal::ReadOnlySource);
}

// Acting --------------------------------------------------------------------------------------------------------------

void RedisCommander::carryOut(const QList<Command> &commands)
{
    for (const Command &command : commands) {
        if (!m_writable)
            refuse(command, Refusal::ReadOnlySource);
        else if (!isReady())
            refuse(command, Refusal::NotConnected);
        else
            m_waiting.push_back(command);
    }
    pump();
}

void RedisCommander::pump()
{
    // Not ready any more: whoever owns the connection says that it is lost, and what waits is refused then.
    while (!m_waiting.empty() && m_underWay < mostUnderWay && isReady()) {
        const Command command = std::move(m_waiting.front());
        m_waiting.pop_front();
        send(command);
    }
}

void RedisCommander::send(const Command &command)
{
    ++m_underWay;
    const QPointer<RedisCommander> self(this);
    ScriptCall::forCommand(command, m_clock.nowMs()).send(*m_connection, [self, command](const RedisAnswer &answer) {
        if (self)
            self->take(command, answer);
    });
}

void RedisCommander::take(const Command &command, const RedisAnswer &answer)
{
    --m_underWay;
    CommandProgress progress = decodeCommandAnswer(command.act, answer, m_url);
    progress.command = command.id;
    const CommandProgress::Outcome outcome = progress.outcome;
    report(std::move(progress));
    if (answer.ok())
        emit answered(command, outcome);
    pump();
}

void RedisCommander::refuse(const Command &command, Refusal refusal)
{
    CommandProgress progress;
    progress.command = command.id;
    progress.outcome = CommandProgress::Outcome::Refused;
    progress.refusal = refusal;
    report(std::move(progress));
}

void RedisCommander::refuseWaiting(Refusal refusal)
{
    for (const Command &command : std::exchange(m_waiting, {}))
        refuse(command, refusal);
}

void RedisCommander::report(CommandProgress progress)
{
    progress.source = m_source;
    progress.at = m_clock.nowMs();
    m_progress.append(std::move(progress));
    if (m_flushScheduled)
        return;
    m_flushScheduled = true;
    QMetaObject::invokeMethod(
        this, [this] { flush(); }, Qt::QueuedConnection);
}

void RedisCommander::flush()
{
    m_flushScheduled = false;
    if (!m_progress.isEmpty())
        emit progressed(std::exchange(m_progress, {}));
}

// Looking -------------------------------------------------------------------------------------------------------------

/// One command looked up: several small reads in one pipeline, of which the last answer settles it.
struct RedisCommander::LookUp
{
    Command command;
    CommandProgress found;
    quint32 tooLarge = 0; ///< A bit per value that is larger than what is read.
    bool failed = false;
    QString problem;

    void fail(const RedisAnswer &answer)
    {
        failed = true;
        if (problem.isEmpty())
            problem = answer.text();
    }
};

namespace {

constexpr std::array<const char *, 3> lookedUp{"status", "drainedBy", "drainedAt"};
constexpr quint32 commandTooLarge = 1u << lookedUp.size();
constexpr qint64 longestValue = 64 * 1024;

} // namespace

void RedisCommander::lookUp(const QList<Command> &commands, bool careful)
{
    const QPointer<RedisCommander> self(this);
    for (const Command &command : commands) {
        auto look = std::make_shared<LookUp>();
        look->command = command;
        look->found.command = command.id;
        if (!isReady()) {
            look->found.text = QStringLiteral("not connected");
            report(look->found);
            continue;
        }
        if (!careful) {
            sendLookUp(look);
            continue;
        }
        const QByteArray key = keyPrefix.toByteArray() + command.worker;
        for (size_t i = 0; i < lookedUp.size(); ++i) {
            m_connection->request({"HSTRLEN", key, lookedUp[i]}, [look, i](const RedisAnswer &answer) {
                if (answer.ok() && answer.reply.toInteger() > longestValue)
                    look->tooLarge |= 1u << i;
            });
        }
        const QByteArray commandKey = commandPrefix.toByteArray() + command.worker;
        m_connection->request({"STRLEN", commandKey}, [self, look](const RedisAnswer &answer) {
            if (answer.ok() && answer.reply.toInteger() > longestValue)
                look->tooLarge |= commandTooLarge;
            if (!self)
                return;
            if (self->isReady() && answer.outcome != RedisAnswer::Outcome::Lost) {
                self->sendLookUp(look);
            } else {
                look->found.text = answer.text();
                self->report(look->found);
            }
        });
    }
}

void RedisCommander::sendLookUp(const std::shared_ptr<LookUp> &look)
{
    const QByteArray key = keyPrefix.toByteArray() + look->command.worker;
    const QByteArray commandKey = commandPrefix.toByteArray() + look->command.worker;
    const auto field = [&look](size_t i) { return look->tooLarge >> i & 1u ? QByteArrayView("") : QByteArrayView(lookedUp[i]); };
    m_connection->request({"HMGET", key, field(0), field(1), field(2)}, [look](const RedisAnswer &answer) {
        if (answer.isError("WRONGTYPE"))
            return; // There, and no worker: its TTL tells that.
        if (!answer.ok()) {
            look->fail(answer);
            return;
        }
        const RedisReply status = answer.reply.at(0);
        const RedisReply by = answer.reply.at(1);
        if (status.isText())
            look->found.status = statusFromText(status.bytes());
        look->found.ownDrain =
            by.isText() && by.bytes() == drainedByText(look->command) && answer.reply.at(2).toInteger() == look->command.issuedAt;
    });
    m_connection->request({"PTTL", key}, [look](const RedisAnswer &answer) {
        if (answer.ok())
            look->found.keyPresent = answer.reply.toInteger(-2) != -2;
        else
            look->fail(answer);
    });
    if (!(look->tooLarge & commandTooLarge)) {
        // MGET is what least rights include; it says nil for a key of another type.
        m_connection->request({"MGET", commandKey}, [look](const RedisAnswer &answer) {
            if (answer.ok())
                look->found.commandPresent = answer.reply.at(0).bytes() == QByteArrayView("shutdown");
            else
                look->fail(answer);
        });
    }
    const QPointer<RedisCommander> self(this);
    m_connection->request({"PTTL", commandKey}, [self, look](const RedisAnswer &answer) {
        if (!answer.ok())
            look->fail(answer);
        const qint64 left = answer.ok() ? answer.reply.toInteger(-2) : -2;
        if (look->failed) {
            CommandProgress unknown;
            unknown.command = look->command.id;
            unknown.text = look->problem;
            look->found = unknown;
        } else {
            look->found.outcome = CommandProgress::Outcome::Found;
            look->found.commandPresent = look->found.commandPresent && left != -2;
            if (look->found.commandPresent)
                look->found.commandTtl = qint32(qMin<qint64>(left, std::numeric_limits<qint32>::max()));
        }
        if (self)
            self->report(look->found);
    });
}

// How a RedisCommander finds out what it may do: each right the scripts need is asked for by itself, in one pipeline.

namespace {

enum Right {
    TypeOfWorker,
    TtlOfWorker,
    FieldsOfWorker,
    SetField,
    DropField,
    DeleteWorker,
    TtlOfCommand,
    ReadCommand,
    SetCommand,
    DeleteCommand,
    Announce,
    ReadCounter,
    DropLifetime,
    DropActive
};
constexpr int rightCount = DropActive + 1;

/// \a key stands for the key that is not there; the counter hashes are there, and then it is a field that is not.
std::vector<QByteArray> wordsOf(Right right, const QByteArray &key)
{
    switch (right) {
    case TypeOfWorker:
        return {"TYPE", key};
    case TtlOfWorker:
    case TtlOfCommand:
        return {"PTTL", key};
    case FieldsOfWorker:
        return {"HMGET", key, "status"};
    case SetField:
        return {"HSET", key, "status", "draining", "drainedBy"}; // A value is missing: never carried out.
    case DropField:
        return {"HDEL", key, "drainedBy"};
    case DeleteWorker:
    case DeleteCommand:
        return {"DEL", key};
    case ReadCommand:
        return {"MGET", key};
    case SetCommand:
        return {"SET", key, "shutdown", "EX", "1", "XX"};
    case Announce:
        return {"PUBLISH", key, ""};
    case ReadCounter:
        return {"HMGET", key, "pulsedeck:probe"};
    case DropLifetime:
    case DropActive:
        return {"HDEL", key, "pulsedeck:probe"};
    }
    Q_UNREACHABLE();
}

QByteArray keyOf(Right right, const QByteArray &absent)
{
    switch (right) {
    case TtlOfCommand:
    case ReadCommand:
    case SetCommand:
    case DeleteCommand:
    case Announce:
        return commandPrefix.toByteArray() + absent;
    case ReadCounter:
    case DropLifetime:
        return lifetimeHash.toByteArray();
    case DropActive:
        return activeHash.toByteArray();
    default:
        return keyPrefix.toByteArray() + absent;
    }
}

QString nameOf(Right right)
{
    static const std::array<QString, rightCount> names{
        u"TYPE on worker:*"_s,    u"PTTL on worker:*"_s,    u"HMGET on worker:*"_s,       u"HSET on worker:*"_s,
        u"HDEL on worker:*"_s,    u"DEL on worker:*"_s,     u"PTTL on worker:cmd:*"_s,    u"MGET on worker:cmd:*"_s,
        u"SET on worker:cmd:*"_s, u"DEL on worker:cmd:*"_s, u"PUBLISH to worker:cmd:*"_s, u"HMGET on cluster:*"_s,
        u"HDEL on cluster:*"_s,   u"HDEL on cluster:*"_s};
    return names[size_t(right)];
}

std::vector<Right> rightsFor(Act act)
{
    switch (act) {
    case Act::Shutdown:
        return {TypeOfWorker, FieldsOfWorker, SetCommand};
    case Act::ShutdownNow:
        return {TypeOfWorker, FieldsOfWorker, SetCommand, Announce};
    case Act::Drain:
        return {TypeOfWorker, FieldsOfWorker, SetField, TtlOfCommand, ReadCommand};
    case Act::Resume:
        return {TypeOfWorker, FieldsOfWorker, SetField, DropField, TtlOfCommand};
    case Act::Cancel:
        return {TtlOfCommand, ReadCommand, DeleteCommand};
    case Act::Reap:
        return {TypeOfWorker, ReadCounter, DropLifetime, DropActive};
    case Act::RemoveKey:
        return {TypeOfWorker, TtlOfWorker, FieldsOfWorker, DeleteWorker};
    }
    Q_UNREACHABLE();
}

} // namespace

/// What is known so far of one probing.
struct RedisCommander::Probe
{
    quint32 number = 0;
    std::array<QString, rightCount> missing; ///< Why, in words; empty if permitted.
    QString all; ///< Why nothing at all is possible.
    bool untried = false; ///< PUBLISH, which would have been heard.
};

void RedisCommander::probeRights()
{
    if (!m_writable || !isReady())
        return;
    auto probe = std::make_shared<Probe>();
    probe->number = ++m_probes;
    // Nobody has a worker of this name, so no command here finds anything to change.
    const QByteArray absent = "pulsedeck:probe:" + QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    const QPointer<RedisCommander> self(this);
    for (int right = 0; right < rightCount; ++right) {
        const QByteArray key = keyOf(Right(right), absent);
        std::vector<QByteArray> words = wordsOf(Right(right), key);
        if (right == Announce && m_unheard)
            words.insert(words.begin(), "ASK");
        ScriptCall::forRight(key, words).send(*m_connection, [self, probe, right](const RedisAnswer &answer) {
            if (self)
                self->takeProbe(probe, right, answer);
        });
    }
}

void RedisCommander::takeProbe(const std::shared_ptr<Probe> &probe, int right, const RedisAnswer &answer)
{
    if (probe->number != m_probes || !m_writable)
        return;
    if (!answer.ok() && answer.outcome != RedisAnswer::Outcome::Error) {
        ++m_probes; // Lost or not sent: nothing is claimed. The next connection is asked anew.
        return;
    }
    const QString name = nameOf(Right(right));
    const bool called = answer.ok();
    const QByteArrayView words = called ? answer.reply.at(2).bytes() : answer.reply.bytes();
    const Refusal refusal = refusalOf(words);
    if (called && answer.reply.at(0).bytes() == QByteArrayView("untried"))
        probe->untried = true;
    if (refusal == Refusal::Replica) {
        probe->all = u"this server is a replica"_s;
    } else if (called && refusal == Refusal::NotPermitted) {
        probe->missing[size_t(right)] = name;
    } else if (called && words.contains("unknown command")) {
        probe->missing[size_t(right)] = name;
    } else if (!called && refusal == Refusal::NotPermitted && words.contains("key")) {
        // The script may be called, but not on this key: EVAL asks for both reading and writing it.
        probe->missing[size_t(right)] = u"EVAL on "_s + name.section(u' ', -1);
    } else if (!called && (refusal == Refusal::NotPermitted || words.contains("unknown command"))) {
        probe->all = u"EVAL is not permitted"_s;
    }
    // Anything else is no question of rights: LOADING, OOM, or the missing value of HSET, which proves that it would be carried
    // out.
    if (right + 1 < rightCount)
        return;

    CommandRights rights;
    rights.known = true;
    for (const Act act : allActs) {
        QStringList missing;
        for (const Right needed : rightsFor(act)) {
            const QString &why = probe->missing[size_t(needed)];
            if (!why.isEmpty() && !missing.contains(why))
                missing.append(why);
        }
        QString &denied = rights.denied[size_t(act)];
        if (!probe->all.isEmpty())
            denied = probe->all;
        else if (!missing.isEmpty())
            denied = missing.join(u", "_s) + (missing.size() > 1 ? u" are not permitted"_s : u" is not permitted"_s);
    }
    m_untried = probe->untried;
    setRights(rights);
}

void RedisCommander::setRights(const CommandRights &rights)
{
    if (!rights.known)
        ++m_probes;
    if (m_rights == rights)
        return;
    m_rights = rights;
    emit rightsChanged();
}

} // namespace pulsedeck
