// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandmenu.h"

#include "models/core/format.h"
#include "models/protocol/sourcetraits.h"
#include "ui/common/commandtexts.h"
#include "ui/common/titlecase.h"

#include <QMenu>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

struct Pick
{
    WorkerHandle handle;
    quint32 serial;
};

std::vector<WorkerHandle> stillThere(const CommandActions &actions, const std::vector<Pick> &picks)
{
    const FleetStore &store = actions.context().store;
    std::vector<WorkerHandle> workers;
    for (const Pick &pick : picks) {
        if (store.worker(pick.handle).used && store.worker(pick.handle).serial == pick.serial)
            workers.push_back(pick.handle);
    }
    return workers;
}

} // namespace

void fillCommandMenu(QMenu &menu, CommandActions &actions, const std::vector<WorkerHandle> &workers, bool withUnlock, bool keys)
{
    menu.setToolTipsVisible(true);
    // A menu may stand open for long: who left meanwhile and whose place is another's now is not meant.
    std::vector<Pick> picks;
    picks.reserve(workers.size());
    for (const WorkerHandle handle : workers)
        picks.push_back({handle, actions.context().store.worker(handle).serial});
    if (withUnlock && actions.isLocked()) {
        QAction *unlock = menu.addAction(glyphIcon(Glyph::Unlock), actions.unlockText());
        unlock->setObjectName(u"unlockWriting"_s);
        QObject::connect(unlock, &QAction::triggered, &actions, &CommandActions::unlock);
    }
    std::vector<Act> acts(CommandActions::offered.begin(), CommandActions::offered.end());
    for (const Act act : CommandActions::offeredByFew) {
        const bool offered = std::any_of(workers.begin(), workers.end(), [&](WorkerHandle handle) {
            return actions.context().store.worker(handle).traits->offers(act);
        });
        if (offered)
            acts.push_back(act);
    }
    for (const Act act : acts) {
        const CommandActions::Offer offer = actions.offer(act, workers);
        // What is of no use to any of them only stands where it is looked for: in the menu bar.
        const bool rare = act == Act::Reap || act == Act::RemoveKey || act == Act::Resume;
        if (withUnlock && rare && offer.count == 0)
            continue;
        QAction *action = menu.addAction(glyphIcon(offer.locked ? Glyph::Lock : actGlyph(act)), titleCase(offer.text));
        action->setObjectName(actName(act));
        action->setEnabled(offer.enabled);
        action->setToolTip(offer.toolTip);
        QObject::connect(action, &QAction::triggered, &actions,
                         [&actions, act, picks] { actions.ask(act, stillThere(actions, picks)); });
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

QMenu *addMatchingMenu(QMenu &menu, CommandActions &actions, const MatchingWorkers &matching)
{
    const qint64 count = qint64(matching.workers.size());
    QString title = !matching.whyNone.isEmpty() ? CommandActions::tr("None: The Filter Cannot Be Read")
                    : count == 1                ? CommandActions::tr("The One That Matches the Filter")
                                                : CommandActions::tr("All %1 That Match the Filter").arg(groupedNumber(count));
    if (matching.folded > 0)
        title = CommandActions::tr("%1, %2 of Them in Folded Groups").arg(title, groupedNumber(matching.folded));
    QMenu *all = menu.addMenu(title);
    all->setObjectName(u"allMatching"_s);
    all->setEnabled(count > 0);
    if (count == 0)
        all->menuAction()->setToolTip(matching.whyNone.isEmpty() ? CommandActions::tr("No worker of the list matches.")
                                                                 : matching.whyNone);
    all->addAction(u"…"_s); // Some platforms do not open an empty menu.
    QObject::connect(all, &QMenu::aboutToShow, &actions, [all, &actions, workers = matching.workers] {
        all->clear();
        fillCommandMenu(*all, actions, workers, false, false);
    });
    return all;
}

bool addFleetActs(QMenu &menu, CommandActions &actions, SourceId source)
{
    const CommandContext &context = actions.context();
    menu.setToolTipsVisible(true);
    bool any = false;
    for (const CommandTarget &fleet : fleetsIn(context.store, source)) {
        for (const Act act : {Act::PauseFleet, Act::ResumeFleet}) {
            if (!fleet.traits->offers(act))
                continue;
            // Where it is known whether they are paused, only what changes that is of use.
            const FleetPause *pause = context.store.queues().fleetPause(fleet.source, fleet.traits->layout);
            if (pause && pause->latest.known && pause->latest.paused == (act == Act::PauseFleet))
                continue;
            // Sentences of a system and of a source are their own.
            const QString what = source > 0 ? fleet.traits->system
                                            : CommandActions::tr("%1 on %2", "a system, and a source")
                                                  .arg(fleet.traits->system, context.store.sourceName(fleet.source));
            const QString why = actions.whyNotTargets(act, {fleet});
            QAction *action = menu.addAction(glyphIcon(why.isEmpty() ? actGlyph(act) : Glyph::Lock),
                                             CommandActions::tr("%1: %2…", "an act on a whole fleet, and whose")
                                                 .arg(titleCase(fleet.traits->actLabel(act)), menuText(what)));
            action->setObjectName(u"%1 %2 %3"_s.arg(actName(act), fleet.traits->layout, QString::number(fleet.source)));
            action->setEnabled(why.isEmpty());
            action->setToolTip(why.isEmpty() ? traitText(fleet.traits->of(act).means) : why);
            QObject::connect(action, &QAction::triggered, &actions, [&actions, act, fleet] { actions.askTargets(act, {fleet}); });
            any = true;
        }
    }
    return any;
}

} // namespace pulsedeck
