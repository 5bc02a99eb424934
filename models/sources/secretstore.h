// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

namespace pulsedeck {

/// The system's keychain, where an operator may keep a hub's token. Never blocks; each call is answered once, later,
/// from the event loop, unless the store is deleted before. GUI thread. No text of it holds a secret.
class SecretStore
{
public:
    /// What was read, or why it could not be.
    struct Read
    {
        QString secret;
        QString problem; ///< What went wrong; empty if secret was read.
        QString hint; ///< What to do about it.
        bool missing = false; ///< The keychain works and has no such entry.

        /// Problem and hint in one line; empty if secret was read.
        QString words() const { return hint.isEmpty() ? problem : QString(problem + QLatin1Char(' ') + hint); }
    };

    virtual ~SecretStore() = default;

    /// \a key names the entry: "hub wss://host:port".
    virtual void read(const QString &key, std::function<void(const Read &)> then) = 0;
    /// \a then gets an empty text, or what went wrong.
    virtual void write(const QString &key, const QString &secret, std::function<void(const QString &)> then) = 0;
    virtual void remove(const QString &key, std::function<void(const QString &)> then) = 0;
};

} // namespace pulsedeck
