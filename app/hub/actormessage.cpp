// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/actormessage.h"

#include "app/hub/hubtext.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Compact, whatever it is.
QByteArray jsonBytes(const QJsonValue &value)
{
    if (value.isUndefined())
        return {};
    const QByteArray inBrackets = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return inBrackets.sliced(1, inBrackets.size() - 2);
}

} // namespace

ActorMessage actorMessage(SourceId source, qint64 at, const HubMessage &message, const hub::Application &application)
{
    ActorMessage received;
    received.source = source;
    received.at = at;
    received.way = application.way;
    received.from = hubShownText(message.from(), HubMessage::maxAddress);
    received.to = hubShownText(message.to(), HubMessage::maxAddress);
    received.type = hubShownText(message.type());
    received.topic = hubShownText(application.topic, HubMessage::maxAddress);
    received.correlationId = hubShownText(message.correlationId(), HubMessage::maxAddress);
    received.bytes = jsonBytes(application.payload).size();
    if (application.payload.isUndefined())
        return received;
    received.payload = hubShownJson(application.payload);
    // Not only what came: a short payload can hold little more than what is put in the place of its tokens.
    const QByteArray shown = jsonBytes(received.payload);
    if (shown.size() > mostPayloadBytes) {
        received.payload = QString(QString::fromUtf8(shown.first(mostPayloadBytes)) + u'…');
        received.cut = true;
    }
    return received;
}

} // namespace pulsedeck
