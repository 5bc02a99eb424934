// SPDX-License-Identifier: GPL-3.0-or-later
// The table of queues as a value: what is said of each, filter, groups, sums, order, and what news does to rows.
#include "models/fleet/queuetablemodel.h"
#include "tests/support/queuescene.h"
#include "tests/support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

QStringList namesOf(const QueueTableModel &model)
{
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QueueTableModel::Heading *heading = model.headingAt(row);
        names.append(heading ? QString(u"# "_s + heading->group) : model.factsAt(row)->name);
    }
    return names;
}

QString cell(const QueueTableModel &model, const QByteArray &name, QueueColumn column)
{
    return model.index(model.rowOf(QueueScene::key(name)), int(column)).data().toString();
}

} // namespace

class QueueTableModelTest : public QObject
{
    Q_OBJECT

private slots:
    void everyQueueHasItsStateAndItsFigures()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.refresh();
        const QString prod = scene.store.sourceName(FleetScene::prod);
        const QString staging = scene.store.sourceName(FleetScene::staging);
        QCOMPARE(namesOf(model), (QStringList{u"# "_s + prod, u"exports"_s, u"low"_s, u"default"_s, u"mailers"_s,
                                              u"# "_s + staging, u"reports"_s}));
        QCOMPARE(cell(model, "exports", QueueColumn::State), u"jobs wait, nobody works here"_s);
        QCOMPARE(cell(model, "low", QueueColumn::State), u"paused 4:50"_s);
        QCOMPARE(cell(model, "default", QueueColumn::State), u"active"_s);
        QCOMPARE(cell(model, "mailers", QueueColumn::State), u"active, no jobs"_s);
        QVERIFY2(cell(model, "reports", QueueColumn::State).startsWith(u"growing +20/min"_s),
                 qPrintable(cell(model, "reports", QueueColumn::State)));
        QCOMPARE(cell(model, "default", QueueColumn::Out), u"360"_s);
        QCOMPARE(cell(model, "default", QueueColumn::Oldest), u"6 s"_s);
        QCOMPARE(cell(model, "low", QueueColumn::Waiting), u"1,204"_s);
        QCOMPARE(cell(model, "low", QueueColumn::AtWork), u"0"_s);
        // What is not reported is not nothing.
        for (const QueueColumn column : {QueueColumn::AtWork, QueueColumn::Delayed, QueueColumn::Oldest, QueueColumn::Out})
            QCOMPARE(cell(model, "exports", column), u"–"_s);
        QCOMPARE(cell(model, "default", QueueColumn::Workers), u"14"_s);
        QCOMPARE(cell(model, "exports", QueueColumn::Workers), u"0"_s);
        const QueueFacts *facts = model.factsAt(model.rowOf(QueueScene::key("default")));
        QCOMPARE(facts->workers[size_t(QueueWorker::Troubled)], 1);
        QCOMPARE(facts->workers[size_t(QueueWorker::Leaving)], 1);
        QCOMPARE(facts->workers[size_t(QueueWorker::TakesJobs)], 12);
        QCOMPARE(queueWorkerOf(scene.store.worker(queueWorkers(scene.store, facts->key).front())), QueueWorker::Troubled);
    }

    /// Their keys are young, and no process is there: jobs wait for nobody.
    void whereNobodyListensNobodyWorks()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        const std::vector<WorkerHandle> servers = queueWorkers(scene.store, QueueScene::key("default"));
        QVERIFY(!servers.empty());
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = scene.store.sourceStatus(FleetScene::prod).generation;
        batch.at = scene.clock.nowMs();
        for (const WorkerHandle handle : servers) {
            WorkerSample sample;
            sample.number = scene.store.worker(handle).number;
            sample.readAt = batch.at;
            sample.beatAt = batch.at - 1'000;
            sample.status = WorkerStatus::Available;
            sample.flags = WorkerFlag::NobodyListens;
            sample.ttl = 59'000;
            sample.learntTtl = 60'000;
            sample.keyPresent = true;
            batch.samples.append(sample);
        }
        scene.store.apply(batch);
        scene.store.publish();
        model.refresh();
        const QueueFacts *facts = model.factsAt(model.rowOf(QueueScene::key("default")));
        QVERIFY(facts);
        QCOMPARE(facts->workers[size_t(QueueWorker::Lost)], int(servers.size()));
        QCOMPARE(facts->workerCount(), 0);
        QCOMPARE(cell(model, "default", QueueColumn::State), u"jobs wait, nobody works here"_s);
    }

    /// One that crashed has its mark, and does not count as one that works there.
    void whoCrashedWorksNowhere()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = scene.store.sourceStatus(FleetScene::prod).generation;
        batch.at = scene.clock.nowMs();
        WorkerSample sample;
        sample.number = 200'005;
        sample.readAt = batch.at;
        sample.beatAt = batch.at - 1'000;
        sample.status = WorkerStatus::Available;
        sample.flags = WorkerFlag::NoListener;
        sample.ttl = 59'000;
        sample.learntTtl = 60'000;
        sample.keyPresent = true;
        batch.samples.append(sample);
        scene.store.apply(batch);
        scene.store.publish();
        model.refresh();
        const QueueFacts *facts = model.factsAt(model.rowOf(QueueScene::key("default")));
        QVERIFY(facts);
        QCOMPARE(facts->workers[size_t(QueueWorker::Lost)], 1);
        QCOMPARE(facts->workers[size_t(QueueWorker::TakesJobs)], 11);
        QCOMPARE(cell(model, "default", QueueColumn::Workers), u"13"_s);
    }

    /// While a whole fleet is paused none of its workers takes a job, whatever they report.
    void nobodyTakesJobsOfAPausedFleet()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = scene.store.sourceStatus(FleetScene::prod).generation;
        batch.at = scene.clock.nowMs();
        PauseSample pause;
        pause.traits = QueueScene::pausingTraits();
        pause.readAt = batch.at;
        pause.known = pause.paused = true;
        batch.pauses = {pause};
        scene.store.apply(batch);
        scene.store.publish();
        model.refresh();
        const QueueFacts *facts = model.factsAt(model.rowOf(QueueScene::key("default")));
        QVERIFY(facts);
        QCOMPARE(facts->workers[size_t(QueueWorker::TakesJobs)], 0);
        QCOMPARE(facts->workers[size_t(QueueWorker::Paused)], 12);
        QCOMPARE(facts->workers[size_t(QueueWorker::Troubled)], 1);
        QCOMPARE(facts->workers[size_t(QueueWorker::Leaving)], 1);
    }

    /// As in the list: of a fleet that is suspended no queue is paused by itself.
    void sumsCallThePausedAsTheirSystemDoes()
    {
        QueueFacts queue;
        queue.state = QueueState::Paused;
        queue.allPaused = true;
        queue.allPausedWord = u"suspended"_s;
        QueueSums sums;
        QCOMPARE(sums.pausedText(), u"paused"_s);
        sums.add(queue);
        sums.add(queue);
        QCOMPARE(sums.paused, 2);
        QCOMPARE(sums.pausedText(), u"suspended"_s);
        queue.latest.paused = true;
        sums.add(queue);
        QCOMPARE(sums.paused, 3);
        QCOMPARE(sums.pausedText(), u"paused"_s);
        sums.add(QueueFacts());
        QCOMPARE(sums.paused, 3);
    }

    void sumsAreOfWhatIsShownAndHeadingsOfTheirGroup()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        model.refresh();
        QCOMPARE(model.sums().queues, 5);
        QCOMPARE(model.sums().unserved, 1);
        QCOMPARE(model.sums().paused, 1);
        QCOMPARE(model.sums().growing, 1);
        QCOMPARE(model.sums().atWork, 27); // Of the two that report it, and of one whose worker serves no other.
        const QueueTableModel::Heading *first = model.headingAt(0);
        QVERIFY(first);
        QCOMPARE(first->sums.queues, 4);
        QCOMPARE(first->sums.growing, 0);
        model.setFolded(0, true);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.headingAt(0)->sums.queues, 4);
        QCOMPARE(model.sums().queues, 5);
        // Another group of the same name is another group.
        scene.store.setSourceName(FleetScene::staging, scene.store.sourceName(FleetScene::prod));
        model.refresh();
        QVERIFY(model.headingAt(0)->folded && !model.headingAt(1)->folded);
        model.setFolded(0, false);
        model.setOnlyWithJobs(true);
        QCOMPARE(model.rowOf(QueueScene::key("mailers")), -1);
        QCOMPARE(model.sums().queues, 4);
        QCOMPARE(model.allCount(), 5);
        // Nothing that is reported: not known, not zero.
        QCOMPARE(QueueSums().waiting, -1);
    }

    /// A sum to which some queues add nothing is marked: so many at least. Else in and out could not be compared.
    void sumsOfWhatSomeQueuesDoNotSayAreMarked()
    {
        FleetScene scene(10, 0);
        QueueScene queues(scene);
        QueueTableModel model(scene.store);
        model.refresh();
        QCOMPARE(model.sums().outPerMinute, 420.0); // Of two queues: 360 and 60.
        QCOMPARE(model.sums().outUnknown, 3);
        QCOMPARE(model.sums().outText(), u"420+"_s);
        QCOMPARE(model.sums().inUnknown, 3);
        QVERIFY2(model.sums().inText().endsWith(u'+'), qPrintable(model.sums().inText()));
        QCOMPARE(model.headingAt(0)->sums.outText(), u"360+"_s);

        // What is counted for all queues together leaves none unknown.
        for (const QByteArray &name : {"default"_ba, "reports"_ba}) {
            QueueSample gone = queues.sample(name, 0);
            gone.gone = true;
            queues.send(gone, QueueScene::key(name).source);
        }
        QueueSample whole = queues.sample({}, -1);
        whole.whole = true;
        whole.done = 0;
        queues.send(whole);
        scene.clock.step(30'000);
        whole.readAt = scene.clock.nowMs();
        whole.done = 60;
        queues.send(whole);
        scene.store.publish();
        model.refresh();
        QCOMPARE(model.sums().queues, 3);
        QCOMPARE(model.sums().outText(), u"120"_s);
        QCOMPARE(model.sums().outUnknown, 0);
        QCOMPARE(model.sums().inText(), u"–"_s);
        QCOMPARE(model.sums().inUnknown, 3);
        QCOMPARE(model.headingAt(0)->sums.outText(), u"120"_s);
        QVERIFY2(model.headingAt(0)->note.contains(u"120 out per minute"_s), qPrintable(model.headingAt(0)->note));

        // None in those that say it is not none in all.
        QueueSums sums;
        sums.outPerMinute = 0;
        QCOMPARE(sums.outText(), u"0"_s);
        sums.outUnknown = 1;
        QCOMPARE(sums.outText(), u"–"_s);
    }

    void howManyWaitedInAllThatMatch()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        model.setFilter(QueueFilter::parse(u"queue:low,exports"_s));
        const qint64 now = scene.clock.nowMs();
        const std::vector<QueuePoint> points = model.waitingOverTime(now, 10 * 60'000);
        QCOMPARE(points.size(), size_t(QueueTableModel::trendPoints));
        QCOMPARE(points.back(), (QueuePoint{now, 1'221}));
        QCOMPARE(points.front().waiting, 1'221);
        QVERIFY(model.waitingOverTime(now, 3'600'000).size() < 40); // Nothing is known of the time before.
    }

    /// The last value of the flow of all is what stands in the sums, and of the time before nothing is made up.
    void howManyCameAndWereTakenInAllThatMatch()
    {
        FleetScene scene(10, 0);
        QueueScene queues(scene);
        const auto report = [&](qint64 taken) {
            for (const QByteArray &name : {"low"_ba, "default"_ba}) {
                QueueSample sample = queues.sample(name, 5);
                sample.taken = taken;
                queues.send(sample);
            }
        };
        for (int second = 0; second <= 180; second += 10) {
            report(second * 2);
            scene.clock.step(10'000);
        }
        scene.store.publish();
        QueueTableModel model(scene.store);
        model.setFilter(QueueFilter::parse(u"queue:low,default"_s));
        const qint64 now = scene.clock.nowMs();
        const std::vector<QueueFlow> flow = model.flowOverTime(now, 15 * 60'000);
        QCOMPARE(flow.size(), size_t(15 * 60'000 / QueueStore::flowStepMs));
        QVERIFY(model.flowOverTime(now, 3'600'000).size() < 40); // Nothing is known of the time before.
        QCOMPARE(flow.back().at, now);
        QVERIFY(model.sums().outPerMinute > 0);
        QCOMPARE(flow.back().out, model.sums().outPerMinute);
        QCOMPARE(flow.back().in, model.sums().inPerMinute);
        QVERIFY(std::is_sorted(flow.begin(), flow.end(), [](const QueueFlow &a, const QueueFlow &b) { return a.at < b.at; }));
        model.setFilter(QueueFilter::parse(u"queue:low"_s));
        const QueueFlow low = model.flowOverTime(now, 15 * 60'000).back();
        QVERIFY(low.out > 0 && low.out < flow.back().out);
        QCOMPARE(low.out, model.sums().outPerMinute);
        QVERIFY(model.flowOverTime(now + 3'600'000, 15 * 60'000).empty()); // Long ago.
    }

    void groupsAndOrder()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        model.setGrouping(QueueGrouping::System);
        QCOMPARE(model.headingAt(0)->group, u"Celery"_s);
        model.setGrouping(QueueGrouping::None);
        QCOMPARE(namesOf(model), (QStringList{u"exports"_s, u"reports"_s, u"low"_s, u"default"_s, u"mailers"_s}));
        model.sort(int(QueueColumn::Queue), Qt::AscendingOrder);
        QCOMPARE(namesOf(model), (QStringList{u"default"_s, u"exports"_s, u"low"_s, u"mailers"_s, u"reports"_s}));
        model.sort(int(QueueColumn::Waiting), Qt::DescendingOrder);
        QCOMPARE(namesOf(model), (QStringList{u"low"_s, u"reports"_s, u"default"_s, u"exports"_s, u"mailers"_s}));
    }

    void rowsThatStayKeepTheirIndexes()
    {
        FleetScene scene(10, 0);
        QueueScene queues(scene);
        QueueTableModel model(scene.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGrouping(QueueGrouping::None);
        model.sort(int(QueueColumn::Waiting), Qt::DescendingOrder);
        const QPersistentModelIndex exports(model.index(model.rowOf(QueueScene::key("exports")), 0));
        queues.send(queues.sample("exports", 5'000));
        queues.send(queues.sample("fresh", 9'000));
        QueueSample gone = queues.sample("mailers", 0);
        gone.gone = true;
        queues.send(gone);
        model.refresh(false); // The order is held: what is new comes last.
        QCOMPARE(namesOf(model), (QStringList{u"low"_s, u"reports"_s, u"default"_s, u"exports"_s, u"fresh"_s}));
        QCOMPARE(exports.row(), 3);
        model.refresh();
        QCOMPARE(namesOf(model), (QStringList{u"fresh"_s, u"exports"_s, u"low"_s, u"reports"_s, u"default"_s}));
        QCOMPARE(exports.row(), 1);
        QCOMPARE(exports.data().toString(), u"exports"_s);
        // Nothing is said where nothing looks different.
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.refresh();
        QCOMPARE(changes.size(), 0);
        queues.send(queues.sample("fresh", 9'001));
        model.refresh();
        QCOMPARE(changes.size(), 1);
    }

    void aLostSourceIsFrozenAndAHiddenOneAway()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        scene.setState(FleetScene::prod, SourceState::Waiting);
        model.refresh();
        QVERIFY(cell(model, "exports", QueueColumn::State).startsWith(u"as of "_s));
        QCOMPARE(model.sums().unserved, 0);
        QCOMPARE(model.headingAt(0)->sums.waiting, -1);
        QCOMPARE(model.headingAt(0)->sums.queues, 4);
        scene.store.setSourceVisible(FleetScene::prod, false);
        model.refresh();
        QCOMPARE(namesOf(model).size(), 2);
    }

    /// Celery's workers are known by their messages: before each had time for one, nothing is said of their queues.
    void nobodyIsMissedBeforeAllHadTimeToSpeak()
    {
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        QueueTableModel model(scene.store);
        SourceStatus status = scene.store.sourceStatus(FleetScene::prod);
        status.listening = true;
        scene.store.applyStatus(status);
        model.refresh();
        QCOMPARE(cell(model, "exports", QueueColumn::State), u"active"_s);
        status.listening = false;
        scene.store.applyStatus(status);
        model.refresh();
        QCOMPARE(cell(model, "exports", QueueColumn::State), u"jobs wait, nobody works here"_s);
    }

    void filters_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        const QStringList all{u"default"_s, u"exports"_s, u"low"_s, u"mailers"_s, u"reports"_s};
        QTest::newRow("none") << u""_s << all;
        QTest::newRow("text") << u"MAIL"_s << QStringList{u"mailers"_s};
        QTest::newRow("queue") << u"queue:ex,low"_s << QStringList{u"exports"_s, u"low"_s};
        QTest::newRow("system") << u"system:celery"_s << QStringList{u"reports"_s};
        QTest::newRow("state") << u"state:paused,unserved"_s << QStringList{u"exports"_s, u"low"_s};
        QTest::newRow("typing") << u"state:pau"_s << QStringList{u"low"_s};
        QTest::newRow("idle") << u"state:idle"_s << QStringList{u"mailers"_s};
        QTest::newRow("number") << u"waiting>100 waiting<=1204"_s << QStringList{u"low"_s, u"reports"_s};
        QTest::newRow("not reported") << u"working>=0"_s << QStringList{u"default"_s, u"low"_s, u"mailers"_s, u"reports"_s};
        QTest::newRow("duration") << u"oldest>5s"_s << QStringList{u"default"_s};
        QTest::newRow("rate") << u"out>100"_s << QStringList{u"default"_s};
        QTest::newRow("workers") << u"workers=0"_s << QStringList{u"exports"_s};
        QTest::newRow("not") << u"not state:active -low"_s << QStringList{u"exports"_s, u"reports"_s};
        QTest::newRow("quotes") << u"\"mail ers\""_s << QStringList();
        for (const QString &wrong :
             {u"waiting:5"_s, u"waiting>many"_s, u"oldest>5"_s, u"state:busy"_s, u"queue:"_s, u"queue>3"_s})
            QTest::newRow(qPrintable(wrong)) << wrong << QStringList();
    }
    void filters()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, names);
        FleetScene scene(10, 0);
        const QueueScene queues(scene);
        const QueueFilter filter = QueueFilter::parse(text);
        QStringList found;
        for (const QueueFacts &queue : queueFacts(scene.store)) {
            if (filter.matches(queue))
                found.append(queue.name);
        }
        found.sort();
        QCOMPARE(found, names);
        QCOMPARE(filter.isReadable(), !names.isEmpty() || text.startsWith(u'"'));
        QCOMPARE(filter.isEmpty(), text.isEmpty());
    }
};

PULSEDECK_TEST(QueueTableModelTest, runWithEvents)
#include "queuetablemodel_test.moc"
