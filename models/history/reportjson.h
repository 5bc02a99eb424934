// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/jsonwriter.h"
#include "models/history/spanreport.h"

#include <QByteArray>

namespace pulsedeck {

/// A report as one JSON object in one line, for other programs: machine words, times in ISO 8601 UTC, durations in ms, members in
/// a fixed order. docs/report.md describes it. Any thread.
QByteArray reportJson(const SpanReport &report, JsonWriter::Escapes escapes = JsonWriter::Escapes::Needed);

} // namespace pulsedeck
