// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubaccess.h"

#include "app/hub/hubownaddress.h"

#include <QFile>
#include <QSslCertificate>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void HubAccess::takeEnvironment(const QProcessEnvironment &environment)
{
    if (tokenFile.isEmpty())
        token = HubSecret(environment.value(u"SIGNAL_HUB_TOKEN"_s).trimmed());
}

QString HubAccess::load()
{
    if (!tokenFile.isEmpty()) {
        QFile file(tokenFile);
        if (!file.open(QIODevice::ReadOnly))
            return u"--token-file: %1 cannot be read: %2."_s.arg(tokenFile, file.errorString());
        const QByteArray bytes = file.read(largestToken + 1);
        const QByteArray word = bytes.trimmed();
        const bool oneWord =
            std::none_of(word.begin(), word.end(), [](char c) { return c <= ' ' || static_cast<signed char>(c) < 0; });
        if (word.isEmpty() || bytes.size() > largestToken || !oneWord)
            return u"--token-file: %1 does not contain a token: one word, and nothing else."_s.arg(tokenFile);
        token = HubSecret(QString::fromLatin1(word));
    }
    if (!caFile.isEmpty()) {
        QFile file(caFile);
        if (!file.open(QIODevice::ReadOnly))
            return u"--cacert: %1 cannot be read: %2."_s.arg(caFile, file.errorString());
        if (QSslCertificate::fromDevice(&file).isEmpty())
            return u"--cacert: %1 does not contain a certificate (PEM)."_s.arg(caFile);
    }
    return {};
}

HubConnectionOptions HubAccess::connection(const HubAddress &hub, int timeoutMs) const
{
    HubConnectionOptions options;
    options.hub = hub;
    if (!caFile.isEmpty())
        options.hub.caFile = caFile;
    options.hub.tlsOptions = tlsOptions;
    options.token = token;
    options.address = hubOwnAddress(u"pulsedeckctl"_s);
    options.displayName = u"pulsedeckctl"_s;
    options.connectTimeoutMs = qMin(options.connectTimeoutMs, timeoutMs);
    options.requestTimeoutMs = qMin(options.requestTimeoutMs, timeoutMs);
    return options;
}

QString tokenArgumentRefusal()
{
    return u"Everybody on this machine could read a token on the command line: "
           "set SIGNAL_HUB_TOKEN, or give --token-file FILE."_s;
}

} // namespace pulsedeck
