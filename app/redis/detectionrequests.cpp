// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/detectionrequests.h"

#include <QPointer>

namespace pulsedeck {

DetectionRequests::DetectionRequests(RedisConnection &connection, int most, QObject *parent)
    : QObject(parent)
    , m_connection(connection)
    , m_most(most)
{ }

void DetectionRequests::begin()
{
    m_looking = true;
    m_sent = 0;
    m_refused.clear();
    ++m_waiting; // Until everything was asked. What was asked before and is not answered yet is waited for as well.
}

void DetectionRequests::everythingAsked()
{
    --m_waiting;
    answered();
}

void DetectionRequests::ask(std::span<const QByteArrayView> words, Then then)
{
    if (m_looking && m_sent >= m_most)
        return;
    ++m_sent;
    ++m_waiting;
    m_connection.request(words, [self = QPointer<DetectionRequests>(this), then = std::move(then)](const RedisAnswer &answer) {
        if (!self)
            return;
        --self->m_waiting;
        const bool ended = answer.outcome == RedisAnswer::Outcome::Lost || answer.outcome == RedisAnswer::Outcome::Timeout;
        if (!ended)
            then(answer);
        self->answered();
    });
}

void DetectionRequests::ask(std::initializer_list<QByteArrayView> words, Then then)
{
    ask(std::span<const QByteArrayView>(words.begin(), words.size()), std::move(then));
}

void DetectionRequests::noteRefusal(const RedisAnswer &answer, const char *command)
{
    const QString name = QString::fromLatin1(command);
    if (answer.isError("NOPERM") && !m_refused.contains(name))
        m_refused.append(name);
}

void DetectionRequests::answered()
{
    if (m_looking && m_waiting == 0)
        emit done();
}

} // namespace pulsedeck
