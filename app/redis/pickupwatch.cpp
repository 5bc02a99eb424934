// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/pickupwatch.h"

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr qint64 followedLongestMs = 10 * 60'000; // A command that does not expire, and of which nothing is seen.
// The key may go a little before the console's clock says so.
constexpr qint64 expirySlackMs = 1'000;

} // namespace

PickUpWatch::PickUpWatch(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_timer(this) // It moves to the I/O thread with this.
{
    m_timer.setInterval(everyMs);
    connect(&m_timer, &QTimer::timeout, this, &PickUpWatch::ask);
}

void PickUpWatch::follow(const Command &command, const PickUpProof &proof, qint32 receivers)
{
    if (int(m_followed.size()) >= mostFollowed)
        return;
    Followed followed{command, proof};
    followed.since = m_clock.nowMs();
    // What only goes missing proves nothing once it would be missing anyhow.
    const qint64 lasts = proof.lastsMs > 0 && !proof.shows ? proof.lastsMs - expirySlackMs : followedLongestMs;
    followed.until = followed.since + qMin(lasts, followedLongestMs);
    if (receivers > 0 && receivers != unknownValue)
        followed.obeyedBy = followed.since + proof.withinMs + obeySlackMs;
    m_followed.push_back(std::move(followed));
    if (!m_timer.isActive())
        m_timer.start();
    ask();
}

void PickUpWatch::forget(const Command &cancel)
{
    std::erase_if(m_followed, [&cancel](const Followed &one) {
        return one.command.worker == cancel.worker && one.command.system == cancel.system;
    });
}

void PickUpWatch::ask()
{
    const qint64 now = m_clock.nowMs();
    std::erase_if(m_followed, [now](const Followed &one) { return now >= one.until; });
    if (m_followed.empty())
        m_timer.stop();
    if (!m_connection || m_connection->state() != RedisConnection::State::Ready)
        return;
    int under = int(std::count_if(m_followed.begin(), m_followed.end(), [](const Followed &one) { return one.asked; }));
    for (size_t left = m_followed.size(); left > 0 && under < mostAsked; --left) {
        Followed one = std::move(m_followed.front());
        m_followed.pop_front();
        const bool asks = !one.asked;
        one.asked = true;
        m_followed.push_back(one);
        if (!asks)
            continue;
        ++under;
        one.proof.call.send(*m_connection,
                            [self = QPointer<PickUpWatch>(this), id = one.command.id, now](const RedisAnswer &answer) {
                                if (self)
                                    self->take(id, now, answer);
                            });
    }
}

void PickUpWatch::take(const QUuid &command, qint64 askedAt, const RedisAnswer &answer)
{
    const auto found =
        std::find_if(m_followed.begin(), m_followed.end(), [&command](const Followed &one) { return one.command.id == command; });
    if (found == m_followed.end())
        return; // It was withdrawn, or its time is over.
    found->asked = false;
    if (!answer.ok() || answer.reply.at(0).bytes() != QByteArrayView("looked"))
        return;
    bool proven = false;
    for (int i = 2; i < answer.reply.size(); ++i)
        proven = proven || answer.reply.at(i).toInteger() == 1;
    if (proven) {
        const Command given = found->command;
        const bool sure = found->proof.shows || answer.reply.at(answer.reply.size() - 1).toInteger() == 1;
        m_followed.erase(found);
        emit seen(given, CommandProgress::Outcome::PickedUp, sure);
    } else if (found->obeyedBy > 0 && askedAt >= found->obeyedBy) {
        found->obeyedBy = 0;
        emit seen(found->command, CommandProgress::Outcome::NotObeyed, true);
    }
}

} // namespace pulsedeck
