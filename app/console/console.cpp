// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "app/console/opencommands.h"
#include "app/journal/sqljournal.h"
#include "app/timing/disktimingfiles.h"
#include "models/core/operatorname.h"
#include "models/journal/fleetjournalist.h"
#include "ui/window/mainwindow.h"

#include <QDir>
#include <QFileInfo>
#include <QProcessEnvironment>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int publishEveryMs = 80; // Views hear of changes so often: prompt for the eye, cheap for the processor.

} // namespace

Console::Console(const CommandLine &line, QSettings &settings, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_settings(settings)
    , m_store(m_clock)
    , m_sources(m_store)
    , m_ledger(m_store, m_clock)
    , m_access(m_store, m_sources, m_clock)
    , m_rolling(m_store, m_sources, m_ledger, m_access)
    , m_timing(m_store, m_clock)
    , m_timingFiles(std::make_unique<DiskTimingFiles>(m_timing.library(), m_clock))
{
    m_ledger.setOperator(operatorName());
    m_timing.setOperator(operatorName());
    m_access.setForbidden(m_line.readOnly);
    openJournal();
    m_ioThread.setObjectName(u"io"_s);
    m_ioThread.start();
    m_publishTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_publishTimer, &QTimer::timeout, &m_store, &FleetStore::publish);
    m_publishTimer.start(publishEveryMs);
    connect(&m_store, &FleetStore::sourceChanged, this, &Console::watchFirstView);
    connect(&m_sources, &SourceListModel::visibilityChanged, this, &Console::remember);

    m_window = std::make_unique<MainWindow>(WindowContext{
        m_store, m_sources, m_clock, m_settings, m_ledger, m_rolling, m_access, m_timing, m_journal.get(),
        m_timingFiles.get()});
    connect(m_window.get(), &MainWindow::connectRequested, this, &Console::connectSource);
    connect(m_window.get(), &MainWindow::disconnectRequested, this, &Console::disconnectSource);
    connect(m_window.get(), &MainWindow::reconnectRequested, this, &Console::reconnectSource);
    connect(m_window.get(), &MainWindow::removeRequested, this, &Console::removeSource);
    connect(m_window.get(), &MainWindow::demoRequested, this, &Console::startDemo);
    connect(m_window.get(), &MainWindow::demoStopRequested, this, &Console::stopDemo);

    connect(&m_ledger, &CommandLedger::carryOut, this, [this](SourceId id, const QList<Command> &commands) {
        m_access.touch();
        withSource(id, commands, &FleetSource::carryOut);
    });
    connect(&m_ledger, &CommandLedger::lookUp, this,
            [this](SourceId id, const QList<Command> &commands) { withSource(id, commands, &FleetSource::lookUp); });
    connect(&m_timing, &TimingDesk::applyRequested, this, [this](SourceId id, const TimingApply &apply) {
        m_access.touch();
        if (const auto found = m_running.find(id); found != m_running.end()) {
            QMetaObject::invokeMethod(found->second, [source = found->second, apply] { source->applyTiming(apply); });
            return;
        }
        TimingApplied refused;
        refused.id = apply.id;
        refused.source = id;
        refused.outcome = TimingApplied::Outcome::Refused;
        refused.refusal = Refusal::NotConnected;
        refused.text = refusalText(Refusal::NotConnected);
        m_timing.takeApplied(refused);
    });
    connect(&m_timing, &TimingDesk::historyRequested, this, [this](SourceId id) {
        if (const auto found = m_running.find(id); found != m_running.end())
            QMetaObject::invokeMethod(found->second, &FleetSource::readTimingHistory);
    });
    connect(&m_access, &WriteAccess::sourceWritable, this, [this](SourceId id, bool writable) {
        if (const auto found = m_running.find(id); found != m_running.end())
            QMetaObject::invokeMethod(found->second, [source = found->second, writable] { source->setWritable(writable); });
    });
    connect(&m_access, &WriteAccess::changed, this, [this, open = false]() mutable {
        if (std::exchange(open, m_access.isUnlocked()) != m_access.isUnlocked())
            recordConsole(open ? u"unlocked"_s : u"locked"_s, open ? u"Write access unlocked"_s : u"Write access locked"_s);
    });

    connect(&m_demo, &DemoFleet::ready, this, [this] {
        m_window->setDemoRunning(true);
        m_demoSource = connectSource(m_demo.source());
    });
    connect(&m_demo, &DemoFleet::failed, this, [this](const QString &text, const QString &hint) {
        m_window->setDemoRunning(false);
        m_window->showNotice(text, hint);
        // Who asked on the command line may have no window to look at.
        if (m_line.demo)
            std::fputs(qPrintable(QString(text + u". "_s + hint + u'\n')), stderr);
        watchFirstView();
    });
    connect(&m_demo, &DemoFleet::ended, this,
            [this](const QString &text) { m_window->showNotice(text, u"Start the demo fleet again from the File menu."_s); });
}

Console::~Console()
{
    m_publishTimer.stop();
    m_window.reset();
    recordConsole(u"ended"_s, u"Console ended"_s);
    // The sources are deleted on their own thread, while its event loop still runs.
    for (const auto &[id, source] : m_running)
        source->deleteLater();
    m_running.clear();
    m_ioThread.quit();
    m_ioThread.wait();
}

const FleetSource *Console::source(SourceId id) const
{
    const auto found = m_running.find(id);
    return found == m_running.end() ? nullptr : found->second;
}

bool Console::start(QString *error)
{
    std::vector<SourceSettings> wanted;
    for (const QString &text : m_line.urls) {
        std::optional<SourceSettings> settings = SourceSettings::fromUrl(text, error);
        if (!settings)
            return false;
        wanted.push_back(*settings);
    }
    if (wanted.empty() && !m_line.demo) {
        const std::optional<RedisUrl> url = RedisUrl::fromEnvironment(QProcessEnvironment::systemEnvironment(), error);
        if (url)
            wanted.push_back(SourceSettings::fromUrl(*url));
        else if (!error->isEmpty())
            return false;
        else if (!m_line.fresh)
            wanted = remembered();
    }
    if (!m_line.page.isEmpty())
        m_window->showPage(m_line.page);
    if (m_line.size.isValid())
        m_window->resize(m_line.size);
    m_window->show();
    readRules();
    recordConsole(u"started"_s, u"Console started"_s);
    for (const SourceSettings &settings : wanted)
        connectSource(settings);
    if (m_line.demo)
        startDemo();
    return true;
}

SourceId Console::connectSource(SourceSettings settings)
{
    if (settings.id == 0)
        settings.id = m_nextId++;
    if (settings.name.isEmpty())
        settings.name = settings.url().shortName();
    dropSource(settings.id);
    m_sources.setSource(settings);
    makeSource(settings);
    remember();
    return settings.id;
}

void Console::makeSource(const SourceSettings &settings)
{
    RedisSourceOptions options;
    options.timing = settings.demo ? TimingProfile::demo() : TimingProfile();
    auto *source = new RedisSource(settings.id, settings.url(), options, m_clock);
    source->moveToThread(&m_ioThread);
    connect(source, &FleetSource::batchReady, &m_store, &FleetStore::apply);
    connect(source, &FleetSource::statusChanged, &m_store, &FleetStore::applyStatus);
    // A first full view is shown at once and not at the next tick.
    connect(source, &FleetSource::statusChanged, this, [this, loading = false](const SourceStatus &status) mutable {
        const bool whole = status.state == SourceState::Live || status.state == SourceState::Sweeping;
        if (std::exchange(loading, status.state == SourceState::Loading) && whole)
            m_store.publish();
    });
    connect(source, &FleetSource::commandsProgressed, &m_ledger, &CommandLedger::takeProgress);
    connect(source, &FleetSource::timingApplied, &m_timing, &TimingDesk::takeApplied);
    connect(source, &FleetSource::timingHistoryRead, &m_timing, &TimingDesk::takeHistory);
    m_running[settings.id] = source;
    const bool writable = m_access.allows(settings.id);
    QMetaObject::invokeMethod(source, [source, writable] { source->setWritable(writable); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(source, &FleetSource::start, Qt::QueuedConnection);
}

/// Hands commands to the thread of the source; one that is gone refuses them.
void Console::withSource(SourceId id, const QList<Command> &commands, void (FleetSource::*slot)(const QList<Command> &))
{
    if (const auto found = m_running.find(id); found != m_running.end()) {
        QMetaObject::invokeMethod(found->second, [source = found->second, slot, commands] { (source->*slot)(commands); });
        return;
    }
    QList<CommandProgress> refused;
    for (const Command &command : commands) {
        CommandProgress progress;
        progress.command = command.id;
        progress.source = id;
        progress.at = m_clock.nowMs();
        progress.outcome = CommandProgress::Outcome::Refused;
        progress.refusal = Refusal::NotConnected;
        refused.append(progress);
    }
    m_ledger.takeProgress(refused);
}

void Console::openJournal()
{
    if (m_line.journalFile == u"none"_s || (m_line.fresh && m_line.journalFile.isEmpty()))
        return;
    m_journal = std::make_unique<SqlJournal>(m_line.journalFile.isEmpty() ? defaultJournalPath() : m_line.journalFile);
    m_ledger.setJournal(m_journal.get());
    m_rolling.setJournal(m_journal.get());
    m_timing.setJournal(m_journal.get());
    m_openCommands = std::make_unique<OpenCommands>(m_store, m_ledger, m_rolling, *m_journal);
    m_journalist = std::make_unique<FleetJournalist>(m_store, m_sources, m_clock, m_journal.get());
}

/// A team's own timing rules. A mistake in them is shown, and the built-in ones stay in force.
void Console::readRules()
{
    QString file = m_line.rulesFile;
    if (file.isEmpty() && !m_line.fresh)
        file = QFileInfo(m_settings.fileName()).dir().filePath(u"rules.json"_s);
    if (file.isEmpty() || (m_line.rulesFile.isEmpty() && !QFileInfo::exists(file)))
        return;
    QString error;
    if (!m_timing.extendLibrary(file, &error))
        m_window->showNotice(error, u"The built-in timing rules stay in force."_s);
}

void Console::recordConsole(const QString &step, const QString &text)
{
    if (!m_journal)
        return;
    JournalEntry entry;
    entry.at = m_clock.nowMs();
    entry.kind = JournalKind::Console;
    entry.step = step;
    entry.by = m_ledger.operatorName();
    entry.text = text;
    m_journal->write({entry});
}

void Console::dropSource(SourceId id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    found->second->disconnect(&m_store);
    // Its commandsProgressed stays connected: what it still answers belongs to the ledger.
    found->second->deleteLater();
    m_running.erase(found);
}

void Console::disconnectSource(SourceId id)
{
    if (const auto found = m_running.find(id); found != m_running.end())
        QMetaObject::invokeMethod(found->second, &FleetSource::stop, Qt::QueuedConnection);
}

void Console::reconnectSource(SourceId id)
{
    if (const auto found = m_running.find(id); found != m_running.end())
        QMetaObject::invokeMethod(found->second, &FleetSource::retryNow, Qt::QueuedConnection);
    else if (m_sources.rowOf(id) >= 0)
        makeSource(m_sources.settings(id));
}

void Console::removeSource(SourceId id)
{
    dropSource(id);
    m_sources.removeSource(id);
    if (id == m_demoSource)
        stopDemo();
    remember();
}

void Console::startDemo()
{
    if (!m_demo.isRunning())
        m_demo.start(m_line.demoWorkers);
}

void Console::stopDemo()
{
    const SourceId source = std::exchange(m_demoSource, SourceId(0));
    m_demo.stop();
    m_window->setDemoRunning(false);
    if (source != 0 && m_sources.rowOf(source) >= 0) {
        dropSource(source);
        m_sources.removeSource(source);
    }
}

void Console::remember()
{
    if (m_line.fresh)
        return;
    m_settings.beginWriteArray(u"sources"_s);
    int index = 0;
    for (const SourceSettings &settings : m_sources.all()) {
        if (settings.demo)
            continue;
        m_settings.setArrayIndex(index++);
        m_settings.setValue(u"name"_s, settings.name);
        m_settings.setValue(u"host"_s, settings.host);
        m_settings.setValue(u"port"_s, settings.port);
        m_settings.setValue(u"socket"_s, settings.socketPath);
        m_settings.setValue(u"user"_s, settings.user);
        m_settings.setValue(u"database"_s, settings.database);
        m_settings.setValue(u"tls"_s, settings.tls);
        m_settings.setValue(u"caFile"_s, settings.caFile);
        m_settings.setValue(u"readOnly"_s, settings.readOnly);
        m_settings.setValue(u"visible"_s, settings.visible);
        // The password is never written: it is asked for when Redis asks for it.
    }
    m_settings.endArray();
    m_settings.setValue(u"sources/size"_s, index);
}

std::vector<SourceSettings> Console::remembered() const
{
    std::vector<SourceSettings> list;
    const int count = qBound(0, m_settings.beginReadArray(u"sources"_s), 100);
    for (int i = 0; i < count; ++i) {
        m_settings.setArrayIndex(i);
        SourceSettings settings;
        settings.name = m_settings.value(u"name"_s).toString();
        settings.host = m_settings.value(u"host"_s, settings.host).toString();
        settings.port = m_settings.value(u"port"_s, settings.port).toInt();
        settings.socketPath = m_settings.value(u"socket"_s).toString();
        settings.user = m_settings.value(u"user"_s).toString();
        settings.database = m_settings.value(u"database"_s).toInt();
        settings.tls = m_settings.value(u"tls"_s).toBool();
        settings.caFile = m_settings.value(u"caFile"_s).toString();
        settings.readOnly = m_settings.value(u"readOnly"_s, false).toBool();
        settings.visible = m_settings.value(u"visible"_s, true).toBool();
        list.push_back(settings);
    }
    m_settings.endArray();
    return list;
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
    if (m_line.demo && m_demo.isRunning() && m_demoSource == 0)
        return;
    m_firstViewSeen = true;
    emit firstFullView();
}

} // namespace pulsedeck
