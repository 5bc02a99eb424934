// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/sshproxy.h"

#include <QRandomGenerator>
#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// RFC 1928 and 1929.
constexpr char socksVersion = 5;
constexpr char loginVersion = 1;
constexpr char byLogin = 2;
constexpr char toConnect = 1;
constexpr char byAddress4 = 1;
constexpr char byName = 3;
constexpr char byAddress6 = 4;
constexpr QByteArrayView loginUser = "pulsedeck";
constexpr size_t mostCallers = 16;

QByteArray newSecret()
{
    std::array<quint32, 8> words;
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words).toHex();
}

} // namespace

struct SshProxy::Caller
{
    enum class Stage : quint8 { Greeting, Login, Request, Through };

    Caller(int fd, QObject *parent)
        : descriptor(fd)
        , notifier(new QSocketNotifier(fd, QSocketNotifier::Read, parent))
    { }
    ~Caller()
    {
        notifier->setEnabled(false);
        notifier->deleteLater(); // It may be the one whose signal led here.
        if (descriptor >= 0)
            ::close(descriptor);
    }
    Caller(const Caller &) = delete;
    Caller &operator=(const Caller &) = delete;
    bool say(QByteArrayView bytes) const
    {
        return ::send(descriptor, bytes.data(), size_t(bytes.size()), MSG_DONTWAIT | MSG_NOSIGNAL) == bytes.size();
    }

    int descriptor;
    QSocketNotifier *notifier;
    QByteArray got;
    Stage stage = Stage::Greeting;
};

SshProxy::SshProxy(const SshRoute &route, const QString &host, int port, QObject *parent)
    : QTcpServer(parent)
    , m_route(route)
    , m_host(host)
    , m_port(port)
    , m_secret(newSecret())
{ }

SshProxy::~SshProxy() = default;

QNetworkProxy SshProxy::proxy()
{
    if (!isListening())
        listen(QHostAddress::LocalHost);
    return {QNetworkProxy::Socks5Proxy, u"127.0.0.1"_s, serverPort(), QString::fromLatin1(loginUser),
            QString::fromLatin1(m_secret)};
}

void SshProxy::incomingConnection(qintptr descriptor)
{
    if (m_callers.size() >= mostCallers)
        m_callers.erase(m_callers.begin()); // Ours signs in at once.
    Caller &caller = *m_callers.emplace_back(std::make_unique<Caller>(int(descriptor), this));
    connect(caller.notifier, &QSocketNotifier::activated, this, [this, &caller] { hear(caller); });
}

void SshProxy::drop(const Caller &caller)
{
    std::erase_if(m_callers, [&caller](const std::unique_ptr<Caller> &one) { return one.get() == &caller; });
}

void SshProxy::hear(Caller &caller)
{
    std::array<char, 1024> buffer;
    const ssize_t got = ::recv(caller.descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    if (got > 0)
        caller.got.append(buffer.data(), got);
    qsizetype taken = got > 0 && caller.got.size() <= qsizetype(buffer.size()) ? 1 : -1;
    while (taken > 0 && caller.stage != Caller::Stage::Through && !caller.got.isEmpty()) {
        taken = take(caller);
        caller.got.remove(0, qMax<qsizetype>(0, taken));
    }
    if (taken < 0) {
        drop(caller);
        return;
    }
    if (caller.stage != Caller::Stage::Through)
        return;
    auto *tunnel = new SshTunnel(m_route, m_host, m_port, this);
    connect(tunnel, &SshTunnel::ended, this, [this, tunnel] {
        if (tunnel != m_tunnel)
            tunnel->deleteLater();
    });
    m_tunnel = tunnel;
    const int descriptor = std::exchange(caller.descriptor, -1);
    drop(caller);
    tunnel->carry(descriptor);
}

qsizetype SshProxy::take(Caller &caller) const
{
    const QByteArray &got = caller.got;
    const auto byteAt = [&got](qsizetype i) { return got.size() > i ? int(uchar(got.at(i))) : 0; };
    qsizetype whole = 2;
    switch (caller.stage) {
    case Caller::Stage::Greeting: // Version, and the ways of signing in that it offers.
        whole += byteAt(1);
        if (got.at(0) != socksVersion)
            return -1;
        if (got.size() < qMax<qsizetype>(3, whole))
            return 0;
        if (!got.mid(2, whole - 2).contains(byLogin) || !caller.say(QByteArray{"\5\2", 2}))
            return -1;
        caller.stage = Caller::Stage::Login;
        return whole;
    case Caller::Stage::Login: // Version, user and password, each behind its length.
        whole += byteAt(1) + 1;
        whole += byteAt(whole - 1);
        if (got.at(0) != loginVersion)
            return -1;
        if (got.size() < qMax<qsizetype>(4, whole))
            return 0;
        if (got.mid(2, byteAt(1)) != loginUser || got.mid(3 + byteAt(1), whole - 3 - byteAt(1)) != m_secret
            || !caller.say(QByteArray{"\1\0", 2}))
            return -1;
        caller.stage = Caller::Stage::Request;
        return whole;
    case Caller::Stage::Request: { // Version, command, a zero, and where to. The way leads to one place only.
        constexpr qsizetype head = 4;
        constexpr qsizetype portBytes = 2;
        if (got.at(0) != socksVersion)
            return -1;
        if (got.size() < head + 1)
            return 0;
        const char kind = got.at(3);
        whole = head + portBytes + (kind == byAddress4 ? 4 : kind == byAddress6 ? 16 : 1 + byteAt(head));
        if (got.at(1) != toConnect || (kind != byAddress4 && kind != byName && kind != byAddress6))
            return -1;
        if (got.size() < whole)
            return 0;
        if (!caller.say(QByteArray{"\5\0\0\1\0\0\0\0\0\0", 10}))
            return -1;
        caller.stage = Caller::Stage::Through;
        return whole;
    }
    case Caller::Stage::Through:
        break;
    }
    return 0;
}

} // namespace pulsedeck
