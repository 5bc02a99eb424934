// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubctloptions.h"
#include "app/ctl/output.h"
#include "app/hub/hubhealth.h"

namespace pulsedeck {

/// pulsedeckctl hub health: one GET, without a WebSocket and without a token.
class HubHealthCommand : public QObject
{
    Q_OBJECT

public:
    HubHealthCommand(const HubCtlOptions &options, Output &output);
    void start();

signals:
    void finished(pulsedeck::CtlExit code);

private:
    void take(const HubHealth &health);

    const HubCtlOptions m_options;
    Output &m_output;
    HubHealthProbe m_probe;
};

} // namespace pulsedeck
