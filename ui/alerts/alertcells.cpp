// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertcells.h"

#include "ui/common/environmentmark.h"
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

AlertDelegate::AlertDelegate(const AlertListModel &alerts, QObject *parent)
    : RowDelegate(parent)
    , m_alerts(alerts)
{ }

void AlertDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Cell upper = cellOf(option, index);
    const Alert *alert = m_alerts.alertAt(index.row());
    if (!alert)
        return;
    const bool calls = alert->isFiring() && !alert->isSilenced();
    const bool time = index.column() == int(AlertColumn::Time);
    const int inset = px(3);
    const int half = (upper.rect.height() - 2 * inset) / 2;
    Cell lower = upper;
    upper.rect.setTop(upper.rect.top() + inset);
    upper.rect.setHeight(half);
    lower.rect.setTop(upper.rect.bottom() + 1);
    lower.rect.setHeight(half);
    painter->save();
    upper.colour = calls ? theme().text : theme().dim;
    if (time) {
        upper.alignment = Qt::AlignRight;
        upper.colour = calls && alert->rule.severity == AlertSeverity::Critical ? theme().stale : theme().dim;
    } else {
        upper.glyph = alertGlyph(*alert);
        if (alert->isFiring() && alert->isSilenced())
            upper.glyphColour = theme().dim;
        paintGlyphOf(*painter, upper);
        lower.rect.setLeft(upper.rect.left());
        if (alert->environment != SourceEnvironment::None) {
            paintEnvironmentMark(*painter, QRectF(lower.rect).adjusted(0, px(3), 0, -px(3)), alert->environment);
            lower.rect.setLeft(lower.rect.left() + px(environmentMarkRoom));
        }
        lower.font = Theme::instance().smallFont();
        lower.colour = theme().dim;
        lower.text = m_alerts.lineText(*alert);
        paintTextOf(*painter, lower);
    }
    paintTextOf(*painter, upper);
    painter->restore();
}

} // namespace pulsedeck
