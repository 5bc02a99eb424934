// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetmenu.h"

#include "models/fleet/fleetfilterwords.h"
#include "models/fleet/fleettablemodel.h"
#include "ui/common/fleetwords.h"
#include "ui/common/workeracts.h"
#include "ui/fleet/fleetpage.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString idText(const Worker &worker)
{
    return QString::fromUtf8(worker.id);
}

void addFilterTerm(FleetPage &page, const QString &key, const QString &word)
{
    page.setFilterText(QString(page.filterText() + u' ' + quotedTerm(key + word)).trimmed());
}

} // namespace

void fillFleetMenu(QMenu &menu, FleetPage &page, WorkerActs *acts, WorkerHandle current)
{
    const FleetStore &store = page.model().store();
    const std::vector<WorkerHandle> selected = page.selectedWorkers();
    const bool any = current != noWorker;
    const bool one = selected.size() == 1;
    menu.setToolTipsVisible(true);
    const QString selectAny = FleetPage::tr("Select a worker first.");
    const QString selectOne = FleetPage::tr("Select one worker.");
    const auto add = [&menu, &page](const QString &text, bool enabled, const QString &whyNot, auto run) {
        QAction *action = menu.addAction(text);
        action->setEnabled(enabled);
        if (!enabled)
            action->setToolTip(whyNot);
        QObject::connect(action, &QAction::triggered, &page, run);
        return action;
    };
    const auto copyEach = [&page, &store](QString (*textOf)(const Worker &)) {
        QStringList lines;
        for (const WorkerHandle handle : page.selectedWorkers())
            lines.append(textOf(store.worker(handle)));
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    };
    add(FleetPage::tr("Show Details"), any, selectAny, [&page] { page.showDetails(); })->setShortcut(Qt::Key_Return);
    add(FleetPage::tr("Show in Activity"), one, selectOne, [&page] {
        page.showHistory();
    })->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    menu.addSeparator();
    if (acts) {
        acts->fillMenu(menu, selected, page.matchingForMenu());
        menu.addSeparator();
    }
    const SourceTraits &traits = any ? *store.worker(current).traits : *TraitsRef();
    if (traits.has(SourceFact::Messages)) {
        add(FleetPage::tr("Write a Message…"), one, selectOne,
            [&page, source = store.worker(current).source, id = idText(store.worker(current))] {
                emit page.messageRequested(source, id);
            });
        menu.addSeparator();
    }
    const bool single = one || !any;
    add(single ? traitText(traits.copyId) : FleetPage::tr("Copy Ids"), any, selectAny, [copyEach] { copyEach(&idText); });
    if (traits.hasKey() || !one)
        add(single ? FleetPage::tr("Copy Key") : FleetPage::tr("Copy Keys"), any, selectAny, [copyEach] { copyEach(&keyText); });
    add(FleetPage::tr("Copy as Text"), any, selectAny, [&page] { page.copyText(); })->setShortcut(QKeySequence::Copy);
    add(FleetPage::tr("Copy as JSON"), any, selectAny, [&page] {
        page.copyJson();
    })->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_C);
    menu.addSeparator();
    const QString type = any ? store.typeName(store.worker(current).type) : QString();
    const QString source = any ? store.sourceName(store.worker(current).source) : QString();
    add(type.isEmpty() ? FleetPage::tr("Filter by Type") : FleetPage::tr("Filter by Type %1").arg(type), !type.isEmpty(),
        any ? FleetPage::tr("Its type is not known.") : selectAny, [&page, type] { addFilterTerm(page, u"type:"_s, type); });
    add(source.isEmpty() ? FleetPage::tr("Filter by Source") : FleetPage::tr("Filter by Source %1").arg(source),
        !source.isEmpty(), selectAny, [&page, source] { addFilterTerm(page, u"source:"_s, source); });
    add(FleetPage::tr("Show Only Workers That Need Attention"), true, {},
        [&page] { page.setFilterText(u"liveness:attention"_s); });
}

} // namespace pulsedeck
