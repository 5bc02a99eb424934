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
    } else if (talk->command.act == Act::Resume && standing.served.isEmpty()) {
        refusal = talkRefused(Refusal::NotDrained, tr("which queues it served is not known here"));
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
    if (talk->written) {
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
    talk->queues = talk->left = m_nodes.standing(talk->command.worker).served;
    changeNext(talk);
}

/// One queue after the other.
void CeleryScripts::changeNext(const TalkRef &talk) const
{
    if (!talk->connection) {
        failed(talk, {});
        return;
    }
    if (talk->left.isEmpty()) {
        prove(talk);
        return;
    }
    const QByteArray method = talk->command.act == Act::Drain ? "cancel_consumer" : "add_consumer";
    m_mailbox->ask(*talk->connection, talk->command.worker, method, {{u"queue"_s, talk->left.takeFirst()}},
                   [this, talk](const CeleryMailbox::Result &result) {
                       const bool heard = result.outcome == Mail::Answered || result.outcome == Mail::Heard;
                       if (heard && !std::exchange(talk->written, true))
                           talk->report(talkNews(TalkOutcome::Written, result.receivers), true);
                       if (result.outcome == Mail::Answered && result.answer.toObject().contains("ok"_L1))
                           changeNext(talk);
                       else
                           failed(talk, result);
                   });
}

/// "ok" is no proof: the worker says which queues it serves now.
void CeleryScripts::prove(const TalkRef &talk) const
{
    askQueues(talk, [talk](const QStringList &queues) {
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
    const auto line = [&](const QByteArray &method, const QJsonObject &arguments) {
        const QByteArray message = CeleryMessage::command(command.worker, method, arguments, {}, "uuid");
        return u"PUBLISH %1 %2"_s.arg(QString::fromUtf8(m_mailbox->channel()), QString::fromUtf8(message));
    };
    QStringList lines;
    const QStringList queues = m_nodes.standing(command.worker).served;
    if (command.act == Act::Shutdown)
        lines.append(line("shutdown", {}));
    for (const QString &queue : queues) {
        if (command.act == Act::Drain)
            lines.append(line("cancel_consumer", {{u"queue"_s, queue}}));
        else if (command.act == Act::Resume)
            lines.append(line("add_consumer", {{u"queue"_s, queue}}));
    }
    return lines;
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
