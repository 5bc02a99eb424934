// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/kindchip.h"

#include "ui/activity/activitywords.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

KindChip::KindChip(JournalKind kind, QWidget *parent)
    : QToolButton(parent)
    , m_kind(kind)
{
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setText(journalKindTitle(kind));
    setAccessibleName(tr("Only %1").arg(journalKindTitle(kind)));
    setToolTip(tr("Show only %1; several kinds can be selected").arg(journalKindTitle(kind)));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, &KindChip::updateGeometry);
}

void KindChip::setNarrow(bool narrow)
{
    if (m_narrow == narrow)
        return;
    m_narrow = narrow;
    updateGeometry();
    update();
}

QSize KindChip::sizeHint() const
{
    const Theme &measures = Theme::instance();
    const int word = m_narrow ? 0 : QFontMetrics(measures.smallFont()).horizontalAdvance(text()) + px(6);
    return {word + px(26), px(24)};
}

void KindChip::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    const QColor fill = isChecked() ? tokens.sel : underMouse() ? tokens.hover : tokens.win;
    stylepaint::box(&painter, rect(), fill, isChecked() ? tokens.selLine : tokens.line);
    if (hasFocus())
        stylepaint::focusFrame(&painter, rect());
    const QColor colour = isChecked() ? tokens.text : tokens.dim;
    const int mark = px(13);
    const qreal x = m_narrow ? width() / 2.0 : px(7) + mark / 2.0;
    paintGlyph(painter, QPointF(x, height() / 2.0), mark, journalKindGlyph(m_kind), colour);
    if (m_narrow)
        return;
    painter.setFont(measures.smallFont());
    painter.setPen(colour);
    painter.drawText(rect().adjusted(px(25), 0, 0, 0), Qt::AlignVCenter, text());
}

} // namespace pulsedeck
