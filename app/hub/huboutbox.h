// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubrequest.h"
#include "app/hub/tokenbucket.h"

#include <QCoreApplication>
#include <QHash>

#include <array>
#include <deque>
#include <functional>
#include <vector>

namespace pulsedeck {

/// The one answer every request to a hub gets.
struct HubAnswer
{
    Q_DECLARE_TR_FUNCTIONS(HubAnswer)

public:
    enum class Outcome : quint8 {
        Answered, ///< message holds the answer, and it is no error.
        Sent, ///< Written; the hub never answers this kind.
        Refused, ///< hub:error: it was not done.
        UnknownActor, ///< hub:unknown_actor: never registered, or expired.
        TimedOut, ///< Written, and no answer within the limit. Whether the hub acted on it is unknown.
        Lost, ///< Written, and the connection ended first. Whether the hub acted on it is unknown.
        NotSent, ///< Never written: no connection, it ended before, or too much is waiting.
        TooLarge, ///< Never written: the hub would have ended the session.
    };
    Outcome outcome = Outcome::NotSent;
    std::optional<HubMessage> message; ///< For Answered, Refused and UnknownActor.
    qint64 elapsedMs = 0; ///< From writing to reading.

    bool ok() const { return outcome == Outcome::Answered || outcome == Outcome::Sent; }
    template <typename T> const T *as() const { return message ? message->as<T>() : nullptr; }
    /// What happened, in words, for anything but Answered and Sent.
    QString text() const;
    /// For UnknownActor: it was registered, and its registration had run out.
    bool hasExpired() const;
};

/// What waits to be written to a hub and what waits for its answer: three lanes under one rate limit. Heartbeats go
/// first; the pages of the fleet and everything else take turns, so that neither keeps the other waiting. Knows no
/// socket and no clock; times are milliseconds of one that never runs backwards.
class HubOutbox
{
public:
    using Handler = std::function<void(const HubAnswer &)>;

    enum class Lane : quint8 {
        Heartbeat, ///< Before everything else.
        Fleet, ///< The registry's pages.
        Other,
    };
    struct Limits
    {
        double perSecond = 9; ///< The hub takes 10.
        double burst = 9;
        size_t mostWaiting = 2'000; ///< In each lane.
        int mostTries = 4; ///< A message the hub refused for its rate is written so often.
    };
    /// Something whose answer is there. Call it once everything is in order: it may do anything.
    struct Finished
    {
        Handler handler;
        HubAnswer answer;
        void operator()() const
        {
            if (handler)
                handler(answer);
        }
    };
    struct Outgoing
    {
        QString id;
        HubRequest request;
        std::optional<Finished> finished; ///< For what is never answered.
    };
    enum class Meant : quint8 {
        Request, ///< The answer to a request of ours, or a refusal that has been put off.
        NoRequest, ///< It came late, twice, or was meant for another client.
    };

    explicit HubOutbox(const Limits &limits);

    /// False if too much is waiting: then nothing is kept.
    bool add(HubRequest request, int timeoutMs, Handler handler, Lane lane = Lane::Other);
    /// The next message that may be written now.
    std::optional<Outgoing> take(qint64 nowMs);
    /// Milliseconds until take() gives one; -1 if nothing waits.
    qint64 waitMs(qint64 nowMs);

    /// An answer of the hub's. What it finished is put into \a finished.
    Meant answered(const HubMessage &message, qint64 nowMs, std::optional<Finished> *finished);
    /// What has waited too long for its answer.
    std::vector<Finished> expired(qint64 nowMs);
    /// The connection is gone: everything there is is finished, and the next connection begins with a full bucket.
    std::vector<Finished> reset();

    size_t waiting() const { return m_lanes[0].size() + m_lanes[1].size() + m_lanes[2].size(); }
    size_t underWay() const { return size_t(m_underWay.size()); }
    qint64 pausedForMs(qint64 nowMs) const { return qMax<qint64>(0, m_pausedUntil - nowMs); }
    int sentInLastSecond(qint64 nowMs);

private:
    struct Entry
    {
        HubRequest request;
        Handler handler;
        int timeoutMs = 0;
        int tries = 0;
        Lane lane = Lane::Other;
        qint64 writtenAt = 0;
    };

    std::deque<Entry> &lane(Lane lane) { return m_lanes[size_t(lane)]; }
    std::deque<Entry> &nextLane();
    bool putOff(Entry &entry);

    Limits m_limits;
    TokenBucket m_bucket;
    std::array<std::deque<Entry>, 3> m_lanes;
    QHash<QString, Entry> m_underWay;
    QHash<QString, Entry> m_quiet; ///< What is never answered, for as long as a refusal for the rate may come.
    std::deque<qint64> m_sent; ///< When the messages of the last second were written.
    qint64 m_pausedUntil = 0;
    Lane m_last = Lane::Other; ///< Whose turn it was.
};

} // namespace pulsedeck
