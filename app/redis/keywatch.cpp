// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/keywatch.h"

#include "models/fleet/fleetstore.h"

#include <memory>
#include <utility>

namespace pulsedeck {

namespace {

constexpr auto longestSecret = "65536"; // Bytes of a text whose members are taken out.
constexpr auto longestMember = "1024";
constexpr int mostInFlight = 2'000; // Reads under way at once: enough to keep Redis busy, few enough to stay prompt.

std::vector<QByteArrayView> valueWords(const KeyWatch::Plan &plan)
{
    if (plan.values == KeyWatch::Plan::Values::Text)
        return {"MGET", ""};
    std::vector<QByteArrayView> words{"HMGET", ""};
    words.insert(words.end(), plan.fields.begin(), plan.fields.end());
    return words;
}

QByteArray matchOf(const KeyWatch::Plan &plan)
{
    return plan.match.isEmpty() ? QByteArray(plan.prefix + '*' + plan.suffix) : plan.match;
}

} // namespace

const int KeyWatch::mostKeys = FleetStore::maxWorkers;

QString sentence(const RedisAnswer &answer)
{
    const QString text = answer.text();
    return text.endsWith(u'.') ? text : QString(text + u'.');
}

KeyWatch::KeyWatch(RedisSession &session, const Plan &plan, Reader &reader)
    : QObject(&session)
    , m_session(session)
    , m_plan(plan)
    , m_reader(reader)
    , m_fieldsRequest(valueWords(plan), 1)
    , m_collectTimer(this)
    , m_budget(plan.perMille)
    , m_pages(
          session, m_budget, {"SCAN", {}, "MATCH", matchOf(plan)}, [this](const RedisReply &keys) { takeScanned(keys); },
          [this](const RedisAnswer &last) { endScan(last); }, this)
{
    if (!plan.members.isEmpty())
        m_script = std::make_unique<ReadingScript>(session, "record-members");
    m_collectTimer.setSingleShot(true);
    m_collectTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_collectTimer, &QTimer::timeout, this, &KeyWatch::pump);
}

void KeyWatch::lost()
{
    m_pages.stop();
    if (m_script)
        m_script->lost();
    m_collectTimer.stop();
    m_scanning = m_scanOpen = m_rescan = false;
    m_readQueue.clear();
    m_answeredCount = m_sentCount;
    for (Entry &entry : m_entries) {
        entry.queued = entry.reading = entry.again = entry.awaited = false;
        entry.announcedAt = entry.announcedInRead = 0;
    }
}

// Keys ----------------------------------------------------------------------------------------------------------------

KeyWatch::Slot KeyWatch::find(QByteArrayView id) const
{
    return m_byId.find(id, [this](Slot slot) { return QByteArrayView(m_entries[slot].id); });
}

KeyWatch::Slot KeyWatch::findOrAdd(QByteArrayView id)
{
    const Slot found = find(id);
    if (found != noSlot)
        return found;
    if (id.isEmpty() || id.size() > longestId)
        return noSlot; // The caller counts it.
    if (m_byId.size() >= mostKeys) {
        m_session.setLimit(Limit::TooMany,
                           tr("There are more than %Ln worker(s): the rest is not shown.", nullptr, int(mostKeys)), this);
        return noSlot;
    }
    Slot slot;
    if (m_freeSlots.empty()) {
        slot = Slot(m_entries.size());
        m_entries.emplace_back();
    } else {
        slot = m_freeSlots.back();
        m_freeSlots.pop_back();
        m_entries[slot] = Entry();
    }
    Entry &entry = m_entries[slot];
    entry.id = id.toByteArray();
    entry.number = m_session.nextNumber++;
    m_byId.insert(entry.id, slot);
    ++m_session.workers;
    m_reader.keyAdded(slot);
    return slot;
}

void KeyWatch::forget(Slot slot)
{
    Entry &entry = m_entries[slot];
    m_byId.remove(entry.id, slot);
    m_due.set(slot, 0);
    m_session.awaited -= int(entry.awaited);
    m_refusals -= int(entry.refused);
    --m_session.workers;
    entry = Entry();
    m_freeSlots.push_back(slot);
}

QByteArrayView KeyWatch::keyOf(Slot slot)
{
    m_keyScratch.resize(0);
    m_keyScratch.append(m_plan.prefix);
    m_keyScratch.append(m_entries[slot].id);
    m_keyScratch.append(m_plan.suffix);
    return m_keyScratch;
}

bool KeyWatch::hasWorkerName(QByteArrayView key) const
{
    return key.startsWith(m_plan.prefix) && key.endsWith(m_plan.suffix)
           && key.size() > m_plan.prefix.size() + m_plan.suffix.size();
}

bool KeyWatch::isWorkerKey(QByteArrayView key) const
{
    return hasWorkerName(key) && (!m_plan.accepts || m_plan.accepts(idOf(key)));
}

QByteArrayView KeyWatch::idOf(QByteArrayView key) const
{
    return key.sliced(m_plan.prefix.size(), key.size() - m_plan.prefix.size() - m_plan.suffix.size());
}

bool KeyWatch::isPushing() const
{
    return m_session.pushing && (!m_plan.tracked || m_plan.tracked->isTracking());
}

RedisConnection *KeyWatch::readConnection() const
{
    RedisConnection *tracked = m_plan.tracked ? m_plan.tracked->connection() : nullptr;
    return tracked ? tracked : m_session.connection;
}

void KeyWatch::readsMoved()
{
    for (Slot slot = 0; slot < size(); ++slot) {
        if (!m_entries[slot].id.isEmpty())
            queueRead(slot);
    }
    pump();
}

// Announcements -------------------------------------------------------------------------------------------------------

void KeyWatch::takeAnnounced(const RedisReply &keys, qint64 at)
{
    // Step by step ahead: the place in the index, the entry it names, the id to compare with.
    const auto ahead = [this, &keys](int index) {
        const QByteArrayView key = keys.at(index).bytes();
        return key.startsWith(m_plan.prefix) && key.endsWith(m_plan.suffix)
                       && key.size() >= m_plan.prefix.size() + m_plan.suffix.size()
                   ? idOf(key)
                   : QByteArrayView();
    };
    for (int i = 0; i < keys.size(); ++i) {
        m_byId.prepare(ahead(i + 12));
        if (const Slot slot = m_byId.guess(ahead(i + 8)); slot != noSlot)
            prefetch(&m_entries[slot]);
        if (const Slot slot = m_byId.guess(ahead(i + 4)); slot != noSlot)
            prefetch(m_entries[slot].id.constData());
        announce(keys.at(i).bytes(), at);
    }
    // The reader may have something to send too.
    if (m_readQueue.empty() && !m_collectTimer.isActive())
        return;
    if (m_session.url.transport == RedisUrl::Transport::Tls)
        collect();
    else
        pumpSoon();
}

/// Announcements have been waited for by the connection, all that came are being given now.
void KeyWatch::pumpSoon()
{
    if (std::exchange(m_pumpsSoon, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_pumpsSoon = false;
            m_collectTimer.stop();
            pump();
        },
        Qt::QueuedConnection);
}

void KeyWatch::announce(QByteArrayView key, qint64 at)
{
    const bool sibling = !m_plan.siblingPrefix.isEmpty() && key.startsWith(m_plan.siblingPrefix);
    if (sibling || !hasWorkerName(key)) {
        m_reader.takeOther(key, at);
        return;
    }
    Slot slot = find(idOf(key));
    if (slot == noSlot) { // Only what is new has to be looked at: each beat comes by here.
        if (!m_plan.finds || !isWorkerKey(key)) {
            m_reader.takeOther(key, at);
            return;
        }
        slot = findOrAdd(idOf(key));
        if (slot == noSlot)
            return;
    }
    Entry &entry = m_entries[slot];
    m_session.pushTrust.announced(entry.number);
    qint64 &announcedAt = entry.reading ? entry.announcedInRead : entry.announcedAt;
    if (announcedAt == 0)
        announcedAt = at;
    queueRead(slot);
}

// Scans ---------------------------------------------------------------------------------------------------------------

void KeyWatch::scan(bool readAll)
{
    if (!m_plan.finds) {
        ++m_scanNumber;
        for (Slot slot = 0; slot < size(); ++slot) {
            if (!m_entries[slot].id.isEmpty() && (readAll || !m_entries[slot].present))
                queueRead(slot);
        }
        pump();
        return;
    }
    if (m_scanning) {
        m_rescan = m_rescan || readAll;
        return;
    }
    m_scanning = true;
    m_readingAll = readAll;
    ++m_scanNumber;
    m_scanOpen = false;
    m_scannedAt = m_session.now();
    m_budget.beginPass(DiscoveryBudget::steadyUs(), m_session.clockOffset.roundTripUs());
    m_pages.begin();
}

void KeyWatch::endScan(const RedisAnswer &last)
{
    if (last.ok()) {
        finishScan();
        return;
    }
    m_scanning = false;
    if (last.outcome == RedisAnswer::Outcome::Error)
        m_session.setLimit(Limit::Keys, tr("Workers cannot be found, because SCAN is refused: %1").arg(sentence(last)), this);
    else
        m_scanOpen = true; // Too much was waiting.
    m_session.partRead();
}

void KeyWatch::takeScanned(const RedisReply &keys)
{
    for (int i = 0; i < keys.size(); ++i) {
        const RedisReply item = keys.at(i);
        const QByteArrayView key = item.bytes();
        const bool sibling = !m_plan.siblingPrefix.isEmpty() && key.startsWith(m_plan.siblingPrefix);
        if (item.isTooLarge() || key.size() > m_plan.prefix.size() + m_plan.suffix.size() + longestId) {
            if (!sibling)
                m_pages.leftOut().add(key);
            continue;
        }
        if (sibling) {
            m_reader.takeOther(key, m_session.now());
            continue;
        }
        if (!isWorkerKey(key))
            continue;
        const WorkerNumber newFrom = m_session.nextNumber;
        const Slot slot = findOrAdd(idOf(key));
        if (slot == noSlot)
            continue;
        Entry &entry = m_entries[slot];
        const bool knownBefore = entry.number < newFrom;
        entry.seenInScan = m_scanNumber;
        // It may have been asked for already for another reason: once per scan is enough.
        const bool readAlready = entry.queuedInScan == m_scanNumber;
        if (!readAlready && (m_readingAll || !knownBefore || !entry.present))
            queueRead(slot);
    }
    m_session.status.total = m_session.workers;
    pump();
}

void KeyWatch::finishScan()
{
    m_scanning = false;
    m_budget.endPass();
    m_session.status.foundAt = m_scannedAt;
    m_session.endLimit(Limit::Keys, this);
    if (m_pages.leftOut().count() > 0)
        m_session.setLimit(
            Limit::LongKeys,
            tr("%Ln key(s) (is/are) left out, because no worker has such a long name: %1.", nullptr, m_pages.leftOut().count())
                .arg(m_pages.leftOut().names()),
            this);
    else
        m_session.endLimit(Limit::LongKeys, this);
    if (m_byId.size() < mostKeys)
        m_session.endLimit(Limit::TooMany, this);
    // A key that was there and was not seen: ask for it by name, the answer says how it ended.
    for (Slot slot = 0; slot < size(); ++slot) {
        const Entry &entry = m_entries[slot];
        const bool seen = entry.seenInScan == m_scanNumber || entry.queuedInScan == m_scanNumber;
        if (!entry.id.isEmpty() && !seen && (entry.present || m_readingAll))
            queueRead(slot);
    }
    m_reader.scanned();
    pump();
    if (std::exchange(m_rescan, false))
        scan(true);
    m_session.partRead();
}

void KeyWatch::look(qint64 now)
{
    // With push a refusal is asked about again as often as without: the right may be given at any time.
    if (!m_plan.finds)
        return;
    const bool seldom = isPushing() && !m_session.hasLimit(Limit::Keys);
    const int every = seldom ? m_session.options.reconcileMs : sweepPeriodMs();
    if (!m_scanning && now - m_scannedAt >= every && m_budget.waitMs(m_session.clockOffset.roundTripUs()) == 0)
        scan(false);
}

void KeyWatch::resume()
{
    if (m_scanOpen && !m_scanning)
        scan(true);
}

bool KeyWatch::sweep(qint64 now)
{
    // While the reading before is still under way there is no other.
    const bool pushing = isPushing();
    if ((pushing && m_refusals == 0) || now - m_sweptAt < sweepPeriodMs() || !m_readQueue.empty())
        return false;
    m_sweptAt = now;
    // With push only what was refused is asked for again: the right may be given back at any time, and that is not announced.
    for (Slot slot = 0; slot < size(); ++slot) {
        if (!m_entries[slot].id.isEmpty() && (!pushing || m_entries[slot].refused))
            queueRead(slot);
    }
    pump();
    return !pushing;
}

int KeyWatch::sweepPeriodMs() const
{
    return qMax(m_session.options.sweepMs, int(m_byId.size() * 1000 / readsPerSecond));
}

int KeyWatch::scanPeriodMs() const
{
    return int(qMin<qint64>(m_budget.passUs(m_session.clockOffset.roundTripUs()) / 1000, 3'600'000));
}

// Reads ---------------------------------------------------------------------------------------------------------------

void KeyWatch::queueRead(Slot slot)
{
    Entry &entry = m_entries[slot];
    if (!m_session.fullView && !entry.awaited && entry.readInScan != m_scanNumber) {
        entry.awaited = true;
        ++m_session.awaited;
    }
    if (entry.queued)
        return;
    if (entry.reading) {
        entry.again = true;
        return;
    }
    entry.queued = true;
    entry.queuedInScan = m_scanNumber;
    m_readQueue.push_back(slot);
}

void KeyWatch::collect(int afterMs)
{
    // Unseen, what was announced has been read together already, but over TLS.
    constexpr int unseenMs = 250;
    const int collectMs = m_session.seen                                        ? m_session.options.collectMs
                          : m_session.url.transport == RedisUrl::Transport::Tls ? qMax(unseenMs, m_session.options.collectMs)
                                                                                : 0;
    if (!m_collectTimer.isActive())
        m_collectTimer.start(afterMs >= 0 ? afterMs : collectMs);
}

void KeyWatch::pump()
{
    if (!m_session.begun)
        return;
    size_t taken = 0;
    while (taken < m_readQueue.size() && m_session.inFlight < mostInFlight) {
        if (taken + 4 < m_readQueue.size())
            prefetch(&m_entries[m_readQueue[taken + 4]]);
        if (taken + 2 < m_readQueue.size())
            prefetch(m_entries[m_readQueue[taken + 2]].id.constData());
        send(m_readQueue[taken++]);
    }
    m_readQueue.erase(m_readQueue.begin(), m_readQueue.begin() + qsizetype(taken));
    m_reader.collected();
}

/// The usual way, taken 20,000 times a second: nothing is formatted, and the handlers are small enough to need no memory of
/// their own.
void KeyWatch::send(Slot slot)
{
    Entry &entry = m_entries[slot];
    entry.queued = false;
    if (entry.id.isEmpty())
        return;
    entry.reading = true;
    ++m_session.inFlight;
    m_sent[m_sentCount++ % m_sent.size()] = slot;
    const WorkerNumber number = entry.number;
    const QByteArrayView key = keyOf(slot);
    if ((m_session.careful || entry.careful) && m_plan.values == Plan::Values::Hash) {
        // One enormous field, which is not kept, must not come over the connection with each read.
        track(key);
        m_session.askSizes(key, m_plan.fields, [this, slot](quint32 tooLarge) { sendSized(slot, tooLarge); });
        return;
    }
    if (m_script) {
        entry.byTracked = false;
        track(key);
        sendMembers(slot);
        return;
    }
    // Whatever is unanswered when a connection ends is answered before the next begins, so no answer is of another generation.
    RedisConnection *connection = readConnection();
    entry.byTracked = connection != m_session.connection;
    if (m_plan.values != Plan::Values::None) {
        connection->request(m_fieldsRequest, key, [this, slot, number](const RedisAnswer &answer) {
            if (m_session.running)
                finishFields(slot, number, answer, 0);
        });
    }
    connection->request(m_ttlRequest, key, [this, slot, number](const RedisAnswer &answer) {
        if (m_session.running)
            finishTtl(slot, number, answer);
    });
}

/// What is read by the session's own connection is announced all the same: the tracked one has read something of the key before.
void KeyWatch::track(QByteArrayView key)
{
    if (RedisConnection *tracked = m_plan.tracked ? m_plan.tracked->connection() : nullptr)
        tracked->request(m_ttlRequest, key, {});
}

void KeyWatch::sendSized(Slot slot, quint32 tooLarge)
{
    const WorkerNumber number = m_entries[slot].number;
    const QByteArrayView key = keyOf(slot);
    m_session.askFields(key, m_plan.fields, tooLarge, [this, slot, number, tooLarge](const RedisAnswer &answer) {
        finishFields(slot, number, answer, tooLarge);
    });
    m_session.ask({"PTTL", key}, [this, slot, number](const RedisAnswer &answer) { finishTtl(slot, number, answer); });
}

void KeyWatch::sendMembers(Slot slot)
{
    const WorkerNumber number = m_entries[slot].number;
    const QByteArray key = keyOf(slot).toByteArray();
    std::vector<QByteArray> words{longestSecret, longestMember};
    words.insert(words.end(), m_plan.members.begin(), m_plan.members.end());
    const auto taken = std::make_shared<bool>(false);
    const auto take = [this, slot, number, taken](const RedisReply &reply) {
        *taken = true;
        takeMembers(slot, number, reply);
    };
    m_script->call({key}, words, take, [this, slot, number, key, taken] {
        if (m_script->isRefused())
            m_session.setLimit(Limit::Workers,
                               tr("What workers have at work is not known: a script takes it out of records that have the "
                                  "arguments of jobs too, and EVAL_RO, EVAL or what it calls is refused."),
                               this);
        if (!*taken && isKnown(slot, number))
            m_reader.takeUnread(slot);
        m_session.ask({"PTTL", key}, [this, slot, number](const RedisAnswer &answer) { finishTtl(slot, number, answer); });
    });
}

void KeyWatch::takeMembers(Slot slot, WorkerNumber number, const RedisReply &reply)
{
    m_session.endLimit(Limit::Workers, this);
    if (isKnown(slot, number))
        m_reader.takeFields(slot, reply, quint32(reply.at(1).toInteger() == 1));
}

void KeyWatch::finishFields(Slot slot, WorkerNumber number, const RedisAnswer &answer, quint32 tooLarge)
{
    if ((!answer.ok() && answer.outcome != RedisAnswer::Outcome::Error) || !isKnown(slot, number))
        return;
    Entry &entry = m_entries[slot];
    const bool refused = answer.outcome == RedisAnswer::Outcome::Error && !answer.isError("WRONGTYPE");
    // What a refusal hides of a worker that was read before is no news of the worker.
    entry.fieldsRefused = refused && entry.fieldsRead;
    if (refused)
        m_session.setLimit(Limit::Workers, tr("The fields of workers cannot be read, because HMGET is refused."), this);
    else if (answer.ok())
        m_session.endLimit(Limit::Workers, this);
    entry.fieldsRead = entry.fieldsRead || answer.ok();
    if (!entry.fieldsRefused)
        m_reader.takeFields(slot, answer.reply, tooLarge);
}

void KeyWatch::finishTtl(Slot slot, WorkerNumber number, const RedisAnswer &answer)
{
    if (answer.outcome == RedisAnswer::Outcome::Lost || answer.outcome == RedisAnswer::Outcome::Timeout) {
        // Not read. With the session's own connection what was under way has been reset, or is about to be.
        Entry &entry = m_entries[slot];
        if (entry.byTracked && std::exchange(entry.reading, false)) {
            --m_session.inFlight;
            if (isKnown(slot, number))
                queueRead(slot);
            collect();
        }
        return;
    }
    --m_session.inFlight;
    prepareNext();
    if (answer.outcome == RedisAnswer::Outcome::Refused) {
        // Too much was waiting: it is asked again.
        m_entries[slot].reading = false;
        if (!m_entries[slot].id.isEmpty())
            queueRead(slot);
        collect();
        return;
    }
    if (answer.outcome == RedisAnswer::Outcome::Error) {
        m_session.setLimit(Limit::Ttls,
                           tr("It is not known which workers are alive, because PTTL is refused: %1").arg(answer.text()), this);
        if (isKnown(slot, number))
            takeRefusal(slot);
    } else {
        m_session.endLimit(Limit::Ttls, this);
        const qint64 pttl = answer.reply.toInteger(-2);
        if (isKnown(slot, number) && m_entries[slot].fieldsRefused && pttl != -2) {
            takeRefusal(slot);
        } else if (isKnown(slot, number)) {
            Entry &entry = m_entries[slot];
            m_refusals -= int(std::exchange(entry.refused, false));
            const qint64 now = m_session.now();
            // The read under way may have seen what was announced meanwhile, and may have been too early: the next one, which is
            // wanted then, has been announced all the same.
            const qint64 before = std::exchange(entry.announcedAt, 0);
            const qint64 announcedAt = before > 0 ? before : entry.announcedInRead;
            entry.present = pttl != -2;
            m_session.countRead(entry.present && announcedAt > 0 ? now - announcedAt : -1);
            m_reader.takeTtl(slot, pttl, now, announcedAt);
        }
    }
    finishRead(slot);
}

/// Nothing more is known of it until a read is answered. The others, which may have changed without being read since, are asked
/// for at once: a right is rarely taken for one key.
void KeyWatch::takeRefusal(Slot slot)
{
    Entry &entry = m_entries[slot];
    const bool first = m_refusals == 0 && !entry.refused;
    m_refusals += int(!std::exchange(entry.refused, true));
    m_sweptAt = m_session.now();
    m_reader.takeRefused(slot);
    if (first && m_session.fullView && isPushing())
        readsMoved();
}

void KeyWatch::finishRead(Slot slot)
{
    Entry &entry = m_entries[slot];
    entry.reading = false;
    entry.readInScan = m_scanNumber;
    if (std::exchange(entry.awaited, false))
        --m_session.awaited;
    if (entry.again && !entry.id.isEmpty()) {
        entry.again = false;
        entry.announcedAt = std::exchange(entry.announcedInRead, 0);
        queueRead(slot);
    }
    const bool prompt = m_session.fullView && isPushing();
    if (!m_readQueue.empty() && prompt)
        collect();
    // Refill before the pipeline runs dry, so that Redis is never kept waiting.
    if ((!prompt || m_readQueue.size() > size_t(mostInFlight)) && m_session.inFlight < mostInFlight / 2)
        pump();
    if (m_session.status.state == SourceState::Loading)
        ++m_session.status.loaded;
    m_session.flushIfIdle();
    m_session.partRead();
}

/// What a read a few answers further on will touch. Where sizes are asked first the order is another, and nothing but time is
/// lost.
void KeyWatch::prepareNext()
{
    constexpr size_t ahead = 4;
    ++m_answeredCount;
    if (m_answeredCount + 2 * ahead < m_sentCount)
        prefetch(&m_entries[m_sent[(m_answeredCount + 2 * ahead) % m_sent.size()]]);
    if (m_answeredCount + ahead < m_sentCount) {
        const Slot slot = m_sent[(m_answeredCount + ahead) % m_sent.size()];
        prefetch(m_entries[slot].id.constData());
        m_due.prepareFor(slot);
        m_reader.prepare(slot);
    }
}

// Deadlines -----------------------------------------------------------------------------------------------------------

void KeyWatch::fireDeadlines(qint64 now)
{
    bool any = false;
    m_due.eachDue(now, [&](Slot slot) {
        // Renewed since, or what it depends on has changed.
        const qint64 at = m_reader.dueAt(slot);
        m_due.set(slot, at > now ? at : 0);
        if (at > 0 && at <= now) {
            queueRead(slot);
            any = true;
        }
    });
    if (any)
        pump();
}

} // namespace pulsedeck
