// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/filterproblem.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

FilterProblem::FilterProblem(QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true); // It may list all flags there are.
    setContentsMargins(28, 5, 10, 5);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void FilterProblem::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    stylepaint::box(&painter, rect(), theme().raised, theme().late);
    paintGlyph(painter, QPointF(15, 5 + fontMetrics().height() / 2.0), 12, Glyph::Warning);
    painter.end();
    QLabel::paintEvent(event);
}

} // namespace pulsedeck
