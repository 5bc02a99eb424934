// SPDX-License-Identifier: GPL-3.0-or-later
// How a RedisSource finds workers: announcements of changed keys, the scan of keys, and the two counter hashes.
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"

#include "models/fleet/fleetstore.h"

#include <algorithm>
#include <chrono>
#include <limits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestId = 512; // A key longer than this is no worker's; it is counted, not read.
constexpr int workersPerSecond = 20'000; // A sweep or counter pass may read so many, so that it never fills the connection.
constexpr int mostRecords = FleetStore::maxWorkers;
constexpr size_t countersAtOnce = 500; // Fields of one HMGET.
constexpr qint64 leastWaitUs = 1'000; // What timers can do; what is less is waited for together.

qint64 steadyUs()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

/// What the server said, as the end of a sentence.
QString sentence(const RedisAnswer &answer)
{
    const QString text = answer.text();
    return text.endsWith(u'.') ? text : QString(text + u'.');
}

/// Milliseconds to wait until a budget allows the next request; 0 for none.
int waitMs(const DiscoveryBudget &budget, const ClockOffset &clock)
{
    const qint64 wait = budget.waitUs(steadyUs(), clock.roundTripUs());
    return wait < leastWaitUs ? 0 : int((wait + 999) / 1000);
}

} // namespace

void RedisSource::onPushed(const RedisReply &message)
{
    if (!m_begun || !m_pushing || message.size() < 3)
        return;
    const qint64 now = m_clock.nowMs();
    m_pushTrust.heard(now);
    const RedisReply keys = message.at(2);
    if (keys.isNil()) {
        // FLUSHALL or FLUSHDB, maybe of another database: everything is to be looked at anew.
        m_flushedAt = now;
        awaitAnew(Reregistration::Cause::Emptied);
        m_countersDirty = true;
        readTiming();
        scan(true);
        return;
    }
    // Step by step ahead: the place in the index, the record it names, the id to compare with.
    const auto ahead = [&keys](int index) {
        const QByteArrayView key = keys.at(index).bytes();
        return key.startsWith(keyPrefix) ? key.sliced(keyPrefix.size()) : QByteArrayView();
    };
    for (int i = 0; i < keys.size(); ++i) {
        m_byId.prepare(ahead(i + 12));
        if (const Slot slot = m_byId.guess(ahead(i + 8)); slot != noSlot)
            prefetch(&m_records[slot]);
        if (const Slot slot = m_byId.guess(ahead(i + 4)); slot != noSlot)
            prefetch(m_records[slot].id.constData());
        onAnnounced(keys.at(i).bytes(), now);
    }
    if (!m_collectTimer->isActive() && (!m_readQueue.empty() || !m_commandQueue.empty()))
        m_collectTimer->start(m_options.collectMs);
}

void RedisSource::onAnnounced(QByteArrayView key, qint64 now)
{
    if (key.startsWith(commandPrefix)) {
        if (const Slot slot = find(key.sliced(commandPrefix.size())); slot != noSlot)
            queueCommandRead(slot);
    } else if (key.startsWith(keyPrefix)) {
        const Slot slot = findOrAdd(key.sliced(keyPrefix.size()));
        if (slot == noSlot)
            return;
        m_pushTrust.announced(slot);
        if (m_records[slot].announcedAt == 0)
            m_records[slot].announcedAt = now;
        queueRead(slot);
    } else if (key == activeHash || key == lifetimeHash) {
        m_countersDirty = true;
    } else if (key == timingKey) {
        readTiming();
    }
}

RedisSource::Slot RedisSource::find(QByteArrayView id) const
{
    return m_byId.find(id, [this](Slot slot) { return QByteArrayView(m_records[slot].id); });
}

RedisSource::Slot RedisSource::findOrAdd(QByteArrayView id)
{
    const Slot found = find(id);
    if (found != noSlot)
        return found;
    if (id.isEmpty() || id.size() > longestId)
        return noSlot; // Whoever found it counts it.
    if (m_byId.size() >= mostRecords) {
        setLimit(Limit::TooMany, u"There are more than %1 workers: the rest is not shown."_s.arg(mostRecords));
        return noSlot;
    }
    Slot slot;
    if (m_freeSlots.empty()) {
        slot = Slot(m_records.size());
        m_records.emplace_back();
        m_lastBeats.push_back(0);
    } else {
        slot = m_freeSlots.back();
        m_freeSlots.pop_back();
        m_records[slot] = Record();
    }
    Record &record = m_records[slot];
    record.id = id.toByteArray();
    record.number = m_nextNumber++;
    record.kind = kindOf(id);
    // A pass under way may have gone past it already, unless it belongs to the same full view.
    record.bornPass = m_fullView ? m_counterPass : m_counterPass - 1;
    m_byId.insert(record.id, slot);
    return slot;
}

/// Neither key nor counters are left. The store keeps it on its shelf; here it is gone.
void RedisSource::forget(Slot slot)
{
    Record &record = m_records[slot];
    if (record.told)
        m_batch.removed.append(record.number);
    m_byId.remove(record.id, slot);
    m_awaited -= int(record.awaited) + int(record.commandAwaited);
    if (record.missed)
        m_reregistration.cameBack();
    record = Record();
    noteBeat(slot);
    m_freeSlots.push_back(slot);
}

// Keys ----------------------------------------------------------------------------------------------------------------

/// \a readAll: every worker seen is read, not only those not known yet.
void RedisSource::scan(bool readAll)
{
    if (m_scanning) {
        m_rescan = m_rescan || readAll;
        return;
    }
    m_scanning = true;
    m_readingAll = readAll;
    ++m_scanNumber;
    m_scanOpen = false;
    m_scannedAt = m_clock.nowMs();
    m_commandsSeen.clear();
    m_leftOutKeys.clear();
    m_keyBudget.beginPass(steadyUs(), m_clockOffset.roundTripUs());
    scanPage("0", readAll);
}

/// A first view is wanted at once and paid for afterwards. Later a scan goes on as the budget allows.
void RedisSource::scanNext(const QByteArray &cursor, bool readAll)
{
    const int wait = m_fullView ? waitMs(m_keyBudget, m_clockOffset) : 0;
    if (wait == 0) {
        scanPage(cursor, readAll);
        return;
    }
    m_scanCursor = cursor;
    m_scanTimer->start(wait);
}

void RedisSource::scanPage(const QByteArray &cursor, bool readAll)
{
    const quint32 generation = m_generation;
    const QByteArray count = m_careful ? "50" : "2000";
    m_main->request({"SCAN", cursor, "MATCH", "worker:*", "COUNT", count},
                    [this, generation, readAll](const RedisAnswer &answer) {
                        if (!current(generation) || isEnd(answer))
                            return;
                        m_keyBudget.spent(answer.elapsedUs);
                        if (!answer.ok()) {
                            m_scanning = false;
                            if (answer.outcome == RedisAnswer::Outcome::Error)
                                setLimit(Limit::Keys, u"Workers cannot be found, as SCAN is refused: "_s + sentence(answer));
                            else
                                m_scanOpen = true; // Too much was waiting.
                            finishFullView();
                            return;
                        }
                        onScanned(answer.reply, readAll);
                    });
}

void RedisSource::onScanned(const RedisReply &reply, bool readAll)
{
    const QByteArray next = reply.at(0).bytes().toByteArray();
    // The next page is asked for before this one is read, so that Redis never waits for us.
    const bool last = next == "0" || next.isEmpty();
    if (!last)
        scanNext(next, readAll);
    const RedisReply keys = reply.at(1);
    for (int i = 0; i < keys.size(); ++i) {
        const RedisReply item = keys.at(i);
        const QByteArrayView key = item.bytes();
        if (item.isTooLarge() || key.size() > keyPrefix.size() + longestId) {
            if (!key.startsWith(commandPrefix))
                m_leftOutKeys.add(key);
            continue;
        }
        if (key.startsWith(commandPrefix)) {
            // Its worker may come on a later page, so commands are read when the scan is over.
            if (m_commandsSeen.size() < size_t(mostRecords))
                m_commandsSeen.push_back(key.sliced(commandPrefix.size()).toByteArray());
            continue;
        }
        if (!key.startsWith(keyPrefix))
            continue;
        const WorkerNumber newFrom = m_nextNumber;
        const Slot slot = findOrAdd(key.sliced(keyPrefix.size()));
        if (slot == noSlot)
            continue;
        const bool knownBefore = m_records[slot].number < newFrom;
        Record &record = m_records[slot];
        record.seenInScan = m_scanNumber;
        // The counters may have led here first: once per scan is enough.
        const bool readAlready = record.queuedInScan == m_scanNumber;
        if (!readAlready && (readAll || !knownBefore || !record.present))
            queueRead(slot);
    }
    m_status.total = int(m_byId.size());
    pump();
    if (last)
        scanFinished(readAll);
}

void RedisSource::scanFinished(bool readAll)
{
    m_scanning = false;
    m_keyBudget.endPass();
    m_status.foundAt = m_scannedAt;
    endLimit(Limit::Keys);
    if (m_leftOutKeys.count() > 0)
        setLimit(Limit::LongKeys, m_leftOutKeys.text(u"key"_s, u"keys"_s));
    else
        endLimit(Limit::LongKeys);
    if (m_byId.size() < mostRecords)
        endLimit(Limit::TooMany);
    // A key that was there and was not seen: ask for it by name, the answer says how it ended.
    for (Slot slot = 0; slot < m_records.size(); ++slot) {
        const Record &record = m_records[slot];
        if (record.id.isEmpty())
            continue;
        if (record.seenInScan != m_scanNumber && record.queuedInScan != m_scanNumber && (record.present || readAll))
            queueRead(slot);
        if (record.command != CommandState::None)
            queueCommandRead(slot);
    }
    for (const QByteArray &id : std::as_const(m_commandsSeen)) {
        if (const Slot slot = find(id); slot != noSlot)
            queueCommandRead(slot);
    }
    m_commandsSeen.clear();
    pump();
    if (m_rescan) {
        m_rescan = false;
        scan(true);
    }
    finishFullView();
}

/// With a full view: looks for workers not known yet, and at the counters, when it is time and the budget allows.
void RedisSource::look(qint64 now)
{
    // With push a refusal is asked about again as often as without: the right may be given at any time.
    const int every = m_pushing && !m_limits.has(Limit::Keys) ? m_options.reconcileMs : sweepPeriodMs();
    if (!m_scanning && now - m_scannedAt >= every && waitMs(m_keyBudget, m_clockOffset) == 0)
        scan(false);
    if (m_countersOpen > 0 || !(m_countersDirty || !m_pushing || now - m_countersAt >= m_options.reconcileMs))
        return;
    const int period = counterPeriodMs();
    if (now - m_countersAt >= period && waitMs(m_counterBudget, m_clockOffset) == 0)
        readCounters();
    else if (now - m_countersAt >= period && now - m_knownCountersAt >= period)
        readKnownCounters();
}

/// Without push: every worker that is known, by its key, however long it takes to look for others.
void RedisSource::readKnown(qint64 now)
{
    if (!m_readQueue.empty())
        return; // The reading before is still under way.
    m_knownReadAt = now;
    // Command keys are found by scanning; where that takes long they are asked for by name.
    const bool seldom = m_keyBudget.passUs(m_clockOffset.roundTripUs()) / 1000 > 2 * sweepPeriodMs();
    for (Slot slot = 0; slot < m_records.size(); ++slot) {
        const Record &record = m_records[slot];
        if (record.id.isEmpty())
            continue;
        queueRead(slot);
        if (record.command != CommandState::None || (seldom && record.present))
            queueCommandRead(slot);
    }
    pump();
}

int RedisSource::sweepPeriodMs() const
{
    return qMax(m_options.sweepMs, int(m_byId.size() * 1000 / workersPerSecond));
}

// Counters ------------------------------------------------------------------------------------------------------------

int RedisSource::counterPeriodMs() const
{
    return qMax(m_pushing ? 500 : m_options.sweepMs, int(m_byId.size() * 2000 / workersPerSecond));
}

void RedisSource::readCounters()
{
    if (m_countersOpen > 0)
        return;
    m_countersDirty = false;
    m_countersRefused = false;
    m_countersAt = m_clock.nowMs();
    m_countersOpenAgain = false;
    ++m_counterPass;
    m_countersOpen = 2;
    m_leftOutCounters[0].clear();
    m_leftOutCounters[1].clear();
    m_counterBudget.beginPass(steadyUs(), m_clockOffset.roundTripUs());
    counterPage(true, "0");
    counterPage(false, "0");
}

void RedisSource::counterPage(bool active, const QByteArray &cursor)
{
    const quint32 generation = m_generation;
    const QByteArray count = m_careful ? "50" : "2000";
    m_main->request({"HSCAN", active ? activeHash : lifetimeHash, cursor, "COUNT", count}, [this, generation,
                                                                                            active](const RedisAnswer &answer) {
        if (!current(generation) || isEnd(answer))
            return;
        m_counterBudget.spent(answer.elapsedUs);
        const Limit limit = active ? Limit::ActiveCounters : Limit::LifetimeCounters;
        QByteArray next = "0";
        if (answer.ok()) {
            next = answer.reply.at(0).bytes().toByteArray();
            takeCounters(answer.reply.at(1), active);
        } else {
            m_countersRefused = true;
            if (answer.outcome == RedisAnswer::Outcome::Error) {
                setLimit(limit, (active ? u"Active counters cannot be read: "_s : u"Lifetime counters cannot be read: "_s)
                                    + sentence(answer));
            } else {
                m_countersOpenAgain = true; // Too much was waiting.
            }
        }
        if (next != "0" && !next.isEmpty()) {
            counterNext(active, next);
            return;
        }
        if (answer.ok())
            endLimit(limit);
        if (--m_countersOpen == 0)
            countersFinished();
    });
}

void RedisSource::counterNext(bool active, const QByteArray &cursor)
{
    const int wait = m_fullView ? waitMs(m_counterBudget, m_clockOffset) : 0;
    if (wait == 0) {
        counterPage(active, cursor);
        return;
    }
    m_counterCursor[active] = cursor;
    m_counterTimers[active]->start(wait);
}

void RedisSource::takeCounters(const RedisReply &items, bool active)
{
    for (int i = 0; i + 1 < items.size(); i += 2) {
        const RedisReply field = items.at(i);
        const QByteArrayView id = field.bytes();
        if (field.isTooLarge() || id.size() > longestId) {
            m_leftOutCounters[active].add(id);
            continue;
        }
        Slot slot = find(id);
        if (slot == noSlot) {
            slot = findOrAdd(id);
            if (slot == noSlot)
                continue;
            // Counters without a known key: whether there is a key, only the key can say.
            queueRead(slot);
        }
        (active ? m_records[slot].activePass : m_records[slot].lifetimePass) = m_counterPass;
        takeCounter(slot, items.at(i + 1), active);
    }
    pump();
}

void RedisSource::takeCounter(Slot slot, const RedisReply &reply, bool active)
{
    Record &record = m_records[slot];
    bool ok = false;
    const qint64 value = decimalNumber(reply.bytes(), &ok);
    // One below the least stands for unknown.
    ok = ok && value > std::numeric_limits<qint32>::min() && value <= std::numeric_limits<qint32>::max();
    const qint32 counted = ok ? qint32(value) : unknownValue;
    const quint8 bit = active ? 1 : 2;
    const auto bad = quint8(ok ? record.badCounters & ~bit : record.badCounters | bit);
    qint32 &known = active ? record.active : record.lifetime;
    if (known == counted && bad == record.badCounters)
        return;
    known = counted;
    record.badCounters = bad;
    if (record.told && !record.reading)
        addSample(record, false);
}

/// Where the hashes hold so much else that a pass over them has to wait, the counters of known workers are asked for by name.
void RedisSource::readKnownCounters()
{
    m_knownCountersAt = m_clock.nowMs();
    std::vector<std::pair<Slot, WorkerNumber>> asked;
    const auto send = [this, &asked](bool active) {
        std::vector<QByteArrayView> words{"HMGET", active ? activeHash : lifetimeHash};
        for (const auto &[slot, number] : asked)
            words.push_back(m_records[slot].id);
        const quint32 generation = m_generation;
        m_main->request(words, [this, generation, active, asked](const RedisAnswer &answer) {
            if (!current(generation) || !answer.ok())
                return;
            for (size_t i = 0; i < asked.size(); ++i) {
                const auto [slot, number] = asked[i];
                const RedisReply value = answer.reply.at(int(i));
                const bool there = !value.isNil() || value.isTooLarge(); // That one is gone a whole pass finds out.
                if (there && m_records[slot].number == number && !m_records[slot].id.isEmpty())
                    takeCounter(slot, value, active);
            }
            if (m_inFlight == 0)
                flush();
        });
    };
    for (Slot slot = 0; slot < m_records.size(); ++slot) {
        const Record &record = m_records[slot];
        if (!record.id.isEmpty())
            asked.emplace_back(slot, record.number);
        if (asked.size() == countersAtOnce || (slot + 1 == m_records.size() && !asked.empty())) {
            send(true);
            send(false);
            asked.clear();
        }
    }
}

void RedisSource::countersFinished()
{
    m_countersDone = m_counterPass;
    m_counterBudget.endPass();
    for (const bool active : {false, true}) {
        const Limit limit = active ? Limit::LongActive : Limit::LongLifetime;
        const LeftOut &leftOut = m_leftOutCounters[active];
        if (leftOut.count() > 0)
            setLimit(limit, leftOut.text(active ? u"active counter"_s : u"lifetime counter"_s,
                                         active ? u"active counters"_s : u"lifetime counters"_s));
        else
            endLimit(limit);
    }
    for (Slot slot = 0; slot < m_records.size(); ++slot) {
        Record &record = m_records[slot];
        if (record.id.isEmpty())
            continue;
        const bool activeGone = record.activePass != m_counterPass && (record.active != unknownValue || record.badCounters & 1);
        const bool lifetimeGone =
            record.lifetimePass != m_counterPass && (record.lifetime != unknownValue || record.badCounters & 2);
        if (activeGone) {
            record.active = unknownValue;
            record.badCounters &= ~1;
        }
        if (lifetimeGone) {
            record.lifetime = unknownValue;
            record.badCounters &= ~2;
        }
        const bool uncounted = record.activePass != m_counterPass && record.lifetimePass != m_counterPass;
        if (!record.present && uncounted && record.readAt > 0 && record.lostUntil == 0 && !record.queued && !record.reading) {
            forget(slot);
            continue;
        }
        const bool flagged = record.flags.testFlag(WorkerFlag::NoCounters);
        judgeCounters(record);
        const bool changed = flagged != record.flags.testFlag(WorkerFlag::NoCounters);
        if (record.told && (activeGone || lifetimeGone || changed))
            addSample(record, false);
    }
    flush();
    finishFullView();
}

/// Alive but in neither hash: no proxy will select it. Known only once both hashes were read whole after it was found.
void RedisSource::judgeCounters(Record &record) const
{
    const bool uncounted = record.activePass < m_countersDone && record.lifetimePass < m_countersDone;
    record.flags.setFlag(WorkerFlag::NoCounters,
                         record.present && !record.missed && uncounted && !m_countersRefused && record.bornPass < m_countersDone);
}

} // namespace pulsedeck
