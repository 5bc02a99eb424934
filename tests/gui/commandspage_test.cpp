// SPDX-License-Identifier: GPL-3.0-or-later
// The Commands page: groups, ladder, filter, what can be done with a row, export.
#include "tests/gui/commandfixture.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/hubscene.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/commands/commandspage.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/grouplist.h"
#include "ui/fleet/fleetpage.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPaintEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

struct PageFixture : CommandFixture
{
    CommandsPage *page = nullptr;
    CommandTable *table = nullptr;
    QListView *groups = nullptr;

    PageFixture()
    {
        open();
        window->showPage(u"commands"_s);
        page = window->findChild<CommandsPage *>();
        table = page->findChild<CommandTable *>();
        groups = page->findChild<QListView *>(u"commandGroups"_s);
        access.unlock();
    }

    QUuid issue(Act act, const std::vector<WorkerHandle> &who, const QString &reason = {})
    {
        CommandRequest request;
        request.act = act;
        request.workers = who;
        request.reason = reason;
        return ledger.issue(request);
    }
    int rows() const { return table->model()->rowCount(); }
    QPushButton *button(const char *name) const { return part<QPushButton>(*page, name); }
    void selectRow(int row) const
    {
        table->setFocus();
        table->selectRow(row);
    }
};

} // namespace

class CommandsPageTest : public QObject
{
    Q_OBJECT

private slots:
    void emptyThenFilled()
    {
        PageFixture f;
        QVERIFY(!f.table->isVisible());
        bool said = false;
        for (const QLabel *label : f.page->findChildren<QLabel *>())
            said |= label->isVisible() && label->text() == "No command yet"_L1;
        QVERIFY(said);
        f.issue(Act::Shutdown, f.workers(4), u"kernel update"_s);
        QVERIFY(f.table->isVisible());
        QCOMPARE(f.groups->model()->rowCount(), 2); // All, and the group.
        QCOMPARE(f.rows(), 4);
        f.issue(Act::Drain, f.workers(3, u"firefox"_s));
        QCOMPARE(f.groups->model()->rowCount(), 3);
        QCOMPARE(f.rows(), 7);
        // By keyboard: down to the newest group.
        f.groups->setFocus();
        QTest::keyClick(f.groups, Qt::Key_Down);
        QCOMPARE(f.rows(), 3);
        QTest::keyClick(f.groups, Qt::Key_Down);
        QCOMPARE(f.rows(), 4);
    }

    void fitsItsWidth()
    {
        PageFixture f;
        f.issue(Act::Shutdown, f.workers(40), u"kernel update"_s);
        const auto fits = [&] {
            for (int width = 1'000; width <= 1'900; width += 20) {
                f.window->resize(width, 500); // So low that it scrolls.
                QTRY_COMPARE_WITH_TIMEOUT(f.window->width(), qMax(width, f.window->minimumWidth()), 10'000);
                QTRY_VERIFY2_WITH_TIMEOUT(f.table->horizontalScrollBar()->maximum() == 0,
                                          qPrintable(u"%1, table %2"_s.arg(width).arg(f.table->viewport()->width())), 10'000);
            }
        };
        fits();
        QVERIFY(f.table->verticalScrollBar()->maximum() > 0);
        QVERIFY(!f.table->isColumnHidden(int(CommandColumn::By)));
        const int plain = f.table->columnWidth(int(CommandColumn::Worker));
        // With actors among them.
        HubScene hub(f.scene.store, f.scene.clock, 2);
        f.issue(Act::Shutdown, {hub.handle(0), hub.handle(1)});
        QVERIFY(f.table->columnWidth(int(CommandColumn::Worker)) > plain);
        fits();
    }

    /// Systems call their acts by longer words than the console does: they are read whole where there is room.
    void longActsAreReadWhole()
    {
        PageFixture f;
        const WorkerHandle worker = f.workers(1).front();
        SourceTraits traits;
        traits.system = u"Tasks"_s;
        traits.layout = u"tasks"_s;
        traits.acts[size_t(Act::Drain)] = {};
        traits.acts[size_t(Act::Drain)].name = u"Cancel consumers"_s;
        traits.acts[size_t(Act::Drain)].proof = ActProof::PickUp;
        f.describe(worker, traits);
        f.report(worker, WorkerStatus::Available, 0);
        const int plain = f.table->columnWidth(int(CommandColumn::Act));
        f.issue(Act::Drain, {worker});
        const QString act = f.table->model()->index(0, int(CommandColumn::Act)).data().toString();
        QCOMPARE(act, u"Cancel consumers (drain)"_s);
        const QFontMetrics body(Theme::instance().bodyFont());
        const int wanted = body.horizontalAdvance(act) + px(16);
        QVERIFY(plain < wanted);
        QTRY_VERIFY_WITH_TIMEOUT(f.table->columnWidth(int(CommandColumn::Act)) >= wanted, 20'000);
        const QString title = f.groups->model()->index(1, 0).data().toString();
        QVERIFY2(title.startsWith(act), qPrintable(title));
        for (const int width : {1'900, 1'500, 1'200, 1'040}) {
            f.window->resize(width, 700);
            QTRY_COMPARE_WITH_TIMEOUT(f.window->width(), qMax(width, f.window->minimumWidth()), 20'000);
            QTRY_VERIFY2_WITH_TIMEOUT(f.table->horizontalScrollBar()->maximum() == 0,
                                      qPrintable(u"%1, table %2"_s.arg(width).arg(f.table->viewport()->width())), 20'000);
            if (width == 1'900)
                QTRY_VERIFY_WITH_TIMEOUT(f.groups->width() > body.horizontalAdvance(title) + px(50), 20'000);
        }
    }

    /// From "0/12" to "12/12": the title is not cut by it.
    void theCountOfAGroupHasRoomAtItsEnd()
    {
        PageFixture f;
        const std::vector<WorkerHandle> workers = f.workers(12);
        QCOMPARE(workers.size(), size_t(12));
        f.issue(Act::Drain, workers);
        const auto *rows = qobject_cast<const GroupDelegate *>(f.groups->itemDelegate());
        QVERIFY(rows);
        const QFontMetrics body(Theme::instance().bodyFont());
        const QFontMetrics small(Theme::instance().smallFont());
        const int texts =
            body.horizontalAdvance(f.groups->model()->index(1, 0).data().toString()) + small.horizontalAdvance(u"12/12"_s);
        QVERIFY(rows->wantedWidth(1, 1) > texts + px(51)); // The margins, the sign, and what is between.
    }

    /// An address as the name of a source is longer than the column's usual width.
    void sourcesAreReadWholeWhereThereIsRoom()
    {
        PageFixture f;
        f.window->resize(1'900, 700);
        QTRY_COMPARE_WITH_TIMEOUT(f.window->width(), 1'900, 20'000);
        const int usual = f.table->columnWidth(int(CommandColumn::Source));
        const QFontMetrics body(Theme::instance().bodyFont());
        QString name = u"127.0.0.1:63"_s;
        while (body.horizontalAdvance(name) + px(16) <= usual)
            name += u'7';
        const WorkerHandle worker = f.workers(1).front();
        f.scene.store.setSourceName(f.scene.store.worker(worker).source, name);
        f.issue(Act::Drain, {worker});
        QCOMPARE(f.table->model()->index(0, int(CommandColumn::Source)).data().toString(), name);
        QTRY_VERIFY_WITH_TIMEOUT(f.table->columnWidth(int(CommandColumn::Source)) >= body.horizontalAdvance(name) + px(16),
                                 20'000);
        QCOMPARE(f.table->horizontalScrollBar()->maximum(), 0);
    }

    void filterAndToggles()
    {
        PageFixture f;
        const auto who = f.workers(4);
        f.issue(Act::Shutdown, who, u"kernel update"_s);
        f.answer(f.sent[0], CommandProgress::Outcome::Refused, Refusal::NotPermitted);
        f.answer(f.sent[1], CommandProgress::Outcome::Written);
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        auto *filter = f.part<QLineEdit>(*f.page, "commandFilter");
        QCOMPARE(f.window->focusWidget(), filter);
        QTest::keyClicks(filter, QString::fromUtf8(f.scene.store.worker(who[2]).id).section(u':', 1).left(8));
        QCOMPARE(f.rows(), 1);
        QTest::keyClick(f.window.get(), Qt::Key_Escape);
        QCOMPARE(f.rows(), 4);
        QTest::keyClicks(filter, u"no such thing"_s);
        QCOMPARE(f.rows(), 0);
        filter->clear();
        f.click(*f.page, "showProblems");
        QCOMPARE(f.rows(), 1);
        f.click(*f.page, "showRunning");
        QCOMPARE(f.rows(), 3);
        f.click(*f.page, "showEnded");
        QCOMPARE(f.rows(), 1);
        f.click(*f.page, "showAll");
        QCOMPARE(f.rows(), 4);
    }

    void copiesWholeRows()
    {
        PageFixture f;
        const auto who = f.workers(3);
        f.issue(Act::Shutdown, who, u"kernel update"_s);
        f.table->setFocus();
        f.table->selectRow(0);
        QTest::keyClick(f.table, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(f.table, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3); // A heading and two rows.
        QVERIFY2(lines[0].startsWith(u"Worker\t"_s), qPrintable(lines[0]));
        const QString id = QString::fromUtf8(f.table->commands().entryAt(0)->command.worker);
        QVERIFY2(lines[1].startsWith(QString(id + u'\t')), qPrintable(lines[1]));
        QVERIFY2(lines[1].contains(u"kernel update"_s), qPrintable(lines[1]));
        QCOMPARE(lines[1].count(u'\t'), lines[0].count(u'\t'));
    }

    void theFrameLeavesNothingBehind()
    {
        PageFixture f;
        f.issue(Act::Shutdown, f.workers(3));
        f.table->setFocus();
        f.table->selectRow(0);
        // The keyboard moves on, the selection stays.
        QTest::keyClick(f.table, Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(f.table->currentIndex().row(), 1);
        const QImage moved = f.table->viewport()->grab().toImage();
        f.table->viewport()->update();
        QCOMPARE(f.table->viewport()->grab().toImage(), moved);
        // grab() paints all of it: what was asked to be painted by the move itself has to be the whole of both rows.
        struct Watch : QObject
        {
            QRegion painted;
            bool eventFilter(QObject *, QEvent *event) override
            {
                if (event->type() == QEvent::Paint)
                    painted += static_cast<QPaintEvent *>(event)->region();
                return false;
            }
        } watch;
        f.table->viewport()->repaint(); // What was asked for before is painted now.
        f.table->viewport()->installEventFilter(&watch);
        QTest::keyClick(f.table, Qt::Key_Down, Qt::ControlModifier);
        const int row = f.table->rowViewportPosition(1);
        TRY_TRUE(watch.painted.contains(QRect(0, row, f.table->viewport()->width(), f.table->rowHeight(1))));
    }

    void cancelByKeyboard()
    {
        PageFixture f;
        f.issue(Act::Shutdown, f.workers(2));
        const QList<Command> issued = f.sent;
        f.answerAll(CommandProgress::Outcome::Written);
        QVERIFY(!f.button("cancelCommand")->isEnabled()); // None is selected.
        f.table->setFocus();
        QTest::keyClick(f.table, Qt::Key_A, Qt::ControlModifier);
        TRY_TRUE(f.button("cancelCommand")->isEnabled());
        QCOMPARE(f.button("cancelCommand")->text(), u"&Cancel command (2)"_s);
        f.button("cancelCommand")->setFocus();
        QTest::keyClick(f.button("cancelCommand"), Qt::Key_Return); // Enter does not press it.
        QVERIFY(f.sent.isEmpty());
        QTest::keyClick(f.button("cancelCommand"), Qt::Key_Space);
        QCOMPARE(f.sent.size(), 2);
        QCOMPARE(f.sent.first().act, Act::Cancel);
        f.answer(f.sent[0], CommandProgress::Outcome::Done);
        f.answer(f.sent[1], CommandProgress::Outcome::TooLate, Refusal::None, WorkerStatus::Draining);
        int withdrawn = 0;
        for (const Command &command : issued)
            withdrawn += f.ledger.entry(command.id)->stage == CommandStage::Withdrawn;
        QCOMPARE(withdrawn, 1);
    }

    void sendAgain()
    {
        PageFixture f;
        const auto who = f.workers(1);
        f.issue(Act::Shutdown, who, u"once more"_s);
        f.answerAll(CommandProgress::Outcome::Written);
        f.selectRow(0);
        QVERIFY(!f.button("sendAgain")->isEnabled());
        f.step(61'000);
        f.report(who[0], WorkerStatus::Available, 0);
        f.step(5'000);
        QCOMPARE(f.ledger.entry(f.ledger.firstKey())->stage, CommandStage::ExpiredUnread);
        QVERIFY(f.sent.isEmpty());
        TRY_TRUE(f.button("sendAgain")->isEnabled());
        QTest::mouseClick(f.button("sendAgain"), Qt::LeftButton);
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.first().reason, u"once more"_s);
        TRY_TRUE(!f.button("sendAgain")->isEnabled());
    }

    void exports()
    {
        PageFixture f;
        f.issue(Act::Drain, f.workers(3), u"=1+1"_s);
        QString error;
        const QString csv = f.folder.filePath(u"out.csv"_s);
        const QString json = f.folder.filePath(u"out.json"_s);
        QVERIFY2(f.page->exportTo(csv, false, &error), qPrintable(error));
        QVERIFY2(f.page->exportTo(json, true, &error), qPrintable(error));
        QFile csvFile(csv);
        QVERIFY(csvFile.open(QIODevice::ReadOnly));
        QCOMPARE(csvFile.readAll().count("\r\n"), 4);
        QFile jsonFile(json);
        QVERIFY(jsonFile.open(QIODevice::ReadOnly));
        const QJsonArray array = QJsonDocument::fromJson(jsonFile.readAll()).array();
        QCOMPARE(array.size(), 3);
        QCOMPARE(array.first().toObject().value("reason"_L1).toString(), u"=1+1"_s);
        QVERIFY(!f.page->exportTo(f.folder.filePath(u"no/such/folder.csv"_s), false, &error));
        QVERIFY(!error.isEmpty());
    }

    /// The dialog proposes the format that was chosen, and remembers its folder.
    void exportsThroughTheDialog()
    {
        PageFixture f;
        f.issue(Act::Drain, f.workers(3), u"new image"_s);
        TRY_TRUE(f.page->findChild<QToolButton *>(u"export"_s)->isEnabled());
        const QList<QAction *> formats = f.page->findChild<QToolButton *>(u"export"_s)->menu()->actions();
        QCOMPARE(formats.size(), 2);
        formats[1]->trigger();
        auto *dialog = f.page->findChild<QFileDialog *>();
        QVERIFY(dialog);
        QCOMPARE(dialog->acceptMode(), QFileDialog::AcceptSave);
        QCOMPARE(dialog->selectedNameFilter(), u"JSON (*.json)"_s);
        QCOMPARE(dialog->defaultSuffix(), u"json"_s);
        // Without an ending of its own it is what was chosen.
        const QString path = f.folder.filePath(u"commands"_s);
        emit dialog->fileSelected(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(file.readAll()).array().size(), 3);
        dialog->close();
        TRY_TRUE(!f.page->findChild<QFileDialog *>());
        formats[0]->trigger();
        dialog = f.page->findChild<QFileDialog *>();
        QVERIFY(dialog);
        QCOMPARE(dialog->selectedNameFilter(), u"CSV (*.csv)"_s);
        QCOMPARE(dialog->directory().absolutePath(), QFileInfo(path).absolutePath());
        dialog->close();
    }

    void showsTheWorker()
    {
        PageFixture f;
        const auto who = f.workers(2);
        f.issue(Act::Drain, who);
        f.selectRow(0);
        const CommandEntry *entry = f.table->currentEntry();
        QVERIFY(entry);
        const WorkerHandle worker = entry->handle;
        QTest::keyClick(f.table, Qt::Key_Return);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QCOMPARE(f.window->fleetPage().currentWorker(), worker);
    }

    void countInTheNavigation()
    {
        PageFixture f;
        f.issue(Act::Shutdown, f.workers(3));
        bool found = false;
        for (const QListView *list : f.window->findChildren<QListView *>()) {
            for (int row = 0; list->model() && row < list->model()->rowCount(); ++row)
                found |= list->model()->index(row, 0).data(Qt::AccessibleTextRole).toString() == "Commands, 3"_L1;
        }
        QVERIFY(found);
    }
};

PULSEDECK_TEST(CommandsPageTest, runWithTheme)

#include "commandspage_test.moc"
