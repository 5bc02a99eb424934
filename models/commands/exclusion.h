// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <tuple>

namespace pulsedeck {

/// Why a worker is left out of a command. A value: code compares and groups by it, exclusionText() has the words.
struct Exclusion
{
    enum class Reason : quint8 {
        None, ///< It is not left out.
        // Its source:
        ReadOnlySource,
        NotConnected,
        NotPermitted, ///< \a detail: the right that is missing.
        NotOffered, ///< There is no such act there; \a detail: why.
        // It would not answer:
        OnlyCounters,
        Gone,
        NotHeard, ///< Known by a registration alone, and it sends nothing.
        OnlyRegistered,
        NotAHash,
        KeyLost,
        WouldNotRead,
        NotRenewed,
        // Its state or another command is in the way:
        ShuttingDown,
        HasCommand,
        OtherWord,
        Draining,
        NotAvailable, ///< \a detail: its status.
        NotDraining,
        Serves, ///< It takes work; \a detail: of which queues.
        ToldToShutDown,
        NotDrainedByOperator,
        // There is nothing to withdraw:
        NothingWritten,
        ReadAlready,
        NoCommand,
        Announced,
        NotCancellable,
        // There is nothing to remove:
        NoZombie,
        NotInLifetime,
        HasTtl,
        NotAGhost,
        NotSilent, ///< It calls, or has something to do.
        NoJob, ///< No job of it is running.
        // The question about it is open already:
        NotListed,
        CameBack,
        CommandableSince,
        ByHand,
    };

    Exclusion(Reason why = Reason::None, const QString &more = {})
        : reason(why)
        , detail(more)
    { }

    Reason reason;
    QString detail;

    explicit operator bool() const { return reason != Reason::None; }
    bool operator==(const Exclusion &) const = default;
    bool operator<(const Exclusion &other) const { return std::tie(reason, detail) < std::tie(other.reason, other.detail); }
};

/// "already draining", "not permitted: EVAL is not permitted": for a list. Empty for None.
QString exclusionText(const Exclusion &exclusion);

} // namespace pulsedeck
