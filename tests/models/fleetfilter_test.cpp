// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetfilter.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

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
        QTest::newRow("a part of the host") << u"host:0.0.1"_s << u"b"_s;
        QTest::newRow("the whole host") << u"host=10.0.0.1"_s << u"b"_s;
        QTest::newRow("the whole host and its port") << u"host=10.0.0.1:3131"_s << u"b"_s;
        QTest::newRow("a part is not the whole host") << u"host=10.0.0"_s << u""_s;
        QTest::newRow("one of two hosts") << u"host=10.0.0.3,10.0.0.1,0.0.2"_s << u"b d"_s;
        QTest::newRow("not this host") << u"-host=10.0.0.1"_s << u"a c d"_s;
        QTest::newRow("the whole id") << u"id=FIREFOX:bbbb-b"_s << u"b"_s;
        QTest::newRow("a part is not the whole id") << u"id=bbbb-"_s << u""_s;
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

    void freeTextIsFoundAtEachPlaceOfAnId()
    {
        constexpr int length = 45;
        for (const QByteArray &needle : {QByteArray("q7"), QByteArray("7q"), QByteArray("q-z7q")}) {
            const FleetFilter filter = FleetFilter::parse(QString::fromLatin1(needle));
            ModelFleet fleet;
            for (int at = 0; at + needle.size() <= length; ++at) {
                QByteArray id(length, at % 2 ? 'x' : '7');
                id.replace(at, needle.size(), at % 3 ? needle : needle.toUpper());
                fleet.add(WorkerNumber(at), id, {});
            }
            const int with = fleet.store.capacity();
            // As near to it as can be: each of its letters, and what has the same bits but the one for small letters.
            for (int at = 0; at + 2 <= length; ++at) {
                QByteArray id(length, at % 2 ? '\x17' : 'Q');
                id.replace(at, 1, "-");
                fleet.add(WorkerNumber(with + at), id, {});
            }
            for (int i = 0; i < fleet.store.capacity(); ++i) {
                const Worker &worker = fleet.store.worker(WorkerHandle(i));
                QCOMPARE(filter.matches(fleet.store, WorkerHandle(i), fleet.clock.nowMs()),
                         worker.id.toLower().contains(needle) || worker.host.contains(needle));
            }
        }
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
        QTest::newRow("the flags there are")
            << u"flag:purple"_s << flagNames(WorkerFlags::fromInt((1u << workerFlagCount) - 1)).join(u", "_s);
        QTest::newRow("a liveness is no flag") << u"flag:crash"_s << u"try liveness:crashed"_s;
        QTest::newRow("a lost blank") << u"skew>1stype:webkit"_s << u"is a space missing before type:webkit?"_s;
        QTest::newRow("another") << u"sessions>0age>10s"_s << u"before age>10s"_s;
    }

    void senselessTermsAreNamed()
    {
        QFETCH(QString, text);
        QFETCH(QString, word);
        const FleetFilter filter = FleetFilter::parse(text);
        QCOMPARE(filter.problems().size(), 1);
        QVERIFY2(filter.problems().first().contains(word), qPrintable(filter.problems().first()));
        QVERIFY(!filter.isReadable());
        QVERIFY(!filter.isEmpty());
        QCOMPARE(matching(text), QStringList()); // Nobody acts on workers that a mistyped filter did not keep away.
        QCOMPARE(matching(u"not "_s + text), QStringList());
        QCOMPARE(matching(u"type:chromium "_s + text), QStringList());
        QCOMPARE(filter.terms().size(), size_t(1));
        QVERIFY(!filter.terms().front().valid);
    }

    void unfinishedTerms_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<bool>("saysNothingYet");
        const QString all = u"a b c d"_s;
        QTest::newRow("a type begun") << u"type:fire"_s << u"b"_s << false;
        QTest::newRow("a type nobody has") << u"type:fix"_s << QString() << false;
        QTest::newRow("no value yet") << u"type:"_s << all << true;
        QTest::newRow("a second value") << u"type:chromium,w"_s << u"a c d"_s << false;
        QTest::newRow("the first of two is whole") << u"type:chrom,webkit"_s << u"c"_s << false;
        QTest::newRow("a liveness begun") << u"liveness:la"_s << u"b"_s << false;
        QTest::newRow("several begin so") << u"liveness:l"_s << u"b d"_s << false;
        QTest::newRow("a status begun") << u"status:dr"_s << u"c"_s << false;
        QTest::newRow("none begins so") << u"liveness:xx"_s << QString() << false;
        QTest::newRow("what is half typed takes nobody away") << u"-type:fire"_s << all << false;
        QTest::newRow("nor a half typed word") << u"-liveness:la"_s << all << true;
        QTest::newRow("a whole one does") << u"-type:firefox"_s << u"a c d"_s << false;
        QTest::newRow("a source begun") << u"source:pr"_s << all << false;
        QTest::newRow("a comparison begun") << u"age>"_s << all << true;
        QTest::newRow("a number begun") << u"age>1."_s << all << true;
        QTest::newRow("a unit begun") << u"age>0mi"_s << all << true;
        QTest::newRow("no number at all") << u"age>ten"_s << QString() << false;
        QTest::newRow("a key begun") << u"liven"_s << all << true;
        QTest::newRow("a key without its colon") << u"type"_s << all << true;
        QTest::newRow("only a minus") << u"-"_s << all << true;
        QTest::newRow("only a not") << u"not"_s << all << false;
        QTest::newRow("free text") << u"bbb"_s << u"b"_s << false;
    }

    void unfinishedTerms()
    {
        QFETCH(const QString, typed);
        QFETCH(const QString, expected);
        const FleetFilter filter = FleetFilter::parse({}, typed);
        QStringList ids;
        for (int i = 0; i < m_fleet.store.capacity(); ++i) {
            if (filter.matches(m_fleet.store, WorkerHandle(i), m_fleet.clock.nowMs()))
                ids.append(QString::fromUtf8(m_fleet.store.worker(WorkerHandle(i)).id.right(1)));
        }
        QCOMPARE(ids.join(u' '), expected);
        QTEST(filter.isUnfinished(), "saysNothingYet");
        QCOMPARE(filter.text(), typed);
        // What stands before it is finished all the same.
        QCOMPARE(FleetFilter::parse(u"type:fire"_s, typed).matches(m_fleet.store, 1, m_fleet.clock.nowMs()), false);
    }

    void completesWhatIsMeant()
    {
        const auto completed = [this](const QString &term) { return FleetFilter::completed(term, m_fleet.store); };
        QCOMPARE(completed(u"type:fire"_s), u"type:firefox"_s);
        QCOMPARE(completed(u"liveness:la"_s), u"liveness:late"_s);
        QCOMPARE(completed(u"liveness:l"_s), u"liveness:l"_s); // Late, or left.
        QCOMPARE(completed(u"liveness:gone"_s), u"liveness:gone"_s); // A word already, although gone-unseen begins so.
        QCOMPARE(completed(u"type:"_s), u"type:"_s);
        QCOMPARE(completed(u"fire"_s), u"fire"_s);
        QCOMPARE(completed(u"age>1"_s), u"age>1"_s);
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

PULSEDECK_TEST(FleetFilterTest, runWithEvents)
#include "fleetfilter_test.moc"
