// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/jsonedit.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QMimeData>
#include <QPainter>

namespace pulsedeck {

namespace {

constexpr qsizetype longestPaste = 4 << 20; ///< Characters; much more than any hub takes.

} // namespace

JsonEdit::JsonEdit(Use use, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_use(use)
{
    setTabChangesFocus(true);
    setLineWrapMode(use == Use::Typed ? QPlainTextEdit::NoWrap : QPlainTextEdit::WidgetWidth);
    setWordWrapMode(QTextOption::WrapAnywhere);
    if (use == Use::Shown) {
        setReadOnly(true);
        setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        setUndoRedoEnabled(false);
        setFrameShape(QFrame::NoFrame);
    } else {
        setFrameShape(QFrame::StyledPanel);
    }
    connect(&Theme::instance(), &Theme::changed, this, &JsonEdit::adoptTheme);
    adoptTheme();
}

void JsonEdit::adoptTheme()
{
    setFont(Theme::instance().idFont());
    document()->setDocumentMargin(px(m_use == Use::Typed ? 5 : 8));
    QPalette colours = palette();
    colours.setColor(QPalette::Base, m_use == Use::Typed ? theme().field : theme().base);
    setPalette(colours);
}

bool JsonEdit::event(QEvent *event)
{
    const bool done = QPlainTextEdit::event(event);
    if (event->type() == QEvent::Paint && m_use == Use::Typed) {
        const ThemeTokens &tokens = theme();
        const bool focus = hasFocus();
        QPainter painter(this);
        painter.setPen(QPen(isInvalid(this) ? tokens.stale : focus ? tokens.accent : tokens.line, 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
    if (m_use == Use::Typed && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut))
        update();
    return done;
}

void JsonEdit::insertFromMimeData(const QMimeData *source)
{
    // More than any message holds would only stop the window for a while.
    if (source->hasText() && source->text().size() > longestPaste) {
        insertPlainText(source->text().left(longestPaste));
        return;
    }
    QPlainTextEdit::insertFromMimeData(source);
}

} // namespace pulsedeck
