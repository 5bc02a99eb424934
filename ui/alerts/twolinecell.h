// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourceenvironment.h"
#include "ui/theme/glyphs.h"

#include <QFont>

class QRect;

namespace pulsedeck {

/// A row of two lines: a mark and what is said at the left, what it comes to at the right. The upper line is the louder one;
/// where there is not room for all, the left is elided, and the right one beyond two thirds of the line. GUI thread.
struct TwoLineCell
{
    static constexpr int height = 40; ///< In the design's pixels.

    Glyph glyph = Glyph::Info;
    QColor glyphColour; ///< Not valid: the glyph's own.
    SourceEnvironment environment = SourceEnvironment::None; ///< Its mark stands in front of the lower line.
    QString upper;
    QColor upperColour;
    QString lower;
    QString upperRight;
    QColor upperRightColour;
    QString lowerRight;

    void paint(QPainter &painter, const QRect &rect, const QFont &font) const;
};

} // namespace pulsedeck
