// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/sourceset.h"

#include <algorithm>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int publishMs = 100;

bool isWhole(SourceState state)
{
    return state == SourceState::Live || state == SourceState::Sweeping;
}

} // namespace

SourceSet::SourceSet(const std::vector<RedisUrl> &urls, bool once, const QByteArray &clientName)
    : m_store(m_clock)
{
    QStringList names;
    for (const RedisUrl &url : urls)
        names.append(url.shortName());

    for (size_t i = 0; i < urls.size(); ++i) {
        const auto id = SourceId(i + 1);
        const QString &name = names.at(qsizetype(i));
        // Two databases of one server.
        QString unique = names.count(name) > 1 ? urls[i].display() : name;
        if (std::find(urls.begin(), urls.begin() + std::ptrdiff_t(i), urls[i]) != urls.begin() + std::ptrdiff_t(i))
            unique += u" (%1)"_s.arg(i + 1);
        m_store.addSource(id, unique);

        RedisSourceOptions options;
        options.connection.clientName = clientName;
        options.connection.reconnect = !once;
        options.push = !once;
        Entry entry;
        entry.source = std::make_unique<RedisSource>(id, urls[i], options, m_clock);
        connect(entry.source.get(), &FleetSource::batchReady, this,
                [this](const FleetBatch &batch) { m_store.apply(batch); });
        connect(entry.source.get(), &FleetSource::statusChanged, this, &SourceSet::take);
        connect(entry.source.get(), &FleetSource::commandsProgressed, this, &SourceSet::commandsProgressed);
        m_sources.push_back(std::move(entry));
    }
    m_tick.setInterval(publishMs);
    connect(&m_tick, &QTimer::timeout, this, [this] { m_store.publish(); });
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

void SourceSet::setWritable()
{
    for (Entry &entry : m_sources)
        entry.source->setWritable(true);
}

void SourceSet::carryOut(SourceId source, const QList<Command> &commands)
{
    RedisSource *to = m_sources[source - 1].source.get();
    QMetaObject::invokeMethod(
        to, [to, commands] { to->carryOut(commands); }, Qt::QueuedConnection);
}

void SourceSet::lookUp(SourceId source, const QList<Command> &commands)
{
    RedisSource *to = m_sources[source - 1].source.get();
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
    if (status.state != before)
        emit sourceChanged(status.source);
}

bool SourceSet::isComplete(SourceId source) const
{
    return m_sources[source - 1].complete;
}

bool SourceSet::isFailed(SourceId source) const
{
    return m_store.sourceStatus(source).state == SourceState::Failed;
}

int SourceSet::completeCount() const
{
    return int(std::count_if(m_sources.begin(), m_sources.end(), [](const Entry &entry) { return entry.complete; }));
}

int SourceSet::failedCount() const
{
    int failed = 0;
    for (SourceId id = 1; id <= m_sources.size(); ++id)
        failed += isFailed(id) ? 1 : 0;
    return failed;
}

QString SourceSet::trouble(SourceId source) const
{
    const SourceStatus status = m_store.sourceStatus(source);
    if (!status.message.isEmpty())
        return status.hint.isEmpty() ? status.message : QString(status.message + u' ' + status.hint);
    const QString name = m_store.sourceName(source);
    switch (status.state) {
    case SourceState::Loading:
        return name + u": The fleet could not be read in time; see --timeout."_s;
    case SourceState::Stalled:
        return name + u": It has stopped answering."_s;
    default:
        return name + u": It did not answer in time; see --timeout."_s;
    }
}

} // namespace pulsedeck
