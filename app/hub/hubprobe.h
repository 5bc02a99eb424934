// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubconnection.h"
#include "app/sources/sourceprobe.h"
#include "app/sources/systemclock.h"

namespace pulsedeck {

class HubHealthProbe;

/// The steps of a Signal Hub: after the sockets its health, hub:connect with the token, a heartbeat, and the first page
/// of the registry. Registers nothing and sends to nobody. On one thread, not the GUI's.
class HubProbe : public SourceProbe
{
    Q_OBJECT

public:
    static QList<TestStep> steps(const SourceSettings &settings);

    /// \a whyNoRights not empty: why nothing can be sent there whatever the hub permits.
    HubProbe(const SourceSettings &settings, const HubSecret &token, const QString &whyNoRights);
    ~HubProbe() override;

    void end() override;

protected:
    void begin() override;
    SourceFailure socketTrouble(QAbstractSocket::SocketError error, const QString &system) const override;
    SourceFailure certificateTrouble(const QList<QSslError> &errors, const QStringList &names) const override;
    SourceFailure timeoutTrouble(bool connected) const override;

private:
    void askHealth();
    void signIn();
    void onState(HubConnection::State state);
    void onBeat();
    void takeRegistry(const HubAnswer &answer);

    const HubAddress m_hub;
    const HubSecret m_token;
    const QString m_whyNoRights;
    SystemClock m_clock;
    HubHealthProbe *m_health = nullptr;
    HubConnection *m_connection = nullptr;
    bool m_healthy = false;
    bool m_listing = false;
};

} // namespace pulsedeck
