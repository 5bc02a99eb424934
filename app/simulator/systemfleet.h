// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "app/simulator/fleetoptions.h"
#include "app/simulator/seededrandom.h"
#include "app/simulator/timingwheel.h"
#include "models/core/clock.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <initializer_list>
#include <vector>

namespace pulsedeck::fleet {

struct SystemOrder;

/// A job at work. What it is about is not simulated: in its queue it is "{}".
struct SimJob
{
    QByteArray queue;
    QByteArray id;
    qint64 startedMs = 0; ///< On the console's scale, as all times here.
    qint64 endsMs = 0;
    qint64 endedMs = 0;
};

/// One simulated process of a job system. Its slot keeps its place when another process follows it.
struct SimProcess
{
    QByteArray id;
    QByteArray host;
    int pid = 0;
    quint32 life = 0; ///< Which process of the slot it is; timers of an earlier one are dropped.
    qint64 startedMs = 0;
    std::vector<SimJob> jobs;
    int reserved = 0; ///< Jobs asked for and not answered yet.
    quint32 beats = 0;
    quint32 done = 0; ///< Jobs that it ended.
    bool running = false;
    bool quiet = false; ///< Takes no more jobs.
    bool stopping = false; ///< Ends when its last job has ended.
    bool frozen = false; ///< As by SIGSTOP: its connections stay, nothing else happens.
    bool deaf = false; ///< Its connections stay, and it obeys nothing that comes over them.
};

/// One fleet of another system than browser workers, as that system looks on the wire: processes with beats, queues with jobs
/// that come and go, commands, ends. This is what all systems share; one subclass per system writes and reads its keys. All
/// processes share one pipelined connection and, where the system subscribes, a second one. Lives on one thread. Durations are
/// milliseconds; those of the system (beats, TTLs, waits) are divided by --speed.
class SystemFleet : public QObject
{
    Q_OBJECT

public:
    static constexpr int exitNoConnection = 3;

    ~SystemFleet() override;

    void start();
    /// All processes end in order, then finished(0), after two seconds at the latest.
    void stop();
    /// A line of standard input; each is answered by one line.
    void obey(const QByteArray &line);
    /// All lose Redis for eight seconds.
    void outage() { cutOff(usualOutageMs); }
    QByteArray statusLine() const;

signals:
    /// A line for standard output.
    void said(const QByteArray &line);
    /// A sentence for standard error.
    void complained(const QString &text);
    void finished(int exitCode);

protected:
    static constexpr qint64 usualOutageMs = 8'000;

    /// \a subscribes: it needs listener().
    SystemFleet(const FleetOptions &options, const Clock &clock, bool subscribes, QObject *parent);

    /// What a system is. Each is called for running processes only, unless it says so.
    /// The id of a new process, of which host, pid and start are set.
    virtual QByteArray nameProcess(quint32 slot) = 0;
    /// What a new process writes.
    virtual void enroll(quint32 slot) = 0;
    virtual void beat(quint32 slot) = 0;
    virtual qint64 beatMs(quint32 slot) const = 0;
    /// What a process writes when it ends in order. It has no jobs any more.
    virtual void leave(quint32 slot) = 0;
    /// Its registry, its keys, and nothing else's are lost, as after an eviction. Also of processes that ended.
    virtual void loseKeys(quint32 slot) = 0;
    virtual QByteArray queueKey(const QByteArray &queue) const = 0;

    /// Jobs are pushed on the left and popped on the right, unless a system does otherwise.
    virtual void pushJob(const QByteArray &queue);
    /// An answer of Nil: there is none.
    virtual void popJob(const QByteArray &queue, RedisConnection::Handler handler);
    virtual bool mayTake(quint32 slot, const QByteArray &queue) const;
    virtual int capacity(quint32 slot) const;
    /// What stands in its queues are ids of jobs.
    virtual bool hasJobIds() const { return false; }
    virtual void jobBegan(quint32 slot, const SimJob &job);
    virtual void jobEnded(quint32 slot, const SimJob &job, bool failed);
    /// It was killed and does nothing any more; \a jobs are those it had.
    virtual void killed(quint32 slot, const std::vector<SimJob> &jobs);
    /// Whether a process can take no more jobs and live on.
    virtual bool canQuiet() const { return true; }
    /// It takes no more jobs, or is asked to stop, by a signal to its process.
    virtual void quieted(quint32 slot);
    /// It is asked to stop while it is stopping.
    virtual void stopAgain(quint32 slot);
    /// How long a stop waits for jobs before it puts them back.
    virtual qint64 graceMs() const { return scaled(25'000); }
    /// Goes on after it was frozen.
    virtual void thawed(quint32 slot);
    /// The connection is there again, and everything in Redis may be gone.
    virtual void reconnected();
    /// Channels of one process, on the shared subscriber.
    virtual QByteArrayList channelsOf(quint32 slot) const;
    virtual void heard(const QByteArray &channel, const QByteArray &message);
    /// The connection of one process' own, see openOwn(): it is there, perhaps again; a message came over it.
    virtual void ownReady(quint32 slot);
    virtual void ownHeard(quint32 slot, const QByteArray &channel, const QByteArray &message);
    /// Something of the whole fleet, each second of its scaled time.
    virtual void everySecond();
    /// Verbs of this system alone, for the answer to a wrong one.
    virtual QByteArrayList ownVerbs() const { return {}; }
    /// Carries out one of them. \a slot is running. False: not possible there.
    virtual bool act(const QByteArray &verb, quint32 slot, std::optional<double> seconds);

    const FleetOptions &options() const { return m_options; }
    const Clock &clock() const { return m_clock; }
    const SeededRandom &random() const { return m_random; }
    RedisConnection &link() { return *m_link; }
    RedisConnection &listener() { return *m_listener; }
    SimProcess &process(quint32 slot) { return m_processes[slot]; }
    const SimProcess &process(quint32 slot) const { return m_processes[slot]; }
    quint32 size() const { return quint32(m_processes.size()); }
    /// The running one with this id, or -1.
    qint64 find(const QByteArray &id) const;
    const QByteArrayList &queues() const { return m_queues; }
    bool isStopping() const { return m_stopping; }

    qint64 scaled(qint64 ms) const;
    /// Whole seconds for EXPIRE, scaled.
    QByteArray ttlWord(qint64 ms) const;
    /// The system's major version as by --release, or \a usual.
    int release(int usual) const;
    /// Unix time now, in seconds with their fraction.
    double wallSeconds() const { return double(m_clock.wallNowMs()) / 1000.0; }
    /// A time of the console's scale as ISO 8601 in UTC with microseconds.
    QByteArray isoTime(qint64 ms) const;
    /// So many random hex digits that no other call gives.
    QByteArray randomHex(int digits);

    void send(std::initializer_list<QByteArrayView> words, RedisConnection::Handler handler = {});
    void send(const QByteArrayList &words, RedisConnection::Handler handler = {});
    /// The beat of a process is due after \a ms; the one that was due before is dropped.
    void beatIn(quint32 slot, qint64 ms);
    /// One job of \a lengthMs is at work from now on; 0: of a random length. \a id: null where its queue has no ids.
    void startJob(quint32 slot, const QByteArray &queue, qint64 lengthMs = 0, const QByteArray &id = {});
    /// Ends its jobs whose time is over.
    void endDueJobs(quint32 slot);
    /// Ends all its jobs now.
    void endJobs(quint32 slot, bool failed);
    /// As by SIGTERM.
    void requestStop(quint32 slot);
    void kill(quint32 slot);
    /// It has ended in order; another takes its slot.
    void finishProcess(quint32 slot);
    /// A connection that only this process has, for systems that count or name connections. It ends with the process; ownReady()
    /// and ownHeard() follow. The start of the fleet counts as done only after ownDone() of each.
    void openOwn(quint32 slot, const QByteArray &clientName, bool subscribes);
    RedisConnection *own(quint32 slot) const { return m_own[slot]; }
    void closeOwn(quint32 slot);
    void ownDone() { enrolled(); }
    void subscribeChannels(quint32 slot);
    void unsubscribeChannels(quint32 slot);
    /// Looks for work for whoever is free.
    void takeJobs();

private:
    enum class FleetEvent : quint8 { Beat, JobEnd, Grace, Replace, Thaw, Arrive, Poll, Second };
    using Wheel = BasicTimingWheel<FleetEvent>;

    struct Queue
    {
        bool asked = false; ///< An answer to a pop is under way.
    };

    void begin();
    /// One of the answers that the start waits for is there.
    void enrolled();
    void launch(quint32 slot);
    void tick();
    void dispatch(const Wheel::Entry &entry);
    void takeFrom(int queue);
    qint64 freeSlot(const QByteArray &queue) const;
    void arrive();
    void cutOff(qint64 ms);
    void finish(int code);
    void onState(RedisConnection *link, RedisConnection::State state);
    std::vector<quint32> targets(const QByteArray &verb, const QByteArray &word, QByteArray *problem) const;
    void obeyWorkers(const SystemOrder &order);
    void sayWhenWritten(const QByteArray &line);
    bool obeyOne(const QByteArray &verb, quint32 slot, std::optional<double> seconds);
    void scheduleIn(qint64 ms, FleetEvent event, quint32 slot);

    const FleetOptions m_options;
    const Clock &m_clock;
    const SeededRandom m_random;
    const QByteArrayList m_queues;
    Wheel m_wheel;
    QTimer m_ticker;
    QTimer m_outage;
    RedisConnection *m_link;
    RedisConnection *m_listener = nullptr;
    std::deque<SimProcess> m_processes;
    std::vector<qint64> m_nextBeat; ///< When the beat of each slot is due; other entries of the wheel are dropped.
    std::vector<Queue> m_asked;
    std::vector<RedisConnection *> m_own; ///< By slot; null where the system has none.
    int m_awaited = 0; ///< Answers that the start still waits for.
    quint64 m_drawn = 0; ///< Random numbers given out by randomHex().
    quint64 m_arrivals = 0;
    quint64 m_jobs = 0;
    quint64 m_beats = 0;
    quint64 m_ended = 0;
    quint32 m_launched = 0;
    qint64 m_begunMs = 0;
    qint64 m_nextStats = 0;
    bool m_begun = false;
    bool m_ownComplained = false; ///< Of a connection that one process has alone.
    bool m_stopping = false;
    bool m_finished = false;
    bool m_complained = false;
};

} // namespace pulsedeck::fleet
