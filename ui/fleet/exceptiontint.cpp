// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/exceptiontint.h"

#include "models/fleet/liveness.h"
#include "ui/theme/theme.h"

namespace pulsedeck {

ExceptionTint::ExceptionTint(const FleetStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_reduced(Theme::instance().reducedMotion())
{
    m_clock.start();
    m_exceptional.resize(size_t(store.capacity()));
    for (size_t handle = 0; handle < m_exceptional.size(); ++handle)
        m_exceptional[handle] = needsAttention(store.worker(WorkerHandle(handle)));
    connect(&Theme::instance(), &Theme::changed, this, [this] { m_reduced = Theme::instance().reducedMotion(); });
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ExceptionTint::expire);
    connect(&store, &FleetStore::published, this, &ExceptionTint::onPublished);
}

void ExceptionTint::onPublished(const FleetChanges &changes)
{
    m_exceptional.resize(size_t(m_store.capacity()));
    // One that is found in trouble when it first appears is no news of now.
    for (const WorkerHandle handle : changes.added)
        m_exceptional[handle] = needsAttention(m_store.worker(handle));
    std::vector<WorkerHandle> fresh;
    for (const WorkerHandle handle : changes.changed) {
        const bool exceptional = needsAttention(m_store.worker(handle));
        if (exceptional && !m_exceptional[handle])
            fresh.push_back(handle);
        m_exceptional[handle] = exceptional;
    }
    if (fresh.empty() || fresh.size() > mostAtOnce || m_reduced)
        return;
    for (const WorkerHandle handle : fresh)
        m_until.insert(handle, m_clock.elapsed() + tintMs);
    if (!m_timer.isActive())
        m_timer.start(tintMs);
    emit changed();
}

void ExceptionTint::expire()
{
    const qint64 now = m_clock.elapsed();
    m_until.removeIf([now](const auto &entry) { return entry.value() <= now; });
    if (!m_until.isEmpty())
        m_timer.start(tintMs / 4);
    emit changed();
}

} // namespace pulsedeck
