// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/loopwatch.h"

#include "bench/statistics.h"

#include <QAbstractEventDispatcher>
#include <QPaintEvent>
#include <QThread>
#include <QWidget>

#include <algorithm>
#include <chrono>

namespace pulsedeck::bench {

qint64 steadyNs()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

WatchedApplication::WatchedApplication(int &argc, char **argv)
    : QApplication(argc, argv)
{
    m_iterationsMs.reserve(1'000'000);
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this,
            &WatchedApplication::endIteration);
}

bool WatchedApplication::notify(QObject *receiver, QEvent *event)
{
    // Qt asks here for the events of every thread.
    if (QThread::currentThread() != thread())
        return QApplication::notify(receiver, event);
    if (m_depth == 0 && m_iterationFrom == 0)
        m_iterationFrom = steadyNs();
    const int outer = m_depth;
    m_depth = outer + 1;
    const bool paints = receiver == m_painted && event->type() == QEvent::Paint;
    if (paints)
        m_paintedRegion += static_cast<QPaintEvent *>(event)->region();
    const bool taken = QApplication::notify(receiver, event);
    m_depth = outer;
    if (outer == 0 && !m_paintedRegion.isEmpty())
        emit painted(std::exchange(m_paintedRegion, QRegion()));
    return taken;
}

void WatchedApplication::endIteration()
{
    m_depth = 0; // Also where a loop runs inside an event.
    if (m_iterationFrom == 0)
        return;
    if (m_iterationFrom >= m_watchedFrom)
        m_iterationsMs.push_back(double(steadyNs() - m_iterationFrom) / 1e6);
    m_iterationFrom = 0;
}

void WatchedApplication::beginWatch()
{
    m_iterationsMs.clear();
    m_watchedFrom = steadyNs();
}

WatchedApplication::Stalls WatchedApplication::stalls() const
{
    Stalls stalls;
    const double watchedMs = double(steadyNs() - m_watchedFrom) / 1e6;
    std::vector<double> longestFirst = m_iterationsMs;
    std::sort(longestFirst.begin(), longestFirst.end(), std::greater<>());
    stalls.iterations = int(longestFirst.size());
    if (longestFirst.empty())
        return stalls;
    stalls.longestMs = longestFirst.front();
    stalls.p99OfIterationsMs = quantile(m_iterationsMs, 0.99);
    double sum = 0;
    for (const double ms : longestFirst) {
        sum += ms;
        if (sum <= watchedMs / 100)
            continue;
        if (stalls.p99Ms == 0)
            stalls.p99Ms = ms;
    }
    stalls.busyShare = sum / watchedMs;
    return stalls;
}

} // namespace pulsedeck::bench
