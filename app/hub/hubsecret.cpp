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
    constexpr double daySeconds = 86'400;
    const QByteArray claims = m_value.section(u'.', 1, 1).toLatin1();
    const auto bytes = QByteArray::fromBase64Encoding(claims, QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const QJsonObject said = bytes ? QJsonDocument::fromJson(*bytes).object() : QJsonObject();
    double seconds = qMax(0.0, said.value("exp"_L1).toDouble(0));
    // Whatever it says of its end, a hub takes none that was issued more than a day ago.
    const double issued = said.value("iat"_L1).toDouble(0);
    if (issued > 0)
        seconds = seconds > 0 ? qMin(seconds, issued + daySeconds) : issued + daySeconds;
    return seconds > 0 && seconds < latestSeconds ? qint64(seconds) * msInSecond : 0;
}

} // namespace pulsedeck
