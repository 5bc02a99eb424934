// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/glyphmark.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

GlyphMark::GlyphMark(Glyph glyph, int size, QWidget *parent)
    : QWidget(parent)
    , m_glyph(glyph)
    , m_size(size)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void GlyphMark::setGlyph(Glyph glyph)
{
    if (m_glyph == glyph)
        return;
    m_glyph = glyph;
    update();
}

QSize GlyphMark::sizeHint() const
{
    const int side = px(m_size + 4);
    return {side, side};
}

void GlyphMark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintGlyph(painter, QRectF(rect()).center(), px(m_size), m_glyph);
}

} // namespace pulsedeck
