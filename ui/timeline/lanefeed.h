// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "ui/timeline/lanepicture.h"

#include <QElapsedTimer>
#include <QObject>
#include <QThread>
#include <QTimer>

#include <atomic>
#include <functional>

namespace pulsedeck {

/// Lays out lanes on a thread of its own. GUI thread; it follows the store while it is active, and costs nothing else. What is
/// new in the store goes to that thread some thousand lanes at a time, and events are worked off in between, so that a large
/// store never holds up the GUI thread; meanwhile that thread prepares what it has already.
class LaneFeed : public QObject
{
    Q_OBJECT

public:
    static constexpr int overviewBuckets = 600;
    static constexpr size_t lanesInSlice = 4'096; ///< Copied at once, in two or three milliseconds.
    static constexpr int forgetAfterMs = 60'000; ///< So long after the page was hidden the copy of all beats goes.

    explicit LaneFeed(const FleetStore &store, QObject *parent = nullptr);
    ~LaneFeed() override;

    /// While the page is hidden nothing is followed.
    void setActive(bool active);
    /// answered() follows, in three steps: single lanes, rows of many lanes, who was late. What was asked for before and was not
    /// begun is not answered any more. Returns the token.
    quint64 ask(LaneAsk ask);
    /// overviewed() follows.
    void askOverview(qint64 from, qint64 to);
    /// The thread has all that was there when the page was shown: what is asked about all lanes is answered at once.
    bool isReady() const { return m_ready; }
    /// The first beat of all that were there; 0: there is none, or it is not ready yet.
    qint64 firstBeat() const { return m_ready ? m_firstBeat : 0; }
    /// The last question was answered whole.
    bool isIdle() const { return m_answered == m_asked; }
    /// A pass over all lanes takes so long: nothing asks for one again before ten times that have gone by, unless a hand does.
    bool isRested() const { return !m_asking.isValid() || m_asking.elapsed() >= 10 * m_wholeMs; }

signals:
    void ready(); ///< Once each time it was made active.
    void answered(const pulsedeck::SharedLanePicture &picture);
    void overviewed(const pulsedeck::LaneOverview &overview);

private:
    struct Known
    {
        quint32 serial = 0;
        qint64 lastBeat = 0;
        MirroredLane lane;
    };
    void onPublished(const FleetChanges &changes);
    void note(WorkerHandle handle);
    /// \a job runs on the thread of the mirror once that has everything up to this moment.
    void whenUpToDate(std::function<void()> job);
    void beginRound();
    void takeSlice();
    LaneNews takeNews(size_t first, size_t end);
    void takeUnknownSpans(LaneNews &news);

    const FleetStore &m_store;
    QThread m_thread;
    QObject *m_context; ///< On that thread.
    std::shared_ptr<LaneMirror> m_mirror = std::make_shared<LaneMirror>(); ///< Only that thread touches it.
    std::shared_ptr<std::atomic<quint64>> m_newest = std::make_shared<std::atomic<quint64>>(0);
    std::vector<Known> m_known; ///< By handle, as the mirror has it.
    std::vector<WorkerHandle> m_touched;
    std::vector<quint8> m_isTouched;
    std::vector<WorkerHandle> m_round; ///< Lanes that are being looked at, slice by slice.
    size_t m_roundDone = 0;
    std::vector<std::function<void()>> m_afterRound;
    std::vector<std::function<void()>> m_waiting; ///< What was asked for during the round: for the next one.
    QTimer m_nextSlice;
    qint64 m_firstBeat = 0;
    size_t m_unknownSpans = 0; ///< As last sent: how many there were, and how many of them were open.
    QTimer m_forget;
    QElapsedTimer m_asking; ///< Since the last question about all lanes.
    qint64 m_wholeMs = 0;
    quint64 m_asked = 0;
    quint64 m_answered = 0;
    bool m_active = false;
    bool m_ready = false;
    bool m_all = true; ///< All have to be looked at.
};

} // namespace pulsedeck
