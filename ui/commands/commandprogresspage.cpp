// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandprogresspage.h"

#include "models/core/format.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/groupview.h"
#include "ui/commands/stagebar.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

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
    m_view = new GroupView(m_actions, head);
    m_clock = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, head);
    auto *first = hbox(14);
    first->addWidget(m_view->title, 0, Qt::AlignBaseline);
    first->addWidget(m_view->detail, 1, Qt::AlignBaseline);
    first->addWidget(m_clock, 0, Qt::AlignBaseline);
    auto *column = vbox(head, 9, {24, 15, 24, 13});
    column->addLayout(first);
    addWidgets(column, {m_view->bar, m_view->figures});
    return head;
}

QWidget *CommandProgressPage::buildFoot()
{
    auto *foot = new QWidget(this);
    m_messageLine = new Band(Qt::TopEdge, Band::Ground::Chrome, foot);
    auto *line = hbox(m_messageLine, 8, {14, 9, 14, 9});
    line->addWidget(m_view->messageMark);
    line->addWidget(m_view->message->wrapped(), 1);

    auto *buttons = new Band(Qt::TopEdge, Band::Ground::Chrome, foot);
    m_note = (new ToneLabel(tr("Closing does not stop it."), ToneLabel::Tone::Dim, ToneLabel::Face::Body, buttons))->elided();
    m_page = plainButton(tr("See Commands"), u"showInCommands"_s, buttons, ButtonRole::Link);
    m_close = plainButton({}, u"close"_s, buttons, ButtonRole::Primary);
    auto *row = hbox(buttons, 9, {14, 11, 14, 11});
    // What comes, goes and changes its words stands so that no button moves for it.
    row->addWidget(m_page);
    row->addWidget(m_note, 1);
    row->addStretch(); // Also when there is nothing to note.
    for (QPushButton *button : {m_view->pause, m_view->stop, m_close})
        row->addWidget(button);
    for (const QString &word : {tr("Close"), tr("Run in background")})
        keepRoom(m_close, word);
    for (const QString &word : {tr("Resume"), tr("Pause")})
        keepRoom(m_view->pause, word);
    connect(m_page, &QPushButton::clicked, this, [this] { emit groupRequested(m_group); });
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

void CommandProgressPage::refresh()
{
    if (m_group.isNull())
        return;
    const bool ran = summary().running;
    m_view->show(m_group);
    if (ran != summary().running)
        emit runningChanged(summary().running);
    m_clock->setText(clockText(m_context.clock.nowMs()));
    m_messageLine->setVisible(!summary().message.isEmpty());
    keepRoom(m_view->stop, m_view->stop->text());
    m_note->setVisible(summary().running);
    m_close->setText(summary().running ? tr("Run in background") : tr("Close"));
}

QSize CommandProgressPage::sizeHint() const
{
    const int rows = qBound(4, m_model.rowCount(), 14);
    return {px(752), px(250) + rows * px(26)};
}

} // namespace pulsedeck
