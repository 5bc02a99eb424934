// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/rediscommander.h"

#include "app/redis/commandscripts.h"
#include "app/redis/redisnames.h"

#include <array>
#include <limits>
#include <memory>

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
        look->found.ownDrain = by.isText() && by.bytes() == drainedByText(look->command)
                               && answer.reply.at(2).toInteger() == look->command.issuedAt;
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

} // namespace pulsedeck
