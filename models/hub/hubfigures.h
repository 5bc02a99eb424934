// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubcall.h"

#include <array>
#include <deque>
#include <optional>
#include <vector>

namespace pulsedeck {

/// One answer to a request for metrics, with the rates since the one before.
struct HubMetricsSample
{
    qint64 at = 0; ///< Console's clock, ms.
    hub::Metrics metrics;
    /// Messages per second since the sample before, in the same window of the hub; empty where the hub began a new one.
    std::optional<double> receivedPerSecond;
    std::optional<double> sentPerSecond;
    std::optional<double> errorsPerSecond;
};

/// Health, metrics and queue statistics of one hub, and when each is to be requested again. A value; times are the
/// console's clock in ms.
class HubFigures
{
public:
    static constexpr size_t mostMetrics = 720; ///< Samples kept: an hour at one in five seconds.
    static constexpr int metricsEveryMs = 5'000;
    static constexpr int healthEveryMs = 15'000; ///< While the page is visible; queue statistics too.
    static constexpr int healthCalmMs = 60'000; ///< While it is connected and the page is not visible.

    const std::optional<HubHealth> &health() const { return m_health; }
    qint64 healthAt() const { return m_healthAt; } ///< 0 if it was never read.
    const std::deque<HubMetricsSample> &metrics() const { return m_metrics; }
    const std::optional<hub::QueueStats> &queueStats() const { return m_queueStats; }
    /// Why the last request for one of them failed; empty if none did.
    QString problem() const;

    /// What is to be requested now: nothing that is under way.
    std::vector<HubCall::Kind> due(qint64 now, bool watched) const;
    bool isUnderWay(HubCall::Kind kind) const;
    /// \a id is the request that was sent.
    void setRequested(HubCall::Kind kind, const QUuid &id, qint64 now);
    /// What was requested longer ago than \a ms is due at once.
    void expire(qint64 now, qint64 ms);
    void expireHealth(qint64 now, qint64 ms) { expire(m_requests[Health], now, ms); }
    /// False if it answers none of these.
    bool take(const HubCallAnswer &answer, qint64 now);
    /// The next sample, received at \a at.
    void addMetrics(const hub::Metrics &metrics, qint64 at);

private:
    enum Index : size_t { Metrics, Queue, Health, Count };
    struct Request
    {
        qint64 at = 0; ///< 0: due at once.
        QUuid underWay;
        QString problem;
    };

    static Index indexOf(HubCall::Kind kind);
    static void expire(Request &request, qint64 now, qint64 ms);

    std::array<Request, Count> m_requests;
    std::optional<HubHealth> m_health;
    qint64 m_healthAt = 0;
    std::deque<HubMetricsSample> m_metrics;
    std::optional<hub::QueueStats> m_queueStats;
};

} // namespace pulsedeck
