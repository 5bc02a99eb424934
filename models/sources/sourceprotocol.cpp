// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourceprotocol.h"

#include "models/sources/sourcesettings.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class RedisProtocol final : public SourceProtocol
{
    Q_DECLARE_TR_FUNCTIONS(RedisProtocol)

public:
    QString name() const override { return u"redis"_s; }
    TraitsRef traits() const override { return {}; }
    SourceFields fields() const override
    {
        return SourceField::Host | SourceField::Encryption | SourceField::Socket | SourceField::Login | SourceField::Database;
    }
    std::optional<SourceSettings> read(const QString &address, QString *error) const override
    {
        const std::optional<RedisUrl> url = RedisUrl::parse(address, error);
        return url ? std::optional(SourceSettings::fromUrl(*url)) : std::nullopt;
    }
    QString address(const SourceSettings &settings) const override { return settings.url().display(); }
    QString connectText() const override { return tr("&Connect to Redis…"); }
    QString question() const override { return tr("Where is the Redis of your fleet?"); }
    QString invitation() const override { return tr("Connect to a Redis in which workers are registered"); }
};

class HubProtocol final : public SourceProtocol
{
    Q_DECLARE_TR_FUNCTIONS(HubProtocol)

public:
    QString name() const override { return u"hub"_s; }
    TraitsRef traits() const override { return hubTraits(); }
    SourceFields fields() const override
    {
        return SourceField::Host | SourceField::Encryption | SourceField::Path | SourceField::Token;
    }
    std::optional<SourceSettings> read(const QString &address, QString *error) const override
    {
        const std::optional<HubAddress> hub = HubAddress::parse(address, error);
        return hub ? std::optional(SourceSettings::fromHub(*hub)) : std::nullopt;
    }
    QString address(const SourceSettings &settings) const override { return settings.hubAddress().display(); }
    QString connectText() const override { return tr("Connect to a Signal &Hub…"); }
    QString question() const override { return tr("Where is the Signal Hub of your actors?"); }
    QString invitation() const override { return tr("Connect to a Signal Hub with its actors"); }
};

class ProtocolTexts
{
    Q_DECLARE_TR_FUNCTIONS(ProtocolTexts)
};

} // namespace

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

const SourceProtocol &redisProtocol()
{
    static const RedisProtocol protocol;
    return protocol;
}

const SourceProtocol &hubProtocol()
{
    static const HubProtocol protocol;
    return protocol;
}

} // namespace pulsedeck
