// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/sourcerig.h"

#include "models/fleet/fleettablemodel.h"

#include <QEventLoop>

#include <chrono>
#include <ctime>
#include <pthread.h>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int publishEveryMs = 80; // As in the console.

qint64 nsOf(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// Its first full view is behind it; a hub's goes on being read, pass after pass.
bool isLoaded(SourceState state)
{
    return state == SourceState::Live || state == SourceState::Sweeping;
}

RedisUrl parsed(const QString &url)
{
    QString error;
    return RedisUrl::parse(url, &error).value_or(RedisUrl());
}

} // namespace

template <typename Work> void SourceRig::counted(Work work)
{
    const qint64 before = nsOf(CLOCK_THREAD_CPUTIME_ID);
    work();
    m_storeNs += nsOf(CLOCK_THREAD_CPUTIME_ID) - before;
}

SourceRig::SourceRig(const QString &url, Table table)
    : SourceRig([&url](const Clock &clock) { return new RedisSource(1, parsed(url), {}, clock); }, table)
{ }

SourceRig::SourceRig(const std::function<FleetSource *(const Clock &)> &make, Table table)
    : m_store(m_clock)
{
    m_store.addSource(1, u"bench"_s);
    if (table == Table::With)
        m_table = std::make_unique<FleetTableModel>(m_store);
    m_source = make(m_clock);
    m_source->moveToThread(&m_thread);
    connect(m_source, &FleetSource::batchReady, this,
            [this](const FleetBatch &batch) { counted([&] { m_store.apply(batch); }); });
    connect(m_source, &FleetSource::statusChanged, this, [this, loading = false](const SourceStatus &status) mutable {
        const bool whole = std::exchange(loading, status.state == SourceState::Loading) && isLoaded(status.state);
        counted([&] {
            m_store.applyStatus(status);
            if (whole)
                m_store.publish(); // As the console does.
        });
    });
    m_publishTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_publishTimer, &QTimer::timeout, this, [this] { counted([&] { m_store.publish(); }); });
    m_publishTimer.start(publishEveryMs);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_source, [this] { m_ioClockKnown = ::pthread_getcpuclockid(::pthread_self(), &m_ioClock) == 0; },
        Qt::BlockingQueuedConnection);
}

SourceRig::~SourceRig()
{
    m_publishTimer.stop();
    m_source->disconnect(this);
    m_source->deleteLater();
    m_thread.quit();
    m_thread.wait();
}

void SourceRig::start()
{
    m_startedNs = nsOf(CLOCK_MONOTONIC);
    QMetaObject::invokeMethod(m_source, &FleetSource::start, Qt::QueuedConnection);
}

bool SourceRig::isWhole(int workers) const
{
    if (!isLoaded(m_store.sourceStatus(1).state))
        return false;
    return (m_table ? m_table->matchCount() : m_store.sourceWorkerCount(1)) >= workers;
}

double SourceRig::waitUntilLive(int workers, int timeoutMs)
{
    QEventLoop loop;
    QTimer limit;
    limit.setSingleShot(true);
    connect(&limit, &QTimer::timeout, &loop, &QEventLoop::quit);
    limit.start(timeoutMs);
    bool whole = false;
    const auto look = [&] {
        if (!whole && isWhole(workers)) {
            whole = true;
            loop.quit();
        }
    };
    connect(&m_store, &FleetStore::sourceChanged, &loop, look);
    connect(&m_store, &FleetStore::ticked, &loop, look);
    look();
    if (!whole)
        loop.exec();
    return whole ? double(nsOf(CLOCK_MONOTONIC) - m_startedNs) / 1e6 : -1;
}

void SourceRig::run(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

double SourceRig::ioCpuUs() const
{
    return m_ioClockKnown ? double(nsOf(m_ioClock)) / 1000.0 : 0;
}

} // namespace pulsedeck::bench
