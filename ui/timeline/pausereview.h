// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanepicture.h"

#include <QObject>

namespace pulsedeck {

class LaneView;
class PastLateness;
class PauseLine;
class TimeWindow;
class TimelineFlags;

/// Keeps the line about a source pause true: the latest one in sight that was not closed. Pauses come from the pictures, and of
/// what the store does not remember from the history. GUI thread.
class PauseReview : public QObject
{
    Q_OBJECT

public:
    /// All outlive it; \a lateness is null without a history.
    PauseReview(PauseLine &line, TimelineFlags &flags, TimeWindow &window, LaneView &view, PastLateness *lateness,
                QObject *parent = nullptr);

    /// The picture is whole and its last.
    void take(const LanePicture &picture);
    /// Another time is shown, or in other words.
    void review();
    /// Of what is seen and the store no longer knows. Called each second: while a hand moves on nothing is read.
    void wantLateness();

private:
    void collect();

    PauseLine &m_line;
    TimelineFlags &m_flags;
    TimeWindow &m_window;
    LaneView &m_view;
    PastLateness *m_lateness;
    std::vector<int> m_there; ///< Lanes by source.
    SourcePause m_shown;
    qint64 m_closed = 0; ///< Pauses until then were read.
};

} // namespace pulsedeck
