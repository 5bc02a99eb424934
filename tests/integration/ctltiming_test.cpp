// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/beatrecording.h"
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

#include <QDateTime>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl timing as a team's CI and an operator run it.
class CtlTimingTest : public QObject
{
    Q_OBJECT

    RedisServer m_server;
    QTemporaryDir m_folder;

    QString put(const QString &name, const QByteArray &text)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write a file of the test");
        return file.fileName();
    }
    QString url() const { return m_server.url().display(); }

    static QJsonObject finding(const QByteArray &json, const QString &rule)
    {
        const QJsonArray all = QJsonDocument::fromJson(json).object()[u"findings"_s].toArray();
        for (const QJsonValue &one : all) {
            if (one.toObject()[u"rule"_s].toString() == rule)
                return one.toObject();
        }
        return {};
    }

    static QJsonArray resultsOf(const QByteArray &sarif)
    {
        const QJsonArray runs = QJsonDocument::fromJson(sarif).object()[u"runs"_s].toArray();
        return runs.isEmpty() ? QJsonArray() : runs.first()[u"results"_s].toArray();
    }

    QStringList writing(const QStringList &arguments) const
    {
        return QStringList{u"timing"_s} + arguments + QStringList{u"--url"_s, url(), u"--journal"_s, u"none"_s};
    }

private slots:
    void init()
    {
        if (RedisServer::isInstalled() && !m_server.isRunning())
            QVERIFY2(m_server.start(), qPrintable(m_server.errorString()));
        if (m_server.isRunning())
            QVERIFY(m_server.command({"FLUSHALL"}).ok());
    }

    void refusesWrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("nothing") << QStringList() << QByteArray("command is missing");
        QTest::newRow("verb") << QStringList{u"melt"_s} << QByteArray("Unknown command");
        QTest::newRow("no file") << QStringList{u"check"_s} << QByteArray("Which file");
        QTest::newRow("both forms") << QStringList{u"check"_s, u"x"_s, u"--json"_s, u"--sarif"_s} << QByteArray("not both");
        QTest::newRow("one profile") << QStringList{u"diff"_s, u"--preset"_s, u"hub-today"_s} << QByteArray("Two profiles");
        QTest::newRow("no reason") << QStringList{u"apply"_s, u"--preset"_s, u"hub-today"_s} << QByteArray("--reason");
        QTest::newRow("no version") << QStringList{u"rollback"_s} << QByteArray("--to");
        QTest::newRow("wrong set") << QStringList{u"apply"_s, u"--set"_s, u"speed=1"_s} << QByteArray("--set");
        QTest::newRow("wrong duration") << QStringList{u"apply"_s, u"--set"_s, u"workerKeyTtl=soon"_s}
                                        << QByteArray("workerKeyTtl");
        for (const char *const comma : {"1,500s", "1,500", "12,000 ms", "1,500,000"}) {
            QTest::newRow(comma) << QStringList{u"apply"_s, u"--set"_s, u"workerKeyTtl="_s + QString::fromLatin1(comma)}
                                 << QByteArray(comma);
        }
        QTest::newRow("always there") << QStringList{u"apply"_s, u"--set"_s, u"workerKeyTtl=none"_s}
                                      << QByteArray("cannot be none");
        QTest::newRow("misplaced") << QStringList{u"check"_s, u"x"_s, u"--to"_s, u"3"_s} << QByteArray("not for timing check");
        QTest::newRow("unknown") << QStringList{u"show"_s, u"--loud"_s} << QByteArray("Unknown option");
        QTest::newRow("no Redis") << QStringList{u"show"_s} << QByteArray("Which Redis");
        QTest::newRow("base of a recording") << QStringList{u"what-if"_s, u"--recording"_s, u"x"_s, u"--base"_s, u"hub-today"_s}
                                             << QByteArray("not for timing what-if");
        QTest::newRow("system unknown") << QStringList{u"show"_s, u"--system"_s, u"cron"_s} << QByteArray("no timing is known");
        QTest::newRow("not its own") << QStringList{u"check"_s, u"--system"_s, u"rq"_s, u"--set"_s, u"workerKeyTtl=1s"_s}
                                     << QByteArray("RQ has no such parameter; there are worker-ttl");
        QTest::newRow("fixed") << QStringList{u"check"_s, u"--system"_s, u"sidekiq"_s, u"--set"_s, u"ttl=90s"_s}
                               << QByteArray("ttl cannot be set: fixed");
        QTest::newRow("zero") << QStringList{u"check"_s, u"--system"_s, u"rq"_s, u"--set"_s, u"worker-ttl=0"_s}
                              << QByteArray("worker-ttl: must not be 0");
        QTest::newRow("system and file") << QStringList{u"check"_s, u"x"_s, u"--system"_s, u"rq"_s} << QByteArray("give --set");
        QTest::newRow("set without system") << QStringList{u"check"_s, u"x"_s, u"--set"_s, u"workerKeyTtl=1s"_s}
                                            << QByteArray("--set needs --system");
        QTest::newRow("apply to a system") << QStringList{u"apply"_s, u"--system"_s, u"rq"_s}
                                           << QByteArray("not for timing apply");
        QTest::newRow("password") << QStringList{u"apply"_s, u"redis://:s3cret@h"_s, u"--reason"_s, u"r"_s}
                                  << QByteArray("--url");
    }

    void refusesWrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, word);
        Ctl ctl(QStringList{u"timing"_s} + arguments);
        QCOMPARE(ctl.run(), 2);
        QVERIFY2(ctl.err.contains(word), ctl.err);
        QVERIFY(!ctl.err.contains("s3cret"));
        QVERIFY(ctl.out.isEmpty());
    }

    void helps()
    {
        Ctl ctl({u"timing"_s, u"--help"_s});
        QCOMPARE(ctl.run(), 0);
        QVERIFY(ctl.out.startsWith("Usage: pulsedeckctl timing check"));
    }

    void systemsHaveParametersOfTheirOwn()
    {
        Ctl show({u"timing"_s, u"show"_s, u"--system"_s, u"rq"_s});
        QCOMPARE(show.run(), 0);
        QVERIFY2(show.out.contains("the option --worker-ttl") && show.out.contains("cannot set"), show.out);
        Ctl sound({u"timing"_s, u"check"_s, u"--system"_s, u"sidekiq"_s});
        QCOMPARE(sound.run(), 0);
        QVERIFY2(sound.out.contains("Sidekiq: 3 of 3 rules hold."), sound.out);
        Ctl wrong({u"timing"_s, u"check"_s, u"--system"_s, u"rq"_s, u"--set"_s, u"worker-ttl=50s"_s});
        QCOMPARE(wrong.run(), 1);
        QVERIFY2(wrong.out.startsWith("must T1: Worker TTL must be at least 60 s"), wrong.out);
        QVERIFY2(wrong.out.contains("smallest change: worker-ttl to 60 s (the option --worker-ttl)"), wrong.out);
        Ctl json({u"timing"_s, u"check"_s, u"--system"_s, u"rq"_s, u"--set"_s, u"worker-ttl=600s"_s, u"--json"_s});
        QCOMPARE(json.run(), 0);
        const QJsonObject object = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(object[u"values"_s][u"idle-key-ttl"_s].toInteger(), qint64(660'000));
        QVERIFY(object[u"values"_s][u"kill-grace"_s].isNull());
        QCOMPARE(finding(json.out, u"T1"_s)[u"holds"_s], QJsonValue(true));
    }

    void recordedBeatsAreHeldAgainstTheLimitOfASystem()
    {
        BeatRecording recording;
        for (int worker = 0; worker < 40; ++worker) {
            BeatRecording::Worker entry;
            entry.id = "host:" + QByteArray::number(worker) + ":default";
            entry.interval = 60'000;
            entry.ttl = 60'000;
            entry.first = quint32(recording.beats.size());
            entry.count = 6;
            for (int i = 0; i < 6; ++i)
                recording.beats.push_back(1'700'000'000'000 + i * 60'000 + (i > 3 && worker < 3 ? 140'000 : 0));
            recording.workers.push_back(entry);
        }
        recording.from = 1'700'000'000'000;
        recording.to = recording.from + 600'000;
        QFile file(m_folder.filePath(u"resque.recording"_s));
        QString error;
        QVERIFY(file.open(QIODevice::WriteOnly) && recording.save(file, &error));
        file.close();
        const QStringList asked{u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--system"_s, u"resque"_s};
        Ctl usual(asked);
        QCOMPARE(usual.run(), 0);
        QVERIFY2(usual.out.startsWith("With this limit (prune interval, 300 s), 0 of 40 workers would have been called late."),
                 usual.out);
        Ctl shorter(asked + QStringList{u"--set"_s, u"prune=180s"_s});
        QCOMPARE(shorter.run(), 0);
        QVERIFY2(shorter.out.startsWith("With this limit (prune interval, 180 s), 3 of 40 workers would have been called late.\n"
                                        "  host:0:default  a gap of 200 s\n"),
                 shorter.out);
        QVERIFY2(shorter.out.contains("Smallest limit with none late: 200 s."), shorter.out);
        Ctl nothing({u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--system"_s, u"bullmq"_s});
        QCOMPARE(nothing.run(), 2);
        QVERIFY2(nothing.err.contains("no beat that is held against a limit"), nothing.err);
    }

    void aSoundFileEndsWithNought()
    {
        const QString file = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\nREDIS_KEY_TTL=30\n");
        Ctl ctl({u"timing"_s, u"check"_s, file});
        QCOMPARE(ctl.run(), 0);
        QVERIFY2(ctl.out.contains("broken: 0 must"), ctl.out);
        // The stricter set asks for three times the interval, which is just held.
        QCOMPARE(Ctl({u"timing"_s, u"check"_s, file, u"--rules"_s, u"playwright-distributed-0.3"_s}).run(), 0);
        put(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\nREDIS_KEY_TTL=29\n");
        QCOMPARE(Ctl({u"timing"_s, u"check"_s, file}).run(), 0);
        QCOMPARE(Ctl({u"timing"_s, u"check"_s, file, u"--rules"_s, u"playwright-distributed-0.3"_s}).run(), 1);
    }

    void aBrokenMustEndsWithOneAndNamesTheLine()
    {
        const QString worker = put(u"worker.env"_s, "# w\nHEARTBEAT_INTERVAL=20\nREDIS_KEY_TTL=60\n");
        const QString proxy = put(u"proxy.env"_s, "\n\nSHUTDOWN_COMMAND_TTL=20\n");
        Ctl ctl({u"timing"_s, u"check"_s, worker, proxy});
        QCOMPARE(ctl.run(), 1);
        QVERIFY2(ctl.out.contains((proxy + u":3: must W3: "_s).toUtf8()), ctl.out);
        QVERIFY2(ctl.out.contains("smallest change: shutdownCommandTtl"), ctl.out);

        Ctl json({u"timing"_s, u"check"_s, worker, proxy, u"--json"_s});
        QCOMPARE(json.run(), 1);
        const QJsonObject w3 = finding(json.out, u"W3"_s);
        QCOMPARE(w3[u"holds"_s].toBool(true), false);
        QCOMPARE(w3[u"severity"_s].toString(), u"must"_s);
        QCOMPARE(w3[u"ratio"_s].toDouble(), 1.0);
        QCOMPARE(w3[u"file"_s].toString(), proxy);
        QCOMPARE(w3[u"line"_s].toInt(), 3);
        QCOMPARE(finding(json.out, u"W1"_s)[u"holds"_s].toBool(), true);
        const QJsonObject all = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(all[u"ok"_s].toBool(true), false);
        QCOMPARE(all[u"profile"_s].toObject()[u"heartbeatInterval"_s].toInt(), 20'000);
    }

    void boundsAreHeldInTheUnitOfEachFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<bool>("holds");
        QTest::addColumn<qint64>("smallest"); ///< 0: none is needed.
        // Seconds: what mends it is a whole second.
        const auto seconds = [](int ttl) {
            return QByteArray("HEARTBEAT_INTERVAL=10\nREDIS_KEY_TTL=%1\n").replace("%1", QByteArray::number(ttl));
        };
        QTest::newRow("s, under") << u"worker.env"_s << seconds(9) << u"W1"_s << false << qint64(11'000);
        QTest::newRow("s, at") << u"worker.env"_s << seconds(10) << u"W1"_s << false << qint64(11'000);
        QTest::newRow("s, over") << u"worker.env"_s << seconds(11) << u"W1"_s << true << qint64(0);
        QTest::newRow("s, at least, under") << u"worker.env"_s << seconds(19) << u"W2"_s << false << qint64(20'000);
        QTest::newRow("s, at least, at") << u"worker.env"_s << seconds(20) << u"W2"_s << true << qint64(0);
        // Milliseconds in quotes.
        const auto text = [](int ms) {
            return QByteArray("[vars]\nHEARTBEAT_INTERVAL = \"%1\"\n").replace("%1", QByteArray::number(ms));
        };
        QTest::newRow("ms in quotes, under") << u"wrangler.toml"_s << text(24'999) << u"H3"_s << false << qint64(24'999);
        QTest::newRow("ms in quotes, at") << u"wrangler.toml"_s << text(25'000) << u"H3"_s << true << qint64(0);
        QTest::newRow("ms in quotes, over") << u"wrangler.toml"_s << text(25'001) << u"H3"_s << true << qint64(0);
        // The same value in seconds, which win.
        QTest::newRow("s that win, under") << u"wrangler.toml"_s << text(99'000) + "HB_INTERVAL_SECONDS = 24\n"
                                           << u"H3"_s << false << qint64(24'000);
        QTest::newRow("s that win, at") << u"wrangler.toml"_s << text(1'000) + "HB_INTERVAL_SECONDS = 25\n"
                                        << u"H3"_s << true << qint64(0);
        // Milliseconds.
        const auto json = [](int ttl) { return QByteArray("{ \"workerKeyTtl\": %1 }").replace("%1", QByteArray::number(ttl)); };
        QTest::newRow("ms, under") << u"p.json"_s << json(9'999) << u"W1"_s << false << qint64(10'001);
        QTest::newRow("ms, at") << u"p.json"_s << json(10'000) << u"W1"_s << false << qint64(10'001);
        QTest::newRow("ms, over") << u"p.json"_s << json(10'001) << u"W1"_s << true << qint64(0);
    }

    void boundsAreHeldInTheUnitOfEachFile()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QFETCH(QString, rule);
        QFETCH(bool, holds);
        QFETCH(qint64, smallest);
        Ctl ctl({u"timing"_s, u"check"_s, put(name, text), u"--json"_s});
        const bool must = rule == u"W1";
        QCOMPARE(ctl.run(), must && !holds ? 1 : 0);
        const QJsonObject found = finding(ctl.out, rule);
        QCOMPARE(found[u"holds"_s].toBool(), holds);
        QCOMPARE(found[u"smallest"_s].toObject()[u"ms"_s].toInteger(), smallest);
    }

    void sarifIsWhatItsReadersExpect()
    {
        const QString worker = put(u"a worker.env"_s, "HEARTBEAT_INTERVAL=60\nREDIS_KEY_TTL=30\nREAPER_RUN_INTERVAL=often\n");
        const QString toml = put(u"wrangler.toml"_s, "[vars]\nHEARTBEAT_INTERVAL = \"20000\"\n");
        Ctl ctl({u"timing"_s, u"check"_s, worker, toml, u"--sarif"_s});
        QCOMPARE(ctl.run(), 2); // Something cannot be read.
        const QJsonObject log = QJsonDocument::fromJson(ctl.out).object();
        QCOMPARE(log[u"version"_s].toString(), u"2.1.0"_s);
        QVERIFY(log[u"$schema"_s].toString().contains(u"sarif-2.1.0"_s));
        const QJsonArray runs = log[u"runs"_s].toArray();
        QCOMPARE(runs.size(), 1);
        const QJsonObject driver = runs.first()[u"tool"_s][u"driver"_s].toObject();
        QCOMPARE(driver[u"name"_s].toString(), u"pulsedeckctl"_s);
        QStringList ruleIds;
        const QJsonArray rules = driver[u"rules"_s].toArray();
        for (const QJsonValue &rule : rules) {
            ruleIds.append(rule[u"id"_s].toString());
            for (const QString &text : {u"shortDescription"_s, u"fullDescription"_s, u"help"_s})
                QVERIFY2(!rule[text].toObject()[u"text"_s].toString().isEmpty(), qPrintable(text));
            QVERIFY(rule[u"shortDescription"_s] != rule[u"fullDescription"_s]);
        }
        QCOMPARE(QSet<QString>(ruleIds.begin(), ruleIds.end()).size(), ruleIds.size());
        QStringList seen;
        const QJsonArray results = runs.first()[u"results"_s].toArray();
        for (const QJsonValue &result : results) {
            QVERIFY(ruleIds.contains(result[u"ruleId"_s].toString()));
            QVERIFY(QStringList({u"error"_s, u"warning"_s, u"note"_s}).contains(result[u"level"_s].toString()));
            QVERIFY(!result[u"message"_s][u"text"_s].toString().isEmpty());
            const QJsonArray locations = result[u"locations"_s].toArray();
            QCOMPARE(locations.size(), 1);
            const QJsonObject physical = locations.first()[u"physicalLocation"_s].toObject();
            const QString uri = physical[u"artifactLocation"_s].toObject()[u"uri"_s].toString();
            QVERIFY2(uri.startsWith(u"file:///"_s) && !uri.contains(u' '), qPrintable(uri));
            const QJsonObject region = physical[u"region"_s].toObject();
            for (const QString &number : {u"startLine"_s, u"startColumn"_s, u"endLine"_s, u"endColumn"_s})
                QVERIFY2(region[number].toInt() >= 1, qPrintable(number));
            const QString hash = result[u"partialFingerprints"_s].toObject()[u"primaryLocationLineHash"_s].toString();
            QVERIFY2(QRegularExpression(u"^[0-9a-f]{16}:1$"_s).match(hash).hasMatch(), qPrintable(hash));
            if (result[u"ruleId"_s].toString() == u"W1") // The whole line, "HEARTBEAT_INTERVAL=60" or the TTL's.
                QCOMPARE(region[u"endColumn"_s].toInt(), int(sizeof("REDIS_KEY_TTL=30")));
            seen.append(u"%1:%2"_s.arg(result[u"ruleId"_s].toString()).arg(physical[u"region"_s][u"startLine"_s].toInt()));
        }
        QVERIFY2(seen.contains(u"W1:2"_s), qPrintable(seen.join(u' ')));
        QVERIFY2(seen.contains(u"W3:1"_s),
                 qPrintable(seen.join(u' '))); // Its left side is a default: the line of the right one.
        QVERIFY2(seen.contains(u"H3:2"_s), qPrintable(seen.join(u' ')));
        QVERIFY2(seen.contains(u"unreadable:3"_s), qPrintable(seen.join(u' ')));

        // Lines above that come and go leave a finding the same one.
        const auto hashOf = [this](const QByteArray &text) {
            Ctl one({u"timing"_s, u"check"_s, put(u"moved.env"_s, text), u"--sarif"_s});
            const QJsonArray found = one.run() == 1 ? resultsOf(one.out) : QJsonArray();
            return found.isEmpty() ? QString()
                                   : found.first()[u"partialFingerprints"_s].toObject()[u"primaryLocationLineHash"_s].toString();
        };
        const QString first = hashOf("REDIS_KEY_TTL=5\n");
        QVERIFY(!first.isEmpty());
        QCOMPARE(hashOf("# one more line\n\n  REDIS_KEY_TTL=5\n"), first);
        QVERIFY(hashOf("REDIS_KEY_TTL=6\n") != first);
        // A preset that is none is no finding in a file.
        Ctl none({u"timing"_s, u"check"_s, u"--preset"_s, u"nobodys"_s, u"--sarif"_s});
        QCOMPARE(none.run(), 2);
        QVERIFY(resultsOf(none.out).isEmpty());
        QVERIFY(none.err.contains("there is no preset"));
    }

    void whatCannotBeReadEndsWithTwo_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("missing") << QString() << QByteArray() << QByteArray("no such file");
        QTest::newRow("broken toml") << u"wrangler.toml"_s << QByteArray("[vars]\nA = \n")
                                     << QByteArray("wrangler.toml:2: line 2");
        QTest::newRow("no number") << u"worker.env"_s << QByteArray("\nHEARTBEAT_INTERVAL=ten\n")
                                   << QByteArray("worker.env:2: HEARTBEAT_INTERVAL");
        QTest::newRow("fraction") << u"worker.env"_s << QByteArray("HEARTBEAT_INTERVAL=2.5\n")
                                  << QByteArray("whole number of seconds");
        QTest::newRow("broken JSON") << u"p.json"_s << QByteArray("{\n\"heartbeatInterval\": ,}") << QByteArray("p.json:2: ");
        QTest::newRow("unknown name") << u"p.json"_s << QByteArray("{\n\n\"speed\": 3 }") << QByteArray("p.json:3: ");
        QTest::newRow("text for a number") << u"p.json"_s << QByteArray("{ \"workerKeyTtl\": \"30s\" }")
                                           << QByteArray("milliseconds");
        QTest::newRow("UTF-16") << u"worker.env"_s << QByteArray("\xff\xfeH\0=\0001\0", 8) << QByteArray("UTF-16");
        QTest::newRow("environment") << u"wrangler.toml"_s << QByteArray("[env.p.vars]\nDEFAULT_ACTOR_TTL=\"long\"\n")
                                     << QByteArray("wrangler.toml:2: environment p: DEFAULT_ACTOR_TTL");
        QTest::newRow("broken jsonc") << u"wrangler.jsonc"_s << QByteArray("{ // x\n\"vars\": }")
                                      << QByteArray("wrangler.jsonc:2: ");
        QTest::newRow("other file") << u"notes.txt"_s << QByteArray("hello") << QByteArray("neither an environment file");
    }

    void whatCannotBeReadEndsWithTwo()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, word);
        const QString file = name.isEmpty() ? m_folder.filePath(u"none.env"_s) : put(name, text);
        Ctl ctl({u"timing"_s, u"check"_s, file});
        QCOMPARE(ctl.run(), 2);
        QVERIFY2(ctl.err.contains(word), ctl.err);
        // Defaults that hold are no verdict on a file that nobody could read.
        QVERIFY2(ctl.out.isEmpty() || ctl.out.contains("Not everything could be read"), ctl.out);
    }

    void eachEnvironmentIsHeldAgainstTheRules()
    {
        const QString broken =
            put(u"wrangler.toml"_s, "[vars]\nDEFAULT_ACTOR_TTL=\"300000\"\n[env.production.vars]\nDEFAULT_ACTOR_TTL=\"10000\"\n");
        Ctl ctl({u"timing"_s, u"check"_s, broken});
        QCOMPARE(ctl.run(), 1);
        QVERIFY2(ctl.out.contains("wrangler.toml:4: environment production: must H5: Actor TTL (10 s)"), ctl.out);
        QVERIFY2(ctl.out.contains("top level: Timing document: 11 rules hold; broken: 0 must"), ctl.out);
        Ctl json({u"timing"_s, u"check"_s, broken, u"--json"_s});
        QCOMPARE(json.run(), 1);
        const QJsonObject all = QJsonDocument::fromJson(json.out).object();
        QVERIFY(!all[u"ok"_s].toBool());
        QCOMPARE(all[u"profile"_s][u"hubActorTtl"_s].toInt(), 300'000);
        const QJsonObject production = all[u"environments"_s].toArray().first().toObject();
        QCOMPARE(production[u"environment"_s].toString(), u"production"_s);
        QCOMPARE(production[u"profile"_s][u"hubActorTtl"_s].toInt(), 10'000);
        QVERIFY(!production[u"ok"_s].toBool());
        Ctl sarif({u"timing"_s, u"check"_s, broken, u"--sarif"_s});
        QCOMPARE(sarif.run(), 1);
        QCOMPARE(resultsOf(sarif.out).size(), 1);
        QVERIFY(
            resultsOf(sarif.out).first()[u"message"_s][u"text"_s].toString().startsWith(u"environment production: Actor TTL"_s));
        // One of them alone.
        QCOMPARE(Ctl({u"timing"_s, u"check"_s, broken, u"--env"_s, u"production"_s}).run(), 1);
        Ctl none({u"timing"_s, u"check"_s, broken, u"--env"_s, u"staging"_s});
        QCOMPARE(none.run(), 2);
        QVERIFY2(none.err.contains("there is production"), none.err);
        // An environment alone; and what other files set holds for each of them.
        const QString only = put(u"only.toml"_s, "[env.production.vars]\nDEFAULT_ACTOR_TTL=\"10000\"\n");
        Ctl alone({u"timing"_s, u"check"_s, only});
        QCOMPARE(alone.run(), 1);
        QVERIFY2(!alone.out.contains("top level"), alone.out);
        const QString worker = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=40\nSHUTDOWN_COMMAND_TTL=30\n");
        Ctl both({u"timing"_s, u"check"_s, worker, only});
        QCOMPARE(both.run(), 1);
        QVERIFY2(both.out.contains("environment production: must W3") && both.out.contains("top level: must W3"), both.out);
        Ctl which({u"timing"_s, u"diff"_s, only, u"--preset"_s, u"timing-document"_s});
        QCOMPARE(which.run(), 2);
        QVERIFY2(which.err.contains("--env: production"), which.err);
        Ctl diff({u"timing"_s, u"diff"_s, only, u"--preset"_s, u"timing-document"_s, u"--env"_s, u"production"_s});
        QCOMPARE(diff.run(), 0);
        QVERIFY2(diff.out.contains("10 s → 300 s"), diff.out);
    }

    void wranglerInJson()
    {
        const QString file = put(u"wrangler.jsonc"_s,
                                 "{\n  // comment\n  \"name\": \"signal-hub\",\n  \"vars\": { \"HEARTBEAT_INTERVAL\": \"20000\", "
                                 "\"DEFAULT_ACTOR_TTL\": \"10000\" },\n}\n");
        Ctl ctl({u"timing"_s, u"check"_s, file});
        QCOMPARE(ctl.run(), 1);
        QVERIFY2(ctl.out.contains("wrangler.jsonc:4: must H5") && ctl.out.contains("recommended H3"), ctl.out);
    }

    void aFileThatSetsNothingSaysSo()
    {
        const QString file = put(u"near.env"_s, "REDIS_URL=redis://h\nREDIS_KEY_TL=30\n");
        Ctl ctl({u"timing"_s, u"check"_s, file});
        QCOMPARE(ctl.run(), 0);
        QVERIFY2(ctl.out.contains("near.env: sets no timing value: 11 rules hold for the defaults."), ctl.out);
        QVERIFY2(!ctl.out.contains("broken:"), ctl.out);
        QVERIFY2(ctl.err.contains("near.env:2: REDIS_KEY_TL: did you mean REDIS_KEY_TTL?"), ctl.err);
        // Next to one that sets some it is named as well.
        const QString worker = put(u"worker.env"_s, "HEARTBEAT_INTERVAL: 10\nREDIS_KEY_TTL=30#s\n");
        Ctl both({u"timing"_s, u"check"_s, file, worker});
        QCOMPARE(both.run(), 0);
        QVERIFY2(both.err.contains("near.env: sets no timing value."), both.err);
        QVERIFY2(both.out.contains("11 rules hold; broken: 0 must"), both.out);
    }

    void aProfileInJsonAndImpossibleValues()
    {
        const QString file =
            put(u"p.json"_s, "{ \"heartbeatInterval\": 500,\n \"workerKeyTtl\": 0,\n \"reaperStaleThreshold\": null }");
        Ctl ctl({u"timing"_s, u"check"_s, file});
        QCOMPARE(ctl.run(), 1);
        QVERIFY2(ctl.out.contains("p.json:2: must: Worker key TTL"), ctl.out);
        QVERIFY(!ctl.out.contains("W5")); // Not used, so nothing is claimed.
    }

    void rulesOfATeamsOwn()
    {
        const QString rules =
            put(u"ours.json"_s,
                R"({ "ruleSets": [ { "id": "ours", "name": "Ours", "rules": [ { "id": "O1", "left": "workerKeyTtl",
                                     "relation": ">=", "factor": 5, "right": "heartbeatInterval", "severity": "must", "why": "We say so." } ] } ] })");
        const QString file = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\nREDIS_KEY_TTL=30\n");
        Ctl ctl({u"timing"_s, u"check"_s, file, u"--rules"_s, rules});
        QCOMPARE(ctl.run(), 1);
        QVERIFY2(ctl.out.contains("must O1"), ctl.out);
        put(u"ours.json"_s, "{\n\"ruleSets\": [ { } ] }");
        Ctl broken({u"timing"_s, u"check"_s, file, u"--rules"_s, rules});
        QCOMPARE(broken.run(), 2);
        QVERIFY2(broken.err.contains("ours.json: line 2"), broken.err);
        Ctl none({u"timing"_s, u"check"_s, file, u"--rules"_s, u"nobodys"_s});
        QCOMPARE(none.run(), 2);
        QVERIFY(none.err.contains("timing-document"));
    }

    void diffsCarryFactors()
    {
        Ctl ctl({u"timing"_s, u"diff"_s, u"--preset"_s, u"hub-today"_s, u"--preset"_s, u"hub-balanced"_s});
        QCOMPARE(ctl.run(), 0);
        QVERIFY2(ctl.out.contains("25 s → 45 s  (1.8 ×), 1.8 × fewer beats"), ctl.out);
        const QString file = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=5\n");
        Ctl json({u"timing"_s, u"diff"_s, u"--preset"_s, u"timing-document"_s, file, u"--json"_s});
        QCOMPARE(json.run(), 0);
        const QJsonArray changes = QJsonDocument::fromJson(json.out).array();
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes.first()[u"name"_s].toString(), u"heartbeatInterval"_s);
        QCOMPARE(changes.first()[u"factor"_s].toDouble(), 0.5);
        Ctl same({u"timing"_s, u"diff"_s, file, file});
        QCOMPARE(same.run(), 0);
        QVERIFY(same.out.contains("no differences"));
        QCOMPARE(Ctl({u"timing"_s, u"diff"_s, file, u"--preset"_s, u"nobodys"_s}).run(), 2);
    }

    void appliesShowsAndGoesBack()
    {
        if (!m_server.isRunning())
            QSKIP("There is no redis-server on this machine.");
        Ctl none({u"timing"_s, u"show"_s, url()});
        QCOMPARE(none.run(), 0);
        QVERIFY(none.out.contains("no shared record"));
        Ctl first(writing({u"apply"_s, u"--set"_s, u"heartbeatInterval=8s"_s, u"--reason"_s, u"a first try"_s}));
        QCOMPARE(first.run(), 0);
        QCOMPARE(first.out, QByteArray("Heartbeat interval        10 s → 8 s\nVersion 1 is in force.\n"));
        QCOMPARE(m_server.command({"HGET", "fleet:timing", "heartbeatInterval"}).text, QByteArray("8000"));
        const QString file = put(u"worker.env"_s, "REDIS_KEY_TTL=45\n");
        Ctl second(
            writing({u"apply"_s, file, u"--set"_s, u"reaperStaleThreshold=none"_s, u"--reason"_s, u"longer"_s, u"--json"_s}));
        QCOMPARE(second.run(), 0);
        const QJsonArray changes = QJsonDocument::fromJson(second.out).object()[u"changes"_s].toArray();
        QCOMPARE(changes.size(), 2);
        QCOMPARE(changes.at(0).toObject(), (QJsonObject{{u"name"_s, u"workerKeyTtl"_s}, {u"from"_s, 30'000}, {u"to"_s, 45'000}}));
        QCOMPARE(changes.at(1).toObject(),
                 (QJsonObject{{u"name"_s, u"reaperStaleThreshold"_s}, {u"from"_s, 30'000}, {u"to"_s, QJsonValue()}}));
        Ctl show({u"timing"_s, u"show"_s, u"--url"_s, url(), u"--json"_s});
        QCOMPARE(show.run(), 0);
        const QJsonObject now = QJsonDocument::fromJson(show.out).object();
        QCOMPARE(now[u"version"_s].toInt(), 2);
        QCOMPARE(now[u"heartbeatInterval"_s].toInt(), 8'000);
        QCOMPARE(now[u"workerKeyTtl"_s].toInt(), 45'000);
        QVERIFY(now[u"reaperStaleThreshold"_s].isNull());
        // A broken must is not applied, a broken recommendation not without saying so.
        Ctl must(writing({u"apply"_s, u"--set"_s, u"workerKeyTtl=8s"_s, u"--reason"_s, u"no"_s}));
        QCOMPARE(must.run(), 1);
        QVERIFY2(must.err.contains("must W1") && must.err.contains("Nothing was changed"), must.err);
        const QStringList shorter{u"apply"_s, u"--set"_s, u"workerKeyTtl=9s"_s, u"--reason"_s, u"short"_s};
        Ctl recommended(writing(shorter));
        QCOMPARE(recommended.run(), 1);
        QVERIFY2(recommended.err.contains("--acknowledge"), recommended.err);
        QCOMPARE(Ctl(writing(shorter + QStringList{u"--acknowledge"_s})).run(), 0);
        // Somebody else was faster.
        Ctl late(writing({u"apply"_s, u"--set"_s, u"heartbeatInterval=7s"_s, u"--reason"_s, u"late"_s, u"--expect"_s, u"1"_s,
                          u"--acknowledge"_s}));
        QCOMPARE(late.run(), 1);
        QVERIFY2(late.err.contains("Somebody else changed the record"), late.err);
        QVERIFY2(late.err.contains("heartbeatInterval       was 8 s, theirs 8 s, yours 7 s"), late.err);
        // What is there already is no new version.
        Ctl again(writing(shorter + QStringList{u"--acknowledge"_s}));
        QCOMPARE(again.run(), 0);
        QVERIFY2(again.out.contains("Version 3 already has these values"), again.out);
        QCOMPARE(m_server.command({"XLEN", "fleet:timing:history"}).integer, 3);
        Ctl who({u"timing"_s, u"show"_s, url()});
        QCOMPARE(who.run(), 0);
        QVERIFY2(who.out.contains("version 3, by ") && who.out.contains(": short (acknowledged: W2)"), who.out);

        Ctl back(writing({u"rollback"_s, u"--to"_s, u"1"_s, u"--reason"_s, u"too short"_s}));
        QCOMPARE(back.run(), 0);
        QCOMPARE(back.out, QByteArray("Worker key TTL            9 s → 30 s\nReaper stale threshold    none → 30 s\n"
                                      "Version 4 is in force.\n"));
        QCOMPARE(m_server.command({"HGET", "fleet:timing", "workerKeyTtl"}).text, QByteArray("30000"));
        QCOMPARE(m_server.command({"HGET", "fleet:timing", "reaperStaleThreshold"}).text, QByteArray("30000"));
        QCOMPARE(Ctl(writing({u"rollback"_s, u"--to"_s, u"99"_s})).run(), 1);
        Ctl history({u"timing"_s, u"history"_s, url(), u"--json"_s});
        QCOMPARE(history.run(), 0);
        const QJsonArray versions = QJsonDocument::fromJson(history.out).array();
        QCOMPARE(versions.size(), 4);
        QCOMPARE(versions.at(0)[u"reason"_s].toString(), u"back to v1: too short"_s);
        QCOMPARE(versions.at(1)[u"reason"_s].toString(), u"short (acknowledged: W2)"_s);
        QCOMPARE(versions.at(3)[u"reason"_s].toString(), u"a first try"_s);
        Ctl text({u"timing"_s, u"history"_s, url()});
        QCOMPARE(text.run(), 0);
        QVERIFY2(text.out.contains("Worker key TTL 9 s → 30 s"), text.out);
    }

    void tellsWhenItMayNotOrCannot()
    {
        if (!m_server.isRunning())
            QSKIP("There is no redis-server on this machine.");
        m_server.command({"ACL", "SETUSER", "looker", "reset", "on", ">pw", "~*", "&*", "+@all", "-eval"});
        RedisUrl looker = m_server.url();
        const QString address = u"unix://looker:pw@%1"_s.arg(looker.path);
        Ctl refused({u"timing"_s, u"apply"_s, u"--set"_s, u"heartbeatInterval=8s"_s, u"--reason"_s, u"r"_s, u"--url"_s, address,
                     u"--journal"_s, u"none"_s});
        QCOMPARE(refused.run(), 1);
        QVERIFY2(refused.err.contains("Refused: "), refused.err);
        QVERIFY(!refused.err.contains("pw@"));
        Ctl nowhere({u"timing"_s, u"show"_s, u"unix://%1/none.sock"_s.arg(m_folder.path())});
        QCOMPARE(nowhere.run(), 3);
        QVERIFY(!nowhere.err.isEmpty());
    }

    void whatIfOnARecording()
    {
        BeatRecording recording;
        recording.source = u"prod"_s;
        recording.from = 1'800'000'000'000;
        for (int worker = 0; worker < 3; ++worker) {
            BeatRecording::Worker entry;
            entry.id = "chromium:" + QByteArray::number(worker);
            entry.interval = 10'000;
            entry.ttl = 30'000;
            entry.first = quint32(recording.beats.size());
            qint64 at = recording.from;
            for (int beat = 0; beat < 20; ++beat) {
                recording.beats.push_back(at);
                at += worker == 1 && beat == 7 ? 24'000 : 10'000;
            }
            entry.count = quint32(recording.beats.size()) - entry.first;
            recording.workers.push_back(entry);
            recording.to = qMax(recording.to, at);
        }
        QFile file(m_folder.filePath(u"night.beats"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QString error;
        QVERIFY2(recording.save(file, &error), qPrintable(error));
        file.close();

        Ctl today({u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--json"_s});
        QCOMPARE(today.run(), 0);
        QCOMPARE(QJsonDocument::fromJson(today.out).object()[u"deaths"_s].toInt(-1), 0);
        Ctl shorter(
            {u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--set"_s, u"workerKeyTtl=20s"_s, u"--json"_s});
        QCOMPARE(shorter.run(), 0);
        const QJsonObject answer = QJsonDocument::fromJson(shorter.out).object();
        QCOMPARE(answer[u"workers"_s].toInt(), 3);
        QCOMPARE(answer[u"deaths"_s].toInt(), 1);
        QCOMPARE(answer[u"dead"_s].toArray().first()[u"id"_s].toString(), u"chromium:1"_s);
        QCOMPARE(answer[u"dead"_s].toArray().first()[u"gapMs"_s].toInt(), 24'000);
        Ctl text({u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--set"_s, u"workerKeyTtl=20s"_s});
        QCOMPARE(text.run(), 0);
        QVERIFY2(text.out.contains("1 of 3 workers would have been declared dead"), text.out);
        const QString when = QDateTime::fromMSecsSinceEpoch(recording.from + 70'000 + 20'000).toString(u"yyyy-MM-dd HH:mm:ss"_s);
        QVERIFY2(text.out.contains((when + u"  chromium:1  a gap of 24 s"_s).toUtf8()), text.out);
        QVERIFY2(text.out.contains("noticed after 20 s at worst, 15 s on average"), text.out);
        QVERIFY2(text.out.contains("tolerated: 1, with 0 s to spare"), text.out);
        QVERIFY(!text.out.contains("Left out"));
        Ctl slower({u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--set"_s, u"heartbeatInterval=25s"_s});
        QCOMPARE(slower.run(), 0);
        QVERIFY2(slower.out.contains("2.5 × fewer than when it was recorded"), slower.out);
        Ctl impossible({u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--set"_s, u"workerKeyTtl=0"_s});
        QCOMPARE(impossible.run(), 2);
        QVERIFY2(impossible.err.contains("Worker key TTL: must not be 0"), impossible.err);
        // A time without the console, in which that gap lies.
        recording.unknown.push_back({recording.from + 75'000, recording.from + 76'000});
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(recording.save(file, &error));
        file.close();
        Ctl unknown({u"timing"_s, u"what-if"_s, u"--recording"_s, file.fileName(), u"--set"_s, u"workerKeyTtl=20s"_s});
        QCOMPARE(unknown.run(), 0);
        QVERIFY2(unknown.out.contains("Left out: 3 gaps") && unknown.out.contains("0 of 3 workers"), unknown.out);
        QCOMPARE(Ctl({u"timing"_s, u"what-if"_s, u"--recording"_s, put(u"bad.beats"_s, "hello")}).run(), 2);
        QCOMPARE(Ctl({u"timing"_s, u"what-if"_s, u"--recording"_s, m_folder.filePath(u"none"_s)}).run(), 2);
    }
};

PULSEDECK_TEST(CtlTimingTest, runWithEvents)
#include "ctltiming_test.moc"
