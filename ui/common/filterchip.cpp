// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/filterchip.h"

#include "models/fleet/fleetcolumns.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FilterChip::FilterChip(const QString &term, QWidget *parent)
    : QToolButton(parent)
    , m_term(term)
{
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::ArrowCursor);
    setAccessibleName(tr("Remove filter %1").arg(term));
    setToolTip(toolTipText(tr("Remove %1").arg(term)));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void FilterChip::setSenseless(bool senseless)
{
    m_senseless = senseless;
    update();
}

void FilterChip::setMarked(bool marked)
{
    m_marked = marked;
    update();
}

void FilterChip::setRoom(int width)
{
    if (width == std::exchange(m_room, width))
        return;
    updateGeometry();
}

QSize FilterChip::sizeHint() const
{
    const Theme &measures = Theme::instance();
    const QFontMetrics metrics(measures.smallFont());
    const int whole = metrics.horizontalAdvance(m_term) + px(27);
    const int most = m_room > 0 ? m_room : px(207);
    return {qMin(whole, most), px(20)};
}

void FilterChip::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    stylepaint::box(&painter, rect(),
                    m_marked       ? tokens.sel
                    : underMouse() ? tokens.hover
                                   : tokens.raised,
                    m_senseless ? tokens.late : tokens.line);
    if (hasFocus())
        stylepaint::focusFrame(&painter, rect());
    painter.setFont(measures.smallFont());
    QRect inner = rect().adjusted(px(6), 0, -px(20), 0);
    QString text = m_term;
    if (text.startsWith("not "_L1)) {
        painter.setPen(tokens.dim);
        painter.drawText(inner, Qt::AlignVCenter, u"not "_s);
        inner.setLeft(inner.left() + painter.fontMetrics().horizontalAdvance(u"not "_s));
        text.remove(0, 4);
    }
    painter.setPen(m_senseless ? tokens.late : tokens.text);
    painter.drawText(inner, Qt::AlignVCenter, painter.fontMetrics().elidedText(text, Qt::ElideMiddle, inner.width()));
    paintGlyph(painter, QPointF(width() - px(11), height() / 2.0 + 0.5), px(11), Glyph::Close,
               underMouse() ? tokens.text : tokens.dim);
}

} // namespace pulsedeck
