// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/ordermemory.h"

namespace pulsedeck {

/// Makes the commands that a request asks for, each with what the store shows of its worker at that moment. GUI thread.
class CommandMaker
{
public:
    CommandMaker(const FleetStore &store, const OrderMemory &orders, const Clock &clock)
        : m_store(store)
        , m_orders(orders)
        , m_clock(clock)
    { }

    /// "user@host", for all that are made from now on.
    void setOperator(const QString &by) { m_by = by; }
    const QString &operatorName() const { return m_by; }

    TrackedCommand make(const CommandRequest &request, WorkerHandle handle, const QUuid &group) const;
    TrackedCommand make(const CommandRequest &request, const CommandTarget &target, const QUuid &group) const;
    /// It is requested now.
    void describe(TrackedCommand &command, WorkerHandle handle) const;

private:
    TrackedCommand make(const CommandRequest &request, const QUuid &group) const;

    const FleetStore &m_store;
    const OrderMemory &m_orders;
    const Clock &m_clock;
    QString m_by;
};

} // namespace pulsedeck
