// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/queuemarks.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace pulsedeck {

namespace {

/// What failed for the moment, as while a slot of a cluster moves.
bool mayWorkSoon(const RedisAnswer &answer)
{
    if (answer.outcome != RedisAnswer::Outcome::Error)
        return true;
    constexpr std::array words{"TRYAGAIN", "CLUSTERDOWN", "LOADING", "BUSY"};
    return std::any_of(words.begin(), words.end(), [&answer](const char *word) { return answer.isError(word); });
}

} // namespace

QByteArray QueueMarks::keyOf(const LayoutCondition &condition, const QByteArray &queue) const
{
    LayoutVariables variables = m_variables;
    variables.insert("queue", queue);
    return condition.key.resolve(variables);
}

void QueueMarks::addKeys(QSet<QByteArray> *keys, const LayoutConditions &unless, const QByteArray &queue) const
{
    for (const LayoutCondition &condition : unless)
        keys->insert(keyOf(condition, queue));
}

bool QueueMarks::knows(const QSet<QByteArray> &keys) const
{
    return std::all_of(keys.begin(), keys.end(),
                       [this](const QByteArray &key) { return m_marks.value(key, Mark::Open) != Mark::Open; });
}

void QueueMarks::read(const QSet<QByteArray> &keys, const std::function<void()> &then)
{
    // The old answers count until all of the new ones are there, and beyond that where there is no new one.
    struct Reading
    {
        QHash<QByteArray, Mark> marks;
        qsizetype left = 0;
    };
    const auto reading = std::make_shared<Reading>();
    reading->left = qMin(keys.size(), mostKeys);
    const bool nothing = reading->left == 0;
    qsizetype asked = 0;
    for (const QByteArray &key : keys) {
        if (++asked > mostKeys) {
            reading->marks.insert(key, m_marks.value(key, Mark::Unknown));
            continue;
        }
        m_session.ask({"EXISTS", key}, [this, key, reading, then](const RedisAnswer &answer) {
            const Mark before = m_marks.value(key, Mark::Open);
            const Mark failed = before == Mark::Absent || before == Mark::Present ? before
                                : mayWorkSoon(answer)                             ? Mark::Open
                                                                                  : Mark::Unknown;
            const Mark found = answer.ok() && answer.reply.toInteger() > 0 ? Mark::Present : Mark::Absent;
            reading->marks.insert(key, answer.ok() ? found : failed);
            if (--reading->left > 0)
                return;
            m_marks = std::exchange(reading->marks, {});
            then();
        });
    }
    if (nothing) {
        m_marks.clear();
        then();
    }
}

bool QueueMarks::isOthers(const LayoutConditions &unless, const QByteArray &queue) const
{
    return !unless.empty() && std::all_of(unless.begin(), unless.end(), [&](const LayoutCondition &condition) {
        const bool present = (condition.kind == LayoutCondition::Kind::PresentKey) != condition.negated;
        return m_marks.value(keyOf(condition, queue), Mark::Unknown) == (present ? Mark::Present : Mark::Absent);
    });
}

bool QueueMarks::isOpen(const LayoutConditions &unless, const QByteArray &queue) const
{
    return std::any_of(unless.begin(), unless.end(), [&](const LayoutCondition &condition) {
        return m_marks.value(keyOf(condition, queue), Mark::Unknown) == Mark::Open;
    });
}

} // namespace pulsedeck
