// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/history/historycommand.h"

#include "app/ctl/fleettext.h"
#include "models/core/format.h"
#include "models/history/segmentblock.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QTimer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int endAfterMs = 60'000; // What is pruned takes so long at most.

QString livenessOf(const LaneState &state)
{
    if (state.liveness == Liveness::Departed)
        return endName(state.end);
    Worker worker;
    worker.liveness = state.liveness;
    worker.flags = WorkerFlags::fromInt(state.flags);
    return livenessName(worker);
}

QString statusOf(const LaneState &state)
{
    return state.status == WorkerStatus::Missing ? QString() : statusName(state.status);
}

QJsonValue writtenOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

bool isConnected(SourceState state)
{
    return state == SourceState::Live || state == SourceState::Sweeping;
}

bool isLost(SourceState state)
{
    return state == SourceState::Failed || state == SourceState::Waiting || state == SourceState::Stalled;
}

} // namespace

HistoryCommand::HistoryCommand(const HistoryCtlOptions &options, Output &output)
    : CtlCommand(output)
    , m_options(options)
{ }

HistoryCommand::~HistoryCommand() = default;

void HistoryCommand::start()
{
    const QString path = m_options.historyFile.isEmpty() ? defaultHistoryPath() : m_options.historyFile;
    if (!QFileInfo::exists(path)) {
        Output::complain(printable(u"There is no history %1."_s.arg(path)));
        end(CtlExit::Usage);
        return;
    }
    const bool writes = m_options.action == HistoryCtlOptions::Action::Prune;
    HistoryLimits limits;
    limits.keepForMs = HistoryLimits::mostKeepMs; // Those of the console are in its settings: none of them is applied here.
    limits.maxBytes = HistoryLimits::mostMaxBytes;
    m_history = std::make_unique<SqlHistory>(path, limits, writes ? SqlHistory::Use::Record : SqlHistory::Use::Read);
    connect(m_history.get(), &History::answered, this, [this](quint64 token, const SharedHistoryAnswer &answer) {
        if (token == m_token && !isEnded())
            take(*answer);
    });
    connect(m_history.get(), &History::exported, this, [this](quint64, const QString &error) {
        if (!error.isEmpty())
            Output::complain(printable(error));
        end(error.isEmpty() ? CtlExit::Done : CtlExit::Usage);
    });
    ask(SpansQuery());
}

void HistoryCommand::close(CtlExit code)
{
    m_history.reset();
    CtlCommand::close(code);
}

void HistoryCommand::ask(HistoryQuery query)
{
    m_token = m_history->nextToken();
    m_history->ask(std::move(query), m_token, 0);
}

void HistoryCommand::take(const HistoryAnswer &answer)
{
    if (const auto *failed = std::get_if<FailedAnswer>(&answer)) {
        Output::complain(printable(failed->message));
        end(CtlExit::Usage);
    } else if (const auto *spans = std::get_if<SpansAnswer>(&answer)) {
        const HistoryState state = m_history->state();
        if (!state.message.isEmpty()) {
            Output::complain(printable(state.message));
            end(CtlExit::Usage);
            return;
        }
        switch (m_options.action) {
        case HistoryCtlOptions::Action::Export:
            m_token = m_history->nextToken();
            m_history->exportSpan(m_options.from, m_options.until, m_options.file, m_token);
            break;
        case HistoryCtlOptions::Action::Replay:
            m_at = m_last = 0;
            for (const HistoryRun &run : spans->runs) {
                m_at = m_at == 0 ? run.from : qMin(m_at, run.from);
                m_last = qMax(m_last, run.to + 1);
            }
            m_at = qMax(m_at, m_options.from);
            m_last = qMin(m_last, m_options.until);
            ask(LanesQuery{m_at, m_last});
            break;
        case HistoryCtlOptions::Action::Prune:
            prune();
            break;
        default:
            printSpans(*spans);
        }
    } else if (const auto *lanes = std::get_if<LanesAnswer>(&answer)) {
        takeLanes(*lanes);
    } else if (const auto *tracks = std::get_if<TracksAnswer>(&answer)) {
        takeTracks(*tracks);
    }
}

void HistoryCommand::printSpans(const SpansAnswer &spans)
{
    const HistoryState state = m_history->state();
    QJsonArray list;
    std::vector<QStringList> rows{{u"FROM"_s, u"TO"_s, u"LASTS"_s, u"HOST"_s, u"PROCESS"_s, u"NOTE"_s}};
    for (const HistoryRun &run : spans.runs) {
        if (run.from >= m_options.until || run.to < m_options.from)
            continue;
        const QString note = run.open ? u"recording"_s : run.overlaps ? u"a clock was set back"_s : QString();
        rows.push_back({wallDateTimeText(run.from), wallDateTimeText(run.to), durationText(run.to - run.from), run.host,
                        QString::number(run.pid), note});
        list.append(QJsonObject{{u"from"_s, run.from},
                                {u"to"_s, run.to},
                                {u"host"_s, run.host},
                                {u"pid"_s, run.pid},
                                {u"version"_s, run.version},
                                {u"recording"_s, run.open},
                                {u"overlaps"_s, run.overlaps}});
    }
    for (const auto &[from, to] : spans.unreadable)
        Output::complain(u"%1 to %2 is damaged."_s.arg(wallDateTimeText(from), wallDateTimeText(to)));
    QByteArray text;
    if (m_options.json) {
        text = printableJson(QJsonObject{{u"path"_s, state.path}, {u"bytes"_s, state.bytes}, {u"spans"_s, list}}) + '\n';
    } else if (list.isEmpty()) {
        text = "Nothing is recorded.\n";
    } else {
        for (QStringList &row : rows) {
            for (QString &cell : row)
                cell = printable(cell);
        }
        text = textTable(rows, {4});
    }
    endWith(text, spans.unreadable.empty() ? CtlExit::Done : CtlExit::Findings);
}

void HistoryCommand::prune()
{
    if (const qint64 recorder = m_history->state().recorder; recorder != 0) {
        Output::complain(u"A console records this history (process %1): set its limits there, or close it."_s.arg(recorder));
        end(CtlExit::Usage);
        return;
    }
    // Done when its oldest moment is said again.
    connect(m_history.get(), &History::stateChanged, this, [this](const HistoryState &state) {
        if (state.from == 0 || state.from + segmentMs > m_options.from)
            end(CtlExit::Done);
    });
    QTimer::singleShot(endAfterMs, this, [this] { end(CtlExit::Usage); });
    m_history->prune(m_options.from);
}

void HistoryCommand::takeLanes(const LanesAnswer &answer)
{
    for (const HistoryLane &lane : answer.lanes) {
        if (lane.kind == LaneKind::Queue)
            continue;
        m_lanes.emplace(lane.id, lane);
        m_order.push_back(lane.id);
    }
    askTracks();
}

void HistoryCommand::askTracks()
{
    if (m_at >= m_last || m_order.empty()) {
        end(CtlExit::Done);
        return;
    }
    TracksQuery query{m_at, qMin(m_at + replayStepMs, m_last), {}};
    const size_t until = qMin(m_order.size(), m_next + size_t(History::mostTracks));
    query.lanes.assign(m_order.begin() + qsizetype(m_next), m_order.begin() + qsizetype(until));
    m_next = until;
    ask(std::move(query));
}

void HistoryCommand::takeTracks(const TracksAnswer &answer)
{
    for (const LaneTrack &track : answer.tracks) {
        // Whoever is there from the beginning is where watching starts from.
        if (!m_begun) {
            m_told[track.lane].state = track.before;
            m_told[track.lane].shown = track.before.known;
            m_told[track.lane].liveness = livenessOf(track.before);
        }
        m_changes.insert(m_changes.end(), track.changes.begin(), track.changes.end());
    }
    if (m_next < m_order.size()) {
        askTracks();
        return;
    }
    std::stable_sort(m_changes.begin(), m_changes.end(),
                     [](const LaneChange &one, const LaneChange &other) { return one.at < other.at; });
    for (size_t i = 0; i < m_changes.size() && !isEnded(); ++i)
        tell(m_changes[i]);
    m_changes.clear();
    m_begun = true;
    m_next = 0;
    m_at += replayStepMs;
    if (!isEnded())
        askTracks();
}

void HistoryCommand::tell(const LaneChange &change)
{
    const HistoryLane &lane = m_lanes[change.lane];
    Told &told = m_told[change.lane];
    const LaneState before = told.state;
    if (lane.kind == LaneKind::Source) {
        if (change.fact == LaneFact::State)
            tellSource(lane, told, change.at, SourceState(change.value));
        told.state.take(change.fact, change.value);
        return;
    }
    told.state.take(change.fact, change.value);
    const LaneState &now = told.state;
    if (change.fact == LaneFact::Gone) {
        told.shown = false;
        return;
    }
    // As watch does: while nothing is known of a worker, or its age is not proven, that is no news of it.
    if (change.fact == LaneFact::Liveness) {
        const bool silent =
            now.liveness == Liveness::Unknown || (now.liveness == Liveness::Settling && before.liveness != Liveness::Departed);
        if (!told.shown && now.liveness == Liveness::Unknown)
            return; // Not read yet.
        const QString is = livenessOf(now);
        const QString was = told.liveness;
        if (!silent || !told.shown)
            told.liveness = is;
        if (!std::exchange(told.shown, true)) {
            tellWorker(lane, change.at, "appeared", {}, is);
            return;
        }
        if (silent) {
            if (before.liveness != Liveness::Settling)
                told.state.liveness = before.liveness;
            return;
        }
        const bool asTaken = before.liveness == Liveness::Settling && now.liveness == Liveness::Alive;
        if (now.liveness != before.liveness && !asTaken)
            tellWorker(lane, change.at,
                       now.liveness == Liveness::Departed      ? "ended"
                       : before.liveness == Liveness::Departed ? "returned"
                                                               : "liveness",
                       was, is);
    } else if (change.fact == LaneFact::Status && before.known && before.status != now.status
               && now.liveness != Liveness::Departed && before.status != WorkerStatus::Missing) {
        tellWorker(lane, change.at, "status", statusOf(before), statusOf(now));
    }
}

void HistoryCommand::tellWorker(const HistoryLane &lane, qint64 at, const char *event, const QString &from, const QString &to)
{
    const TraitsRef traits = TraitsRef::named(lane.system);
    const QJsonObject json{{u"at"_s, at},
                           {u"event"_s, QLatin1String(event)},
                           {u"source"_s, lane.source},
                           {u"kind"_s, traits->kindName()},
                           {u"key"_s, traits->recordName(lane.name, !lane.parent.isEmpty())},
                           {u"id"_s, QString::fromUtf8(bareId(lane.name, *traits))},
                           {u"type"_s, writtenOrNull(lane.type)},
                           {u"from"_s, writtenOrNull(from)},
                           {u"to"_s, writtenOrNull(to)}};
    print(printableJson(json) + '\n', CtlExit::Done);
}

void HistoryCommand::tellSource(const HistoryLane &lane, Told &told, qint64 at, SourceState state)
{
    QJsonObject json{{u"at"_s, at}, {u"source"_s, lane.source}};
    if (isConnected(state) && (told.lostAt > 0 || !isConnected(told.state.state))) {
        json[u"event"_s] = told.lostAt > 0 ? u"source-back"_s : u"source-live"_s;
        if (told.lostAt > 0)
            json[u"awayMs"_s] = at - told.lostAt;
        told.lostAt = 0;
    } else if (isLost(state) && told.lostAt == 0) {
        told.lostAt = at;
        json[u"event"_s] = u"source-lost"_s;
    } else {
        return;
    }
    print(printableJson(json) + '\n', CtlExit::Done);
}

} // namespace pulsedeck
