// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/sourceset.h"

namespace pulsedeck {

/// Waits until the liveness of each worker is known: until it beat, was watched for long enough without a beat, or its
/// age is proven by the shared timing record; and until each Redis was asked who listens. Says on stderr what it waits
/// for.
class SettleWait : public QObject
{
    Q_OBJECT

public:
    /// \a mostMs: how long at most; 0: only for what is answered at once.
    SettleWait(SourceSet &sources, int mostMs, QObject *parent = nullptr);

    /// When every source that can be read was read. Emits done() once, never before this returns.
    void begin();
    bool isBegun() const { return m_begun; }
    /// Before begin(): it also waits until it is seen whether workers take the jobs that wait, see SourceStatus::weighing; for
    /// that \a atLeastMs, if it waits at all.
    void alsoWeigh(int atLeastMs)
    {
        m_weighs = true;
        m_weighMs = qMax(m_mostMs, atLeastMs);
    }
    /// Workers of visible sources whose liveness is not known for want of a proven age.
    static std::vector<WorkerHandle> unsettled(const FleetStore &store);

signals:
    void done();

private:
    bool isSettled() const;
    void tellWeighing();
    void look();
    void end();

    SourceSet &m_sources;
    const int m_mostMs;
    QTimer m_limit;
    int m_weighMs = 0;
    bool m_weighs = false;
    bool m_weighingTold = false;
    bool m_begun = false;
    bool m_ended = false;
};

/// "a, b, c and 4 more": the ids of \a workers, safe on a terminal.
QString workerNames(const FleetStore &store, const std::vector<WorkerHandle> &workers, int most = 20);

} // namespace pulsedeck
