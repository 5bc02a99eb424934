// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/commandline.h"
#include "app/console/demofleet.h"
#include "app/redis/redissource.h"
#include "app/redis/systemclock.h"
#include "models/fleet/fleetstore.h"
#include "models/sources/sourcelistmodel.h"

#include <QElapsedTimer>
#include <QSettings>
#include <QThread>
#include <QTimer>

#include <map>
#include <memory>

namespace pulsedeck {

class MainWindow;

/// Makes the parts and connects them: sources on the I/O thread, store and models on the GUI thread, the window over them,
/// and the demo fleet. GUI thread.
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

    const CommandLine m_line;
    QSettings &m_settings;
    SystemClock m_clock;
    FleetStore m_store;
    SourceListModel m_sources;
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
