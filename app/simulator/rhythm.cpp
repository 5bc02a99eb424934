// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/rhythm.h"

#include <cmath>

namespace pulsedeck::fleet {

namespace {

using Use = SeededRandom::Use;

constexpr qint64 lookEveryMs = 500;
constexpr qint64 outageMs = 8'000;
constexpr double leastHealthyInDemo = 0.6;

/// Modes whose share is kept up. The share of no-ttl and untyped belongs to the first workers alone.
constexpr std::array keptModes{
    FailureMode::Crash,          FailureMode::Hang,    FailureMode::Late,      FailureMode::Skew,  FailureMode::StuckDrain,
    FailureMode::ForgottenDrain, FailureMode::Garbage, FailureMode::WrongType, FailureMode::Leave,
};

constexpr std::array turns{
    FailureMode::Crash,      FailureMode::Hang,           FailureMode::Late,    FailureMode::Skew,      FailureMode::NoTtl,
    FailureMode::StuckDrain, FailureMode::ForgottenDrain, FailureMode::Garbage, FailureMode::WrongType, FailureMode::Leave,
};

} // namespace

Rhythm::Rhythm(FleetContext &context, FailureInjector &failures)
    : m_context(context)
    , m_failures(failures)
{ }

const std::vector<Rhythm::Number> &Rhythm::demoProgramme()
{
    // Made for a heartbeat of 2 s, a stale threshold of 6 s, a TTL of 12 s, a drain timeout of 20 s and a reaper every
    // 30 s, so that each state is on screen within the first minute and about one worker in five at any time.
    using Act = Number::Act;
    using Mode = FailureMode;
    static const std::vector<Number> programme{
        {Act::Mode, Mode::Skew, 1'000, 70'000, 1, 0, 150'000},
        {Act::Mode, Mode::Skew, 1'500, 110'000, 1, 4.2, 120'000},
        {Act::Mode, Mode::Garbage, 2'000, 65'000, 1, 0, 150'000},
        {Act::Mode, Mode::WrongType, 3'000, 90'000, 1, 0, 110'000},
        {Act::Mode, Mode::NoTtl, 4'000, 100'000, 1, 0, 130'000},
        {Act::Mode, Mode::Crash, 5'000, 45'000, 2, 0, 0},
        {Act::Mode, Mode::Late, 6'000, 35'000, 2, 0, 40'000},
        {Act::Mode, Mode::Crash, 7'000, 60'000, 1, 28, 0}, // Expires after 12 s, comes back after 28.
        {Act::Mode, Mode::Hang, 8'000, 45'000, 1, 9, 0}, // Stale, and then well again.
        {Act::Mode, Mode::Hang, 10'000, 70'000, 1, 26, 0}, // Expires with its process still listening.
        {Act::Mode, Mode::StuckDrain, 12'000, 55'000, 1, 0, 0},
        {Act::DrainNow, Mode::None, 14'000, 40'000, 1, 0, 0},
        {Act::Mode, Mode::ForgottenDrain, 16'000, 60'000, 1, 0, 0},
        {Act::Mode, Mode::Leave, 20'000, 50'000, 1, 0, 0},
        {Act::Mode, Mode::Outage, 24'000, 100'000, 2, 8, 0},
        {Act::DrainAtBeat, Mode::None, 30'000, 80'000, 1, 0, 0},
    };
    return programme;
}

void Rhythm::start()
{
    m_running = true;
    m_startMs = m_lastChurn = m_context.clock.nowMs();
    const double share = m_context.options.shares.share(FailureMode::Outage);
    m_nextOutage = share > 0 ? m_startMs + qint64(outageMs / share) - outageMs : 0;
    if (m_context.options.demo) {
        m_programme = demoProgramme();
        for (Number &number : m_programme)
            number.dueMs = m_startMs + number.firstMs;
    }
}

void Rhythm::tick(qint64 nowMs)
{
    if (!m_running || m_context.stopping)
        return;
    play(nowMs);
    churn(nowMs);
    if (nowMs < m_nextLook)
        return;
    m_nextLook = nowMs + lookEveryMs;
    keepShares();
    if (m_nextOutage > 0 && nowMs >= m_nextOutage) {
        m_nextOutage = nowMs + qint64(outageMs / m_context.options.shares.share(FailureMode::Outage));
        m_failures.outage(outageMs);
    }
}

void Rhythm::keepShares()
{
    if (m_context.options.shares.total() <= 0)
        return;
    std::array<int, failureModeCount> shown{};
    for (quint32 slot = 0; slot < m_context.table.size(); ++slot)
        ++shown[size_t(m_context.table[slot].mode)];
    for (const FailureMode mode : keptModes) {
        const auto wanted = int(std::lround(m_context.options.shares.share(mode) * m_context.options.workers));
        for (int i = shown[size_t(mode)]; i < wanted; ++i) {
            if (!m_failures.doom(mode))
                return;
        }
    }
}

void Rhythm::churn(qint64 nowMs)
{
    const double perMs = m_context.options.churn * m_context.options.workers / 60'000.0;
    if (perMs <= 0)
        return;
    m_churnOwed += perMs * double(nowMs - m_lastChurn);
    m_lastChurn = nowMs;
    for (; m_churnOwed >= 1; m_churnOwed -= 1) {
        if (m_context.random.bits(Use::Churn, m_churned++) % 2 == 0)
            m_failures.strike(FailureMode::Leave, 1, {});
        else
            m_failures.command(1, true);
    }
}

bool Rhythm::hasRoomFor(int count) const
{
    int healthy = 0;
    for (quint32 slot = 0; slot < m_context.table.size(); ++slot)
        healthy += m_context.table[slot].isHealthy() ? 1 : 0;
    return healthy - count >= m_context.options.workers * leastHealthyInDemo;
}

void Rhythm::play(qint64 nowMs)
{
    for (size_t i = 0; i < m_programme.size(); ++i) {
        Number &number = m_programme[i];
        if (nowMs < number.dueMs)
            continue;
        const int count = qMax(1, int(std::lround(double(number.perSixty) * m_context.options.workers / 60.0)));
        if (!hasRoomFor(count))
            return; // In a small fleet they have to wait for each other.
        // Never quite regular, or the programme would be seen to be one.
        number.dueMs += qint64(double(number.everyMs) * m_context.random.between(0.8, 1.2, Use::Rhythm, i, number.played++));
        if (number.act != Number::Act::Mode) {
            m_failures.command(count, number.act == Number::Act::DrainNow);
            continue;
        }
        FailureInjector::Manner manner;
        if (number.seconds > 0)
            manner.seconds = number.seconds;
        manner.lastsMs = number.lastsMs;
        m_failures.strike(number.mode, count, manner);
    }
}

FailureMode Rhythm::next()
{
    const FailureMode mode = turns[m_turn++ % turns.size()];
    m_failures.strike(mode, 1, {});
    return mode;
}

} // namespace pulsedeck::fleet
