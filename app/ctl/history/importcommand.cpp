// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/history/importcommand.h"

#include "app/ctl/fleettext.h"

namespace pulsedeck {

ImportCommand::ImportCommand(const HistoryCtlOptions &options, Output &output)
    : CtlCommand(output)
    , m_options(options)
{
    connect(&m_importer, &RecordingImporter::ended, this, [this](quint64, const QString &error) {
        if (!error.isEmpty())
            Output::complain(printable(error));
        end(error.isEmpty() ? CtlExit::Done : CtlExit::Usage);
    });
}

void ImportCommand::start()
{
    m_importer.start(m_options.recording, m_options.file);
}

} // namespace pulsedeck
