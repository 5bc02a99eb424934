// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "tests/support/patience.h"

#include <QByteArrayList>
#include <QTest>

#include <functional>
#include <vector>

namespace pulsedeck {

/// Short limits, so that tests of what takes long do not.
inline RedisConnectionOptions quickOptions()
{
    RedisConnectionOptions options;
    options.connectTimeoutMs = 300;
    options.replyTimeoutMs = 250;
    options.keepAliveMs = 10'000;
    options.backoffFirstMs = 10;
    options.backoffCapMs = 50;
    return options;
}

/// Limits that nothing runs into even on a busy machine.
inline RedisConnectionOptions calmOptions()
{
    RedisConnectionOptions options;
    options.connectTimeoutMs = patience;
    options.replyTimeoutMs = patience;
    options.backoffFirstMs = 10;
    options.backoffCapMs = 50;
    return options;
}

/// Notes all a connection says: its states, and how each request was answered.
class ConnectionWatch : public QObject
{
    Q_OBJECT

public:
    using State = RedisConnection::State;
    using Outcome = RedisAnswer::Outcome;

    explicit ConnectionWatch(RedisConnection &connection)
        : m_connection(connection)
    {
        connect(&connection, &RedisConnection::stateChanged, this, [this](State state) {
            states.push_back(state);
            failures.push_back(m_connection.failure());
            answersAtState.push_back(int(order.size()));
        });
    }

    /// Sends a command and returns its number.
    int send(std::initializer_list<QByteArrayView> arguments)
    {
        const int number = int(counts.size());
        counts.push_back(0);
        outcomes.push_back(Outcome::Refused);
        texts.emplace_back();
        inRequest = true;
        m_connection.request(arguments, [this, number](const RedisAnswer &answer) {
            if (inRequest)
                ++answeredInside;
            ++counts[size_t(number)];
            outcomes[size_t(number)] = answer.outcome;
            texts[size_t(number)] = answer.ok() ? answer.reply.bytes().toByteArray() : answer.text().toUtf8();
            order.push_back(number);
        });
        inRequest = false;
        return number;
    }

    int answered() const { return int(order.size()); }
    bool allAnswered() const { return order.size() == counts.size(); }
    bool eachOnce() const
    {
        return answeredInside == 0 && std::all_of(counts.begin(), counts.end(), [](int n) { return n == 1; });
    }
    Outcome outcome(int number) const { return outcomes[size_t(number)]; }
    QByteArray text(int number) const { return texts[size_t(number)]; }
    bool inOrder() const { return std::is_sorted(order.begin(), order.end()); }
    /// All that could be shown to a person.
    QString allTexts() const
    {
        QString all;
        for (const RedisFailure &failure : failures)
            all += failure.text + u'\n' + failure.hint + u'\n';
        for (const QByteArray &text : texts)
            all += QString::fromUtf8(text) + u'\n';
        return all;
    }

    std::vector<State> states;
    std::vector<RedisFailure> failures; ///< At each state.
    std::vector<int> answersAtState; ///< How many requests were answered by then.
    std::vector<int> counts;
    std::vector<Outcome> outcomes;
    std::vector<QByteArray> texts;
    std::vector<int> order; ///< In which requests were answered.
    int answeredInside = 0; ///< Handlers called from inside request().
    bool inRequest = false;

private:
    RedisConnection &m_connection;
};

} // namespace pulsedeck
