// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/hubstorefixture.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// What is asked of hubs by itself: health, metrics, queue stats.
class HubStoreFiguresTest : public QObject, HubStoreFixture
{
    Q_OBJECT

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void asksWhileWatched()
    {
        QVERIFY(m_asked.isEmpty());
        m_hubs->setWatched(one, true);
        QCOMPARE(count(one, Kind::Health), 1); // At once.
        QCOMPARE(count(one, Kind::Metrics), 1);
        QCOMPARE(count(one, Kind::QueueStats), 1);
        QCOMPARE(m_asked.size(), 3);

        // Unanswered: nothing of the kind is asked again, however long it takes.
        m_clock.step(HubFigures::healthEveryMs + 1);
        m_hubs->setWatched(two, true); // A look at all, now.
        QCOMPARE(count(two, Kind::Metrics), 1);
        QCOMPARE(count(one, Kind::Metrics), 1);
        QCOMPARE(count(one, Kind::Health), 1);

        answerMetrics(5, 1);
        QTRY_COMPARE_WITH_TIMEOUT(count(one, Kind::Metrics), 2, patience);
        QCOMPARE(count(one, Kind::Health), 1);

        // Nobody looks any more.
        answerMetrics(6, 1);
        m_hubs->setWatched(one, false);
        m_hubs->setWatched(two, false);
        m_clock.step(10 * HubFigures::healthEveryMs);
        m_hubs->setWatched(two, true);
        QCOMPARE(count(one, Kind::Metrics), 2);
    }

    void keepsItsPace()
    {
        m_hubs->setWatched(one, true);
        answerMetrics(5, 1);
        m_clock.step(HubFigures::metricsEveryMs - 1);
        m_hubs->setWatched(two, true); // A look at all, one millisecond too early.
        QCOMPARE(count(one, Kind::Metrics), 1);
        m_hubs->setWatched(two, false);
        m_clock.step(1);
        m_hubs->setWatched(two, true);
        QCOMPARE(count(one, Kind::Metrics), 2);
        // Away and back at once: nothing new is asked.
        answerMetrics(6, 1);
        m_hubs->setWatched(one, false);
        m_hubs->setWatched(one, true);
        QCOMPARE(count(one, Kind::Metrics), 2);
    }

    void healthIsAskedWithoutAnybodyWatching()
    {
        HubView view;
        view.source = one;
        m_hubs->takeView(view); // Not connected: there is nobody to ask.
        QVERIFY(m_asked.isEmpty());
        view.connected = true;
        m_hubs->takeView(view);
        QCOMPARE(count(one, Kind::Health), 1); // At once.
        m_hubs->takeView(view);
        QCOMPARE(m_asked.size(), 1); // Health alone, and never twice at a time.
        answerHealth();
        QVERIFY(m_hubs->figures(one).health() && m_hubs->figures(one).health()->healthy);

        // Comes and goes: not asked each time.
        const auto returns = [&] {
            view.connected = false;
            m_hubs->takeView(view);
            view.connected = true;
            m_hubs->takeView(view);
        };
        m_clock.step(1'000);
        returns();
        QCOMPARE(count(one, Kind::Health), 1);
        m_clock.step(HubFigures::healthCalmMs - 1'001);
        m_hubs->setWatched(two, true); // A look at all, one millisecond too early.
        QCOMPARE(count(one, Kind::Health), 1);
        m_hubs->setWatched(two, false);
        m_clock.step(1);
        QTRY_COMPARE_WITH_TIMEOUT(count(one, Kind::Health), 2, patience); // By itself.
        answerHealth();
        // Somebody looks: the rest is asked, and health more often.
        m_clock.step(HubFigures::healthEveryMs);
        m_hubs->setWatched(one, true);
        QCOMPARE(count(one, Kind::Metrics), 1);
        QCOMPARE(count(one, Kind::Health), 3);
        answerHealth();
        m_hubs->setWatched(one, false);
        view.connected = false;
        m_hubs->takeView(view);
        m_clock.step(10 * HubFigures::healthCalmMs);
        m_hubs->setWatched(two, true);
        QCOMPARE(count(one, Kind::Health), 3);
        // After a while away it is asked as soon as it is back.
        returns();
        QCOMPARE(count(one, Kind::Health), 4);
    }

    void ratesNeverRunBackwards()
    {
        m_hubs->setWatched(one, true);
        answerMetrics(100, 1);
        QUuid before = last(Kind::Metrics).id;
        const auto next = [&](qint64 received, qint64 window) {
            m_clock.step(HubFigures::metricsEveryMs);
            QTRY_VERIFY_WITH_TIMEOUT(last(Kind::Metrics).id != before, patience);
            before = last(Kind::Metrics).id;
            answerMetrics(received, window);
        };
        next(150, 1);
        next(8, 60'001); // The hub began a new window.
        next(28, 60'001);
        next(20, 60'001); // It began again and says the same window: not to be believed.
        const auto &samples = m_hubs->figures(one).metrics();
        QCOMPARE(samples.size(), size_t(5));
        QVERIFY(!samples[0].receivedPerSecond);
        QCOMPARE(*samples[1].receivedPerSecond, 10.0);
        QCOMPARE(*samples[1].sentPerSecond, 20.0);
        QCOMPARE(*samples[1].errorsPerSecond, 0.0);
        QVERIFY(!samples[2].receivedPerSecond && !samples[2].sentPerSecond && !samples[2].errorsPerSecond);
        QCOMPARE(*samples[3].receivedPerSecond, 4.0);
        QVERIFY(!samples[4].receivedPerSecond);
    }

    void figuresAndTheirProblems()
    {
        QSignalSpy changed(m_hubs.get(), &HubStore::figuresChanged);
        m_hubs->setWatched(one, true);
        HubHealth health;
        health.reachable = health.healthy = true;
        health.version = u"0.1.0"_s;
        HubCallAnswer answer = answerTo(last(Kind::Health), Outcome::Answered);
        answer.body = health;
        m_hubs->takeAnswer(answer);
        QVERIFY(m_hubs->figures(one).health() && m_hubs->figures(one).health()->healthy);
        QCOMPARE(m_hubs->figures(one).healthAt(), m_clock.nowMs());
        answer = answerTo(last(Kind::QueueStats), Outcome::Answered);
        answer.body = hub::QueueStats{4, 1.5, 1'000, 100};
        m_hubs->takeAnswer(answer);
        QCOMPARE(m_hubs->figures(one).queueStats()->depth, 4);
        QVERIFY(m_hubs->figures(one).problem().isEmpty());
        m_hubs->takeAnswer(answerTo(last(Kind::Metrics), Outcome::NotSent, u"not connected"_s));
        QCOMPARE(m_hubs->figures(one).problem(), u"not connected"_s);
        QCOMPARE(changed.size(), 3);
        QVERIFY(m_hubs->figures(one).metrics().empty());
        m_hubs->takeAnswer(answer); // A second answer to the same call counts for nothing.
        QCOMPARE(changed.size(), 3);
        QVERIFY(m_journal->entries.isEmpty()); // Figures are nobody's doing.
    }
};

PULSEDECK_TEST(HubStoreFiguresTest, runWithEvents)
#include "hubstorefigures_test.moc"
