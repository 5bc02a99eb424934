// SPDX-License-Identifier: GPL-3.0-or-later
// Commanding actors: the dialog's words, the ladder on the Commands page, the line in the dock.
#include "models/commands/commandwords.h"
#include "tests/gui/actionsfixture.h"
#include "tests/support/hubscene.h"
#include "tests/support/testapplication.h"
#include "ui/activity/activitywords.h"
#include "ui/commands/commandprogresspage.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandtable.h"
#include "ui/commands/grouplist.h"
#include "ui/commands/groupsummary.h"
#include "ui/commands/workerchips.h"
#include "ui/common/commandtexts.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

struct ActorDialog : ActionsFixture
{
    HubScene hub{scene.store, scene.clock, 9};

    ActorDialog()
        : ActionsFixture(60)
    {
        SourceSettings source;
        source.id = HubScene::source;
        source.name = u"hub-eu"_s;
        source.kind = SourceKind::Hub;
        scene.sources.setSource(source);
        ground.resize(1500, 950);
        ground.show();
        access.unlock();
        hub.deny();
        settings.setValue(u"commands/floorPercent"_s, 0);
    }
    ~ActorDialog() { delete dialog(); }

    std::vector<WorkerHandle> actors(int count) const
    {
        std::vector<WorkerHandle> found;
        for (int i = 0; i < count; ++i)
            found.push_back(hub.handle(i));
        return found;
    }
    /// \a there, and one behind them that has gone.
    std::vector<WorkerHandle> gone(std::vector<WorkerHandle> there, int actor) const
    {
        for (int i = 0; i < scene.store.capacity(); ++i) {
            if (scene.store.worker(WorkerHandle(i)).used && scene.store.worker(WorkerHandle(i)).id == HubScene::address(actor))
                there.push_back(WorkerHandle(i));
        }
        return there;
    }
    QString text(const char *name) const { return part<QLabel>(*dialog(), name)->text(); }
    QPushButton *act() const { return part<QPushButton>(*dialog(), "act"); }
    bool shows(const char *name) const { return part<QWidget>(*dialog(), name)->isVisibleTo(dialog()); }
};

} // namespace

class ActorDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        Theme::instance().install(*qApp);
        qRegisterMetaType<SourceId>("pulsedeck::SourceId");
    }

    void asksForActors()
    {
        ActorDialog f;
        f.actions.ask(Act::Shutdown, f.actors(3));
        QCOMPARE(f.dialog()->windowTitle(), u"Shut down actors"_s);
        QCOMPARE(f.text("question"), u"Shut down 3 actors on hub-eu?"_s);
        QCOMPARE(f.act()->text(), u"Shut down 3 actors"_s);
        QVERIFY(!f.shows("ttl") && !f.shows("atBeat") && !f.shows("now"));
        QVERIFY2(f.text("undo").contains(u"worker:shutdown, sent at once"_s), qPrintable(f.text("undo")));
        for (const QLabel *label : f.dialog()->findChildren<QLabel *>()) {
            if (!label->isVisibleTo(f.dialog()))
                continue;
            for (const QString &word : {u"key"_s, u"heartbeat"_s, u"session"_s})
                QVERIFY2(!label->text().contains(word), qPrintable(label->text()));
        }
        auto *reason = f.part<QLineEdit>(*f.dialog(), "reason");
        reason->setFocus();
        QTest::keyClicks(reason, u"upgrade"_s);
        QVERIFY(f.act()->isEnabled());
        QTest::mouseClick(f.act(), Qt::LeftButton);
        QCOMPARE(f.sent.size(), 3);
        QCOMPARE(f.dialog()->windowTitle(), u"Shutting down 3 actors"_s);
        f.answerAll(CommandProgress::Outcome::Delivered);
        QTRY_COMPARE_WITH_TIMEOUT(f.text("progressTitle"), u"0 of 3 gone"_s, 10'000);
        const GroupSummary summary = summarise(f.all, f.ledger.groups().back());
        QVERIFY(summary.running); // They have a while to answer.
        QCOMPARE(summary.shares.size(), size_t(1));
        QCOMPARE(summary.shares.front().word, u"waiting for their answer"_s);
        QVERIFY(!summary.detail.contains(u"took"_s));
        QVERIFY(summary.message.isEmpty()); // No problem, either.
        QVERIFY(!summary.sessionsKnown);
        const CommandTable &table = f.dialog()->progress().table();
        QVERIFY(table.buttonsOf(0).empty());
        QCOMPARE(f.part<QPushButton>(*f.dialog(), "close")->text(), u"Run in background"_s);

        // One answers late; the others never do.
        f.step(8'000);
        const std::vector<quint64> keys = f.ledger.group(f.ledger.groups().back())->entries;
        f.answer(f.ledger.entry(keys[0])->command, CommandProgress::Outcome::Acknowledged);
        const GroupSummary later = summarise(f.all, f.ledger.groups().back());
        QCOMPARE(later.shares.size(), size_t(2));
        QCOMPARE(later.shares[0].word, u"answered"_s);
        QCOMPARE(later.shares[1].word, u"waiting for their answer"_s);
        QCOMPARE(later.shares[1].count, 2);
        QCOMPARE(f.dialog()->windowTitle(), u"Shutting down 3 actors"_s);
        f.hub.end(0, WorkerEnd::Left);
        f.step(answerWaitMs - 8'000);
        const GroupSummary over = summarise(f.all, f.ledger.groups().back());
        QVERIFY(!over.running);
        QCOMPARE(over.shares.back().word, u"delivered, not answered"_s);
        QCOMPARE(over.shares.back().count, 2);
        QVERIFY(!table.buttonsOf(1).empty());
        QCOMPARE(table.buttonsOf(1).front().first, CommandTable::RowButton::SendAgain);
        QTRY_COMPARE_WITH_TIMEOUT(f.dialog()->windowTitle(), u"Shut down 3 actors"_s, 10'000);
        QCOMPARE(f.part<QPushButton>(*f.dialog(), "close")->text(), u"Close"_s);
    }

    void whoComesBackIsNotIncluded()
    {
        ActorDialog f;
        f.hub.end(3, WorkerEnd::Left); // Selected with the others, and gone already.
        f.actions.ask(Act::Shutdown, f.gone(f.actors(3), 3));
        QCOMPARE(f.act()->text(), u"Shut down 3 actors"_s);
        f.scene.clock.step(2'000);
        f.hub.renew(3);
        f.step(1'000);
        QTRY_VERIFY_WITH_TIMEOUT(f.shows("lostMeanwhile"), 10'000);
        QVERIFY2(f.text("lostMeanwhile").contains(u"came back since this was opened, and is not included"_s),
                 qPrintable(f.text("lostMeanwhile")));
        QCOMPARE(f.act()->text(), u"Shut down 3 actors"_s);
        auto *reason = f.part<QLineEdit>(*f.dialog(), "reason");
        reason->setFocus();
        QTest::keyClicks(reason, u"upgrade"_s);
        QTest::mouseClick(f.act(), Qt::LeftButton);
        QCOMPARE(f.sent.size(), 3);
        for (const Command &command : f.sent)
            QVERIFY(command.worker != HubScene::address(3));
    }

    void chipsShowWholeAddresses()
    {
        ActorDialog f;
        f.actions.ask(Act::Shutdown, f.actors(6));
        QTRY_VERIFY_WITH_TIMEOUT(f.dialog()->findChild<WorkerChip *>()->isVisible(), 10'000);
        const QFontMetrics metrics(Theme::instance().idFont());
        for (const WorkerChip *chip : f.dialog()->findChildren<WorkerChip *>())
            QVERIFY(chip->width() >= metrics.horizontalAdvance(u"@(local/agent-0)"_s) + Theme::instance().scaled(14));
        QVERIFY(f.dialog()->findChild<WorkerChips *>()->columns() < WorkerChips::maxColumns);
    }

    void asksForOneActor()
    {
        ActorDialog f;
        f.actions.ask(Act::Drain, f.actors(1));
        QCOMPARE(f.dialog()->windowTitle(), u"Drain actors"_s);
        QCOMPARE(f.text("question"), u"Drain 1 agent actor on hub-eu: @(local/agent-0)?"_s);
        QVERIFY2(f.text("verdict").contains(u"cannot be withdrawn"_s), qPrintable(f.text("verdict")));
        QTest::mouseClick(f.act(), Qt::LeftButton);
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.first().act, Act::Drain);
    }

    void asksForBoth()
    {
        ActorDialog f;
        std::vector<WorkerHandle> both = f.workers(2);
        for (const WorkerHandle handle : f.actors(3))
            both.push_back(handle);
        f.actions.ask(Act::Shutdown, both);
        QCOMPARE(f.act()->text(), u"Shut down 2 workers and 3 actors"_s);
        QCOMPARE(f.dialog()->windowTitle(), u"Shut down workers and actors"_s);
        QCOMPARE(f.text("question"), u"Shut down 2 workers and 3 actors?"_s);
        QVERIFY(f.shows("ttl") && f.shows("atBeat"));
        QCOMPARE(f.part<QSpinBox>(*f.dialog(), "ttl")->value(), 60); // The workers' own, whatever the hub's.
        QVERIFY2(!f.text("ttlFinding").contains(u"150"_s), qPrintable(f.text("ttlFinding")));
        bool told = false;
        for (const QLabel *label : f.dialog()->findChildren<QLabel *>())
            told = told || label->text() == u"Shutdown command for 2 workers; actors are sent a message at once"_s;
        QVERIFY(told);
    }

    void saysWhatCannotBeDone()
    {
        ActorDialog f;
        for (const Act act : {Act::Resume, Act::Cancel, Act::Reap, Act::RemoveKey}) {
            const CommandActions::Offer offer = f.actions.offer(act, f.actors(2));
            QVERIFY(!offer.enabled);
            QVERIFY2(!offer.toolTip.contains(u"permitted"_s), qPrintable(offer.toolTip));
        }
        QCOMPARE(f.actions.offer(Act::Resume, f.actors(2)).toolTip, u"There is no message that undoes an actor's drain."_s);
        QCOMPARE(f.actions.offer(Act::Cancel, f.actors(1)).toolTip, u"A message that was delivered cannot be withdrawn."_s);
        const CommandActions::Offer drain = f.actions.offer(Act::Drain, f.actors(2));
        QVERIFY(drain.enabled);
        QCOMPARE(drain.text, u"Drain 2 actors…"_s);
        QVERIFY(drain.toolTip.contains(u"worker:drain"_s));
    }

    void aGroupThatMayStillBeAnsweredIsNotOver()
    {
        ActorDialog f;
        CommandRequest request;
        request.workers = f.actors(2);
        f.ledger.issue(request);
        GroupListModel groups(f.all);
        QSignalSpy changed(&groups, &QAbstractItemModel::dataChanged);
        f.answerAll(CommandProgress::Outcome::Delivered);
        groups.review();
        const auto said = [&](int role) { return groups.index(1).data(role).toString(); };
        QVERIFY(groups.isUnderway(1));
        QVERIFY2(said(Qt::AccessibleTextRole).contains(u"under way"_s), qPrintable(said(Qt::AccessibleTextRole)));
        QVERIFY2(said(Qt::ToolTipRole).contains(u"2 waiting for their answer"_s), qPrintable(said(Qt::ToolTipRole)));
        // Nothing happens any more: time alone makes it over, and the list is told to paint it so.
        f.step(answerWaitMs);
        changed.clear();
        groups.review();
        QCOMPARE(changed.size(), 1);
        QVERIFY(!groups.isUnderway(1));
        QVERIFY2(said(Qt::ToolTipRole).contains(u"2 delivered, not answered"_s), qPrintable(said(Qt::ToolTipRole)));
        groups.review();
        QCOMPARE(changed.size(), 1);
    }

    void anOldGroupIsNotLookedThrough()
    {
        ActorDialog f;
        CommandRequest request;
        request.workers = f.actors(2);
        CommandGroup old = *f.ledger.group(f.ledger.issue(request));
        QCOMPARE(old.deliveredAt, 0);
        f.answer(f.sent[1], CommandProgress::Outcome::Delivered);
        f.step(5'000);
        f.answer(f.sent[0], CommandProgress::Outcome::Delivered);
        old = *f.ledger.group(old.id);
        QCOMPARE(old.deliveredAt, f.scene.clock.nowMs());
        f.step(answerWaitMs - 1);
        QCOMPARE(awaitedOf(f.all, old), 1);
        f.step(1);
        // Told from the group alone: entries that would be counted are not looked at.
        f.sent.clear();
        request.workers = {f.hub.handle(2)};
        const QUuid fresh = f.ledger.issue(request);
        f.answerAll(CommandProgress::Outcome::Delivered);
        QCOMPARE(awaitedOf(f.all, *f.ledger.group(fresh)), 1);
        old.entries = f.ledger.group(fresh)->entries;
        QCOMPARE(awaitedOf(f.all, old), 0);
    }

    void tellsEachEnd()
    {
        ActorDialog f;
        CommandRequest request;
        request.workers = f.actors(4);
        request.reason = u"test"_s;
        const QUuid group = f.ledger.issue(request);
        const std::vector<quint64> keys = f.ledger.group(group)->entries;
        const QList<Command> sent = std::exchange(f.sent, {});
        f.answer(sent[0], CommandProgress::Outcome::Delivered);
        f.answer(sent[1], CommandProgress::Outcome::Acknowledged);
        f.answer(sent[2], CommandProgress::Outcome::Refused, Refusal::KeyGone);
        f.answer(sent[3], CommandProgress::Outcome::Unknown);
        const auto sentence = [&](int i) { return commandSentence(*f.ledger.entry(keys[size_t(i)]), f.scene.clock.nowMs()); };
        QVERIFY2(sentence(0).endsWith(u"; waiting for its answer."_s), qPrintable(sentence(0)));
        QVERIFY(!f.actions.canSendAgain(keys[0]));
        f.step(answerWaitMs);
        QVERIFY2(sentence(0).endsWith(u"the actor has not answered."_s), qPrintable(sentence(0)));
        QVERIFY2(sentence(1).startsWith(u"The actor answered at "_s), qPrintable(sentence(1)));
        QCOMPARE(sentence(2), u"Shut down was refused: not registered."_s);
        QVERIFY(sentence(3).startsWith(u"The connection was lost"_s));
        QCOMPARE(noteText(*f.ledger.entry(keys[0])), QString());
        QCOMPARE(noteText(*f.ledger.entry(keys[2])), u"not registered"_s);
        QVERIFY(!isProblem(*f.ledger.entry(keys[0])));
        QVERIFY(f.actions.canSendAgain(keys[0]));
        QCOMPARE(groupTitle(*f.ledger.group(group)), u"Shut down · 4 actors"_s);
        f.hub.end(0, WorkerEnd::Expired);
        QVERIFY(sentence(0).startsWith(u"Its registration expired at "_s));
        QVERIFY(problemSentence(*f.ledger.entry(keys[0])).contains(u"its registration expired"_s));
        // The journal's line for it has a mark of its own.
        JournalEntry line;
        line.kind = JournalKind::Command;
        line.step = u"delivered"_s;
        QCOMPARE(activityMark(line).glyph, Glyph::Sent);
        line.kind = JournalKind::Message;
        QCOMPARE(activityMark(line).glyph, Glyph::Ok);
        QCOMPARE(journalKindTitle(JournalKind::Message), u"Messages"_s);
    }

    // The journal shows a stage as the Commands page does.
    void everyStageHasItsMarkAndItsWords()
    {
        JournalEntry line;
        line.kind = JournalKind::Command;
        for (int i = 0; i < stageCount; ++i) {
            const auto stage = CommandStage(i);
            line.step = stageName(stage);
            QCOMPARE(activityMark(line).glyph, stageGlyph(stage));
            QCOMPARE(activityMark(line).tone, isSuccess(stage) ? Tone::Alive : stageTone(stage));
            QCOMPARE(journalStepText(line.kind, line.step), stageText(stage));
        }
        line.act = u"drain"_s;
        line.step = u"written"_s;
        QCOMPARE(activityMark(line).glyph, Glyph::Draining);
        line.step = u"stopped"_s; // Of a rolling shutdown.
        QCOMPARE(activityMark(line).glyph, Glyph::Off);
        line.kind = JournalKind::Connection;
        line.step = u"lost"_s; // No stage of a command.
        QCOMPARE(activityMark(line).glyph, Glyph::Warning);
        QCOMPARE(journalStepText(line.kind, line.step), u"lost"_s);
    }
};

PULSEDECK_TEST(ActorDialogTest, runWithWidgets)
#include "actordialog_test.moc"
