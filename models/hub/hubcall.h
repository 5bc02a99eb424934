// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubanswers.h"
#include "models/protocol/worker.h"

#include <QJsonValue>
#include <QUuid>

#include <memory>
#include <variant>

namespace pulsedeck {

/// A request of a console to a hub, other than listing actors and commands to them. A value; crosses to the I/O thread.
struct HubCall
{
    enum class Kind : quint8 {
        Health, ///< GET /health, outside the message budget.
        Metrics,
        QueueStats,
        Discover, ///< target is the pattern, capability may be empty.
        Ask, ///< To the actor \a target, and the hub reports whether it was delivered.
        Tell, ///< The same, without a report.
        Broadcast, ///< To every actor, or those with \a capability.
        Publish, ///< target is the topic.
        Subscribe, ///< target is the topic; needs our own address registered.
        Unsubscribe,
    };

    QUuid id;
    Kind kind = Kind::Metrics;
    QString target;
    QString capability;
    QString type; ///< Of the message: "task:assign".
    QJsonValue data = QJsonValue::Undefined;
    QByteArray
        exact; ///< The same data as JsonInput::exact has it, and then what is sent: a double holds 17 digits. May be empty.
    bool excludeSelf = true; ///< Broadcast only.

    /// Whether it reaches others: it needs write access then, and goes into the journal.
    bool sends() const { return kind == Kind::Ask || kind == Kind::Tell || kind == Kind::Broadcast || kind == Kind::Publish; }
};

/// "ask", "queue-stats": for JSON, the journal and tests.
QString hubCallName(HubCall::Kind kind);
/// The UTF-8 bytes \a data takes as JSON without any space; 0 if undefined.
qint64 hubDataBytes(const QJsonValue &data);
/// The bytes of what \a call sends as its data.
qint64 hubDataBytes(const HubCall &call);
/// The UTF-8 bytes of a whole message that a hub takes; one more, and it ends the connection.
constexpr qint64 hubMessageLimit = 1'048'576;
/// The bytes a call that sends takes with its envelope, never less than it is and a few hundred more at most.
qint64 hubMessageBytes(const HubCall &call);

/// The one answer to a HubCall.
struct HubCallAnswer
{
    enum class Outcome : quint8 {
        Answered, ///< The hub answered; body holds what.
        Sent, ///< Written; the hub never answers this kind.
        Refused, ///< It was not done; text says why. Also without write access, for what sends.
        UnknownActor, ///< Not registered, or expired; see text.
        Unknown, ///< Written, and no answer came or the connection was lost: it may or may not have happened.
        NotSent, ///< No connection, or too much is waiting, or the message is too large.
    };

    QUuid id;
    SourceId source = 0;
    HubCall::Kind kind = HubCall::Kind::Metrics;
    qint64 at = 0; ///< Console's clock, ms.
    qint64 elapsedMs = 0;
    Outcome outcome = Outcome::NotSent;
    QString text; ///< In words, for all but Answered and Sent; never holds a token.
    std::variant<std::monostate, HubHealth, hub::Metrics, hub::QueueStats, hub::Discovered, hub::DeliveryAck, hub::BroadcastAck,
                 hub::Published>
        body;

    bool ok() const { return outcome == Outcome::Answered || outcome == Outcome::Sent; }
    template <typename T> const T *as() const { return std::get_if<T>(&body); }
};

/// A message that another actor sent us by way of the hub. Its payload is fit to be shown: what looks like a token is
/// replaced, and what is deeper or larger than can be shown is cut.
struct ActorMessage
{
    enum class Way : quint8 { Forwarded, Broadcast, Publication };

    SourceId source = 0;
    qint64 at = 0; ///< Console's clock, ms.
    Way way = Way::Forwarded;
    QString from;
    QString to;
    QString type;
    QString topic; ///< Publications only.
    QString correlationId;
    QJsonValue payload = QJsonValue::Undefined; ///< Undefined if the sender gave none.
    qint64 bytes = 0; ///< Of the payload as it came.
    bool cut = false; ///< More came than is kept.
    std::shared_ptr<void> room; ///< Its share of the bytes on their way to the window; freed with the last copy.
};

/// The state of the subscription to a topic.
struct HubSubscription
{
    enum class State : quint8 { Asked, Subscribed, Refused };
    QString topic;
    State state = State::Asked;
    QString problem; ///< For Refused.
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::HubCall)
Q_DECLARE_METATYPE(pulsedeck::HubCallAnswer)
Q_DECLARE_METATYPE(pulsedeck::ActorMessage)
Q_DECLARE_METATYPE(pulsedeck::HubSubscription)
