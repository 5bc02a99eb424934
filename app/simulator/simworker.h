// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/failuremode.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>

namespace pulsedeck::fleet {

class SeededRandom;

/// What a worker with garbage in its hash got there. The order is that in which they are dealt out.
enum class GarbageKind : quint8 {
    None,
    NoEndpoint,
    EmptyStatus,
    StartedAtText,
    HeartbeatText, ///< At every beat again.
    HugeEndpoint,
    BinaryStatus,
    OnlyId,
    CounterText, ///< The active counter holds a word.
    HugeType,
};
constexpr int garbageKindCount = 9;

/// One simulated worker process: plain data in a table, no object with a life of its own. A slot is the place in the
/// fleet (type, host and port); the process in it changes, and with it ordinal, id and life.
struct SimWorker
{
    enum class Process : quint8 {
        None, ///< Nothing runs; a replacement may be on its way.
        Registering,
        Running,
        Leaving, ///< Says shutting-down, its key goes in a moment.
        Crashed, ///< Ended without a word; may come back under its id.
    };

    qint64 startedAt = 0; ///< Unix milliseconds by the simulator's clock.
    qint64 beatDue = 0; ///< The same.
    quint32 ordinal = 0; ///< Of the process among all that were ever begun: seeds its id and its jitter.
    quint32 life = 1; ///< Grows whenever a process ends, so that late answers and timers are known as such.
    quint32 beats = 0; ///< Beats that became due.
    qint32 skewMs = 0; ///< Added to the clock the worker writes.
    quint16 sessions = 0; ///< Sessions the proxy holds open on it.
    Process process = Process::None;
    FailureMode mode = FailureMode::None; ///< What it was drawn or picked for.
    GarbageKind garbage = GarbageKind::None;
    quint8 idLength = 0;
    bool typed = true;
    bool draining = false;
    bool hung = false;
    bool late = false;
    bool pinned = false; ///< Its sessions do not end by themselves.
    bool cutOff = false; ///< It alone does not reach Redis.
    bool beatUnderway = false;
    bool commandHeard = false; ///< A message came while it hung.
    bool extra = false; ///< Not part of the fleet's size: is not replaced.
    bool counted = false; ///< Its first registration has been reported.

    /// "chromium:<uuid>", or "<uuid>" in an old fleet.
    QByteArrayView id() const { return {m_key.data() + 7, qsizetype(idLength)}; }
    /// "worker:" and the id.
    QByteArrayView key() const { return {m_key.data(), qsizetype(idLength) + 7}; }
    /// "worker:cmd:" and the id: key and channel of commands.
    QByteArrayView commandKey() const { return {m_commandKey.data(), qsizetype(idLength) + 11}; }
    /// The id without its type.
    QByteArrayView uuid() const { return id().last(36); }
    /// Empty for an old fleet's worker.
    QByteArrayView type() const { return typed ? id().chopped(37) : QByteArrayView(); }

    bool isHealthy() const
    {
        return process == Process::Running && mode == FailureMode::None && !draining && !hung && !late && !cutOff && !pinned;
    }

    /// Gives it the id of the process \a newOrdinal in \a slot.
    void assume(quint32 slot, quint32 newOrdinal, bool withType, const SeededRandom &random);
    /// Back to a process that has done nothing yet; id and life stay.
    void clearProcess();

private:
    std::array<char, 52> m_key{};
    std::array<char, 56> m_commandKey{};
};

/// "ws://10.x.y.z:port/playwright/<uuid>": the address belongs to the slot, the path to the process.
QByteArray endpointOf(quint32 slot, quint32 ordinal, const SeededRandom &random);

} // namespace pulsedeck::fleet
