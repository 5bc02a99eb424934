// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/attentionnews.h"
#include "ui/fleet/attentionpill.h"
#include "ui/fleet/columnarrangement.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/fleetnote.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetstrip.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/orderhold.h"
#include "ui/fleet/placekeeper.h"
#include "ui/fleet/sourcebanner.h"
#include "ui/fleet/workerdock.h"

#include <QLabel>
#include <QSettings>

class QMenu;

namespace pulsedeck {

/// The sentence below the filter about a term that makes no sense. It lies over the table, so that nothing moves for
/// it.
class FilterProblem : public QLabel
{
    Q_OBJECT

public:
    explicit FilterProblem(QWidget *parent);

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// The page's parts and how they work together.
class FleetPage::Private : public QObject
{
    Q_OBJECT

public:
    Private(FleetPage &page, FleetStore &store, SourceListModel &sources, QSettings &settings);
    ~Private() override;

    void applyFilter(const FleetFilter &filter);
    void chooseGrouping(FleetGrouping grouping);
    void release();
    void noteHand();
    void reviewHold();
    void reviewNews();
    void showNews();
    void showInList();
    QString whyNotListed(WorkerHandle handle) const;
    void reviewNote();
    void reviewColumns();
    void reviewFirstView();
    void reviewSelection();
    void reviewDock(int pageWidth);
    void placeDock();
    void orderTabs();
    void openDetail();
    void placeOverlays();
    void takeStep(FleetNoteWords::Step step, SourceId source);
    void nextAttention(int direction);
    void goToId();
    void copyText();
    void copyJson();
    void showContextMenu(const QPoint &globalPosition);
    void showHistory();
    std::vector<quint32> listedSerials() const;
    void showColumnsMenu(const QPoint &globalPosition);
    /// The order is held while \a menu is open.
    void holdWhileOpen(QMenu *menu);
    void addFilterTerm(const QString &term);

    FleetPage &q;
    FleetStore &store;
    SourceListModel &sources;
    QSettings &settings;
    CommandActions *commands = nullptr; ///< Null: nothing can be commanded here.
    FleetTableModel model;
    FleetLook look;
    FleetStrip *strip;
    FleetToolbar *toolbar;
    QPointer<SourceBanner> banner; ///< May be shown, and deleted, elsewhere.
    FleetView *view;
    FleetNote *note;
    FilterProblem *problem;
    WorkerDock *dock;
    ColumnArrangement *columns;
    OrderHold hold;
    AttentionNews news;
    AttentionPill *pill;
    bool narrow = false;
    bool dockWanted = true; ///< What the operator last chose in a wide window.
    bool dockDue = false; ///< Something was selected in this session: before that there is nothing to show in it.
    bool placingDock = false; ///< It is shown or hidden by itself, which is no choice.
    bool firstViewSaid = false;
};

} // namespace pulsedeck
