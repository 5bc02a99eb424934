// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger sends to actors stands in the log of their hub, with what becomes of it.
#include "models/hub/hubcommand.h"
#include "models/hub/hubstore.h"
#include "tests/models/ledgerfixture.h"
#include "tests/support/hubscene.h"
#include "tests/support/testprogram.h"

#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using HubStoreCommandsOutcome = CommandProgress::Outcome;

class HubStoreCommandsTest : public QObject
{
    Q_OBJECT

    struct Scene : LedgerFixture
    {
        HubScene hub{fleet.store, fleet.clock, 8};
        HubStore hubs{fleet.clock};

        Scene()
        {
            hubs.addHub(HubScene::source, u"hub-eu"_s);
            hubs.setLedger(&ledger);
        }
        const std::deque<HubLogEntry> &log() const { return hubs.log(HubScene::source); }
        void tell(quint64 key, HubStoreCommandsOutcome outcome, const QString &text = {}, Refusal refusal = Refusal::None)
        {
            CommandProgress one = progress(key, outcome);
            one.text = text;
            one.note = commandNoteFromText(text).value_or(CommandNote::None);
            one.refusal = refusal;
            ledger.takeProgress({one});
        }
    };

private slots:
    void drainAndShutdownAreShown()
    {
        Scene s;
        QSignalSpy appended(&s.hubs, &HubStore::logAppended);
        const quint64 drain = s.give(Act::Drain, s.hub.handle(0));
        const quint64 shutdown = s.give(Act::Shutdown, s.hub.handle(1));
        QCOMPARE(appended.size(), 2);
        QCOMPARE(s.log().size(), 2u);
        const HubLogEntry first = s.log().front();
        QCOMPARE(first.way, HubLogEntry::Way::Command);
        QVERIFY(first.isOurs());
        QVERIFY(first.waiting);
        QCOMPARE(first.peer, QString::fromUtf8(HubScene::address(0)));
        QCOMPARE(first.type, u"worker:drain"_s);
        QCOMPARE(s.log().back().type, u"worker:shutdown"_s);
        // As it goes over the wire.
        const Command sent = s.at(drain).command;
        QCOMPARE(first.payload.toObject(), hubCommandData(sent));
        QCOMPARE(first.payload.toObject().value("commandId"_L1).toString(), sent.id.toString(QUuid::WithoutBraces));
        QCOMPARE(first.payload.toObject().value("by"_L1).toString(), u"ann@ops"_s);

        s.tell(drain, HubStoreCommandsOutcome::Acknowledged, u"answered by the actor"_s);
        QVERIFY(!s.log().front().waiting);
        QCOMPARE(s.log().front().outcome, HubCallAnswer::Outcome::Answered);
        QCOMPARE(s.log().front().result, u"done: answered by the actor"_s);
        s.tell(shutdown, HubStoreCommandsOutcome::Delivered, u"delivered; the actor has not answered"_s);
        QCOMPARE(s.log().back().result, u"delivered; the actor has not answered"_s);
        // Minutes later: the same row.
        s.tell(shutdown, HubStoreCommandsOutcome::Refused, u"the actor refused: busy"_s, Refusal::ActorRefused);
        QCOMPARE(s.log().back().outcome, HubCallAnswer::Outcome::Refused);
        QVERIFY2(s.log().back().result.contains(u"busy"_s), qPrintable(s.log().back().result));
        QCOMPARE(s.log().size(), 2u);
    }

    void endsAreToldApart_data()
    {
        QTest::addColumn<HubStoreCommandsOutcome>("outcome");
        QTest::addColumn<Refusal>("refusal");
        QTest::addColumn<HubCallAnswer::Outcome>("shown");
        QTest::addColumn<QString>("words");
        QTest::newRow("unknown actor") << HubStoreCommandsOutcome::Refused << Refusal::KeyGone
                                       << HubCallAnswer::Outcome::UnknownActor << u"not registered"_s;
        QTest::newRow("expired") << HubStoreCommandsOutcome::Refused << Refusal::RegistrationExpired
                                 << HubCallAnswer::Outcome::UnknownActor << u"registration expired"_s;
        QTest::newRow("locked") << HubStoreCommandsOutcome::Refused << Refusal::ReadOnlySource << HubCallAnswer::Outcome::NotSent
                                << u"refused"_s;
        QTest::newRow("lost") << HubStoreCommandsOutcome::Unknown << Refusal::None << HubCallAnswer::Outcome::Unknown
                              << u"unknown"_s;
    }
    void endsAreToldApart()
    {
        QFETCH(HubStoreCommandsOutcome, outcome);
        QFETCH(Refusal, refusal);
        QFETCH(HubCallAnswer::Outcome, shown);
        QFETCH(QString, words);
        Scene s;
        const quint64 key = s.give(Act::Shutdown, s.hub.handle(2));
        s.tell(key, outcome, {}, refusal);
        QCOMPARE(s.log().back().outcome, shown);
        QVERIFY2(s.log().back().result.contains(words), qPrintable(s.log().back().result));
    }

    void onlyMessagesAndOnlyOfHubs()
    {
        Scene s;
        const WorkerHandle worker = s.add(1, "worker-1"); // Of a Redis.
        s.give(Act::Shutdown, worker);
        QVERIFY(s.log().empty());
        QVERIFY(s.hubs.log(s.fleet.store.worker(worker).source).empty());
        s.give(Act::Cancel, s.hub.handle(0)); // There is no such message.
        QVERIFY(s.log().empty());
    }

    void keepsItsBounds()
    {
        Scene s;
        const quint64 key = s.give(Act::Drain, s.hub.handle(0));
        ActorMessage mail;
        mail.source = HubScene::source;
        mail.from = u"@(local/chatty)"_s;
        for (size_t i = 0; i < HubLog::mostMessages; ++i)
            s.hubs.takeActorMessage(mail);
        QCOMPARE(s.log().size(), HubLog::mostMessages);
        QSignalSpy changed(&s.hubs, &HubStore::logChanged);
        s.tell(key, HubStoreCommandsOutcome::Acknowledged); // Its row has given way.
        QCOMPARE(changed.size(), 0);
        s.give(Act::Drain, s.hub.handle(1));
        s.hubs.removeHub(HubScene::source);
        s.hubs.setLedger(nullptr);
        s.give(Act::Drain, s.hub.handle(2));
        QVERIFY(s.log().empty());
    }
};

PULSEDECK_TEST(HubStoreCommandsTest, runWithEvents)
#include "hubstorecommands_test.moc"
