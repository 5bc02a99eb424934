// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/commandline.h"
#include "app/console/demofleet.h"
#include "app/console/runningsources.h"
#include "models/commands/commandledger.h"
#include "models/commands/rollingrunner.h"
#include "models/commands/writeaccess.h"
#include "models/core/clockwatch.h"
#include "models/core/format.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/hub/hubstore.h"
#include "models/layouts/layoutcatalog.h"
#include "models/timing/timingcontroller.h"
#include "ui/common/inputidle.h"

#include <QElapsedTimer>
#include <QSettings>
#include <QTimer>

#include <memory>
#include <vector>

namespace pulsedeck {

class ProbeThread;
class ConsoleAlerts;
class DiskTimingFiles;
class JournalEnds;
class JournalOrders;
class FleetEventRecorder;
class Keychain;
class MainWindow;
class OpenCommands;
class RememberedSources;
struct WindowRequest;
class HistoryRecorder;
class SqlHistory;
class SqlJournal;
class SqlRecordingImporter;
class StoppedClock;

/// Makes the parts and connects them: sources on the I/O thread, store, ledger and models on the GUI thread, the journal on
/// its own, the window over them, and the demo fleet. GUI thread.
class Console : public QObject
{
    Q_OBJECT

public:
    /// \a settings has to outlive the console.
    explicit Console(const CommandLine &line, QSettings &settings, QObject *parent = nullptr);
    ~Console() override;

    FleetStore &store() { return m_store; }
    SourceListModel &sources() { return m_sources; }
    const Clock &clock() const { return m_clock; }
    DemoFleet &demo() { return m_demo; }
    CommandLedger &ledger() { return m_ledger; }
    RollingRunner &rolling() { return m_rolling; }
    WriteAccess &access() { return m_access; }
    TimingController &timing() { return m_timing; }
    const LayoutCatalog &layouts() const { return m_layouts; }
    HubStore &hubs() { return m_hubs; }
    /// Null if nothing is to be recorded.
    SqlJournal *journal() { return m_journal.get(); }
    /// Null if nothing of the past is kept.
    SqlHistory *history() { return m_history.get(); }
    MainWindow &window() { return *m_window; }
    /// The running source with this id, for those that listen to what it sends; it lives on the I/O thread. Null if there is
    /// none.
    const FleetSource *source(SourceId id) const { return m_running->find(id); }
    /// What this console is called at hubs.
    const QString &hubAddress() const { return m_running->hubAddress(); }

    /// Shows the window and connects what the command line, the environment or the last time names. False if a URL is wrong;
    /// \a error says which and why.
    bool start(QString *error);
    /// What \a line and the environment name, without what is remembered.
    /// False if a URL is wrong; \a error says which and why.
    static bool wantedSources(const CommandLine &line, std::vector<SourceSettings> *wanted, QString *error);

    /// Adds the source, or changes the one with its id, and connects it. Returns its id.
    SourceId connectSource(SourceSettings settings);

public slots:
    void disconnectSource(pulsedeck::SourceId id);
    void reconnectSource(pulsedeck::SourceId id);
    void removeSource(pulsedeck::SourceId id);
    /// In this window, or where it is an operator's own in another one.
    void startDemo();
    void stopDemo();
    /// From a later start: connects what is not connected yet, and brings the window to the front.
    void takeRequest(const pulsedeck::WindowRequest &request);

signals:
    /// Every source has given its first full view, or has failed to.
    void firstFullView();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void adoptRemembered(SourceSettings &settings);
    void openDemoWindow();
    void openHistoryWindow(const QString &path);
    void talkToDemoHub(SourceId hub);
    void connectWindow();
    void reviewPace();
    void connectDemo();
    void remember();
    void watchFirstView();
    void openJournal();
    void openHistory();
    void showHistory();
    std::unique_ptr<Clock> makeClock();
    void readRules();
    void readLayouts();
    void takeMadeLayout();
    /// Where layouts of the operator's own are; empty for a start that keeps nothing.
    QString layoutFolder() const;
    void recordConsole(const QString &step, const QString &text);

    const CommandLine m_line;
    LayoutCatalog m_layouts;
    QSettings &m_settings;
    std::unique_ptr<RememberedSources> m_memory; ///< Null where nothing is remembered.
    StoppedClock *m_stopped = nullptr; ///< The clock of a window that shows a file; null: the machine's is used.
    const std::unique_ptr<Clock> m_ownClock;
    const Clock &m_clock;
    ShownClock m_shown{m_clock};
    ClockWatch m_clockWatch{m_clock};
    FleetStore m_store;
    SourceListModel m_sources;
    std::unique_ptr<SqlJournal> m_journal;
    CommandLedger m_ledger;
    WriteAccess m_access;
    RollingRunner m_rolling;
    TimingController m_timing;
    HubStore m_hubs;
    std::unique_ptr<Keychain> m_keychain;
    std::unique_ptr<DiskTimingFiles> m_timingFiles;
    std::unique_ptr<FleetEventRecorder> m_eventRecorder;
    std::unique_ptr<JournalEnds> m_journalEnds;
    std::unique_ptr<JournalOrders> m_journalOrders;
    std::unique_ptr<SqlHistory> m_history;
    std::unique_ptr<HistoryRecorder> m_historyRecorder;
    std::unique_ptr<SqlRecordingImporter> m_importer;
    std::unique_ptr<OpenCommands> m_openCommands;
    DemoFleet m_demo;
    QTimer m_publishTimer;
    InputIdle m_idle;
    std::unique_ptr<RunningSources> m_running;
    std::unique_ptr<ProbeThread> m_tests;
    std::unique_ptr<ConsoleAlerts> m_alerts; ///< Null for a window that shows a file.
    std::unique_ptr<MainWindow> m_window;
    SourceId m_nextId = 1;
    std::vector<SourceId> m_demoSources;
    bool m_firstViewSeen = false;
    bool m_talked = false; ///< The demo's hub has got its messages.
    bool m_remembering = false;
};

} // namespace pulsedeck
