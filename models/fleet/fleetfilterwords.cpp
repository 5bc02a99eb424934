// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetfilterwords.h"

#include "models/fleet/fleetfilter.h"
#include "models/timing/measuredtiming.h"

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

/// Every term whose value is known; capabilities only where \a stem asks for them.
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
    for (const SourceId source : store.sources()) {
        const QString name = store.sourceName(source);
        all.append(name.contains(u' ') ? QString(u"\"source:"_s + name + u'"') : QString(u"source:"_s + name));
    }
    addWords("flag"_L1, flagWords());
    addWords("drift"_L1, driftWords());
    addWords("kind"_L1, kindWords());
    // Only where somebody types one: it means to look at every actor.
    if (QStringView(u"capability:").startsWith(stem, Qt::CaseInsensitive)
        || stem.startsWith("capability:"_L1, Qt::CaseInsensitive)) {
        const QStringList capabilities = knownCapabilities(store);
        for (const QString &capability : capabilities)
            all.append(capability.contains(u' ') ? QString(u"\"capability:"_s + capability + u'"')
                                                 : QString(u"capability:"_s + capability));
    }
    all += {u"age>10s"_s,   u"age>30s"_s,   u"ttl<5s"_s,     u"ttl<10s"_s,    u"interval>15s"_s,
            u"skew>1s"_s,   u"uptime<5m"_s, u"sessions>0"_s, u"sessions=0"_s, u"lifetime>10"_s,
            u"version>1"_s, u"version<2"_s, u"not"_s};
    return all;
}

} // namespace

const QStringList &livenessWords()
{
    static const QStringList words{u"alive"_s, u"new"_s, u"settling"_s, u"late"_s, u"stale"_s, u"crashed"_s, u"hung"_s, u"zombie"_s, u"zombie-lost"_s, u"zombie-unseen"_s, u"key-lost"_s, u"no-ttl"_s, u"unknown"_s,
                                   u"departed"_s, u"gone"_s, u"drained"_s, u"shut-down"_s, u"left"_s, u"expired"_s, u"gone-unseen"_s, u"key-removed"_s,
                                   u"returned"_s, u"attention"_s};
    return words;
}

const QStringList &statusWords()
{
    static const QStringList words{u"available"_s, u"draining"_s, u"shutting-down"_s, u"registered"_s, u"missing"_s, u"other"_s};
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
    static const QStringList words{u"worker"_s, u"actor"_s, u"console"_s};
    return words;
}

QStringList FleetFilter::completions(const QString &text, const FleetStore &store)
{
    const qsizetype start = text.lastIndexOf(u' ') + 1;
    QString stem = text.mid(start);
    QString sign;
    if (stem.startsWith(u'-') || stem.startsWith(u'!')) {
        sign = stem.left(1);
        stem.remove(0, 1);
    }
    QStringList fitting;
    for (const QString &candidate : knownTerms(stem, store)) {
        if (candidate.startsWith(stem, Qt::CaseInsensitive) && candidate.compare(stem, Qt::CaseInsensitive) != 0)
            fitting.append(QString(sign + candidate));
    }
    return fitting;
}

QString FleetFilter::completed(const QString &term, const FleetStore &store)
{
    if (!term.contains(u':') || term.endsWith(u':'))
        return term;
    QStringList longer;
    for (const QString &candidate : knownTerms(term, store)) {
        if (candidate.compare(term, Qt::CaseInsensitive) == 0)
            return term;
        if (candidate.startsWith(term, Qt::CaseInsensitive))
            longer.append(candidate);
    }
    return longer.size() == 1 ? longer.constFirst() : term;
}

} // namespace pulsedeck
