// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubcommand.h"

namespace pulsedeck {

/// pulsedeckctl hub discover: the hub's own search, one question and one answer.
class HubDiscover final : public HubCommand
{
    Q_OBJECT

public:
    using HubCommand::HubCommand;

protected:
    void onReady() override;

private:
    void tell(const hub::Discovered &found);
};

} // namespace pulsedeck
