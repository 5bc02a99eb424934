// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/serveridentity.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QByteArrayView infoValue(QByteArrayView info, QByteArrayView key)
{
    constexpr qsizetype longestValue = 64;
    for (qsizetype at = 0; at < info.size();) {
        qsizetype end = info.indexOf('\n', at);
        if (end < 0)
            end = info.size();
        QByteArrayView line = info.sliced(at, end - at);
        at = end + 1;
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.startsWith(key) && line.size() > key.size() && line.at(key.size()) == ':') {
            const QByteArrayView value = line.sliced(key.size() + 1);
            return value.first(qMin(value.size(), longestValue));
        }
    }
    return {};
}

bool hasKeysElsewhere(QByteArrayView info, int database)
{
    const QByteArray here = "db" + QByteArray::number(database) + ':';
    for (qsizetype at = 0; at < info.size();) {
        const qsizetype end = info.indexOf('\n', at);
        const QByteArrayView line = info.sliced(at, (end < 0 ? info.size() : end) - at);
        at += line.size() + 1;
        if (line.startsWith("db") && !line.startsWith(here) && line.contains(':'))
            return true;
    }
    return false;
}

ServerIdentity ServerIdentity::fromInfo(QByteArrayView info)
{
    ServerIdentity identity;
    const QByteArrayView valkey = infoValue(info, "valkey_version");
    const bool isValkey = !valkey.isEmpty() || infoValue(info, "server_name") == "valkey";
    const QByteArrayView version = valkey.isEmpty() ? infoValue(info, "redis_version") : valkey;
    if (!version.isEmpty()) {
        identity.product = isValkey ? u"Valkey"_s : u"Redis"_s; // untranslated: names
        identity.version = QString::fromUtf8(version.first(qMin<qsizetype>(version.size(), 32)));
    }
    identity.runId = QString::fromUtf8(infoValue(info, "run_id"));
    bool ok = false;
    const qint64 seconds = infoValue(info, "uptime_in_seconds").toByteArray().toLongLong(&ok);
    if (ok && seconds >= 0 && seconds < 1'000'000'000'000)
        identity.uptimeMs = seconds * 1'000;
    return identity;
}

QString ServerIdentity::name() const
{
    return version.isEmpty() ? QString() : QString(product + u' ' + version);
}

} // namespace pulsedeck
