// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace pulsedeck {

/// A completion file for "bash", "zsh" or "fish", made of the declared commands and options: words for commands, for the options
/// each takes, for presets, and files where they are meant. Nullopt for another shell.
std::optional<QString> ctlCompletion(const QString &shell);

} // namespace pulsedeck
