// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/holdchild.h"

#include "app/sources/systemclock.h"
#include "bench/benchfleet.h"
#include "bench/loopwatch.h"
#include "bench/statistics.h"
#include "models/core/translations.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/fleettablemodel.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonObject>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr SourceId source = 1;
constexpr int perSecond = 10'000; // Beats; what a fleet of 50,000 at 5 s makes.
constexpr int publishEveryMs = 80; // As in the console.
constexpr int ticksInRound = 50;

double residentMb()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * double(::sysconf(_SC_PAGESIZE)) / 1024 / 1024;
}

class Held
{
public:
    Held(bool actors, int count)
        : m_actors(actors)
        , m_count(count)
        , m_store(m_clock)
    {
        m_store.addSource(source, u"bench"_s);
        m_table = std::make_unique<FleetTableModel>(m_store);
        for (const char *kind : {"planner", "browser", "reader", "writer"})
            m_capabilities.append(QStringList{u"agent"_s, QString::fromLatin1(kind)});
    }

    void fill()
    {
        setState(SourceState::Loading);
        for (int from = 0; from < m_count; from += FleetBatch::maxSamples) {
            FleetBatch batch = begun();
            for (int number = from; number < qMin(m_count, from + FleetBatch::maxSamples); ++number) {
                batch.texts.append(textOf(number));
                append(batch, number);
            }
            m_store.apply(batch);
        }
        setState(m_actors ? SourceState::Sweeping : SourceState::Live);
        m_store.publish();
    }
    /// One tick's beats; the milliseconds the GUI thread is busy with them.
    double tick()
    {
        constexpr int each = perSecond * publishEveryMs / 1000;
        FleetBatch batch = begun();
        for (int i = 0; i < each; ++i) {
            append(batch, m_next);
            m_next = (m_next + 7'919) % m_count; // Spread over all of them: 7,919 is a prime.
        }
        const qint64 from = steadyNs();
        m_store.apply(batch);
        m_store.publish();
        return double(steadyNs() - from) / 1e6;
    }
    int shown() const { return m_table->matchCount(); }

private:
    void setState(SourceState state)
    {
        SourceStatus status;
        status.source = source;
        status.state = state;
        status.generation = 1;
        status.since = m_clock.nowMs();
        m_store.applyStatus(status);
    }
    FleetBatch begun() const
    {
        FleetBatch batch;
        batch.source = source;
        batch.generation = 1;
        batch.at = m_clock.nowMs();
        return batch;
    }
    WorkerText textOf(int number) const
    {
        WorkerText text;
        text.number = WorkerNumber(number);
        const QByteArray digits = QByteArray::number(number).rightJustified(12, '0');
        text.id =
            m_actors ? QByteArray("@(local/agent-" + digits + ')') : QByteArray("chromium:11111111-2222-4333-8444-" + digits);
        text.type = m_actors ? "agent" : "chromium";
        if (!m_actors)
            text.host = "10.0.0.1:3131";
        text.startedAt = m_clock.nowMs();
        return text;
    }
    void append(FleetBatch &batch, int number)
    {
        constexpr qint32 ttl = 300'000;
        WorkerSample sample;
        sample.number = WorkerNumber(number);
        sample.readAt = sample.beatAt = sample.lastHeartbeat = batch.at;
        sample.ttl = sample.learntTtl = ttl;
        sample.status = m_actors ? WorkerStatus::Registered : WorkerStatus::Available;
        sample.flags = m_actors ? WorkerFlags(WorkerFlag::PolledBeats) : WorkerFlags();
        if (!m_actors)
            sample.activeSessions = sample.lifetimeSessions = 1;
        sample.keyPresent = sample.newBeat = true;
        batch.samples.append(sample);
        if (!m_actors)
            return;
        ActorFacts facts; // With each registration and renewal, as a hub's source tells it.
        facts.number = sample.number;
        facts.displayName = u"Agent "_s + QString::number(number);
        facts.capabilities = m_capabilities.at(number % m_capabilities.size());
        facts.registeredAt = batch.at;
        facts.expiresAt = batch.at + ttl;
        facts.version = 1;
        batch.actors.append(facts);
    }

    const bool m_actors;
    const int m_count;
    SystemClock m_clock;
    FleetStore m_store;
    std::unique_ptr<FleetTableModel> m_table;
    QList<QStringList> m_capabilities;
    int m_next = 0;
};

} // namespace

int holdChild(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    installTranslations(application);
    const int count = QByteArray(argv[3]).toInt();
    const int rounds = argc > 4 ? QByteArray(argv[4]).toInt() : 1;
    const double before = residentMb();
    Held held(qstrcmp(argv[2], "actors") == 0, count);
    held.fill();
    std::vector<double> ticks;
    for (int round = 0; round < rounds * ticksInRound; ++round) {
        ticks.push_back(held.tick());
        QCoreApplication::processEvents();
    }
    const QJsonObject answer{{u"shown"_s, held.shown()},
                             {u"tickMedian"_s, median(ticks)},
                             {u"tickP99"_s, quantile(ticks, 0.99)},
                             {u"memory"_s, residentMb() - before}};
    printAnswer(answer);
    return 0;
}

} // namespace pulsedeck::bench
