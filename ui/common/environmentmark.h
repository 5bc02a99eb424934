// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourceenvironment.h"

#include <QColor>
#include <QWidget>

class QPainter;

namespace pulsedeck {

/// The colour of an environment's mark and word; invalid for None.
QColor environmentColour(SourceEnvironment environment);
/// The mark that stands before a source's name, as high as \a area and in its middle: production is a whole bar, staging
/// two parts of one, development three dots, so that they differ not in colour alone. Nothing for None.
void paintEnvironmentMark(QPainter &painter, const QRectF &area, SourceEnvironment environment);
/// The same at the left edge of a row of a table: as narrow as the selection's line, and less than full in strength.
void paintEnvironmentEdge(QPainter &painter, const QRect &row, SourceEnvironment environment);
/// The width of a mark, with the room behind it, in the design's pixels.
inline constexpr int environmentMarkRoom = 9;
inline constexpr int environmentEdgeWidth = 2; ///< Pixels of the screen.

/// The mark as a widget, named after the environment; hidden for None. GUI thread.
class EnvironmentMark : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentMark(SourceEnvironment environment = SourceEnvironment::None, QWidget *parent = nullptr);

    void setEnvironment(SourceEnvironment environment);
    SourceEnvironment environment() const { return m_environment; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    SourceEnvironment m_environment;
};

} // namespace pulsedeck
