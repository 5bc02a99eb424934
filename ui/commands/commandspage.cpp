// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandspage.h"

#include "models/commands/commandexport.h"
#include "models/commands/commandtablemodel.h"
#include "models/core/format.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/grouplist.h"
#include "ui/commands/groupview.h"
#include "ui/commands/stagebar.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/exportdialog.h"
#include "ui/common/glyphmark.h"
#include "ui/common/searchfield.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tabchain.h"
#include "ui/common/titlecase.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QCoreApplication>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// The page's parts and how they work together.
class CommandsPage::Private : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(CommandsPage)

public:
    Private(CommandsPage &page, CommandActions &commandActions);
    ~Private() override;

    QWidget *buildToolbar();
    QWidget *buildGroups();
    QWidget *buildHead();
    QWidget *buildFoot();
    QWidget *buildEmpty();
    void connectAll();
    QUuid currentGroup() const;
    void applyFilter();
    void review(); ///< Which page of the stack, which head.
    void reviewHead();
    void reviewButtons();
    void measureGroups(int firstRow, int lastRow);
    void fitGroups();
    void showContextMenu(const QPoint &globalPos);
    void showCurrentWorker();
    void askExport(bool json);

    CommandsPage &q;
    CommandActions &actions;
    const CommandContext &context;
    CommandTableModel model;
    GroupListModel *groups;
    QStackedWidget *stack;
    SearchField *filter;
    QButtonGroup *show;
    ToneLabel *counts;
    QToolButton *exportButton;
    QListView *list;
    GroupDelegate *groupRows;
    QWidget *groupPanel;
    int groupsWanted = 0; ///< The width that the widest of them needs.
    CommandTable *table;
    QWidget *head;
    GroupView *view;
    QWidget *messageLine;
    ToneLabel *nothing; ///< Over the table, where the filter finds nothing.
    ToneLabel *chosen;
    QPushButton *cancel;
    QPushButton *again;
    QPushButton *skip;
    QPushButton *worker;
    QTimer timer;
    QTimer refilter; ///< An ended command leaves "Running" a little later, so that its end is seen.
};

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
    connect(groups, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { measureGroups(first, last); });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        groupsWanted = 0;
        measureGroups(0, groups->rowCount() - 1);
    });
    connect(table, &RowTable::selectionMoved, this, &Private::reviewButtons);
    connect(table, &RowTable::openRequested, this, &Private::showCurrentWorker);
    connect(table, &RowTable::menuRequested, this, &Private::showContextMenu);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, &Private::reviewButtons);
    connect(&model, &QAbstractItemModel::modelReset, this, &Private::reviewButtons);
    connect(&actions, &CommandActions::changed, this, [this] {
        // The first change at once, so that the counts never lag behind the rows next to them; what follows in a burst, together.
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
    const GroupSummary &summary = view->show(group);
    const QString running =
        tr("%1 running of %2").arg(groupedNumber(context.ledger.openCount()), groupedNumber(context.ledger.size()));
    const qint64 dropped = qint64(context.ledger.dropped());
    counts->setText(dropped == 0 ? running : tr("%1, %2 older removed from the list").arg(running, groupedNumber(dropped)));
    messageLine->setVisible(summary.valid && !summary.message.isEmpty());
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
        button->setText(number > 1 && keys.size() <= many
                            ? tr("%1 (%2)", "a button, and how many").arg(plain, groupedNumber(number))
                            : plain);
        button->setToolTip(number > 0 ? QString() : keys.empty() ? tr("Select commands first.") : why);
    };
    offer(cancel, tr("&Cancel command"), &CommandActions::canCancel, tr("None of them can be withdrawn any more."));
    offer(again, tr("Send a&gain"), &CommandActions::canSendAgain,
          tr("Only for commands without effect whose worker is still there."));
    offer(skip, tr("S&kip"), &CommandActions::canSkip, tr("None of them is waiting for its turn."));
    const CommandEntry *entry = table->currentEntry();
    worker->setEnabled(entry && entry->handle != noWorker);
    worker->setToolTip(worker->isEnabled() ? tr("Show it on the Fleet page")
                       : entry             ? tr("It is for no single worker that is in the list.")
                                           : tr("Select a command first."));
    chosen->setText(keys.empty()
                        ? tr("%1 shown").arg(groupedNumber(model.rowCount()))
                        : tr("%1 of %2 selected").arg(groupedNumber(qint64(keys.size())), groupedNumber(model.rowCount())));
    exportButton->setEnabled(model.rowCount() > 0);
    exportButton->setToolTip(model.rowCount() > 0 ? tr("Write what the table shows to a file")
                                                  : tr("The table shows nothing that could be written to a file."));
    nothing->setVisible(model.rowCount() == 0);
    nothing->setGeometry(table->viewport()->rect());
}

/// Of many at once, the newest.
void CommandsPage::Private::measureGroups(int firstRow, int lastRow)
{
    constexpr int most = 200;
    groupsWanted = qMax(groupsWanted, groupRows->wantedWidth(firstRow, qMin(lastRow, firstRow + most)));
    fitGroups();
}

/// As wide as their titles need, within a quarter of the page.
void CommandsPage::Private::fitGroups()
{
    const int usual = px(268);
    groupPanel->setFixedWidth(qBound(usual, groupsWanted, qMax(usual, q.width() / 4)));
}

void CommandsPage::Private::showContextMenu(const QPoint &globalPos)
{
    auto *menu = selfDeleting(new QMenu(table));
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
        emit q.noticed(tr("The worker is not in the list any more"), tr("Its commands are kept here and in Activity."));
}

void CommandsPage::Private::askExport(bool json)
{
    const QString title = json ? tr("Export commands as JSON") : tr("Export commands as CSV");
    const auto write = [this](const QString &file, bool asJson) {
        QString error;
        if (!q.exportTo(file, asJson, &error))
            emit q.noticed(tr("The commands were not exported"), error);
    };
    askExportFile(&q, title, u"commands"_s, context.settings, u"commands/exportFolder"_s, write, json);
}

CommandsPage::CommandsPage(CommandActions &actions, QWidget *parent)
    : Page(u"commands"_s, tr("Commands"), Glyph::Commands, parent)
    , d(std::make_unique<Private>(*this, actions))
{
    for (const auto signal : {&CommandLedger::groupAdded, &CommandLedger::groupChanged})
        connect(&d->context.ledger, signal, this, &Page::countChanged);
}

CommandsPage::~CommandsPage() = default;

QString CommandsPage::whyNoPast() const
{
    return tr("Which commands were given until then stands on the Activity page.");
}

QString CommandsPage::navigationText() const
{
    const int running = d->context.ledger.openCount();
    return running > 0 ? groupedNumber(running) : QString();
}

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
    Page::showEvent(event);
    d->review();
}

void CommandsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    d->fitGroups();
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
    d->filter->focusAll();
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
    auto *column = vbox(right, 0);
    column->addWidget(buildHead());
    table = new CommandTable(model, actions, CommandTable::Form::Page, right);
    column->addWidget(table, 1);
    QWidget *foot = buildFoot();
    column->addWidget(foot);
    nothing = new ToneLabel(tr("No command matches"), ToneLabel::Tone::Dim, ToneLabel::Face::Title, table->viewport());
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setAttribute(Qt::WA_TransparentForMouseEvents);

    auto *full = new QWidget;
    auto *middle = hbox(0);
    middle->addWidget(buildGroups());
    middle->addWidget(right, 1);
    auto *whole = vbox(full, 0);
    whole->addWidget(buildToolbar());
    whole->addLayout(middle, 1);

    stack->addWidget(buildEmpty());
    stack->addWidget(full);
    auto *outer = vbox(&q);
    outer->addWidget(stack);
    q.setFocusProxy(table);
    // The filter and its neighbours, groups, what can be done with one of them, table, and then with its rows.
    setTabChain({filter->parentWidget(), list, head, table, foot});
    connectAll();
    measureGroups(0, groups->rowCount() - 1);
    review();
}

QWidget *CommandsPage::Private::buildToolbar()
{
    auto *strip = new Band(Qt::BottomEdge, Band::Ground::Chrome, &q);
    filter = new SearchField(tr("Worker, host, act, operator, reason…"), tr("Filter commands"), strip);
    filter->setObjectName(u"commandFilter"_s);
    filter->setFixedWidth(px(300));

    show = new QButtonGroup(strip);
    auto *row = hbox(strip, 4, {12, 0, 12, 0});
    row->addWidget(filter);
    row->addSpacing(px(12));
    const std::tuple<CommandFilter::Show, QString, QString> choices[]{
        {CommandFilter::Show::All, u"showAll"_s, tr("All")},
        {CommandFilter::Show::Running, u"showRunning"_s, tr("Running")},
        {CommandFilter::Show::Ended, u"showEnded"_s, tr("Ended")},
        {CommandFilter::Show::Problems, u"showProblems"_s, tr("Problems")}};
    for (const auto &[which, name, text] : choices) {
        auto *button = new QToolButton(strip);
        button->setText(text);
        button->setObjectName(name);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setChecked(which == CommandFilter::Show::All);
        show->addButton(button, int(which));
        row->addWidget(button);
    }
    row->addSpacing(px(12));
    counts = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, strip))->elided();
    row->addWidget(counts, 1);
    exportButton = new QToolButton(strip);
    exportButton->setObjectName(u"export"_s);
    exportButton->setText(tr("Export"));
    exportButton->setIcon(glyphIcon(Glyph::Export));
    exportButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    exportButton->setPopupMode(QToolButton::InstantPopup);
    exportButton->setFocusPolicy(Qt::StrongFocus);
    auto *menu = new QMenu(exportButton);
    connect(menu->addAction(tr("As CSV…")), &QAction::triggered, this, [this] { askExport(false); });
    connect(menu->addAction(tr("As JSON…")), &QAction::triggered, this, [this] { askExport(true); });
    exportButton->setMenu(menu);
    row->addWidget(exportButton);
    strip->setFixedHeight(px(38));
    return strip;
}

QWidget *CommandsPage::Private::buildGroups()
{
    auto *panel = new Band(Qt::RightEdge, Band::Ground::Base, &q);
    groupPanel = panel;
    list = new QListView(panel);
    list->setObjectName(u"commandGroups"_s);
    list->setAccessibleName(tr("Groups of commands"));
    list->setModel(groups);
    groupRows = new GroupDelegate(*groups, list);
    list->setItemDelegate(groupRows);
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
    head = new Band(Qt::BottomEdge, Band::Ground::Chrome, &q);
    view = new GroupView(actions, head);
    auto *first = hbox(14);
    first->addWidget(view->title);
    first->addWidget(view->detail, 1);
    addWidgets(first, {view->pause, view->stop});
    messageLine = new QWidget(head);
    auto *line = hbox(messageLine, 8);
    line->addWidget(view->messageMark);
    line->addWidget(view->message->elided(), 1);
    auto *column = vbox(head, 8, {14, 10, 14, 10});
    column->addLayout(first);
    addWidgets(column, {view->bar, view->figures, messageLine});
    return head;
}

QWidget *CommandsPage::Private::buildFoot()
{
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, &q);
    chosen = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, foot);
    worker = plainButton(tr("Show &worker"), u"showWorker"_s, foot);
    skip = plainButton({}, u"skip"_s, foot);
    again = plainButton({}, u"sendAgain"_s, foot);
    cancel = plainButton({}, u"cancelCommand"_s, foot);
    auto *row = hbox(foot, 8, {14, 8, 14, 8});
    row->addWidget(chosen, 1);
    for (QPushButton *button : {worker, skip, again, cancel})
        row->addWidget(button);
    return foot;
}

QWidget *CommandsPage::Private::buildEmpty()
{
    auto *empty = new QWidget;
    auto *heading = new ToneLabel(tr("No command yet"), ToneLabel::Tone::Text, ToneLabel::Face::Title, empty);
    auto *text = new ToneLabel(tr("Select workers on the Fleet page, then Drain (Ctrl+Shift+D) or Shut down (Del).\n"
                                  "Every step is shown here, also of the commands of other operators and of the proxy."),
                               ToneLabel::Tone::Dim, ToneLabel::Face::Body, empty);
    text->setAlignment(Qt::AlignHCenter);
    auto *column = new QVBoxLayout(empty);
    column->setSpacing(px(6));
    column->addStretch(2);
    column->addWidget(new GlyphMark(Glyph::Commands, 32, empty), 0, Qt::AlignHCenter);
    column->addSpacing(px(6));
    column->addWidget(heading, 0, Qt::AlignHCenter);
    column->addWidget(text, 0, Qt::AlignHCenter);
    column->addStretch(3);
    return empty;
}

} // namespace pulsedeck
