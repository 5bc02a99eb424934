// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <optional>

namespace pulsedeck {

class LaneAsker;
class LanePast;
class LaneView;
class TimelineFlags;
class TimeWindow;

/// Goes to the next or the previous gap or event: of the lane that the keyboard is on, and of the flags. Of a lane that was
/// recorded it looks further and further away, up to the ends of the recording, so that it may come there later: unless the
/// cursor or what is shown was moved meanwhile, or another lane chosen. GUI thread.
class LaneStepper : public QObject
{
    Q_OBJECT

public:
    /// So far it looks in a recording first; then in ever longer times.
    static constexpr qint64 firstReachMs = 10 * 60'000;
    static constexpr qint64 reachGrows = 6;

    /// All outlive it; \a past is null without a history.
    LaneStepper(LaneView &view, LaneAsker &asker, const TimelineFlags &flags, TimeWindow &window, LanePast *past,
                QObject *parent = nullptr);

    /// To the later, or to the earlier if \a direction is negative: from where the cursor is, else from the edge of what is
    /// shown. What is looked for already is given up.
    void go(int direction);
    /// What is looked for is not gone to.
    void giveUp();

signals:
    void nothingFound(int direction);

private:
    struct Search
    {
        quint64 row = 0; ///< LaneRow::key(); 0: only flags.
        double from = 0;
        int direction = 1;
        qint64 reachMs = firstReachMs;
        std::optional<double> cursor; ///< As it was when it began, like the two after it.
        double windowFrom = 0;
        bool following = false;
    };
    void look();
    bool isLeft() const;

    LaneView &m_view;
    LaneAsker &m_asker;
    const TimelineFlags &m_flags;
    TimeWindow &m_window;
    LanePast *m_past;
    std::optional<Search> m_search; ///< Nothing: it is not looking.
};

} // namespace pulsedeck
