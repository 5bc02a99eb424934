// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/rightsprobe.h"

#include <QPointer>
#include <QUuid>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool onlyReads(QByteArrayView command)
{
    constexpr const char *reading[] = {"GET",       "STRLEN",  "EXISTS", "TYPE",   "TTL",     "PTTL",   "HGET",  "HMGET",
                                       "HGETALL",   "HEXISTS", "HLEN",   "LLEN",   "LRANGE",  "LINDEX", "LPOS",  "SMEMBERS",
                                       "SISMEMBER", "SCARD",   "ZSCORE", "ZCARD",  "ZRANGE",  "SCAN",   "SSCAN", "HSCAN",
                                       "ZSCAN",     "MGET",    "TIME",   "PUBSUB", "PUBLISH", "CLIENT"};
    return std::any_of(std::begin(reading), std::end(reading), [command](const char *word) { return command == word; });
}

} // namespace

RightsProbe::RightsProbe(const ActScripts &scripts, QObject *parent)
    : QObject(parent)
    , m_scripts(scripts)
{ }

void RightsProbe::start(RedisConnection &connection, bool unheard)
{
    // Nobody has a worker of this name, so no command here finds anything to change.
    m_rights = m_scripts.rights("pulsedeck:probe:" + QUuid::createUuid().toByteArray(QUuid::WithoutBraces));
    m_missing.assign(m_rights.size(), {});
    m_replica = m_noScripts = m_unsaved = false;
    m_untried = false;
    ++m_number;
    // What is wrong in a command is said before that no write is taken: only PING says it by itself.
    connection.request({"PING"}, [self = QPointer<RightsProbe>(this), number = m_number](const RedisAnswer &answer) {
        if (self && self->m_number == number)
            self->m_unsaved = answer.isError("MISCONF");
    });
    for (size_t i = 0; i < m_rights.size(); ++i) {
        std::vector<QByteArray> words = m_rights[i].words;
        const auto take = [self = QPointer<RightsProbe>(this), number = m_number, i](const RedisAnswer &answer) {
            if (self && self->m_number == number)
                self->take(i, answer);
        };
        if (!m_scripts.usesScripts()) {
            if (m_rights[i].audible && unheard) {
                words = {"PING"};
                m_untried = true;
            }
            connection.request(std::vector<QByteArrayView>(words.begin(), words.end()), take);
            continue;
        }
        if (m_rights[i].askOnly || (m_rights[i].audible && unheard))
            words.insert(words.begin(), "ASK");
        ScriptCall::forRight(m_rights[i].key, words).send(connection, take);
    }
}

void RightsProbe::take(size_t right, const RedisAnswer &answer)
{
    if (!answer.ok() && answer.outcome != RedisAnswer::Outcome::Error) {
        cancel(); // Lost or not sent: nothing is claimed. The next connection is asked again.
        return;
    }
    const ActScripts::Right &asked = m_rights[right];
    const auto named = [&asked](const QByteArray &command) {
        const QString text = asked.audible ? tr("%1 to %2") : tr("%1 on %2");
        if (asked.keys.isEmpty())
            return QString::fromLatin1(command);
        return text.arg(QString::fromLatin1(command), QString::fromUtf8(asked.keys));
    };
    const bool scripts = m_scripts.usesScripts();
    const bool called = answer.ok() || !scripts;
    const QByteArrayView words = answer.ok() && scripts ? answer.reply.at(2).bytes() : answer.reply.bytes();
    const Refusal refusal = refusalOf(words);
    const bool unknown = words.contains("unknown command");
    m_untried = m_untried || (asked.audible && called && answer.reply.at(0).bytes() == QByteArrayView("untried"));
    if (refusal == Refusal::Replica) {
        m_replica = true;
    } else if (called && (refusal == Refusal::NotPermitted || unknown)) {
        m_missing[right] = named(asked.words.front());
    } else if (!called && refusal == Refusal::NotPermitted && words.contains("key")) {
        // The script may be called, but not on this key: EVAL asks for both reading and writing it.
        m_missing[right] = named("EVAL");
    } else if (!called && (refusal == Refusal::NotPermitted || unknown)) {
        m_noScripts = true;
    }
    // Anything else is no question of rights: LOADING, OOM, or a missing value, which proves that it would be carried out.
    if (right + 1 == m_rights.size())
        finish();
}

bool RightsProbe::writes(Act act) const
{
    const auto needed = m_scripts.rightsFor(act);
    return std::any_of(needed.begin(), needed.end(), [this](int right) {
        const ActScripts::Right &one = m_rights[size_t(right)];
        return !one.audible && !one.words.empty() && !onlyReads(one.words.front());
    });
}

void RightsProbe::finish()
{
    CommandRights rights;
    rights.known = true;
    rights.replica = m_replica;
    rights.nothing = true;
    for (const Act act : allActs) {
        if (!m_scripts.carriesOut(act))
            continue;
        QStringList missing;
        if (m_noScripts) {
            missing.append(u"EVAL"_s);
        } else {
            for (const int needed : m_scripts.rightsFor(act))
                missing.append(m_missing[size_t(needed)]);
        }
        missing.removeAll(QString());
        missing.removeDuplicates();
        QString &denied = rights.denied[size_t(act)];
        if (m_replica) {
            denied = tr("this server is a replica");
        } else if (!missing.isEmpty()) {
            denied = tr("%1 (is/are) not permitted", nullptr, int(missing.size())).arg(missing.join(u", "_s));
            rights.missing += missing;
        } else if (m_unsaved && writes(act)) {
            denied = tr("the server cannot save to disk and refuses all writes (MISCONF)");
        }
        rights.nothing = rights.nothing && !denied.isEmpty();
    }
    rights.missing.removeDuplicates();
    emit finished(rights, m_untried);
}

} // namespace pulsedeck
