// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/spanreader.h"

#include "models/history/spancollector.h"

#include <algorithm>
#include <tuple>
#include <type_traits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

int readingOrder(LaneKind kind)
{
    switch (kind) {
    case LaneKind::Source:
        return 0;
    case LaneKind::Queue:
        return 1;
    case LaneKind::Worker:
        break;
    }
    return 2;
}

} // namespace

SpanReader::SpanReader(History &history, QObject *parent)
    : QObject(parent)
    , m_history(history)
{
    connect(&history, &History::answered, this, &SpanReader::takeAnswer);
}

SpanReader::~SpanReader() = default;

void SpanReader::read(const SpanScope &scope)
{
    cancel();
    m_scope = scope;
    ask(SpansQuery());
}

void SpanReader::cancel()
{
    m_token = 0;
    m_collector.reset();
    m_lanes.clear();
    m_spans = {};
    m_asked = m_taken = 0;
    m_cutEvents = false;
}

void SpanReader::ask(HistoryQuery query)
{
    m_token = m_history.nextToken();
    m_history.ask(std::move(query), m_token);
}

void SpanReader::fail(const QString &message)
{
    cancel();
    emit failed(message);
}

void SpanReader::takeAnswer(quint64 token, const SharedHistoryAnswer &answer)
{
    if (token != m_token || token == 0)
        return;
    m_token = 0;
    std::visit(
        [this](const auto &one) {
            using Answer = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<Answer, FailedAnswer>)
                fail(one.message);
            else if constexpr (
                std::is_same_v<
                    Answer,
                    SpansAnswer> || std::is_same_v<Answer, LanesAnswer> || std::is_same_v<Answer, EventsAnswer> || std::is_same_v<Answer, TracksAnswer>)
                take(one);
            else
                fail(tr("The history gave another answer than was asked for."));
        },
        *answer);
}

void SpanReader::take(const SpansAnswer &answer)
{
    m_spans = answer;
    // What is still to come is no silence.
    qint64 recorded = m_scope.from;
    for (const HistoryRun &run : answer.runs)
        recorded = std::max(recorded, run.to + 1);
    if (recorded > m_scope.from)
        m_scope.to = std::min(m_scope.to, recorded);
    m_collector = std::make_unique<SpanCollector>(m_scope, answer.runs);
    ask(LanesQuery{m_scope.from - m_scope.leadMs, m_collector->scope().to});
}

void SpanReader::take(const LanesAnswer &answer)
{
    m_lanes = answer.lanes;
    std::erase_if(m_lanes,
                  [this](const HistoryLane &lane) { return !m_scope.source.isEmpty() && lane.source != m_scope.source; });
    std::sort(m_lanes.begin(), m_lanes.end(), [](const HistoryLane &a, const HistoryLane &b) {
        return std::pair(readingOrder(a.kind), a.id) < std::pair(readingOrder(b.kind), b.id);
    });
    ask(EventsQuery{m_scope.from - m_scope.leadMs, m_collector->scope().to, mostEvents});
}

void SpanReader::take(const EventsAnswer &answer)
{
    m_cutEvents = answer.more;
    m_collector->addEvents(answer.events);
    askTracks();
}

void SpanReader::askTracks()
{
    if (m_taken == m_lanes.size()) {
        SpanReport report = m_collector->finish();
        report.cutEvents = m_cutEvents;
        for (const auto &[from, to] : m_spans.unreadable) {
            if (from < report.scope.to && to > report.scope.from)
                report.damaged.emplace_back(std::max(from, report.scope.from), std::min(to, report.scope.to));
        }
        cancel();
        emit finished(std::make_shared<const SpanReport>(std::move(report)));
        return;
    }
    constexpr qint64 beatEachMs = 5'000;
    TracksQuery query;
    query.from = m_scope.from - m_scope.leadMs;
    query.to = m_collector->scope().to;
    // A span may be far longer than what is recorded of it.
    qint64 recorded = 0;
    for (const HistoryRun &run : m_spans.runs)
        recorded += std::max<qint64>(0, std::min(run.to, query.to) - std::max(run.from, query.from));
    const qint64 beatsEach = recorded / beatEachMs + 1;
    const auto most = size_t(std::clamp<qint64>(pieceBeats / beatsEach, 1, History::mostTracks));
    for (; m_asked < m_lanes.size() && query.lanes.size() < most; ++m_asked)
        query.lanes.push_back(m_lanes[m_asked].id);
    ask(std::move(query));
}

void SpanReader::take(const TracksAnswer &answer)
{
    for (size_t i = 0; i < answer.tracks.size() && m_taken + i < m_asked; ++i)
        m_collector->addLane(m_lanes[m_taken + i], answer.tracks[i]);
    m_taken = m_asked;
    emit progressed(int(m_taken), int(m_lanes.size()));
    // Whoever heard that may have given it up.
    if (m_collector)
        askTracks();
}

} // namespace pulsedeck
