// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/band.h"
#include "ui/common/beatmarks.h"

namespace pulsedeck {

/// What the marks in the lanes mean: each sign with its word, as many as there is room for. GUI thread.
class TimelineLegend : public Band
{
    Q_OBJECT

public:
    explicit TimelineLegend(QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    enum Sign { Beat, Received, Late, Lost, Expired, Counters, Draining, Commands, Ends, signCount };
    static QString wordOf(Sign sign);
    void paintSign(QPainter &painter, Sign sign, const QRect &rect) const;

    const BeatMarks m_marks;
};

} // namespace pulsedeck
