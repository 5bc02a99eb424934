// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourceprotocol.h"

#include "models/sources/sourcesettings.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class ProtocolTexts
{
    Q_DECLARE_TR_FUNCTIONS(ProtocolTexts)
};

} // namespace

std::optional<SourceSettings> SourceProtocol::fromEnvironment(const QProcessEnvironment &, QString *) const
{
    return std::nullopt;
}

std::optional<SourceSettings> SourceProtocol::moved(const SourceSettings &settings, const QString &address) const
{
    std::optional<SourceSettings> there = SourceSettings::fromUrl(address, nullptr, settings.kind);
    if (there && there->caFile.isEmpty())
        there->caFile = settings.caFile;
    if (there && there->socketPath.isEmpty() && !there->ssh.isSet())
        there->ssh = settings.ssh; // What a server names is where that server is.
    if (there && there->tlsOptions == TlsOptions())
        there->tlsOptions = settings.tlsOptions;
    return there;
}

QString SourceProtocol::connectText() const
{
    return ProtocolTexts::tr("Connect to %1…").arg(traits()->system);
}

QString SourceProtocol::question() const
{
    return ProtocolTexts::tr("Where is the %1?").arg(traits()->system);
}

QString SourceProtocol::invitation() const
{
    return ProtocolTexts::tr("Connect to %1").arg(traits()->system);
}

QString SourceProtocol::removedText() const
{
    return ProtocolTexts::tr("Nothing changes in %1.", "a system").arg(traits()->system);
}

QString SourceProtocol::unlockedText() const
{
    return ProtocolTexts::tr("%1: %2 can then be commanded.", "a system, and its workers")
        .arg(traits()->system, traitText(traits()->workers));
}

} // namespace pulsedeck
