// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog before a command and while it runs, by mouse and keyboard.
#include "tests/gui/actionsfixture.h"
#include "tests/gui/confirmunlock.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/commands/commandprogresspage.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/workerchips.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

/// A dialog over a window of its own, for these workers.
struct DialogFixture : ActionsFixture
{
    explicit DialogFixture(int count = 100)
        : ActionsFixture(count)
    {
        ground.resize(1500, 950);
        ground.show();
        access.unlock();
        settings.setValue(u"commands/floorPercent"_s, 20); // So that it takes many to fall below it.
    }
    QPushButton *act() const { return part<QPushButton>(*dialog(), "act"); }
    QString verdict() const { return part<QLabel>(*dialog(), "verdict")->text(); }
    void type(const char *field, const QString &text) const
    {
        auto *line = part<QLineEdit>(*dialog(), field);
        line->setFocus();
        QTest::keyClicks(line, text);
    }
};

} // namespace

class CommandDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void shutDownFourteen()
    {
        DialogFixture f;
        const auto who = f.workers(14);
        QCOMPARE(int(who.size()), 14);
        CommandDialog &dialog = f.ask(Act::Shutdown, who);
        QCOMPARE(f.act()->text(), u"Shut down 14 workers"_s);
        QVERIFY(!f.act()->isEnabled()); // A reason is asked for.
        QVERIFY2(f.verdict().contains("reason"_L1), qPrintable(f.verdict()));
        f.type("reason", u"kernel update"_s);
        QVERIFY(f.act()->isEnabled());
        QSignalSpy issued(&dialog, &CommandDialog::issued);
        f.act()->setFocus();
        QTest::keyClick(f.act(), Qt::Key_Space); // By keyboard.
        QCOMPARE(issued.count(), 1);
        QCOMPARE(f.sent.size(), 14);
        for (const Command &command : f.sent) {
            QCOMPARE(command.act, Act::Shutdown);
            QCOMPARE(command.reason, u"kernel update"_s);
            QCOMPARE(command.ttlMs, 60'000);
        }
        QVERIFY(dialog.isVisible() && !dialog.isAsking());
        QCOMPARE(dialog.windowModality(), Qt::NonModal);
        QCOMPARE(dialog.windowTitle(), u"Shutting down 14 workers"_s);

        // Progress follows what the source and the fleet say.
        f.answerAll(CommandProgress::Outcome::Written);
        const auto title = [&] { return f.part<QLabel>(dialog, "progressTitle")->text(); };
        TRY_EQUAL(title(), u"0 of 14 gone"_s);
        f.step(3'000);
        f.report(who[0], WorkerStatus::Draining, 0);
        f.step(1'000);
        f.end(who[0], WorkerEnd::Drained);
        TRY_EQUAL(title(), u"1 of 14 gone"_s);
        QCOMPARE(dialog.progress().table().commands().rowCount(), 14);

        // Closing stops nothing.
        f.click(dialog, "close");
        QVERIFY(!f.dialog());
        QCOMPARE(f.ledger.openCount(), 13);
    }

    void aDrainThatNobodySawBegin()
    {
        DialogFixture f;
        const auto who = f.workers(1);
        const auto drained = [&] {
            f.report(who[0], WorkerStatus::Draining, 1, CommandState::None, WorkerFlag::DrainedByOperator);
        };
        drained();
        f.ask(Act::Resume, who);
        QVERIFY(f.act()->isEnabled()); // It began before our eyes: a plain question.
        delete f.dialog();
        // While the connection was lost it may have registered again, and been told to go.
        f.interrupt(FleetScene::prod);
        drained();
        QVERIFY(f.scene.store.worker(who[0]).flags.testFlag(WorkerFlag::DrainUnseen));
        CommandDialog &dialog = f.ask(Act::Resume, who);
        QVERIFY(!f.act()->isEnabled());
        const auto labels = dialog.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text().contains("cannot be proven"_L1);
        }));
        f.type("reason", u"patched"_s);
        QVERIFY(f.act()->isEnabled());
        f.click(dialog, "act");
        QCOMPARE(f.sent.size(), 1);
        QVERIFY(f.sent.first().unprovenToo);
        QCOMPARE(f.sent.first().reason, u"patched"_s);
    }

    void enterInAFieldNeverFires()
    {
        DialogFixture f;
        CommandDialog &dialog = f.ask(Act::Shutdown, f.workers(14));
        auto *reason = f.part<QLineEdit>(dialog, "reason");
        TRY_TRUE(QApplication::focusWidget() == reason || dialog.focusWidget() == reason);
        f.type("reason", u"x"_s);
        for (QWidget *widget : dialog.findChildren<QWidget *>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || !widget->isEnabled()
                || qobject_cast<QPushButton *>(widget))
                continue; // A button that has the keyboard is pressed: see below.
            widget->setFocus();
            QTest::keyClick(widget, Qt::Key_Return);
            widget->setFocus(); // It may have gone on to the button.
            QTest::keyClick(widget, Qt::Key_Enter);
        }
        QVERIFY(f.sent.isEmpty());
        QCOMPARE(f.ledger.size(), 0);
        QVERIFY(dialog.isVisible() && dialog.isAsking());
        for (const QPushButton *button : dialog.findChildren<QPushButton *>())
            QVERIFY2(!button->isDefault() && !button->autoDefault(), qPrintable(button->text()));
    }

    void enterGoesOnToTheButtonAndPressesIt()
    {
        DialogFixture f;
        CommandDialog &dialog = f.ask(Act::Shutdown, f.workers(14));
        QVERIFY(QTest::qWaitForWindowActive(&dialog, patience));
        auto *reason = f.part<QLineEdit>(dialog, "reason");
        reason->setFocus();
        QTest::keyClick(reason, Qt::Key_Return);
        QCOMPARE(dialog.focusWidget(), reason); // Not all is said.
        QTest::keyClicks(reason, u"kernel update"_s);
        QTest::keyClick(reason, Qt::Key_Return);
        QCOMPARE(dialog.focusWidget(), f.act());
        QVERIFY(f.sent.isEmpty());
        // A key held down since then is no press of the button.
        QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, u"\r"_s, true);
        QApplication::sendEvent(f.act(), &held);
        QVERIFY(f.sent.isEmpty());
        QTest::keyClick(f.act(), Qt::Key_Return);
        QCOMPARE(f.sent.size(), 14);
        // While it runs Enter leaves it to itself.
        QVERIFY(QTest::qWaitForWindowActive(&dialog, patience));
        QCOMPARE(dialog.focusWidget(), f.part<QPushButton>(dialog, "close"));
        QTest::keyClick(dialog.focusWidget(), Qt::Key_Return);
        TRY_TRUE(!dialog.isVisible());
    }

    void tabGoesAsTheEyeDoes()
    {
        DialogFixture f;
        CommandDialog &dialog = f.ask(Act::Shutdown, f.workers(14));
        QVERIFY(QTest::qWaitForWindowActive(&dialog, patience));
        f.part<QLineEdit>(dialog, "reason")->setText(u"kernel update"_s);
        QList<QWidget *> way;
        QWidget *first = f.part<QLineEdit>(dialog, "reason");
        first->setFocus();
        do {
            way.append(dialog.focusWidget());
            QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
        } while (dialog.focusWidget() != first && way.size() < 60);
        const auto place = [&](const char *name) { return way.indexOf(dialog.findChild<QWidget *>(QString::fromLatin1(name))); };
        QVERIFY(place("cancel") > 0);
        QVERIFY(place("act") == place("cancel") + 1); // What acts comes last,
        QVERIFY(place("cancel") > place("reason"));
        // then it begins again at the top.
        QVERIFY2(place("floor") > place("act"), qPrintable(QString::number(place("floor"))));
        QVERIFY(place("ttl") > place("floor"));
    }

    /// Of few workers a share in percent says nothing: their number is said.
    void aFloorOfFewIsSaidInNumbers()
    {
        DialogFixture f;
        f.settings.setValue(u"commands/floorPercent"_s, 80);
        const auto who = f.workers(2);
        for (const WorkerHandle handle : who) {
            const Worker &worker = f.scene.store.worker(handle);
            FleetBatch batch;
            batch.source = worker.source;
            batch.generation = f.scene.store.sourceStatus(worker.source).generation;
            batch.at = f.scene.clock.nowMs();
            WorkerText text;
            text.number = worker.number;
            text.id = worker.id;
            text.type = "few";
            batch.texts.append(text);
            f.scene.store.apply(batch);
            f.report(handle, WorkerStatus::Available, 0);
        }
        CommandDialog &dialog = f.ask(Act::Shutdown, {who.front()});
        auto *words = f.part<QLabel>(dialog, "underFloor");
        QVERIFY(words->isVisible());
        QCOMPARE(words->text(), u"few would drop to 1 of 2 available. The floor of 80 % keeps at least 2."_s);
    }

    void typedSourceName()
    {
        DialogFixture f;
        f.settings.setValue(u"commands/floorPercent"_s, 80);
        const auto who = f.workers(1'000, u"firefox"_s);
        const int total = int(who.size());
        QVERIFY(total > 10);
        CommandDialog &dialog = f.ask(Act::Shutdown, who);
        f.type("reason", u"rollout"_s);
        QVERIFY(!f.act()->isEnabled());
        auto *words = f.part<QLabel>(dialog, "underFloor");
        QVERIFY(words->isVisible());
        QVERIFY2(words->text().startsWith("firefox would drop to 0 of "_L1), qPrintable(words->text()));
        f.type("confirm", u"prod"_s);
        QVERIFY(!f.act()->isEnabled());
        f.type("confirm", u"-eu"_s);
        QVERIFY(f.act()->isEnabled());
        // Instead of going on: as many as the floor allows.
        const int keep = total - dialog.question().draft().preview().overFloor;
        auto *reduce = f.part<QPushButton>(dialog, "reduce");
        QVERIFY(reduce->isVisible());
        QVERIFY2(reduce->text().contains(QString::number(keep)), qPrintable(reduce->text()));
        QTest::mouseClick(reduce, Qt::LeftButton);
        QCOMPARE(f.act()->text(), u"Shut down %1 workers"_s.arg(keep));
        QVERIFY(!words->isVisible());
        QVERIFY(f.act()->isEnabled());
        f.click(dialog, "act");
        QCOMPARE(f.sent.size(), keep);
    }

    void leaveOneOut()
    {
        DialogFixture f;
        const auto who = f.workers(14);
        CommandDialog &dialog = f.ask(Act::Shutdown, who);
        auto *chips = dialog.findChild<WorkerChips *>();
        WorkerChip *third = chips->chip(f.scene.store.worker(who[2]).serial);
        QVERIFY(third);
        QTest::mouseClick(third, Qt::LeftButton);
        QCOMPARE(f.act()->text(), u"Shut down 13 workers"_s);
        QTest::mouseClick(third, Qt::LeftButton);
        QCOMPARE(f.act()->text(), u"Shut down 14 workers"_s);
        third->setFocus();
        QTest::keyClick(third, Qt::Key_Right);
        QWidget *next = dialog.focusWidget();
        QCOMPARE(next, chips->chip(f.scene.store.worker(who[3]).serial));
        QTest::keyClick(next, Qt::Key_Space);
        QCOMPARE(f.act()->text(), u"Shut down 13 workers"_s);
        f.type("reason", u"x"_s);
        f.click(dialog, "act");
        QCOMPARE(f.sent.size(), 13);
        const QByteArray left = f.scene.store.worker(who[3]).id;
        QVERIFY(std::none_of(f.sent.begin(), f.sent.end(), [&](const Command &command) { return command.worker == left; }));
    }

    void workerDiesMeanwhile()
    {
        DialogFixture f;
        const auto who = f.workers(5);
        CommandDialog &dialog = f.ask(Act::Shutdown, who);
        f.type("reason", u"x"_s);
        QCOMPARE(f.act()->text(), u"Shut down 5 workers"_s);
        f.step(1'000);
        f.end(who[1], WorkerEnd::Expired);
        auto *lost = f.part<QLabel>(dialog, "lostMeanwhile");
        TRY_TRUE(lost->isVisible());
        QVERIFY(lost->text().startsWith("1 died"_L1));
        QCOMPARE(f.act()->text(), u"Shut down 4 workers"_s);

        // Between the last look and the click: nothing is done that the button did not say.
        f.end(who[2], WorkerEnd::Expired);
        f.click(dialog, "act");
        QVERIFY(f.sent.isEmpty());
        QCOMPARE(f.act()->text(), u"Shut down 3 workers"_s);
        QVERIFY2(f.verdict().contains("check again"_L1), qPrintable(f.verdict()));
        f.click(dialog, "act");
        QCOMPARE(f.sent.size(), 3);
    }

    void whoComesBackIsNotIncluded()
    {
        DialogFixture f;
        const auto who = f.workers(4);
        f.end(who[3], WorkerEnd::Left); // Still in the list, and selected with the others.
        CommandDialog &dialog = f.ask(Act::Shutdown, who);
        QCOMPARE(f.act()->text(), u"Shut down 3 workers"_s);
        f.type("reason", u"x"_s);
        f.step(1'000);
        f.report(who[3], WorkerStatus::Available, 0);
        QCOMPARE(f.scene.store.worker(who[3]).endedAt, 0);
        auto *since = f.part<QLabel>(dialog, "lostMeanwhile");
        QTRY_VERIFY_WITH_TIMEOUT(since->isVisible(), 10'000);
        QVERIFY2(since->text().startsWith("1 came back since this was opened"_L1), qPrintable(since->text()));
        QCOMPARE(f.act()->text(), u"Shut down 3 workers"_s);
        const quint32 serial = f.scene.store.worker(who[3]).serial;
        QCOMPARE(dialog.question().draft().whyNot(serial), Exclusion(Exclusion::Reason::CameBack));
        QVERIFY(!dialog.findChild<WorkerChips *>()->chip(serial)->isEnabled());

        // Nor who was confirmed, went and came back: by itself it never becomes more again.
        f.end(who[0], WorkerEnd::Left);
        QTRY_COMPARE_WITH_TIMEOUT(f.act()->text(), u"Shut down 2 workers"_s, 10'000);
        f.step(1'000);
        f.report(who[0], WorkerStatus::Available, 0);
        QTRY_VERIFY_WITH_TIMEOUT(since->text().startsWith("2 came back"_L1), 10'000);
        QCOMPARE(f.act()->text(), u"Shut down 2 workers"_s);
        // A choice made by hand changes nothing in that.
        f.click(dialog, "now");
        QCOMPARE(f.act()->text(), u"Shut down 2 workers now"_s);
        f.click(dialog, "act");
        QCOMPARE(f.sent.size(), 2);
        QVERIFY(std::none_of(f.sent.begin(), f.sent.end(), [&](const Command &command) {
            return command.worker == f.scene.store.worker(who[0]).id || command.worker == f.scene.store.worker(who[3]).id;
        }));
    }

    void nowSaysSo()
    {
        DialogFixture f;
        CommandDialog &dialog = f.ask(Act::Shutdown, f.workers(3));
        f.type("reason", u"x"_s);
        f.click(dialog, "now");
        QCOMPARE(f.act()->text(), u"Shut down 3 workers now"_s);
        f.click(dialog, "act");
        QCOMPARE(f.sent.size(), 3);
        QCOMPARE(f.sent.first().act, Act::ShutdownNow);
    }

    void ttlIsChecked()
    {
        DialogFixture f;
        CommandDialog &dialog = f.ask(Act::Shutdown, f.workers(3));
        f.type("reason", u"x"_s);
        auto *ttl = f.part<QSpinBox>(dialog, "ttl");
        auto *fix = f.part<QPushButton>(dialog, "ttlFix");
        QVERIFY(!fix->isVisible());
        ttl->setValue(5);
        QVERIFY(!f.act()->isEnabled());
        QVERIFY(fix->isVisible());
        QTest::mouseClick(fix, Qt::LeftButton);
        QVERIFY(ttl->value() >= 40);
        QVERIFY(!fix->isVisible());
        QVERIFY(f.act()->isEnabled());
    }

    void rollingStartPauseStop()
    {
        DialogFixture f;
        const auto who = f.workers(6);
        for (const WorkerHandle worker : who)
            f.report(worker, WorkerStatus::Available, 0);
        CommandDialog &dialog = f.ask(Act::Shutdown, who);
        f.type("reason", u"rollout"_s);
        f.click(dialog, "rolling");
        QVERIFY2(f.verdict().contains("floor"_L1), qPrintable(f.verdict()));
        f.click(dialog, "act");
        f.step(1'000);
        TRY_EQUAL(f.sent.size(), 2); // At most two at a time.
        f.answerAll(CommandProgress::Outcome::Written);
        QCOMPARE(f.rolling.runningCount(), 1);
        auto *pause = f.part<QPushButton>(dialog, "pause");
        TRY_TRUE(pause->isVisible());
        QTest::mouseClick(pause, Qt::LeftButton);
        TRY_EQUAL(pause->text(), u"Resume"_s);

        // Paused: the next ones wait although the first have gone.
        f.step(3'000);
        f.report(who[0], WorkerStatus::Draining, 0);
        f.step(1'000);
        f.end(who[0], WorkerEnd::Drained);
        f.step(1'000);
        QVERIFY(f.sent.isEmpty());
        QTest::mouseClick(pause, Qt::LeftButton);
        f.step(1'000);
        TRY_EQUAL(f.sent.size(), 1);
        f.answerAll(CommandProgress::Outcome::Written);

        auto *stop = f.part<QPushButton>(dialog, "stop");
        TRY_EQUAL(stop->text(), u"Stop, 3 not sent"_s);
        QTest::mouseClick(stop, Qt::LeftButton);
        f.step(1'000);
        QVERIFY(f.sent.isEmpty());
        const CommandGroup *group = f.ledger.group(dialog.progress().group());
        QVERIFY(group);
        QCOMPARE(group->counts[size_t(CommandStage::Skipped)], 3);
        TRY_TRUE(!pause->isVisible());
    }

    void sendAgainIsOffered()
    {
        DialogFixture f;
        const auto who = f.workers(2);
        CommandDialog &dialog = f.ask(Act::Shutdown, who);
        f.type("reason", u"x"_s);
        f.click(dialog, "act");
        f.answer(f.sent[0], CommandProgress::Outcome::Written);
        f.answer(f.sent[1], CommandProgress::Outcome::Refused, Refusal::AlreadyCommanded);
        f.sent.clear();
        f.step(500);
        QVERIFY(f.sent.isEmpty()); // Never by itself.
        CommandTable &table = dialog.progress().table();
        TRY_TRUE(!table.buttonsOf(1).empty());
        const auto [button, rect] = table.buttonsOf(1).front();
        QCOMPARE(button, CommandTable::RowButton::SendAgain);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, rect.center());
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.first().worker, f.scene.store.worker(who[1]).id);
        QCOMPARE(f.sent.first().reason, u"x"_s);
        QVERIFY(table.buttonsOf(1).empty()); // It has an open command again.
    }

    void lockedWhileOpen()
    {
        DialogFixture f;
        CommandDialog &dialog = f.ask(Act::Drain, f.workers(2));
        f.type("reason", u"x"_s);
        QVERIFY(f.act()->isEnabled());
        f.access.lock();
        QVERIFY(!f.act()->isEnabled());
        QVERIFY2(f.verdict().contains("locked"_L1), qPrintable(f.verdict()));
        f.click(dialog, "unlock");
        QVERIFY(!f.act()->isEnabled()); // It asks first.
        confirmUnlock(dialog);
        QVERIFY(f.act()->isEnabled());
    }

    void manyChipsAreBounded()
    {
        DialogFixture f(400);
        const auto who = f.workers(150);
        CommandDialog &dialog = f.ask(Act::Drain, who);
        QCOMPARE(int(dialog.findChildren<WorkerChip *>().size()), WorkerChips::maxChips);
        bool counted = false;
        for (const QLabel *label : dialog.findChildren<QLabel *>())
            counted |= label->text() == u"and %1 more"_s.arg(int(who.size()) - WorkerChips::maxChips);
        QVERIFY(counted);
    }
};

PULSEDECK_TEST(CommandDialogTest, runWithTheme)

#include "commanddialog_test.moc"
