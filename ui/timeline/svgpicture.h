// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/spanreport.h"

#include <QSvgRenderer>
#include <QWidget>

#include <functional>

namespace pulsedeck {

/// A picture in SVG, in the colours of the theme and as wide as there is room. GUI thread.
class SvgPicture : public QWidget
{
    Q_OBJECT

public:
    /// \a draw: makes the picture in the dark or in the light theme.
    SvgPicture(const QString &name, std::function<QByteArray(bool dark)> draw, QWidget *parent);

    QSize sizeHint() const override;
    bool isValid() const { return m_renderer.isValid(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void adopt();
    int heightOf(int width) const;

    std::function<QByteArray(bool dark)> m_draw;
    QSvgRenderer m_renderer;
};

} // namespace pulsedeck
