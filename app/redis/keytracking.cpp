// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/keytracking.h"

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

constexpr int againCapMs = 600'000;
constexpr int unseenReadMs = 250;
constexpr int mastersAgainMs = 1'000;

} // namespace

KeyTracking::KeyTracking(RedisSession &session, const QByteArrayList &prefixes)
    : QObject(&session)
    , m_session(session)
    , m_name(PushVerifier::makeName(session.options.connection.clientName))
    , m_backoff(session.options.pushAgainMs, againCapMs)
{
    setPrefixes(prefixes);
}

void KeyTracking::setPrefixes(const QByteArrayList &prefixes)
{
    m_prefixes.clear();
    for (const QByteArray &prefix : prefixes) {
        const auto covers = [&prefix](const QByteArray &other) { return prefix.startsWith(other); };
        if (prefix.isEmpty() || std::any_of(m_prefixes.begin(), m_prefixes.end(), covers))
            continue;
        m_prefixes.removeIf([&prefix](const QByteArray &other) { return other.startsWith(prefix); });
        m_prefixes.append(prefix);
    }
}

KeyTracking::~KeyTracking()
{
    if (m_connection)
        m_connection->disconnect(this);
    delete m_connection; // Its unanswered requests are answered while this is still whole.
}

void KeyTracking::start()
{
    RedisConnectionOptions options = m_session.options.connection;
    options.clientName = m_name;
    options.tellServer = options.everyMaster = true;
    m_connection = new RedisConnection(m_session.url, options, this);
    m_connection->subscribe("__redis__:invalidate");
    reviewSeen();
    connect(m_connection, &RedisConnection::stateChanged, this, &KeyTracking::onState);
    connect(m_connection, &RedisConnection::pushed, this, &KeyTracking::onPushed);
    m_connection->open();
}

void KeyTracking::stop()
{
    if (!m_connection)
        return;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    std::exchange(m_connection, nullptr)->close();
}

void KeyTracking::reviewSeen()
{
    if (m_connection)
        m_connection->setReadDelay(m_session.seen ? m_session.options.collectMs : unseenReadMs);
}

void KeyTracking::retryNow()
{
    if (m_connection && m_connection->state() == RedisConnection::State::Closed)
        m_connection->open();
    else if (m_connection)
        m_connection->retryNow();
}

void KeyTracking::follow(const RedisPlace &master, const RedisFailure &why)
{
    if (m_connection)
        m_connection->follow(master, why);
}

bool KeyTracking::isConnecting() const
{
    return m_connection && m_connection->state() != RedisConnection::State::Ready
           && m_connection->state() != RedisConnection::State::Closed;
}

bool KeyTracking::isRefused() const
{
    return m_connection && m_connection->failure().kind == RedisFailure::Kind::Refused;
}

void KeyTracking::onState(RedisConnection::State state)
{
    if (state == RedisConnection::State::Ready) {
        emit connected();
    } else if (state != RedisConnection::State::Connecting) {
        if (std::exchange(m_session.pushing, false)) {
            m_session.setLimit(RedisSession::Limit::Push, tr("No push for now: %1").arg(m_connection->failure().text));
            emit ended();
        }
        emit failed();
    }
}

void KeyTracking::onPushed(const RedisReply &message)
{
    if (!m_session.begun || !m_session.pushing || message.size() < 3)
        return;
    const qint64 now = m_session.now();
    m_session.pushTrust.heard(now);
    emit announced(message.at(2), now - m_connection->heldMs());
}

void KeyTracking::switchOn(const std::function<void()> &then)
{
    using Limit = RedisSession::Limit;
    m_session.pushing = false;
    if (!m_connection || m_connection->state() != RedisConnection::State::Ready) {
        if (m_connection && !m_connection->failure().text.isEmpty())
            m_session.setLimit(Limit::Push, tr("No push: %1").arg(m_connection->failure().text));
        then();
        return;
    }
    if (m_connection->clientId() <= 0) {
        m_session.setLimit(Limit::Push, tr("No push: CLIENT ID is not permitted."));
        then();
        return;
    }
    const std::vector<Pair> all = pairs();
    if (all.empty()) {
        // One of the two has not noticed yet that the masters have changed. It will in a moment.
        m_session.setLimit(Limit::Push, tr("No push for now: the masters of the cluster are changing."));
        m_connection->close();
        m_againAt = m_session.now() + mastersAgainMs;
        then();
        return;
    }
    struct Round
    {
        size_t left;
        PushVerifier::Verdict verdict = PushVerifier::Verdict::Same;
    };
    const auto round = std::make_shared<Round>(Round{all.size()});
    for (const Pair &pair : all) {
        PushVerifier::verify(
            *pair.main, *pair.push, m_name,
            [this, round, asked = m_session.generation, push = m_connection->generation(), then](PushVerifier::Verdict verdict) {
                if (verdict != PushVerifier::Verdict::Same)
                    round->verdict = verdict;
                if (--round->left > 0 || !m_session.isCurrent(asked))
                    return;
                const bool there =
                    m_connection && m_connection->generation() == push && m_connection->state() == RedisConnection::State::Ready;
                if (there)
                    takeVerdict(round->verdict, then);
                else
                    then(); // It asks again when it is back.
            });
    }
}

void KeyTracking::takeVerdict(PushVerifier::Verdict verdict, const std::function<void()> &then)
{
    if (verdict == PushVerifier::Verdict::Same) {
        track(then);
        return;
    }
    giveUp(verdict == PushVerifier::Verdict::Other
               ? tr("No push: the two connections to this address reached different servers.")
               : tr("No push: CLIENT LIST and INFO are refused, so it cannot be verified that both "
                    "connections reach the same server."));
    then();
}

/// Empty where the two do not reach the same masters of a cluster.
std::vector<KeyTracking::Pair> KeyTracking::pairs() const
{
    const std::vector<RedisConnection *> mains = m_session.connection->masters();
    const std::vector<RedisConnection *> pushes = m_connection->masters();
    const bool isCluster = m_session.connection->isCluster() || m_connection->isCluster();
    std::vector<Pair> all;
    for (size_t i = 0; i < mains.size() && mains.size() == pushes.size(); ++i) {
        if (isCluster && mains[i]->target() != pushes[i]->target())
            return {};
        all.push_back({mains[i], pushes[i]});
    }
    return all;
}

void KeyTracking::track(const std::function<void()> &then)
{
    // Without any prefix every key of the server would be announced.
    const QByteArrayList none{"pulsedeck:no-key"};
    const std::vector<Pair> all = pairs();
    const auto left = std::make_shared<size_t>(all.size());
    const auto refused = std::make_shared<QString>();
    if (all.empty()) {
        m_session.setLimit(RedisSession::Limit::Push, tr("No push: %1").arg(tr("its connection was lost")));
        then();
    }
    for (const Pair &pair : all) {
        const QByteArray client = QByteArray::number(pair.push->clientId());
        std::vector<QByteArrayView> words{"CLIENT", "TRACKING", "ON", "REDIRECT", client, "BCAST"};
        for (const QByteArray &prefix : m_prefixes.isEmpty() ? none : m_prefixes)
            words.insert(words.end(), {"PREFIX", prefix});
        pair.main->request({"CLIENT", "TRACKING", "OFF"}, {});
        m_session.askBy(pair.main, words, [this, then, left, refused](const RedisAnswer &answer) {
            if (!answer.ok())
                *refused = answer.text();
            if (--*left > 0)
                return;
            const bool tracks = refused->isEmpty();
            m_session.pushing = tracks;
            // Reads that are tracked one by one are announced at one server, which a cluster is not.
            m_session.pushClient = tracks && m_connection && !m_connection->isCluster() ? m_connection->clientId() : 0;
            m_session.pushTrust.begin(m_session.now());
            if (tracks)
                m_session.endLimit(RedisSession::Limit::Push);
            else
                m_session.setLimit(RedisSession::Limit::Push, tr("No push: %1").arg(*refused));
            then();
        });
    }
}

void KeyTracking::doubt(qint64 now)
{
    if (m_againAt > 0 && now >= m_againAt && m_connection) {
        m_againAt = 0;
        m_connection->open();
    }
    if (!m_session.pushing)
        return;
    if (m_session.pushTrust.wantsPing(now)) {
        m_connection->request({"PING"}, [this, push = m_connection->generation(), now](const RedisAnswer &answer) {
            const bool answered = answer.ok() || answer.outcome == RedisAnswer::Outcome::Error;
            if (m_session.running && m_connection && m_connection->generation() == push && answered)
                m_session.pushTrust.answered(now, m_session.now());
        });
    }
    switch (m_session.pushTrust.judge(now)) {
    case PushTrust::Doubt::None:
        m_unanswered = false;
        break;
    case PushTrust::Doubt::UnansweredPing:
        // Where this program was slow the answer may lie unread: until the next tick the event loop reads it.
        if (std::exchange(m_unanswered, true))
            giveUp(tr("No push: its connection has stopped answering, so its announcements are not relied on."));
        break;
    case PushTrust::Doubt::MissedBeat:
        giveUp(tr("No push: a heartbeat was found that had not been announced, so announcements are not relied on."));
        break;
    }
}

/// Announcements are not relied on any more; push is tried again later by a new connection.
void KeyTracking::giveUp(const QString &why)
{
    const bool pushed = std::exchange(m_session.pushing, false);
    m_session.setLimit(RedisSession::Limit::Push, why);
    m_connection->close();
    m_againAt = m_session.now() + m_backoff.next(QRandomGenerator::global()->generateDouble());
    if (!pushed)
        return;
    m_session.ask({"CLIENT", "TRACKING", "OFF"}, {});
    emit ended();
}

} // namespace pulsedeck
