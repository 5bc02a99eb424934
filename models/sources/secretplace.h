// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

namespace pulsedeck {

/// Where a password or a passphrase is read at each connect. A value, and no secret: it is
/// remembered and shown.
struct SecretPlace
{
    enum class From : quint8 {
        Given, ///< Typed, or in the address; asked for again after a restart.
        Environment, ///< The environment variable \a name.
        Keychain, ///< The system's keychain, under \a name; in settings the name is empty, and made of the source's address.
        File, ///< The file \a name, which others must not be able to read.
    };
    From from = From::Given;
    QString name;

    bool isGiven() const { return from == From::Given; }
    /// "keychain", "env:NAME" or "file:/path"; empty for Given. Never translated: settings files have it.
    QString text() const;
    /// Reads the same, with blanks around it. Nothing is refused: see problem().
    static SecretPlace parse(const QString &text);
    /// What is wrong with \a text as a form has it, a sentence; empty if nothing is. Not every secret \a mayBeKept in a keychain.
    static QString problem(const QString &text, bool mayBeKept = false);

    bool operator==(const SecretPlace &) const = default;

    Q_DECLARE_TR_FUNCTIONS(SecretPlace)
};

} // namespace pulsedeck
