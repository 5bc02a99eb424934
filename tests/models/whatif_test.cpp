// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/whatif.h"
#include "tests/support/testprogram.h"

#include <QBuffer>
#include <QTest>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

/// The what-if against records worked out by hand, and against a slow and simple computation on random ones.
class WhatIfTest : public QObject
{
    Q_OBJECT

    quint32 m_seed = 99;

    quint32 random(quint32 below)
    {
        m_seed = m_seed * 1664525u + 1013904223u;
        return (m_seed >> 8) % below;
    }

    static void add(BeatRecording &recording, const QByteArray &id, qint32 interval, qint64 start,
                    const std::vector<qint64> &gaps)
    {
        BeatRecording::Worker worker;
        worker.id = id;
        worker.type = "chromium";
        worker.interval = interval;
        worker.ttl = 30'000;
        worker.first = quint32(recording.beats.size());
        qint64 beat = start;
        recording.beats.push_back(beat);
        for (const qint64 gap : gaps)
            recording.beats.push_back(beat += gap);
        worker.count = quint32(gaps.size()) + 1;
        recording.from = recording.from == 0 ? start : qMin(recording.from, start);
        recording.to = qMax(recording.to, beat);
        recording.workers.push_back(worker);
    }

    static TimingProfile draft(qint64 interval, qint64 ttl, qint64 commandTtl = 60'000)
    {
        TimingProfile profile;
        profile.heartbeatInterval = interval;
        profile.workerKeyTtl = ttl;
        profile.shutdownCommandTtl = commandTtl;
        return profile;
    }

    /// Three steady workers, one with a gap of 24.6 s and one with 17.8 s, all at 10 s.
    static BeatRecording byHand()
    {
        BeatRecording recording;
        add(recording, "a", 10'000, 1'000'000, {10'000, 10'000, 10'000, 10'000});
        add(recording, "b", 10'000, 1'001'000, {10'000, 24'600, 10'000});
        add(recording, "c", 10'000, 1'002'000, {17'800, 10'000, 16'100});
        add(recording, "d", 10'000, 1'003'000, {10'000, 10'000});
        add(recording, "e", 10'000, 1'003'000, {10'000, 10'000});
        return recording;
    }

private slots:
    void handComputed()
    {
        const WhatIf whatIf(byHand());
        WhatIfAnswer answer = whatIf.answer(draft(10'000, 15'000, 20'000));
        QCOMPARE(answer.workers, 5);
        QCOMPARE(answer.gaps, 14);
        QCOMPARE(answer.deaths, 2);
        QCOMPARE(answer.worst.size(), size_t(2));
        QCOMPARE(answer.worst[0].worker, QByteArray("b"));
        QCOMPARE(answer.worst[0].gapMs, 24'600);
        QCOMPARE(answer.worst[0].at, 1'011'000 + 15'000);
        QCOMPARE(answer.worst[1].worker, QByteArray("c"));
        QCOMPARE(answer.missedGaps, 1);
        QCOMPARE(answer.missedShare, 1.0 / 14);
        QCOMPARE(answer.safeTtlMs, 24'600);
        QCOMPARE(whatIf.answer(draft(10'000, 24'600)).deaths, 0);
        QCOMPARE(whatIf.answer(draft(10'000, 24'599)).deaths, 1);
        // Moved to an interval of 20 s the gap of 24.6 s becomes 34.6 s.
        answer = whatIf.answer(draft(20'000, 30'000));
        QCOMPARE(answer.deaths, 1);
        QCOMPARE(answer.worst[0].gapMs, 34'600);
        QCOMPARE(answer.worst[0].recordedMs, 24'600);
        QCOMPARE(answer.safeTtlMs, 34'600);
    }

    void unknownSpansAreLeftOut()
    {
        BeatRecording recording = byHand();
        recording.unknown.push_back({1'020'000, 1'021'000}); // In the long gap of b, and in gaps of all the others.
        const WhatIfAnswer answer = WhatIf(recording).answer(draft(10'000, 15'000));
        QCOMPARE(answer.deaths, 1);
        QCOMPARE(answer.worst[0].worker, QByteArray("c"));
        QCOMPARE(answer.gaps, 9);
        QCOMPARE(answer.unknownGaps, 5); // One of each.
        QCOMPARE(answer.unknownMs, 1'000);
        QCOMPARE(WhatIf(byHand()).answer(draft(10'000, 15'000)).spanMs - answer.spanMs, 1'000);
    }

    void unknownSpansMayOverlapAndBeOpen()
    {
        BeatRecording recording = byHand();
        // In no order, one within another, one empty; the last has not ended.
        recording.unknown = {{1'030'000, 0}, {1'020'500, 1'020'600}, {1'020'000, 1'021'000}, {1'005'000, 1'005'000}};
        const WhatIfAnswer answer = WhatIf(recording).answer(draft(10'000, 15'000));
        QCOMPARE(answer.gaps + answer.unknownGaps, 14);
        QCOMPARE(answer.unknownGaps, 8);
        QCOMPARE(answer.deaths, 1);
        QCOMPARE(answer.unknownMs, 1'000 + 15'900); // Up to the recording's end.
        QCOMPARE(answer.spanMs, 20'000); // What is left ends when the first span begins.
    }

    void windowTakesTheLastOnly()
    {
        BeatRecording recording;
        add(recording, "a", 10'000, 1'000'000, {30'000, 10'000, 10'000, 10'000});
        QCOMPARE(WhatIf(recording).answer(draft(10'000, 20'000)).deaths, 1);
        QCOMPARE(WhatIf(recording, 25'000).answer(draft(10'000, 20'000)).deaths, 0);
    }

    void sourceWidePauseIsNotManyDeaths()
    {
        BeatRecording recording;
        for (int i = 0; i < 40; ++i)
            add(recording, "w" + QByteArray::number(i), 10'000, 1'000'000 + i * 100, {10'000, 10'000, 31'000, 10'000, 10'000});
        add(recording, "late", 10'000, 1'000'000, {26'000, 10'000, 10'000, 10'000, 10'000});
        const WhatIf whatIf(recording);
        QCOMPARE(whatIf.pauses().size(), size_t(1));
        WhatIfAnswer answer = whatIf.answer(draft(10'000, 20'000));
        QCOMPARE(answer.deaths, 1);
        QCOMPARE(answer.worst[0].worker, QByteArray("late"));
        QCOMPARE(answer.paused, 40);
        answer = whatIf.answer(draft(10'000, 20'000), true);
        QCOMPARE(answer.deaths, 41);
        QCOMPARE(answer.paused, 0);
    }

    void nothingRecordedClaimsNothing()
    {
        const WhatIfAnswer answer = WhatIf(BeatRecording()).answer(draft(10'000, 20'000));
        QCOMPARE(answer.workers, 0);
        QCOMPARE(answer.deaths, 0);
        QCOMPARE(answer.safeTtlMs, 0);
        QVERIFY(WhatIf(BeatRecording()).curve(draft(10'000, 20'000), 1'000, 60'000).empty());
    }

private:
    /// What the model has to find, computed gap by gap with nothing prepared.
    struct Oracle
    {
        struct Gap
        {
            QByteArray worker;
            qint64 before = 0;
            qint64 beat = 0;
            qint64 interval = 0;
            bool paused = false;
        };
        std::vector<Gap> gaps;
        qint64 unknown = 0;

        explicit Oracle(const BeatRecording &recording)
        {
            std::set<QByteArray> known;
            for (const BeatRecording::Worker &worker : recording.workers) {
                for (quint32 i = 1; i < worker.count; ++i) {
                    const Gap gap{worker.id, recording.beats[worker.first + i - 1], recording.beats[worker.first + i],
                                  worker.interval};
                    const bool left =
                        std::any_of(recording.unknown.begin(), recording.unknown.end(),
                                    [&gap](const UnknownSpan &span) { return span.from < gap.beat && span.to > gap.before; });
                    unknown += left;
                    if (left)
                        continue;
                    gaps.push_back(gap);
                    known.insert(worker.id);
                }
            }
            if (known.size() < 5)
                return;
            // Step by step: in which of them at least half of the workers are silent beyond half an interval.
            const auto isLate = [](const Gap &gap) { return gap.beat - gap.before > gap.interval + gap.interval / 2; };
            std::map<qint64, int> silent; ///< By 100 ms; the records of this test are made of such steps.
            for (const Gap &gap : gaps) {
                if (!isLate(gap))
                    continue;
                for (qint64 at = gap.before + gap.interval; at < gap.beat; at += 100)
                    ++silent[at];
            }
            for (Gap &gap : gaps) {
                for (qint64 at = gap.before + gap.interval; at < gap.beat && !gap.paused; at += 100)
                    gap.paused = size_t(silent[at]) * 2 >= known.size();
            }
        }

        int deaths(const TimingProfile &profile, bool countPauses, std::map<QByteArray, Gap> *worst = nullptr) const
        {
            std::map<QByteArray, Gap> dead;
            for (const Gap &gap : gaps) {
                const auto late = [&profile](const Gap &one) {
                    return one.beat - one.before - one.interval + profile.heartbeatInterval;
                };
                if (late(gap) <= profile.workerKeyTtl || (gap.paused && !countPauses))
                    continue;
                const auto found = dead.find(gap.worker);
                if (found == dead.end() || late(gap) > late(found->second))
                    dead[gap.worker] = gap;
            }
            if (worst)
                *worst = dead;
            return int(dead.size());
        }
    };

    /// Workers with gaps in steps of 100 ms, some very late; now and then all of them at once, and times that are unknown.
    BeatRecording randomRecording(int workers)
    {
        BeatRecording recording;
        const bool pause = workers >= 5 && random(2) == 0;
        const qint64 pausedAt = 1'100'000 + qint64(random(200)) * 100;
        for (int w = 0; w < workers; ++w) {
            const auto interval = qint32(10 + random(190)) * 100;
            std::vector<qint64> gaps;
            qint64 at = 1'000'000 + qint64(random(50)) * 100;
            const qint64 start = at;
            const quint32 count = 1 + random(60);
            for (quint32 i = 0; i < count; ++i) {
                qint64 gap = interval / 200 * 100 + 100 + qint64(random(quint32(interval) / 100)) * 100;
                if (random(20) == 0)
                    gap += qint64(random(3'000)) * 100;
                if (pause && at < pausedAt && at + gap > pausedAt && random(5) > 0)
                    gap += 60'000;
                gaps.push_back(gap);
                at += gap;
            }
            add(recording, "w" + QByteArray::number(w), interval, start, gaps);
        }
        for (quint32 i = random(3); i > 0; --i) {
            const qint64 from = recording.from + random(quint32(recording.to - recording.from));
            recording.unknown.push_back({from, from + 1 + random(20'000)});
        }
        return recording;
    }

private slots:
    void againstBruteForce()
    {
        int withPauses = 0;
        int withUnknown = 0;
        for (int round = 0; round < 120; ++round) {
            const BeatRecording recording = randomRecording(1 + int(random(12)));
            const WhatIf whatIf(recording);
            const Oracle oracle(recording);
            withPauses += std::any_of(oracle.gaps.begin(), oracle.gaps.end(), [](const auto &gap) { return gap.paused; });
            withUnknown += oracle.unknown > 0;
            for (int k = 0; k < 20; ++k) {
                const TimingProfile profile = draft(1 + random(40'000), 1 + random(120'000), 1 + random(400'000));
                qint64 missed = 0;
                qint64 safe = 1;
                for (const Oracle::Gap &gap : oracle.gaps) {
                    const qint64 moved = gap.beat - gap.before - gap.interval + profile.heartbeatInterval;
                    missed += moved > profile.shutdownCommandTtl;
                    safe = qMax(safe, moved);
                }
                std::map<QByteArray, Oracle::Gap> dead;
                const WhatIfAnswer answer = whatIf.answer(profile);
                QCOMPARE(answer.deaths, oracle.deaths(profile, false, &dead));
                QCOMPARE(answer.paused, oracle.deaths(profile, true) - answer.deaths);
                QCOMPARE(answer.missedGaps, missed);
                QCOMPARE(answer.gaps, qint64(oracle.gaps.size()));
                QCOMPARE(answer.unknownGaps, oracle.unknown);
                QCOMPARE(answer.worst.size(), dead.size());
                for (const WhatIfAnswer::Death &death : answer.worst) {
                    QVERIFY(dead.contains(death.worker));
                    const Oracle::Gap &gap = dead[death.worker];
                    // Of two gaps that are equally late either may be named.
                    QCOMPARE(death.recordedMs, gap.beat - gap.before);
                    QCOMPARE(death.gapMs, gap.beat - gap.before - gap.interval + profile.heartbeatInterval);
                    QVERIFY(std::any_of(oracle.gaps.begin(), oracle.gaps.end(), [&](const Oracle::Gap &one) {
                        return one.worker == death.worker && one.before + profile.workerKeyTtl == death.at
                               && one.beat - one.before == death.recordedMs;
                    }));
                }
                const WhatIfAnswer all = whatIf.answer(profile, true);
                QCOMPARE(all.deaths, oracle.deaths(profile, true));
                if (oracle.gaps.empty())
                    continue;
                QCOMPARE(all.safeTtlMs, safe);
                for (const bool pauses : {false, true}) {
                    const WhatIfAnswer &one = pauses ? all : answer;
                    TimingProfile safeProfile = profile;
                    safeProfile.workerKeyTtl = one.safeTtlMs;
                    QCOMPARE(oracle.deaths(safeProfile, pauses), 0);
                    safeProfile.workerKeyTtl = one.safeTtlMs - 1;
                    QVERIFY(one.safeTtlMs == 1 || oracle.deaths(safeProfile, pauses) > 0);
                }
            }
        }
        QVERIFY2(withPauses > 5 && withUnknown > 20, "the random records are too tame to say anything");
    }

    void safeTtlForAShareOfDeaths()
    {
        BeatRecording recording;
        for (int i = 0; i < 1'000; ++i) // Worker i has one gap of 10 s + i ms.
            add(recording, "w" + QByteArray::number(i), 10'000, 1'000'000 + i * 60'000, {10'000, 10'000 + i});
        const WhatIf whatIf(recording);
        const WhatIfAnswer answer = whatIf.answer(draft(10'000, 30'000));
        QCOMPARE(answer.safeTtlMs, 10'999);
        QCOMPARE(whatIf.deathsAt(10'000, answer.safeTtl01Ms), 1);
        QCOMPARE(whatIf.deathsAt(10'000, answer.safeTtl01Ms - 1), 2);
        QCOMPARE(whatIf.deathsAt(10'000, answer.safeTtl1Ms), 10);
    }

    void curveIsAFallingStaircase()
    {
        const WhatIf whatIf(byHand());
        const std::vector<QPointF> curve = whatIf.curve(draft(10'000, 15'000), 10'000, 30'000);
        QCOMPARE(curve.front().x(), 10'000.0);
        QCOMPARE(curve.back(), QPointF(30'000, 0));
        for (size_t i = 1; i < curve.size(); ++i) {
            QVERIFY(curve[i].y() <= curve[i - 1].y());
            QVERIFY(curve[i].x() >= curve[i - 1].x());
            QVERIFY(curve[i].y() == curve[i - 1].y() || curve[i].x() == curve[i - 1].x()); // No slopes.
        }
    }

    void histogramCountsEveryGap()
    {
        const WhatIf whatIf(byHand());
        const std::vector<qint64> bars = whatIf.histogram(30'000, 30);
        QCOMPARE(std::accumulate(bars.begin(), bars.end(), qint64(0)), 14);
        QCOMPARE(bars[10], 11);
        QCOMPARE(bars[24], 1);
    }

    void savedAndLoaded()
    {
        BeatRecording recording = byHand();
        recording.source = u"prod"_s;
        recording.unknown.push_back({1'000'500, 1'000'600});
        recording.timing.reaperStaleThreshold = TimingProfile::notUsed;
        QBuffer buffer;
        buffer.open(QIODevice::ReadWrite);
        QString error;
        QVERIFY(recording.save(buffer, &error));
        buffer.seek(0);
        const std::optional<BeatRecording> read = BeatRecording::load(buffer, &error);
        QVERIFY2(read, qPrintable(error));
        QCOMPARE(read->source, recording.source);
        QCOMPARE(read->beats, recording.beats);
        QCOMPARE(read->workers.size(), recording.workers.size());
        QCOMPARE(read->workers[1].id, QByteArray("b"));
        QCOMPARE(read->from, recording.from);
        QCOMPARE(read->to, recording.to);
        QCOMPARE(read->timing.reaperStaleThreshold, TimingProfile::notUsed);
        QCOMPARE(read->unknown.size(), size_t(1));

        // Cut off anywhere, or with any byte changed, it is refused or read as something sound, and never crashes.
        const QByteArray whole = buffer.data();
        for (qsizetype length = 0; length < whole.size(); ++length) {
            QByteArray cut = whole.first(length);
            QBuffer part(&cut);
            part.open(QIODevice::ReadOnly);
            QVERIFY(!BeatRecording::load(part, &error));
            QVERIFY(!error.isEmpty());
        }
        for (int round = 0; round < 3'000; ++round) {
            QByteArray changed = whole;
            changed[qsizetype(random(quint32(whole.size())))] = char(random(256));
            QBuffer part(&changed);
            part.open(QIODevice::ReadOnly);
            if (const auto sound = BeatRecording::load(part, &error))
                WhatIf(*sound).answer(draft(10'000, 15'000));
        }
    }
};

PULSEDECK_TEST(WhatIfTest, runWithEvents)
#include "whatif_test.moc"
