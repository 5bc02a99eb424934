// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubfigures.h"

namespace pulsedeck {

namespace {

using Kind = HubCall::Kind;

/// Messages per second between two counts of one window; nothing if the count went backwards.
std::optional<double> countRate(qint64 before, qint64 now, qint64 ms)
{
    if (now < before)
        return std::nullopt;
    return double(now - before) * 1000.0 / double(ms);
}

} // namespace

HubFigures::Index HubFigures::indexOf(Kind kind)
{
    switch (kind) {
    case Kind::Health:
        return Health;
    case Kind::Metrics:
        return Metrics;
    case Kind::QueueStats:
        return Queue;
    default:
        return Count;
    }
}

QString HubFigures::problem() const
{
    for (const Request &request : m_requests) {
        if (!request.problem.isEmpty())
            return request.problem;
    }
    return {};
}

std::vector<Kind> HubFigures::due(qint64 now, bool watched) const
{
    std::vector<Kind> due;
    const auto review = [&](Kind kind, int every) {
        const Request &request = m_requests[indexOf(kind)];
        if (request.underWay.isNull() && (request.at == 0 || now - request.at >= every))
            due.push_back(kind);
    };
    review(Kind::Health, watched ? healthEveryMs : healthCalmMs);
    if (watched) {
        review(Kind::Metrics, metricsEveryMs);
        review(Kind::QueueStats, healthEveryMs);
    }
    return due;
}

bool HubFigures::isUnderWay(Kind kind) const
{
    return !m_requests[indexOf(kind)].underWay.isNull();
}

void HubFigures::setRequested(Kind kind, const QUuid &id, qint64 now)
{
    Request &request = m_requests[indexOf(kind)];
    request.underWay = id;
    request.at = now;
}

void HubFigures::expire(Request &request, qint64 now, qint64 ms)
{
    if (now - request.at >= ms)
        request.at = 0;
}

void HubFigures::expire(qint64 now, qint64 ms)
{
    for (Request &request : m_requests)
        expire(request, now, ms);
}

bool HubFigures::take(const HubCallAnswer &answer, qint64 now)
{
    const Index index = indexOf(answer.kind);
    if (index == Count)
        return false;
    Request &request = m_requests[index];
    if (request.underWay == answer.id)
        request.underWay = {};
    request.problem = answer.ok() ? QString() : answer.text;
    const qint64 at = answer.at > 0 ? answer.at : now;
    if (const auto *health = answer.as<HubHealth>()) {
        m_health = *health;
        m_healthAt = at;
        request.problem = health->healthy ? QString() : health->problem;
    }
    if (const auto *metrics = answer.as<hub::Metrics>())
        addMetrics(*metrics, at);
    if (const auto *stats = answer.as<hub::QueueStats>())
        m_queueStats = *stats;
    return true;
}

void HubFigures::addMetrics(const hub::Metrics &metrics, qint64 at)
{
    HubMetricsSample sample;
    sample.at = at;
    sample.metrics = metrics;
    if (!m_metrics.empty()) {
        const hub::Metrics &before = m_metrics.back().metrics;
        // The hub's own times where it reports them: how long an answer was under way does not bend the rate.
        const bool timed = metrics.timestamp > 0 && before.timestamp > 0;
        const qint64 ms = timed ? metrics.timestamp - before.timestamp : at - m_metrics.back().at;
        if (metrics.windowStart == before.windowStart && ms > 0) {
            sample.receivedPerSecond = countRate(before.received, metrics.received, ms);
            sample.sentPerSecond = countRate(before.sent, metrics.sent, ms);
            sample.errorsPerSecond = countRate(before.errors, metrics.errors, ms);
        }
    }
    m_metrics.push_back(sample);
    while (m_metrics.size() > mostMetrics)
        m_metrics.pop_front();
}

} // namespace pulsedeck
