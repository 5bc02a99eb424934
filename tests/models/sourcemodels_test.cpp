// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/eventwords.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/fleet/workereventmodel.h"
#include "models/sources/hubprotocol.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class SourceModelsTest : public QObject
{
    Q_OBJECT

private slots:
    void whatNeverWasThereIsNotLost()
    {
        SourceStatus status;
        status.state = SourceState::Waiting;
        status.retryAt = 13'000;
        QCOMPARE(sourceStateText(status, 10'000), u"not reached yet, next try in 3 s"_s);
        QCOMPARE(sourceStateText(status, 14'000), u"not reached yet, trying again"_s);
        status.lostAt = 5'000;
        QCOMPARE(sourceStateText(status, 10'000), u"lost, next try in 3 s"_s);
        QCOMPARE(sourceStateText(status, 14'000), u"lost, trying again"_s);
    }

    void listsWhatWasSetUp()
    {
        StepClock clock;
        FleetStore store(clock);
        SourceListModel model(store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        SourceSettings settings;
        settings.id = 3;
        settings.name = u"prod"_s;
        settings.user = u"op"_s;
        settings.password = u"hunter2"_s;
        model.setSource(settings);
        settings.id = 4;
        settings.name = u"staging"_s;
        model.setSource(settings);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(store.sourceName(4), u"staging"_s);

        SourceStatus status;
        status.source = 3;
        status.state = SourceState::Live;
        status.roundTripMs = 12;
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        store.applyStatus(status);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.index(0).data(SourceListModel::StateTextRole).toString(), u"live via push · 12 ms"_s);

        // Nothing a person can see holds the user or the password.
        for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole),
                               int(SourceListModel::AddressRole), int(SourceListModel::StateTextRole)}) {
            QVERIFY(!model.index(0).data(role).toString().contains(u"hunter2"_s));
            QVERIFY(!model.index(0).data(role).toString().contains(u"op@"_s));
        }

        QSignalSpy visibility(&model, &SourceListModel::visibilityChanged);
        QVERIFY(model.setData(model.index(1), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(visibility.size(), 1);
        QVERIFY(!store.isSourceVisible(4));
        model.removeSource(3);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.idAt(0), SourceId(4));
        QVERIFY(store.sourceName(3).isEmpty());
    }

    void saysThatAFleetIsSuspended()
    {
        StepClock clock;
        FleetStore store(clock);
        SourceListModel model(store);
        SourceSettings settings;
        settings.id = 3;
        settings.name = u"prod"_s;
        model.setSource(settings);
        SourceStatus status;
        status.source = 3;
        status.state = SourceState::Live;
        store.applyStatus(status);
        SourceTraits traits;
        traits.layout = u"rq"_s;
        traits.system = u"RQ"_s;
        FleetBatch batch;
        batch.source = 3;
        batch.generation = status.generation;
        PauseSample pause;
        pause.traits = TraitsRef::of(traits);
        pause.readAt = clock.nowMs();
        pause.known = true;
        pause.word = u"suspended"_s;
        const auto tell = [&](bool paused) {
            pause.paused = paused;
            batch.pauses = {pause};
            store.apply(batch);
            store.publish();
        };
        tell(false);
        const auto text = [&model](int role) { return model.index(0).data(role).toString(); };
        QCOMPARE(text(SourceListModel::PausedRole), QString());
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        tell(true);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(text(SourceListModel::PausedRole), u"RQ suspended"_s);
        QVERIFY(text(Qt::AccessibleTextRole).endsWith(u", RQ suspended"_s));
        QVERIFY(text(Qt::ToolTipRole).contains(u"All workers of RQ are suspended since"_s));
        tell(true);
        QCOMPARE(changed.size(), 1); // Nothing to paint again.
        status.state = SourceState::Waiting;
        store.applyStatus(status);
        QCOMPARE(text(SourceListModel::PausedRole), QString()); // It may be over since.
    }

    void hubsCountActors()
    {
        StepClock clock;
        FleetStore store(clock);
        SourceListModel model(store);
        SourceSettings settings = hubSettings({});
        settings.id = 5;
        settings.name = u"hub"_s;
        settings.tokenFrom = TokenFrom::Typed;
        settings.token = u"hunter2"_s;
        model.setSource(settings);
        const QModelIndex row = model.index(0);
        QCOMPARE(row.data(SourceListModel::StateTextRole).toString(), u"disconnected"_s);
        QVERIFY(store.sourceStatus(5).traits == hubTraits()); // Before the source has told anything.
        SourceStatus status;
        status.source = 5;
        status.traits = hubTraits();
        status.state = SourceState::Sweeping;
        status.sweepEveryMs = 2'000;
        status.roundTripMs = 3;
        store.applyStatus(status);
        QCOMPARE(row.data(SourceListModel::StateTextRole).toString(), u"listed every 2.0 s · 3 ms"_s);
        QCOMPARE(row.data(Qt::AccessibleTextRole).toString(), u"hub, listed every 2.0 s · 3 ms, 0 actors"_s);
        const QString toolTip = row.data(Qt::ToolTipRole).toString();
        QVERIFY(toolTip.contains("ws://127.0.0.1:8787"_L1) && toolTip.contains("0 actors"_L1));
        QVERIFY(!toolTip.contains("worker"_L1) && !toolTip.contains("push"_L1));
        for (int role = Qt::DisplayRole; role <= SourceListModel::EnvironmentRole; ++role)
            QVERIFY(!row.data(role).toString().contains("hunter2"_L1));
        status.state = SourceState::Loading;
        status.loaded = 300;
        status.total = 2'000;
        store.applyStatus(status);
        QVERIFY(row.data(SourceListModel::StateTextRole).toString().startsWith("listing 300 of 2000"_L1));
    }

    void hubUrls_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("path");
        QTest::newRow("ws") << u"ws://example.net:8787/ws"_s << u"ws://example.net:8787"_s << u"/ws"_s;
        QTest::newRow("wss, usual port") << u"wss://example.net"_s << u"wss://example.net:443"_s << u"/ws"_s;
        QTest::newRow("http") << u"http://example.net/"_s << u"ws://example.net:80"_s << u"/ws"_s;
        QTest::newRow("https with a path") << u" HTTPS://example.net:444/signal "_s << u"wss://example.net:444"_s << u"/signal"_s;
        QTest::newRow("IPv6") << u"ws://[::1]:8787"_s << u"ws://[::1]:8787"_s << u"/ws"_s;
        QTest::newRow("encoded path") << u"ws://h:1/a%2Fb"_s << u"ws://h:1"_s << u"/a%2Fb"_s;
    }

    void hubUrls()
    {
        QFETCH(QString, text);
        QFETCH(QString, address);
        QFETCH(QString, path);
        QString error = u"left over"_s;
        const auto settings = SourceSettings::fromUrl(text, &error);
        QVERIFY2(settings, qPrintable(error));
        QVERIFY(error.isEmpty());
        QVERIFY(settings->kind == SourceKind::Hub);
        QCOMPARE(settings->address(), address);
        QCOMPARE(settings->tokenKey(), u"hub "_s + address);
        QCOMPARE(settings->path, path);
        QCOMPARE(hubAddressOf(*settings).socketUrl().toString(), QString(address + path));
        QCOMPARE(settings->shortAddress(), u"hub %1"_s.arg(settings->port));
        QCOMPARE(settings->tokenFrom, TokenFrom::Nowhere);
    }

    void eventsComeAtTheTop()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        WorkerEventModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setWorker(handle);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0).data().toString(), u"registered"_s);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        fleet.clock.step(1'000);
        fleet.apply(fleet.alive(0, 0, WorkerStatus::Draining));
        fleet.store.publish();
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(model.index(0).data().toString(), u"available → draining"_s);
        QCOMPARE(model.index(0).data(WorkerEventModel::ToneRole).toInt(), int(EventTone::Draining));
        model.setWorker(noWorker);
        QCOMPARE(model.rowCount(), 0);
    }

    /// A worker of a system that was found while the console was connected: neither there from the start, nor touched by what
    /// happened to the connection before.
    void whatWasBeforeAWorkerIsNotItsOwn()
    {
        ModelFleet fleet;
        const WorkerHandle first = fleet.add(0, "chromium:a");
        fleet.clock.step(60'000);
        fleet.setState(SourceState::Waiting);
        fleet.clock.step(1'000);
        fleet.setState(SourceState::Live);
        fleet.clock.step(60'000);
        // The view is read again, as there is a new system in it.
        fleet.setState(SourceState::Loading);
        const WorkerHandle late = fleet.add(1, "chromium:b");
        fleet.setState(SourceState::Live);
        fleet.clock.step(60'000);
        const WorkerHandle fresh = fleet.add(2, "chromium:c");
        const auto rows = [&fleet](WorkerHandle handle) {
            WorkerEventModel model(fleet.store);
            model.setWorker(handle);
            QStringList texts;
            for (int row = 0; row < model.rowCount(); ++row)
                texts.append(model.index(row).data().toString());
            return texts;
        };
        QCOMPARE(fleet.store.worker(late).firstSeenAt, qint64(0));
        QCOMPARE(rows(late), QStringList{u"already there when the console found it"_s});
        QCOMPARE(rows(fresh), QStringList{u"registered"_s});
        QVERIFY(rows(first).contains(u"connection to the source lost"_s));
        // What happens from now on happens to all of them.
        fleet.setState(SourceState::Waiting);
        QCOMPARE(rows(late).value(0), u"connection to the source lost"_s);
        QCOMPARE(rows(fresh).value(0), u"connection to the source lost"_s);
    }

    void sessionsDoNotFloodTheEvents()
    {
        ModelFleet fleet;
        const WorkerHandle handle = fleet.add(0, "chromium:a");
        WorkerEventModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setWorker(handle);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        WorkerStatus status = WorkerStatus::Available;
        const auto sessions = [&](int count) {
            fleet.clock.step(1'000);
            WorkerSample sample = fleet.alive(0, 0, status);
            sample.activeSessions = count;
            fleet.apply(sample);
            fleet.store.publish();
        };
        sessions(1);
        const int before = model.rowCount();
        for (int i = 0; i < 40; ++i)
            sessions(2 + i % 2);
        QCOMPARE(model.rowCount(), before); // One row, which grows.
        QCOMPARE(reset.size(), 0);
        const QString text = model.index(0).data().toString();
        QVERIFY2(text.startsWith(u"sessions 0 → 3, "_s) && text.endsWith(u" changes"_s), qPrintable(text));
        QCOMPARE(model.index(0).data(WorkerEventModel::TimeRole).toLongLong(), fleet.clock.nowMs());
        // What comes between begins another one.
        status = WorkerStatus::Draining;
        sessions(3);
        sessions(2);
        QCOMPARE(model.rowCount(), before + 2);
        QCOMPARE(reset.size(), 0);
    }

    void sessionChangesPushNothingOut()
    {
        FleetEvents events;
        events.append({1, 1, 0, 0, 1, FleetEventKind::Registered});
        events.append({2, 1, 0, 0, 1, FleetEventKind::WentLate});
        for (int i = 0; i < 100; ++i)
            events.append({10 + i, 1, i, i + 1, 1, FleetEventKind::SessionsChanged});
        const auto list = events.ofWorker(1, 1, 10);
        QCOMPARE(list.size(), size_t(10));
        QCOMPARE(list[0].kind, FleetEventKind::Registered);
        QCOMPARE(list[1].kind, FleetEventKind::WentLate);
        QCOMPARE(list.back().at, 109);
    }

    void eventRingsAreBounded()
    {
        FleetEvents events;
        for (int i = 0; i < FleetEvents::maxRoutine + 10; ++i)
            events.append({i, 1, i, i + 1, 1, FleetEventKind::SessionsChanged});
        events.append({1'000'000, 1, 0, 0, 1, FleetEventKind::Registered});
        QCOMPARE(events.size(), FleetEvents::maxRoutine + 1);
        QCOMPARE(events.dropped(), 10);
        const auto list = events.ofWorker(1, 1, 5);
        QCOMPARE(list.size(), size_t(5));
        QCOMPARE(list.back().kind, FleetEventKind::Registered);
    }

    void urls_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("password");
        QTest::newRow("plain") << u"redis://example.net"_s << u"redis://example.net:6379/0"_s << u""_s << u""_s;
        QTest::newRow("all of it") << u"rediss://op:p%40ss@example.net:6380/3"_s << u"rediss://example.net:6380/3"_s << u"op"_s
                                   << u"p@ss"_s;
        QTest::newRow("password alone") << u"redis://:secret@h:1"_s << u"redis://h:1/0"_s << u""_s << u"secret"_s;
        QTest::newRow("an @ in the password") << u"redis://op:a@b@h:1"_s << u"redis://h:1/0"_s << u"op"_s << u"a@b"_s;
        QTest::newRow("socket") << u"unix:///run/redis.sock?db=2"_s << u"unix:///run/redis.sock?db=2"_s << u""_s << u""_s;
        QTest::newRow("bare host and port") << u"localhost:7000"_s << u"redis://localhost:7000/0"_s << u""_s << u""_s;
        QTest::newRow("bare path") << u"/tmp/r.sock"_s << u"unix:///tmp/r.sock"_s << u""_s << u""_s;
        QTest::newRow("IPv6") << u"redis://[::1]:6380"_s << u"redis://[::1]:6380/0"_s << u""_s << u""_s;
    }

    void urls()
    {
        QFETCH(QString, text);
        QFETCH(QString, address);
        QFETCH(QString, user);
        QFETCH(QString, password);
        QString error;
        const auto settings = SourceSettings::fromUrl(text, &error);
        QVERIFY2(settings, qPrintable(error));
        QCOMPARE(settings->address(), address);
        QCOMPARE(settings->user, user);
        QCOMPARE(settings->password, password);
    }

    void wrongUrlsAreNamedWithoutTheirSecret_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << u""_s;
        QTest::newRow("hub by http, with a login") << u"http://op:hunter2@h"_s;
        QTest::newRow("port") << u"redis://op:hunter2@h:99999"_s;
        QTest::newRow("port text") << u"redis://op:hunter2@h:port"_s;
        QTest::newRow("database") << u"redis://op:hunter2@h/three"_s;
        QTest::newRow("bracket") << u"redis://op:hunter2@[::1"_s;
        QTest::newRow("option") << u"redis://op:hunter2@h?x=1"_s;
        QTest::newRow("relative socket") << u"unix://op:hunter2@run"_s;
        QTest::newRow("space") << u"redis://op:hunter2@a b"_s;
        QTest::newRow("unknown scheme") << u"ftp://op:hunter2@h"_s;
        QTest::newRow("hub with a login") << u"wss://op:hunter2@h/ws"_s;
        QTest::newRow("hub with a token") << u"wss://h/ws?token=hunter2"_s;
        QTest::newRow("hub with a fragment") << u"ws://h/ws#hunter2"_s;
        QTest::newRow("hub without a host") << u"ws:///hunter2"_s;
        QTest::newRow("hub's port") << u"ws://h:99999/hunter2"_s;
        QTest::newRow("hub's port 0") << u"ws://h:0/hunter2"_s;
        QTest::newRow("hub's port text") << u"wss://h:hunter2/ws"_s;
        QTest::newRow("hub with a space") << u"ws://h h/hunter2"_s;
        QTest::newRow("hub, too long") << QString(u"ws://h/hunter2"_s + QString(5'000, u'a'));
    }

    void wrongUrlsAreNamedWithoutTheirSecret()
    {
        QFETCH(QString, text);
        QString error;
        QVERIFY(!SourceSettings::fromUrl(text, &error));
        QVERIFY(!error.isEmpty());
        QVERIFY2(!error.contains(u"hunter2"_s), qPrintable(error));
    }
};

PULSEDECK_TEST(SourceModelsTest, runWithEvents)
#include "sourcemodels_test.moc"
