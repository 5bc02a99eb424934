// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <vector>

namespace pulsedeck {

/// Which time the Timeline page shows: the one place that decides it. Wheel, keys, buttons and the handles of the overview ask
/// here and nowhere else. While it follows, the right edge is now, and time moves on; whoever scrolls back or zooms away from now
/// ends that. Times are milliseconds on the console's clock, as doubles. What was shown is kept, so that a jump can be undone: at
/// most mostKept spans. GUI thread.
class TimeWindow : public QObject
{
    Q_OBJECT

public:
    static constexpr double leastSpan = 200; ///< Milliseconds; beats are known to the millisecond.
    static constexpr double leastLimits = 15'000; ///< The limits are never closer than that, whatever is known.
    static constexpr size_t mostKept = 50;

    explicit TimeWindow(QObject *parent = nullptr);

    double from() const { return m_to - m_span; }
    double to() const { return m_to; }
    double span() const { return m_span; }
    /// The span that was asked for last; what is shown is less while less is known. Who only moves, or stops following, asks for
    /// none.
    double wanted() const { return m_wanted; }
    double earliest() const { return m_earliest; }
    double latest() const { return m_latest; }
    bool isFollowing() const { return m_following; }
    /// It shows all there is.
    bool isFitted() const { return m_span >= m_latest - m_earliest; }
    bool canGoBack() const { return !m_before.empty(); }
    bool canGoForward() const { return !m_after.empty(); }

public slots:
    /// What there is to show: from the first beat that is known until now. The right edge follows, if it does.
    void setLimits(double earliest, double latest);
    /// Since \a at there is something without a break, and for long before it nothing; 0: that is not so. While it follows, and
    /// until a hand chooses a span, no more than this is shown, which grows up to the span that is wanted.
    void setBegun(double at);
    /// The span that is wanted while no hand has chosen one.
    void setWanted(double ms);
    /// So much time: up to now while following, else around the middle of what is shown.
    void setSpan(double ms);
    /// Zooms by \a factor (2: half the time) so that \a at stays where it is. While following, now stays.
    void zoomAt(double at, double factor);
    /// Zooms around the middle, or around now while following.
    void zoom(double factor);
    /// Moves to the later by so many milliseconds. To the earlier, it stops following; at now it begins again.
    void pan(double ms);
    /// Shows exactly this, as far as there is something; it follows if \a to is now.
    void show(double from, double to);
    /// The same while a handle is dragged: no jump that can be undone.
    void adjust(double from, double to);
    /// Moves, with the same span, until \a at is in the middle; not if it is visible and not at an edge.
    void reveal(double at);
    void fit();
    void followNow();
    void stopFollowing();
    /// To what was shown before the last jump, and back again.
    void goBack();
    void goForward();

signals:
    /// Another span, or other limits.
    void changed();
    void followChanged(bool following);

private:
    struct Shown
    {
        double to;
        double span;
        bool following;
        double wanted;
    };
    void adopt(double to, double span, bool following) { adopt(to, span, following, span); }
    void adopt(double to, double span, bool following, double grown);
    void choose(double ms);
    double followedSpan() const;
    void keep();
    void restore(std::vector<Shown> &from, std::vector<Shown> &other);

    double m_earliest = 0;
    double m_latest = leastLimits;
    double m_to = leastLimits;
    double m_span = leastLimits;
    double m_wanted = 15 * 60'000.0; ///< See wanted().
    double m_grown = 15 * 60'000.0; ///< Where less is known so far, what is shown grows up to this.
    double m_begun = 0; ///< See setBegun().
    bool m_following = true;
    bool m_chosen = false; ///< A hand chose what is shown.
    std::vector<Shown> m_before;
    std::vector<Shown> m_after;
};

} // namespace pulsedeck
