// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/workerheading.h"

#include "models/fleet/fleetcolumns.h"

#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr int headingMark = 15;
constexpr int headingLine = 24;
constexpr int mostHeadingLines = 3; ///< The tool tip has the rest.

} // namespace

WorkerHeading::WorkerHeading(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void WorkerHeading::set(Glyph glyph, const QString &id, const QString &state, Tone tone)
{
    if (glyph == m_glyph && id == m_id && state == m_state && tone == m_tone)
        return;
    m_glyph = glyph;
    m_id = id;
    m_state = state;
    m_tone = tone;
    setAccessibleName(QString(id + QStringLiteral(", ") + state));
    setToolTip(toolTipText(QString(id + QStringLiteral("\n") + state)));
    updateGeometry();
    update();
}

/// An address may be longer than all there is: it leaves its state the half it needs.
WorkerHeading::Places WorkerHeading::placesIn(int width) const
{
    const QFontMetrics idMetrics(idFont());
    const QFontMetrics body(Theme::instance().bodyFont());
    Places places;
    places.first = QRect(px(headingMark) + px(8), 0, width - px(headingMark) - px(8), px(headingLine));
    const int wanted = body.horizontalAdvance(m_state);
    const int room = qMax(places.first.width() - wanted - px(10), places.first.width() / 2);
    places.id = idMetrics.elidedText(m_id, Qt::ElideMiddle, room);
    places.state = places.first;
    places.state.setLeft(places.first.left() + idMetrics.horizontalAdvance(places.id) + px(10));
    if (wanted <= places.state.width())
        return places;
    // Below, over the whole width.
    places.id = idMetrics.elidedText(m_id, Qt::ElideMiddle, places.first.width());
    const QRect below(0, places.first.bottom() + 1, width, mostHeadingLines * body.lineSpacing());
    places.state = below;
    places.state.setHeight(qMin(below.height(), body.boundingRect(below, Qt::TextWordWrap, m_state).height()));
    return places;
}

QFont WorkerHeading::idFont()
{
    QFont font = Theme::instance().idFont();
    font.setPointSizeF(Theme::instance().bodyPointSize() * 11 / 9);
    return font;
}

QSize WorkerHeading::sizeHint() const
{
    return {px(280), placesIn(width()).state.bottom() + 1};
}

void WorkerHeading::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (sizeHint().height() != height())
        updateGeometry();
}

void WorkerHeading::paintEvent(QPaintEvent *)
{
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    const int size = px(headingMark);
    const Places places = placesIn(width());
    paintGlyph(painter, QPointF(size / 2.0, places.first.height() / 2.0), size, m_glyph);
    painter.setFont(idFont());
    painter.setPen(theme().text);
    painter.drawText(places.first, Qt::AlignVCenter, places.id);
    painter.setFont(measures.bodyFont());
    painter.setPen(m_tone == Tone::Ordinary ? theme().dim : toneColour(m_tone));
    const bool isBelow = places.state.top() > places.first.top();
    painter.drawText(places.state, isBelow ? int(Qt::TextWordWrap) : int(Qt::AlignVCenter | Qt::AlignRight), m_state);
}

SectionTitle::SectionTitle(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_title(new ToneLabel(title, ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_summary(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
{
    auto *layout = hbox(this);
    layout->addWidget(m_title);
    m_summary->setElideMode(Qt::ElideRight);
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(m_summary, 1);
}

void SectionTitle::setTitle(const QString &text)
{
    m_title->setText(text);
    fitSummary();
}

void SectionTitle::setSummary(const QString &text, const QStringList &shorter)
{
    m_summaries = QStringList(text) + shorter;
    fitSummary();
}

QString SectionTitle::shownSummary() const
{
    return m_summary->text();
}

void SectionTitle::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitSummary();
}

void SectionTitle::fitSummary()
{
    if (m_summaries.isEmpty())
        return;
    const QFontMetrics metrics(Theme::instance().smallFont());
    const int room = width() - m_title->sizeHint().width() - qMax(0, layout()->spacing()) - 2;
    const auto fits = [&](const QString &text) { return metrics.horizontalAdvance(text) <= room; };
    const auto found = std::find_if(m_summaries.cbegin(), m_summaries.cend(), fits);
    m_summary->setText(found == m_summaries.cend() ? m_summaries.constLast() : *found);
    setToolTip(found == m_summaries.cbegin() ? QString() : toolTipText(m_summaries.constFirst()));
}

} // namespace pulsedeck
