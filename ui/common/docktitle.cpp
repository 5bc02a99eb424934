// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/docktitle.h"

#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QDockWidget>
#include <QIcon>
#include <QToolButton>

namespace pulsedeck {

DockTitle::DockTitle(QDockWidget &dock, const QString &closeTip)
    : Band(Qt::BottomEdge | Qt::LeftEdge, Band::Ground::Chrome, &dock)
    , m_label((new ToneLabel(dock.windowTitle(), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->elided())
{
    auto *layout = hbox(this, 2, {12, 1, 6, 2});
    layout->addWidget(m_label, 1);
    const auto addButton = [&](Glyph glyph, const QString &tip) {
        auto *button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setIcon(glyphIcon(glyph));
        button->setIconSize(QSize(px(14), px(14)));
        button->setFixedSize(px(24), px(24));
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
        return button;
    };
    connect(addButton(Glyph::Float, tr("Float")), &QToolButton::clicked, &dock,
            [&dock] { dock.setFloating(!dock.isFloating()); });
    connect(addButton(Glyph::Close, closeTip), &QToolButton::clicked, &dock, &QDockWidget::close);
}

void DockTitle::setText(const QString &text)
{
    m_label->setText(text);
}

QString DockTitle::text() const
{
    return m_label->text();
}

} // namespace pulsedeck
