// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubmail.h"

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

HubMail hubMail(SourceId source, qint64 at, const HubMessage &message, const hub::Application &application)
{
    HubMail mail;
    mail.source = source;
    mail.at = at;
    mail.way = application.way;
    mail.from = hubShownText(message.from(), HubMessage::maxAddress);
    mail.to = hubShownText(message.to(), HubMessage::maxAddress);
    mail.type = hubShownText(message.type());
    mail.topic = hubShownText(application.topic, HubMessage::maxAddress);
    mail.correlationId = hubShownText(message.correlationId(), HubMessage::maxAddress);
    mail.bytes = jsonBytes(application.payload).size();
    if (application.payload.isUndefined())
        return mail;
    mail.payload = hubShownJson(application.payload);
    // Not only what came: a short payload can hold little more than what is put in the place of its tokens.
    const QByteArray shown = jsonBytes(mail.payload);
    if (shown.size() > mostMailBytes) {
        mail.payload = QString(QString::fromUtf8(shown.first(mostMailBytes)) + u'…');
        mail.cut = true;
    }
    return mail;
}

} // namespace pulsedeck
