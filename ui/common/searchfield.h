// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

class QAction;

namespace pulsedeck {

/// A field to search a list by: a magnifying glass before the text, a button that clears it behind. GUI thread.
class SearchField : public QLineEdit
{
    Q_OBJECT

public:
    SearchField(const QString &placeholder, const QString &accessibleName, QWidget *parent);

    /// The keyboard comes by Ctrl+F: what is typed replaces all.
    void focusAll();

private:
    QAction *m_mark;
};

} // namespace pulsedeck
