// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandmenu.h"

#include "ui/commands/commandwords.h"

#include <QMenu>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void fillCommandMenu(QMenu &menu, CommandActions &actions, const std::vector<WorkerHandle> &workers, bool withUnlock,
                     bool keys)
{
    menu.setToolTipsVisible(true);
    if (withUnlock && actions.isLocked()) {
        QAction *unlock = menu.addAction(glyphIcon(Glyph::Unlock), actions.unlockText());
        unlock->setObjectName(u"unlockWriting"_s);
        QObject::connect(unlock, &QAction::triggered, &actions, &CommandActions::unlock);
    }
    for (const Act act : CommandActions::offered) {
        const CommandActions::Offer offer = actions.offer(act, workers);
        // What is of no use to any of them only stands where it is looked for: in the menu bar.
        const bool rare = act == Act::Reap || act == Act::RemoveKey || act == Act::Resume;
        if (withUnlock && rare && offer.count == 0)
            continue;
        QAction *action = menu.addAction(glyphIcon(offer.locked ? Glyph::Lock : actGlyph(act)), offer.text);
        action->setObjectName(actName(act));
        action->setEnabled(offer.enabled);
        action->setToolTip(offer.toolTip);
        QObject::connect(action, &QAction::triggered, &actions, [&actions, act, workers] { actions.ask(act, workers); });
        // The keys act on the selection, wherever else the same act is offered.
        if (!keys)
            continue;
        if (act == Act::Drain)
            action->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_D);
        else if (act == Act::Shutdown)
            action->setShortcut(Qt::Key_Delete);
        // Only shown: the window's own action has the key.
        action->setShortcutContext(Qt::WidgetShortcut);
    }
}

QMenu *addMatchingMenu(QMenu &menu, CommandActions &actions, const WorkersOf &matching, qint64 count)
{
    QMenu *all = menu.addMenu(count == 1 ? CommandActions::tr("The one that matches the filter")
                                         : CommandActions::tr("All %1 that match the filter").arg(groupedNumber(count)));
    all->setObjectName(u"allMatching"_s);
    all->setEnabled(count > 0);
    all->addAction(u"…"_s); // Some platforms do not open an empty menu.
    QObject::connect(all, &QMenu::aboutToShow, &actions, [all, &actions, matching] {
        all->clear();
        fillCommandMenu(*all, actions, matching(), false, false);
    });
    return all;
}

} // namespace pulsedeck
