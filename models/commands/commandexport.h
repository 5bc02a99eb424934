// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"

#include <QJsonObject>

namespace pulsedeck {

/// One command as an object: id, group, act, worker, source, type, host, stage, times in ISO 8601 UTC (null where not),
/// receivers, sessions, by, reason, refusal, text. The same object everywhere: export, pulsedeckctl --json.
QJsonObject commandJson(const CommandEntry &entry);
/// A JSON array, and CSV with a heading line, CRLF and cells by the rules of csvCell().
QByteArray commandsJson(const CommandLedger &ledger, const std::vector<quint64> &keys);
QByteArray commandsCsv(const CommandLedger &ledger, const std::vector<quint64> &keys);

} // namespace pulsedeck
