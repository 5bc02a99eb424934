// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/letterlesstable.h"

#include "ui/theme/theme.h"

namespace pulsedeck {

LetterlessTable::LetterlessTable(int rowHeight, QWidget *parent)
    : RowTable(parent)
    , m_rowHeight(rowHeight)
{
    setTypingIgnored(true);
    adoptTheme(); // The base class could not ask for the height.
}

int LetterlessTable::rowPixels() const
{
    return px(m_rowHeight);
}

} // namespace pulsedeck
