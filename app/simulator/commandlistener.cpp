// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/commandlistener.h"

#include "app/simulator/workertable.h"

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr QByteArrayView commandPrefix("worker:cmd:");
const char timingChannel[] = "fleet:timing";

bool isListening(const SimWorker &worker)
{
    using Process = SimWorker::Process;
    return worker.typed && !worker.cutOff && (worker.process == Process::Running || worker.process == Process::Leaving);
}

} // namespace

CommandListener::CommandListener(const RedisUrl &url, WorkerTable &table, QObject *parent)
    : QObject(parent)
    , m_table(table)
{
    RedisConnectionOptions options;
    options.clientName = "pulsedeck-fleet-listener";
    options.replyTimeoutMs = 30'000;
    options.backoffCapMs = 2'000;
    m_link = new RedisConnection(url, options, this);
    m_link->subscribe(timingChannel);
    connect(m_link, &RedisConnection::stateChanged, this, &CommandListener::onState);
    connect(m_link, &RedisConnection::pushed, this, &CommandListener::onPushed);
}

void CommandListener::open()
{
    m_link->open();
}

void CommandListener::cut()
{
    m_link->close();
}

void CommandListener::end()
{
    delete std::exchange(m_link, nullptr);
}

void CommandListener::add(quint32 slot)
{
    const SimWorker &worker = m_table[slot];
    if (!worker.typed || !isReady())
        return; // Not ready: all that are listening are subscribed when it is.
    m_link->request({"SUBSCRIBE", worker.commandKey()}, [this, slot, life = worker.life](const RedisAnswer &answer) {
        if (answer.ok())
            emit subscribed(slot, life);
    });
}

void CommandListener::remove(quint32 slot)
{
    const SimWorker &worker = m_table[slot];
    if (worker.typed && isReady())
        m_link->request({"UNSUBSCRIBE", worker.commandKey()}, {});
}

void CommandListener::onState(RedisConnection::State state)
{
    if (state == RedisConnection::State::Ready) {
        m_everReady = true;
        for (quint32 slot = 0; slot < m_table.size(); ++slot) {
            if (isListening(m_table[slot]))
                add(slot);
        }
        emit ready();
        emit timingChanged(); // It may have changed unheard.
    } else if (!m_everReady && (state == RedisConnection::State::Waiting || state == RedisConnection::State::Closed)) {
        const RedisFailure failure = m_link->failure();
        if (failure.kind != RedisFailure::Kind::Loading)
            emit failed(failure);
    }
}

void CommandListener::onPushed(const RedisReply &message)
{
    const QByteArrayView channel = message.at(1).bytes();
    if (channel == QByteArrayView(timingChannel)) {
        emit timingChanged();
        return;
    }
    if (!channel.startsWith(commandPrefix) || message.at(2).bytes() != QByteArrayView("shutdown"))
        return; // Workers act on no other word.
    const qint64 slot = m_table.find(channel.sliced(commandPrefix.size()));
    if (slot >= 0 && isListening(m_table[quint32(slot)]))
        emit shutdownHeard(quint32(slot));
}

} // namespace pulsedeck::fleet
