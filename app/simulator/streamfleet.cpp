// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/streamfleet.h"

#include <utility>

namespace pulsedeck::fleet {

namespace {

constexpr char groupName[] = "workers";

} // namespace

StreamFleet::StreamFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray StreamFleet::nameProcess(quint32 slot)
{
    return process(slot).host + '-' + QByteArray::number(process(slot).pid);
}

QByteArray StreamFleet::queueOf(quint32 slot) const
{
    return queues()[qsizetype(slot) % queues().size()];
}

/// It has none; this only looks whether it can read again.
qint64 StreamFleet::beatMs(quint32) const
{
    return scaled(1000);
}

void StreamFleet::enroll(quint32 slot)
{
    m_reading.resize(size());
    m_entries.resize(size());
    for (std::vector<bool> *mode : {&m_hoards, &m_endless, &m_lost}) {
        mode->resize(size());
        (*mode)[slot] = false;
    }
    m_reading[slot] = false;
    m_entries[slot].clear();
    send({"XGROUP", "CREATE", queueOf(slot), groupName, "0", "MKSTREAM"}); // An error where it is there already.
    openOwn(slot, {}, false);
}

void StreamFleet::ownReady(quint32 slot)
{
    if (own(slot)->generation() == 1)
        ownDone();
    m_reading[slot] = false;
    readNext(slot);
}

void StreamFleet::beat(quint32 slot)
{
    readNext(slot);
}

void StreamFleet::everySecond()
{
    for (quint32 slot = 0; slot < quint32(m_lost.size()); ++slot) {
        if (!m_lost[slot] || !process(slot).running || process(slot).frozen)
            continue;
        m_lost[slot] = false;
        m_entries[slot].clear();
        send({"XGROUP", "CREATE", queueOf(slot), groupName, "$", "MKSTREAM"},
             [this, slot](const RedisAnswer &) { readNext(slot); });
    }
}

bool StreamFleet::act(const QByteArray &verb, quint32 slot, std::optional<double>)
{
    if (verb == "drop") {
        send({"XGROUP", "DESTROY", queueOf(slot), groupName});
        return true;
    }
    (verb == "hoard" ? m_hoards : m_endless)[slot] = true;
    return true;
}

void StreamFleet::thawed(quint32 slot)
{
    readNext(slot);
}

void StreamFleet::readNext(quint32 slot)
{
    const SimProcess &process = this->process(slot);
    if (m_reading[slot] || process.frozen || process.quiet || !own(slot) || int(process.jobs.size()) >= capacity(slot))
        return;
    m_reading[slot] = true;
    own(slot)->request({"XREADGROUP", "GROUP", groupName, process.id, "COUNT", "1", "BLOCK", m_endless[slot] ? "0" : "5000",
                        "STREAMS", queueOf(slot), ">"},
                       [this, slot, life = process.life](const RedisAnswer &answer) {
                           const SimProcess &now = this->process(slot);
                           if (now.life != life || !now.running || isStopping())
                               return;
                           m_reading[slot] = false;
                           if (!answer.ok()) {
                               m_lost[slot] = answer.outcome == RedisAnswer::Outcome::Error;
                               return;
                           }
                           const RedisReply entry = answer.reply.at(0).at(1).at(0);
                           if (entry.isArray()) {
                               m_entries[slot].append(entry.at(0).bytes().toByteArray());
                               startJob(slot, queueOf(slot));
                           }
                           readNext(slot);
                       });
}

void StreamFleet::jobEnded(quint32 slot, const SimJob &job, bool)
{
    if (m_hoards[slot])
        m_entries[slot].clear();
    if (!m_entries[slot].isEmpty())
        send({"XACK", job.queue, groupName, m_entries[slot].takeFirst()});
    readNext(slot);
}

void StreamFleet::leave(quint32)
{ }

void StreamFleet::loseKeys(quint32 slot)
{
    send({"XGROUP", "DELCONSUMER", queueOf(slot), groupName, process(slot).id});
}

void StreamFleet::pushJob(const QByteArray &queue)
{
    send({"XADD", queue, "MAXLEN", "~", "1000", "*", "job", "{}"});
}

/// Each reads by itself.
bool StreamFleet::mayTake(quint32, const QByteArray &) const
{
    return false;
}

} // namespace pulsedeck::fleet
