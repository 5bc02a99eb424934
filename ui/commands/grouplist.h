// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/groupsummary.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace pulsedeck {

/// The groups of the ledger, newest first, below a line for all of them.
class GroupListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { GroupRole = Qt::UserRole + 1 }; ///< QUuid; null for the first line.

    explicit GroupListModel(const CommandContext &context, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QUuid groupAt(int row) const;
    int rowOf(const QUuid &group) const;
    const CommandContext &context() const { return m_context; }
    /// "by ops@host · 14:12:24 · rollout of 2.8".
    QString lineOf(const CommandGroup &group) const;
    /// Whether the group in this row goes on: it is open, or an actor may still answer. Over, it is drawn dim.
    bool isUnderway(int row) const;
    /// To be called as time passes: a group whose answers are awaited no longer is over without any news.
    void review();

private:
    const CommandContext &m_context;
    std::vector<QUuid> m_groups; ///< In order of their start.
    QHash<QUuid, int> m_places;
    std::vector<QUuid> m_awaited; ///< Groups that were waited for at the last review.
};

/// A group as two lines with its bar between.
class GroupDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit GroupDelegate(const GroupListModel &model, QObject *parent = nullptr);

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// The widest that any of these rows would like to be, in pixels: no title is cut then.
    int wantedWidth(int firstRow, int lastRow) const;
    /// The title of \a group in so many pixels: how many it is for is cut last.
    static QString fittingTitle(const CommandGroup &group, const QFontMetrics &metrics, int width);

private:
    QString countOf(const CommandGroup &group) const;

    const GroupListModel &m_model;
};

} // namespace pulsedeck
