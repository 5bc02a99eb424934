// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/act.h"

#include <QObject>

namespace pulsedeck {

class CommandActions;
class FleetPage;
class NoticeBar;
class SourceListModel;
class WindowMenus;
class WriteAccess;

/// The Commands menu, its keys and the write lock: what they offer follows the selection on the Fleet page and the lock. GUI
/// thread.
class WindowCommands : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this.
    struct Parts
    {
        WindowMenus &menus;
        CommandActions &actions;
        FleetPage &fleet;
        NoticeBar &notice; ///< Shows why a key did nothing.
        WriteAccess &access;
        SourceListModel &sources;
    };

    WindowCommands(const Parts &parts, QObject *parent);

    /// While another time is shown nothing can be commanded: \a why says so where acts are offered, and if a key is pressed.
    /// Empty: it can.
    void setClosed(const QString &why);
    /// Adapts the lock's action to what can be unlocked or locked; lockReviewed() follows.
    void reviewLock();

signals:
    void commandsPageRequested();
    /// The lock may have changed.
    void lockReviewed();

private:
    void fillMenu();
    void command(Act act);

    const Parts m_parts;
};

} // namespace pulsedeck
