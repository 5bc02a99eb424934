// SPDX-License-Identifier: GPL-3.0-or-later
// How a RedisCommander finds out what it may do: each right the scripts need is asked for by itself, in one pipeline.
#include "app/redis/commandscripts.h"
#include "app/redis/redisnames.h"
#include "app/redis/rediscommander.h"

#include <QUuid>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

enum Right { TypeOfWorker, TtlOfWorker, FieldsOfWorker, SetField, DropField, DeleteWorker, TtlOfCommand, ReadCommand, SetCommand,
             DeleteCommand, Announce, ReadCounter, DropLifetime, DropActive };
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
        u"TYPE on worker:*"_s,     u"PTTL on worker:*"_s,     u"HMGET on worker:*"_s,     u"HSET on worker:*"_s,
        u"HDEL on worker:*"_s,     u"DEL on worker:*"_s,      u"PTTL on worker:cmd:*"_s,  u"MGET on worker:cmd:*"_s,
        u"SET on worker:cmd:*"_s,  u"DEL on worker:cmd:*"_s,  u"PUBLISH to worker:cmd:*"_s, u"HMGET on cluster:*"_s,
        u"HDEL on cluster:*"_s,    u"HDEL on cluster:*"_s};
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
    // Anything else is no question of rights: LOADING, OOM, or the missing value of HSET, which proves that it would be carried out.
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
