// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/celldelegate.h"

namespace pulsedeck {

/// The state's mark, in the middle of its narrow column.
class GlyphDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

/// Start of the id in the fixed-width face, and the host beside it.
class WorkerDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

/// The reported status, and at the right what the console adds to it.
class StatusDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

/// A small bar for each active session, at most maxBars, and their number.
class SessionsDelegate : public CellDelegate
{
    Q_OBJECT

public:
    static constexpr int maxBars = 6;
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

/// The command waiting for the worker, with the time it has left.
class CommandDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

protected:
    void paintCell(QPainter &painter, const FleetCell &cell) const override;
};

} // namespace pulsedeck
