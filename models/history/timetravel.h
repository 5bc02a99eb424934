// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/pastfleet.h"

#include <QElapsedTimer>
#include <QTimer>

#include <array>
#include <functional>
#include <optional>

namespace pulsedeck {

/// Shows the fleet as it was: a playhead over a history, which can be set, moved, played and stepped from event to event, and the
/// fleet at it. The live store goes on behind it. One moment is asked for at a time, and of those wanted meanwhile the last, so
/// that scrubbing never runs behind the hand. GUI thread.
class TimeTravel : public QObject
{
    Q_OBJECT

public:
    static constexpr std::array<int, 4> speeds{1, 10, 60, 600};
    static constexpr int playEveryMs = 50; ///< So often at most a moment is asked for while it plays.

    /// All outlive this. \a live: the clock and the sources of the present.
    TimeTravel(const FleetStore &live, const SourceListModel &liveSources, History &history, QObject *parent = nullptr);

    /// There is a present to go back to: a window that shows a file has none.
    bool hasNow() const { return !m_history.state().shown; }
    /// The console shows another time than now.
    bool isAway() const { return m_wanted.has_value(); }
    /// The moment asked for; fleet() may still show another one. 0 while not away.
    qint64 at() const { return m_wanted.value_or(0); }
    PastFleet &fleet() { return m_fleet; }
    History &history() { return m_history; }
    const PastFleet &fleet() const { return m_fleet; }
    /// The moment that is asked for is the one that is shown.
    bool isSettled() const { return !isAway() || (m_momentToken == 0 && m_lanesToken == 0 && m_fleet.at() == at()); }
    bool isPlaying() const { return m_playing.isActive(); }
    int speed() const { return m_speed; }
    /// Gives the rows whose beats are to be there: those that can be seen. Asked for with each moment.
    void setSeen(std::function<std::vector<WorkerHandle>()> seen) { m_seen = std::move(seen); }
    /// Whether the lines and rates of queues are to be there.
    void setQueuesSeen(std::function<bool()> seen) { m_queuesSeen = std::move(seen); }

public slots:
    /// Puts the playhead there. A moment that has not come yet is as backToNow().
    void goTo(qint64 at);
    /// Where there is no now: to the end of the file.
    void backToNow();
    void setPlaying(bool playing);
    /// How many seconds pass in one; one of speeds.
    void setSpeed(int speed);
    /// To the next event of the history, or with -1 to the one before; noticed() if there is none.
    void step(int direction);
    /// Other rows came into sight.
    void reviewSeen();
    /// To be called now and then: where the playhead rests, the lines of queues are read for the hours before.
    void reviewLines();

signals:
    void awayChanged(bool away);
    /// The playhead stands elsewhere; at() has where.
    void moved();
    /// fleet() shows another moment.
    void shown();
    void playingChanged(bool playing);
    /// Something came out otherwise than was asked for.
    void noticed(const QString &text, const QString &hint);

private:
    void askMoment();
    std::vector<LaneId> seenLanes() const;
    void askTracks(qint64 at);
    void askLanes();
    void askLines();
    void askEvents();
    void take(quint64 token, const SharedHistoryAnswer &answer);
    void takeEvents(const EventsAnswer &answer);
    void showIfWhole();
    void playOn();

    const FleetStore &m_live;
    const SourceListModel &m_liveSources;
    History &m_history;
    PastFleet m_fleet;
    std::function<std::vector<WorkerHandle>()> m_seen;
    std::function<bool()> m_queuesSeen;
    std::optional<qint64> m_wanted;
    QTimer m_playing;
    QElapsedTimer m_sincePlayed;
    int m_speed = speeds.front();
    SharedHistoryAnswer m_moment; ///< Came, and waits for its tracks or lanes.
    SharedHistoryAnswer m_tracks;
    std::vector<LaneId> m_trackLanes; ///< Asked for last.
    bool m_lanesTried = false; ///< Lanes were asked for since the moment was.
    int m_stepDirection = 0;
    qint64 m_stepFrom = 0;
    qint64 m_stepTo = 0;
    quint64 m_lanesToken = 0; ///< 0: nothing is under way; so the others.
    quint64 m_momentToken = 0;
    quint64 m_tracksToken = 0;
    quint64 m_eventsToken = 0;
    quint64 m_linesToken = 0;
    TracksQuery m_linesAsked;
    qint64 m_linesFor = 0; ///< The moment they were asked for.
    qint64 m_restsAt = 0; ///< Where the playhead stood when it was looked last.
};

} // namespace pulsedeck
