// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/noticebar.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

NoticeBar::NoticeBar(QWidget *parent)
    : Band(Qt::BottomEdge, Ground::Base, parent)
    , m_text(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_hint(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_close(new QToolButton(this))
{
    setObjectName(u"notice"_s);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setWordWrap(true);
    m_hint->setWordWrap(true);
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close this notice"));
    m_close->setAccessibleName(tr("Close this notice"));
    connect(m_close, &QToolButton::clicked, this, &NoticeBar::hide);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_text);
    words->addWidget(m_hint);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::instance().scaled(38), 7, 8, 7);
    row->addLayout(words, 1);
    row->addWidget(m_close, 0, Qt::AlignVCenter);
    connect(&Theme::instance(), &Theme::changed, this, &NoticeBar::adoptTheme);
    adoptTheme();
    hide();
}

void NoticeBar::showNotice(const QString &text, const QString &hint)
{
    m_text->setText(text);
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    setAccessibleName(hint.isEmpty() ? text : QString(text + u' ' + hint));
    show();
}

void NoticeBar::paintEvent(QPaintEvent *event)
{
    Band::paintEvent(event);
    QPainter painter(this);
    painter.fillRect(0, 0, 3, height(), theme().late);
    const int x = Theme::instance().scaled(21);
    paintGlyph(painter, QPointF(x, m_text->geometry().center().y() + 1.0), Theme::instance().scaled(14),
               Glyph::Warning);
}

void NoticeBar::adoptTheme()
{
    m_close->setIcon(glyphIcon(Glyph::Close, theme().dim));
    update();
}

} // namespace pulsedeck
