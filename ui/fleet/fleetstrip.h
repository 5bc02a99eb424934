// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QLabel;

namespace pulsedeck {

class FigureButton;
class FleetMap;
class Sparkline;
class ToneLabel;

/// The page's header: the number of workers in each state, which systems are paused as a whole, beats per second, sessions, and
/// the fleet map. Nothing in it is cut off: without room for all, the figures move together, then map, sessions and beats are
/// left out, then the figures that are 0.
class FleetStrip : public QWidget
{
    Q_OBJECT

public:
    explicit FleetStrip(const FleetStore &store, QWidget *parent = nullptr);

    /// Marks the figure whose filter is in force.
    void setFilter(const QString &text);
    /// It shows another time than now: how many beats came a second is not known then.
    void setPast();

signals:
    /// A figure was clicked: filter by this; empty when it was in force already.
    void filterRequested(const QString &text);
    void workerClicked(pulsedeck::WorkerHandle handle);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    /// What gives way, one after the other.
    enum Room { Everything, TightFigures, NoMap, NoSessions, NoRate, NoZeros };
    int neededWidth(Room room) const;
    void fitParts();
    void refresh();
    void refreshCounts();
    /// Whether it needs another width now.
    bool refreshPauses();

    const FleetStore &m_store;
    std::vector<FigureButton *> m_figures; ///< In the order of refresh().
    ToneLabel *m_pause; ///< Which systems are paused as a whole; empty: none is known to be.
    ToneLabel *m_pauseSince;
    ToneLabel *m_rate;
    ToneLabel *m_sessions;
    ToneLabel *m_sessionsUnit;
    ToneLabel *m_total;
    Sparkline *m_sparkline;
    FleetMap *m_map;
    QWidget *m_pauseColumn;
    QWidget *m_rateColumn;
    QWidget *m_sessionsColumn;
    QWidget *m_rateDivider;
    QWidget *m_mapDivider;
    std::vector<bool> m_wanted; ///< Of the figures: those that are shown where there is room.
    QTimer m_timer;
    bool m_past = false;
    bool m_otherSystems = false; ///< As of the last refresh().
};

} // namespace pulsedeck
