// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/fleetsummary.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int roundEveryMs = 1'000;
constexpr int longRoundMs = 200; // Of so many workers that the next round may wait:
constexpr int afterLongRoundMs = 3'000;
constexpr int soonestRoundMs = 250;
constexpr int sliceEveryMs = 50;
constexpr qint64 sliceNs = 1'000'000;
constexpr int checkEvery = 256;
constexpr qint32 skewLimitMs = 1'000;

} // namespace

FleetSummary::FleetSummary(const FleetStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
    m_roundTimer.setInterval(roundEveryMs);
    m_sliceTimer.setInterval(sliceEveryMs);
    connect(&m_roundTimer, &QTimer::timeout, this, &FleetSummary::begin);
    connect(&m_sliceTimer, &QTimer::timeout, this, &FleetSummary::step);
    // Workers that were just loaded are counted without waiting a second.
    connect(&store, &FleetStore::published, this, [this](const FleetChanges &changes) {
        if (countAttention())
            emit attentionChanged();
        if (!changes.added.empty() && m_sinceRound.elapsed() > soonestRoundMs)
            begin();
    });
    m_sinceRound.start();
    m_roundTimer.start();
}

void FleetSummary::setFilters(std::vector<FleetFilter> filters)
{
    m_filters = std::move(filters);
    m_ofStore.clear();
    for (const FleetFilter &filter : m_filters)
        m_ofStore.push_back(filter.text() == "liveness:attention"_L1);
    m_counts.clear();
    m_sliceTimer.stop(); // The round under way counted for the old filters.
}

void FleetSummary::finishRound()
{
    m_sliceTimer.stop();
    m_next = 0;
    m_now = m_store.viewNow();
    m_skews.clear();
    m_running.assign(m_filters.size(), 0);
    for (; m_next < m_store.capacity(); ++m_next)
        look(WorkerHandle(m_next));
    finish();
}

void FleetSummary::begin()
{
    if (m_sliceTimer.isActive())
        return;
    m_next = 0;
    m_now = m_store.viewNow();
    m_skews.clear();
    m_running.assign(m_filters.size(), 0);
    m_round.start();
    m_sliceTimer.start();
    step();
}

void FleetSummary::step()
{
    QElapsedTimer time;
    time.start();
    while (m_next < m_store.capacity()) {
        look(WorkerHandle(m_next++));
        if (m_next % checkEvery == 0 && time.nsecsElapsed() > sliceNs)
            return;
    }
    finish();
}

void FleetSummary::look(WorkerHandle handle)
{
    const Worker &worker = m_store.worker(handle);
    if (!worker.used || !m_store.isSourceVisible(worker.source))
        return;
    if (worker.clockSkew != unknownValue && worker.liveness != Liveness::Departed)
        m_skews.push_back(-worker.clockSkew);
    for (size_t i = 0; i < m_filters.size(); ++i) {
        if (!m_ofStore[i])
            m_running[i] += m_filters[i].matches(m_store, handle, m_now);
    }
}

/// Workers that need attention are counted by the store, which headings and header show: a round that takes a second could give
/// another number.
bool FleetSummary::countAttention()
{
    bool moved = false;
    for (size_t i = 0; i < m_counts.size() && i < m_filters.size(); ++i) {
        if (m_ofStore[i])
            moved |= m_store.figures().attention != std::exchange(m_counts[i], m_store.figures().attention);
    }
    return moved;
}

void FleetSummary::finish()
{
    const bool isLong = m_sliceTimer.isActive() && m_round.elapsed() > longRoundMs;
    m_sliceTimer.stop();
    m_roundTimer.start(isLong ? afterLongRoundMs : roundEveryMs);
    m_sinceRound.start();
    m_skew = {};
    m_skew.known = int(m_skews.size());
    if (!m_skews.empty()) {
        const auto middle = m_skews.begin() + std::ptrdiff_t(m_skews.size() / 2);
        std::nth_element(m_skews.begin(), middle, m_skews.end());
        m_skew.median = *middle;
        for (const qint32 skew : m_skews) {
            m_skew.beyond += qAbs(skew) > skewLimitMs;
            if (qAbs(skew) > qAbs(m_skew.worst))
                m_skew.worst = skew;
        }
    }
    m_counts = m_running;
    countAttention();
    emit finished();
}

} // namespace pulsedeck
