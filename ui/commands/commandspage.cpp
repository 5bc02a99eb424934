// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandspage.h"

#include "models/commands/commandexport.h"
#include "ui/commands/commandprogresspage.h"
#include "ui/commands/commandspageprivate.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/grouplist.h"
#include "ui/commands/stagebar.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QButtonGroup>
#include <QFileDialog>
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
    chosen->setText(keys.empty() ? tr("%1 shown").arg(groupedNumber(model.rowCount()))
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
        QAction *action = menu->addAction(button->text());
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

} // namespace pulsedeck
