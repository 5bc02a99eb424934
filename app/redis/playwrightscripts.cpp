// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/playwrightscripts.h"

#include "app/redis/redisfailure.h"
#include "app/redis/redisnames.h"
#include "models/core/format.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 cancelToleranceMs = 2'000; // Clocks and the way there; another command within it would hardly be told apart.
constexpr qsizetype mostByCharacters = 128;
constexpr qsizetype mostReasonCharacters = 512;

enum RightPlace {
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

QByteArray decimal(qint64 value)
{
    return QByteArray::number(value);
}

/// What a drain writes as drainedBy.
QByteArray drainedByText(const Command &command)
{
    return scriptLine(command.by, mostByCharacters);
}

CommandProgress refused(Refusal refusal, const QString &text = {})
{
    CommandProgress progress;
    progress.outcome = CommandProgress::Outcome::Refused;
    progress.refusal = refusal;
    progress.setText(text);
    return progress;
}

CommandProgress refused(Refusal refusal, CommandNote note)
{
    CommandProgress progress = refused(refusal);
    progress.setNote(note);
    return progress;
}

class ScriptTexts
{
    Q_DECLARE_TR_FUNCTIONS(ScriptTexts)
};

QString commandedText(const RedisReply &reply, const RedisUrl &url)
{
    const QString word = serverText(reply.at(1).bytes(), url);
    const qint64 left = reply.at(2).toInteger(-2);
    if (word.isEmpty())
        return {};
    return left > 0 ? ScriptTexts::tr("%1, expires in %2").arg(word, secondsLeft(left)) : word;
}

} // namespace

ScriptCall PlaywrightScripts::scriptFor(const Command &command, qint64 now) const
{
    const QByteArray key = keyPrefix.toByteArray() + command.worker;
    const QByteArray commandKey = commandPrefix.toByteArray() + command.worker;
    switch (command.act) {
    case Act::Shutdown:
    case Act::ShutdownNow: {
        const QByteArray seconds = decimal(qMax<qint64>(1, (command.ttlMs + 999) / 1000));
        return {"shutdown", {key, commandKey}, {seconds, command.act == Act::ShutdownNow ? "publish" : ""}};
    }
    case Act::Drain:
        return {"drain",
                {key, commandKey},
                {drainedByText(command), decimal(command.issuedAt), scriptLine(command.reason, mostReasonCharacters)}};
    case Act::Resume:
        return {"resume",
                {key, commandKey},
                {command.drainSeen > 0 ? decimal(command.drainSeen) : QByteArray(), command.unprovenToo ? "unproven-too" : ""}};
    case Act::Cancel: {
        const qint64 left = qMax<qint64>(0, command.commandUntil - now) + cancelToleranceMs;
        return {"cancel", {key, commandKey}, {command.commandUntil > 0 ? decimal(left) : QByteArray()}};
    }
    case Act::Reap:
        return {"reap", {key, lifetimeHash.toByteArray(), activeHash.toByteArray(), commandKey}, {command.worker}};
    case Act::RemoveKey:
        return {"removekey", {key, commandKey}, {command.lastHeartbeat > 0 ? decimal(command.lastHeartbeat) : QByteArray()}};
    default:
        break; // Not carried out.
    }
    Q_UNREACHABLE();
}

CommandProgress PlaywrightScripts::decode(Act act, const RedisAnswer &answer, const RedisUrl &url) const
{
    using Outcome = CommandProgress::Outcome;
    if (const std::optional<CommandProgress> failed = failedCall(answer, url))
        return *failed;
    CommandProgress progress;
    const RedisReply &reply = answer.reply;
    const QByteArrayView word = reply.at(0).bytes();
    const QByteArrayView status = reply.at(1).bytes();
    const auto withStatus = [status](CommandProgress given) {
        if (!status.isEmpty())
            given.status = statusFromText(status);
        return given;
    };
    if (word == "written") {
        progress.outcome = Outcome::Written;
        if (act == Act::ShutdownNow) {
            const QByteArrayView problem = reply.at(2).bytes();
            if (problem.isEmpty())
                progress.receivers = qint32(std::clamp<qint64>(reply.at(1).toInteger(), 0, 1'000'000));
            else if (refusalOf(problem) == Refusal::NotPermitted)
                progress.setNote(CommandNote::PublishNotPermitted);
            else
                progress.setNote(CommandNote::PublishRefused);
        }
        return progress;
    }
    if (word == "done") {
        progress.outcome = Outcome::Done;
        return withStatus(progress);
    }
    if (word == "leaving")
        return refused(Refusal::ShutdownGiven, status == "announced" ? CommandNote::AnnouncedAndLeaves : CommandNote::MaybeRead);
    if (word == "too-late") {
        progress.outcome = Outcome::TooLate;
        const QByteArrayView heard = reply.at(2).bytes();
        if (heard == "announced")
            progress.setNote(CommandNote::AnnouncedAndHeard);
        else if (heard == "perhaps")
            progress.setNote(CommandNote::MaybeHeard);
        else
            progress.text = serverText(status, url);
        progress.heard = !heard.isEmpty();
        return withStatus(progress);
    }
    if (word == "not-a-hash")
        return refused(Refusal::NotAHash, ScriptTexts::tr("the key is of type %1").arg(serverText(status, url)));
    if (word == "commanded")
        return refused(act == Act::Resume ? Refusal::ShutdownGiven : Refusal::AlreadyCommanded, commandedText(reply, url));
    if (word == "not-available")
        return withStatus(refused(Refusal::NotAvailable, serverText(status, url)));
    if (word == "not-drained")
        return withStatus(refused(Refusal::NotDrained, serverText(status, url)));
    if (word == "other-command")
        return refused(Refusal::OtherCommand, serverText(status, url));
    if (word == "error") {
        const QByteArrayView words = reply.at(2).bytes();
        return refused(refusalOf(words), serverText(status, url) + u": "_s + plainWords(words, url));
    }
    static const std::pair<const char *, Refusal> plain[]{{"unproven", Refusal::DrainUnproven},
                                                          {"listening", Refusal::StillListening},
                                                          {"gone", Refusal::KeyGone},
                                                          {"key-back", Refusal::KeyBack},
                                                          {"not-in-lifetime", Refusal::NotInLifetime},
                                                          {"has-ttl", Refusal::HasTtl},
                                                          {"heartbeat-moved", Refusal::HeartbeatMoved}};
    for (const auto &[said, refusal] : plain) {
        if (word == said)
            return refused(refusal);
    }
    // No script of ours says this: whatever answered, what it did is not known.
    progress.outcome = Outcome::Unknown;
    progress.setNote(CommandNote::UnknownAnswer);
    return progress;
}

// Rights --------------------------------------------------------------------------------------------------------------

std::vector<ActScripts::Right> PlaywrightScripts::rights(const QByteArray &absent) const
{
    const QByteArray key = keyPrefix.toByteArray() + absent;
    const QByteArray commandKey = commandPrefix.toByteArray() + absent;
    // The counter hashes are there, and then it is a field that is not.
    const QByteArray lifetime = lifetimeHash.toByteArray();
    const QByteArray active = activeHash.toByteArray();
    std::vector<Right> rights(rightCount);
    rights[TypeOfWorker] = {"worker:*", key, {"TYPE", key}};
    rights[TtlOfWorker] = {"worker:*", key, {"PTTL", key}};
    rights[FieldsOfWorker] = {"worker:*", key, {"HMGET", key, "status"}};
    // A value is missing: never carried out.
    rights[SetField] = {"worker:*", key, {"HSET", key, "status", "draining", "drainedBy"}};
    rights[DropField] = {"worker:*", key, {"HDEL", key, "drainedBy"}};
    rights[DeleteWorker] = {"worker:*", key, {"DEL", key}};
    rights[TtlOfCommand] = {"worker:cmd:*", commandKey, {"PTTL", commandKey}};
    rights[ReadCommand] = {"worker:cmd:*", commandKey, {"MGET", commandKey}};
    rights[SetCommand] = {"worker:cmd:*", commandKey, {"SET", commandKey, "shutdown", "EX", "1", "XX"}};
    rights[DeleteCommand] = {"worker:cmd:*", commandKey, {"DEL", commandKey}};
    rights[Announce] = {"worker:cmd:*", commandKey, {"PUBLISH", commandKey, ""}, true};
    rights[ReadCounter] = {"cluster:*", lifetime, {"HMGET", lifetime, "pulsedeck:probe"}};
    rights[DropLifetime] = {"cluster:*", lifetime, {"HDEL", lifetime, "pulsedeck:probe"}};
    rights[DropActive] = {"cluster:*", active, {"HDEL", active, "pulsedeck:probe"}};
    return rights;
}

std::vector<int> PlaywrightScripts::rightsFor(Act act) const
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
    default:
        return {};
    }
}

// Looking up ----------------------------------------------------------------------------------------------------------

namespace {

constexpr std::array<const char *, 3> lookedUp{"status", "drainedBy", "drainedAt"};
constexpr quint32 commandTooLarge = 1u << lookedUp.size();
constexpr qint64 largestLookedUp = 64 * 1024;

/// One command looked up: several small reads in one pipeline, of which the last answer settles it.
struct LookUp
{
    QPointer<RedisConnection> connection;
    Command command;
    std::function<void(const CommandProgress &)> then;
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

void sendLookUp(const std::shared_ptr<LookUp> &look)
{
    const QByteArray key = keyPrefix.toByteArray() + look->command.worker;
    const QByteArray commandKey = commandPrefix.toByteArray() + look->command.worker;
    const auto field = [&look](size_t i) { return look->tooLarge >> i & 1u ? QByteArrayView("") : QByteArrayView(lookedUp[i]); };
    look->connection->request({"HMGET", key, field(0), field(1), field(2)}, [look](const RedisAnswer &answer) {
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
    look->connection->request({"PTTL", key}, [look](const RedisAnswer &answer) {
        if (answer.ok())
            look->found.keyPresent = answer.reply.toInteger(-2) != -2;
        else
            look->fail(answer);
    });
    if (!(look->tooLarge & commandTooLarge)) {
        // MGET is what least rights include; it says nil for a key of another type.
        look->connection->request({"MGET", commandKey}, [look](const RedisAnswer &answer) {
            if (answer.ok())
                look->found.commandPresent = answer.reply.at(0).bytes() == QByteArrayView("shutdown");
            else
                look->fail(answer);
        });
    }
    look->connection->request({"PTTL", commandKey}, [look](const RedisAnswer &answer) {
        if (!answer.ok())
            look->fail(answer);
        CommandProgress &found = look->found;
        if (look->failed) {
            found = CommandProgress();
            found.text = look->problem;
        } else {
            const qint64 left = answer.reply.toInteger(-2);
            found.outcome = CommandProgress::Outcome::Found;
            found.commandPresent = found.commandPresent && left != -2;
            if (found.commandPresent)
                found.commandTtl = qint32(qMin<qint64>(left, std::numeric_limits<qint32>::max()));
        }
        look->then(found);
    });
}

} // namespace

void PlaywrightScripts::lookUp(RedisConnection &connection, const Command &command, bool careful,
                               std::function<void(const CommandProgress &)> then) const
{
    const auto look = std::make_shared<LookUp>();
    look->connection = &connection;
    look->command = command;
    look->then = std::move(then);
    if (!careful) {
        sendLookUp(look);
        return;
    }
    const QByteArray key = keyPrefix.toByteArray() + command.worker;
    for (size_t i = 0; i < lookedUp.size(); ++i) {
        connection.request({"HSTRLEN", key, lookedUp[i]}, [look, i](const RedisAnswer &answer) {
            if (answer.ok() && answer.reply.toInteger() > largestLookedUp)
                look->tooLarge |= 1u << i;
        });
    }
    const QByteArray commandKey = commandPrefix.toByteArray() + command.worker;
    connection.request({"STRLEN", commandKey}, [look](const RedisAnswer &answer) {
        if (answer.ok() && answer.reply.toInteger() > largestLookedUp)
            look->tooLarge |= commandTooLarge;
        const bool ready = look->connection && look->connection->state() == RedisConnection::State::Ready;
        if (ready && answer.outcome != RedisAnswer::Outcome::Lost) {
            sendLookUp(look);
        } else {
            look->found.text = answer.text();
            look->then(look->found);
        }
    });
}

} // namespace pulsedeck
