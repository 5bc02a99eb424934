// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/consoleaddress.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/sources/hubprotocol.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

/// Processes whose last sight is a score in a sorted set: no sessions, no endpoint, nothing to be told.
SourceTraits processTraits()
{
    SourceTraits traits;
    traits.worker = u"process"_s;
    traits.workers = u"processes"_s;
    traits.recordPrefix = "seen:";
    traits.facts = SourceFact::Push;
    traits.basis = BeatBasis::Score;
    for (ActTraits &act : traits.acts)
        act.whyNot = u"a process takes no commands"_s;
    return traits;
}

} // namespace

class SourceTraitsTest : public QObject
{
    Q_OBJECT

private slots:
    void equalTraitsAreOne()
    {
        QCOMPARE(sizeof(TraitsRef), size_t(1));
        QVERIFY(SourceKind::Hub->traits() == hubTraits());
        QVERIFY(TraitsRef::of(SourceTraits()) == TraitsRef());
        const TraitsRef process = TraitsRef::of(processTraits());
        QVERIFY(process == TraitsRef::of(processTraits()));
        QVERIFY(process != TraitsRef() && process != hubTraits());
        QCOMPARE(process->workers, u"processes"_s);
        QVERIFY(SourceKind()->traits() == TraitsRef());
        QCOMPARE(SourceKind::workerKinds(), (QStringList{u"worker"_s, u"actor"_s, u"process"_s}));
    }

    /// Two systems may call their workers the same: then one of them names its kind.
    void aKindIsFoundByItsName()
    {
        QVERIFY(SourceKind::workerKind(u"worker"_s) == TraitsRef());
        QVERIFY(SourceKind::workerKind(u"actor"_s) == hubTraits());
        QVERIFY(TraitsRef::named({}) == TraitsRef());
        SourceTraits other = processTraits();
        other.worker = u"worker"_s;
        other.kind = u"queue-worker"_s;
        const TraitsRef ref = TraitsRef::of(other);
        QVERIFY(TraitsRef::named(u"queue-worker"_s) == ref);
        QVERIFY(TraitsRef::named(u"worker"_s) == TraitsRef());
        QCOMPARE(ref->kindName(), u"queue-worker"_s);
        // And two systems may have the same word for their kinds: records have the layout, too.
        other = processTraits();
        other.worker = u"worker"_s;
        other.layout = u"other-queue"_s;
        const TraitsRef same = TraitsRef::of(other);
        QCOMPARE(same->kindName(), u"worker"_s);
        QCOMPARE(same->fullKind(), u"other-queue:worker"_s);
        QVERIFY(TraitsRef::named(same->fullKind()) == same);
        QVERIFY(TraitsRef::named(TraitsRef()->fullKind()) == TraitsRef());
        QVERIFY(TraitsRef::named(hubTraits()->fullKind()) == hubTraits());
    }

    /// From a journal of a program that knew it.
    void anUnknownKindKeepsItsName()
    {
        const TraitsRef unknown = TraitsRef::named(u"gnome"_s);
        QVERIFY(unknown != TraitsRef() && unknown == TraitsRef::named(u"gnome"_s));
        QCOMPARE(unknown->kindName(), u"gnome"_s);
        QCOMPARE(unknown->counted(2), u"2 gnome"_s);
        QVERIFY(!unknown->facts && !unknown->hasKey() && !unknown->registers());
        QVERIFY(std::none_of(allActs.begin(), allActs.end(), [unknown](Act act) { return unknown->offers(act); }));
        QVERIFY(!TraitsRef::kindNames().contains(u"gnome"_s));
        // Its protocol comes later: references that there are become what it says.
        SourceTraits traits = processTraits();
        traits.worker = u"gnome"_s;
        traits.workers = u"gnomes"_s;
        traits.counting = u"%Ln gnomes"_s;
        QVERIFY(TraitsRef::of(traits) == unknown);
        QCOMPARE(unknown->counted(2), u"2 gnomes"_s);
        QVERIFY(TraitsRef::kindNames().contains(u"gnome"_s));
        QVERIFY(TraitsRef::of(traits) == unknown);
    }

    void unknownKindsDoNotFillTheTable()
    {
        for (int i = 0; i < 1'000; ++i)
            TraitsRef::named(u"kind-%1"_s.arg(i));
        QVERIFY2(TraitsRef::named(u"kind-999"_s) == TraitsRef(), "one too many is the default");
        SourceTraits traits = processTraits();
        traits.worker = u"late"_s;
        QCOMPARE(TraitsRef::of(traits)->worker, u"late"_s);
    }

    void idsAreWrittenAsTheKindSays()
    {
        const QByteArray id = "chromium:0a1b2c3d-0000-4000-8000-000000000001";
        QCOMPARE(bareId(id, *TraitsRef()), id.mid(9));
        QCOMPARE(shortId(id, *TraitsRef()), u"0a1b2c3d"_s);
        const QByteArray address = "@(pulsedeck/a:0a1b2c3d-0000-4000-8000-000000000001)";
        QCOMPARE(bareId(address, *hubTraits()), address);
        QCOMPARE(shortId(address, *hubTraits()), QString::fromLatin1(address));
        // Only what a kind says counts, not how an id looks.
        QCOMPARE(shortId("@(a:b)", *TraitsRef()), u"b)"_s);
        QVERIFY(TraitsRef::ofId(address) == hubTraits());
        QVERIFY(TraitsRef::ofId(id) == TraitsRef());
        Worker worker;
        worker.id = address;
        QVERIFY2(!isConsole(worker), "no console is registered there");
        worker.traits = hubTraits();
        QVERIFY(isConsole(worker));
        worker.id = "@(pulsedeckx/a)";
        QVERIFY(!isConsole(worker));
    }

    void sayWhatThingsAreCalled()
    {
        QCOMPARE(TraitsRef()->counted(1), u"1 worker"_s);
        QCOMPARE(hubTraits()->counted(12), u"12 actors"_s);
        QCOMPARE(TraitsRef()->recordName("chromium:1", false).toString(), u"worker:chromium:1"_s);
        QCOMPARE(TraitsRef()->recordName("chromium:1", true).toString(), u"worker:chromium:1"_s);
        QVERIFY(hubTraits()->recordName("@(a)", false).isNull());
        QVERIFY(TraitsRef()->hasKey() && !hubTraits()->hasKey());
        QCOMPARE(traitText(hubTraits()->records), u"registrations"_s);
        QCOMPARE(traitText({}), QString());
        QCOMPARE(capitalised(u"actor"_s), u"Actor"_s);
        QCOMPARE(capitalised({}), QString());
    }

    void sayWhatCanBeDone()
    {
        for (const Act act : allActs) {
            const bool common = std::find(commonActs.begin(), commonActs.end(), act) != commonActs.end();
            QCOMPARE(TraitsRef()->offers(act), common);
            if (common)
                continue;
            // Of the others nothing is offered, and each says why in a sentence of its own.
            QVERIFY(!hubTraits()->offers(act));
            QVERIFY(!TraitsRef()->whyNot(act).isEmpty() && !hubTraits()->whyNot(act).isEmpty());
            QVERIFY(!actRow(act).concerns(Worker()));
        }
        QCOMPARE(TraitsRef()->of(Act::PauseFleet).scope, ActScope::Fleet);
        QCOMPARE(TraitsRef()->of(Act::ResumeQueue).scope, ActScope::Queue);
        QCOMPARE(TraitsRef()->actTitle(Act::ShutdownNow), u"Shut down now"_s);
        QVERIFY(TraitsRef()->of(Act::Drain).undoable);
        QCOMPARE(TraitsRef()->of(Act::Reap).proof, ActProof::Absence);
        QVERIFY(hubTraits()->offers(Act::Drain));
        QVERIFY(!hubTraits()->offers(Act::Resume));
        QVERIFY(TraitsRef()->whyNot(Act::Resume).isEmpty() && !hubTraits()->whyNot(Act::Resume).isEmpty());
        QVERIFY(!hubTraits()->of(Act::Drain).undoable);
        QCOMPARE(hubTraits()->of(Act::Drain).proof, ActProof::Answer);
        QCOMPARE(hubTraits()->actTitle(Act::ShutdownNow), u"Shut down"_s);
        QCOMPARE(hubTraits()->actTitle(Act::Drain), actTitle(Act::Drain));
    }

    void areKnownBeforeTheSourceTells()
    {
        StepClock clock;
        FleetStore store(clock);
        SourceListModel sources(store);
        SourceSettings settings = hubSettings({});
        settings.id = 3;
        settings.name = u"hub"_s;
        sources.setSource(settings);
        QVERIFY(store.sourceStatus(3).traits == hubTraits());
        QCOMPARE(sources.index(0).data(SourceListModel::StateTextRole).toString(), u"disconnected"_s);
        QVERIFY(sources.index(0).data(Qt::AccessibleTextRole).toString().contains(u"actors unknown"_s));
    }

    void workersOfOneSourceMayDiffer()
    {
        ModelFleet fleet;
        fleet.add(1, "chromium:1");
        FleetBatch batch;
        batch.source = 1;
        batch.generation = fleet.generation;
        batch.at = fleet.clock.nowMs();
        WorkerText text;
        text.number = 2;
        text.id = "queue-7";
        text.traits = TraitsRef::of(processTraits());
        batch.texts.append(text);
        batch.samples.append(fleet.alive(2));
        fleet.store.apply(batch);
        fleet.store.publish();
        const WorkerHandle worker = fleet.store.find(1, "chromium:1");
        const WorkerHandle process = fleet.store.find(1, "queue-7");
        QVERIFY(worker != noWorker && process != noWorker);
        QCOMPARE(fleet.store.worker(worker).traits->worker, u"worker"_s);
        QCOMPARE(fleet.store.worker(process).traits->worker, u"process"_s);
        const qint64 now = fleet.clock.nowMs();
        QCOMPARE(workerJson(fleet.store, process, now)["kind"_L1].toString(), u"process"_s);
        QCOMPARE(workerJson(fleet.store, process, now)["key"_L1].toString(), u"seen:queue-7"_s);
        QCOMPARE(workerJson(fleet.store, worker, now)["key"_L1].toString(), u"worker:chromium:1"_s);
        const FleetFilter filter = FleetFilter::parse(u"kind:process"_s);
        QVERIFY2(filter.isReadable(), "the filter knows what workers are called");
        QVERIFY(filter.matches(fleet.store, process, now));
        QVERIFY(!filter.matches(fleet.store, worker, now));
    }

    void aStatusSpeaksItsOwnWords()
    {
        SourceStatus status;
        status.state = SourceState::Loading;
        status.loaded = 3;
        QCOMPARE(sourceStateText(status, 0), u"scanning, 3 so far"_s);
        status.traits = hubTraits();
        QCOMPARE(sourceStateText(status, 0), u"listing, 3 so far"_s);
        status.state = SourceState::Sweeping;
        status.sweepEveryMs = 2'000;
        QCOMPARE(sourceStateText(status, 0), u"listed every 2.0 s"_s);
        status.traits = {};
        QCOMPARE(sourceStateText(status, 0), u"sweep every 2.0 s"_s);
    }

    void troubleIsTypedBesideItsWords()
    {
        SourceStatus status;
        status.setTrouble({SourceTrouble::LoginRefused, u"refused"_s, u"check"_s});
        QCOMPARE(status.message, u"refused"_s);
        QCOMPARE(status.hint, u"check"_s);
        QVERIFY(isLoginTrouble(status.trouble));
        QVERIFY((SourceFailure{SourceTrouble::LoginWanted, {}, {}}.isFinal()));
        QVERIFY(!(SourceFailure{SourceTrouble::Closed, {}, {}}.isFinal()));
        status.setTrouble({});
        QCOMPARE(status.trouble, SourceTrouble::None);
        QVERIFY(status.message.isEmpty() && status.hint.isEmpty());
        QVERIFY(!isLoginTrouble(status.trouble));
    }
};

PULSEDECK_TEST(SourceTraitsTest, runWithEvents)
#include "sourcetraits_test.moc"
