// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/celeryevents.h"
#include "app/redis/celeryexits.h"
#include "app/redis/celeryscripts.h"
#include "app/redis/fleetdialect.h"
#include "app/redis/queuereader.h"
#include "app/redis/registryreader.h"

namespace pulsedeck {

/// What a CeleryDialect knows of one worker. Times are the console's clock in ms, 0 for not yet.
struct CeleryMember
{
    WorkerNumber number = 0;
    bool told = false; ///< The store shows it.
    bool ghost = false; ///< Shown as seen in Redis and not heard.
    bool bound = false; ///< In the set of bindings, by the last pass that had all.
    bool wasThere = false; ///< Before it was found: it was bound in the first view, or its first event was not of its start.
    bool frozen = false; ///< Not listened to since it was heard, so that its silence means nothing.
    bool drained = false; ///< It serves no queue, as it says itself.
    bool drainedHere = false; ///< By a command from here, in this run.
    quint8 missed = 0; ///< In so many passes of the bindings in a row, at most CeleryDialect::unboundAfter, it was not.
    bool deaf = false; ///< It was asked, or told to stop, and did nothing.
    bool stopSent = false; ///< A shutdown was sent to this process from here.
    quint32 pass = 0; ///< Of the bindings, the last one that had it.
    quint32 generation = 0; ///< Of the connection on which it was last told.
    qint64 firstSeenAt = 0; ///< By its binding or an event.
    qint64 heardAt = 0;
    qint64 offlineAt = 0; ///< It said that it leaves.
    qint64 askedAt = 0; ///< For its queues, outside of a command.
    qint64 progressAt = 0; ///< It was last seen at work, or to have done something.
    CeleryEvent event; ///< The last one.
    std::optional<QStringList> queues; ///< That it serves, if it was asked.
    QStringList served; ///< The same before it was drained.
    WorkerFlags flags; ///< As told.
};

/// Workers of Celery with Redis as their broker. No key of theirs expires: they are known by their events, from the moment of the
/// subscription on, and by the set of bindings, in which those stay that died. Beats are timed by this console's clock. Who is
/// silent becomes late, and then a ghost while its binding stays, as it is to a view that is opened later; without a binding it
/// is stale, and after ten minutes has ended. Who has said that it goes may still be at work: its end is known by its connection
/// (CeleryExits), and where that cannot be seen it is shown for five minutes more; not if it had nothing to do. Reads, and
/// subscribes on a connection of its own. At most mostWorkers. Lives on the I/O thread.
class CeleryDialect final : public QObject, public FleetDialect, private CeleryNodes
{
    Q_OBJECT

public:
    static constexpr quint8 unboundAfter = 2; ///< A worker that begins beats before it is bound.
    static constexpr int mostWorkers = 20'000;
    static constexpr qint64 hearWithinMs = 4'000; ///< Two beats at the usual pace: who is not heard by then is silent.
    static constexpr qint64 forgottenMs = 10 * 60'000; ///< After so long a silence a worker has ended.
    static constexpr qint64 leavesWithinMs = 5 * 60'000;
    /// Where it may be commanded it is asked so often which queues it serves: if one message asks all of them, and if it takes
    /// several, each of which all of them hear.
    static constexpr qint64 askFewEveryMs = 10'000;
    static constexpr qint64 askManyEveryMs = 60'000;
    static constexpr qint64 starvedMs = 10'000; ///< So long its queue grows and it takes nothing: it does not consume.

    /// \a prefix: a global_keyprefix, before keys and channels.
    CeleryDialect(RedisSession &session, const Layout &layout, const QByteArray &prefix);
    ~CeleryDialect() override;

    QByteArrayList prefixes() const override { return {}; }
    void begin() override;
    void beginView() override;
    bool isViewRead() const override;
    void viewFinished() override;
    void leave() override { m_scripts->leave(); }
    void lost() override;
    void tick(qint64 now) override;
    void takeAnnounced(const RedisReply &, qint64) override { }
    void emptied(qint64) override { m_bindings->read(); }
    bool knows(const QByteArray &worker) const override;
    const ActScripts *scripts() const override { return m_scripts; }
    void commandAnswered(const Command &command, CommandProgress::Outcome outcome) override;

    // What commands need to know.
    CeleryStanding standing(const QByteArray &node) const override;
    void tookQueues(const QByteArray &node, const QStringList &queues) override;
    void drains(const QByteArray &node, const QStringList &queues) override;
    void sentStop(const QByteArray &node) override;
    void wasSilent(const QByteArray &node) override;
    void tookActive(const QByteArray &node, qint32 active) override;
    void askSoon(const QByteArray &node) override;

private:
    using Members = QHash<QByteArray, CeleryMember>;

    /// What is seen of a queue over time.
    struct Growth
    {
        qint64 waiting = -1;
        qint64 fellAt = 0; ///< Since when it has jobs and became no shorter.
        bool grew = false; ///< Since then.
        bool fell = false; ///< It became shorter at all: a worker takes from it.
    };

    void takeEvent(const CeleryEvent &event);
    void takeExit(const QByteArray &node);
    void takeBinding(QByteArrayView member);
    void bindingsPassed(bool whole);
    void takeQueue(const QueueSample &queue);
    CeleryMember *memberFor(const QByteArray &node);
    void askQueues(qint64 now);
    void freeze();
    void judge(qint64 now);
    /// False: it is to be forgotten.
    bool judgeMember(const QByteArray &node, CeleryMember &member, qint64 now);
    bool isStarved(const CeleryMember &member, qint64 now) const;
    bool isStuck(const QString &queue, qint64 now) const;
    bool isWeighing(qint64 now) const;
    void report(CeleryMember &member, bool beat);
    void reportGhost(const QByteArray &node, CeleryMember &member);
    void tellText(const QByteArray &node, CeleryMember &member);
    void end(CeleryMember &member, WorkerEnd how);
    void setDeaf(const QByteArray &node, bool deaf);
    TraitsRef traitsFor(double frequency);
    WorkerFlags flagsOf(const CeleryMember &member, qint64 now) const;

    RedisSession &m_session;
    const Layout m_layout; ///< With the prefix in force.
    const LayoutVariables m_variables;
    SourceTraits m_traits; ///< Constant once it is made.
    QHash<qint32, TraitsRef> m_paces; ///< By interval.
    CeleryEvents *const m_events;
    CeleryExits *const m_exits; ///< A child.
    const CeleryScripts *const m_scripts; ///< A child.
    RegistryReader *m_bindings; ///< A child.
    QueueReader m_queues;
    Members m_members;
    QHash<QString, Growth> m_growth;
    quint32 m_pass = 1; ///< Number of the pass of bindings under way.
    quint32 m_passed = 0; ///< Of the last one that had all.
    bool m_bindingsRefused = false;
    qint64 m_judgedAt = 0;
    bool m_anyProgress = false; ///< Some worker is at work, or was within starvedMs.
    bool m_anyStuck = false;
};

} // namespace pulsedeck
