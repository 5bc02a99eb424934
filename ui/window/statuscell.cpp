// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/statuscell.h"

#include "ui/common/environmentmark.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int padding = 12;
constexpr int glyphRoom = 18;
constexpr int cellGap = 7;
constexpr int longestName = 190; ///< A name that is longer is cut in its middle; the tool tip has all of it.

} // namespace

StatusCell::StatusCell(Edge edge, QWidget *parent)
    : QAbstractButton(parent)
    , m_edge(edge)
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setFont(Theme::instance().smallFont());
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        setFont(Theme::instance().smallFont());
        lookOther();
    });
}

void StatusCell::lookOther()
{
    m_widths.fill(unmeasured);
    updateGeometry();
    update();
}

void StatusCell::setGlyph(std::optional<Glyph> glyph)
{
    if (m_glyph == glyph)
        return;
    m_glyph = glyph;
    lookOther();
}

void StatusCell::setEnvironment(SourceEnvironment environment)
{
    if (m_environment == environment)
        return;
    m_environment = environment;
    lookOther();
}

void StatusCell::setTexts(const QString &strong, const QString &rest, bool alarm)
{
    if (m_strong == strong && m_rest == rest && m_alarm == alarm)
        return;
    m_strong = strong;
    m_rest = rest;
    m_alarm = alarm;
    setAccessibleName(rest.isEmpty() ? strong : strong.isEmpty() ? rest : QString(strong + u", "_s + rest));
    lookOther();
}

void StatusCell::setInteractive(bool interactive)
{
    m_interactive = interactive;
    setFocusPolicy(interactive ? Qt::TabFocus : Qt::NoFocus);
}

void StatusCell::setBrief(const QString &brief)
{
    if (m_brief == brief)
        return;
    m_brief = brief;
    lookOther();
}

void StatusCell::setForm(Form form)
{
    if (m_form == form)
        return;
    m_form = form;
    update();
}

const QString &StatusCell::restOf(Form form) const
{
    static const QString nothing;
    return form == Form::Full ? m_rest : form == Form::Brief ? m_brief : nothing;
}

int StatusCell::nameWidth() const
{
    // An advance is rounded, and a name must not be elided for a part of a pixel.
    return qMin(QFontMetrics(font()).horizontalAdvance(m_strong) + 1, px(longestName));
}

int StatusCell::widthOf(Form form) const
{
    // Asked for many times with each report of a source, and measuring text is slow.
    int &width = m_widths[size_t(form)];
    if (width != unmeasured)
        return width;
    const QString &rest = restOf(form);
    width = 2 * px(padding) + 2;
    if (m_glyph)
        width += px(glyphRoom);
    if (m_environment != SourceEnvironment::None)
        width += px(environmentMarkRoom);
    width += nameWidth();
    if (!rest.isEmpty())
        width += QFontMetrics(font()).horizontalAdvance(rest) + (m_strong.isEmpty() ? 0 : px(cellGap));
    return width;
}

QSize StatusCell::sizeHint() const
{
    return {naturalWidth(), qMax(24, QFontMetrics(font()).height() + px(8))};
}

void StatusCell::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_interactive && (underMouse() || isDown()))
        painter.fillRect(rect(), theme().dark ? theme().raised : theme().grid);
    painter.fillRect(m_edge == Edge::Right ? width() - 1 : 0, 0, 1, height(), theme().line);

    int x = px(padding) + (m_edge == Edge::Left);
    const int right = width() - px(padding) - (m_edge == Edge::Right);
    const qreal middle = height() / 2.0;
    if (m_glyph) {
        paintGlyph(painter, QPointF(x + px(5), middle), px(12), *m_glyph,
                   *m_glyph == Glyph::Lock || *m_glyph == Glyph::Unlock ? theme().text : QColor());
        x += px(glyphRoom);
    }
    if (m_environment != SourceEnvironment::None) {
        const int height = px(12);
        paintEnvironmentMark(painter, QRectF(x, middle - height / 2.0, px(3), height), m_environment);
        x += px(environmentMarkRoom);
    }
    const QFontMetrics metrics(font());
    if (!m_strong.isEmpty() && right > x) {
        painter.setPen(theme().text);
        // What fits is not even looked at: the two ways of measuring differ by a part of a pixel.
        const int room = qMin(right - x, nameWidth());
        const bool whole = metrics.horizontalAdvance(m_strong) <= room;
        const QString text = whole ? m_strong : metrics.elidedText(m_strong, Qt::ElideMiddle, room);
        painter.drawText(QRect(x, 0, right - x, height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        x += metrics.horizontalAdvance(text) + px(cellGap);
    }
    const QString &rest = restOf(m_form);
    if (!rest.isEmpty() && right - x > metrics.averageCharWidth() * 3) {
        painter.setPen(m_alarm && m_glyph ? glyphColour(*m_glyph) : theme().dim);
        painter.drawText(QRect(x, 0, right - x, height()), Qt::AlignVCenter | Qt::AlignLeft,
                         metrics.horizontalAdvance(rest) <= right - x ? rest
                                                                      : metrics.elidedText(rest, Qt::ElideRight, right - x));
    }
    if (hasFocus())
        stylepaint::focusFrame(&painter, rect());
}

} // namespace pulsedeck
