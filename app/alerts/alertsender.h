// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertrule.h"

#include <QObject>

#include <memory>

namespace pulsedeck {

/// How an attempt to send ended.
struct AlertAttempt
{
    bool ok = false;
    bool again = false; ///< Another attempt may succeed.
    QString text; ///< "204", "exit code 1", "No answer within 10 s"; no secret is in it.
};

/// Sends one message at a time to one outlet. Does not block; any thread with an event loop, and all calls from there.
class AlertSender : public QObject
{
    Q_OBJECT

public:
    static std::unique_ptr<AlertSender> make(const AlertOutlet &outlet);

    explicit AlertSender(const AlertOutlet &outlet);
    ~AlertSender() override;

    /// ended() follows once, never before this returns. Not while another one is on its way.
    virtual void send(const QByteArray &message) = 0;

signals:
    void ended(const pulsedeck::AlertAttempt &attempt);

protected:
    const AlertOutlet m_outlet;
};

} // namespace pulsedeck
