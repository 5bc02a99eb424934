// SPDX-License-Identifier: GPL-3.0-or-later
// More messages of others than anybody can take: by count, by bytes, and with nobody taking them up.
#include "app/hub/actormessage.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubscene.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class HubFloodTest : public QObject
{
    Q_OBJECT

private slots:
    void tooMany();
    void tooLarge();
    void notTakenUp();
    void words();

private:
    static QJsonObject letter(const HubRawClient &sender, const HubScene &scene, qsizetype size)
    {
        return sender.envelope(
            u"hub:send"_s,
            QJsonObject{{u"to"_s, scene.options.connection.address}, {u"type"_s, u"x"_s}, {u"data"_s, QString(size, u'a')}});
    }
    /// A command is still answered, and the connection has never been lost.
    static void verifyAlive(HubScene &scene)
    {
        const Command drain = scene.command(Act::Drain, u"@(local/planner-1)"_s);
        scene.source->carryOut({drain});
        QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 1, HubWatch::limitMs);
        QCOMPARE(scene.seen.progress.first().outcome, CommandProgress::Outcome::Acknowledged);
        QCOMPARE(scene.seen.status.generation, 1u);
    }
};

void HubFloodTest::tooMany()
{
    HubScene scene;
    QVERIFY(scene.start(1, true));
    HubRawClient other(u"@(local/other)"_s);
    QVERIFY(other.join(scene.hub.server->port()));
    const QJsonObject flood = letter(other, scene, 1);
    constexpr int many = 3'000;
    for (int i = 0; i < many; ++i)
        other.send(flood);
    const auto dropped = [&] { return scene.seen.view.messagesDropped; };
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size() + qsizetype(dropped().total()), many, HubWatch::limitMs);
    QVERIFY(dropped().tooMany > 0);
    QCOMPARE(dropped().total(), dropped().tooMany);
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.status.limits.contains(droppedMessagesText(dropped())), HubWatch::limitMs);
    // The answer of an actor is not lost in it.
    verifyAlive(scene);
}

void HubFloodTest::tooLarge()
{
    HubScene scene;
    scene.options.messageBytesPerSecond = 100; // However long it takes here: no further large one comes to fit.
    QVERIFY(scene.start(1, true));
    HubRawClient other(u"@(local/other)"_s);
    QVERIFY(other.join(scene.hub.server->port()));
    // Few enough for the count, and five times what the bytes allow at once: ten.
    constexpr int many = 50;
    const QJsonObject flood = letter(other, scene, 800 * 1024);
    for (int i = 0; i < many; ++i)
        other.send(flood);
    const auto dropped = [&] { return scene.seen.view.messagesDropped; };
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size() + qsizetype(dropped().total()), many, HubWatch::limitMs);
    QCOMPARE(scene.seen.received.size(), 10); // What comes at once is allowed to be large.
    QCOMPARE(dropped().tooLarge, 40u);
    QCOMPARE(dropped().tooMany, 0u);
    for (const ActorMessage &one : std::as_const(scene.seen.received)) {
        QVERIFY(one.cut);
        QVERIFY(one.bytes > 800 * 1024);
    }
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.status.limits.join(u' ').contains(u"over the byte rate"_s), HubWatch::limitMs);
    // A small one finds its way meanwhile.
    const qsizetype before = scene.seen.received.size();
    other.send(letter(other, scene, 10));
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), before + 1, HubWatch::limitMs);
    verifyAlive(scene);
}

/// Whoever shows the messages may be busy: they do not pile up without end before it.
void HubFloodTest::notTakenUp()
{
    HubScene scene;
    QVERIFY(scene.start(1, true));
    HubRawClient other(u"@(local/other)"_s);
    QVERIFY(other.join(scene.hub.server->port()));
    const QJsonObject flood = letter(other, scene, mostPayloadBytes);
    const auto told = [&] { return scene.seen.received.size() + qsizetype(scene.seen.view.messagesDropped.total()); };
    // The test holds all that came, as a window that has not had the time to look at it.
    for (int sent = 0; scene.seen.view.messagesDropped.behind == 0;) {
        QVERIFY2(sent < 4'000, "it piles up");
        for (int i = 0; i < 10; ++i, ++sent)
            other.send(flood);
        QTRY_COMPARE_WITH_TIMEOUT(told(), sent, HubWatch::limitMs);
    }
    qint64 held = 0;
    for (const ActorMessage &one : std::as_const(scene.seen.received))
        held += qMin<qint64>(one.bytes, mostPayloadBytes);
    QVERIFY(held <= HubSource::mostBytesUnderWay);
    QVERIFY(held > HubSource::mostBytesUnderWay / 2);
    QTRY_VERIFY_WITH_TIMEOUT(scene.seen.status.limits.join(u' ').contains(u"because the window was behind"_s), HubWatch::limitMs);
    // It has looked: there is room again.
    scene.seen.received.clear();
    other.send(letter(other, scene, 10));
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 1, HubWatch::limitMs);
    // What is held outlives the source.
    const QList<ActorMessage> kept = scene.seen.received;
    scene.source.reset();
    QVERIFY(kept.first().room);
}

void HubFloodTest::words()
{
    QVERIFY(droppedMessagesText({}).isEmpty());
    QCOMPARE(droppedMessagesText({1, 0, 0}), u"1 message of others was not kept: 1 over the message rate"_s);
    QCOMPARE(droppedMessagesText({0, 7, 0}), u"7 messages of others were not kept: 7 over the byte rate"_s);
    QCOMPARE(droppedMessagesText({2, 3, 4}),
             u"9 messages of others were not kept: 2 over the message rate, 3 over the byte rate, "
             "4 because the window was behind"_s);
}

PULSEDECK_TEST(HubFloodTest, runWithEvents)
#include "hubflood_test.moc"
