// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/whatif.h"

#include <QBuffer>
#include <QTest>

#include <algorithm>
#include <numeric>

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

    static void add(BeatRecording &recording, const QByteArray &id, qint32 interval, qint64 start, const std::vector<qint64> &gaps)
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
        QVERIFY(answer.gaps < 14);
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

    void againstBruteForce()
    {
        for (int round = 0; round < 60; ++round) {
            BeatRecording recording;
            const int workers = 1 + int(random(4)); // Too few for a pause to be found.
            for (int w = 0; w < workers; ++w) {
                const auto interval = qint32(1'000 + random(20'000));
                std::vector<qint64> gaps;
                const quint32 count = 1 + random(60);
                for (quint32 i = 0; i < count; ++i)
                    gaps.push_back(1 + interval / 2 + random(quint32(interval)) + (random(20) == 0 ? random(300'000) : 0));
                add(recording, "w" + QByteArray::number(w), interval, 1'000'000 + random(5'000), gaps);
            }
            if (random(2) == 0) {
                const qint64 from = recording.from + random(quint32(recording.to - recording.from));
                recording.unknown.push_back({from, from + 1 + random(20'000)});
            }
            const WhatIf whatIf(recording);
            for (int k = 0; k < 20; ++k) {
                const TimingProfile profile = draft(1 + random(40'000), 1 + random(120'000), 1 + random(400'000));
                int deaths = 0;
                qint64 missed = 0;
                qint64 gapCount = 0;
                qint64 safe = 1;
                for (const BeatRecording::Worker &worker : recording.workers) {
                    bool dead = false;
                    for (quint32 i = 1; i < worker.count; ++i) {
                        const qint64 before = recording.beats[worker.first + i - 1];
                        const qint64 beat = recording.beats[worker.first + i];
                        bool known = true;
                        for (const UnknownSpan &span : recording.unknown)
                            known = known && !(span.from < beat && span.to > before);
                        if (!known)
                            continue;
                        const qint64 moved = beat - before - worker.interval + profile.heartbeatInterval;
                        ++gapCount;
                        dead = dead || moved > profile.workerKeyTtl;
                        missed += moved > profile.shutdownCommandTtl;
                        safe = qMax(safe, moved);
                    }
                    deaths += dead;
                }
                const WhatIfAnswer answer = whatIf.answer(profile);
                QCOMPARE(answer.deaths, deaths);
                QCOMPARE(answer.missedGaps, missed);
                QCOMPARE(answer.gaps, gapCount);
                if (gapCount > 0) {
                    QCOMPARE(answer.safeTtlMs, safe);
                    TimingProfile safeProfile = profile;
                    safeProfile.workerKeyTtl = safe;
                    QCOMPARE(whatIf.answer(safeProfile).deaths, 0);
                }
            }
        }
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

QTEST_GUILESS_MAIN(WhatIfTest)
#include "whatif_test.moc"
