// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/elidedbutton.h"

#include "models/fleet/fleetcolumns.h"

#include <QHelpEvent>
#include <QStyleOptionButton>
#include <QStylePainter>
#include <QToolTip>

namespace pulsedeck {

ElidedButton::ElidedButton(const QString &name, QWidget *parent, ButtonRole role)
    : QPushButton(parent)
{
    setObjectName(name);
    setAutoDefault(false);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // It may get narrower than its words.
    if (role != ButtonRole::Normal)
        setButtonRole(this, role);
}

/// What is left for its words next to frame, margins and icon.
int ElidedButton::spareWidth() const
{
    return width() - (QPushButton::sizeHint().width() - fontMetrics().size(Qt::TextShowMnemonic, text()).width());
}

QString ElidedButton::shownText() const
{
    return fontMetrics().elidedText(text(), Qt::ElideRight, qMax(0, spareWidth()), Qt::TextShowMnemonic);
}

QSize ElidedButton::minimumSizeHint() const
{
    const QSize whole = QPushButton::sizeHint();
    const int words = fontMetrics().size(Qt::TextShowMnemonic, text()).width();
    return {whole.width() - words + qMin(words, fontMetrics().averageCharWidth() * 5), whole.height()};
}

bool ElidedButton::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && shownText() != text()) {
        const QString whole = toolTipText(text());
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(),
                           toolTip().isEmpty() ? whole : QString(whole + u'\n' + toolTip()), this);
        return true;
    }
    return QPushButton::event(event);
}

void ElidedButton::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    option.text = shownText();
    painter.drawControl(QStyle::CE_PushButton, option);
}

} // namespace pulsedeck
