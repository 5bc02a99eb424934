// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/timingprofile.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;

class TimingProfileTest : public QObject
{
    Q_OBJECT

private slots:
    void defaultsAreTheDocuments()
    {
        const TimingProfile profile;
        QCOMPARE(profile.heartbeatInterval, 10'000);
        QCOMPARE(profile.workerKeyTtl, 30'000);
        QCOMPARE(profile.shutdownCommandTtl, 60'000);
        QCOMPARE(profile.reaperRunInterval, 300'000);
        QCOMPARE(profile.lateAfterMs(), 15'000);
    }

    void aRecordGoesRound()
    {
        TimingProfile profile = TimingProfile::demo();
        profile.version = 12;
        TimingProfile read = TimingProfile::fromRecord(profile.toRecord());
        QCOMPARE(read.version, 12);
        QCOMPARE(read.name, QStringLiteral("v12"));
        read.name = profile.name;
        QVERIFY(read == profile);
    }

    void badValuesKeepTheDefaultAndAreNamed()
    {
        QStringList problems;
        const TimingProfile profile = TimingProfile::fromRecord({{"heartbeatInterval", "-5"},
                                                                 {"workerKeyTtl", "thirty"},
                                                                 {"reaperStaleThreshold", "99999999999999999999"},
                                                                 {"drainTimeout", "0"},
                                                                 {"shutdownCommandTtl", "45000"},
                                                                 {"somethingElse", "1"}},
                                                                &problems);
        QCOMPARE(profile.heartbeatInterval, 10'000);
        QCOMPARE(profile.workerKeyTtl, 30'000);
        QCOMPARE(profile.reaperStaleThreshold, 30'000);
        QCOMPARE(profile.drainTimeout, 30'000);
        QCOMPARE(profile.shutdownCommandTtl, 45'000);
        QCOMPARE(problems.size(), 4);
    }
};

PULSEDECK_TEST(TimingProfileTest, runWithEvents)
#include "timingprofile_test.moc"
