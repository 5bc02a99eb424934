// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/hubstorefixture.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Messages, the log and the journal.
class HubStoreTest : public QObject, HubStoreFixture
{
    Q_OBJECT

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void knowsItsHubs()
    {
        QVERIFY(m_hubs->has(one) && m_hubs->has(two) && !m_hubs->has(3));
        QCOMPARE(m_hubs->hubs(), (std::vector<SourceId>{one, two}));
        QCOMPARE(m_hubs->view(3).total, 0); // A fresh one.
        HubView view;
        view.source = one;
        view.total = 7;
        QSignalSpy changed(m_hubs.get(), &HubStore::viewChanged);
        m_hubs->takeView(view);
        QCOMPARE(m_hubs->view(one).total, 7);
        QCOMPARE(changed.size(), 1);
        view.source = 9;
        m_hubs->takeView(view); // No hub of ours.
        QCOMPARE(changed.size(), 1);
        QSignalSpy removed(m_hubs.get(), &HubStore::hubRemoved);
        m_hubs->removeHub(one);
        m_hubs->removeHub(one);
        QCOMPARE(removed.size(), 1);
        QVERIFY(!m_hubs->has(one));
    }

    void intentIsRecordedFirst()
    {
        m_journal->answers = false;
        const QJsonObject secret{{u"apiToken"_s, u"swordfish"_s}};
        const QUuid id = m_hubs->call(one, message(Kind::Ask, u"@(local/a1)"_s, secret));
        QVERIFY(!id.isNull());
        QCOMPARE(m_hubs->log(one).size(), size_t(1)); // At once.
        QVERIFY(m_hubs->log(one).front().waiting);
        QCOMPARE(m_journal->entries.size(), 1);
        const JournalEntry intent = m_journal->entries.first();
        QCOMPARE(intent.kind, JournalKind::Message);
        QCOMPARE(intent.act, u"ask"_s);
        QCOMPARE(intent.step, u"requested"_s);
        QCOMPARE(intent.worker, QByteArray("@(local/a1)"));
        QCOMPARE(intent.source, u"hub one"_s);
        QCOMPARE(intent.by, u"me@here"_s);
        QCOMPARE(intent.command, id);
        QCOMPARE(intent.text, u"task:assign, 24 bytes of data"_s);
        QVERIFY(!intent.text.contains(u"swordfish"_s));
        QVERIFY(m_asked.isEmpty()); // It waits for the journal.
        emit m_journal->written(m_journal->held.first(), true);
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        QCOMPARE(m_asked.first().second.data.toObject(), secret);

        HubCallAnswer answer = answerTo(m_asked.first().second, Outcome::Answered);
        answer.body = hub::DeliveryAck{u"m"_s, u"delivered"_s, 1};
        QSignalSpy logged(m_hubs.get(), &HubStore::logChanged);
        m_hubs->takeAnswer(answer);
        QCOMPARE(m_hubs->log(one).front().result, u"delivered after 3 ms"_s);
        QVERIFY(!m_hubs->log(one).front().waiting);
        QCOMPARE(logged.size(), 1);
        QCOMPARE(m_journal->steps(), (QStringList{u"requested"_s, u"delivered"_s}));
        QCOMPARE(m_answered->size(), 1);
        m_hubs->takeAnswer(answer);
        QCOMPARE(m_answered->size(), 1); // Exactly once.
    }

    void journalThatKeepsSilent()
    {
        m_journal->answers = false;
        m_hubs->call(one, message(Kind::Tell, u"@(local/a1)"_s));
        QVERIFY(m_asked.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience); // Two seconds are enough of waiting.
        m_hubs->takeAnswer(answerTo(m_asked.first().second, Outcome::Sent));
        QVERIFY(m_hubs->log(one).front().result.contains(u"not recorded in the journal"_s));
        emit m_journal->written(m_journal->held.first(), true); // Late, and of no consequence.
        QCOMPARE(m_asked.size(), 1);
    }

    void journalThatFails()
    {
        m_journal->ok = false;
        m_hubs->call(one, message(Kind::Publish, u"events"_s));
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        HubCallAnswer answer = answerTo(m_asked.first().second, Outcome::Answered);
        answer.body = hub::Published{u"events"_s, 2};
        m_hubs->takeAnswer(answer);
        QCOMPARE(m_hubs->log(one).front().result, u"2 subscribers; not recorded in the journal"_s);
        QCOMPARE(m_hubs->log(one).front().topic, u"events"_s);
        QVERIFY(m_hubs->log(one).front().peer.isEmpty());
        QCOMPARE(m_journal->entries.first().text, u"task:assign, no data, to the topic events"_s);
        QVERIFY(m_journal->entries.first().worker.isEmpty());
    }

    void outcomes_data()
    {
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("result");
        QTest::addColumn<QString>("step");
        const auto row = [](const char *name, Outcome outcome, const QString &text, const QString &result, const QString &step) {
            QTest::newRow(name) << int(outcome) << text << result << step;
        };
        row("refused", Outcome::Refused, u"writing is locked"_s, u"refused: writing is locked"_s, u"refused"_s);
        row("unknown actor", Outcome::UnknownActor, u"Actor registration expired"_s,
            u"unknown actor: Actor registration expired"_s, u"unknown-actor"_s);
        row("no answer", Outcome::Unknown, u"no answer for 5 s"_s, u"may or may not have arrived: no answer for 5 s"_s,
            u"unknown"_s);
        row("not sent", Outcome::NotSent, {}, u"not sent"_s, u"not-sent"_s);
    }
    void outcomes()
    {
        QFETCH(int, outcome);
        QFETCH(QString, text);
        m_hubs->call(one, message(Kind::Ask, u"@(local/a1)"_s));
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        m_hubs->takeAnswer(answerTo(m_asked.first().second, Outcome(outcome), text));
        QTEST(m_hubs->log(one).front().result, "result");
        QTEST(m_journal->entries.last().step, "step");
        QCOMPARE(int(m_hubs->log(one).front().outcome), outcome);
    }

    void broadcastCounts()
    {
        HubCall call = message(Kind::Broadcast, {});
        call.capability = u"planner"_s;
        m_hubs->call(one, call);
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        HubCallAnswer answer = answerTo(m_asked.first().second, Outcome::Answered);
        answer.body = hub::BroadcastAck{u"m"_s, 2, 1};
        m_hubs->takeAnswer(answer);
        QCOMPARE(m_hubs->log(one).front().result, u"reached 2 of 3 actors"_s);
        QCOMPARE(m_hubs->log(one).front().peer, u"planner"_s);
        QVERIFY(m_journal->entries.first().text.contains(u"every actor that can planner"_s));
    }

    void whatOnlyAsksIsNotRecorded()
    {
        const QUuid id = m_hubs->call(one, message(Kind::Discover, u"*"_s));
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        QCOMPARE(m_asked.first().second.id, id);
        QVERIFY(m_hubs->log(one).empty());
        QVERIFY(m_journal->entries.isEmpty());
    }

    void withoutJournal()
    {
        m_hubs->setJournal(nullptr);
        m_hubs->call(one, message(Kind::Tell, u"@(local/a1)"_s));
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        m_hubs->takeAnswer(answerTo(m_asked.first().second, Outcome::Sent));
        QVERIFY(!m_hubs->log(one).front().result.contains(u"journal"_s)); // Nothing was to be recorded.
    }

    void journalGoesAway()
    {
        m_journal->answers = false;
        m_hubs->call(one, message(Kind::Tell, u"@(local/a1)"_s));
        QVERIFY(m_asked.isEmpty());
        m_hubs->setJournal(nullptr);
        QCOMPARE(m_asked.size(), 1);
    }

    void noSuchHub()
    {
        const QUuid id = m_hubs->call(7, message(Kind::Ask, u"@(local/a1)"_s));
        QVERIFY(m_answered->isEmpty()); // Not from inside the call.
        QTRY_COMPARE_WITH_TIMEOUT(m_answered->size(), 1, patience);
        const auto answer = m_answered->first().first().value<HubCallAnswer>();
        QCOMPARE(answer.id, id);
        QCOMPARE(answer.outcome, Outcome::NotSent);
    }

    void removedWhileWaiting()
    {
        m_hubs->call(one, message(Kind::Ask, u"@(local/a1)"_s));
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        m_hubs->removeHub(one);
        QCOMPARE(m_answered->size(), 1);
        QCOMPARE(m_answered->first().first().value<HubCallAnswer>().outcome, Outcome::Unknown);
        QCOMPARE(m_journal->steps(), (QStringList{u"requested"_s, u"unknown"_s}));
        m_hubs->takeAnswer(answerTo(m_asked.first().second, Outcome::Answered));
        QCOMPARE(m_answered->size(), 1);
    }

    void sourceThatNeverAnswers()
    {
        m_hubs->call(one, message(Kind::Ask, u"@(local/a1)"_s));
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        m_clock.step(HubStore::answerWaitMs);
        QTRY_COMPARE_WITH_TIMEOUT(m_answered->size(), 1, patience);
        QCOMPARE(m_answered->first().first().value<HubCallAnswer>().outcome, Outcome::Unknown);
        QCOMPARE(m_hubs->log(one).front().result, u"may or may not have arrived: no answer came"_s);
    }

    void logHasBounds()
    {
        QSignalSpy appended(m_hubs.get(), &HubStore::logAppended);
        for (size_t i = 0; i < HubLog::mostMessages + 3; ++i)
            m_hubs->takeActorMessage(mail(u"@(local/a%1)"_s.arg(i)));
        QCOMPARE(m_hubs->log(one).size(), HubLog::mostMessages);
        QCOMPARE(m_hubs->dropped(one), quint64(3));
        QCOMPARE(m_hubs->log(one).front().peer, u"@(local/a3)"_s);
        QCOMPARE(appended.last().at(1).toInt(), int(HubLog::mostMessages) - 1);
        QCOMPARE(appended.last().at(2).toInt(), 1);

        // Few large ones push out as many as they need room.
        for (int i = 0; i < 3; ++i)
            m_hubs->takeActorMessage(mail(u"@(local/large)"_s, HubLog::mostPayloadBytes / 2));
        QCOMPARE(m_hubs->log(one).size(), size_t(2));
        QVERIFY(m_hubs->log(two).empty());
    }

    void answerAfterItGaveWay()
    {
        m_hubs->call(one, message(Kind::Ask, u"@(local/a1)"_s));
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        for (size_t i = 0; i < HubLog::mostMessages; ++i)
            m_hubs->takeActorMessage(mail(u"@(local/x)"_s));
        QSignalSpy logged(m_hubs.get(), &HubStore::logChanged);
        m_hubs->takeAnswer(answerTo(m_asked.first().second, Outcome::Answered));
        QCOMPARE(logged.size(), 0); // There is no row for it any more,
        QCOMPARE(m_answered->size(), 1); // and still it is answered.
        QVERIFY(m_hubs->log(one).back().result.isEmpty());
    }

    void subscriptions()
    {
        HubCall call;
        call.kind = Kind::Subscribe;
        call.target = u"events"_s;
        m_hubs->call(one, call);
        QCOMPARE(m_hubs->subscriptions(one).size(), size_t(1));
        QCOMPARE(m_hubs->subscriptions(one).front().state, HubSubscription::State::Asked);
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 1, patience);
        m_hubs->takeAnswer(answerTo(m_asked.last().second, Outcome::Refused, u"writing is locked"_s));
        QCOMPARE(m_hubs->subscriptions(one).front().state, HubSubscription::State::Refused);
        QCOMPARE(m_hubs->subscriptions(one).front().problem, u"writing is locked"_s);
        m_hubs->takeSubscription(one, {u"events"_s, HubSubscription::State::Subscribed, {}});
        QCOMPARE(m_hubs->subscriptions(one).size(), size_t(1));
        QCOMPARE(m_hubs->subscriptions(one).front().state, HubSubscription::State::Subscribed);

        call.kind = Kind::Unsubscribe;
        m_hubs->call(one, call);
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 2, patience);
        m_hubs->takeAnswer(answerTo(m_asked.last().second, Outcome::Refused, u"writing is locked"_s));
        QCOMPARE(m_hubs->subscriptions(one).size(), size_t(1)); // Still heard.
        m_hubs->call(one, call);
        QTRY_COMPARE_WITH_TIMEOUT(m_asked.size(), 3, patience);
        m_hubs->takeAnswer(answerTo(m_asked.last().second, Outcome::Sent));
        QVERIFY(m_hubs->subscriptions(one).empty());

        for (size_t i = 0; i < HubStore::mostSubscriptions; ++i)
            m_hubs->takeSubscription(one, {u"topic-%1"_s.arg(i), HubSubscription::State::Subscribed, {}});
        call.kind = Kind::Subscribe;
        call.target = u"one more"_s;
        m_answered->clear();
        m_hubs->call(one, call);
        QTRY_COMPARE_WITH_TIMEOUT(m_answered->size(), 1, patience);
        QCOMPARE(m_answered->first().first().value<HubCallAnswer>().outcome, Outcome::NotSent);
        QCOMPARE(m_hubs->subscriptions(one).size(), HubStore::mostSubscriptions);
    }
};

PULSEDECK_TEST(HubStoreTest, runWithEvents)
#include "hubstore_test.moc"
