// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace pulsedeck::fleet {

/// Random numbers that depend only on the seed and on what they are for, never on the order in which they are asked
/// for. The order of Redis' answers is not repeatable; ids, jitter and failures still must be.
class SeededRandom
{
public:
    /// What a number is for. The value is part of the number: keep it when the list grows.
    enum class Use : quint64 {
        Id = 1,
        Secret = 2,
        Host = 3,
        Type = 4,
        Phase = 5,
        Jitter = 6,
        Lateness = 7,
        LateGap = 8,
        Mode = 9,
        Pick = 10,
        Skew = 11,
        Hang = 12,
        Return = 13,
        Replace = 14,
        Strike = 15,
        Session = 16,
        Candidate = 17,
        Churn = 18,
        Rhythm = 19,
    };

    explicit SeededRandom(quint64 seed)
        : m_seed(mix(seed ^ 0x50756c7365ULL))
    { }

    quint64 bits(Use use, quint64 who, quint64 which = 0) const { return mix(mix(mix(m_seed ^ quint64(use)) ^ who) ^ which); }
    /// From 0 up to, not including, 1.
    double unit(Use use, quint64 who, quint64 which = 0) const { return double(bits(use, who, which) >> 11) * 0x1.0p-53; }
    double between(double low, double high, Use use, quint64 who, quint64 which = 0) const
    {
        return low + (high - low) * unit(use, who, which);
    }

private:
    /// A golden-ratio step, then two xor-multiply rounds: enough that neighbouring inputs share nothing.
    static quint64 mix(quint64 value)
    {
        value += 0x9e3779b97f4a7c15ULL;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
        return value ^ (value >> 31);
    }

    quint64 m_seed;
};

} // namespace pulsedeck::fleet
