// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingcolumns.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/theme/theme.h"
#include "ui/timing/draftactions.h"
#include "ui/timing/parameterpanel.h"
#include "ui/timing/ratioladder.h"
#include "ui/timing/versionstrip.h"
#include "ui/timing/whatifpanel.h"

#include <QAbstractSpinBox>
#include <QScrollArea>
#include <QSplitter>
#include <QTabBar>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// In the design's pixels.
constexpr int parametersFrom = 372; ///< Least widths.
constexpr int ladderFrom = 330;
constexpr int lowBelow = 440; ///< In a lower page the values need the height that the chart below them has.
constexpr int threeColumnsFrom = 1'040; ///< Below it ladder and what-if share a place.

} // namespace

TimingColumns::TimingColumns(const Panels &panels, QWidget *parent)
    : QWidget(parent)
    , m_panels(panels)
{
    m_panels.parameters.setMinimumWidth(px(parametersFrom));
    m_panels.ladder.setMinimumWidth(px(ladderFrom));
    m_right = new QSplitter(Qt::Horizontal, this);
    m_columns = new QSplitter(Qt::Horizontal, this);
    for (QSplitter *splitter : {m_right, m_columns}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(1);
    }

    // Parameters and ladder stand on the history; the what-if goes down to the status bar, as in the design.
    auto *left = new QWidget(this);
    auto *leftLayout = vbox(left, 0);
    m_columns->addWidget(&m_panels.parameters);
    m_columns->addWidget(&m_panels.ladder);
    leftLayout->addWidget(m_columns, 1);
    auto *strip = new Band(Qt::TopEdge, Band::Ground::Chrome, left);
    vbox(strip, -1, {0, 1, 0, 0})->addWidget(&m_panels.history);
    leftLayout->addWidget(strip);

    m_whatIfColumn = new Band(Qt::LeftEdge, Band::Ground::Chrome, this);
    auto *column = vbox(m_whatIfColumn, 0, {1, 0, 0, 0});
    column->addWidget(&m_panels.whatIf, 1);
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, m_whatIfColumn);
    vbox(foot, -1, {0, 1, 0, 0})->addWidget(&m_panels.actions);
    column->addWidget(foot);
    m_right->addWidget(left);
    m_right->addWidget(m_whatIfColumn);

    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(u"timingTabs"_s);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Parameters")); // In the order of Tab.
    m_tabs->addTab(tr("Ratio ladder"));
    m_tabs->addTab(tr("What if, review and apply"));
    m_tabs->setCurrentIndex(LadderTab);
    m_tabs->hide();

    auto *body = vbox(this, 0);
    body->addWidget(m_tabs);
    body->addWidget(m_right, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this] { fit(m_page); });
}

void TimingColumns::fit(const QSize &page)
{
    m_page = page;
    const bool narrow = page.width() < px(threeColumnsFrom);
    const bool single = page.width() < px(parametersFrom + ladderFrom) + m_columns->handleWidth(); // One at a time.
    m_tabs->setVisible(narrow);
    m_tabs->setTabVisible(ParametersTab, single);
    const int tab = !single && m_tabs->currentIndex() == ParametersTab ? LadderTab : m_tabs->currentIndex();
    const bool whatIfAlone = single && tab == WhatIfTab;
    m_panels.parameters.setVisible(!single || tab == ParametersTab);
    m_panels.ladder.setVisible(!narrow || tab == LadderTab);
    m_columns->setVisible(!whatIfAlone);
    m_columns->parentWidget()->setVisible(!whatIfAlone);
    m_whatIfColumn->setVisible(!narrow || tab == WhatIfTab);
    m_panels.parameters.setLow(page.height() < px(lowBelow));
    const int width = page.width();
    const int whatIf = whatIfAlone ? width : narrow ? width * 45 / 100 : qBound(px(310), width * 28 / 100, px(400));
    m_right->setSizes({width - whatIf, whatIf});
    const int left = narrow && tab != WhatIfTab ? width : width - whatIf;
    const int parameters =
        (narrow && tab == WhatIfTab) || (single && tab == ParametersTab) ? left : left * (width < px(1'250) ? 52 : 48) / 100;
    m_columns->setSizes({parameters, left - parameters});
}

void TimingColumns::setHistory(bool there)
{
    m_panels.history.parentWidget()->setVisible(there);
}

void TimingColumns::orderTabs()
{
    // In reading order: the fields, the ladder with its rows before its foot, the history, the what-if, the buttons. Rows and
    // fields are made again and again, and would otherwise be last.
    const QList<QWidget *> sections{findChild<QWidget *>(u"timingSource"_s),
                                    findChild<QWidget *>(u"onlyChanged"_s),
                                    &m_panels.parameters,
                                    m_panels.ladder.findChild<QScrollArea *>(),
                                    &m_panels.ladder,
                                    &m_panels.history,
                                    findChild<QWidget *>(u"whatIfWindow"_s),
                                    findChild<QWidget *>(u"recordingMenu"_s),
                                    &m_panels.whatIf,
                                    &m_panels.actions};
    QList<QWidget *> order;
    const auto take = [&order](QWidget *widget) {
        const bool inner = qobject_cast<QAbstractSpinBox *>(widget->parentWidget()) != nullptr;
        if (!inner && (widget->focusPolicy() & Qt::TabFocus) && !widget->focusProxy() && !order.contains(widget))
            order.append(widget);
    };
    for (QWidget *section : sections) {
        if (!section)
            continue;
        take(section);
        for (QWidget *widget : section->findChildren<QWidget *>())
            take(widget);
    }
    for (qsizetype i = 1; i < order.size(); ++i)
        QWidget::setTabOrder(order[i - 1], order[i]);
}

} // namespace pulsedeck
