// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"
#include "models/sources/sourcestatus.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/tonelabel.h"

namespace pulsedeck {

class WriteAccess;

/// How the window shows a source's condition, in one place so that list, status bar and page say the same.

Glyph sourceGlyph(SourceState state);
/// Something an operator should look at: stalled, waiting or failed.
bool isTrouble(SourceState state);
ToneLabel::Tone sourceTone(SourceState state);
/// The short word at the right of a row: "12 ms", "off", "failed".
QString sourceShortState(const SourceStatus &status);
/// The whole sentence: "connected for 5 h 12 min", "lost 42 s ago, next try in 3.0 s".
QString sourceHeadline(const SourceStatus &status, qint64 now);
/// What stands behind the name in the status bar: "redis 6379 · live via push · 12 ms".
QString sourceCellText(const SourceSettings &settings, const SourceStatus &status, qint64 now);
/// Several lines for a tool tip: name, address, state, what is wrong and what to do.
QString sourceToolTip(const SourceSettings &settings, const SourceStatus &status, qint64 now);
/// Whether it may be written to and if not why, in one sentence: "Writing: locked". With the rights that are missing.
QString writingSentence(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access);
/// The same in two parts: what is so, and why.
std::pair<QString, QString> writingWords(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access);
/// What cannot be done there though it may be written to, one line each; empty while it is not known.
QStringList missingRights(const SourceStatus &status);
/// Whether what is wrong is the login, so that the next step is to enter a password.
bool isLoginTrouble(const SourceStatus &status);
/// "42 s", "5 min", "5 h 12 min": a duration in whole units, for sentences.
QString spanText(qint64 ms);
/// "+0.02 s", "−4.2 s": a clock's offset, with its sign.
QString offsetText(qint64 ms);

} // namespace pulsedeck
