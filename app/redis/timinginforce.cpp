// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/timinginforce.h"

#include "app/redis/redisnames.h"
#include "app/redis/scriptcall.h"
#include "models/timing/recordfields.h"
#include "models/timing/timinglibrary.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostVersions = 500; // What the history is cut to, about.
constexpr qsizetype longestValue = 2'048; // Far more than any field needs.
constexpr qint64 largestHistory = 4LL * 1024 * 1024;

const std::vector<QByteArrayView> &recordFields()
{
    static const std::vector<QByteArrayView> fields = [] {
        std::vector<QByteArrayView> names;
        names.reserve(timingCount + 2);
        for (const TimingId id : allTimings)
            names.push_back(timingName(id));
        names.push_back("version");
        names.push_back("updatedAt");
        return names;
    }();
    return fields;
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

} // namespace

// The record in force -------------------------------------------------------------------------------------------------

void TimingInForce::read()
{
    m_askedAt = m_session.now();
    m_session.readFields(timingKey.toByteArray(), recordFields(), [this](const RedisAnswer &answer) { take(answer); });
}

void TimingInForce::look(qint64 now)
{
    if (now - m_askedAt >= (m_session.pushing ? m_session.options.reconcileMs : m_session.options.sweepMs))
        read();
}

void TimingInForce::take(const RedisAnswer &answer)
{
    // Not answered: what was in force still is, as far as anybody knows.
    if (!answer.ok() && answer.outcome != RedisAnswer::Outcome::Error)
        return;
    const std::vector<QByteArrayView> &names = recordFields();
    QHash<QByteArray, QByteArray> record;
    for (size_t i = 0; answer.ok() && i < names.size(); ++i) {
        const RedisReply value = answer.reply.at(int(i));
        if (value.isText())
            record.insert(names[i].toByteArray(), value.bytes().first(qMin(value.bytes().size(), longestValue)).toByteArray());
    }
    QStringList problems;
    const bool told = std::any_of(allTimings.begin(), allTimings.end(),
                                  [&record](TimingId id) { return record.contains(QByteArray(timingName(id))); });
    const TimingVersion version = told ? timingVersionOf(record, &problems) : TimingVersion();
    const TimingProfile timing = told ? version.profile : m_session.options.timing;
    // What the source was given is told too: the console knows what its demo does.
    m_tellsTtl = told ? record.contains(QByteArray(timingName(TimingId::WorkerKeyTtl))) : !m_session.options.timing.assumed;
    m_writtenAt = version.at;
    if (!answer.ok())
        problems.append(tr("cannot be read: %1").arg(answer.text()));
    for (QString &problem : problems)
        problem.prepend("fleet:timing: "_L1);
    m_session.setTimingProblems(problems);
    if (timing == m_session.status.timing)
        return;
    m_session.status.timing = timing;
    m_session.report();
    m_changed();
}

// Applying ------------------------------------------------------------------------------------------------------------

void TimingInForce::apply(const TimingApply &apply)
{
    TimingApplied refused;
    refused.id = apply.id;
    refused.source = m_session.id;
    refused.outcome = TimingApplied::Outcome::Refused;
    if (!m_session.status.writable) {
        refused.refusal = Refusal::ReadOnlySource;
        emit m_session.timingApplied(refused);
        return;
    }
    if (!m_session.isReady()) {
        refused.refusal = Refusal::NotConnected;
        emit m_session.timingApplied(refused);
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
                                  scriptLine(apply.by, 128),
                                  scriptLine(apply.reason, 512)};
    for (const TimingId id : allTimings) {
        const qint64 value = timingValue(apply.profile, id);
        words.push_back(timingName(id));
        words.push_back(value == TimingProfile::notUsed ? QByteArray() : QByteArray::number(value));
    }
    const std::vector<QByteArrayView> views(words.begin(), words.end());
    // Whatever becomes of the connection, this is answered: a change must never be in doubt without anybody being told.
    m_session.connection->request(views, [this, apply](const RedisAnswer &answer) { takeApplied(apply, answer); });
}

void TimingInForce::takeApplied(const TimingApply &apply, const RedisAnswer &answer)
{
    using Outcome = TimingApplied::Outcome;
    TimingApplied applied;
    applied.id = apply.id;
    applied.source = m_session.id;
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
        const QString said = plainWords(reply.bytes(), m_session.url);
        refuse(refusal, refusal == Refusal::NotPermitted ? QString(u"EVAL: "_s + said) : said);
    } else if (!answer.ok()) {
        applied.text = answer.text(); // Timeout or lost: Unknown.
    } else if (word == "applied") {
        applied.outcome = Outcome::Applied;
        applied.now.profile = apply.profile;
        applied.now.profile.version = apply.expectedVersion + 1;
        applied.now.profile.name = u"v%1"_s.arg(applied.now.profile.version); // untranslated: a name
        applied.now.at = apply.at;
        applied.now.by = apply.by;
        applied.now.reason = apply.reason;
        if (!reply.at(2).bytes().isEmpty())
            applied.text =
                tr("written, but not announced on fleet:timing: %1").arg(plainWords(reply.at(2).bytes(), m_session.url));
    } else if (word == "conflict") {
        applied.outcome = Outcome::Conflict;
        applied.now = timingVersionOf(fieldsOf(reply, 1));
    } else if (word == "not-a-hash" || word == "not-a-stream") {
        const QByteArrayView key = word == "not-a-hash" ? timingKey : timingHistoryKey;
        refuse(Refusal::NotAHash,
               tr("%1 is of type %2").arg(QString::fromLatin1(key), serverText(reply.at(1).bytes(), m_session.url)));
    } else if (word == "error") {
        const QByteArrayView said = reply.at(2).bytes();
        refuse(refusalOf(said), serverText(reply.at(1).bytes(), m_session.url) + u": "_s + plainWords(said, m_session.url));
    } else {
        // The script never says this: whatever answered, what it did is not known.
        applied.text = tr("the server's answer is not one that the script gives");
    }
    const bool looksNew = applied.outcome == Outcome::Applied || applied.outcome == Outcome::Conflict;
    emit m_session.timingApplied(applied);
    if (looksNew && m_session.running && m_session.begun && m_session.isReady())
        read(); // Not only when it is announced.
}

// History -------------------------------------------------------------------------------------------------------------

void TimingInForce::tellNoHistory(const QString &why)
{
    TimingHistory history;
    history.source = m_session.id;
    history.text = why;
    emit m_session.timingHistoryRead(history);
}

void TimingInForce::readHistory()
{
    if (!m_session.isReady()) {
        tellNoHistory(tr("not connected"));
        return;
    }
    if (!m_session.careful) {
        askHistory();
        return;
    }
    // Something here was larger than a reply may be. It may be this.
    m_session.connection->request({"MEMORY", "USAGE", timingHistoryKey, "SAMPLES", "0"}, [this](const RedisAnswer &answer) {
        if (!answer.ok() || answer.reply.toInteger() > largestHistory)
            tellNoHistory(answer.ok() ? tr("the history is too large to be read") : answer.text());
        else if (m_session.isReady())
            askHistory();
        else
            tellNoHistory(tr("not connected"));
    });
}

void TimingInForce::askHistory()
{
    m_session.connection->request({"XREVRANGE", timingHistoryKey, "+", "-", "COUNT", QByteArray::number(mostVersions)},
                                  [this](const RedisAnswer &answer) { takeHistory(answer); });
}

void TimingInForce::takeHistory(const RedisAnswer &answer)
{
    if (!answer.ok()) {
        tellNoHistory(answer.text());
        return;
    }
    TimingHistory history;
    history.source = m_session.id;
    history.known = true;
    int unreadable = 0;
    for (int i = 0; i < qMin(answer.reply.size(), mostVersions); ++i) {
        QStringList problems;
        const QHash<QByteArray, QByteArray> fields = fieldsOf(answer.reply.at(i).at(1), 0);
        const TimingVersion version = timingVersionOf(fields, &problems);
        // An entry that does not name its version, or a value as it was, cannot be gone back to: it is not a version.
        const bool anyValue = std::any_of(allTimings.begin(), allTimings.end(),
                                          [&fields](TimingId id) { return fields.contains(QByteArray(timingName(id))); });
        if (version.profile.version > 0 && problems.isEmpty() && anyValue)
            history.versions.append(version);
        else
            ++unreadable;
    }
    if (unreadable > 0)
        history.text = tr("%Ln entr(y/ies) cannot be read and (is/are) left out", nullptr, unreadable);
    emit m_session.timingHistoryRead(history);
}

} // namespace pulsedeck
