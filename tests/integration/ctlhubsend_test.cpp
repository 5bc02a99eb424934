// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/sqljournal.h"
#include "tests/integration/ctlhubfixture.h"
#include "tests/support/testprogram.h"

#include <csignal>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// pulsedeckctl hub send as its users run it.
class CtlHubSendTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void delivers_data();
    void delivers();
    void numbersAreSentAsTyped();
    void refusesBadData_data();
    void refusesBadData();
    void tells();
    void anUnknownActor();
    void whatTheHubRefuses();
    void waitsForTheReply();
    void aReplyBeforeTheHubsWord();
    void theReplyIsSafeToShow();
    void nobodyReplies();
    void theHubAnswersNothing();
    void interrupted();
    void theConnectionIsLost();
    void isKeptInTheJournal();
    void aJournalThatCannotBeWritten();
    void leavesNoTrace();

private:
    /// Runs send at the hub inside, with these arguments after the URL.
    Ctl &send(const QStringList &arguments, const QString &journal = u"none"_s)
    {
        m_ctl = std::make_unique<Ctl>(QStringList{u"hub"_s, u"send"_s, m_hub->url()} + arguments
                                      + QStringList{u"--journal"_s, journal});
        return *m_ctl;
    }
    void init_hub()
    {
        m_hub = std::make_unique<HubInside>();
        m_actor = std::make_unique<HubRawClient>(u"@(local/a)"_s);
        QVERIFY(m_hub->listen());
        QVERIFY(m_actor->join(m_hub->server.port()));
        QVERIFY(!m_actor->registerActor(u"@(local/a)"_s).isEmpty());
    }
    QList<JournalEntry> entries(const QString &file)
    {
        SqlJournal journal(file);
        QSignalSpy answered(&journal, &Journal::answered);
        journal.query(JournalQuery(), journal.nextToken());
        if (!answered.wait(patience))
            return {};
        return answered.first().at(1).value<JournalPage>().entries;
    }

    std::unique_ptr<HubInside> m_hub;
    std::unique_ptr<HubRawClient> m_actor;
    std::unique_ptr<Ctl> m_ctl;
    QTemporaryDir m_folder;

private slots:
    void init() { init_hub(); }
    void cleanup()
    {
        m_ctl.reset();
        m_actor.reset();
        m_hub.reset();
    }
};

void CtlHubSendTest::initTestCase()
{
    QVERIFY(m_folder.isValid());
    qputenv("XDG_DATA_HOME", m_folder.filePath(u"home"_s).toUtf8());
}

void CtlHubSendTest::delivers_data()
{
    QTest::addColumn<QStringList>("data");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QJsonValue>("payload"); // As the actor gets it.
    QTest::newRow("none") << QStringList() << QByteArray() << QJsonValue(QJsonValue::Undefined);
    QTest::newRow("object") << QStringList{u"{\"taskId\": \"ä\"}"_s} << QByteArray()
                            << QJsonValue(QJsonObject{{u"taskId"_s, u"ä"_s}});
    QTest::newRow("number") << QStringList{u"7"_s} << QByteArray() << QJsonValue(7);
    QTest::newRow("null") << QStringList{u"null"_s} << QByteArray() << QJsonValue();
    QTest::newRow("standard input") << QStringList{u"-"_s} << "[1,\n 2]\n"_ba << QJsonValue(QJsonArray{1, 2});
    QTest::newRow("file") << QStringList{u"@"_s} << R"("of a file")"_ba << QJsonValue(u"of a file"_s);
}

void CtlHubSendTest::delivers()
{
    QFETCH(QStringList, data);
    QFETCH(QByteArray, input);
    QFETCH(QJsonValue, payload);
    if (data.value(0) == u"@"_s) {
        QFile file(m_folder.filePath(u"data.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(input) > 0);
        data = {u'@' + file.fileName()};
    }
    Ctl &ctl = send(QStringList{u"@(local/a)"_s, u"task:assign"_s} + data);
    if (data.value(0) == u"-"_s)
        ctl.setInput(input);
    QCOMPARE(ctl.run(), 0);
    QVERIFY2(ctl.out.startsWith("@(local/a)  delivered after ") && ctl.err.isEmpty(), ctl.out.constData());
    const QJsonObject came = m_actor->takeType(u"task:assign"_s);
    QCOMPARE(came[u"payload"_s], payload);
    QCOMPARE(came.contains(u"payload"_s), !payload.isUndefined());
    QVERIFY(came[u"from"_s].toString().startsWith(u"@(pulsedeckctl/"_s));

    Ctl &json = send({u"@(local/a)"_s, u"task:assign"_s, u"--json"_s});
    QCOMPARE(json.run(), 0);
    QCOMPARE(json.object()[u"outcome"_s].toString(), u"delivered"_s);
    QVERIFY(json.object()[u"deliveredAt"_s].toInteger() > 1'700'000'000'000);
    QVERIFY(!json.object().contains(u"reply"_s));
}

void CtlHubSendTest::numbersAreSentAsTyped()
{
    const auto lastSend = [this] {
        const auto sent = std::find_if(m_hub->raw.crbegin(), m_hub->raw.crend(),
                                       [](const QByteArray &one) { return one.contains("hub:send"); });
        return sent == m_hub->raw.crend() ? QByteArray() : *sent;
    };
    // More digits than a double has, an order that is not the alphabet's, and ways to write a number.
    const QString typed = u"{\"id\": 12345678901234567890, \"b\": [1.0, 1e2, -0, 0.1000], \"a\": \"\u00e4\"}"_s;
    Ctl &ctl = send({u"@(local/a)"_s, u"task:assign"_s, typed});
    QCOMPARE(ctl.run(), 0);
    QVERIFY2(lastSend().contains(u"\"data\":{\"id\":12345678901234567890,\"b\":[1.0,1e2,-0,0.1000],\"a\":\"\u00e4\"}"_s.toUtf8()),
             lastSend());
    Ctl &alone = send({u"@(local/a)"_s, u"task:assign"_s, u"9007199254740993.5"_s, u"--tell"_s});
    QCOMPARE(alone.run(), 0);
    QVERIFY2(lastSend().contains("\"data\":9007199254740993.5}"), lastSend());
}

void CtlHubSendTest::refusesBadData_data()
{
    QTest::addColumn<QString>("data");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("a number that is none") << u"{\"a\": 1.}"_s << QByteArray() << "this is not a JSON number, in line 1"_ba;
    QTest::newRow("no JSON") << u"{\"a\": nope}"_s << QByteArray() << "line 1"_ba;
    QTest::newRow("more than one value") << u"{} {}"_s << QByteArray() << "line 1"_ba;
    QTest::newRow("empty") << QString() << QByteArray() << "empty"_ba;
    QTest::newRow("no file") << u"@/not/there"_s << QByteArray() << "cannot be read"_ba;
    QTest::newRow("a folder") << u"@/"_s << QByteArray() << "cannot be read"_ba;
    QTest::newRow("empty input") << u"-"_s << QByteArray() << "is empty"_ba;
    QTest::newRow("input with a mistake") << u"-"_s << "{\n\"a\":}"_ba
                                          << "line 2"_ba;
    QTest::newRow("input that is no text") << u"-"_s << "\"\xff\xfe\""_ba
                                           << "UTF-8"_ba;
    QTest::newRow("too much") << u"-"_s << QByteArray('"' + QByteArray(1'100'000, 'x') + '"') << "more than"_ba;
}

void CtlHubSendTest::refusesBadData()
{
    QFETCH(QString, data);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, word);
    Ctl &ctl = send({u"@(local/a)"_s, u"t"_s, data});
    ctl.setInput(input);
    QCOMPARE(ctl.run(), 2);
    QVERIFY2(ctl.err.contains(word) && ctl.err.count('\n') == 1, ctl.err.constData());
    QVERIFY(ctl.out.isEmpty());
    QVERIFY(m_hub->heardTypes().count(u"hub:connect"_s) == 1); // The actor's: nobody was even asked.
}

void CtlHubSendTest::tells()
{
    QCOMPARE(send({u"@(local/a)"_s, u"t"_s, u"--tell"_s}).run(), 0);
    QVERIFY2(m_ctl->out.contains("(local/a)  sent; "), m_ctl->out.constData());
    QVERIFY(!m_actor->takeType(u"t"_s).isEmpty());
    QCOMPARE(send({u"@(local/nobody)"_s, u"t"_s, u"--tell"_s, u"--json"_s}).run(), 0); // Nobody learns of it.
    QCOMPARE(m_ctl->object()[u"outcome"_s].toString(), u"sent"_s);
    QCOMPARE(m_ctl->object()[u"way"_s].toString(), u"tell"_s);
}

void CtlHubSendTest::anUnknownActor()
{
    QCOMPARE(send({u"@(local/nobody)"_s, u"t"_s}).run(), 1);
    QVERIFY2(m_ctl->out.startsWith("@(local/nobody)  unknown actor"), m_ctl->out.constData());
    m_actor->registerActor(u"@(local/gone)"_s, {u"x"_s}, 0);
    QCOMPARE(send({u"@(local/gone)"_s, u"t"_s, u"--json"_s, u"--wait-reply"_s, u"20"_s}).run(), 1);
    QCOMPARE(m_ctl->object()[u"outcome"_s].toString(), u"unknown-actor"_s);
    QVERIFY2(m_ctl->object()[u"text"_s].toString().contains(u"expired"_s), m_ctl->out.constData());
    QVERIFY(m_ctl->object()[u"reply"_s].isNull());
}

void CtlHubSendTest::whatTheHubRefuses()
{
    HubRawClient undeliverable(u"@(local/mute)"_s);
    QVERIFY(undeliverable.open(m_hub->server.port())); // Without hub:connect, and registered all the same.
    undeliverable.registerActor(u"@(local/mute)"_s);
    QCOMPARE(send({u"@(local/mute)"_s, u"t"_s}).run(), 1);
    QVERIFY2(m_ctl->out.contains("refused"), m_ctl->out.constData());
}

void CtlHubSendTest::waitsForTheReply()
{
    HubProcess hub; // Whose actors answer orders.
    QVERIFY(hub.start({u"--actors"_s, u"5"_s}));
    const QString address = hub.struck("refuse 1");
    Ctl ctl({u"hub"_s, u"send"_s, hub.url(), address, u"worker:drain"_s, u"{\"commandId\":\"c-1\"}"_s, u"--wait-reply"_s, u"20"_s,
             u"--json"_s, u"--journal"_s, u"none"_s});
    QCOMPARE(ctl.run(), 0);
    const QJsonObject reply = ctl.object()[u"reply"_s].toObject();
    QCOMPARE(reply[u"from"_s].toString(), address);
    QCOMPARE(reply[u"type"_s].toString(), u"worker:ack"_s);
    QCOMPARE(reply[u"payload"_s][u"commandId"_s].toString(), u"c-1"_s);
    QVERIFY(!reply[u"payload"_s][u"accepted"_s].toBool(true));
    QTRY_COMPARE_WITH_TIMEOUT(hub.figure("clients"), 0, patience);
}

void CtlHubSendTest::aReplyBeforeTheHubsWord()
{
    // Only what the actor itself says counts, and only what comes after the question.
    send({u"@(local/a)"_s, u"question"_s, u"--wait-reply"_s, u"20"_s}).start();
    const QString asker = m_actor->takeType(u"question"_s)[u"from"_s].toString();
    QVERIFY(!asker.isEmpty());
    HubRawClient other(u"@(local/b)"_s);
    QVERIFY(other.join(m_hub->server.port()));
    other.send(
        other.envelope(u"hub:send"_s, QJsonObject{{u"to"_s, asker}, {u"type"_s, u"untruth"_s}, {u"data"_s, u"from another"_s}}));
    other.send(other.envelope(u"hub:broadcast"_s, QJsonObject{{u"type"_s, u"noise"_s}}));
    m_actor->send(m_actor->envelope(
        u"hub:send"_s, QJsonObject{{u"to"_s, asker}, {u"type"_s, u"answer"_s}, {u"data"_s, QJsonObject{{u"n"_s, 42}}}}));
    QCOMPARE(m_ctl->exitCode(), 0);
    QVERIFY2(m_ctl->out.contains("replied answer after ") && m_ctl->out.contains("\"n\": 42"), m_ctl->out.constData());
    QVERIFY(!m_ctl->out.contains("untruth") && !m_ctl->out.contains("noise"));
}

void CtlHubSendTest::theReplyIsSafeToShow()
{
    for (const bool json : {false, true}) {
        QStringList arguments{u"@(local/a)"_s, u"question"_s, u"--wait-reply"_s, u"20"_s};
        if (json)
            arguments.append(u"--json"_s);
        send(arguments).start();
        const QString asker = m_actor->takeType(u"question"_s)[u"from"_s].toString();
        QVERIFY(!asker.isEmpty());
        const QJsonObject data{{u"authToken"_s, u"hunter2"_s},
                               {u"jwt"_s, u"eyJhbGciOi.J9.sig"_s},
                               {u"list"_s, QJsonArray{u"renewal-123"_s, u"\x1b[31mred\x07 \x9b\x202e"_s}}};
        m_actor->send(
            m_actor->envelope(u"hub:send"_s, QJsonObject{{u"to"_s, asker}, {u"type"_s, u"an\x1b[1mswer"_s}, {u"data"_s, data}}));
        // A type that no terminal should see makes it no sound message; the next is taken.
        m_actor->send(
            m_actor->envelope(u"hub:send"_s, QJsonObject{{u"to"_s, asker}, {u"type"_s, u"answer"_s}, {u"data"_s, data}}));
        QCOMPARE(m_ctl->exitCode(), 0);
        QVERIFY2(isSafe(m_ctl->out + m_ctl->err) && !m_ctl->out.contains("hunter2"), m_ctl->out.toPercentEncoding());
        QVERIFY(m_ctl->out.contains("red"));
        if (json)
            QVERIFY(m_ctl->object()[u"reply"_s].isObject());
    }
}

void CtlHubSendTest::nobodyReplies()
{
    QCOMPARE(send({u"@(local/a)"_s, u"t"_s, u"--wait-reply"_s, u"0.3"_s, u"--json"_s}).run(), 1);
    QVERIFY2(m_ctl->err.contains("@(local/a) did not reply"), m_ctl->err.constData());
    QCOMPARE(m_ctl->object()[u"outcome"_s].toString(), u"delivered"_s);
    QVERIFY(m_ctl->object()[u"reply"_s].isNull());
}

void CtlHubSendTest::theHubAnswersNothing()
{
    // It falls silent once the message is there.
    QMetaObject::Connection silence = connect(&m_hub->server, &fleet::HubServer::received, this, [this](const QByteArray &m) {
        if (m.contains("\"hub:send\""))
            m_hub->server.setFault(fleet::HubFault::Silent);
    });
    QCOMPARE(send({u"@(local/a)"_s, u"t"_s, u"--timeout"_s, u"1"_s, u"--json"_s}).run(), 1);
    disconnect(silence);
    QCOMPARE(m_ctl->object()[u"outcome"_s].toString(), u"unknown"_s);
    QVERIFY2(m_ctl->object()[u"text"_s].toString().contains(u"may or may not"_s), m_ctl->out.constData());
}

void CtlHubSendTest::interrupted()
{
    const QString file = m_folder.filePath(u"interrupted.sqlite"_s);
    m_hub->server.setFault(fleet::HubFault::None);
    QMetaObject::Connection silence = connect(&m_hub->server, &fleet::HubServer::received, this, [this](const QByteArray &m) {
        if (m.contains("\"hub:send\""))
            m_hub->server.setFault(fleet::HubFault::Silent);
    });
    Ctl &ctl = send({u"@(local/a)"_s, u"t"_s}, file);
    ctl.start();
    QTRY_VERIFY_WITH_TIMEOUT(m_hub->heardTypes().contains(u"hub:send"_s), patience);
    ::kill(pid_t(ctl.process.processId()), SIGTERM);
    QCOMPARE(ctl.exitCode(), 1);
    disconnect(silence);
    QVERIFY2(ctl.out.contains("may or may not have arrived"), ctl.out.constData());
    const QList<JournalEntry> kept = entries(file);
    QCOMPARE(kept.size(), 2);
    QCOMPARE(kept.first().step, u"unknown"_s);
}

void CtlHubSendTest::theConnectionIsLost()
{
    Ctl &ctl = send({u"@(local/a)"_s, u"t"_s, u"--wait-reply"_s, u"60"_s});
    ctl.start();
    QVERIFY(!m_actor->takeType(u"t"_s).isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(ctl.out.contains("delivered"), patience);
    m_hub->server.cut(1); // The newest.
    QCOMPARE(ctl.exitCode(), 1);
    QVERIFY2(ctl.err.contains("did not reply"), ctl.err.constData());
}

void CtlHubSendTest::isKeptInTheJournal()
{
    const QString file = m_folder.filePath(u"kept.sqlite"_s);
    QCOMPARE(send({u"@(local/a)"_s, u"task:assign"_s, u"{\"secret\":\"hunter2\"}"_s}, file).run(), 0);
    QCOMPARE(send({u"@(local/nobody)"_s, u"task:assign"_s}, file).run(), 1);
    const QList<JournalEntry> kept = entries(file); // The newest first.
    QCOMPARE(kept.size(), 4);
    QStringList steps;
    for (const JournalEntry &entry : kept) {
        QCOMPARE(entry.kind, JournalKind::Message);
        QCOMPARE(entry.act, u"ask"_s);
        QVERIFY(entry.by.contains(u'@'));
        QVERIFY(!entry.text.contains(u"hunter2"_s)); // What is in a message is not kept.
        QCOMPARE(entry.source, QString(u"127.0.0.1:%1"_s.arg(m_hub->server.port())));
        steps.append(entry.step);
    }
    QCOMPARE(steps, (QStringList{u"unknown-actor"_s, u"requested"_s, u"delivered"_s, u"requested"_s}));
    QCOMPARE(kept.last().worker, "@(local/a)"_ba);
    QCOMPARE(kept.at(2).command, kept.at(3).command);
    QVERIFY(kept.last().text.contains(u"task:assign"_s));
    // Without a file it is the console's own.
    Ctl own({u"hub"_s, u"send"_s, m_hub->url(), u"@(local/a)"_s, u"t"_s});
    QCOMPARE(own.run(), 0);
    QCOMPARE(entries(m_folder.filePath(u"home/pulsedeck/journal.sqlite"_s)).size(), 2);
}

void CtlHubSendTest::aJournalThatCannotBeWritten()
{
    QCOMPARE(send({u"@(local/a)"_s, u"t"_s}, u"/proc/journal.sqlite"_s).run(), 0);
    QVERIFY2(m_ctl->err.contains("Nothing is recorded"), m_ctl->err.constData());
    QVERIFY(!m_actor->takeType(u"t"_s).isEmpty());
}

void CtlHubSendTest::leavesNoTrace()
{
    QCOMPARE(send({u"@(local/a)"_s, u"t"_s}).run(), 0);
    QVERIFY(!m_hub->heardTypes().contains(u"hub:register"_s) || m_hub->heardTypes().count(u"hub:register"_s) == 1);
    QCOMPARE(m_hub->heardTypes().last(), u"hub:disconnect"_s);
    QCOMPARE(m_hub->server.core().registry().size(), 1);
    QCOMPARE(send({u"@(local/a)"_s, u"t"_s, u"--wait-reply"_s, u"0.2"_s}).run(), 1);
    QCOMPARE(m_hub->heardTypes().count(u"hub:register"_s), 2); // The actor's, and for the reply our own.
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->server.core().registry().size(), 1, patience);
}

PULSEDECK_TEST(CtlHubSendTest, runWithEvents)
#include "ctlhubsend_test.moc"
