// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctldeclarations.h"

#include <optional>

namespace pulsedeck {

/// The help of a command, or of all commands of a group, made of what is declared. Lines of 88 characters at most.
QString ctlHelp(const DeclaredGroup &group, const DeclaredCommand *command = nullptr);

/// For "help COMMAND": the words behind it, such as "hub" "send". Nullopt if there is no such command.
std::optional<QString> ctlHelpFor(const QStringList &words);

} // namespace pulsedeck
