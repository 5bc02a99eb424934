// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowcommands.h"

#include "models/commands/writeaccess.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commandmenu.h"
#include "ui/common/titlecase.h"
#include "ui/common/unlockquestion.h"
#include "ui/fleet/fleetpage.h"
#include "ui/theme/glyphs.h"
#include "ui/window/noticebar.h"
#include "ui/window/windowmenus.h"

#include <QAction>
#include <QIcon>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace pulsedeck {

WindowCommands::WindowCommands(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{
    WindowMenus &menus = m_parts.menus;
    connect(menus.commandsMenu, &QMenu::aboutToShow, this, &WindowCommands::fillMenu);
    m_parts.fleet.holdWhileOpen(menus.commandsMenu);
    connect(menus.drain, &QAction::triggered, this, [this] { command(Act::Drain); });
    connect(menus.shutDown, &QAction::triggered, this, [this] { command(Act::Shutdown); });
    connect(&menus, &WindowMenus::sourceMenuFilled, this, [this](QMenu *menu, SourceId source) {
        if (m_parts.actions.closedBecause().isEmpty())
            addFleetActs(*menu, m_parts.actions, source);
    });
    connect(menus.lock, &QAction::triggered, &m_parts.actions, &CommandActions::toggleLock);
    connect(&m_parts.access, &WriteAccess::changed, this, &WindowCommands::reviewLock);
    // A source that is set to read-only, or no longer, changes what can be unlocked.
    connect(&m_parts.sources, &QAbstractItemModel::dataChanged, this, &WindowCommands::reviewLock);
    // The answer to an act that was not possible is outdated then.
    connect(&m_parts.access, &WriteAccess::changed, &m_parts.notice, &NoticeBar::endAnswer);
    connect(&m_parts.actions, &CommandActions::issued, &m_parts.notice, &NoticeBar::endAnswer);
    connect(&m_parts.fleet, &FleetPage::selectionChanged, &m_parts.notice, &NoticeBar::endAnswer);
}

void WindowCommands::fillMenu()
{
    QMenu *menu = m_parts.menus.commandsMenu;
    CommandActions &actions = m_parts.actions;
    const FleetPage &fleet = m_parts.fleet;
    qDeleteAll(menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly)); // They are the menu's and would pile up.
    menu->clear();
    if (const QString &why = m_parts.actions.closedBecause(); !why.isEmpty()) {
        menu->addAction(menuText(why))->setEnabled(false);
        menu->addSeparator();
        menu->addAction(m_parts.menus.lock);
        return;
    }
    const bool fleetShown = !fleet.isHidden();
    fillCommandMenu(*menu, actions, fleetShown ? fleet.selectedWorkers() : std::vector<WorkerHandle>(), false);
    menu->addSeparator();
    addMatchingMenu(*menu, actions, fleetShown ? fleet.matchingForMenu() : MatchingWorkers());
    menu->addSeparator();
    if (addFleetActs(*menu, actions))
        menu->addSeparator();
    menu->addAction(m_parts.menus.lock);
    if (m_parts.access.isUnlocked() && actions.isLocked()) {
        QAction *more = menu->addAction(glyphIcon(Glyph::Unlock), actions.unlockText());
        more->setObjectName(u"unlockAnother"_s);
        connect(more, &QAction::triggered, &actions, &CommandActions::unlock);
    }
    QAction *show = menu->addAction(glyphIcon(Glyph::Commands), tr("Show &Commands"));
    connect(show, &QAction::triggered, this, &WindowCommands::commandsPageRequested);
}

/// From the keyboard: if it is not possible the notice bar shows why.
void WindowCommands::command(Act act)
{
    if (const QString &why = m_parts.actions.closedBecause(); !why.isEmpty()) {
        m_parts.notice.showAnswer(act == Act::Drain ? tr("Nothing was drained") : tr("Nothing was shut down"), why);
        return;
    }
    const std::vector<WorkerHandle> workers = m_parts.fleet.selectedWorkers();
    const CommandActions::Offer offer = m_parts.actions.offer(act, workers);
    if (offer.enabled)
        m_parts.actions.ask(act, workers);
    else
        m_parts.notice.showAnswer(act == Act::Drain ? tr("Nothing was drained") : tr("Nothing was shut down"),
                                  workers.empty() && !m_parts.fleet.whyNothing().isEmpty() ? m_parts.fleet.whyNothing()
                                                                                           : offer.toolTip);
}

void WindowCommands::setClosed(const QString &why)
{
    m_parts.actions.setClosed(why);
    reviewLock();
}

void WindowCommands::reviewLock()
{
    const bool open = m_parts.access.isUnlocked();
    QAction *lock = m_parts.menus.lock;
    lock->setText(open ? tr("&Lock Writing") : tr("Un&lock Writing (5 min)…"));
    lock->setIcon(glyphIcon(open ? Glyph::Lock : Glyph::Unlock));
    const QString &closed = m_parts.actions.closedBecause();
    lock->setEnabled(open || (closed.isEmpty() && UnlockQuestion::canUnlock(m_parts.access, m_parts.sources)));
    lock->setToolTip(m_parts.access.isForbidden() ? tr("Started with --read-only")
                     : !closed.isEmpty()          ? closed
                     : lock->isEnabled()          ? QString()
                                                  : tr("No source is locked"));
    emit lockReviewed();
}

} // namespace pulsedeck
