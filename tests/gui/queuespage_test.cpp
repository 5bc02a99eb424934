// SPDX-License-Identifier: GPL-3.0-or-later
// The Queues page by mouse and keyboard: what it shows, filter, groups, order, details, its workers, pausing.
#include "models/core/format.h"
#include "tests/gui/commandfixture.h"
#include "tests/gui/tabwalk.h"
#include "tests/support/patience.h"
#include "tests/support/queuescene.h"
#include "tests/support/testapplication.h"
#include "ui/commands/targetdialog.h"
#include "ui/common/emptynote.h"
#include "ui/common/figurebutton.h"
#include "ui/common/searchfield.h"
#include "ui/common/sparkline.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/fleetpage.h"
#include "ui/queues/queuecells.h"
#include "ui/queues/queuedock.h"
#include "ui/queues/queueheadings.h"
#include "ui/queues/queuesheader.h"
#include "ui/queues/queuespage.h"
#include "ui/queues/queuetable.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QToolButton>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A window whose Queues page is shown.
struct QueuesFixture : CommandFixture
{
    QueueScene queues;
    QueuesPage *page = nullptr;
    QueueTable *table = nullptr;

    explicit QueuesFixture(int minutes = 15)
        : CommandFixture(12)
        , queues(scene, minutes)
    { }
    void openQueues(const QSize &size = {1600, 900})
    {
        open(size);
        window->showPage(u"queues"_s);
        page = window->findChild<QueuesPage *>();
        table = page->findChild<QueueTable *>();
    }
    QueueTableModel &model() const { return page->model(); }
    int row(const QByteArray &name) const { return model().rowOf(QueueScene::key(name)); }
    QPoint centre(int row, QueueColumn column = QueueColumn::Queue) const
    {
        return table->visualRect(model().index(row, int(column))).center();
    }
    void click(const QByteArray &name, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::mouseClick(table->viewport(), Qt::LeftButton, modifiers, centre(row(name)));
    }
    /// News is read.
    void read() const { page->refresh(); }
    QString figure(const char *name) const { return part<ToneLabel>(*page, name)->text(); }
    QueueDock &dock() const { return *page->findChild<QueueDock *>(); }
    TargetDialog *asked() const
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (auto *found = qobject_cast<TargetDialog *>(widget); found && found->isVisible())
                return found;
        }
        return nullptr;
    }
};

} // namespace

class QueuesPageTest : public QObject
{
    Q_OBJECT

private slots:
    void figuresAreTheSumsOfTheTable()
    {
        QueuesFixture f;
        f.openQueues();
        QCOMPARE(f.page->navigationText(), u"5"_s);
        QCOMPARE(f.model().rowCount(), 7); // And two headings.
        QCOMPARE(f.figure("figureQueues"), u"5"_s);
        QCOMPARE(f.figure("figureAtWork"), u"27+"_s);
        const QString trend = f.page->findChild<QueuesHeader *>()->trendSummary();
        QVERIFY2(trend.contains(u"15 min"_s) && trend.endsWith(u"now "_s + f.figure("figureWaiting")), qPrintable(trend));
        auto *unserved = f.part<FigureButton>(*f.page, "state:unserved");
        QCOMPARE(unserved->count(), 1);
        QTest::mouseClick(unserved, Qt::LeftButton);
        QCOMPARE(f.page->filterText(), u"state:unserved"_s);
        QCOMPARE(f.figure("figureQueues"), u"1"_s);
        QVERIFY(f.row("exports") >= 0);
        QTest::mouseClick(unserved, Qt::LeftButton);
        QCOMPARE(f.page->filterText(), QString());
        QCOMPARE(f.figure("figureQueues"), u"5"_s);
    }

    /// What is so many at least says of how many queues more is not known.
    void figuresSayOfWhatTheyAreIncomplete()
    {
        QueuesHeader header;
        QueueSums sums;
        sums.queues = 7;
        sums.inPerMinute = 38;
        sums.inUnknown = 2;
        sums.outPerMinute = 133;
        header.setSums(sums);
        const auto *in = header.findChild<ToneLabel *>(u"figureIn"_s);
        const auto *out = header.findChild<ToneLabel *>(u"figureOut"_s);
        QCOMPARE(in->text(), u"38+"_s);
        QCOMPARE(in->toolTip(), u"So many at least: of 2 of 7 queues it is not known"_s);
        QCOMPARE(out->text(), u"133"_s);
        QVERIFY(out->toolTip().isEmpty());
    }

    /// "–" says why, and what it is not known for is told in the dock, too.
    void whatIsNotKnownSaysWhy()
    {
        QueuesFixture f;
        f.openQueues();
        const auto tip = [&f](const QByteArray &name, QueueColumn column) {
            return f.model().index(f.row(name), int(column)).data(Qt::ToolTipRole).toString();
        };
        QVERIFY(!tip("exports", QueueColumn::AtWork).isEmpty());
        QVERIFY(tip("default", QueueColumn::AtWork).isEmpty());
        QVERIFY(tip("exports", QueueColumn::Out).contains(u"does not count"_s));
        QVERIFY(tip("mailers", QueueColumn::Oldest).contains(u"not read"_s));
        QVERIFY(tip("default", QueueColumn::Oldest).isEmpty());
    }

    /// Figures with an icon and those without stand on one line.
    void figuresStandOnOneLine()
    {
        QueuesFixture f;
        f.openQueues();
        const auto lowest = [](QWidget &widget, const QRect &part) {
            const QImage image = widget.grab(part).toImage();
            const QRgb ground = image.pixel(0, 0);
            for (int y = image.height() - 1; y >= 0; --y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (image.pixel(x, y) != ground)
                        return part.top() + y;
                }
            }
            return -1;
        };
        auto &header = *f.page->findChild<QueuesHeader *>();
        QueueSums sums;
        sums.queues = sums.unserved = 8; // The same figure at both.
        header.setSums(sums);
        const QWidget &plain = *f.part<ToneLabel>(*f.page, "figureQueues");
        const QWidget &word = *f.part<FigureButton>(*f.page, "state:unserved");
        // Of the button the upper half, right of its icon: the figure; its word stands below.
        const QRect figure(word.x() + px(26), plain.y(), px(20), plain.height());
        QCOMPARE(lowest(header, figure), lowest(header, plain.geometry()));
    }

    /// Nothing of the figures is cut in the smallest window, whatever the size of the font.
    void figuresFit()
    {
        const auto reset = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        for (const double points : {8.0, 9.0, 14.0}) {
            Theme::instance().setBodyPointSize(points);
            QWidget holder; // As wide as the page in a window of 1060 px.
            QueuesHeader header(&holder);
            header.setGeometry(0, 0, 1'000, 100);
            holder.resize(1'000, 100);
            holder.show();
            QueueSums sums;
            sums.queues = 2'000;
            sums.waiting = sums.unserved = sums.growing = 12'345;
            sums.atWork = 1'234;
            sums.inPerMinute = sums.outPerMinute = 12'345;
            header.setSums(sums);
            for (const ToneLabel *label : header.findChildren<ToneLabel *>())
                QTRY_VERIFY2_WITH_TIMEOUT(!label->isVisible() || label->width() >= label->sizeHint().width(),
                                          qPrintable(label->text()), patience);
            for (const FigureButton *button : header.findChildren<FigureButton *>())
                QVERIFY2(!button->isVisible() || button->width() >= button->sizeHint().width(), qPrintable(button->filter()));
            // The figures themselves never give way, and nor do the exceptions there are.
            for (const char *name : {"figureQueues", "figureWaiting", "figureAtWork", "state:unserved", "state:growing"})
                QVERIFY2(header.findChild<QWidget *>(QLatin1StringView(name))->isVisible(), name);
        }
    }

    /// In a narrow window the buttons of the toolbar lose their words, and get them back.
    void wordsOfTheToolbarGiveWay()
    {
        const auto reset = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        Theme::instance().setBodyPointSize(14);
        QueuesFixture f;
        f.openQueues({1280, 720});
        const auto *columns = f.part<QToolButton>(*f.page, "queueColumns");
        QTRY_COMPARE_WITH_TIMEOUT(columns->toolButtonStyle(), Qt::ToolButtonIconOnly, 20'000);
        const auto *filter = f.part<SearchField>(*f.page, "queueFilter");
        const auto *group = f.part<QComboBox>(*f.page, "queueGroup");
        QTRY_VERIFY_WITH_TIMEOUT(filter->geometry().right() < group->geometry().left(), 20'000);
        f.window->resize(1900, 1000);
        QTRY_COMPARE_WITH_TIMEOUT(columns->toolButtonStyle(), Qt::ToolButtonTextBesideIcon, 20'000);
    }

    void whatHadNoRoomComesBack()
    {
        QWidget holder;
        QueuesHeader header(&holder);
        QueueSums sums;
        sums.queues = 2'000;
        sums.inPerMinute = sums.outPerMinute = 12'345;
        header.setSums(sums);
        holder.resize(1'600, 100);
        header.resize(1'600, 100);
        holder.show();
        auto *line = header.findChild<Sparkline *>(u"figureIn-line"_s);
        auto *rate = header.findChild<ToneLabel *>(u"figureIn"_s);
        auto *paused = header.findChild<QWidget *>(u"state:paused"_s);
        QVERIFY(line->isVisible() && rate->isVisible() && paused->isVisible());
        header.resize(300, 100);
        QVERIFY(!line->isVisible() && !rate->isVisible() && !paused->isVisible());
        header.resize(1'600, 100);
        QVERIFY(line->isVisible() && rate->isVisible() && paused->isVisible());
    }

    /// All of RQ is suspended: its queues are not called paused.
    void theFigureOfThePausedHasTheWordOfTheirSystem()
    {
        QueuesHeader header;
        const auto *paused = header.findChild<FigureButton *>(u"state:paused"_s);
        QVERIFY(paused);
        QCOMPARE(paused->accessibleName(), u"0 paused"_s);
        QueueSums sums;
        sums.paused = 1;
        sums.pausedWord = u"suspended"_s;
        header.setSums(sums);
        QCOMPARE(paused->accessibleName(), u"1 suspended"_s);
        header.setSums({});
        QCOMPARE(paused->accessibleName(), u"0 paused"_s);
    }

    void linesOfTheRatesSayTheirs()
    {
        QueuesHeader header;
        const auto tip = [&header](const QString &name) { return header.findChild<Sparkline *>(name)->toolTip(); };
        header.setFlow({{1, 20, -1}, {2, 30.5, -1}}, 15 * 60'000);
        QVERIFY2(tip(u"figureIn-line"_s).startsWith(u"last 15 min · most 3"_s), qPrintable(tip(u"figureIn-line"_s)));
        QVERIFY(tip(u"figureOut-line"_s).isEmpty()); // What is not known has no line.
    }

    /// And not as some pixels at the right: while little was seen, little time is shown.
    void linesBeginAtTheirLeftEdge()
    {
        QueuesFixture f(1);
        f.openQueues();
        f.read();
        QTest::mouseMove(f.table->viewport(), QPoint(5, f.table->viewport()->height() - 5));
        const QRect cell = f.table->visualRect(f.model().index(f.row("default"), int(QueueColumn::History)));
        const QImage image = f.table->viewport()->grab(cell.adjusted(0, 2, -cell.width() / 2, -2)).toImage();
        const QRgb ground = image.pixel(0, 0);
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                drawn += image.pixel(x, y) != ground;
        }
        QVERIFY2(drawn > image.width() / 4, qPrintable(QString::number(drawn)));
        const auto *trend = f.page->findChild<WaitingTrend *>();
        QVERIFY2(trend->accessibleDescription().contains(durationText(60'000)), qPrintable(trend->accessibleDescription()));
        // The column says how long that is, and where it is wide, of what.
        const auto *headings = f.table->findChild<QueueHeadings *>();
        QCOMPARE(headings->axisTexts(px(400)), (QStringList{u"−60 s"_s, u"Waiting over time"_s, u"now"_s}));
        QCOMPARE(headings->axisTexts(px(90)), (QStringList{u"−60 s"_s, u"now"_s}));
        // With a quarter of an hour seen, all of it.
        QueuesFixture whole;
        whole.openQueues();
        whole.read();
        const auto *all = whole.page->findChild<WaitingTrend *>();
        QVERIFY2(all->accessibleDescription().contains(durationText(15 * 60'000)), qPrintable(all->accessibleDescription()));
    }

    void columnsCanBeHidden()
    {
        QueuesFixture f;
        f.openQueues();
        auto *button = f.part<QToolButton>(*f.page, "queueColumns");
        const auto entry = [&](QueueColumn column) {
            emit button->menu()->aboutToShow();
            return button->menu()->actions().at(int(column));
        };
        QVERIFY(!entry(QueueColumn::Queue)->isEnabled());
        QVERIFY(!f.table->isColumnHidden(int(QueueColumn::Delayed)));
        entry(QueueColumn::Delayed)->trigger();
        QVERIFY(f.table->isColumnHidden(int(QueueColumn::Delayed)));
        // Remembered, and not merely for want of room.
        QVERIFY(!entry(QueueColumn::Delayed)->text().contains(u"no room"_s));
        QCOMPARE(f.settings.value(u"queues/columnsOff"_s).toStringList(),
                 QStringList(QString::number(int(QueueColumn::Delayed))));
        entry(QueueColumn::Delayed)->trigger();
        QVERIFY(!f.table->isColumnHidden(int(QueueColumn::Delayed)));
    }

    /// No text of these two is cut while there is room next to it.
    void namesOfSourcesAreWhole()
    {
        QueuesFixture f;
        f.openQueues({1600, 900});
        for (const QueueColumn column : {QueueColumn::Source, QueueColumn::System}) {
            if (f.table->isColumnHidden(int(column)))
                continue;
            for (const QString &text : f.model().textsOf(column))
                QVERIFY2(f.table->fontMetrics().horizontalAdvance(text) < f.table->columnWidth(int(column)), qPrintable(text));
        }
    }

    void pauseHoldsAllFigures()
    {
        QueuesFixture f;
        f.openQueues();
        auto *pause = f.part<QToolButton>(*f.page, "queuePause");
        QCOMPARE(pause->text(), u"Pause"_s);
        QTest::mouseClick(pause, Qt::LeftButton);
        QVERIFY(f.scene.store.isPaused());
        QCOMPARE(pause->text(), u"Resume"_s);
        QTest::mouseClick(pause, Qt::LeftButton);
        QVERIFY(!f.scene.store.isPaused());
    }

    void theDockHasKeyFlowAndPauses()
    {
        QueuesFixture f;
        f.openQueues();
        f.click("default");
        QVERIFY(f.dock().isVisible());
        QVERIFY(f.part<QWidget>(f.dock(), "queueFlow")->isVisible());
        f.click("exports");
        QVERIFY(!f.part<QWidget>(f.dock(), "queueFlow")->isVisible()); // Nothing is counted of it.
        f.click("low");
        auto *pauses = f.part<ToneLabel>(f.dock(), "queuePauses");
        QVERIFY2(pauses->text().startsWith(u"since"_s), qPrintable(pauses->text()));
    }

    void filterByKeyboard()
    {
        QueuesFixture f;
        f.openQueues();
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        auto *field = f.part<SearchField>(*f.page, "queueFilter");
        QVERIFY(field->hasFocus());
        QTest::keyClicks(field, u"waiting>1000"_s);
        QCOMPARE(f.model().rowCount(), 2);
        QVERIFY(f.row("low") >= 0);
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(f.table->hasFocus());
        // What cannot be read matches nothing, and says why.
        f.page->setFilterText(u"waiting>many"_s);
        QCOMPARE(f.model().rowCount(), 0);
        QVERIFY(f.part<ToneLabel>(*f.page, "queueFilterProblem")->text().contains(u"waiting>many"_s));
        auto *note = f.table->findChild<EmptyNote *>();
        QCOMPARE(note->words().title, u"No queue matches"_s);
        QTest::mouseClick(&note->button(), Qt::LeftButton);
        QCOMPARE(f.model().rowCount(), 7);
        f.page->setFilterText(u"low"_s);
        QTest::keyClick(f.window.get(), Qt::Key_Escape);
        QCOMPARE(f.page->filterText(), QString());
    }

    void detailsByEnterAndFoldingByKeys()
    {
        QueuesFixture f;
        f.openQueues();
        QVERIFY(f.dock().isHidden()); // Never empty.
        f.table->setFocus();
        f.table->setCurrentIndex(f.model().index(0, 0));
        QTest::keyClick(f.table, Qt::Key_Left);
        QVERIFY(f.model().headingAt(0)->folded);
        QTest::keyClick(f.table, Qt::Key_Return);
        QVERIFY(!f.model().headingAt(0)->folded);
        QTest::mouseClick(f.table->viewport(), Qt::LeftButton, {}, f.centre(0));
        QVERIFY(f.model().headingAt(0)->folded);
        QTest::keyClick(f.table, Qt::Key_Right);
        QTest::keyClick(f.table, Qt::Key_Down);
        QCOMPARE(f.table->currentQueue()->name, u"exports"_s);
        QTest::keyClick(f.table, Qt::Key_Down);
        QCOMPARE(f.table->currentQueue()->name, u"low"_s);
        QTest::keyClick(f.table, Qt::Key_Return);
        QVERIFY(f.dock().isVisible());
        const QString facts = f.dock().facts();
        QVERIFY2(facts.contains(u"1,204"_s) && facts.contains(u"Sidekiq"_s) && facts.contains(u"since "_s), qPrintable(facts));
        auto *workers = f.part<QListWidget>(f.dock(), "queueWorkerList");
        QCOMPARE(workers->count(), 14);
        QVERIFY(workers->item(0)->text().startsWith(u"jobs-0"_s)); // Exceptions first.
    }

    void itsWorkersInTheFleetPage()
    {
        QueuesFixture f;
        f.openQueues();
        f.click("low");
        QTest::keyClick(f.table, Qt::Key_W);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QCOMPARE(f.window->fleetPage().filterText(), u"queue:low"_s);
        QCOMPARE(f.window->fleetPage().model().matchCount(), 14);
        f.window->showPage(u"queues"_s);
        QCOMPARE(f.table->currentQueue()->name, u"low"_s);
        f.click("default", Qt::ControlModifier);
        QTest::mouseClick(f.part<QPushButton>(f.dock(), "queueWorkers"), Qt::LeftButton);
        QVERIFY(f.window->fleetPage().filterText().startsWith(u"queue:"_s));
        // One worker, from the list.
        f.window->showPage(u"queues"_s);
        auto *workers = f.part<QListWidget>(f.dock(), "queueWorkerList");
        workers->setCurrentRow(1);
        workers->setFocus();
        QTest::keyClick(workers, Qt::Key_Return);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
    }

    void pausingAndResumingThroughTheDialog()
    {
        QueuesFixture f;
        f.openQueues();
        auto *button = f.part<QPushButton>(f.dock(), "queueAct");
        f.click("default");
        QVERIFY(!button->isEnabled()); // Writing is locked.
        QVERIFY(!button->toolTip().isEmpty());
        QTest::keyClick(f.table, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!f.asked());
        f.access.unlock();
        f.read();
        QVERIFY(button->isEnabled());
        QCOMPARE(button->text(), u"&Pause queue…"_s);
        QTest::keyClick(f.table, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        TargetDialog *dialog = f.asked();
        QVERIFY(dialog);
        QVERIFY(f.part<ToneLabel>(*dialog, "question")->text().contains("the queue default"_L1));
        f.part<QLineEdit>(*dialog, "confirm")->setText(f.scene.store.sourceName(FleetScene::prod));
        f.part<QLineEdit>(*dialog, "reason")->setText(u"import"_s);
        f.part<QPushButton>(*dialog, "act")->click();
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.front().act, Act::PauseQueue);
        QCOMPARE(f.sent.front().queue, "default");
        QCOMPARE(f.sent.front().system, u"sidekiq"_s);
        f.click("low");
        QCOMPARE(button->text(), u"&Resume queue…"_s);
        // Several: those that are not paused are paused.
        f.click("default", Qt::ControlModifier);
        f.click("mailers", Qt::ControlModifier);
        QCOMPARE(button->text(), u"&Pause 2 queues…"_s);
        // Where the system has no such act it says why.
        f.click("reports");
        QVERIFY(!button->isEnabled());
        QVERIFY(!button->toolTip().isEmpty());
    }

    /// From the list to the act, through its question, and back to the list.
    void aQueueIsPausedByKeysAlone()
    {
        QueuesFixture f;
        f.access.unlock();
        f.openQueues();
        f.table->setFocus();
        QTest::keyClick(f.table, Qt::Key_Home, Qt::ControlModifier);
        for (int i = 0; i < 12 && (!f.table->currentQueue() || f.table->currentQueue()->name != "default"_L1); ++i)
            QTest::keyClick(f.table, Qt::Key_Down);
        f.read();
        for (int i = 0; i < 20 && QApplication::focusWidget()->objectName() != "queueAct"_L1; ++i)
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget()->objectName(), u"queueAct"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        TargetDialog *dialog = f.asked();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowActive(dialog, patience));
        const auto in = [dialog] { return dialog->focusWidget() ? dialog->focusWidget()->objectName() : QString(); };
        QCOMPARE(in(), u"reason"_s);
        QTest::keyClicks(dialog->focusWidget(), u"import"_s);
        if (f.part<QLineEdit>(*dialog, "confirm")->isVisible()) { // Production.
            QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
            QCOMPARE(in(), u"confirm"_s);
            QTest::keyClicks(dialog->focusWidget(), f.scene.store.sourceName(FleetScene::prod));
        }
        QVERIFY(f.sent.isEmpty());
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return); // To the button, which is not pressed from a field.
        QCOMPARE(in(), u"act"_s);
        QVERIFY(f.sent.isEmpty());
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.front().act, Act::PauseQueue);
        QCOMPARE(f.sent.front().queue, "default");
    }

    /// From this run or the journal; of others' pauses it is not known.
    void theDockSaysWhoPaused()
    {
        QueuesFixture f;
        f.openQueues();
        f.click("low");
        f.read();
        QVERIFY2(f.dock().facts().contains(u"by whom is not known here"_s), qPrintable(f.dock().facts()));
        f.click("default");
        QVERIFY(!f.dock().facts().contains(u"by whom"_s));
        f.access.unlock();
        const QueueKey key = QueueScene::key("default");
        CommandRequest request;
        request.act = Act::PauseQueue;
        request.reason = u"import"_s;
        request.targets = {{key.source, ActScope::Queue, key.name, QueueScene::pausingTraits()}};
        f.ledger.issue(request);
        f.answerAll(CommandProgress::Outcome::Done);
        const auto report = [&f](bool paused) {
            f.step(2'000);
            QueueSample sample = f.queues.sample("default", 40);
            sample.paused = paused;
            f.queues.send(sample);
            f.step(100);
            f.read();
        };
        report(true);
        QVERIFY2(f.dock().facts().contains(u"by ops@desk: import"_s), qPrintable(f.dock().facts()));
        // Ended and begun again by somebody else.
        report(false);
        QVERIFY(!f.dock().facts().contains(u"ops@desk"_s));
        report(true);
        QVERIFY2(f.dock().facts().contains(u"by whom is not known here"_s), qPrintable(f.dock().facts()));
        // An earlier run's, as the journal has it: it was paused before anybody looked.
        f.scene.store.takeRecordedPause(f.scene.store.sourceName(key.source), key.system, "fresh",
                                        {u"ada@ops"_s, {}, f.scene.clock.nowMs() - 3'600'000});
        QueueSample fresh = f.queues.sample("fresh", 3);
        fresh.paused = true;
        f.queues.send(fresh);
        f.step(100);
        f.read();
        f.click("fresh");
        QVERIFY2(f.dock().facts().contains(u"by ada@ops"_s), qPrintable(f.dock().facts()));
    }

    void sortingGroupingAndWidthsAreRemembered()
    {
        QueuesFixture f;
        f.openQueues();
        QHeaderView *header = f.table->horizontalHeader();
        const auto clickHeader = [&](QueueColumn column) {
            QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                              QPoint(header->sectionViewportPosition(int(column)) + 20, header->height() / 2));
        };
        clickHeader(QueueColumn::Queue);
        QCOMPARE(f.model().sortColumn(), QueueColumn::Queue);
        auto *group = f.part<QComboBox>(*f.page, "queueGroup");
        group->setCurrentIndex(2);
        emit group->activated(2);
        QVERIFY(!f.model().headingAt(0));
        const QString first = f.model().factsAt(0)->name;
        header->resizeSection(int(QueueColumn::State), 210);
        f.window.reset();
        f.openQueues();
        QCOMPARE(f.model().sortColumn(), QueueColumn::Queue);
        QCOMPARE(f.model().grouping(), QueueGrouping::None);
        QCOMPARE(f.model().factsAt(0)->name, first);
        QCOMPARE(f.table->columnWidth(int(QueueColumn::State)), 210);
        f.part<QCheckBox>(*f.page, "onlyWithJobs")->click();
        QCOMPARE(f.row("mailers"), -1);
    }

    void theOrderWaitsForTheHandAndTheSelectionStays()
    {
        QueuesFixture f;
        f.openQueues();
        f.click("default");
        const int before = f.row("default");
        QueueSample paused = f.queues.sample("default", 40);
        paused.paused = true;
        f.queues.send(paused);
        f.queues.send(f.queues.sample("mailers", 500));
        f.step(1'000);
        f.read();
        QCOMPARE(f.row("default"), before); // The hand has just clicked.
        QCOMPARE(f.model().factsAt(before)->state, QueueState::Paused);
        f.step(4'000);
        f.read();
        QVERIFY(f.row("mailers") < f.row("low")); // It grows.
        QCOMPARE(f.table->currentQueue()->name, u"default"_s);
        QCOMPARE(f.table->selectedQueues(), std::vector<QueueKey>{QueueScene::key("default")});
    }

    void nothingIsReadWhileItIsHidden()
    {
        QueuesFixture f;
        f.openQueues();
        f.window->showPage(u"timing"_s);
        const QSignalSpy refreshed(&f.model(), &QueueTableModel::refreshed);
        f.queues.send(f.queues.sample("fresh", 3));
        f.step(2'000);
        f.page->refresh();
        QCoreApplication::processEvents();
        QCOMPARE(refreshed.size(), 0);
        QCOMPARE(f.page->navigationText(), u"6"_s); // The number is kept.
        f.window->showPage(u"queues"_s);
        QVERIFY(f.row("fresh") >= 0);
    }

    void withoutQueuesItSaysWhereTheyComeFrom()
    {
        CommandFixture f(6);
        f.open();
        f.window->showPage(u"queues"_s);
        auto *page = f.window->findChild<QueuesPage *>();
        QCOMPARE(page->navigationText(), QString());
        auto *note = page->findChild<EmptyNote *>();
        QVERIFY(note->isVisible());
        QCOMPARE(note->words().title, u"No queues"_s);
    }

    void narrowColumnsGiveWayAndNamesWithMarkupAreText()
    {
        QueuesFixture f;
        f.queues.send(f.queues.sample("<b>x</b>\n\x1b[31m", 3));
        f.openQueues({1060, 680});
        QVERIFY(f.table->isColumnHidden(int(QueueColumn::Source)));
        for (const QueueColumn column : {QueueColumn::Queue, QueueColumn::Waiting, QueueColumn::Workers, QueueColumn::State})
            QVERIFY(!f.table->isColumnHidden(int(column)));
        int width = 0;
        for (int column = 0; column < queueColumnCount; ++column)
            width += f.table->columnWidth(column);
        QVERIFY(width <= f.table->viewport()->width());
        f.window->resize(1900, 900);
        TRY_TRUE(!f.table->isColumnHidden(int(QueueColumn::Source)));
        for (int row = 0; row < f.model().rowCount(); ++row) {
            if (const QueueFacts *queue = f.model().factsAt(row))
                QVERIFY(!queue->name.contains(u'\n') && !queue->name.contains(QChar(0x1b)));
        }
        f.window->grab();
    }

    void cellsOfWorkersStandInTwoRowsFromThirteen()
    {
        QueueFacts queue;
        queue.workers[size_t(QueueWorker::TakesJobs)] = 12;
        QImage image(200, 24, QImage::Format_ARGB32);
        const auto rowsOf = [&image, &queue] {
            image.fill(Qt::transparent);
            QPainter painter(&image);
            const int shown = paintQueueWorkers(painter, QRect(0, 2, 120, 20), queue);
            painter.end();
            int runs = 0;
            for (int y = 1; y < image.height(); ++y)
                runs += qAlpha(image.pixel(2, y)) > 0 && qAlpha(image.pixel(2, y - 1)) == 0;
            return std::pair(shown, runs);
        };
        QCOMPARE(rowsOf(), std::pair(12, 1));
        queue.workers[size_t(QueueWorker::Lost)] = 1;
        QCOMPARE(rowsOf(), std::pair(13, 2));
        queue.workers[size_t(QueueWorker::TakesJobs)] = 5'000;
        QVERIFY(rowsOf().first <= 40);
    }

    /// As one reads: toolbar, list, details; each but a list shows that it has the keyboard.
    void tabLeadsThroughThePage()
    {
        QueuesFixture f;
        f.access.unlock();
        f.openQueues();
        f.click("default");
        f.read();
        auto *field = f.part<SearchField>(*f.page, "queueFilter");
        const std::vector<TabStop> stops = walkTabs(*field);
        QCOMPARE(stops.back().widget, field);
        QStringList names;
        for (const TabStop &stop : stops) {
            names.append(stop.name());
            if (f.page->isAncestorOf(stop.widget))
                QVERIFY2(stop.seen && (stop.marked || qobject_cast<QAbstractItemView *>(stop.widget)), qPrintable(stop.name()));
        }
        const QString all = names.join(u' ');
        const QStringList missing = unreached(*f.page, stops);
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u", "_s) + u" not in "_s + all));
        qsizetype before = -1;
        for (const QString &name : {u"queueGroup"_s, u"onlyWithJobs"_s, u"queueColumns"_s, u"queuePause"_s, u"queueTable"_s,
                                    u"queueWorkerList"_s, u"queueAct"_s, u"queueWorkers"_s, u"queueFilter"_s}) {
            const qsizetype at = names.indexOf(name);
            QVERIFY2(at > before, qPrintable(name + u" in "_s + all));
            before = at;
        }
    }
};

PULSEDECK_TEST(QueuesPageTest, runWithTheme)
#include "queuespage_test.moc"
