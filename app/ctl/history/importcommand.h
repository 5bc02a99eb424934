// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/history/historyctloptions.h"
#include "app/history/sqlhistory.h"
#include "models/history/recordingframes.h"

#include <QTemporaryDir>

#include <memory>

namespace pulsedeck {

/// pulsedeckctl history import: makes a history file of a recording that was exported from the Timing page. It is recorded into a
/// temporary history, and that is exported.
class ImportCommand : public CtlCommand
{
    Q_OBJECT

public:
    static constexpr size_t mostUnasked = 500'000; ///< Beats handed over before it is waited for them.

    ImportCommand(const HistoryCtlOptions &options, Output &output);
    ~ImportCommand() override;

    void start() override;

protected:
    void close(CtlExit code) override;

private:
    void feed();
    void fail(const QString &text);

    const HistoryCtlOptions m_options;
    QTemporaryDir m_folder;
    BeatRecording m_recording;
    std::unique_ptr<RecordingFrames> m_frames;
    std::unique_ptr<SqlHistory> m_history;
};

} // namespace pulsedeck
