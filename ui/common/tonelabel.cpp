// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/tonelabel.h"

#include "models/fleet/fleetcolumns.h"
#include "ui/common/numberunits.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QResizeEvent>
#include <QStyle>

namespace pulsedeck {

namespace {

QColor colourOf(ToneLabel::Tone tone)
{
    switch (tone) {
    case ToneLabel::Tone::Text:
        return theme().text;
    case ToneLabel::Tone::Dim:
        return theme().dim;
    case ToneLabel::Tone::Faint:
        return theme().faint;
    case ToneLabel::Tone::Accent:
        return theme().accent;
    case ToneLabel::Tone::Alive:
        return theme().alive;
    case ToneLabel::Tone::Late:
        return theme().late;
    case ToneLabel::Tone::Stale:
        return theme().stale;
    }
    return theme().text;
}

QFont fontOf(ToneLabel::Face face)
{
    const Theme &t = Theme::instance();
    QFont font = t.bodyFont();
    switch (face) {
    case ToneLabel::Face::Body:
        break;
    case ToneLabel::Face::Bold:
        font.setBold(true);
        break;
    case ToneLabel::Face::Small:
        return t.smallFont();
    case ToneLabel::Face::Title:
        font.setPointSizeF(font.pointSizeF() * 11.5 / 9);
        break;
    case ToneLabel::Face::Figure:
        return t.figureFont();
    case ToneLabel::Face::Id:
        return t.idFont();
    }
    return font;
}

} // namespace

ToneLabel::ToneLabel(Tone tone, Face face, QWidget *parent)
    : QLabel(parent)
    , m_tone(tone)
    , m_face(face)
{
    setTextFormat(Qt::PlainText);
    adopt();
    connect(&Theme::instance(), &Theme::changed, this, &ToneLabel::adopt);
}

ToneLabel::ToneLabel(const QString &text, Tone tone, Face face, QWidget *parent)
    : ToneLabel(tone, face, parent)
{
    setText(text);
}

void ToneLabel::setTone(Tone tone)
{
    if (m_tone == tone)
        return;
    m_tone = tone;
    adopt();
}

void ToneLabel::setElideMode(Qt::TextElideMode mode)
{
    m_elide = mode;
    updateGeometry();
    update();
}

void ToneLabel::setShorter(const QString &shorter)
{
    m_shorter = shorter;
    setElideMode(Qt::ElideRight);
}

void ToneLabel::setWrappedInForm()
{
    m_wrappedInForm = true;
    setWordWrap(true);
}

QSize ToneLabel::sizeHint() const
{
    QSize size = QLabel::sizeHint();
    if (!m_wrappedInForm)
        size.rheight() += keptHeight(size.width());
    return m_wrappedInForm ? QSize(size.width(), heightForWidth(width())) : size;
}

int ToneLabel::heightForWidth(int width) const
{
    const int height = QLabel::heightForWidth(width);
    return height < 0 ? height : height + keptHeight(width);
}

QString ToneLabel::keptText() const
{
    if (!wordWrap() || textFormat() != Qt::PlainText || buddy() || (textInteractionFlags() & Qt::TextSelectableByMouse))
        return {};
    const QString kept = unitsKept(text());
    return kept == text() ? QString() : kept;
}

int ToneLabel::keptHeight(int width) const
{
    const QString kept = keptText();
    if (kept.isEmpty())
        return 0;
    const QMargins around = contentsMargins();
    const QRect room(0, 0, qMax(1, width - around.left() - around.right() - 2 * margin()), QWIDGETSIZE_MAX);
    const auto high = [&](const QString &text) { return fontMetrics().boundingRect(room, Qt::TextWordWrap, text).height(); };
    return high(kept) - high(text());
}

QSize ToneLabel::minimumSizeHint() const
{
    const QSize size = QLabel::minimumSizeHint();
    if (m_wrappedInForm)
        return {size.width(), heightForWidth(width())};
    return m_elide == Qt::ElideNone ? size : QSize(qMin(size.width(), fontMetrics().averageCharWidth() * 4), size.height());
}

void ToneLabel::paintEvent(QPaintEvent *event)
{
    if (m_elide == Qt::ElideNone) {
        const QString kept = keptText();
        if (kept.isEmpty()) {
            QLabel::paintEvent(event);
            return;
        }
        const int around = margin();
        QPainter painter(this);
        style()->drawItemText(&painter, contentsRect().adjusted(around, around, -around, -around),
                              int(QStyle::visualAlignment(layoutDirection(), alignment())) | Qt::TextWordWrap, palette(),
                              isEnabled(), kept, foregroundRole());
        return;
    }
    reviewToolTip();
    QPainter painter(this);
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    // A letter or two and three dots say nothing: then the tool tip alone has it.
    constexpr int leastLetters = 5;
    const bool whole = !m_shorter || fontMetrics().horizontalAdvance(text()) <= contentsRect().width();
    const QString shown = fontMetrics().elidedText(whole ? text() : *m_shorter, m_elide, contentsRect().width());
    if (m_elide == Qt::ElideRight && shown.size() <= leastLetters && shown.size() < text().size())
        return;
    painter.drawText(contentsRect(), int(alignment()), shown);
}

void ToneLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    if (m_wrappedInForm && event->size().width() != event->oldSize().width())
        updateGeometry();
    if (m_elide != Qt::ElideNone)
        reviewToolTip();
}

void ToneLabel::adopt()
{
    QPalette p = palette();
    p.setColor(QPalette::Active, QPalette::WindowText, colourOf(m_tone));
    p.setColor(QPalette::Inactive, QPalette::WindowText, colourOf(m_tone));
    setPalette(p);
    setFont(fontOf(m_face));
}

void ToneLabel::reviewToolTip()
{
    const bool cut = fontMetrics().horizontalAdvance(text()) > contentsRect().width();
    if (cut && (toolTip().isEmpty() || m_ownToolTip)) {
        setToolTip(toolTipText(text())); // Plain, whoever wrote it.
        m_ownToolTip = true;
    } else if (!cut && m_ownToolTip) {
        setToolTip({});
        m_ownToolTip = false;
    }
}

} // namespace pulsedeck
