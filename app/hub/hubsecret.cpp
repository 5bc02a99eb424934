// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubsecret.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

qint64 HubSecret::expiresAt() const
{
    constexpr double latestSeconds = 253'402'300'799;
    constexpr qint64 msInSecond = 1'000;
    const QByteArray claims = m_value.section(u'.', 1, 1).toLatin1();
    const auto bytes =
        QByteArray::fromBase64Encoding(claims, QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const double seconds = bytes ? QJsonDocument::fromJson(*bytes).object().value("exp"_L1).toDouble(0) : 0;
    return seconds > 0 && seconds < latestSeconds ? qint64(seconds) * msInSecond : 0;
}

} // namespace pulsedeck
