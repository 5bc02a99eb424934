// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/fleetoptions.h"
#include "app/simulator/hubactors.h"
#include "app/simulator/hubserver.h"

namespace pulsedeck::fleet {

/// The simulated Signal Hub of one process: the server, its actors, and what standard input tells them. Lives on one
/// thread.
class HubSimulator : public QObject
{
    Q_OBJECT

public:
    static constexpr int exitNoPort = 3;

    HubSimulator(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

    void start();
    /// The actors unregister, then the server ends.
    void stop();
    /// A line of what stands on standard input, with or without "hub" before it.
    void obey(const QByteArray &line);
    QByteArray statusLine();
    HubServer &server() { return m_server; }
    HubActors &actors() { return m_actors; }

signals:
    /// A line for standard output.
    void said(const QByteArray &line);
    /// A sentence for standard error.
    void complained(const QString &text);
    /// The port is taken.
    void failed(int exitCode);

private:
    QByteArray struck(const QByteArray &word, const QStringList &addresses) const;
    void goDown(double seconds);

    const FleetOptions m_options;
    HubServer m_server;
    HubActors m_actors;
    QTimer m_upTimer;
};

} // namespace pulsedeck::fleet
