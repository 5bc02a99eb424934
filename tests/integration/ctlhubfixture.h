// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/hubserver.h"
#include "app/sources/systemclock.h"
#include "tests/fleet/fleetprocess.h"
#include "tests/hub/hubrawclient.h"
#include "tests/integration/ctlprocess.h"

namespace pulsedeck {

/// The simulator as a hub of its own, as a process.
class HubProcess
{
public:
    bool start(const QStringList &arguments)
    {
        const QStringList all = QStringList{QStringLiteral("--hub-port"),   QStringLiteral("0"),
                                            QStringLiteral("--seed"),       QStringLiteral("7"),
                                            QStringLiteral("--parent-pid"), QString::number(QCoreApplication::applicationPid())}
                                + arguments;
        if (!fleet.start(all))
            return false;
        port = fleet.waitForLine("hub ws://127.0.0.1:").mid(19).split('/').first().toUShort();
        return port > 0 && (!arguments.contains(QStringLiteral("--actors")) || !fleet.waitForLine("registered").isEmpty());
    }
    QString url() const { return QStringLiteral("ws://127.0.0.1:%1").arg(port); }
    /// Lets one healthy actor be struck ("deaf 1") and tells its address.
    QString struck(const QByteArray &order)
    {
        fleet.tell("hub " + order);
        const QByteArrayList words = fleet.waitForLine("hub " + order.split(' ').first()).split(' ');
        return words.size() == 4 ? QString::fromUtf8(words.at(3)) : QString();
    }
    /// A value of its status line.
    qint64 figure(const QByteArray &key)
    {
        fleet.tell("hub status");
        for (const QByteArray &word : fleet.waitForLine("actors=").split(' ')) {
            if (word.startsWith(QByteArray(key + '=')))
                return word.mid(key.size() + 1).toLongLong();
        }
        return -1;
    }

    FleetProcess fleet;
    quint16 port = 0;
};

/// A hub inside of the test, whose messages can be watched and whose actors are the test's own.
class HubInside
{
public:
    explicit HubInside(const fleet::HubRules &rules = {})
        : server(rules, clock)
    {
        QObject::connect(&server, &fleet::HubServer::received, &server, [this](const QByteArray &utf8) {
            raw.append(utf8);
            heard.append(QJsonDocument::fromJson(utf8).object());
        });
    }
    bool listen()
    {
        QString problem;
        return server.listen(0, &problem);
    }
    QString url() const { return QStringLiteral("ws://127.0.0.1:%1").arg(server.port()); }
    QStringList heardTypes() const
    {
        QStringList types;
        for (const QJsonObject &message : heard)
            types.append(message.value(QStringLiteral("type")).toString());
        return types;
    }

    SystemClock clock;
    fleet::HubServer server;
    QList<QJsonObject> heard;
    QByteArrayList raw; ///< The same, byte for byte.
};

/// What must never reach a terminal.
inline bool isSafe(const QByteArray &bytes)
{
    for (const QByteArray &bad : {QByteArray("\x1b"), QByteArray("\x07"), QByteArray("\xc2\x9b"), QByteArray("\xe2\x80\xae"),
                                  QByteArray("renewal-"), QByteArray("eyJ")}) {
        if (bytes.contains(bad))
            return false;
    }
    return true;
}

} // namespace pulsedeck
