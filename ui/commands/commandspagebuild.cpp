// SPDX-License-Identifier: GPL-3.0-or-later
// The widgets of the Commands page and where they stand.
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandspageprivate.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/grouplist.h"
#include "ui/commands/stagebar.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

CommandsPage::Private::Private(CommandsPage &page, CommandActions &commandActions)
    : q(page)
    , actions(commandActions)
    , context(commandActions.context())
    , model(context.ledger, context.clock)
    , groups(new GroupListModel(context, this))
    , stack(new QStackedWidget(&page))
{
    q.setObjectName(u"commandsPage"_s);
    auto *right = new QWidget;
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    table = new CommandTable(model, actions, CommandTable::Form::Page, right);
    column->addWidget(table, 1);
    column->addWidget(buildFoot());
    nothing = new ToneLabel(tr("No command matches"), ToneLabel::Tone::Dim, ToneLabel::Face::Title, table->viewport());
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setAttribute(Qt::WA_TransparentForMouseEvents);

    auto *full = new QWidget;
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(buildGroups());
    middle->addWidget(right, 1);
    auto *whole = new QVBoxLayout(full);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(buildToolbar());
    whole->addLayout(middle, 1);

    stack->addWidget(buildEmpty());
    stack->addWidget(full);
    auto *outer = new QVBoxLayout(&q);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(stack);
    q.setFocusProxy(table);
    // Filter, groups, table, then what can be done.
    QWidget::setTabOrder(filter, list);
    QWidget::setTabOrder(list, table);
    connectAll();
    review();
}

QWidget *CommandsPage::Private::buildToolbar()
{
    const Theme &t = Theme::instance();
    auto *strip = new Band(Qt::BottomEdge, Band::Ground::Chrome, &q);
    filter = new QLineEdit(strip);
    filter->setObjectName(u"commandFilter"_s);
    filter->setPlaceholderText(tr("Worker, host, act, who, why…"));
    filter->setAccessibleName(tr("Filter commands"));
    filter->setClearButtonEnabled(true);
    filter->setFixedWidth(t.scaled(300));
    const auto searchIcon = [this] {
        const auto old = filter->actions();
        for (QAction *action : old) {
            if (action->objectName() == "search"_L1)
                delete action;
        }
        filter->addAction(glyphIcon(Glyph::Search, theme().dim), QLineEdit::LeadingPosition)->setObjectName(u"search"_s);
    };
    searchIcon();
    connect(&Theme::instance(), &Theme::changed, this, searchIcon);

    show = new QButtonGroup(strip);
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(t.scaled(12), 0, t.scaled(12), 0);
    row->setSpacing(t.scaled(4));
    row->addWidget(filter);
    row->addSpacing(t.scaled(12));
    const std::pair<CommandFilter::Show, QString> choices[]{{CommandFilter::Show::All, tr("All")},
                                                            {CommandFilter::Show::Running, tr("Running")},
                                                            {CommandFilter::Show::Ended, tr("Ended")},
                                                            {CommandFilter::Show::Problems, tr("Problems")}};
    for (const auto &[which, text] : choices) {
        auto *button = new QToolButton(strip);
        button->setText(text);
        button->setObjectName(u"show%1"_s.arg(text));
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setChecked(which == CommandFilter::Show::All);
        show->addButton(button, int(which));
        row->addWidget(button);
    }
    row->addSpacing(t.scaled(12));
    counts = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, strip);
    counts->setElideMode(Qt::ElideRight);
    row->addWidget(counts, 1);
    exportButton = new QToolButton(strip);
    exportButton->setObjectName(u"export"_s);
    exportButton->setText(tr("Export"));
    exportButton->setIcon(glyphIcon(Glyph::Export));
    exportButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    exportButton->setPopupMode(QToolButton::InstantPopup);
    exportButton->setFocusPolicy(Qt::StrongFocus);
    exportButton->setToolTip(tr("Write what the table shows to a file"));
    auto *menu = new QMenu(exportButton);
    connect(menu->addAction(tr("As CSV…")), &QAction::triggered, this, [this] { askExport(false); });
    connect(menu->addAction(tr("As JSON…")), &QAction::triggered, this, [this] { askExport(true); });
    exportButton->setMenu(menu);
    row->addWidget(exportButton);
    strip->setFixedHeight(t.scaled(38));
    return strip;
}

QWidget *CommandsPage::Private::buildGroups()
{
    const Theme &t = Theme::instance();
    auto *panel = new Band(Qt::RightEdge, Band::Ground::Base, &q);
    panel->setFixedWidth(t.scaled(268));
    list = new QListView(panel);
    list->setObjectName(u"commandGroups"_s);
    list->setAccessibleName(tr("Groups of commands"));
    list->setModel(groups);
    list->setItemDelegate(new GroupDelegate(*groups, list));
    list->setFrameShape(QFrame::NoFrame);
    list->setMouseTracking(true);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setLayoutMode(QListView::Batched);
    list->setBatchSize(200);
    auto *column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 1, 0);
    column->addWidget(list);
    return panel;
}

QWidget *CommandsPage::Private::buildHead()
{
    const Theme &t = Theme::instance();
    head = new Band(Qt::BottomEdge, Band::Ground::Chrome, &q);
    title = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, head);
    detail = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, head);
    detail->setElideMode(Qt::ElideRight);
    figures = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, head);
    figures->setElideMode(Qt::ElideRight);
    bar = new StageBar(head);
    pause = plainButton({}, head);
    pause->setObjectName(u"pauseGroup"_s);
    stop = plainButton({}, head);
    stop->setObjectName(u"stopGroup"_s);
    setButtonRole(stop, ButtonRole::Danger);
    auto *first = new QHBoxLayout;
    first->setSpacing(t.scaled(14));
    first->addWidget(title);
    first->addWidget(detail, 1);
    first->addWidget(pause);
    first->addWidget(stop);
    messageLine = new QWidget(head);
    messageMark = new GlyphMark(Glyph::Info, 12, messageLine);
    message = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, messageLine);
    message->setElideMode(Qt::ElideRight);
    auto *line = new QHBoxLayout(messageLine);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(t.scaled(8));
    line->addWidget(messageMark);
    line->addWidget(message, 1);
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins(t.scaled(14), t.scaled(10), t.scaled(14), t.scaled(10));
    column->setSpacing(t.scaled(8));
    column->addLayout(first);
    column->addWidget(bar);
    column->addWidget(figures);
    column->addWidget(messageLine);
    return head;
}

QWidget *CommandsPage::Private::buildFoot()
{
    const Theme &t = Theme::instance();
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, &q);
    chosen = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, foot);
    worker = plainButton(tr("Show &worker"), foot);
    worker->setObjectName(u"showWorker"_s);
    skip = plainButton({}, foot);
    skip->setObjectName(u"skip"_s);
    again = plainButton({}, foot);
    again->setObjectName(u"sendAgain"_s);
    cancel = plainButton({}, foot);
    cancel->setObjectName(u"cancelCommand"_s);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(t.scaled(14), t.scaled(8), t.scaled(14), t.scaled(8));
    row->setSpacing(t.scaled(8));
    row->addWidget(chosen, 1);
    for (QPushButton *button : {worker, skip, again, cancel})
        row->addWidget(button);
    return foot;
}

QWidget *CommandsPage::Private::buildEmpty()
{
    const Theme &t = Theme::instance();
    auto *empty = new QWidget;
    auto *heading = new ToneLabel(tr("No command yet"), ToneLabel::Tone::Text, ToneLabel::Face::Title, empty);
    auto *text = new ToneLabel(tr("Select workers on the Fleet page, then Drain (Ctrl+Shift+D) or Shut down (Del).\n"
                                  "Every step of it is shown here; commands of other operators and of the proxy are, too."),
                               ToneLabel::Tone::Dim, ToneLabel::Face::Body, empty);
    text->setAlignment(Qt::AlignHCenter);
    auto *column = new QVBoxLayout(empty);
    column->setSpacing(t.scaled(6));
    column->addStretch(2);
    column->addWidget(new GlyphMark(Glyph::Commands, 32, empty), 0, Qt::AlignHCenter);
    column->addSpacing(t.scaled(6));
    column->addWidget(heading, 0, Qt::AlignHCenter);
    column->addWidget(text, 0, Qt::AlignHCenter);
    column->addStretch(3);
    return empty;
}

} // namespace pulsedeck
