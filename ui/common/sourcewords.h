// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubview.h"
#include "models/protocol/sourcestatus.h"
#include "models/sources/sourcesettings.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"

namespace pulsedeck {

class WriteAccess;

/// How the window shows a source's condition, in one place so that list, status bar and page agree.

Glyph sourceGlyph(SourceState state);
/// The same, and a warning where something is wrong while it is connected: a hub that forgot everything.
Glyph sourceGlyph(const SourceStatus &status);
/// Something an operator should look at: stalled, waiting or failed.
bool isTrouble(SourceState state);
/// The same, or something is wrong while it is connected.
bool isTrouble(const SourceStatus &status);
/// Of the text for its state.
ToneLabel::Tone sourceTone(const SourceStatus &status);
/// "Redis", "Signal Hub", "Demo fleet", "Demo hub".
QString sourceKindName(const SourceSettings &settings);
/// The address without user, password and token, with a hub's path where it is not the usual one.
QString sourceAddress(const SourceSettings &settings);
/// The address and how it is logged in to: "redis://host:6379/0 · user ops", "wss://host:443 · token".
QString sourceAddressLine(const SourceSettings &settings);
/// The short word at the right of a row: "12 ms", "off", "failed".
QString sourceShortState(const SourceStatus &status);
/// The whole sentence: "connected for 5 h 12 min", "lost 42 s ago, next try in 3.0 s".
QString sourceHeadline(const SourceStatus &status, qint64 now);
/// Shown after the name in the status bar: "redis 6379 · live via push · 12 ms". \a view is a hub's, or null.
QString sourceCellText(const SourceSettings &settings, const SourceStatus &status, qint64 now, const HubView *view = nullptr);
/// Several lines for a tool tip: name, address, state, what is wrong and what to do.
QString sourceToolTip(const SourceSettings &settings, const SourceStatus &status, qint64 now, const HubView *view = nullptr);
/// How many workers there are: a number, or "unknown" where they cannot be found.
QString sourceCountText(const SourceStatus &status, int workers);
/// Whether the rows of this source are out of date or incomplete, so that a line above the fleet's table reports it.
bool wantsBanner(const SourceStatus &status);
/// That line: what is wrong, what to do, what the rows show and when it is tried again.
QString sourceBannerText(const SourceStatus &status, qint64 now, bool hasRows);
/// The shortest word for it, as the status bar has it: "Writing locked" is what Ctrl+L unlocks, "Read-only" is not.
QString writingTitle(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access);
/// Whether it may be written to and if not why, in one sentence: "Writing: locked, Ctrl+L unlocks for 5 min".
QString writingSentence(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access);
/// The same in two parts: the state and the reason.
std::pair<QString, QString> writingWords(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access);
/// The acts that are not permitted there, each with the reason; empty while that is not known.
QStringList missingRights(const SourceStatus &status);
/// Whether what is wrong is the login, so that the next step is to enter a password or a token.
bool isLoginTrouble(const SourceStatus &status);

} // namespace pulsedeck
