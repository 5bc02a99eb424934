// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"
#include "tests/models/modelfleet.h"

namespace pulsedeck::tabletest {

/// Rows as text: headings in brackets, workers by the last letter of their id.
inline QString rows(const FleetTableModel &model)
{
    QStringList list;
    for (int row = 0; row < model.rowCount(); ++row) {
        const WorkerHandle handle = model.handleAt(row);
        list.append(handle == noWorker ? QStringLiteral("[%1 %2]")
                                             .arg(model.index(row, 0).data().toString())
                                             .arg(model.index(row, 0).data(FleetTableModel::GroupCountRole).toInt())
                                       : QString::fromUtf8(model.store().worker(handle).id.right(1)));
    }
    return list.join(u' ');
}

inline void pass(ModelFleet &fleet, qint64 ms)
{
    fleet.clock.step(ms);
    fleet.store.publish();
}

/// Those numbered \a from to \a to beat on while time passes.
inline void beat(ModelFleet &fleet, qint64 ms, WorkerNumber from, WorkerNumber to)
{
    for (qint64 left = ms; left > 0; left -= 9'000) {
        fleet.clock.step(qMin<qint64>(left, 9'000));
        for (WorkerNumber number = from; number <= to; ++number)
            fleet.apply(fleet.alive(number));
        fleet.store.publish();
    }
}

} // namespace pulsedeck::tabletest
