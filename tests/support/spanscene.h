// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "models/history/spancollector.h"

#include <algorithm>
#include <map>

namespace pulsedeck {

/// A past that is made up: workers that beat every ten seconds, and what is done to them. 15 minutes are recorded; the span is
/// its last ten.
struct SpanScene
{
    static constexpr qint64 start = 1'800'000'000'000;
    static constexpr qint64 interval = 10'000;
    static constexpr qint64 begins = start + 300'000;
    static constexpr qint64 ends = start + 900'000;

    struct Entry
    {
        HistoryLane lane;
        LaneTrack track;
    };
    std::vector<Entry> entries;
    std::vector<HistoryEvent> events;
    std::vector<HistoryRun> runs{{1, start - 3'600'000, ends, QStringLiteral("here"), 1, QStringLiteral("1"), false, false}};

    static SpanScope scope(const QString &source = {}) { return {begins, ends, SpanScope::usualLeadMs, source}; }

    /// A worker that beats all the time, each a little later than the one before.
    Entry &add(const QByteArray &id, const QByteArray &host, const QString &type = QStringLiteral("chromium"),
               const QString &source = QStringLiteral("prod-eu"))
    {
        Entry &entry = entries.emplace_back();
        entry.lane.id = LaneId(entries.size());
        entry.lane.source = source;
        entry.lane.system = QStringLiteral("playwright");
        entry.lane.name = id;
        entry.lane.type = type;
        entry.lane.host = host;
        entry.lane.first = start - 3'000'000;
        entry.lane.last = ends;
        entry.track.lane = entry.lane.id;
        LaneState &before = entry.track.before;
        before.known = true;
        before.liveness = Liveness::Alive;
        before.status = WorkerStatus::Available;
        before.interval = interval;
        const qint64 phase = qint64(entries.size() * 137 % interval);
        before.beatAt = start + phase - interval;
        for (qint64 at = start + phase; at < ends; at += interval)
            entry.track.beats.push_back(at);
        return entry;
    }
    /// 40 hosts of ten workers, of three types by turns.
    void addFleet()
    {
        const QStringList types{QStringLiteral("chromium"), QStringLiteral("firefox"), QStringLiteral("webkit")};
        for (int i = 0; i < 400; ++i)
            add("w" + QByteArray::number(i), "10.4.2." + QByteArray::number(i / 10), types[i % 3]);
    }
    Entry &addSource(const QString &name)
    {
        Entry &entry = entries.emplace_back();
        entry.lane.id = LaneId(entries.size());
        entry.lane.kind = LaneKind::Source;
        entry.lane.source = name;
        entry.track.lane = entry.lane.id;
        entry.track.before.known = true;
        entry.track.before.state = SourceState::Live;
        return entry;
    }

    static void change(Entry &entry, qint64 at, LaneFact fact, qint64 value)
    {
        auto &changes = entry.track.changes;
        const auto place = std::upper_bound(changes.begin(), changes.end(), at,
                                            [](qint64 time, const LaneChange &one) { return time < one.at; });
        changes.insert(place, {entry.lane.id, fact, at, value});
    }
    /// No beat in (from, to): late, stale, and alive with its next beat.
    static void silence(Entry &entry, qint64 from, qint64 to)
    {
        const qint64 last = lastBeat(entry, from);
        std::erase_if(entry.track.beats, [&](qint64 at) { return at > from && at < to; });
        const auto next = std::lower_bound(entry.track.beats.begin(), entry.track.beats.end(), to);
        const qint64 back = next == entry.track.beats.end() ? ends : *next;
        if (last + 15'000 < back)
            change(entry, last + 15'000, LaneFact::Liveness, qint64(Liveness::Late));
        if (last + 30'000 < back)
            change(entry, last + 30'000, LaneFact::Liveness, qint64(Liveness::Stale));
        change(entry, back, LaneFact::Liveness, qint64(Liveness::Alive));
    }
    /// It beats no more after \a at, and its key expires a minute later.
    static void lose(Entry &entry, qint64 at)
    {
        const qint64 last = lastBeat(entry, at);
        std::erase_if(entry.track.beats, [at](qint64 beat) { return beat > at; });
        change(entry, last + 15'000, LaneFact::Liveness, qint64(Liveness::Late));
        change(entry, last + 30'000, LaneFact::Liveness, qint64(Liveness::Stale));
        change(entry, last + 60'000, LaneFact::Liveness, qint64(Liveness::Departed));
        change(entry, last + 60'000, LaneFact::End, qint64(WorkerEnd::Expired));
    }
    static void drain(Entry &entry, qint64 at)
    {
        std::erase_if(entry.track.beats, [at](qint64 beat) { return beat > at; });
        change(entry, at - 20'000, LaneFact::Status, qint64(WorkerStatus::Draining));
        change(entry, at, LaneFact::Liveness, qint64(Liveness::Departed));
        change(entry, at, LaneFact::End, qint64(WorkerEnd::Drained));
    }
    /// Appears at \a at.
    static void begin(Entry &entry, qint64 at)
    {
        std::erase_if(entry.track.beats, [at](qint64 beat) { return beat < at; });
        entry.track.before = {};
        entry.lane.first = at;
        change(entry, at, LaneFact::Liveness, qint64(Liveness::Alive));
        change(entry, at, LaneFact::Interval, interval);
    }
    static qint64 lastBeat(const Entry &entry, qint64 at)
    {
        const auto next = std::upper_bound(entry.track.beats.begin(), entry.track.beats.end(), at);
        return next == entry.track.beats.begin() ? entry.track.before.beatAt : *(next - 1);
    }
    HistoryEvent &event(qint64 at, const char *kind)
    {
        HistoryEvent &one = events.emplace_back();
        one.at = at;
        one.kind = QString::fromLatin1(kind);
        one.source = QStringLiteral("prod-eu");
        return one;
    }

    SpanReport report(const SpanScope &of = scope()) const
    {
        SpanCollector collector(of, runs);
        collector.addEvents(events);
        for (const LaneKind kind : {LaneKind::Source, LaneKind::Queue, LaneKind::Worker}) {
            for (const Entry &entry : entries) {
                if (entry.lane.kind == kind)
                    collector.addLane(entry.lane, entry.track);
            }
        }
        return collector.finish();
    }
};

/// Answers questions from a scene, in the next turn of the event loop, and counts them.
class SceneHistory final : public History
{
public:
    explicit SceneHistory(const SpanScene &scene)
        : m_scene(scene)
    { }

    int asked = 0;
    int tracksAsked = 0;
    size_t mostAtOnce = 0;
    QString failure; ///< If it is set, lanes are answered with it.

    void write(HistoryFrame) override { }
    void ask(HistoryQuery query, quint64 token, quint64) override
    {
        ++asked;
        auto answer = std::make_shared<HistoryAnswer>(std::visit([this](const auto &one) { return answered(one); }, query));
        QMetaObject::invokeMethod(
            this, [this, token, answer] { emit History::answered(token, answer); }, Qt::QueuedConnection);
    }
    HistoryState state() const override { return {}; }
    void setLimits(const HistoryLimits &) override { }
    void prune(qint64) override { }
    void exportSpan(qint64, qint64, const QString &, quint64) override { }
    void cancelExport(quint64) override { }

private:
    HistoryAnswer answered(const SpansQuery &) { return SpansAnswer{m_scene.runs, {}}; }
    HistoryAnswer answered(const LanesQuery &)
    {
        if (!failure.isEmpty())
            return FailedAnswer{failure};
        LanesAnswer answer;
        for (const SpanScene::Entry &entry : m_scene.entries)
            answer.lanes.push_back(entry.lane);
        return answer;
    }
    HistoryAnswer answered(const EventsQuery &) { return EventsAnswer{m_scene.events, false}; }
    HistoryAnswer answered(const TracksQuery &query)
    {
        ++tracksAsked;
        mostAtOnce = std::max(mostAtOnce, query.lanes.size());
        TracksAnswer answer;
        for (const LaneId lane : query.lanes)
            answer.tracks.push_back(m_scene.entries[lane - 1].track);
        return answer;
    }
    template <typename Query> HistoryAnswer answered(const Query &) { return FailedAnswer{QStringLiteral("not asked for")}; }

    const SpanScene &m_scene;
};

} // namespace pulsedeck
