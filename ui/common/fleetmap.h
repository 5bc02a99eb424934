// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "ui/common/fleetmaplayout.h"

#include <QPixmap>
#include <QWidget>

#include <array>
#include <vector>

namespace pulsedeck {

/// The whole fleet at a glance: a cell for each worker, grouped by type, or by system where there are several, in a place it
/// keeps for life. Names that do not fit side by side stand on two lines in turn. Where cells do not fit, a cell stands for
/// several workers, and a note says so: it shows the worst state, and by its height how many are not well. Types are in the order
/// of their names, the same in every start. Only cells whose state changed are painted again, into an image that is kept: a
/// hundred thousand workers cost as much as their changes.
class FleetMap : public QWidget
{
    Q_OBJECT

public:
    explicit FleetMap(const FleetStore &store, QWidget *parent = nullptr);

    /// Workers a cell stands for.
    int workersPerCell() const { return m_layout.perCell; }
    /// The worker shown at \a position: of several the worst; noWorker where there is none.
    WorkerHandle workerAt(const QPoint &position) const;
    /// Where a worker's cell is; empty for one that is not in the map.
    QRect cellRectOf(WorkerHandle handle) const;
    /// The names of the groups as they are painted, whole or cut, from the left; empty where there is no room for them.
    QStringList labels() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void workerClicked(pulsedeck::WorkerHandle handle);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    /// From ordinary to worst.
    enum State : quint8 { Empty, Alive, Unknown, Draining, ShuttingDown, Odd, Zombie, Late, Stale, stateCount };
    using Counts = std::array<quint16, stateCount>;
    struct Slot
    {
        qint32 group = -1;
        qint32 place = -1;
        State state = Empty;
    };
    struct Group
    {
        QString title;
        std::vector<WorkerHandle> workers; ///< By place; noWorker where one is free.
        std::vector<int> free;
        std::vector<Counts> cells; ///< How many of each state, by cell.
        int count = 0;
    };

    /// What is seen of a cell.
    struct CellLook
    {
        State state = Empty;
        int level = 0; ///< Of cellLevels: the share of those not alive, rounded up. All of them in a cell of one worker.
        bool operator==(const CellLook &other) const = default;
    };
    static constexpr int cellLevels = 6;

    /// The name of a group, where it is painted.
    struct Label
    {
        QRect rect;
        QString text;
        bool operator==(const Label &other) const = default;
    };

    /// Empty where there is no room for it.
    static QString perCellNote(int workers, int room);
    static State stateOf(const Worker &worker);
    static QString stateWord(State state);
    static QStringList countTexts(const Counts &counts, State mildest);
    static QColor markColour(State state);
    static State worst(const Counts &counts);
    static CellLook lookOf(const Counts &counts);
    void say();
    void onPublished(const FleetChanges &changes);
    void rebuild();
    void reviewSources();
    /// Whether several systems are shown has changed: then all is grouped again.
    bool reviewSystems();
    /// The number of the group that the worker belongs to.
    int groupOf(const Worker &worker);
    void place(WorkerHandle handle);
    void unplace(WorkerHandle handle);
    void setState(Slot &slot, State state);
    void layOut();
    void layOutSoon();
    void layOutLabels();
    /// How the group of workers without a type is called.
    QString untypedTitle() const;
    /// Above the cells, and below them for the names.
    int cellsTop() const;
    int labelsTop(int line) const;
    void dirtyCell(int group, int cell);
    QRect cellRect(int group, int cell) const;
    void paintImage();
    void paintCell(QPainter &painter, int group, int cell) const;
    QString describe(int group, int cell) const;
    bool cellAt(const QPoint &position, int *group, int *cell) const;

    const FleetStore &m_store;
    FleetMapMetrics m_metrics;
    FleetMapLayout m_layout;
    std::vector<SourceId> m_shownSources;
    std::vector<Group> m_groups; ///< By the number of the type, or of the system.
    bool m_bySystem = false;
    std::array<int, 256> m_systemGroups; ///< By the number of the traits: the group; -1: none so far.
    std::vector<Slot> m_slots; ///< By handle.
    std::vector<Label> m_labels; ///< From the left.
    std::vector<std::pair<int, int>> m_dirty;
    QPixmap m_image;
    bool m_imageStale = true;
    bool m_layoutDue = false;
    bool m_labelled = true; ///< There is room for the names of the groups, or their beginnings.
};

} // namespace pulsedeck
