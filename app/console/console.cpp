// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "ui/window/mainwindow.h"

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
{
    m_ioThread.setObjectName(u"io"_s);
    m_ioThread.start();
    m_publishTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_publishTimer, &QTimer::timeout, &m_store, &FleetStore::publish);
    m_publishTimer.start(publishEveryMs);
    connect(&m_store, &FleetStore::sourceChanged, this, &Console::watchFirstView);
    connect(&m_sources, &SourceListModel::visibilityChanged, this, &Console::remember);

    m_window = std::make_unique<MainWindow>(WindowContext{m_store, m_sources, m_clock, m_settings});
    connect(m_window.get(), &MainWindow::connectRequested, this, &Console::connectSource);
    connect(m_window.get(), &MainWindow::disconnectRequested, this, &Console::disconnectSource);
    connect(m_window.get(), &MainWindow::reconnectRequested, this, &Console::reconnectSource);
    connect(m_window.get(), &MainWindow::removeRequested, this, &Console::removeSource);
    connect(m_window.get(), &MainWindow::demoRequested, this, &Console::startDemo);
    connect(m_window.get(), &MainWindow::demoStopRequested, this, &Console::stopDemo);

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
    m_running[settings.id] = source;
    QMetaObject::invokeMethod(source, &FleetSource::start, Qt::QueuedConnection);
}

void Console::dropSource(SourceId id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    found->second->disconnect(&m_store);
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
        settings.readOnly = m_settings.value(u"readOnly"_s, true).toBool();
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
