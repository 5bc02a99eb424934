// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

// Words of others as text to look at, in a window or on a terminal. Pure; any thread.

/// Whether a reader would not see \a codePoint, or it would move what stands around it: control and formatting characters
/// (those that turn the direction of writing among them), separators of lines, private ones, halves of pairs.
bool isUnseen(char32_t codePoint);

/// The text with each such character in words, "[U+202E]", so that two texts that differ look different and none is
/// read in another order than it is written. Line ends and tabs stay. Costs one look at each character where there is
/// none.
QString visibleText(const QString &text);

/// The same in one line: line ends, tabs and other control characters become blanks.
QString visibleLine(const QString &text);

} // namespace pulsedeck
