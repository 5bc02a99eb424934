// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/fleetbatch.h"

namespace pulsedeck {

/// What some systems say of their workers beyond what every worker has. A value, cut to what WorkerText promises: what a source
/// sends is the text of other programs.
struct LayoutFacts
{
    static constexpr qsizetype mostLabel = 128; ///< Characters.
    static constexpr qsizetype mostVersion = 64; ///< Characters.
    static constexpr qsizetype mostQueues = 64;
    static constexpr qsizetype mostQueueName = 128; ///< Characters.
    static constexpr qsizetype mostJobs = 8;
    static constexpr qsizetype mostJob = 128; ///< Characters.
    static constexpr qsizetype mostParent = 512; ///< Bytes, as an id.

    QString label; ///< A name for people; empty where the id is one.
    QString version;
    QStringList queues; ///< In its own order.
    QByteArray parent; ///< Id of the worker above it.
    qint64 memory = unknownValue; ///< Bytes.
    QStringList jobs; ///< What it has at work; of one that has ended: what it had when it was last read.

    static LayoutFacts of(const WorkerText &text);
    bool isEmpty() const
    {
        return label.isEmpty() && version.isEmpty() && queues.isEmpty() && parent.isEmpty() && memory == unknownValue
               && jobs.isEmpty();
    }
    bool operator==(const LayoutFacts &) const = default;
};

} // namespace pulsedeck
