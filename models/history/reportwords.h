// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/spanreport.h"

#include <QString>
#include <QStringList>

namespace pulsedeck {

// What a SpanReport says, in sentences: for the window, the page and the terminal alike. Ids, hosts and names of others are in
// one line and visible, see visibleLine(). Nothing is called a cause that only came before. GUI thread.

/// "late", "key lost": of workers, and of a fact as a heading.
QString factText(SpanFact fact);
/// "Lost", "Late or worse".
QString groupText(SpanGroup group);
/// "Host".
QString traitTitle(SharedTrait trait);

/// "28 Nov 2026 14:00:00 to 14:05:00 CET, 5 min".
QString spanTimeText(const SpanReport &report);
/// "14 of 412 workers, the first at 14:03:11.4".
QString countSentence(const SpanCount &count, int workers);
/// What happened, in one sentence for each group: "Lost: 14 of 412 workers, the first at 14:03:11.4." One at least.
QStringList headlines(const SpanReport &report);
/// What the workers of a group have in common: "14 of 14 lost workers are on host 10.4.2.17." and how it is with the others.
/// Empty where there is no common cause.
QString causeHeadline(const SpanCause &cause);
/// The figures for it, or why there is none.
QStringList causeSentences(const SpanCause &cause);
/// "no beat for 34.3 s, expected each 10 s: 2 missed".
QString gapText(const SpanGap &gap);
/// "Drain for 12 workers, by anna".
QString changeText(const SpanChange &change);
/// "2 min 4 s before", "12 s after".
QString nearnessText(const SpanChange &change);
/// What the report does not know: times of which nothing was recorded, parts that cannot be read.
QStringList reportRemarks(const SpanReport &report);

/// The whole as plain text, in lines that end with one line feed.
QString reportText(const SpanReport &report);

} // namespace pulsedeck
