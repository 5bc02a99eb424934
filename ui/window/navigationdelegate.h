// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace pulsedeck {

/// Paints the rows of the navigation: pages (icon, title, count), sources (check box, state, name, count) and saved
/// views (name, count). Compact, only the icon or the state is left.
class NavigationDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    enum class Kind { Page, Source, View };

    explicit NavigationDelegate(Kind kind, QObject *parent = nullptr);

    void setCompact(bool compact) { m_compact = compact; }
    /// What a row needs to show its text whole, with room for a usual count. Does not depend on the present count, so
    /// that nothing moves when it changes.
    int wholeWidth(const QModelIndex &index) const;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

private:
    /// The part of the row that toggles its check box; empty when there is none.
    QRect checkArea(const QRect &row) const;

    Kind m_kind;
    bool m_compact = false;
};

} // namespace pulsedeck
