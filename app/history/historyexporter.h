// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/segmentreader.h"

#include <QMutex>
#include <QObject>

#include <atomic>
#include <set>

namespace pulsedeck {

/// Writes spans of a history into files of their own, on a thread and a connection of its own, so that questions are answered
/// meanwhile. A file is written next to its place and renamed when it is whole: what was there stays until then, and whatever
/// happens. cancel() and stop() are called from another thread.
class HistoryExporter : public QObject
{
    Q_OBJECT

public:
    HistoryExporter(const QString &path, HistoryShared &shared);

    void exportSpan(qint64 from, qint64 to, const QString &path, quint64 token);
    /// Its exported() says that it was cancelled, unless it is whole already.
    void cancel(quint64 token);
    /// Ends what is under way and what waits.
    void stop() { m_stops = true; }

signals:
    void progressed(quint64 token, int percent);
    void exported(quint64 token, const QString &error);
    void unreadable(qint64 from, qint64 to);

private:
    QString exportTo(const QString &path, qint64 from, qint64 to, quint64 token);
    QString writeSegments(HistoryFile &file, qint64 from, qint64 to, quint64 token);
    bool copySegment(HistoryFile &file, const HistorySegment &segment);
    bool copyRows(HistoryFile &file, const HistorySegment &segment, const QString &table, qint64 first, qint64 last);
    bool isCancelled(quint64 token);

    SegmentReader m_segments;
    QMutex m_mutex; ///< Guards what follows.
    std::set<quint64> m_cancelled;
    std::atomic<bool> m_stops = false;
};

} // namespace pulsedeck
