// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/streamdialect.h"

#include "models/core/visibletext.h"
#include "models/layouts/layoutwrite.h"

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// Two readings of one call differ by the time that answers take.
constexpr qint64 sameCallMs = 100;
constexpr qsizetype longestConsumerId = 512;
constexpr qsizetype longestStreamShown = 128;
constexpr qint64 usualSilenceMs = 15'000;

LayoutVariables streamVariables(const Layout &layout)
{
    return {{"prefix", layout.prefix}};
}

const LayoutDiscovery &streamsOf(const Layout &layout)
{
    return layout.discover.front();
}

/// The id of a consumer whose parts are these.
LayoutText memberText(const Layout &layout)
{
    const LayoutText &written = streamsOf(layout).memberIs;
    return written.isEmpty() ? LayoutText("{stream}/{group}/{member}") : written;
}

qint32 shortCount(qint64 count)
{
    return qint32(std::clamp<qint64>(count, 0, std::numeric_limits<qint32>::max()));
}

} // namespace

StreamDialect::StreamDialect(RedisSession &session, const Layout &layout, TraitsRef traits)
    : m_session(session)
    , m_layout(layout)
    , m_traits(traits)
    , m_records(layout)
    , m_scripts(layout, layout.prefix)
    , m_separators(memberText(layout).resolve(streamVariables(layout)))
    , m_reader(new StreamReader(session, streamsOf(layout).key.resolve(streamVariables(layout)), *this))
{ }

StreamDialect::~StreamDialect()
{
    delete m_reader;
}

// Life of the connection ----------------------------------------------------------------------------------------------

void StreamDialect::beginView()
{
    m_reader->beginView();
}

void StreamDialect::lost()
{
    m_reader->lost();
    m_leftOut.clear();
    m_waiting.clear(); // They may have been taken and others come meanwhile.
}

void StreamDialect::tick(qint64 now)
{
    m_reader->look(now, int(m_layout.sweepMs));
}

void StreamDialect::keysLost()
{
    for (StreamConsumer &consumer : m_consumers)
        consumer.missed = false;
    m_reader->readSoon();
}

void StreamDialect::awaitingOver()
{
    m_reader->readSoon();
}

bool StreamDialect::knows(const QByteArray &worker) const
{
    const auto found = m_consumers.constFind(worker);
    return found != m_consumers.cend() && found->told;
}

void StreamDialect::commandAnswered(const Command &, CommandProgress::Outcome)
{
    m_reader->readSoon();
}

// What is read --------------------------------------------------------------------------------------------------------

/// Empty: it cannot be shown, as commands for it could hit another one.
QByteArray StreamDialect::idOf(const StreamReader::Consumer &consumer) const
{
    LayoutVariables parts = streamVariables(m_layout);
    parts.insert("stream", escapedName(consumer.stream, m_separators));
    parts.insert("group", escapedName(consumer.group, m_separators));
    parts.insert("member", escapedName(consumer.name, m_separators));
    const QByteArray id = memberText(m_layout).resolve(parts);
    if (id.isEmpty() || id.size() > longestConsumerId || !m_records.accepts(id))
        return {};
    // What commands take from the id is what was read.
    const LayoutVariables back = idVariables(m_layout.idPattern, id, m_layout.escapesIds());
    const bool same = back.value("stream", consumer.stream.toByteArray()) == consumer.stream
                      && back.value("group", consumer.group.toByteArray()) == consumer.group
                      && back.value("consumer", consumer.name.toByteArray()) == consumer.name;
    return same ? id : QByteArray();
}

void StreamDialect::takeConsumer(const StreamReader::Consumer &read)
{
    const QByteArray id = idOf(read);
    if (id.isEmpty()) {
        m_leftOut.add(read.name);
        return;
    }
    auto known = m_consumers.find(id);
    if (known == m_consumers.end()) {
        known = m_consumers.insert(id, StreamConsumer());
        known->number = m_session.nextNumber++;
        known->stream = read.stream.toByteArray();
        known->group = read.group.toByteArray();
        ++m_session.workers;
    }
    StreamConsumer &consumer = *known;
    const bool first = consumer.generation != m_session.generation;
    const qint64 now = m_session.now();
    const qint64 calledAt = now - qMax<qint64>(0, read.idleMs);
    const bool moved = calledAt > consumer.calledAt + sameCallMs;
    const bool beat = !first && consumer.calledAt > 0 && moved;
    // The server's clock was set back, or it was made again under its name: what Redis says now counts.
    if (moved || calledAt < consumer.calledAt - usualSilenceMs)
        consumer.calledAt = calledAt;
    noteCall(consumer);
    if (std::exchange(consumer.missed, false))
        m_session.reregistration.cameBack();
    consumer.pass = m_pass;
    consumer.generation = m_session.generation;
    consumer.readAt = now;
    consumer.pending = read.pending;
    if (m_records.hasStatus()) {
        LayoutVariables found{{"pending", QByteArray::number(read.pending)}, {"idle", QByteArray::number(read.idleMs)}};
        if (read.inactiveMs >= 0)
            found.insert("inactive", QByteArray::number(read.inactiveMs));
        consumer.status = m_records.read(RedisReply(), id, {}, 0, found).status;
    }
    if (!consumer.told)
        tellText(id, consumer, read);
    report(consumer, beat);
    m_session.countRead(-1);
}

void StreamDialect::takeStream(const QByteArray &stream, const std::vector<StreamReader::Group> &groups)
{
    const qint64 now = m_session.now();
    QHash<QByteArray, qint64> waiting;
    for (const StreamReader::Group &group : groups) {
        if (group.lag > 0)
            waiting.insert(group.name, m_waiting.value(stream).value(group.name, now));
    }
    if (waiting.isEmpty())
        m_waiting.remove(stream);
    else
        m_waiting.insert(stream, waiting);
    if (m_layout.queues.kind == LayoutQueues::Kind::None)
        return;
    // One that nobody has made a group for is read by other means, or not a queue at all.
    if (groups.empty()) {
        endQueue(stream);
        return;
    }
    if (!m_queues.contains(stream)) {
        if (m_queues.size() >= mostQueues)
            return;
        m_queues.insert(stream);
    }
    QueueSample sample;
    sample.name = sample.key = stream;
    sample.traits = m_traits;
    sample.readAt = now;
    sample.waiting = sample.atWork = sample.taken = 0;
    for (const StreamReader::Group &group : groups) {
        // Of several groups each has to be given every entry. What one does not know, all together do not.
        sample.waiting = group.lag < 0 || sample.waiting < 0 ? -1 : sample.waiting + group.lag;
        sample.atWork += qMax<qint64>(0, group.pending);
        // What was delivered and what was not are together all that ever came.
        sample.taken = group.read < 0 || sample.taken < 0 ? -1 : sample.taken + group.read;
    }
    if (sample.taken >= 0 && sample.waiting >= 0)
        sample.added = sample.taken + sample.waiting;
    m_session.addQueue(sample);
}

void StreamDialect::endQueue(const QByteArray &stream)
{
    if (!m_queues.remove(stream))
        return;
    QueueSample gone;
    gone.name = stream;
    gone.traits = m_traits;
    gone.readAt = m_session.now();
    gone.gone = true;
    m_session.addQueue(gone);
}

void StreamDialect::passed()
{
    m_consumers.removeIf([this](Consumers::iterator one) {
        StreamConsumer &consumer = one.value();
        if (consumer.pass == m_pass || m_reader->isUnread(consumer.stream, consumer.group) || judgeMissing(consumer))
            return false;
        --m_session.workers;
        return true;
    });
    ++m_pass;
    if (m_leftOut.count() == 0)
        m_session.endLimit(RedisSession::Limit::LongConsumers, this);
    else
        m_session.setLimit(RedisSession::Limit::LongConsumers,
                           tr("%Ln consumer(s) (is/are) left out, because the names of stream, group and consumer are together "
                              "too long or do not fit the layout: %1",
                              nullptr, m_leftOut.count())
                               .arg(m_leftOut.names()),
                           this);
    m_leftOut.clear();
}

// Judging and telling -------------------------------------------------------------------------------------------------

/// It is in no group any more: it was deleted, or its group or stream was, or the server has lost everything.
bool StreamDialect::judgeMissing(StreamConsumer &consumer)
{
    if (m_session.status.isCutOff()) {
        consumer.generation = 0;
        return true;
    }
    if (m_session.reregistration.isAwaiting() && consumer.told) {
        if (!std::exchange(consumer.missed, true))
            m_session.reregistration.await();
        consumer.generation = 0;
        return true;
    }
    if (std::exchange(consumer.missed, false))
        m_session.reregistration.cameBack();
    end(consumer, consumer.generation != m_session.generation ? WorkerEnd::Unseen : WorkerEnd::Left);
    return false;
}

void StreamDialect::end(StreamConsumer &consumer, WorkerEnd how)
{
    if (!std::exchange(consumer.told, false))
        return;
    WorkerSample sample;
    sample.number = consumer.number;
    sample.readAt = m_session.now();
    sample.end = how;
    sample.status = consumer.status;
    m_session.addSample(sample);
    m_session.addRemoved(consumer.number);
}

void StreamDialect::tellText(const QByteArray &id, StreamConsumer &consumer, const StreamReader::Consumer &read)
{
    const LayoutVariables found{{"stream", consumer.stream}, {"group", consumer.group}, {"name", read.name.toByteArray()}};
    WorkerText text = m_records.describe(consumer.number, id, RedisReply(), {}, RecordReading(), found);
    text.traits = m_traits;
    // A name with a comma is one stream.
    if (!text.queues.isEmpty())
        text.queues = {visibleLine(QString::fromUtf8(consumer.stream)).simplified().left(longestStreamShown)};
    m_session.addText(text);
    consumer.told = true;
}

/// Where one of a group reads, entries do not wait for the others.
void StreamDialect::noteCall(const StreamConsumer &consumer)
{
    const auto groups = m_waiting.find(consumer.stream);
    if (groups == m_waiting.end())
        return;
    const auto since = groups->find(consumer.group);
    if (since != groups->end() && consumer.calledAt > *since)
        *since = consumer.calledAt;
}

bool StreamDialect::isStuck(const StreamConsumer &consumer) const
{
    const qint64 patience = qMax(m_layout.liveness.busy.lateMs, m_layout.liveness.idle.lateMs);
    const qint64 since = m_waiting.value(consumer.stream).value(consumer.group, 0);
    return since > 0 && patience > 0 && consumer.readAt - since > patience && consumer.readAt - consumer.calledAt > patience;
}

/// Nothing that it has to do would make it call: a long silence says nothing.
bool StreamDialect::isUnheard(const StreamConsumer &consumer) const
{
    const qint64 late = m_layout.liveness.idle.lateMs;
    return consumer.pending == 0 && consumer.readAt - consumer.calledAt > (late > 0 ? late : usualSilenceMs)
           && !isStuck(consumer);
}

void StreamDialect::report(const StreamConsumer &consumer, bool beat)
{
    WorkerSample sample;
    sample.number = consumer.number;
    sample.readAt = consumer.readAt;
    sample.beatAt = consumer.calledAt;
    sample.newBeat = beat;
    sample.keyPresent = true;
    sample.status = consumer.status;
    sample.activeSessions = shortCount(consumer.pending);
    sample.flags = WorkerFlag::PolledBeats;
    sample.flags.setFlag(WorkerFlag::Unheard, isUnheard(consumer));
    m_session.addSample(sample);
}

} // namespace pulsedeck
