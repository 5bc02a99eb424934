// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/worker.h"

#include "models/core/visibletext.h"

#include <QStringList>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString livenessName(Liveness liveness)
{
    switch (liveness) {
    case Liveness::Alive:
        return u"alive"_s;
    case Liveness::Settling:
        return u"settling"_s;
    case Liveness::Late:
        return u"late"_s;
    case Liveness::Stale:
        return u"stale"_s;
    case Liveness::Crashed:
        return u"crashed"_s;
    case Liveness::Hung:
        return u"hung"_s;
    case Liveness::NoTtl:
        return u"no-ttl"_s;
    case Liveness::Zombie:
        return u"zombie"_s;
    case Liveness::KeyLost:
        return u"key-lost"_s;
    case Liveness::Unknown:
        return u"unknown"_s;
    case Liveness::Departed:
        return u"departed"_s;
    }
    return {};
}

QString statusName(WorkerStatus status)
{
    switch (status) {
    case WorkerStatus::Missing:
        return u"missing"_s;
    case WorkerStatus::Available:
        return u"available"_s;
    case WorkerStatus::Draining:
        return u"draining"_s;
    case WorkerStatus::ShuttingDown:
        return u"shutting-down"_s;
    case WorkerStatus::Registered:
        return u"registered"_s;
    case WorkerStatus::Other:
        return u"other"_s;
    }
    return {};
}

QString endName(WorkerEnd end)
{
    switch (end) {
    case WorkerEnd::None:
        return {};
    case WorkerEnd::Drained:
        return u"drained"_s;
    case WorkerEnd::Left:
        return u"left"_s;
    case WorkerEnd::Expired:
        return u"expired"_s;
    case WorkerEnd::Crashed:
        return u"crashed"_s;
    case WorkerEnd::KeyRemoved:
        return u"key-removed"_s;
    case WorkerEnd::Unseen:
        return u"gone-unseen"_s;
    }
    return {};
}

WorkerEnd endFromName(const QString &name)
{
    for (const WorkerEnd end : {WorkerEnd::Drained, WorkerEnd::Left, WorkerEnd::Expired, WorkerEnd::Crashed,
                                WorkerEnd::KeyRemoved, WorkerEnd::Unseen}) {
        if (endName(end) == name)
            return end;
    }
    return WorkerEnd::None;
}

QString livenessName(const Worker &worker)
{
    if (worker.liveness == Liveness::Departed && worker.end != WorkerEnd::None) {
        // An actor that was told to shut down and went did not drain. (A worker with a key always drains first.)
        const bool shutDown = worker.traits->registers() && worker.status == WorkerStatus::ShuttingDown;
        return worker.end == WorkerEnd::Drained && shutDown ? u"shut-down"_s : endName(worker.end);
    }
    return livenessName(worker.liveness);
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
    struct Name
    {
        WorkerFlag flag;
        QLatin1String text;
    };
    static constexpr std::array<Name, workerFlagCount> names{{
        {WorkerFlag::Untyped, "untyped"_L1},
        {WorkerFlag::NoCounters, "no-counters"_L1},
        {WorkerFlag::CountersLeft, "counters-left"_L1},
        {WorkerFlag::BadField, "bad-field"_L1},
        {WorkerFlag::WrongType, "wrong-type"_L1},
        {WorkerFlag::TooLarge, "too-large"_L1},
        {WorkerFlag::NegativeSessions, "negative-sessions"_L1},
        {WorkerFlag::AgeEstimated, "age-estimated"_L1},
        {WorkerFlag::ClockSkew, "clock-skew"_L1},
        {WorkerFlag::Returned, "returned"_L1},
        {WorkerFlag::NoListener, "no-listener"_L1},
        {WorkerFlag::Listener, "listener"_L1},
        {WorkerFlag::DrainForgotten, "drain-forgotten"_L1},
        {WorkerFlag::NeverSeenAlive, "never-seen-alive"_L1},
        {WorkerFlag::PolledBeats, "polled"_L1},
        {WorkerFlag::DrainedByOperator, "drained-by-operator"_L1},
        {WorkerFlag::DrainUndone, "drain-undone"_L1},
        {WorkerFlag::Leaving, "leaving"_L1},
        {WorkerFlag::BadCounter, "bad-counter"_L1},
        {WorkerFlag::DrainUnseen, "drain-unseen"_L1},
        {WorkerFlag::Silent, "silent"_L1},
    }};
    QStringList list;
    for (const Name &name : names) {
        if (flags.testFlag(name.flag))
            list.append(name.text);
    }
    return list;
}

QByteArray bareId(const QByteArray &id)
{
    return id.startsWith("@(") ? id : id.mid(id.indexOf(':') + 1);
}

QString shortId(const QByteArray &id)
{
    const QString text = QString::fromUtf8(bareId(id));
    if (id.startsWith("@("))
        return visibleLine(text);
    return visibleLine(text.size() > 8 && text.at(8) == u'-' ? text.left(8) : text.left(24));
}

} // namespace pulsedeck
