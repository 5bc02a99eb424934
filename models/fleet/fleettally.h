// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <array>
#include <vector>

namespace pulsedeck {

/// Counts over the workers of the visible sources: the figures of the header.
struct FleetFigures
{
    int alive = 0; ///< Includes new ones; excludes draining, shutting down and nobodyListens.
    int settling = 0; ///< No beat seen yet and no age proven.
    int nobodyListens = 0; ///< Those of nobodyListens(): neither alive nor settling.
    int late = 0;
    int stale = 0;
    int crashed = 0;
    int hung = 0;
    int keyLost = 0;
    int draining = 0; ///< Draining or shutting down, and alive.
    int statusUnknown = 0; ///< Alive, and whether they drain is not known.
    int zombie = 0; ///< Counters without a key, but for those of a worker that ended in order.
    int zombieUnseen = 0; ///< Of those: the end of the worker was not seen.
    int ghost = 0; ///< Registered, and without a key.
    int zombieOrGhost = 0; ///< Both together, as the header has them.
    int noTtl = 0;
    int unknown = 0;
    int departed = 0;
    int total = 0; ///< All but departed.
    bool blind = false; ///< A source is lost or was never read: the counts are incomplete.
    bool sessionsUnknown = false; ///< No source is in view: there is no sum of sessions.
    int actors = 0; ///< Of total: registered at hubs.
    /// Those needsAttention() names: what headings, saved views and the filter liveness:attention count too.
    int attention = 0;
    /// Sum of the known, non-negative counters of workers whose key is there; not of sources that are lost.
    qint64 activeSessions = 0;
    qint64 capacity = 0; ///< Of those whose capacity is known, and as with sessions there now.
    qint64 busy = 0; ///< Their active sessions.
    int sized = 0; ///< How many those are.
    double beatsPerSecond = 0; ///< Over the last five seconds.
};

/// Counts over the workers of one source. A worker is removed before it changes and added again afterwards. One that hangs under
/// another is counted only where it needs attention. A value.
class FleetTally
{
public:
    /// \a sign is 1, or -1 to take out one that was added as it is now.
    void add(const Worker &worker, int sign);
    int zombiesUnseen() const { return m_zombiesUnseen; }
    /// Those that hang under others and have not departed.
    int children() const { return m_children; }
    /// How many workers of each kind have not departed, by TraitsRef::number().
    const std::vector<int> &byTraits() const { return m_byTraits; }
    /// Adds all counts to those of other sources; not total, blind, sessionsUnknown and beatsPerSecond.
    void addTo(FleetFigures *figures) const;

private:
    std::array<int, size_t(Liveness::Departed) + 1> m_byLiveness{}; ///< But for those of the next two.
    int m_draining = 0;
    int m_nobodyListens = 0;
    int m_statusUnknown = 0;
    int m_zombiesUnseen = 0;
    int m_actors = 0;
    int m_attention = 0;
    qint64 m_sessions = 0;
    qint64 m_capacity = 0;
    qint64 m_busy = 0;
    int m_sized = 0;
    int m_children = 0;
    std::vector<int> m_byTraits;
};

} // namespace pulsedeck
