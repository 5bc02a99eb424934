// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/rememberedsources.h"

#include <QLockFile>
#include <QSettings>
#include <QUuid>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto group = "sources"_L1;
constexpr auto positionKey = "position"_L1;
constexpr auto visibleKey = "visible"_L1;
constexpr auto keyPassphraseFromKey = "keyPassphraseFrom"_L1;
constexpr auto passwordFromKey = "passwordFrom"_L1;

struct TokenWord
{
    TokenFrom from;
    QLatin1StringView word;
};
constexpr TokenWord tokenWords[] = {{TokenFrom::Nowhere, QLatin1StringView("nowhere")},
                                    {TokenFrom::Typed, QLatin1StringView("typed")},
                                    {TokenFrom::Keychain, QLatin1StringView("keychain")},
                                    {TokenFrom::Environment, QLatin1StringView("environment")}};

/// Held while the settings are read and written; it is worth waiting for, and worth going on without.
class SettingsLock
{
public:
    explicit SettingsLock(const QSettings &settings)
        : m_file(settings.fileName() + u".sources.lock"_s)
    {
        m_file.tryLock(RememberedSources::lockWaitMs);
    }

private:
    QLockFile m_file;
};

/// Settings files hold text: a number read back is a text.
bool sameValue(const QVariant &a, const QVariant &b)
{
    return a.toString() == b.toString();
}

/// The key of an entry of a list, which had none: the same whichever window takes the list over.
QString keyOfListed(const SourceSettings &source, int index)
{
    static const QUuid space(u"{6d4b7f0e-5f57-4f0b-9f0b-1f6f4a1f5d7c}"_s);
    const QString text = QString::number(index) + u' ' + source.address() + u' ' + source.user;
    return QUuid::createUuidV5(space, text).toString(QUuid::WithoutBraces);
}

bool isListIndex(const QString &name)
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](QChar c) { return c.isDigit(); });
}

/// The settings that only its protocol has, as they are remembered.
QMap<QString, QString> withoutSecrets(const SourceSettings &source)
{
    QMap<QString, QString> own = source.own;
    for (const OwnSetting &setting : source.kind->ownSettings()) {
        if (!setting.secretParameter.isEmpty() || own.value(setting.name).isEmpty())
            own.remove(setting.name);
    }
    return own;
}

/// Calls \a visit with the name of each value that is remembered as it is, and the value. Password, passphrase and token are not:
/// they are asked for when the server asks for them.
template <typename Settings, typename Visit> void visitValues(Settings &source, const Visit &visit)
{
    visit(u"name"_s, source.name);
    visit(u"host"_s, source.host);
    visit(u"port"_s, source.port);
    visit(u"tls"_s, source.tls);
    visit(u"caFile"_s, source.caFile);
    if (source.has(SourceField::Encryption)) {
        visit(u"serverName"_s, source.tlsOptions.serverName);
        visit(u"certFile"_s, source.tlsOptions.certFile);
        visit(u"keyFile"_s, source.tlsOptions.keyFile);
        visit(u"fingerprints"_s, source.tlsOptions.fingerprints);
    }
    visit(u"readOnly"_s, source.readOnly);
    visit(QString(visibleKey), source.visible);
    if (source.has(SourceField::Way)) {
        visit(u"sshHost"_s, source.ssh.host);
        visit(u"sshJump"_s, source.ssh.jump);
    }
    if (source.has(SourceField::Path))
        visit(u"path"_s, source.path);
    if (source.has(SourceField::Token))
        visit(u"tokenVariable"_s, source.tokenVariable);
    if (source.has(SourceField::Socket))
        visit(u"socket"_s, source.socketPath);
    if (source.has(SourceField::Login))
        visit(u"user"_s, source.user);
    if (source.has(SourceField::Database))
        visit(u"database"_s, source.database);
}

} // namespace

QVariantMap sourceToMap(const SourceSettings &source)
{
    QVariantMap values{{u"kind"_s, source.kind->name()}, {u"environment"_s, environmentName(source.environment)}};
    visitValues(source, [&values](const QString &name, const auto &value) { values.insert(name, value); });
    if (source.has(SourceField::Systems))
        values.insert(u"systems"_s, systemChoicesText(source.systems));
    for (const OwnSetting &setting : source.kind->ownSettings()) {
        if (setting.secretParameter.isEmpty())
            values.insert(setting.name, source.own.value(setting.name));
    }
    if (source.has(SourceField::Encryption))
        values.insert(keyPassphraseFromKey, source.tlsOptions.keyPassphraseFrom.text());
    if (source.has(SourceField::Login))
        values.insert(passwordFromKey, source.passwordFrom.text());
    for (const TokenWord &one : tokenWords) {
        if (source.has(SourceField::Token) && one.from == source.tokenFrom)
            values.insert(u"tokenFrom"_s, QString(one.word));
    }
    return values;
}

SourceSettings sourceFromMap(const QVariantMap &values)
{
    SourceSettings source = SourceSettings::ofKind(SourceKind::named(values.value(u"kind"_s).toString()).value_or(SourceKind()));
    source.environment = environmentFromName(values.value(u"environment"_s).toString());
    visitValues(source, [&values](const QString &name, auto &value) {
        if (values.contains(name))
            value = values.value(name).value<std::remove_reference_t<decltype(value)>>();
    });
    if (source.has(SourceField::Systems))
        source.systems = systemChoicesFromText(values.value(u"systems"_s).toString());
    for (const OwnSetting &setting : source.kind->ownSettings()) {
        const QString value = values.value(setting.name).toString();
        if (!value.isEmpty() && setting.secretParameter.isEmpty())
            source.own.insert(setting.name, value);
    }
    if (source.has(SourceField::Encryption))
        source.tlsOptions.keyPassphraseFrom = SecretPlace::parse(values.value(keyPassphraseFromKey).toString());
    if (source.has(SourceField::Login))
        source.passwordFrom = SecretPlace::parse(values.value(passwordFromKey).toString());
    for (const TokenWord &one : tokenWords) {
        if (source.has(SourceField::Token) && values.value(u"tokenFrom"_s).toString() == one.word)
            source.tokenFrom = one.from;
    }
    return source;
}

RememberedSources::RememberedSources(QSettings &settings)
    : m_settings(settings)
{ }

QVariantMap RememberedSources::valuesOf(const QString &key) const
{
    QVariantMap values;
    m_settings.beginGroup(group);
    m_settings.beginGroup(key);
    for (const QString &name : m_settings.childKeys())
        values.insert(name, m_settings.value(name));
    m_settings.endGroup();
    m_settings.endGroup();
    return values;
}

void RememberedSources::writeValues(const QString &key, const QVariantMap &values)
{
    for (auto one = values.begin(); one != values.end(); ++one)
        m_settings.setValue(QString(group + u'/' + key + u'/' + one.key()), one.value());
}

/// Versions before this one wrote one list, by its index.
void RememberedSources::convertList()
{
    m_settings.beginGroup(group);
    const QStringList names = m_settings.childGroups();
    m_settings.endGroup();
    QList<int> indexes;
    for (const QString &name : names) {
        if (isListIndex(name))
            indexes.append(name.toInt());
    }
    std::sort(indexes.begin(), indexes.end());
    const int size = m_settings.value(QString(group + "/size"_L1), 0).toInt();
    for (const int index : std::as_const(indexes)) {
        const SourceSettings source = sourceFromMap(valuesOf(QString::number(index)));
        m_settings.remove(QString(group + u'/' + QString::number(index)));
        if (index > size)
            continue; // Left over from a longer list.
        QVariantMap values = sourceToMap(source);
        values.insert(positionKey, index);
        writeValues(keyOfListed(source, index), values);
    }
    m_settings.remove(QString(group + "/size"_L1));
}

std::vector<SourceSettings> RememberedSources::readNow()
{
    m_settings.beginGroup(group);
    const QStringList keys = m_settings.childGroups();
    m_settings.endGroup();
    std::vector<std::pair<int, SourceSettings>> found;
    for (const QString &key : keys) {
        const QVariantMap values = valuesOf(key);
        SourceSettings source = sourceFromMap(values);
        source.key = key;
        found.emplace_back(values.value(positionKey).toInt(), std::move(source));
    }
    std::sort(found.begin(), found.end(),
              [](const auto &a, const auto &b) { return a.first != b.first ? a.first < b.first : a.second.key < b.second.key; });
    if (found.size() > size_t(mostSources))
        found.resize(size_t(mostSources));
    std::vector<SourceSettings> sources;
    sources.reserve(found.size());
    for (auto &one : found)
        sources.push_back(std::move(one.second));
    return sources;
}

std::vector<SourceSettings> RememberedSources::read()
{
    const SettingsLock lock(m_settings);
    m_settings.sync();
    convertList();
    m_settings.sync();
    std::vector<SourceSettings> sources = readNow();
    for (const SourceSettings &source : sources)
        m_base.insert(source.key, sourceToMap(source));
    return sources;
}

bool RememberedSources::adopt(SourceSettings &settings, const QStringList &taken)
{
    const auto fits = [&](const SourceSettings &other) {
        return !taken.contains(other.key) && other.kind == settings.kind && other.address() == settings.address()
               && other.user == settings.user && other.path == settings.path && withoutSecrets(other) == withoutSecrets(settings);
    };
    const SettingsLock lock(m_settings);
    m_settings.sync();
    const std::vector<SourceSettings> all = readNow();
    const auto found = std::find_if(all.begin(), all.end(), fits);
    if (found == all.end())
        return false;
    m_base.insert(found->key, sourceToMap(*found));
    const QString usual = settings.usualName();
    settings.key = found->key;
    if (settings.name.isEmpty() || settings.name == usual)
        settings.name = found->name;
    if (settings.environment == SourceEnvironment::None)
        settings.environment = found->environment;
    if (settings.caFile.isEmpty())
        settings.caFile = found->caFile;
    if (settings.tlsOptions == TlsOptions())
        settings.tlsOptions = found->tlsOptions;
    if (settings.password.isEmpty() && settings.passwordFrom.isGiven())
        settings.passwordFrom = found->passwordFrom;
    if (settings.systems.isEmpty())
        settings.systems = found->systems;
    settings.readOnly = settings.readOnly || found->readOnly;
    return true;
}

void RememberedSources::write(std::vector<SourceSettings> &sources)
{
    QStringList taken;
    for (const SourceSettings &source : sources)
        taken.append(source.key);
    for (SourceSettings &source : sources) {
        if (!source.demo && source.key.isEmpty() && adopt(source, taken))
            taken.append(source.key);
    }
    const SettingsLock lock(m_settings);
    m_settings.sync(); // What others wrote meanwhile.
    int last = 0;
    m_settings.beginGroup(group);
    for (const QString &key : m_settings.childGroups())
        last = qMax(last, m_settings.value(QString(key + u'/' + positionKey)).toInt());
    m_settings.endGroup();
    for (SourceSettings &source : sources) {
        if (source.demo)
            continue;
        if (source.key.isEmpty())
            source.key = QUuid::createUuid().toString(QUuid::WithoutBraces);
        const QVariantMap there = valuesOf(source.key);
        const auto base = m_base.constFind(source.key);
        const QVariantMap wanted = sourceToMap(source);
        QVariantMap changed;
        for (auto one = wanted.begin(); one != wanted.end(); ++one) {
            if (base == m_base.constEnd() || !sameValue(one.value(), base->value(one.key())))
                changed.insert(one.key(), one.value());
        }
        if (there.isEmpty()) {
            // Another window has forgotten it: to hide or show it here does not bring it back.
            const bool onlyShown = changed.isEmpty() || (changed.size() == 1 && changed.contains(visibleKey));
            if (base != m_base.constEnd() && onlyShown)
                continue;
            changed = wanted;
            changed.insert(positionKey, ++last);
        } else {
            // Where it is and how it is logged in to stays as this window has it, until it is started again.
            const SourceSettings other = sourceFromMap(there);
            if (!changed.contains(u"name"_s) && !other.name.isEmpty())
                source.name = other.name;
            if (!changed.contains(u"environment"_s))
                source.environment = other.environment;
            if (!changed.contains(u"readOnly"_s))
                source.readOnly = other.readOnly;
        }
        writeValues(source.key, changed);
        m_base.insert(source.key, sourceToMap(source));
    }
    m_settings.sync();
}

void RememberedSources::forget(const QString &key)
{
    if (key.isEmpty())
        return;
    const SettingsLock lock(m_settings);
    m_settings.sync();
    m_settings.remove(QString(group + u'/' + key));
    m_base.remove(key);
    m_settings.sync();
}

} // namespace pulsedeck
