// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetattention.h"

#include "models/fleet/liveness.h"
#include "ui/fleet/attentionpill.h"
#include "ui/fleet/fleetselection.h"
#include "ui/fleet/fleetview.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QMenu>
#include <QScrollBar>

#include <algorithm>

namespace pulsedeck {

FleetAttention::FleetAttention(FleetTableModel &model, FleetView &view, QObject *parent)
    : QObject(parent)
    , m_model(model)
    , m_view(view)
    , m_pill(new AttentionPill(&view))
{
    const FleetStore &store = model.store();
    FleetChanges all;
    all.reset = true;
    onPublished(all);
    connect(&view, &FleetView::handMoved, this, &FleetAttention::noteHand);
    connect(&store, &FleetStore::ticked, this, &FleetAttention::reviewHold); // A hold ends by time alone.
    connect(m_pill, &AttentionPill::clicked, this, &FleetAttention::showNews);
    connect(&store, &FleetStore::published, this, [this](const FleetChanges &changes) {
        onPublished(changes);
        review();
    });
    connect(&model, &FleetTableModel::orderChanged, this, &FleetAttention::review);
    connect(view.verticalScrollBar(), &QScrollBar::valueChanged, this, &FleetAttention::review);
}

void FleetAttention::holdWhileOpen(QMenu *menu)
{
    connect(menu, &QMenu::aboutToShow, this, [this] {
        m_hold.menuOpened();
        reviewHold();
    });
    connect(menu, &QMenu::aboutToHide, this, [this] {
        m_hold.menuClosed();
        reviewHold();
        emit menuClosed();
    });
}

void FleetAttention::setPreparing(bool preparing)
{
    m_hold.setPreparing(preparing);
    reviewHold();
}

void FleetAttention::release()
{
    m_hold.release();
    reviewHold();
    m_model.reorderNow();
}

void FleetAttention::noteHand()
{
    m_hold.noteHand(m_model.store().viewNow());
    m_model.noteAim();
    reviewHold();
}

void FleetAttention::reviewHold()
{
    const bool held = m_hold.isHeld(m_model.store().viewNow());
    if (held == m_model.isHeld())
        return;
    m_model.setHeld(held);
    emit heldChanged(held);
    review();
}

void FleetAttention::onPublished(const FleetChanges &changes)
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
            m_news.push_back({handle, worker.serial});
    }
    for (const WorkerHandle handle : changes.changed) {
        const Worker &worker = store.worker(handle);
        // After an outage it is likely to be what it was before: that is no news.
        if (!worker.used || worker.liveness == Liveness::Unknown)
            continue;
        const bool worse = isWorseThanLate(worker);
        if (worse && !m_worse[handle])
            m_news.push_back({handle, worker.serial});
        m_worse[handle] = worse;
    }
}

std::vector<WorkerHandle> FleetAttention::unseen(const std::function<bool(WorkerHandle)> &isSeen)
{
    std::erase_if(m_news, [&](const News &news) {
        const Worker &worker = m_model.store().worker(news.handle);
        return !worker.used || worker.serial != news.serial || !m_worse[news.handle] || isSeen(news.handle);
    });
    std::vector<WorkerHandle> left;
    for (const News &news : m_news) {
        if (m_model.contains(news.handle))
            left.push_back(news.handle);
    }
    // One that recovered and became worse again is there twice.
    std::sort(left.begin(), left.end());
    left.erase(std::unique(left.begin(), left.end()), left.end());
    return left;
}

void FleetAttention::review()
{
    const bool grouped = m_model.grouping() == FleetGrouping::Attention;
    const QRect seen = m_view.isVisible() && !m_view.window()->isMinimized() ? m_view.viewport()->rect() : QRect();
    const std::vector<WorkerHandle> left = unseen([&](WorkerHandle handle) {
        const int row = m_model.rowOf(handle);
        if (row < 0 || (grouped && !m_model.standsInAttention(handle)))
            return false;
        const int top = m_view.rowViewportPosition(row);
        return top >= seen.top() && top + m_view.rowHeight(row) / 2 <= seen.bottom();
    });
    // A worker that rises at the next ordering needs no announcement.
    const auto waits = [&](WorkerHandle handle) { return !grouped || m_model.isHeld() || m_model.standsInAttention(handle); };
    const int count = int(std::count_if(left.begin(), left.end(), waits));
    if (count == m_pill->count())
        return;
    m_pill->setCount(count);
    placePill();
}

void FleetAttention::showNews()
{
    const std::vector<WorkerHandle> left = unseen([](WorkerHandle) { return false; });
    m_news.clear();
    release();
    for (const int heading : m_model.groupRows()) {
        if (std::any_of(left.begin(), left.end(), [this](WorkerHandle handle) { return m_model.rowOf(handle) < 0; }))
            m_model.setGroupCollapsed(heading, false);
    }
    WorkerHandle first = noWorker;
    for (const WorkerHandle handle : left) {
        if (m_model.rowOf(handle) >= 0 && (first == noWorker || m_model.rowOf(handle) < m_model.rowOf(first)))
            first = handle;
    }
    if (first != noWorker)
        m_view.workerSelection().reveal(first);
    m_view.setFocus();
    review();
}

void FleetAttention::select(int direction)
{
    noteHand();
    const int rows = m_model.rowCount();
    const int from = m_view.currentIndex().isValid() ? m_view.currentIndex().row() : direction > 0 ? -1 : rows;
    for (int step = 1; step <= rows; ++step) {
        const int row = ((from + direction * step) % rows + rows) % rows;
        const WorkerHandle handle = m_model.handleAt(row);
        if (handle != noWorker && needsAttention(m_model.store().worker(handle))) {
            m_view.workerSelection().select(handle);
            return;
        }
    }
}

void FleetAttention::placePill()
{
    // Over the end of the first row, which is mostly a heading: that ends before it.
    const QRect rows = m_view.viewport()->geometry();
    const QSize size = m_pill->sizeHint();
    const QRect place(QPoint(rows.right() - size.width() - px(12), rows.top()), size);
    m_pill->setGeometry(place);
    m_pill->raise();
    m_view.setCover(m_pill->count() > 0 ? place.translated(-rows.topLeft()) : QRect());
}

} // namespace pulsedeck
