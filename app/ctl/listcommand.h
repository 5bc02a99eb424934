// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctloptions.h"
#include "app/ctl/output.h"
#include "app/ctl/settlewait.h"
#include "app/ctl/sourceset.h"

namespace pulsedeck {

/// pulsedeckctl list: prints the fleet as soon as every source was read once or has failed. What was read of some
/// sources is printed also when others failed; the exit code then says that it is not all.
class ListCommand : public QObject
{
    Q_OBJECT

public:
    ListCommand(const CtlOptions &options, Output &output);
    void start();

signals:
    void finished(pulsedeck::CtlExit code);

private:
    void look();
    void finish();

    const CtlOptions m_options;
    Output &m_output;
    SourceSet m_sources;
    SettleWait m_settle;
    QTimer m_limit;
    bool m_finished = false;
};

} // namespace pulsedeck
