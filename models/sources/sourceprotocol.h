// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetraits.h"

#include <QFlags>
#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace pulsedeck {

struct SourceSettings;

/// What of SourceSettings counts for the sources of a protocol: a form asks for it, and settings files remember it.
enum class SourceField : quint16 {
    Host = 1u << 0, ///< Host and port.
    Encryption = 1u << 1, ///< TLS, and a file of certificates to trust.
    Socket = 1u << 2, ///< The path of a Unix socket. With Host, one of the two is chosen.
    Path = 1u << 3, ///< A path at the host.
    Login = 1u << 4, ///< User and password, which may also be part of an address.
    Database = 1u << 5,
    Token = 1u << 6, ///< And where it comes from. Never in an address.
    Systems = 1u << 7, ///< Several systems may live there: each can be switched off, or given a prefix.
    Way = 1u << 8, ///< It can be reached through an SSH host. With Host.
};
Q_DECLARE_FLAGS(SourceFields, SourceField)
Q_DECLARE_OPERATORS_FOR_FLAGS(SourceFields)

/// A setting that only one protocol has: a line of text in the form, remembered in SourceSettings::own by its name.
struct OwnSetting
{
    QString name; ///< In settings files: never translated.
    QString caption;
    QString placeholder;
    bool isFile = false; ///< The name of a file, to be browsed for.
    bool inAddress = true; ///< SourceProtocol::address() has it; else it is kept when another address is typed.
    /// Not empty: it is a secret, shown masked and never remembered, and this is the name of the parameter that may hold it in an
    /// address.
    QString secretParameter = {};
};

/// One protocol that sources speak, as settings, addresses and forms see it: its name, how its addresses are written, and which
/// fields its sources have. What carries it out is a SourceFactory of the same kind. Immutable; any thread. Texts are translated
/// at each call.
class SourceProtocol
{
public:
    virtual ~SourceProtocol() = default;

    /// "redis", "hub": in settings files, keychain entries and before a short address. Never translated.
    virtual QString name() const = 0;
    /// Of its workers, until a source reports its own.
    virtual TraitsRef traits() const = 0;
    virtual SourceFields fields() const = 0;
    virtual QList<OwnSetting> ownSettings() const { return {}; }
    /// What is wrong with the own setting of that name; empty if nothing is.
    virtual QString ownProblem(const SourceSettings & /*settings*/, const QString & /*name*/) const { return {}; }
    /// Whether they are shown in a form that says this.
    virtual bool showsOwn(const SourceSettings & /*settings*/) const { return true; }
    /// Reads an address without a scheme, or with one of traits().schemes. Nothing, with the reason in \a error, for what is
    /// none. The kind is set by the caller.
    virtual std::optional<SourceSettings> read(const QString &address, QString *error) const = 0;
    /// What \a settings become where \a address is taken instead, which their server itself has named. Nothing for what is none.
    virtual std::optional<SourceSettings> moved(const SourceSettings &settings, const QString &address) const;
    /// The source that the environment of a program names. Nothing if it names none, or, with the reason in \a error, an invalid
    /// one.
    virtual std::optional<SourceSettings> fromEnvironment(const QProcessEnvironment & /*variables*/, QString * /*error*/) const;
    /// Without user, password, token and path.
    virtual QString address(const SourceSettings &settings) const = 0;

    /// The entry of a menu: "&Connect to Redis…".
    virtual QString connectText() const;
    /// The title above the form: "Where is the Redis of your fleet?"
    virtual QString question() const;
    /// "Connect to a Redis in which workers are registered": for a tool tip.
    virtual QString invitation() const;
    /// What can be done there once writing is unlocked: a sentence.
    virtual QString unlockedText() const;
    /// What becomes of its workers when the console forgets the source: a sentence.
    virtual QString removedText() const;

    bool has(SourceField field) const { return fields().testFlag(field); }
};

} // namespace pulsedeck
