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

/// The page's header: how many workers are in which state, beats per second, sessions, and the fleet map.
class FleetStrip : public QWidget
{
    Q_OBJECT

public:
    explicit FleetStrip(const FleetStore &store, QWidget *parent = nullptr);

    /// Marks the figure whose filter is in force.
    void setFilter(const QString &text);

signals:
    /// A figure was clicked: filter by this; empty when it was in force already.
    void filterRequested(const QString &text);
    void workerClicked(pulsedeck::WorkerHandle handle);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    FigureButton *addFigure(class QHBoxLayout &layout, int glyph, const QString &word, const QString &filter);
    void refresh();

    const FleetStore &m_store;
    std::vector<FigureButton *> m_figures; ///< In the order of refresh().
    ToneLabel *m_rate;
    ToneLabel *m_sessions;
    ToneLabel *m_total;
    Sparkline *m_sparkline;
    FleetMap *m_map;
    QTimer m_timer;
};

} // namespace pulsedeck
