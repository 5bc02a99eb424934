// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/pausedrolls.h"

#include "models/commands/rollingrunner.h"
#include "models/core/format.h"
#include "ui/fleet/fleetwords.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

PausedRolls::PausedRolls(const RollingRunner &rolling, QWidget *parent)
    : QWidget(parent)
    , m_rolling(rolling)
    , m_words(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_show(new QPushButton(this))
{
    const Theme &t = Theme::instance();
    setObjectName(u"pausedRolls"_s);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(t.scaled(32), t.scaled(3), t.scaled(8), t.scaled(4));
    layout->setSpacing(t.scaled(8));
    m_words->setElideMode(Qt::ElideRight);
    layout->addWidget(m_words, 1);
    layout->addWidget(m_show);
    m_show->setObjectName(u"showPausedRoll"_s);
    m_show->setFont(t.smallFont());
    m_show->setFocusPolicy(Qt::TabFocus);
    connect(m_show, &QPushButton::clicked, this, [this] {
        if (m_waits)
            emit sourcesRequested();
        else
            emit groupRequested(m_group);
    });
    connect(&rolling, &RollingRunner::planChanged, this, &PausedRolls::review);
    connect(&rolling, &RollingRunner::plansRead, this, &PausedRolls::review);
    hide();
    review();
}

QString PausedRolls::text() const
{
    return m_words->text();
}

void PausedRolls::review()
{
    std::vector<RollingRunner::Unfinished> still = m_rolling.unfinished();
    std::erase_if(still, [](const auto &one) { return one.state == RollingRunner::Unfinished::State::Running; });
    setVisible(!still.empty());
    if (still.empty())
        return;
    const RollingRunner::Unfinished &first = still.front();
    m_group = first.group;
    m_waits = first.state == RollingRunner::Unfinished::State::Waiting;
    QString text = tr("The rolling shutdown on %1 is paused: %2 of %3 workers are queued and stay as they are.")
                       .arg(first.sources.join(u", "_s), groupedNumber(first.queued), groupedNumber(first.total));
    text += u' ' + (m_waits ? tr("It can be resumed when its source is connected.") : tr("It goes on only when it is resumed."));
    if (still.size() > 1)
        text += u' ' + tr("%1 more are paused.").arg(still.size() - 1);
    m_words->setText(text);
    m_show->setText(m_waits ? tr("Show sources") : tr("Show"));
    setAccessibleName(text);
}

void PausedRolls::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &t = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), blended(tokens.win, tokens.lateTint, tokens.dark ? 0.28 : 0.35));
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
    painter.fillRect(QRect(0, 0, 3, height() - 1), tokens.late);
    paintGlyph(painter, QPointF(t.scaled(18), (height() - 1) / 2.0), t.scaled(14), Glyph::Warning);
}

} // namespace pulsedeck
