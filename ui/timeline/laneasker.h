// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanefeed.h"
#include "ui/timeline/lanestory.h"

#include <QObject>
#include <QTimer>

namespace pulsedeck {

class LanePast;
class LaneView;
class TimeWindow;

/// Sees to it that there is a picture of what the lanes show: notices what is missing, gathers what the store and the history
/// know of it, and asks a LaneFeed, one question at a time. GUI thread.
class LaneAsker : public QObject
{
    Q_OBJECT

public:
    /// All outlive it; \a past is null without a history.
    LaneAsker(LaneView &view, TimeWindow &window, LanePast *past, QObject *parent = nullptr);

    /// While it is not active nothing is followed or asked.
    void setActive(bool active);
    /// What is shown is asked for soon, unless there is a picture of it; with \a again even then.
    void want(bool again);
    /// The same because time went on and for nothing else: single lanes alone, while the last pass over all is not long ago.
    void wantAsTimeGoes();
    void askOverview(qint64 from, qint64 to) { m_feed.askOverview(from, to); }
    /// What was asked for was answered.
    bool isIdle() const { return m_feed.isReady() && m_feed.isIdle() && !m_soon.isActive(); }
    /// What the store knows of it, and before its first beat there what was recorded.
    LaneStory story(WorkerHandle handle, qint64 from, qint64 to);

signals:
    /// The store was taken over: \a firstBeat is the first it has, 0 for none. A picture of all lanes follows.
    void ready(qint64 firstBeat);
    void answered(const pulsedeck::SharedLanePicture &picture);
    void overviewed(const pulsedeck::LaneOverview &overview);

private:
    void ask();
    KnownLane knownLane(quint64 key, WorkerHandle handle, qint64 from, qint64 to);
    bool coversView() const;
    void wantPastFold(LaneAsk &ask, qint64 until);

    LaneView &m_view;
    TimeWindow &m_window;
    LanePast *m_past;
    const FleetStore &m_store;
    LaneFeed m_feed;
    LaneEvents m_events;
    QTimer m_soon; ///< What comes in a burst is asked for together.
    bool m_active = false;
    bool m_fresh = false; ///< What is asked for soon is asked for even if there is a picture.
    bool m_onlyTime = false; ///< It is asked for because time went on, and for nothing else.
    bool m_pending = false; ///< More is wanted than what is being answered.
};

} // namespace pulsedeck
