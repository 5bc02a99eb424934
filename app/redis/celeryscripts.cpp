// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celeryscripts.h"

#include "app/redis/redisfailure.h"

#include <QJsonArray>
#include <QUuid>

#include <algorithm>
#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using TalkOutcome = CommandProgress::Outcome;
using Mail = CeleryMailbox::Outcome;

CommandProgress talkRefused(Refusal refusal, const QString &text = {})
{
    CommandProgress progress;
    progress.outcome = TalkOutcome::Refused;
    progress.refusal = refusal;
    if (!text.isEmpty())
        progress.setText(text);
    return progress;
}

CommandProgress talkNews(TalkOutcome outcome, qint32 receivers = unknownValue)
{
    CommandProgress progress;
    progress.outcome = outcome;
    progress.receivers = receivers;
    return progress;
}

/// The names in an answer to active_queues; nothing if it is none.
std::optional<QStringList> queuesIn(const QJsonValue &answer)
{
    constexpr qsizetype mostQueues = 64;
    constexpr qsizetype longestQueue = 256;
    if (!answer.isArray())
        return std::nullopt;
    QStringList names;
    const QJsonArray queues = answer.toArray();
    for (const QJsonValue &queue : queues) {
        const QString name = queue.toObject().value("name"_L1).toString();
        if (!name.isEmpty() && name.size() <= longestQueue && names.size() < mostQueues)
            names.append(name);
    }
    return names;
}

QString messageLine(const QByteArray &channel, const QByteArray &node, const QByteArray &method, const QJsonObject &arguments,
                    bool answered)
{
    // Each message has marks of its own, which are not known before it is sent.
    std::optional<CeleryMessage::Reply> reply;
    if (answered)
        reply = CeleryMessage::Reply{"uuid", "reply.celery.pidbox", "uuid"};
    const QByteArray message = CeleryMessage::command(node, method, arguments, reply, "uuid");
    return u"PUBLISH %1 %2"_s.arg(QString::fromUtf8(channel), QString::fromUtf8(message));
}

/// It is asked first, and what follows depends on its answer.
QStringList changeLines(const QByteArray &channel, const QByteArray &node, const QByteArray &method, const QStringList &queues)
{
    QStringList lines{messageLine(channel, node, "active_queues", {}, true)};
    for (const QString &queue : queues)
        lines.append(messageLine(channel, node, method, {{u"queue"_s, queue}}, true));
    if (queues.isEmpty())
        lines.append(
            u"%1 %2"_s.arg(QString::fromLatin1(method), CeleryScripts::tr("for each queue, which it is asked for first")));
    return lines;
}

QStringList drainLines(const QByteArray &channel, const QByteArray &node, const QStringList &queues)
{
    return changeLines(channel, node, "cancel_consumer", queues) << messageLine(channel, node, "active", {}, true);
}

QStringList resumeLines(const QByteArray &channel, const QByteArray &node, const QStringList &queues)
{
    return changeLines(channel, node, "add_consumer", queues);
}

QStringList stopLines(const QByteArray &channel, const QByteArray &node, const QStringList &)
{
    return {messageLine(channel, node, "shutdown", {}, false)};
}

} // namespace

/// A command under way.
struct CeleryScripts::Talk
{
    QPointer<RedisConnection> connection;
    Command command;
    RedisUrl url;
    Report report;
    QStringList queues; ///< That are cancelled, or added.
    QStringList left; ///< Of these, those that are not yet.
    bool heard = false; ///< Something was changed, or may have been.
    qint32 receivers = unknownValue;
    bool written = false; ///< It was reported as that: from now on only what is seen is.
};

CeleryScripts::CeleryScripts(CeleryNodes &nodes, const QByteArray &prefix, int database, QObject *parent)
    : QObject(parent)
    , m_nodes(nodes)
    , m_nodeBindings(prefix + "_kombu.binding.celery.pidbox")
    , m_mailbox(new CeleryMailbox(prefix, database, this))
{ }

// Conversations -------------------------------------------------------------------------------------------------------

void CeleryScripts::carryOut(RedisConnection &connection, const Command &command, const RedisUrl &url, qint64,
                             const Report &report) const
{
    const auto talk = std::make_shared<Talk>();
    talk->connection = &connection;
    talk->command = command;
    talk->url = url;
    talk->report = report;
    // From the event loop, as all answers come.
    QMetaObject::invokeMethod(
        m_mailbox,
        [this, talk] {
            if (!talk->connection) {
                talk->report(talkRefused(Refusal::NotConnected), false);
                return;
            }
            if (refuses(talk))
                return;
            if (talk->command.act == Act::Drain)
                drain(talk);
            else if (talk->command.act == Act::Resume)
                resume(talk);
            else if (talk->command.act == Act::Shutdown)
                stop(talk);
            else
                reap(talk);
        },
        Qt::QueuedConnection);
}

/// What is known here already speaks against it.
bool CeleryScripts::refuses(const TalkRef &talk) const
{
    using Kind = CeleryStanding::Kind;
    const CeleryStanding standing = m_nodes.standing(talk->command.worker);
    CommandProgress refusal;
    if (talk->command.act == Act::Reap) {
        if (standing.kind == Kind::Ghost)
            return false;
        refusal = talkRefused(standing.kind == Kind::Unknown ? Refusal::KeyGone : Refusal::KeyBack);
    } else if (standing.kind == Kind::Unknown || standing.kind == Kind::Ghost) {
        refusal = talkRefused(Refusal::KeyGone);
    } else if (standing.kind == Kind::Leaving || standing.stopSent) {
        refusal = talkRefused(Refusal::AlreadyShuttingDown);
    } else {
        return false;
    }
    talk->report(refusal, false);
    return true;
}

/// The worker did not answer, or was not reached.
void CeleryScripts::failed(const TalkRef &talk, const CeleryMailbox::Result &result) const
{
    if (result.outcome == Mail::Heard)
        m_nodes.wasSilent(talk->command.worker);
    if (talk->heard)
        tellWritten(talk);
    if (talk->written) {
        // Where only the connection was lost, what is seen later says whether it obeyed.
        if (result.outcome != Mail::Lost)
            talk->report(talkNews(TalkOutcome::NotObeyed), true);
        return;
    }
    switch (result.outcome) {
    case Mail::Nobody:
        talk->report(talkRefused(Refusal::NobodyListens), true);
        return;
    case Mail::Refused:
        talk->report(result.error.isEmpty() ? talkRefused(Refusal::NotConnected)
                                            : talkRefused(refusalOf(result.error), plainWords(result.error, talk->url)),
                     false);
        return;
    case Mail::Lost:
        talk->report(talkNews(TalkOutcome::Unknown), false);
        return;
    case Mail::Heard:
    case Mail::Answered:
        talk->report(talkRefused(Refusal::GuardFailed, tr("it does not answer")), true);
        return;
    }
}

/// Once all of it is sent: whoever gave the command and waits for no more may end then.
void CeleryScripts::tellWritten(const TalkRef &talk) const
{
    if (std::exchange(talk->written, true))
        return;
    if (talk->command.act == Act::Drain)
        m_nodes.drains(talk->command.worker, talk->queues);
    CommandProgress written = talkNews(TalkOutcome::Written, talk->receivers);
    written.queues = talk->queues;
    talk->report(written, true);
}

bool CeleryScripts::askQueuesOf(RedisConnection &connection, const QByteArrayList &nodes) const
{
    if (m_mailbox->pending() > 0)
        return false; // A command comes first, and the one before may not be answered yet.
    m_mailbox->ask(connection, nodes, "active_queues", {}, [this](const CeleryMailbox::Result &result) {
        const std::optional<QStringList> queues = queuesIn(result.answer);
        if (result.outcome == Mail::Answered && queues)
            m_nodes.tookQueues(result.node, *queues);
    });
    return true;
}

void CeleryScripts::askQueues(const TalkRef &talk, const std::function<void(const QStringList &)> &then) const
{
    if (!talk->connection) {
        failed(talk, {});
        return;
    }
    m_mailbox->ask(*talk->connection, talk->command.worker, "active_queues", {},
                   [this, talk, then](const CeleryMailbox::Result &result) {
                       const std::optional<QStringList> queues = queuesIn(result.answer);
                       if (result.outcome != Mail::Answered || !queues) {
                           failed(talk, result);
                           return;
                       }
                       m_nodes.tookQueues(talk->command.worker, *queues);
                       then(*queues);
                   });
}

void CeleryScripts::drain(const TalkRef &talk) const
{
    askQueues(talk, [this, talk](const QStringList &queues) {
        if (queues.isEmpty()) {
            talk->report(talkRefused(Refusal::GuardFailed, tr("it serves no queue")), true);
            return;
        }
        talk->queues = talk->left = queues;
        changeNext(talk);
    });
}

void CeleryScripts::resume(const TalkRef &talk) const
{
    askQueues(talk, [this, talk](const QStringList &serves) {
        const QStringList served = m_nodes.standing(talk->command.worker).served;
        const QStringList wanted = !talk->command.queues.isEmpty() ? talk->command.queues
                                   : serves.isEmpty()              ? served
                                                                   : QStringList();
        for (const QString &queue : wanted) {
            if (!serves.contains(queue) && !talk->queues.contains(queue))
                talk->queues.append(queue);
        }
        if (!talk->queues.isEmpty()) {
            talk->left = talk->queues;
            changeNext(talk);
        } else if (!serves.isEmpty()) {
            talk->report(talkRefused(Refusal::GuardFailed, tr("it serves %1").arg(serves.join(u", "_s))), true);
        } else {
            talk->report(talkRefused(Refusal::GuardFailed, tr("it serves no queue, and which it served before is not known: name "
                                                              "them with pulsedeckctl resume --queue")),
                         true);
        }
    });
}

/// One queue after the other.
void CeleryScripts::changeNext(const TalkRef &talk) const
{
    if (!talk->connection) {
        failed(talk, {});
        return;
    }
    if (talk->left.isEmpty()) {
        if (talk->command.act == Act::Drain)
            countWork(talk);
        else
            prove(talk);
        return;
    }
    const QByteArray method = talk->command.act == Act::Drain ? "cancel_consumer" : "add_consumer";
    m_mailbox->ask(*talk->connection, talk->command.worker, method, {{u"queue"_s, talk->left.takeFirst()}},
                   [this, talk](const CeleryMailbox::Result &result) {
                       talk->heard = talk->heard || result.outcome == Mail::Answered || result.outcome == Mail::Heard;
                       if (result.receivers > 0)
                           talk->receivers = result.receivers;
                       if (result.outcome == Mail::Answered && result.answer.toObject().contains("ok"_L1))
                           changeNext(talk);
                       else
                           failed(talk, result);
                   });
}

/// What it still does, now that it takes nothing more: its last beat may be older than the task it works on.
void CeleryScripts::countWork(const TalkRef &talk) const
{
    if (!talk->connection) {
        failed(talk, {});
        return;
    }
    m_mailbox->ask(*talk->connection, talk->command.worker, "active", {}, [this, talk](const CeleryMailbox::Result &result) {
        // The tasks themselves, with their arguments, are of no concern. Without an answer its next beat says it.
        if (result.outcome == Mail::Answered && result.answer.isArray())
            m_nodes.tookActive(talk->command.worker, qint32(result.answer.toArray().size()));
        if (result.outcome == Mail::Lost)
            failed(talk, result);
        else
            prove(talk);
    });
}

/// "ok" is no proof: the worker says which queues it serves now.
void CeleryScripts::prove(const TalkRef &talk) const
{
    askQueues(talk, [this, talk](const QStringList &queues) {
        tellWritten(talk);
        const bool drains = talk->command.act == Act::Drain;
        const bool obeyed = std::all_of(talk->queues.cbegin(), talk->queues.cend(),
                                        [&](const QString &queue) { return queues.contains(queue) != drains; });
        talk->report(talkNews(obeyed ? TalkOutcome::PickedUp : TalkOutcome::NotObeyed), true);
    });
}

/// Sent once. It has no answer: the worker says that it is offline, and that is news of the worker.
void CeleryScripts::stop(const TalkRef &talk) const
{
    const QByteArray node = talk->command.worker;
    const qint64 pid = m_nodes.standing(node).pid;
    m_mailbox->tell(*talk->connection, node, "shutdown", [this, talk, node, pid](const CeleryMailbox::Result &result) {
        if (result.outcome != Mail::Heard) {
            failed(talk, result);
            return;
        }
        m_nodes.sentStop(node);
        talk->written = true;
        talk->report(talkNews(TalkOutcome::Written, result.receivers), true);
        QTimer::singleShot(obeyedWithinMs, m_mailbox, [this, talk, node, pid] {
            const CeleryStanding standing = m_nodes.standing(node);
            if (standing.kind == CeleryStanding::Kind::Here && standing.pid == pid)
                talk->report(talkNews(TalkOutcome::NotObeyed), true);
        });
    });
}

void CeleryScripts::reap(const TalkRef &talk) const
{
    m_mailbox->ask(*talk->connection, talk->command.worker, "ping", {}, [this, talk](const CeleryMailbox::Result &result) {
        if (result.outcome == Mail::Answered) {
            talk->report(talkRefused(Refusal::KeyBack, tr("it answers")), true);
            return;
        }
        // Heard, by others: it does not answer.
        const bool silent = result.outcome == Mail::Nobody || result.outcome == Mail::Heard;
        if (!silent || !talk->connection || refuses(talk)) {
            if (!silent)
                failed(talk, result);
            else if (!talk->connection)
                talk->report(talkRefused(Refusal::NotConnected), false);
            return;
        }
        const QByteArray member = "\x06\x16\x06\x16" + talk->command.worker + ".celery.pidbox";
        talk->connection->request({"SREM", m_nodeBindings, member}, [talk](const RedisAnswer &answer) {
            if (const std::optional<CommandProgress> wrong = failedCall(answer, talk->url))
                talk->report(*wrong, false);
            else
                talk->report(answer.reply.toInteger() > 0 ? talkNews(TalkOutcome::Done) : talkRefused(Refusal::KeyGone), true);
        });
    });
}

// Rights --------------------------------------------------------------------------------------------------------------

std::vector<ActScripts::Right> CeleryScripts::rights(const QByteArray &absent) const
{
    const QByteArray list = absent + ".reply.celery.pidbox";
    // Heard by all, meant for none.
    const QByteArray toNobody =
        CeleryMessage::command("-", "ping", {}, {}, QUuid::createUuid().toByteArray(QUuid::WithoutBraces));
    const auto right = [](const QByteArray &keys, const std::vector<QByteArray> &words, bool audible = false) {
        Right one;
        one.keys = keys;
        one.words = words;
        one.audible = audible;
        return one;
    };
    return {right(m_mailbox->channel(), {"PUBLISH", m_mailbox->channel(), toNobody}, true),
            right(m_mailbox->bindingsKey(), {"SREM", m_mailbox->bindingsKey(), absent}),
            right("*.reply.celery.pidbox", {"LPOP", list}), right("*.reply.celery.pidbox", {"DEL", list}),
            right(m_nodeBindings, {"SREM", m_nodeBindings, absent})};
}

std::vector<int> CeleryScripts::rightsFor(Act act) const
{
    if (act == Act::Shutdown)
        return {0};
    if (act == Act::Drain || act == Act::Resume)
        return {0, 1, 2, 3};
    return act == Act::Reap ? std::vector<int>{0, 1, 2, 3, 4} : std::vector<int>();
}

// Looking -------------------------------------------------------------------------------------------------------------

void CeleryScripts::lookUp(RedisConnection &, const Command &command, bool,
                           std::function<void(const CommandProgress &)> then) const
{
    using Kind = CeleryStanding::Kind;
    QMetaObject::invokeMethod(
        m_mailbox,
        [this, command, then = std::move(then)] {
            if (command.act == Act::Drain || command.act == Act::Resume)
                m_nodes.askSoon(command.worker); // What is known may be from before the order.
            const CeleryStanding standing = m_nodes.standing(command.worker);
            CommandProgress found = talkNews(TalkOutcome::Found);
            found.keyPresent = standing.kind == Kind::Here || standing.kind == Kind::Leaving;
            found.pickedUp = command.act == Act::Drain    ? standing.drained
                             : command.act == Act::Resume ? found.keyPresent && !standing.drained
                                                          : standing.kind == Kind::Leaving;
            then(found);
        },
        Qt::QueuedConnection);
}

QStringList CeleryScripts::bytesFor(const Command &command) const
{
    SourceTraits traits;
    describe(traits);
    const ActTraits &act = traits.of(command.act);
    const QStringList served = command.queues.isEmpty() ? m_nodes.standing(command.worker).served : command.queues;
    return act.messages ? act.messages(act.channel, command.worker, served) : QStringList();
}

void CeleryScripts::describe(SourceTraits &traits) const
{
    traits.acts[size_t(Act::Drain)].messages = drainLines;
    traits.acts[size_t(Act::Resume)].messages = resumeLines;
    traits.acts[size_t(Act::Shutdown)].messages = stopLines;
    for (const Act act : {Act::Drain, Act::Resume, Act::Shutdown})
        traits.acts[size_t(act)].channel = m_mailbox->channel();
    traits.acts[size_t(Act::Resume)].asks = true;
}

// Of systems with scripts ---------------------------------------------------------------------------------------------

ScriptCall CeleryScripts::scriptFor(const Command &, qint64) const
{
    return ScriptCall::forRight({}, {"PING"}); // Never sent: see carryOut().
}

CommandProgress CeleryScripts::decode(Act, const RedisAnswer &, const RedisUrl &) const
{
    return talkNews(TalkOutcome::Unknown);
}

} // namespace pulsedeck
