// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertcells.h"

#include "ui/alerts/twolinecell.h"
#include "ui/theme/theme.h"

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

AlertDelegate::AlertDelegate(const AlertListModel &alerts, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_alerts(alerts)
{ }

void AlertDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
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
