// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace pulsedeck::fleet {

/// Turns Unix signals into Qt signals and ends the process when its parent has ended. One per process.
class ProcessGuard : public QObject
{
    Q_OBJECT

public:
    explicit ProcessGuard(QObject *parent = nullptr);
    ~ProcessGuard() override;

    /// From now on this process ends, without further ado, when \a parentPid is not its parent any more. False if that
    /// is so already.
    static bool bindToParent(qint64 parentPid);

signals:
    void stopAsked(); ///< SIGTERM, SIGINT.
    void nextFailureAsked(); ///< SIGUSR1.
    void outageAsked(); ///< SIGUSR2.

private:
    void readPipe();

    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace pulsedeck::fleet
