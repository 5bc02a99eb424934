// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/historyfile.h"
#include "app/history/historyshared.h"
#include "app/history/segmentsealer.h"

#include <QLockFile>
#include <QMutex>
#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <variant>

namespace pulsedeck {

/// The writing half of SqlHistory: works off a queue on its own thread. Each frame is on the disk before the next is taken;
/// segments are sealed a few blocks at a time in between. One process records a file, and holds its lock; another one follows
/// what is recorded, and takes over when that one has ended. Only post() and postLast() are called from another thread.
class HistoryWriter : public QObject
{
    Q_OBJECT

public:
    static constexpr int retryMs = 10'000;
    static constexpr int followMs = 1'000;
    static constexpr int blocksInStep = 8; ///< Sealed in one transaction, so that a frame never waits long.
    static constexpr size_t mostUnsealed = 4; ///< Segments kept in memory while the disk is full; beyond it the oldest is lost.
    static constexpr size_t mostEventsWaiting = 10'000;
    static constexpr qint64 runSavedEveryMs = 5'000;

    /// Called in the order of the queue: a question for the reader, which may see all that was written before it.
    using Question = std::function<void()>;

    HistoryWriter(const QString &path, HistoryFile::Mode mode, const HistoryLimits &limits, HistoryShared &shared,
                  qint64 maxBytes);
    ~HistoryWriter() override;

    /// False if the queue is full: nothing was taken.
    bool post(std::variant<HistoryFrame, Question> job);
    /// After what is queued everything is sealed and the thread ends; nothing may be posted afterwards.
    void postLast();

public slots:
    void start();
    void setLimits(const pulsedeck::HistoryLimits &limits);
    void prune(qint64 before);
    /// The reader found a segment damaged.
    void takeUnreadable(qint64 from, qint64 to);

signals:
    void stateFound(const pulsedeck::HistoryState &state);
    void extended(qint64 to);
    void beganAnew();

private:
    void drain();
    void take(HistoryFrame frame);
    void record(HistoryFrame frame);
    void openSegment(qint64 begins);
    /// What of a frame belongs to the open segment goes into it.
    void keep(const HistoryFrame &frame, OpenSegment &segment);
    void writeTail(const HistoryFrame &frame, OpenSegment &segment);
    void dropOldest();

    bool ensureOpen();
    bool lockFile();
    void loadLanes();
    void recover();
    void follow();
    bool replayTail();
    void replay(qint64 segment, qint64 run, qint64 begins, const QByteArray &packed);
    void loadStates(qint64 run, qint64 endsAt);
    void tryToTakeOver();

    bool hasToSeal() const;
    bool sealStep();
    bool finishSeal(const OpenSegment &segment);
    void sealAll();
    void tend();
    bool removeOldest();
    void removeLanes(qint64 before);

    bool failed();
    void report(const DatabaseTrouble &trouble);
    void refreshSpan();
    void publishState(bool always);

    struct Sealing
    {
        std::shared_ptr<OpenSegment> segment;
        std::unique_ptr<SegmentSealer> sealer;
        std::vector<LaneId> blocks;
        size_t done = 0;
    };

    HistoryFile m_file;
    const HistoryFile::Mode m_mode;
    HistoryLimits m_limits;
    HistoryShared &m_shared;
    const qint64 m_maxBytes; ///< For tests of a full disk; 0: no bound but the limits.
    std::unique_ptr<QLockFile> m_lock; ///< Held while this process records.
    DatabaseTrouble m_trouble;
    HistoryState m_state;
    HistoryState m_published;
    std::vector<LaneId> m_numbers; ///< Ours, by those of the recorder.
    std::vector<HistoryEvent> m_events; ///< Not on the disk yet.
    Sealing m_sealing;
    QTimer m_retryTimer;
    QTimer m_sealTimer;
    QTimer m_followTimer;
    QTimer m_tendTimer;
    qint64 m_nextSegment = 1;
    qint64 m_recording = 0; ///< The segment being recorded; 0 for none.
    qint64 m_tailRow = 0; ///< Replayed so far.
    qint64 m_runSaved = 0;
    qint64 m_pruneBefore = 0;
    qint64 m_now = 0; ///< The latest moment recorded.
    qint64 m_lanesTidied = 0;
    bool m_runStored = false;
    bool m_loaded = false;
    bool m_shrinks = false;

    QMutex m_mutex; ///< Guards what follows.
    std::deque<std::variant<HistoryFrame, Question>> m_queue;
    size_t m_queued = 0; ///< Beats, changes and events.
    bool m_scheduled = false;
};

} // namespace pulsedeck
