// SPDX-License-Identifier: GPL-3.0-or-later
// pulsedeckctl alerts on a real server: what a monitoring system reads of it, and what it sends while it runs.
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"
#include "tests/support/webhookreceiver.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class CtlAlertsTest : public QObject
{
    Q_OBJECT

    RedisServer m_server;
    QTemporaryDir m_folder; ///< Settings and journal.

    std::unique_ptr<Ctl> alerts(const QStringList &arguments, const QString &url = {}) const
    {
        auto ctl = std::make_unique<Ctl>(QStringList(u"alerts"_s) + arguments, url.isEmpty() ? m_server.url().display() : url);
        ctl->with(u"XDG_CONFIG_HOME"_s, m_folder.path()).with(u"XDG_DATA_HOME"_s, m_folder.path());
        return ctl;
    }
    QString file(const QByteArray &text) const
    {
        QFile file(m_folder.filePath(u"rules.json"_s));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size())
            qWarning("no file");
        return file.fileName();
    }
    /// Sidekiq's list of queues with one that has jobs, and no process that serves it.
    void addOrphan()
    {
        QVERIFY(m_server.command({"SADD", "processes", "jobs-1:12:0f3a"}).ok());
        const QByteArray now = QByteArray::number(double(QDateTime::currentMSecsSinceEpoch()) / 1000, 'f', 3);
        QVERIFY(
            m_server
                .command({"HSET", "jobs-1:12:0f3a", "info",
                          R"({"hostname":"jobs-1","pid":12,"identity":"jobs-1:12:0f3a","concurrency":10,"queues":["default"],)"
                          R"("started_at":1700000000.5,"version":"7.3.9","tag":"shop"})",
                          "busy", "0", "quiet", "false", "beat", now, "concurrency", "10"})
                .ok());
        QVERIFY(m_server.command({"EXPIRE", "jobs-1:12:0f3a", "60"}).ok());
        QVERIFY(m_server.command({"SADD", "queues", "default", "orphan"}).ok());
        QVERIFY(m_server.command({"RPUSH", "queue:orphan", "{}", "{}"}).ok());
    }

private slots:
    void initTestCase() { QVERIFY(m_server.start()); }
    void init() { QVERIFY(m_server.command({"FLUSHALL"}).ok()); }

    void aCheckSaysInOneLineWhatFires()
    {
        QVERIFY(tellTiming(m_server));
        QVERIFY(addWorker(m_server, soundWorker));
        const auto fine = alerts({u"check"_s});
        QCOMPARE(fine->run(), 0);
        QCOMPARE(fine->out, "PULSEDECK OK: 1 worker, no alert | critical=0 warning=0 workers=1\n");
        // Counters without a key.
        QVERIFY(
            m_server.command({"HSET", "cluster:active_connections", "chromium:99999999-2222-4333-8444-555555555555", "3"}).ok());
        const auto warning = alerts({u"check"_s});
        QCOMPARE(warning->run(), 1);
        QVERIFY2(warning->out.startsWith("PULSEDECK WARNING: 99999999: counters left behind"), warning->out);
        QVERIFY2(warning->out.endsWith("| critical=0 warning=1 workers=2\n"), warning->out);
        QCOMPARE(warning->out.count('\n'), 1);
        addOrphan();
        const auto critical = alerts({u"check"_s, u"--json"_s});
        QCOMPARE(critical->run(), 2);
        QHash<QString, QJsonObject> byRule;
        for (const QJsonValue &one : QJsonDocument::fromJson(critical->out).array())
            byRule.insert(one[u"rule"_s].toString(), one.toObject());
        QCOMPARE(byRule.size(), 2);
        QCOMPARE(byRule[u"queue-unserved"_s][u"title"_s].toString(), u"orphan: jobs wait, nobody works"_s);
        QCOMPARE(byRule[u"queue-unserved"_s][u"system"_s].toString(), u"sidekiq"_s);
        QCOMPARE(byRule[u"zombies"_s][u"severity"_s].toString(), u"warning"_s);
    }

    void whatCannotBeReadIsUnknownAndNotFine()
    {
        RedisServer gone;
        QVERIFY(gone.start());
        const QString url = gone.url().display();
        gone.stop();
        const auto lost = alerts({u"check"_s, u"--timeout"_s, u"5"_s}, url);
        QCOMPARE(lost->run(), 2); // The rule about lost sources is critical.
        QVERIFY2(lost->out.contains("not connected"), lost->out);
        const QString off =
            file(R"({"alerts": 1, "rules": [{"name": "source-lost", "title": "t", "finding": "f", "when": "sources",
                                      "on": false}]})");
        const auto unknown = alerts({u"check"_s, u"--timeout"_s, u"5"_s, u"--alerts"_s, off}, url);
        QCOMPARE(unknown->run(), 3);
        QVERIFY2(unknown->out.startsWith("PULSEDECK UNKNOWN: "), unknown->out);
        // Not 2, which would be a verdict.
        QCOMPARE(alerts({u"check"_s, u"--nonsense"_s})->run(), 3);
        QCOMPARE(alerts({u"check"_s, u"--environment"_s, u"moon"_s})->run(), 3);
        const auto mistake = alerts({u"check"_s, u"--alerts"_s, file("{\"alerts\": 1,\n\"rulez\": []}")});
        QCOMPARE(mistake->run(), 3);
        QVERIFY2(mistake->err.contains("rules.json:2"), mistake->err);
        QCOMPARE(alerts({u"run"_s, u"--nonsense"_s})->run(), 2);
    }

    void rulesArePrintedAndReadBack()
    {
        const auto table = alerts({u"rules"_s});
        QCOMPARE(table->run(), 0);
        QVERIFY(table->out.contains("workers-lost"));
        const auto json = alerts({u"rules"_s, u"--json"_s});
        QCOMPARE(json->run(), 0);
        const auto again = alerts({u"rules"_s, u"--json"_s, u"--alerts"_s, file(json->out)});
        QCOMPARE(again->run(), 0);
        QCOMPARE(again->out, json->out);
    }

    void aRunSendsWhatFiresAndWhatIsOver()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        receiver.plans = {{.status = 503}}; // It is tried again.
        const QString rules = file(
            R"({"alerts": 1, "rules": [{"name": "orphans", "title": "t", "finding": "nobody works", "when": "queues",
                "match": "state:unserved", "clear": 0, "environments": ["production"], "send": ["ops"], "severity": "critical"}],
                "outlets": [{"name": "ops", "webhook": ")"
            + receiver.url().toLatin1() + R"(", "secretVariable": "OPS_KEY"}]})");
        const auto run = alerts({u"run"_s, u"--json"_s, u"--alerts"_s, rules, u"--environment"_s, u"production"_s});
        run->with(u"OPS_KEY"_s, u"a key"_s);
        run->start();
        QVERIFY(tellTiming(m_server));
        QVERIFY(addWorker(m_server, soundWorker));
        addOrphan();
        QTRY_VERIFY_WITH_TIMEOUT(run->hasLine(u"firing"_s), patience);
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(2), patience);
        const QJsonObject fired = QJsonDocument::fromJson(receiver.requests.back().body)[0].toObject();
        QCOMPARE(fired[u"labels"_s][u"alertname"_s].toString(), u"orphans"_s);
        QCOMPARE(fired[u"labels"_s][u"environment"_s].toString(), u"production"_s);
        QVERIFY(receiver.requests.back().headers.value("x-pulsedeck-signature").startsWith("sha256="));
        QVERIFY(m_server.command({"DEL", "queue:orphan"}).ok());
        QTRY_VERIFY_WITH_TIMEOUT(run->hasLine(u"resolved"_s), patience);
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(3), patience);
        QVERIFY(QJsonDocument::fromJson(receiver.requests.back().body)[0].toObject().contains(u"endsAt"_s));
        run->process.terminate();
        QCOMPARE(run->exitCode(), 0); // Nothing fires any more.
        QVERIFY2(run->err.contains("Outlet ops: 503. It is tried again."), run->err);
        QVERIFY2(run->err.contains("Outlet ops: delivered again (200)."), run->err);
    }

    void ofTwoRunsOneSends()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        const QString rules = file(
            R"({"alerts": 1, "rules": [{"name": "orphans", "title": "t", "finding": "nobody works", "when": "queues",
                "match": "state:unserved", "send": ["ops"]}], "outlets": [{"name": "ops", "webhook": ")"
            + receiver.url().toLatin1() + R"(", "format": "webhook"}]})");
        QVERIFY(tellTiming(m_server));
        QVERIFY(addWorker(m_server, soundWorker));
        addOrphan();
        const auto one = alerts({u"run"_s, u"--json"_s, u"--alerts"_s, rules});
        one->start();
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(1), patience);
        const auto two = alerts({u"run"_s, u"--json"_s, u"--alerts"_s, rules});
        two->start();
        QTRY_VERIFY_WITH_TIMEOUT(two->hasLine(u"firing"_s), patience); // It prints, and does not send.
        const QByteArray holder = "pulsedeckctl (process " + QByteArray::number(one->process.processId()) + ')';
        QTRY_VERIFY_WITH_TIMEOUT(two->err.contains(QByteArray("are sent by " + holder)), patience);
        QCOMPARE(receiver.requests.size(), size_t(1));
        one->process.kill(); // Its lock file stays.
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(2), patience);
        QTRY_VERIFY_WITH_TIMEOUT(two->err.contains("are sent from here now"), patience);
        two->process.terminate();
        QCOMPARE(two->exitCode(), 1);
    }

    void figuresAreServedOnLoopback()
    {
        QVERIFY(tellTiming(m_server));
        QVERIFY(addWorker(m_server, soundWorker));
        addOrphan();
        const auto run = alerts({u"run"_s, u"--metrics-port"_s, u"0"_s});
        run->start();
        static const QRegularExpression place(u"served at (http://127\\.0\\.0\\.1:(\\d+)/metrics)"_s);
        QTRY_VERIFY_WITH_TIMEOUT(place.match(QString::fromUtf8(run->err)).hasMatch(), patience);
        const QUrl url(place.match(QString::fromUtf8(run->err)).captured(1));
        QNetworkAccessManager network;
        QByteArray text;
        const auto get = [&](const QUrl &address) {
            const std::unique_ptr<QNetworkReply> reply(network.get(QNetworkRequest(address)));
            QSignalSpy finished(reply.get(), &QNetworkReply::finished);
            if (!reply->isFinished() && !finished.wait(patience))
                qWarning("no answer");
            text = reply->readAll();
            return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        };
        // The name of the source is the one that the program gives it.
        static const QRegularExpression up(u"pulsedeck_source_up(\\{source=\"[^\"]+\")\\} 1\n"_s);
        QTRY_VERIFY_WITH_TIMEOUT(get(url) == 200 && up.match(QString::fromUtf8(text)).hasMatch(), patience);
        const QByteArray labels = up.match(QString::fromUtf8(text)).captured(1).toUtf8();
        QTRY_VERIFY_WITH_TIMEOUT(
            get(url) == 200
                && text.contains(QByteArray("pulsedeck_queue_waiting" + labels + ",system=\"sidekiq\",queue=\"orphan\"} 2\n")),
            patience);
        QVERIFY2(text.contains(QByteArray("pulsedeck_workers" + labels + ",system=\"playwright\",liveness=\"alive\"} 1\n")),
                 text);
        QVERIFY2(text.contains("# TYPE pulsedeck_queue_waiting gauge\n"), text);
        QVERIFY2(text.contains("pulsedeck_alerts{rule=\"source-lost\",state=\"firing\",severity=\"critical\"} 0\n"), text);
        QUrl other = url;
        other.setPath(u"/"_s);
        QCOMPARE(get(other), 404);
        run->process.terminate();
        QVERIFY(run->exitCode() >= 0);
        const auto wrong = alerts({u"run"_s, u"--metrics-port"_s, u"70000"_s});
        QCOMPARE(wrong->run(), 2);
    }

    void aRunGoesOnWithoutItsSource()
    {
        RedisServer server;
        QVERIFY(server.start());
        const QString rules = file(R"({"alerts": 1, "rules": [{"name": "source-lost", "title": "t", "finding": "not connected",
                                       "when": "sources", "for": 0.1, "clear": 0}]})");
        const auto run = alerts({u"run"_s, u"--json"_s, u"--alerts"_s, rules}, server.url().display());
        run->start();
        server.stop();
        QTRY_VERIFY_WITH_TIMEOUT(run->hasLine(u"firing"_s), patience);
        QVERIFY(server.start());
        QTRY_VERIFY_WITH_TIMEOUT(run->hasLine(u"resolved"_s), patience);
        server.stop();
        QTRY_COMPARE_WITH_TIMEOUT(run->lines().size(), size_t(3), patience);
        run->process.terminate();
        QCOMPARE(run->exitCode(), 1);
    }
};

PULSEDECK_TEST(CtlAlertsTest, runWithEvents)
#include "ctlalerts_test.moc"
