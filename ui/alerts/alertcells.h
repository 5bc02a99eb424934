// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertlistmodel.h"
#include "ui/common/rowdelegate.h"

namespace pulsedeck {

/// The mark of an alert, by its state and severity.
Glyph alertGlyph(const Alert &alert);

/// Paints the cells of the list of alerts: the state with its mark, the title bright where it calls. GUI thread.
class AlertDelegate final : public RowDelegate
{
    Q_OBJECT

public:
    AlertDelegate(const AlertListModel &alerts, QObject *parent);

protected:
    Cell cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const AlertListModel &m_alerts;
};

} // namespace pulsedeck
