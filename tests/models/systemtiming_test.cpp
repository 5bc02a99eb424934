// SPDX-License-Identifier: GPL-3.0-or-later
// The timing of systems that layouts describe: their parameters and rules, what is measured of them, and what recorded beats say.
#include "models/layouts/layoutcatalog.h"
#include "models/timing/measuredtiming.h"
#include "models/timing/systemtiming.h"
#include "models/timing/timingeffects.h"
#include "models/timing/whatif.h"
#include "tests/support/systemscene.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

TimingLibrary timingOf(const QString &layout)
{
    const Layout *found = LayoutCatalog::builtIn().find(layout);
    return found ? systemTiming(*found).value_or(TimingLibrary()) : TimingLibrary();
}

TimingCheck check(const TimingLibrary &library, const TimingProfile &profile)
{
    return checkTiming(profile, library.ruleSets.front(), library.parameters);
}

/// The sentences of the rules that do not hold.
QStringList broken(const TimingLibrary &library, const TimingProfile &profile)
{
    QStringList list;
    for (const TimingFinding &finding : check(library, profile).findings) {
        if (finding.applies && !finding.holds)
            list.append(severityName(finding.severity) + u": "_s + library.parameter(finding.left).label + u' ' + finding.should
                        + u". "_s + finding.why);
    }
    return list;
}

BeatRecording recordingOf(const QList<QList<qint64>> &beats)
{
    BeatRecording recording;
    for (const QList<qint64> &one : beats) {
        BeatRecording::Worker worker;
        worker.id = "w" + QByteArray::number(recording.workers.size());
        worker.interval = qint32(one[1] - one[0]);
        worker.first = quint32(recording.beats.size());
        worker.count = quint32(one.size());
        recording.beats.insert(recording.beats.end(), one.begin(), one.end());
        recording.workers.push_back(worker);
        recording.to = qMax(recording.to, one.last());
    }
    return recording;
}

} // namespace

class SystemTimingTest : public QObject
{
    Q_OBJECT

private slots:
    void everyBuiltInSystemHoldsAtItsDefaults()
    {
        int systems = 0;
        for (const Layout &layout : LayoutCatalog::builtIn().layouts()) {
            const std::optional<TimingLibrary> library = systemTiming(layout);
            QCOMPARE(library.has_value(), !layout.parameters.empty());
            if (!library)
                continue;
            ++systems;
            const TimingProfile usual = library->defaults();
            const TimingCheck at = check(*library, usual);
            QCOMPARE(at.findings.size(), layout.rules.size());
            QVERIFY2(at.fields.empty(), qPrintable(layout.name));
            QVERIFY2(at.mayApply(), qPrintable(layout.name + u": "_s + broken(*library, usual).join(u'\n')));
            // Hourly beats are what arq's users have to hear of.
            if (layout.name != "arq"_L1)
                QVERIFY2(at.broken(TimingSeverity::Recommended) == 0, qPrintable(broken(*library, usual).join(u'\n')));
            for (const TimingPreset &preset : library->presets)
                QVERIFY2(check(*library, preset.profile).mayApply(), qPrintable(layout.name + u' ' + preset.name));
            for (size_t i = 0; i < layout.parameters.size(); ++i) {
                const TimingParameter &parameter = library->parameters[i];
                QVERIFY2(!parameter.place.isEmpty() && !parameter.label.isEmpty(), qPrintable(layout.name));
                // What a file says a value follows from is what it works out to.
                if (layout.parameters[i].defaultMs > 0)
                    QCOMPARE(timingValue(usual, parameter.id), layout.parameters[i].defaultMs);
            }
        }
        QVERIFY(systems >= 14);
    }

    /// What is fixed in another version than the newest is not assumed where it is known better.
    void whatIsSeenTakesThePlaceOfWhatIsAssumed()
    {
        const TimingLibrary sidekiq = timingOf(u"sidekiq"_s);
        const TimingId beat = sidekiq.find(u"beat"_s).value_or(TimingId::FirstOwn);
        using Seen = std::vector<SeenTiming>;
        MeasuredTiming measured;
        QVERIFY(seenTiming(sidekiq, measured).empty());
        measured.versions = {u"7.3.9"_s};
        QVERIFY(seenTiming(sidekiq, measured).empty());
        measured.versions = {u"6.4.1"_s};
        QVERIFY(seenTiming(sidekiq, measured) == (Seen{{beat, 5'000, false}}));
        measured.versions = {u"6.4.1"_s, u"8.0.2"_s}; // The longest: no rule is missed.
        QVERIFY(seenTiming(sidekiq, measured).empty());
        measured.versions = {u"6.4.1"_s};
        measured.values[size_t(beat)].ms = 5'004;
        QVERIFY(seenTiming(sidekiq, measured) == (Seen{{beat, 5'000, true}}));
        measured.versions.clear();
        QVERIFY(seenTiming(sidekiq, measured) == (Seen{{beat, 5'000, true}}));
        measured.polled = true; // Then it is the reads that are so far apart.
        QVERIFY(seenTiming(sidekiq, measured).empty());
        // What an operator sets is for the operator to say; that it is another value there is seen all the same.
        const TimingLibrary celery = timingOf(u"celery"_s);
        const TimingId events = celery.find(u"beat"_s).value_or(TimingId::FirstOwn);
        MeasuredTiming slower;
        slower.values[size_t(events)].ms = 4'010;
        QVERIFY(seenTiming(celery, slower).empty());
        QVERIFY(contradicts(slower.of(events), celery.parameter(events).defaultMs));
        slower.values[size_t(events)].ms = 2'050;
        QVERIFY(!contradicts(slower.of(events), celery.parameter(events).defaultMs));
    }

    void brokenValues_data()
    {
        QTest::addColumn<QString>("layout");
        QTest::addColumn<QString>("values");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, const QString &layout, const QString &values, const QString &sentence) {
            QTest::newRow(name) << layout << values << sentence;
        };
        row("rq worker_ttl", u"rq"_s, u"worker-ttl=59"_s,
            u"must: Worker TTL at least 60 s (minimum worker TTL of 60 s). Living idle workers would vanish between two beats."_s);
        row("rq monitoring", u"rq"_s, u"monitoring=420"_s,
            u"must: Worker TTL more than 420 s (job monitoring interval of 420 s). A worker at work would beat too late for its own TTL."_s);
        row("rq kill grace", u"rq"_s, u"kill-grace=30"_s,
            u"recommended: Platform kill grace at least 185 s (job timeout of 180 s plus 5 s). The platform kills workers whose jobs still run."_s);
        row("resque", u"resque"_s, u"beat=120"_s,
            u"must: Prune interval at least 360 s (3 × heartbeat interval of 120 s). Living workers are pruned after two lost beats, and their jobs are reported as failed."_s);
        row("sidekiq kill grace", u"sidekiq"_s, u"timeout=60"_s,
            u"recommended: Platform kill grace at least 65 s (shutdown timeout of 60 s plus 5 s). The platform kills processes before their jobs are put back, and those are lost."_s);
        row("celery", u"celery"_s, u"beat=4"_s,
            u"recommended: Event heartbeat at most 3 s (0.5 × limit of this console of 6 s). This console would call living workers late after one lost beat: a layout of your own may allow more."_s);
        row("streams", u"streams"_s, u"block=15"_s,
            u"recommended: Late after at least 16 s (blocking read of 15 s plus 1 s). Consumers that are alive and waiting seem late."_s);
        row("horizon", u"horizon"_s, u"timeout=3600"_s,
            u"recommended: Platform kill grace at least 1 h 5 s (timeout of jobs of 1 h plus 5 s). The platform kills processes before their jobs are done."_s);
        row("arq", u"arq"_s, u"interval=61"_s,
            u"recommended: Health check interval at most 60 s. The death of all workers of a queue is noticed only after the interval."_s);
        row("resque kill grace", u"resque"_s, u"timeout=30"_s,
            u"recommended: Platform kill grace at least 35 s (time of a job after TERM of 30 s plus 5 s). The platform kills workers before their jobs are reported as failed."_s);
        row("resque longest job", u"resque"_s, u"longest-job=60"_s,
            u"recommended: Platform kill grace at least 65 s (longest job of 60 s plus 5 s). The platform kills workers that wait for their jobs, and nothing is reported of these until a worker starts."_s);
        row("bullmq longest job", u"bullmq"_s, u"longest-job=120"_s,
            u"recommended: Platform kill grace at least 125 s (longest job of 120 s plus 5 s). The platform kills workers whose jobs still run: these are stalled, and run again."_s);
        row("bull longest job", u"bull"_s, u"longest-job=60"_s,
            u"recommended: Platform kill grace at least 65 s (longest job of 60 s plus 5 s). The platform kills workers whose jobs still run: these are stalled, and run again."_s);
        row("saq kill grace", u"saq"_s, u"timeout=30"_s,
            u"recommended: Platform kill grace at least 35 s (shutdown grace period of 30 s plus 5 s). The platform kills workers before their jobs are cancelled and put back."_s);
        row("dramatiq kill grace", u"dramatiq"_s, u"kill-grace=30"_s,
            u"recommended: Platform kill grace at least 10 min 5 s (shutdown timeout of 600 s plus 5 s). The platform kills workers whose messages still run."_s);
        row("gocraft longest job", u"gocraft"_s, u"longest-job=60"_s,
            u"recommended: Platform kill grace at least 65 s (longest job of 60 s plus 5 s). The platform kills pools whose jobs still run."_s);
        row("hangfire kill grace", u"hangfire"_s, u"timeout=60"_s,
            u"recommended: Platform kill grace at least 65 s (shutdown timeout of 60 s plus 5 s). The platform kills servers before their jobs are put back."_s);
        row("streams longest entry", u"streams"_s, u"longest-entry=60"_s,
            u"recommended: Platform kill grace at least 65 s (longest entry of 60 s plus 5 s). The platform kills consumers at work: their entries stay unacknowledged until another consumer claims them."_s);
        row("hangfire", u"hangfire"_s, u"limit=60"_s,
            u"must: Server timeout at least 90 s (3 × heartbeat interval of 30 s). Living servers are removed after two lost beats."_s);
    }

    void brokenValues()
    {
        QFETCH(const QString, layout);
        QFETCH(const QString, values);
        QFETCH(const QString, sentence);
        const TimingLibrary library = timingOf(layout);
        TimingProfile profile = library.defaults();
        const std::optional<TimingId> id = library.find(values.section(u'=', 0, 0));
        QVERIFY(id);
        setTimingValue(profile, *id, values.section(u'=', 1).toLongLong() * 1'000);
        followTiming(profile, library.parameters);
        QCOMPARE(broken(library, profile), QStringList(sentence));
        // The fix touches nothing that nobody can set, and makes all rules hold.
        const std::vector<TimingChange> fixes = fixAllTiming(profile, library.ruleSets.front(), library.parameters);
        QVERIFY(!fixes.empty());
        for (const TimingChange &change : fixes) {
            QVERIFY(!library.parameter(change.id).fixed);
            setTimingValue(profile, change.id, change.ms);
        }
        followTiming(profile, library.parameters);
        QCOMPARE(broken(library, profile), QStringList());
    }

    /// Whatever takes jobs is ended by a platform some day, which does not wait for ever.
    void whatEndsAWorkerIsHeldAgainstThePlatform()
    {
        int systems = 0;
        for (const Layout &layout : LayoutCatalog::builtIn().layouts()) {
            if (layout.queues.kind == LayoutQueues::Kind::None)
                continue;
            ++systems;
            const TimingLibrary library = timingOf(layout.name);
            QVERIFY2(library.find(u"kill-grace"_s), qPrintable(layout.name));
            QVERIFY2(std::any_of(layout.rules.begin(), layout.rules.end(),
                                 [](const LayoutTimingRule &rule) { return rule.right == "kill-grace"; }),
                     qPrintable(layout.name));
        }
        QCOMPARE(systems, 14);
        // Of a platform only its grace differs; where jobs may take longer, that is said.
        const TimingLibrary rq = timingOf(u"rq"_s);
        QCOMPARE(rq.presets.size(), size_t(4));
        QCOMPARE(rq.presets[1].name, u"Kubernetes"_s);
        QCOMPARE(timingValue(rq.presets[1].profile, *rq.find(u"kill-grace"_s)), qint64(30'000));
        QCOMPARE(timingValue(rq.presets[1].profile, *rq.find(u"worker-ttl"_s)), qint64(420'000));
        QCOMPARE(broken(rq, rq.presets[1].profile).size(), 1);
        QCOMPARE(broken(rq, rq.defaults()), QStringList()); // The platform is not known.
    }

    void whatFollowsIsWorkedOut()
    {
        const TimingLibrary rq = timingOf(u"rq"_s);
        TimingProfile profile = rq.defaults();
        QVERIFY(profile.assumed);
        const auto value = [&](const QString &name) { return timingValue(profile, *rq.find(name)); };
        QCOMPARE(value(u"idle-beat"_s), qint64(405'000));
        setTimingValue(profile, *rq.find(u"worker-ttl"_s), 600'000);
        followTiming(profile, rq.parameters);
        QCOMPARE(value(u"idle-beat"_s), qint64(585'000));
        QCOMPARE(value(u"idle-key-ttl"_s), qint64(660'000));
        // RQ itself waits for a second at least.
        setTimingValue(profile, *rq.find(u"worker-ttl"_s), 10'000);
        followTiming(profile, rq.parameters);
        QCOMPARE(value(u"idle-beat"_s), qint64(1'000));
        // Beats are judged by what the layout calls interval and limit.
        QCOMPARE(rq.judged(rq.defaults()).heartbeatInterval, qint64(405'000));
        QCOMPARE(rq.judged(rq.defaults()).workerKeyTtl, qint64(480'000));
        QCOMPARE(rq.judged(rq.defaults()).reaperRunInterval, qint64(TimingProfile::notUsed));
        const TimingLibrary horizon = timingOf(u"horizon"_s);
        QCOMPARE(horizon.judged(horizon.defaults()).workerKeyTtl, qint64(14'000));
        QCOMPARE(timingEffects(horizon.judged(horizon.defaults()), 10, 0).workerMissed->beats, qint64(13));
        const TimingLibrary celery = timingOf(u"celery"_s);
        QCOMPARE(celery.judged(celery.defaults()).workerKeyTtl, 2 * celery.judged(celery.defaults()).heartbeatInterval);
        QVERIFY(!timingOf(u"bullmq"_s).limit);
        QVERIFY(!rq.canSetLimit());
        QVERIFY(timingOf(u"resque"_s).canSetLimit());
    }

    void itIsMeasuredBySystem()
    {
        FleetScene fleet{20, 0};
        const SystemScene systems{fleet};
        QCOMPARE(systemsOf(fleet.store, FleetScene::prod), (QStringList{u"rq"_s, u"playwright"_s, u"sidekiq"_s}));
        const TimingLibrary sidekiq = timingOf(u"sidekiq"_s);
        const MeasuredTiming measured = measureSystem(fleet.store, FleetScene::prod, sidekiq);
        QVERIFY(measured.workers > 0 && measured.workers < 20);
        const MeasuredValue &interval = measured.of(*sidekiq.interval);
        QVERIFY2(qAbs(interval.ms - 10'000) < 500, qPrintable(QString::number(interval.ms)));
        QCOMPARE(measured.of(*sidekiq.keyTtl).ms, qint64(60'000));
        QVERIFY(!measured.of(*sidekiq.find(u"timeout"_s)).known());
        QCOMPARE(measured.drifting, 0);
        // The TTL of masters: that of their supervisors is another.
        const TimingLibrary horizon = timingOf(u"horizon"_s);
        QCOMPARE(measureSystem(fleet.store, FleetScene::staging, horizon).of(*horizon.keyTtl).ms, qint64(15'000));
        // Of RQ's beats only those of its idle pace say what the idle interval is.
        const TimingLibrary rq = timingOf(u"rq"_s);
        QCOMPARE(rq.slowGapsFromMs, qint64(110'227));
        const MeasuredValue idle = measureSystem(fleet.store, FleetScene::prod, rq).of(*rq.interval);
        QVERIFY2(!idle.known() || idle.ms > 110'000, qPrintable(QString::number(idle.ms)));
        // None of them counts as a worker of the fleet next to them.
        QCOMPARE(measureTiming(fleet.store, nullptr, FleetScene::prod).workers, measureSystem(fleet.store, FleetScene::prod,
                                                                                              [] {
                                                                                                  TimingLibrary own =
                                                                                                      timingOf(u"sidekiq"_s);
                                                                                                  own.system = u"playwright"_s;
                                                                                                  return own;
                                                                                              }())
                                                                                    .workers);
        BeatRecording recording = BeatRecording::begin(fleet.store, FleetScene::prod);
        recording.addWorkers(fleet.store, FleetScene::prod, 0, WorkerHandle(fleet.store.capacity()), u"sidekiq"_s);
        QVERIFY(!recording.workers.empty());
        for (const BeatRecording::Worker &worker : recording.workers)
            QVERIFY2(worker.id.count(':') == 2, worker.id.constData());
    }

    void beatsAreHeldAgainstALimit()
    {
        // 40 workers beat every 60 s; three of them once after 200 s.
        QList<QList<qint64>> beats;
        for (int worker = 0; worker < 40; ++worker) {
            QList<qint64> own;
            qint64 at = 1'000'000 + worker;
            for (int i = 0; i < 10; ++i) {
                own.append(at);
                at += i == 5 && worker < 3 ? 200'000 : 60'000;
            }
            beats.append(own);
        }
        const TimingLibrary resque = timingOf(u"resque"_s);
        const WhatIf whatIf(recordingOf(beats), 0, resque.configuredInterval());
        TimingProfile draft = resque.defaults();
        QCOMPARE(whatIf.answer(resque.judgedOnBeats(draft)).deaths, 0);
        setTimingValue(draft, *resque.limit, 180'000);
        QCOMPARE(whatIf.answer(resque.judgedOnBeats(draft)).deaths, 3);
        QCOMPARE(whatIf.answer(resque.judgedOnBeats(draft)).workers, 40);
        QCOMPARE(whatIf.answer(resque.judgedOnBeats(draft)).safeTtlMs, qint64(200'000));
    }

    void aFixedIntervalIsNotMoved()
    {
        // Sidekiq 6 beats every 5 s, whatever version the draft is for.
        QList<qint64> own;
        for (int i = 0; i < 20; ++i)
            own.append(1'000'000 + i * 5'000 + (i > 10 ? 57'000 : 0));
        const TimingLibrary sidekiq = timingOf(u"sidekiq"_s);
        const WhatIf whatIf(recordingOf({own}), 0, sidekiq.configuredInterval());
        QCOMPARE(whatIf.answer(sidekiq.judgedOnBeats(sidekiq.defaults())).deaths, 1); // 62 s.
        QCOMPARE(sidekiq.presets.size(), size_t(4));
        QCOMPARE(whatIf.answer(sidekiq.judgedOnBeats(sidekiq.presets[1].profile)).safeTtlMs, qint64(62'000));
    }

    void whoBeatsInTwoPacesIsNotMovedByItsMedian()
    {
        // An RQ worker: idle beats with some jobs between them.
        QList<qint64> own{1'000'000, 1'030'000, 1'060'000, 1'090'000, 1'495'000, 1'525'000, 1'555'000, 1'960'000};
        const TimingLibrary rq = timingOf(u"rq"_s);
        const WhatIf whatIf(recordingOf({own}), 0, rq.configuredInterval());
        QCOMPARE(whatIf.answer(rq.judgedOnBeats(rq.defaults())).deaths, 0);
        QCOMPARE(whatIf.answer(rq.judgedOnBeats(rq.defaults())).safeTtlMs, qint64(405'000));
        TimingProfile draft = rq.defaults();
        setTimingValue(draft, *rq.find(u"worker-ttl"_s), 600'000);
        followTiming(draft, rq.parameters);
        QCOMPARE(whatIf.answer(rq.judgedOnBeats(draft)).safeTtlMs, qint64(585'000));
        QCOMPARE(whatIf.answer(rq.judgedOnBeats(draft)).deaths, 0);
    }

    void theExampleOfTheDocumentsIsRight()
    {
        QFile file(QStringLiteral(PULSEDECK_DOCS "/layouts.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList blocks = QString::fromUtf8(file.readAll()).split(u"```json\n"_s);
        QVERIFY(blocks.size() > 2);
        // The timing goes into the layout before it.
        QString layout = blocks[1].section(u"```"_s, 0, 0).trimmed();
        layout.chop(1);
        layout += u",\n"_s + blocks[2].section(u"```"_s, 0, 0) + u'}';
        const LayoutReading reading = LayoutReader::read(layout.toUtf8(), u"layouts.md"_s);
        QVERIFY2(reading.layout, qPrintable(reading.problems.empty() ? QString() : reading.problems.front().toString()));
        const std::optional<TimingLibrary> library = systemTiming(*reading.layout);
        QVERIFY(library);
        QCOMPARE(broken(*library, library->defaults()), QStringList());
        QCOMPARE(library->judged(library->defaults()).workerKeyTtl, qint64(30'000));
    }

    void theTextSaysWhatToChangeAndWhere()
    {
        const TimingLibrary rq = timingOf(u"rq"_s);
        TimingProfile draft = rq.defaults();
        setTimingValue(draft, *rq.find(u"worker-ttl"_s), 600'000);
        followTiming(draft, rq.parameters);
        QCOMPARE(systemTimingText(rq, rq.defaults(), draft, check(rq, draft), u"prod"_s),
                 u"Timing of RQ, prod\n\n"
                 "Worker TTL: 420 s → 600 s. Where: the option --worker-ttl\n\n"
                 "Not set, and different then:\n"
                 "Idle beat: 405 s → 585 s\n"
                 "TTL of an idle key: 480 s → 11 min\n\n"
                 "All rules hold.\n"_s);
        QVERIFY(systemTimingText(rq, rq.defaults(), rq.defaults(), check(rq, rq.defaults()), {})
                    .startsWith("Timing of RQ\n\nNothing is to be changed.\n"_L1));
        QVERIFY(cannotSetText(rq).contains("RQ"_L1));
    }
};

PULSEDECK_TEST(SystemTimingTest, runWithEvents)
#include "systemtiming_test.moc"
