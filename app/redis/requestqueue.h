// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisanswer.h"
#include "app/redis/redisfailure.h"

#include <vector>

namespace pulsedeck {

/// Requests of a RedisConnection in the order of their answers, in one piece of memory: a pipeline of 100,000 requests allocates
/// nothing per request.
class RequestQueue
{
public:
    struct Request
    {
        enum class Kind : quint8 {
            User,
            Unsent, ///< Too much was waiting: it only keeps its place in the order of answers.
            Handshake,
            KeepAlive,
        };
        RedisHandler handler;
        qint64 sentAt = 0; ///< Steady clock, microseconds.
        Kind kind = Kind::User;
        HandshakeStep step = HandshakeStep::Ping;
        RedisAnswer::Outcome end = RedisAnswer::Outcome::Lost; ///< If the connection ends first.
    };

    bool isEmpty() const { return m_head == m_requests.size(); }
    const Request &front() const { return m_requests[m_head]; }
    std::vector<Request>::iterator begin() { return m_requests.begin() + std::ptrdiff_t(m_head); }
    std::vector<Request>::iterator end() { return m_requests.end(); }
    void push(Request &&request) { m_requests.push_back(std::move(request)); }
    Request take()
    {
        Request request = std::move(m_requests[m_head++]);
        if (isEmpty()) {
            if (m_requests.capacity() > keptRequests)
                std::vector<Request>().swap(m_requests);
            else
                m_requests.clear();
            m_head = 0;
        } else if (m_head >= 1024 && m_head > m_requests.size() / 2) {
            m_requests.erase(m_requests.begin(), begin());
            m_head = 0;
        }
        return request;
    }

private:
    static constexpr size_t keptRequests = 16'384;
    std::vector<Request> m_requests;
    size_t m_head = 0;
};

} // namespace pulsedeck
