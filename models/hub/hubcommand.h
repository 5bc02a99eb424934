// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/command.h"

#include <QJsonObject>

namespace pulsedeck {

/// The message to an actor that carries a command: its type, "worker:drain", and its data. Only for acts that there is a
/// message for: drain and both shutdowns.
QString hubCommandType(Act act);
QJsonObject hubCommandData(const Command &command);

} // namespace pulsedeck
