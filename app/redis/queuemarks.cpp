// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/queuemarks.h"

#include <algorithm>
#include <memory>

namespace pulsedeck {

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
    return std::all_of(keys.begin(), keys.end(), [this](const QByteArray &key) { return m_there.contains(key); });
}

void QueueMarks::read(const QSet<QByteArray> &keys, const std::function<void()> &then)
{
    m_there.clear();
    const auto left = std::make_shared<qsizetype>(qMin(keys.size(), mostKeys));
    if (*left == 0) {
        then();
        return;
    }
    qsizetype asked = 0;
    for (const QByteArray &key : keys) {
        if (++asked > mostKeys)
            break;
        m_session.ask({"EXISTS", key}, [this, key, left, then](const RedisAnswer &answer) {
            if (answer.ok())
                m_there.insert(key, answer.reply.toInteger() > 0);
            if (--*left == 0)
                then();
        });
    }
}

bool QueueMarks::isOthers(const LayoutConditions &unless, const QByteArray &queue) const
{
    return !unless.empty() && std::all_of(unless.begin(), unless.end(), [&](const LayoutCondition &condition) {
        const auto there = m_there.constFind(keyOf(condition, queue));
        const bool wanted = (condition.kind == LayoutCondition::Kind::PresentKey) != condition.negated;
        return there != m_there.cend() && *there == wanted;
    });
}

} // namespace pulsedeck
