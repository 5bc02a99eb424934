// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"
#include "models/fleet/queuestore.h"
#include "models/history/history.h"
#include "ui/timeline/lanepicture.h"

#include <QObject>
#include <QSet>

#include <memory>
#include <unordered_set>
#include <vector>

namespace pulsedeck {

/// A row of the Timeline page.
struct LaneRow
{
    enum class Kind : quint8 {
        Heading, ///< Of a group; shows all its lanes in one.
        Lane,
        Fold, ///< Neighbouring lanes in one low row.
        Rest, ///< The healthy lanes of a system, as the list has them in one line.
        QueueHeading,
        Queue,
        GoneHeading, ///< Of lanes that a history has and the fleet no longer.
        Gone,
    };
    Kind kind = Kind::Lane;
    WorkerHandle handle = noWorker;
    quint32 serial = 0; ///< Of the worker; of a queue its place among the queues; of a gone lane its LaneId.
    int modelRow = -1;
    int group = -1;
    quint32 first = 0; ///< Lanes of a row that stands for many, in LaneList::order().
    quint32 count = 0;
    quint32 number = 0; ///< Of a fold: its place among those of its group, from 1 on.
    int top = 0; ///< Pixels from the top of the first row.
    int height = 0;

    /// The same for the same row of the next list. Of a fold, its first lane counts.
    quint64 key() const
    {
        const quint64 which = kind == Kind::Heading || kind == Kind::Rest ? quint64(quint32(group)) : quint64(serial);
        return (quint64(kind) + 1) << 40 | which; // Never 0.
    }
    /// Where a fold stands in its group, whichever lanes it has now; 0 for other rows.
    quint64 place() const { return kind == Kind::Fold ? quint64(quint32(group + 1)) << 32 | number : 0; }
    bool isHeading() const { return kind == Kind::Heading || kind == Kind::QueueHeading || kind == Kind::GoneHeading; }
    /// It is one lane of beats.
    bool isLane() const { return kind == Kind::Lane || kind == Kind::Gone; }
    bool standsForMany() const { return kind == Kind::Heading || kind == Kind::Fold || kind == Kind::Rest; }
    int bottom() const { return top + height; }
};

/// The rows of the Timeline page: those of the Fleet page's list, in its order, and below them the queues. Where there are more
/// lanes than can be looked at they are folded into as many rows as there are pixels; one that was unfolded stays so. GUI thread.
class LaneList : public QObject
{
    Q_OBJECT

public:
    static constexpr int foldFrom = 1'000; ///< With more lanes folding is on, until the operator says otherwise.

    explicit LaneList(FleetTableModel &model, QObject *parent = nullptr);

    FleetTableModel &model() const { return m_model; }
    /// While its page is hidden it follows nothing; at first it is.
    void setActive(bool active);
    /// Pixels of a lane, and of a row of folded lanes.
    void setHeights(int lane, int fold);
    /// Pixels there are for all rows while they are folded.
    void setRoom(int pixels);
    /// Whether lanes are folded; without a choice, if there are more than foldFrom.
    void setFolding(bool folding);
    bool isFolding() const;
    /// Only these lanes have rows, and the headings; null: all.
    void setOnly(std::shared_ptr<const std::unordered_set<WorkerHandle>> only);
    void setQueuesShown(bool shown);
    /// Lanes that have no worker any more, below all others.
    void setGone(std::vector<HistoryLane> gone);
    bool hasGone() const { return !m_gone.empty(); }
    /// What stands above them; "No longer there" unless it is set.
    void setGoneTitle(const QString &title) { m_goneTitle = title; }
    const QString &goneTitle() const { return m_goneTitle; }
    /// Null for none.
    const HistoryLane *goneLane(LaneId lane) const;

    const std::vector<LaneRow> &rows() const { return m_rows; }
    /// All lanes, folded and collapsed ones included, group by group.
    const std::shared_ptr<const std::vector<WorkerHandle>> &order() const { return m_order; }
    const std::vector<QueueKey> &queues() const { return m_queues; }
    int height() const { return m_rows.empty() ? 0 : m_rows.back().bottom(); }
    int laneCount() const { return int(m_order->size()); }
    /// -1 for none; \a y from the top of the first row.
    int rowAt(int y) const;
    int rowOf(WorkerHandle handle) const;
    int rowOfKey(quint64 key) const;
    /// The lanes of a row.
    std::vector<WorkerHandle> lanesOf(const LaneRow &row) const;

    /// Gives the lanes of a fold rows of their own.
    void unfold(int row);
    /// Folds again what was unfolded.
    void foldAgain();
    bool hasUnfolded() const { return !m_unfolded.empty(); }
    /// Collapses or expands a heading, or the line for the rest of a group, here and on the Fleet page.
    void toggle(int row);
    /// Gives this lane a row of its own, whatever it is folded into.
    void reveal(WorkerHandle handle);

signals:
    void changed();

private:
    struct Section
    {
        int modelRow = -1; ///< Of its heading; -1 where the list has no groups.
        int group = -1;
        quint32 first = 0;
        quint32 count = 0;
        bool collapsed = false;
        int restRow = -1; ///< In the model.
        quint32 restFirst = 0;
    };
    void rebuild();
    void build();
    void collect();
    void lay();
    void add(LaneRow row, int height);
    void addLanes(const Section &section, quint32 perFold);
    void addQueue(size_t number);
    bool belongs(const QueueKey &queue, const Section &section) const;
    bool isFolded(WorkerHandle handle) const;

    FleetTableModel &m_model;
    std::vector<LaneRow> m_rows;
    std::vector<Section> m_sections;
    std::shared_ptr<const std::vector<WorkerHandle>> m_order = std::make_shared<std::vector<WorkerHandle>>();
    std::vector<QueueKey> m_queues;
    std::vector<qint32> m_rowOf; ///< By handle.
    std::unordered_set<WorkerHandle> m_unfolded;
    std::shared_ptr<const std::unordered_set<WorkerHandle>> m_only;
    int m_laneHeight = 22;
    int m_foldHeight = 4;
    int m_room = 600;
    int m_choice = -1; ///< Folding: 0 or 1; -1: by the number of lanes.
    bool m_queuesShown = true;
    bool m_active = false;
    bool m_stale = true; ///< What it would show has changed meanwhile.
    bool m_queuesFolded = false;
    std::vector<HistoryLane> m_gone;
    bool m_goneFolded = false;
    QString m_goneTitle = tr("No longer there");
};

} // namespace pulsedeck
