// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Laravel Horizon 5 on the wire. A process is a master with one supervisor for each queue; both loop once a second, write
/// themselves, and read lists of commands that nothing ever expires. --queues are the queues of the supervisors.
class HorizonFleet : public SystemFleet
{
    Q_OBJECT

public:
    HorizonFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "app_database_queues:" + queue; }
    void pushJob(const QByteArray &queue) override;
    void popJob(const QByteArray &queue, RedisConnection::Handler handler) override;
    bool mayTake(quint32 slot, const QByteArray &queue) const override;
    void killed(quint32 slot, const std::vector<SimJob> &jobs) override;

private:
    struct Supervisor
    {
        QByteArray name; ///< With its master's before it.
        QByteArray queue;
        int pid = 0;
        int processes = 0;
        bool paused = false;
        bool gone = false; ///< Ended by command, and not started again before the master is.
    };

    void writeSupervisor(const SimProcess &master, const Supervisor &supervisor);
    void removeSupervisor(const Supervisor &supervisor);
    /// Takes all commands of one list; \a obey is called for each class name, with its status.
    void readCommands(quint32 slot, const QByteArray &list,
                      std::function<void(const QString &command, const QJsonObject &)> obey);
    void obeyAsMaster(quint32 slot, const QString &command);
    void obeyAsSupervisor(quint32 slot, size_t index, const QString &command, const QJsonObject &values);

    std::vector<std::vector<Supervisor>> m_supervisors; ///< By slot.
    int m_lastPid = 50'000;
};

} // namespace pulsedeck::fleet
