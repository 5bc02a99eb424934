// SPDX-License-Identifier: GPL-3.0-or-later
// pulsedeck-fleet as a hub, in a process of its own.
#include "tests/hub/hubrawclient.h"
#include "tests/support/testprogram.h"

#include <QProcess>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class HubProcessTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aloneWithActors();
    void authentication();
    void controlLines();
    void downAndUp();
    void portTaken();

private:
    bool start(const QStringList &arguments);
    /// The first line that begins so, waiting for it.
    QByteArray line(const QByteArray &begin);
    QByteArray order(const QByteArray &text, const QByteArray &begin);
    quint16 port();

    std::unique_ptr<QProcess> m_process;
    QList<QByteArray> m_lines;
    QByteArray m_rest;
};

void HubProcessTest::init()
{
    m_lines.clear();
    m_rest.clear();
    m_process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"REDIS_URL"_s);
    environment.remove(u"REDIS_HOST"_s);
    m_process->setProcessEnvironment(environment);
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, [this] {
        m_rest += m_process->readAllStandardOutput();
        for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n')) {
            m_lines.append(m_rest.first(end));
            m_rest.remove(0, end + 1);
        }
    });
}

void HubProcessTest::cleanup()
{
    if (m_process->state() == QProcess::Running) {
        m_process->write("quit\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_process->state(), QProcess::NotRunning, 20'000);
        QCOMPARE(m_process->exitCode(), 0);
    }
    m_process.reset();
}

bool HubProcessTest::start(const QStringList &arguments)
{
    m_process->start(QStringLiteral(PULSEDECK_FLEET_PROGRAM),
                     QStringList{u"--parent-pid"_s, QString::number(QCoreApplication::applicationPid()), u"--seed"_s, u"7"_s}
                         + arguments);
    return m_process->waitForStarted(20'000);
}

QByteArray HubProcessTest::line(const QByteArray &begin)
{
    QByteArray found;
    const bool came = QTest::qWaitFor(
        [&] {
            for (qsizetype i = 0; i < m_lines.size(); ++i) {
                if (m_lines[i].startsWith(begin)) {
                    found = m_lines.takeAt(i);
                    return true;
                }
            }
            return false;
        },
        20'000);
    return came ? found : QByteArray();
}

QByteArray HubProcessTest::order(const QByteArray &text, const QByteArray &begin)
{
    m_process->write(text + '\n');
    return line(begin);
}

quint16 HubProcessTest::port()
{
    const QByteArray said = line("hub ws://127.0.0.1:");
    return said.mid(19).split('/').first().toUShort();
}

void HubProcessTest::aloneWithActors()
{
    QVERIFY(start({u"--hub-port"_s, u"0"_s, u"--actors"_s, u"250"_s}));
    const quint16 at = port();
    QVERIFY(at > 0);
    QVERIFY(!line("registered 250 actors in ").isEmpty());
    HubRawClient client;
    QVERIFY(client.join(at));
    const QJsonObject payload = client.ask(u"hub:list_actors"_s, QJsonObject{{u"offset"_s, 200}}).value(u"payload"_s).toObject();
    QCOMPARE(payload.value(u"total"_s).toInt(), 250);
    QCOMPARE(payload.value(u"actors"_s).toArray().size(), 50);
}

void HubProcessTest::authentication()
{
    QVERIFY(start({u"--hub-port"_s, u"0"_s, u"--actors"_s, u"3"_s, u"--hub-auth"_s, u"hunter2"_s}));
    HubRawClient client;
    QVERIFY(client.open(port()));
    QVERIFY(!line("registered 3 actors").isEmpty()); // With tokens of their own.
    QCOMPARE(errorOf(client.ask(u"hub:queue_stats"_s, QJsonObject())),
             u"unauthorized: Not authenticated - send hub:connect first"_s);
    QVERIFY(!m_lines.join().contains("hunter2"));
}

void HubProcessTest::controlLines()
{
    QVERIFY(start({u"--hub-port"_s, u"0"_s, u"--actors"_s, u"40"_s, u"--quiet-actors"_s}));
    const quint16 at = port();
    QVERIFY(!line("registered 40").isEmpty());
    HubRawClient client;
    QVERIFY(client.join(at));
    QVERIFY(order("hub status", "actors=").startsWith("actors=40 draining=0 orders=0 clients=1 wipes=0"));
    QVERIFY(order("hub crash 2 600", "hub crash").startsWith("hub crash 2 @(local/"));
    QVERIFY(order("leave 1", "hub leave").startsWith("hub leave 1 @(local/")); // Alone, the word "hub" may be left out.
    QVERIFY(order("hub deaf 1", "hub deaf").startsWith("hub deaf 1 "));
    QVERIFY(order("hub explode", "error:").contains("explode"));
    QVERIFY(order("hub crash x", "error:").contains("numbers"));
    QCOMPARE(order("hub twice", "hub twice"), QByteArray("hub twice"));
    client.send(client.envelope(u"hub:queue_stats"_s, QJsonObject()));
    QVERIFY(!client.takeType(u"hub:queue_stats_response"_s).isEmpty());
    QVERIFY(!client.takeType(u"hub:queue_stats_response"_s).isEmpty());
    QCOMPARE(order("hub normal", "hub normal"), QByteArray("hub normal"));
    QCOMPARE(order("hub wipe", "hub forgot"), QByteArray("hub forgot everything"));
    client.send(client.envelope(u"hub:queue_stats"_s, QJsonObject()));
    QVERIFY(client.waitClosed());
    QCOMPARE(client.closeReason(), u"Unknown session"_s);
    HubRawClient second;
    QVERIFY(second.join(at));
    QCOMPARE(order("hub kill", "hub kill"), QByteArray("hub kill 1"));
    QVERIFY(second.waitClosed());
}

void HubProcessTest::downAndUp()
{
    QVERIFY(start({u"--hub-port"_s, u"0"_s, u"--actors"_s, u"5"_s}));
    const quint16 at = port();
    QVERIFY(!line("registered 5").isEmpty());
    HubRawClient client;
    QVERIFY(client.join(at));
    QCOMPARE(order("hub down 0.5", "hub down"), QByteArray("hub down"));
    QVERIFY(client.waitClosed());
    QVERIFY(!line("hub up").isEmpty());
    HubRawClient again;
    QVERIFY(again.join(at));
}

void HubProcessTest::portTaken()
{
    QVERIFY(start({u"--hub-port"_s, u"0"_s}));
    const quint16 at = port();
    QProcess second;
    second.start(QStringLiteral(PULSEDECK_FLEET_PROGRAM), {u"--hub-port"_s, QString::number(at)});
    QTRY_COMPARE_WITH_TIMEOUT(second.state(), QProcess::NotRunning, 20'000);
    QCOMPARE(second.exitCode(), 3);
    QVERIFY(second.readAllStandardError().contains("cannot listen"));
}

PULSEDECK_TEST(HubProcessTest, runWithEvents)
#include "hubprocess_test.moc"
