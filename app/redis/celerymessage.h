// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pulsedeck {

/// One event that a Celery worker sent about itself. Times are Unix ms by its own clock. A value.
struct CeleryEvent
{
    enum class Kind : quint8 { Heartbeat, Online, Offline };

    Kind kind = Kind::Heartbeat;
    QByteArray node; ///< "w1@host": the name of the worker.
    qint64 at = 0; ///< 0 if it is not given.
    qint64 pid = 0; ///< 0 if it is not given.
    double frequency = 2; ///< Seconds between its heartbeats.
    qint32 active = -1; ///< Tasks at work; -1 if it is not given.
    qint64 processed = -1;
    QString version;
};

/// The bytes that Celery's workers and this console exchange over Redis: JSON in a JSON envelope, as kombu writes it. A message
/// for remote control that is not exactly as expected ends the worker that reads it, or leaves it deaf: all are made here, and a
/// message without a destination, which every worker would obey, cannot be made. Pure; any thread.
class CeleryMessage
{
public:
    static constexpr qsizetype largest = 256 * 1024; ///< Bytes of a message that is read.
    static constexpr qsizetype longestNode = 255;
    static constexpr qsizetype mostNodes = 64; ///< That one command is for.

    /// Where answers to a command go.
    struct Reply
    {
        QByteArray ticket; ///< A uuid: which command an answer belongs to.
        QByteArray exchange; ///< "reply.celery.pidbox".
        QByteArray routingKey; ///< One per installation of the console.
    };

    /// The events of a message on a channel of events; none if it is of another kind, and nullopt if it cannot be read, as
    /// with another serializer.
    static std::optional<QList<CeleryEvent>> events(QByteArrayView message);
    /// A command to these workers, one at least. Empty if it cannot be sent: there are mostNodes at most, a node is never empty,
    /// is UTF-8 without control characters, and is no longer than longestNode; a method is a word, and a reply is whole.
    static QByteArray command(const QByteArrayList &nodes, const QByteArray &method, const QJsonObject &arguments,
                              const std::optional<Reply> &reply, const QByteArray &deliveryTag);
    static QByteArray command(const QByteArray &node, const QByteArray &method, const QJsonObject &arguments,
                              const std::optional<Reply> &reply, const QByteArray &deliveryTag)
    {
        return command(QByteArrayList{node}, method, arguments, reply, deliveryTag);
    }
    /// What a worker answered: by node name. Empty if it is no answer to \a ticket.
    static QJsonObject answer(QByteArrayView message, const QByteArray &ticket);
};

} // namespace pulsedeck
