// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <array>
#include <optional>
#include <vector>

namespace pulsedeck::fleet {

class SeededRandom;

/// The named ways in which a worker can be other than healthy.
enum class FailureMode : quint8 {
    None,
    Crash, ///< Ended as by SIGKILL: nothing is written, the subscription is gone at once.
    Hang, ///< Beats stop, the subscription stays.
    Late, ///< Some beats come after 1.6 to 2.8 intervals.
    Skew, ///< The worker's clock is off by seconds to an hour.
    NoTtl, ///< The registration dies before EXPIRE: a hash without TTL and without a worker.
    StuckDrain, ///< A drain whose sessions never end.
    ForgottenDrain, ///< The key is lost during a drain, and the worker writes available though it drains.
    Garbage, ///< Fields that are missing, empty, no number, enormous or binary.
    WrongType, ///< The key is a string or a list.
    Outage, ///< The workers lose Redis for some seconds.
    Leave, ///< SIGTERM from available.
    Untyped, ///< An id without browser type and no subscription, as fleets before 0.1.0 have.
};

constexpr int failureModeCount = 13;

/// The word of a mode on the command line, on standard input and in messages.
QString failureModeName(FailureMode mode);
std::optional<FailureMode> failureModeFromName(const QString &name);
/// All words, for usage texts.
QStringList failureModeNames();

/// Which share of the workers shows which mode, and which of the first workers that is. Pure; the same for the same
/// seed.
class FailureShares
{
public:
    double share(FailureMode mode) const { return m_share[size_t(mode)]; }
    void setShare(FailureMode mode, double share) { m_share[size_t(mode)] = share; }
    /// Sum over the modes that belong to single workers, so without Outage.
    double total() const;

    /// Modes of the first \a count workers: exactly the rounded share of each mode, spread at random.
    std::vector<FailureMode> assign(int count, const SeededRandom &random) const;

private:
    std::array<double, failureModeCount> m_share{};
};

} // namespace pulsedeck::fleet
