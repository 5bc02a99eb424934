// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/sqljournal.h"
#include "tests/integration/ctlhubfixture.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// list, watch and the acts of pulsedeckctl where some of the fleet are actors of a hub: against the simulator's hub in
/// a process of its own, alone and next to a Redis.
class CtlActorsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void listsBothKinds();
    void listsWhatItCanReach();
    void twoAddressesOfOneHub();
    void watchesActors();
    void watchesAHubGoAndComeBack();
    void dryRunLeavesNoTrace();
    void shutsDown_data();
    void shutsDown();
    void drains();
    void aDeafActor();
    void aSlowActorIsWaitedFor();
    void anActorThatRefuses();
    void anActorThatIsNotThere();
    void namesHaveToBeUnique();
    void whatActorsDoNotKnow();
    void actsOnBothKindsAtOnce();
    void theHubIsSilent();
    void recordsWhatItDoes();

private:
    void startHub(int actors = 12, const QStringList &further = {})
    {
        m_hub = std::make_unique<HubProcess>();
        QVERIFY(m_hub->start(QStringList{u"--actors"_s, QString::number(actors)} + further));
    }
    /// Any actor's whole address.
    QString anyActor()
    {
        Ctl ctl({u"hub"_s, u"discover"_s, m_hub->url(), u"--json"_s});
        if (ctl.run() != 0)
            return {};
        return ctl.object()[u"actors"_s].toArray().first()[u"address"_s].toString();
    }
    int act(const QStringList &arguments, const QString &journal = u"none"_s)
    {
        m_ctl = std::make_unique<Ctl>(arguments + QStringList{u"--url"_s, m_hub->url(), u"--journal"_s, journal});
        return m_ctl->run();
    }
    QJsonObject firstObject() const { return QJsonDocument::fromJson(m_ctl->out).array().first().toObject(); }
    bool isListed(const QString &address)
    {
        Ctl ctl({u"hub"_s, u"discover"_s, m_hub->url(), address});
        return ctl.run() == 0 && ctl.out.contains(address.toUtf8());
    }

    std::unique_ptr<HubProcess> m_hub;
    std::unique_ptr<Ctl> m_ctl;
    QTemporaryDir m_folder;
};

void CtlActorsTest::initTestCase()
{
    for (const char *name : {"REDIS_URL", "REDIS_HOST", "SIGNAL_HUB_URL", "SIGNAL_HUB_TOKEN", "PULSEDECK_HUB_SECRET"})
        qunsetenv(name);
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
}

void CtlActorsTest::cleanup()
{
    m_ctl.reset();
    m_hub.reset();
}

void CtlActorsTest::listsBothKinds()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
    RedisServer redis;
    QVERIFY2(redis.start(), qPrintable(redis.errorString()));
    QVERIFY(addWorker(redis, soundWorker));
    QVERIFY(tellTiming(redis));
    startHub();
    Ctl json({u"list"_s, redis.url().display(), m_hub->url(), u"--json"_s});
    QVERIFY2(json.run() == 0, json.err.constData());
    const QJsonArray all = QJsonDocument::fromJson(json.out).array();
    QCOMPARE(all.size(), 13);
    const QJsonObject worker = all.first().toObject();
    const QJsonObject actor = all.last().toObject();
    QCOMPARE(worker[u"kind"_s].toString(), u"worker"_s);
    QCOMPARE(actor[u"kind"_s].toString(), u"actor"_s);
    QCOMPARE(actor[u"source"_s].toString(), u"127.0.0.1:%1"_s.arg(m_hub->port));
    for (const QString &key : worker.keys())
        QVERIFY2(actor.contains(key), qPrintable(key)); // What one reads of a worker is there for an actor.
    Ctl table({u"list"_s, redis.url().display(), m_hub->url()});
    QCOMPARE(table.run(), 0);
    const auto lines = table.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 14);
    QVERIFY2(lines.last().startsWith("hub ") && lines.last().contains("@(") && lines.last().contains("registered")
                 && lines.last().contains("–"),
             lines.last().constData());
}

void CtlActorsTest::listsWhatItCanReach()
{
    startHub();
    Ctl ctl({u"list"_s, m_hub->url(), u"ws://127.0.0.1:9"_s, u"--json"_s});
    QCOMPARE(ctl.run(), 3);
    QCOMPARE(QJsonDocument::fromJson(ctl.out).array().size(), 12);
    QVERIFY2(ctl.err.count('\n') == 1 && ctl.err.contains("127.0.0.1:9"), ctl.err.constData());
}

void CtlActorsTest::twoAddressesOfOneHub()
{
    startHub();
    Ctl ctl({u"list"_s, m_hub->url(), QString(m_hub->url() + u"/ws"_s), u"--json"_s});
    QCOMPARE(ctl.run(), 0); // Neither connection ends the other.
    QCOMPARE(QJsonDocument::fromJson(ctl.out).array().size(), 24);
}

void CtlActorsTest::watchesActors()
{
    startHub(4);
    Ctl ctl({u"watch"_s, m_hub->url(), u"--json"_s});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.hasLine(u"source-live"_s), patience);
    const QString gone = m_hub->struck("leave 1");
    QVERIFY(!gone.isEmpty());
    const auto saw = [&ctl](const QString &event, const QString &address) {
        const auto lines = ctl.lines();
        return std::any_of(lines.begin(), lines.end(), [&](const QJsonObject &line) {
            return line[u"event"_s].toString() == event && line[u"id"_s].toString() == address;
        });
    };
    QTRY_VERIFY2_WITH_TIMEOUT(saw(u"ended"_s, gone), ctl.out.constData(), patience);
    ctl.process.terminate();
    QVERIFY(ctl.exitCode() >= 0);
    QVERIFY(isSafe(ctl.out));
}

void CtlActorsTest::watchesAHubGoAndComeBack()
{
    startHub(4);
    Ctl ctl({u"watch"_s, m_hub->url()});
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(ctl.out.contains("source live, 4 workers"), patience);
    m_hub->fleet.tell("hub down 1");
    QTRY_VERIFY_WITH_TIMEOUT(ctl.out.contains("source lost: "), patience);
    QTRY_VERIFY_WITH_TIMEOUT(ctl.out.contains("source back after "), patience);
    ctl.process.terminate();
    QVERIFY(ctl.exitCode() >= 0);
}

void CtlActorsTest::dryRunLeavesNoTrace()
{
    startHub(3);
    const QString address = anyActor();
    const qint64 orders = m_hub->figure("orders");
    QCOMPARE(act({u"shutdown"_s, address, u"--dry-run"_s}, m_folder.filePath(u"dry.sqlite"_s)), 0);
    QVERIFY2(m_ctl->out.contains("would be sent worker:shutdown"), m_ctl->out.constData());
    QCOMPARE(act({u"drain"_s, u"--where"_s, u"id:local"_s, u"--dry-run"_s}), 2); // All of them at once has to be meant.
    QVERIFY2(m_ctl->err.contains("--force"), m_ctl->err.constData());
    QCOMPARE(act({u"drain"_s, u"--where"_s, u"id:local"_s, u"--dry-run"_s, u"--force"_s, u"--json"_s}), 0);
    QCOMPARE(QJsonDocument::fromJson(m_ctl->out).array().size(), 3);
    QCOMPARE(firstObject()[u"stage"_s].toString(), u"dry-run"_s);
    QCOMPARE(m_hub->figure("orders"), orders);
    QVERIFY(!QFile::exists(m_folder.filePath(u"dry.sqlite"_s)));
    // Not even our own address was registered, in a hub where everybody would see it.
    HubInside hub;
    QVERIFY(hub.listen());
    HubRawClient actor;
    QVERIFY(actor.join(hub.server.port()));
    actor.registerActor(u"@(local/a)"_s);
    Ctl ctl({u"drain"_s, u"@(local/a)"_s, u"--dry-run"_s, u"--url"_s, hub.url()});
    QCOMPARE(ctl.run(), 0);
    QCOMPARE(hub.heardTypes().count(u"hub:register"_s), 1);
    QVERIFY(!hub.heardTypes().contains(u"hub:send"_s));
}

void CtlActorsTest::shutsDown_data()
{
    QTest::addColumn<bool>("wait");
    QTest::addColumn<QString>("stage");
    QTest::newRow("answered") << false << u"picked-up"_s;
    QTest::newRow("to its end") << true << u"gone"_s;
}

void CtlActorsTest::shutsDown()
{
    QFETCH(bool, wait);
    QFETCH(QString, stage);
    startHub(3);
    const QString address = anyActor();
    QStringList arguments{u"shutdown"_s, address.mid(2).chopped(1), u"--reason"_s, u"new image"_s, u"--json"_s};
    if (wait)
        arguments.append(u"--wait"_s);
    QCOMPARE(act(arguments), 0);
    QCOMPARE(firstObject()[u"worker"_s].toString(), address);
    QCOMPARE(firstObject()[u"stage"_s].toString(), stage);
    QTRY_VERIFY_WITH_TIMEOUT(!isListed(address), patience);
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->figure("clients"), 0, patience);
}

void CtlActorsTest::drains()
{
    startHub(3);
    const QString address = anyActor();
    QCOMPARE(act({u"drain"_s, address, u"--wait"_s}), 0);
    QVERIFY2(m_ctl->out.contains("accepted by the actor"), m_ctl->out.constData());
    QCOMPARE(m_hub->figure("draining"), 1);
    QVERIFY(isListed(address));
}

void CtlActorsTest::aDeafActor()
{
    startHub(3);
    const QString address = m_hub->struck("deaf 1");
    QCOMPARE(act({u"shutdown"_s, address}), 0); // Delivered is all that was asked for …
    QVERIFY2(m_ctl->out.endsWith("delivered; the actor has not answered\n"), m_ctl->out.constData());
    // … unless it is to be followed to its end: then it is waited for as long as was said.
    QElapsedTimer waited;
    waited.start();
    QCOMPARE(act({u"drain"_s, address, u"--wait"_s, u"--exit-after"_s, u"4"_s, u"--json"_s}), 1);
    QVERIFY2(waited.elapsed() >= 3'000, qPrintable(QString::number(waited.elapsed())));
    QCOMPARE(firstObject()[u"stage"_s].toString(), u"delivered"_s);
    QVERIFY(isListed(address));
}

void CtlActorsTest::aSlowActorIsWaitedFor()
{
    startHub(3);
    const QString address = m_hub->struck("slow 1 4"); // Long after it was told as delivered.
    QCOMPARE(act({u"drain"_s, address, u"--wait"_s}), 0);
    QVERIFY2(m_ctl->out.contains("accepted by the actor"), m_ctl->out.constData());
}

void CtlActorsTest::anActorThatRefuses()
{
    startHub(3);
    const QString address = m_hub->struck("refuse 1");
    QCOMPARE(act({u"drain"_s, address}), 1);
    QVERIFY2(m_ctl->out.contains("refused by the actor") && m_ctl->out.contains("busy with work"), m_ctl->out.constData());
}

void CtlActorsTest::anActorThatIsNotThere()
{
    startHub(3);
    QCOMPARE(act({u"drain"_s, u"@(local/nobody)"_s}), 1);
    QVERIFY2(m_ctl->err.contains("There is no actor “@(local/nobody)”"), m_ctl->err.constData());
}

void CtlActorsTest::namesHaveToBeUnique()
{
    HubInside hub;
    QVERIFY(hub.listen());
    HubRawClient actors(u"@(local/host)"_s);
    QVERIFY(actors.join(hub.server.port()));
    for (const QString &address : {u"@(local/agent-1)"_s, u"@(local/agent-12)"_s, u"@(local/other:agent-3)"_s})
        actors.registerActor(address);
    const auto run = [&hub](const QString &name) {
        auto ctl = std::make_unique<Ctl>(QStringList{u"drain"_s, name, u"--dry-run"_s, u"--json"_s, u"--url"_s, hub.url()});
        ctl->start();
        return ctl;
    };
    const auto chosen = [](Ctl &ctl) { return QJsonDocument::fromJson(ctl.out).array().first()[u"worker"_s].toString(); };
    const auto whole = run(u"@(local/agent-1)"_s);
    QCOMPARE(whole->exitCode(), 0);
    QCOMPARE(chosen(*whole), u"@(local/agent-1)"_s);
    const auto bare = run(u"local/agent-1"_s); // Whole without its @( ), so that agent-12 is not meant.
    QCOMPARE(bare->exitCode(), 0);
    QCOMPARE(chosen(*bare), u"@(local/agent-1)"_s);
    const auto beginning = run(u"local/o"_s);
    QCOMPARE(beginning->exitCode(), 0);
    QCOMPARE(chosen(*beginning), u"@(local/other:agent-3)"_s);
    const auto several = run(u"local/agent"_s);
    QCOMPARE(several->exitCode(), 2);
    QVERIFY2(several->err.contains("is ambiguous") && several->err.contains("@(local/agent-12)"), several->err.constData());
    const auto within = run(u"agent-3)"_s); // What stands behind a colon is no id of its own here.
    QCOMPARE(within->exitCode(), 1);
}

void CtlActorsTest::whatActorsDoNotKnow()
{
    startHub(3);
    const QString address = anyActor();
    for (const QString &verb : {u"resume"_s, u"cancel"_s, u"reap"_s, u"remove-key"_s}) {
        QCOMPARE(act({verb, address}), 1);
        QVERIFY2(m_ctl->out.contains("left out: "), m_ctl->out.constData());
    }
    QCOMPARE(m_hub->figure("orders"), 0);
}

void CtlActorsTest::actsOnBothKindsAtOnce()
{
    if (!RedisServer::isInstalled())
        QSKIP("There is no redis-server on this machine.");
    RedisServer redis;
    QVERIFY2(redis.start(), qPrintable(redis.errorString()));
    QVERIFY(addWorker(redis, soundWorker));
    QVERIFY(tellTiming(redis));
    startHub(3);
    const QString address = anyActor();
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(soundWorker), address, u"--json"_s, u"--url"_s, redis.url().display()}),
             2); // Both go by the same rules: a floor, and a reason.
    QVERIFY2(m_ctl->err.contains("below the floor"), m_ctl->err.constData());
    QCOMPARE(act({u"drain"_s, QString::fromLatin1(soundWorker), address, u"--json"_s, u"--force"_s, u"--reason"_s, u"move"_s,
                  u"--url"_s, redis.url().display()}),
             0);
    const QJsonArray all = QJsonDocument::fromJson(m_ctl->out).array();
    QCOMPARE(all.size(), 2);
    QCOMPARE(all[0][u"kind"_s].toString(), u"worker"_s);
    QCOMPARE(all[1][u"kind"_s].toString(), u"actor"_s);
    QCOMPARE(all[1][u"stage"_s].toString(), u"done"_s);
    QCOMPARE(redis.command({"HGET", "worker:" + soundWorker, "status"}).text, "draining"_ba);
}

void CtlActorsTest::theHubIsSilent()
{
    HubInside hub;
    QVERIFY(hub.listen());
    HubRawClient actor;
    QVERIFY(actor.join(hub.server.port()));
    actor.registerActor(u"@(local/a)"_s);
    const auto silence = connect(&hub.server, &fleet::HubServer::received, this, [&hub](const QByteArray &message) {
        if (message.contains("\"hub:send\""))
            hub.server.setFault(fleet::HubFault::Silent);
    });
    Ctl ctl({u"drain"_s, u"@(local/a)"_s, u"--url"_s, hub.url(), u"--journal"_s, u"none"_s, u"--timeout"_s, u"2"_s});
    QCOMPARE(ctl.run(), 1);
    disconnect(silence);
    QVERIFY2(ctl.out.contains("unknown") || ctl.out.contains("not answered"), ctl.out.constData());
    QCOMPARE(hub.heardTypes().count(u"hub:send"_s), 1); // Once, and never again.
}

void CtlActorsTest::recordsWhatItDoes()
{
    startHub(3);
    const QString file = m_folder.filePath(u"acts.sqlite"_s);
    const QString address = anyActor();
    QCOMPARE(act({u"drain"_s, address, u"--reason"_s, u"new image"_s}, file), 0);
    SqlJournal journal(file);
    QSignalSpy answered(&journal, &Journal::answered);
    journal.query(JournalQuery(), journal.nextToken());
    QVERIFY(answered.wait(patience));
    const QList<JournalEntry> kept = answered.first().at(1).value<JournalPage>().entries;
    QVERIFY(kept.size() >= 2);
    QCOMPARE(kept.last().step, u"requested"_s);
    QCOMPARE(kept.last().worker, address.toUtf8());
    QCOMPARE(kept.last().reason, u"new image"_s);
    QCOMPARE(kept.first().step, u"done"_s);
}

PULSEDECK_TEST(CtlActorsTest, runWithEvents)
#include "ctlactors_test.moc"
