// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/registryreader.h"

#include <utility>

namespace pulsedeck {

namespace {

constexpr qint64 changedEveryMs = 500;

QByteArray scanCommand(LayoutDiscovery::Kind kind)
{
    if (kind == LayoutDiscovery::Kind::SortedSet)
        return "ZSCAN";
    return kind == LayoutDiscovery::Kind::Hash ? "HSCAN" : "SSCAN";
}

} // namespace

RegistryReader::RegistryReader(RedisSession &session, LayoutDiscovery::Kind kind, const QByteArray &key, TrackedReads *tracked,
                               Take take, Passed passed, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_kind(kind)
    , m_key(key)
    , m_take(std::move(take))
    , m_passed(std::move(passed))
    , m_pages(
          session, m_budget, {scanCommand(kind), key, {}},
          [this](const RedisReply &items) {
              const int step = m_kind == LayoutDiscovery::Kind::Set ? 1 : 2;
              for (int i = 0; i + step <= items.size(); i += step)
                  m_take(items.at(i).bytes(), step == 2 ? items.at(i + 1).bytes() : QByteArrayView());
          },
          [this](const RedisAnswer &last) { ended(last); }, this)
{
    m_pages.setTracked(tracked);
}

void RegistryReader::read()
{
    m_changed = false;
    if (std::exchange(m_reading, true)) {
        m_again = true;
        return;
    }
    m_readAt = m_session.now();
    m_budget.beginPass(DiscoveryBudget::steadyUs(), m_session.clockOffset.roundTripUs());
    m_pages.begin();
}

void RegistryReader::lost()
{
    m_pages.stop();
    m_reading = m_again = m_changed = false;
}

void RegistryReader::look(qint64 now, qint64 everyMs)
{
    if (m_reading)
        return;
    const qint64 age = now - m_readAt;
    // The right may be given back at any time.
    const bool again = m_refused && age >= m_session.options.sweepMs;
    if ((m_changed && age >= changedEveryMs) || again || age >= everyMs)
        read();
}

void RegistryReader::ended(const RedisAnswer &last)
{
    m_reading = false;
    m_budget.endPass();
    m_read = true;
    m_refused = last.outcome == RedisAnswer::Outcome::Error && !last.isError("WRONGTYPE");
    if (m_refused)
        m_session.setLimit(
            RedisSession::Limit::Keys,
            tr("Workers cannot be found, because %1 is refused: %2").arg(QString::fromLatin1(scanCommand(m_kind)), last.text()),
            this);
    else if (last.ok())
        m_session.endLimit(RedisSession::Limit::Keys, this);
    m_passed(last.ok());
    m_session.partRead();
    if (std::exchange(m_again, false))
        read();
}

} // namespace pulsedeck
