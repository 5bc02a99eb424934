// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/tonelabel.h"
#include "ui/sources/connectdialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace pulsedeck {

template <typename Widget> Widget *part(const QDialog &dialog, const char *name)
{
    auto *found = dialog.findChild<Widget *>(QString::fromLatin1(name));
    Q_ASSERT(found);
    return found;
}

inline QLineEdit *line(const QDialog &dialog, const char *name)
{
    return part<QLineEdit>(dialog, name);
}

inline QPushButton *button(const QDialog &dialog, const QString &text)
{
    for (auto *candidate : dialog.findChildren<QPushButton *>()) {
        if (QString(candidate->text()).remove(u'&') == text)
            return candidate;
    }
    return nullptr;
}

/// All that can be read on the screen or by assistive technology, but what the masked field holds.
inline QString visibleTexts(const QWidget &window)
{
    QString all = window.windowTitle();
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        all += widget->toolTip() + widget->accessibleName() + widget->accessibleDescription() + widget->windowTitle();
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            all += label->text();
        if (const auto *field = qobject_cast<const QLineEdit *>(widget))
            all += field->displayText() + field->placeholderText();
    }
    return all;
}

inline QString messages(const QDialog &dialog)
{
    QString all;
    for (const auto *label : dialog.findChildren<ToneLabel *>()) {
        if (label->isVisible())
            all += label->text() + u'\n';
    }
    return all;
}

} // namespace pulsedeck
