// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertcells.h"

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
    : RowDelegate(parent)
    , m_alerts(alerts)
{ }

RowDelegate::Cell AlertDelegate::cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Cell cell = RowDelegate::cellOf(option, index);
    const Alert *alert = m_alerts.alertAt(index.row());
    if (!alert)
        return cell;
    const bool calls = alert->isFiring() && !alert->isSilenced();
    if (index.column() == int(AlertColumn::State)) {
        cell.glyph = alertGlyph(*alert);
        if (alert->isFiring() && alert->isSilenced())
            cell.glyphColour = theme().dim;
    }
    cell.colour = calls && index.column() == int(AlertColumn::Title) ? theme().text : theme().dim;
    return cell;
}

} // namespace pulsedeck
