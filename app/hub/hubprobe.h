// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubconnection.h"
#include "app/sources/sourceprobe.h"
#include "app/sources/systemclock.h"

namespace pulsedeck {

/// Tests a Signal Hub: its health, hub:connect with the token, a heartbeat, and the first page of the registry. Registers nothing
/// and sends no message.
class HubProbe : public SourceProbe
{
    Q_OBJECT

public:
    HubProbe(const SourceSettings &settings, const QString &whyNoRights);
    ~HubProbe() override;

    void setSecret(const QString &token) override { m_token = HubSecret(token); }
    void end() override;

protected:
    void begin() override;
    void reached() override;

private:
    enum class Stage : quint8 { Health, SignIn, Heartbeat, Registry };

    void proceed();
    void takeRegistry(const HubAnswer &answer);

    const HubAddress m_hub;
    HubSecret m_token;
    const QString m_whyNoRights;
    SystemClock m_clock;
    HubConnection *m_connection = nullptr;
    bool m_healthy = false;
    Stage m_stage = Stage::Health; ///< What is asked now, once the hub is reached.
};

} // namespace pulsedeck
