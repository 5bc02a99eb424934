// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testprogram.h"
#include "tests/timing/timingwatch.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using Outcome = TimingApplied::Outcome;

/// The shared record on a real Redis: compare-and-set, history, rights, races, and what is read of records nobody sane
/// would write.
class TimingRecordTest : public QObject
{
    Q_OBJECT

    static QHash<QByteArray, QByteArray> recordOf(const RedisServer &server)
    {
        const RedisValue all = server.command({"HGETALL", "fleet:timing"});
        QHash<QByteArray, QByteArray> record;
        for (size_t i = 0; i + 1 < all.elements.size(); i += 2)
            record.insert(all.elements[i].text, all.elements[i + 1].text);
        return record;
    }

    static RedisUrl userUrl(const RedisServer &server, const QByteArrayList &rights)
    {
        server.command(QByteArrayList{"ACL", "SETUSER", "console", "reset", "on", ">s3cret", "~*", "&*", "+@all"} + rights);
        RedisUrl url = server.url();
        url.user = u"console"_s;
        url.password = u"s3cret"_s;
        return url;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void theFirstProfileMakesTheRecordItsHistoryAndAnAnnouncement()
    {
        RedisServer server;
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        RedisConnection listener(server.url());
        QByteArray announced;
        connect(&listener, &RedisConnection::pushed, this, [&](const RedisReply &message) {
            if (message.at(0).bytes() == QByteArrayView("message"))
                announced = message.at(2).bytes().toByteArray();
        });
        listener.subscribe("fleet:timing");
        listener.open();
        TRY_EQUAL(listener.state(), RedisConnection::State::Ready);

        TimingWriter writer;
        QVERIFY(writer.open(server.url()));
        QCOMPARE(writer.status.timing.version, 0);
        const TimingApply change = writer.change(0, 12'000);
        const TimingApplied answer = writer.apply(change);
        QCOMPARE(answer.outcome, Outcome::Applied);
        QCOMPARE(answer.source, SourceId(1));
        QCOMPARE(answer.now.profile.version, 1);
        QCOMPARE(answer.now.profile.name, u"v1"_s);
        QCOMPARE(answer.text, QString());
        TRY_EQUAL(announced, QByteArray("1"));

        const auto record = recordOf(server);
        QCOMPARE(record.size(), timingCount + 4);
        QCOMPARE(record.value("heartbeatInterval"), QByteArray("12000"));
        QCOMPARE(record.value("hubActorTtl"), QByteArray("300000"));
        QCOMPARE(record.value("version"), QByteArray("1"));
        QCOMPARE(record.value("updatedAt"), QByteArray::number(change.at));
        QCOMPARE(record.value("updatedBy"), QByteArray("ann@desk"));
        QCOMPARE(record.value("reason"), QByteArray("a test"));
        QCOMPARE(server.command({"TTL", "fleet:timing"}).integer, -1);
        TRY_EQUAL(writer.status.timing.version, 1);
        QCOMPARE(writer.status.timing.heartbeatInterval, 12'000);
    }

    void whoeverIsSecondWritesNothingAndSeesWhatIsThere()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter ann;
        TimingWriter bob;
        QVERIFY(ann.open(server.url()));
        QVERIFY(bob.open(server.url()));
        TimingApply first = ann.change(0, 12'000);
        first.profile.reaperStaleThreshold = TimingProfile::notUsed;
        QCOMPARE(ann.apply(first).outcome, Outcome::Applied);
        const auto record = recordOf(server);
        TimingApply second = bob.change(0, 7'000);
        const TimingApplied answer = bob.apply(second);
        QCOMPARE(answer.outcome, Outcome::Conflict);
        QCOMPARE(answer.now.profile.version, 1);
        QCOMPARE(answer.now.profile.heartbeatInterval, 12'000);
        QCOMPARE(answer.now.profile.reaperStaleThreshold, TimingProfile::notUsed);
        QCOMPARE(answer.now.by, u"ann@desk"_s);
        QCOMPARE(answer.now.reason, u"a test"_s);
        QCOMPARE(answer.now.at, first.at);
        QVERIFY(recordOf(server) == record);
        QCOMPARE(server.command({"XLEN", "fleet:timing:history"}).integer, 1);
        // The other console took it over without being told by hand.
        TRY_EQUAL(bob.status.timing.version, 1);
    }

    void aRaceHasOneWinnerEachRound()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter ann;
        TimingWriter bob;
        QVERIFY(ann.open(server.url()));
        QVERIFY(bob.open(server.url()));
        constexpr int rounds = 200;
        int wonByAnn = 0;
        for (int round = 0; round < rounds; ++round) {
            const TimingApply a = ann.change(round, 10'000 + round);
            const TimingApply b = bob.change(round, 20'000 + round);
            RedisSource *const order[]{round % 2 ? ann.source.get() : bob.source.get(),
                                       round % 2 ? bob.source.get() : ann.source.get()};
            order[0]->applyTiming(round % 2 ? a : b);
            order[1]->applyTiming(round % 2 ? b : a);
            const TimingApplied ofAnn = ann.answerTo(a.id);
            const TimingApplied ofBob = bob.answerTo(b.id);
            const bool annWon = ofAnn.outcome == Outcome::Applied;
            QVERIFY2(annWon != (ofBob.outcome == Outcome::Applied), "one of both, never both, never none");
            const TimingApplied &loser = annWon ? ofBob : ofAnn;
            QCOMPARE(loser.outcome, Outcome::Conflict);
            QCOMPARE(loser.now.profile.heartbeatInterval, (annWon ? a : b).profile.heartbeatInterval);
            wonByAnn += annWon;
        }
        QCOMPARE(ann.answers.size(), rounds);
        QCOMPARE(bob.answers.size(), rounds);
        QCOMPARE(recordOf(server).value("version"), QByteArray::number(rounds));
        QCOMPARE(server.command({"XLEN", "fleet:timing:history"}).integer, rounds);
        const TimingHistory history = ann.history();
        QCOMPARE(history.versions.size(), rounds);
        for (int i = 0; i < rounds; ++i)
            QCOMPARE(history.versions.at(i).profile.version, rounds - i);
    }

    void aValueThatIsNotUsedIsTakenOutAndReadBackSo()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        QVERIFY(writer.open(server.url()));
        QCOMPARE(writer.apply(writer.change(0, 10'000)).outcome, Outcome::Applied);
        QVERIFY(recordOf(server).contains("reaperStaleThreshold"));
        TimingApply without = writer.change(1, 10'000);
        without.profile.reaperStaleThreshold = TimingProfile::notUsed;
        QCOMPARE(writer.apply(without).outcome, Outcome::Applied);
        QVERIFY(!recordOf(server).contains("reaperStaleThreshold"));
        TRY_EQUAL(writer.status.timing.version, 2);
        QCOMPARE(writer.status.timing.reaperStaleThreshold, TimingProfile::notUsed);
        const TimingHistory history = writer.history();
        QCOMPARE(history.versions.size(), 2);
        QCOMPARE(history.versions.at(0).profile.reaperStaleThreshold, TimingProfile::notUsed);
        QCOMPARE(history.versions.at(1).profile.reaperStaleThreshold, 30'000);
        // Back to the old version, as a new one.
        TimingApply back = writer.change(2, 10'000);
        back.profile = history.versions.at(1).profile;
        QCOMPARE(writer.apply(back).outcome, Outcome::Applied);
        const auto record = recordOf(server);
        QCOMPARE(record.value("version"), QByteArray("3"));
        QCOMPARE(record.value("reaperStaleThreshold"), QByteArray("30000"));
    }

    void aForeignRecordIsCountedFromWhatItSays_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<qint64>("expected");
        QTest::addColumn<bool>("applied");
        QTest::newRow("none") << QByteArray() << qint64(0) << true;
        QTest::newRow("a number") << QByteArray("41") << qint64(41) << true;
        QTest::newRow("spaces, zeros and a plus") << QByteArray(" +0041 ") << qint64(41) << true;
        QTest::newRow("no number") << QByteArray("latest") << qint64(0) << true;
        QTest::newRow("negative") << QByteArray("-3") << qint64(0) << true;
        QTest::newRow("beyond doubles") << QByteArray("900719925474099301") << qint64(900719925474099301) << true;
        QTest::newRow("its neighbour") << QByteArray("900719925474099301") << qint64(900719925474099300) << false;
        QTest::newRow("too long") << QByteArray("99999999999999999999999") << qint64(0) << true;
    }

    void aForeignRecordIsCountedFromWhatItSays()
    {
        QFETCH(QByteArray, version);
        QFETCH(qint64, expected);
        QFETCH(bool, applied);
        RedisServer server;
        QVERIFY(server.start());
        server.command({"HSET", "fleet:timing", "heartbeatInterval", "8000", "theirs", "kept"});
        if (!version.isEmpty())
            server.command({"HSET", "fleet:timing", "version", version});
        TimingWriter writer;
        QVERIFY(writer.open(server.url()));
        QCOMPARE(writer.status.timing.heartbeatInterval, 8'000);
        if (applied)
            QCOMPARE(writer.status.timing.version, expected);
        const TimingApplied answer = writer.apply(writer.change(expected, 9'000));
        QCOMPARE(answer.outcome, applied ? Outcome::Applied : Outcome::Conflict);
        QCOMPARE(recordOf(server).value("theirs"), QByteArray("kept"));
        QCOMPARE(recordOf(server).value("heartbeatInterval"), applied ? QByteArray("9000") : QByteArray("8000"));
        if (applied)
            QCOMPARE(recordOf(server).value("version"), QByteArray::number(expected + 1));
    }

    void aSourceThatMayNotBeWrittenToSendsNothing()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        QVERIFY(writer.open(server.url(), false));
        const TimingApplied answer = writer.apply(writer.change(0, 12'000));
        QCOMPARE(answer.outcome, Outcome::Refused);
        QCOMPARE(answer.refusal, Refusal::ReadOnlySource);
        QVERIFY(!server.command({"INFO", "commandstats"}).text.contains("cmdstat_eval"));
        QCOMPARE(server.command({"EXISTS", "fleet:timing", "fleet:timing:history"}).integer, 0);
    }

    void missingRightsAreRefusedBeforeAnythingIsWritten_data()
    {
        QTest::addColumn<QByteArrayList>("rights");
        QTest::addColumn<QString>("named");
        QTest::newRow("eval") << QByteArrayList{"-eval"} << u"EVAL"_s;
        QTest::newRow("hset") << QByteArrayList{"-hset"} << u"HSET"_s;
        QTest::newRow("xadd") << QByteArrayList{"-xadd"} << u"XADD"_s;
        QTest::newRow("hdel") << QByteArrayList{"-hdel"} << u"HDEL"_s;
        QTest::newRow("hmget") << QByteArrayList{"-hmget"} << u"HMGET"_s;
    }

    void missingRightsAreRefusedBeforeAnythingIsWritten()
    {
        QFETCH(QByteArrayList, rights);
        QFETCH(QString, named);
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        QVERIFY(writer.open(userUrl(server, rights)));
        TimingApply change = writer.change(0, 12'000);
        change.profile.reaperStaleThreshold = TimingProfile::notUsed;
        const TimingApplied answer = writer.apply(change);
        QCOMPARE(answer.outcome, Outcome::Refused);
        QCOMPARE(answer.refusal, Refusal::NotPermitted);
        QVERIFY2(answer.text.startsWith(named), qPrintable(answer.text));
        QVERIFY(!answer.text.contains(u"s3cret"));
        QCOMPARE(server.command({"EXISTS", "fleet:timing", "fleet:timing:history"}).integer, 0);
    }

    void whatCannotBeAnnouncedIsWrittenAndSaid()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        QVERIFY(writer.open(userUrl(server, {"-publish"})));
        const TimingApplied answer = writer.apply(writer.change(0, 12'000));
        QCOMPARE(answer.outcome, Outcome::Applied);
        QVERIFY2(answer.text.contains(u"not announced"), qPrintable(answer.text));
        QCOMPARE(recordOf(server).value("version"), QByteArray("1"));
    }

    void aReplicaAndWrongTypesAreRefused()
    {
        RedisServer master;
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY(master.start(options));
        RedisServer replica;
        QVERIFY(replica.start());
        replica.command({"REPLICAOF", "127.0.0.1", QByteArray::number(master.tcpUrl().port)});
        TimingWriter writer;
        QVERIFY(writer.open(replica.url()));
        const TimingApplied onReplica = writer.apply(writer.change(0, 12'000));
        QCOMPARE(onReplica.outcome, Outcome::Refused);
        QCOMPARE(onReplica.refusal, Refusal::Replica);

        RedisServer server;
        QVERIFY(server.start());
        server.command({"SET", "fleet:timing:history", "text"});
        TimingWriter other;
        QVERIFY(other.open(server.url()));
        const TimingApplied history = other.apply(other.change(0, 12'000));
        QCOMPARE(history.refusal, Refusal::NotAHash);
        QVERIFY(history.text.contains(u"fleet:timing:history"));
        QCOMPARE(server.command({"EXISTS", "fleet:timing"}).integer, 0);
        QVERIFY(!other.history().known);
        server.command({"SET", "fleet:timing", "text"});
        QCOMPARE(other.apply(other.change(0, 12'000)).refusal, Refusal::NotAHash);
        QVERIFY(QTest::qWaitFor([&] { return other.status.timingProblems.join(u' ').contains(u"fleet:timing"); }, 20'000));
        server.command({"DEL", "fleet:timing"});
        TRY_TRUE(!other.status.timingProblems.join(u' ').contains(u"fleet:timing"));
    }

    void aLostAnswerIsUnknown()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        QVERIFY(writer.open(server.url()));
        server.pause();
        const TimingApply change = writer.change(0, 12'000);
        writer.source->applyTiming(change);
        server.kill();
        QCOMPARE(writer.answerTo(change.id).outcome, Outcome::Unknown);
        const TimingApplied later = writer.apply(writer.change(0, 12'000));
        QCOMPARE(later.outcome, Outcome::Refused);
        QCOMPARE(later.refusal, Refusal::NotConnected);
        QCOMPARE(writer.answers.size(), 2);
        QVERIFY(!writer.history().known);
    }

    void stoppingAnswersWhatIsUnderWay()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        QVERIFY(writer.open(server.url()));
        server.pause();
        const TimingApply change = writer.change(0, 12'000);
        writer.source->applyTiming(change);
        writer.source->stop();
        QCOMPARE(writer.answerTo(change.id).outcome, Outcome::Unknown);
        QCOMPARE(writer.answers.size(), 1);
        server.resume();
    }

    void changesByAnybodyAreTakenOverAtOnce_data()
    {
        QTest::addColumn<bool>("push");
        QTest::newRow("told by tracking") << true;
        QTest::newRow("by the sweep") << false;
    }

    void changesByAnybodyAreTakenOverAtOnce()
    {
        QFETCH(bool, push);
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        writer.options.push = push;
        QVERIFY(writer.open(server.url()));
        QCOMPARE(writer.status.state, push ? SourceState::Live : SourceState::Sweeping);
        server.command({"HSET", "fleet:timing", "heartbeatInterval", "7000", "version", "3"});
        TRY_EQUAL(writer.status.timing.heartbeatInterval, 7'000);
        QCOMPARE(writer.status.timing.version, 3);
        server.command({"HSET", "fleet:timing", "workerKeyTtl", "soon", "version", "4"});
        TRY_EQUAL(writer.status.timing.version, 4);
        QVERIFY(writer.status.timingProblems.join(u' ').contains(u"workerKeyTtl"));
        server.command({"HSET", "fleet:timing", "workerKeyTtl", "28000"});
        TRY_EQUAL(writer.status.timing.workerKeyTtl, 28'000);
        TRY_TRUE(!writer.status.timingProblems.join(u' ').contains(u"workerKeyTtl"));
        server.command({"DEL", "fleet:timing"});
        TRY_EQUAL(writer.status.timing.version, 0);
        server.command({"HSET", "fleet:timing", "heartbeatInterval", "6000", "version", "9"});
        TRY_EQUAL(writer.status.timing.version, 9);
        server.command({"FLUSHALL"});
        TRY_EQUAL(writer.status.timing.version, 0);
    }

    void withoutTheRightToReadItTheDefaultsAreInForce()
    {
        RedisServer server;
        QVERIFY(server.start());
        server.command({"HSET", "fleet:timing", "heartbeatInterval", "7000", "version", "3"});
        const RedisUrl url = userUrl(server, {"resetkeys", "~worker:*", "~cluster:*"});
        TimingWriter writer;
        QVERIFY(writer.open(url));
        QCOMPARE(writer.status.timing.version, 0);
        QCOMPARE(writer.status.timing.heartbeatInterval, 10'000);
        TRY_TRUE(writer.status.timingProblems.join(u' ').contains(u"fleet:timing: cannot be read"));
        QVERIFY(!writer.history().known);
        QCOMPARE(writer.apply(writer.change(0, 9'000)).refusal, Refusal::NotPermitted);
    }

    void theHistoryIsReadStrictlyAndIsBounded()
    {
        RedisServer server;
        QVERIFY(server.start());
        TimingWriter writer;
        QVERIFY(writer.open(server.url()));
        QVERIFY(writer.history().known);
        QVERIFY(writer.history().versions.isEmpty());
        server.command({"XADD", "fleet:timing:history", "*", "version", "1", "heartbeatInterval", "7000", "updatedBy", "bob",
                        "updatedAt", "1700000000000", "reason", QByteArray("x").repeated(900)});
        server.command({"XADD", "fleet:timing:history", "*", "version", "two", "heartbeatInterval", "7000"});
        server.command({"XADD", "fleet:timing:history", "*", "version", "2", "heartbeatInterval", "-7"});
        server.command({"XADD", "fleet:timing:history", "*", "version", "3"});
        server.command(
            {"XADD", "fleet:timing:history", "*", "version", "4", "heartbeatInterval", QByteArray("9").repeated(5'000)});
        const TimingHistory history = writer.history();
        QCOMPARE(history.source, SourceId(1));
        QCOMPARE(history.versions.size(), 1);
        QCOMPARE(history.versions.first().by, u"bob"_s);
        QCOMPARE(history.versions.first().at, 1'700'000'000'000);
        QCOMPARE(history.versions.first().reason.size(), 512);
        QCOMPARE(history.text, u"4 entries cannot be read and are left out"_s);

        for (int version = 0; version < 700; ++version)
            writer.source->applyTiming(writer.change(version, 10'000 + version));
        TRY_EQUAL(writer.answers.size(), 700);
        QCOMPARE(writer.answers.last().outcome, Outcome::Applied);
        const qint64 kept = server.command({"XLEN", "fleet:timing:history"}).integer;
        QVERIFY2(kept >= 500 && kept < 650, qPrintable(QString::number(kept)));
        const TimingHistory many = writer.history();
        QCOMPARE(many.versions.size(), 500);
        QCOMPARE(many.versions.first().profile.version, 700);
    }

    void anEnormousFieldCostsTheConnectionOnce()
    {
        RedisServer server;
        QVERIFY(server.start());
        server.command({"HSET", "fleet:timing", "heartbeatInterval", "7000", "version", "3", "drainTimeout",
                        QByteArray("9").repeated(400'000)});
        TimingWriter writer;
        writer.options.connection.maxReplyBytes = 200'000;
        QVERIFY(writer.open(server.url()));
        TRY_EQUAL(writer.status.timing.version, 3);
        QCOMPARE(writer.status.timing.heartbeatInterval, 7'000);
        QVERIFY2(writer.status.generation <= 2, qPrintable(QString::number(writer.status.generation)));
        const TimingApplied conflict = writer.apply(writer.change(1, 9'000));
        QCOMPARE(conflict.outcome, Outcome::Conflict);
        QCOMPARE(conflict.now.profile.version, 3);
    }
};

PULSEDECK_TEST(TimingRecordTest, runWithEvents)
#include "timingrecord_test.moc"
