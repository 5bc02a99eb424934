// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/ctloptions.h"
#include "app/ctl/sourceset.h"

namespace pulsedeck {

/// A command that reads whole fleets: list, watch and the acts. Holds their sources and the two time limits.
class FleetCommand : public CtlCommand
{
    Q_OBJECT

public:
    void start() override;

protected:
    /// \a once: for one view, see SourceSet.
    FleetCommand(const CtlOptions &options, Output &output, bool once, const QByteArray &clientName);

    void close(CtlExit code) override;
    /// Reports each source that was not read.
    void complainOfMissing() const;

    const CtlOptions m_options;
    SourceSet m_sources;
    QTimer m_limit; ///< For the first full view, and what else a command waits for.
    QByteArray m_lines; ///< To be printed.

private:
    QTimer m_exit; ///< --exit-after.
};

} // namespace pulsedeck
