// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/rollingrunner.h"
#include "models/journal/journal.h"

#include <QObject>

namespace pulsedeck {

/// Brings back, as soon as a source of the same name is there, what an earlier console had under way: whole groups, each command
/// where it stood and with its true times. What was not answered is looked up. Nothing is sent again. Those of rolling shutdowns
/// are their runner's; a drain that had ended is brought back when its worker shows that it is still in it. GUI thread.
class OpenCommands : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 withinMs = 24LL * 3'600 * 1'000; ///< What is older has long ended, one way or the other.

    OpenCommands(FleetStore &store, CommandLedger &ledger, RollingRunner &rolling, Journal &journal, QObject *parent = nullptr);

private:
    void take(const QList<JournalEntry> &entries);
    void bringBack();

    FleetStore &m_store;
    CommandLedger &m_ledger;
    RollingRunner &m_rolling;
    std::vector<RecordedCommand> m_waiting; ///< For their source.
};

} // namespace pulsedeck
