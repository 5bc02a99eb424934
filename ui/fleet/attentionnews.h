// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"

#include <QObject>

#include <functional>
#include <vector>

namespace pulsedeck {

/// Who became worse than late while the console watched and was not on screen since, where it belongs: the order was
/// held, or the list was scrolled elsewhere. What was bad in the first full view, or before an outage, is no news. GUI
/// thread.
class AttentionNews : public QObject
{
    Q_OBJECT

public:
    explicit AttentionNews(const FleetTableModel &model, QObject *parent = nullptr);

    /// Forgets those that recovered or left, and those that \a isSeen. Returns who is left and in the list or a folded
    /// group of it: what a filter hides is nobody's news.
    std::vector<WorkerHandle> review(const std::function<bool(WorkerHandle)> &isSeen);
    void clear() { m_unseen.clear(); }

private:
    struct News
    {
        WorkerHandle handle;
        quint32 serial;
    };
    void onPublished(const FleetChanges &changes);
    bool holds(const News &news) const;

    const FleetTableModel &m_model;
    std::vector<quint8> m_worse; ///< By handle, as last known.
    std::vector<News> m_unseen;
};

} // namespace pulsedeck
