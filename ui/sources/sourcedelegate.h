// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/sourcelistmodel.h"

#include <QStyledItemDelegate>

namespace pulsedeck {

/// Two lines per source: state, name, kind and round trip; below them the address, or what is wrong.
class SourceDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    SourceDelegate(const SourceListModel &sources, const FleetStore &store, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const SourceListModel &m_sources;
    const FleetStore &m_store;
};

} // namespace pulsedeck
