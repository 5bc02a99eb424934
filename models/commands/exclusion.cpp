// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/exclusion.h"

#include "models/core/enumtable.h"
#include "models/core/format.h"

#include <array>

namespace pulsedeck {

namespace {

using Reason = Exclusion::Reason;

struct ExclusionRow
{
    Reason id;
    const char *text; ///< %1: the detail.
};

constexpr auto exclusionRows = std::to_array<ExclusionRow>({
    {Reason::None, ""},
    {Reason::ReadOnlySource, QT_TRANSLATE_NOOP("Exclusion", "read-only source")},
    {Reason::NotConnected, QT_TRANSLATE_NOOP("Exclusion", "source not connected")},
    {Reason::NotPermitted, QT_TRANSLATE_NOOP("Exclusion", "not permitted: %1")},
    {Reason::NotOffered, "%1"},
    {Reason::OnlyCounters, QT_TRANSLATE_NOOP("Exclusion", "dead: only its counters are left")},
    {Reason::Gone, QT_TRANSLATE_NOOP("Exclusion", "gone already")},
    {Reason::NotHeard, QT_TRANSLATE_NOOP("Exclusion", "not heard: it is dead, stopped or cut off, and would not answer")},
    {Reason::OnlyRegistered, QT_TRANSLATE_NOOP("Exclusion", "only its registration is left: its record is gone")},
    {Reason::NotAHash, QT_TRANSLATE_NOOP("Exclusion", "its key is not a hash")},
    {Reason::KeyLost, QT_TRANSLATE_NOOP("Exclusion", "its key is lost: it may be back at its next heartbeat")},
    {Reason::WouldNotRead, QT_TRANSLATE_NOOP("Exclusion", "dead: it would not read a command")},
    {Reason::NotRenewed, QT_TRANSLATE_NOOP("Exclusion", "dead: its key is not renewed")},
    {Reason::ShuttingDown, QT_TRANSLATE_NOOP("Exclusion", "shutting down already")},
    {Reason::HasCommand, QT_TRANSLATE_NOOP("Exclusion", "has a command")},
    {Reason::OtherWord, QT_TRANSLATE_NOOP("Exclusion", "its command key holds another word")},
    {Reason::Draining, QT_TRANSLATE_NOOP("Exclusion", "already draining")},
    {Reason::NotAvailable, QT_TRANSLATE_NOOP("Exclusion", "not available: %1")},
    {Reason::NotDraining, QT_TRANSLATE_NOOP("Exclusion", "not draining")},
    {Reason::Serves, QT_TRANSLATE_NOOP("Exclusion", "takes work already: it serves %1")},
    {Reason::ToldToShutDown, QT_TRANSLATE_NOOP("Exclusion", "has been sent a shutdown")},
    {Reason::NotDrainedByOperator, QT_TRANSLATE_NOOP("Exclusion", "not drained by an operator")},
    {Reason::NothingWritten, QT_TRANSLATE_NOOP("Exclusion", "queued: nothing has been written yet")},
    {Reason::ReadAlready, QT_TRANSLATE_NOOP("Exclusion", "read already")},
    {Reason::NoCommand, QT_TRANSLATE_NOOP("Exclusion", "no command pending")},
    {Reason::Announced, QT_TRANSLATE_NOOP("Exclusion", "announced: it cannot be withdrawn")},
    {Reason::NotCancellable, QT_TRANSLATE_NOOP("Exclusion", "cannot be cancelled yet")},
    {Reason::NoZombie, QT_TRANSLATE_NOOP("Exclusion", "not a zombie")},
    {Reason::NotInLifetime, QT_TRANSLATE_NOOP("Exclusion", "not in the lifetime hash, which the reaper goes by")},
    {Reason::HasTtl, QT_TRANSLATE_NOOP("Exclusion", "its key has a TTL")},
    {Reason::NotAGhost, QT_TRANSLATE_NOOP("Exclusion", "not a ghost: its record is there")},
    {Reason::NotSilent, QT_TRANSLATE_NOOP("Exclusion", "it has called lately, or has entries that are not acknowledged")},
    {Reason::NoJob, QT_TRANSLATE_NOOP("Exclusion", "no job is running")},
    {Reason::NotListed, QT_TRANSLATE_NOOP("Exclusion", "not in the list any more")},
    {Reason::CameBack, QT_TRANSLATE_NOOP("Exclusion", "came back after this was opened; not included")},
    {Reason::CommandableSince, QT_TRANSLATE_NOOP("Exclusion", "could not be commanded when this was opened; not included")},
    {Reason::ByHand, QT_TRANSLATE_NOOP("Exclusion", "left out by you")},
});
static_assert(isInOrder(exclusionRows, Reason::ByHand), "one row per reason, in the order of the enumeration");

} // namespace

QString exclusionText(const Exclusion &exclusion)
{
    return placed(tableText("Exclusion", exclusionRows[size_t(exclusion.reason)].text), {exclusion.detail});
}

} // namespace pulsedeck
