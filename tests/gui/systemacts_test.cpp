// SPDX-License-Identifier: GPL-3.0-or-later
// Acts of a system that a layout describes: its own names, the exact bytes, and acts on queues and whole fleets.
#include "tests/gui/commandfixture.h"
#include "tests/support/testapplication.h"
#include "ui/commands/commandmenu.h"
#include "ui/commands/targetdialog.h"
#include "ui/common/commandtexts.h"
#include "ui/common/tonelabel.h"

#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>

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
    static std::vector<WorkerHandle> own(CommandFixture &f, int count)
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
            text.traits = ownTraits();
            batch.texts.append(text);
            f.scene.store.apply(batch);
            f.report(handle, WorkerStatus::Available, 0);
        }
        return workers;
    }

private slots:
    void namesOfTheSystemStandInMenuAndDialog()
    {
        CommandFixture f;
        f.access.unlock();
        const std::vector<WorkerHandle> workers = own(f, 2);
        QCOMPARE(f.scene.store.worker(workers.front()).traits, ownTraits());
        QWidget parent;
        const CommandContext context = f.context();
        CommandActions actions(context, &parent);
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
        auto *bytes = f.part<ToneLabel>(*dialog, "bytes");
        QVERIFY(!bytes->isVisible());
        f.part<QToolButton>(*dialog, "showBytes")->click();
        QVERIFY(bytes->isVisible());
        const QString id = QString::fromUtf8(f.scene.store.worker(workers.front()).id);
        QCOMPARE(bytes->text(), QString(u"LPUSH "_s + id + u"-signals TSTP\nEXPIRE "_s + id + u"-signals 60"_s));
        dialog->reject();
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
        QCOMPARE(f.part<ToneLabel>(dialog, "bytes")->text(), u"SET mail:paused 1"_s);
        auto *act = f.part<QPushButton>(dialog, "act");
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

    void aWholeFleetAlwaysAsksForAReason()
    {
        CommandFixture f;
        f.access.unlock();
        QWidget parent;
        const CommandContext context = f.context();
        TargetDialog dialog(context, Act::PauseFleet, {{FleetScene::prod, ActScope::Fleet, {}, ownTraits()}}, &parent);
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
        CommandActions actions(context, &parent);
        QVERIFY(!actions.whyNotTargets(Act::ResumeFleet, {{FleetScene::prod, ActScope::Fleet, {}, ownTraits()}}).isEmpty());
        QVERIFY(actions.whyNotTargets(Act::PauseFleet, {{FleetScene::prod, ActScope::Fleet, {}, ownTraits()}}).isEmpty());
    }
};

PULSEDECK_TEST(SystemActsTest, runWithTheme)
#include "systemacts_test.moc"
