// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clientreader.h"

#include "app/redis/keywatch.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ClientReader::ClientReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits)
    : m_session(session)
    , m_layout(layout)
    , m_variables(variables)
    , m_traits(traits)
    , m_ids(layout, variables)
    , m_reader(layout)
    , m_marks(session, variables)
{ }

ClientReader::~ClientReader()
{
    closeOwn();
}

// Life of a connection ------------------------------------------------------------------------------------------------

void ClientReader::beginView()
{
    m_read = false;
    if (!m_asking)
        ask();
}

void ClientReader::lost()
{
    closeOwn();
    m_asking = false;
}

int ClientReader::sweepPeriodMs() const
{
    const qint64 affordable = m_budget.passUs(m_session.clockOffset.roundTripUs()) / 1000;
    return int(std::clamp<qint64>(affordable, m_layout.sweepMs, 3'600'000));
}

void ClientReader::tick(qint64 now)
{
    if (!m_session.begun || m_asking)
        return;
    // Until it was read once, what could not be sent is sent again soon.
    constexpr qint64 againMs = 500;
    const qint64 period = m_session.fullView ? m_layout.sweepMs : againMs;
    if ((m_session.fullView || !m_read) && now - m_askedAt >= period && m_budget.waitMs(m_session.clockOffset.roundTripUs()) == 0)
        ask();
}

// Asking --------------------------------------------------------------------------------------------------------------

void ClientReader::ask()
{
    m_askedAt = m_session.now();
    if (m_isLong && !m_own)
        openOwn();
    if (m_isLong && m_own->state() != RedisConnection::State::Ready)
        return; // It asks when it is ready.
    m_asking = true;
    m_budget.beginPass(DiscoveryBudget::steadyUs(), m_session.clockOffset.roundTripUs());
    m_session.askBy(m_isLong ? m_own : nullptr, std::initializer_list<QByteArrayView>{"CLIENT", "LIST", "TYPE", "NORMAL"},
                    [this](const RedisAnswer &answer) {
                        m_asking = false;
                        m_budget.spent(answer.elapsedUs);
                        m_budget.endPass();
                        takeAnswer(answer);
                    });
    if (m_isLong)
        m_own->request({"PING"}, {}); // The memory of a long answer is given back with the next one.
}

void ClientReader::openOwn()
{
    RedisConnectionOptions options = m_session.options.connection;
    options.maxStringBytes = largestList;
    options.maxReplyBytes = qMax(options.maxReplyBytes, largestList + largestList / 8);
    m_own = new RedisConnection(m_session.url, options, &m_session);
    QObject::connect(m_own, &RedisConnection::stateChanged, m_own, [this](RedisConnection::State state) {
        if (state == RedisConnection::State::Connecting)
            return;
        m_asking = false;
        if (state == RedisConnection::State::Ready)
            ask();
        else
            cannotSee(
                tr("Workers of %1 cannot be seen, because there is no second connection to read the list of connections: %2")
                    .arg(m_layout.title, m_own->failure().text));
    });
    m_own->open();
}

void ClientReader::closeOwn()
{
    if (!m_own)
        return;
    m_own->disconnect();
    m_own->deleteLater();
    std::exchange(m_own, nullptr)->close();
}

void ClientReader::cannotSee(const QString &why)
{
    m_read = true;
    m_session.setLimit(RedisSession::Limit::Clients, why, this);
    m_session.partRead();
}

void ClientReader::takeAnswer(const RedisAnswer &answer)
{
    if (answer.outcome == RedisAnswer::Outcome::Refused)
        return; // Too much was waiting: it is asked again.
    if (m_session.replica) {
        cannotSee(tr("Workers of %1 cannot be seen here: this is a replica, and they are connected to its primary.")
                      .arg(m_layout.title));
        return;
    }
    if (!answer.ok()) {
        cannotSee(tr("Workers of %1 cannot be seen, because they are known by their connections and CLIENT LIST is refused: %2")
                      .arg(m_layout.title, sentence(answer)));
        return;
    }
    if (answer.reply.isTooLarge() && !m_isLong) {
        m_isLong = true;
        ask();
        return;
    }
    if (answer.reply.isTooLarge()) {
        cannotSee(tr("Workers of %1 cannot be seen, because the server has more connections than are listed here.")
                      .arg(m_layout.title));
        return;
    }
    m_session.endLimit(RedisSession::Limit::Clients, this);
    sift(answer.reply.bytes());
}

// The list ------------------------------------------------------------------------------------------------------------

/// Whose the queues are is asked for new ones at once, and for all of them again and again: a queue may change hands.
void ClientReader::sift(QByteArrayView list)
{
    constexpr qint64 againMs = 30'000;
    QSet<QByteArray> keys;
    ListedClient::forEachNamed(list, [&](const ListedClient &client) {
        if (!isHere(client) || keys.size() >= QueueMarks::mostKeys)
            return;
        const ClientIds::Named named = m_ids.of(client);
        if (named.unless && !named.id.isEmpty())
            m_marks.addKeys(&keys, *named.unless, named.queue);
    });
    const qint64 age = m_session.now() - m_marksAt;
    if (keys.isEmpty() || (age >= 0 && age < againMs && m_marks.knows(keys))) {
        takeList(list);
        return;
    }
    m_marksAt = m_session.now();
    m_asking = true;
    m_marks.read(keys, [this, copy = list.toByteArray()] {
        m_asking = false;
        takeList(copy);
    });
}

void ClientReader::takeList(QByteArrayView list)
{
    ++m_pass;
    m_leftOut.clear();
    const bool wasFull = std::exchange(m_full, false);
    ListedClient::forEachNamed(list, [this](const ListedClient &client) { takeClient(client); });
    endMissing();
    m_session.status.total = m_session.workers;
    if (wasFull && !m_full)
        m_session.endLimit(RedisSession::Limit::TooMany, this);
    if (m_leftOut.count() > 0)
        m_session.setLimit(
            RedisSession::Limit::ClientNames,
            tr("%Ln connection(s) (is/are) left out, because no queue can be read from (its name/their names): %1.", nullptr,
               m_leftOut.count())
                .arg(m_leftOut.names()),
            this);
    else
        m_session.endLimit(RedisSession::Limit::ClientNames, this);
    m_read = true;
    m_session.flushIfIdle();
    m_session.partRead();
}

/// The list is of the whole server.
bool ClientReader::isHere(const ListedClient &client) const
{
    return client.database.isEmpty() || client.database.toInt() == m_session.url.database;
}

void ClientReader::takeClient(const ListedClient &client)
{
    if (!isHere(client))
        return;
    const ClientIds::Named named = m_ids.of(client);
    if (named.unless && m_marks.isOthers(*named.unless, named.queue))
        return;
    if (named.unless && m_marks.isOpen(*named.unless, named.queue) && !m_members.contains(named.id))
        return; // The next list shows it, if it is one.
    if (!named.id.isEmpty())
        takeWorker(named.id, client);
    else if (named.fits)
        m_leftOut.add(client.name);
}

void ClientReader::takeWorker(const QByteArray &id, const ListedClient &client)
{
    auto known = m_members.find(id);
    if (known == m_members.end()) {
        if (m_session.workers >= KeyWatch::mostKeys) {
            m_full = true;
            m_session.setLimit(
                RedisSession::Limit::TooMany,
                KeyWatch::tr("There are more than %Ln worker(s): the rest is not shown.", nullptr, int(KeyWatch::mostKeys)),
                this);
            return;
        }
        known = m_members.insert(id, {m_session.nextNumber++, 0, 0, 0});
        ++m_session.workers;
    }
    Member &member = *known;
    if (member.pass == m_pass)
        return; // Several connections of one worker, where the layout makes one id of them.
    member.pass = m_pass;
    member.generation = m_session.generation;
    const LayoutVariables found{{"name", client.name.toByteArray()},
                                {"addr", client.place()},
                                {"client", client.client.toByteArray()},
                                {"age", client.age.toByteArray()},
                                {"idle", client.idle.toByteArray()},
                                {"flags", client.flags.toByteArray()},
                                {"blocked", client.flags.contains('b') ? "true" : "false"},
                                {"cmd", client.cmd.toByteArray()}};
    const RecordReading reading = m_reader.read(RedisReply(), id, {}, 0, found);
    if (std::exchange(member.textHash, reading.textHash) != reading.textHash) {
        WorkerText text = m_reader.describe(member.number, id, RedisReply(), {}, reading, found);
        text.traits = m_traits;
        m_session.addText(text);
    }
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = m_session.now();
    sample.keyPresent = true;
    sample.flags = reading.flags;
    sample.flags.setFlag(WorkerFlag::PolledBeats);
    sample.status = m_reader.hasStatus() ? reading.status : WorkerStatus::Available;
    sample.activeSessions = reading.busy;
    sample.lifetimeSessions = reading.processed;
    m_session.addSample(sample);
}

/// Killed, stopped, or connected again from another port: the list does not say which.
void ClientReader::endMissing()
{
    for (auto it = m_members.begin(); it != m_members.end();) {
        if (it->pass == m_pass) {
            ++it;
            continue;
        }
        WorkerSample sample;
        sample.number = it->number;
        sample.readAt = m_session.now();
        sample.end = it->generation == m_session.generation ? WorkerEnd::Left : WorkerEnd::Unseen;
        m_session.addSample(sample);
        m_session.addRemoved(it->number);
        --m_session.workers;
        it = m_members.erase(it);
    }
}

} // namespace pulsedeck
