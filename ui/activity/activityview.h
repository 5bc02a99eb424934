// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journalmodel.h"

#include <QStyledItemDelegate>
#include <QTableView>

#include <array>

class QSettings;

namespace pulsedeck {

class ColumnMemory;

/// The table of activities. It paints the rows' grounds itself, reads on before the end is reached, and shows fewer columns where
/// there is little room: what they hold is in the detail.
class ActivityView : public QTableView
{
    Q_OBJECT

public:
    /// \a settings keep the columns' widths; they outlive the view.
    ActivityView(JournalModel &model, QSettings &settings, QWidget *parent = nullptr);

    /// Rows selected, in the list's order.
    std::vector<int> selectedRows() const;
    /// Whether somebody reads here: rows must not move.
    bool isBeingRead() const;

signals:
    void readingChanged();
    /// Enter or a double click.
    void detailRequested();
    void copyRequested();
    void menuRequested(const QPoint &globalPosition);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;

private:
    void adoptTheme();
    int contentWidth(JournalModel::Column column) const;
    int columnWidthOf(JournalModel::Column column) const;
    void measureColumns(bool anew);
    void arrangeColumns();
    void onScrolled();
    QRect rowRect(int row) const;

    JournalModel &m_journal;
    std::array<int, JournalModel::columnCountValue> m_contentWidths{};
    ColumnMemory *m_widths;
    int m_hoveredRow = -1;
};

/// One cell: the time in figures, the kind with its mark, what happened in its tone, the rest as text.
class ActivityDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    ActivityDelegate(const JournalModel &model, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const JournalModel &m_model;
};

} // namespace pulsedeck
