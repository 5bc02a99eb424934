// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/pausedrolls.h"

#include "models/commands/rollingrunner.h"
#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

PausedRolls::PausedRolls(const RollingRunner &rolling, QWidget *parent)
    : MessageLine(parent)
    , m_rolling(rolling)
    , m_words(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_show(new QPushButton(this))
{
    const Theme &t = Theme::instance();
    setObjectName(u"pausedRolls"_s);
    m_words->setElideMode(Qt::ElideRight);
    row()->addWidget(m_words, 1);
    row()->addWidget(m_show);
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
    QString text = tr("The rolling shutdown on %1 is paused with %2 of %Ln worker(s) still queued; these are left as they are.",
                      nullptr, first.total)
                       .arg(first.sources.join(u", "_s), groupedNumber(first.queued));
    text +=
        u' ' + (m_waits ? tr("It can be resumed when its source is connected.") : tr("It continues only when you resume it."));
    if (still.size() > 1)
        text += u' ' + tr("%Ln more (is/are) paused.", nullptr, int(still.size()) - 1);
    m_words->setText(text);
    m_show->setText(m_waits ? tr("Show sources") : tr("Show"));
    setAccessibleName(text);
}

} // namespace pulsedeck
