// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"

#include <QFont>
#include <QStyledItemDelegate>

#include <optional>

namespace pulsedeck {

/// Paints one cell of a RowTable: a mark, if it has one, and one line of text. GUI thread.
class RowDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    struct Cell
    {
        QRect rect; ///< Without the margins at the sides.
        QString text;
        QFont font;
        QColor colour;
        Qt::Alignment alignment = Qt::AlignLeft;
        Qt::TextElideMode elide = Qt::ElideRight;
        std::optional<Glyph> glyph;
        QColor glyphColour; ///< Not valid: the glyph's own.
    };

    /// \a margin at both sides, in the design's pixels.
    explicit RowDelegate(QObject *parent, int margin = 8)
        : QStyledItemDelegate(parent)
        , m_margin(margin)
    { }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    /// As the model's roles say; without them the first column is brighter than the others. A cell with a font of its own is an
    /// address or an id: it is elided in its middle, since ends are what differs.
    virtual Cell cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const;
    /// Paints the glyph, and leaves the rest of the room to the text.
    static void paintGlyphOf(QPainter &painter, Cell &cell);
    static void paintTextOf(QPainter &painter, const Cell &cell);

private:
    const int m_margin;
};

} // namespace pulsedeck
