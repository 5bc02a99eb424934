// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/worker.h"

#include "models/core/enumtable.h"
#include "models/core/visibletext.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto livenessRows = std::to_array<WordRow<Liveness>>({
    {Liveness::Alive, "alive", QT_TRANSLATE_NOOP("Liveness", "alive")},
    {Liveness::Settling, "settling", QT_TRANSLATE_NOOP("Liveness", "settling")},
    {Liveness::Late, "late", QT_TRANSLATE_NOOP("Liveness", "late")},
    {Liveness::Stale, "stale", QT_TRANSLATE_NOOP("Liveness", "stale")},
    {Liveness::Crashed, "crashed", QT_TRANSLATE_NOOP("Liveness", "crashed")},
    {Liveness::Hung, "hung", QT_TRANSLATE_NOOP("Liveness", "hung")},
    {Liveness::NoTtl, "no-ttl", QT_TRANSLATE_NOOP("Liveness", "no TTL")},
    {Liveness::Zombie, "zombie", QT_TRANSLATE_NOOP("Liveness", "zombie")},
    {Liveness::Ghost, "ghost", QT_TRANSLATE_NOOP("Liveness", "ghost")},
    {Liveness::KeyLost, "key-lost", QT_TRANSLATE_NOOP("Liveness", "key lost")},
    {Liveness::Unknown, "unknown", QT_TRANSLATE_NOOP("Liveness", "unknown")},
    {Liveness::Departed, "departed", QT_TRANSLATE_NOOP("Liveness", "gone")},
});
static_assert(isInOrder(livenessRows, Liveness::Departed), "one row per liveness, in the order of the enumeration");

constexpr auto statusRows = std::to_array<WordRow<WorkerStatus>>({
    {WorkerStatus::Missing, "missing", QT_TRANSLATE_NOOP("WorkerStatus", "no status")},
    {WorkerStatus::Available, "available", QT_TRANSLATE_NOOP("WorkerStatus", "available")},
    {WorkerStatus::Busy, "busy", QT_TRANSLATE_NOOP("WorkerStatus", "busy")},
    {WorkerStatus::Paused, "paused", QT_TRANSLATE_NOOP("WorkerStatus", "paused")},
    {WorkerStatus::Draining, "draining", QT_TRANSLATE_NOOP("WorkerStatus", "draining")},
    {WorkerStatus::ShuttingDown, "shutting-down", QT_TRANSLATE_NOOP("WorkerStatus", "shutting down")},
    {WorkerStatus::Registered, "registered", QT_TRANSLATE_NOOP("WorkerStatus", "registered")},
    {WorkerStatus::Other, "other", QT_TRANSLATE_NOOP("WorkerStatus", "other")},
});
static_assert(isInOrder(statusRows, WorkerStatus::Other), "one row per status, in the order of the enumeration");

constexpr auto endRows = std::to_array<WordRow<WorkerEnd>>({
    {WorkerEnd::None, "", ""},
    {WorkerEnd::Drained, "drained", QT_TRANSLATE_NOOP("WorkerEnd", "drained")},
    {WorkerEnd::Left, "left", QT_TRANSLATE_NOOP("WorkerEnd", "left")},
    {WorkerEnd::Expired, "expired", QT_TRANSLATE_NOOP("WorkerEnd", "expired")},
    {WorkerEnd::Crashed, "crashed", QT_TRANSLATE_NOOP("WorkerEnd", "crashed")},
    {WorkerEnd::KeyRemoved, "key-removed", QT_TRANSLATE_NOOP("WorkerEnd", "key removed")},
    {WorkerEnd::Unseen, "gone-unseen", QT_TRANSLATE_NOOP("WorkerEnd", "gone, unseen")},
});
static_assert(isInOrder(endRows, WorkerEnd::Unseen), "one row per end, in the order of the enumeration");

/// In the order of their bits.
constexpr auto flagRows = std::to_array<WordRow<WorkerFlag>>({
    {WorkerFlag::Untyped, "untyped", QT_TRANSLATE_NOOP("WorkerFlag", "untyped")},
    {WorkerFlag::NoCounters, "no-counters", QT_TRANSLATE_NOOP("WorkerFlag", "no counters")},
    {WorkerFlag::CountersLeft, "counters-left", QT_TRANSLATE_NOOP("WorkerFlag", "counters left")},
    {WorkerFlag::BadField, "bad-field", QT_TRANSLATE_NOOP("WorkerFlag", "bad field")},
    {WorkerFlag::WrongType, "wrong-type", QT_TRANSLATE_NOOP("WorkerFlag", "wrong type")},
    {WorkerFlag::TooLarge, "too-large", QT_TRANSLATE_NOOP("WorkerFlag", "too large")},
    {WorkerFlag::NegativeSessions, "negative-sessions", QT_TRANSLATE_NOOP("WorkerFlag", "negative sessions")},
    {WorkerFlag::AgeEstimated, "age-estimated", QT_TRANSLATE_NOOP("WorkerFlag", "age estimated")},
    {WorkerFlag::ClockSkew, "clock-skew", QT_TRANSLATE_NOOP("WorkerFlag", "clock skew")},
    {WorkerFlag::Returned, "returned", QT_TRANSLATE_NOOP("WorkerFlag", "returned")},
    {WorkerFlag::NoListener, "no-listener", QT_TRANSLATE_NOOP("WorkerFlag", "no listener")},
    {WorkerFlag::Listener, "listener", QT_TRANSLATE_NOOP("WorkerFlag", "listener")},
    {WorkerFlag::DrainForgotten, "drain-forgotten", QT_TRANSLATE_NOOP("WorkerFlag", "drain forgotten")},
    {WorkerFlag::NeverSeenAlive, "never-seen-alive", QT_TRANSLATE_NOOP("WorkerFlag", "never seen alive")},
    {WorkerFlag::PolledBeats, "polled", QT_TRANSLATE_NOOP("WorkerFlag", "polled")},
    {WorkerFlag::DrainedByOperator, "drained-by-operator", QT_TRANSLATE_NOOP("WorkerFlag", "drained by operator")},
    {WorkerFlag::DrainUndone, "drain-undone", QT_TRANSLATE_NOOP("WorkerFlag", "drain undone")},
    {WorkerFlag::Leaving, "leaving", QT_TRANSLATE_NOOP("WorkerFlag", "leaving")},
    {WorkerFlag::BadCounter, "bad-counter", QT_TRANSLATE_NOOP("WorkerFlag", "bad counter")},
    {WorkerFlag::DrainUnseen, "drain-unseen", QT_TRANSLATE_NOOP("WorkerFlag", "drain unseen")},
    {WorkerFlag::Silent, "silent", QT_TRANSLATE_NOOP("WorkerFlag", "silent")},
    {WorkerFlag::Incomplete, "incomplete", QT_TRANSLATE_NOOP("WorkerFlag", "incomplete")},
    {WorkerFlag::Unregistered, "unregistered", QT_TRANSLATE_NOOP("WorkerFlag", "unregistered")},
    {WorkerFlag::Deaf, "deaf", QT_TRANSLATE_NOOP("WorkerFlag", "deaf")},
    {WorkerFlag::NotConsuming, "not-consuming", QT_TRANSLATE_NOOP("WorkerFlag", "consumes nothing")},
    {WorkerFlag::OwnClock, "own-clock", QT_TRANSLATE_NOOP("WorkerFlag", "by its own clock")},
    {WorkerFlag::StillWorking, "still-working", QT_TRANSLATE_NOOP("WorkerFlag", "still working")},
    {WorkerFlag::Registered, "registered", QT_TRANSLATE_NOOP("WorkerFlag", "registered")},
    {WorkerFlag::Unheard, "unheard", QT_TRANSLATE_NOOP("WorkerFlag", "silent, nothing to do")},
    {WorkerFlag::NobodyListens, "nobody-listens", QT_TRANSLATE_NOOP("WorkerFlag", "nobody listens")},
    {WorkerFlag::NotAsked, "not-asked", QT_TRANSLATE_NOOP("WorkerFlag", "status not known")},
});
static_assert(flagRows.size() == workerFlagCount, "one row per flag");

/// The words of \a words, one per row of the flags, for those that are set.
QStringList wordsOf(WorkerFlags flags, const QStringList &words)
{
    QStringList list;
    for (size_t i = 0; i < flagRows.size(); ++i) {
        if (flags.testFlag(flagRows[i].id))
            list.append(words.at(qsizetype(i)));
    }
    return list;
}

/// Told to shut down and gone, where nothing but a status word would show a drain before it.
bool isShutDown(const Worker &worker)
{
    return worker.end == WorkerEnd::Drained && worker.status == WorkerStatus::ShuttingDown
           && !worker.traits->has(SourceFact::StatusWord);
}

} // namespace

QString livenessName(Liveness liveness)
{
    static const QStringList names = tableNames(livenessRows);
    return names.at(qsizetype(liveness));
}

QString livenessLabel(Liveness liveness)
{
    static const QStringList labels = tableTexts("Liveness", livenessRows);
    return labels.at(qsizetype(liveness));
}

QString statusName(WorkerStatus status)
{
    static const QStringList names = tableNames(statusRows);
    return names.at(qsizetype(status));
}

QString statusLabel(WorkerStatus status)
{
    static const QStringList labels = tableTexts("WorkerStatus", statusRows);
    return labels.at(qsizetype(status));
}

QString endName(WorkerEnd end)
{
    return nameFromId(endRows, end);
}

WorkerEnd endFromName(const QString &name)
{
    return idFromName(endRows, name).value_or(WorkerEnd::None);
}

QString livenessName(const Worker &worker)
{
    if (nobodyListens(worker))
        return flagNames(WorkerFlag::NobodyListens).constFirst();
    if (worker.liveness != Liveness::Departed || worker.end == WorkerEnd::None)
        return livenessName(worker.liveness);
    return isShutDown(worker) ? u"shut-down"_s : endName(worker.end);
}

QString livenessLabel(const Worker &worker)
{
    if (nobodyListens(worker))
        return flagLabels(WorkerFlag::NobodyListens).constFirst();
    if (worker.liveness != Liveness::Departed || worker.end == WorkerEnd::None)
        return livenessLabel(worker.liveness);
    // A connection that ended does not say whether its worker left in order.
    if (worker.end == WorkerEnd::Left && worker.traits->basis == BeatBasis::Connection)
        return QCoreApplication::translate("WorkerEnd", "gone");
    // A ghost has no key: it was taken out of its system's registry.
    if (worker.end == WorkerEnd::KeyRemoved && worker.traits->isLaidOut())
        return QCoreApplication::translate("WorkerEnd", "removed");
    return isShutDown(worker) ? QCoreApplication::translate("WorkerEnd", "shut down")
                              : tableText("WorkerEnd", endRows[size_t(worker.end)].text);
}

QString zombieName(const Worker &worker)
{
    return worker.end == WorkerEnd::Unseen ? u"zombie-unseen"_s : u"zombie-lost"_s;
}

WorkerStatus statusFromText(QByteArrayView text)
{
    if (text == "available")
        return WorkerStatus::Available;
    if (text == "draining")
        return WorkerStatus::Draining;
    if (text == "shutting-down")
        return WorkerStatus::ShuttingDown;
    return text.isEmpty() ? WorkerStatus::Missing : WorkerStatus::Other;
}

QStringList flagNames(WorkerFlags flags)
{
    static const QStringList names = tableNames(flagRows);
    return wordsOf(flags, names);
}

QStringList flagLabels(WorkerFlags flags)
{
    static const QStringList labels = tableTexts("WorkerFlag", flagRows);
    return wordsOf(flags, labels);
}

QByteArray bareId(const QByteArray &id, const SourceTraits &traits)
{
    return traits.ids.typed ? id.mid(id.indexOf(':') + 1) : id;
}

QByteArray hostName(const Worker &worker)
{
    const QByteArray &host = worker.host;
    const qsizetype colon = host.lastIndexOf(':');
    if (colon <= 0 || colon + 1 == host.size())
        return host;
    // A second colon outside of brackets: an IPv6 address without a port.
    if (host.indexOf(':') != colon && !host.startsWith('['))
        return host;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return std::all_of(host.begin() + colon + 1, host.end(), isDigit) ? host.left(colon) : host;
}

BeatBasis ageBasis(const Worker &worker)
{
    const BeatBasis basis = worker.traits->basis;
    const bool ownClock = basis == BeatBasis::KeyTtl && worker.flags.testFlag(WorkerFlag::OwnClock);
    return ownClock ? BeatBasis::Stamp : basis;
}

QString ageBasisName(const Worker &worker)
{
    static const QStringList names{u"ttl"_s, u"clock"_s, u"score"_s, u"events"_s, u"connection"_s, u"registration"_s, u"calls"_s};
    return names.at(qsizetype(ageBasis(worker)));
}

QByteArray bareId(const Worker &worker)
{
    return bareId(worker.id, *worker.traits);
}

QString shortId(const QByteArray &id, const SourceTraits &traits)
{
    const QString text = QString::fromUtf8(bareId(id, traits));
    if (!traits.ids.typed)
        return visibleLine(text);
    return visibleLine(text.size() > 8 && text.at(8) == u'-' ? text.left(8) : text.left(24));
}

QString shortId(const Worker &worker)
{
    return shortId(worker.id, *worker.traits);
}

} // namespace pulsedeck
