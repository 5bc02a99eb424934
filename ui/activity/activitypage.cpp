// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activitypage.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "models/journal/journalexport.h"
#include "models/journal/journalmodel.h"
#include "ui/activity/activitytoolbar.h"
#include "ui/activity/activityview.h"
#include "ui/activity/activitywords.h"
#include "ui/activity/entrydetail.h"
#include "ui/activity/recordingbanner.h"
#include "ui/common/boxes.h"
#include "ui/common/emptynote.h"
#include "ui/common/exportdialog.h"
#include "ui/common/searchfield.h"
#include "ui/common/selfdeleting.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int detailWidth = 320;
constexpr int leastDetailWidth = 240;
constexpr int roomForDetail = 960; // The page's width.
constexpr int mostCopied = 5'000; // Rows: what a clipboard is for.
const QString folderKey = u"activity/exportFolder"_s; // untranslated: a settings key

} // namespace

class ActivityPage::Private
{
    Q_DECLARE_TR_FUNCTIONS(ActivityPage)

public:
    Private(ActivityPage &owner, Journal *itsJournal, const Clock &itsClock, QSettings &itsSettings)
        : page(owner)
        , journal(itsJournal)
        , settings(itsSettings)
        , model(itsJournal, itsClock)
        , toolbar(new ActivityToolbar(itsClock, itsSettings, &owner))
        , banner(new RecordingBanner(&owner))
        , list(new QWidget(&owner))
        , view(new ActivityView(model, itsSettings, list))
        , note(new EmptyNote(list))
        , news(new QPushButton(list))
        , detail(new EntryDetail(itsJournal, itsClock, &owner))
    { }

    void build();
    void review();
    void reviewNote();
    void reviewHeld();
    void placeOver();
    void showCurrent();
    void takeNews();
    void copy();
    void menu(const QPoint &place);
    void exportAll();
    void query() { model.setQuery(bounded()); }
    /// What the toolbar asks for, up to the moment that is shown.
    JournalQuery bounded() const;
    std::optional<JournalEntry> currentEntry() const;
    bool hasRoom() const;

    ActivityPage &page;
    Journal *journal;
    QSettings &settings;
    JournalModel model;
    std::unique_ptr<JournalExport> exporter;
    ActivityToolbar *toolbar;
    RecordingBanner *banner;
    QWidget *list;
    ActivityView *view;
    EmptyNote *note;
    QPushButton *news;
    EntryDetail *detail;
    bool detailDue = false; ///< An entry was chosen once: from then on it is there wherever there is room.
    qint64 until = 0;
    qint64 currentRow = 0; ///< Journal row of what the detail shows.
};

JournalQuery ActivityPage::Private::bounded() const
{
    JournalQuery query = toolbar->query();
    if (until > 0 && (query.until == 0 || query.until > until))
        query.until = until;
    return query;
}

void ActivityPage::setUntil(qint64 until)
{
    if (std::exchange(d->until, until) != until)
        d->query();
}

void ActivityPage::refreshTimes()
{
    d->toolbar->adoptZone();
    d->model.refreshTimes();
    d->showCurrent();
}

void ActivityPage::Private::build()
{
    auto *column = vbox(&page, 0);
    toolbar->setFixedHeight(px(38));
    addWidgets(column, {toolbar, banner});
    auto *row = new QSplitter(Qt::Horizontal, &page);
    row->setObjectName(u"activitySplitter"_s);
    row->setChildrenCollapsible(false);
    auto *listLayout = vbox(list);
    listLayout->addWidget(view);
    row->addWidget(list);
    detail->setMinimumWidth(px(leastDetailWidth));
    detail->hide();
    row->addWidget(detail);
    row->setStretchFactor(0, 1);
    row->setStretchFactor(1, 0);
    row->setSizes({px(1'000), px(detailWidth)});
    column->addWidget(row, 1);
    news->setObjectName(u"activityNews"_s);
    news->setToolTip(tr("Show the entries that have arrived in the meantime"));
    setButtonRole(news, ButtonRole::Primary);
    news->hide();
    list->installEventFilter(&page);

    QObject::connect(toolbar, &ActivityToolbar::queryChanged, &page, [this] {
        view->clearSelection();
        view->scrollToTop();
        query();
    });
    QObject::connect(toolbar, &ActivityToolbar::exportRequested, &page, [this] { exportAll(); });
    QObject::connect(&model, &JournalModel::statusChanged, &page, [this] { review(); });
    QObject::connect(&model, &QAbstractItemModel::modelReset, &page, [this] {
        // The entry that is shown stays selected if it still matches.
        const int place = currentRow > 0 ? model.rowOf(currentRow) : -1;
        if (place >= 0)
            view->setCurrentIndex(model.index(place, 0));
        else
            showCurrent();
        reviewNote();
    });
    QObject::connect(&model, &QAbstractItemModel::rowsInserted, &page, [this] { reviewNote(); });
    QObject::connect(view->selectionModel(), &QItemSelectionModel::currentRowChanged, &page, [this] { showCurrent(); });
    QObject::connect(view, &ActivityView::readingChanged, &page, [this] { reviewHeld(); });
    QObject::connect(view, &RowTable::copyRequested, &page, [this] { copy(); });
    QObject::connect(view, &RowTable::menuRequested, &page, [this](const QPoint &place) { menu(place); });
    QObject::connect(view, &RowTable::openRequested, &page, [this] {
        detail->show();
        detail->focusButtons();
    });
    QObject::connect(news, &QPushButton::clicked, &page, [this] { takeNews(); });
    QObject::connect(note, &EmptyNote::stepRequested, &page, [this] { toolbar->clearFilter(); });
    QObject::connect(detail, &EntryDetail::workerRequested, &page, &ActivityPage::recordedWorkerRequested);
    QObject::connect(detail, &EntryDetail::onlyWorkerRequested, toolbar, &ActivityToolbar::setWorker);
    QObject::connect(detail, &EntryDetail::onlyCommandRequested, toolbar, &ActivityToolbar::setCommand);
    QObject::connect(detail, &EntryDetail::onlyGroupRequested, toolbar, &ActivityToolbar::setGroup);
    if (journal) {
        exporter = std::make_unique<JournalExport>(*journal);
        QObject::connect(exporter.get(), &JournalExport::progressed, &page,
                         [this](qint64 written) { toolbar->setExporting(true, written); });
        QObject::connect(exporter.get(), &JournalExport::finished, &page, [this](const QString &error, qint64 written, bool cut) {
            toolbar->setExporting(false, 0);
            if (error.isEmpty() && !cut)
                return;
            auto *box =
                new QMessageBox(QMessageBox::Warning, tr("Export"),
                                error.isEmpty() ? tr("Only the newest %Ln entr(y/ies) (was/were) exported. Narrow the time range "
                                                     "to export older ones.",
                                                     nullptr, int(written))
                                                : tr("The file was not written: %1").arg(error),
                                QMessageBox::Ok, &page);
            box->setAttribute(Qt::WA_DeleteOnClose);
            box->open();
        });
        QObject::connect(journal, &Journal::stateChanged, &page, [this] { review(); });
        QObject::connect(journal, &Journal::appended, &page, [this] { review(); });
    }
    toolbar->exportButton().setVisible(journal != nullptr);
    query();
    review();
}

void ActivityPage::Private::review()
{
    const JournalState state = journal ? journal->state() : JournalState();
    banner->setState(state, journal != nullptr);
    QString bounds;
    if (journal) {
        const int most = int(state.maxEntries);
        bounds = state.keptForMs > 0
                     ? tr("At most %Ln entr(y/ies), %1\n%2", nullptr, most).arg(keptText(state.keptForMs), state.path)
                     : tr("At most %Ln entr(y/ies), until this window is closed", nullptr, most);
    }
    toolbar->setCount(activityCountText(state, model.matches(), model.matchesAtLeast(), toolbar->isFiltered()), bounds);
    const int count = model.newCount();
    news->setText((model.moreNews() ? tr("%1+ new") : tr("%1 new")).arg(groupedNumber(count)));
    news->setAccessibleName(model.moreNews() ? tr("Show more than %Ln new entr(y/ies)", nullptr, count)
                                             : tr("Show %Ln new entr(y/ies)", nullptr, count));
    news->setVisible(count > 0);
    placeOver();
    reviewNote();
}

void ActivityPage::Private::reviewNote()
{
    EmptyWords words;
    if (model.rowCount() == 0 && !model.isReading()) {
        const bool unread = !model.error().isEmpty();
        if (!journal)
            words = {Glyph::Activity, tr("Nothing is recorded"), tr("This console runs without a journal.")};
        else if (unread)
            words = {Glyph::Warning, tr("The activity cannot be read"), model.error()};
        else if (toolbar->isFiltered())
            words = {Glyph::Search, tr("No entry matches"), tr("No recorded entry matches the search and the filters.")};
        else
            words = {Glyph::Activity, tr("Nothing has happened yet"),
                     tr("Commands and their steps, lost and returned workers, connections and timing changes are listed here.")};
    }
    const bool filtered = words.glyph == Glyph::Search;
    note->setWords(words, filtered ? tr("Clear filter") : QString(), ButtonRole::Normal);
    placeOver();
}

/// Widgets over the list: the note in its middle, the button for news at its top.
void ActivityPage::Private::placeOver()
{
    const int header = px(24);
    note->setGeometry(0, header, list->width(), list->height() - header);
    const QSize size = news->sizeHint();
    news->setGeometry((list->width() - size.width()) / 2, header + px(8), size.width(), size.height());
    news->raise();
}

void ActivityPage::Private::reviewHeld()
{
    const bool held = view->isBeingRead();
    model.setHeld(held);
    if (!held && model.newCount() > 0)
        model.takeNews();
}

std::optional<JournalEntry> ActivityPage::Private::currentEntry() const
{
    const int row = view->currentIndex().row();
    return row >= 0 && row < model.rowCount() ? std::optional(model.entry(row)) : std::nullopt;
}

void ActivityPage::Private::showCurrent()
{
    const std::optional<JournalEntry> entry = currentEntry();
    currentRow = entry ? entry->row : 0;
    detail->setEntry(entry);
    if (entry && !std::exchange(detailDue, true))
        detail->setVisible(hasRoom());
}

/// Where there is little room the detail is shown on request only.
bool ActivityPage::Private::hasRoom() const
{
    return page.width() >= px(roomForDetail);
}

void ActivityPage::Private::takeNews()
{
    view->clearSelection();
    model.takeNews();
    view->scrollToTop();
    view->setFocus();
}

void ActivityPage::Private::copy()
{
    QStringList lines;
    for (const int row : view->selectedRows()) {
        if (lines.size() >= mostCopied)
            break;
        lines.append(model.rowText(row));
    }
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

void ActivityPage::Private::menu(const QPoint &place)
{
    const std::optional<JournalEntry> entry = currentEntry();
    if (!entry)
        return;
    auto *menu = selfDeleting(new QMenu(&page));
    menu->addAction(tr("Copy"), &page, [this] { copy(); });
    if (!entry->worker.isEmpty()) {
        menu->addSeparator();
        menu->addAction(tr("Show Worker"), &page,
                        [this, entry] { emit page.recordedWorkerRequested(entry->source, entry->worker); });
        menu->addAction(tr("Only Worker %1").arg(shortWorker(*entry)), &page,
                        [this, entry] { toolbar->setWorker(entry->worker); });
    }
    if (!entry->command.isNull())
        menu->addAction(tr("Only This Command"), &page, [this, entry] { toolbar->setCommand(entry->command); });
    if (!entry->group.isNull())
        menu->addAction(tr("Only Its Group"), &page, [this, entry] { toolbar->setGroup(entry->group); });
    menu->popup(place);
}

void ActivityPage::Private::exportAll()
{
    if (!exporter || exporter->isRunning())
        return;
    askExportFile(&page, tr("Export Activity"), tr("activity"), settings, folderKey, [this](const QString &path, bool json) {
        exporter->begin(bounded(), path, json ? JournalExport::Format::Json : JournalExport::Format::Csv);
        toolbar->setExporting(true, 0);
    });
}

ActivityPage::ActivityPage(Journal *journal, const Clock &clock, QSettings &settings, QWidget *parent)
    : Page(u"activity"_s, tr("Activity"), Glyph::Activity, parent)
    , d(std::make_unique<Private>(*this, journal, clock, settings))
{
    setObjectName(u"activityPage"_s);
    d->build();
    setFocusProxy(d->view);
}

ActivityPage::~ActivityPage()
{
    // The view goes before its model.
    delete d->view;
}

void ActivityPage::setOperator(const QString &name)
{
    d->toolbar->setOperator(name);
}

void ActivityPage::showWorker(const QByteArray &id)
{
    d->toolbar->clearFilter();
    d->toolbar->setWorker(id);
}

void ActivityPage::showGroup(const QUuid &group)
{
    d->toolbar->clearFilter();
    d->toolbar->setGroup(group);
}

void ActivityPage::focusFilter()
{
    d->toolbar->searchLine().focusAll();
}

void ActivityPage::escape()
{
    // A selection keeps the list from moving: it is cleared first, as on the Fleet page.
    if (d->view->selectionModel()->hasSelection()) {
        d->view->clearSelection();
        d->view->setCurrentIndex({});
        return;
    }
    if (d->toolbar->isFiltered())
        d->toolbar->clearFilter();
    d->view->setFocus();
}

bool ActivityPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == d->list && event->type() == QEvent::Resize)
        d->placeOver();
    return Page::eventFilter(watched, event);
}

void ActivityPage::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Find))
        focusFilter();
    else if (event->key() == Qt::Key_Escape)
        escape();
    else
        Page::keyPressEvent(event);
}

void ActivityPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const bool hadRoom = event->oldSize().width() >= px(roomForDetail);
    if (d->hasRoom() != hadRoom || event->oldSize().width() < 0)
        d->detail->setVisible(d->hasRoom() && d->detailDue);
}

} // namespace pulsedeck
