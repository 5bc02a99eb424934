// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/rowtable.h"

namespace pulsedeck {

/// A table of the Alerts page: letters are the page's keys, and no search. GUI thread.
class LetterlessTable : public RowTable
{
    Q_OBJECT

public:
    /// \a rowHeight: in the design's pixels.
    LetterlessTable(int rowHeight, QWidget *parent);

protected:
    int rowPixels() const override;
    /// One row is selected nearly always: only the frame says whether the keyboard is here.
    bool isFramed(int) const override { return true; }

private:
    const int m_rowHeight;
};

} // namespace pulsedeck
