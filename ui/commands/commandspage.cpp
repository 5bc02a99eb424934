// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandspage.h"
#include "models/commands/commandexport.h"
#include "models/core/format.h"
#include "ui/commands/commandprogresspage.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandspageprivate.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/grouplist.h"
#include "ui/commands/stagebar.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/titlecase.h"
#include "ui/theme/tonelabel.h"

#include <QButtonGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

CommandsPage::Private::~Private()
{
    delete table; // It hears of its model's end otherwise, and asks it.
}

void CommandsPage::Private::connectAll()
{
    connect(filter, &QLineEdit::textChanged, this, &Private::applyFilter);
    connect(show, &QButtonGroup::idClicked, this, &Private::applyFilter);
    connect(list->selectionModel(), &QItemSelectionModel::currentChanged, this, &Private::applyFilter);
    connect(groups, &QAbstractItemModel::rowsInserted, this, &Private::review);
    connect(groups, &QAbstractItemModel::modelReset, this, &Private::review);
    connect(table, &CommandTable::selectionMoved, this, &Private::reviewButtons);
    connect(table, &CommandTable::openRequested, this, &Private::showCurrentWorker);
    connect(table, &CommandTable::menuRequested, this, &Private::showContextMenu);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, &Private::reviewButtons);
    connect(&model, &QAbstractItemModel::modelReset, this, &Private::reviewButtons);
    connect(&actions, &CommandActions::changed, this, [this] {
        // The first change at once, so that the counts never lag behind the rows beside them; what follows in a burst, together.
        if (!q.isVisible() || timer.isActive())
            return;
        timer.start();
        reviewHead();
    });
    connect(&context.rolling, &RollingRunner::planChanged, this, [this] {
        if (q.isVisible())
            reviewHead();
    });
    connect(cancel, &QPushButton::clicked, this, [this] { actions.cancelEntries(table->selectedKeys()); });
    connect(again, &QPushButton::clicked, this, [this] { actions.sendAgain(table->selectedKeys()); });
    connect(skip, &QPushButton::clicked, this, [this] { actions.skipEntries(table->selectedKeys()); });
    connect(worker, &QPushButton::clicked, this, &Private::showCurrentWorker);
    connect(pause, &QPushButton::clicked, this, [this] { togglePause(actions, summary, currentGroup()); });
    connect(stop, &QPushButton::clicked, this, [this] { stopGroup(actions, currentGroup()); });

    timer.setSingleShot(true);
    timer.setInterval(200);
    connect(&timer, &QTimer::timeout, this, [this] {
        reviewHead();
        reviewButtons();
    });
    // Times and countdowns of the head, and what a filter on the stage does not show any more.
    refilter.setInterval(1'000);
    connect(&refilter, &QTimer::timeout, this, [this] {
        if (!q.isVisible())
            return;
        if (model.filter().show != CommandFilter::Show::All && !table->underMouse() && table->selectedKeys().empty())
            model.refilter();
        groups->review();
        reviewHead();
        reviewButtons();
    });
    refilter.start();
}

void CommandsPage::Private::applyFilter()
{
    CommandFilter wanted;
    wanted.show = CommandFilter::Show(qMax(0, show->checkedId()));
    wanted.text = filter->text().trimmed();
    wanted.group = currentGroup();
    if (!(wanted == model.filter()))
        model.setFilter(wanted);
    reviewHead();
    reviewButtons();
}

QUuid CommandsPage::Private::currentGroup() const
{
    const QModelIndex index = list->currentIndex();
    return index.isValid() ? groups->groupAt(index.row()) : QUuid();
}

void CommandsPage::Private::review()
{
    const bool any = groups->rowCount() > 0;
    stack->setCurrentIndex(any ? 1 : 0);
    if (any && !list->currentIndex().isValid())
        list->setCurrentIndex(groups->index(0));
    reviewHead();
    reviewButtons();
}

void CommandsPage::Private::reviewHead()
{
    const QUuid group = currentGroup();
    head->setVisible(!group.isNull());
    summary = group.isNull() ? GroupSummary() : summarise(context, group);
    counts->setText(u"%1 running of %2"_s.arg(groupedNumber(context.ledger.openCount()), groupedNumber(context.ledger.size()))
                    + (context.ledger.dropped() > 0
                           ? QString(u", %1 older given up"_s.arg(groupedNumber(qint64(context.ledger.dropped()))))
                           : QString()));
    const bool speaks = summary.valid && !summary.message.isEmpty();
    messageLine->setVisible(speaks);
    message->setText(summary.message);
    messageMark->setGlyph(summary.messageGlyph);
    if (!summary.valid)
        return;
    title->setText(summary.title);
    detail->setText(summary.detail);
    bar->setShares(summary.shares);
    const QString line = summaryFigures(summary);
    figures->setVisible(!line.isEmpty());
    figures->setText(line);
    pause->setVisible(summary.canPause);
    pause->setText(summary.paused ? tr("Resume") : tr("Pause"));
    pause->setIcon(glyphIcon(summary.paused ? Glyph::Play : Glyph::Pause));
    const QString words = stopText(summary);
    stop->setVisible(!words.isEmpty());
    stop->setText(words);
}

void CommandsPage::Private::reviewButtons()
{
    const std::vector<quint64> keys = table->selectedKeys();
    const auto count = [&](bool (CommandActions::*able)(quint64) const) {
        return qint64(std::count_if(keys.begin(), keys.end(), [&](quint64 key) { return (actions.*able)(key); }));
    };
    // Of a selection that large each is looked at only when it is acted on.
    constexpr size_t many = 2'000;
    const auto offer = [&](QPushButton *button, const QString &plain, bool (CommandActions::*able)(quint64) const,
                           const QString &why) {
        const qint64 number = keys.size() > many ? qint64(keys.size()) : count(able);
        button->setEnabled(number > 0);
        button->setText(number > 1 && keys.size() <= many ? QString(plain + u" ("_s + groupedNumber(number) + u')') : plain);
        button->setToolTip(number > 0 ? QString() : keys.empty() ? tr("Select commands first.") : why);
    };
    offer(cancel, tr("&Cancel command"), &CommandActions::canCancel, tr("None of them can be taken back any more."));
    offer(again, tr("Send a&gain"), &CommandActions::canSendAgain,
          tr("Only for what ended without effect, while the worker is there."));
    offer(skip, tr("S&kip"), &CommandActions::canSkip, tr("None of them is waiting for its turn."));
    const CommandEntry *entry = table->currentEntry();
    worker->setEnabled(entry && entry->handle != noWorker);
    chosen->setText(keys.empty()
                        ? tr("%1 shown").arg(groupedNumber(model.rowCount()))
                        : tr("%1 of %2 selected").arg(groupedNumber(qint64(keys.size())), groupedNumber(model.rowCount())));
    exportButton->setEnabled(model.rowCount() > 0);
    nothing->setVisible(model.rowCount() == 0);
    nothing->setGeometry(table->viewport()->rect());
}

void CommandsPage::Private::showContextMenu(const QPoint &globalPos)
{
    auto *menu = new QMenu(table);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    for (QPushButton *button : {worker, again, cancel, skip}) {
        QAction *action = menu->addAction(titleCase(button->text()));
        action->setEnabled(button->isEnabled());
        action->setToolTip(button->toolTip());
        connect(action, &QAction::triggered, button, &QPushButton::click);
    }
    menu->popup(globalPos);
}

void CommandsPage::Private::showCurrentWorker()
{
    const CommandEntry *entry = table->currentEntry();
    if (!entry)
        return;
    const WorkerHandle handle = context.store.findSerial(entry->serial);
    if (handle != noWorker)
        emit q.workerRequested(handle);
    else
        emit q.noticed(tr("The worker is not in the list any more"), tr("Its commands stay here and in Activity."));
}

void CommandsPage::Private::askExport(bool json)
{
    auto *dialog = new QFileDialog(&q, json ? tr("Export commands as JSON") : tr("Export commands as CSV"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(json ? u"json"_s : u"csv"_s);
    dialog->selectFile(json ? u"commands.json"_s : u"commands.csv"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, json](const QString &file) {
        QString error;
        if (!q.exportTo(file, json, &error))
            emit q.noticed(tr("The commands were not exported"), error);
    });
    dialog->open();
}

CommandsPage::CommandsPage(CommandActions &actions, QWidget *parent)
    : Band({}, Ground::Chrome, parent)
    , d(std::make_unique<Private>(*this, actions))
{ }

CommandsPage::~CommandsPage() = default;

void CommandsPage::showGroup(const QUuid &group)
{
    d->review();
    const int row = d->groups->rowOf(group);
    if (row >= 0)
        d->list->setCurrentIndex(d->groups->index(row));
    d->table->setFocus(Qt::OtherFocusReason);
}

void CommandsPage::showEvent(QShowEvent *event)
{
    Band::showEvent(event);
    d->review();
}

QUuid CommandsPage::currentGroup() const
{
    return d->currentGroup();
}

bool CommandsPage::exportTo(const QString &fileName, bool json, QString *error)
{
    std::vector<quint64> keys;
    keys.reserve(size_t(d->model.rowCount()));
    for (int row = 0; row < d->model.rowCount(); ++row)
        keys.push_back(d->model.keyAt(row));
    const QByteArray bytes = json ? commandsJson(d->context.ledger, keys) : commandsCsv(d->context.ledger, keys);
    QSaveFile file(fileName);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return true;
    if (error)
        *error = file.errorString();
    return false;
}

void CommandsPage::focusFilter()
{
    d->filter->setFocus(Qt::ShortcutFocusReason);
    d->filter->selectAll();
}

void CommandsPage::escape()
{
    if (!d->filter->text().isEmpty())
        d->filter->clear();
    else
        d->table->clearSelection();
    if (d->filter->hasFocus())
        d->table->setFocus();
}

// The widgets of the Commands page and where they stand.

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
