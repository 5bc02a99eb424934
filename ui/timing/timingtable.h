// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/timingtablemodel.h"

#include <QStyledItemDelegate>
#include <QTableView>

namespace pulsedeck {

class DurationSpin;

/// Paints the rows of the parameters and makes their fields.
class TimingDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit TimingDelegate(TimingTableModel &model, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    /// The fields stay open and are an ordinary part of the page: Tab goes on to the next one, and not through the cells.
    bool eventFilter(QObject *, QEvent *) override { return false; }

private:
    void paintPlace(QPainter &painter, const QModelIndex &name, const QRect &part) const;
    void paintHeading(QPainter &painter, const QRect &rect, const QModelIndex &index) const;

    TimingTableModel &m_model;
};

/// The parameters with their fields always open. GUI thread.
class TimingTable : public QTableView
{
    Q_OBJECT

public:
    explicit TimingTable(TimingTableModel &model, QWidget *parent = nullptr);

    DurationSpin *field(TimingId id) const;
    QWidget *undoButton(TimingId id) const;
    void setOnlyChanged(bool only);
    bool onlyChanged() const { return m_onlyChanged; }
    QSize sizeHint() const override;
    /// Height of all its rows.
    int contentHeight() const;
    /// Pixels there are for where the value of a row is set, below its name and its value in force.
    int placeRoom() const;
    /// How many lines that takes in \a row: words get a second one rather than being cut.
    int placeLines(int row) const;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void adoptTheme();
    void prepareRows();
    void reviewRows();
    int nameWidth() const;
    void fitColumns();
    void fitRows();

    TimingTableModel &m_model;
    bool m_onlyChanged = false;
};

} // namespace pulsedeck
