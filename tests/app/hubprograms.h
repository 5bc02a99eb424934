// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fleet/fleetprocess.h"
#include "tests/hub/hubwatch.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QMutex>
#include <QThread>
#include <QTimer>
#include <QUrl>

#include <atomic>

namespace pulsedeck {

/// The simulated hub as a child process.
struct HubProgram
{
    FleetProcess process;
    int port = 0;

    bool start(int actors, const QStringList &more = {}, int onPort = 0)
    {
        const QStringList arguments{QStringLiteral("--hub-port"),   QString::number(onPort),
                                    QStringLiteral("--actors"),     QString::number(actors),
                                    QStringLiteral("--parent-pid"), QString::number(QCoreApplication::applicationPid())};
        if (!process.start(arguments + more))
            return false;
        const QByteArray line = process.waitForLine("hub ws://");
        port = QUrl(QString::fromUtf8(line.mid(4))).port();
        return port > 0 && !process.waitForLine("registered ").isEmpty();
    }
    QString url() const { return QStringLiteral("ws://127.0.0.1:%1/ws").arg(port); }
    /// Gives an order and waits for its first word of answer.
    QByteArray order(const QByteArray &text, const QByteArray &answer)
    {
        process.tell(text);
        return process.waitForLine(answer);
    }
};

/// A hub on a thread of its own, for what only it can tell.
class HubThread
{
public:
    explicit HubThread(fleet::HubFault later = fleet::HubFault::None)
    {
        m_thread = QThread::create([this, later] {
            HubWatch hub;
            hub.listen();
            m_port = hub.server->port();
            QTimer poll;
            QObject::connect(&poll, &QTimer::timeout, hub.server.get(), [&] {
                const QMutexLocker lock(&m_mutex);
                m_heard = hub.heard;
                m_clients = hub.server->connections();
                if (m_mischievous)
                    hub.server->setFault(later);
            });
            poll.start(5);
            QEventLoop().exec(); // Until quit().
        });
        m_thread->start();
    }
    ~HubThread()
    {
        m_thread->quit();
        m_thread->wait();
        delete m_thread;
    }
    int port() const { return m_port; }
    QStringList heard()
    {
        const QMutexLocker lock(&m_mutex);
        return m_heard;
    }
    int clients()
    {
        const QMutexLocker lock(&m_mutex);
        return m_clients;
    }
    void beMischievous()
    {
        const QMutexLocker lock(&m_mutex);
        m_mischievous = true;
    }

private:
    QThread *m_thread;
    std::atomic<int> m_port = 0;
    QMutex m_mutex;
    QStringList m_heard;
    int m_clients = 0;
    bool m_mischievous = false;
};

} // namespace pulsedeck
