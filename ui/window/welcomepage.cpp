// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/welcomepage.h"

#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/window/stripsample.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Three sample strips as the Fleet page paints them: one steady, one gone late, one draining.
class SampleStrips : public QWidget
{
public:
    using QWidget::QWidget;

    QSize sizeHint() const override { return {px(296), px(64)}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const ThemeTokens &c = theme();
        const int now = width() - px(4);
        const int lane = px(20);
        const int step = px(24);
        const int offsets[] = {10, 17, 24};
        const int lastBeat[] = {now - px(2), now - px(70), now - px(4)};
        for (int i = 0; i < 3; ++i) {
            const int middle = px(12) + i * lane;
            painter.fillRect(0, middle, now, 1, blended(c.base, c.aliveTick, 0.45));
            if (i == 2) {
                const QRect drain(now - px(76), middle - px(6), px(76), px(13));
                paintHatch(painter, drain, c.drainTint, blended(c.drainTint, c.drain, 0.6));
            }
            for (int x = px(offsets[i]); x <= lastBeat[i]; x += step)
                painter.fillRect(x, middle - px(6), 2, px(12), i == 2 && x > now - px(76) ? c.drain : c.alive);
            if (i == 1) {
                painter.fillRect(now - px(54), middle - px(4), px(54), px(10), c.lateTint);
                painter.fillRect(now - px(54), middle + px(5), px(54), qMax(2, px(2)), c.late);
            }
        }
        painter.fillRect(now, 0, 1, height(), c.dim);
    }
};

QFrame *ruler(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    return line;
}

} // namespace

WelcomePage::WelcomePage(QWidget *parent)
    : Band({}, Ground::Base, parent)
    , m_demo(new QPushButton(this))
{
    setObjectName(u"welcome"_s);
    auto *strips = new SampleStrips(this);
    strips->setFixedSize(strips->sizeHint());
    strips->setAccessibleName(tr("Sample heartbeats: one worker steady, one late, one draining"));
    auto *title = new ToneLabel(tr("No sources yet"), ToneLabel::Tone::Text, ToneLabel::Face::Title, this);
    title->setAlignment(Qt::AlignCenter);
    auto *text = new ToneLabel(tr("Pulsedeck shows every worker and hub actor, when each last\n"
                                  "gave a sign of life, and what happens when it stops."),
                               ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    text->setAlignment(Qt::AlignCenter);
    auto *caption = new ToneLabel(tr("60 simulated workers on a private redis-server, and 24 actors on a hub.\n"
                                     "Uses no network, and is removed when you quit."),
                                  ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);
    caption->setAlignment(Qt::AlignCenter);
    auto *own = new ToneLabel(tr("or connect your own"), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);

    setButtonRole(m_demo, ButtonRole::Primary);
    m_demo->setObjectName(u"startDemo"_s);
    m_demo->setAccessibleDescription(caption->text());
    connect(m_demo, &QPushButton::clicked, this, &WelcomePage::demoRequested);
    auto *connects = hbox(8);
    connects->addStretch(1);
    for (const SourceKind kind : SourceKind::all()) {
        QString label = kind->traits()->system;
        label.insert(label.lastIndexOf(u' ') + 1, u'&');
        auto *button = new QPushButton(label + u'…', this);
        button->setObjectName(u"connect"_s + capitalised(kind->name()));
        button->setToolTip(kind->invitation());
        connect(button, &QPushButton::clicked, this, [this, kind] { emit connectRequested(kind); });
        connects->addWidget(button);
        m_connects.push_back({kind, button});
    }
    connects->addStretch(1);

    auto *or_ = hbox(12);
    or_->addWidget(ruler(this), 1);
    or_->addWidget(own);
    or_->addWidget(ruler(this), 1);

    auto *column = new QVBoxLayout(this);
    column->setSpacing(0);
    column->addStretch(2);
    column->addWidget(strips, 0, Qt::AlignHCenter);
    column->addSpacing(px(30));
    column->addWidget(title);
    column->addSpacing(px(6));
    column->addWidget(text);
    column->addSpacing(px(24));
    column->addWidget(m_demo, 0, Qt::AlignHCenter);
    column->addSpacing(px(10));
    column->addWidget(caption);
    column->addSpacing(px(24));
    auto *middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addLayout(or_);
    middle->addStretch(1);
    own->setMinimumHeight(px(20));
    for (QFrame *line : findChildren<QFrame *>()) {
        if (line->frameShape() == QFrame::HLine)
            line->setFixedWidth(px(104));
    }
    column->addLayout(middle);
    column->addSpacing(px(14));
    column->addLayout(connects);
    column->addStretch(3);

    setFocusProxy(m_demo);
    connect(&Theme::instance(), &Theme::changed, this, &WelcomePage::adoptTheme);
    setDemoStarting(false);
    adoptTheme();
}

void WelcomePage::setDemoStarting(bool starting)
{
    m_demo->setEnabled(!starting);
    m_demo->setText(starting ? tr("Starting the demo fleet…") : tr("&Start the demo fleet"));
}

void WelcomePage::adoptTheme()
{
    const Theme &t = Theme::instance();
    m_demo->setIcon(glyphIcon(Glyph::Play, theme().onAccent));
    QFont font = t.bodyFont();
    font.setPointSizeF(font.pointSizeF() * 10 / 9);
    m_demo->setFont(font);
    m_demo->setMinimumSize(px(216), px(46));
    for (const auto &[kind, button] : m_connects) {
        button->setIcon(glyphIcon(sourceKindGlyph(*kind->traits())));
        button->setMinimumWidth(px(110));
    }
}

} // namespace pulsedeck
