// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetfilter.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <vector>

namespace pulsedeck {

/// The clocks of the fleet's workers, for the status bar.
struct SkewSummary
{
    int known = 0; ///< Workers whose clock is known.
    int beyond = 0; ///< Those more than a second off.
    qint32 median = 0; ///< Of all known, in milliseconds; positive: ahead of Redis.
    qint32 worst = 0; ///< The largest either way.
};

/// Walks the whole store a slice at a time for figures that are not kept: clock skew and the counts of saved views. A slice takes
/// about a millisecond, so that 100,000 workers never block the window; a round begins once a second, of very
/// many workers every few seconds, and a little sooner when workers appeared. Workers that need attention are counted at every
/// publish instead, as everywhere else in the window. Hidden sources and departed workers are left out of the skew; hidden
/// sources out of the counts. GUI thread.
class FleetSummary : public QObject
{
    Q_OBJECT

public:
    explicit FleetSummary(const FleetStore &store, QObject *parent = nullptr);

    void setFilters(std::vector<FleetFilter> filters);
    const SkewSummary &skew() const { return m_skew; }
    /// One per filter, in their order; empty before the first round.
    const std::vector<int> &counts() const { return m_counts; }

    /// Does a whole round now.
    void finishRound();

signals:
    void finished();
    /// Between two rounds: only the count of workers that need attention has changed.
    void attentionChanged();

private:
    void begin();
    void step();
    void look(WorkerHandle handle);
    bool countAttention();
    void finish();

    const FleetStore &m_store;
    std::vector<FleetFilter> m_filters;
    std::vector<bool> m_ofStore; ///< Of the filters: those that the store counts.
    QTimer m_roundTimer;
    QTimer m_sliceTimer;
    QElapsedTimer m_sinceRound;
    QElapsedTimer m_round;
    SkewSummary m_skew;
    std::vector<int> m_counts;
    std::vector<int> m_running;
    std::vector<qint32> m_skews;
    qint64 m_now = 0;
    int m_next = 0;
};

} // namespace pulsedeck
