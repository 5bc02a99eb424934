// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/fleetlinks.h"

#include <algorithm>
#include <utility>

namespace pulsedeck::fleet {

namespace {

RedisConnectionOptions optionsFor(const QByteArray &name)
{
    RedisConnectionOptions options;
    options.clientName = name;
    options.replyTimeoutMs = 30'000; // A Redis that is busy with 100,000 registrations is slow, not gone.
    options.backoffCapMs = 2'000; // Workers of one fleet come back soon after an outage.
    return options;
}

} // namespace

FleetLinks::FleetLinks(const RedisUrl &url, int workers, QObject *parent)
    : QObject(parent)
    , m_proxy(new RedisConnection(url, optionsFor("pulsedeck-fleet-proxy"), this))
{
    watch(m_proxy, -1);
    const int count = workers > 1000 ? 4 : 2;
    for (int i = 0; i < count; ++i) {
        m_workers.push_back(new RedisConnection(url, optionsFor("pulsedeck-fleet-workers"), this));
        watch(m_workers.back(), i);
    }
}

void FleetLinks::open()
{
    m_proxy->open();
    for (RedisConnection *link : m_workers)
        link->open();
}

void FleetLinks::cutWorkers()
{
    m_cut = true;
    for (RedisConnection *link : m_workers)
        link->close();
}

void FleetLinks::restoreWorkers()
{
    m_cut = false;
    for (RedisConnection *link : m_workers)
        link->open();
}

void FleetLinks::end()
{
    for (RedisConnection *link : std::exchange(m_workers, {}))
        delete link;
    delete std::exchange(m_proxy, nullptr);
}

bool FleetLinks::allReady() const
{
    return isReady(*m_proxy)
           && std::all_of(m_workers.begin(), m_workers.end(), [](const RedisConnection *link) { return isReady(*link); });
}

void FleetLinks::watch(RedisConnection *link, int index)
{
    connect(link, &RedisConnection::stateChanged, this, [this, link, index](RedisConnection::State state) {
        if (state == RedisConnection::State::Ready) {
            if (index < 0)
                emit proxyReady();
            else if (link->generation() > 1)
                emit workerLinkRemade(index);
            if (!m_started && allReady()) {
                m_started = true;
                emit ready();
            }
            return;
        }
        if (state != RedisConnection::State::Waiting && state != RedisConnection::State::Closed)
            return;
        const RedisFailure failure = link->failure();
        if (m_started) {
            if (failure.kind != RedisFailure::Kind::None && index < 0)
                emit lost(failure.text);
        } else if (failure.kind != RedisFailure::Kind::Loading && !m_everFailed) {
            m_everFailed = true; // Once: the others fail for the same reason.
            emit failed(failure);
        }
    });
}

} // namespace pulsedeck::fleet
