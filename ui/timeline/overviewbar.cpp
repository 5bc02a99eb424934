// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/overviewbar.h"

#include "models/core/format.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int overviewHeight = 74; ///< In the design's pixels.
constexpr int handleReach = 6;
constexpr double overviewPan = 0.2;
constexpr double overviewZoom = 1.5;

} // namespace

OverviewBar::OverviewBar(LaneView &view, TimeWindow &window, QWidget *parent)
    : QWidget(parent)
    , m_view(view)
    , m_window(window)
{
    setObjectName(u"timelineOverview"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Overview of the whole time"));
    setToolTip(tr("Drag the frame to move, its edges to zoom"));
    connect(&window, &TimeWindow::changed, this, [this] { update(); });
    connect(&view, &LaneView::geometryChanged, this, [this] {
        updateGeometry();
        update();
    });
}

QSize OverviewBar::sizeHint() const
{
    return {px(400), std::max(px(overviewHeight), 4 * QFontMetrics(Theme::instance().smallFont()).height())};
}

void OverviewBar::setOverview(const LaneOverview &overview)
{
    m_overview = overview;
    setAccessibleDescription(summary());
    update();
}

void OverviewBar::setFlags(const std::vector<TimelineFlag> &flags)
{
    m_flags = flags;
    update();
}

void OverviewBar::setUnwatched(const std::vector<LaneTimes> &unwatched)
{
    m_unwatched = unwatched;
    update();
}

double OverviewBar::beatsPerSecond() const
{
    // Of the last whole buckets: some ten seconds.
    const size_t size = m_overview.beats.size();
    const size_t count = std::min<size_t>(size > 0 ? size - 1 : 0, size_t(10'000 / std::max<qint64>(1, m_overview.bucketMs)) + 1);
    if (count == 0)
        return 0;
    double sum = 0;
    for (size_t i = size - 1 - count; i + 1 < size; ++i)
        sum += m_overview.beats[i];
    return sum * 1'000 / (double(count) * double(m_overview.bucketMs));
}

QString OverviewBar::summary() const
{
    quint64 late = 0;
    quint64 lost = 0;
    for (size_t i = 0; i < m_overview.late.size(); ++i) {
        late += m_overview.late[i] - m_overview.lost[i];
        lost += m_overview.lost[i];
    }
    return tr("The last %1: %2 beats per second now, %3 gaps past the interval, %4 lost")
        .arg(spanText(qint64(m_window.latest() - m_window.earliest())), rateText(beatsPerSecond()), groupedNumber(qint64(late)),
             groupedNumber(qint64(lost)));
}

QRect OverviewBar::chart() const
{
    const int axis = QFontMetrics(Theme::instance().chartFont()).height() + 2;
    return {m_view.laneColumn(), 3, std::max(1, m_view.timeArea().width()), std::max(8, height() - axis - 5)};
}

TimeScale OverviewBar::scale() const
{
    return {m_window.earliest(), m_window.latest(), double(chart().width())};
}

QRect OverviewBar::shownRect() const
{
    const TimeScale whole = scale();
    const QRect area = chart();
    const int left = area.left() + int(whole.x(m_window.from()));
    const int right = area.left() + int(std::ceil(whole.x(m_window.to())));
    return {left, area.top(), std::max(4, right - left), area.height()};
}

void OverviewBar::setPlayhead(std::optional<double> at)
{
    m_playhead = at;
    update();
}

void OverviewBar::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.win);
    painter.fillRect(QRect(0, 0, width(), 1), tokens.line);
    const QRect area = chart();
    painter.fillRect(QRect(area.left() - 1, 0, width() - area.left() + 1, height()), tokens.base);
    painter.fillRect(QRect(area.left() - 1, 0, 1, height()), tokens.line);
    const TimeScale whole = scale();
    const auto x = [&](double at) { return area.left() + int(std::clamp(whole.x(at), -10.0, whole.width() + 10)); };

    QFont bold = Theme::instance().bodyFont();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(tokens.text);
    int top = px(8);
    const auto say = [&](const QString &text, const QColor &colour, int indent = 0) {
        painter.setPen(colour);
        painter.drawText(QPoint(px(12) + indent, top + painter.fontMetrics().ascent()), text);
        return painter.fontMetrics().horizontalAdvance(text);
    };
    say(tr("Last %1").arg(spanText(qint64(m_window.latest() - m_window.earliest()))), tokens.text);
    top += painter.fontMetrics().height() + px(3);
    painter.setFont(Theme::instance().smallFont());
    say(tr("beats/s, %1 now").arg(rateText(beatsPerSecond())), tokens.dim);
    top += painter.fontMetrics().height() + px(2);
    int indent = say(tr("gaps a minute:") + u' ', tokens.dim);
    indent += say(tr("past interval,") + u' ', tokens.late, indent);
    say(tr("lost"), tokens.stale, indent);

    for (const LaneTimes &unwatched : m_unwatched) {
        const int left = std::max(area.left(), x(double(unwatched.from)));
        const int right = std::min(area.right(), x(double(unwatched.to)));
        if (left < right)
            painter.fillRect(QRect(left, area.top(), right - left, area.height()), blended(tokens.base, tokens.gone, 0.15));
    }
    quint32 mostBeats = 1;
    quint32 mostLate = 4; // So that a single gap is no tower.
    for (size_t i = 0; i < m_overview.beats.size(); ++i) {
        mostBeats = std::max(mostBeats, m_overview.beats[i]);
        mostLate = std::max(mostLate, i < m_overview.late.size() ? m_overview.late[i] : 0);
    }
    const QColor fill = blended(tokens.base, tokens.aliveTick, 0.25);
    const int beatRoom = area.height() * 2 / 3;
    const int base = area.bottom() + 1;
    for (size_t i = 0; i < m_overview.beats.size(); ++i) {
        const double at = double(m_overview.from) + double(i) * double(m_overview.bucketMs);
        const int left = std::max(area.left(), x(at));
        const int right = std::min(area.right() + 1, std::max(left + 1, x(at + double(m_overview.bucketMs))));
        if (left >= right)
            continue;
        // The last bucket is not over yet.
        const quint32 beats = i + 1 == m_overview.beats.size() && i > 0 ? m_overview.beats[i - 1] : m_overview.beats[i];
        const int height = int(double(beats) / mostBeats * beatRoom);
        painter.fillRect(QRect(left, base - height, right - left, height), fill);
        painter.fillRect(QRect(left, base - height, right - left, 1), tokens.aliveTick);
        const auto bar = [&](quint32 count, int above, const QColor &colour) {
            const int high = count > 0 ? std::max(2, int(double(count) / mostLate * area.height() / 2)) : 0;
            painter.fillRect(QRect(left, base - above - high, right - left, high), colour);
            return high;
        };
        const int lost = bar(m_overview.lost[i], 0, tokens.stale);
        bar(m_overview.late[i] - m_overview.lost[i], lost, tokens.lateFill);
    }
    for (const TimelineFlag &flag : m_flags) {
        const int at = x(double(flag.at));
        if (at < area.left() || at > area.right())
            continue;
        painter.fillRect(QRect(at, area.top(), 1, area.height()), blended(tokens.base, tokens.dim, 0.6));
        painter.fillRect(QRect(at - 1, area.top(), 3, 3), blended(tokens.base, tokens.dim, 0.8));
    }
    if (m_playhead && x(*m_playhead) >= area.left() && x(*m_playhead) <= area.right())
        painter.fillRect(QRect(x(*m_playhead), area.top(), 2, area.height()), tokens.pastLine);

    painter.setFont(Theme::instance().chartFont());
    painter.setPen(tokens.faint);
    const QFontMetrics metrics = painter.fontMetrics();
    for (const TimeScale::Tick &tick : whole.ticks(px(90))) {
        const int labelWidth = metrics.horizontalAdvance(tick.label);
        const int at = area.left() + int(tick.x) - labelWidth / 2;
        if (at >= area.left() && at + labelWidth <= width())
            painter.drawText(QRect(at, area.bottom() + 1, labelWidth + 1, height() - area.bottom() - 1), Qt::AlignVCenter,
                             tick.label);
    }

    const QRect shown = shownRect();
    QColor ground = tokens.accent;
    ground.setAlpha(26);
    painter.fillRect(shown, ground);
    painter.setPen(QPen(tokens.selLine, hasFocus() ? 2 : 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(shown.adjusted(0, 0, -1, -1));
    const int handle = std::max(4, px(4));
    for (const int at : {shown.left(), shown.right() + 1})
        painter.fillRect(QRect(at - handle / 2, shown.top() + shown.height() / 3, handle, shown.height() / 3), tokens.selLine);
}

OverviewBar::Grip OverviewBar::gripAt(const QPoint &place) const
{
    const QRect shown = shownRect();
    if (place.x() < chart().left() - px(handleReach))
        return Grip::None;
    // Targets of 12 pixels around the edges, and never on top of each other.
    const int reach = std::min(px(handleReach), std::max(2, shown.width() / 3));
    if (std::abs(place.x() - shown.left()) <= reach)
        return Grip::Left;
    if (std::abs(place.x() - shown.right()) <= reach)
        return Grip::Right;
    return shown.contains(QPoint(place.x(), shown.center().y())) ? Grip::Whole : Grip::None;
}

void OverviewBar::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || event->position().x() < chart().left() - px(handleReach))
        return;
    const QPoint place = event->position().toPoint();
    m_grip = gripAt(place);
    m_gripTime = scale().at(place.x() - chart().left());
    if (m_grip == Grip::None) {
        m_window.show(m_gripTime - m_window.span() / 2, m_gripTime + m_window.span() / 2);
        m_grip = Grip::Whole;
    }
    m_gripFrom = m_window.from();
    m_gripTo = m_window.to();
}

void OverviewBar::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint place = event->position().toPoint();
    if (m_grip == Grip::None) {
        const Grip over = gripAt(place);
        setCursor(over == Grip::Left || over == Grip::Right ? Qt::SizeHorCursor
                  : over == Grip::Whole                     ? Qt::OpenHandCursor
                                                            : Qt::ArrowCursor);
        return;
    }
    const double moved = scale().at(place.x() - chart().left()) - m_gripTime;
    if (m_grip == Grip::Whole)
        m_window.pan(m_gripFrom + moved - m_window.from());
    else if (m_grip == Grip::Left)
        m_window.adjust(std::min(m_gripFrom + moved, m_gripTo), m_gripTo);
    else
        m_window.adjust(m_gripFrom, std::max(m_gripTo + moved, m_gripFrom));
}

void OverviewBar::mouseReleaseEvent(QMouseEvent *)
{
    m_grip = Grip::None;
}

void OverviewBar::wheelEvent(QWheelEvent *event)
{
    const double at = scale().at(event->position().x() - chart().left());
    m_window.zoomAt(std::clamp(at, m_window.from(), m_window.to()), std::pow(1.25, event->angleDelta().y() / 120.0));
    event->accept();
}

void OverviewBar::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        m_window.pan(-m_window.span() * overviewPan);
        break;
    case Qt::Key_Right:
        m_window.pan(m_window.span() * overviewPan);
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_window.zoom(overviewZoom);
        break;
    case Qt::Key_Minus:
        m_window.zoom(1 / overviewZoom);
        break;
    case Qt::Key_0:
        m_window.fit();
        break;
    case Qt::Key_F:
        m_window.followNow();
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace pulsedeck
