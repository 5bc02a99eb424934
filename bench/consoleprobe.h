// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/fleetstore.h"
#include "models/protocol/fleetbatch.h"

#include <QObject>
#include <QRegion>

#include <vector>

namespace pulsedeck {
class FleetPage;
class FleetView;
} // namespace pulsedeck

namespace pulsedeck::bench {

class WatchedApplication;

/// Follows beats through a console: from the moment the worker wrote one (its lastHeartbeat; worker and console run on the same
/// machine and the simulator's clocks are right) to the store, and for the rows that are seen to the paint that shows it.
class ConsoleProbe : public QObject
{
    Q_OBJECT

public:
    ConsoleProbe(WatchedApplication &application, FleetStore &store, FleetPage &page, const Clock &clock);

    void begin();
    const std::vector<double> &storedMs() const { return m_storedMs; }
    const std::vector<double> &paintedMs() const { return m_paintedMs; }
    /// Beats of visible rows whose row was gone from view before a paint came.
    int unseen() const { return m_unseen; }

    FleetView &view() const { return m_view; }

    /// Keys into the filter field: milliseconds from each key event to the end of the paint that shows its effect.
    std::vector<double> typeFilter(const QString &text, int rounds);
    /// Clicks on the headers of several columns: milliseconds from the press to the end of the paint in the new order.
    std::vector<double> clickHeaders(int rounds);

public slots:
    /// To be connected after the store's own slot, so that it comes right after it.
    void onBatch(const pulsedeck::FleetBatch &batch);

private:
    struct Waiting
    {
        WorkerHandle handle;
        qint64 beatAt;
        bool published;
    };
    void onPainted(const QRegion &region);
    template <typename Act, typename Sender, typename Signal> double timed(Act act, const Sender *sender, Signal changed);

    WatchedApplication &m_application;
    FleetStore &m_store;
    FleetPage &m_page;
    FleetView &m_view;
    const Clock &m_clock;
    std::vector<double> m_storedMs;
    std::vector<double> m_paintedMs;
    std::vector<Waiting> m_waiting;
    std::vector<std::pair<WorkerNumber, WorkerHandle>> m_visible;
    int m_unseen = 0;
};

} // namespace pulsedeck::bench
