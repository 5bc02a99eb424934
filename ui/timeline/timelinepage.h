// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuestore.h"
#include "ui/common/page.h"

#include <memory>
#include <optional>

class QSettings;

namespace pulsedeck {

class FleetStore;
class History;
class Journal;
class LaneView;
class TimeWindow;
class TimelineFlags;
class WorkerList;

/// The Timeline page: a lane per worker, when each beat came and which did not, who else was late then, and what happened before.
/// Its lanes are the rows of the Fleet page. It shows what a history has recorded, and without one what the store remembers.
/// While it is hidden it follows nothing. GUI thread.
class TimelinePage : public Page
{
    Q_OBJECT

public:
    /// \a list outlives the page; \a journal and \a history may be null.
    TimelinePage(const FleetStore &store, WorkerList &list, Journal *journal, History *history, QSettings &settings,
                 QWidget *parent = nullptr);
    ~TimelinePage() override;

    LaneView &lanes() const;
    TimeWindow &time() const;
    const TimelineFlags &flags() const;
    /// Whether the past comes from the history, and why not; empty while all is well.
    QString sourceText() const;

    /// The moment that the whole console shows, marked in the lanes, which move there; nothing while it shows now.
    void setPlayhead(std::optional<qint64> at);

    /// How much time is shown: "15 min".
    QString navigationText() const override;
    bool isSearchable() const override { return true; }
    QString whyNoPast() const override { return {}; }
    bool hasEscape() const override { return true; }
    bool isSettled() const override;
    void focusFilter() override;
    /// Ends measuring, folds again what was unfolded, then clears the filter.
    void escape() override;
    void refresh() override;
    void refreshTimes() override;

public slots:
    /// Goes to the next gap of the lane that the keyboard is on, or to the next flag where that is nearer or there is no lane.
    void goToNext(int direction);
    /// Opens a report of what happened in this time. Without a history there is none.
    void reportOn(qint64 from, qint64 to);

signals:
    /// Show this queue on the Queues page.
    void queueRequested(const pulsedeck::QueueKey &queue);
    /// The whole console is to show this moment. Only where there is a history.
    void momentRequested(qint64 at);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
