// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubanswers.h"
#include "models/hub/hubview.h"
#include "models/protocol/sourcestatus.h"
#include "models/sources/sourcesettings.h"

#include <optional>

namespace pulsedeck {

/// What is shown of a Signal Hub where sources are shown, in one place. No text holds a token.

/// "token" or "no token": whether one is sent, for narrow places.
QString hubTokenWord(const SourceSettings &settings);
/// Where the token comes from, never the token itself, and a note.
std::pair<QString, QString> hubTokenWords(const SourceSettings &settings);
/// Whether the list is out of date: much older than the cadence at which it is read.
bool isHubListOld(const HubView &view, qint64 now);
/// "forgot everything: 12 actors awaited", or where it was restarted "lost all registrations: …"; empty if none is awaited.
QString hubForgotWords(const SourceStatus &status, const HubView &view);
/// For the status bar, after name and state: "rtt 8 ms", "heartbeat 3 s ago", and before them what is unusual. \a view may be
/// null.
QStringList hubCellParts(const SourceStatus &status, const HubView *view, qint64 now);
/// Lines for a tool tip: heartbeat, budget, list.
QStringList hubToolTipLines(const HubView &view, qint64 now);
/// "GET /health: ok, answered in 3 ms, asked 20 s ago", for a tool tip.
QString hubHealthLine(const std::optional<HubHealth> &health, qint64 at, qint64 now);

} // namespace pulsedeck
