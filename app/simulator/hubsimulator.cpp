// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubsimulator.h"

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr double msPerSecond = 1'000;
constexpr double longestFaultSeconds = 24 * 3'600;
constexpr double defaultDownSeconds = 5;
constexpr double crashedSeconds = 10;
constexpr double slowSeconds = 8;
constexpr qsizetype addressesSaid = 20;
constexpr char orders[] = "wipe, kill [N], down [S], FAULT [S], miss [N], crash [N [S]], leave [N], deaf [N], refuse [N], "
                          "slow [N [S]], status, quit";

HubActorOptions actorOptions(const FleetOptions &options)
{
    HubActorOptions actors;
    actors.count = options.hub.actors;
    actors.ttl = options.hub.actorTtl;
    actors.heartbeats = !options.hub.quietActors;
    actors.busy = options.demo;
    actors.seed = options.seed;
    actors.secret = options.hub.secret;
    return actors;
}

HubRules rules(const FleetOptions &options)
{
    HubRules hub;
    hub.forgets = options.hub.forgets;
    hub.secret = options.hub.secret;
    return hub;
}

} // namespace

HubSimulator::HubSimulator(const FleetOptions &options, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_server(rules(options), clock)
    , m_actors(m_server.core(), actorOptions(options), clock)
{
    m_upTimer.setSingleShot(true);
    connect(&m_upTimer, &QTimer::timeout, this, [this] {
        QString problem;
        if (m_server.comeUp(&problem))
            emit said("hub up");
        else
            emit complained(problem);
    });
    connect(&m_actors, &HubActors::allRegistered, this, [this](qint64 elapsedMs) {
        emit said("registered " + QByteArray::number(m_options.hub.actors) + " actors in "
                  + QByteArray::number(double(elapsedMs) / msPerSecond, 'f', 2) + " s");
    });
    connect(&m_server.core(), &HubCore::wiped, this, [this] { emit said("hub forgot everything"); });
}

void HubSimulator::start()
{
    QString problem;
    if (!m_server.listen(quint16(m_options.hub.port), &problem)) {
        emit complained(problem);
        emit failed(exitNoPort);
        return;
    }
    emit said("hub ws://127.0.0.1:" + QByteArray::number(m_server.port()) + "/ws");
    m_actors.start();
}

void HubSimulator::stop()
{
    m_upTimer.stop();
    m_actors.stop();
    m_server.cut(-1);
}

void HubSimulator::goDown(double seconds)
{
    m_server.goDown();
    m_upTimer.start(int(seconds * msPerSecond));
}

void HubSimulator::obey(const QByteArray &line)
{
    QList<QByteArray> words = line.simplified().split(' ');
    if (words.first() == "hub")
        words.removeFirst();
    if (words.isEmpty() || words.first().isEmpty() || words.first().startsWith('#'))
        return;
    const QByteArray word = words.takeFirst();
    std::array<double, 2> values{0, 0};
    bool ok = words.size() <= 2;
    for (qsizetype i = 0; ok && i < words.size(); ++i) {
        values[size_t(i)] = words[i].toDouble(&ok);
        ok = ok && std::isfinite(values[size_t(i)]) && values[size_t(i)] > 0 && values[size_t(i)] <= longestFaultSeconds;
    }
    if (!ok) {
        emit said("error: hub " + word + " takes numbers above 0");
        return;
    }
    const int count = words.isEmpty() ? 1 : int(values[0]);
    if (word == "wipe") {
        m_server.core().wipe();
    } else if (word == "kill") {
        emit said("hub kill " + QByteArray::number(m_server.cut(words.isEmpty() ? -1 : count)));
    } else if (word == "down") {
        goDown(words.isEmpty() ? defaultDownSeconds : values[0]);
        emit said("hub down");
    } else if (word == "miss") {
        emit said(struck(word, m_actors.miss(count)));
    } else if (word == "crash") {
        emit said(struck(word, m_actors.crash(count, qint64((words.size() > 1 ? values[1] : crashedSeconds) * msPerSecond))));
    } else if (word == "leave") {
        emit said(struck(word, m_actors.leave(count)));
    } else if (word == "deaf") {
        emit said(struck(word, m_actors.deafen(count)));
    } else if (word == "refuse") {
        emit said(struck(word, m_actors.makeRefuse(count)));
    } else if (word == "slow") {
        emit said(struck(word, m_actors.slow(count, qint64((words.size() > 1 ? values[1] : slowSeconds) * msPerSecond))));
    } else if (word == "status") {
        emit said(statusLine());
    } else if (const auto fault = hubFaultFromName(word)) {
        m_server.setFault(*fault, int(values[0] * msPerSecond));
        emit said("hub " + word);
    } else {
        emit said("error: the hub knows no “" + word + "”, but " + orders);
    }
}

QByteArray HubSimulator::struck(const QByteArray &word, const QStringList &addresses) const
{
    QByteArray line = "hub " + word + ' ' + QByteArray::number(addresses.size());
    for (qsizetype i = 0; i < qMin(addresses.size(), addressesSaid); ++i)
        line += ' ' + addresses[i].toUtf8();
    return line;
}

QByteArray HubSimulator::statusLine()
{
    return "actors=" + QByteArray::number(m_actors.registered()) + " draining=" + QByteArray::number(m_actors.draining())
           + " orders=" + QByteArray::number(m_actors.orders()) + " clients=" + QByteArray::number(m_server.connections())
           + " wipes=" + QByteArray::number(m_server.core().wipes())
           + " rate_refusals=" + QByteArray::number(m_server.core().refusedForRate());
}

} // namespace pulsedeck::fleet
