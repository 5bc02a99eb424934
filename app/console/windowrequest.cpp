// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/windowrequest.h"

#include "app/console/rememberedsources.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int formatVersion = 1;

} // namespace

QByteArray WindowRequest::toJson() const
{
    QJsonArray list;
    for (const SourceSettings &source : sources) {
        QJsonObject one = QJsonObject::fromVariantMap(sourceToMap(source));
        one.insert(u"password"_s, source.password);
        one.insert(u"token"_s, source.token);
        one.insert(u"keyPassphrase"_s, source.tlsOptions.keyPassphrase);
        list.append(one);
    }
    const QJsonObject whole{{u"version"_s, formatVersion},
                            {u"sources"_s, list},
                            {u"page"_s, page},
                            {u"theme"_s, theme},
                            {u"activation"_s, QString::fromUtf8(activation)}};
    return QJsonDocument(whole).toJson(QJsonDocument::Compact);
}

std::optional<WindowRequest> WindowRequest::fromJson(const QByteArray &json)
{
    const QJsonObject whole = QJsonDocument::fromJson(json).object();
    if (whole.value(u"version"_s).toInt() != formatVersion)
        return std::nullopt;
    WindowRequest request;
    for (const QJsonValue &value : whole.value(u"sources"_s).toArray()) {
        const QJsonObject one = value.toObject();
        SourceSettings source = sourceFromMap(one.toVariantMap());
        source.password = one.value(u"password"_s).toString();
        source.token = one.value(u"token"_s).toString();
        source.tlsOptions.keyPassphrase = one.value(u"keyPassphrase"_s).toString();
        request.sources.push_back(source);
    }
    request.page = whole.value(u"page"_s).toString();
    request.theme = whole.value(u"theme"_s).toString();
    request.activation = whole.value(u"activation"_s).toString().toUtf8();
    return request;
}

} // namespace pulsedeck
