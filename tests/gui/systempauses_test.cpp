// SPDX-License-Identifier: GPL-3.0-or-later
// Acts on queues and whole fleets, and removals, of a system that a layout describes.
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/gui/systemactsfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/commands/commanddialog.h"
#include "ui/commands/targetdialog.h"
#include "ui/commands/workercommands.h"
#include "ui/common/bytesview.h"
#include "ui/common/commandtexts.h"
#include "ui/common/elidedbutton.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class SystemPausesTest : public QObject
{
    Q_OBJECT

private slots:
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

    void severalSystemsAreEachNamed()
    {
        CommandFixture f;
        f.access.unlock();
        std::vector<WorkerHandle> workers = ownWorkers(f, 1);
        workers = f.workers(2);
        const CommandPreview preview = previewCommand(f.scene.store, f.ledger, f.access, Act::Drain, workers, 0);
        QCOMPARE(preview.systems.size(), size_t(2));
        QVERIFY(!preview.ownSystem());
        const QString meaning = actMeaning(preview);
        QVERIFY2(meaning.contains(u"Quiet (drain)"_s) && meaning.contains(u"must exit later"_s), qPrintable(meaning));
        QCOMPARE(meaning.count(u'\n'), 1);
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
        const WorkerHandle worker = ownWorkers(f, 1, TraitsRef::of(traits)).front();
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
        ownWorkers(f, 1, TraitsRef::of(traits));
        panel->setWorkers({worker});
        QVERIFY(!button->isVisible());
        QCOMPARE(panel->line(), drain.whyNot);
    }

    /// In the Commands menu those of all sources, in the menu of a source its own.
    void wholeFleetsAreInTheMenus()
    {
        ActionsFixture f;
        const WorkerHandle worker = ownWorkers(f, 1).front();
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
        ownWorkers(f, 1);
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

PULSEDECK_TEST(SystemPausesTest, runWithTheme)
#include "systempauses_test.moc"
