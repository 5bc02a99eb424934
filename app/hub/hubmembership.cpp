// SPDX-License-Identifier: GPL-3.0-or-later
// The part of HubConnection that keeps our own address registered, its topics subscribed and its token fresh.
#include "app/hub/hubconnection.h"

#include <QPointer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int tryAgainMs = 30'000;
constexpr qint64 longestTimerMs = 20LL * 24 * 3600 * 1000;

} // namespace

void HubConnection::setRegistered(bool wanted)
{
    if (m_registerWanted == wanted)
        return;
    m_registerWanted = wanted;
    if (m_state != State::Ready)
        return;
    if (wanted) {
        registerAddress();
        return;
    }
    m_registerTimer.stop();
    m_vitals.registrationProblem.clear();
    request(HubRequest::unregister(m_options.address), {});
    setRegisteredNow(false);
}

void HubConnection::registerAddress()
{
    if (m_state != State::Ready || !m_registerWanted)
        return;
    if (m_addressTaken) {
        m_vitals.registrationProblem = u"another connection has registered this console's address"_s;
        return;
    }
    const quint32 generation = m_generation;
    const auto handler = [this, generation](const HubAnswer &answer) {
        if (generation != m_generation || m_state != State::Ready || !m_registerWanted)
            return;
        if (answer.outcome != HubAnswer::Outcome::Answered) {
            m_vitals.registrationProblem = answer.text();
            m_registerTimer.start(tryAgainMs);
            setRegisteredNow(false);
            return;
        }
        constexpr int msInSecond = 1'000;
        m_sessionAddress = m_options.address; // Also after it is taken out again.
        m_vitals.registrationProblem.clear();
        // Not renewed, since that would cut it to five minutes.
        m_registerTimer.start(m_options.registrationSeconds * msInSecond / 2);
        setRegisteredNow(true);
    };
    request(HubRequest::registerActor(m_options.address, m_options.capabilities,
                                      {{u"displayName"_s, m_options.displayName}}, m_options.registrationSeconds),
            handler);
}

/// At three quarters of what is left of it. An expired token keeps its session, but leads into no other: without this a
/// console that runs longer than its token could never reconnect.
void HubConnection::scheduleRefresh()
{
    const qint64 expiresAt = m_options.token.expiresAt();
    if (expiresAt == 0)
        return;
    constexpr qint64 soonestMs = 1'000; // A hub that hands out tokens at their end is not asked without a pause.
    const qint64 left = expiresAt - (m_clock.nowMs() + m_vitals.clockOffsetMs);
    m_tokenTimer.start(int(qBound(soonestMs, left * 3 / 4, longestTimerMs)));
}

void HubConnection::refreshToken()
{
    const quint32 generation = m_generation;
    request(HubRequest::refreshToken(m_options.token), [this, generation](const HubAnswer &answer) {
        if (generation != m_generation || m_state != State::Ready)
            return;
        if (const auto *refreshed = answer.as<hub::TokenRefreshed>()) {
            m_options.token = refreshed->token;
            scheduleRefresh();
        } else if (answer.outcome != HubAnswer::Outcome::Refused) {
            m_tokenTimer.start(tryAgainMs);
        }
    });
}

void HubConnection::setRegisteredNow(bool registered)
{
    if (m_registered == registered)
        return;
    m_registered = registered;
    const QPointer<HubConnection> guard(this);
    emit registeredChanged(registered);
    if (!guard || !m_registered)
        return;
    // Only now: the hub subscribes a session's registered address, and drops subscriptions of others without a word.
    const QSet<QString> topics = m_topics;
    for (const QString &topic : topics)
        subscribeNow(topic);
}

void HubConnection::subscribe(const QString &topic)
{
    if (m_topics.contains(topic))
        return;
    m_topics.insert(topic);
    if (m_registered)
        subscribeNow(topic);
}

void HubConnection::unsubscribe(const QString &topic)
{
    if (!m_topics.remove(topic))
        return;
    if (m_registered)
        request(HubRequest::unsubscribe(topic), {});
}

void HubConnection::subscribeNow(const QString &topic)
{
    const quint32 generation = m_generation;
    request(HubRequest::subscribe(topic), [this, generation, topic](const HubAnswer &answer) {
        if (generation != m_generation || !m_topics.contains(topic) || m_state != State::Ready)
            return; // After a loss it is subscribed anew.
        if (!answer.ok())
            m_topics.remove(topic);
        emit subscriptionChanged(topic, answer.ok(), answer.text());
    });
}

} // namespace pulsedeck
