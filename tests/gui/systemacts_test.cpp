// SPDX-License-Identifier: GPL-3.0-or-later
// Acts of a system that a layout describes: its own names, the exact bytes, and acts on queues and whole fleets.
#include "models/commands/commandtablemodel.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/gui/actionsfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/commands/commanddialog.h"
#include "ui/commands/commanddraft.h"
#include "ui/commands/commandmenu.h"
#include "ui/commands/grouplist.h"
#include "ui/commands/groupsummary.h"
#include "ui/commands/questionfigures.h"
#include "ui/commands/targetdialog.h"
#include "ui/commands/workercommands.h"
#include "ui/common/bytesview.h"
#include "ui/common/commandtexts.h"
#include "ui/common/elidedbutton.h"
#include "ui/common/fleetwords.h"
#include "ui/common/stripgeometry.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/workerdetail.h"
#include "ui/fleet/workerdock.h"
#include "ui/theme/theme.h"
#include "ui/timeline/lanestory.h"

#include <QFontMetrics>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

TraitsRef ownTraits()
{
    SourceTraits traits;
    traits.system = u"Sidekiq"_s;
    traits.layout = u"sidekiq"_s;
    traits.worker = u"process"_s;
    traits.workers = u"processes"_s;
    traits.counting = u"%Ln process(es)"_s;
    ActTraits &drain = traits.acts[size_t(Act::Drain)];
    drain = {};
    drain.name = u"Quiet"_s;
    drain.proof = ActProof::PickUp;
    drain.withdrawable = true;
    drain.means = u"It takes no new jobs and must exit later."_s;
    drain.writes = {{"LPUSH", "{id}-signals", "TSTP"}, {"EXPIRE", "{id}-signals", "60"}};
    ActTraits &dump = traits.acts[size_t(Act::Dump)];
    dump = drain;
    dump.name = u"Thread dump"_s;
    traits.acts[size_t(Act::Resume)].whyNot = u"a quieted process cannot be resumed"_s;
    for (const Act act : {Act::PauseFleet, Act::PauseQueue}) {
        ActTraits &pause = traits.acts[size_t(act)];
        const ActScope scope = pause.scope;
        pause = {};
        pause.scope = scope;
    }
    traits.acts[size_t(Act::PauseFleet)].name = u"Suspend all"_s;
    traits.acts[size_t(Act::PauseQueue)].writes = {{"SET", "{queue}:paused", "1"}};
    return TraitsRef::of(traits);
}

QAction *actionOf(const QMenu &menu, const QString &name)
{
    for (QAction *action : menu.actions()) {
        if (action->objectName() == name)
            return action;
    }
    return nullptr;
}

} // namespace

class SystemActsTest : public QObject
{
    Q_OBJECT

    /// The first workers become those of the system.
    static std::vector<WorkerHandle> own(CommandFixture &f, int count, TraitsRef traits = ownTraits())
    {
        const std::vector<WorkerHandle> workers = f.workers(count);
        for (const WorkerHandle handle : workers) {
            const Worker &worker = f.scene.store.worker(handle);
            FleetBatch batch;
            batch.source = worker.source;
            batch.generation = f.scene.store.sourceStatus(worker.source).generation;
            batch.at = f.scene.clock.nowMs();
            WorkerText text;
            text.number = worker.number;
            text.id = worker.id;
            text.type = "chromium";
            text.traits = traits;
            batch.texts.append(text);
            f.scene.store.apply(batch);
            f.report(handle, WorkerStatus::Available, 0);
        }
        return workers;
    }

private slots:
    void namesOfTheSystemStandInMenuAndDialog()
    {
        ActionsFixture f;
        f.access.unlock();
        const std::vector<WorkerHandle> workers = own(f, 2);
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
        const std::vector<WorkerHandle> workers = own(f, 2);
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
        const std::vector<WorkerHandle> workers = own(f, 2);
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

    /// Nobody knows whether it lives, and it can be deleted; one that has something to do cannot, and none takes other commands.
    void aSilentConsumerCanBeDeleted()
    {
        ActionsFixture f;
        f.access.unlock();
        const std::vector<Layout> layouts = LayoutCatalog::builtIn().layouts();
        const auto streams =
            std::find_if(layouts.begin(), layouts.end(), [](const Layout &layout) { return layout.name == u"streams"_s; });
        QVERIFY(streams != layouts.end());
        const SourceId source = f.scene.store.worker(f.workers(1).front()).source;
        const QByteArray id = "stream%2Forders/workers/web 1";
        const auto read = [&](int pending) {
            FleetBatch batch;
            batch.source = source;
            batch.generation = f.scene.store.sourceStatus(source).generation;
            batch.at = f.scene.clock.nowMs();
            WorkerText text;
            text.number = 90'001;
            text.id = id;
            text.type = "workers";
            text.traits = traitsOf(*streams);
            batch.texts.append(text);
            WorkerSample sample;
            sample.number = text.number;
            sample.readAt = batch.at;
            sample.beatAt = batch.at - 30'000;
            sample.keyPresent = true;
            sample.status = WorkerStatus::Available;
            sample.activeSessions = pending;
            sample.flags = WorkerFlag::PolledBeats;
            sample.flags.setFlag(WorkerFlag::Unheard, pending == 0);
            batch.samples.append(sample);
            f.scene.store.apply(batch);
            f.scene.store.publish();
            return f.scene.store.find(source, id);
        };
        CommandActions &actions = f.actions;
        const WorkerHandle worker = read(2);
        QCOMPARE(f.scene.store.worker(worker).liveness, Liveness::Alive);
        QVERIFY(!actions.offer(Act::Reap, {worker}).enabled);
        QCOMPARE(read(0), worker);
        QCOMPARE(f.scene.store.worker(worker).liveness, Liveness::Unknown);
        QCOMPARE(stateSentence(f.scene.store, worker, f.scene.clock.nowMs()), u"nothing to do, silent"_s);
        QCOMPARE(statusWords(f.scene.store, worker, f.scene.clock.nowMs(), -1, {}).text, u"nothing to do, silent"_s);
        QCOMPARE(findings(f.scene.store, worker).size(), 1);
        const CommandActions::Offer reap = actions.offer(Act::Reap, {worker});
        QVERIFY2(reap.enabled, qPrintable(reap.toolTip));
        QVERIFY2(reap.text.startsWith(u"Delete consumer"_s), qPrintable(reap.text));
        const CommandActions::Offer drain = actions.offer(Act::Drain, {worker});
        QVERIFY(!drain.enabled);
        QVERIFY2(drain.toolTip.contains(u"Redis has no command that a consumer obeys"_s), qPrintable(drain.toolTip));
        actions.ask(Act::Reap, {worker});
        CommandDialog *dialog = f.dialog();
        QVERIFY(dialog);
        f.part<QToolButton>(*dialog, "showBytes")->click();
        QCOMPARE(f.part<BytesView>(*dialog, "bytes")->text(), u"XGROUP DELCONSUMER stream/orders workers 'web 1'"_s);
        dialog->reject();
    }

    /// Its record is gone, and with it what it served: it is removed from the workers of each queue, and these are named.
    void aGhostIsRemovedFromEachQueue()
    {
        ActionsFixture f;
        f.access.unlock();
        const Layout *rq = LayoutCatalog::builtIn().find(u"rq"_s);
        QVERIFY(rq);
        const SourceId source = f.scene.store.worker(f.workers(1).front()).source;
        FleetBatch batch;
        batch.source = source;
        batch.generation = f.scene.store.sourceStatus(source).generation;
        batch.at = f.scene.clock.nowMs();
        WorkerText text;
        text.number = 90'002;
        text.id = "w1";
        text.traits = traitsOf(*rq);
        batch.texts.append(text);
        WorkerSample sample;
        sample.number = text.number;
        sample.readAt = batch.at;
        sample.flags = WorkerFlag::Registered;
        sample.ttl = -2;
        batch.samples.append(sample);
        for (const char *name : {"mails", "default"}) {
            QueueSample queue;
            queue.name = name;
            queue.traits = traitsOf(*rq);
            queue.readAt = batch.at;
            queue.waiting = 0;
            batch.queues.append(queue);
        }
        f.scene.store.apply(batch);
        f.scene.store.publish();
        const WorkerHandle worker = f.scene.store.find(source, "w1");
        QCOMPARE(f.scene.store.worker(worker).liveness, Liveness::Ghost);
        f.actions.ask(Act::Reap, {worker});
        CommandDialog *dialog = f.dialog();
        QVERIFY(dialog);
        f.part<QToolButton>(*dialog, "showBytes")->click();
        QCOMPARE(f.part<BytesView>(*dialog, "bytes")->text(),
                 u"SREM rq:workers:default rq:worker:w1\nSREM rq:workers:mails rq:worker:w1\nSREM rq:workers rq:worker:w1"_s);
        dialog->reject();
        // Where its acts are listed it is no different.
        auto *panel = new WorkerCommands(f.actions, &f.ground);
        auto *column = new QVBoxLayout(&f.ground);
        column->addWidget(panel);
        panel->setWorkers({worker});
        f.ground.show();
        QVERIFY(QTest::qWaitForWindowExposed(&f.ground, patience));
        f.part<QToolButton>(f.ground, "showBytes")->click();
        const QString written = f.part<BytesView>(f.ground, "bytes")->text();
        QVERIFY2(written.contains(u"SREM rq:workers:mails rq:worker:w1"_s) && !written.contains(u"{queue}"_s),
                 qPrintable(written));
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
        const WorkerHandle worker = own(f, 1, TraitsRef::of(celery)).front();
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
        const WorkerHandle worker = own(f, 1, TraitsRef::of(sidekiq)).front();
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
        const std::vector<WorkerHandle> workers = own(f, 3);
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
        const std::vector<WorkerHandle> workers = own(f, 2, TraitsRef::of(traits));
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

    void severalSystemsAreEachNamed()
    {
        CommandFixture f;
        f.access.unlock();
        std::vector<WorkerHandle> workers = own(f, 1);
        workers = f.workers(2);
        const CommandPreview preview = previewCommand(f.scene.store, f.ledger, f.access, Act::Drain, workers, 0);
        QCOMPARE(preview.systems.size(), size_t(2));
        QVERIFY(!preview.ownSystem());
        const QString meaning = actMeaning(preview);
        QVERIFY2(meaning.contains(u"Quiet (drain)"_s) && meaning.contains(u"must exit later"_s), qPrintable(meaning));
        QCOMPARE(meaning.count(u'\n'), 1);
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
        own(f, 1);
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
        const WorkerHandle worker = own(f, 1, TraitsRef::of(traits)).front();
        QVERIFY(f.actions.offer(Act::Resume, {worker}).enabled); // It has not said yet.
        f.describe(worker, traits, {u"celery"_s, u"slow"_s});
        const CommandActions::Offer offer = f.actions.offer(Act::Resume, {worker});
        QVERIFY(!offer.enabled);
        QCOMPARE(offer.toolTip, u"Takes work already: it serves celery, slow."_s);
    }

    void aQueueIsPausedFromItsDialog()
    {
        CommandFixture f;
        f.access.unlock();
        QWidget parent;
        const CommandContext context = f.context();
        TargetDialog dialog(context, Act::PauseQueue, {{FleetScene::prod, ActScope::Queue, "mail", ownTraits()}}, &parent);
        dialog.show();
        QVERIFY(f.part<ToneLabel>(dialog, "question")->text().contains("the queue mail"_L1));
        f.part<QToolButton>(dialog, "showBytes")->click();
        QCOMPARE(f.part<BytesView>(dialog, "bytes")->text(), u"SET mail:paused 1"_s);
        auto *act = f.part<QPushButton>(dialog, "act");
        const auto labels = dialog.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->text() == "Reason"_L1 && label->buddy() == f.part<QLineEdit>(dialog, "reason");
        }));
        // The scene's first source is production: its name is typed.
        f.part<QLineEdit>(dialog, "confirm")->setText(f.scene.store.sourceName(FleetScene::prod));
        f.part<QLineEdit>(dialog, "reason")->setText(u"backlog"_s);
        QVERIFY(act->isEnabled());
        QSignalSpy issued(&dialog, &TargetDialog::issued);
        act->click();
        QCOMPARE(issued.size(), 1);
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.front().queue, "mail");
        QCOMPARE(f.sent.front().reason, u"backlog"_s);
    }

    /// The record of such a worker shows no command: its strip and its lane have the moments at which it was written and read.
    void theLaneShowsWhenACommandWasRead()
    {
        ActionsFixture f;
        f.access.unlock();
        const WorkerHandle worker = own(f, 1).front();
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
        const WorkerHandle worker = own(f, 1, TraitsRef::of(traits)).front();
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

    /// A button that no worker can use says nothing of what there is: the act on the whole fleet takes its place, and a line
    /// below names the difference.
    void whereNoWorkerCanBeDrainedTheFleetIsOffered()
    {
        ActionsFixture f;
        f.access.unlock();
        SourceTraits traits = *ownTraits();
        ActTraits &drain = traits.acts[size_t(Act::Drain)];
        drain = {};
        drain.whyNot = u"It cannot stop one worker from taking jobs; all can be suspended."_s;
        traits.acts[size_t(Act::PauseFleet)].means = u"No worker takes new jobs."_s;
        const WorkerHandle worker = own(f, 1, TraitsRef::of(traits)).front();
        auto *panel = new WorkerCommands(f.actions, &f.ground);
        auto *column = new QVBoxLayout(&f.ground);
        column->addWidget(panel);
        panel->setWorkers({worker});
        f.ground.show();
        QVERIFY(QTest::qWaitForWindowExposed(&f.ground, patience));
        auto *button = f.part<ElidedButton>(f.ground, "drain");
        QVERIFY(button->isVisible() && button->isEnabled());
        QCOMPARE(button->text(), u"Suspend all…"_s);
        QVERIFY(button->toolTip().contains(u"No worker takes new jobs."_s));
        QCOMPARE(panel->line(), drain.whyNot);
        button->click();
        auto *dialog = f.ground.findChild<TargetDialog *>();
        QVERIFY(dialog);
        QVERIFY(dialog->windowTitle().contains("the whole Sidekiq fleet of"_L1));
        dialog->reject();
        // Without any act of that kind there is no button.
        traits.acts[size_t(Act::PauseFleet)].whyNot = u"It has none."_s;
        own(f, 1, TraitsRef::of(traits));
        panel->setWorkers({worker});
        QVERIFY(!button->isVisible());
        QCOMPARE(panel->line(), drain.whyNot);
    }

    /// In the Commands menu those of all sources, in the menu of a source its own.
    void wholeFleetsAreInTheMenus()
    {
        ActionsFixture f;
        const WorkerHandle worker = own(f, 1).front();
        const SourceId source = f.scene.store.worker(worker).source;
        CommandActions &actions = f.actions;
        const QString name = u"pause-fleet sidekiq %1"_s.arg(source);
        QMenu locked;
        QVERIFY(addFleetActs(locked, actions));
        QVERIFY(!actionOf(locked, name)->isEnabled());
        QVERIFY(actionOf(locked, name)->toolTip().contains("Ctrl+L"_L1));
        f.access.unlock();
        QMenu menu;
        QVERIFY(addFleetActs(menu, actions));
        QCOMPARE(menu.actions().size(), 1); // It cannot be resumed.
        QAction *pause = actionOf(menu, name);
        QVERIFY(pause && pause->isEnabled());
        QCOMPARE(pause->text(),
                 QString(u"Suspend All (Pause Whole Fleet): Sidekiq on "_s + f.scene.store.sourceName(source) + u'…'));
        QMenu here;
        QVERIFY(addFleetActs(here, actions, source));
        QCOMPARE(actionOf(here, name)->text(), u"Suspend All (Pause Whole Fleet): Sidekiq…"_s);
        // Of no use while they are paused already.
        FleetBatch batch;
        batch.source = source;
        batch.generation = f.scene.store.sourceStatus(source).generation;
        PauseSample paused;
        paused.traits = f.scene.store.worker(worker).traits;
        paused.known = paused.paused = true;
        batch.pauses = {paused};
        f.scene.store.apply(batch);
        QMenu already;
        QVERIFY(!addFleetActs(already, actions, source));
        batch.pauses.front().paused = false;
        f.scene.store.apply(batch);
        QVERIFY(addFleetActs(already, actions, source));
        QMenu elsewhere;
        QVERIFY(!addFleetActs(elsewhere, actions, source == FleetScene::prod ? FleetScene::staging : FleetScene::prod));
        pause->trigger();
        auto *dialog = f.ground.findChild<TargetDialog *>();
        QVERIFY(dialog);
        QVERIFY(dialog->windowTitle().contains("the whole Sidekiq fleet of"_L1));
        f.part<QLineEdit>(*dialog, "confirm")->setText(f.scene.store.sourceName(source));
        f.part<QLineEdit>(*dialog, "reason")->setText(u"deploy"_s);
        f.part<QPushButton>(*dialog, "act")->click();
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.front().act, Act::PauseFleet);
        QCOMPARE(f.sent.front().scope, ActScope::Fleet);
        QCOMPARE(f.sent.front().system, u"sidekiq"_s);
        const CommandGroup &group = *f.ledger.group(f.sent.front().group);
        QCOMPARE(groupTitle(group), u"Suspend all (pause whole fleet) · 1 fleet"_s);
        // In a narrow list how many it is for is not what is cut.
        const QFontMetrics metrics(Theme::instance().bodyFont());
        const int needed = metrics.horizontalAdvance(groupTitle(group));
        QCOMPARE(GroupDelegate::fittingTitle(group, metrics, needed), groupTitle(group));
        QCOMPARE(GroupDelegate::fittingTitle(group, metrics, needed - 1), u"Suspend all · 1 fleet"_s);
        const QString narrow =
            GroupDelegate::fittingTitle(group, metrics, metrics.horizontalAdvance(u"Suspend all · 1 fleet"_s) * 9 / 10);
        QVERIFY2(narrow.endsWith("1 fleet"_L1) && narrow.contains(u'…'), qPrintable(narrow));
        // When it is seen to be paused, it is known who did it.
        CommandProgress done;
        done.command = f.sent.front().id;
        done.source = source;
        done.outcome = CommandProgress::Outcome::Done;
        done.at = f.scene.clock.nowMs();
        f.ledger.takeProgress({done});
        batch.pauses.front().paused = true;
        batch.pauses.front().readAt = f.scene.clock.nowMs();
        f.scene.store.apply(batch);
        const OrderNote *const order = f.scene.store.recordedFleetPause(source, u"sidekiq"_s);
        QVERIFY(order);
        QCOMPARE(order->reason, u"deploy"_s);
    }

    void theWindowOffersWholeFleets()
    {
        CommandFixture f;
        own(f, 1);
        f.open();
        QStringList where;
        for (auto *menu : f.window->menuBar()->findChildren<QMenu *>(Qt::FindDirectChildrenOnly)) {
            emit menu->aboutToShow();
            for (const QAction *action : menu->findChildren<QAction *>()) {
                if (action->objectName().startsWith("pause-fleet "_L1))
                    where.append(menu->title().remove(u'&'));
            }
        }
        QCOMPARE(where, (QStringList{u"Commands"_s, u"Sources"_s}));
    }

    /// Also what is no act, where another page is shown or a source is not connected.
    void theMenuBarSaysWhy()
    {
        CommandFixture f;
        f.open();
        SourceStatus off = f.scene.store.sourceStatus(FleetScene::prod);
        off.state = SourceState::Off;
        f.scene.store.applyStatus(off);
        for (const QString &page : {u"fleet"_s, u"activity"_s}) {
            f.window->showPage(page);
            int disabled = 0;
            for (auto *menu : f.window->menuBar()->findChildren<QMenu *>(Qt::FindDirectChildrenOnly)) {
                const QString title = menu->title().remove(u'&');
                if (title != "View"_L1 && title != "Fleet"_L1 && title != "Sources"_L1)
                    continue;
                emit menu->aboutToShow();
                for (const QAction *action : menu->findChildren<QAction *>()) {
                    if (action->isEnabled() || action->isSeparator() || action->menu())
                        continue;
                    ++disabled;
                    const QString plain = action->text().remove(u'…').remove(u'&');
                    QVERIFY2(!action->toolTip().isEmpty() && action->toolTip() != plain, qPrintable(action->text()));
                }
            }
            QVERIFY2(disabled >= (page == "fleet"_L1 ? 1 : 4), qPrintable(QString::number(disabled)));
        }
    }

    void aWholeFleetAlwaysAsksForAReason()
    {
        ActionsFixture f;
        f.access.unlock();
        TargetDialog dialog(f.all, Act::PauseFleet, {{FleetScene::prod, ActScope::Fleet, {}, ownTraits()}}, &f.ground);
        dialog.show();
        const QString question = f.part<ToneLabel>(dialog, "question")->text();
        QVERIFY2(question.contains("the whole Sidekiq fleet of"_L1), qPrintable(question));
        QVERIFY(question.startsWith("Suspend all (pause whole fleet)"_L1));
        f.part<QLineEdit>(dialog, "confirm")->setText(f.scene.store.sourceName(FleetScene::prod));
        auto *act = f.part<QPushButton>(dialog, "act");
        QVERIFY(!act->isEnabled());
        f.part<QLineEdit>(dialog, "reason")->setText(u"deploy"_s);
        QVERIFY(act->isEnabled());
        // Where it is not offered it says why.
        CommandActions &actions = f.actions;
        QVERIFY(!actions.whyNotTargets(Act::ResumeFleet, {{FleetScene::prod, ActScope::Fleet, {}, ownTraits()}}).isEmpty());
        QVERIFY(actions.whyNotTargets(Act::PauseFleet, {{FleetScene::prod, ActScope::Fleet, {}, ownTraits()}}).isEmpty());
    }
};

PULSEDECK_TEST(SystemActsTest, runWithTheme)
#include "systemacts_test.moc"
