// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/band.h"
#include "ui/window/fleetsummary.h"

#include <vector>

namespace pulsedeck {

class HubStore;
class StatusCell;
class WriteAccess;

/// The bottom edge of the window: a cell per source at the left; clock skew, the time with its zone and the write lock at the
/// right. Where there is not room for all, sources without trouble get shorter texts, and then the mildest are left to "+3 more".
/// A cell gets a longer text again only where there is room to spare, so that texts that change each second do not make it
/// flicker. GUI thread.
class StatusStrip : public Band
{
    Q_OBJECT

public:
    /// \a hubs may be null: then only the state of a hub is shown.
    StatusStrip(FleetStore &store, SourceListModel &sources, WriteAccess &access, const Clock &clock, HubStore *hubs,
                QWidget *parent = nullptr);

    void setSkew(const SkewSummary &skew);
    /// It shows another time than now: nothing can be written then, \a why says why.
    void setPast(const QString &why);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

public slots:
    /// Reads the clock and the sources' states again; the window calls it once a second and when a source changed.
    void refresh();

signals:
    void sourceClicked(pulsedeck::SourceId source);
    /// Some sources have no cell: show them all.
    void moreClicked();
    void skewClicked();
    /// Unlock writing, or lock it.
    void lockClicked();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    std::vector<size_t> byRank() const;
    int divide(int room, std::vector<size_t> &order);
    void describeMore(const std::vector<size_t> &shown);
    void place();
    void refreshLock();
    void refreshSource(size_t cell, SourceId source);
    void refreshCellOf(SourceId source);

    FleetStore &m_store;
    SourceListModel &m_sources;
    WriteAccess &m_access;
    const Clock &m_clock;
    HubStore *m_hubs;
    std::vector<StatusCell *> m_cells;
    std::vector<int> m_ranks; ///< Of each: smaller is worse.
    std::vector<size_t> m_shown; ///< From left to right.
    bool m_fresh = true; ///< The room or the cells have changed: the former forms do not count.
    StatusCell *m_none;
    StatusCell *m_more;
    StatusCell *m_skew;
    StatusCell *m_time;
    StatusCell *m_lock;
    QString m_past; ///< Empty: it shows now.
    bool m_skewKnown = false;
};

} // namespace pulsedeck
