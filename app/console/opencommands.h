// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/rollingrunner.h"
#include "models/journal/journal.h"

#include <QObject>

namespace pulsedeck {

/// Brings back the commands that were under way when an earlier console ended, as soon as a source of the same name is there: the
/// ledger shows them as unknown and looks them up. Nothing is sent again. Those of rolling shutdowns are their runner's. GUI thread.
class OpenCommands : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 withinMs = 24LL * 3'600 * 1'000; ///< What is older has long ended, one way or the other.

    OpenCommands(FleetStore &store, CommandLedger &ledger, RollingRunner &rolling, Journal &journal, QObject *parent = nullptr);

private:
    void bringBack();

    FleetStore &m_store;
    CommandLedger &m_ledger;
    RollingRunner &m_rolling;
    QList<JournalEntry> m_waiting; ///< For their source.
};

} // namespace pulsedeck
