// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "models/history/spanreport.h"

namespace pulsedeck {

class SpanCollector;

/// Reads what happened in a span from a history, a few hundred lanes at a time, so that neither the history's thread nor this one
/// is busy for long and other questions are answered in between. One span at a time. GUI thread.
class SpanReader : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostEvents = 100'000; ///< Of more the latest.
    static constexpr qint64 pieceBeats = 1'000'000; ///< So many are asked for at once, at a beat each five seconds.

    /// \a history outlives this.
    explicit SpanReader(History &history, QObject *parent = nullptr);
    ~SpanReader() override;

    /// Begins; what is being read is given up. progressed(), and then finished() or failed() follow.
    void read(const SpanScope &scope);
    void cancel();
    bool isReading() const { return m_collector != nullptr || m_token != 0; }

signals:
    void progressed(int lanes, int all);
    void finished(const pulsedeck::SharedSpanReport &report);
    void failed(const QString &message);

private:
    void takeAnswer(quint64 token, const SharedHistoryAnswer &answer);
    void ask(HistoryQuery query);
    void fail(const QString &message);
    void take(const SpansAnswer &answer);
    void take(const LanesAnswer &answer);
    void take(const EventsAnswer &answer);
    void take(const TracksAnswer &answer);
    void askTracks();

    History &m_history;
    SpanScope m_scope;
    std::unique_ptr<SpanCollector> m_collector;
    SpansAnswer m_spans;
    bool m_cutEvents = false;
    std::vector<HistoryLane> m_lanes; ///< Sources, queues, workers; each by number, as they stand together in the file.
    size_t m_asked = 0; ///< Of m_lanes.
    size_t m_taken = 0;
    quint64 m_token = 0; ///< 0: nothing is asked.
};

} // namespace pulsedeck
