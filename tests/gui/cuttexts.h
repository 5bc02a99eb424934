// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTextDocumentFragment>

namespace pulsedeck {

/// Whether the whole of \a text can be read in the tool tip of \a widget.
inline bool tipHas(const QWidget &widget, const QString &text)
{
    const QString tip = widget.toolTip();
    const QString plain = Qt::mightBeRichText(tip) ? QTextDocumentFragment::fromHtml(tip).toPlainText() : tip;
    return plain.simplified().contains(QString(text).remove(u'&').simplified());
}

/// Why not all of what a label or a button says can be read, or nothing. One that shortens its text on purpose asks for less room
/// than the text needs; a label has the whole text in its tool tip then, and a button shows it when it is asked for one.
inline QString whyCut(const QWidget &widget)
{
    const auto *label = qobject_cast<const QLabel *>(&widget);
    const auto *button = qobject_cast<const QAbstractButton *>(&widget);
    const QString text = label ? label->text() : button ? button->text() : QString();
    if (text.isEmpty())
        return {};
    const auto named = [&](const QString &why) {
        return QStringLiteral("%1 \"%2\" %3, %4 x %5 px")
            .arg(QString::fromLatin1(widget.metaObject()->className()), text, why)
            .arg(widget.width())
            .arg(widget.height());
    };
    if (label && label->wordWrap()) {
        const int height = label->heightForWidth(label->width());
        return height > label->height() ? named(QStringLiteral("needs %1 px of height").arg(height)) : QString();
    }
    const QSize least = widget.minimumSizeHint();
    if (least.width() > widget.width() || least.height() > widget.height())
        return named(QStringLiteral("needs %1 x %2 px").arg(least.width()).arg(least.height()));
    if (label && label->sizeHint().width() > label->width() && !tipHas(*label, text))
        return named(QStringLiteral("is cut, and its tool tip does not have it"));
    return {};
}

/// A control or a text that is laid out: nothing else of its kind may lie upon it.
inline bool isLaidOut(const QWidget *widget)
{
    return widget->isVisible() && !widget->isWindow()
           && (qobject_cast<const QLabel *>(widget) || qobject_cast<const QAbstractButton *>(widget)
               || qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QComboBox *>(widget)
               || qobject_cast<const QAbstractSpinBox *>(widget));
}

/// What cannot be read whole in \a area: texts that are cut, and controls that lie upon each other.
inline QStringList cutTexts(const QWidget &area)
{
    QStringList cut;
    for (const QWidget *widget : area.findChildren<QWidget *>()) {
        if (!isLaidOut(widget) || widget->window() != area.window())
            continue;
        if (const QString why = whyCut(*widget); !why.isEmpty())
            cut.append(why);
        for (const QWidget *other : widget->parentWidget()->findChildren<QWidget *>(Qt::FindDirectChildrenOnly)) {
            if (other == widget)
                break; // Each pair once.
            if (isLaidOut(other) && other->geometry().intersects(widget->geometry()))
                cut.append(QStringLiteral("%1 %2 lies upon %3 %4")
                               .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                                    QString::fromLatin1(other->metaObject()->className()), other->objectName()));
        }
    }
    return cut;
}

} // namespace pulsedeck
