// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace pulsedeck {

/// Passwords that a keychain has answered with, until the process ends: the keychain is asked on the GUI thread before a source
/// is started, and connections look here at each attempt. In memory only. Any thread.
class HeldSecrets
{
public:
    /// \a key is the name of the entry in the keychain.
    static void hold(const QString &key, const QString &secret);
    /// Nothing if the keychain has not answered with it.
    static std::optional<QString> find(const QString &key);
};

} // namespace pulsedeck
