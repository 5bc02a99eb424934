// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/fleetcommand.h"
#include "app/ctl/settlewait.h"

namespace pulsedeck {

/// pulsedeckctl list: prints the fleet as soon as every source was read once or has failed. What was read of some
/// sources is printed also when others failed; the exit code then says that it is not all.
class ListCommand final : public FleetCommand
{
    Q_OBJECT

public:
    ListCommand(const CtlOptions &options, Output &output);
    void finish() override;

private:
    void look();

    SettleWait m_settle;
};

} // namespace pulsedeck
