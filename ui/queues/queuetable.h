// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuetablemodel.h"
#include "models/sources/sourceenvironment.h"
#include "ui/common/rowtable.h"

#include <array>

class QMenu;
class QSettings;

namespace pulsedeck {

class ColumnMemory;
class QueueDelegate;
class QueueHeadings;
class SourceListModel;

/// The table of the Queues page. Headings fold at a click, at Enter and by Left and Right. Where there is no room, columns give
/// way so that how many wait, who works here and the state are always seen. GUI thread.
class QueueTable : public RowTable
{
    Q_OBJECT

public:
    QueueTable(QueueTableModel &queues, const SourceListModel &sources, QSettings &settings, QWidget *parent = nullptr);

    /// Without headings.
    std::vector<int> selectedRows() const override;
    /// The queues that are selected.
    std::vector<QueueKey> selectedQueues() const;
    /// Null if the current row is no queue.
    const QueueFacts *currentQueue() const;
    /// A check mark for each column.
    void fillColumnsMenu(QMenu &menu);
    /// How far back the line of each row goes.
    void setSpan(qint64 ms);
    /// Where they end: chartEndText().
    void setEnd(const QString &text);

signals:
    /// The pointer moved over the list, or a key was pressed there.
    void handMoved();

protected:
    void adoptTheme() override;
    QColor rowGround(int row) const override;
    void paintGround(QPainter &painter, int row, const QRect &rect) const override;
    void paintAbove(QPainter &painter, const QRect &area) const override;
    bool isFramed(int row) const override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void fitColumns();
    void setShown(QueueColumn column, bool shown);
    void showAll();
    int contentWidth(QueueColumn column) const;
    void toggle(int row);
    void copy() const;
    void paintHeading(QPainter &painter, const QueueTableModel::Heading &heading, const QRect &rect) const;
    SourceEnvironment environmentOf(SourceId source) const;

    QueueTableModel &m_queues;
    const SourceListModel &m_sources;
    QSettings &m_settings;
    std::array<bool, queueColumnCount> m_off{}; ///< By the user.
    std::array<bool, queueColumnCount> m_aside{}; ///< There is no room for them.
    QueueDelegate *m_cells;
    QueueHeadings *m_headings;
    ColumnMemory *m_widths;
};

} // namespace pulsedeck
