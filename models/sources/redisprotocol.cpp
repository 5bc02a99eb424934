// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/redisprotocol.h"

#include "models/sources/sourcesettings.h"

#include <QCoreApplication>

#include <algorithm>

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
               | SourceField::Systems | SourceField::Way;
    }
    QList<OwnSetting> ownSettings() const override
    {
        return {
            {nodesSetting, tr("Cluster nodes"), u"host:6379,host2:6379"_s},
            {masterSetting, tr("Master"), tr("its name, as the Sentinels have it")},
            {sentinelsSetting, tr("More Sentinels"), u"host2:26379,host3:26379"_s},
            {sentinelUserSetting, tr("Their user"), tr("of the Sentinels, if they have one"), false, false},
            {sentinelPasswordSetting, tr("Their password"), tr("of the Sentinels, if they have one"), false, false,
             u"sentinel_password"_s},
            {sentinelPasswordFromSetting, tr("Read from"), tr("as typed; or env:NAME, file:/PATH"), false, false},
            {sentinelTlsSetting, tr("Their TLS"), tr("yes or no; empty: as for the master"), false, false},
        };
    }
    QString ownProblem(const SourceSettings &settings, const QString &name) const override
    {
        const QString value = settings.own.value(name);
        const bool ofSentinels = !settings.own.value(masterSetting).isEmpty();
        QString problem;
        if (name == masterSetting)
            return ofSentinels && !settings.socketPath.isEmpty() ? tr("A Sentinel has a host, not a socket.") : QString();
        if (value.isEmpty())
            return {};
        if (name == nodesSetting) {
            if (ofSentinels)
                return tr("Sentinels watch a master by itself, and no cluster.");
            if (!settings.socketPath.isEmpty())
                return tr("A node of a cluster has a host, not a socket.");
            if (settings.database != 0)
                return tr("A cluster has database 0 only.");
            RedisUrl::parseNodes(value, &problem);
            return problem;
        }
        if (!ofSentinels)
            return tr("This is for Sentinels only: enter the name of their master above.");
        if (name == sentinelsSetting)
            RedisUrl::parsePlaces(value, &problem);
        else if (name == sentinelPasswordFromSetting)
            problem = SecretPlace::problem(value);
        else if (name == sentinelTlsSetting && value != "yes"_L1 && value != "no"_L1)
            problem = tr("It is either yes or no.");
        return problem;
    }
    bool showsOwn(const SourceSettings &settings) const override
    {
        return std::any_of(settings.own.cbegin(), settings.own.cend(), [](const QString &value) { return !value.isEmpty(); });
    }
    std::optional<SourceSettings> read(const QString &address, QString *error) const override
    {
        const std::optional<RedisUrl> url = RedisUrl::parse(address, error);
        return url ? std::optional(SourceSettings::fromUrl(*url)) : std::nullopt;
    }
    std::optional<SourceSettings> moved(const SourceSettings &settings, const QString &address) const override
    {
        std::optional<SourceSettings> there = SourceProtocol::moved(settings, address);
        if (!there || there->own.value(masterSetting).isEmpty())
            return there;
        // It was a Sentinel that has let in: this is its login, and not that of the master.
        if (!settings.user.isEmpty())
            there->own.insert(sentinelUserSetting, settings.user);
        if (!settings.passwordFrom.isGiven())
            there->own.insert(sentinelPasswordFromSetting, settings.passwordFrom.text());
        if (!settings.password.isEmpty())
            there->own.insert(sentinelPasswordSetting, settings.password);
        return there;
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
