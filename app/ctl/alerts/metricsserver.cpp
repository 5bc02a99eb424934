// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alerts/metricsserver.h"

#include <QDeadlineTimer>
#include <QHttpServer>
#include <QHttpServerResponse>

using namespace Qt::StringLiterals;

namespace pulsedeck {

MetricsServer::MetricsServer(std::function<QByteArray()> text, QObject *parent)
    : QObject(parent)
    , m_text(std::move(text))
    , m_server(std::make_unique<QHttpServer>())
{
    m_server->route(u"/metrics"_s, QHttpServerRequest::Method::Get,
                    [this] { return QHttpServerResponse("text/plain; version=0.0.4; charset=utf-8", this->text()); });
}

MetricsServer::~MetricsServer() = default;

QString MetricsServer::listen(const QHostAddress &address, quint16 port)
{
    m_port = m_server->listen(address, port);
    return m_port > 0 ? QString()
                      : u"The metrics cannot be served at %1, port %2: it is in use, or not allowed."_s.arg(address.toString())
                            .arg(port);
}

QByteArray MetricsServer::text()
{
    const qint64 now = QDeadlineTimer::current().deadline();
    if (m_last.isEmpty() || now - m_lastAt >= keptMs) {
        m_last = m_text();
        m_lastAt = now;
    }
    return m_last;
}

} // namespace pulsedeck
