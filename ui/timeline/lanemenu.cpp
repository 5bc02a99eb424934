// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanemenu.h"

#include "ui/common/selfdeleting.h"
#include "ui/common/workerlist.h"

#include <QMenu>

using namespace Qt::StringLiterals;

namespace pulsedeck {

LaneMenu::LaneMenu(LaneView &view, WorkerList &list, bool recorded, QObject *parent)
    : QObject(parent)
    , m_view(view)
    , m_list(list)
    , m_recorded(recorded)
{
    connect(&view, &LaneView::menuRequested, this, &LaneMenu::popup);
}

void LaneMenu::popup(const QPoint &globalPosition)
{
    auto *menu = selfDeleting(new QMenu(&m_view));
    menu->setToolTipsVisible(true);
    LaneList &rows = m_view.list();
    const int current = m_view.currentRow();
    const WorkerHandle worker = current < 0 ? noWorker : rows.rows()[size_t(current)].handle;
    QAction *inFleet = menu->addAction(tr("Show in Fleet"));
    inFleet->setEnabled(worker != noWorker);
    connect(inFleet, &QAction::triggered, this, [this, worker] { emit workerRequested(worker); });
    connect(menu->addAction(tr("Next Gap or Event")), &QAction::triggered, this, [this] { emit stepRequested(1); });
    connect(menu->addAction(tr("Previous Gap or Event")), &QAction::triggered, this, [this] { emit stepRequested(-1); });
    QAction *foldAgain = menu->addAction(tr("Fold Again"));
    foldAgain->setEnabled(rows.hasUnfolded());
    connect(foldAgain, &QAction::triggered, &rows, &LaneList::foldAgain);
    const std::optional<double> here = m_view.cursor();
    const QString nothing = m_recorded ? QString() : tr("Nothing is recorded.");
    QAction *travel = menu->addAction(tr("Show the Console As It Was Here"));
    travel->setObjectName(u"showMoment"_s);
    travel->setEnabled(m_recorded && here);
    travel->setToolTip(nothing);
    if (here)
        connect(travel, &QAction::triggered, this, [this, at = *here] { emit momentRequested(at); });
    QAction *happened =
        menu->addAction(m_view.measured() ? tr("What Happened in the Measured Time") : tr("What Happened in the Time Shown"));
    happened->setEnabled(m_recorded);
    happened->setToolTip(nothing);
    connect(happened, &QAction::triggered, this, &LaneMenu::reportRequested);
    QAction *exported = menu->addAction(m_view.measured() ? tr("Export the Measured Time…") : tr("Export the Time Shown…"));
    exported->setEnabled(m_recorded);
    exported->setToolTip(nothing);
    connect(exported, &QAction::triggered, this, &LaneMenu::exportRequested);
    menu->addSeparator();
    m_list.fillMenu(*menu);
    menu->popup(globalPosition);
}

} // namespace pulsedeck
