// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/outletmodel.h"
#include "ui/common/band.h"

class QPushButton;

namespace pulsedeck {

class RowTable;
class ToneLabel;

/// Where alerts go: each outlet with its last delivery, and a button that sends a test to the selected one. GUI thread.
class OutletPanel : public Band
{
    Q_OBJECT

public:
    explicit OutletPanel(QWidget *parent = nullptr);

    /// Null: nothing is known of outlets. Has to outlive this.
    void setBoard(OutletBoard *board);
    /// Reads the board again.
    void refresh();
    RowTable &list() const { return *m_list; }

signals:
    /// What was asked for is under way.
    void succeeded(const QString &text, const QString &hint);

private:
    void sendTest();
    void review();

    OutletBoard *m_board = nullptr;
    OutletModel m_model;
    RowTable *m_list;
    ToneLabel *m_count;
    QPushButton *m_test;
};

} // namespace pulsedeck
