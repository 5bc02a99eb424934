// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/fleetdialect.h"
#include "app/redis/keywatch.h"
#include "app/redis/redisreply.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

#include <functional>
#include <map>
#include <utility>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// Hashes job:J of a field "state", which no system that the console knows has; and job:log:J, which are of another kind.
class Jobs final : public FleetDialect, private KeyWatch::Reader
{
public:
    struct Job
    {
        QByteArray state;
        qint64 pttl = unknownValue;
        qint64 readAt = 0;
        qint64 announcedAt = 0; ///< Of the last read.
        int announcedReads = 0;
        quint32 tooLarge = 0;
        int reads = 0;
    };

    Jobs(RedisSession &session, int secondsBetweenReads)
        : watch(session, {"job:", "job:log:", {"state"}}, *this)
        , m_session(session)
        , m_everyMs(secondsBetweenReads * 1'000)
    { }

    QByteArrayList prefixes() const override { return {"job:"}; }
    void beginView() override { watch.scan(true); }
    bool isViewRead() const override { return watch.isScanned(); }
    void viewFinished() override { watch.viewFinished(); }
    void lost() override { watch.lost(); }
    void tick(qint64 now) override
    {
        watch.fireDeadlines(now);
        if (m_session.fullView) {
            watch.sweep(now);
            watch.look(now);
        }
    }
    void takeAnnounced(const RedisReply &keys, qint64 now) override { watch.takeAnnounced(keys, now); }
    void emptied(qint64) override { watch.scan(true); }
    bool knows(const QByteArray &) const override { return false; }

    Job job(const QByteArray &id) const
    {
        const KeyWatch::Slot slot = watch.find(id);
        const auto found = m_jobs.find(slot);
        return found == m_jobs.end() ? Job() : found->second;
    }

    KeyWatch watch;
    QByteArrayList others;
    qint64 otherWaited = -1; ///< Milliseconds between when the last of them was announced and when it was given.
    std::function<void()> amidRead; ///< Called once, when the fields of a read have come and its TTL has not.

private:
    void keyAdded(KeyWatch::Slot slot) override { m_jobs[slot] = Job(); }
    void takeFields(KeyWatch::Slot slot, const RedisReply &reply, quint32 tooLarge) override
    {
        Job &job = m_jobs[slot];
        job.state = reply.at(0).bytes().toByteArray();
        job.tooLarge = tooLarge;
        watch.setCareful(slot, tooLarge != 0 || reply.at(0).isTooLarge());
        if (amidRead)
            std::exchange(amidRead, nullptr)();
    }
    void takeTtl(KeyWatch::Slot slot, qint64 pttl, qint64 now, qint64 announcedAt) override
    {
        Job &job = m_jobs[slot];
        job.pttl = pttl;
        job.readAt = now;
        job.announcedAt = announcedAt;
        job.announcedReads += announcedAt > 0;
        ++job.reads;
        watch.updateDeadline(slot);
    }
    qint64 dueAt(KeyWatch::Slot slot) const override
    {
        const Job &job = m_jobs.at(slot);
        return m_everyMs > 0 && job.pttl != -2 ? job.readAt + m_everyMs : 0;
    }
    void takeOther(QByteArrayView key, qint64 at) override
    {
        others.append(key.toByteArray());
        otherWaited = m_session.now() - at;
    }

    RedisSession &m_session;
    const int m_everyMs;
    std::map<KeyWatch::Slot, Job> m_jobs;
};

/// A source whose only system has jobs.
struct JobScene : SourceWatch
{
    Jobs *jobs = nullptr;

    bool begin(bool push, int secondsBetweenReads = 0)
    {
        options.push = push;
        options.dialects = {[this, secondsBetweenReads](RedisSession &session) {
            auto made = std::make_unique<Jobs>(session, secondsBetweenReads);
            jobs = made.get();
            return made;
        }};
        if (!startServer())
            return false;
        run({"HSET", "job:1", "state", "queued"});
        run({"HSET", "job:log:1", "state", "text"});
        run({"HSET", "worker:chromium:a", "status", "available"});
        watch();
        return QTest::qWaitFor([this] { return isWatching(); }, 20'000);
    }
};

} // namespace

/// What KeyWatch does for any system.
class KeyWatchTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void findsAndReadsKeysOfItsPrefix()
    {
        JobScene scene;
        QVERIFY(scene.begin(true));
        QCOMPARE(scene.jobs->watch.count(), 1);
        QCOMPARE(scene.jobs->job("1").state, QByteArray("queued"));
        QCOMPARE(scene.jobs->job("1").pttl, qint64(-1));
        QCOMPARE(scene.jobs->job("1").announcedAt, qint64(0));
        QCOMPARE(scene.jobs->others, QByteArrayList{"job:log:1"});
        scene.run({"HSET", "job:1", "state", "running"});
        TRY_EQUAL(scene.jobs->job("1").state, QByteArray("running"));
        QVERIFY(scene.jobs->job("1").announcedAt > 0);
        scene.run({"HSET", "job:2", "state", "new"});
        TRY_EQUAL(scene.jobs->job("2").state, QByteArray("new"));
        scene.run({"DEL", "job:1"});
        TRY_EQUAL(scene.jobs->job("1").pttl, qint64(-2));
        QVERIFY(!scene.jobs->watch.isPresent(scene.jobs->watch.find("1")));
        scene.run({"HSET", "job:log:1", "state", "more"});
        TRY_EQUAL(scene.jobs->others.size(), qsizetype(2));
    }

    void sweepsWhereNothingIsAnnounced()
    {
        JobScene scene;
        QVERIFY(scene.begin(false));
        scene.run({"HSET", "job:1", "state", "running"});
        scene.run({"HSET", "job:2", "state", "new"});
        TRY_EQUAL(scene.jobs->job("1").state, QByteArray("running"));
        TRY_EQUAL(scene.jobs->job("2").state, QByteArray("new"));
        QCOMPARE(scene.jobs->job("1").announcedAt, qint64(0));
        scene.run({"DEL", "job:2"});
        TRY_EQUAL(scene.jobs->job("2").pttl, qint64(-2));
    }

    /// However many announcements come in a short time, their keys are read once.
    void readsTogetherWhatIsAnnouncedInAShortTime()
    {
        JobScene scene;
        constexpr int togetherMs = 500;
        scene.options.collectMs = togetherMs;
        QVERIFY(scene.begin(true));
        const int before = scene.jobs->job("1").reads;
        QElapsedTimer time;
        time.start();
        QByteArray last;
        for (int i = 0; i < 40; ++i) {
            last = QByteArray::number(i);
            scene.run({"HSET", "job:1", "state", last});
            QCoreApplication::processEvents();
        }
        TRY_EQUAL(scene.jobs->job("1").state, last);
        const int reads = scene.jobs->job("1").reads - before;
        const qint64 most = 2 * (time.elapsed() / togetherMs + 1); // One may be repeated, as it was under way.
        QVERIFY2(reads > 0 && reads <= most, qPrintable(u"%1 reads in %2 ms"_s.arg(reads).arg(time.elapsed())));
    }

    /// What is told of the time of a beat, and of how late it is shown, is reckoned from there.
    void anAnnouncementIsOfWhenItCameNotOfWhenItWasRead()
    {
        JobScene scene;
        constexpr int togetherMs = 300;
        scene.options.collectMs = togetherMs;
        QVERIFY(scene.begin(true));
        const int before = scene.jobs->job("1").reads;
        scene.run({"HSET", "job:1", "state", "running"});
        TRY_TRUE(scene.jobs->job("1").reads > before);
        const Jobs::Job job = scene.jobs->job("1");
        QCOMPARE(job.state, QByteArray("running"));
        QVERIFY(job.announcedAt > 0);
        const qint64 after = job.readAt - job.announcedAt;
        QVERIFY2(after >= togetherMs / 2, qPrintable(u"%1 ms"_s.arg(after)));
        // Keys of other kinds as well.
        const qsizetype others = scene.jobs->others.size();
        scene.run({"HSET", "job:log:1", "state", "more"});
        TRY_TRUE(scene.jobs->others.size() > others);
        const qint64 waited = scene.jobs->otherWaited;
        QVERIFY2(waited >= togetherMs / 2, qPrintable(u"%1 ms"_s.arg(waited)));
    }

    void readsWhenItsReaderSays()
    {
        JobScene scene;
        QVERIFY(scene.begin(true, 1));
        const int before = scene.jobs->job("1").reads;
        const qint64 readAt = scene.jobs->job("1").readAt;
        TRY_TRUE(scene.jobs->job("1").reads >= before + 2);
        QVERIFY(scene.jobs->job("1").readAt - readAt >= 2'000);
        QCOMPARE(scene.jobs->job("1").announcedAt, qint64(0));
    }

    /// What is announced while a key is being read may have been written before or after that: it is read again, and neither read
    /// counts as one that found an unannounced change, which would end the trust in announcements.
    void anAnnouncementDuringAReadCountsForTheNextToo()
    {
        JobScene scene;
        QVERIFY(scene.begin(false));
        KeyWatch &watch = scene.jobs->watch;
        RedisReader reader(1'024);
        reader.feed("*1\r\n$5\r\njob:1\r\n");
        QCOMPARE(reader.next(), RedisReader::Result::Ready);
        const auto announce = [&] { watch.takeAnnounced(reader.reply(), 1'000); };
        scene.jobs->amidRead = announce;
        TRY_EQUAL(scene.jobs->job("1").announcedReads, 2); // That of a sweep, and one more.
        scene.jobs->amidRead = announce;
        announce();
        TRY_EQUAL(scene.jobs->job("1").announcedReads, 4);
        TRY_EQUAL(scene.jobs->job("1").announcedAt, qint64(0)); // Sweeps go on, and nothing is announced.
        QCOMPARE(scene.jobs->job("1").announcedReads, 4);
    }

    /// It comes along once; from then on its size is asked first, until it has shrunk.
    void aLargeValueIsAskedForItsSizeFirst()
    {
        JobScene scene;
        QVERIFY(scene.begin(true));
        const QByteArray large(400 * 1024, 'x');
        scene.run({"HSET", "job:1", "state", large});
        TRY_TRUE(scene.jobs->job("1").state.isEmpty());
        scene.run({"PEXPIRE", "job:1", "60000"});
        TRY_EQUAL(scene.jobs->job("1").tooLarge, 1u);
        QVERIFY(scene.jobs->job("1").pttl > 0);
        scene.run({"HSET", "job:1", "state", "small"});
        TRY_EQUAL(scene.jobs->job("1").state, QByteArray("small"));
        QCOMPARE(scene.jobs->job("1").tooLarge, 0u);
    }

    void aForgottenKeyIsFoundAgainUnderANewNumber()
    {
        JobScene scene;
        QVERIFY(scene.begin(true));
        KeyWatch &watch = scene.jobs->watch;
        const WorkerNumber number = watch.number(watch.find("1"));
        scene.run({"DEL", "job:1"});
        TRY_EQUAL(scene.jobs->job("1").pttl, qint64(-2));
        watch.forget(watch.find("1"));
        QCOMPARE(watch.count(), 0);
        scene.run({"HSET", "job:1", "state", "again"});
        TRY_EQUAL(scene.jobs->job("1").state, QByteArray("again"));
        QVERIFY(watch.number(watch.find("1")) != number);
    }
};

PULSEDECK_TEST(KeyWatchTest, runWithEvents)

#include "keywatch_test.moc"
