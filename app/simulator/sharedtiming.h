// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/fleetcontext.h"
#include "app/simulator/script.h"

#include <QObject>

namespace pulsedeck::fleet {

/// The shared timing record in Redis (hash fleet:timing), which the fleet obeys where it exists. Fields it lacks, and
/// all of them where there is no record, are those of the command line. Lives on the simulator's thread.
class SharedTiming : public QObject
{
    Q_OBJECT

public:
    explicit SharedTiming(FleetContext &context, QObject *parent = nullptr);

    /// Writes the options' timing if there is no record, then read() follows by itself.
    void publish();
    /// Asks for the record; settled() follows.
    void read();

signals:
    /// The record was read, or is not there. \a changed: the timing in force is another than before.
    void settled(bool changed);
    void complained(const QString &text);

private:
    void onRecord(const RedisAnswer &answer);

    FleetContext &m_context;
    Script m_script;
};

} // namespace pulsedeck::fleet
