// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/rowdelegate.h"

namespace pulsedeck {

/// Paints the rules: a box that is ticked where a rule is on, in front of its sentence, and switches it. GUI thread.
class RuleDelegate final : public RowDelegate
{
    Q_OBJECT

public:
    /// The width that a cell with these words needs, without the box of a switch.
    static int roomFor(const QString &text, const QFont &font);
    /// What the box of a switch takes.
    static int switchRoom();

    explicit RuleDelegate(QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

protected:
    Cell cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace pulsedeck
