// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertlistmodel.h"
#include "ui/theme/glyphs.h"

#include <QStyledItemDelegate>

namespace pulsedeck {

/// The mark of an alert, by its state and severity.
Glyph alertGlyph(const Alert &alert);

/// Paints the list of alerts, each in two lines: its mark and title, bright where it calls, and where it is and what was done
/// about it; at the right the time. GUI thread.
class AlertDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    AlertDelegate(const AlertListModel &alerts, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const AlertListModel &m_alerts;
};

} // namespace pulsedeck
