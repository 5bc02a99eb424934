// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/bytecoding.h"
#include "models/history/history.h"

#include <span>

namespace pulsedeck {

/// How the parts of a history are written as bytes, before they are compressed. Numbers of one kind stand together, as neighbours
/// are alike then. Readers trust nothing: of bytes that are wrong they give false, and whatever they read is in range. Pure.

/// The lanes of one block that are known at a moment. Times are kept as differences from \a base, which is that moment.
ByteWriter packStates(std::span<const LaneId> lanes, std::span<const LaneState> states, LaneId block, qint64 base);
bool unpackStates(ByteReader &reader, LaneId block, qint64 base, std::vector<LaneId> *lanes, std::vector<LaneState> *states);

/// Changes in the order they came, of lanes of one block.
ByteWriter packChanges(std::span<const LaneChange> changes, LaneId block, qint64 base);
bool unpackChanges(ByteReader &reader, LaneId block, qint64 base, std::vector<LaneChange> *changes);

/// Lane by lane, \a buckets cells of each.
struct LaneCells
{
    qint64 from = 0; ///< Of the first bucket.
    int buckets = 0;
    std::vector<LaneId> lanes; ///< Ascending.
    std::vector<FoldCell> cells;

    std::span<const FoldCell> of(size_t lane) const { return std::span(cells).subspan(lane * size_t(buckets), size_t(buckets)); }
    bool operator==(const LaneCells &) const = default;
};
ByteWriter packCells(const LaneCells &cells, qint64 base);
bool unpackCells(QByteArrayView bytes, qint64 base, LaneCells *cells);

ByteWriter packLanes(std::span<const HistoryLane> lanes);
bool unpackLanes(ByteReader &reader, std::vector<HistoryLane> *lanes);

/// Lanes, beats and changes of a frame; events are kept elsewhere.
ByteWriter packFrame(const HistoryFrame &frame);
bool unpackFrame(QByteArrayView bytes, HistoryFrame *frame);

ByteWriter packOverview(std::span<const OverviewCell> cells, qint64 base);
bool unpackOverview(QByteArrayView bytes, qint64 base, std::vector<OverviewCell> *cells);

/// An event as JSON, for files and for people.
QJsonObject historyEventJson(const HistoryEvent &event);
HistoryEvent historyEventOf(const QJsonObject &object);

} // namespace pulsedeck
