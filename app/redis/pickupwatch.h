// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/actscripts.h"
#include "models/core/clock.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <deque>

namespace pulsedeck {

/// Follows commands that were written until it is seen that they were read: asks for the proof of each every everyMs, at most
/// mostAsked of them at a time, and not while there is no connection. Reports PickedUp once; before that NotObeyed once, where a
/// process heard the command and nothing came of it. Where what was written expires, nothing is concluded from its absence
/// after that. At most mostFollowed are followed: of further ones no pick-up is reported. Lives on the I/O thread.
class PickUpWatch final : public QObject
{
    Q_OBJECT

public:
    static constexpr int everyMs = 300;
    static constexpr int mostAsked = 200;
    static constexpr int mostFollowed = 2'000;
    static constexpr qint64 obeySlackMs = 2'000; ///< Beyond the time in which a command is read.

    PickUpWatch(const Clock &clock, QObject *parent);

    void setConnection(RedisConnection *connection) { m_connection = connection; }
    /// \a receivers: how many heard it, where it was published.
    void follow(const Command &command, const PickUpProof &proof, qint32 receivers);
    /// Its commands were withdrawn: what is not there any more was not read.
    void forget(const Command &cancel);
    int count() const { return int(m_followed.size()); }

signals:
    /// PickedUp, or NotObeyed.
    /// \a sure: else it is only that what was written is gone, as it would be if another console had withdrawn it.
    void seen(const pulsedeck::Command &command, pulsedeck::CommandProgress::Outcome outcome, bool sure);

private:
    struct Followed
    {
        Command command;
        PickUpProof proof;
        qint64 since = 0;
        qint64 until = 0; ///< It is followed no longer.
        qint64 obeyedBy = 0; ///< Heard, and not obeyed after that; 0: not to be said.
        bool asked = false;
    };

    void ask();
    void take(const QUuid &command, qint64 askedAt, const RedisAnswer &answer);

    const Clock &m_clock;
    QPointer<RedisConnection> m_connection;
    QTimer m_timer;
    std::deque<Followed> m_followed; ///< Those asked longest ago first.
};

} // namespace pulsedeck
