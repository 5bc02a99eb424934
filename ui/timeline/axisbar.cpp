// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/axisbar.h"

#include "models/core/format.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int flagRow = 22; ///< In the design's pixels, as below.
constexpr int axisRow = 20;
constexpr int markOnly = 18; ///< Width of a flag without words.

/// A line in the colour of what happened stands before its words.
QColor flagColour(TimelineFlag::Kind kind)
{
    const ThemeTokens &tokens = theme();
    switch (kind) {
    case TimelineFlag::Kind::Timing:
    case TimelineFlag::Kind::Command:
        return tokens.accent;
    case TimelineFlag::Kind::Deploy:
        return tokens.text;
    case TimelineFlag::Kind::Fleet:
        return tokens.late;
    case TimelineFlag::Kind::Pause:
    case TimelineFlag::Kind::Outage:
    case TimelineFlag::Kind::Console:
        return tokens.dim;
    }
    return tokens.dim;
}

} // namespace

AxisBar::AxisBar(LaneView &view, TimeWindow &window, QWidget *parent)
    : QWidget(parent)
    , m_view(view)
    , m_window(window)
{
    setObjectName(u"timelineAxis"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Time axis"));
    connect(&window, &TimeWindow::changed, this, [this] { update(); });
    connect(&view, &LaneView::geometryChanged, this, [this] {
        updateGeometry();
        update();
    });
}

QSize AxisBar::sizeHint() const
{
    return {px(400), flagHeight() + std::max(px(axisRow), QFontMetrics(Theme::instance().smallFont()).height() + 4)};
}

int AxisBar::flagHeight() const
{
    return std::max(px(flagRow), QFontMetrics(Theme::instance().smallFont()).height() + 6);
}

void AxisBar::setFlags(const std::vector<TimelineFlag> &flags)
{
    m_flags = flags;
    setAccessibleDescription(summary());
    update();
}

void AxisBar::setMarkersShown(bool shown)
{
    m_markersShown = shown;
    update();
}

void AxisBar::setPointer(std::optional<double> at)
{
    m_pointer = at;
    update();
}

void AxisBar::setPlayhead(std::optional<double> at)
{
    m_playhead = at;
    update();
}

QString AxisBar::summary() const
{
    QStringList parts{tr("From %1 to %2").arg(clockText(qint64(m_window.from())), clockText(qint64(m_window.to())))};
    for (const TimelineFlag &flag : m_flags) {
        if (double(flag.at) >= m_window.from() && double(flag.at) <= m_window.to() && parts.size() < 20)
            parts.append(tr("%1 %2", "a time and what happened").arg(clockText(flag.at), flag.text));
    }
    return parts.join(u", "_s);
}

std::vector<AxisBar::Placed> AxisBar::placed() const
{
    std::vector<Placed> found;
    if (!m_markersShown)
        return found;
    const TimeScale scale = m_view.scale();
    const int left = m_view.laneColumn();
    const int end = left + int(scale.width());
    const QFontMetrics metrics(Theme::instance().smallFont());
    // What lasts long or touches all stands before what is small: pauses, outages, timing, deploys.
    std::vector<const TimelineFlag *> visible;
    for (const TimelineFlag &flag : m_flags) {
        const double until = double(std::max(flag.at, flag.to));
        if (until >= scale.from() && double(flag.at) <= scale.to())
            visible.push_back(&flag);
    }
    for (size_t i = 0; i < visible.size(); ++i) {
        const TimelineFlag &flag = *visible[i];
        const int x = left + std::max(0, int(scale.x(double(flag.at))));
        const int wanted = px(26) + metrics.horizontalAdvance(QString(flag.text + u' ' + flag.detail));
        const int next = i + 1 < visible.size() ? left + std::max(0, int(scale.x(double(visible[i + 1]->at)))) : end;
        const bool words = x + wanted <= std::min(end, next - px(2));
        const int width = words ? wanted : std::min(px(markOnly), std::max(px(4), next - x));
        if (!found.empty() && !words && x < found.back().rect.left() + px(4))
            continue; // Too close: one mark stands for both.
        found.push_back({&flag, QRect(x, px(2), width, flagHeight() - px(4)), words});
    }
    return found;
}

void AxisBar::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.win);
    const TimeScale scale = m_view.scale();
    const int left = m_view.laneColumn();
    const int end = left + int(scale.width());
    const QRect axis(0, flagHeight(), width(), height() - flagHeight());
    painter.setFont(Theme::instance().smallFont());
    const QFontMetrics metrics = painter.fontMetrics();

    painter.setPen(tokens.dim);
    painter.drawText(axis.adjusted(px(12), 0, 0, 0), Qt::AlignVCenter, tr("Lane"));
    painter.drawText(QRect(0, axis.top(), left - px(10), axis.height()), Qt::AlignVCenter | Qt::AlignRight, tr("Longest gap"));
    painter.fillRect(QRect(left - 1, 0, 1, height()), tokens.line);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);

    const QString now = tr("now");
    const int nowWidth = metrics.horizontalAdvance(now);
    const int nowX = left + int(scale.x(m_window.latest()));
    const bool nowShown = nowX <= end + 1;
    painter.setClipRect(QRect(left, 0, width() - left, height()));
    const std::vector<Placed> flags = placed();
    // The lines of flags go on behind the times, which stand on a ground of their own.
    for (const Placed &one : flags)
        painter.fillRect(QRect(one.rect.left(), axis.top(), px(2), axis.height()), flagColour(one.flag->kind));
    const auto drawTime = [&](const QRect &place, const QString &text) {
        painter.fillRect(place.adjusted(-px(2), 0, px(2), -1), tokens.win);
        painter.drawText(place, Qt::AlignVCenter, text);
    };
    std::vector<QRect> moments; // A time beneath one of them could only be read in part.
    if (m_pointer)
        moments.push_back(momentBox(metrics, axis, *m_pointer));
    const bool playheadShown = m_playhead && scale.x(*m_playhead) >= 0 && scale.x(*m_playhead) <= scale.width();
    if (playheadShown)
        moments.push_back(momentBox(metrics, axis, *m_playhead));
    for (const TimeScale::Tick &tick : scale.ticks(px(64))) {
        const int width = metrics.horizontalAdvance(tick.label);
        const int x = left + int(tick.x) - width / 2;
        const QRect place(x, axis.top(), width + 1, axis.height());
        if (std::any_of(moments.begin(), moments.end(), [&place](const QRect &box) { return box.intersects(place); }))
            continue;
        if (x < left || (nowShown && x + width > nowX - nowWidth - px(8)))
            continue;
        painter.setPen(tick.day ? tokens.text : tokens.dim);
        drawTime(place, tick.label);
        painter.fillRect(QRect(left + int(tick.x), axis.bottom() - px(2), 1, px(2)), tokens.line);
    }
    if (nowShown) {
        painter.setPen(tokens.text);
        drawTime(QRect(std::min(nowX, end) - nowWidth, axis.top(), nowWidth + 1, axis.height()), now);
    }

    for (const Placed &one : flags) {
        painter.fillRect(one.rect, tokens.raised);
        painter.fillRect(QRect(one.rect.left(), one.rect.top(), px(2), axis.top() - one.rect.top()), flagColour(one.flag->kind));
        if (one.rect.width() >= px(16))
            paintGlyph(painter, QRectF(one.rect.left() + px(5), one.rect.top(), px(12), one.rect.height()), one.flag->glyph,
                       tokens.dim);
        if (!one.words)
            continue;
        QRect words = one.rect.adjusted(px(21), 0, 0, 0);
        painter.setPen(tokens.text);
        painter.drawText(words, Qt::AlignVCenter, one.flag->text);
        words.setLeft(words.left() + metrics.horizontalAdvance(QString(one.flag->text + u' ')));
        painter.setPen(tokens.dim);
        painter.drawText(words, Qt::AlignVCenter, one.flag->detail);
    }

    if (m_pointer)
        paintMoment(painter, axis, *m_pointer, tokens.raised, tokens.text);
    if (playheadShown) {
        painter.fillRect(QRect(left + int(scale.x(*m_playhead)) - 1, axis.top(), 2, axis.height()), tokens.pastLine);
        paintMoment(painter, axis, *m_playhead, tokens.past, tokens.onPast);
    }
}

QString AxisBar::momentText(double at) const
{
    return m_view.scale().msPerPixel() < 100 ? clockTextTenths(qint64(at)) : clockText(qint64(at));
}

/// Above its place, and within the axis.
QRect AxisBar::momentBox(const QFontMetrics &metrics, const QRect &axis, double at) const
{
    const TimeScale scale = m_view.scale();
    const int left = m_view.laneColumn();
    const int end = left + int(scale.width());
    const int width = metrics.horizontalAdvance(momentText(at)) + px(10);
    const int x = std::clamp(left + int(scale.x(at)) - width / 2, left, std::max(left, end - width));
    return {x, axis.top() + 1, width, axis.height() - 2};
}

/// A time in a box.
void AxisBar::paintMoment(QPainter &painter, const QRect &axis, double at, const QColor &ground, const QColor &text) const
{
    const QRect box = momentBox(painter.fontMetrics(), axis, at);
    painter.fillRect(box, ground);
    painter.setPen(theme().line);
    painter.drawRect(box.adjusted(0, 0, -1, -1));
    painter.setPen(text);
    painter.drawText(box, Qt::AlignCenter, momentText(at));
}

const TimelineFlag *AxisBar::flagAt(const QPoint &place) const
{
    const std::vector<Placed> all = placed();
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
        if (one->rect.adjusted(0, -px(2), px(2), px(2)).contains(place))
            return one->flag;
    }
    return nullptr;
}

void AxisBar::mousePressEvent(QMouseEvent *event)
{
    const TimelineFlag *flag = event->button() == Qt::LeftButton ? flagAt(event->position().toPoint()) : nullptr;
    if (flag)
        emit flagChosen(TimelineFlag(*flag));
    else if (event->button() == Qt::LeftButton && event->position().x() >= m_view.laneColumn()) {
        m_scrubs = true;
        requestMoment(event->position().toPoint());
    }
}

void AxisBar::mouseMoveEvent(QMouseEvent *event)
{
    if (m_scrubs)
        requestMoment(event->position().toPoint());
}

void AxisBar::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        m_scrubs = false;
}

void AxisBar::requestMoment(const QPoint &place)
{
    const TimeScale scale = m_view.scale();
    emit momentRequested(scale.at(std::clamp(double(place.x() - m_view.laneColumn()), 0.0, scale.width())));
}

bool AxisBar::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    if (const TimelineFlag *flag = flagAt(help->pos())) {
        const QString when = flag->to > 0 ? tr("%1 to %2").arg(clockText(flag->at), clockText(flag->to)) : clockText(flag->at);
        QToolTip::showText(help->globalPos(), QString(when + u" · "_s + (flag->sentence.isEmpty() ? flag->text : flag->sentence)),
                           this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace pulsedeck
