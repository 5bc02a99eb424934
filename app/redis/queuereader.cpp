// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/queuereader.h"

#include "app/redis/streamreader.h"

#include <memory>

namespace pulsedeck {

namespace {

constexpr qint64 nameEveryMs = 10'000;
constexpr qint64 countEveryMs = 2'000;
constexpr qint64 scanEveryMs = 60'000;
constexpr quint32 queueMostPages = 50; // A scan for queues goes through so much of the keys and no further.
constexpr qsizetype queueLongestName = 256;

QByteArrayView countCommand(LayoutQueues::Count::How how)
{
    switch (how) {
    case LayoutQueues::Count::How::ZCard:
        return "ZCARD";
    case LayoutQueues::Count::How::SCard:
        return "SCARD";
    case LayoutQueues::Count::How::HLen:
        return "HLEN";
    case LayoutQueues::Count::How::StreamLag: // Not a length: see askCounts().
    case LayoutQueues::Count::How::LLen:
        break;
    }
    return "LLEN";
}

} // namespace

QueueReader::QueueReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits)
    : m_session(session)
    , m_queues(layout.queues)
    , m_variables(variables)
    , m_traits(traits)
{ }

void QueueReader::lost()
{
    m_asking = false;
    m_namedAt = m_countedAt = 0;
    m_missingSince.clear();
}

void QueueReader::look(qint64 now)
{
    const qint64 every = m_queues.kind == LayoutQueues::Kind::Scan ? scanEveryMs : nameEveryMs;
    if (!m_asking && now - m_namedAt >= every) {
        m_namedAt = now;
        askNames();
    }
    if (!m_names.isEmpty() && now - m_countedAt >= countEveryMs) {
        m_countedAt = now;
        askCounts();
    }
}

QByteArray QueueReader::nameOf(QByteArrayView member) const
{
    if (member.isEmpty() || member.size() > queueLongestName)
        return {};
    if (m_queues.nameFrom.pattern().isEmpty())
        return member.toByteArray();
    const QRegularExpressionMatch match = m_queues.nameFrom.match(QString::fromUtf8(member));
    return match.captured(QStringLiteral("queue")).toUtf8(); // untranslated: the name of a group
}

void QueueReader::askNames()
{
    if (m_queues.kind == LayoutQueues::Kind::Scan) {
        m_asking = true;
        m_pages = 0;
        scan("0", {});
        return;
    }
    m_asking = true;
    m_session.ask({"SMEMBERS", m_queues.key.resolve(m_variables)}, [this](const RedisAnswer &answer) {
        m_asking = false;
        if (!answer.ok())
            return;
        QSet<QByteArray> names;
        for (int i = 0; i < answer.reply.size(); ++i) {
            const QByteArray name = nameOf(answer.reply.at(i).bytes());
            if (!name.isEmpty())
                names.insert(name);
        }
        takeNames(names);
    });
}

void QueueReader::scan(const QByteArray &cursor, QSet<QByteArray> found)
{
    m_session.ask({"SCAN", cursor, "MATCH", m_queues.key.resolve(m_variables), "COUNT", "1000"},
                  [this, found = std::move(found)](const RedisAnswer &answer) mutable {
                      if (!answer.ok()) {
                          m_asking = false;
                          return;
                      }
                      const RedisReply keys = answer.reply.at(1);
                      for (int i = 0; i < keys.size(); ++i) {
                          const QByteArray name = nameOf(keys.at(i).bytes());
                          if (!name.isEmpty())
                              found.insert(name);
                      }
                      const QByteArray next = answer.reply.at(0).bytes().toByteArray();
                      if (next != "0" && ++m_pages < queueMostPages) {
                          scan(next, std::move(found));
                          return;
                      }
                      m_asking = false;
                      takeNames(found);
                  });
}

void QueueReader::tell(const QueueSample &sample)
{
    m_session.addQueue(sample);
    if (m_observer)
        m_observer(sample);
}

void QueueReader::takeNames(const QSet<QByteArray> &names)
{
    const qint64 now = m_session.now();
    for (const QByteArray &name : std::as_const(m_names)) {
        if (names.contains(name))
            continue;
        QueueSample gone;
        gone.name = name;
        gone.traits = m_traits;
        gone.readAt = now;
        gone.gone = true;
        m_missingSince.remove(name);
        tell(gone);
    }
    m_names.clear();
    for (const QByteArray &name : names) {
        if (m_names.size() == mostQueues)
            break;
        m_names.insert(name);
    }
    m_countedAt = 0;
    m_session.flushIfIdle();
}

/// Missing for a moment it was only not renewed yet.
void QueueReader::takeBeat(QueueSample &sample, bool beats)
{
    sample.served = beats;
    if (beats) {
        m_missingSince.remove(sample.name);
        return;
    }
    const auto since = m_missingSince.constFind(sample.name);
    if (since == m_missingSince.constEnd())
        m_missingSince.insert(sample.name, sample.readAt);
    else
        sample.unserved = sample.readAt - *since >= m_queues.beatGraceMs;
}

void QueueReader::askCounts()
{
    for (const QByteArray &name : std::as_const(m_names)) {
        const auto sample = std::make_shared<QueueSample>();
        sample->name = name;
        sample->traits = m_traits;
        sample->pausable = !m_queues.paused.empty();
        LayoutVariables variables = m_variables;
        variables.insert("queue", name);
        const auto add = [&](const std::vector<LayoutQueues::Count> &counts, qint64 QueueSample::*member) {
            for (const LayoutQueues::Count &count : counts) {
                const QByteArray key = count.key.resolve(variables);
                if (count.how == LayoutQueues::Count::How::StreamLag) {
                    m_session.ask({"XINFO", "GROUPS", key}, [sample, member](const RedisAnswer &answer) {
                        const qint64 lag = answer.ok() ? StreamReader::lagOf(answer.reply) : -1;
                        if (lag >= 0)
                            (*sample).*member = qMax<qint64>(0, (*sample).*member) + lag;
                    });
                    continue;
                }
                m_session.ask({countCommand(count.how), key}, [sample, member](const RedisAnswer &answer) {
                    if (answer.ok())
                        (*sample).*member = qMax<qint64>(0, (*sample).*member) + answer.reply.toInteger();
                });
            }
        };
        add(m_queues.depth, &QueueSample::waiting);
        add(m_queues.atWork, &QueueSample::atWork);
        add(m_queues.delayed, &QueueSample::delayed);
        add(m_queues.failed, &QueueSample::failed);
        // A pause of all of its conditions.
        for (const LayoutCondition &condition : m_queues.paused) {
            const QByteArray key = condition.key.resolve(variables);
            const auto take = [sample, condition](const RedisAnswer &answer) {
                if (!answer.ok())
                    return;
                const RedisReply &reply = answer.reply;
                const bool holds = condition.kind == LayoutCondition::Kind::KeyEqual ? reply.bytes() == condition.value
                                   : condition.kind == LayoutCondition::Kind::KeyBegins
                                       ? reply.bytes().startsWith(condition.value)
                                   : condition.kind == LayoutCondition::Kind::Equal  ? reply.bytes() == condition.value
                                   : condition.kind == LayoutCondition::Kind::Exists ? reply.isText()
                                                                                     : reply.toInteger() > 0;
                sample->paused = sample->paused || holds != condition.negated;
            };
            if (condition.kind == LayoutCondition::Kind::Member)
                m_session.ask({"SISMEMBER", key, condition.member.resolve(variables)}, take);
            else if (condition.kind == LayoutCondition::Kind::KeyHasField)
                m_session.ask({"HEXISTS", key, condition.field}, take);
            else if (!condition.field.isEmpty())
                m_session.ask({"HGET", key, condition.field}, take);
            else if (!condition.value.isEmpty())
                m_session.ask({"GET", key}, take);
            else
                m_session.ask({"EXISTS", key}, take);
        }
        // The last question of each: what was asked before is answered when its answer comes.
        const QByteArray beat = m_queues.beat.isEmpty() ? QByteArray("pulsedeck:none") : m_queues.beat.resolve(variables);
        m_session.ask({"PTTL", beat}, [this, sample](const RedisAnswer &answer) {
            sample->readAt = m_session.now();
            if (!m_queues.beat.isEmpty() && answer.ok())
                takeBeat(*sample, answer.reply.toInteger() != -2);
            tell(*sample);
            m_session.flushIfIdle();
        });
    }
}

} // namespace pulsedeck
