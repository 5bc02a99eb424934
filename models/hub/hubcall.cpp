// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubcall.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString hubCallName(HubCall::Kind kind)
{
    switch (kind) {
    case HubCall::Kind::Health:
        return u"health"_s;
    case HubCall::Kind::Metrics:
        return u"metrics"_s;
    case HubCall::Kind::QueueStats:
        return u"queue-stats"_s;
    case HubCall::Kind::Discover:
        return u"discover"_s;
    case HubCall::Kind::Ask:
        return u"ask"_s;
    case HubCall::Kind::Tell:
        return u"tell"_s;
    case HubCall::Kind::Broadcast:
        return u"broadcast"_s;
    case HubCall::Kind::Publish:
        return u"publish"_s;
    case HubCall::Kind::Subscribe:
        return u"subscribe"_s;
    case HubCall::Kind::Unsubscribe:
        return u"unsubscribe"_s;
    }
    return {};
}

qint64 hubDataBytes(const QJsonValue &data)
{
    if (data.isUndefined())
        return 0;
    constexpr qsizetype brackets = 2;
    return QJsonDocument(QJsonArray{data}).toJson(QJsonDocument::Compact).size() - brackets;
}

qint64 hubDataBytes(const HubCall &call)
{
    return call.exact.isEmpty() ? hubDataBytes(call.data) : call.exact.size();
}

qint64 hubMessageBytes(const HubCall &call)
{
    constexpr qint64 envelope = 640; // Field names, id, our own address, the hub's, a time.
    const qint64 target = call.kind == HubCall::Kind::Broadcast ? hubDataBytes(call.capability) : hubDataBytes(call.target);
    return envelope + hubDataBytes(call.type) + target + hubDataBytes(call);
}

} // namespace pulsedeck
