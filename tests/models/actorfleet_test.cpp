// SPDX-License-Identifier: GPL-3.0-or-later
// Actors of a hub as workers of the fleet: in the store, its columns, its filter, its words.
#include "models/core/jsonwriter.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/fleettablemodel.h"
#include "models/fleet/liveness.h"
#include "models/fleet/workereventmodel.h"
#include "models/sources/hubprotocol.h"
#include "models/timing/measuredtiming.h"
#include "tests/models/modelfleet.h"
#include "tests/support/hubscene.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

QString cell(const FleetStore &store, WorkerHandle handle, FleetColumnId column)
{
    return fleetColumn(column).text(store, handle, store.viewNow());
}

struct Mixed
{
    ModelFleet fleet;
    WorkerHandle worker = fleet.add(0, "chromium:aaaaaaaa-1111-4222-8333-444444444444");
    HubScene hub{fleet.store, fleet.clock, 6};

    QStringList matching(const QString &text) const
    {
        const FleetFilter filter = FleetFilter::parse(text);
        QStringList found;
        for (int i = 0; i < fleet.store.capacity(); ++i) {
            const Worker &one = fleet.store.worker(WorkerHandle(i));
            if (one.used && filter.matches(fleet.store, WorkerHandle(i), fleet.store.viewNow()))
                found.append(one.traits->registers() ? shortId(one).section(u'-', 1).chopped(1) : u"w"_s);
        }
        return found;
    }
};

} // namespace

class ActorFleetTest : public QObject
{
    Q_OBJECT

private slots:
    void keepsWhatTheRegistrySays();
    void holdsFactsBackDuringAPause();
    void letsFactsGoWithTheWorker();
    void boundsWhatAHubSays();
    void judgesAnActorByItsOwnRegistration();
    void tellsOfRegistrationsAndNotOfKeys();
    void fillsItsColumnsAndNoOthers();
    void writesActorsAsJson();
    void anEndHasOneWordEverywhere();
    void filters_data();
    void filters();
    void completesKindsAndCapabilities();
    void driftIsOfTheRegistrationOnly();
    void countsActors();
    void sortsByAddress();
    void holdsFiftyThousand();
};

void ActorFleetTest::keepsWhatTheRegistrySays()
{
    Mixed m;
    const ActorFacts *facts = m.fleet.store.actor(m.hub.handle(0));
    QVERIFY(facts);
    QCOMPARE(facts->displayName, u"Planner 0"_s);
    QCOMPARE(facts->capabilities, (QStringList{u"agent"_s, u"planner"_s}));
    QCOMPARE(facts->version, 5);
    QVERIFY(m.fleet.store.worker(m.hub.handle(0)).traits->registers());
    QVERIFY(!m.fleet.store.worker(m.worker).traits->registers());
    QVERIFY(!m.fleet.store.actor(m.worker));
    QVERIFY(!m.fleet.store.actor(noWorker));
    m.fleet.clock.step(10'000);
    m.hub.renew(0);
    QCOMPARE(m.fleet.store.actor(m.hub.handle(0))->version, 6);
    QCOMPARE(m.fleet.store.actor(m.hub.handle(0))->expiresAt, m.fleet.clock.nowMs() + 300'000);
    // Facts of somebody who has no text are nobody's.
    FleetBatch stray = m.fleet.emptyBatch();
    ActorFacts nobody;
    nobody.number = 4'000'000;
    stray.actors.append(nobody);
    m.fleet.store.apply(stray);
    QCOMPARE(m.fleet.store.figures().actors, 6);
}

void ActorFleetTest::holdsFactsBackDuringAPause()
{
    Mixed m;
    m.fleet.store.setPaused(true);
    m.fleet.clock.step(5'000);
    m.hub.describe(1, u"Renamed"_s, {u"other"_s});
    QVERIFY(m.fleet.store.actor(m.hub.handle(1))->displayName.isEmpty());
    m.fleet.store.setPaused(false);
    QCOMPARE(m.fleet.store.actor(m.hub.handle(1))->displayName, u"Renamed"_s);
}

void ActorFleetTest::letsFactsGoWithTheWorker()
{
    Mixed m;
    m.fleet.store.setDepartedForMs(10'000);
    const WorkerHandle gone = m.hub.handle(2);
    m.hub.end(2, WorkerEnd::Left);
    QVERIFY(m.fleet.store.actor(gone)); // Departed, it still says what it was.
    QCOMPARE(m.fleet.store.figures().actors, 5);
    m.fleet.clock.step(11'000);
    m.fleet.store.publish();
    QVERIFY(!m.fleet.store.worker(gone).used);
    // Its place is free for a worker, which is no actor for that.
    const WorkerHandle next = m.fleet.add(9, "firefox:bbbbbbbb-1111-4222-8333-444444444444", "firefox");
    QCOMPARE(next, gone);
    QVERIFY(!m.fleet.store.actor(next));
    m.fleet.store.removeSource(HubScene::source);
    m.fleet.store.publish();
    QCOMPARE(m.fleet.store.figures().actors, 0);
}

void ActorFleetTest::boundsWhatAHubSays()
{
    Mixed m;
    QStringList many;
    for (int i = 0; i < 500; ++i)
        many.append(QString(1'000, u'x') + QString::number(i));
    m.hub.describe(1, QString(100'000, u'n'), many);
    const ActorFacts *facts = m.fleet.store.actor(m.hub.handle(1));
    QCOMPARE(facts->displayName.size(), FleetStore::maxActorText);
    QCOMPARE(facts->capabilities.size(), FleetStore::maxCapabilities);
    QCOMPARE(facts->capabilities.first().size(), FleetStore::maxActorText);
}

void ActorFleetTest::judgesAnActorByItsOwnRegistration()
{
    TimingProfile profile; // Of a fleet of workers: 10 s, stale after 30 s.
    Worker actor;
    actor.traits = hubTraits();
    actor.beatAt = 1'000'000;
    actor.ttlAtRead = 3'600'000;
    actor.learntTtl = 3'600'000;
    actor.status = WorkerStatus::Registered;
    const auto at = [&](qint64 age) { return deriveLiveness(actor, profile, true, actor.beatAt + age).liveness; };
    QCOMPARE(at(60'000), Liveness::Alive);
    QCOMPARE(at(2'700'000), Liveness::Alive);
    QCOMPARE(at(2'700'001), Liveness::Late);
    QCOMPARE(at(3'600'001), Liveness::Stale);
    // Who is known to renew late is not called late for it.
    actor.interval = 3'000'000;
    QCOMPARE(at(3'100'000), Liveness::Alive);
    QCOMPARE(at(3'600'001), Liveness::Stale);
    QCOMPARE(deriveLiveness(actor, profile, true, actor.beatAt).nextChangeAt, actor.beatAt + 3'600'001);
    // And a worker is judged by its profile as ever.
    actor.traits = {};
    QCOMPARE(at(30'001), Liveness::Stale);
}

void ActorFleetTest::tellsOfRegistrationsAndNotOfKeys()
{
    Mixed m;
    WorkerEventModel events(m.fleet.store);
    events.setWorker(m.hub.handle(3));
    m.hub.renew(3);
    m.fleet.clock.step(280'000);
    m.fleet.store.publish();
    m.fleet.clock.step(21'000);
    m.fleet.store.publish();
    m.hub.end(3, WorkerEnd::Expired);
    QStringList lines;
    for (int row = 0; row < events.rowCount(); ++row)
        lines.append(events.index(row).data().toString());
    const QString all = lines.join(u'\n');
    QVERIFY2(all.contains(u"late, last renewal"_s), qPrintable(all));
    QVERIFY2(all.contains(u"stale, last renewal"_s), qPrintable(all));
    QVERIFY2(all.contains(u"registration expired"_s), qPrintable(all));
    QVERIFY2(!all.contains(u"key"_s) && !all.contains(u"beat"_s), qPrintable(all));
    m.hub.renew(3);
    QVERIFY(events.index(0).data().toString().startsWith(u"registered again after"_s));
}

void ActorFleetTest::fillsItsColumnsAndNoOthers()
{
    Mixed m;
    const FleetStore &store = m.fleet.store;
    const WorkerHandle actor = m.hub.handle(0);
    QCOMPARE(int(fleetColumns().size()), int(FleetColumnId::Version) + 1);
    for (size_t i = 0; i < fleetColumns().size(); ++i)
        QCOMPARE(size_t(fleetColumns()[i].id), i);
    QCOMPARE(cell(store, actor, FleetColumnId::Capabilities), u"agent, planner"_s);
    QCOMPARE(cell(store, actor, FleetColumnId::Version), u"5"_s);
    QVERIFY(cell(store, actor, FleetColumnId::Registered).startsWith(u"20"_s));
    QVERIFY(cell(store, actor, FleetColumnId::Expires).startsWith(u"20"_s));
    QCOMPARE(cell(store, actor, FleetColumnId::Worker), u"@(local/agent-0)"_s);
    QCOMPARE(cell(store, actor, FleetColumnId::Type), u"agent"_s);
    for (const FleetColumnId column : {FleetColumnId::Sessions, FleetColumnId::Lifetime, FleetColumnId::ClockSkew,
                                       FleetColumnId::Started, FleetColumnId::Host})
        QCOMPARE(cell(store, actor, column), u"–"_s);
    QCOMPARE(cell(store, actor, FleetColumnId::Command), QString());
    for (const FleetColumnId column :
         {FleetColumnId::Capabilities, FleetColumnId::Registered, FleetColumnId::Expires, FleetColumnId::Version}) {
        QCOMPARE(cell(store, m.worker, column), QString());
        QVERIFY(fleetColumn(column).hidden);
    }
    // A hub that gives no end.
    QVERIFY(accessibleText(store, actor, store.viewNow()).startsWith(u"@(local/agent-0), actor Planner 0, alive, registered"_s));
    QVERIFY(accessibleText(store, actor, store.viewNow()).contains(u"capabilities agent, planner"_s));
}

void ActorFleetTest::writesActorsAsJson()
{
    Mixed m;
    const QJsonObject actor = workerJson(m.fleet.store, m.hub.handle(0), m.fleet.clock.nowMs());
    QByteArray written;
    JsonWriter writer(written);
    writeWorker(writer, m.fleet.store, m.hub.handle(0), m.fleet.clock.nowMs());
    QCOMPARE(written, QJsonDocument(actor).toJson(QJsonDocument::Compact));
    QCOMPARE(actor.value("kind"_L1).toString(), u"actor"_s);
    QVERIFY(actor.value("key"_L1).isNull());
    QCOMPARE(actor.value("address"_L1).toString(), u"@(local/agent-0)"_s);
    QCOMPARE(actor.value("displayName"_L1).toString(), u"Planner 0"_s);
    QCOMPARE(actor.value("capabilities"_L1).toArray(), (QJsonArray{u"agent"_s, u"planner"_s}));
    QCOMPARE(actor.value("version"_L1).toInt(), 5);
    QVERIFY(actor.value("registeredAt"_L1).toInteger() > 0);
    QVERIFY(actor.value("expiresAt"_L1).toInteger() > m.fleet.clock.nowMs());
    QVERIFY(actor.value("startedAt"_L1).isNull());
    QCOMPARE(actor.value("status"_L1).toString(), u"registered"_s);
    const QJsonObject worker = workerJson(m.fleet.store, m.worker, m.fleet.clock.nowMs());
    QCOMPARE(worker.value("kind"_L1).toString(), u"worker"_s);
    QVERIFY(worker.value("key"_L1).toString().startsWith(u"worker:chromium:"_s));
    QVERIFY(!worker.contains("address"_L1) && !worker.contains("capabilities"_L1));
    QVERIFY(workerJson(m.fleet.store, m.hub.handle(1), m.fleet.clock.nowMs()).value("displayName"_L1).isNull());
}

void ActorFleetTest::anEndHasOneWordEverywhere()
{
    Mixed m;
    m.hub.say(0, WorkerStatus::ShuttingDown);
    m.hub.say(1, WorkerStatus::Draining);
    m.hub.end(0, WorkerEnd::Drained);
    m.hub.end(1, WorkerEnd::Drained);
    m.fleet.store.publish();
    const qint64 now = m.fleet.clock.nowMs();
    const auto worker = [&](int actor) { return m.fleet.store.worker(m.hub.handle(actor)); };
    QCOMPARE(livenessName(worker(0)), u"shut-down"_s);
    QCOMPARE(livenessName(worker(1)), u"drained"_s);
    QCOMPARE(workerJson(m.fleet.store, m.hub.handle(0), now).value("liveness"_L1).toString(), u"shut-down"_s);
    QVERIFY(FleetFilter::parse(u"liveness:shut-down"_s).problems().isEmpty());
    QCOMPARE(m.matching(u"liveness:shut-down"_s), QStringList{u"0"_s});
    QCOMPARE(m.matching(u"liveness:drained"_s), QStringList{u"1"_s});
    // As free text too, whichever of the two is asked first.
    QCOMPARE(m.matching(u"drained"_s), QStringList{u"1"_s});
    QCOMPARE(m.matching(u"shut-down"_s), QStringList{u"0"_s});
    QVERIFY(FleetFilter::completions(u"liveness:sh"_s, m.fleet.store).contains(u"liveness:shut-down"_s));
}

void ActorFleetTest::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("found");
    const QStringList all{u"0"_s, u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s};
    const auto row = [](const char *text, const QStringList &found) {
        QTest::newRow(text) << QString::fromLatin1(text) << found;
    };
    row("kind:worker", {u"w"_s});
    row("kind:actor", all);
    row("not kind:actor", {u"w"_s});
    row("kind:worker,actor", QStringList{u"w"_s} + all);
    row("capability:planner", {u"0"_s, u"3"_s});
    row("capability:AGENT", {u"0"_s, u"2"_s, u"3"_s, u"5"_s});
    row("capability:pdf,search", {u"1"_s, u"2"_s, u"4"_s, u"5"_s});
    row("capability:plan", {}); // A whole capability, as type: is a whole type.
    row("version>5", {u"5"_s});
    row("version<6 capability:search", {u"2"_s});
    row("version=6", {u"5"_s});
    row("screenshot", {u"1"_s, u"4"_s}); // Free text, in the second capability.
    row("planner 3", {u"3"_s}); // In a display name, word by word.
    row("agent-4", {u"4"_s});
    row("status:registered", all);
    row("type:browser", {u"1"_s, u"4"_s});
    row("sessions=0", {u"w"_s});
    row("ttl>100s", all);
}

void ActorFleetTest::filters()
{
    QFETCH(QString, text);
    QFETCH(QStringList, found);
    Mixed m;
    m.hub.renew(5);
    QCOMPARE(FleetFilter::parse(text).problems(), QStringList());
    QCOMPARE(m.matching(text), found);
}

void ActorFleetTest::completesKindsAndCapabilities()
{
    Mixed m;
    QCOMPARE(FleetFilter::completions(u"kin"_s, m.fleet.store),
             (QStringList{u"kind:worker"_s, u"kind:actor"_s, u"kind:console"_s}));
    QVERIFY(FleetFilter::completions(u"cap"_s, m.fleet.store).contains(u"capability:planner"_s));
    QCOMPARE(FleetFilter::completions(u"-capability:pl"_s, m.fleet.store), QStringList{u"-capability:planner"_s});
    QVERIFY(FleetFilter::completions(u"vers"_s, m.fleet.store).contains(u"version>1"_s));
    QVERIFY(!FleetFilter::parse(u"kind:bird"_s).problems().isEmpty());
    QVERIFY(!FleetFilter::parse(u"version>many"_s).problems().isEmpty());
}

void ActorFleetTest::driftIsOfTheRegistrationOnly()
{
    Mixed m;
    // Renews every 20 s, which is nobody's business but its own.
    for (int i = 0; i < 12; ++i) {
        m.fleet.clock.step(20'000);
        m.hub.renew(0);
    }
    QVERIFY(m.fleet.store.worker(m.hub.handle(0)).interval > 0);
    QCOMPARE(m.matching(u"drift:any kind:actor"_s), QStringList());
    m.hub.status().timing.workerKeyTtl = 600'000;
    m.fleet.store.applyStatus(m.hub.status());
    QCOMPARE(m.matching(u"drift:ttl kind:actor"_s).size(), 6);
    QCOMPARE(m.matching(u"drift:interval kind:actor"_s), QStringList());
    QVERIFY(driftTexts(m.fleet.store, m.hub.handle(0)).first().startsWith(u"not registered for"_s));
}

void ActorFleetTest::countsActors()
{
    Mixed m;
    FleetFigures figures = m.fleet.store.figures();
    QCOMPARE(figures.total, 7);
    QCOMPARE(figures.actors, 6);
    QCOMPARE(figures.alive, 7);
    m.hub.say(0, WorkerStatus::Draining);
    m.hub.end(1, WorkerEnd::Left);
    figures = m.fleet.store.figures();
    QCOMPARE(figures.draining, 1);
    QCOMPARE(figures.actors, 5);
    QCOMPARE(figures.total, 6);
    m.fleet.store.setSourceVisible(HubScene::source, false);
    QCOMPARE(m.fleet.store.figures().actors, 0);
}

void ActorFleetTest::sortsByAddress()
{
    ModelFleet fleet;
    fleet.add(0, "chromium:ffffffff-1111-4222-8333-444444444444");
    HubScene hub(fleet.store, fleet.clock, 12);
    FleetTableModel model(fleet.store);
    model.setGrouping(FleetGrouping::None);
    const auto ids = [&] {
        QStringList found;
        for (int row = 0; row < model.rowCount(); ++row)
            found.append(QString::fromUtf8(fleet.store.worker(model.handleAt(row)).id));
        return found;
    };
    model.sort(int(FleetColumnId::Worker), Qt::AscendingOrder);
    QStringList expected;
    for (int i = 0; i < 12; ++i)
        expected.append(QString::fromUtf8(HubScene::address(i))); // Numbers as numbers: 9 before 10.
    QCOMPARE(ids().mid(1), expected);
    QVERIFY(ids().first().startsWith(u"chromium"_s)); // Workers first.
    model.sort(int(FleetColumnId::Worker), Qt::DescendingOrder);
    std::reverse(expected.begin(), expected.end());
    QCOMPARE(ids().first(expected.size()), expected);
    // Whoever has no such value stands last, whichever way.
    hub.renew(7);
    model.sort(int(FleetColumnId::Version), Qt::DescendingOrder);
    QCOMPARE(ids().first(), u"@(local/agent-7)"_s);
    QVERIFY(ids().last().startsWith(u"chromium"_s));
}

void ActorFleetTest::holdsFiftyThousand()
{
    ModelFleet fleet;
    HubScene hub(fleet.store, fleet.clock, 50'000);
    QCOMPARE(fleet.store.figures().actors, 50'000);
    FleetTableModel model(fleet.store);
    QElapsedTimer watch;
    watch.start();
    model.setFilter(FleetFilter::parse(u"capability:planner"_s));
    QCOMPARE(model.matchCount(), 16'667);
    model.setFilter(FleetFilter::parse(u"screensh"_s));
    QCOMPARE(model.matchCount(), 16'667);
    model.sort(int(FleetColumnId::Capabilities), Qt::AscendingOrder);
    model.sort(int(FleetColumnId::Worker), Qt::AscendingOrder);
    // Generous: on a loaded machine and unoptimised. What is looked for is a square of the number.
    QVERIFY2(watch.elapsed() < 60'000, qPrintable(QString::number(watch.elapsed())));
}

PULSEDECK_TEST(ActorFleetTest, runPlain)
#include "actorfleet_test.moc"
