// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/band.h"
#include "ui/timeline/timewindow.h"

#include <QTimer>

class QAction;
class QCheckBox;
class QSlider;
class QPushButton;
class QToolButton;

namespace pulsedeck {

class PrefixedCombo;
class SearchField;
class SegmentedRow;
class ToneLabel;
class WorkerList;

/// The bar above the lanes: how much time, zoom, fit, follow now, grouping, order, what is shown, and the filter, which is that
/// of the Fleet page. Where it is narrow what is shown stands in a menu. GUI thread.
class TimelineToolbar : public Band
{
    Q_OBJECT

public:
    /// Switches of what is shown, in the order of the bar.
    enum Shown { Drains, Commands, Markers, OnlyGaps, Queues, Folded, shownCount };

    TimelineToolbar(WorkerList &list, TimeWindow &window, QWidget *parent = nullptr);

    bool isShown(Shown what) const;
    /// Emits nothing.
    void setShown(Shown what, bool on);
    SearchField &filter() const { return *m_filter; }
    QPushButton &followButton() const { return *m_follow; }
    /// How far the right edge is behind now; empty while it follows.
    QString behindText() const;
    /// Once a second: behindText() counts.
    void refresh();

signals:
    void shownChanged(pulsedeck::TimelineToolbar::Shown what, bool on);
    /// Enter in the filter: the keyboard goes to the lanes.
    void lanesRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void review();
    void reviewSorting();
    void fit();

    WorkerList &m_list;
    TimeWindow &m_window;
    SegmentedRow *m_spans;
    QSlider *m_zoom;
    QToolButton *m_in;
    QToolButton *m_out;
    QPushButton *m_fit;
    QPushButton *m_follow;
    ToneLabel *m_behind;
    PrefixedCombo *m_group;
    PrefixedCombo *m_sort;
    QCheckBox *m_boxes[shownCount] = {};
    QAction *m_actions[shownCount] = {};
    QToolButton *m_menu;
    ToneLabel *m_problem;
    SearchField *m_filter;
    QTimer m_typing;
    bool m_reviewing = false;
};

} // namespace pulsedeck
