// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"
#include "ui/timeline/lanepictureset.h"

#include <QCoreApplication>
#include <QFont>
#include <QHash>

class QPainter;
class QRect;

namespace pulsedeck {

/// Paints the column at the left of the lanes: names of workers and queues, headings of groups with what needs attention in
/// them, how many lanes are folded. GUI thread.
class LaneNames
{
    Q_DECLARE_TR_FUNCTIONS(LaneNames)

public:
    /// Both must outlive this.
    LaneNames(const LaneList &list, const LanePictureSet &pictures);

    /// Takes the fonts of the theme.
    void adoptTheme();
    /// The rows are others now.
    void forgetFigures() { m_figures.clear(); }
    /// In \a rect, the row's part of the column. Nothing for folded lanes: see paintFoldNotes().
    void paint(QPainter &painter, const LaneRow &row, const QRect &rect, bool selected);
    /// Next to the rows of folded lanes, which are too low for words of their own: once where such rows begin. Rows from
    /// \a first to before \a end are shown, the list from \a top on; \a width is the column's.
    void paintFoldNotes(QPainter &painter, int first, int end, int top, int width) const;

private:
    struct HeadingFigures
    {
        std::vector<std::pair<Glyph, int>> counts; ///< Exceptions, the worst first.
        bool allAlive = false; ///< None has ended, and of none it is not known.
        qint64 at = 0;
    };
    void paintName(QPainter &painter, const LaneRow &row, const QRect &rect, bool selected) const;
    void paintHeading(QPainter &painter, const LaneRow &row, const QRect &rect);
    const HeadingFigures &figuresOf(const LaneRow &row);

    const LaneList &m_list;
    const LanePictureSet &m_pictures;
    const FleetStore &m_store;
    QHash<int, HeadingFigures> m_figures; ///< By group.
    QFont m_bold;
    QFont m_small;
    QFont m_id;
};

} // namespace pulsedeck
