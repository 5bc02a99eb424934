// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/sourcelistmodel.h"
#include "models/history/timetravel.h"
#include "tests/models/modelfleet.h"
#include "tests/support/memoryhistory.h"
#include "tests/support/patience.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A history of one worker that beat every ten seconds for an hour, and of what happened then.
struct Travelled
{
    ModelFleet live;
    SourceListModel sources{live.store};
    MemoryHistory history;
    qint64 now = live.clock.nowMs();
    qint64 start = now - 3'600'000;
    TimeTravel travel{live.store, sources, history};

    Travelled()
    {
        HistoryLane source;
        source.id = 1;
        source.kind = LaneKind::Source;
        source.source = u"prod"_s;
        HistoryLane beating = source;
        beating.id = 2;
        beating.kind = LaneKind::Worker;
        beating.name = "chromium:one";
        history.lanes = {source, beating};
        history.tracks[1] = {1, {}, {}, {{1, LaneFact::State, start, qint64(SourceState::Live)}}};
        history.tracks[2] = {2,
                             {},
                             {},
                             {{2, LaneFact::Liveness, start, qint64(Liveness::Alive)},
                              {2, LaneFact::Liveness, start + 1'800'000, qint64(Liveness::Late)}}};
        for (qint64 at = start; at < start + 1'800'000; at += 10'000)
            history.tracks[2].beats.push_back(at);
        HistoryRun run;
        run.id = 1;
        run.from = start;
        run.to = now;
        history.overview.runs = {run};
        for (const qint64 at : {start + 600'000, start + 2'400'000}) {
            HistoryEvent event;
            event.at = at;
            history.events.push_back(event);
        }
        travel.setSeen([this] {
            const WorkerHandle worker = travel.fleet().find(u"prod"_s, "chromium:one", u"playwright"_s);
            return worker == noWorker ? std::vector<WorkerHandle>() : std::vector<WorkerHandle>{worker};
        });
    }
    const Worker *worker() const
    {
        const WorkerHandle found = travel.fleet().find(u"prod"_s, "chromium:one", u"playwright"_s);
        return found == noWorker ? nullptr : &travel.fleet().store().worker(found);
    }
    int beats() const
    {
        const WorkerHandle found = travel.fleet().find(u"prod"_s, "chromium:one", u"playwright"_s);
        return found == noWorker ? 0 : travel.fleet().store().beats(found).size();
    }
    bool settles()
    {
        return QTest::qWaitFor([this] { return travel.isSettled(); }, patience);
    }
};

} // namespace

class TimeTravelTest : public QObject
{
    Q_OBJECT

private slots:
    void theFleetIsShownAsItWasWithItsBeats()
    {
        Travelled f;
        QSignalSpy away(&f.travel, &TimeTravel::awayChanged);
        f.travel.goTo(f.start + 900'000);
        QVERIFY(f.travel.isAway());
        QVERIFY(f.settles());
        QVERIFY(f.worker());
        QCOMPARE(f.worker()->liveness, Liveness::Alive);
        QTRY_COMPARE_WITH_TIMEOUT(f.beats(), 91, patience); // Of the first fifteen minutes.
        f.travel.goTo(f.start + 1'900'000);
        QVERIFY(f.settles());
        QCOMPARE(f.worker()->liveness, Liveness::Late);
        f.travel.goTo(f.start - 60'000);
        QVERIFY(f.settles());
        QVERIFY(!f.travel.fleet().isKnown());
        QVERIFY(!f.worker());
        f.travel.backToNow();
        QVERIFY(!f.travel.isAway());
        QCOMPARE(away.size(), 2);
    }

    void aFileHasNoNow()
    {
        Travelled f;
        f.history.given.shown = true;
        QSignalSpy away(&f.travel, &TimeTravel::awayChanged);
        f.travel.goTo(f.start + 900'000);
        QVERIFY(f.settles());
        f.travel.backToNow();
        QVERIFY(f.travel.isAway());
        QCOMPARE(f.travel.at(), f.now - 1);
        QVERIFY(f.settles());
        f.travel.goTo(f.now + 5'000);
        QCOMPARE(f.travel.at(), f.now - 1);
        QCOMPARE(away.size(), 1);
        QVERIFY(!f.travel.hasNow());
    }

    void scrubbingAsksForOneMomentAtATimeAndEndsAtTheLast()
    {
        Travelled f;
        f.travel.goTo(f.start + 1'000);
        QVERIFY(f.settles());
        const size_t moments = HistoryQuery(MomentQuery()).index();
        const int asked = f.history.asked[moments];
        for (int i = 0; i < 1'000; ++i)
            f.travel.goTo(f.start + 2'000 + i);
        QVERIFY(f.settles());
        QCOMPARE(f.travel.fleet().at(), f.start + 2'999);
        QCOMPARE(f.history.asked[moments] - asked, 2);
    }

    void aMomentThatHasNotComeIsNow()
    {
        Travelled f;
        f.travel.goTo(f.now - 1'000);
        f.travel.goTo(f.now + 1'000);
        QVERIFY(!f.travel.isAway());
        QCOMPARE(f.travel.at(), 0);
    }

    void stepsGoFromEventToEvent()
    {
        Travelled f;
        QSignalSpy noticed(&f.travel, &TimeTravel::noticed);
        f.travel.goTo(f.start + 1'000);
        f.travel.step(1);
        QTRY_COMPARE_WITH_TIMEOUT(f.travel.at(), f.start + 600'000, patience);
        f.travel.step(1); // Half an hour on: beyond the first question.
        QTRY_COMPARE_WITH_TIMEOUT(f.travel.at(), f.start + 2'400'000, patience);
        f.travel.step(1);
        QTRY_COMPARE_WITH_TIMEOUT(noticed.size(), 1, patience);
        f.travel.step(-1);
        QTRY_COMPARE_WITH_TIMEOUT(f.travel.at(), f.start + 600'000, patience);
        f.travel.step(-1);
        QTRY_COMPARE_WITH_TIMEOUT(noticed.size(), 2, patience);
        QCOMPARE(f.travel.at(), f.start + 600'000);
    }

    void playingGoesOnAndEndsAtNow()
    {
        Travelled f;
        QSignalSpy noticed(&f.travel, &TimeTravel::noticed);
        f.travel.setSpeed(600);
        f.travel.setPlaying(true);
        QVERIFY(!f.travel.isPlaying()); // There is nothing to play while the present is shown.
        f.travel.goTo(f.now - 200'000);
        f.travel.setPlaying(true);
        QVERIFY(f.travel.isPlaying());
        QTRY_VERIFY_WITH_TIMEOUT(f.travel.at() > f.now - 200'000, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!f.travel.isAway(), patience);
        QVERIFY(!f.travel.isPlaying());
        QCOMPARE(noticed.size(), 1);
    }
};

PULSEDECK_TEST(TimeTravelTest, runWithEvents)
#include "timetravel_test.moc"
