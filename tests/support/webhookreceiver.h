// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>

#include <deque>
#include <vector>

namespace pulsedeck {

/// An HTTP server that takes what is posted to it, and answers each request as the next of its plan says; without one with 200.
class WebhookReceiver : public QTcpServer
{
public:
    struct Request
    {
        QByteArray path;
        QHash<QByteArray, QByteArray> headers; ///< Names in lower case.
        QByteArray body;
    };
    enum class Kind { Answer, Hang, Close, Endless };
    struct Plan
    {
        Kind kind = Kind::Answer;
        int status = 200;
        QByteArray location = {}; ///< Of a redirect.
    };

    WebhookReceiver()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = nextPendingConnection()) {
                connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { take(socket); });
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
    }
    bool start() { return listen(QHostAddress::LocalHost); }
    QString url(const QString &path = QStringLiteral("/alerts")) const
    {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(path);
    }

    std::deque<Plan> plans;
    std::vector<Request> requests;

private:
    void take(QTcpSocket *socket)
    {
        QByteArray &bytes = m_bytes[socket];
        bytes += socket->readAll();
        const qsizetype end = bytes.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        Request request;
        const QList<QByteArray> lines = bytes.first(end).split('\n');
        request.path = lines.front().split(' ').value(1);
        for (const QByteArray &line : lines.mid(1)) {
            const qsizetype colon = line.indexOf(':');
            request.headers.insert(line.first(colon).toLower(), line.sliced(colon + 1).trimmed());
        }
        const qsizetype length = request.headers.value("content-length").toLongLong();
        if (bytes.size() < end + 4 + length)
            return;
        request.body = bytes.sliced(end + 4, length);
        bytes.clear();
        requests.push_back(request);
        Plan plan;
        if (!plans.empty()) {
            plan = plans.front();
            plans.pop_front();
        }
        if (plan.kind == Kind::Hang)
            return;
        if (plan.kind == Kind::Close) {
            socket->abort();
            return;
        }
        QByteArray head = "HTTP/1.1 " + QByteArray::number(plan.status) + " X\r\nConnection: close\r\n";
        if (!plan.location.isEmpty())
            head += "Location: " + plan.location + "\r\n";
        if (plan.kind == Kind::Endless) {
            socket->write(head + "\r\n" + QByteArray(1'000'000, 'x')); // No length, and no end.
            return;
        }
        socket->write(head + "Content-Length: 0\r\n\r\n");
        socket->disconnectFromHost();
    }

    QHash<QTcpSocket *, QByteArray> m_bytes;
};

} // namespace pulsedeck
