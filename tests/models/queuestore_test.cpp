// SPDX-License-Identifier: GPL-3.0-or-later
// The store of queues as a value: what is counted, how that moves, who serves them, and what is to be said of them.
#include "models/fleet/queuefacts.h"
#include "models/fleet/queuestore.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

TraitsRef traitsOf(const QString &system, bool queues = true)
{
    SourceTraits traits;
    traits.layout = system;
    traits.facts.setFlag(SourceFact::Queues, queues);
    return TraitsRef::of(traits);
}

QueueSample sampleOf(const QByteArray &name, qint64 at, qint64 waiting, const QString &system = u"sidekiq"_s)
{
    QueueSample sample;
    sample.name = name;
    sample.traits = traitsOf(system);
    sample.readAt = at;
    sample.waiting = waiting;
    return sample;
}

const QueueKey criticalKey{1, u"sidekiq"_s, "critical"};

bool everybody(WorkerHandle)
{
    return true;
}

bool nobody(WorkerHandle)
{
    return false;
}

} // namespace

class QueueStoreTest : public QObject
{
    Q_OBJECT

private slots:
    void aQueueIsKnownBySourceSystemAndName()
    {
        QueueStore store;
        store.apply(1, sampleOf("critical", 1'000, 3));
        store.apply(2, sampleOf("critical", 1'000, 4));
        store.apply(1, sampleOf("critical", 1'000, 5, u"rq"_s));
        QCOMPARE(store.all().size(), size_t(3));
        QCOMPARE(store.find(criticalKey)->latest.waiting, 3);
        QCOMPARE(store.find({1, u"rq"_s, "critical"})->latest.waiting, 5);
        QCOMPARE(store.find({1, u"rq"_s, "other"}), nullptr);
        const quint64 before = store.revision();
        QueueSample last = sampleOf("critical", 2'000, 0);
        last.gone = true;
        store.apply(1, last);
        QCOMPARE(store.find(criticalKey), nullptr);
        QVERIFY(store.revision() > before);
        store.removeSource(2);
        QCOMPARE(store.all().size(), size_t(1));
    }

    void theHistoryIsBoundedAndTheLastOfASlotCounts()
    {
        QueueHistory history;
        history.add({1'000, 5});
        history.add({9'000, 7});
        QCOMPARE(history.fine(), (std::vector<QueuePoint>{{9'000, 7}}));
        for (qint64 at = 0; at <= 7 * 3'600'000; at += 5'000)
            history.add({at, at / 1'000});
        QCOMPARE(history.fine().size(), QueueHistory::mostFine);
        QCOMPARE(history.coarse().size(), QueueHistory::mostCoarse);
        QCOMPARE(history.fine().back().at - history.fine().front().at, qint64(QueueHistory::mostFine - 1) * 10'000 - 5'000);
        QVERIFY(history.coarse().back().at - history.coarse().front().at >= 5 * 3'600'000 + 50 * 60'000);
        QCOMPARE(history.at(7 * 3'600'000 - 60'000)->waiting, (7 * 3'600'000 - 60'000 - 5'000) / 1'000);
        QCOMPARE(history.at(-1), nullptr);
        // A clock that was set back.
        history.add({500, 1});
        QCOMPARE(history.fine().size(), size_t(1));
    }

    void ratesAreDifferencesOfCounters()
    {
        QueueStore store;
        QueueSample sample = sampleOf("critical", 0, 100);
        for (int i = 0; i <= 12; ++i) {
            sample.readAt = 1'000'000 + i * 10'000;
            sample.taken = 500 + i * 20; // Two a second.
            sample.added = 600 + i * 25;
            sample.waiting = 100 + i * 5;
            store.apply(1, sample);
            if (i == 0)
                QCOMPARE(store.find(criticalKey)->outPerMinute, -1.0);
        }
        QCOMPARE(store.find(criticalKey)->outPerMinute, 120.0);
        QCOMPARE(store.find(criticalKey)->inPerMinute, 150.0);
        QVERIFY(store.find(criticalKey)->counts.size() <= QueueStore::mostCounts);
        // Begun again: the difference to what was before means nothing.
        sample.readAt += 10'000;
        sample.taken = 3;
        store.apply(1, sample);
        QCOMPARE(store.find(criticalKey)->outPerMinute, -1.0);
    }

    void whatWasDoneAndIsAtWorkWasTaken()
    {
        QueueStore store;
        QueueSample sample = sampleOf("critical", 1'000'000, 100);
        sample.atWork = 5;
        sample.done = 1'000;
        store.apply(1, sample);
        sample.readAt += 30'000;
        sample.atWork = 8;
        sample.done = 1'030;
        sample.waiting = 110;
        store.apply(1, sample);
        QCOMPARE(store.find(criticalKey)->outPerMinute, 60.0);
        QCOMPARE(store.find(criticalKey)->inPerMinute, 86.0); // 30 done, 10 more wait, 3 more are at work.
        QCOMPARE(store.find(criticalKey)->flow.back(), (QueueFlow{1'030'000, 86.0, 60.0}));
        // A new day, or an emptied Redis: the counter begins again, and so does counting.
        sample.readAt += 2'000;
        sample.done = 4;
        store.apply(1, sample);
        QCOMPARE(store.find(criticalKey)->outPerMinute, -1.0);
        sample.readAt += 10'000;
        sample.done = 14;
        store.apply(1, sample);
        QCOMPARE(store.find(criticalKey)->outPerMinute, 60.0);
        // Where jobs at work are not known it is not known what came.
        QueueSample low = sampleOf("low", 1'000'000, 100);
        for (low.done = 0; low.done <= 10; low.done += 5, low.readAt += 10'000)
            store.apply(1, low);
        QCOMPARE(store.find({1, u"sidekiq"_s, "low"})->outPerMinute, 30.0);
        QCOMPARE(store.find({1, u"sidekiq"_s, "low"})->inPerMinute, -1.0);
    }

    void whatCameIsTakenOrWaitsNowOrLater()
    {
        QueueStore store;
        QueueSample sample = sampleOf("critical", 1'000'000, 100);
        sample.added = 1'000;
        sample.delayed = 10;
        store.apply(1, sample);
        sample.readAt += 60'000;
        sample.added = 1'100;
        sample.waiting = 120;
        sample.delayed = 40;
        store.apply(1, sample);
        QCOMPARE(store.find(criticalKey)->inPerMinute, 100.0);
        QCOMPARE(store.find(criticalKey)->outPerMinute, 50.0);
    }

    void workersThatServeOneQueueCountForIt()
    {
        QueueStore store;
        QHash<WorkerHandle, qint64> done{{7, 100}, {8, 5}};
        WorkerHandle appeared = noWorker;
        const auto doneBy = [&](WorkerHandle worker) {
            return QueueStore::WorkerDone{done.value(worker, -1), worker == appeared};
        };
        const TraitsRef traits = sampleOf("critical", 0, 0).traits;
        store.serve(7, 1, traits, {u"critical"_s});
        store.serve(8, 1, traits, {u"critical"_s});
        QueueSample sample = sampleOf("critical", 1'000'000, 0);
        sample.doneByWorkers = true;
        store.apply(1, sample, doneBy);
        done[7] += 20;
        done[8] = 3; // Started again, and has done three since.
        sample.readAt += 30'000;
        store.apply(1, sample, doneBy);
        QCOMPARE(store.find(criticalKey)->outPerMinute, 46.0);
        // What one that was there already did before it was seen was done at some other time.
        done.insert(9, 1'000);
        store.serve(9, 1, traits, {u"critical"_s});
        sample.readAt += 30'000;
        store.apply(1, sample, doneBy);
        QCOMPARE(store.find(criticalKey)->outPerMinute, 23.0);
        QVERIFY(store.isServedAlone(criticalKey));
        // One that appeared while the console watched has done all its jobs since.
        appeared = 10;
        done.insert(10, 12);
        store.serve(10, 1, traits, {u"critical"_s});
        sample.readAt += 60'000;
        store.apply(1, sample, doneBy);
        QCOMPARE(store.find(criticalKey)->outPerMinute, 12.0);
        // One that serves another queue as well: it is not known for which it works.
        store.serve(9, 1, traits, {u"critical"_s, u"low"_s});
        QVERIFY(!store.isServedAlone(criticalKey));
        sample.readAt += 30'000;
        store.apply(1, sample, doneBy);
        QCOMPARE(store.find(criticalKey)->outPerMinute, -1.0);
        QVERIFY(store.find(criticalKey)->workersMixed);
        store.serve(9, 1, traits, {u"critical"_s, u"critical"_s}); // As weights may be written.
        QVERIFY(store.isServedAlone(criticalKey));
        store.unserve(9);
        QVERIFY(store.isServedAlone(criticalKey));
        store.serve(9, 1, traits, {u"*"_s});
        QVERIFY(!store.isServedAlone(criticalKey));
    }

    void whatASystemCountsForAllQueuesIsNoQueue()
    {
        QueueStore store;
        QueueSample whole = sampleOf({}, 1'000'000, 50);
        whole.whole = true;
        whole.done = 10;
        whole.delayed = 4;
        store.apply(1, whole);
        whole.readAt += 60'000;
        whole.done = 70;
        store.apply(1, whole);
        QCOMPARE(store.all().size(), size_t(0));
        const QueueRecord *record = store.whole(1, u"sidekiq"_s);
        QVERIFY(record);
        QCOMPARE(record->outPerMinute, 60.0);
        QCOMPARE(record->latest.delayed, 4);
        QCOMPARE(queueWholeText(*record, true), u"Redis: 4 delayed, 60 out per minute in all its queues"_s);
        // Fetched jobs that wait in a worker are not at work.
        whole.reserved = 8;
        store.apply(1, whole);
        QCOMPARE(queueWholeText(*record, true), u"Redis: 4 delayed, 8 reserved or at work in all its queues"_s);
        QCOMPARE(store.whole(1, u"rq"_s), nullptr);
        store.removeSource(1);
        QCOMPARE(store.whole(1, u"sidekiq"_s), nullptr);
    }

    /// What is at work is known later than the rest: in is not kept back for the whole minute in which the oldest count lacks it,
    /// and out is of the same time.
    void inIsKnownSoonAfterWhatIsAtWork()
    {
        QueueStore store;
        QueueSample whole = sampleOf({}, 1'000'000, 5);
        whole.whole = true;
        const auto report = [&](qint64 at, qint64 waiting, qint64 atWork, qint64 done) {
            whole.readAt = at;
            whole.waiting = waiting;
            whole.atWork = atWork;
            whole.done = done;
            store.apply(1, whole);
        };
        report(1'000'000, 5, -1, 0);
        report(1'010'000, 5, 3, 10);
        const QueueRecord *record = store.whole(1, u"sidekiq"_s);
        QVERIFY(record);
        QCOMPARE(record->outPerMinute, 60.0);
        QCOMPARE(record->inPerMinute, -1.0);
        report(1'020'000, 8, 5, 30);
        QCOMPARE(record->outPerMinute, 120.0);
        QCOMPARE(record->inPerMinute, 150.0); // 20 were done, 3 more wait, and 2 more are at work.
        report(1'030'000, 8, -1, 40); // Without it nothing follows.
        QCOMPARE(record->inPerMinute, -1.0);
        QVERIFY(record->outPerMinute > 0);
    }

    void pausesThatAreOverAreKept()
    {
        QueueStore store;
        QueueSample sample = sampleOf("critical", 1'000'000, 1);
        const auto at = [&](qint64 ms, bool paused) {
            sample.readAt = ms;
            sample.paused = paused;
            store.apply(1, sample);
        };
        at(1'000'000, true);
        at(1'010'000, false); // When it began nobody saw.
        at(1'020'000, true);
        at(1'050'000, true);
        QCOMPARE(store.find(criticalKey)->pausedSince, 1'020'000);
        at(1'080'000, false);
        QCOMPARE(store.find(criticalKey)->pauses, (std::vector<QueuePause>{{0, 1'010'000}, {1'020'000, 1'080'000}}));
        for (int i = 0; i < 100; ++i)
            at(2'000'000 + i * 1'000, i % 2 == 0);
        QCOMPARE(store.find(criticalKey)->pauses.size(), QueueStore::mostPauses);
    }

    void oneCounterAndWhatWaitsGiveTheOther()
    {
        QueueStore store;
        QueueSample sample = sampleOf("critical", 1'000'000, 100);
        sample.taken = 0;
        store.apply(1, sample);
        sample.readAt += 30'000;
        sample.taken = 30;
        sample.waiting = 110;
        store.apply(1, sample);
        QCOMPARE(store.find(criticalKey)->outPerMinute, 60.0);
        QCOMPARE(store.find(criticalKey)->inPerMinute, 80.0);
        // Without any counter nothing is known: how it moves is no rate.
        store.apply(1, sampleOf("low", 1'000'000, 10));
        store.apply(1, sampleOf("low", 1'030'000, 20));
        QCOMPARE(store.find({1, u"sidekiq"_s, "low"})->inPerMinute, -1.0);
        QCOMPARE(store.find({1, u"sidekiq"_s, "low"})->outPerMinute, -1.0);
    }

    void whoServesAQueue()
    {
        QueueStore store;
        const TraitsRef sidekiq = traitsOf(u"sidekiq"_s);
        store.serve(7, 1, sidekiq, {u"critical"_s, u"low"_s});
        store.serve(3, 1, sidekiq, {u"critical"_s});
        store.serve(5, 1, sidekiq, {u"*"_s});
        store.serve(9, 2, sidekiq, {u"critical"_s});
        QCOMPARE(store.servers(criticalKey), (std::vector<WorkerHandle>{3, 5, 7}));
        store.serve(7, 1, sidekiq, {u"low"_s});
        QCOMPARE(store.servers(criticalKey), (std::vector<WorkerHandle>{3, 5}));
        store.unserve(5);
        QCOMPARE(store.servers(criticalKey), (std::vector<WorkerHandle>{3}));
        QVERIFY(store.servers({4, u"sidekiq"_s, "critical"}).empty());
    }

    void jobsWaitAndNobodyWorksHere()
    {
        QueueStore store;
        store.apply(1, sampleOf("critical", 1'000, 3));
        const auto state = [&](bool (*lives)(WorkerHandle)) { return store.state(*store.find(criticalKey), lives); };
        QCOMPARE(state(everybody), QueueState::Unserved);
        store.serve(3, 1, traitsOf(u"sidekiq"_s), {u"critical"_s});
        QCOMPARE(state(everybody), QueueState::Active);
        QCOMPARE(state(nobody), QueueState::Unserved); // Who served it is dead.
        // One that does not say what it serves may serve this one.
        store.serve(3, 1, traitsOf(u"sidekiq"_s), {u"low"_s});
        QCOMPARE(state(everybody), QueueState::Unserved);
        store.serve(4, 1, traitsOf(u"sidekiq"_s), {});
        QCOMPARE(state(everybody), QueueState::Active);
        QCOMPARE(state(nobody), QueueState::Unserved);
        // Nothing waits, or it is paused.
        store.apply(1, sampleOf("critical", 2'000, 0));
        QCOMPARE(state(nobody), QueueState::Active);
        QueueSample paused = sampleOf("critical", 3'000, 9);
        paused.paused = true;
        store.apply(1, paused);
        QCOMPARE(state(nobody), QueueState::Paused);
        QCOMPARE(store.find(criticalKey)->pausedSince, 3'000);
        QCOMPARE(queueStateName(QueueState::Unserved), u"unserved"_s);
        // All workers of its system, and of no other.
        store.apply(1, sampleOf("critical", 4'000, 9));
        PauseSample all;
        all.traits = traitsOf(u"sidekiq"_s);
        all.readAt = 5'000;
        store.applyPause(1, all);
        QCOMPARE(state(nobody), QueueState::Unserved); // The key could not be read.
        all.known = all.paused = true;
        store.applyPause(1, all);
        QCOMPARE(state(nobody), QueueState::Paused);
        QCOMPARE(store.fleetPause(1, u"sidekiq"_s)->since, 0); // It may have been so before.
        QVERIFY(!store.fleetPause(2, u"sidekiq"_s) && !store.fleetPause(1, u"rq"_s));
        all.paused = false;
        all.readAt = 6'000;
        store.applyPause(1, all);
        QCOMPARE(state(nobody), QueueState::Unserved);
        QCOMPARE(store.fleetPause(1, u"sidekiq"_s)->endedAt, 6'000);
        all.paused = true;
        all.readAt = 7'000;
        store.applyPause(1, all);
        all.readAt = 8'000;
        store.applyPause(1, all);
        QCOMPARE(store.fleetPause(1, u"sidekiq"_s)->since, 7'000);
        QCOMPARE(store.fleetPauses(1).size(), size_t(1));
        store.removeSource(1);
        QVERIFY(store.fleetPauses(1).empty());
        store.apply(1, paused);
        // A system whose workers never say which queues they serve, but whose queue has a beat of its own.
        QueueSample bull = sampleOf("mail", 1'000, 4, u"bullmq"_s);
        bull.traits = traitsOf(u"bullmq"_s, false);
        store.apply(1, bull);
        const QueueKey mail{1, u"bullmq"_s, "mail"};
        QCOMPARE(store.state(*store.find(mail), nobody), QueueState::Active);
        bull.unserved = true;
        store.apply(1, bull);
        QCOMPARE(store.state(*store.find(mail), nobody), QueueState::Unserved);
        // Whoever is known to serve it counts, also where the beat is switched off.
        bull.traits = traitsOf(u"bullmq"_s);
        store.apply(1, bull);
        store.serve(5, 1, traitsOf(u"bullmq"_s), {u"mail"_s});
        QCOMPARE(store.state(*store.find(mail), everybody), QueueState::Active);
        QCOMPARE(store.state(*store.find(mail), nobody), QueueState::Unserved);
        // And the beat counts where nobody is seen.
        bull.unserved = false;
        store.apply(1, bull);
        QCOMPARE(store.state(*store.find(mail), nobody), QueueState::Unserved);
        bull.served = true;
        store.apply(1, bull);
        QCOMPARE(store.state(*store.find(mail), nobody), QueueState::Active);
    }

    void aQueueGrows()
    {
        QueueStore store;
        store.serve(3, 1, traitsOf(u"sidekiq"_s), {u"critical"_s});
        for (int minute = 0; minute <= 11; ++minute)
            store.apply(1, sampleOf("critical", 1'000'000 + minute * 60'000, 100 + minute * 5));
        QCOMPARE(store.state(*store.find(criticalKey), everybody), QueueState::Growing);
        store.apply(1, sampleOf("critical", 1'000'000 + 12 * 60'000, 101));
        QCOMPARE(store.state(*store.find(criticalKey), everybody), QueueState::Active);
    }

    void hostileNamesAndNumbersAreRefused()
    {
        QueueStore store;
        store.apply(1, sampleOf(QByteArray(QueueStore::mostName + 1, 'x'), 1'000, 1));
        QCOMPARE(store.refused(), 1);
        for (size_t i = 0; i <= QueueStore::mostQueues; ++i)
            store.apply(1, sampleOf(QByteArray::number(qulonglong(i)), 1'000, 1));
        QCOMPARE(store.all().size(), QueueStore::mostQueues);
        QCOMPARE(store.refused(), 2);
        store.apply(2, sampleOf("critical", 1'000, 1)); // Another source has room of its own.
        QCOMPARE(store.all().size(), QueueStore::mostQueues + 1);
        // A worker's list is cut as its facts are.
        QStringList many;
        for (int i = 0; i < 200; ++i)
            many.append(u"q%1"_s.arg(i));
        store.serve(1, 3, traitsOf(u"sidekiq"_s), many);
        QCOMPARE(store.servers({3, u"sidekiq"_s, "q63"}).size(), size_t(1));
        QVERIFY(store.servers({3, u"sidekiq"_s, "q64"}).empty());
    }
};

PULSEDECK_TEST(QueueStoreTest, runWithEvents)
#include "queuestore_test.moc"
