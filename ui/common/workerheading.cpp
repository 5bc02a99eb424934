// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/workerheading.h"

#include "models/fleet/fleetcolumns.h"

#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace pulsedeck {

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
    update();
}

QSize WorkerHeading::sizeHint() const
{
    return {px(280), px(24)};
}

void WorkerHeading::paintEvent(QPaintEvent *)
{
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    const int size = px(15);
    paintGlyph(painter, QPointF(size / 2.0, height() / 2.0), size, m_glyph);
    QRect rest = rect().adjusted(size + px(8), 0, 0, 0);
    QFont idFont = measures.idFont();
    idFont.setPointSizeF(measures.bodyPointSize() * 11 / 9);
    painter.setFont(idFont);
    painter.setPen(theme().text);
    const QFontMetrics idMetrics(idFont);
    // An address may be longer than all there is: it leaves its state the half it needs.
    const int state = QFontMetrics(measures.bodyFont()).horizontalAdvance(m_state) + px(10);
    const int room = qMax(rest.width() - state, rest.width() / 2);
    const QString id = idMetrics.elidedText(m_id, Qt::ElideMiddle, room);
    painter.drawText(rest, Qt::AlignVCenter, id);
    rest.setLeft(rest.left() + idMetrics.horizontalAdvance(id) + px(10));
    painter.setFont(measures.bodyFont());
    painter.setPen(m_tone == Tone::Ordinary ? theme().dim : toneColour(m_tone));
    painter.drawText(rest, Qt::AlignVCenter | Qt::AlignRight,
                     QFontMetrics(measures.bodyFont()).elidedText(m_state, Qt::ElideRight, rest.width()));
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
