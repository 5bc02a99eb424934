// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/bytesview.h"

#include "ui/theme/theme.h"

#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace pulsedeck {

BytesView::BytesView(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setObjectName(u"bytes"_s);
    setAccessibleName(tr("The exact words that will be written"));
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    adopt();
    connect(&Theme::instance(), &Theme::changed, this, &BytesView::adopt);
}

void BytesView::adopt()
{
    setFont(Theme::instance().idFont());
    QPalette colours = palette();
    colours.setColor(QPalette::Text, theme().dim);
    setPalette(colours);
    fit();
}

void BytesView::setText(const QString &text)
{
    if (text == toPlainText())
        return;
    setPlainText(text);
    fit();
}

/// Its blocks are laid out by now for the width there is.
void BytesView::fit()
{
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid() && lines < mostLines; block = block.next())
        lines += qMax(1, qRound(blockBoundingRect(block).height() / fontMetrics().lineSpacing()));
    const int height = qBound(1, lines, mostLines) * fontMetrics().lineSpacing() + 2;
    if (height != minimumHeight() || height != maximumHeight())
        setFixedHeight(height);
}

QSize BytesView::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 40, minimumHeight()};
}

QSize BytesView::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 8, minimumHeight()};
}

void BytesView::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fit();
}

} // namespace pulsedeck
