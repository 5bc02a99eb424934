// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/figurebutton.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FigureButton::FigureButton(Glyph glyph, const QString &word, const QString &filter, QWidget *parent)
    : QAbstractButton(parent)
    , m_glyph(glyph)
    , m_word(word)
    , m_filter(filter)
{
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    showToolTip();
    setAccessibleName(tr("%1 %2", "a count and a state").arg(0).arg(word));
}

void FigureButton::setCount(int count)
{
    if (count == m_count)
        return;
    m_count = count;
    nameIt();
}

void FigureButton::setWord(const QString &word)
{
    if (word == m_word)
        return;
    m_word = word;
    nameIt();
}

void FigureButton::nameIt()
{
    setAccessibleName(m_count < 0 ? tr("%1 unknown", "how many are in a state").arg(m_word)
                                  : tr("%1 %2", "a count and a state").arg(groupedNumber(m_count), m_word));
    updateGeometry();
    update();
}

void FigureButton::setNote(const QString &note)
{
    if (note == m_note)
        return;
    m_note = note;
    showToolTip();
}

void FigureButton::showToolTip()
{
    const QString offer = tr("Show only these workers (%1); click again to show all").arg(m_filter);
    setToolTip(m_note.isEmpty() ? offer : QString(m_note + u'\n' + offer));
}

QString FigureButton::countWord() const
{
    return m_count < 0 ? u"–"_s : groupedNumber(m_count);
}

void FigureButton::setTight(bool tight)
{
    if (tight == m_tight)
        return;
    m_tight = tight;
    updateGeometry();
    update();
}

int FigureButton::widthFor(bool tight) const
{
    const Theme &measures = Theme::instance();
    const int number = QFontMetrics(measures.figureFont()).horizontalAdvance(countWord());
    const int word = QFontMetrics(measures.smallFont()).horizontalAdvance(m_word);
    return px((tight ? 4 : 8) + 12 + (tight ? 5 : 8)) + qMax(number, word) + px(tight ? 4 : 12);
}

QSize FigureButton::sizeHint() const
{
    return {widthFor(m_tight), px(52)};
}

void FigureButton::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 4.5, -0.5, -4.5);
    if (isChecked() || underMouse()) {
        painter.setPen(isChecked() ? QPen(tokens.selLine, 1) : QPen(Qt::NoPen));
        painter.setBrush(isChecked() ? tokens.sel : tokens.hover);
        painter.drawRoundedRect(box, 4, 4);
    }
    if (hasFocus()) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    const bool ordinary = m_glyph == Glyph::Alive;
    const QColor none = tokens.faint;
    const QFontMetrics figure(measures.figureFont());
    const int left = px(m_tight ? 4 : 8);
    const int size = px(ordinary ? 12 : 13);
    const int small = QFontMetrics(measures.smallFont()).height();
    const int top =
        m_label ? m_label->y() - y() + (m_label->height() - figure.height() + 1) / 2 : (height() - figure.height() - small) / 2;
    const int centre = top + figure.height() / 2;
    paintGlyph(painter, QPointF(left + size / 2.0, centre), size, m_glyph, m_count > 0 ? QColor() : none);
    const int textLeft = left + px(12) + px(m_tight ? 5 : 8);
    painter.setFont(measures.figureFont());
    painter.setPen(m_count <= 0 ? none : ordinary ? tokens.text : glyphColour(m_glyph));
    painter.drawText(QRect(textLeft, top, width(), figure.height()), Qt::AlignVCenter, countWord());
    painter.setFont(measures.smallFont());
    painter.setPen(tokens.dim);
    painter.drawText(QRect(textLeft, top + figure.height(), width(), small), Qt::AlignVCenter, m_word);
}

} // namespace pulsedeck
