// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/commoncause.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class CommonCauseTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 start = 1'800'000'000'000;

    /// 40 hosts of ten workers each, of three types by turns.
    static std::vector<ExaminedWorker> fleet()
    {
        static const QStringList types{u"chromium"_s, u"firefox"_s, u"webkit"_s};
        std::vector<ExaminedWorker> workers;
        for (int i = 0; i < 400; ++i) {
            ExaminedWorker worker;
            worker.source = u"prod-eu"_s;
            worker.system = u"playwright"_s;
            worker.type = types[i % 3];
            worker.host = u"10.4.2.%1"_s.arg(i / 10);
            workers.push_back(worker);
        }
        return workers;
    }

private slots:
    void oneHostIsFound()
    {
        std::vector<ExaminedWorker> workers = fleet();
        for (int i = 170; i < 180; ++i)
            workers[size_t(i)].affectedAt = start + i;
        workers[3].affectedAt = start + 5'000; // Late by itself.
        const CommonCause cause = commonCause(workers);
        QCOMPARE(cause.workers, 400);
        QCOMPARE(cause.affected, 11);
        QCOMPARE(cause.first, start + 170);
        QCOMPARE(cause.last, start + 5'000);
        QVERIFY(cause.likeliest);
        QCOMPARE(cause.likeliest->trait, SharedTrait::Host);
        QCOMPARE(cause.likeliest->value, u"10.4.2.17"_s);
        QCOMPARE(cause.likeliest->inside, 10);
        QCOMPARE(cause.likeliest->affectedInside, 10);
        QCOMPARE(cause.likeliest->outside, 390);
        QCOMPARE(cause.likeliest->affectedOutside, 1);
        QVERIFY(cause.likeliest->chance < 1e-9);
        QVERIFY(cause.alike.empty());
    }

    void aTypeIsFoundWhereItIsNotTheHost()
    {
        std::vector<ExaminedWorker> workers = fleet();
        for (int i = 0; i < 400; i += 3)
            workers[size_t(i)].affectedAt = start + i;
        const CommonCause cause = commonCause(workers);
        QVERIFY(cause.likeliest);
        QCOMPARE(cause.likeliest->trait, SharedTrait::Type);
        QCOMPARE(cause.likeliest->value, u"chromium"_s);
        QCOMPARE(cause.likeliest->affectedOutside, 0);
    }

    void aQueueIsSharedByThoseWhoServeItAmongOthers()
    {
        std::vector<ExaminedWorker> workers = fleet();
        for (int i = 0; i < 400; ++i) {
            workers[size_t(i)].queues = i % 8 == 0 ? QStringList{u"default"_s, u"mail"_s, u"mail"_s} : QStringList{u"default"_s};
            workers[size_t(i)].affectedAt = i % 8 == 0 ? start : 0;
        }
        const CommonCause cause = commonCause(workers);
        QVERIFY(cause.likeliest);
        QCOMPARE(cause.likeliest->trait, SharedTrait::Queue);
        QCOMPARE(cause.likeliest->value, u"mail"_s);
        QCOMPARE(cause.likeliest->inside, 50);
    }

    /// Which of two it was, no figure can tell: both are said.
    void whatDividesAlikeIsNamedBeside()
    {
        std::vector<ExaminedWorker> workers = fleet();
        for (int i = 100; i < 110; ++i) {
            workers[size_t(i)].version = u"2.8.1"_s;
            workers[size_t(i)].affectedAt = start;
        }
        const CommonCause cause = commonCause(workers);
        QVERIFY(cause.likeliest);
        QCOMPARE(cause.likeliest->trait, SharedTrait::Host);
        QCOMPARE(int(cause.alike.size()), 1);
        QCOMPARE(cause.alike.front().trait, SharedTrait::Version);
        QCOMPARE(cause.alike.front().value, u"2.8.1"_s);
    }

    void whereNearlyAllAreAffectedNothingIsNamed()
    {
        std::vector<ExaminedWorker> workers = fleet();
        for (size_t i = 0; i < 365; ++i)
            workers[i].affectedAt = start;
        const CommonCause cause = commonCause(workers);
        QVERIFY(cause.nearlyAll);
        QVERIFY(!cause.likeliest);
    }

    void oneSourceOfTwoIsACause()
    {
        std::vector<ExaminedWorker> workers = fleet();
        for (size_t i = 0; i < 200; ++i) {
            workers[i].source = u"staging"_s;
            workers[i].affectedAt = start;
        }
        const CommonCause cause = commonCause(workers);
        QVERIFY(!cause.nearlyAll);
        QVERIFY(cause.likeliest);
        QCOMPARE(cause.likeliest->trait, SharedTrait::Source);
        QCOMPARE(cause.likeliest->value, u"staging"_s);
    }

    void twoAreNoPattern()
    {
        std::vector<ExaminedWorker> workers = fleet();
        workers[20].affectedAt = start;
        workers[21].affectedAt = start;
        QVERIFY(!commonCause(workers).likeliest);
    }

    void emptyAndUnknownAreNoCause()
    {
        QCOMPARE(commonCause({}).workers, 0);
        QVERIFY(!commonCause({}).nearlyAll);
        std::vector<ExaminedWorker> workers(100); // Nothing is known of any.
        for (size_t i = 0; i < 20; ++i)
            workers[i].affectedAt = start;
        QVERIFY(!commonCause(workers).likeliest);
        for (size_t i = 0; i < 100; ++i)
            workers[i].host = u"one-host"_s; // All have it.
        QVERIFY(!commonCause(workers).likeliest);
    }

    /// A bound of one in a thousand: of 500 scenes without a cause about none may have one.
    void noiseHasNoCause()
    {
        QRandomGenerator random(20);
        int named = 0;
        for (int scene = 0; scene < 500; ++scene) {
            std::vector<ExaminedWorker> workers = fleet();
            const int affected = 3 + int(random.bounded(80));
            for (int i = 0; i < affected; ++i)
                workers[random.bounded(400u)].affectedAt = start + i;
            named += commonCause(workers).likeliest ? 1 : 0;
        }
        QVERIFY2(named <= 3, qPrintable(QString::number(named)));
    }

    void aCauseIsFoundInNoise()
    {
        QRandomGenerator random(21);
        for (int scene = 0; scene < 200; ++scene) {
            std::vector<ExaminedWorker> workers = fleet();
            const int host = int(random.bounded(40));
            for (int i = 0; i < 4; ++i)
                workers[random.bounded(400u)].affectedAt = start + i;
            for (int i = 0; i < 9; ++i)
                workers[size_t(host * 10 + i)].affectedAt = start;
            const CommonCause cause = commonCause(workers);
            QVERIFY(cause.likeliest);
            QCOMPARE(cause.likeliest->value, u"10.4.2.%1"_s.arg(host));
        }
    }

    void aLargeFleetIsCounted()
    {
        std::vector<ExaminedWorker> workers(200'000);
        for (size_t i = 0; i < workers.size(); ++i) {
            workers[i].host = QString::number(i / 2);
            workers[i].type = i % 2 == 0 ? u"a"_s : u"b"_s;
            workers[i].affectedAt = i % 2 == 0 && i % 10 != 0 ? start : 0;
        }
        const CommonCause cause = commonCause(workers);
        QVERIFY(cause.likeliest);
        QCOMPARE(cause.likeliest->trait, SharedTrait::Type);
    }
};

PULSEDECK_TEST(CommonCauseTest, runWithEvents)
#include "commoncause_test.moc"
