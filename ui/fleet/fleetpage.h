// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/fleettablemodel.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/page.h"

#include <memory>

class QAction;
class QMenu;
class QSettings;

namespace pulsedeck {

struct EmptyWords;
struct MatchingWorkers;
class SourceBanner;
class WorkerActs;
class WorkerList;

/// The Fleet page: header strip, filter bar, banner, table and the worker dock.
class FleetPage : public Page
{
    Q_OBJECT

public:
    FleetPage(FleetStore &store, SourceListModel &sources, QSettings &settings, QWidget *parent = nullptr);
    ~FleetPage() override;

    /// How many workers there are.
    QString navigationText() const override;
    bool isSearchable() const override { return true; }
    bool hasEscape() const override { return true; }

    FleetTableModel &model() const;
    QString filterText() const;
    /// Replaces the whole filter, as if typed.
    void setFilterText(const QString &text);
    /// The worker the dock shows: the one last moved to among those selected, or one that was asked for and is not in
    /// the list.
    WorkerHandle currentWorker() const;
    /// Selects it and shows it in the dock; scrolls to it. One that the filter hides is only shown in the dock: what is
    /// not in the list is not selected, and no act reaches it.
    void showWorker(WorkerHandle handle);
    /// Its rows, filter, grouping and selection, for a page that shows the same workers in another way.
    WorkerList &list() const;
    /// Shows and hides the worker dock, for a menu.
    QAction *dockAction() const;
    /// From here on workers can be commanded from the context menu and the dock. It outlives the page.
    void setCommands(WorkerActs *commands);
    /// The workers that an act on the selection reaches, for menus, keys, dock and dialogs. Only those in the list, in its
    /// order.
    std::vector<WorkerHandle> selectedWorkers() const;
    /// Why there is nothing to act on, if that is because of the filter; otherwise empty.
    QString whyNothing() const;
    /// The order is held while \a menu is open.
    void holdWhileOpen(QMenu *menu);
    /// The troubles of the sources, in one line. The owner of the page may show it elsewhere.
    SourceBanner &banner() const;
    /// matchingWorkers() with what a menu shows of them.
    MatchingWorkers matchingForMenu() const;
    /// All of the list that match the filter and have not departed, in collapsed groups too; in the list's order. None
    /// while the filter cannot be read.
    std::vector<WorkerHandle> matchingWorkers() const;

    /// For a list of another time than now: what an empty one says, and the sources are as they were then, and nothing can be
    /// done for them.
    void setPast(const EmptyWords &empty);
    /// The workers in rows that can be seen, and the one in the dock.
    std::vector<WorkerHandle> seenWorkers() const;

    /// Writes all that match the filter into this file, as JSON where its name says so, else as CSV; exported() or
    /// noticed() follows.
    void exportTo(const QString &path);

public slots:
    void focusFilter() override;
    /// Releases the order, then clears the filter.
    void escape() override;
    void reorderNow(); ///< F5
    void togglePause(); ///< Space
    void nextAttention(); ///< Ctrl+J
    void previousAttention(); ///< Ctrl+Shift+J
    void goToId(); ///< Ctrl+K
    void copyText(); ///< Ctrl+C
    void copyJson(); ///< Ctrl+Shift+C
    void showDetails(); ///< Enter: opens the worker dock.
    void showHistory(); ///< Ctrl+E: asks for the record of the worker that is selected, if it is one.
    void exportList(); ///< Asks for a file and writes all that match the filter into it, as CSV or JSON.

signals:
    /// The banner's Retry.
    void reconnectRequested(pulsedeck::SourceId source);
    /// Its state's next step: "Edit…" on a source that failed.
    void editRequested(pulsedeck::SourceId source);
    void filterChanged(const QString &text);
    /// Write a message to this actor.
    void messageRequested(pulsedeck::SourceId source, const QString &address);
    void selectionChanged();
    /// Show what was recorded of this worker (Worker::id).
    void historyRequested(const QByteArray &worker);
    void exported(qint64 workers);
    /// The table shows its first full view, or has nothing to show.
    void firstViewReady();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
