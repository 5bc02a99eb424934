// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/lastseenfleet.h"

#include <utility>

namespace pulsedeck::fleet {

LastSeenFleet::LastSeenFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
{ }

QByteArray LastSeenFleet::nameProcess(quint32 slot)
{
    return process(slot).host + ':' + QByteArray::number(process(slot).pid);
}

qint64 LastSeenFleet::beatMs(quint32) const
{
    return scaled(5'000);
}

void LastSeenFleet::enroll(quint32 slot)
{
    beat(slot);
}

void LastSeenFleet::beat(quint32 slot)
{
    send({"ZADD", "workers:seen", QByteArray::number(wallSeconds(), 'f', 3), process(slot).id});
}

void LastSeenFleet::leave(quint32 slot)
{
    loseKeys(slot);
}

void LastSeenFleet::loseKeys(quint32 slot)
{
    send({"ZREM", "workers:seen", process(slot).id});
}

} // namespace pulsedeck::fleet
