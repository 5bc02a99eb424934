// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/history/historyctloptions.h"
#include "app/history/sqlrecordingimporter.h"

namespace pulsedeck {

/// pulsedeckctl history import: makes a history file of a recording that was exported from the Timing page.
class ImportCommand : public CtlCommand
{
    Q_OBJECT

public:
    ImportCommand(const HistoryCtlOptions &options, Output &output);

    void start() override;

private:
    const HistoryCtlOptions m_options;
    SqlRecordingImporter m_importer;
};

} // namespace pulsedeck
