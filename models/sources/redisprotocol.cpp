// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/redisprotocol.h"

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
        return SourceField::Host | SourceField::Encryption | SourceField::Socket | SourceField::Login | SourceField::Database
               | SourceField::Systems;
    }
    std::optional<SourceSettings> read(const QString &address, QString *error) const override
    {
        const std::optional<RedisUrl> url = RedisUrl::parse(address, error);
        return url ? std::optional(SourceSettings::fromUrl(*url)) : std::nullopt;
    }
    std::optional<SourceSettings> fromEnvironment(const QProcessEnvironment &variables, QString *error) const override
    {
        const std::optional<RedisUrl> url = RedisUrl::fromEnvironment(variables, error);
        return url ? std::optional(SourceSettings::fromUrl(*url)) : std::nullopt;
    }
    QString address(const SourceSettings &settings) const override { return settings.url().display(); }
    QString connectText() const override { return tr("&Connect to Redis…"); }
    QString question() const override { return tr("Where is the Redis of your fleet?"); }
    QString invitation() const override { return tr("Connect to a Redis in which workers are registered"); }
    QString unlockedText() const override
    {
        return tr("Workers can then be drained, shut down and removed, and timing can be applied.");
    }
};

} // namespace

const SourceProtocol &redisProtocol()
{
    static const RedisProtocol protocol;
    return protocol;
}

} // namespace pulsedeck
