// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/glyphs.h"

namespace pulsedeck {

/// The mark of an entry and its colour.
struct ActivityMark
{
    Glyph glyph = Glyph::Info;
    Tone tone = Tone::Ordinary;
};
ActivityMark activityMark(const JournalEntry &entry);
/// The colour of the words next to the mark: only what an operator should notice is coloured.
QColor activityTextColour(Tone tone);

Glyph journalKindGlyph(JournalKind kind);

/// "kept 90 days".
QString keptText(qint64 keptForMs);
/// "1,204 entries · kept 90 days", "37 of 1,204 entries · kept 90 days".
QString activityCountText(const JournalState &state, qint64 matches, bool atLeast, bool filtered);

} // namespace pulsedeck
