// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/actscripts.h"
#include "app/redis/celerymailbox.h"

namespace pulsedeck {

/// What is known of a worker of Celery by whoever watches it.
struct CeleryStanding
{
    enum class Kind : quint8 { Unknown, Ghost, Here, Leaving };
    Kind kind = Kind::Unknown;
    qint64 pid = 0;
    bool drained = false; ///< It serves no queue.
    bool stopSent = false; ///< A shutdown was sent to it from here.
    QStringList served; ///< The queues it serves, or served before it was drained, as far as this run knows.
};

/// Whoever watches Celery's workers.
class CeleryNodes
{
public:
    virtual ~CeleryNodes() = default;
    virtual CeleryStanding standing(const QByteArray &node) const = 0;
    /// It said that it serves these.
    virtual void tookQueues(const QByteArray &node, const QStringList &queues) = 0;
    /// It is drained of these from here: they are what it is to serve again.
    virtual void drains(const QByteArray &node, const QStringList &queues) = 0;
    virtual void sentStop(const QByteArray &node) = 0;
    /// It was asked, and did not answer in time.
    virtual void wasSilent(const QByteArray &node) = 0;
    /// It said that it has so many tasks at work.
    virtual void tookActive(const QByteArray &node, qint32 active) = 0;
    /// What it serves may have changed: it is to be asked, as soon as that may be done.
    virtual void askSoon(const QByteArray &node) = 0;
};

/// Commands to Celery's workers, by remote control: each is a conversation with one worker. Drain asks which queues it serves,
/// cancels each, asks what is at work, and asks again; resume asks too, and adds those that are missing. A worker says "ok" for
/// queues it never had, so only the last question is the proof. A shutdown is sent once, has no answer, and is seen by what the
/// worker says of itself; a second one would be a cold one. A binding is removed only of a worker that is not heard and answers
/// no ping. No message goes out without a destination, see CeleryMessage. Lives on the I/O thread, belongs to a CeleryDialect.
class CeleryScripts final : public QObject, public ActScripts
{
    Q_OBJECT

public:
    static constexpr int obeyedWithinMs = 7'000; ///< After a shutdown: by then it has said that it is offline.

    CeleryScripts(CeleryNodes &nodes, const QByteArray &prefix, int database, QObject *parent);

    QString system() const override { return QStringLiteral("celery"); } // untranslated: a machine word
    void carryOut(RedisConnection &connection, const Command &command, const RedisUrl &url, qint64 now,
                  const Report &report) const override;
    bool usesScripts() const override { return false; }
    ScriptCall scriptFor(const Command &command, qint64 now) const override;
    CommandProgress decode(Act act, const RedisAnswer &answer, const RedisUrl &url) const override;
    std::vector<Right> rights(const QByteArray &absent) const override;
    std::vector<int> rightsFor(Act act) const override;
    void lookUp(RedisConnection &connection, const Command &command, bool careful,
                std::function<void(const CommandProgress &)> then) const override;
    QStringList bytesFor(const Command &command) const override;

    /// See CeleryMailbox::leave.
    void leave() const { m_mailbox->leave(); }
    const CeleryMailbox &mailbox() const { return *m_mailbox; }
    /// Asks workers which queues they serve, outside of any command: tookQueues() has each answer. True: it was sent.
    bool askQueuesOf(RedisConnection &connection, const QByteArrayList &nodes) const;
    /// See ActTraits::messages.
    void describe(SourceTraits &traits) const;

private:
    struct Talk;
    using TalkRef = std::shared_ptr<Talk>;

    bool refuses(const TalkRef &talk) const;
    void tellWritten(const TalkRef &talk) const;
    void askQueues(const TalkRef &talk, const std::function<void(const QStringList &)> &then) const;
    void drain(const TalkRef &talk) const;
    void resume(const TalkRef &talk) const;
    void changeNext(const TalkRef &talk) const;
    void countWork(const TalkRef &talk) const;
    void prove(const TalkRef &talk) const;
    void stop(const TalkRef &talk) const;
    void reap(const TalkRef &talk) const;
    void failed(const TalkRef &talk, const CeleryMailbox::Result &result) const;

    CeleryNodes &m_nodes;
    const QByteArray m_nodeBindings;
    CeleryMailbox *const m_mailbox; ///< A child.
};

} // namespace pulsedeck
