// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingeffects.h"
#include "models/timing/timinglibrary.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

/// Every rule at, just under and just over its bound; every preset; what mends what.
class TimingRuleTest : public QObject
{
    Q_OBJECT

    const TimingLibrary &m_library = TimingLibrary::builtIn();

    const TimingRuleSet &document() const { return *m_library.ruleSet(u"timing-document"_s); }
    const TimingRuleSet &playwright() const { return *m_library.ruleSet(u"playwright-distributed-0.3"_s); }

    TimingFinding find(const TimingProfile &profile, const QString &rule, const TimingRuleSet &rules, int actors = 0) const
    {
        for (const TimingFinding &finding : checkTiming(profile, rules, m_library.parameters, {actors, {}}).findings) {
            if (finding.rule == rule)
                return finding;
        }
        return {};
    }

    QStringList broken(const TimingProfile &profile, const TimingRuleSet &rules, int actors = 0) const
    {
        QStringList list;
        for (const TimingFinding &finding : checkTiming(profile, rules, m_library.parameters, {actors, {}}).findings) {
            if (finding.applies && !finding.holds)
                list.append(finding.rule);
        }
        return list;
    }

    static TimingProfile with(TimingProfile profile, const std::vector<TimingChange> &changes)
    {
        for (const TimingChange &change : changes)
            setTimingValue(profile, change.id, change.ms);
        return profile;
    }

private slots:
    void bounds_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<int>("left");
        QTest::addColumn<int>("right");
        QTest::addColumn<qint64>("rightMs");
        QTest::addColumn<qint64>("bound"); ///< The left value exactly at the bound.
        QTest::addColumn<bool>("atHolds");
        QTest::addColumn<bool>("overHolds");
        const auto row = [](const char *rule, TimingId left, TimingId right, qint64 rightMs, qint64 bound, bool atHolds,
                            bool overHolds) {
            QTest::newRow(rule) << QString::fromLatin1(rule) << int(left) << int(right) << rightMs << bound << atHolds
                                << overHolds;
        };
        row("W1", TimingId::WorkerKeyTtl, TimingId::HeartbeatInterval, 10'000, 10'000, false, true);
        row("W2", TimingId::WorkerKeyTtl, TimingId::HeartbeatInterval, 10'000, 20'000, true, true);
        row("W3", TimingId::ShutdownCommandTtl, TimingId::HeartbeatInterval, 10'000, 10'000, false, true);
        row("W4", TimingId::ShutdownCommandTtl, TimingId::HeartbeatInterval, 10'000, 40'000, true, true);
        row("W5", TimingId::ReaperStaleThreshold, TimingId::HeartbeatInterval, 10'000, 10'000, false, true);
        row("W6", TimingId::ReaperStaleThreshold, TimingId::HeartbeatInterval, 10'000, 30'000, true, true);
        row("W7", TimingId::ReaperRunInterval, TimingId::ReaperStaleThreshold, 30'000, 30'000, false, true);
        row("H1", TimingId::HubTimeout, TimingId::HubClientHeartbeat, 25'000, 25'000, false, true);
        row("H2", TimingId::HubTimeout, TimingId::HubClientHeartbeat, 25'000, 50'000, true, true);
        row("H3", TimingId::HubClientHeartbeat, TimingId::HubServerHeartbeat, 30'000, 30'000, true, false);
        row("H4", TimingId::HubClientHeartbeat, TimingId::HubServerHeartbeat, 30'000, 30'000, true, true);
        row("P1", TimingId::WorkerKeyTtl, TimingId::HeartbeatInterval, 10'000, 30'000, true, true);
        row("H5", TimingId::HubActorTtl, TimingId::HubClientHeartbeat, 25'000, 25'000, false, true);
    }

    void bounds()
    {
        QFETCH(QString, rule);
        QFETCH(int, left);
        QFETCH(int, right);
        QFETCH(qint64, rightMs);
        QFETCH(qint64, bound);
        QFETCH(bool, atHolds);
        QFETCH(bool, overHolds);
        const TimingRuleSet &rules = rule == u"P1" ? playwright() : document();
        TimingProfile profile;
        setTimingValue(profile, TimingId(right), rightMs);
        // One millisecond is the finest step there is, one second the step of most places.
        for (const qint64 step : {1, 1'000}) {
            setTimingValue(profile, TimingId(left), bound - step);
            const TimingFinding under = find(profile, rule, rules);
            QCOMPARE(under.holds, !overHolds);
            QVERIFY(under.ratio < under.bound);
            setTimingValue(profile, TimingId(left), bound);
            const TimingFinding at = find(profile, rule, rules);
            QCOMPARE(at.holds, atHolds);
            QCOMPARE(at.ratio, at.bound);
            setTimingValue(profile, TimingId(left), bound + step);
            const TimingFinding over = find(profile, rule, rules);
            QCOMPARE(over.holds, overHolds);
            QVERIFY(over.ratio > over.bound);
        }
        QVERIFY(!find(profile, rule, rules).why.isEmpty());
        QVERIFY(!find(profile, rule, rules).should.isEmpty());
        // The smallest change, wherever it has to fit: it mends the rule, and one step less would not.
        setTimingValue(profile, TimingId(left), overHolds ? bound - 1'000 : bound + 1'000);
        for (const TimingDestination destination : {TimingDestination::Record, TimingDestination::Files}) {
            const TimingFacts facts{0, 0, destination};
            const auto finding = [&](const TimingProfile &of) {
                for (const TimingFinding &one : checkTiming(of, rules, m_library.parameters, facts).findings) {
                    if (one.rule == rule)
                        return one;
                }
                return TimingFinding();
            };
            const TimingFinding broken = finding(profile);
            QVERIFY(!broken.holds && broken.smallest);
            QCOMPARE(broken.smallest->id, TimingId(left));
            const TimingParameter &parameter = m_library.parameter(TimingId(left));
            const qint64 step = timingStep(parameter, rules, destination);
            QCOMPARE(fieldProblem(broken.smallest->ms, parameter, rules, destination), QString());
            QVERIFY(finding(with(profile, {*broken.smallest})).holds);
            const TimingChange less{TimingId(left), broken.smallest->ms + (overHolds ? -step : step)};
            QVERIFY(!finding(with(profile, {less})).holds);
        }
    }

    void perActorRule()
    {
        TimingProfile profile;
        profile.hubClientHeartbeat = 25'000;
        QVERIFY(!find(profile, u"H6"_s, document(), 0).applies); // Nobody is connected: nothing is claimed.
        QVERIFY(!find(profile, u"H6"_s, document(), 3).holds); // 8.33 s
        QVERIFY(find(profile, u"H6"_s, document(), 4).holds); // 6.25 s
        profile.hubClientHeartbeat = 24'000;
        QVERIFY(!find(profile, u"H6"_s, document(), 3).holds); // Exactly 8 s, and less is asked for.
        profile.hubClientHeartbeat = 23'999;
        QVERIFY(find(profile, u"H6"_s, document(), 3).holds);
    }

    void presets_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("rules");
        QTest::addColumn<int>("actors");
        QTest::addColumn<QStringList>("expected");
        // Each preset by each set: without a hub, with few actors, and with enough of them that one always speaks.
        const QStringList none;
        const QStringList slow{u"H4"_s};
        for (const QString &set : {u"timing-document"_s, u"playwright-distributed-0.3"_s}) {
            const auto row = [&set](const QString &preset, int actors, const QStringList &expected) {
                QTest::addRow("%s by %s, %d actors", qPrintable(preset), qPrintable(set), actors)
                    << preset << set << actors << expected;
            };
            for (const QString &preset : {u"timing-document"_s, u"hub-today"_s, u"playwright-distributed-0.3"_s}) {
                row(preset, 0, slow);
                row(preset, 3, {u"H6"_s}); // 25 s ÷ 3; to beat every 30 s or later would break it too, so H4 gives way.
                row(preset, 4, slow);
            }
            row(u"hub-balanced"_s, 0, none);
            row(u"hub-balanced"_s, 5, {u"H6"_s}); // 45 s ÷ 5
            row(u"hub-balanced"_s, 6, none);
            row(u"hub-proposed"_s, 0, none);
            row(u"hub-proposed"_s, 7, {u"H6"_s}); // 60 s ÷ 7
            row(u"hub-proposed"_s, 8, none);
        }
    }

    void presets()
    {
        QFETCH(QString, preset);
        QFETCH(QString, rules);
        QFETCH(int, actors);
        QFETCH(QStringList, expected);
        const TimingPreset *found = m_library.preset(preset);
        QVERIFY(found);
        const TimingCheck check = checkTiming(found->profile, *m_library.ruleSet(rules), m_library.parameters);
        QVERIFY(check.fields.empty());
        QVERIFY(check.mayApply());
        QCOMPARE(broken(found->profile, *m_library.ruleSet(rules), actors), expected);
    }

    void presetWithoutStaleThreshold()
    {
        const TimingProfile &profile = m_library.preset(u"playwright-distributed-0.3"_s)->profile;
        QCOMPARE(profile.reaperStaleThreshold, TimingProfile::notUsed);
        for (const QString &rule : {u"W5"_s, u"W6"_s, u"W7"_s})
            QVERIFY(!find(profile, rule, playwright()).applies);
        QCOMPARE(timingText(profile.reaperStaleThreshold), u"none"_s);
    }

    void playwrightEnforcesThreeBeats()
    {
        TimingProfile profile;
        profile.workerKeyTtl = 29'000;
        QCOMPARE(broken(profile, playwright()), (QStringList{u"H4"_s, u"P1"_s}));
        QVERIFY(!checkTiming(profile, playwright(), m_library.parameters).mayApply());
        QVERIFY(checkTiming(profile, document(), m_library.parameters).mayApply());
    }

    void fields_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<bool>("record"); ///< Fits the shared record by the document's rules.
        QTest::addColumn<bool>("files");
        QTest::addColumn<bool>("strict"); ///< Fits the record by the rules of 0.3.
        QTest::newRow("zero") << qint64(0) << false << false << false;
        QTest::newRow("negative") << qint64(-1'000) << false << false << false;
        QTest::newRow("half seconds") << qint64(2'500) << true << false << false;
        QTest::newRow("whole") << qint64(2'000) << true << true << true;
        QTest::newRow("a millisecond") << qint64(1) << true << false << false;
        QTest::newRow("the most") << qint64(604'800'000) << true << true << true;
        QTest::newRow("overflow") << std::numeric_limits<qint64>::max() << false << false << false;
        QTest::newRow("not used where it has to be") << TimingProfile::notUsed << false << false << false;
    }

    void fields()
    {
        QFETCH(qint64, ms);
        QFETCH(bool, record);
        QFETCH(bool, files);
        QFETCH(bool, strict);
        const TimingParameter &ttl = m_library.parameter(TimingId::WorkerKeyTtl);
        QCOMPARE(fieldProblem(ms, ttl, document(), TimingDestination::Record).isEmpty(), record);
        QCOMPARE(fieldProblem(ms, ttl, document(), TimingDestination::Files).isEmpty(), files);
        QCOMPARE(fieldProblem(ms, ttl, playwright(), TimingDestination::Record).isEmpty(), strict);
    }

    void aWrongFieldBlocksApplying()
    {
        TimingProfile profile;
        profile.hubActorTtl = 3'600'001; // Its limit is an hour.
        const TimingCheck check = checkTiming(profile, document(), m_library.parameters);
        QCOMPARE(check.fields.size(), size_t(1));
        QCOMPARE(check.fields[0].id, TimingId::HubActorTtl);
        QVERIFY(check.fields[0].text.contains(u"1 h"_s));
        QVERIFY(!check.mayApply());
    }

    void smallestChange()
    {
        TimingProfile profile;
        profile.workerKeyTtl = 10'000;
        QCOMPARE(*find(profile, u"W1"_s, document()).smallest, (TimingChange{TimingId::WorkerKeyTtl, 10'001}));
        QCOMPARE(*find(profile, u"W2"_s, document()).smallest, (TimingChange{TimingId::WorkerKeyTtl, 20'000}));
        QCOMPARE(*find(profile, u"W1"_s, playwright()).smallest, (TimingChange{TimingId::WorkerKeyTtl, 11'000}));
    }

    void oneFixMovesWhatItHasTo()
    {
        TimingProfile profile;
        profile.shutdownCommandTtl = 10'000; // Under W3 and W4: mended to the recommendation at once.
        QCOMPARE(fixTiming(profile, u"W3"_s, document(), m_library.parameters),
                 (std::vector<TimingChange>{{TimingId::ShutdownCommandTtl, 40'000}}));

        TimingProfile slow;
        slow.hubClientHeartbeat = 60'000; // H1, H2 and H3 at once.
        const std::vector<TimingChange> changes = fixAllTiming(slow, document(), m_library.parameters);
        const TimingProfile mended = with(slow, changes);
        QCOMPARE(broken(mended, document()), QStringList{});
        QCOMPARE(mended.hubTimeout, 120'000);
        QCOMPARE(mended.hubServerHeartbeat, 60'000);
        QCOMPARE(mended.hubClientHeartbeat, 60'000); // What the operator typed is what stays.
    }

    void aFixLowersWhatIsInTheWayOfAMaximum()
    {
        TimingProfile profile;
        profile.hubClientHeartbeat = 7'200'000; // An actor's registration lives an hour at most: H5 cannot be had upwards.
        profile.hubServerHeartbeat = 7'200'000;
        profile.hubTimeout = 14'400'000;
        const TimingProfile mended = with(profile, fixTiming(profile, u"H5"_s, document(), m_library.parameters));
        QVERIFY(find(mended, u"H5"_s, document()).holds);
        QVERIFY(mended.hubClientHeartbeat < 3'600'000);
        QVERIFY(find(mended, u"H2"_s, document()).holds);
    }

    void fixesHoldForRandomProfiles()
    {
        quint32 seed = 7;
        const auto random = [&seed](quint32 below) {
            seed = seed * 1664525u + 1013904223u;
            return (seed >> 8) % below;
        };
        for (int round = 0; round < 2'000; ++round) {
            TimingProfile profile;
            for (const TimingId id : allTimings)
                setTimingValue(profile, id, qint64(1 + random(600)) * 1'000);
            const TimingCheck before = checkTiming(profile, playwright(), m_library.parameters);
            for (const TimingFinding &finding : before.findings) {
                if (finding.holds || finding.severity == TimingSeverity::Advice)
                    continue;
                const TimingProfile mended = with(profile, fixTiming(profile, finding.rule, playwright(), m_library.parameters));
                const TimingCheck after = checkTiming(mended, playwright(), m_library.parameters);
                QVERIFY(after.fields.empty());
                for (size_t i = 0; i < after.findings.size(); ++i) {
                    const bool mattered = after.findings[i].rule == finding.rule
                                          || (before.findings[i].holds && after.findings[i].severity != TimingSeverity::Advice);
                    QVERIFY2(!mattered || after.findings[i].holds,
                             qPrintable(finding.rule + u" broke "_s + after.findings[i].rule));
                }
            }
            const TimingProfile all = with(profile, fixAllTiming(profile, playwright(), m_library.parameters));
            const TimingCheck after = checkTiming(all, playwright(), m_library.parameters);
            QCOMPARE(after.broken(TimingSeverity::Must) + after.broken(TimingSeverity::Recommended), 0);
        }
    }

    void effectsAreComputedAndNotQuoted()
    {
        QCOMPARE(trafficFactor(25'000, 60'000), 2.4);
        QCOMPARE(trafficFactor(25'000, 45'000), 1.8); // The analysis says 2.
        TimingProfile profile;
        const TimingEffects effects = timingEffects(profile, 412, 186);
        QCOMPARE(*effects.workerDetectionWorstMs, 30'000);
        QCOMPARE(*effects.workerDetectionMeanMs, 25'000);
        QCOMPARE(effects.workerMissed->beats, 2);
        QCOMPARE(effects.workerMissed->marginMs, 0); // 3 × exactly: the saving beat arrives on the deadline itself.
        QCOMPARE(effects.hubMissed->beats, 1);
        QCOMPARE(effects.hubMissed->marginMs, 10'000);
        QCOMPARE(*effects.zombieWorstMs, 330'000);
        QCOMPARE(effects.workerBeatsPerHour, 148'320.0);
        QCOMPARE(effects.workerCommandsPerSecond, 412 / 10.0 * 4);
        QCOMPARE(effects.hubBeatsPerHour, 26'784.0);
        profile.workerKeyTtl = 20'000;
        QCOMPARE(timingEffects(profile, 1, 0).workerMissed->beats, 1);
    }

    void texts()
    {
        QCOMPARE(timingText(10'000), u"10 s"_s);
        QCOMPARE(timingText(2'500), u"2.5 s"_s);
        QCOMPARE(timingText(500), u"500 ms"_s);
        QCOMPARE(timingText(300'000), u"300 s"_s);
        QCOMPARE(timingText(3'690'000), u"1 h 1 min 30 s"_s);
    }
};

PULSEDECK_TEST(TimingRuleTest, runWithEvents)
#include "timingrule_test.moc"
