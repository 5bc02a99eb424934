// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/huboutbox.h"

#include <QUuid>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 longestPauseMs = 60'000; // Whatever the hub asks for: in silence the session is lost anyway.
constexpr qint64 quietMs = 3'000; // What is never answered may be refused for so long after it was written.

} // namespace

QString HubAnswer::text() const
{
    switch (outcome) {
    case Outcome::Answered:
    case Outcome::Sent:
        return {};
    case Outcome::Refused:
        if (const auto *error = as<hub::Error>())
            return error->message.isEmpty() ? error->codeText : error->message;
        return tr("refused");
    case Outcome::UnknownActor:
        return hasExpired() ? tr("its registration has expired") : tr("not registered with the hub");
    case Outcome::TimedOut:
        return tr("the hub did not answer in time");
    case Outcome::Lost:
        return tr("the connection was lost before the answer");
    case Outcome::NotSent:
        return tr("not sent");
    case Outcome::TooLarge:
        return tr("the message is larger than the hub accepts");
    }
    return {};
}

bool HubAnswer::hasExpired() const
{
    const auto *unknown = as<hub::UnknownActor>();
    return unknown && unknown->expired;
}

HubOutbox::HubOutbox(const Limits &limits)
    : m_limits(limits)
    , m_bucket(limits.perSecond, limits.burst)
{ }

bool HubOutbox::add(HubRequest request, int timeoutMs, Handler handler, Lane where)
{
    if (where != Lane::Heartbeat && lane(where).size() >= m_limits.mostWaiting)
        return false;
    lane(where).push_back(Entry{std::move(request), std::move(handler), timeoutMs, 0, where, 0});
    return true;
}

std::deque<HubOutbox::Entry> &HubOutbox::nextLane()
{
    if (!lane(Lane::Heartbeat).empty())
        return lane(Lane::Heartbeat);
    const Lane turn = m_last == Lane::Fleet ? Lane::Other : Lane::Fleet;
    m_last = !lane(turn).empty() ? turn : turn == Lane::Fleet ? Lane::Other : Lane::Fleet;
    return lane(m_last);
}

std::optional<HubOutbox::Outgoing> HubOutbox::take(qint64 nowMs)
{
    if (waiting() == 0 || nowMs < m_pausedUntil || !m_bucket.take(nowMs))
        return std::nullopt;
    std::deque<Entry> &queue = nextLane();
    Entry entry = std::move(queue.front());
    queue.pop_front();
    m_sent.push_back(nowMs);
    entry.writtenAt = nowMs;
    ++entry.tries;
    Outgoing out{QUuid::createUuid().toString(QUuid::WithoutBraces), entry.request, std::nullopt};
    if (entry.request.expectsAnswer()) {
        m_underWay.insert(out.id, entry);
        return out;
    }
    // Written again after a refusal it has been told as sent before.
    out.finished = Finished{std::exchange(entry.handler, {}), HubAnswer{HubAnswer::Outcome::Sent, std::nullopt, 0}};
    m_quiet.insert(out.id, entry);
    return out;
}

qint64 HubOutbox::waitMs(qint64 nowMs)
{
    if (waiting() == 0)
        return -1;
    return qMax(pausedForMs(nowMs), m_bucket.waitMs(nowMs));
}

/// Refused for its rate, and therefore not processed: writing it again repeats nothing.
bool HubOutbox::putOff(Entry &entry)
{
    if (entry.tries >= m_limits.mostTries)
        return false;
    lane(entry.lane).push_front(std::move(entry));
    return true;
}

HubOutbox::Meant HubOutbox::answered(const HubMessage &message, qint64 nowMs, std::optional<Finished> *finished)
{
    const auto *error = message.as<hub::Error>();
    const bool tooFast = error && error->code == hub::Error::Code::RateLimited;
    if (tooFast) { // Obeyed whatever it refused: somebody else may have used up what is ours.
        m_bucket.empty(nowMs);
        m_pausedUntil = qMax(m_pausedUntil, nowMs + qMin(error->retryAfterMs, longestPauseMs));
    }
    if (const auto quiet = m_quiet.find(message.correlationId()); quiet != m_quiet.end() && error) {
        Entry entry = std::move(quiet.value());
        m_quiet.erase(quiet);
        if (tooFast)
            putOff(entry);
        return Meant::Request;
    }
    const auto found = m_underWay.find(message.correlationId());
    if (found == m_underWay.end() || !found->request.isAnsweredBy(message.body()))
        return Meant::NoRequest;
    Entry entry = std::move(found.value());
    m_underWay.erase(found);
    if (tooFast && putOff(entry))
        return Meant::Request;
    HubAnswer answer;
    answer.outcome = error                             ? HubAnswer::Outcome::Refused
                     : message.as<hub::UnknownActor>() ? HubAnswer::Outcome::UnknownActor
                                                       : HubAnswer::Outcome::Answered;
    answer.message = message;
    answer.elapsedMs = nowMs - entry.writtenAt;
    *finished = Finished{std::move(entry.handler), std::move(answer)};
    return Meant::Request;
}

std::vector<HubOutbox::Finished> HubOutbox::expired(qint64 nowMs)
{
    std::vector<Finished> finished;
    for (auto entry = m_underWay.begin(); entry != m_underWay.end();) {
        if (nowMs - entry->writtenAt < entry->timeoutMs) {
            ++entry;
            continue;
        }
        finished.push_back(
            {std::move(entry->handler), HubAnswer{HubAnswer::Outcome::TimedOut, std::nullopt, nowMs - entry->writtenAt}});
        entry = m_underWay.erase(entry);
    }
    m_quiet.removeIf([nowMs](const auto &entry) { return nowMs - entry.value().writtenAt > quietMs; });
    return finished;
}

std::vector<HubOutbox::Finished> HubOutbox::reset()
{
    std::vector<Finished> finished;
    for (Entry &entry : m_underWay)
        finished.push_back({std::move(entry.handler), HubAnswer{HubAnswer::Outcome::Lost, std::nullopt, 0}});
    for (std::deque<Entry> &queue : m_lanes) {
        for (Entry &entry : queue)
            finished.push_back({std::move(entry.handler), HubAnswer{HubAnswer::Outcome::NotSent, std::nullopt, 0}});
        queue.clear();
    }
    m_quiet.clear();
    m_underWay.clear();
    m_sent.clear();
    m_pausedUntil = 0;
    m_bucket.refill();
    return finished;
}

int HubOutbox::sentInLastSecond(qint64 nowMs)
{
    constexpr qint64 secondMs = 1'000;
    while (!m_sent.empty() && nowMs - m_sent.front() >= secondMs)
        m_sent.pop_front();
    return int(m_sent.size());
}

} // namespace pulsedeck
