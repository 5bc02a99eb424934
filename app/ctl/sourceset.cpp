// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/sourceset.h"

#include "app/ctl/ctljournal.h"
#include "app/journal/sqljournal.h"
#include "app/protocols/allprotocols.h"
#include "models/commands/recordedcommand.h"
#include "models/fleet/queuefacts.h"
#include "models/hub/messagingsource.h"
#include "models/layouts/layouttraits.h"

#include <QFileInfo>

#include <algorithm>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int publishMs = 100;
constexpr int closeMs = 2'000;

bool isWhole(SourceState state)
{
    return state == SourceState::Live || state == SourceState::Sweeping;
}

} // namespace

SourceSet::SourceSet(const std::vector<SourceSettings> &sources, const std::vector<Layout> &layouts, const HubAccess &access,
                     bool once, int timeoutMs, const QByteArray &clientName)
    : m_store(m_clock)
    , m_layouts(layouts)
{
    QStringList names;
    for (const SourceSettings &source : sources)
        names.append(source.name);
    SourceRequest request;
    request.once = once;
    request.timeoutMs = timeoutMs;
    request.program = u"pulsedeckctl"_s;
    request.clientName = clientName;
    request.caFile = access.caFile;
    request.tlsOptions = access.tlsOptions;
    request.layouts = layouts;
    m_sources.resize(sources.size());
    for (size_t i = 0; i < sources.size(); ++i) {
        const auto id = SourceId(i + 1);
        const SourceSettings &settings = sources[i];
        // Two databases of one server.
        QString unique = names.count(settings.name) > 1 ? settings.address() : settings.name;
        const bool twice = std::any_of(sources.begin(), sources.begin() + std::ptrdiff_t(i),
                                       [&](const auto &before) { return before.address() == settings.address(); });
        if (twice)
            unique += u" (%1)"_s.arg(i + 1);
        m_store.addSource(id, unique, settings.traits());

        Entry &entry = m_sources[i];
        entry.source.reset(sourceFactory(settings.kind).makeSource(id, settings, request, m_clock));
        entry.source->setSecret(access.token.forTheWire());
        MessagingSource *const messaging = entry.source->messaging();
        entry.messages = messaging != nullptr;
        if (messaging)
            connect(messaging, &MessagingSource::viewChanged, this, [&entry](const HubView &view) { entry.view = view; });
        connect(entry.source.get(), &FleetSource::batchReady, this, [this](const FleetBatch &batch) { m_store.apply(batch); });
        connect(entry.source.get(), &FleetSource::statusChanged, this, &SourceSet::take);
        connect(entry.source.get(), &FleetSource::commandsProgressed, this, &SourceSet::commandsProgressed);
    }
    m_tick.setInterval(publishMs);
    connect(&m_tick, &QTimer::timeout, this, [this] { m_store.publish(); });
    m_closeLimit.setSingleShot(true);
    connect(&m_closeLimit, &QTimer::timeout, this, &SourceSet::closed);
}

void SourceSet::recallPast(const QString &file)
{
    const QString path = file.isEmpty() ? defaultJournalPath() : file;
    if (file == u"none"_s || !QFileInfo::exists(path))
        return;
    // What ended after it was drained is not drained any more: drains come first.
    for (const RecordedCommand &command : commandsFromHistory(readCommandHistoryOf(file), m_clock))
        noteOrder(m_store, command.entry);
    const QList<EndRecord> ends = readEndsOf(path);
    for (const EndRecord &end : ends)
        m_store.takePastEnd(end.source, end.worker, {end.end, m_clock.fromWall(end.at)});
}

SourceSet::~SourceSet()
{
    for (Entry &entry : m_sources)
        entry.source->disconnect(this);
}

void SourceSet::start()
{
    m_tick.start();
    for (Entry &entry : m_sources)
        entry.source->start();
}

void SourceSet::close()
{
    m_tick.stop();
    for (Entry &entry : m_sources) {
        entry.source->disconnect(this);
        ++m_closing;
        connect(entry.source.get(), &FleetSource::ended, this, [this] {
            if (--m_closing == 0)
                m_closeLimit.start(0);
        });
    }
    m_closeLimit.start(m_closing > 0 ? closeMs : 0);
    for (const Entry &entry : m_sources)
        entry.source->end();
}

void SourceSet::setWritable(bool registering)
{
    for (Entry &entry : m_sources) {
        if (!entry.messages || registering)
            entry.source->setWritable(true);
    }
}

const HubView *SourceSet::hubView(SourceId source) const
{
    const Entry &entry = m_sources[source - 1];
    return entry.messages ? &entry.view : nullptr;
}

void SourceSet::carryOut(SourceId source, const QList<Command> &commands)
{
    FleetSource *to = m_sources[source - 1].source.get();
    QMetaObject::invokeMethod(
        to, [to, commands] { to->carryOut(commands); }, Qt::QueuedConnection);
}

void SourceSet::lookUp(SourceId source, const QList<Command> &commands)
{
    FleetSource *to = m_sources[source - 1].source.get();
    QMetaObject::invokeMethod(
        to, [to, commands] { to->lookUp(commands); }, Qt::QueuedConnection);
}

void SourceSet::take(const SourceStatus &status)
{
    const SourceState before = m_store.sourceStatus(status.source).state;
    m_store.applyStatus(status);
    if (status.source == 0 || status.source > m_sources.size())
        return;
    Entry &entry = m_sources[status.source - 1];
    entry.complete = entry.complete || isWhole(status.state);
    if (status.state != before || (status.isCutOff() && status.trouble != entry.trouble))
        emit sourceChanged(status.source);
    entry.trouble = status.trouble;
}

std::vector<TraitsRef> SourceSet::systemsIn(SourceId source) const
{
    std::vector<TraitsRef> systems;
    for (const FoundSystem &found : m_store.sourceStatus(source).systems) {
        const auto layout =
            std::find_if(m_layouts.begin(), m_layouts.end(), [&found](const Layout &one) { return one.name == found.layout; });
        if (!found.watched || layout == m_layouts.end())
            continue;
        Layout placed = *layout;
        placed.prefix = found.prefix;
        systems.push_back(traitsOf(placed));
    }
    return systems;
}

bool SourceSet::isComplete(SourceId source) const
{
    return m_sources[source - 1].complete;
}

bool SourceSet::isFailed(SourceId source) const
{
    return m_store.sourceStatus(source).state == SourceState::Failed;
}

bool SourceSet::isCutOff(SourceId source, bool surely) const
{
    const SourceStatus status = m_store.sourceStatus(source);
    return surely ? status.trouble == SourceTrouble::MasterLost : status.isCutOff();
}

int SourceSet::settledCount() const
{
    return int(std::ranges::count_if(m_store.sources(),
                                     [this](SourceId id) { return isComplete(id) || isFailed(id) || isCutOff(id, true); }));
}

QStringList SourceSet::limits(SourceId source) const
{
    QStringList lines = m_store.sourceStatus(source).allLimits();
    if (const SourceId twin = m_store.twinOf(source))
        lines.append(sameServerText(m_store.sourceName(twin)));
    for (QString &line : lines)
        line.prepend(name(source) + u": "_s);
    return lines;
}

QStringList SourceSet::pauses(SourceId source) const
{
    QStringList lines;
    for (const FleetPause *pause : m_store.queues().fleetPauses(source)) {
        if (const QString text = fleetPauseText(m_store, source, *pause); !text.isEmpty())
            lines.append(name(source) + u": "_s + text);
    }
    return lines;
}

int SourceSet::completeCount() const
{
    return int(std::count_if(m_sources.begin(), m_sources.end(), [](const Entry &entry) { return entry.complete; }));
}

int SourceSet::failedCount() const
{
    return int(std::ranges::count_if(m_store.sources(), [this](SourceId id) { return isFailed(id); }));
}

QString SourceSet::trouble(SourceId source) const
{
    const SourceStatus status = m_store.sourceStatus(source);
    if (!status.message.isEmpty())
        return status.hint.isEmpty() ? status.message : QString(status.message + u' ' + status.hint);
    const QString name = m_store.sourceName(source);
    switch (status.state) {
    case SourceState::Loading:
        return name + u": the fleet could not be read in time; see --timeout."_s;
    case SourceState::Stalled:
        return name + u": it has stopped answering."_s;
    default:
        return name + u": it did not answer in time; see --timeout."_s;
    }
}

} // namespace pulsedeck
