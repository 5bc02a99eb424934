// SPDX-License-Identifier: GPL-3.0-or-later
// How a RedisSource finds workers: announcements of changed keys, the scan of keys, and the two counter hashes.
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"

#include "models/fleet/fleetstore.h"

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestId = 512; // A key longer than this is no worker's; it is counted, not read.
constexpr int workersPerSecond = 20'000; // A sweep or counter pass may read so many, so that it never fills the connection.
constexpr int mostRecords = FleetStore::maxWorkers;

} // namespace

void RedisSource::onPushed(const RedisReply &message)
{
    if (!m_begun || !m_pushing || message.size() < 3)
        return;
    const qint64 now = m_clock.nowMs();
    const RedisReply keys = message.at(2);
    if (keys.isNil()) {
        // FLUSHALL or FLUSHDB: everything is to be looked at anew.
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
    if (id.isEmpty() || id.size() > longestId) {
        addLimit(u"keys longer than %1 bytes are not workers and are left out"_s.arg(longestId));
        return noSlot;
    }
    if (m_byId.size() >= mostRecords) {
        addLimit(u"more than %1 workers: the rest is not shown"_s.arg(mostRecords));
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
    m_scannedAt = m_clock.nowMs();
    m_commandsSeen.clear();
    scanPage("0", readAll);
}

void RedisSource::scanPage(const QByteArray &cursor, bool readAll)
{
    const quint32 generation = m_generation;
    const QByteArray count = m_careful ? "50" : "2000";
    m_main->request({"SCAN", cursor, "MATCH", "worker:*", "COUNT", count},
                    [this, generation, readAll](const RedisAnswer &answer) {
                        if (!current(generation))
                            return;
                        if (!answer.ok()) {
                            addLimit(u"workers cannot be found: "_s + answer.text());
                            m_scanning = false;
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
        scanPage(next, readAll);
    const RedisReply keys = reply.at(1);
    for (int i = 0; i < keys.size(); ++i) {
        const QByteArrayView key = keys.at(i).bytes();
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
    ++m_counterPass;
    m_countersOpen = 2;
    counterPage(true, "0");
    counterPage(false, "0");
}

void RedisSource::counterPage(bool active, const QByteArray &cursor)
{
    const quint32 generation = m_generation;
    const QByteArray count = m_careful ? "50" : "2000";
    m_main->request({"HSCAN", active ? activeHash : lifetimeHash, cursor, "COUNT", count},
                    [this, generation, active](const RedisAnswer &answer) {
                        if (!current(generation))
                            return;
                        QByteArray next = "0";
                        if (answer.ok()) {
                            next = answer.reply.at(0).bytes().toByteArray();
                            takeCounters(answer.reply.at(1), active);
                        } else {
                            m_countersRefused = true;
                            addLimit((active ? u"active counters: "_s : u"lifetime counters: "_s) + answer.text());
                        }
                        if (next != "0" && !next.isEmpty())
                            counterPage(active, next);
                        else if (--m_countersOpen == 0)
                            countersFinished();
                    });
}

void RedisSource::takeCounters(const RedisReply &items, bool active)
{
    for (int i = 0; i + 1 < items.size(); i += 2) {
        const QByteArrayView id = items.at(i).bytes();
        Slot slot = find(id);
        if (slot == noSlot) {
            slot = findOrAdd(id);
            if (slot == noSlot)
                continue;
            // Counters without a known key: whether there is a key, only the key can say.
            queueRead(slot);
        }
        Record &record = m_records[slot];
        bool ok = false;
        const qint64 value = decimalNumber(items.at(i + 1).bytes(), &ok);
        // One below the least stands for unknown, so an absurd counter is cut one above it.
        const qint32 counted = ok ? qint32(std::clamp<qint64>(value, std::numeric_limits<qint32>::min() + 1,
                                                          std::numeric_limits<qint32>::max()))
                                  : unknownValue;
        (active ? record.activePass : record.lifetimePass) = m_counterPass;
        qint32 &known = active ? record.active : record.lifetime;
        if (known == counted)
            continue;
        known = counted;
        if (record.told && !record.reading)
            addSample(record, false);
    }
    pump();
}

void RedisSource::countersFinished()
{
    m_countersDone = m_counterPass;
    for (Slot slot = 0; slot < m_records.size(); ++slot) {
        Record &record = m_records[slot];
        if (record.id.isEmpty())
            continue;
        const bool activeGone = record.activePass != m_counterPass && record.active != unknownValue;
        const bool lifetimeGone = record.lifetimePass != m_counterPass && record.lifetime != unknownValue;
        if (activeGone)
            record.active = unknownValue;
        if (lifetimeGone)
            record.lifetime = unknownValue;
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
                         record.present && uncounted && !m_countersRefused && record.bornPass < m_countersDone);
}

} // namespace pulsedeck
