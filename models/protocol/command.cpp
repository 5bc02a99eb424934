// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/command.h"

#include "models/core/enumtable.h"

#include <array>

namespace pulsedeck {

namespace {

constexpr auto refusalRows = std::to_array<WordRow<Refusal>>({
    {Refusal::None, "", ""},
    {Refusal::HasCommand, "has-command", QT_TRANSLATE_NOOP("Refusal", "has a command under way")},
    {Refusal::AlreadyCommanded, "already-commanded", QT_TRANSLATE_NOOP("Refusal", "already commanded")},
    {Refusal::KeyGone, "key-gone", QT_TRANSLATE_NOOP("Refusal", "key gone")},
    {Refusal::NotAvailable, "not-available", QT_TRANSLATE_NOOP("Refusal", "not available")},
    {Refusal::NotDrained, "not-drained", QT_TRANSLATE_NOOP("Refusal", "not drained from a console")},
    {Refusal::ShutdownGiven, "shutdown-given", QT_TRANSLATE_NOOP("Refusal", "has been sent a shutdown"), "told to shut down"},
    {Refusal::DrainUnproven, "drain-unproven", QT_TRANSLATE_NOOP("Refusal", "the drain was not seen to begin"),
     "nobody saw that drain begin"},
    {Refusal::StillListening, "still-listening", QT_TRANSLATE_NOOP("Refusal", "its process is still listening"),
     "its process still listens"},
    {Refusal::KeyBack, "key-back", QT_TRANSLATE_NOOP("Refusal", "key is back")},
    {Refusal::NotInLifetime, "not-in-lifetime", QT_TRANSLATE_NOOP("Refusal", "not in the lifetime counters")},
    {Refusal::HasTtl, "has-ttl", QT_TRANSLATE_NOOP("Refusal", "has a TTL now")},
    {Refusal::HeartbeatMoved, "heartbeat-moved", QT_TRANSLATE_NOOP("Refusal", "has sent a heartbeat since"), "has beaten since"},
    {Refusal::NotAHash, "not-a-hash", QT_TRANSLATE_NOOP("Refusal", "key is not a hash"), "key is no hash"},
    {Refusal::OtherCommand, "other-command", QT_TRANSLATE_NOOP("Refusal", "another command is pending"),
     "another command is there"},
    {Refusal::NotPermitted, "not-permitted", QT_TRANSLATE_NOOP("Refusal", "not permitted")},
    {Refusal::Replica, "replica", QT_TRANSLATE_NOOP("Refusal", "server is a replica")},
    {Refusal::ReadOnlySource, "read-only-source", QT_TRANSLATE_NOOP("Refusal", "source is read-only")},
    {Refusal::NotConnected, "not-connected", QT_TRANSLATE_NOOP("Refusal", "not connected")},
    {Refusal::Server, "server", QT_TRANSLATE_NOOP("Refusal", "refused by the server")},
    {Refusal::RegistrationExpired, "registration-expired", QT_TRANSLATE_NOOP("Refusal", "registration expired")},
    {Refusal::ActorRefused, "actor-refused", QT_TRANSLATE_NOOP("Refusal", "refused by the actor")},
    {Refusal::NotOffered, "not-offered", QT_TRANSLATE_NOOP("Refusal", "its system has no such command")},
    {Refusal::SignalWaiting, "signal-waiting", QT_TRANSLATE_NOOP("Refusal", "a command waits for it already")},
    {Refusal::NotRegistered, "not-registered", QT_TRANSLATE_NOOP("Refusal", "not registered any more")},
    {Refusal::GuardFailed, "guard-failed", QT_TRANSLATE_NOOP("Refusal", "not possible in its state")},
    {Refusal::NobodyListens, "nobody-listens", QT_TRANSLATE_NOOP("Refusal", "no process received it")},
    {Refusal::AlreadyShuttingDown, "already-shutting-down", QT_TRANSLATE_NOOP("Refusal", "already shutting down")},
});

static_assert(isInOrder(refusalRows, Refusal::AlreadyShuttingDown), "one row per refusal, in the order of the enumeration");

} // namespace

QString refusalText(Refusal refusal)
{
    return tableText("Refusal", refusalWords(refusal));
}

const char *refusalWords(Refusal refusal)
{
    return refusalRows[size_t(refusal)].text;
}

QString refusalName(Refusal refusal)
{
    return nameFromId(refusalRows, refusal);
}

Refusal refusalFromText(QStringView text)
{
    return idFromText(refusalRows, text).value_or(Refusal::None);
}

Refusal refusalFromName(QStringView name)
{
    return idFromName(refusalRows, name).value_or(Refusal::None);
}

} // namespace pulsedeck
