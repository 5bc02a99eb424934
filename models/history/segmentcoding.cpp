// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/segmentcoding.h"

#include "models/history/beatcoding.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr std::array keptFacts{LaneFact::Status,   LaneFact::Liveness,  LaneFact::End,      LaneFact::Sessions, LaneFact::Flags,
                               LaneFact::Command,  LaneFact::LearntTtl, LaneFact::Interval, LaneFact::Waiting,  LaneFact::AtWork,
                               LaneFact::Delayed,  LaneFact::Failed,    LaneFact::Paused,   LaneFact::State,    LaneFact::Version,
                               LaneFact::Capacity, LaneFact::EndedAt,   LaneFact::Taken,    LaneFact::Done,     LaneFact::Added};
static_assert(keptFacts.size() == laneFactCount - 1); // But for Gone.
constexpr size_t firstFacts = 15; ///< Of them files of the first version have so many, and do not say so.

// With the kind of a lane stands what follows its times.
constexpr quint8 hasParent = 0x80;
constexpr quint8 hasTimings = 0x40;

/// Not known is the most frequent value of some facts, and the largest number.
quint64 codedValue(qint64 value)
{
    return value == unknownValue ? 0 : zigzag(value) + 1;
}

qint64 decodedValue(quint64 coded)
{
    return coded == 0 ? qint64(unknownValue) : unzigzag(coded - 1);
}

/// Ascending numbers of one block.
void packNumbers(ByteWriter &writer, std::span<const LaneId> lanes, LaneId block)
{
    writer.number(lanes.size());
    LaneId previous = block * BeatBlock::lanes;
    for (const LaneId lane : lanes) {
        writer.number(lane - previous);
        previous = lane;
    }
}

bool unpackNumbers(ByteReader &reader, LaneId block, quint64 count, std::vector<LaneId> *lanes)
{
    if (count > BeatBlock::lanes || count > reader.left())
        return false;
    lanes->resize(count);
    quint64 lane = quint64(block) * BeatBlock::lanes;
    for (LaneId &one : *lanes) {
        lane += reader.number() & 0xffff;
        one = LaneId(lane);
    }
    return reader.isSound() && (count == 0 || lane < quint64(block + 1) * BeatBlock::lanes);
}

void packWords(ByteWriter &writer, const QStringList &words)
{
    writer.number(quint64(words.size()));
    for (const QString &word : words)
        writer.text(word);
}

QStringList unpackWords(ByteReader &reader)
{
    QStringList words;
    const size_t count = reader.count();
    for (size_t i = 0; i < count && reader.isSound(); ++i)
        words.append(reader.words());
    return words;
}

qint64 sum(qint64 base, qint64 difference)
{
    return qint64(quint64(base) + quint64(difference));
}

qint64 difference(qint64 value, qint64 base)
{
    return qint64(quint64(value) - quint64(base));
}

void packChange(ByteWriter &writer, const LaneChange &change)
{
    writer.byte(quint8(change.fact));
    writer.number(codedValue(change.value));
}

bool unpackChange(ByteReader &reader, LaneChange *change)
{
    const quint8 fact = reader.byte();
    change->value = decodedValue(reader.number());
    if (fact >= laneFactCount)
        return false;
    change->fact = LaneFact(fact);
    return true;
}

} // namespace

ByteWriter packStates(std::span<const LaneId> lanes, std::span<const LaneState> states, LaneId block, qint64 base)
{
    ByteWriter writer;
    writer.number(BeatBlock::lanes + keptFacts.size()); // More than there can be lanes: how many facts there are of each.
    packNumbers(writer, lanes, block);
    for (const LaneState &state : states)
        writer.number(state.beatAt == 0 ? 0 : zigzag(difference(base, state.beatAt)) + 1);
    for (const LaneFact fact : keptFacts) {
        for (const LaneState &state : states)
            writer.number(codedValue(state.valueOf(fact)));
    }
    return writer;
}

bool unpackStates(ByteReader &reader, LaneId block, qint64 base, std::vector<LaneId> *lanes, std::vector<LaneState> *states)
{
    size_t facts = firstFacts;
    quint64 count = reader.number();
    if (count > BeatBlock::lanes) {
        facts = size_t(count - BeatBlock::lanes);
        count = reader.number();
        if (facts > keptFacts.size())
            return false;
    }
    if (!unpackNumbers(reader, block, count, lanes))
        return false;
    states->assign(lanes->size(), LaneState());
    for (LaneState &state : *states) {
        const quint64 age = reader.number();
        state.beatAt = age == 0 ? 0 : difference(base, unzigzag(age - 1));
    }
    for (LaneState &state : *states)
        state.known = true; // As after any fact.
    for (const LaneFact fact : std::span(keptFacts).first(facts)) {
        if (quint64 same = 0; reader.takeSame(states->size(), &same)) {
            LaneState one;
            one.take(fact, decodedValue(same));
            if (one.valueOf(fact) == LaneState().valueOf(fact))
                continue; // All are so from the beginning.
            for (LaneState &state : *states)
                state.take(fact, decodedValue(same));
            continue;
        }
        for (LaneState &state : *states)
            state.take(fact, decodedValue(reader.number()));
    }
    return reader.isSound();
}

ByteWriter packChanges(std::span<const LaneChange> changes, LaneId block, qint64 base)
{
    ByteWriter writer;
    writer.number(changes.size());
    qint64 previous = base;
    for (const LaneChange &change : changes) {
        writer.signedNumber(difference(change.at, previous));
        previous = change.at;
    }
    for (const LaneChange &change : changes)
        writer.number(change.lane - block * BeatBlock::lanes);
    for (const LaneChange &change : changes)
        packChange(writer, change);
    return writer;
}

bool unpackChanges(ByteReader &reader, LaneId block, qint64 base, std::vector<LaneChange> *changes)
{
    changes->resize(reader.count(4));
    qint64 previous = base;
    for (LaneChange &change : *changes)
        change.at = previous = sum(previous, reader.signedNumber());
    for (LaneChange &change : *changes) {
        const quint64 number = reader.number();
        if (number >= BeatBlock::lanes)
            return false;
        change.lane = block * BeatBlock::lanes + LaneId(number);
    }
    for (LaneChange &change : *changes) {
        if (!unpackChange(reader, &change))
            return false;
    }
    return reader.isSound();
}

ByteWriter packCells(const LaneCells &cells, qint64 base)
{
    ByteWriter writer;
    writer.signedNumber(difference(cells.from, base));
    writer.number(quint64(cells.buckets));
    writer.number(cells.lanes.size());
    LaneId previous = 0;
    for (const LaneId lane : cells.lanes) {
        writer.number(lane - previous);
        previous = lane;
    }
    for (const FoldCell &cell : cells.cells)
        writer.number(cell.received);
    for (const FoldCell &cell : cells.cells)
        writer.number(cell.expected - cell.received);
    for (const FoldCell &cell : cells.cells)
        writer.byte(cell.worst);
    for (const FoldCell &cell : cells.cells)
        writer.byte(cell.marks);
    return writer;
}

bool unpackCells(QByteArrayView bytes, qint64 base, LaneCells *cells)
{
    ByteReader reader(bytes);
    cells->from = sum(base, reader.signedNumber());
    const size_t buckets = reader.count(4);
    cells->buckets = int(buckets);
    const size_t count = reader.count(1 + 4 * buckets);
    if (!reader.isSound())
        return false;
    cells->lanes.resize(count);
    quint64 lane = 0;
    for (LaneId &one : cells->lanes) {
        lane += reader.number();
        one = LaneId(lane);
    }
    cells->cells.assign(count * buckets, FoldCell());
    for (FoldCell &cell : cells->cells)
        cell.received = quint32(reader.number());
    for (FoldCell &cell : cells->cells)
        cell.expected = cell.received + quint32(reader.number());
    for (FoldCell &cell : cells->cells) {
        const quint8 worst = reader.byte();
        cell.worst = worst > quint8(Liveness::Departed) ? FoldCell::nothing : worst;
    }
    for (FoldCell &cell : cells->cells)
        cell.marks = reader.byte();
    return reader.isComplete();
}

ByteWriter packLanes(std::span<const HistoryLane> lanes)
{
    ByteWriter writer;
    writer.number(lanes.size());
    for (const HistoryLane &lane : lanes) {
        writer.number(lane.id);
        writer.byte(quint8(lane.kind) | (lane.parent.isEmpty() ? 0 : hasParent) | (lane.timings.isEmpty() ? 0 : hasTimings));
        writer.text(lane.source);
        writer.text(lane.system);
        writer.text(lane.name);
        writer.text(lane.type);
        writer.text(lane.host);
        writer.text(lane.label);
        writer.text(lane.version);
        packWords(writer, lane.queues);
        writer.signedNumber(lane.first);
        writer.signedNumber(lane.last);
        if (!lane.parent.isEmpty())
            writer.text(lane.parent);
        if (!lane.timings.isEmpty())
            packWords(writer, lane.timings);
    }
    return writer;
}

bool unpackLanes(ByteReader &reader, std::vector<HistoryLane> *lanes)
{
    lanes->resize(reader.count(12));
    for (HistoryLane &lane : *lanes) {
        lane.id = LaneId(reader.number());
        const quint8 marked = reader.byte();
        const quint8 kind = marked & ~(hasParent | hasTimings);
        if (kind > quint8(LaneKind::Source))
            return false;
        lane.kind = LaneKind(kind);
        lane.source = reader.words();
        lane.system = reader.words();
        lane.name = reader.text();
        lane.type = reader.words();
        lane.host = reader.text();
        lane.label = reader.words();
        lane.version = reader.words();
        lane.queues = unpackWords(reader);
        lane.first = reader.signedNumber();
        lane.last = reader.signedNumber();
        if (marked & hasParent)
            lane.parent = reader.text();
        if (marked & hasTimings)
            lane.timings = unpackWords(reader);
    }
    return reader.isSound();
}

ByteWriter packFrame(const HistoryFrame &frame)
{
    ByteWriter writer;
    writer.reserve(16 + frame.beats.size() * 5 + frame.changes.size() * 8);
    writer.signedNumber(frame.at);
    writer.signedNumber(difference(frame.until, frame.at));
    const ByteWriter lanes = packLanes(frame.lanes);
    writer.bytes(lanes.view().data(), lanes.size());
    writer.number(frame.beats.size());
    LaneId previous = 0;
    for (const HistoryBeat &beat : frame.beats) {
        writer.signedNumber(qint32(beat.lane - previous));
        previous = beat.lane;
    }
    for (const HistoryBeat &beat : frame.beats)
        writer.signedNumber(beat.offset);
    writer.number(frame.changes.size());
    for (const LaneChange &change : frame.changes) {
        writer.number(change.lane);
        writer.signedNumber(difference(frame.at, change.at));
        packChange(writer, change);
    }
    return writer;
}

bool unpackFrame(QByteArrayView bytes, HistoryFrame *frame)
{
    ByteReader reader(bytes);
    frame->at = reader.signedNumber();
    frame->until = sum(frame->at, reader.signedNumber());
    if (!unpackLanes(reader, &frame->lanes))
        return false;
    frame->beats.resize(reader.count(2));
    LaneId previous = 0;
    for (HistoryBeat &beat : frame->beats)
        beat.lane = previous = previous + LaneId(reader.signedNumber());
    for (HistoryBeat &beat : frame->beats)
        beat.offset = qint32(reader.signedNumber());
    frame->changes.resize(reader.count(4));
    for (LaneChange &change : frame->changes) {
        change.lane = LaneId(reader.number());
        change.at = difference(frame->at, reader.signedNumber());
        if (!unpackChange(reader, &change))
            return false;
    }
    return reader.isComplete();
}

ByteWriter packOverview(std::span<const OverviewCell> cells, qint64 base)
{
    ByteWriter writer;
    writer.number(cells.size());
    for (const OverviewCell &cell : cells) {
        writer.signedNumber(difference(cell.at, base));
        writer.number(cell.received);
        writer.number(cell.expected - cell.received);
        writer.number(cell.lanes);
        writer.number(cell.late);
        writer.number(cell.lost);
    }
    return writer;
}

bool unpackOverview(QByteArrayView bytes, qint64 base, std::vector<OverviewCell> *cells)
{
    ByteReader reader(bytes);
    cells->resize(reader.count(6));
    for (OverviewCell &cell : *cells) {
        cell.at = sum(base, reader.signedNumber());
        cell.received = quint32(reader.number());
        cell.expected = cell.received + quint32(reader.number());
        cell.lanes = quint32(reader.number());
        cell.late = quint32(reader.number());
        cell.lost = quint32(reader.number());
    }
    return reader.isComplete();
}

QJsonObject historyEventJson(const HistoryEvent &event)
{
    QJsonObject object{{u"at"_s, event.at}, {u"kind"_s, event.kind}};
    const auto put = [&object](const QString &name, const QString &text) {
        if (!text.isEmpty())
            object.insert(name, text);
    };
    put(u"source"_s, event.source);
    put(u"worker"_s, QString::fromUtf8(event.worker));
    put(u"act"_s, event.act);
    put(u"step"_s, event.step);
    put(u"by"_s, event.by);
    put(u"text"_s, event.text);
    if (event.lane != noLane)
        object.insert(u"lane"_s, qint64(event.lane));
    if (!event.facts.isEmpty())
        object.insert(u"facts"_s, event.facts);
    return object;
}

HistoryEvent historyEventOf(const QJsonObject &object)
{
    HistoryEvent event;
    event.at = object[u"at"_s].toInteger();
    event.kind = object[u"kind"_s].toString();
    event.source = object[u"source"_s].toString();
    event.lane = LaneId(qBound<qint64>(0, object[u"lane"_s].toInteger(), std::numeric_limits<LaneId>::max()));
    event.worker = object[u"worker"_s].toString().toUtf8();
    event.act = object[u"act"_s].toString();
    event.step = object[u"step"_s].toString();
    event.by = object[u"by"_s].toString();
    event.text = object[u"text"_s].toString();
    event.facts = object[u"facts"_s].toObject();
    return event;
}

} // namespace pulsedeck
