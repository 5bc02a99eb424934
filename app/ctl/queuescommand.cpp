// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/queuescommand.h"

#include "app/ctl/fleettext.h"
#include "models/fleet/queuefacts.h"

#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QueuesCommand::QueuesCommand(const CtlOptions &options, Output &output)
    : FleetCommand(options, output, true, "pulsedeckctl-queues")
{
    m_wait.setSingleShot(true);
    // Without a wait for heartbeats queues are looked for all the same.
    m_wait.setInterval(qMax(options.settles ? options.settleMs : 0, usualWaitMs));
    connect(&m_sources, &SourceSet::sourceChanged, this, &QueuesCommand::look);
    connect(&m_wait, &QTimer::timeout, this, &QueuesCommand::endWait);
    connect(&m_limit, &QTimer::timeout, this, &QueuesCommand::finish);
}

void QueuesCommand::look()
{
    if (m_sources.settledCount() < m_sources.count() || m_wait.isActive())
        return;
    m_limit.stop();
    m_wait.start();
}

/// Workers that make themselves known by messages are waited for: nothing is said of their queues before.
void QueuesCommand::endWait()
{
    const FleetStore &store = m_sources.store();
    const std::vector<SourceId> sources = store.sources();
    m_waitedMs += m_wait.interval();
    const bool listens = std::any_of(sources.begin(), sources.end(), [&store](SourceId source) {
        const SourceStatus status = store.sourceStatus(source);
        return status.isConnected() && status.listening;
    });
    if (listens && m_waitedMs < m_options.settleMs)
        m_wait.start(listenMs);
    else
        finish();
}

void QueuesCommand::finish()
{
    if (isEnded())
        return;
    m_wait.stop();
    FleetStore &store = m_sources.store();
    store.publish();
    const std::vector<QueueFacts> queues = queueFacts(store);
    bool missing = false;
    bool readable = false;
    for (const SourceId source : store.sources()) {
        const bool read = m_sources.isComplete(source) || m_sources.isCutOff(source, false);
        readable = readable || read;
        missing = missing || !read || store.sourceStatus(source).isPartial();
        if (!m_sources.isComplete(source) || store.sourceStatus(source).isCutOff())
            Output::complain(printable(m_sources.trouble(source)));
        for (const QString &pause : m_sources.pauses(source))
            Output::complain(printable(pause));
        for (const QString &limit : m_sources.limits(source))
            Output::complain(printable(limit));
    }
    const bool findings =
        std::any_of(queues.begin(), queues.end(), [](const QueueFacts &queue) { return queue.state == QueueState::Unserved; });
    CtlExit code = missing ? CtlExit::NoConnection : findings ? CtlExit::Findings : CtlExit::Done;
    if (readable)
        code = m_output.print(m_options.json ? queueJson(store) : queueTable(store), code);
    end(code);
}

QByteArray queueTable(const FleetStore &store)
{
    std::vector<QStringList> rows{{u"QUEUE"_s, u"SYSTEM"_s, u"SOURCE"_s, u"WAITING"_s, u"AT WORK"_s, u"DELAYED"_s, u"OLDEST"_s,
                                   u"IN/MIN"_s, u"OUT/MIN"_s, u"WORKERS"_s, u"STATE"_s}};
    for (const QueueFacts &queue : queueFacts(store)) {
        const QueueSample &latest = queue.latest;
        rows.push_back({queue.name, queue.key.system, queue.source, queueCountText(latest.waiting), queueCountText(latest.atWork),
                        queueCountText(latest.delayed), queueAgeText(latest.oldestMs), queueRateText(queue.inPerMinute),
                        queueRateText(queue.outPerMinute), queueCountText(queue.workersKnown ? queue.workerCount() : -1),
                        queueStateText(queue)});
    }
    return textTable(rows, {3, 4, 5, 6, 7, 8, 9});
}

QByteArray queueJson(const FleetStore &store)
{
    QByteArray out = "[";
    const char *separator = "\n";
    for (const QueueFacts &queue : queueFacts(store)) {
        const QueueSample &latest = queue.latest;
        const auto known = [](qint64 count) { return count < 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(count); };
        const auto rate = [](double perMinute) {
            return perMinute < 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(double(qRound64(perMinute * 10)) / 10);
        };
        const FleetPause *const pause = store.queues().fleetPause(queue.key.source, queue.key.system);
        const QJsonObject object{
            {u"queue"_s, QString::fromUtf8(queue.key.name)},
            {u"system"_s, queue.key.system},
            {u"source"_s, queue.source},
            {u"waiting"_s, known(latest.waiting)},
            {u"atWork"_s, known(latest.atWork)},
            {u"delayed"_s, known(latest.delayed)},
            {u"failed"_s, known(latest.failed)},
            {u"oldestMs"_s, known(latest.oldestMs)},
            {u"inPerMinute"_s, rate(queue.inPerMinute)},
            {u"outPerMinute"_s, rate(queue.outPerMinute)},
            {u"workers"_s, known(queue.workersKnown ? queue.workerCount() : -1)},
            {u"state"_s, queueStateName(queue.state)},
            {u"beat"_s, latest.served     ? QJsonValue(u"there"_s)
                        : latest.unserved ? QJsonValue(u"stopped"_s)
                                          : QJsonValue(QJsonValue::Null)},
            {u"systemPaused"_s, pause && pause->latest.known ? QJsonValue(pause->latest.paused) : QJsonValue(QJsonValue::Null)},
            {u"paused"_s, latest.pausable ? QJsonValue(latest.paused) : QJsonValue(QJsonValue::Null)},
            {u"canPause"_s, latest.traits->offers(Act::PauseQueue)},
        };
        out += separator;
        out += printableJson(object);
        separator = ",\n";
    }
    out += "\n]\n";
    return out;
}

} // namespace pulsedeck
