// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertcells.h"

#include "models/core/format.h"
#include "ui/alerts/twolinecell.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

Glyph alertGlyph(const Alert &alert)
{
    if (alert.state == AlertState::Resolved)
        return Glyph::Ok;
    if (alert.state == AlertState::Pending)
        return Glyph::Settling;
    if (alert.isSilenced())
        return Glyph::Hidden;
    return alert.rule.severity == AlertSeverity::Critical ? Glyph::Error : Glyph::Warning;
}

namespace {

/// At the foot of its row, so that it stands nearer to what it heads.
void paintHeading(QPainter &painter, const QStyleOptionViewItem &option, const QString &word, const QString &count)
{
    const QRect line = option.rect.adjusted(px(12), option.rect.height() / 3, -px(8), 0);
    QFont bold = option.font;
    bold.setBold(true);
    painter.save();
    painter.setFont(bold);
    painter.setPen(theme().text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, word);
    const int used = painter.fontMetrics().horizontalAdvance(word);
    painter.setFont(option.font);
    painter.setPen(theme().dim);
    painter.drawText(line.adjusted(used + px(8), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, count);
    painter.restore();
}

} // namespace

AlertDelegate::AlertDelegate(const AlertListModel &alerts, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_alerts(alerts)
{ }

void AlertDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (const auto heading = m_alerts.headingAt(index.row())) {
        paintHeading(*painter, option, index.data().toString(), groupedNumber(m_alerts.listed(*heading)));
        return;
    }
    const Alert *alert = m_alerts.alertAt(index.row());
    if (!alert)
        return;
    const bool calls = alert->isFiring() && !alert->isSilenced();
    TwoLineCell cell;
    cell.glyph = alertGlyph(*alert);
    if (alert->isFiring() && alert->isSilenced())
        cell.glyphColour = theme().dim;
    cell.environment = alert->environment;
    cell.upper = index.data().toString();
    cell.upperColour = calls ? theme().text : theme().dim;
    cell.lower = m_alerts.lineText(*alert);
    cell.upperRight = index.siblingAtColumn(int(AlertColumn::Time)).data().toString();
    cell.upperRightColour = calls && alert->rule.severity == AlertSeverity::Critical ? theme().stale : theme().dim;
    cell.paint(*painter, option.rect, option.font);
}

} // namespace pulsedeck
