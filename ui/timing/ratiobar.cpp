// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/ratiobar.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr double lowest = 0.5;
constexpr double highest = 16;

/// So that a mark at either end is whole.
int inset()
{
    return px(8);
}

bool wantsMore(TimingRule::Relation relation)
{
    return relation == TimingRule::Relation::Greater || relation == TimingRule::Relation::AtLeast;
}

QColor stateColour(Glyph state)
{
    switch (state) {
    case Glyph::Error:
        return theme().stale;
    case Glyph::Warning:
        return theme().late;
    case Glyph::Info:
        return theme().accent;
    case Glyph::Off:
        return theme().faint;
    default:
        return theme().aliveTick;
    }
}

} // namespace

RatioScale::RatioScale(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Ratio axis from one half to sixteen, logarithmic"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

qreal RatioScale::xOf(double ratio, int width)
{
    const double clamped = qBound(lowest, ratio, highest);
    return inset() + std::log2(clamped / lowest) / std::log2(highest / lowest) * (width - 2 * inset());
}

QSize RatioScale::sizeHint() const
{
    return {px(300), QFontMetrics(Theme::instance().smallFont()).height() + px(4)};
}

void RatioScale::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::instance().smallFont());
    painter.setPen(theme().dim);
    for (const auto &[ratio, text] :
         {std::pair{0.5, u"½×"_s}, {1., u"1×"_s}, {2., u"2×"_s}, {4., u"4×"_s}, {8., u"8×"_s}, {16., u"16×"_s}}) {
        const int textWidth = painter.fontMetrics().horizontalAdvance(text);
        const qreal x = qBound<qreal>(0, xOf(ratio, width()) - textWidth / 2., width() - textWidth);
        painter.drawText(QRectF(x, 0, textWidth + 2, height()), int(Qt::AlignVCenter | Qt::AlignLeft), text);
    }
}

RatioLegend::RatioLegend(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Ring: live value. Disc: draft."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RatioLegend::setAgainstDefaults(bool defaults)
{
    if (m_defaults == defaults)
        return;
    m_defaults = defaults;
    setAccessibleName(defaults ? tr("Ring: default. Disc: yours.") : tr("Ring: live value. Disc: draft."));
    updateGeometry();
    update();
}

QSize RatioLegend::sizeHint() const
{
    const QFontMetrics metrics(Theme::instance().smallFont());
    return {metrics.horizontalAdvance(ringWord() + discWord()) + px(44), metrics.height() + px(4)};
}

void RatioLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::instance().smallFont());
    const qreal middle = height() / 2.;
    const auto word = [&](qreal left, const QString &text) {
        painter.setPen(theme().dim);
        painter.drawText(QRectF(left, 0, width() - left, height()), int(Qt::AlignVCenter | Qt::AlignLeft), text);
    };
    painter.setPen(QPen(theme().dim, 1.8));
    painter.drawEllipse(QPointF(px(6), middle), px(4), px(4));
    word(px(14), ringWord());
    const qreal second = px(14) + painter.fontMetrics().horizontalAdvance(ringWord()) + px(14);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().aliveTick);
    painter.drawEllipse(QPointF(second, middle), px(5), px(5));
    word(second + px(9), discWord());
}

RatioBar::RatioBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RatioBar::setRatios(double draft, double live, Glyph state)
{
    if (m_draft == draft && m_live == live && m_state == state)
        return;
    m_draft = draft;
    m_live = live;
    m_state = state;
    update();
}

void RatioBar::setMarks(std::vector<Mark> marks)
{
    if (m_marks == marks)
        return;
    m_marks = std::move(marks);
    std::stable_sort(m_marks.begin(), m_marks.end(), [](const Mark &a, const Mark &b) { return a.bound < b.bound; });
    update();
}

QSize RatioBar::sizeHint() const
{
    return {px(300), QFontMetrics(Theme::instance().smallFont()).height() + px(18)};
}

void RatioBar::paintZones(QPainter &painter, const QRectF &track) const
{
    painter.setPen(Qt::NoPen);
    painter.fillRect(track, theme().okTint);
    const auto zone = [&](const Mark &mark) {
        const qreal x = RatioScale::xOf(mark.bound, width());
        return wantsMore(mark.relation) ? QRectF(QPointF(track.left(), track.top()), QPointF(x, track.bottom()))
                                        : QRectF(QPointF(x, track.top()), QPointF(track.right(), track.bottom()));
    };
    for (const Mark &mark : m_marks) {
        if (mark.severity == TimingSeverity::Recommended)
            painter.fillRect(zone(mark), theme().lateTint);
    }
    for (const Mark &mark : m_marks) {
        if (mark.severity != TimingSeverity::Must)
            continue;
        const QRectF forbidden = zone(mark);
        painter.fillRect(forbidden, theme().staleTint);
        painter.save();
        painter.setClipRect(forbidden);
        painter.setPen(QPen(blended(theme().staleTint, theme().stale, 0.6), 1));
        for (qreal x = forbidden.left() - forbidden.height(); x < forbidden.right(); x += px(5))
            painter.drawLine(QPointF(x, forbidden.bottom()), QPointF(x + forbidden.height(), forbidden.top()));
        painter.restore();
    }
}

void RatioBar::paintMarks(QPainter &painter, const QRectF &track) const
{
    painter.setFont(Theme::instance().smallFont());
    const QFontMetricsF metrics(painter.font());
    qreal taken = -10;
    const qreal most = width();
    for (size_t i = 0; i < m_marks.size(); ++i) {
        const Mark &mark = m_marks[i];
        const qreal x = RatioScale::xOf(mark.bound, width());
        const QColor colour = mark.severity == TimingSeverity::Must          ? theme().stale
                              : mark.severity == TimingSeverity::Recommended ? theme().dim
                                                                             : theme().accent;
        painter.fillRect(QRectF(x - 0.75, track.top() - px(4), 1.5, track.height() + px(8)), colour);
        // Room up to the middle between this mark and the next.
        const qreal next = i + 1 < m_marks.size() ? (x + RatioScale::xOf(m_marks[i + 1].bound, width())) / 2 : most;
        const auto placed = [&](const QString &text) {
            const qreal w = metrics.horizontalAdvance(text);
            return qBound<qreal>(0, x - w / 2, qMax<qreal>(0, most - w));
        };
        QString text = mark.text;
        qreal left = placed(text);
        if (left < taken + 8 || left + metrics.horizontalAdvance(text) > next + metrics.horizontalAdvance(text) * 0.25) {
            text = mark.shortText;
            left = qMax(taken + 8, placed(text));
        }
        const qreal w = metrics.horizontalAdvance(text);
        if (left + w > most + 1)
            continue;
        painter.setPen(theme().dim);
        painter.drawText(QPointF(left, metrics.ascent()), text);
        taken = left + w;
    }
}

void RatioBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal middle = height() - px(9) + 0.5;
    const QRectF track(inset(), middle - px(3), width() - 2 * inset(), px(6));
    const bool applies = m_draft > 0;
    painter.setOpacity(applies ? 1 : 0.45);
    paintZones(painter, track);
    const QColor colour = stateColour(m_state);
    if (applies) {
        const qreal x = RatioScale::xOf(m_draft, width());
        painter.fillRect(QRectF(track.left(), middle - px(2), x - track.left(), px(4)), colour);
        const qreal live = RatioScale::xOf(m_live, width());
        if (m_live > 0 && qAbs(live - x) > 1) {
            painter.setPen(QPen(theme().dim, 1.4, Qt::DotLine));
            painter.drawLine(QPointF(x, middle), QPointF(live, middle));
        }
    }
    paintMarks(painter, track);
    painter.setOpacity(1);
    if (!applies)
        return;
    const qreal x = RatioScale::xOf(m_draft, width());
    if (m_live > 0 && m_live != m_draft) {
        painter.setPen(QPen(theme().dim, 1.8));
        painter.setBrush(theme().base);
        painter.drawEllipse(QPointF(RatioScale::xOf(m_live, width()), middle), px(4), px(4));
    }
    // A rim in the ground's colour keeps the mark apart from its bar.
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().base);
    painter.drawEllipse(QPointF(x, middle), px(7), px(7));
    if (m_state == Glyph::Error || m_state == Glyph::Info)
        paintGlyph(painter, QPointF(x, middle), px(12), m_state, colour);
    else if (m_state == Glyph::Warning)
        paintGlyph(painter, QPointF(x, middle), px(12), Glyph::Late);
    else {
        painter.setBrush(theme().aliveTick);
        painter.drawEllipse(QPointF(x, middle), px(5), px(5));
    }
}

} // namespace pulsedeck
