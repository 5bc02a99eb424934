// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissession.h"

#include <QCoreApplication>

namespace pulsedeck {

/// The timing record that workers, proxies and consoles share (hash fleet:timing, stream fleet:timing:history): reads it whenever
/// it may have changed, into SourceStatus::timing, writes it by compare-and-set, and reads its history. Belongs to a
/// PlaywrightDialect.
class TimingInForce
{
    Q_DECLARE_TR_FUNCTIONS(TimingInForce)

public:
    /// \a changed is called when another profile is in force.
    TimingInForce(RedisSession &session, std::function<void()> changed)
        : m_session(session)
        , m_changed(std::move(changed))
    { }

    void read();
    /// Reads it when it is time: at each sweep where nothing is announced, and now and then all the same.
    void look(qint64 now);
    /// Whether the key TTL that workers use is known: from the record, or from the source's options.
    bool tellsTtl() const { return m_tellsTtl; }
    /// When the record in force was written, by its writer's clock; 0 if not known.
    qint64 writtenAt() const { return m_writtenAt; }
    /// Once; RedisSession::timingApplied() answers, whatever becomes of the connection.
    void apply(const TimingApply &apply);
    /// RedisSession::timingHistoryRead() answers.
    void readHistory();

private:
    void take(const RedisAnswer &answer);
    void takeApplied(const TimingApply &apply, const RedisAnswer &answer);
    void askHistory();
    void takeHistory(const RedisAnswer &answer);
    void tellNoHistory(const QString &why);

    RedisSession &m_session;
    const std::function<void()> m_changed;
    qint64 m_askedAt = 0;
    qint64 m_writtenAt = 0;
    bool m_tellsTtl = false;
};

} // namespace pulsedeck
