// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/prefixedcombo.h"

#include "ui/theme/theme.h"

#include <QStylePainter>

namespace pulsedeck {

PrefixedCombo::PrefixedCombo(const QString &prefix, QWidget *parent)
    : QComboBox(parent)
    , m_prefix(prefix)
{ }

void PrefixedCombo::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    QRect text = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    text.adjust(px(2), 0, 0, 0);
    painter.setPen(theme().dim);
    painter.drawText(text, Qt::AlignVCenter, m_prefix);
    text.setLeft(text.left() + fontMetrics().horizontalAdvance(m_prefix) + px(6));
    painter.setPen(theme().text);
    painter.drawText(text, Qt::AlignVCenter, currentText());
}

QSize PrefixedCombo::widened(const QSize &size) const
{
    return {size.width() + fontMetrics().horizontalAdvance(m_prefix) + px(8), size.height()};
}

} // namespace pulsedeck
