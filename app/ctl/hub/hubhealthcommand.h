// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/hub/hubctloptions.h"
#include "app/hub/hubhealth.h"

namespace pulsedeck {

/// pulsedeckctl hub health: one GET, without a WebSocket and without a token.
class HubHealthCommand final : public CtlCommand
{
    Q_OBJECT

public:
    HubHealthCommand(const HubCtlOptions &options, Output &output);
    void start() override;

private:
    void take(const HubHealth &health);

    const HubCtlOptions m_options;
    HubHealthProbe m_probe;
};

} // namespace pulsedeck
