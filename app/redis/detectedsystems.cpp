// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/detectedsystems.h"

#include "app/redis/keypatterns.h"
#include "app/redis/pausereader.h"

#include <algorithm>

namespace pulsedeck {

namespace {

/// Whether it is the key of a worker's record, without a prefix. Ids that stand in no key, as those of Celery, say nothing of
/// keys.
bool isRecordOf(const Layout &layout, const QByteArray &key)
{
    const QByteArray mark(1, '\0');
    const QByteArray whole = layout.record.key.resolve({{"prefix", {}}, {"id", mark}});
    const qsizetype at = whole.indexOf(mark);
    if (at < 0 || layout.idPattern.pattern().isEmpty() || key.size() < whole.size() || !key.startsWith(whole.first(at))
        || !key.endsWith(whole.sliced(at + 1)))
        return false;
    const QByteArray id = key.sliced(at, key.size() - whole.size() + 1);
    return layout.idPattern.match(QString::fromUtf8(id)).hasMatch();
}

} // namespace

DetectedSystems::System *DetectedSystems::find(size_t layout, const QByteArray &prefix)
{
    const auto found = std::find_if(m_systems.begin(), m_systems.end(),
                                    [&](const System &system) { return system.layout == layout && system.prefix == prefix; });
    return found == m_systems.end() ? nullptr : &*found;
}

const DetectedSystems::System *DetectedSystems::find(const QString &layout, const QByteArray &prefix) const
{
    const auto found = std::find_if(m_systems.begin(), m_systems.end(), [&](const System &system) {
        return layoutOf(system).name == layout && system.prefix == prefix;
    });
    return found == m_systems.end() ? nullptr : &*found;
}

DetectedSystems::System &DetectedSystems::add(size_t layout, const QByteArray &prefix, FoundSystem::By by,
                                              const QByteArray &evidence)
{
    return m_systems.emplace_back(System{layout, prefix, by, evidence.left(KeyPatterns::longestPrefix)});
}

QByteArray DetectedSystems::recordKey(const System &system, const QByteArray &id) const
{
    const LayoutRecord &record = layoutOf(system).record;
    return record.type == LayoutRecord::Type::None ? QByteArray() : record.key.resolve({{"prefix", system.prefix}, {"id", id}});
}

bool DetectedSystems::isOf(const System &system, const QByteArray &key) const
{
    if (!system.prefix.isEmpty())
        return key.startsWith(system.prefix);
    const Layout &layout = layoutOf(system);
    const bool watched = std::any_of(layout.watched.begin(), layout.watched.end(), [&key](const LayoutText &text) {
        const QByteArray head = text.resolve({{"prefix", {}}});
        return !head.isEmpty() && key.startsWith(head);
    });
    return watched || isRecordOf(layout, key);
}

FoundSystem DetectedSystems::told(const System &system) const
{
    const Layout &layout = layoutOf(system);
    FoundSystem told;
    told.layout = layout.name;
    told.title = layout.title;
    told.prefix = system.prefix;
    told.workers = system.workers;
    told.more = system.workers >= 0 && system.moreWorkers;
    told.queues = qMax<qint64>(system.queues, system.queueNames.isEmpty() ? -1 : system.queueNames.size());
    told.moreQueues = system.moreQueues;
    told.versions = system.versions;
    if (system.toRead == 0 && system.records > 0) {
        told.busy = system.busy;
        told.capacity = system.capacity > 0 ? system.capacity : -1;
    }
    told.alive = system.alive;
    told.beatMs = system.beatMs;
    told.ttlMs = system.ttlMs;
    told.by = system.by;
    told.evidence = system.evidence;
    told.hasPrefix = layout.hasPrefix();
    told.note = PauseReader::note(system.paused, layout.queues.allPausedWord);
    return told;
}

} // namespace pulsedeck
