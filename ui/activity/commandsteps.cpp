// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/commandsteps.h"

#include "models/core/format.h"
#include "ui/activity/activitywords.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace pulsedeck {

CommandSteps::CommandSteps(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, &CommandSteps::updateGeometry);
}

void CommandSteps::setSteps(const QList<JournalEntry> &steps)
{
    m_steps = steps;
    QStringList texts;
    for (int i = 0; i < count(); ++i)
        texts.append(stepText(i));
    setAccessibleName(tr("Steps: %1").arg(texts.join(u"; "_s)));
    updateGeometry();
    update();
}

QString CommandSteps::afterText(int step) const
{
    return step == 0 ? QString() : QString(u'+' + durationText(qMax<qint64>(0, m_steps.at(step).at - m_steps.first().at)));
}

QString CommandSteps::stepText(int step) const
{
    QStringList parts{journalStepText(m_steps.at(step).kind, m_steps.at(step).step), wallClockText(m_steps.at(step).at)};
    if (step > 0)
        parts.append(afterText(step));
    return parts.join(u", "_s);
}

int CommandSteps::rowHeight() const
{
    return px(22);
}

QSize CommandSteps::sizeHint() const
{
    return {px(200), rowHeight() * qMax(1, count())};
}

void CommandSteps::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int size = px(12);
    const qreal middle = size / 2.0 + 1;
    for (int i = 0; i < count(); ++i) {
        const JournalEntry &step = m_steps.at(i);
        const ActivityMark mark = activityMark(step);
        const QRect row(0, i * rowHeight(), width(), rowHeight());
        const qreal y = QRectF(row).center().y();
        // The rail joins the marks.
        if (i + 1 < count())
            painter.fillRect(QRectF(middle - 0.5, y + size * 0.75, 1, rowHeight() - size * 1.5), tokens.line);
        paintGlyph(painter, QPointF(middle, y), size, mark.glyph,
                   mark.tone == Tone::Ordinary ? tokens.dim : toneColour(mark.tone));
        QRect rest = row.adjusted(size + px(10), 0, 0, 0);
        painter.setFont(measures.bodyFont());
        painter.setPen(activityTextColour(mark.tone));
        painter.drawText(rest, Qt::AlignVCenter, journalStepText(step.kind, step.step));
        painter.setFont(measures.smallFont());
        painter.setPen(tokens.dim);
        const int after = px(64);
        painter.drawText(rest.adjusted(0, 0, -after, 0), Qt::AlignVCenter | Qt::AlignRight, wallClockTextTenths(step.at));
        painter.setPen(tokens.faint);
        painter.drawText(rest, Qt::AlignVCenter | Qt::AlignRight, afterText(i));
    }
}

bool CommandSteps::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int step = help->pos().y() / rowHeight();
        QToolTip::showText(help->globalPos(), step >= 0 && step < count() ? m_steps.at(step).text : QString(), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace pulsedeck
