// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/searchfield.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QAction>

namespace pulsedeck {

SearchField::SearchField(const QString &placeholder, const QString &accessibleName, QWidget *parent)
    : QLineEdit(parent)
    , m_mark(addAction(glyphIcon(Glyph::Search, theme().dim), LeadingPosition))
{
    setPlaceholderText(placeholder);
    setAccessibleName(accessibleName);
    setClearButtonEnabled(true);
    followTheme(this, [this] { m_mark->setIcon(glyphIcon(Glyph::Search, theme().dim)); });
}

void SearchField::focusAll()
{
    setFocus(Qt::ShortcutFocusReason);
    selectAll();
}

} // namespace pulsedeck
