// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/failureinjector.h"

#include <vector>

namespace pulsedeck::fleet {

class WorkerLife;

/// When failure modes happen: keeps each share of --fail by drawing other workers when some have recovered or ended,
/// lets workers come and go as --churn says, and plays the demo's programme. The same for the same seed.
class Rhythm
{
public:
    Rhythm(FleetContext &context, FailureInjector &failures);

    /// All workers are registered: from now on things happen.
    void start();
    /// Once per tick of the simulator.
    void tick(qint64 nowMs);
    /// The next mode in turn, to one worker; what SIGUSR1 asks for. Says which.
    FailureMode next();

private:
    /// One line of the demo's programme, running for ever.
    struct Number
    {
        enum class Act : quint8 { Mode, DrainNow, DrainAtBeat };
        Act act;
        FailureMode mode;
        qint64 firstMs;
        qint64 everyMs;
        int perSixty; ///< Workers struck each time, of sixty.
        double seconds; ///< As in FailureInjector::Manner; not set if 0.
        qint64 lastsMs;
        qint64 dueMs = 0;
        quint32 played = 0;
    };

    void keepShares();
    void churn(qint64 nowMs);
    void play(qint64 nowMs);
    /// Enough workers stay healthy if so many more are not.
    bool hasRoomFor(int count) const;

    static const std::vector<Number> &demoProgramme();

    FleetContext &m_context;
    FailureInjector &m_failures;
    std::vector<Number> m_programme;
    qint64 m_startMs = 0;
    qint64 m_nextLook = 0;
    qint64 m_nextOutage = 0;
    qint64 m_lastChurn = 0;
    double m_churnOwed = 0;
    quint32 m_churned = 0;
    quint32 m_turn = 0;
    bool m_running = false;
};

} // namespace pulsedeck::fleet
