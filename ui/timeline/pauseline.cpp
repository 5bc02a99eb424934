// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/pauseline.h"

#include "ui/common/buttons.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

PauseLine::PauseLine(QWidget *parent)
    : MessageLine(parent)
    , m_title(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_text((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))->elided())
    , m_show(plainButton(tr("Show"), u"showPause"_s, this))
    , m_close(new QToolButton(this))
{
    setObjectName(u"pauseLine"_s);
    auto *leftOut = new ToneLabel(tr("Left out of what-if ✓"), ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);
    leftOut->setToolTip(
        tr("What happened in a source pause says nothing about the workers: the what-if of the Timing page leaves it "
           "out, unless you count pauses there."));
    m_show->setFont(Theme::instance().smallFont());
    m_show->setFocusPolicy(Qt::TabFocus);
    m_close->setObjectName(u"closePause"_s);
    m_close->setAutoRaise(true);
    m_close->setFocusPolicy(Qt::TabFocus);
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(m_close->toolTip());
    m_close->setFixedSize(qMax(24, px(24)), qMax(24, px(24)));
    followTheme(this, [this] { m_close->setIcon(glyphIcon(Glyph::Close, theme().dim)); });
    row()->addWidget(m_title);
    row()->addWidget(m_text, 1);
    for (QWidget *each : std::initializer_list<QWidget *>{leftOut, m_show, m_close})
        row()->addWidget(each);
    connect(m_show, &QPushButton::clicked, this, &PauseLine::showRequested);
    connect(m_close, &QToolButton::clicked, this, &PauseLine::closeRequested);
    hide();
}

void PauseLine::setWords(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_text->setText(text);
    setAccessibleName(whole());
    setVisible(!title.isEmpty());
}

QString PauseLine::whole() const
{
    return m_title->text().isEmpty() ? QString() : QString(m_title->text() + u' ' + m_text->text());
}

} // namespace pulsedeck
