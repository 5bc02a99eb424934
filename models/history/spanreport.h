// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/commoncause.h"
#include "models/history/lane.h"

#include <QMetaType>

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace pulsedeck {

/// What is asked: what happened in this time. Times are the console's clock in ms, `from` inclusive, `to` exclusive.
struct SpanScope
{
    static constexpr qint64 usualLeadMs = 5LL * 60 * 1'000;

    qint64 from = 0;
    qint64 to = 0;
    qint64 leadMs = usualLeadMs; ///< What changed in this time before the span is looked at, too.
    QString source; ///< Only its workers; empty: all.

    bool operator==(const SpanScope &) const = default;
};

/// What became of a worker in a span. In arrays by number.
enum class SpanFact : quint8 {
    Late,
    Stale,
    Hung,
    KeyLost,
    Crashed, ///< Its process died.
    Lost, ///< It ended without an order: see isLoss().
    Draining, ///< Draining or shutting down.
    Drained, ///< It ended after that.
    Ended, ///< It ended otherwise, without being lost.
    Returned, ///< It had ended and came back.
    Began, ///< It appeared while its source was watched.
};
constexpr int spanFactCount = 11;
/// For JSON: "late", "key-lost".
QString spanFactName(SpanFact fact);

/// Facts taken together, for which a common cause is looked for. In the order of what matters most.
enum class SpanGroup : quint8 {
    Lost, ///< Crashed or lost.
    Silent, ///< Late or worse: those that are lost, too.
    Ended, ///< Drained or ended otherwise.
    Returned,
};
constexpr int spanGroupCount = 4;
/// For JSON: "lost", "silent", "ended", "returned".
QString spanGroupName(SpanGroup group);
bool isOfGroup(SpanFact fact, SpanGroup group);

/// How many workers a fact is true of.
struct SpanCount
{
    int workers = 0;
    int already = 0; ///< Of them, those it was true of when the span began.
    qint64 first = 0; ///< When it became true of the first of the others; 0 if there is none.
    qint64 last = 0;

    bool operator==(const SpanCount &) const = default;
};

/// Workers that share a value: a host, a type.
struct SpanValue
{
    QString value;
    int workers = 0; ///< That were there in the span.
    std::array<int, spanGroupCount> affected{}; ///< By SpanGroup.

    bool operator==(const SpanValue &) const = default;
};

/// The values of one trait of which a worker was affected, most affected first.
struct SpanTrait
{
    static constexpr int mostValues = 12;

    SharedTrait trait = SharedTrait::Host;
    std::vector<SpanValue> values;
    int more = 0; ///< Further affected values that are left out.
    int unaffected = 0; ///< Values of which no worker was.

    bool operator==(const SpanTrait &) const = default;
};

/// A worker as a report names it.
struct SpanWorker
{
    LaneId lane = noLane;
    QByteArray id;
    QString label;
    QString source;
    QString system;
    QString type;
    QString host;
    QString version;

    bool operator==(const SpanWorker &) const = default;
};
/// The worker as lists show it: its label, or its id, in short where its system has it so.
QString shownName(const SpanWorker &worker);

/// A time without beats, longer than one and a half intervals. It ends in the span and may begin before it.
struct SpanGap
{
    SpanWorker worker;
    qint64 from = 0; ///< The last beat.
    qint64 to = 0; ///< The next one; or, if it is open, the end of the span or of the worker.
    qint64 interval = 0; ///< Expected.
    qint64 missed = 0; ///< Beats that were due in it.
    bool open = false;

    bool operator==(const SpanGap &) const = default;
};

/// A time in which a source was not connected or did not answer.
struct SpanOutage
{
    QString source;
    qint64 from = 0;
    qint64 to = 0; ///< 0: it lasts.

    bool operator==(const SpanOutage &) const = default;
};

/// What was changed, not what came of it.
enum class SpanChangeKind : quint8 { Command, Message, Timing, Version, Outage, Connection, Clock, Console, Queue };
/// For JSON: "command", "version".
QString spanChangeName(SpanChangeKind kind);

struct SpanChange
{
    static constexpr int most = 30; ///< In a report; of more, those nearest to what happened.

    SpanChangeKind kind = SpanChangeKind::Command;
    qint64 at = 0; ///< The first step, where it has several.
    qint64 beforeMs = 0; ///< How long before SpanReport::beginsAt; negative: after it.
    QString source;
    QString act; ///< As JournalEntry::act and step.
    QString step;
    QString by;
    QString what; ///< A version's words, a queue's name, a system.
    QString text; ///< The journal's sentence, where there is one.
    int workers = 0; ///< It was for, or that report the version.
    qint64 until = 0; ///< Of an outage that ended.

    bool operator==(const SpanChange &) const = default;
};

/// What the affected workers of one group have in common.
struct SpanCause
{
    SpanGroup group = SpanGroup::Lost;
    CommonCause cause;
    int silentOutside = 0; ///< Of the workers that do not share the likeliest value: how many were late or worse.
    /// A source was away in the same time: the likeliest value's, or any where nearly all were affected.
    std::optional<SpanOutage> outage;
};

/// The span in equal steps.
struct SpanSteps
{
    static constexpr int most = 120;

    qint64 from = 0;
    qint64 stepMs = 1;
    std::vector<quint64> received; ///< Beats of all workers.
    std::vector<quint64> expected; ///< The same, and the moments at which one was due and did not come.
    std::vector<int> late; ///< Workers that were so in a step, in each their worst.
    std::vector<int> worse; ///< Stale, hung, crashed or without their key.
    std::vector<int> lost; ///< Ended without an order, and not back.

    int size() const { return int(received.size()); }
};

/// A time for which a worker was not well, or not there.
struct SpanStretch
{
    enum Kind : quint8 { Late, Worse, Lost, Gone, Draining, Unknown }; ///< The first three: the greater the worse.

    qint64 from = 0;
    qint64 to = 0;
    Kind kind = Late;

    bool operator==(const SpanStretch &) const = default;
};

/// One of the workers that fared worst, with what is needed to draw it.
struct SpanLane
{
    static constexpr int most = 40; ///< In a report.

    SpanWorker worker;
    std::array<qint64, spanFactCount> at{}; ///< When it became so in the span, or its beginning; 0: it did not.
    std::array<bool, spanFactCount> already{}; ///< It was so when the span began.
    qint64 longestGapMs = 0;
    std::vector<qint64> beats; ///< In the span; where they stand closer than a picture shows, not all of them.
    std::vector<SpanStretch> stretches; ///< Ascending.
};

/// What happened in a span, in figures. A value; made by SpanCollector.
struct SpanReport
{
    static constexpr int mostGaps = 20;

    SpanScope scope; ///< `to` is at most the last moment that was recorded.
    QString program; ///< Version of the program that made it.
    std::vector<std::pair<qint64, qint64>> unwatched; ///< Parts of the span of which nothing was recorded.
    std::vector<std::pair<qint64, qint64>> damaged; ///< Parts that cannot be read.
    bool cutEvents = false; ///< There were more events than are read; the earliest are left out.

    int workers = 0; ///< That were there at some time in it.
    std::array<SpanCount, spanFactCount> facts; ///< By SpanFact.
    std::array<SpanCount, spanGroupCount> groups; ///< By SpanGroup.
    qint64 beginsAt = 0; ///< When the first of the worst group showed signs of it; without any, the span's beginning.
    std::vector<SpanCause>
        causes; ///< Of the groups of which there is one; a group with the same workers as one before is left out.
    std::vector<SpanTrait> traits; ///< Of those that are known.
    std::vector<SpanGap> gaps; ///< The longest, longest first.
    qint64 moreGaps = 0; ///< Further ones.
    std::vector<SpanChange> changes; ///< Before beginsAt, the nearest first; then those after it, in their order.
    int moreChanges = 0;
    std::vector<SpanOutage> outages; ///< In the span or the time before it.
    SpanSteps steps;
    std::vector<SpanLane> lanes; ///< The worst first.
    int moreLanes = 0; ///< Further workers that were affected.

    const SpanCount &count(SpanFact fact) const { return facts[size_t(fact)]; }
    const SpanCount &count(SpanGroup group) const { return groups[size_t(group)]; }
    /// Nothing of the span was recorded.
    bool isBlank() const;
};
using SharedSpanReport = std::shared_ptr<const SpanReport>;

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SharedSpanReport)
