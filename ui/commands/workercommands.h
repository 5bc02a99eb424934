// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commandactions.h"

#include <QTimer>

class QPushButton;
class QToolButton;

namespace pulsedeck {

class BytesView;
class ToneLabel;

/// What can be done with the workers selected, at the foot of the dock: Drain (or Resume, or where the system has no such act the
/// one on its whole fleet, and a sentence on the difference), Shut down, Cancel command; Reap
/// and Remove key where there is something to reap or remove, in place of what is of no use to any of them; and a line on
/// the command that is under way. For one worker of a system that says it, what each act would write, on demand (Ctrl+B).
class WorkerCommands : public WorkerActsPanel
{
    Q_OBJECT

public:
    explicit WorkerCommands(CommandActions &actions, QWidget *parent = nullptr);

    void setWorkers(const std::vector<WorkerHandle> &workers) override;
    /// The line below the buttons; empty if there is nothing to say.
    QString line() const;

private:
    void refresh();
    void findFleets(const SourceTraits &own);
    void showFleetAct(const SourceTraits &own);
    void reserveLine();
    void showBytes();
    QString words() const;
    QString commandWords(const CommandEntry &entry) const;

    CommandActions &m_actions;
    std::vector<WorkerHandle> m_workers;
    std::vector<QPushButton *> m_buttons; ///< As in the table of them.
    ToneLabel *m_line;
    QToolButton *m_bytesButton;
    BytesView *m_bytes;
    QTimer m_timer;
    QTimer m_soon;
    bool m_resumes = false;
    Act m_fleetAct = Act::PauseFleet;
    std::vector<CommandTarget> m_fleets; ///< Of those whose system drains none by itself, and has this instead; else empty.
};

} // namespace pulsedeck
