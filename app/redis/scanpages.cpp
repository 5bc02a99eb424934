// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/scanpages.h"

#include <utility>

namespace pulsedeck {

ScanPages::ScanPages(RedisSession &session, DiscoveryBudget &budget, std::vector<QByteArray> words, Take take, Ended ended,
                     QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_budget(budget)
    , m_words(std::move(words))
    , m_take(std::move(take))
    , m_ended(std::move(ended))
    , m_timer(this)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] { ask(m_cursor); });
}

void ScanPages::begin()
{
    m_leftOut.clear();
    ask("0");
}

void ScanPages::ask(const QByteArray &cursor)
{
    const QByteArray count = m_session.careful ? "50" : "2000";
    std::vector<QByteArrayView> words;
    for (const QByteArray &word : m_words)
        words.push_back(word.isEmpty() ? cursor : word);
    words.insert(words.end(), {"COUNT", count});
    m_session.askBy(m_tracked ? m_tracked->connection() : nullptr, words,
                    [this](const RedisAnswer &answer) { onAnswer(answer); });
}

void ScanPages::onAnswer(const RedisAnswer &answer)
{
    m_budget.spent(answer.elapsedUs);
    if (!answer.ok()) {
        m_ended(answer);
        return;
    }
    m_cursor = answer.reply.at(0).bytes().toByteArray();
    const bool last = m_cursor == "0" || m_cursor.isEmpty();
    const int wait = m_session.fullView ? m_budget.waitMs(m_session.clockOffset.roundTripUs()) : 0;
    if (!last && wait == 0)
        ask(m_cursor);
    else if (!last)
        m_timer.start(wait);
    m_take(answer.reply.at(1));
    if (last)
        m_ended(answer);
}

} // namespace pulsedeck
