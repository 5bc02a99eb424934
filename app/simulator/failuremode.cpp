// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/failuremode.h"

#include "app/simulator/seededrandom.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pulsedeck::fleet {

namespace {

constexpr std::array<const char *, failureModeCount> modeNames{
    "none",    "crash",      "hang",   "late",  "skew",    "no-ttl", "stuck-drain", "forgotten-drain",
    "garbage", "wrong-type", "outage", "leave", "untyped",
};

} // namespace

QString failureModeName(FailureMode mode)
{
    return QString::fromLatin1(modeNames[size_t(mode)]);
}

std::optional<FailureMode> failureModeFromName(const QString &name)
{
    if (name == u"sigterm")
        return FailureMode::Leave;
    for (size_t i = 1; i < modeNames.size(); ++i) {
        if (name == QLatin1String(modeNames[i]))
            return FailureMode(i);
    }
    return std::nullopt;
}

QStringList failureModeNames()
{
    QStringList list;
    for (size_t i = 1; i < modeNames.size(); ++i)
        list.append(QString::fromLatin1(modeNames[i]));
    return list;
}

double FailureShares::total() const
{
    return std::accumulate(m_share.begin(), m_share.end(), 0.0) - share(FailureMode::Outage);
}

std::vector<FailureMode> FailureShares::assign(int count, const SeededRandom &random) const
{
    std::vector<FailureMode> modes(size_t(count), FailureMode::None);
    if (total() <= 0)
        return modes;
    std::vector<quint32> order(size_t(count), 0);
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&random](quint32 a, quint32 b) {
        return random.bits(SeededRandom::Use::Mode, a) < random.bits(SeededRandom::Use::Mode, b);
    });
    size_t next = 0;
    for (int mode = 1; mode < failureModeCount; ++mode) {
        if (FailureMode(mode) == FailureMode::Outage)
            continue;
        const auto wanted = size_t(std::lround(m_share[size_t(mode)] * count));
        for (size_t i = 0; i < wanted && next < order.size(); ++i)
            modes[order[next++]] = FailureMode(mode);
    }
    return modes;
}

} // namespace pulsedeck::fleet
