// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"

#include <QMainWindow>

#include <memory>

class QSettings;

namespace pulsedeck {

class CommandLedger;
class ConnectionTester;
class FleetPage;
class History;
class HubStore;
class Journal;
class LayoutCatalog;
class Page;
class RecordingImporter;
class RollingRunner;
class SecretStore;
class TimingController;
class TimingFiles;
class WriteAccess;

/// What the window shows. All of it outlives the window.
struct WindowContext
{
    FleetStore &store;
    SourceListModel &sources;
    const Clock &clock;
    QSettings &settings; ///< Column layout, window geometry, theme.
    CommandLedger &ledger;
    RollingRunner &rolling;
    WriteAccess &access;
    TimingController &timing;
    Journal *journal = nullptr; ///< Null: nothing is recorded.
    TimingFiles *timingFiles = nullptr; ///< Null: no timing files are read or written.
    HubStore *hubs = nullptr; ///< Null: there are no hubs.
    SecretStore *secrets = nullptr; ///< Null: there is no keychain.
    ConnectionTester *tester = nullptr; ///< Null: connections cannot be tested.
    const LayoutCatalog *layouts = nullptr; ///< May be filled later; null: the built-in ones.
    QString layoutFolder = {}; ///< Where layouts of the operator's own are kept; empty: none can be made.
    History *history = nullptr; ///< Null: nothing of the past is kept.
    RecordingImporter *importer = nullptr; ///< Null: recordings cannot be made into histories.
};

/// The window: navigation, pages, status bar. It requests everything that concerns a connection by signals. Before it closes it
/// asks about unfinished work: see QuitQuestion. GUI thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const WindowContext &context, QWidget *parent = nullptr);
    ~MainWindow() override;

    static constexpr QLatin1StringView zoneKey{"times"}; ///< In the settings: "local" or "utc".

    /// Names for --page, in the order of the navigation: "fleet", "queues", "timeline", "timing", "commands", "activity",
    /// "connections".
    static QStringList pageNames();
    /// Adds \a page to the navigation, above the Connections page.
    void addPage(Page *page);
    /// False for a name that is no page.
    bool showPage(const QString &name);
    QString currentPage() const;
    /// Page::isSettled() of the page that is shown.
    bool isSettled() const;
    FleetPage &fleetPage() const;

    /// Page::views() of all pages, behind the page's name: "connections-hub".
    QStringList extraViews() const;
    /// Shows one of extraViews(); false for any other name.
    bool showView(const QString &name);

public slots:
    /// Opens the connect dialog, filled with \a settings (an id of 0 is a new source).
    void openConnectDialog(const pulsedeck::SourceSettings &settings = {});
    /// The same for a new source of this kind.
    void openConnectDialogFor(pulsedeck::SourceKind kind);
    /// Behind the page in the title ("3 firing"), while now is shown; empty for nothing.
    void setTitleNote(const QString &note);
    /// The machine's clock was set, or another zone was chosen: updates all times.
    void refreshTimes();
    /// Shows a message about the program itself (the demo could not start, a file is not writable) as a line with a close button.
    void showNotice(const QString &text, const QString &hint);
    /// Restores the window if it is minimised, and raises it: the program was started again.
    void bringToFront();
    /// Puts the playhead there: all pages show the fleet as it was. Without a history nothing happens.
    void showMoment(qint64 at);
    /// For the menu and the welcome page.
    void setDemoRunning(bool running);

signals:
    /// Add the source, or change the one with its id, and connect it.
    void connectRequested(const pulsedeck::SourceSettings &settings);
    void disconnectRequested(pulsedeck::SourceId source);
    void reconnectRequested(pulsedeck::SourceId source);
    void removeRequested(pulsedeck::SourceId source);
    /// Look again which systems live there.
    void lookForSystemsRequested(pulsedeck::SourceId source);
    /// A layout was written into the folder, and is right.
    void layoutMade();
    /// Show the history in this file, in a window of its own.
    void historyFileRequested(const QString &path);
    void demoRequested();
    void demoStopRequested();

protected:
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
