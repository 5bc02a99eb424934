// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/alerts/alertsender.h"

#include <QProcess>
#include <QTimer>

namespace pulsedeck {

/// Starts a program, without a shell, and writes the message to its standard input. What it prints is not read. It succeeds with
/// exit code 0; one that takes longer than the timeout of the outlet is killed.
class CommandSender final : public AlertSender
{
    Q_OBJECT

public:
    explicit CommandSender(const AlertOutlet &outlet);
    ~CommandSender() override;

    void send(const QByteArray &message) override;

private:
    void end(const AlertAttempt &attempt);

    std::unique_ptr<QProcess> m_process;
    QTimer m_limit;
};

} // namespace pulsedeck
