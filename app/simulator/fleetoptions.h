// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/failuremode.h"
#include "models/protocol/timingprofile.h"
#include "models/sources/redisurl.h"

#include <QProcessEnvironment>

namespace pulsedeck::fleet {

/// The simulated Signal Hub, if one is wanted. Durations are milliseconds.
struct HubOptions
{
    int port = -1; ///< -1: none. 0: any free one.
    int actors = 0;
    qint64 actorTtl = 300'000;
    bool quietActors = false; ///< Their heartbeats do not keep the hub awake.
    bool forgets = true; ///< Everything, after ten seconds of silence, as the true one does.
    QByteArray secret; ///< For HS256; empty: no authentication.

    bool isWanted() const { return port >= 0; }
};

/// Everything the command line of the simulator says. Durations are milliseconds.
struct FleetOptions
{
    RedisUrl url;
    QString layout = QStringLiteral("playwright"); ///< Or one of simulatedSystems().
    QStringList queues; ///< Of such a system; empty: usual ones.
    double speed = 1; ///< By which the times of such a system are divided.
    int release = 0; ///< Major version of such a system; 0: its newest.
    int workers = 20;
    TimingProfile timing;
    double sessions = 0.3; ///< Share of all slots in use on average; 0 switches sessions off.
    int slotsPerWorker = 5; ///< Sessions one worker takes at a time.
    qint64 sessionLength = 30'000; ///< Mean length of a session.
    qint64 waves = 0; ///< Jobs come in waves of this length, and more than can be done at their height; 0: evenly.
    int lifetimeLimit = 50; ///< Sessions after which the proxy ends a worker; 0 for no limit.
    double churn = 0; ///< Share of the fleet that ends in an orderly way and is replaced, per minute.
    quint64 seed = 1;
    double jitter = 0.02; ///< Spread of a beat around its interval, as a share of it.
    double returnShare = 0.3; ///< Share of crashed workers that come back under their id.
    qint64 downTime = 0; ///< From a crash to the return or the replacement; 0 is three times the key's TTL.
    qint64 replaceAfter = 3'000; ///< From an orderly end to the replacement.
    FailureShares shares;
    bool publishTiming = false;
    qint64 statsEvery = 0; ///< 0: no lines of figures.
    qint64 parentPid = 0; ///< 0: not bound to a parent.
    qint64 exitAfter = 0; ///< 0: runs until it is stopped.
    bool demo = false;
    HubOptions hub;

    /// False where only a hub is simulated: no Redis is named.
    bool hasRedis = true;

    qint64 downTimeFor(const TimingProfile &profile) const { return downTime > 0 ? downTime : 3 * profile.workerKeyTtl; }

    enum class Outcome {
        Run,
        Say, ///< Print the text on standard output and end with 0: help or version.
        Wrong, ///< Print the text on standard error and end with 2.
    };
    struct Parsed;

    /// Reads a command line, the program's name first. Where no URL is given the environment is asked.
    static Parsed parse(const QStringList &arguments, const QProcessEnvironment &environment);
};

struct FleetOptions::Parsed
{
    Outcome outcome = Outcome::Wrong;
    QString text; ///< Never holds a password.
    FleetOptions options;
};

/// Whole seconds for EXPIRE and EX, rounded up, at least 1.
qint64 wholeSeconds(qint64 milliseconds);

} // namespace pulsedeck::fleet
