// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubserver.h"

#include "app/simulator/hubwire.h"

#include <QJsonDocument>
#include <QSslServer>
#include <QSslSocket>
#include <QUuid>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr int shuffleMs = 60;
constexpr int lateMs = 2'000;
constexpr qsizetype fragmentBytes = 40;
constexpr qsizetype oversizeBytes = 9 * 1024 * 1024;
constexpr std::array<const char *, hubFaultCount> faultNames{"normal", "silent", "late",      "twice",    "shuffle", "astray",
                                                             "garble", "binary", "fragments", "oversize", "imitate"};

/// What a malicious actor that knows the id of the request could send through the hub.
QByteArray imitationOf(const QJsonObject &answer, const QString &type, const QJsonObject &payload)
{
    QJsonObject fake = answer;
    fake.insert("id"_L1, QUuid::createUuid().toString(QUuid::WithoutBraces));
    fake.insert("type"_L1, type);
    fake.insert("payload"_L1, payload);
    fake.insert("metadata"_L1, QJsonObject{{u"forwarded"_s, true}, {u"via"_s, u"@(cloudflare/signal-hub)"_s}});
    return QJsonDocument(fake).toJson(QJsonDocument::Compact);
}

} // namespace

std::optional<HubFault> hubFaultFromName(const QByteArray &name)
{
    const auto found = std::find(faultNames.begin(), faultNames.end(), name);
    return found == faultNames.end() ? std::nullopt : std::optional(HubFault(found - faultNames.begin()));
}

/// One socket, from its first byte to its last.
class HubServer::Connection final : public HubPeer
{
public:
    Connection(HubServer &server, QTcpSocket *socket)
        : wire(new HubWire(socket, &server))
        , m_server(server)
    { }
    ~Connection() override
    {
        wire->disconnect();
        wire->deleteLater(); // Its signal may be the caller.
    }

    void deliver(const QJsonObject &message) override
    {
        m_server.send(this, QJsonDocument(message).toJson(QJsonDocument::Compact));
    }
    void end(int code, const QString &reason) override
    {
        session = 0;
        wire->sendClose(code, reason.toUtf8());
    }

    HubWire *wire;
    HubCore::SessionKey session = 0; ///< 0: no WebSocket, or ended.

private:
    HubServer &m_server;
};

HubServer::HubServer(const HubRules &rules, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_core(rules, clock)
    , m_clock(clock)
{
    m_shuffleTimer.setSingleShot(true);
    connect(&m_shuffleTimer, &QTimer::timeout, this, &HubServer::sendShuffled);
}

HubServer::~HubServer() = default;

bool HubServer::listen(quint16 port, QString *problem, const QHostAddress &address)
{
    m_port = port;
    m_address = address;
    return comeUp(problem);
}

bool HubServer::comeUp(QString *problem)
{
    delete m_server;
    if (m_tls.isNull()) {
        m_server = new QTcpServer(this);
    } else {
        auto *server = new QSslServer(this);
        server->setSslConfiguration(m_tls);
        m_server = server;
    }
    connect(m_server, &QTcpServer::pendingConnectionAvailable, this, &HubServer::take);
    if (!m_server->listen(m_address, m_port)) {
        *problem = u"The hub cannot listen on port %1: %2"_s.arg(m_port).arg(m_server->errorString());
        return false;
    }
    m_port = m_server->serverPort();
    return true;
}

void HubServer::goDown()
{
    delete m_server;
    m_server = nullptr;
    cut(-1);
    m_core.wipe();
}

void HubServer::take()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        auto *connection = m_connections.emplace_back(std::make_unique<Connection>(*this, socket)).get();
        HubWire *const wire = connection->wire;
        connect(wire, &HubWire::requested, this,
                [this, connection](const QByteArray &path, bool wantsUpgrade) { onRequested(connection, path, wantsUpgrade); });
        connect(wire, &HubWire::message, this, [this, connection](const QByteArray &utf8) {
            emit received(utf8);
            m_core.receive(connection->session, utf8);
        });
        connect(wire, &HubWire::closeReceived, this, [this, connection] {
            // What it registered is gone at once; the Close is not answered, and TCP stays.
            m_core.leave(std::exchange(connection->session, 0));
            emit connectionsChanged(connections());
        });
        connect(wire, &HubWire::ended, this, [this, connection] { remove(connection); });
    }
}

void HubServer::onRequested(Connection *connection, const QByteArray &path, bool wantsUpgrade)
{
    HubWire *const wire = connection->wire;
    if (path == "/health") {
        const QJsonObject health{{u"status"_s, u"ok"_s},
                                 {u"service"_s, u"signal-hub"_s},
                                 {u"version"_s, u"0.1.0"_s},
                                 {u"timestamp"_s, m_clock.nowMs()}};
        wire->respond(200, "OK", "application/json", QJsonDocument(health).toJson(QJsonDocument::Compact));
    } else if (path != "/ws" && path != "/") {
        wire->respond(404, "Not Found", "text/plain", "Not Found");
    } else if (!wantsUpgrade) {
        wire->respond(426, "Upgrade Required", "text/plain", "Expected WebSocket upgrade");
    } else {
        wire->upgrade();
        connection->session = m_core.join(connection);
        emit connectionsChanged(connections());
    }
}

void HubServer::remove(Connection *connection)
{
    m_core.leave(connection->session);
    std::erase_if(m_connections, [connection](const auto &one) { return one.get() == connection; });
    emit connectionsChanged(connections());
}

void HubServer::setFault(HubFault fault, int ms)
{
    sendShuffled();
    m_fault = fault;
    m_faultMs = ms > 0 ? ms : lateMs;
}

void HubServer::send(Connection *connection, const QByteArray &utf8)
{
    HubWire *const wire = connection->wire;
    switch (m_fault) {
    case HubFault::Silent:
        return;
    case HubFault::Late:
        QTimer::singleShot(m_faultMs, wire, [wire, utf8] { wire->sendText(utf8); });
        return;
    case HubFault::Twice:
        wire->sendText(utf8);
        break;
    case HubFault::Shuffle:
        m_held.push_back({connection->session, utf8});
        if (!m_shuffleTimer.isActive())
            m_shuffleTimer.start(shuffleMs);
        return;
    case HubFault::Astray: {
        QJsonObject message = QJsonDocument::fromJson(utf8).object();
        message.insert("correlationId"_L1, QUuid::createUuid().toString(QUuid::WithoutBraces));
        wire->sendText(QJsonDocument(message).toJson(QJsonDocument::Compact));
        return;
    }
    case HubFault::Garble:
        wire->sendText(utf8.left(utf8.size() / 2));
        return;
    case HubFault::Binary:
        wire->sendBinary(utf8);
        return;
    case HubFault::Fragments:
        wire->sendFragments(utf8, fragmentBytes);
        return;
    case HubFault::Oversize:
        wire->sendText('"' + QByteArray(oversizeBytes, 'x') + '"');
        break;
    case HubFault::Imitate: {
        const QJsonObject message = QJsonDocument::fromJson(utf8).object();
        wire->sendText(
            imitationOf(message, u"hub:error"_s, {{u"code"_s, u"unauthorized"_s}, {u"message"_s, u"JWT token has expired"_s}}));
        wire->sendText(imitationOf(message, u"hub:disconnect"_s, {{u"reason"_s, u"duplicate_connection"_s}}));
        break;
    }
    case HubFault::None:
        break;
    }
    wire->sendText(utf8);
}

void HubServer::sendShuffled()
{
    m_shuffleTimer.stop();
    const std::vector<Held> held = std::exchange(m_held, {});
    for (auto one = held.rbegin(); one != held.rend(); ++one) {
        for (const auto &connection : m_connections) {
            if (connection->session == one->key && one->key != 0)
                connection->wire->sendText(one->text);
        }
    }
}

int HubServer::cut(int count)
{
    int left = count < 0 ? int(m_connections.size()) : count;
    std::vector<HubWire *> wires;
    for (auto connection = m_connections.rbegin(); connection != m_connections.rend() && left > 0; ++connection) {
        if ((*connection)->session == 0 && count >= 0)
            continue;
        wires.push_back((*connection)->wire);
        --left;
    }
    for (HubWire *wire : wires)
        wire->abort();
    return int(wires.size());
}

int HubServer::connections() const
{
    return int(std::count_if(m_connections.begin(), m_connections.end(),
                             [](const auto &connection) { return connection->session != 0; }));
}

void HubServer::sendRaw(const QByteArray &text)
{
    for (const auto &connection : m_connections) {
        if (connection->session != 0)
            connection->wire->sendText(text);
    }
}

void HubServer::closeAll(int code, const QString &reason)
{
    for (const auto &connection : m_connections) {
        if (connection->session == 0)
            continue;
        m_core.leave(connection->session);
        connection->end(code, reason);
    }
}

} // namespace pulsedeck::fleet
