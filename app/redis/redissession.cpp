// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redissession.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 longestAskedFor = 64 * 1024; // Fields above it are not even asked for once one proved too large.
constexpr qint64 rateOverMs = 500;
constexpr int mostTimingProblems = 12;

} // namespace

RedisSession::RedisSession(SourceId sourceId, const RedisUrl &sourceUrl, const RedisSourceOptions &sourceOptions,
                           const Clock &sourceClock, QObject *parent)
    : QObject(parent)
    , id(sourceId)
    , url(sourceUrl)
    , options(sourceOptions)
    , clock(sourceClock)
{
    status.source = id;
    status.timing = options.timing;
    status.database = url.database;
    m_batch.source = id;
}

// Requests ------------------------------------------------------------------------------------------------------------

void RedisSession::ask(std::span<const QByteArrayView> words, RedisConnection::Handler handler)
{
    askBy(connection, words, std::move(handler));
}

void RedisSession::askBy(RedisConnection *other, std::span<const QByteArrayView> words, RedisConnection::Handler handler)
{
    RedisConnection *by = other ? other : connection;
    if (!by)
        return;
    by->request(words, [this, asked = generation, handler = std::move(handler)](const RedisAnswer &answer) {
        const bool ended = answer.outcome == RedisAnswer::Outcome::Lost || answer.outcome == RedisAnswer::Outcome::Timeout;
        if (handler && !ended && isCurrent(asked))
            handler(answer);
    });
}

void RedisSession::ask(std::initializer_list<QByteArrayView> words, RedisConnection::Handler handler)
{
    ask({words.begin(), words.size()}, std::move(handler));
}

void RedisSession::askSizes(QByteArrayView key, std::span<const QByteArrayView> fields, const std::function<void(quint32)> &then)
{
    const auto large = std::make_shared<quint32>(0);
    for (size_t i = 0; i < fields.size(); ++i) {
        const bool last = i + 1 == fields.size();
        ask({"HSTRLEN", key, fields[i]}, [large, i, then = last ? then : nullptr](const RedisAnswer &answer) {
            if (answer.ok() && answer.reply.toInteger() > longestAskedFor)
                *large |= 1u << i;
            if (then)
                then(*large);
        });
    }
}

void RedisSession::askFields(QByteArrayView key, std::span<const QByteArrayView> fields, quint32 tooLarge,
                             RedisConnection::Handler handler)
{
    std::vector<QByteArrayView> words{"HMGET", key};
    for (size_t i = 0; i < fields.size(); ++i)
        words.push_back(tooLarge >> i & 1u ? QByteArrayView("") : fields[i]);
    ask(words, std::move(handler));
}

void RedisSession::readFields(const QByteArray &key, const std::vector<QByteArrayView> &fields, RedisConnection::Handler handler)
{
    if (!careful) {
        askFields(key, fields, 0, std::move(handler));
        return;
    }
    askSizes(key, fields,
             [this, key, fields, handler = std::move(handler)](quint32 tooLarge) { askFields(key, fields, tooLarge, handler); });
}

// Workers -------------------------------------------------------------------------------------------------------------

void RedisSession::addSample(const WorkerSample &sample)
{
    m_batch.samples.append(sample);
    if (m_batch.samples.size() >= FleetBatch::maxSamples)
        flush();
}

void RedisSession::addWorkerJobs(const WorkerJobs &jobs)
{
    m_batch.workerJobs.append(jobs);
    if (m_batch.workerJobs.size() >= FleetBatch::maxSamples)
        flush();
}

void RedisSession::flush()
{
    if (m_batch.samples.isEmpty() && m_batch.texts.isEmpty() && m_batch.removed.isEmpty() && m_batch.queues.isEmpty()
        && m_batch.pauses.isEmpty() && m_batch.workerJobs.isEmpty())
        return;
    m_batch.generation = generation;
    m_batch.at = now();
    emit batchReady(m_batch);
    m_batch.texts.clear();
    m_batch.samples.clear();
    m_batch.removed.clear();
    m_batch.queues.clear();
    m_batch.pauses.clear();
    m_batch.workerJobs.clear();
}

void RedisSession::countRead(qint64 lagMs)
{
    if (fullView) // How fast a view is read is no rate of changes.
        m_rate.count(lagMs);
}

// Status --------------------------------------------------------------------------------------------------------------

void RedisSession::setState(SourceState state)
{
    if (state == SourceState::Loading || state == SourceState::Live || state == SourceState::Sweeping) {
        status.lostAt = 0;
        status.setTrouble({});
    }
    if (status.state != state) {
        const bool wasConnected = status.isConnected();
        status.state = state;
        // A view that is read again is no new connection.
        if (!wasConnected || !status.isConnected())
            status.since = now();
        if (!wasConnected && status.isConnected())
            m_rate.clear(now());
    }
    describe();
    report();
}

void RedisSession::setLimit(Limit kind, const QString &text, const void *by)
{
    if (m_limits.set(kind, text, by))
        tellLimits();
}

void RedisSession::endLimit(Limit kind, const void *by)
{
    if (m_limits.end(kind, by))
        tellLimits();
}

void RedisSession::clearLimits()
{
    m_limits.clear();
    status.limits.clear();
    status.timingProblems.clear();
    status.gaps = {};
}

void RedisSession::tellLimits()
{
    status.limits = m_limits.texts();
    status.gaps = m_limits.gaps();
    describe();
    report();
}

void RedisSession::setTimingProblems(const QStringList &texts)
{
    const QStringList problems = texts.mid(0, mostTimingProblems);
    if (std::exchange(status.timingProblems, problems) != problems)
        report();
}

void RedisSession::describe()
{
    if (!status.isConnected())
        return;
    status.setTrouble(reregistration.trouble(product()));
    status.forgotten = status.trouble != SourceTrouble::None;
    if (!status.forgotten && status.isPartial())
        status.setTrouble({SourceTrouble::Incomplete, m_limits.gapTexts().join(u' '), tr("The view is incomplete.")});
}

QString RedisSession::product() const
{
    return identity.product.isEmpty() ? u"Redis"_s : identity.product; // untranslated: a name
}

void RedisSession::report()
{
    const qint64 passed = now() - m_reportedAt;
    if (passed >= rateOverMs) {
        m_rate.look(now());
        status.updatesPerSecond = m_rate.perSecond();
        status.lagMs = m_rate.lagMs() >= 0 ? qint32(m_rate.lagMs()) : unknownValue;
        m_reportedAt = now();
    } else if (status.state == SourceState::Loading) {
        m_reportedAt = now();
    }
    emit reporting();
    emit statusChanged(status);
}

} // namespace pulsedeck
