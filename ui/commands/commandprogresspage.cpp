// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandprogresspage.h"

#include "models/core/format.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/stagebar.h"
#include "ui/common/band.h"
#include "ui/common/buttons.h"
#include "ui/common/glyphmark.h"
#include "ui/common/layouts.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString summaryFigures(const GroupSummary &summary)
{
    QStringList parts;
    if (summary.available >= 0 && summary.baseline > 0) {
        const int percent = int(std::floor(100.0 * summary.available / summary.baseline));
        parts.append(u"Available %1 of %2, %3 % (floor %4 %)"_s.arg(groupedNumber(summary.available),
                                                                    groupedNumber(summary.baseline), QString::number(percent),
                                                                    QString::number(summary.floorPercent)));
    }
    if (summary.sessionsKnown) {
        QString text =
            u"Sessions %1 active · %2 ended"_s.arg(groupedNumber(summary.sessionsActive), groupedNumber(summary.sessionsEnded));
        if (summary.sessionsCut > 0)
            text += u" · %1 cut"_s.arg(groupedNumber(summary.sessionsCut));
        parts.append(text);
    }
    if (summary.replacements >= 0)
        parts.append(u"Replacements %1 started"_s.arg(groupedNumber(summary.replacements)));
    return parts.join(u"      "_s);
}

QString stopText(const GroupSummary &summary)
{
    if (summary.theirs)
        return {};
    if (summary.rolling && summary.canPause && summary.queued > 0)
        return u"Stop, %1 not sent"_s.arg(groupedNumber(summary.queued));
    if (summary.cancellable > 0)
        return u"Cancel %1"_s.arg(countedWord(summary.cancellable, u"command"_s));
    return {};
}

void stopGroup(CommandActions &actions, const QUuid &id)
{
    const CommandContext &context = actions.context();
    const RollingPlan *plan = context.rolling.plan(id);
    if (plan && plan->queued() > 0) {
        context.rolling.abort(id);
        return;
    }
    if (const CommandGroup *group = context.ledger.group(id))
        actions.cancelEntries(group->entries);
}

void togglePause(CommandActions &actions, const GroupSummary &summary, const QUuid &group)
{
    if (summary.paused)
        actions.context().rolling.resume(group);
    else
        actions.context().rolling.pause(group);
}

namespace {

/// Sets the words; the button never gets narrower again.
void keepRoom(QPushButton *button, const QString &word)
{
    button->setText(word);
    button->setMinimumWidth(qMax(button->minimumWidth(), button->sizeHint().width()));
}

} // namespace

CommandProgressPage::CommandProgressPage(CommandActions &actions, QWidget *parent)
    : QWidget(parent)
    , m_actions(actions)
    , m_context(actions.context())
    , m_model(m_context.ledger, m_context.clock)
    , m_table(new CommandTable(m_model, actions, CommandTable::Form::Group, this))
{
    auto *whole = vbox(this, 0);
    whole->addWidget(buildHead());
    whole->addWidget(m_table, 1);
    whole->addWidget(buildFoot());

    setFocusProxy(m_close);
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (isVisible())
            refresh();
    });
    m_timer.start();
    connect(&m_context.ledger, &CommandLedger::groupChanged, this, [this](const QUuid &group) {
        if (group == m_group)
            refresh();
    });
    connect(&m_context.rolling, &RollingRunner::planChanged, this, [this](const QUuid &group) {
        if (group == m_group)
            refresh();
    });
}

CommandProgressPage::~CommandProgressPage()
{
    delete m_table; // Before its model.
}

QWidget *CommandProgressPage::buildHead()
{
    auto *head = new Band(Qt::BottomEdge, Band::Ground::Chrome, this);
    m_title = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, head))->named(u"progressTitle"_s);
    m_detail = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, head))->elided();
    m_clock = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, head);
    m_bar = new StageBar(head);
    m_figures = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, head))->named(u"progressFigures"_s)->elided();
    auto *first = hbox(14);
    first->addWidget(m_title, 0, Qt::AlignBaseline);
    first->addWidget(m_detail, 1, Qt::AlignBaseline);
    first->addWidget(m_clock, 0, Qt::AlignBaseline);
    auto *column = vbox(head, 9, {24, 15, 24, 13});
    column->addLayout(first);
    addWidgets(column, {m_bar, m_figures});
    return head;
}

QWidget *CommandProgressPage::buildFoot()
{
    auto *foot = new QWidget(this);
    m_messageLine = new Band(Qt::TopEdge, Band::Ground::Chrome, foot);
    m_messageMark = new GlyphMark(Glyph::Info, 12, m_messageLine);
    m_message =
        (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, m_messageLine))->named(u"progressMessage"_s)->wrapped();
    auto *line = hbox(m_messageLine, 8, {14, 9, 14, 9});
    line->addWidget(m_messageMark);
    line->addWidget(m_message, 1);

    auto *buttons = new Band(Qt::TopEdge, Band::Ground::Chrome, foot);
    m_note = (new ToneLabel(tr("Closing does not stop it."), ToneLabel::Tone::Dim, ToneLabel::Face::Body, buttons))->elided();
    m_page = plainButton(tr("See Commands"), u"showInCommands"_s, buttons, ButtonRole::Link);
    m_pause = plainButton(tr("Pause"), u"pause"_s, buttons);
    m_stop = plainButton({}, u"stop"_s, buttons, ButtonRole::Danger);
    m_close = plainButton({}, u"close"_s, buttons, ButtonRole::Primary);
    auto *row = hbox(buttons, 9, {14, 11, 14, 11});
    // What comes, goes and changes its words stands so that no button moves for it.
    row->addWidget(m_page);
    row->addWidget(m_note, 1);
    row->addStretch(); // Also when there is nothing to note.
    for (QPushButton *button : {m_pause, m_stop, m_close})
        row->addWidget(button);
    for (const QString &word : {tr("Close"), tr("Run in background")})
        keepRoom(m_close, word);
    m_pause->setIcon(glyphIcon(Glyph::Pause));
    for (const QString &word : {tr("Resume"), tr("Pause")})
        keepRoom(m_pause, word);
    connect(m_page, &QPushButton::clicked, this, [this] { emit groupRequested(m_group); });
    connect(m_pause, &QPushButton::clicked, this, [this] { togglePause(m_actions, m_summary, m_group); });
    connect(m_stop, &QPushButton::clicked, this, &CommandProgressPage::stop);
    connect(m_close, &QPushButton::clicked, this, &CommandProgressPage::closeRequested);
    auto *column = vbox(foot, 0);
    addWidgets(column, {m_messageLine, buttons});
    return foot;
}

void CommandProgressPage::setGroup(const QUuid &group)
{
    m_group = group;
    CommandFilter filter;
    filter.group = group;
    m_model.setFilter(filter);
    refresh();
    // So that Enter leaves it to itself.
    m_close->setFocus(Qt::OtherFocusReason);
}

void CommandProgressPage::stop()
{
    stopGroup(m_actions, m_group);
    refresh();
}

void CommandProgressPage::refresh()
{
    if (m_group.isNull())
        return;
    const bool ran = m_summary.running;
    m_summary = summarise(m_context, m_group);
    if (ran != m_summary.running)
        emit runningChanged(m_summary.running);
    m_title->setText(m_summary.title);
    m_detail->setText(m_summary.detail);
    m_clock->setText(clockText(m_context.clock.nowMs()));
    m_bar->setShares(m_summary.shares);
    const QString figures = summaryFigures(m_summary);
    m_figures->setVisible(!figures.isEmpty());
    m_figures->setText(figures);
    m_messageLine->setVisible(!m_summary.message.isEmpty());
    m_message->setText(m_summary.message);
    m_messageMark->setGlyph(m_summary.messageGlyph);
    m_pause->setVisible(m_summary.canPause);
    m_pause->setText(m_summary.paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(glyphIcon(m_summary.paused ? Glyph::Play : Glyph::Pause));
    const QString stop = stopText(m_summary);
    m_stop->setVisible(!stop.isEmpty());
    keepRoom(m_stop, stop);
    m_note->setVisible(m_summary.running);
    m_close->setText(m_summary.running ? tr("Run in background") : tr("Close"));
}

QSize CommandProgressPage::sizeHint() const
{
    const int rows = qBound(4, m_model.rowCount(), 14);
    return {px(752), px(250) + rows * px(26)};
}

} // namespace pulsedeck
