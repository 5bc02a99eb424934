// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celeryexits.h"

#include "app/redis/listedclient.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

// The list has whole seconds, and the message took its time to come.
constexpr qint64 sameMomentMs = 2'500;
// A worker connects before it is heard of; whoever told it to stop may have connected for that.
constexpr qint64 olderMs = 2'000;
constexpr qint64 answeredWithinMs = 30'000;
// Connections of two workers that left so far apart may both fit one of them.
constexpr qint64 leftTogetherMs = 2 * sameMomentMs;

} // namespace

CeleryExits::CeleryExits(RedisSession &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{ }

void CeleryExits::begin(const QByteArray &node, qint64 at, qint64 knownSince)
{
    noteLeft(at, true);
    const bool full = (m_leaving.size() >= mostLeaving && !m_leaving.contains(node)) || m_recent.size() >= mostRecent;
    if (m_refused || m_session.replica || full)
        return;
    Leaving one;
    one.at = at;
    one.knownSince = knownSince;
    for (const Left &left : m_recent)
        ++(left.atWork ? one.atWork : one.idle);
    m_leaving.insert(node, one);
    // Before its process can have ended.
    m_soon = true;
    look(at);
}

void CeleryExits::noteLeft(qint64 at, bool atWork)
{
    while (!m_recent.empty() && (at - m_recent.front().at > leftTogetherMs || m_recent.size() >= mostRecent))
        m_recent.pop_front();
    m_recent.push_back({at, atWork});
    for (Leaving &one : m_leaving) {
        if (at - one.at <= leftTogetherMs)
            ++(atWork ? one.atWork : one.idle);
    }
}

void CeleryExits::look(qint64 now)
{
    const bool awaits = m_asking && now - m_askedAt < answeredWithinMs;
    if (m_leaving.isEmpty() || awaits || !m_session.isReady())
        return;
    const bool due = m_soon || now - m_askedAt >= lookEveryMs;
    if (due && m_budget.waitMs(m_session.clockOffset.roundTripUs()) == 0)
        ask();
}

void CeleryExits::lost()
{
    m_leaving.clear();
    m_recent.clear();
    m_asking = m_soon = m_refused = false;
}

void CeleryExits::ask()
{
    m_askedAt = m_session.now();
    m_asking = true;
    m_soon = false;
    m_budget.beginPass(DiscoveryBudget::steadyUs(), m_session.clockOffset.roundTripUs());
    m_session.ask({"CLIENT", "LIST", "TYPE", "NORMAL"}, [this](const RedisAnswer &answer) {
        m_asking = false;
        m_budget.spent(answer.elapsedUs);
        m_budget.endPass();
        if (answer.outcome == RedisAnswer::Outcome::Refused)
            return; // Too much was waiting: it is asked again.
        if (!answer.ok() || answer.reply.isTooLarge()) {
            m_refused = true;
            m_leaving.clear();
            return;
        }
        takeList(answer.reply.bytes());
    });
}

void CeleryExits::takeList(QByteArrayView list)
{
    ++m_pass;
    const qint64 now = m_session.now();
    for (qsizetype end = list.indexOf('\n'); end >= 0; end = list.indexOf('\n')) {
        const ListedClient client = ListedClient::of(list.first(end));
        list = list.sliced(end + 1);
        const QByteArray id = client.client.toByteArray();
        const bool published =
            client.cmd == QByteArrayView("publish") && client.name != QByteArrayView(m_session.options.connection.clientName);
        const qint64 usedAt = now - client.idle.toLongLong() * 1000;
        const qint64 since = now - client.age.toLongLong() * 1000;
        for (Leaving &one : m_leaving) {
            const bool fits = published && qAbs(usedAt - one.at) <= sameMomentMs && since <= one.knownSince + olderMs;
            const auto known = one.candidates.find(id);
            if (known != one.candidates.end() && fits)
                *known = m_pass;
            else if (known != one.candidates.end())
                one.narrowed = one.candidates.remove(id); // It was used again: it is another one's, unless it sends task events.
            else if (fits)
                one.candidates.insert(id, m_pass);
        }
    }
    // None is found any more, so that nothing can be told of one that has too few.
    m_leaving.removeIf([this](const QHash<QByteArray, Leaving>::iterator &one) {
        return m_askedAt - one->at > sameMomentMs && one->candidates.size() < one->needed();
    });
    QByteArrayList over;
    for (auto one = m_leaving.cbegin(); one != m_leaving.cend(); ++one) {
        const bool gone =
            one->candidates.size() >= one->needed()
            && std::all_of(one->candidates.cbegin(), one->candidates.cend(), [this](quint32 pass) { return pass != m_pass; });
        if (gone)
            over.append(one.key());
    }
    for (const QByteArray &node : std::as_const(over)) {
        m_leaving.remove(node);
        emit ended(node);
    }
}

} // namespace pulsedeck
