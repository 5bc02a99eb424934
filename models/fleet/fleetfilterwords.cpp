// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetfilterwords.h"

#include "models/fleet/drift.h"
#include "models/fleet/fleetstore.h"
#include "models/sources/sourcekind.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// What the actors on show can do, at most so many.
QStringList knownCapabilities(const FleetStore &store)
{
    constexpr qsizetype mostOffered = 200;
    QSet<QString> known;
    for (int handle = 0; handle < store.capacity() && known.size() < mostOffered; ++handle) {
        const ActorFacts *facts = store.worker(WorkerHandle(handle)).used ? store.actor(WorkerHandle(handle)) : nullptr;
        if (!facts)
            continue;
        for (const QString &capability : facts->capabilities)
            known.insert(capability);
    }
    QStringList sorted = known.values();
    sorted.sort(Qt::CaseInsensitive);
    return sorted;
}

/// Hosts of the workers on show, or the queues that they serve or that are there, at most so many.
QStringList knownTexts(const FleetStore &store, bool hosts)
{
    constexpr qsizetype mostOffered = 200;
    QSet<QString> known;
    for (int i = 0; i < store.capacity() && known.size() < mostOffered; ++i) {
        const Worker &worker = store.worker(WorkerHandle(i));
        if (!worker.used)
            continue;
        if (hosts) {
            if (!worker.host.isEmpty())
                known.insert(QString::fromUtf8(hostName(worker)));
        } else if (const LayoutFacts *facts = store.facts(WorkerHandle(i))) {
            for (const QString &queue : facts->queues)
                known.insert(queue);
        }
    }
    for (const auto &queue : store.queues().all()) {
        if (hosts || known.size() >= mostOffered)
            break;
        known.insert(QString::fromUtf8(queue.first.name));
    }
    QStringList sorted = known.values();
    sorted.sort(Qt::CaseInsensitive);
    return sorted;
}

} // namespace

QString quotedTerm(const QString &term)
{
    return term.contains(u' ') ? QString(u'"' + term + u'"') : term;
}

const QStringList &livenessWords()
{
    static const QStringList words{u"alive"_s,         u"new"_s,         u"settling"_s,  u"late"_s,        u"stale"_s,
                                   u"crashed"_s,       u"hung"_s,        u"zombie"_s,    u"zombie-lost"_s, u"zombie-unseen"_s,
                                   u"ghost"_s,         u"key-lost"_s,    u"no-ttl"_s,    u"unknown"_s,     u"departed"_s,
                                   u"gone"_s,          u"drained"_s,     u"shut-down"_s, u"left"_s,        u"expired"_s,
                                   u"gone-unseen"_s,   u"key-removed"_s, u"returned"_s,  u"deaf"_s,        u"nobody-listens"_s,
                                   u"not-consuming"_s, u"incomplete"_s,  u"leaving"_s,   u"attention"_s};
    return words;
}

const QStringList &statusWords()
{
    static const QStringList words{u"available"_s,     u"busy"_s,       u"paused"_s,  u"draining"_s,
                                   u"shutting-down"_s, u"registered"_s, u"missing"_s, u"other"_s};
    return words;
}

QStringList flagWords()
{
    // What people look for among the flags is found there too.
    return flagNames(WorkerFlags::fromInt((1u << workerFlagCount) - 1)) + QStringList{u"crashed"_s, u"hung"_s};
}

const QStringList &driftWords()
{
    static const QStringList words = QStringList(u"any"_s) + driftNames(Drift::Both);
    return words;
}

const QStringList &kindWords()
{
    static QStringList words;
    words = SourceKind::workerKinds() << u"console"_s;
    return words;
}

QStringList knownTerms(const QString &stem, const FleetStore &store)
{
    QStringList all;
    const auto addWords = [&all](QLatin1String key, const QStringList &values) {
        for (const QString &value : values)
            all.append(QString(key + u':' + value));
    };
    addWords("liveness"_L1, livenessWords());
    addWords("status"_L1, statusWords());
    for (int i = 1; i < store.typeCount(); ++i)
        all.append(QString(u"type:"_s + store.typeName(quint16(i))));
    for (const SourceId source : store.sources())
        all.append(quotedTerm(u"source:"_s + store.sourceName(source)));
    addWords("flag"_L1, flagWords());
    addWords("drift"_L1, driftWords());
    addWords("kind"_L1, kindWords());
    addWords("system"_L1, TraitsRef::systemWords());
    const auto asksFor = [&stem](QLatin1String key) {
        return QString(key).startsWith(stem, Qt::CaseInsensitive) || stem.startsWith(key, Qt::CaseInsensitive);
    };
    for (const auto &[key, hosts] : {std::pair("host:"_L1, true), std::pair("queue:"_L1, false)}) {
        if (stem.isEmpty() || !asksFor(key))
            continue;
        const QStringList texts = knownTexts(store, hosts);
        for (const QString &text : texts)
            all.append(quotedTerm(key + text));
    }
    // Only where somebody types one: it means to look at every actor.
    if (asksFor("capability:"_L1)) {
        const QStringList capabilities = knownCapabilities(store);
        for (const QString &capability : capabilities)
            all.append(quotedTerm(u"capability:"_s + capability));
    }
    all += {u"age>10s"_s,    u"age>30s"_s,    u"ttl<5s"_s,      u"ttl<10s"_s,   u"interval>15s"_s, u"skew>1s"_s, u"uptime<5m"_s,
            u"sessions>0"_s, u"sessions=0"_s, u"lifetime>10"_s, u"version>1"_s, u"version<2"_s,    u"not"_s};
    return all;
}

} // namespace pulsedeck
