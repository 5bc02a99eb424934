// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/fleetdialect.h"

#include <QHash>

namespace pulsedeck {

/// A second system, for tests: all its workers stand in one sorted set, last-seen, with the moment each was seen last in
/// milliseconds by the server's clock. Whoever is taken out of it has left. It takes no commands and has no TTLs.
class LastSeenDialect final : public FleetDialect
{
public:
    static constexpr const char *setKey = "last-seen";

    /// Robots have no sessions, no endpoint and no key of their own.
    static TraitsRef robotTraits()
    {
        SourceTraits traits;
        traits.worker = QStringLiteral("robot");
        traits.workers = QStringLiteral("robots");
        traits.recordPrefix.clear();
        traits.facts = SourceFact::Push;
        traits.basis = BeatBasis::Score;
        return TraitsRef::of(traits);
    }

    explicit LastSeenDialect(RedisSession &session)
        : m_session(session)
    { }

    QByteArrayList prefixes() const override { return {setKey}; }
    void beginView() override
    {
        m_viewRead = false;
        read();
    }
    bool isViewRead() const override { return m_viewRead; }
    void lost() override { m_viewRead = false; }
    void tick(qint64 now) override
    {
        if (m_session.fullView && !m_session.pushing && now - m_readAt >= m_session.options.sweepMs)
            read();
    }
    void takeAnnounced(const RedisReply &keys, qint64) override
    {
        for (int i = 0; i < keys.size(); ++i) {
            if (keys.at(i).bytes() == setKey)
                read();
        }
    }
    void emptied(qint64) override { read(); }
    bool knows(const QByteArray &worker) const override { return m_seen.contains(worker); }

private:
    struct Seen
    {
        WorkerNumber number = 0;
        qint64 at = 0;
        quint32 round = 0; ///< In which it was in the set.
    };

    void read()
    {
        m_readAt = m_session.now();
        m_session.ask({"ZRANGE", setKey, "0", "-1", "WITHSCORES"}, [this](const RedisAnswer &answer) {
            if (answer.ok())
                take(answer.reply);
            m_viewRead = true;
            m_session.flush();
            m_session.partRead();
        });
    }

    void take(const RedisReply &members)
    {
        ++m_round;
        for (int i = 0; i + 1 < members.size(); i += 2) {
            const QByteArray id = members.at(i).bytes().toByteArray();
            const auto found = m_seen.find(id);
            const bool added = found == m_seen.end();
            Seen &seen = added ? m_seen[id] : *found;
            if (added) {
                WorkerText text;
                text.number = seen.number = m_session.nextNumber++;
                text.id = id;
                text.type = "robot";
                text.traits = robotTraits();
                m_session.addText(text);
            }
            const qint64 at = members.at(i + 1).toInteger();
            report(seen, true, at != seen.at && !added, at);
            seen.at = at;
            seen.round = m_round;
        }
        m_seen.removeIf([this](const QHash<QByteArray, Seen>::iterator &it) {
            if (it->round == m_round)
                return false;
            report(*it, false, false, it->at);
            m_session.addRemoved(it->number);
            return true;
        });
    }

    void report(const Seen &seen, bool present, bool beat, qint64 at)
    {
        WorkerSample sample;
        sample.number = seen.number;
        sample.readAt = m_session.now();
        sample.beatAt = at - m_session.clockOffset.offsetMs();
        sample.status = WorkerStatus::Available;
        sample.keyPresent = present;
        sample.newBeat = beat;
        sample.end = present ? WorkerEnd::None : WorkerEnd::Left;
        m_session.addSample(sample);
    }

    RedisSession &m_session;
    QHash<QByteArray, Seen> m_seen;
    qint64 m_readAt = 0;
    quint32 m_round = 0;
    bool m_viewRead = false;
};

} // namespace pulsedeck
