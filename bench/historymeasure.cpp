// SPDX-License-Identifier: GPL-3.0-or-later
// The history of 100,000 workers with 20,000 beats a second: what recording costs, how small it is, and how fast it is asked;
// against a plain row per beat in SQLite.
#include "app/history/historyfile.h"
#include "app/history/sqlhistory.h"
#include "bench/lanefleet.h"
#include "bench/loopwatch.h"
#include "bench/measures.h"
#include "bench/statistics.h"
#include "models/history/historyrecorder.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <ctime>
#include <random>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int workers = 100'000;
constexpr int intervalMs = 5'000;
constexpr int stepMs = 100; ///< As often as a window publishes.
constexpr qint64 start = 1'800'000'000'000 / 300'000 * 300'000;

/// Stands still until it is stepped.
class BenchClock final : public Clock
{
public:
    qint64 nowMs() const override { return now; }
    qint64 now = start;
};

double seconds(clockid_t clock)
{
    timespec time = {};
    clock_gettime(clock, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

/// Resident memory of this process, in MB.
double residentMb()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return double(file.readAll().split(' ').value(1).toLongLong()) * 4'096 / 1e6;
}

/// What a while of the fleet costs.
struct Cost
{
    double guiSeconds = 0; ///< Of the thread that feeds the store.
    double otherSeconds = 0; ///< Of all others.
    double grewMb = 0;
    qint64 beats = 0;
};

/// Workers that beat every five seconds with a jitter of ten milliseconds, for \a minutes of their time, into a store that
/// \a history records; null for none. Its registration is not counted.
Cost feed(History *history, int minutes)
{
    BenchClock clock;
    FleetStore store(clock);
    store.addSource(1, u"bench"_s);
    SourceStatus status;
    status.source = 1;
    status.generation = 1;
    status.state = SourceState::Live;
    status.since = clock.now;
    store.applyStatus(status);
    std::unique_ptr<HistoryRecorder> recorder;
    if (history)
        recorder = std::make_unique<HistoryRecorder>(store, *history, nullptr);
    std::mt19937 random(1);
    std::normal_distribution<double> jitter(0, 10);
    FleetBatch batch;
    batch.source = 1;
    batch.generation = 1;
    const auto send = [&] {
        batch.at = clock.now;
        store.apply(batch);
        batch.samples.clear();
        batch.texts.clear();
    };
    const auto beat = [&](int number) {
        WorkerSample sample;
        sample.number = WorkerNumber(number);
        sample.readAt = clock.now;
        sample.beatAt = clock.now - qint64(qBound(0.0, 30 + jitter(random), 60.0));
        sample.lastHeartbeat = sample.beatAt;
        sample.ttl = sample.learntTtl = 15'000;
        sample.activeSessions = sample.lifetimeSessions = 0;
        sample.status = WorkerStatus::Available;
        sample.keyPresent = sample.newBeat = true;
        batch.samples.append(sample);
        if (batch.samples.size() >= FleetBatch::maxSamples)
            send();
    };
    for (int number = 0; number < workers; ++number) {
        WorkerText text;
        text.number = WorkerNumber(number);
        text.id = "chromium:" + QByteArray::number(0x10000000u + quint32(number) * 2'654'435u, 16) + "-b2c4-4d7e-9f01-"
                  + QByteArray::number(qulonglong(number) * 7'919 + 100'000'000'000, 16);
        text.type = number % 3 == 0 ? "firefox" : "chromium";
        text.host = "10.1." + QByteArray::number(number / 250 % 250) + '.' + QByteArray::number(number % 250) + ":3131";
        batch.texts.append(text);
        if (batch.texts.size() >= FleetBatch::maxSamples)
            send();
    }
    send();
    constexpr int perStep = workers * stepMs / intervalMs;
    const auto step = [&](int number) {
        clock.now += stepMs;
        for (int i = 0; i < perStep; ++i)
            beat((number * perStep + i) % workers);
        send();
        store.publish();
    };
    int number = 0;
    // Twice round: everybody is known then, and measured.
    for (; number < 2 * intervalMs / stepMs; ++number)
        step(number);
    if (history)
        askHistory(*history, SpansQuery());
    const double memory = residentMb();
    const double gui = seconds(CLOCK_THREAD_CPUTIME_ID);
    const double all = seconds(CLOCK_PROCESS_CPUTIME_ID);
    Cost cost;
    for (const int end = number + minutes * 60'000 / stepMs; number < end; ++number) {
        step(number);
        cost.beats += perStep;
        // The writer keeps up in true time; here it is waited for now and then.
        if (history && number % 100 == 0)
            askHistory(*history, SpansQuery());
    }
    if (recorder) {
        recorder->flush();
        askHistory(*history, SpansQuery());
    }
    cost.guiSeconds = seconds(CLOCK_THREAD_CPUTIME_ID) - gui;
    cost.otherSeconds = seconds(CLOCK_PROCESS_CPUTIME_ID) - all - cost.guiSeconds;
    cost.grewMb = residentMb() - memory;
    return cost;
}

/// The file that would come to mind: a row for each beat. Bytes a beat, and seconds of processor for a million.
std::pair<double, double> plainRows(const QString &path)
{
    constexpr int rows = 1'000'000;
    const QString name = u"bench-history"_s;
    double took = 0;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setDatabaseName(path);
        database.open();
        QSqlQuery query(database);
        query.exec(u"PRAGMA journal_mode=WAL"_s);
        query.exec(u"CREATE TABLE beat (worker INTEGER NOT NULL, at INTEGER NOT NULL)"_s);
        query.exec(u"CREATE INDEX beat_worker ON beat(worker, at)"_s);
        const double from = seconds(CLOCK_THREAD_CPUTIME_ID);
        query.prepare(u"INSERT INTO beat VALUES (?, ?)"_s);
        for (int row = 0; row < rows; ++row) {
            if (row % 10'000 == 0)
                database.transaction();
            query.bindValue(0, row % workers);
            query.bindValue(1, start + row / 20);
            query.exec();
            if (row % 10'000 == 9'999)
                database.commit();
        }
        took = seconds(CLOCK_THREAD_CPUTIME_ID) - from;
        query.exec(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
        query.finish();
        database.close();
    }
    QSqlDatabase::removeDatabase(name);
    return {double(QFileInfo(path).size()) / rows, took};
}

/// Repeats the segments of a file until it has a gigabyte. Its size.
qint64 growTo(const QString &path, qint64 bytes)
{
    HistoryFile file(path, HistoryFile::Mode::Write);
    if (file.open())
        return 0;
    const auto number = [&file](const QString &statement) { return databaseValue(file.database(), statement).toLongLong(); };
    const qint64 segments = number(u"SELECT max(id) FROM segment"_s);
    for (qint64 copy = 1; file.bytesInUse() < bytes && copy < 10'000; ++copy) {
        const QString shift = QString::number(copy * segments);
        const QString keys = QString::number(copy * segments * (qint64(1) << 24));
        const QString last = QString::number((segments + 1) << 24);
        file.run(u"BEGIN"_s);
        for (const QString &table : {u"beats"_s, u"states"_s, u"fine"_s, u"minute"_s})
            file.run(u"INSERT INTO "_s % table % u" SELECT key + "_s % keys % u", packed FROM "_s % table % u" WHERE key < "_s
                     % last);
        file.run(u"INSERT INTO coarse SELECT key + "_s % shift % u", packed FROM coarse WHERE key <= "_s
                 % QString::number(segments));
        const QString back = QString::number(copy * segments * segmentMs);
        file.run(u"INSERT INTO segment SELECT id + "_s % shift % u", run, begins - "_s % back % u", ends - "_s % back
                 % u", earliest - "_s % back % u", latest - "_s % back % u", beats, overview FROM segment WHERE id <= "_s
                 % QString::number(segments));
        file.run(u"COMMIT"_s);
    }
    const qint64 size = file.bytesInUse();
    file.closeFile();
    return size;
}

} // namespace

void measureHistory(Run &run)
{
    const QString gui = u"history-gui"_s;
    const QString record = u"history-record"_s;
    const QString size = u"history-bytes"_s;
    const QString memory = u"history-memory"_s;
    const QString fold = u"history-fold"_s;
    const QString rows = u"history-rows"_s;
    const QString moment = u"history-moment"_s;
    const QString open = u"history-open"_s;
    if (!run.wants({gui, record, size, memory, fold, rows, moment, open}))
        return;
    constexpr int minutes = 16;
    QTemporaryDir folder;
    const QString path = folder.filePath(u"history.sqlite"_s);
    HistoryLimits limits;
    limits.keepForMs = HistoryLimits::mostKeepMs;
    limits.maxBytes = HistoryLimits::mostMaxBytes;
    const Cost without = feed(nullptr, minutes);
    Cost with;
    qint64 beats = 0;
    {
        SqlHistory history(path, limits);
        with = feed(&history, minutes);
        if (history.state().lost > 0 || !history.state().message.isEmpty()) {
            run.fail(record, u"%1 lost; %2"_s.arg(history.state().lost).arg(history.state().message));
            return;
        }
        const auto lanes = askHistory(history, LanesQuery{0, std::numeric_limits<qint64>::max()});
        auto order = std::make_shared<std::vector<LaneId>>();
        if (const auto *answer = std::get_if<LanesAnswer>(lanes.get())) {
            for (const HistoryLane &lane : answer->lanes)
                order->push_back(lane.id);
        }
        FoldQuery query{start + 60'000, 450'000 / 1'400, 1'400, order, {}}; // 9 million beats.
        for (quint32 row = 0; row < 800; ++row)
            query.rows.push_back(quint32(order->size() * row / 800));
        std::vector<double> first;
        std::vector<double> momentMs;
        for (int round = 0; round < run.rounds(); ++round) {
            qint64 from = steadyNs();
            const SharedHistoryAnswer answer = askHistory(history, query);
            first.push_back(double(steadyNs() - from) / 1e6);
            const auto *folded = std::get_if<FoldAnswer>(answer.get());
            beats = 0;
            for (size_t i = 0; folded && i < folded->cells.size(); ++i)
                beats += folded->cells[i].received;
            from = steadyNs();
            askHistory(history, MomentQuery{start + 400'000 + round * 20'000});
            momentMs.push_back(double(steadyNs() - from) / 1e6);
        }
        run.add({fold, u"Timeline: 9 million beats of 100,000 lanes folded into 800 × 1,400 cells"_s, median(first), u"ms"_s,
                 u"median of %1, longest %2 ms; %3 million beats"_s.arg(first.size())
                     .arg(greatest(first), 0, 'f', 0)
                     .arg(double(beats) / 1e6, 0, 'f', 1),
                 u"≤ 100 ms"_s, median(first) <= 100, 0});
        // In steps as the page asks for, so that the rows of each segment are kept: the first time, and then moved on by a
        // second.
        query.bucketMs = 500;
        query.buckets = 900;
        query.from = start + 60'000;
        std::vector<double> again;
        double once = 0;
        for (int round = 0; round < 1 + run.rounds(); ++round) {
            const qint64 from = steadyNs();
            askHistory(history, query);
            (round == 0 ? once : again.emplace_back()) = double(steadyNs() - from) / 1e6;
            query.from += 1'000;
        }
        run.add({rows, u"The same rows in steps of 0.5 s, after the time shown moved on by a second"_s, median(again), u"ms"_s,
                 u"median of %1, longest %2 ms; the first time %3 ms"_s.arg(again.size())
                     .arg(greatest(again), 0, 'f', 0)
                     .arg(once, 0, 'f', 0),
                 u"≤ 100 ms"_s, median(again) <= 100, 0});
        run.add({moment, u"The state of 100,000 lanes at a moment"_s, median(momentMs), u"ms"_s,
                 u"median of %1, longest %2 ms"_s.arg(momentMs.size()).arg(greatest(momentMs), 0, 'f', 0), u"≤ 100 ms"_s,
                 median(momentMs) <= 100, 0});
    }
    const double time = minutes * 60;
    const double guiShare = 100 * qMax(0.0, with.guiSeconds - without.guiSeconds) / time;
    const double share = guiShare + 100 * (with.otherSeconds - without.otherSeconds) / time;
    const auto [plainBytes, plainSeconds] = plainRows(folder.filePath(u"plain.sqlite"_s));
    run.add({gui, u"Recording 20,000 beats/s of 100,000 workers: on the GUI thread"_s, guiShare, u"% of a core"_s,
             u"%1 minutes of theirs, with it and without"_s.arg(minutes), u"≤ 0.5 %"_s, guiShare <= 0.5, 2});
    run.add({record, u"The same: all threads"_s, share, u"% of a core"_s,
             u"a plain row per beat in SQLite: %1 %"_s.arg(plainSeconds * 20'000 / 1e6 * 100, 0, 'f', 1), u"≤ 8 %"_s, share <= 8,
             1});
    run.add({memory, u"The same: memory"_s, with.grewMb - without.grewMb, u"MB"_s, u"grown in %1 minutes"_s.arg(minutes),
             u"≤ 60 MB"_s, with.grewMb - without.grewMb <= 60, 0});
    const double bytes = double(QFileInfo(path).size()) / double(with.beats + 2LL * workers);
    run.add({size, u"The same: bytes on the disk for a beat, all included"_s, bytes, u"bytes"_s,
             u"a plain row per beat: %1 bytes"_s.arg(plainBytes, 0, 'f', 1), u"≤ 1.4 bytes"_s, bytes <= 1.4, 2});
    const qint64 grown = growTo(path, 1'000'000'000);
    std::vector<double> opened;
    for (int round = 0; round < run.rounds(); ++round) {
        const qint64 from = steadyNs();
        SqlHistory history(path, limits);
        const auto answer = askHistory(history, SpansQuery());
        opened.push_back(double(steadyNs() - from) / 1e6);
    }
    run.add({open, u"Opening a history of 1 GB, until it answers"_s, greatest(opened), u"ms"_s,
             u"longest of %1; %2 MB"_s.arg(opened.size()).arg(grown / 1'000'000), u"≤ 500 ms"_s, greatest(opened) <= 500, 0});
}

} // namespace pulsedeck::bench
