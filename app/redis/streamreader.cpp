// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/streamreader.h"

#include "models/core/visibletext.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostUnderWay = 100;
constexpr qsizetype longestStreamName = 512;
constexpr qint64 findEveryMs = 2'000;
constexpr qsizetype mostNamedGroups = 3;

/// A field of what XINFO answers: names and values in turn.
RedisReply fieldOf(const RedisReply &row, QByteArrayView name)
{
    for (int i = 0; i + 1 < row.size(); i += 2) {
        if (row.at(i).bytes() == name)
            return row.at(i + 1);
    }
    return {};
}

/// -1: Redis does not know, as entries were deleted, or is older than 7.0.
qint64 groupLag(const RedisReply &row)
{
    const RedisReply lag = fieldOf(row, "lag");
    return lag.isNil() ? -1 : lag.toInteger(-1);
}

QString shownName(const QByteArray &name)
{
    constexpr qsizetype longest = 60;
    const QString text = visibleLine(QString::fromUtf8(name));
    return text.size() > longest ? QString(text.first(longest) + u"…"_s) : text;
}

/// It is not there any more, or is another thing now.
bool isGone(const RedisAnswer &answer)
{
    return answer.isError("NOGROUP") || answer.isError("WRONGTYPE") || answer.reply.bytes().startsWith("ERR no such key");
}

} // namespace

StreamReader::StreamReader(RedisSession &session, const QByteArray &pattern, Taker &taker)
    : QObject(&session)
    , m_session(session)
    , m_taker(taker)
    , m_pages(
          session, m_budget, {"SCAN", {}, "MATCH", pattern, "TYPE", "stream"},
          [this](const RedisReply &keys) {
              for (int i = 0; i < keys.size(); ++i) {
                  const QByteArrayView key = keys.at(i).bytes();
                  if (key.isEmpty() || key.size() > longestStreamName)
                      continue;
                  if (m_found.size() < mostStreams || m_streams.contains(key.toByteArray()))
                      m_found.insert(key.toByteArray());
                  else
                      m_manyStreams = true;
              }
          },
          [this](const RedisAnswer &last) { scanEnded(last); }, this)
{ }

void StreamReader::beginView()
{
    m_read = false;
    m_scannedAt = m_passedAt = 0;
    m_again = m_scanning || m_passing; // What is under way may have been asked before.
    if (!m_again)
        look(m_session.now(), 0);
}

void StreamReader::lost()
{
    m_pages.stop();
    m_queue.clear();
    m_scanning = m_passing = m_again = false;
    m_underWay = 0;
}

int StreamReader::sweepPeriodMs(int everyMs) const
{
    return qMax(everyMs, m_lastCostMs);
}

int StreamReader::scanPeriodMs() const
{
    return int(qMin<qint64>(m_budget.passUs(m_session.clockOffset.roundTripUs()) / 1000, 3'600'000));
}

void StreamReader::look(qint64 now, int everyMs)
{
    // One after the other, so that a stream that was found is read at once.
    if (m_scanning || m_passing)
        return;
    const bool paid = m_budget.waitMs(m_session.clockOffset.roundTripUs()) == 0;
    if (m_scannedAt == 0 || (now - m_scannedAt >= findEveryMs && paid)) {
        m_scanning = true;
        m_scannedAt = now;
        m_manyStreams = false;
        m_found.clear();
        m_budget.beginPass(DiscoveryBudget::steadyUs(), m_session.clockOffset.roundTripUs());
        m_pages.begin();
        return;
    }
    if (now - m_passedAt >= sweepPeriodMs(everyMs))
        beginPass();
}

void StreamReader::scanEnded(const RedisAnswer &last)
{
    m_scanning = false;
    m_budget.endPass();
    if (last.ok()) {
        m_session.endLimit(RedisSession::Limit::Streams, this);
        // One that is not there any more is read once more, and found to be gone.
        m_streams.unite(m_found);
    } else {
        m_session.setLimit(RedisSession::Limit::Streams,
                           tr("Streams cannot be looked for, because SCAN with TYPE is refused: %1").arg(last.text()), this);
    }
    beginPass();
}

void StreamReader::beginPass()
{
    m_passing = true;
    m_passedAt = m_session.now();
    m_requests = m_consumers = m_expected = 0;
    m_manyConsumers = false;
    m_unread.clear();
    m_tooMany.clear();
    m_refusal.clear();
    for (const QByteArray &stream : std::as_const(m_streams))
        m_queue.push_back({stream, {}, false});
    pump();
}

void StreamReader::pump()
{
    while (m_underWay < mostUnderWay && !m_queue.empty()) {
        const Request request = std::move(m_queue.front());
        m_queue.pop_front();
        ++m_underWay;
        ++m_requests;
        if (!request.ofGroup) {
            m_session.ask({"XINFO", "GROUPS", request.stream}, [this, stream = request.stream](const RedisAnswer &answer) {
                takeGroups(stream, answer);
                answered();
            });
        } else {
            m_session.ask({"XINFO", "CONSUMERS", request.stream, request.group}, [this, request](const RedisAnswer &answer) {
                takeConsumers(request, answer);
                answered();
            });
        }
    }
    if (m_underWay > 0 || !m_passing)
        return;
    m_passing = false;
    m_lastCostMs = int(qMax(m_requests * 1000 / requestsPerSecond, m_consumers * 1000 / consumersPerSecond));
    tellLimits();
    m_taker.passed();
    m_read = m_read || !std::exchange(m_again, false);
    m_session.flushIfIdle();
    m_session.partRead();
}

void StreamReader::answered()
{
    --m_underWay;
    pump();
}

void StreamReader::takeGroups(const QByteArray &stream, const RedisAnswer &answer)
{
    if (!answer.ok()) {
        if (isGone(answer)) {
            m_streams.remove(stream);
            m_taker.takeStream(stream, {});
        } else {
            m_unread.insert({stream, {}});
            if (answer.outcome == RedisAnswer::Outcome::Error)
                m_refusal = answer.text();
        }
        return;
    }
    std::vector<Group> groups;
    for (int i = 0; i < answer.reply.size() && i < mostGroups; ++i) {
        const RedisReply row = answer.reply.at(i);
        Group group;
        group.stream = stream;
        group.name = fieldOf(row, "name").bytes().toByteArray();
        group.pending = fieldOf(row, "pending").toInteger();
        group.lag = groupLag(row);
        if (const RedisReply read = fieldOf(row, "entries-read"); !read.isNil())
            group.read = read.toInteger(-1);
        group.consumers = fieldOf(row, "consumers").toInteger();
        groups.push_back(group);
        if (fieldOf(row, "name").isTooLarge() || group.consumers > mostConsumers) {
            m_unread.insert({stream, group.name});
            if (group.consumers > mostConsumers && m_tooMany.size() < mostNamedGroups)
                m_tooMany.append(tr("The group %1 of %2 has %Ln consumer(s): more than are shown of one group. Most of them are "
                                    "likely to be names that are not used any more.",
                                    nullptr, int(qMin<qint64>(group.consumers, 2'000'000'000)))
                                     .arg(shownName(group.name), shownName(stream)));
            continue;
        }
        if (group.consumers > 0 && m_expected + group.consumers > mostInAll) {
            m_unread.insert({stream, group.name});
            m_manyConsumers = true;
        } else if (group.consumers > 0) {
            m_expected += group.consumers;
            m_queue.push_back({stream, group.name, true});
        }
    }
    if (answer.reply.size() > mostGroups)
        m_tooMany.append(
            tr("%1 has %Ln group(s): more than are shown of one stream.", nullptr, answer.reply.size()).arg(shownName(stream)));
    m_taker.takeStream(stream, groups);
}

void StreamReader::takeConsumers(const Request &request, const RedisAnswer &answer)
{
    if (!answer.ok()) {
        // Deleted since its stream was asked: its consumers are in no pass from now on.
        if (!isGone(answer)) {
            m_unread.insert({request.stream, request.group});
            if (answer.outcome == RedisAnswer::Outcome::Error)
                m_refusal = answer.text();
        }
        return;
    }
    for (int i = 0; i < answer.reply.size(); ++i) {
        const RedisReply row = answer.reply.at(i);
        const RedisReply name = fieldOf(row, "name");
        if (!name.isText() && !name.isTooLarge())
            continue; // One that is too large is given without a name, and counted.
        const RedisReply inactive = fieldOf(row, "inactive");
        ++m_consumers;
        m_taker.takeConsumer({request.stream, request.group, name.bytes(), fieldOf(row, "pending").toInteger(),
                              fieldOf(row, "idle").toInteger(), inactive.isNil() ? -1 : inactive.toInteger(-1)});
    }
}

qint64 StreamReader::lagOf(const RedisReply &groups)
{
    qint64 all = 0;
    for (int i = 0; i < groups.size(); ++i) {
        const qint64 lag = groupLag(groups.at(i));
        if (lag < 0)
            return -1;
        all += lag;
    }
    return all;
}

bool StreamReader::isUnread(const QByteArray &stream, const QByteArray &group) const
{
    return m_unread.contains({stream, {}}) || m_unread.contains({stream, group});
}

void StreamReader::tellLimits()
{
    if (m_refusal.isEmpty())
        m_session.endLimit(RedisSession::Limit::Consumers, this);
    else
        m_session.setLimit(RedisSession::Limit::Consumers,
                           tr("Consumers of stream groups cannot be read, because XINFO is refused: %1").arg(m_refusal), this);
    if (m_manyStreams)
        m_tooMany.append(tr("There are more than %Ln stream(s): the rest is not read.", nullptr, mostStreams));
    if (m_manyConsumers)
        m_tooMany.append(tr("There are more than %Ln consumer(s): the rest is not shown.", nullptr, mostInAll));
    if (m_tooMany.isEmpty())
        m_session.endLimit(RedisSession::Limit::ManyConsumers, this);
    else
        m_session.setLimit(RedisSession::Limit::ManyConsumers, m_tooMany.join(u' '), this);
}

} // namespace pulsedeck
