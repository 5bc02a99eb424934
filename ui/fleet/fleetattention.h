// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"
#include "ui/common/orderhold.h"

#include <functional>
#include <vector>

class QMenu;

namespace pulsedeck {

class AttentionPill;
class FleetView;

/// Who newly needs attention, and whether the order of the table waits. Workers that became worse than late rise to the top as
/// soon as the order may change; until then, and while the list is scrolled elsewhere, a pill above the list announces them. What
/// was bad in the first full view, or before an outage, is no news. Model and view outlive this. GUI thread.
class FleetAttention : public QObject
{
    Q_OBJECT

public:
    FleetAttention(FleetTableModel &model, FleetView &view, QObject *parent);

    bool isMenuOpen() const { return m_hold.isMenuOpen(); }
    /// The order is held while \a menu is open.
    void holdWhileOpen(QMenu *menu);
    /// A hand is at work on the list, here or where another page shows it: for a moment the order is held.
    void noteHand();
    /// An act is being prepared.
    void setPreparing(bool preparing);
    /// Ends the hold until a hand moves again, and updates the order.
    void release();
    /// Looks again who is on screen.
    void review();
    /// Selects the next worker that needs attention; \a direction is 1 or -1.
    void select(int direction);
    void placePill();

signals:
    void heldChanged(bool held);
    void menuClosed();

private:
    struct News
    {
        WorkerHandle handle;
        quint32 serial;
    };

    void onPublished(const FleetChanges &changes);
    /// Drops news of workers that recovered, left or are seen. Returns the others that are in the list or a folded group of it:
    /// what a filter hides is no news.
    std::vector<WorkerHandle> unseen(const std::function<bool(WorkerHandle)> &isSeen);
    void reviewHold();
    void showNews();

    FleetTableModel &m_model;
    FleetView &m_view;
    OrderHold m_hold;
    AttentionPill *m_pill; ///< The view's.
    std::vector<quint8> m_worse; ///< By handle, as last known.
    std::vector<News> m_news; ///< Who became worse and was not on screen since.
};

} // namespace pulsedeck
