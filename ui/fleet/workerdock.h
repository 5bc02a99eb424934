// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QDockWidget>
#include <QTimer>

#include <vector>

class QStackedWidget;
class QVBoxLayout;

namespace pulsedeck {

class DockTitle;
class ToneLabel;
class WorkerActs;
class WorkerActsPanel;
class WorkerDetail;

/// The dock next to the table: the selected worker, or what several selected ones add up to.
class WorkerDock : public QDockWidget
{
    Q_OBJECT

public:
    explicit WorkerDock(FleetStore &store, QWidget *parent = nullptr);

    /// \a current is the one shown when only it is selected.
    void setSelection(const std::vector<WorkerHandle> &selected, WorkerHandle current);
    /// While nothing is selected: shows a worker that is not in the list, \a why it is not, and the way to it. No act
    /// is offered.
    void setLookedAt(WorkerHandle worker, const QString &why);
    /// Shows what can be done with the workers selected at its foot; null: nothing.
    void setCommands(WorkerActs *commands);
    WorkerDetail &detail() const { return *m_detail; }
    /// What the panel and the commands at its foot need; it is never narrower.
    static int leastWidth();
    /// The words shown while no single worker is.
    QString note() const;

signals:
    /// Let the list show the worker that is looked at.
    void showRequested();

private:
    void summarise();

    FleetStore &m_store;
    DockTitle *m_title;
    QStackedWidget *m_pages;
    WorkerDetail *m_detail;
    WorkerActsPanel *m_commands = nullptr;
    QVBoxLayout *m_inside;
    QWidget *m_hidden; ///< At the foot in place of the commands.
    ToneLabel *m_hiddenText;
    ToneLabel *m_noteTitle;
    ToneLabel *m_noteText;
    std::vector<WorkerHandle> m_selected;
    QString m_lost; ///< The name of the worker that was shown until it left the store.
    quint32 m_shown = 0; ///< Worker::serial of the one shown, 0 if none.
    QString m_shownName;
    SourceId m_shownSource = 0;
    QTimer m_timer;
};

} // namespace pulsedeck
