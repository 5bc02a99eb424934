// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubsubcommand.h"

namespace pulsedeck {

/// pulsedeckctl hub discover: the hub's own search, one question and one answer.
class HubDiscoverCommand final : public HubSubcommand
{
    Q_OBJECT

public:
    using HubSubcommand::HubSubcommand;

protected:
    void onReady() override;

private:
    void tell(const hub::Discovered &found);
};

} // namespace pulsedeck
