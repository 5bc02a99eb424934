// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/fleet/fleetstore.h"
#include "ui/common/band.h"

#include <QObject>

#include <vector>

class QMenu;

namespace pulsedeck {

class CommandLedger;
class LatestCommands;

/// All that a list holds, folded groups included.
struct MatchingWorkers
{
    std::vector<WorkerHandle> workers;
    qint64 folded = 0; ///< Of them in folded groups.
    QString whyNone; ///< Why there is none, where it is for the filter.
};

/// What can be done with a set of workers, as a panel at the foot of another widget. GUI thread.
class WorkerActsPanel : public Band
{
    Q_OBJECT

public:
    using Band::Band;

    virtual void setWorkers(const std::vector<WorkerHandle> &workers) = 0;
};

/// The acts on workers as a page offers them that lists workers: in its context menu, and as a panel. Implemented by what
/// carries them out. GUI thread.
class WorkerActs : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual const CommandLedger &ledger() const = 0;
    virtual const LatestCommands &latest() const = 0;
    /// Adds the acts for the workers selected and, as a submenu, for all that match the filter.
    virtual void fillMenu(QMenu &menu, const std::vector<WorkerHandle> &selected, const MatchingWorkers &matching) = 0;
    virtual WorkerActsPanel *makePanel(QWidget *parent) = 0;
    /// Opens the dialog for an act on queues or whole fleets.
    virtual void askTargets(Act act, const std::vector<CommandTarget> &targets) = 0;
    /// Why that is not possible, for a tool tip; empty if it is.
    virtual QString whyNotTargets(Act act, const std::vector<CommandTarget> &targets) const = 0;

signals:
    /// A dialog about an act opened or closed. While it is open the list keeps its order.
    void preparingChanged(bool preparing);
};

} // namespace pulsedeck
