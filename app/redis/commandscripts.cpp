// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/commandscripts.h"

#include "app/redis/redisfailure.h"
#include "app/redis/redisnames.h"
#include "models/core/format.h"

#include <QFile>

#include <algorithm>
#include <map>

static void initCommandResources()
{
    Q_INIT_RESOURCE(commands); // Resources of a static library are not found without being asked for.
}

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 cancelToleranceMs = 2'000; // Clocks and the way there; another command within it would hardly be told apart.
constexpr qsizetype longestBy = 128;
constexpr qsizetype longestReason = 512;

/// Comments are for readers; a thousand commands at once need not carry them.
QByteArray withoutComments(const QByteArray &text)
{
    QByteArray out;
    for (const QByteArray &line : text.split('\n')) {
        const QByteArray code = line.trimmed();
        if (!code.isEmpty() && !code.startsWith("--"))
            out += code + '\n';
    }
    return out;
}

QByteArray resource(const QByteArray &name)
{
    QFile file(u":/commands/"_s + QString::fromLatin1(name) + u".lua"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("A resource is missing: %ls", qUtf16Printable(file.fileName()));
    return withoutComments(file.readAll());
}

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

/// One line without what would disturb a list of workers.
QByteArray line(const QString &text, qsizetype longest)
{
    return text.simplified().left(longest).toUtf8();
}

CommandProgress refused(Refusal refusal, const QString &text)
{
    CommandProgress progress;
    progress.outcome = CommandProgress::Outcome::Refused;
    progress.refusal = refusal;
    progress.text = text;
    return progress;
}

QString commandedText(const RedisReply &reply, const RedisUrl &url)
{
    const QString word = serverText(reply.at(1).bytes(), url);
    const qint64 left = reply.at(2).toInteger(-2);
    if (word.isEmpty())
        return {};
    return left > 0 ? QString(word + u", expires in "_s + secondsLeft(left)) : word;
}

} // namespace

QString plainWords(QByteArrayView words, const RedisUrl &url)
{
    const qsizetype trace = words.indexOf(" script: ");
    return serverText(trace > 0 ? words.first(trace) : words, url);
}

QByteArray scriptText(const char *name)
{
    initCommandResources();
    return resource("prelude") + resource(name);
}

ScriptCall::ScriptCall(const char *script, std::vector<QByteArray> keys, std::vector<QByteArray> arguments)
    : m_keys(std::move(keys))
    , m_arguments(std::move(arguments))
{
    static thread_local std::map<QByteArray, QByteArray> texts;
    QByteArray &text = texts[QByteArray::fromRawData(script, qsizetype(qstrlen(script)))];
    if (text.isEmpty())
        text = scriptText(script);
    m_text = text;
}

ScriptCall ScriptCall::forCommand(const Command &command, qint64 now)
{
    const QByteArray key = keyPrefix.toByteArray() + command.worker;
    const QByteArray commandKey = commandPrefix.toByteArray() + command.worker;
    switch (command.act) {
    case Act::Shutdown:
    case Act::ShutdownNow: {
        const QByteArray seconds = number(qMax<qint64>(1, (command.ttlMs + 999) / 1000));
        return {"shutdown", {key, commandKey}, {seconds, command.act == Act::ShutdownNow ? "publish" : ""}};
    }
    case Act::Drain:
        return {
            "drain", {key, commandKey}, {drainedByText(command), number(command.issuedAt), line(command.reason, longestReason)}};
    case Act::Resume:
        return {"resume",
                {key, commandKey},
                {command.drainSeen > 0 ? number(command.drainSeen) : QByteArray(), command.unprovenToo ? "unproven-too" : ""}};
    case Act::Cancel: {
        const qint64 left = qMax<qint64>(0, command.commandUntil - now) + cancelToleranceMs;
        return {"cancel", {key, commandKey}, {command.commandUntil > 0 ? number(left) : QByteArray()}};
    }
    case Act::Reap:
        return {"reap", {key, lifetimeHash.toByteArray(), activeHash.toByteArray(), commandKey}, {command.worker}};
    case Act::RemoveKey:
        return {"removekey", {key, commandKey}, {command.lastHeartbeat > 0 ? number(command.lastHeartbeat) : QByteArray()}};
    }
    Q_UNREACHABLE();
}

QByteArray drainedByText(const Command &command)
{
    return line(command.by, longestBy);
}

ScriptCall ScriptCall::forRight(const QByteArray &key, const std::vector<QByteArray> &words)
{
    return {"rights", {key}, words};
}

void ScriptCall::send(RedisConnection &connection, RedisConnection::Handler handler) const
{
    const QByteArray keyCount = number(qint64(m_keys.size()));
    std::vector<QByteArrayView> words{"EVAL", m_text, keyCount};
    words.insert(words.end(), m_keys.begin(), m_keys.end());
    words.insert(words.end(), m_arguments.begin(), m_arguments.end());
    connection.request(words, std::move(handler));
}

Refusal refusalOf(QByteArrayView words)
{
    if (words.contains("READONLY"))
        return Refusal::Replica;
    // Redis 6 says it inside scripts without the word.
    for (const char *sign : {"NOPERM", "The user executing the script can't", "no permissions to"}) {
        if (words.contains(sign))
            return Refusal::NotPermitted;
    }
    return Refusal::Server;
}

CommandProgress decodeCommandAnswer(Act act, const RedisAnswer &answer, const RedisUrl &url)
{
    using Outcome = CommandProgress::Outcome;
    CommandProgress progress;
    switch (answer.outcome) {
    case RedisAnswer::Outcome::Timeout:
    case RedisAnswer::Outcome::Lost:
        progress.outcome = Outcome::Unknown;
        progress.text = answer.text();
        return progress;
    case RedisAnswer::Outcome::Refused:
        return refused(Refusal::NotConnected, answer.text());
    case RedisAnswer::Outcome::Error: {
        const Refusal refusal = refusalOf(answer.reply.bytes());
        const QString words = plainWords(answer.reply.bytes(), url);
        return refused(refusal, refusal == Refusal::NotPermitted ? QString(u"EVAL: "_s + words) : words);
    }
    case RedisAnswer::Outcome::Reply:
        break;
    }

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
                progress.text = u"PUBLISH not permitted: it is read at the next heartbeat"_s;
            else
                progress.text = u"PUBLISH refused: it is read at the next heartbeat"_s;
        }
        return progress;
    }
    if (word == "done") {
        progress.outcome = Outcome::Done;
        return withStatus(progress);
    }
    if (word == "leaving") {
        return refused(Refusal::ShutdownGiven,
                       status == "announced" ? u"it was announced, and leaves"_s : u"whether it has read that cannot be told"_s);
    }
    if (word == "unproven")
        return refused(Refusal::DrainUnproven, {});
    if (word == "listening")
        return refused(Refusal::StillListening, {});
    if (word == "too-late") {
        progress.outcome = Outcome::TooLate;
        const QByteArrayView heard = reply.at(2).bytes();
        if (heard == "announced")
            progress.text = u"it was announced, and somebody heard it"_s;
        else if (heard == "perhaps")
            progress.text = u"somebody else gave it, and the worker may have heard it"_s;
        else
            progress.text = serverText(status, url);
        progress.heard = !heard.isEmpty();
        return withStatus(progress);
    }
    if (word == "gone")
        return refused(Refusal::KeyGone, {});
    if (word == "not-a-hash")
        return refused(Refusal::NotAHash, u"the key is of type "_s + serverText(status, url));
    if (word == "commanded")
        return refused(act == Act::Resume ? Refusal::ShutdownGiven : Refusal::AlreadyCommanded, commandedText(reply, url));
    if (word == "not-available")
        return withStatus(refused(Refusal::NotAvailable, serverText(status, url)));
    if (word == "not-drained")
        return withStatus(refused(Refusal::NotDrained, serverText(status, url)));
    if (word == "other-command")
        return refused(Refusal::OtherCommand, serverText(status, url));
    if (word == "key-back")
        return refused(Refusal::KeyBack, {});
    if (word == "not-in-lifetime")
        return refused(Refusal::NotInLifetime, {});
    if (word == "has-ttl")
        return refused(Refusal::HasTtl, {});
    if (word == "heartbeat-moved")
        return refused(Refusal::HeartbeatMoved, {});
    if (word == "error") {
        const QByteArrayView words = reply.at(2).bytes();
        return refused(refusalOf(words), serverText(status, url) + u": "_s + plainWords(words, url));
    }
    // No script of ours says this: whatever answered, what it did is not known.
    progress.outcome = Outcome::Unknown;
    progress.text = u"the server's answer is not one of the script's"_s;
    return progress;
}

} // namespace pulsedeck
