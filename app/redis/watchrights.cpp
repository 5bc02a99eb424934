// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/watchrights.h"

#include <QPointer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

WatchRights::WatchRights(const Layout &layout, const QByteArray &prefix, const QByteArray &sample, QObject *parent)
    : QObject(parent)
{
    const LayoutVariables open{{"prefix", prefix}, {"id", "*"}, {"queue", "*"}, {"key", "*"}};
    const LayoutVariables absent{{"prefix", prefix}, {"id", "pulsedeck-probe"}, {"queue", "pulsedeck-probe"}, {"key", sample}};
    for (const LayoutDiscovery &discovery : layout.discover)
        addDiscovery(discovery, open, absent);
    if (layout.findsOnly(LayoutDiscovery::Kind::Stream) && !sample.isEmpty()) {
        add({"XINFO", "GROUPS", sample}, "*", 2);
        add({"XINFO", "CONSUMERS", sample, "pulsedeck-probe"}, "*", 2);
    }
    if (layout.record.type != LayoutRecord::Type::None) {
        const QByteArray key = sample.isEmpty() ? layout.record.key.resolve(absent) : sample;
        const QByteArray on = layout.record.key.resolve(open);
        if (layout.record.type == LayoutRecord::Type::Hash)
            add({"HMGET", key, "pulsedeck-probe"}, on);
        else
            add({"STRLEN", key}, on);
        if (layout.record.isSecret)
            add({"EVAL_RO", "return 0", "1", key}, on);
        add({"PTTL", key}, on);
    }
    if (!layout.liveness.listener.isEmpty())
        add({"PUBSUB", "NUMSUB", "pulsedeck-probe"}, {}, 2);
    addQueues(layout.queues, open, absent);
}

void WatchRights::add(const QByteArrayList &words, const QByteArray &on, int named)
{
    const bool known =
        std::any_of(m_trials.begin(), m_trials.end(), [&words](const Trial &trial) { return trial.words == words; });
    if (!known)
        m_trials.push_back({words, on, named});
}

void WatchRights::addDiscovery(const LayoutDiscovery &discovery, const LayoutVariables &open, const LayoutVariables &absent)
{
    using Kind = LayoutDiscovery::Kind;
    const QByteArray key = discovery.key.resolve(absent);
    const QByteArray on = discovery.key.resolve(open);
    switch (discovery.kind) {
    case Kind::Scan:
    case Kind::Stream:
        add({"SCAN", "0", "COUNT", "1"});
        break;
    case Kind::Set:
        add({"SSCAN", key, "0", "COUNT", "1"}, on);
        break;
    case Kind::SortedSet:
        add({"ZSCAN", key, "0", "COUNT", "1"}, on);
        break;
    case Kind::Hash:
        add({"HSCAN", key, "0", "COUNT", "1"}, on);
        break;
    case Kind::Lock:
        add({"PTTL", key}, on);
        break;
    case Kind::Channels:
        add({"PUBSUB", "CHANNELS", "pulsedeck-probe"}, {}, 2);
        break;
    case Kind::Clients:
        add({"CLIENT", "LIST", "ID", "1"}, {}, 2);
        break;
    case Kind::Events:
        break; // Whether these may be subscribed to is found out by doing it, see EventListener.
    }
}

void WatchRights::addQueues(const LayoutQueues &queues, const LayoutVariables &open, const LayoutVariables &absent)
{
    if (queues.kind == LayoutQueues::Kind::Set)
        add({"SMEMBERS", queues.key.resolve(absent)}, queues.key.resolve(open));
    for (const LayoutCondition &all : queues.allPaused) {
        const QByteArray key = all.key.resolve(absent);
        add({all.kind == LayoutCondition::Kind::KeyEqual ? "GET" : "EXISTS", key}, key);
    }
    for (const auto *counts : {&queues.depth, &queues.atWork, &queues.delayed, &queues.failed}) {
        for (const LayoutQueues::Count &count : *counts) {
            using enum LayoutQueues::Count::How;
            const QByteArray command = count.how == LLen    ? "LLEN"
                                       : count.how == ZCard ? "ZCARD"
                                       : count.how == SCard ? "SCARD"
                                       : count.how == HLen  ? "HLEN"
                                                            : "";
            if (!command.isEmpty())
                add({command, count.key.resolve(absent)}, count.key.resolve(open));
        }
    }
}

void WatchRights::start(RedisConnection &connection)
{
    m_waiting = int(m_trials.size());
    for (const Trial &trial : m_trials) {
        QByteArray name = trial.words.mid(0, trial.named).join(' ');
        if (!trial.on.isEmpty())
            name += " on " + trial.on;
        const std::vector<QByteArrayView> words(trial.words.begin(), trial.words.end());
        connection.request(words, [self = QPointer<WatchRights>(this), name](const RedisAnswer &answer) {
            if (!self || (!answer.ok() && answer.outcome != RedisAnswer::Outcome::Error))
                return;
            // Any other error is no question of rights.
            if (answer.isError("NOPERM") && !self->m_missing.contains(QString::fromUtf8(name)))
                self->m_missing.append(QString::fromUtf8(name));
            if (--self->m_waiting == 0)
                emit self->finished();
        });
    }
    if (m_trials.empty())
        QMetaObject::invokeMethod(this, &WatchRights::finished, Qt::QueuedConnection);
}

} // namespace pulsedeck
