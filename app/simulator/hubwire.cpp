// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubwire.h"

#include <QCryptographicHash>
#include <QPointer>
#include <QTcpSocket>
#include <QtEndian>

namespace pulsedeck::fleet {

namespace {

constexpr qsizetype longestRequest = 16 * 1024;
constexpr quint8 finBit = 0x80;
constexpr quint8 reservedBits = 0x70;
constexpr quint8 opcodeBits = 0x0f;
constexpr quint8 lengthBits = 0x7f;
constexpr quint8 length16 = 126;
constexpr quint8 length64 = 127;
constexpr quint8 opContinuation = 0;
constexpr quint8 opText = 1;
constexpr quint8 opBinary = 2;
constexpr quint8 opClose = 8;
constexpr quint8 opPing = 9;
constexpr quint8 opPong = 10;
constexpr qsizetype maskBytes = 4;

} // namespace

HubWire::HubWire(QTcpSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    socket->setParent(this);
    connect(socket, &QTcpSocket::readyRead, this, &HubWire::read);
    connect(socket, &QTcpSocket::disconnected, this, &HubWire::ended);
    // Data that arrived before the signal was connected.
    QMetaObject::invokeMethod(this, &HubWire::read, Qt::QueuedConnection);
}

void HubWire::read()
{
    m_buffer += m_socket->readAll();
    if (m_deaf) {
        m_buffer.clear();
        return;
    }
    const QPointer<HubWire> guard(this);
    m_at = 0;
    while (!m_deaf && (m_upgraded ? readFrame() : readRequest())) {
        if (!guard)
            return;
    }
    if (!guard)
        return;
    m_buffer.remove(0, m_at);
    m_at = 0;
}

bool HubWire::readRequest()
{
    if (m_requested)
        return false;
    const qsizetype end = m_buffer.indexOf("\r\n\r\n");
    if (end < 0) {
        if (m_buffer.size() > longestRequest)
            m_socket->abort();
        return false;
    }
    const QList<QByteArray> lines = m_buffer.first(end).split('\n');
    const QList<QByteArray> words = lines.first().simplified().split(' ');
    m_requested = true;
    m_at = end + 4;
    if (words.size() != 3) {
        respond(400, "Bad Request", "text/plain", "Bad Request");
        return false;
    }
    bool wantsUpgrade = false;
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        const QByteArray name = line.left(qMax<qsizetype>(0, colon)).trimmed().toLower();
        const QByteArray value = line.mid(colon + 1).trimmed();
        if (name == "upgrade" && value.toLower() == "websocket")
            wantsUpgrade = true;
        else if (name == "sec-websocket-key")
            m_key = value;
    }
    const QByteArray path = words[1].left(words[1].indexOf('?') < 0 ? words[1].size() : words[1].indexOf('?'));
    emit requested(path, wantsUpgrade && !m_key.isEmpty());
    return true;
}

void HubWire::respond(int status, const QByteArray &reason, const QByteArray &type, const QByteArray &body)
{
    m_socket->write("HTTP/1.1 " + QByteArray::number(status) + ' ' + reason + "\r\nContent-Type: " + type
                    + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    m_deaf = true;
    m_socket->disconnectFromHost();
}

void HubWire::upgrade()
{
    const QByteArray accept =
        QCryptographicHash::hash(QByteArray(m_key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"), QCryptographicHash::Sha1).toBase64();
    m_socket->write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + accept + "\r\n\r\n");
    m_upgraded = true;
}

bool HubWire::readFrame()
{
    const auto *data = reinterpret_cast<const quint8 *>(m_buffer.constData()) + m_at;
    const qsizetype there = m_buffer.size() - m_at;
    if (there < 2)
        return false;
    const quint8 opcode = data[0] & opcodeBits;
    const bool last = (data[0] & finBit) != 0;
    quint64 length = data[1] & lengthBits;
    qsizetype header = 2;
    if (length == length16) {
        if (there < 4)
            return false;
        length = qFromBigEndian<quint16>(data + 2);
        header = 4;
    } else if (length == length64) {
        if (there < 10)
            return false;
        length = qFromBigEndian<quint64>(data + 2);
        header = 10;
    }
    const bool masked = (data[1] & finBit) != 0;
    const bool control = opcode >= opClose;
    if (!masked || (data[0] & reservedBits) != 0 || (control && (!last || length > 125)) || length > quint64(mostBytes)
        || m_message.size() + qint64(length) > mostBytes) {
        m_socket->abort(); // No client makes such a frame.
        return false;
    }
    if (there < header + maskBytes + qsizetype(length))
        return false;
    const quint8 *const mask = data + header;
    QByteArray payload(qsizetype(length), Qt::Uninitialized);
    for (qsizetype i = 0; i < qsizetype(length); ++i)
        payload[i] = char(data[header + maskBytes + i] ^ mask[i % maskBytes]);
    m_at += header + maskBytes + qsizetype(length);

    switch (opcode) {
    case opContinuation:
    case opText:
    case opBinary:
        if (m_inMessage != (opcode == opContinuation)) {
            m_socket->abort();
            return false;
        }
        m_message += payload;
        m_inMessage = !last;
        if (last)
            emit message(std::exchange(m_message, {}));
        return true;
    case opClose:
        m_deaf = true;
        emit closeReceived();
        return false;
    case opPing:
        sendFrame(finBit | opPong, payload);
        return true;
    default:
        return true;
    }
}

void HubWire::sendFrame(quint8 head, const QByteArray &data)
{
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        return;
    QByteArray frame;
    frame.reserve(data.size() + 10);
    frame += char(head);
    if (data.size() < length16) {
        frame += char(data.size());
    } else if (data.size() <= 0xffff) {
        frame += char(length16);
        frame.resize(4);
        qToBigEndian(quint16(data.size()), frame.data() + 2);
    } else {
        frame += char(length64);
        frame.resize(10);
        qToBigEndian(quint64(data.size()), frame.data() + 2);
    }
    frame += data;
    m_socket->write(frame);
}

void HubWire::sendText(const QByteArray &utf8)
{
    sendFrame(finBit | opText, utf8);
}

void HubWire::sendBinary(const QByteArray &data)
{
    sendFrame(finBit | opBinary, data);
}

void HubWire::sendFragments(const QByteArray &utf8, qsizetype frameBytes)
{
    for (qsizetype at = 0; at < utf8.size(); at += frameBytes) {
        const bool last = at + frameBytes >= utf8.size();
        sendFrame(quint8((last ? finBit : 0) | (at == 0 ? opText : opContinuation)), utf8.mid(at, frameBytes));
        if (!last)
            sendFrame(finBit | opPing, "still there");
    }
}

void HubWire::sendClose(int code, const QByteArray &reason)
{
    QByteArray payload(2, Qt::Uninitialized);
    qToBigEndian(quint16(code), payload.data());
    sendFrame(finBit | opClose, payload + reason.left(123));
    m_deaf = true;
}

void HubWire::abort()
{
    m_socket->abort();
}

} // namespace pulsedeck::fleet
