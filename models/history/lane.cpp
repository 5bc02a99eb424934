// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/lane.h"

#include "models/core/enumtable.h"
#include "models/protocol/timingparameter.h"

#include <array>

namespace pulsedeck {

namespace {

constexpr std::array<NamedId<LaneKind>, 3> laneKinds{{
    {LaneKind::Worker, "worker"},
    {LaneKind::Queue, "queue"},
    {LaneKind::Source, "source"},
}};
static_assert(isInOrder(laneKinds, LaneKind::Source));

constexpr std::array<NamedId<LaneFact>, laneFactCount> laneFacts{{
    {LaneFact::Status, "status"},     {LaneFact::Liveness, "liveness"}, {LaneFact::End, "end"},
    {LaneFact::Sessions, "sessions"}, {LaneFact::Flags, "flags"},       {LaneFact::Command, "command"},
    {LaneFact::LearntTtl, "ttl"},     {LaneFact::Interval, "interval"}, {LaneFact::Waiting, "waiting"},
    {LaneFact::AtWork, "at-work"},    {LaneFact::Delayed, "delayed"},   {LaneFact::Failed, "failed"},
    {LaneFact::Paused, "paused"},     {LaneFact::State, "state"},       {LaneFact::Version, "version"},
    {LaneFact::Gone, "gone"},         {LaneFact::Capacity, "capacity"}, {LaneFact::EndedAt, "ended-at"},
    {LaneFact::Taken, "taken"},       {LaneFact::Done, "done"},         {LaneFact::Added, "added"},
}};
static_assert(isInOrder(laneFacts, LaneFact::Added));

/// By Liveness.
constexpr std::array<quint8, size_t(Liveness::Departed) + 1> livenessRanks = [] {
    constexpr std::array order{Liveness::Departed, Liveness::Unknown, Liveness::Alive, Liveness::Settling,
                               Liveness::Late,     Liveness::KeyLost, Liveness::NoTtl, Liveness::Stale,
                               Liveness::Hung,     Liveness::Zombie,  Liveness::Ghost, Liveness::Crashed};
    std::array<quint8, size_t(Liveness::Departed) + 1> ranks{};
    static_assert(order.size() == ranks.size());
    for (size_t i = 0; i < order.size(); ++i)
        ranks[size_t(order[i])] = quint8(i);
    return ranks;
}();

} // namespace

QString laneKindName(LaneKind kind)
{
    return nameFromId(laneKinds, kind);
}

QString laneFactName(LaneFact fact)
{
    return nameFromId(laneFacts, fact);
}

QString laneTimingText(const TimingProfile &timing)
{
    if (timing.assumed)
        return {};
    QStringList values{QString::number(timing.version)};
    for (const TimingId id : allTimings)
        values.append(QString::number(timingValue(timing, id)));
    values.append(timing.name);
    return values.join(u' ');
}

TimingProfile timingOfLaneText(const QString &text)
{
    const QStringList values = text.split(u' ');
    if (values.size() <= timingCount)
        return TimingProfile::assumedDocument();
    TimingProfile timing;
    timing.version = values.front().toLongLong();
    for (qsizetype i = 0; i < timingCount; ++i) {
        bool ok = false;
        const qint64 ms = values[i + 1].toLongLong(&ok);
        if (!ok)
            return TimingProfile::assumedDocument();
        setTimingValue(timing, allTimings[size_t(i)], ms > 0 ? ms : TimingProfile::notUsed);
    }
    timing.name = values.mid(timingCount + 1).join(u' ');
    return timing;
}

quint32 laneVersionMark(const QString &version)
{
    if (version.isEmpty())
        return 0;
    quint32 mark = 2'166'136'261u; // FNV-1a
    for (const char byte : version.toUtf8())
        mark = (mark ^ quint8(byte)) * 16'777'619u;
    return mark == 0 ? 1 : mark;
}

void LaneState::take(LaneFact fact, qint64 value)
{
    known = true;
    switch (fact) {
    case LaneFact::Status:
        status = WorkerStatus(qBound<qint64>(0, value, qint64(WorkerStatus::Other)));
        break;
    case LaneFact::Liveness:
        liveness = Liveness(qBound<qint64>(0, value, qint64(Liveness::Departed)));
        break;
    case LaneFact::End:
        end = WorkerEnd(qBound<qint64>(0, value, qint64(WorkerEnd::Unseen)));
        break;
    case LaneFact::Sessions:
        sessions = qint32(value);
        break;
    case LaneFact::Flags:
        flags = quint32(value);
        break;
    case LaneFact::Command:
        command = CommandState(qBound<qint64>(0, value, qint64(CommandState::Other)));
        break;
    case LaneFact::LearntTtl:
        learntTtl = qint32(value);
        break;
    case LaneFact::Interval:
        interval = qint32(value);
        break;
    case LaneFact::Waiting:
        waiting = value;
        break;
    case LaneFact::AtWork:
        atWork = value;
        break;
    case LaneFact::Delayed:
        delayed = value;
        break;
    case LaneFact::Failed:
        failed = value;
        break;
    case LaneFact::Paused:
        paused = value != 0;
        break;
    case LaneFact::State:
        state = SourceState(qBound<qint64>(0, value, qint64(SourceState::Failed)));
        break;
    case LaneFact::Version:
        version = quint32(value);
        break;
    case LaneFact::Gone:
        *this = LaneState();
        break;
    case LaneFact::Capacity:
        capacity = qint32(value);
        break;
    case LaneFact::EndedAt:
        endedAt = value;
        break;
    case LaneFact::Taken:
        taken = value;
        break;
    case LaneFact::Done:
        done = value;
        break;
    case LaneFact::Added:
        added = value;
        break;
    }
}

qint64 LaneState::valueOf(LaneFact fact) const
{
    switch (fact) {
    case LaneFact::Status:
        return qint64(status);
    case LaneFact::Liveness:
        return qint64(liveness);
    case LaneFact::End:
        return qint64(end);
    case LaneFact::Sessions:
        return sessions;
    case LaneFact::Flags:
        return flags;
    case LaneFact::Command:
        return qint64(command);
    case LaneFact::LearntTtl:
        return learntTtl;
    case LaneFact::Interval:
        return interval;
    case LaneFact::Waiting:
        return waiting;
    case LaneFact::AtWork:
        return atWork;
    case LaneFact::Delayed:
        return delayed;
    case LaneFact::Failed:
        return failed;
    case LaneFact::Paused:
        return paused ? 1 : 0;
    case LaneFact::State:
        return qint64(state);
    case LaneFact::Version:
        return version;
    case LaneFact::Capacity:
        return capacity;
    case LaneFact::EndedAt:
        return endedAt;
    case LaneFact::Taken:
        return taken;
    case LaneFact::Done:
        return done;
    case LaneFact::Added:
        return added;
    case LaneFact::Gone:
        break;
    }
    return known ? 0 : 1;
}

int livenessRank(Liveness liveness)
{
    return livenessRanks[size_t(liveness)];
}

bool expectsBeats(Liveness liveness)
{
    switch (liveness) {
    case Liveness::Alive:
    case Liveness::Settling:
    case Liveness::Late:
    case Liveness::Stale:
    case Liveness::Crashed:
    case Liveness::Hung:
    case Liveness::KeyLost:
        return true;
    case Liveness::NoTtl:
    case Liveness::Zombie:
    case Liveness::Ghost:
    case Liveness::Unknown:
    case Liveness::Departed:
        break;
    }
    return false;
}

bool isLoss(WorkerEnd end)
{
    return end == WorkerEnd::Expired || end == WorkerEnd::Crashed;
}

} // namespace pulsedeck
