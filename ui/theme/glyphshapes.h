// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"

namespace pulsedeck {

/// State marks (and the small list marks) are drawn on a grid of 12, interface icons on one of 16.
bool isStateGlyph(Glyph glyph);
qreal glyphGrid(Glyph glyph);
/// Draws the shape itself on its grid, from (0, 0). The painter is scaled and antialiased by the caller.
void drawGlyphShape(QPainter &painter, Glyph glyph, const QColor &colour);
/// The interface icons' part of drawGlyphShape().
void drawIconShape(QPainter &painter, Glyph glyph, const QColor &colour);

} // namespace pulsedeck
