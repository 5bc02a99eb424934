// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/lane.h"

#include <QList>
#include <QObject>

#include <memory>
#include <variant>

namespace pulsedeck {

/// One recording by one process. Its times are one scale; that of another run may overlap it where the machine's clock was set
/// back.
struct HistoryRun
{
    qint64 id = 0;
    qint64 from = 0; ///< Console's clock, which began as the machine's.
    qint64 to = 0; ///< Until when something is recorded.
    QString host; ///< The machine that recorded.
    qint64 pid = 0;
    QString version; ///< Of the program.
    bool open = false; ///< Being recorded now.
    bool overlaps = false; ///< It began, by its clock, before the end of one that was recorded earlier: a clock was set back.

    bool operator==(const HistoryRun &) const = default;
};

// Questions. Times are the console's clock in ms, `from` inclusive, `to` exclusive. -------------------------------------------

/// Answered by LanesAnswer: the lanes of which something is known in the span, by number.
struct LanesQuery
{
    qint64 from = 0;
    qint64 to = 0;
};

/// Answered by TracksAnswer: every beat and change of a few lanes. At most History::mostTracks lanes; further ones are left out.
struct TracksQuery
{
    qint64 from = 0;
    qint64 to = 0;
    std::vector<LaneId> lanes;
    qint64 stepMs = 0; ///< Of each fact only the last change in each such time, for long spans; 0: all of them.
};

/// Answered by FoldAnswer: many lanes, folded into rows and buckets.
struct FoldQuery
{
    qint64 from = 0;
    qint64 bucketMs = 0; ///< At least 1.
    int buckets = 0;
    std::shared_ptr<const std::vector<LaneId>> order; ///< The lanes in the order of the page. A lane stands in it once.
    std::vector<quint32> rows; ///< Where in the order each row begins; ascending, the first 0; the last row ends with the order.
};

/// Answered by EventsAnswer: ascending by time; at most `most`, of more the latest.
struct EventsQuery
{
    qint64 from = 0;
    qint64 to = 0;
    int most = 10'000;
};

/// Answered by OverviewAnswer: the whole history.
struct OverviewQuery
{ };

/// Answered by MomentAnswer: the state of all lanes at one moment.
struct MomentQuery
{
    qint64 at = 0;
};

/// Answered by SpansAnswer.
struct SpansQuery
{ };

using HistoryQuery = std::variant<LanesQuery, TracksQuery, FoldQuery, EventsQuery, OverviewQuery, MomentQuery, SpansQuery>;

// Answers -------------------------------------------------------------------------------------------------------------------

struct LanesAnswer
{
    std::vector<HistoryLane> lanes;
};

/// Exactly what is known of one lane in a span.
struct LaneTrack
{
    LaneId lane = noLane;
    LaneState before; ///< At `from`; known is false where nothing was recorded then.
    std::vector<qint64> beats; ///< Ascending.
    std::vector<LaneChange> changes; ///< Ascending. Where recording began again each fact that is not as a new LaneState() has it
                                     ///< is there again.
};

struct TracksAnswer
{
    std::vector<LaneTrack> tracks; ///< In the order of the query; a lane of which nothing is known has an empty one.
};

/// Lanes of one row in one bucket.
struct FoldCell
{
    enum Mark : quint8 {
        Mixed = 1, ///< Not all lanes and moments in it are alike.
        Lost = 2, ///< One ended without an order: see isLoss().
        Ended = 4, ///< One ended otherwise.
        Returned = 8, ///< One came back.
        Commanded = 16, ///< A command was seen.
        Draining = 32, ///< One was draining or shutting down.
        NewVersion = 64, ///< One reports another version than before.
    };
    static constexpr quint8 nothing = 0xff;

    quint32 received = 0; ///< Beats.
    quint32 expected = 0; ///< The same, and the moments at which one was due and did not come.
    quint8 worst = nothing; ///< Liveness, the worst by livenessRank(); nothing: no lane is known there.
    quint8 marks = 0;

    bool operator==(const FoldCell &) const = default;
};

struct FoldAnswer
{
    qint64 from = 0;
    qint64 bucketMs = 0;
    int rows = 0;
    int buckets = 0;
    qint64 levelMs = 0; ///< The cells come from buckets of so many ms; 0: from the beats themselves. A coarser bucket that lies
                        ///< in several cells counts in the first.
    std::vector<FoldCell> cells; ///< Row by row.

    const FoldCell &at(int row, int bucket) const { return cells[size_t(row) * size_t(buckets) + size_t(bucket)]; }
};

struct EventsAnswer
{
    std::vector<HistoryEvent> events;
    bool more = false; ///< There are earlier ones in the span.
};

/// One step of the overview.
struct OverviewCell
{
    qint64 at = 0;
    quint32 received = 0; ///< Beats of all lanes.
    quint32 expected = 0;
    quint32 lanes = 0; ///< Workers that were there.
    quint32 late = 0; ///< Times a worker became late or stale in it.
    quint32 lost = 0; ///< Workers that crashed or expired in it.
};

struct OverviewAnswer
{
    qint64 stepMs = 60'000;
    std::vector<OverviewCell> cells; ///< Ascending; steps of which nothing is recorded are left out.
    std::vector<HistoryRun> runs; ///< As in SpansAnswer: between them nothing was watched.
};

struct MomentAnswer
{
    qint64 at = 0;
    qint64 run = 0; ///< 0: nothing was recorded then.
    std::vector<LaneId> lanes; ///< Of which something is known then.
    std::vector<LaneState> states; ///< Of each of them.
};

struct SpansAnswer
{
    std::vector<HistoryRun> runs; ///< In the order they were recorded.
    std::vector<std::pair<qint64, qint64>> unreadable; ///< From, to: recorded, and damaged since.
};

/// Nothing: a later question of the same asker took its place.
struct SupersededAnswer
{ };

/// It could not be answered.
struct FailedAnswer
{
    QString message;
};

using HistoryAnswer = std::variant<LanesAnswer, TracksAnswer, FoldAnswer, EventsAnswer, OverviewAnswer, MomentAnswer, SpansAnswer,
                                   SupersededAnswer, FailedAnswer>;
/// Answers are large and are shared, not copied.
using SharedHistoryAnswer = std::shared_ptr<const HistoryAnswer>;

// State ---------------------------------------------------------------------------------------------------------------------

/// What a history may grow to.
struct HistoryLimits
{
    static constexpr qint64 defaultKeepMs = 24LL * 3'600 * 1'000;
    // What an operator can choose.
    static constexpr qint64 leastKeepMs = 3'600LL * 1'000;
    static constexpr qint64 mostKeepMs = 90LL * 24 * 3'600 * 1'000;
    static constexpr qint64 defaultMaxBytes = 1'000'000'000;
    static constexpr qint64 leastMaxBytes = 50'000'000;
    static constexpr qint64 mostMaxBytes = 100'000'000'000;

    qint64 keepForMs = defaultKeepMs; ///< What is older is removed.
    qint64 maxBytes = defaultMaxBytes; ///< Of the file; beyond it the oldest is removed.
    bool temporary = false; ///< It ends with the console.

    bool operator==(const HistoryLimits &) const = default;
};

/// Whether a history records, and what it holds.
struct HistoryState
{
    bool recording = false;
    QString path;
    QString message; ///< What is wrong, in words; empty when all is well.
    QString hint;
    bool shown = false; ///< A file that is only shown: nothing is ever recorded in it.
    qint64 recorder = 0; ///< Another process records this file: its id. This one only reads.
    qint64 from = 0; ///< The oldest moment it holds; 0 while empty.
    qint64 to = 0; ///< The latest.
    qint64 bytes = -1; ///< In use; -1 while not known.
    HistoryLimits limits;
    qint64 lost = 0; ///< Beats, changes and events of this run that could not be recorded.

    bool operator==(const HistoryState &) const = default;
};

/// The past of the fleet: beats, changes and events of every lane, kept over restarts. Called on the GUI thread and never waits;
/// the work is done on threads of its own. Signals come on the GUI thread.
class History : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostTracks = 500; ///< Lanes in one TracksQuery.

    using QObject::QObject;

    /// Takes what HistoryRecorder saw. What does not fit into the bounded queue is lost, and counted in state().
    virtual void write(HistoryFrame frame) = 0;
    /// answered() follows, once, with what was written before. A question whose \a asker (any number but 0) asks again before it
    /// is begun is answered with SupersededAnswer.
    virtual void ask(HistoryQuery query, quint64 token, quint64 asker = 0) = 0;
    virtual HistoryState state() const = 0;
    /// Takes effect at once: what is beyond them is removed.
    virtual void setLimits(const HistoryLimits &limits) = 0;
    /// Removes what is older than \a before; stateChanged() follows.
    virtual void prune(qint64 before) = 0;
    /// Writes the span, in whole segments, into a file of its own that any history can show; exportProgressed() some times and
    /// exported() at last follow. A file of that name is replaced once the new one is whole, except this history's own and one
    /// that is being recorded.
    virtual void exportSpan(qint64 from, qint64 to, const QString &path, quint64 token) = 0;
    /// Ends an export that is under way or waits: exported() follows all the same, and says so.
    virtual void cancelExport(quint64 token) = 0;
    /// Tokens and askers for the calls above, never 0, never the same twice.
    quint64 nextToken() { return ++m_lastToken; }

signals:
    void answered(quint64 token, const pulsedeck::SharedHistoryAnswer &answer);
    void exportProgressed(quint64 token, int percent);
    /// \a error is empty when the file is complete; otherwise none was written, as also where nothing is recorded of the span.
    void exported(quint64 token, const QString &error);
    void stateChanged(const pulsedeck::HistoryState &state);
    /// What is written from here on is recorded, and nothing of what was written before need be: this process took over from
    /// another, or the file is a new one. Whoever writes tells everything again.
    void beganAnew();
    /// Something was added; \a to is the latest moment recorded. A few times a second at most.
    void extended(qint64 to);

private:
    quint64 m_lastToken = 0;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SharedHistoryAnswer)
Q_DECLARE_METATYPE(pulsedeck::HistoryState)
