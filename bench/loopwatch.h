// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>

#include <vector>

class QPaintEvent;
class QWidget;

namespace pulsedeck::bench {

/// The time the steady clock shows, in nanoseconds.
qint64 steadyNs();

/// An application that times its own event loop. An iteration begins with the first event delivered after the loop was about to
/// wait, and ends when it is about to wait again: while it lasts, a click waits.
class WatchedApplication : public QApplication
{
    Q_OBJECT

public:
    WatchedApplication(int &argc, char **argv);

    bool notify(QObject *receiver, QEvent *event) override;

    void beginWatch();
    struct Stalls
    {
        double p99Ms = 0; ///< Of all milliseconds one in a hundred lies in a longer iteration.
        double longestMs = 0;
        double p99OfIterationsMs = 0; ///< Of all iterations one in a hundred is longer.
        double busyShare = 0;
        int iterations = 0;
    };
    /// What the loop did since beginWatch().
    Stalls stalls() const;

    /// Paints of this widget are reported by painted().
    void watchPaints(QWidget *widget) { m_painted = widget; }

signals:
    /// The watched widget has painted \a region, and the event that made it is over, so it is on the window.
    void painted(const QRegion &region);

private:
    void endIteration();

    QWidget *m_painted = nullptr;
    QRegion m_paintedRegion;
    std::vector<double> m_iterationsMs;
    qint64 m_watchedFrom = 0;
    qint64 m_iterationFrom = 0;
    int m_depth = 0;
};

} // namespace pulsedeck::bench
