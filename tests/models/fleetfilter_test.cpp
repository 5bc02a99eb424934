// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetfilter.h"
#include "tests/models/modelfleet.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class FleetFilterTest : public QObject
{
    Q_OBJECT

    ModelFleet m_fleet;

    QStringList matching(const QString &text)
    {
        const FleetFilter filter = FleetFilter::parse(text);
        QStringList ids;
        for (int i = 0; i < m_fleet.store.capacity(); ++i) {
            if (filter.matches(m_fleet.store, WorkerHandle(i), m_fleet.clock.nowMs()))
                ids.append(QString::fromUtf8(m_fleet.store.worker(WorkerHandle(i)).id.right(1)));
        }
        return ids;
    }

private slots:
    void initTestCase()
    {
        m_fleet.add(0, "chromium:aaaa-a");
        m_fleet.add(1, "firefox:bbbb-b", "firefox");
        m_fleet.add(2, "webkit:cccc-c", "webkit");
        m_fleet.add(3, "chromium:dddd-d");
        m_fleet.clock.step(20'000);
        WorkerSample fresh = m_fleet.alive(0);
        fresh.activeSessions = 3;
        m_fleet.apply(fresh);
        m_fleet.apply(m_fleet.alive(2, 0, WorkerStatus::Draining));
        m_fleet.apply(m_fleet.gone(3, WorkerEnd::Left, false));
        m_fleet.store.publish();
    }

    void terms_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << u""_s << u"a b c d"_s;
        QTest::newRow("free text in the id") << u"BBB"_s << u"b"_s;
        QTest::newRow("free text in the host") << u"10.0.0.2"_s << u"c"_s;
        QTest::newRow("free text in the type") << u"chrom"_s << u"a d"_s;
        QTest::newRow("type") << u"type:chromium"_s << u"a d"_s;
        QTest::newRow("two types") << u"type:firefox,webkit"_s << u"b c"_s;
        QTest::newRow("liveness") << u"liveness:late"_s << u"b"_s;
        QTest::newRow("people ask status for it") << u"status:late"_s << u"b"_s;
        QTest::newRow("status") << u"status:draining"_s << u"c"_s;
        QTest::newRow("ended workers have no status") << u"status:available"_s << u"a b"_s;
        QTest::newRow("gone") << u"liveness:gone"_s << u"d"_s;
        QTest::newRow("how it ended") << u"liveness:left"_s << u"d"_s;
        QTest::newRow("negation by not") << u"not status:gone"_s << u"a b c"_s;
        QTest::newRow("negation by minus") << u"-type:chromium"_s << u"b c"_s;
        QTest::newRow("age") << u"age>10s"_s << u"b"_s;
        QTest::newRow("age in ms") << u"age<=500ms"_s << u"a c"_s;
        QTest::newRow("ttl") << u"ttl<15s"_s << u"b"_s;
        QTest::newRow("sessions") << u"sessions>0"_s << u"a"_s;
        QTest::newRow("uptime") << u"uptime>75s"_s << u"a b c"_s;
        QTest::newRow("not up for so long") << u"uptime>5m"_s << u""_s;
        QTest::newRow("source") << u"source:PROD"_s << u"a b c d"_s;
        QTest::newRow("another source") << u"source:other"_s << u""_s;
        QTest::newRow("all terms have to hold") << u"type:chromium sessions>0"_s << u"a"_s;
        QTest::newRow("id") << u"id:cccc"_s << u"c"_s;
        QTest::newRow("quotes keep spaces") << u"\"no such thing\""_s << u""_s;
    }

    void terms()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(matching(text).join(u' '), expected);
        QVERIFY2(FleetFilter::parse(text).problems().isEmpty(), qPrintable(FleetFilter::parse(text).problems().join(u'\n')));
    }

    void senselessTermsAreNamed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("word");
        QTest::newRow("no duration") << u"age>ten"_s << u"duration"_s;
        QTest::newRow("no number") << u"sessions>many"_s << u"number"_s;
        QTest::newRow("no such state") << u"liveness:happy"_s << u"happy"_s;
        QTest::newRow("no such key") << u"colour:red"_s << u"colour"_s;
        QTest::newRow("no word") << u"type:"_s << u"word"_s;
        QTest::newRow("a comparison of words") << u"status>3"_s << u"words"_s;
        QTest::newRow("no such flag") << u"flag:purple"_s << u"purple"_s;
    }

    void senselessTermsAreNamed()
    {
        QFETCH(QString, text);
        QFETCH(QString, word);
        const FleetFilter filter = FleetFilter::parse(text);
        QCOMPARE(filter.problems().size(), 1);
        QVERIFY2(filter.problems().first().contains(word), qPrintable(filter.problems().first()));
        QVERIFY(filter.isEmpty()); // It is left out, not taken for something else.
        QCOMPARE(filter.terms().size(), size_t(1));
        QVERIFY(!filter.terms().front().valid);
    }

    void termsCanBeTakenApart()
    {
        const FleetFilter filter = FleetFilter::parse(u"not status:gone type:chromium \"a b\""_s);
        QCOMPARE(filter.terms().size(), size_t(3));
        QVERIFY(filter.terms()[0].negated);
        QCOMPARE(filter.terms()[0].text, u"status:gone"_s);
        QCOMPARE(filter.terms()[2].text, u"a b"_s);
        QVERIFY(!filter.dependsOnTime());
        QVERIFY(FleetFilter::parse(u"age>10s"_s).dependsOnTime());
    }

    void completes()
    {
        QVERIFY(FleetFilter::completions(u"type:ch"_s, m_fleet.store).contains(u"type:chromium"_s));
        QVERIFY(FleetFilter::completions(u"type:chromium live"_s, m_fleet.store).contains(u"liveness:late"_s));
        QVERIFY(FleetFilter::completions(u"-sta"_s, m_fleet.store).contains(u"-status:draining"_s));
        QVERIFY(FleetFilter::completions(u"zzz"_s, m_fleet.store).isEmpty());
    }
};

QTEST_GUILESS_MAIN(FleetFilterTest)
#include "fleetfilter_test.moc"
