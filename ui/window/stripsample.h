// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace pulsedeck {

/// A piece of a heartbeat strip that shows one thing such a strip can say, for the legend. GUI thread.
class StripSample : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Beats, PastInterval, PastThreshold, KeyExpired, CountersLeft, Draining, Unknown, Command, StartAndEnd };

    explicit StripSample(Kind kind, QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Kind m_kind;
};

/// Diagonal lines of \a lines on \a ground.
void paintHatch(QPainter &painter, const QRectF &rect, const QColor &ground, const QColor &lines);

} // namespace pulsedeck
