// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/attentionnews.h"

#include "models/fleet/liveness.h"

#include <algorithm>

namespace pulsedeck {

AttentionNews::AttentionNews(const FleetTableModel &model, QObject *parent)
    : QObject(parent)
    , m_model(model)
{
    FleetChanges all;
    all.reset = true;
    onPublished(all);
    connect(&model.store(), &FleetStore::published, this, &AttentionNews::onPublished);
}

void AttentionNews::onPublished(const FleetChanges &changes)
{
    const FleetStore &store = m_model.store();
    m_worse.resize(size_t(store.capacity()));
    if (changes.reset) {
        for (size_t handle = 0; handle < m_worse.size(); ++handle)
            m_worse[handle] = isWorseThanLate(store.worker(WorkerHandle(handle)));
        return;
    }
    for (const WorkerHandle handle : changes.added) {
        const Worker &worker = store.worker(handle);
        m_worse[handle] = isWorseThanLate(worker);
        if (m_worse[handle] && worker.firstSeenAt > 0) // It registered while the console watched, and died half-way.
            m_unseen.push_back({handle, worker.serial});
    }
    for (const WorkerHandle handle : changes.changed) {
        const Worker &worker = store.worker(handle);
        // What it was before an outage it is likely to be after it: that is no news.
        if (!worker.used || worker.liveness == Liveness::Unknown)
            continue;
        const bool worse = isWorseThanLate(worker);
        if (worse && !m_worse[handle])
            m_unseen.push_back({handle, worker.serial});
        m_worse[handle] = worse;
    }
}

bool AttentionNews::holds(const News &news) const
{
    const Worker &worker = m_model.store().worker(news.handle);
    return worker.used && worker.serial == news.serial && m_worse[news.handle];
}

std::vector<WorkerHandle> AttentionNews::review(const std::function<bool(WorkerHandle)> &isSeen)
{
    std::vector<WorkerHandle> left;
    std::erase_if(m_unseen, [&](const News &news) { return !holds(news) || isSeen(news.handle); });
    for (const News &news : m_unseen) {
        if (m_model.contains(news.handle))
            left.push_back(news.handle);
    }
    // One that recovered and fell again stands here twice.
    std::sort(left.begin(), left.end());
    left.erase(std::unique(left.begin(), left.end()), left.end());
    return left;
}

} // namespace pulsedeck
