// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"

#include <QColor>
#include <QWidget>

namespace pulsedeck {

/// A glyph as a widget, for headings and legends. GUI thread.
class GlyphMark : public QWidget
{
    Q_OBJECT

public:
    /// \a size in the design's pixels.
    explicit GlyphMark(Glyph glyph, int size = 12, QWidget *parent = nullptr);

    void setGlyph(Glyph glyph);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Glyph m_glyph;
    int m_size;
};

} // namespace pulsedeck
