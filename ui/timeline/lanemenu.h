// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/laneview.h"

#include <QObject>

namespace pulsedeck {

class WorkerList;

/// The context menu of the lanes: going on from here, the past, and the acts of the selected workers. It does nothing itself. GUI
/// thread.
class LaneMenu : public QObject
{
    Q_OBJECT

public:
    /// Both outlive it. \a recorded: there is a history, without which some entries are off and say why.
    LaneMenu(LaneView &view, WorkerList &list, bool recorded, QObject *parent = nullptr);

    void popup(const QPoint &globalPosition);

signals:
    void workerRequested(pulsedeck::WorkerHandle worker); ///< To be shown in Fleet.
    void stepRequested(int direction);
    void momentRequested(double at);
    void reportRequested();
    void exportRequested();

private:
    LaneView &m_view;
    WorkerList &m_list;
    const bool m_recorded;
};

} // namespace pulsedeck
