// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QIODevice>

#include <optional>
#include <vector>

namespace pulsedeck {

/// The beats of one source's workers over a time: what a what-if is computed from. A value without secrets, taken from the store
/// or read from an exported file. Times are Unix ms by the console's clock that recorded them.
struct BeatRecording
{
    struct Worker
    {
        QByteArray id;
        QByteArray type;
        qint32 interval = unknownValue; ///< Median of its gaps, as measured then.
        qint32 ttl = unknownValue; ///< As learnt then.
        quint32 first = 0; ///< Index of its first beat in beats.
        quint32 count = 0;
    };

    static constexpr int maxWorkers = FleetStore::maxWorkers;
    static constexpr int maxBeats = maxWorkers * BeatHistory::capacity;

    QString source; ///< Its name.
    qint64 from = 0; ///< The earliest beat.
    qint64 to = 0; ///< When it was taken.
    TimingProfile timing; ///< In force then.
    std::vector<UnknownSpan> unknown; ///< The console was not connected.
    std::vector<Worker> workers;
    std::vector<qint64> beats; ///< Of each worker together, ascending.

    /// Begins one for a source; workers are then added in slices, so that taking it never holds the GUI thread.
    static BeatRecording begin(const FleetStore &store, SourceId source);
    /// Adds the workers with handles in [from, to) that belong to the source and have two beats or more.
    /// With a \a system, the word of a layout, only its own.
    void addWorkers(const FleetStore &store, SourceId source, WorkerHandle from, WorkerHandle to, const QString &system = {});

    /// Writes it as CBOR (RFC 8949). Any thread. False with \a error if the device fails.
    bool save(QIODevice &device, QString *error) const;
    /// Reads what save() wrote. Any thread; the file is not trusted: a wrong one gives nothing and \a error.
    static std::optional<BeatRecording> load(QIODevice &device, QString *error);
};

} // namespace pulsedeck
