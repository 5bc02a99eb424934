// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/fleetcommand.h"

namespace pulsedeck {

/// pulsedeckctl queues list: prints the queues of all sources as soon as they were read once; with --settle so much later, so
/// that jobs per minute are known. Exit code 1 if jobs wait in a queue that no worker serves.
class QueuesCommand final : public FleetCommand
{
    Q_OBJECT

public:
    QueuesCommand(const CtlOptions &options, Output &output);
    void finish() override;

    static constexpr int usualWaitMs = 1'500; ///< Queues are looked for and counted after the workers were read.

private:
    static constexpr int listenMs = 250;

    void look();
    void endWait();

    QTimer m_wait;
    int m_waitedMs = 0;
};

/// An aligned table with a line of headings, for people.
QByteArray queueTable(const FleetStore &store);
/// A JSON array, an object per queue and line; null is not reported.
QByteArray queueJson(const FleetStore &store);

} // namespace pulsedeck
