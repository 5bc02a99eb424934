// SPDX-License-Identifier: GPL-3.0-or-later
// Acts of a system that a layout describes: its own names, the exact bytes, and what cannot be done.
#include "models/commands/commandtablemodel.h"
#include "tests/gui/systemactsfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/commands/commanddialog.h"
#include "ui/commands/commanddraft.h"
#include "ui/commands/commandmenu.h"
#include "ui/commands/groupsummary.h"
#include "ui/commands/questionfigures.h"
#include "ui/commands/targetdialog.h"
#include "ui/commands/workercommands.h"
#include "ui/common/bytesview.h"
#include "ui/common/elidedbutton.h"
#include "ui/common/stripgeometry.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/workerdetail.h"
#include "ui/fleet/workerdock.h"
#include "ui/theme/theme.h"
#include "ui/timeline/lanestory.h"

#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class SystemActsTest : public QObject
{
    Q_OBJECT

private slots:
    void namesOfTheSystemStandInMenuAndDialog()
    {
        ActionsFixture f;
        f.access.unlock();
        const std::vector<WorkerHandle> workers = ownWorkers(f, 2);
        QCOMPARE(f.scene.store.worker(workers.front()).traits, ownTraits());
        CommandActions &actions = f.actions;
        QCOMPARE(actions.offer(Act::Drain, {workers.front()}).text, u"Quiet (drain)…"_s);
        QCOMPARE(actions.offer(Act::Drain, workers).toolTip, u"It takes no new jobs and must exit later."_s);
        const CommandActions::Offer resume = actions.offer(Act::Resume, workers);
        QVERIFY(!resume.enabled);
        QCOMPARE(resume.toolTip, u"A quieted process cannot be resumed."_s);

        QMenu menu;
        fillCommandMenu(menu, actions, workers, true);
        QVERIFY(actionOf(menu, u"dump"_s));
        QVERIFY(!actionOf(menu, u"kill-job"_s)); // Its system has none.
        QMenu others;
        const std::vector<WorkerHandle> rest = f.workers(4);
        fillCommandMenu(others, actions, {rest.back()}, true);
        QVERIFY(!actionOf(others, u"dump"_s));

        actions.ask(Act::Drain, {workers.front()});
        CommandDialog *dialog = f.dialog();
        QVERIFY(dialog);
        QVERIFY(f.part<ToneLabel>(*dialog, "question")->text().startsWith("Quiet (drain) 1 process"_L1));
        auto *bytes = f.part<BytesView>(*dialog, "bytes");
        QVERIFY(!bytes->isVisible());
        QVERIFY(QTest::qWaitForWindowActive(dialog, patience));
        QTest::keyClick(dialog, Qt::Key_B, Qt::ControlModifier);
        QVERIFY(bytes->isVisible());
        const QString id = QString::fromUtf8(f.scene.store.worker(workers.front()).id);
        QCOMPARE(bytes->text(), QString(u"LPUSH "_s + id + u"-signals TSTP\nEXPIRE "_s + id + u"-signals 60"_s));
        dialog->reject();
    }

    /// The dock shows them before any dialog is open.
    /// A drained process stays, and has jobs: headings and titles say so.
    void headingsAreOfTheActsAndTheSystem()
    {
        ActionsFixture f;
        f.access.unlock();
        const std::vector<WorkerHandle> workers = ownWorkers(f, 2);
        CommandTableModel model(f.ledger, f.scene.clock);
        const auto heading = [&model](CommandColumn column) {
            return model.headerData(int(column), Qt::Horizontal, Qt::DisplayRole).toString();
        };
        QCOMPARE(heading(CommandColumn::Sessions), u"Sessions"_s);
        QCOMPARE(heading(CommandColumn::Gone), u"Gone"_s);
        QSignalSpy changed(&model, &QAbstractItemModel::headerDataChanged);
        CommandRequest request;
        request.act = Act::Drain;
        request.workers = workers;
        const QUuid group = f.ledger.issue(request);
        QVERIFY(changed.count() > 0);
        QCOMPARE(heading(CommandColumn::Sessions), u"At work"_s);
        QCOMPARE(heading(CommandColumn::Gone), u"Drained"_s);
        QCOMPARE(groupTitle(*f.ledger.group(group)), u"Quiet (drain) · 2 processes"_s);
        CommandActions &actions = f.actions;
        const CommandDialog dialog(actions, Act::Drain, workers, {}, &f.ground);
        QCOMPARE(dialog.windowTitle(), u"Quiet (drain) · 2 processes"_s);
        // With others among them neither holds for all.
        request.act = Act::Shutdown;
        request.workers = {f.workers(4).back()};
        request.reason = u"test"_s;
        f.ledger.issue(request);
        QCOMPARE(heading(CommandColumn::Gone), u"End"_s);
    }

    void bytesAreShownInTheDock()
    {
        ActionsFixture f;
        f.access.unlock();
        const std::vector<WorkerHandle> workers = ownWorkers(f, 2);
        CommandActions &actions = f.actions;
        auto *panel = new WorkerCommands(actions, &f.ground);
        auto *column = new QVBoxLayout(&f.ground);
        column->addWidget(panel);
        panel->setWorkers({workers.front()});
        f.ground.show();
        QVERIFY(QTest::qWaitForWindowActive(&f.ground, patience));
        auto *bytes = f.part<BytesView>(f.ground, "bytes");
        QVERIFY(f.part<QToolButton>(f.ground, "showBytes")->isVisible() && !bytes->isVisible());
        QTest::keyClick(&f.ground, Qt::Key_B, Qt::ControlModifier);
        QVERIFY(bytes->isVisible());
        const QString id = QString::fromUtf8(f.scene.store.worker(workers.front()).id);
        QCOMPARE(bytes->text(),
                 QString(u"Quiet (drain):\nLPUSH "_s + id + u"-signals TSTP\nEXPIRE "_s + id
                         + u"-signals 60\nThread dump:\nLPUSH "_s + id + u"-signals TSTP\nEXPIRE "_s + id + u"-signals 60"_s));
        // Of several workers the dialog has them, and today's fleet does not tell them.
        panel->setWorkers(workers);
        QVERIFY(!bytes->isVisible() && !f.part<QToolButton>(f.ground, "showBytes")->isVisible());
        panel->setWorkers({f.workers(4).back()});
        QVERIFY(!bytes->isVisible());
    }

    /// A worker of a drain that was given elsewhere is resumed from the dock, for queues that are named.
    void whoDrainedItDoesNotMatterWhereItCanBeResumed()
    {
        ActionsFixture f;
        f.access.unlock();
        SourceTraits celery = *ownTraits();
        celery.system = u"Celery"_s;
        celery.layout = u"celery"_s;
        ActTraits &resume = celery.acts[size_t(Act::Resume)];
        resume = {};
        resume.name = u"Add consumers"_s;
        resume.proof = ActProof::PickUp;
        resume.asks = true;
        celery.acts[size_t(Act::Drain)].name = u"Cancel consumers"_s;
        resume.messages = [](const QByteArray &, const QByteArray &, const QStringList &queues) {
            return QStringList{u"PUBLISH "_s + queues.join(u'+') + QString(4'000, u'x')};
        };
        const WorkerHandle worker = ownWorkers(f, 1, TraitsRef::of(celery)).front();
        f.report(worker, WorkerStatus::Draining, 0);
        CommandActions &actions = f.actions;
        auto *panel = new WorkerCommands(actions, &f.ground);
        auto *column = new QVBoxLayout(&f.ground);
        column->addWidget(panel);
        f.ground.resize(360, 400);
        panel->setWorkers({worker});
        f.ground.show();
        QVERIFY(QTest::qWaitForWindowExposed(&f.ground, patience));
        // Its words fit in a narrow dock, or end in "…".
        auto *button = f.part<ElidedButton>(f.ground, "drain");
        QCOMPARE(button->text(), u"Add consumers (resume)"_s);
        QVERIFY2(f.ground.width() <= 360, qPrintable(QString::number(f.ground.width())));
        QCOMPARE(button->shownText(), button->text());
        f.ground.resize(100, 400);
        QTRY_VERIFY2_WITH_TIMEOUT(button->shownText().endsWith(u'…'), qPrintable(button->shownText()), patience);
        f.ground.resize(1'400, 400);
        TRY_EQUAL(button->shownText(), button->text());

        button->click();
        CommandDialog *dialog = f.dialog();
        QVERIFY(dialog);
        auto *queues = f.part<QLineEdit>(*dialog, "queues");
        auto *act = f.part<QPushButton>(*dialog, "act");
        QVERIFY(queues->isVisible());
        QVERIFY(!act->isEnabled());
        QVERIFY(f.part<ToneLabel>(*dialog, "verdict")->text().contains("queues"_L1));
        queues->setText(u" celery, slow,celery,"_s);
        // Words without a gap do not make the dialog wider.
        const int width = dialog->minimumSizeHint().width();
        f.part<QToolButton>(*dialog, "showBytes")->click();
        auto *bytes = f.part<BytesView>(*dialog, "bytes");
        QVERIFY(bytes->isVisible());
        QVERIFY(bytes->text().startsWith(u"PUBLISH celery+slow"_s));
        QVERIFY2(dialog->minimumSizeHint().width() <= width, qPrintable(QString::number(dialog->minimumSizeHint().width())));
        TRY_TRUE(bytes->height() <= (BytesView::mostLines + 1) * bytes->fontMetrics().lineSpacing());
        if (auto *word = dialog->findChild<QLineEdit *>(u"confirm"_s); word && word->isVisible())
            word->setText(f.scene.store.sourceName(FleetScene::prod));
        f.part<QLineEdit>(*dialog, "reason")->setText(u"over"_s);
        TRY_TRUE(act->isEnabled());
        act->click();
        TRY_EQUAL(f.sent.size(), 1);
        QCOMPARE(f.sent.front().act, Act::Resume);
        QCOMPARE(f.sent.front().queues, (QStringList{u"celery"_s, u"slow"_s}));
    }

    /// In the narrowest dock, with the letters of any size: they continue in the next row.
    void namesOfActsAreWholeInTheDock()
    {
        const auto usual = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        ActionsFixture f;
        f.access.unlock();
        SourceTraits sidekiq = *ownTraits();
        sidekiq.acts[size_t(Act::Shutdown)].name = u"Stop"_s;
        const WorkerHandle worker = ownWorkers(f, 1, TraitsRef::of(sidekiq)).front();
        CommandActions &actions = f.actions;
        auto *panel = new WorkerCommands(actions, &f.ground);
        auto *column = new QVBoxLayout(&f.ground);
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(panel);
        column->addStretch(1);
        panel->setWorkers({worker});
        f.ground.show();
        QVERIFY(QTest::qWaitForWindowExposed(&f.ground, patience));
        auto *drain = f.part<ElidedButton>(f.ground, "drain");
        auto *stop = f.part<ElidedButton>(f.ground, "shutDown");
        auto *cancel = f.part<ElidedButton>(f.ground, "cancelCommand");
        QCOMPARE(drain->text(), u"Quiet (drain)"_s);
        QCOMPARE(stop->text(), u"Stop (shut down)…"_s);
        QVERIFY(cancel->isVisible());
        for (const qreal points : {8.0, 9.0, 11.0, 14.0}) {
            Theme::instance().setBodyPointSize(points);
            f.ground.resize(WorkerDock::leastWidth(), px(300));
            TRY_EQUAL(f.ground.width(), WorkerDock::leastWidth());
            for (const ElidedButton *button : {drain, stop, cancel}) {
                TRY_EQUAL(button->shownText(), button->text());
                QVERIFY(panel->rect().contains(button->geometry()));
                for (const ElidedButton *other : {drain, stop, cancel})
                    QVERIFY(other == button || !other->geometry().intersects(button->geometry()));
            }
            // The line below them stands below them.
            QVERIFY(f.part<ToneLabel>(f.ground, "commandLine")->y() > cancel->geometry().bottom());
        }
        // Words for more than the two lines that are kept are not cut.
        auto *line = f.part<ToneLabel>(f.ground, "commandLine");
        const QString words =
            u"RQ cannot stop one worker from taking jobs; all workers can be suspended, and one can be shut down. "
            "What it has at work goes on to its end, and nothing is lost."_s;
        f.ground.resize(WorkerDock::leastWidth(), px(400));
        const auto isWhole = [line, &words] {
            line->setText(words); // The panel writes its own once a second.
            return line->height() > 2 * line->fontMetrics().lineSpacing()
                   && line->height() >= line->heightForWidth(line->width());
        };
        QTRY_VERIFY_WITH_TIMEOUT(isWhole(), 20'000);
        // With room for all there is one row.
        f.ground.resize(1'600, 600);
        TRY_EQUAL(cancel->y(), drain->y());
    }

    /// Also while the window shows how far they are.
    void theProgressIsCalledAsTheSystemCallsIt()
    {
        ActionsFixture f;
        f.access.unlock();
        const std::vector<WorkerHandle> workers = ownWorkers(f, 3);
        CommandDialog &dialog = f.ask(Act::Drain, workers);
        if (auto *word = dialog.findChild<QLineEdit *>(u"confirm"_s); word && word->isVisible())
            word->setText(f.scene.store.sourceName(FleetScene::prod));
        f.part<QLineEdit>(dialog, "reason")->setText(u"deploy"_s);
        auto *act = f.part<QPushButton>(dialog, "act");
        TRY_TRUE(act->isEnabled());
        act->click();
        TRY_TRUE(!dialog.isAsking());
        QCOMPARE(dialog.windowTitle(), u"Quiet (drain) · 3 processes"_s);
    }

    /// How many remain, and what they have at work, in its own words.
    void aStopCountsInTheWordsOfItsSystem()
    {
        ActionsFixture f;
        f.access.unlock();
        SourceTraits traits = *ownTraits();
        traits.countingJobs = SourceTraits::countingOf(u"task"_s);
        ActTraits &stop = traits.acts[size_t(Act::Shutdown)];
        stop.name = u"Warm shutdown"_s;
        const std::vector<WorkerHandle> workers = ownWorkers(f, 2, TraitsRef::of(traits));
        const CommandContext context = f.context();
        CommandDraft draft(context, Act::Shutdown, workers);
        draft.refresh();
        QVERIFY(draft.preview().ownSystem());
        QuestionFigures figures;
        figures.showDraft(draft);
        QVERIFY2(figures.text(0).endsWith(u" processes"_s), qPrintable(figures.text(0)));

        CommandRequest request;
        request.act = Act::Shutdown;
        request.workers = workers;
        f.ledger.issue(request);
        const GroupSummary summary = summarise(context, f.ledger.groups().back());
        QVERIFY(summary.sessionsKnown);
        QVERIFY(summary.system);
        QCOMPARE((*summary.system)->countedJobs(2), u"2 tasks"_s);
    }

    /// In menus of every kind, whatever is in the way.
    void whatCannotBeDoneSaysWhy()
    {
        ActionsFixture f;
        const std::vector<WorkerHandle> workers = f.workers(5);
        f.report(workers[0], WorkerStatus::Available, 0);
        f.report(workers[1], WorkerStatus::Draining, 2);
        f.report(workers[2], WorkerStatus::ShuttingDown, 1);
        f.end(workers[3], WorkerEnd::Left);
        ownWorkers(f, 1);
        int disabled = 0;
        const auto look = [&disabled](const QMenu &menu) {
            QVERIFY(menu.toolTipsVisible());
            for (const QAction *action : menu.actions()) {
                if (action->isEnabled() || action->isSeparator())
                    continue;
                ++disabled;
                // Without one of its own a tool tip is the text.
                const QString plain = action->text().remove(u'…').remove(u'&');
                QVERIFY2(!action->toolTip().isEmpty() && action->toolTip() != plain, qPrintable(action->text()));
            }
        };
        std::vector<std::vector<WorkerHandle>> selections{{}, workers};
        for (const WorkerHandle worker : workers)
            selections.push_back({worker});
        for (const bool unlocked : {false, true}) {
            if (unlocked)
                f.access.unlock();
            for (const std::vector<WorkerHandle> &selected : selections) {
                for (const bool context : {false, true}) {
                    QMenu menu;
                    fillCommandMenu(menu, f.actions, selected, context);
                    addMatchingMenu(menu, f.actions, {});
                    look(menu);
                }
            }
        }
        QVERIFY(disabled > 20);
        f.actions.setClosed(u"Another time is shown."_s);
        QMenu closed;
        fillCommandMenu(closed, f.actions, workers, false);
        look(closed);
        // The button of a question says what is missing, and nothing once it can be pressed.
        f.actions.setClosed({});
        TargetDialog dialog(f.all, Act::PauseFleet, {{FleetScene::prod, ActScope::Fleet, {}, ownTraits()}}, &f.ground);
        auto *act = f.part<QPushButton>(dialog, "act");
        QVERIFY(!act->isEnabled() && !act->toolTip().isEmpty());
        f.part<QLineEdit>(dialog, "confirm")->setText(f.scene.store.sourceName(FleetScene::prod));
        f.part<QLineEdit>(dialog, "reason")->setText(u"deploy"_s);
        QVERIFY(act->isEnabled() && act->toolTip().isEmpty());
    }

    /// A worker that can only be asked says what it serves: there is nothing to give back.
    void whoServesItsQueuesIsNotResumed()
    {
        ActionsFixture f;
        f.access.unlock();
        SourceTraits traits = *ownTraits();
        traits.layout = u"asked"_s;
        ActTraits &resume = traits.acts[size_t(Act::Resume)];
        resume = {};
        resume.proof = ActProof::PickUp;
        resume.asks = true;
        const WorkerHandle worker = ownWorkers(f, 1, TraitsRef::of(traits)).front();
        QVERIFY(f.actions.offer(Act::Resume, {worker}).enabled); // It has not said yet.
        f.describe(worker, traits, {u"celery"_s, u"slow"_s});
        const CommandActions::Offer offer = f.actions.offer(Act::Resume, {worker});
        QVERIFY(!offer.enabled);
        QCOMPARE(offer.toolTip, u"Takes work already: it serves celery, slow."_s);
    }

    /// The record of such a worker shows no command: its strip and its lane have the moments at which it was written and read.
    void theLaneShowsWhenACommandWasRead()
    {
        ActionsFixture f;
        f.access.unlock();
        const WorkerHandle worker = ownWorkers(f, 1).front();
        const FleetStore &store = f.scene.store;
        CommandRequest request;
        request.act = Act::Drain;
        request.workers = {worker};
        f.ledger.issue(request);
        QCOMPARE(f.sent.size(), 1);
        const Command command = f.sent.front();
        QVERIFY(!store.commandTimes(worker));
        QCOMPARE(stripFacts(store, worker).commandAt, 0);
        const qint64 sentAt = f.scene.clock.nowMs();
        f.answer(command, CommandProgress::Outcome::Written);
        QCOMPARE(stripFacts(store, worker).commandAt, sentAt);
        QCOMPARE(stripFacts(store, worker).commandReadAt, 0);
        f.step(3'000);
        const qint64 readAt = f.scene.clock.nowMs();
        f.answer(command, CommandProgress::Outcome::PickedUp);
        QCOMPARE(stripFacts(store, worker).commandReadAt, readAt);
        const LaneStory story = storyOf(store, worker, {});
        const auto at = [&story](StripGeometry::Mark mark) {
            const auto found =
                std::find_if(story.marks.begin(), story.marks.end(), [mark](const LaneMark &one) { return one.mark == mark; });
            return found == story.marks.end() ? qint64(0) : found->at;
        };
        QCOMPARE(at(StripGeometry::Mark::CommandSent), sentAt);
        QCOMPARE(at(StripGeometry::Mark::CommandRead), readAt);
    }

    /// It may have been quiet long before it was stopped: the dock says when it went, and not how long it drained.
    void theDockSaysWhenAStoppedOneWent()
    {
        ActionsFixture f;
        f.access.unlock();
        SourceTraits traits = *ownTraits();
        traits.acts[size_t(Act::Shutdown)] = traits.of(Act::Drain);
        traits.facts.setFlag(SourceFact::Counters, false);
        QVERIFY(traits.isLaidOut());
        const WorkerHandle worker = ownWorkers(f, 1, TraitsRef::of(traits)).front();
        CommandRequest request;
        request.act = Act::Shutdown;
        request.workers = {worker};
        f.ledger.issue(request);
        QCOMPARE(f.sent.size(), 1);
        const Command command = f.sent.front();
        f.answer(command, CommandProgress::Outcome::Written);
        f.step(900);
        f.answer(command, CommandProgress::Outcome::PickedUp);
        f.step(700);
        f.end(worker, WorkerEnd::Left);
        WorkerDetail detail(f.scene.store);
        detail.setLedger(&f.ledger);
        detail.setWorker(worker);
        detail.show();
        QTRY_COMPARE_WITH_TIMEOUT(detail.fact(u"Shutdown"_s), u"read after 0.9 s · gone 0.7 s later"_s, 20'000);
    }
};

PULSEDECK_TEST(SystemActsTest, runWithTheme)
#include "systemacts_test.moc"
