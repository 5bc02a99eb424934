// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/celldelegate.h"

namespace pulsedeck {

/// Age of the last beat, in the colour of the state when that is an exception, grey when it stands still.
class AgeDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

/// The measured interval and how far it scatters; few beats are said to be few.
class IntervalDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

/// A bar for the time the key has left, with a notch where a healthy worker renews it, and the time in words.
class TtlDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

} // namespace pulsedeck
