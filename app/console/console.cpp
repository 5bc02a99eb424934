// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "app/console/consolealerts.h"
#include "app/console/keychain.h"
#include "app/console/opencommands.h"
#include "app/console/probethread.h"
#include "app/console/rememberedsources.h"
#include "app/console/windowrequest.h"
#include "app/history/sqlhistory.h"
#include "app/history/sqlrecordingimporter.h"
#include "app/journal/sqljournal.h"
#include "app/sources/systemclock.h"
#include "app/timing/disktimingfiles.h"
#include "models/commands/journalorders.h"
#include "models/core/operatorname.h"
#include "models/core/stoppedclock.h"
#include "models/fleet/fleeteventrecorder.h"
#include "models/fleet/journalends.h"
#include "models/history/historyrecorder.h"
#include "ui/theme/theme.h"
#include "ui/window/historydialog.h"
#include "ui/window/mainwindow.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QScopedValueRollback>

#include <algorithm>
#include <cstdio>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int publishEveryMs = 80; // Views hear of changes so often: prompt for the eye, cheap for the processor.
constexpr int publishIdleEveryMs = 140; // While the operator only looks.
constexpr int idleAfterMs = 10'000;
constexpr int publishUnseenEveryMs = 1'000; // While nobody can see them: prompt enough for the journal and for commands.

} // namespace

Console::Console(const CommandLine &line, QSettings &settings, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_settings(settings)
    , m_ownClock(makeClock())
    , m_clock(*m_ownClock)
    , m_store(m_clock)
    , m_sources(m_store)
    , m_ledger(m_store, m_clock)
    , m_access(m_store, m_sources, m_clock)
    , m_rolling(m_store, m_sources, m_ledger, m_access)
    , m_timing(m_store, m_clock)
    , m_hubs(m_clock)
    , m_keychain(std::make_unique<Keychain>())
    , m_timingFiles(std::make_unique<DiskTimingFiles>(m_timing.library(), m_clock))
    , m_idle(idleAfterMs)
{
    // Threads made from here on wait with poll() alone: none of them needs GLib's loop, which costs a quarter more per wake-up.
    qputenv("QT_NO_THREADED_GLIB", "1");
    if (!m_line.isTemporary())
        m_memory = std::make_unique<RememberedSources>(m_settings);
    m_sources.setRemembered(m_memory != nullptr);
    m_ledger.setOperator(operatorName());
    m_timing.setOperator(operatorName());
    m_hubs.setOperator(operatorName());
    m_hubs.setLedger(&m_ledger);
    m_access.setForbidden(m_line.readOnly);
    openJournal();
    openHistory();
    m_running = std::make_unique<RunningSources>(
        RunningSources::Listeners{m_store, m_ledger, m_timing, m_hubs, m_access, m_keychain.get()}, m_clock);
    m_publishTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_publishTimer, &QTimer::timeout, &m_store, &FleetStore::publish);
    m_publishTimer.start(publishEveryMs);
    connect(&m_idle, &InputIdle::idleChanged, this, &Console::reviewPace);
    connect(&m_store, &FleetStore::ticked, &m_clockWatch, &ClockWatch::look);
    connect(&m_clockWatch, &ClockWatch::slept, this,
            [this](qint64 ms) { recordConsole(u"slept"_s, tr("The computer slept for %1.").arg(durationText(ms))); });
    connect(&m_clockWatch, &ClockWatch::wallSet, this, [this](qint64 ms) {
        recordConsole(u"clock-set"_s,
                      (ms > 0 ? tr("The computer's clock was set ahead by %1.") : tr("The computer's clock was set back by %1."))
                          .arg(durationText(qAbs(ms))));
        m_window->refreshTimes();
    });
    connect(&m_store, &FleetStore::sourceChanged, this, &Console::watchFirstView);
    connect(&m_sources, &SourceListModel::visibilityChanged, this, &Console::remember);
    connect(&m_access, &WriteAccess::changed, this, [this, open = QList<SourceId>()]() mutable {
        const QList<SourceId> before = std::exchange(open, m_access.unlocked());
        const auto tell = [this](const QList<SourceId> &some, const QList<SourceId> &others, const QString &step,
                                 const QString &text) {
            QStringList names;
            for (const SourceId source : some) {
                if (!others.contains(source))
                    names.append(m_store.sourceName(source));
            }
            if (!names.isEmpty())
                recordConsole(step, text.arg(names.join(u", "_s)));
            return !names.isEmpty();
        };
        tell(before, open, u"locked"_s, tr("Write access locked: %1."));
        // What another window has set read-only meanwhile counts before anything is written.
        if (tell(open, before, u"unlocked"_s, tr("Write access unlocked: %1.")))
            QMetaObject::invokeMethod(this, &Console::remember, Qt::QueuedConnection);
    });
    connectWindow();
    connectDemo();
}

std::unique_ptr<Clock> Console::makeClock()
{
    auto usual = std::make_unique<SystemClock>();
    if (m_line.shownHistory.isEmpty())
        return usual;
    auto stopped = std::make_unique<StoppedClock>(usual->nowMs());
    m_stopped = stopped.get();
    return stopped;
}

void Console::connectWindow()
{
    m_tests = std::make_unique<ProbeThread>(m_keychain.get(), &m_access);
    m_importer = std::make_unique<SqlRecordingImporter>();
    m_window = std::make_unique<MainWindow>(WindowContext{
        m_store, m_sources, m_clock, m_settings, m_ledger, m_rolling, m_access, m_timing, m_journal.get(), m_timingFiles.get(),
        &m_hubs, m_keychain.get(), m_tests.get(), &m_layouts, layoutFolder(), m_history.get(), m_importer.get()});
    if (!m_stopped) {
        m_alerts = std::make_unique<ConsoleAlerts>(m_store, m_sources, m_clock, m_settings, m_ledger.operatorName());
        m_alerts->readRules(QFileInfo(m_settings.fileName()).dir().filePath(u"alerts.json"_s));
        if (m_journal)
            m_alerts->recordIn(*m_journal);
        m_alerts->addTo(*m_window);
    }
    m_window->installEventFilter(this);
    connect(m_window.get(), &MainWindow::connectRequested, this, &Console::connectSource);
    connect(m_window.get(), &MainWindow::disconnectRequested, this, &Console::disconnectSource);
    connect(m_window.get(), &MainWindow::reconnectRequested, this, &Console::reconnectSource);
    connect(m_window.get(), &MainWindow::removeRequested, this, &Console::removeSource);
    connect(m_window.get(), &MainWindow::lookForSystemsRequested, m_running.get(), &RunningSources::lookForSystems);
    connect(m_window.get(), &MainWindow::layoutMade, this, &Console::takeMadeLayout);
    connect(m_window.get(), &MainWindow::historyFileRequested, this, &Console::openHistoryWindow);
    connect(m_window.get(), &MainWindow::demoRequested, this, &Console::startDemo);
    connect(m_window.get(), &MainWindow::demoStopRequested, this, &Console::stopDemo);
}

bool Console::eventFilter(QObject *watched, QEvent *event)
{
    const QEvent::Type type = event->type();
    if (watched == m_window.get() && (type == QEvent::WindowStateChange || type == QEvent::Show || type == QEvent::Hide))
        reviewPace();
    return QObject::eventFilter(watched, event);
}

/// Views hear of changes less often while the operator only looks, seldom while the window is hidden or minimised, and of all at
/// once when it is seen or touched again.
void Console::reviewPace()
{
    const bool seen = m_window && m_window->isVisible() && !m_window->isMinimized();
    const int every = !seen ? publishUnseenEveryMs : m_idle.isIdle() ? publishIdleEveryMs : publishEveryMs;
    if (m_publishTimer.interval() == every)
        return;
    const bool sooner = every < m_publishTimer.interval();
    m_publishTimer.setTimerType(seen ? Qt::PreciseTimer : Qt::CoarseTimer);
    m_publishTimer.start(every);
    m_running->setSeen(seen);
    if (sooner)
        QMetaObject::invokeMethod(&m_store, &FleetStore::publish, Qt::QueuedConnection);
}

void Console::connectDemo()
{
    connect(&m_demo, &DemoFleet::ready, this, [this] {
        m_window->setDemoRunning(true);
        // Known before the first is connected: the first full view is that of all.
        std::vector<SourceSettings> sources = m_demo.sources();
        for (SourceSettings &settings : sources)
            m_demoSources.push_back(settings.id = m_nextId++);
        for (const SourceSettings &settings : sources)
            connectSource(settings);
    });
    connect(&m_hubs, &HubStore::viewChanged, this, &Console::talkToDemoHub);
    connect(&m_demo, &DemoFleet::failed, this, [this](const QString &text, const QString &hint) {
        m_window->setDemoRunning(false);
        m_window->showNotice(text, hint);
        // Who asked on the command line may have no window to look at.
        if (m_line.demo)
            std::fputs(qPrintable(QString(text + u". "_s + hint + u'\n')), stderr);
        watchFirstView();
    });
    connect(&m_demo, &DemoFleet::ended, this, [this](const QString &text) {
        m_window->showNotice(text, tr("Stop the demo fleet in the File menu, and start it again."));
    });
}

Console::~Console()
{
    m_publishTimer.stop();
    m_window.reset();
    recordConsole(u"ended"_s, tr("Console ended"));
    m_running.reset();
}

bool Console::start(QString *error)
{
    std::vector<SourceSettings> wanted;
    if (m_stopped) {
        if (!QFileInfo::exists(m_line.shownHistory)) {
            *error = tr("There is no file %1").arg(m_line.shownHistory);
            return false;
        }
        m_window->showPage(u"timeline"_s);
    } else if (!wantedSources(m_line, &wanted, error)) {
        return false;
    }
    if (m_memory && wanted.empty())
        wanted = m_memory->read();
    if (!m_line.page.isEmpty())
        m_window->showPage(m_line.page);
    if (m_line.size.isValid())
        m_window->resize(m_line.size);
    m_window->show();
    readRules();
    readLayouts();
    recordConsole(u"started"_s, tr("Console started"));
    for (const SourceSettings &settings : wanted)
        connectSource(settings);
    if (m_line.demo)
        startDemo();
    return true;
}

bool Console::wantedSources(const CommandLine &line, std::vector<SourceSettings> *wanted, QString *error)
{
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const auto add = [&](SourceSettings settings) {
        settings.takeEnvironment(environment);
        wanted->push_back(std::move(settings));
    };
    for (const QString &text : line.urls) {
        const std::optional<SourceSettings> settings = SourceSettings::fromUrl(text, error);
        if (!settings)
            return false;
        add(*settings);
    }
    if (!wanted->empty() || line.demo)
        return true;
    const std::optional<QList<SourceSettings>> named = SourceSettings::fromEnvironment(environment, error);
    if (!named)
        return false;
    for (const SourceSettings &settings : *named)
        add(settings);
    return true;
}

/// A remembered server keeps its name, environment and read-only setting, wherever its address comes from.
void Console::adoptRemembered(SourceSettings &settings)
{
    if (!m_memory || settings.demo || !settings.key.isEmpty())
        return;
    QStringList taken;
    for (const SourceSettings &one : m_sources.all())
        taken.append(one.key);
    m_memory->adopt(settings, taken);
}

void Console::takeRequest(const WindowRequest &request)
{
    if (request.theme == u"light"_s || request.theme == u"dark"_s || request.theme == u"system"_s) {
        Theme::instance().setChoice(request.theme == u"light"_s  ? ThemeChoice::Light
                                    : request.theme == u"dark"_s ? ThemeChoice::Dark
                                                                 : ThemeChoice::System);
    }
    for (const SourceSettings &wanted : request.sources) {
        const auto &all = m_sources.all();
        const bool there = std::any_of(all.begin(), all.end(), [&wanted](const SourceSettings &one) {
            return one.kind == wanted.kind && one.address() == wanted.address() && one.user == wanted.user;
        });
        if (!there)
            connectSource(wanted);
    }
    if (!request.page.isEmpty())
        m_window->showPage(request.page);
    else if (!request.sources.empty())
        m_window->showPage(u"fleet"_s);
    // What the window system gave the later start is what lets this window come to the front.
    if (!request.activation.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", request.activation);
    m_window->bringToFront();
}

SourceId Console::connectSource(SourceSettings settings)
{
    adoptRemembered(settings);
    if (settings.id == 0)
        settings.id = m_nextId++;
    if (settings.name.isEmpty())
        settings.name = settings.usualName();
    const bool known = m_sources.rowOf(settings.id) >= 0;
    if (known && m_sources.settings(settings.id).sameConnection(settings)) {
        // Only its name or what may be done there was changed: what is known of it stays.
        m_sources.setSource(settings);
        if (m_hubs.has(settings.id))
            m_hubs.addHub(settings.id, settings.name);
        if (!m_store.sourceStatus(settings.id).isConnected())
            m_running->retry(settings);
        remember();
        return settings.id;
    }
    m_running->end(settings.id);
    if (known) {
        // Another server, or another view of it: none of the old rows may pass for the new one's.
        if (m_sources.settings(settings.id).address() != settings.address())
            m_hubs.removeHub(settings.id);
        m_store.removeSource(settings.id);
    }
    m_sources.setSource(settings);
    m_running->run(settings);
    remember();
    return settings.id;
}

void Console::openJournal()
{
    if (m_line.journalFile == u"none"_s || m_stopped)
        return;
    // A temporary console has its journal next to its settings, which are deleted with the window.
    const QString usual =
        m_line.isTemporary() ? QFileInfo(m_settings.fileName()).dir().filePath(u"journal.sqlite"_s) : defaultJournalPath();
    JournalLimits limits;
    limits.temporary = m_line.isTemporary() && m_line.journalFile.isEmpty();
    m_journal = std::make_unique<SqlJournal>(m_line.journalFile.isEmpty() ? usual : m_line.journalFile, limits);
    m_ledger.setJournal(m_journal.get());
    m_rolling.setJournal(m_journal.get());
    m_timing.setJournal(m_journal.get());
    m_hubs.setJournal(m_journal.get());
    // Before the history is asked for, so that nothing is missed between the two.
    m_journalOrders = std::make_unique<JournalOrders>(m_ledger, *m_journal, m_clock);
    m_openCommands = std::make_unique<OpenCommands>(m_store, m_ledger, m_rolling, *m_journal);
    m_journalEnds = std::make_unique<JournalEnds>(m_store, *m_journal);
    m_eventRecorder = std::make_unique<FleetEventRecorder>(m_store, m_sources, m_clock, m_journal.get());
}

/// What is seen of the fleet is kept, next to the journal.
void Console::openHistory()
{
    if (m_stopped) {
        showHistory();
        return;
    }
    if (m_line.historyFile == u"none"_s)
        return;
    const QString usual =
        m_line.isTemporary() ? QFileInfo(m_settings.fileName()).dir().filePath(u"history.sqlite"_s) : defaultHistoryPath();
    HistoryLimits limits = HistoryDialog::limitsIn(m_settings);
    limits.temporary = m_line.isTemporary() && m_line.historyFile.isEmpty();
    m_history = std::make_unique<SqlHistory>(m_line.historyFile.isEmpty() ? usual : m_line.historyFile, limits);
    m_historyRecorder = std::make_unique<HistoryRecorder>(m_store, *m_history, m_journal.get());
    connect(m_history.get(), &History::stateChanged, this, [this, said = QString()](const HistoryState &state) mutable {
        if (state.message.isEmpty() || state.message == std::exchange(said, state.message) || !m_window)
            return;
        m_window->showNotice(state.message, state.hint);
    });
}

/// Of a file, by a window whose now is the end of it. Nothing writes to it, and there is no recorder.
void Console::showHistory()
{
    m_history = std::make_unique<SqlHistory>(m_line.shownHistory, HistoryLimits(), SqlHistory::Use::Read);
    const auto moveOn = [this](qint64 to) {
        if (to <= 0 || to == m_clock.nowMs())
            return;
        m_stopped->set(to);
        if (m_window)
            m_window->refreshTimes();
    };
    connect(m_history.get(), &History::extended, this, moveOn); // Where another process still records it.
    connect(m_history.get(), &History::stateChanged, this, [this, moveOn, placed = false](const HistoryState &state) mutable {
        moveOn(state.to);
        // At the end of it: the fleet as it was last. There is no other one to be shown.
        if (m_window && state.to > 0 && !std::exchange(placed, true))
            m_window->showMoment(state.to - 1);
        if (m_window && !state.message.isEmpty())
            m_window->showNotice(state.message, state.hint);
    });
}

void Console::openHistoryWindow(const QString &path)
{
    const QString theme = Theme::instance().choice() == ThemeChoice::Light  ? u"light"_s
                          : Theme::instance().choice() == ThemeChoice::Dark ? u"dark"_s
                                                                            : u"system"_s;
    if (m_line.program.isEmpty() || !QProcess::startDetached(m_line.program, {u"--show-history"_s, path, u"--theme"_s, theme}))
        m_window->showNotice(tr("The file could not be opened in a window of its own"),
                             tr("%1 cannot be run.").arg(m_line.program));
}

/// A team's own timing rules. A mistake in them is shown, and the built-in ones stay in force.
void Console::readRules()
{
    QString file = m_line.rulesFile;
    if (file.isEmpty() && !m_line.isTemporary())
        file = QFileInfo(m_settings.fileName()).dir().filePath(u"rules.json"_s);
    if (file.isEmpty() || (m_line.rulesFile.isEmpty() && !QFileInfo::exists(file)))
        return;
    QString error;
    if (!m_timing.extendLibrary(file, &error))
        m_window->showNotice(error, tr("The built-in timing rules stay in force."));
}

QString Console::layoutFolder() const
{
    return m_line.isTemporary() ? QString() : QFileInfo(m_settings.fileName()).dir().filePath(u"layouts"_s);
}

/// Sources that run know the layouts of their start: those where something unknown was found begin again.
void Console::takeMadeLayout()
{
    readLayouts();
    for (const SourceSettings &settings : std::vector<SourceSettings>(m_sources.all())) {
        if (!m_store.sourceStatus(settings.id).look.unknown.isEmpty()) {
            m_running->end(settings.id);
            m_store.removeSource(settings.id);
            m_sources.setSource(settings);
            m_running->run(settings);
        }
    }
}

/// Layouts of one's own. A mistake in one is shown, and takes no other away.
void Console::readLayouts()
{
    m_layouts = LayoutCatalog::load(layoutFolder(), m_line.layoutFiles);
    LayoutCatalog::use(m_layouts);
    m_running->setLayouts(m_layouts.layouts());
    m_tests->setLayouts(m_layouts.layouts());
    if (!m_layouts.problems().empty())
        m_window->showNotice(m_layouts.problems().front().toString(), tr("All other layouts stay in force."));
}

void Console::recordConsole(const QString &step, const QString &text)
{
    if (!m_journal)
        return;
    JournalEntry entry;
    entry.at = m_clock.wallNowMs();
    entry.kind = JournalKind::Console;
    entry.step = step;
    entry.by = m_ledger.operatorName();
    entry.text = text;
    m_journal->write({entry});
}

void Console::disconnectSource(SourceId id)
{
    m_running->stop(id);
}

void Console::reconnectSource(SourceId id)
{
    if (m_sources.rowOf(id) < 0)
        return;
    // What waits for its next attempt, or was given up, has no connection that could be ended.
    const SourceStatus status = m_store.sourceStatus(id);
    if (status.isConnected() || status.state == SourceState::Stalled)
        m_running->reconnect(m_sources.settings(id));
    else
        m_running->retry(m_sources.settings(id));
}

void Console::removeSource(SourceId id)
{
    const QString key = m_sources.settings(id).key;
    m_running->end(id);
    m_hubs.removeHub(id);
    m_sources.removeSource(id);
    // The last of its sources is removed: the demo is not needed any more.
    if (std::erase(m_demoSources, id) > 0 && m_demoSources.empty())
        stopDemo();
    if (m_memory)
        m_memory->forget(key);
}

void Console::startDemo()
{
    // What happens in the demo is nothing to remember, and nothing for an operator's journal.
    if (!m_line.demo && !m_line.program.isEmpty())
        openDemoWindow();
    else if (!m_demo.isRunning())
        m_demo.start({m_line.demoWorkers, m_line.demoActors});
}

/// Some messages, so that the demo shows what its Messages tab is for: two requests, and one message to all.
void Console::talkToDemoHub(SourceId hub)
{
    constexpr int asked = 2;
    const bool ours = std::find(m_demoSources.begin(), m_demoSources.end(), hub) != m_demoSources.end();
    if (m_talked || !ours || m_store.sourceStatus(hub).state != SourceState::Sweeping || m_store.sourceWorkerCount(hub) < asked)
        return;
    m_talked = true;
    int count = 0;
    for (int handle = 0; handle < m_store.capacity() && count < asked; ++handle) {
        const Worker &worker = m_store.worker(WorkerHandle(handle));
        if (!worker.used || worker.source != hub || worker.endedAt > 0)
            continue;
        HubCall call;
        call.kind = HubCall::Kind::Ask;
        call.target = QString::fromUtf8(worker.id);
        call.type = u"task:assign"_s;
        call.data = QJsonObject{{u"task"_s, u"render the report"_s}, {u"priority"_s, ++count}};
        m_hubs.call(hub, call);
    }
    HubCall all;
    all.kind = HubCall::Kind::Broadcast;
    all.type = u"demo:hello"_s;
    all.data = QJsonObject{{u"text"_s, u"The demo has begun."_s}};
    m_hubs.call(hub, all);
}

void Console::openDemoWindow()
{
    m_window->setDemoRunning(false);
    if (QProcess::startDetached(m_line.program, {u"--demo"_s}))
        m_window->showNotice(tr("The demo fleet opens in a window of its own"),
                             tr("Its settings, journal and history are deleted when it is closed; nothing of it is kept here."));
    else
        m_window->showNotice(tr("The demo fleet could not be started"), tr("%1 cannot be run.").arg(m_line.program));
}

void Console::stopDemo()
{
    const std::vector<SourceId> sources = std::exchange(m_demoSources, {});
    for (const SourceId source : sources)
        removeSource(source);
    m_demo.stop();
    m_window->setDemoRunning(false);
}

void Console::remember()
{
    if (!m_memory || m_remembering)
        return;
    const QScopedValueRollback guard(m_remembering, true);
    const std::vector<SourceSettings> before = m_sources.all();
    std::vector<SourceSettings> all = before;
    m_memory->write(all);
    // What another window said of a source meanwhile holds here too, and so do the keys that were given.
    for (size_t i = 0; i < all.size(); ++i) {
        if (all[i] != before[i])
            m_sources.setSource(all[i]);
    }
}

void Console::watchFirstView()
{
    if (m_firstViewSeen)
        return;
    for (const SourceSettings &settings : m_sources.all()) {
        const SourceState state = m_store.sourceStatus(settings.id).state;
        const bool over = state == SourceState::Live || state == SourceState::Sweeping || state == SourceState::Failed
                          || state == SourceState::Waiting;
        if (!over)
            return;
    }
    if (m_line.demo && m_demo.isRunning() && m_demoSources.empty())
        return;
    m_firstViewSeen = true;
    emit firstFullView();
}

} // namespace pulsedeck
