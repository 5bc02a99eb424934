// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetbatch.h"
#include "models/sources/sourcestatus.h"

#include <QObject>

namespace pulsedeck {

/// Something that knows workers: a Redis, later a hub. Lives on the I/O thread; all its slots are called there, by
/// queued connections, and its signals carry values to whoever listens on another thread.
class FleetSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

public slots:
    /// Connects and keeps connected until stop(). Called again after stop() or a Failed state it starts anew.
    virtual void start() = 0;
    /// Disconnects; the state becomes Off. Nothing is emitted for this connection afterwards.
    virtual void stop() = 0;
    /// Ends a wait and tries at once; while connected it reads everything anew.
    virtual void retryNow() = 0;

signals:
    void batchReady(const pulsedeck::FleetBatch &batch);
    void statusChanged(const pulsedeck::SourceStatus &status);
};

} // namespace pulsedeck
