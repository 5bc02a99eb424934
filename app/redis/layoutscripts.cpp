// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutscripts.h"

#include "app/redis/layoutcall.h"
#include "app/redis/redisfailure.h"
#include "models/core/format.h"
#include "models/layouts/layoutwrite.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class LayoutTexts
{
    Q_DECLARE_TR_FUNCTIONS(LayoutTexts)
};

CommandProgress layoutRefused(Refusal refusal, const QString &text = {})
{
    CommandProgress progress;
    progress.outcome = CommandProgress::Outcome::Refused;
    progress.refusal = refusal;
    progress.setText(text);
    return progress;
}

CommandProgress guardMet(const RedisReply &reply, const RedisUrl &url)
{
    const QByteArrayView code = reply.at(1).bytes();
    const QString about = serverText(reply.at(2).bytes(), url);
    const QString met = serverText(reply.at(3).bytes(), url);
    if (code == "gone")
        return layoutRefused(Refusal::KeyGone);
    if (code == "left")
        return layoutRefused(Refusal::KeyGone, LayoutTexts::tr("it has ended: %1").arg(met));
    if (code == "unregistered")
        return layoutRefused(Refusal::NotRegistered);
    if (code == "back" || code == "present")
        return layoutRefused(Refusal::KeyBack, about);
    if (code == "waiting")
        return layoutRefused(Refusal::SignalWaiting, LayoutTexts::tr("%Ln in %1", nullptr, reply.at(3).toInteger()).arg(about));
    if (code == "once")
        return layoutRefused(Refusal::AlreadyShuttingDown, LayoutTexts::tr("a second command would end its running job"));
    if (code == "moved")
        return layoutRefused(Refusal::HeartbeatMoved);
    if (code == "listening")
        return layoutRefused(Refusal::StillListening);
    if (code == "has-ttl")
        return layoutRefused(Refusal::HasTtl);
    if (code == "deaf")
        return layoutRefused(Refusal::NobodyListens);
    if (code == "old") {
        const qint64 age = reply.at(3).toInteger(-1);
        return layoutRefused(Refusal::GuardFailed, age >= 0 ? LayoutTexts::tr("its last beat is %1 old").arg(durationText(age))
                                                            : LayoutTexts::tr("the time of its last beat cannot be read"));
    }
    if (code == "field") {
        return layoutRefused(Refusal::GuardFailed, met.isEmpty() ? LayoutTexts::tr("%1 is not there").arg(about)
                                                                 : LayoutTexts::tr("%1 is %2").arg(about, met));
    }
    if (code == "absent")
        return layoutRefused(Refusal::GuardFailed, LayoutTexts::tr("there is no %1").arg(about));
    return layoutRefused(Refusal::GuardFailed, about);
}

/// A guard that failed, by the code the call gave to it. The layout may have a sentence of its own.
CommandProgress guardFailed(Act act, const RedisReply &reply, const RedisUrl &url)
{
    CommandProgress progress = guardMet(reply, url);
    // Only of what is to be removed it means that a worker is back.
    if (progress.refusal == Refusal::KeyBack && act != Act::Reap)
        progress.refusal = Refusal::GuardFailed;
    const QByteArrayView about = reply.at(2).bytes();
    if (about.startsWith('!'))
        progress.setText(traitText(QString::fromUtf8(about.sliced(1))));
    return progress;
}

/// Whether something has to be there for the conditions to hold: what is merely missing proves nothing of a command.
bool showsSomething(const LayoutConditions &conditions)
{
    using Shown = LayoutCondition::Kind;
    return std::any_of(conditions.begin(), conditions.end(), [](const LayoutCondition &one) {
        const bool positive = one.kind == Shown::Equal || one.kind == Shown::Exists || one.kind == Shown::Member
                              || one.kind == Shown::PresentKey || one.kind == Shown::Fresh || one.kind == Shown::KeyEqual
                              || one.kind == Shown::KeyHasField;
        return positive && !one.negated;
    });
}

bool isAboutLife(const LayoutCondition &condition)
{
    return condition.kind == LayoutCondition::Kind::Alive || condition.kind == LayoutCondition::Kind::Gone
           || condition.kind == LayoutCondition::Kind::AbsentKey || condition.kind == LayoutCondition::Kind::Unmoved;
}

LayoutCondition aboutLife(LayoutCondition::Kind kind)
{
    LayoutCondition condition;
    condition.kind = kind;
    return condition;
}

} // namespace

LayoutScripts::LayoutScripts(const Layout &layout, const QByteArray &prefix, TierOf tierOf, QueuesOf queuesOf)
    : m_layout(layout)
    , m_prefix(prefix)
    , m_tierOf(std::move(tierOf))
    , m_queuesOf(std::move(queuesOf))
{ }

// Plans ---------------------------------------------------------------------------------------------------------------

int LayoutScripts::tierOf(const QByteArray &worker) const
{
    return m_tierOf && !worker.isEmpty() ? qMax(0, m_tierOf(worker)) : 0;
}

LayoutVariables LayoutScripts::valuesFor(const Command &command) const
{
    LayoutVariables values = LayoutCall::valuesFor(m_layout, tierOf(command.worker), m_prefix, command.worker);
    values.insert("queue", command.queue);
    return values;
}

LayoutScripts::Plan LayoutScripts::planFor(const Command &command) const
{
    // Of what was left for a worker that is not there any more the tier is not known.
    const bool anyTier = command.act == Act::Cancel && !command.undoes && isUnknown(command.worker);
    Plan plan = planFor(command.act, command.undoes, anyTier ? -1 : tierOf(command.worker));
    // The record that named its queues is gone with it, so what is left of it may be in any.
    if (command.act == Act::Reap)
        plan.ops = forEachQueue(plan.ops);
    return plan;
}

std::vector<LayoutOp> LayoutScripts::forEachQueue(const std::vector<LayoutOp> &ops) const
{
    const auto namesQueue = [](const LayoutText &text) { return text.variables().contains("queue"); };
    QByteArrayList queues = m_queuesOf ? m_queuesOf() : QByteArrayList();
    queues.resize(qMin(queues.size(), mostWrittenQueues));
    std::vector<LayoutOp> all;
    for (const LayoutOp &op : ops) {
        if (namesQueue(op.key) || namesQueue(op.field) || namesQueue(op.value)) {
            for (const QByteArray &queue : std::as_const(queues)) {
                LayoutOp one = op;
                for (LayoutText *text : {&one.key, &one.field, &one.value})
                    *text = text->with("queue", queue);
                for (LayoutText &key : one.ifAny)
                    key = key.with("queue", queue);
                all.push_back(one);
            }
            continue;
        }
        // Written once, if any queue has such a key.
        LayoutOp one = op;
        one.ifAny.clear();
        for (const LayoutText &key : op.ifAny) {
            if (!namesQueue(key))
                one.ifAny.push_back(key);
            for (const QByteArray &queue : namesQueue(key) ? queues : QByteArrayList())
                one.ifAny.push_back(key.with("queue", queue));
        }
        if (op.ifAny.empty() || !one.ifAny.empty())
            all.push_back(one);
    }
    return all;
}

LayoutScripts::Plan LayoutScripts::planFor(Act act, std::optional<Act> undone, int tier) const
{
    Plan plan;
    if (act == Act::Reap) {
        if (m_layout.reap) {
            plan.ops = m_layout.reap->ops;
            plan.guards = m_layout.reap->guard;
            // Nothing shows that a consumer is gone: that it has nothing to lose is what counts.
            const bool guarded = std::any_of(plan.guards.begin(), plan.guards.end(), isAboutLife);
            if (!guarded && !m_layout.findsOnly(LayoutDiscovery::Kind::Stream))
                plan.guards.insert(plan.guards.begin(), aboutLife(LayoutCondition::Kind::Gone));
        }
        return plan;
    }
    if (act == Act::Cancel) {
        plan.answer = "undo";
        // Without a command that is meant it is whichever waits: there is never more than one.
        for (const LayoutCommand &command : m_layout.commands) {
            const bool meant =
                undone ? m_layout.command(*undone, tier) == &command : command.tier < 0 || tier < 0 || command.tier == tier;
            if (meant)
                plan.ops.insert(plan.ops.end(), command.undo.begin(), command.undo.end());
        }
        return plan;
    }
    const LayoutCommand *command = m_layout.command(act, tier);
    if (!command || !command->whyNot.isEmpty())
        return plan;
    plan.ops = command->ops;
    plan.guards = command->guard;
    if (command->scope != ActScope::Worker)
        return plan;
    const auto asksAlive = [](const LayoutCondition &one) { return one.kind == LayoutCondition::Kind::Alive && !one.negated; };
    if (std::none_of(plan.guards.begin(), plan.guards.end(), asksAlive))
        plan.guards.insert(plan.guards.begin(), aboutLife(LayoutCondition::Kind::Alive));
    plan.pickedUp = command->pickedUp;
    if (command->once)
        plan.once = command->pickedUp;
    if (!command->pickedUp.empty() || !command->draining.empty() || !command->gone.empty())
        plan.answer = "written";
    plan.pickedUpMs = command->pickedUpMs;
    return plan;
}

ScriptCall LayoutScripts::scriptFor(const Command &command, qint64 now) const
{
    Q_UNUSED(now)
    const Plan plan = planFor(command);
    LayoutCall call(m_layout, tierOf(command.worker), valuesFor(command), command.lastHeartbeat);
    call.add(plan.answer);
    call.addGuards(plan.guards, plan.once);
    call.addOps(plan.ops);
    return call.call();
}

void LayoutScripts::carryOut(RedisConnection &connection, const Command &command, const RedisUrl &url, qint64 now,
                             const Report &report) const
{
    const bool blind = isUnknown(command.worker) || (command.act == Act::Cancel && !command.undoes);
    ActScripts::carryOut(connection, command, url, now, [report, blind](const CommandProgress &progress, bool answered) {
        CommandProgress told = progress;
        // Whether there was anything that could have been picked up, this run does not know.
        if (blind && told.outcome == CommandProgress::Outcome::TooLate)
            told.setNote(CommandNote::NothingWasLeft);
        report(told, answered);
    });
}

CommandProgress LayoutScripts::decode(Act act, const RedisAnswer &answer, const RedisUrl &url) const
{
    using Outcome = CommandProgress::Outcome;
    if (const std::optional<CommandProgress> failed = failedCall(answer, url))
        return *failed;
    const RedisReply &reply = answer.reply;
    const QByteArrayView word = reply.at(0).bytes();
    CommandProgress progress;
    if (word == "written" || word == "done") {
        progress.outcome = word == "written" ? Outcome::Written : Outcome::Done;
        if (const qint64 receivers = reply.at(1).toInteger(-1); receivers >= 0)
            progress.receivers = qint32(qMin<qint64>(receivers, 1'000'000));
        return progress;
    }
    if (word == "too-late") {
        progress.outcome = Outcome::TooLate;
        progress.setNote(CommandNote::PickedUpAlready);
        return progress;
    }
    if (word == "guard")
        return guardFailed(act, reply, url);
    if (word == "exists")
        return layoutRefused(act == Act::PauseFleet || act == Act::PauseQueue ? Refusal::GuardFailed : Refusal::AlreadyCommanded,
                             LayoutTexts::tr("it is written already"));
    if (word == "taken") {
        return layoutRefused(
            Refusal::GuardFailed,
            LayoutTexts::tr("%1 is there already, and nothing is moved over it").arg(serverText(reply.at(1).bytes(), url)));
    }
    if (word == "nobody")
        return layoutRefused(Refusal::NobodyListens);
    if (word == "error") {
        const QByteArrayView words = reply.at(2).bytes();
        const bool wrongType = words.contains("WRONGTYPE");
        return layoutRefused(wrongType ? Refusal::NotAHash : refusalOf(words),
                             serverText(reply.at(1).bytes(), url) + u": "_s + plainWords(words, url));
    }
    // No script of ours says this: whatever answered, what it did is not known.
    progress.setNote(CommandNote::UnknownAnswer);
    return progress;
}

// Rights --------------------------------------------------------------------------------------------------------------

namespace {

/// A command that changes nothing, as what it names is not there. \a askOnly: there is none, so it may be asked about only.
std::vector<QByteArray> harmless(const LayoutCall::Need &need, const QByteArray &absent, bool *askOnly)
{
    const QByteArray &word = need.word;
    const QByteArray &key = need.key;
    const bool fresh = key.contains(absent);
    if (word == "TIME")
        return {word};
    if (word == "PUBSUB")
        return {word, "NUMSUB", key};
    if (word == "PUBLISH")
        return {word, key, ""};
    if (word == "LRANGE")
        return {word, key, "0", "0"};
    if (word == "RENAMENX")
        return {word, key, key}; // To its own name: nothing changes.
    if (word == "LREM")
        return {word, key, "1", absent};
    if (word == "HSET")
        return {word, key, absent, "", absent}; // A value is missing: never carried out.
    if (word == "ZADD")
        return {word, key, "XX", "0", absent};
    if (word == "SET" && fresh)
        return {word, key, "", "XX"};
    if (word == "EXPIRE" && fresh)
        return {word, key, "1"};
    if (word == "DEL" && fresh)
        return {word, key};
    static const QByteArrayList ofOne{"HMGET", "SISMEMBER", "ZSCORE", "HEXISTS", "SREM", "ZREM", "HDEL"};
    if (ofOne.contains(word))
        return {word, key, absent};
    static const QByteArrayList ofKey{"EXISTS", "PTTL", "MGET", "LLEN", "ZCARD", "SCARD", "HLEN"};
    if (ofKey.contains(word))
        return {word, key};
    *askOnly = true;
    if (word == "EXPIRE")
        return {word, key, "1"};
    if (word == "DEL")
        return {word, key};
    if (word == "XGROUP")
        return {word, "DELCONSUMER", key, absent, absent};
    return {word, key, absent};
}

} // namespace

LayoutScripts::RightsTable LayoutScripts::rightsTable(const QByteArray &absent) const
{
    RightsTable table;
    const auto needsOf = [this](const Plan &plan, int tier, const QByteArray &name) {
        LayoutVariables values = LayoutCall::valuesFor(m_layout, tier, m_prefix, name);
        values.insert("queue", name);
        LayoutCall call(m_layout, tier, values);
        call.addGuards(plan.guards, plan.once);
        call.addOps(plan.ops);
        return call;
    };
    const int tiers = int(m_layout.tiers.size()) + 1;
    for (const Act act : allActs) {
        for (int tier = 0; tier < tiers; ++tier) {
            const Plan plan = planFor(act, {}, tier);
            if (plan.isEmpty())
                continue;
            const LayoutCall tried = needsOf(plan, tier, absent);
            const LayoutCall shown = needsOf(plan, tier, "*");
            for (size_t i = 0; i < tried.needs().size(); ++i) {
                const LayoutCall::Need &need = tried.needs()[i];
                Right right;
                right.keys = shown.needs()[i].key;
                right.audible = need.word == "PUBLISH";
                // A channel is no key; what it is asked with has to be one that the script may touch.
                right.key = !need.channel && !need.key.isEmpty() ? need.key
                            : tried.keys().empty()               ? QByteArray()
                                                                 : tried.keys().front();
                right.words = harmless(need, absent, &right.askOnly);
                const auto known = std::find_if(table.rights.begin(), table.rights.end(), [&right](const Right &one) {
                    return one.words == right.words && one.keys == right.keys;
                });
                std::vector<int> &places = table.byAct[size_t(act)];
                const int place = int(known - table.rights.begin());
                if (known == table.rights.end())
                    table.rights.push_back(right);
                if (std::find(places.begin(), places.end(), place) == places.end())
                    places.push_back(place);
            }
        }
    }
    return table;
}

std::vector<ActScripts::Right> LayoutScripts::rights(const QByteArray &absent) const
{
    return rightsTable(absent).rights;
}

std::vector<int> LayoutScripts::rightsFor(Act act) const
{
    return rightsTable("absent").byAct[size_t(act)];
}

// Looking -------------------------------------------------------------------------------------------------------------

void LayoutScripts::lookUp(RedisConnection &connection, const Command &command, bool careful,
                           std::function<void(const CommandProgress &)> then) const
{
    Q_UNUSED(careful) // The script answers with numbers only.
    const Command *meant = &command;
    Command withdrawn;
    if (command.act == Act::Cancel && command.undoes) {
        withdrawn = command; // Whether what it withdraws is still there.
        withdrawn.act = *command.undoes;
        meant = &withdrawn;
    }
    const Plan plan = planFor(*meant);
    LayoutCall call(m_layout, tierOf(command.worker), valuesFor(command));
    call.add("look");
    call.addCount(3);
    call.addGuards(command.scope == ActScope::Worker ? LayoutConditions{aboutLife(LayoutCondition::Kind::Alive)}
                                                     : LayoutConditions());
    call.addWritten(plan.ops);
    const bool shows = showsSomething(plan.pickedUp);
    if (shows)
        call.addGuards(plan.pickedUp);
    else
        call.addWritten({});
    const auto timed = std::find_if(plan.ops.begin(), plan.ops.end(), [](const LayoutOp &op) { return op.expireS > 0; });
    if (timed == plan.ops.end())
        call.addCount(0);
    else
        call.addKey(timed->key.resolve(valuesFor(command)));
    call.call().send(connection, [then = std::move(then)](const RedisAnswer &answer) {
        CommandProgress found;
        if (!answer.ok() || answer.reply.at(0).bytes() != QByteArrayView("looked")) {
            found.text = answer.ok() ? LayoutTexts::tr("Redis refused to look") : answer.text();
            then(found);
            return;
        }
        const RedisReply &reply = answer.reply;
        found.outcome = CommandProgress::Outcome::Found;
        found.keyPresent = reply.at(2).toInteger() == 1;
        found.commandPresent = reply.at(3).toInteger() == 1;
        found.pickedUp = reply.at(4).toInteger() == 1;
        if (found.commandPresent && reply.at(1).toInteger() >= 0)
            found.commandTtl = qint32(qMin<qint64>(reply.at(1).toInteger(), std::numeric_limits<qint32>::max()));
        then(found);
    });
}

std::optional<PickUpProof> LayoutScripts::proofFor(const Command &command) const
{
    const Plan plan = planFor(command);
    const QByteArray &left = m_layout.liveness.goneIf;
    if (command.scope != ActScope::Worker || (plan.pickedUp.empty() && left.isEmpty()) || plan.isEmpty())
        return std::nullopt;
    LayoutCall call(m_layout, tierOf(command.worker), valuesFor(command));
    call.add("look");
    call.addCount(2);
    if (plan.pickedUp.empty())
        call.addWritten({});
    else
        call.addGuards(plan.pickedUp);
    if (left.isEmpty()) {
        call.addWritten({});
    } else {
        LayoutCondition ended;
        ended.kind = LayoutCondition::Kind::Exists;
        ended.field = left;
        call.addGuards({ended});
    }
    call.addCount(0);
    PickUpProof proof{call.call()};
    proof.withinMs = plan.pickedUpMs;
    proof.shows = showsSomething(plan.pickedUp) || plan.pickedUp.empty();
    for (const LayoutOp &op : plan.ops)
        proof.lastsMs = qMax(proof.lastsMs, qint64(op.expireS) * 1'000);
    return proof;
}

QStringList LayoutScripts::bytesFor(const Command &command) const
{
    return writtenLines(writtenWords(m_layout, planFor(command).ops, m_prefix), valuesFor(command));
}

} // namespace pulsedeck
