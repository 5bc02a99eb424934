// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/groupview.h"

#include "models/core/format.h"
#include "ui/commands/stagebar.h"
#include "ui/common/buttons.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"

#include <QPushButton>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// "Available 112 of 117, 96 % (floor 80 %)      Sessions 19 active · 16 ended · 2 cut      Replacements 2 started".
QString figuresText(const GroupSummary &summary)
{
    QStringList parts;
    if (summary.available >= 0 && summary.baseline > 0) {
        const int percent = int(std::floor(100.0 * summary.available / summary.baseline));
        parts.append(GroupView::tr("Available %1 of %2, %3 % (floor %4 %)")
                         .arg(groupedNumber(summary.available), groupedNumber(summary.baseline), QString::number(percent),
                              QString::number(summary.floorPercent)));
    }
    if (summary.sessionsKnown) {
        const QString ended = groupedNumber(summary.sessionsEnded);
        const QString text =
            summary.system ? GroupView::tr("At work %1 · %2 ended", "3 tasks")
                                 .arg((*summary.system)->countedJobs(summary.sessionsActive), ended)
                           : GroupView::tr("Sessions %1 active · %2 ended").arg(groupedNumber(summary.sessionsActive), ended);
        parts.append(summary.sessionsCut == 0 ? text
                                              : GroupView::tr("%1 · %2 cut").arg(text, groupedNumber(summary.sessionsCut)));
    }
    if (summary.replacements >= 0)
        parts.append(GroupView::tr("Replacements %1 started").arg(groupedNumber(summary.replacements)));
    return parts.join(u"      "_s);
}

/// "Stop, 4 not sent" or "Cancel 7 commands"; empty if there is nothing to stop.
QString stopText(const GroupSummary &summary)
{
    if (summary.theirs)
        return {};
    if (summary.rolling && summary.canPause && summary.queued > 0)
        return GroupView::tr("Stop, %1 not sent").arg(groupedNumber(summary.queued));
    return summary.cancellable > 0 ? GroupView::tr("Cancel %Ln command(s)", nullptr, summary.cancellable) : QString();
}

} // namespace

GroupView::GroupView(CommandActions &actions, QWidget *parent)
    : QObject(parent)
    , title((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, parent))->named(u"progressTitle"_s))
    , detail((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, parent))->elided())
    , figures((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, parent))->elided())
    , bar(new StageBar(parent))
    , messageMark(new GlyphMark(Glyph::Info, 12, parent))
    , message(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, parent))
    , pause(plainButton(tr("Pause"), u"pause"_s, parent))
    , stop(plainButton({}, u"stop"_s, parent, ButtonRole::Danger))
    , m_actions(actions)
{
    pause->setIcon(glyphIcon(Glyph::Pause));
    connect(pause, &QPushButton::clicked, this, [this] {
        RollingRunner &rolling = m_actions.context().rolling;
        m_summary.paused ? rolling.resume(m_group) : rolling.pause(m_group);
    });
    connect(stop, &QPushButton::clicked, this, &GroupView::stopGroup);
}

const GroupSummary &GroupView::show(const QUuid &group)
{
    m_group = group;
    m_summary = group.isNull() ? GroupSummary() : summarise(m_actions.context(), group);
    if (!m_summary.valid)
        return m_summary;
    title->setText(m_summary.title);
    detail->setText(m_summary.detail);
    bar->setShares(m_summary.shares);
    const QString line = figuresText(m_summary);
    figures->setVisible(!line.isEmpty());
    figures->setText(line);
    message->setText(m_summary.message);
    messageMark->setGlyph(m_summary.messageGlyph);
    pause->setVisible(m_summary.canPause);
    pause->setText(m_summary.paused ? tr("Resume") : tr("Pause"));
    pause->setIcon(glyphIcon(m_summary.paused ? Glyph::Play : Glyph::Pause));
    const QString words = stopText(m_summary);
    stop->setVisible(!words.isEmpty());
    stop->setText(words);
    return m_summary;
}

void GroupView::stopGroup()
{
    const CommandContext &context = m_actions.context();
    const RollingPlan *plan = context.rolling.plan(m_group);
    if (plan && plan->queued() > 0)
        context.rolling.abort(m_group);
    else if (const CommandGroup *group = context.ledger.group(m_group))
        m_actions.cancelEntries(group->entries);
    show(m_group);
}

} // namespace pulsedeck
