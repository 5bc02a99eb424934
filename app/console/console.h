// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/commandline.h"
#include "app/console/demofleet.h"
#include "app/redis/redissource.h"
#include "app/redis/systemclock.h"
#include "models/commands/commandledger.h"
#include "models/commands/rollingrunner.h"
#include "models/commands/writeaccess.h"
#include "models/fleet/fleetstore.h"
#include "models/sources/sourcelistmodel.h"
#include "models/timing/timingdesk.h"

#include <QElapsedTimer>
#include <QSettings>
#include <QThread>
#include <QTimer>

#include <map>
#include <memory>

namespace pulsedeck {

class DiskTimingFiles;
class FleetJournalist;
class MainWindow;
class OpenCommands;
class SqlJournal;

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
    TimingDesk &timing() { return m_timing; }
    /// Null if nothing is to be recorded.
    SqlJournal *journal() { return m_journal.get(); }
    MainWindow &window() { return *m_window; }
    /// The running source with this id, for those that listen to what it sends; it lives on the I/O thread. Null if there is none.
    const FleetSource *source(SourceId id) const;

    /// Shows the window and connects what the command line, the environment or the last time names. False if a URL is wrong;
    /// \a error says which and why.
    bool start(QString *error);

    /// Adds the source, or changes the one with its id, and connects it. Returns its id.
    SourceId connectSource(SourceSettings settings);

public slots:
    void disconnectSource(pulsedeck::SourceId id);
    void reconnectSource(pulsedeck::SourceId id);
    void removeSource(pulsedeck::SourceId id);
    void startDemo();
    void stopDemo();

signals:
    /// Every source has given its first full view, or has failed to.
    void firstFullView();

private:
    void makeSource(const SourceSettings &settings);
    void dropSource(SourceId id);
    void remember();
    std::vector<SourceSettings> remembered() const;
    void watchFirstView();
    void withSource(SourceId id, const QList<Command> &commands, void (FleetSource::*slot)(const QList<Command> &));
    void openJournal();
    void readRules();
    void recordConsole(const QString &step, const QString &text);

    const CommandLine m_line;
    QSettings &m_settings;
    SystemClock m_clock;
    FleetStore m_store;
    SourceListModel m_sources;
    std::unique_ptr<SqlJournal> m_journal;
    CommandLedger m_ledger;
    WriteAccess m_access;
    RollingRunner m_rolling;
    TimingDesk m_timing;
    std::unique_ptr<DiskTimingFiles> m_timingFiles;
    std::unique_ptr<FleetJournalist> m_journalist;
    std::unique_ptr<OpenCommands> m_openCommands;
    DemoFleet m_demo;
    QThread m_ioThread;
    QTimer m_publishTimer;
    std::map<SourceId, FleetSource *> m_running;
    std::unique_ptr<MainWindow> m_window;
    SourceId m_nextId = 1;
    SourceId m_demoSource = 0;
    bool m_firstViewSeen = false;
};

} // namespace pulsedeck
