// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandtablemodel.h"
#include "ui/common/rowdelegate.h"
#include "ui/common/rowtable.h"

#include <QHeaderView>
#include <QTimer>

namespace pulsedeck {

class ColumnMemory;
class CommandActions;

/// The ladder of commands as a table: a rung per column with its mark and its time. What can be done with a row is a button
/// at its end. Rows never reorder. The times that count are painted again once a second.
class CommandTable : public RowTable
{
    Q_OBJECT

public:
    enum class Form { Group, Page }; ///< In the dialog, or with act, source, who and why.
    enum class RowButton { None, SendAgain, Skip, Cancel };

    CommandTable(CommandTableModel &commands, CommandActions &actions, Form form, QWidget *parent = nullptr);

    CommandTableModel &commands() const { return m_commands; }
    std::vector<quint64> selectedKeys() const;
    const CommandEntry *currentEntry() const;
    /// The buttons of a row, from the right; where they are in viewport coordinates.
    std::vector<std::pair<RowButton, QRect>> buttonsOf(int row) const;
    static QString buttonText(RowButton button);
    bool isPressed(int row, RowButton button) const { return row == m_overRow && button == m_over; }
    qint64 now() const;

protected:
    int rowPixels() const override;
    void adoptTheme() override;
    bool isFramed(int) const override { return true; }
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void copy() const;
    void fitColumns();
    int widthOfActs() const;
    int widen(CommandColumn column, int spare);
    void press(int row, RowButton button);
    void setOver(int row, RowButton button);
    std::pair<int, RowButton> buttonAt(const QPoint &pos) const;

    CommandTableModel &m_commands;
    CommandActions &m_actions;
    Form m_form;
    ColumnMemory *m_widths = nullptr;
    QTimer m_tick;
    int m_overRow = -1;
    RowButton m_over = RowButton::None;
};

/// The headings stand as the cells do: rungs to the left, behind their marks.
class LadderHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit LadderHeader(QWidget *parent);

    QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const override;
};

/// Paints one cell of the ladder.
class LadderDelegate : public RowDelegate
{
    Q_OBJECT

public:
    LadderDelegate(CommandTable &table, QObject *parent)
        : RowDelegate(parent)
        , m_table(table)
    { }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    CommandTable &m_table;
};

} // namespace pulsedeck
