// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubsecret.h"
#include "models/hub/hubcall.h"
#include "models/protocol/worker.h"

#include <QByteArrayView>
#include <QCoreApplication>
#include <QJsonObject>
#include <QList>
#include <QStringList>

#include <optional>
#include <variant>

namespace pulsedeck {

/// An entry of the hub's registry as in hub:actor_list. The renewal token next to it is never read.
/// Hub's clock.
struct HubActor
{
    QString address;
    QStringList capabilities; ///< At most 64.
    QString displayName; ///< From its metadata; may be empty.
    WorkerStatus status = WorkerStatus::Missing; ///< As reported in its metadata; Missing if not reported.
    QString connectionId; ///< The hub's session that registered it.
    qint64 registeredAt = 0; ///< Unix ms.
    std::optional<qint64> expiresAt; ///< Unix ms; nothing if the hub says null.
    qint64 version = 0; ///< Counts registrations and renewals of the address.
};

/// The payloads of the hub's own messages. Times are the hub's clock in Unix milliseconds.
namespace hub {

struct Pong
{ };
struct Connected
{
    QString serverVersion;
    qint64 maxMessageSize = 0; ///< Bytes; 0 if not reported.
    qint64 heartbeatInterval = 0; ///< As advertised, ms; it does not keep the hub awake. 0 if not reported.
    qint64 maxActors = 0; ///< 0 if not reported.
    QString identity; ///< By whom the hub knows this session: with a token its actor, else who connected. Empty if not reported.
};
struct HeartbeatAck
{
    qint64 timestamp = 0; ///< The heartbeat's own, returned.
    qint64 serverTime = 0;
};
struct Registered
{
    QString address;
    std::optional<qint64> expiresAt;
    HubSecret renewalToken;
    qint64 version = 0;
};
struct Renewed
{
    std::optional<qint64> expiresAt;
    HubSecret renewalToken;
};
struct ActorList
{
    QList<HubActor> actors;
    qint64 total = 0;
    qint64 offset = 0;
    qint64 limit = 0;
    bool hasMore = false;
    int skipped = 0; ///< Entries that could not be read, left out of actors.
};
struct UnknownActor
{
    QString address;
    QString message;
    bool expired = false; ///< It was registered, and its registration had run out.
};
struct Subscribed
{
    QString topic;
    QString subscriptionId;
};
struct TokenRefreshed
{
    HubSecret token;
    qint64 expiresAt = 0;
};
struct Disconnect
{
    bool acknowledged = false; ///< The answer to our own; otherwise the hub ends the connection for \a reason.
    bool duplicate = false; ///< Another connection registered our address.
    QString reason;
    QString message;
};
struct Error
{
    enum class Code : quint8 {
        VersionMismatch,
        Unauthorized,
        InvalidToken,
        RateLimited, ///< With retryAfterMs. Not processed: it may be sent again.
        RegistryFull, ///< The same code on the wire, but waiting does not help.
        BroadcastLimit,
        MessageTooLarge,
        Internal,
        Other,
    };
    Code code = Code::Other;
    QString codeText; ///< As it came.
    QString message; ///< Fit to be shown.
    qint64 retryAfterMs = 0; ///< 0 if not reported; at most an hour.
};
/// A type of the hub's that is not known here.
struct Unfamiliar
{ };
/// From another actor by way of the hub, whatever its type says: a forwarded hub:error is one of these.
struct Application
{
    using Way = ActorMessage::Way;
    Way way = Way::Forwarded;
    QString topic; ///< Publications only.
    QJsonValue payload; ///< As it came; show it only through hubShownJson(). Undefined if the sender gave none.
};

} // namespace hub

/// One message from the hub, read without trust: sizes, types, ranges and missing fields are checked, and only what no
/// other actor can have written counts as the hub's own word. A value; pure.
class HubMessage
{
    Q_DECLARE_TR_FUNCTIONS(HubMessage)

public:
    using Body =
        std::variant<hub::Pong, hub::Connected, hub::HeartbeatAck, hub::Registered, hub::Renewed, hub::ActorList, hub::Discovered,
                     hub::DeliveryAck, hub::UnknownActor, hub::BroadcastAck, hub::Subscribed, hub::Published, hub::QueueStats,
                     hub::Metrics, hub::TokenRefreshed, hub::Disconnect, hub::Error, hub::Unfamiliar, hub::Application>;

    static constexpr qsizetype maxBytes = 8 * 1024 * 1024; ///< More is not read.
    static constexpr qsizetype maxAddress = 512; ///< Characters of an address, a topic or an id.
    static constexpr qsizetype maxActorsRead = 10'000; ///< Of one list; the hub's pages hold 100.

    /// The hub's own address, which every answer comes from.
    static QString hubAddress();

    /// Nothing, with the reason in words, for what is no sound message. \a problem never repeats what came.
    static std::optional<HubMessage> read(QByteArrayView utf8, QString *problem);

    const QString &id() const { return m_id; }
    const QString &from() const { return m_from; }
    const QString &to() const { return m_to; }
    const QString &type() const { return m_type; }
    const QString &correlationId() const { return m_correlationId; } ///< Empty for none.
    qint64 timestamp() const { return m_timestamp; } ///< 0 if not reported.
    qint64 bytes() const { return m_bytes; } ///< As it came.
    const Body &body() const { return m_body; }
    /// The payload as that, or nullptr.
    template <typename T> const T *as() const { return std::get_if<T>(&m_body); }
    bool isFromHub() const { return !std::holds_alternative<hub::Application>(m_body); }

private:
    QString m_id;
    QString m_from;
    QString m_to;
    QString m_type;
    QString m_correlationId;
    qint64 m_timestamp = 0;
    qint64 m_bytes = 0;
    Body m_body;
};

} // namespace pulsedeck
