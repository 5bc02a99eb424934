// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandpreview.h"

#include <QWidget>

namespace pulsedeck {

/// What an act does to the capacity of each type: a bar of the workers that are free to take sessions now, the part that leaves
/// hatched, those that drain already next to it, and the floor as a mark. One block per type.
class CapacityBars : public QWidget
{
    Q_OBJECT

public:
    explicit CapacityBars(const FleetStore &store, QWidget *parent = nullptr);

    void setCapacity(const std::vector<CapacityChange> &capacity, int floorPercent, bool several);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    /// What the bars show, in words.
    QString summary() const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int blockHeight() const;
    void paintBlock(QPainter &painter, const CapacityChange &change, const QRect &area) const;
    QString nameOf(const CapacityChange &change) const;

    const FleetStore &m_store;
    std::vector<CapacityChange> m_capacity;
    int m_floorPercent = 0;
    bool m_several = false; ///< Several sources: their names are shown.
};

/// "−9 %", "+4 %", "±0 %".
QString changeText(int before, int after);

} // namespace pulsedeck
