// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/fleetstore.h"
#include "models/protocol/foundsystem.h"

#include <QWidget>

#include <memory>

class QBoxLayout;

namespace pulsedeck {

class FleetMap;
class ToneLabel;

/// What a look for systems found, as the map of the Fleet page will show it: a cell for each worker, alive, only registered, or
/// not known before its first beats. A picture of that moment: nothing is read for it. GUI thread.
class FirstLook : public QWidget
{
    Q_OBJECT

public:
    static constexpr qint64 mostCells = 5'000; ///< Of one system: more look no different.

    explicit FirstLook(QWidget *parent = nullptr);
    ~FirstLook() override;

    /// Hidden where no worker is counted.
    void setSystems(const QList<FoundSystem> &systems);

private:
    void addSystem(const FoundSystem &system, FleetBatch *batch) const;

    std::unique_ptr<Clock> m_clock;
    std::unique_ptr<FleetStore> m_store;
    FleetMap *m_map = nullptr;
    ToneLabel *m_counts;
    QBoxLayout *m_row;
};

} // namespace pulsedeck
