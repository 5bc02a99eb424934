// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QSplitter;
class QTabBar;

namespace pulsedeck {

class DraftActions;
class ParameterPanel;
class RatioLadder;
class VersionStrip;
class WhatIfPanel;

/// The panels of the Timing page side by side: parameters and ladder above the history, the what-if with the buttons for the
/// draft at the right. With less room what-if and ladder share a place, then all three, with tabs to choose. GUI thread.
class TimingColumns : public QWidget
{
    Q_OBJECT

public:
    /// The panels, which are taken over.
    struct Panels
    {
        ParameterPanel &parameters;
        RatioLadder &ladder;
        VersionStrip &history;
        WhatIfPanel &whatIf;
        DraftActions &actions;
    };

    TimingColumns(const Panels &panels, QWidget *parent);

    /// For a page of this size.
    void fit(const QSize &page);
    /// Whether there is a history to show.
    void setHistory(bool there);
    /// Tab goes through them as one reads.
    void orderTabs();

private:
    enum Tab { ParametersTab, LadderTab, WhatIfTab };

    const Panels m_panels;
    QSize m_page;
    QSplitter *m_columns;
    QSplitter *m_right;
    QTabBar *m_tabs;
    QWidget *m_whatIfColumn;
};

} // namespace pulsedeck
