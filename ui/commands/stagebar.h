// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/groupsummary.h"

#include <QWidget>

namespace pulsedeck {

/// How far a group of commands is: one bar of its stages, and below it what each part is, with its mark and its count.
class StageBar : public QWidget
{
    Q_OBJECT

public:
    explicit StageBar(QWidget *parent = nullptr);

    void setShares(const std::vector<StageShare> &shares);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {60, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<StageShare> m_shares;
};

/// Slanted lines over the area, for what is on the move.
void paintHatching(QPainter &painter, const QRect &area, const QColor &colour);
/// The bar alone, for a row of a list.
void paintStageBar(QPainter &painter, const QRect &bar, const std::vector<StageShare> &shares);

} // namespace pulsedeck
