// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubcall.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <iterator>

namespace pulsedeck {

QString hubCallName(HubCall::Kind kind)
{
    // In the order of the enumeration.
    static constexpr const char *names[]{"health", "metrics",   "queue-stats", "discover",  "ask",
                                         "tell",   "broadcast", "publish",     "subscribe", "unsubscribe"};
    static_assert(std::size(names) == size_t(HubCall::Kind::Unsubscribe) + 1);
    return QString::fromLatin1(names[size_t(kind)]);
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
