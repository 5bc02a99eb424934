// SPDX-License-Identifier: GPL-3.0-or-later
// The shared timing record (hash fleet:timing): reading it whenever it may have changed, writing it by compare-and-set,
// its history.
#include "app/redis/commandscripts.h"
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"
#include "models/timing/timinglibrary.h"

#include <algorithm>
#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostVersions = 500; // What the history is cut to, about.
constexpr qsizetype longestValue = 2'048; // Far more than any field needs.
constexpr qint64 longestRecordField = 64 * 1024; // As for workers, once something proved too large.
constexpr qint64 largestHistory = 4LL * 1024 * 1024;

std::array<QByteArrayView, timingCount + 2> recordFields()
{
    std::array<QByteArrayView, timingCount + 2> names;
    std::transform(allTimings.begin(), allTimings.end(), names.begin(),
                   [](TimingId id) { return QByteArrayView(timingName(id)); });
    names[timingCount] = "version";
    names.back() = "updatedAt";
    return names;
}

/// Names and values that take turns, from \a first on.
QHash<QByteArray, QByteArray> fieldsOf(const RedisReply &list, int first)
{
    QHash<QByteArray, QByteArray> fields;
    for (int i = first; i + 1 < list.size(); i += 2) {
        if (list.at(i).isText() && list.at(i + 1).isText() && list.at(i + 1).bytes().size() <= longestValue)
            fields.insert(list.at(i).bytes().toByteArray(), list.at(i + 1).bytes().toByteArray());
    }
    return fields;
}

QByteArray line(const QString &text, qsizetype longest)
{
    return text.simplified().left(longest).toUtf8();
}

} // namespace

// The record in force -------------------------------------------------------------------------------------------------

/// Asked for at the start of a connection, when tracking announces it, at each sweep without tracking, and now and then
/// all the same.
void RedisSource::readTiming()
{
    m_timingAskedAt = m_clock.nowMs();
    if (!m_careful) {
        sendReadTiming(0);
        return;
    }
    // Sizes first, as for workers: an enormous field must not cost the connection again and again.
    const auto names = recordFields();
    auto large = std::make_shared<quint32>(0);
    const quint32 generation = m_generation;
    for (size_t i = 0; i < names.size(); ++i) {
        m_main->request({"HSTRLEN", timingKey, names[i]},
                        [this, generation, large, i, last = names.size() - 1](const RedisAnswer &answer) {
                            if (answer.ok() && answer.reply.toInteger() > longestRecordField)
                                *large |= 1u << i;
                            if (i == last && current(generation))
                                sendReadTiming(*large);
                        });
    }
}

void RedisSource::sendReadTiming(quint32 tooLarge)
{
    const auto names = recordFields();
    std::vector<QByteArrayView> words{"HMGET", timingKey};
    for (size_t i = 0; i < names.size(); ++i)
        words.push_back(tooLarge >> i & 1u ? QByteArrayView("") : names[i]);
    const quint32 generation = m_generation;
    m_main->request(words, [this, generation](const RedisAnswer &answer) {
        if (current(generation))
            takeTiming(answer);
    });
}

void RedisSource::takeTiming(const RedisAnswer &answer)
{
    // Not answered: what was in force still is, as far as anybody knows.
    if (!answer.ok() && answer.outcome != RedisAnswer::Outcome::Error)
        return;
    const auto names = recordFields();
    QHash<QByteArray, QByteArray> record;
    for (size_t i = 0; answer.ok() && i < names.size(); ++i) {
        const RedisReply value = answer.reply.at(int(i));
        if (value.isText())
            record.insert(names[i].toByteArray(), value.bytes().first(qMin(value.bytes().size(), longestValue)).toByteArray());
    }
    QStringList problems;
    const bool told = std::any_of(allTimings.begin(), allTimings.end(),
                                  [&record](TimingId id) { return record.contains(QByteArray(timingName(id))); });
    const TimingVersion version = told ? TimingVersion::fromFields(record, &problems) : TimingVersion();
    const TimingProfile timing = told ? version.profile : m_options.timing;
    // What the source was given is told too: the console knows what its demo does.
    m_ttlTold = told ? record.contains(QByteArray(timingName(TimingId::WorkerKeyTtl))) : !m_options.timing.assumed;
    m_timingWrittenAt = version.at;
    if (!answer.ok())
        problems.append(u"cannot be read: "_s + answer.text());
    const QLatin1StringView mark("fleet:timing: ");
    for (QString &problem : problems)
        problem.prepend(mark);
    // What was wrong with it before may be mended by now.
    const bool mended =
        m_status.limits.removeIf([&](const QString &limit) { return limit.startsWith(mark) && !problems.contains(limit); }) > 0;
    for (const QString &problem : std::as_const(problems))
        addLimit(problem);
    if (!(timing == m_status.timing)) {
        m_status.timing = timing;
        emitStatus();
        if (m_fullView)
            assumeTtls();
    } else if (mended) {
        emitStatus();
    }
}

// Applying ------------------------------------------------------------------------------------------------------------

void RedisSource::applyTiming(const TimingApply &apply)
{
    TimingApplied refused;
    refused.id = apply.id;
    refused.source = m_id;
    refused.outcome = TimingApplied::Outcome::Refused;
    if (!m_commander->isWritable()) {
        refused.refusal = Refusal::ReadOnlySource;
        emit timingApplied(refused);
        return;
    }
    if (!m_main || m_main->state() != RedisConnection::State::Ready) {
        refused.refusal = Refusal::NotConnected;
        emit timingApplied(refused);
        return;
    }
    std::vector<QByteArray> words{"EVAL",
                                  scriptText("timing-apply"),
                                  "2",
                                  timingKey.toByteArray(),
                                  timingHistoryKey.toByteArray(),
                                  timingKey.toByteArray(),
                                  QByteArray::number(apply.expectedVersion),
                                  QByteArray::number(apply.expectedVersion + 1),
                                  QByteArray::number(apply.at),
                                  line(apply.by, 128),
                                  line(apply.reason, 512)};
    for (const TimingId id : allTimings) {
        const qint64 value = timingValue(apply.profile, id);
        words.push_back(timingName(id));
        words.push_back(value == TimingProfile::notUsed ? QByteArray() : QByteArray::number(value));
    }
    const std::vector<QByteArrayView> views(words.begin(), words.end());
    // Whatever becomes of the connection, this is answered: a change must never be in doubt without anybody being told.
    m_main->request(views, [this, apply](const RedisAnswer &answer) { takeApplied(apply, answer); });
}

void RedisSource::takeApplied(const TimingApply &apply, const RedisAnswer &answer)
{
    using Outcome = TimingApplied::Outcome;
    TimingApplied applied;
    applied.id = apply.id;
    applied.source = m_id;
    const auto refuse = [&applied](Refusal refusal, const QString &text) {
        applied.outcome = Outcome::Refused;
        applied.refusal = refusal;
        applied.text = text;
    };
    const RedisReply &reply = answer.reply;
    const QByteArrayView word = answer.ok() ? reply.at(0).bytes() : QByteArrayView();
    if (answer.outcome == RedisAnswer::Outcome::Refused) {
        refuse(Refusal::NotConnected, answer.text());
    } else if (answer.outcome == RedisAnswer::Outcome::Error) {
        const Refusal refusal = refusalOf(reply.bytes());
        const QString said = plainWords(reply.bytes(), m_url);
        refuse(refusal, refusal == Refusal::NotPermitted ? QString(u"EVAL: "_s + said) : said);
    } else if (!answer.ok()) {
        applied.text = answer.text(); // Timeout or lost: Unknown.
    } else if (word == "applied") {
        applied.outcome = Outcome::Applied;
        applied.now.profile = apply.profile;
        applied.now.profile.version = apply.expectedVersion + 1;
        applied.now.profile.name = u"v%1"_s.arg(applied.now.profile.version);
        applied.now.at = apply.at;
        applied.now.by = apply.by;
        applied.now.reason = apply.reason;
        if (!reply.at(2).bytes().isEmpty())
            applied.text = u"written, but not announced on fleet:timing: "_s + plainWords(reply.at(2).bytes(), m_url);
    } else if (word == "conflict") {
        applied.outcome = Outcome::Conflict;
        applied.now = TimingVersion::fromFields(fieldsOf(reply, 1));
    } else if (word == "not-a-hash" || word == "not-a-stream") {
        const QByteArrayView key = word == "not-a-hash" ? timingKey : timingHistoryKey;
        refuse(Refusal::NotAHash, QString::fromLatin1(key) + u" is of type "_s + serverText(reply.at(1).bytes(), m_url));
    } else if (word == "error") {
        const QByteArrayView said = reply.at(2).bytes();
        refuse(refusalOf(said), serverText(reply.at(1).bytes(), m_url) + u": "_s + plainWords(said, m_url));
    } else {
        // The script never says this: whatever answered, what it did is not known.
        applied.text = u"the server's answer is not one of the script's"_s;
    }
    const bool looksNew = applied.outcome == Outcome::Applied || applied.outcome == Outcome::Conflict;
    emit timingApplied(applied);
    if (looksNew && m_running && m_begun && m_main && m_main->state() == RedisConnection::State::Ready)
        readTiming(); // Not only when it is announced.
}

// History -------------------------------------------------------------------------------------------------------------

void RedisSource::tellNoHistory(const QString &why)
{
    TimingHistory history;
    history.source = m_id;
    history.text = why;
    emit timingHistoryRead(history);
}

void RedisSource::readTimingHistory()
{
    if (!m_main || m_main->state() != RedisConnection::State::Ready) {
        tellNoHistory(u"not connected"_s);
        return;
    }
    if (!m_careful) {
        sendReadHistory();
        return;
    }
    // Something here was larger than a reply may be. It may be this.
    m_main->request({"MEMORY", "USAGE", timingHistoryKey, "SAMPLES", "0"}, [this](const RedisAnswer &answer) {
        if (!answer.ok() || answer.reply.toInteger() > largestHistory)
            tellNoHistory(answer.ok() ? u"the history is larger than what is read"_s : answer.text());
        else if (m_main && m_main->state() == RedisConnection::State::Ready)
            sendReadHistory();
        else
            tellNoHistory(u"not connected"_s);
    });
}

void RedisSource::sendReadHistory()
{
    m_main->request({"XREVRANGE", timingHistoryKey, "+", "-", "COUNT", QByteArray::number(mostVersions)},
                    [this](const RedisAnswer &answer) { takeHistory(answer); });
}

void RedisSource::takeHistory(const RedisAnswer &answer)
{
    if (!answer.ok()) {
        tellNoHistory(answer.text());
        return;
    }
    TimingHistory history;
    history.source = m_id;
    history.known = true;
    int unreadable = 0;
    for (int i = 0; i < qMin(answer.reply.size(), mostVersions); ++i) {
        QStringList problems;
        const QHash<QByteArray, QByteArray> fields = fieldsOf(answer.reply.at(i).at(1), 0);
        const TimingVersion version = TimingVersion::fromFields(fields, &problems);
        // An entry that does not name its version, or a value as it was, cannot be gone back to: it is not a version.
        const bool anyValue = std::any_of(allTimings.begin(), allTimings.end(),
                                          [&fields](TimingId id) { return fields.contains(QByteArray(timingName(id))); });
        if (version.profile.version > 0 && problems.isEmpty() && anyValue)
            history.versions.append(version);
        else
            ++unreadable;
    }
    if (unreadable > 0)
        history.text = unreadable == 1 ? u"one entry cannot be read and is left out"_s
                                       : u"%1 entries cannot be read and are left out"_s.arg(unreadable);
    emit timingHistoryRead(history);
}

} // namespace pulsedeck
