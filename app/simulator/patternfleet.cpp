// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/patternfleet.h"

#include <algorithm>
#include <array>

namespace pulsedeck::fleet {

namespace {

constexpr qint64 patternBeatMs = 5'000;
constexpr qint64 patternTtlMs = 3 * patternBeatMs;

} // namespace

/// Its commands with the words that write() fills in.
struct PatternFleet::Pattern
{
    const char *layout;
    std::array<const char *, 2> beat;
    std::array<const char *, 2> loss; ///< Of what a beat has written.
    bool expiresApart = false; ///< The TTL is set by a command of its own, before which a worker can die.
};

const PatternFleet::Pattern &PatternFleet::patternOf(const QString &layout)
{
    static constexpr auto patterns = std::to_array<Pattern>({
        {"last-seen", {"ZADD workers:last-seen {now} {id}"}, {"ZREM workers:last-seen {id}"}},
        {"expiry-set", {"ZADD workers:expiry {until} {id}"}, {"ZREM workers:expiry {id}"}},
        {"heartbeat-keys", {"SET heartbeat:{id} {now} EX {ttl}"}, {"DEL heartbeat:{id}"}},
        {"worker-hashes",
         {"HSET worker:{id} status {status} host {host} pid {pid} started_at {started} queues {queues}",
          "EXPIRE worker:{id} {ttl}"},
         {"DEL worker:{id}"},
         true},
        {"hash-fields", {"HSET workers {id} {now}"}, {"HDEL workers {id}"}},
        {"set-and-keys", {"SADD workers {id}", "SET workers:{id} {now} EX {ttl}"}, {"SREM workers {id}", "DEL workers:{id}"}},
    });
    const auto found = std::find_if(patterns.begin(), patterns.end(),
                                    [&layout](const Pattern &one) { return layout == QLatin1StringView(one.layout); });
    Q_ASSERT(found != patterns.end());
    return *found;
}

PatternFleet::PatternFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
    , m_pattern(patternOf(options.layout))
{ }

QByteArray PatternFleet::nameProcess(quint32 slot)
{
    return process(slot).host + ':' + QByteArray::number(process(slot).pid);
}

qint64 PatternFleet::beatMs(quint32) const
{
    return scaled(patternBeatMs);
}

void PatternFleet::enroll(quint32 slot)
{
    beat(slot);
}

void PatternFleet::beat(quint32 slot)
{
    for (const char *command : m_pattern.beat)
        write(slot, command);
}

void PatternFleet::leave(quint32 slot)
{
    loseKeys(slot);
}

void PatternFleet::loseKeys(quint32 slot)
{
    for (const char *command : m_pattern.loss)
        write(slot, command);
}

void PatternFleet::write(quint32 slot, const QByteArray &command)
{
    if (command.isEmpty())
        return;
    const SimProcess &own = process(slot);
    const auto seconds = [](double time) { return QByteArray::number(time, 'f', 3); };
    const double ttl = double(wholeSeconds(scaled(patternTtlMs)));
    // Each word is one of the command, also where a queue has a blank in its name.
    QByteArrayList words = command.split(' ');
    for (QByteArray &word : words) {
        word.replace("{id}", own.id).replace("{host}", own.host).replace("{pid}", QByteArray::number(own.pid));
        word.replace("{status}", own.quiet ? "draining" : own.jobs.empty() ? "idle" : "busy");
        word.replace("{started}", seconds(double(clock().toWall(own.startedMs)) / 1000));
        word.replace("{queues}", queues().join(','));
        word.replace("{now}", seconds(wallSeconds())).replace("{until}", seconds(wallSeconds() + ttl));
        word.replace("{ttl}", ttlWord(patternTtlMs));
    }
    send(words);
}

QByteArrayList PatternFleet::ownVerbs() const
{
    return m_pattern.expiresApart ? QByteArrayList{"no-ttl"} : QByteArrayList();
}

/// "no-ttl": it dies after it has written its hash and before it has let it expire.
bool PatternFleet::act(const QByteArray &, quint32 slot, std::optional<double>)
{
    loseKeys(slot);
    write(slot, m_pattern.beat.front());
    kill(slot);
    return true;
}

} // namespace pulsedeck::fleet
