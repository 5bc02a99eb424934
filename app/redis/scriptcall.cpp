// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/scriptcall.h"

#include "app/redis/redisfailure.h"

#include <QFile>

#include <map>

static void initCommandResources()
{
    Q_INIT_RESOURCE(commands); // Resources of a static library are not found without being asked for.
}

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

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

} // namespace

QString plainWords(QByteArrayView words, const RedisUrl &url)
{
    const qsizetype trace = words.indexOf(" script: ");
    return serverText(trace > 0 ? words.first(trace) : words, url);
}

QByteArray scriptLine(const QString &text, qsizetype longest)
{
    return text.simplified().left(longest).toUtf8();
}

QByteArray scriptText(const char *name)
{
    initCommandResources();
    return resource("prelude") + resource(name);
}

QByteArray readingScript(const char *name)
{
    initCommandResources();
    return resource(name);
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

ScriptCall ScriptCall::forRight(const QByteArray &key, const std::vector<QByteArray> &words)
{
    return {"rights", key.isEmpty() ? std::vector<QByteArray>() : std::vector<QByteArray>{key}, words};
}

void ScriptCall::send(RedisConnection &connection, RedisConnection::Handler handler) const
{
    const QByteArray keyCount = QByteArray::number(qint64(m_keys.size()));
    std::vector<QByteArrayView> words{"EVAL", m_text, keyCount};
    words.insert(words.end(), m_keys.begin(), m_keys.end());
    words.insert(words.end(), m_arguments.begin(), m_arguments.end());
    connection.request(words, std::move(handler));
}

std::optional<CommandProgress> failedCall(const RedisAnswer &answer, const RedisUrl &url)
{
    CommandProgress progress;
    progress.text = answer.ok() ? QString() : answer.text();
    switch (answer.outcome) {
    case RedisAnswer::Outcome::Timeout:
    case RedisAnswer::Outcome::Lost:
        progress.outcome = CommandProgress::Outcome::Unknown;
        return progress;
    case RedisAnswer::Outcome::Refused:
        progress.outcome = CommandProgress::Outcome::Refused;
        progress.refusal = Refusal::NotConnected;
        return progress;
    case RedisAnswer::Outcome::Error:
        progress.outcome = CommandProgress::Outcome::Refused;
        progress.refusal = refusalOf(answer.reply.bytes());
        progress.text = plainWords(answer.reply.bytes(), url);
        if (progress.refusal == Refusal::NotPermitted)
            progress.text.prepend(u"EVAL: "_s);
        return progress;
    case RedisAnswer::Outcome::Reply:
        break;
    }
    return std::nullopt;
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

} // namespace pulsedeck
