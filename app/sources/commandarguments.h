// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QStringList>

namespace pulsedeck {

/// The arguments of a program that may be given addresses with a password in them. Everybody on the machine can read the command
/// line of a process in /proc: passwords are overwritten there as soon as they are read. For main(), before anything else.
struct CommandArguments
{
    QStringList all; ///< As they were given; the first is the program's name.
    bool heldSecret = false; ///< A password was among them, and could be read until it was overwritten.

    /// Copies the arguments, and overwrites each secret in \a argv by asterisks; the length of each argument stays. Secrets are
    /// the password of an address, with a scheme or without, and parameters of an address that are named after a password, a
    /// passphrase, a token or a secret.
    static CommandArguments take(int argc, char **argv);
    static QString warning();
    static QString advice(); ///< The better ways.

    Q_DECLARE_TR_FUNCTIONS(CommandArguments)
};

} // namespace pulsedeck
