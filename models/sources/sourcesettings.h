// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"
#include "models/sources/redisurl.h"
#include "models/sources/secretplace.h"
#include "models/sources/sourceenvironment.h"
#include "models/sources/sourcekind.h"
#include "models/sources/sourceprotocol.h"
#include "models/sources/sshroute.h"
#include "models/sources/systemchoice.h"
#include "models/sources/tlsoptions.h"

#include <QCoreApplication>
#include <QMap>
#include <QMetaType>
#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace pulsedeck {

/// Where a hub's token comes from.
enum class TokenFrom : quint8 {
    Nowhere, ///< The hub asks for none.
    Typed, ///< Held while the process lives, and never stored.
    Keychain, ///< The system's keychain, read at each connect, under tokenKey().
    Environment, ///< The environment variable tokenVariable, read at each connect.
};

/// What an operator sets for one source. Which fields count depends on its kind, see SourceProtocol::fields(); the others keep
/// their defaults. Password and token are held only while the process lives and are never stored.
struct SourceSettings
{
    SourceKind kind;
    SourceId id = 0; ///< 0 for one that was not added yet.
    QString key; ///< Its place in the settings, the same in every window and at every start; empty until it is remembered.
    QString name; ///< Shown everywhere; host:port when the operator gave none.
    QString host = QStringLiteral("127.0.0.1");
    int port = 6379;
    QString socketPath; ///< Not empty: a Unix socket, and host, port and TLS do not count.
    QString user;
    QString password;
    SecretPlace passwordFrom; ///< Where it is read at each connect instead.
    int database = 0;
    bool tls = false;
    QString caFile; ///< A PEM file to trust in addition to the system's, empty for none.
    SshRoute ssh; ///< The way to it, where it is not reached directly.
    TlsOptions tlsOptions; ///< Count with TLS only.
    QString path = QStringLiteral("/ws"); ///< Of a hub's WebSocket.
    TokenFrom tokenFrom = TokenFrom::Nowhere;
    QString token; ///< For TokenFrom::Typed. Goes to the connection and nowhere else.
    QString tokenVariable = QStringLiteral("SIGNAL_HUB_TOKEN");
    SystemChoices systems; ///< Of a Redis: those that are switched off, or have a prefix of their own.
    QMap<QString, QString> own; ///< SourceProtocol::ownSettings(), by name.
    SourceEnvironment environment = SourceEnvironment::None;
    bool readOnly = false; ///< Never written to, whatever is unlocked.
    bool visible = true; ///< Its workers are shown in the pages.
    bool demo = false; ///< The embedded fleet: not remembered.

    bool has(SourceField field) const { return kind->has(field); }
    /// The kind whose addresses begin like this one; nothing for one without a scheme, or with an unknown one.
    static std::optional<SourceKind> kindOf(const QString &address);
    /// As a new source of this kind begins, without a name.
    static SourceSettings ofKind(SourceKind kind);
    TraitsRef traits() const { return kind->traits(); }
    /// The same server by the same login: what differs is only how it is shown.
    bool sameConnection(const SourceSettings &other) const;
    bool operator==(const SourceSettings &) const = default;
    /// The name of its entry in the keychain: "hub wss://host:port".
    QString tokenKey() const;
    /// The same for its password: "redis user@redis://host:port/0".
    QString passwordKey() const;
    /// Takes the token from the environment if its kind has one and it is there.
    void takeEnvironment(const QProcessEnvironment &variables);

    /// The address without user, password and token: "redis://host:port/0", "unix:///path", "wss://host:port". The way by SSH is
    /// behind a ?.
    QString address() const;
    /// The same with a path \a behind the host; empty for none.
    QString addressWith(const QString &behind) const;
    /// Its path, where it is not the usual one.
    QString unusualPath() const;
    /// What it is called while it has no name of its own.
    QString usualName() const;
    /// "redis 6379", "redis run.sock" or "hub 8787": shown after the name in narrow places.
    QString shortAddress() const;

    /// The address with its login, for a connection.
    RedisUrl url() const;
    /// Name, read-only and visibility keep their defaults but for a short name from the address.
    static SourceSettings fromUrl(const RedisUrl &url);
    /// The sources that the environment of a program names, one of each protocol at most. Nothing, with the reason in \a error,
    /// if one of them is invalid.
    static std::optional<QList<SourceSettings>> fromEnvironment(const QProcessEnvironment &variables, QString *error);
    /// From a typed address, whose scheme tells its kind; without a scheme it is read as one of \a kind. Nothing, with the
    /// reason in \a error, for what is none.
    static std::optional<SourceSettings> fromUrl(const QString &text, QString *error, SourceKind kind = {});

    Q_DECLARE_TR_FUNCTIONS(SourceSettings)
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SourceSettings)
