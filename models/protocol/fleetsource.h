// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/command.h"
#include "models/protocol/fleetbatch.h"
#include "models/protocol/sourcestatus.h"
#include "models/protocol/timingrecord.h"

#include <QObject>

namespace pulsedeck {

class MessagingSource;

/// Something that knows workers. Lives on the I/O thread; all its slots are called there, by
/// queued connections, and its signals carry values to whoever listens on another thread.
class FleetSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The same, if its system passes messages on; else null. Any thread.
    virtual MessagingSource *messaging() { return nullptr; }
    /// What to sign in with at the connections to come, where the settings do not hold it.
    virtual void setSecret(const QString &) { }
    /// Something is awaited before start(): \a message says what. Connecting.
    virtual void prepareStart(const QString &message) { Q_UNUSED(message); }
    /// There is no connecting, for a reason found elsewhere: no secret. Failed, until started again.
    virtual void cannotStart(const SourceFailure &failure) { Q_UNUSED(failure); }

public slots:
    /// Connects and keeps connected until stop(). Called again after stop() or a Failed state it starts again.
    virtual void start() = 0;
    /// Disconnects; the state becomes Off. Nothing is emitted for this connection afterwards.
    virtual void stop() = 0;
    /// Stops for good: ended() follows, at once or when the server has let go.
    virtual void end()
    {
        stop();
        emit ended();
    }
    /// Ends a wait and tries at once; while connected it reads everything again.
    virtual void retryNow() = 0;
    /// Whether the source may be written to; false at first. While false every command is refused with ReadOnlySource and nothing
    /// that could write is sent, probes included: this, and no button, is what keeps a source unchanged. True: missing rights are
    /// found out, without changing anything, and reported in SourceStatus::rights.
    virtual void setWritable(bool writable) = 0;
    /// False while the console is not visible: what was announced may be read a quarter of a second later, and an unchanged
    /// status be reported every few seconds, with fewer wakeups. True at first.
    virtual void setSeen(bool seen) { Q_UNUSED(seen) }
    /// Carries each out once, in order, and answers each with one CommandProgress. Never repeats one by itself.
    virtual void carryOut(const QList<pulsedeck::Command> &commands) = 0;
    /// Answers for each what is there now (Found), or Unknown if it cannot be read. Only reads.
    virtual void lookUp(const QList<pulsedeck::Command> &commands) = 0;
    /// Writes the shared timing record by compare-and-set, once; timingApplied() answers. Refused unless writable.
    virtual void applyTiming(const pulsedeck::TimingApply &apply) = 0;
    /// Reads the record's history; timingHistoryRead() answers.
    virtual void readTimingHistory() = 0;
    /// Looks again which systems are there; SourceStatus::systems has the result. Does nothing where there is only one.
    virtual void lookForSystems() { }

signals:
    /// After end(): every command is answered, and nothing of the connection is left.
    void ended();
    void batchReady(const pulsedeck::FleetBatch &batch);
    void statusChanged(const pulsedeck::SourceStatus &status);
    void timingApplied(const pulsedeck::TimingApplied &applied);
    void timingHistoryRead(const pulsedeck::TimingHistory &history);
    void commandsProgressed(const QList<pulsedeck::CommandProgress> &progress);
};

} // namespace pulsedeck
