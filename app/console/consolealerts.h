// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/consoleoutlets.h"
#include "models/alerts/alertmemory.h"
#include "models/alerts/alertswitches.h"
#include "models/fleet/sourcelistmodel.h"

namespace pulsedeck {

class AlertJournal;
class Journal;
class MainWindow;

/// The alerts of a console: the engine with the rules of the user's file, what is kept of them, and where they go: the Alerts
/// page, the title of the window, the desktop, and the outlets of the file. GUI thread.
class ConsoleAlerts : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this, but for the window, which goes before. \a by: who acknowledges and silences.
    ConsoleAlerts(FleetStore &store, SourceListModel &sources, const Clock &clock, QSettings &settings, const QString &by);

    /// \a file: rules besides those built in; it need not be there.
    void readRules(const QString &file);
    /// What operators do about alerts is written there from now on; it outlives this.
    void recordIn(Journal &journal);
    /// Adds the page, and shows what is wrong with the rules.
    void addTo(MainWindow &window);
    AlertEngine &engine() { return m_engine; }

private:
    void takeSources();
    void applyRules();
    void switchRule(const QString &rule, bool on);

    FleetStore &m_store;
    SourceListModel &m_sources;
    const Clock &m_clock;
    const QString m_by;
    AlertEngine m_engine;
    AlertMemory m_memory;
    SendingTurns m_turns;
    AlertDispatcher m_dispatcher;
    AlertNotifier m_notifier;
    ConsoleOutlets m_outlets;
    AlertSwitches m_switches;
    AlertPlan m_plan; ///< As the file has it.
    AlertJournal *m_journal = nullptr; ///< Null: nothing is recorded.
    QString m_problem; ///< Of the file.
};

} // namespace pulsedeck
