// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/alerts/alertsender.h"

#include "app/alerts/commandsender.h"
#include "app/alerts/webhooksender.h"

namespace pulsedeck {

std::unique_ptr<AlertSender> AlertSender::make(const AlertOutlet &outlet)
{
    if (outlet.kind == AlertOutlet::Kind::Command)
        return std::make_unique<CommandSender>(outlet);
    return std::make_unique<WebhookSender>(outlet);
}

AlertSender::AlertSender(const AlertOutlet &outlet)
    : m_outlet(outlet)
{ }

AlertSender::~AlertSender() = default;

} // namespace pulsedeck
