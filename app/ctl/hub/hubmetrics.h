// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubsubcommand.h"
#include "models/hub/hubfigures.h"

namespace pulsedeck {

/// pulsedeckctl hub metrics: the hub's counters, once or again and again.
class HubMetrics final : public HubSubcommand
{
    Q_OBJECT

public:
    HubMetrics(const HubCtlOptions &options, Output &output);

protected:
    void onReady() override;
    CtlExit onCut(CtlExit code) override;

private:
    void ask();
    void tell(const hub::Metrics &metrics);

    QTimer m_next;
    HubFigures m_figures; ///< With the rates between the answers.
};

} // namespace pulsedeck
