// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/ctlprocess.h"
#include "tests/support/patience.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl on consumers of stream groups and holders of locks, in a real server.
class CtlStreamsTest : public QObject
{
    Q_OBJECT

    RedisServer m_server;
    QTemporaryDir m_folder; ///< Settings, journal and a layout.
    QString m_layout; ///< As the built-in one of streams, with a short patience.

    std::unique_ptr<Ctl> ctl(const QStringList &arguments, const QString &layout = {}) const
    {
        const QStringList further = layout.isEmpty() ? QStringList() : QStringList{u"--layout"_s, layout};
        auto run = std::make_unique<Ctl>(arguments + further, m_server.url().display());
        run->with(u"XDG_CONFIG_HOME"_s, m_folder.path()).with(u"XDG_DATA_HOME"_s, m_folder.path());
        return run;
    }
    QByteArray give(const QByteArray &name) const
    {
        const QByteArray entry = m_server.command({"XADD", "stream:orders", "*", "job", "SECRET"}).text;
        m_server.command({"XREADGROUP", "GROUP", "workers", name, "STREAMS", "stream:orders", ">"});
        return entry;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("there is no redis-server");
        QVERIFY(m_server.start());
        const auto shown = ctl({u"layouts"_s, u"show"_s, u"streams"_s});
        QCOMPARE(shown->run(), 0);
        QJsonObject layout = QJsonDocument::fromJson(shown->out).object();
        QJsonObject liveness = layout[u"liveness"_s].toObject();
        liveness[u"idle"_s] = QJsonObject{{u"interval"_s, 0.1}, {u"lateAfter"_s, 0.2}, {u"staleAfter"_s, 60}};
        layout[u"liveness"_s] = liveness;
        m_layout = m_folder.filePath(u"short.json"_s);
        QFile file(m_layout);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(layout).toJson());
    }
    void init()
    {
        if (!m_server.isRunning())
            return;
        QVERIFY(m_server.command({"FLUSHALL"}).ok());
        QVERIFY(m_server.command({"XGROUP", "CREATE", "stream:orders", "workers", "0", "MKSTREAM"}).ok());
    }

    void listsConsumers()
    {
        give("web-1");
        const auto list = ctl({u"list"_s, u"--json"_s});
        QVERIFY2(list->run() == 0, QByteArray(list->out + list->err).constData());
        const QJsonArray workers = QJsonDocument::fromJson(list->out).array();
        QCOMPARE(workers.size(), 1);
        const QJsonObject one = workers.first().toObject();
        QCOMPARE(one[u"id"_s].toString(), u"stream:orders/workers/web-1"_s);
        QCOMPARE(one[u"system"_s].toString(), u"streams"_s);
        QCOMPARE(one[u"liveness"_s].toString(), u"alive"_s);
        QCOMPARE(one[u"ageBy"_s].toString(), u"calls"_s);
        QCOMPARE(one[u"activeSessions"_s].toInt(), 1);
        QVERIFY(!list->out.contains("SECRET"));
        const auto queues = ctl({u"queues"_s, u"list"_s, u"--json"_s});
        QCOMPARE(queues->run(), 0);
        const QJsonObject queue = QJsonDocument::fromJson(queues->out).array().first().toObject();
        QCOMPARE(queue[u"queue"_s].toString(), u"stream:orders"_s);
        QCOMPARE(queue[u"waiting"_s].toInt(-1), 0);
        QCOMPARE(queue[u"atWork"_s].toInt(), 1);
    }

    void saysWhyThereIsNoCommand()
    {
        give("web-1");
        m_server.command({"SET", "redbeat::lock", "x", "EX", "1500"});
        const struct
        {
            QString act;
            QString worker;
            QByteArray why;
        } rows[] = {
            {u"drain"_s, u"stream:orders/workers/web-1"_s, "Redis has no command that a consumer obeys"},
            {u"shutdown"_s, u"stream:orders/workers/web-1"_s, "Redis has no command that a consumer obeys"},
            {u"drain"_s, u"redbeat::lock"_s, "RedBeat has no commands; the process of the scheduler takes signals."},
            {u"reap"_s, u"redbeat::lock"_s, "The lock expires by itself."},
            {u"reap"_s, u"stream:orders/workers/web-1"_s, "it has called lately, or has entries that are not acknowledged"},
        };
        for (const auto &row : rows) {
            const auto refused = ctl({row.act, row.worker, u"--reason"_s, u"test"_s});
            QVERIFY(refused->run() != 0);
            const QByteArray said = refused->out + refused->err;
            QVERIFY2(said.contains(row.why), QByteArray(row.act.toUtf8() + ": " + said).constData());
        }
        QCOMPARE(m_server.command({"XINFO", "CONSUMERS", "stream:orders", "workers"}).elements.size(), size_t(1));
    }

    /// One that is silent with nothing to do is no finding, and can be deleted.
    void deletesAConsumer()
    {
        m_server.command({"XACK", "stream:orders", "workers", give("web-1")});
        TRY_TRUE(m_server.command({"XINFO", "CONSUMERS", "stream:orders", "workers"}).elements.at(0).elements.at(5).integer
                 > 300);
        const auto list = ctl({u"list"_s, u"--json"_s}, m_layout);
        QVERIFY2(list->run() == 0, QByteArray(list->out + list->err).constData());
        const QJsonObject one = QJsonDocument::fromJson(list->out).array().first().toObject();
        QCOMPARE(one[u"liveness"_s].toString(), u"unknown"_s);
        QVERIFY2(list->out.contains("unheard"), list->out.constData());
        const auto rehearsed = ctl({u"reap"_s, u"stream:orders/workers/web-1"_s, u"--dry-run"_s}, m_layout);
        QCOMPARE(rehearsed->run(), 0);
        QVERIFY2(rehearsed->out.contains("XGROUP DELCONSUMER stream:orders workers web-1"), rehearsed->out.constData());
        const auto reaped = ctl({u"reap"_s, u"stream:orders/workers/web-1"_s, u"--reason"_s, u"old"_s}, m_layout);
        QVERIFY2(reaped->run() == 0, QByteArray(reaped->out + reaped->err).constData());
        QVERIFY(m_server.command({"XINFO", "CONSUMERS", "stream:orders", "workers"}).elements.empty());
    }
};

PULSEDECK_TEST(CtlStreamsTest, runWithEvents)
#include "ctlstreams_test.moc"
