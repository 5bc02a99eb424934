// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/replicawatch.h"

#include "app/redis/serveridentity.h"

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr qint64 leastQuietMs = 3'000;
constexpr qint64 mostQuietMs = 30'000;

/// A number of seconds as milliseconds; -1 if there is none.
qint64 secondsOf(QByteArrayView info, QByteArrayView key)
{
    bool ok = false;
    const qint64 seconds = infoValue(info, key).toByteArray().toLongLong(&ok);
    return ok && seconds >= 0 && seconds < 1'000'000'000'000 ? seconds * 1'000 : -1;
}

} // namespace

ReplicaLink ReplicaLink::fromInfo(QByteArrayView info)
{
    ReplicaLink link;
    const QByteArrayView role = infoValue(info, "role");
    link.known = !role.isEmpty();
    link.replica = role == "slave" || role == "replica";
    if (!link.replica) {
        bool ok = false;
        const int count = infoValue(info, "connected_slaves").toByteArray().toInt(&ok);
        link.replicas = ok ? count : -1;
        return link;
    }
    link.up = infoValue(info, "master_link_status") == "up";
    link.downForMs = secondsOf(info, "master_link_down_since_seconds");
    link.quietForMs = secondsOf(info, "master_last_io_seconds_ago");
    return link;
}

ReplicaLink ReplicaLink::fromRole(const RedisReply &role)
{
    ReplicaLink link;
    const QByteArrayView word = role.at(0).bytes();
    link.known = !word.isEmpty();
    link.replica = word == "slave" || word == "replica";
    if (link.known && !link.replica && role.at(2).isArray())
        link.replicas = int(role.at(2).size());
    if (link.replica)
        link.up = role.at(3).bytes() == "connected";
    return link;
}

qint64 ReplicaWatch::quietLimitMs() const
{
    // Whole seconds on both sides: two more are no silence.
    return std::clamp(m_longestQuiet * 3 / 2 + 2'000, leastQuietMs, mostQuietMs);
}

void ReplicaWatch::take(const ReplicaLink &link, qint64 now)
{
    if (!link.known)
        return;
    const bool stood = m_link.replica && m_link.up && link.replica && link.up;
    m_link = link;
    if (!link.replica) {
        clear();
        m_link = link;
        return;
    }
    if (!link.up) {
        m_trouble = SourceTrouble::MasterLost;
        // The link was silent before it was given up: the earliest moment known is the true one.
        qint64 brokeAt = link.downForMs >= 0 ? now - link.downForMs : now;
        for (const qint64 earlier : {m_heardAt, m_endedAt}) {
            if (earlier > 0)
                brokeAt = qMin(brokeAt, earlier);
        }
        m_endedAt = brokeAt;
        m_quietBefore = 0;
        return;
    }
    const qint64 quiet = qMax<qint64>(0, link.quietForMs);
    m_heardAt = now - quiet;
    if (stood && quiet < m_quietBefore)
        m_longestQuiet = qMax(m_longestQuiet, m_quietBefore);
    m_quietBefore = quiet;
    if (quiet > quietLimitMs()) {
        m_trouble = SourceTrouble::MasterSilent;
        m_endedAt = m_endedAt > 0 ? qMin(m_endedAt, now - quiet) : now - quiet;
        return;
    }
    m_trouble = SourceTrouble::None;
    m_endedAt = 0;
}

} // namespace pulsedeck
