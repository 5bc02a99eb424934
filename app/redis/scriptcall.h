// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "models/protocol/command.h"

#include <optional>
#include <vector>

namespace pulsedeck {

/// A call of one of the console's Lua scripts, with all its words; for RedisConnection::request().
class ScriptCall
{
public:
    /// \a script as for scriptText().
    ScriptCall(const char *script, std::vector<QByteArray> keys, std::vector<QByteArray> arguments);
    /// Asks whether \a words, a command which changes nothing because \a key is not there, may be run.
    static ScriptCall forRight(const QByteArray &key, const std::vector<QByteArray> &words);

    void send(RedisConnection &connection, RedisConnection::Handler handler) const;

private:
    QByteArray m_text;
    std::vector<QByteArray> m_keys;
    std::vector<QByteArray> m_arguments;
};

/// The text of a script of resources/lua as it is sent, comments left out: "shutdown", "rights".
QByteArray scriptText(const char *name);
/// The same of a script that only reads: it has none of the parts that commands share.
QByteArray readingScript(const char *name);

/// Words from outside in one line without what would disturb a list of workers.
QByteArray scriptLine(const QString &text, qsizetype longest);

/// Which refusal the server's words are: NotPermitted, Replica or Server. Redis says them plainly, or inside a script's error.
Refusal refusalOf(QByteArrayView serverWords);
/// What is reported of a script that was not called or not answered, or whose call Redis refused; nothing if it answered.
std::optional<CommandProgress> failedCall(const RedisAnswer &answer, const RedisUrl &url);
/// The server's words without the trace that a script's error carries along, and never a password.
QString plainWords(QByteArrayView words, const RedisUrl &url);

} // namespace pulsedeck
