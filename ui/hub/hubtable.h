// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace pulsedeck {

/// A plain list of the hub panel: rows of one height, whole rows chosen, the ground of a chosen row across all columns.
class HubTable : public QTableView
{
    Q_OBJECT

public:
    explicit HubTable(QWidget *parent = nullptr);

signals:
    void resized();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;

private:
    void adoptTheme();
};

} // namespace pulsedeck
