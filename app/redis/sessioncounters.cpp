// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/sessioncounters.h"

#include "app/redis/redisnames.h"
#include "app/redis/workerreader.h"

#include <limits>

namespace pulsedeck {

namespace {

constexpr size_t countersAtOnce = 500; // Fields of one HMGET.

QByteArrayView keyOfCounters(bool active)
{
    return active ? activeHash : lifetimeHash;
}

} // namespace

SessionCounters::SessionCounters(PlaywrightFleet &fleet)
    : QObject(&fleet.session)
    , m_fleet(fleet)
    , m_session(fleet.session)
    , m_pages{pagesOf(Lifetime), pagesOf(Active)}
{ }

ScanPages SessionCounters::pagesOf(Hash hash)
{
    return {m_session,
            m_budget,
            {"HSCAN", keyOfCounters(hash == Active).toByteArray(), {}},
            [this, hash](const RedisReply &items) { take(hash, items); },
            [this, hash](const RedisAnswer &last) { end(hash, last); },
            this};
}

void SessionCounters::lost()
{
    m_pages[Lifetime].stop();
    m_pages[Active].stop();
    m_open = 0;
    m_openAgain = false;
}

void SessionCounters::workerAdded(KnownWorker &worker) const
{
    // A pass under way may have gone past it already, unless it belongs to the same full view.
    worker.bornPass = m_session.fullView ? m_pass : m_pass - 1;
}

int SessionCounters::periodMs() const
{
    return qMax(m_session.pushing ? 500 : m_session.options.sweepMs, m_fleet.watch.count() * 2000 / KeyWatch::readsPerSecond);
}

void SessionCounters::look(qint64 now)
{
    const bool wanted = m_changed || !m_session.pushing || now - m_readAt >= m_session.options.reconcileMs;
    const int period = periodMs();
    if (m_open > 0 || !wanted || now - m_readAt < period)
        return;
    if (m_budget.waitMs(m_session.clockOffset.roundTripUs()) == 0)
        readAll();
    else if (now - m_knownReadAt >= period)
        readKnown();
}

void SessionCounters::resume()
{
    if (m_openAgain && m_open == 0)
        readAll();
}

// A pass over both hashes ---------------------------------------------------------------------------------------------

void SessionCounters::readAll()
{
    if (m_open > 0)
        return;
    m_changed = m_refused = m_openAgain = false;
    m_readAt = m_session.now();
    ++m_pass;
    m_open = 2;
    m_budget.beginPass(DiscoveryBudget::steadyUs(), m_session.clockOffset.roundTripUs());
    m_pages[Active].begin();
    m_pages[Lifetime].begin();
}

void SessionCounters::end(Hash hash, const RedisAnswer &last)
{
    const auto limit = hash == Active ? RedisSession::Limit::ActiveCounters : RedisSession::Limit::LifetimeCounters;
    m_refused = m_refused || !last.ok();
    if (last.ok()) {
        m_session.endLimit(limit);
    } else if (last.outcome == RedisAnswer::Outcome::Error) {
        const QString text =
            hash == Active ? tr("Active counters cannot be read: %1") : tr("Lifetime counters cannot be read: %1");
        m_session.setLimit(limit, text.arg(sentence(last)));
    } else {
        m_openAgain = true; // Too much was waiting.
    }
    if (--m_open == 0)
        finish();
}

void SessionCounters::take(Hash hash, const RedisReply &items)
{
    for (int i = 0; i + 1 < items.size(); i += 2) {
        const RedisReply field = items.at(i);
        const QByteArrayView id = field.bytes();
        if (field.isTooLarge() || id.size() > KeyWatch::longestId) {
            m_pages[hash].leftOut().add(id);
            continue;
        }
        Slot slot = m_fleet.watch.find(id);
        if (slot == KeyWatch::noSlot) {
            slot = m_fleet.watch.findOrAdd(id);
            if (slot == KeyWatch::noSlot)
                continue;
            // Counters without a known key: whether there is a key, only the key can say.
            m_fleet.watch.queueRead(slot);
        }
        (hash == Active ? m_fleet[slot].activePass : m_fleet[slot].lifetimePass) = m_pass;
        takeOne(slot, hash, items.at(i + 1));
    }
    m_fleet.watch.pump();
}

void SessionCounters::takeOne(Slot slot, Hash hash, const RedisReply &reply)
{
    KnownWorker &worker = m_fleet[slot];
    bool ok = false;
    const qint64 value = decimalNumber(reply.bytes(), &ok);
    // One below the least stands for unknown.
    ok = ok && value > std::numeric_limits<qint32>::min() && value <= std::numeric_limits<qint32>::max();
    const qint32 counted = ok ? qint32(value) : unknownValue;
    const quint8 bit = hash == Active ? 1 : 2;
    const auto bad = quint8(ok ? worker.badCounters & ~bit : worker.badCounters | bit);
    qint32 &known = hash == Active ? worker.active : worker.lifetime;
    if (known == counted && bad == worker.badCounters)
        return;
    known = counted;
    worker.badCounters = bad;
    if (worker.told && !m_fleet.watch.isBusy(slot))
        m_fleet.report(slot);
}

void SessionCounters::finish()
{
    m_passDone = m_pass;
    m_budget.endPass();
    for (const Hash hash : {Lifetime, Active}) {
        const auto limit = hash == Active ? RedisSession::Limit::LongActive : RedisSession::Limit::LongLifetime;
        const int count = m_pages[hash].leftOut().count();
        if (count > 0) {
            const QString text =
                hash == Active
                    ? tr("%Ln active counter(s) (is/are) left out, because no worker has such a long name: %1.", nullptr, count)
                    : tr("%Ln lifetime counter(s) (is/are) left out, because no worker has such a long name: %1.", nullptr,
                         count);
            m_session.setLimit(limit, text.arg(m_pages[hash].leftOut().names()));
        } else {
            m_session.endLimit(limit);
        }
    }
    for (Slot slot = 0; slot < m_fleet.watch.size(); ++slot) {
        if (m_fleet.watch.id(slot).isEmpty())
            continue;
        KnownWorker &worker = m_fleet[slot];
        const bool active = worker.activePass == m_pass;
        const bool lifetime = worker.lifetimePass == m_pass;
        const bool activeGone = !active && (worker.active != unknownValue || worker.badCounters & 1);
        const bool lifetimeGone = !lifetime && (worker.lifetime != unknownValue || worker.badCounters & 2);
        if (activeGone) {
            worker.active = unknownValue;
            worker.badCounters &= ~1;
        }
        if (lifetimeGone) {
            worker.lifetime = unknownValue;
            worker.badCounters &= ~2;
        }
        const bool over = !worker.present && !active && !lifetime && worker.readAt > 0 && worker.lostUntil == 0;
        if (over && !m_fleet.watch.isBusy(slot)) {
            m_fleet.forget(slot);
            continue;
        }
        const bool flagged = worker.flags.testFlag(WorkerFlag::NoCounters);
        judge(worker);
        const bool changed = flagged != worker.flags.testFlag(WorkerFlag::NoCounters);
        if (worker.told && (activeGone || lifetimeGone || changed))
            m_fleet.report(slot);
    }
    m_session.flush();
    m_session.partRead();
}

void SessionCounters::judge(KnownWorker &worker) const
{
    const bool uncounted = worker.activePass < m_passDone && worker.lifetimePass < m_passDone;
    worker.flags.setFlag(WorkerFlag::NoCounters,
                         worker.present && !worker.missed && uncounted && !m_refused && isCountedSince(worker));
}

// Known workers -------------------------------------------------------------------------------------------------------

void SessionCounters::readKnown()
{
    m_knownReadAt = m_session.now();
    std::vector<std::pair<Slot, WorkerNumber>> asked;
    const Slot size = m_fleet.watch.size();
    for (Slot slot = 0; slot < size; ++slot) {
        if (!m_fleet.watch.id(slot).isEmpty())
            asked.emplace_back(slot, m_fleet[slot].number);
        if (asked.size() == countersAtOnce || (slot + 1 == size && !asked.empty())) {
            askKnown(Active, asked);
            askKnown(Lifetime, asked);
            asked.clear();
        }
    }
}

void SessionCounters::askKnown(Hash hash, const std::vector<std::pair<Slot, WorkerNumber>> &asked)
{
    std::vector<QByteArrayView> words{"HMGET", keyOfCounters(hash == Active)};
    for (const auto &[slot, number] : asked)
        words.push_back(m_fleet.watch.id(slot));
    m_session.ask(words, [this, hash, asked](const RedisAnswer &answer) {
        for (size_t i = 0; answer.ok() && i < asked.size(); ++i) {
            const auto [slot, number] = asked[i];
            const RedisReply value = answer.reply.at(int(i));
            const bool there = !value.isNil() || value.isTooLarge(); // That one is gone a whole pass finds out.
            if (there && m_fleet.watch.isKnown(slot, number))
                takeOne(slot, hash, value);
        }
        m_session.flushIfIdle();
    });
}

} // namespace pulsedeck
