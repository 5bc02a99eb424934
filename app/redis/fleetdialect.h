// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/actscripts.h"
#include "app/redis/redissession.h"

#include <QByteArrayList>

namespace pulsedeck {

/// How one system keeps its workers in a Redis: which keys it uses, what they say, when a worker beats and how it ends. A
/// RedisSource joins any number of them on one connection. A dialect asks through the RedisSession it was made with, and reports
/// workers there as WorkerText and WorkerSample, with numbers from RedisSession::nextNumber. A KeyWatch does the work for systems
/// that keep a hash with a TTL per worker. Lives on the I/O thread.
///
/// A connection's life: begin(), then beginView() until isViewRead(), viewFinished(); meanwhile and afterwards tick() and
/// takeAnnounced(); lost(), before which leave() comes if it is closed from here. beginView() may come again at any time:
/// everything is to be read again.
class FleetDialect
{
public:
    virtual ~FleetDialect() = default;

    /// What changed keys begin with: asked for by CLIENT TRACKING. No two dialects may name prefixes that overlap.
    virtual QByteArrayList prefixes() const = 0;

    /// A connection has been taken into use.
    virtual void begin() { }
    virtual void beginView() = 0;
    /// Everything the view consists of was asked for and found. Single reads are counted in RedisSession::awaited; after each
    /// other part RedisSession::partRead() is called.
    virtual bool isViewRead() const = 0;
    virtual void viewFinished() { }
    /// The connection is about to be closed from here: what was written for this connection alone is taken away again.
    virtual void leave() { }
    /// The connection ended: nothing is under way any more, and its answers do not come.
    virtual void lost() = 0;
    /// Ten times a second.
    virtual void tick(qint64 now) = 0;
    /// Keys that have changed, those of other dialects among them. \a at: when that was announced; what is announced in a short
    /// time is given together.
    virtual void takeAnnounced(const RedisReply &keys, qint64 at) = 0;
    /// The database, or another one of the server, was emptied: everything is to be looked at again.
    virtual void emptied(qint64 now) = 0;
    /// Nothing is announced any more: everything is read at a cadence, beginning now.
    virtual void pushEnded() { }
    /// The server has lost its keys: who is missing from now on is awaited, see RedisSession::reregistration.
    virtual void keysLost() { }
    /// The time for that is over: those still missing are looked for once more.
    virtual void awaitingOver() { }

    /// The longest time, in ms, that its workers usually leave between two beats, as the system itself says; 0 where it does not.
    virtual qint64 longestBeatMs() const { return 0; }

    /// How often known workers are read where nothing is announced, and how often others are looked for.
    virtual int sweepPeriodMs() const { return 0; }
    virtual int scanPeriodMs() const { return 0; }

    // Writing. A system that takes no commands, or has no shared timing record, leaves these alone.

    virtual bool knows(const QByteArray &worker) const = 0;
    virtual const ActScripts *scripts() const { return nullptr; }
    /// The server has answered a command to a worker that this dialect knows.
    virtual void commandAnswered(const Command &, CommandProgress::Outcome) { }
    /// False if the system has no shared timing record. Otherwise RedisSession::timingApplied() answers.
    virtual bool applyTiming(const TimingApply &) { return false; }
    /// The same; RedisSession::timingHistoryRead() answers.
    virtual bool readTimingHistory() { return false; }
};

} // namespace pulsedeck
