// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace pulsedeck {

class FilterField;
class ToneLabel;

/// The bar above the table: filter, grouping, columns, the notice of a held order, and the pause.
class FleetToolbar : public QWidget
{
    Q_OBJECT

public:
    explicit FleetToolbar(FleetTableModel &model, QWidget *parent = nullptr);

    FilterField &filter() const { return *m_filter; }
    QToolButton &columnsButton() const { return *m_columns; }
    QComboBox &groupBox() const { return *m_group; }
    QPushButton &releaseButton() const { return *m_release; }
    QToolButton &pauseButton() const { return *m_pause; }
    /// Shown while the worker dock is closed: the way back to it.
    QToolButton &detailButton() const { return *m_detail; }
    /// The notice about the order or the pause; empty if there is none.
    QString notice() const;

    /// Whether the order is held and why nothing moves; the count comes from the model.
    void setHeld(bool held);
    /// The list is grouped by something else.
    void reviewGrouping() { review(); }
    QCheckBox &healthyBox() const { return *m_healthy; }

signals:
    void releaseRequested();
    void pauseToggled();
    void groupingChosen(pulsedeck::FleetGrouping grouping);
    void healthyCollapseChosen(bool collapsed);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void review();

    FleetTableModel &m_model;
    FilterField *m_filter;
    QComboBox *m_group;
    QCheckBox *m_healthy; ///< Only while the list is grouped by system.
    QToolButton *m_columns;
    QWidget *m_noticeArea; ///< Mark, notice and way out.
    QLabel *m_heldMark;
    ToneLabel *m_notice;
    QPushButton *m_release;
    QToolButton *m_pause;
    QToolButton *m_detail;
    QTimer m_timer;
    bool m_held = false;
    qint64 m_pausedSince = 0;
};

} // namespace pulsedeck
