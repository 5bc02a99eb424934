// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/history/reportoptions.h"
#include "models/history/spanreader.h"

#include <memory>

namespace pulsedeck {

/// pulsedeckctl report: what happened in a span of a history, as text, JSON or a page. The file is only read. Ends with Findings
/// if a worker was late or worse, and with NoConnection if nothing of the span was recorded.
class ReportCommand : public CtlCommand
{
    Q_OBJECT

public:
    ReportCommand(const ReportOptions &options, Output &output);
    ~ReportCommand() override;

    void start() override;

private:
    void takeRuns(const SpansAnswer &answer);
    void takeReport(const SharedSpanReport &report);
    void refuse(const QString &problem);
    bool writePage(const SpanReport &report);

    const ReportOptions m_options;
    std::unique_ptr<History> m_history;
    std::unique_ptr<SpanReader> m_reader;
    quint64 m_token = 0;
};

} // namespace pulsedeck
