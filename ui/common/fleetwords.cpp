// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/fleetwords.h"

#include "models/fleet/fleetcolumns.h"
#include "models/fleet/liveness.h"
#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool isDying(const Worker &worker)
{
    switch (worker.liveness) {
    case Liveness::Late:
    case Liveness::Stale:
    case Liveness::Crashed:
    case Liveness::Hung:
        return true;
    default:
        return false;
    }
}

/// "known in 12 s": when a settling worker will have shown what it is, at the latest.
QString settlingText(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    const qint64 by = settledBy(store.worker(handle), store.thresholds(handle));
    return by > now ? QString(u"known in "_s + countText(by - now + 999)) : QString();
}

/// The word of filter and JSON as one reads it: "shut down", "gone, unseen".
QString endWords(const Worker &worker)
{
    if (worker.end == WorkerEnd::None)
        return u"gone"_s;
    if (worker.end == WorkerEnd::Unseen)
        return u"gone, unseen"_s;
    return livenessName(worker).replace(u'-', u' ');
}

} // namespace

QColor toneColour(Tone tone)
{
    const ThemeTokens &tokens = theme();
    switch (tone) {
    case Tone::Ordinary:
        return tokens.dim;
    case Tone::Text:
        return tokens.text;
    case Tone::Alive:
        return tokens.alive;
    case Tone::Late:
        return tokens.late;
    case Tone::Stale:
        return tokens.stale;
    case Tone::Drain:
        return tokens.drain;
    case Tone::Zombie:
        return tokens.zombie;
    case Tone::Gone:
        return tokens.gone;
    case Tone::Accent:
        return tokens.accent;
    }
    return tokens.text;
}

Tone stateTone(const Worker &worker)
{
    switch (glyphOf(worker)) {
    case Glyph::Late:
    case Glyph::NoTtl:
    case Glyph::KeyLost:
    case Glyph::Warning:
        return Tone::Late;
    case Glyph::Stale:
    case Glyph::Crashed:
    case Glyph::Hung:
    case Glyph::Error:
        return Tone::Stale;
    case Glyph::Zombie:
    case Glyph::ZombieUnseen:
        return Tone::Zombie;
    case Glyph::Draining:
    case Glyph::ShuttingDown:
        return Tone::Drain;
    case Glyph::Gone:
    case Glyph::Unknown:
        return Tone::Gone;
    default:
        return Tone::Ordinary;
    }
}

StatusWords statusWords(const FleetStore &store, WorkerHandle handle, qint64 now, qint64 drainTimeout, const QString &frozen)
{
    const Worker &worker = store.worker(handle);
    StatusWords words;
    if (worker.liveness == Liveness::Departed || worker.liveness == Liveness::Zombie) {
        const bool zombie = worker.liveness == Liveness::Zombie;
        words.textTone = zombie ? Tone::Zombie : Tone::Gone;
        words.text = !zombie ? endWords(worker) : worker.end == WorkerEnd::Crashed ? u"crashed"_s : u"key gone"_s;
        if (worker.end == WorkerEnd::Crashed)
            words.textTone = Tone::Stale;
        if (worker.flags.testFlag(WorkerFlag::NeverSeenAlive))
            words.text = u"only counters"_s;
        else if (worker.endedAt > 0)
            words.badge = countText(now - worker.endedAt);
        words.badgeTone = words.textTone;
        return words;
    }
    const bool draining = worker.status == WorkerStatus::Draining;
    if (draining && worker.activeSessions > 0)
        words.text = u"draining "_s + QString::number(worker.activeSessions);
    else if (worker.status == WorkerStatus::ShuttingDown)
        words.text = u"shutting down"_s;
    else
        words.text = worker.status == WorkerStatus::Missing ? u"no status"_s : store.statusText(handle);
    words.textTone = draining || worker.status == WorkerStatus::ShuttingDown ? Tone::Drain : Tone::Ordinary;
    if (worker.flags.testFlag(WorkerFlag::WrongType))
        words.text = u"not a hash"_s;

    if (!frozen.isEmpty()) {
        words.textTone = Tone::Ordinary;
        words.badge = frozen;
        words.badgeTone = Tone::Gone;
    } else if (isDying(worker)) {
        words.badge = livenessName(worker.liveness);
        words.badgeTone = stateTone(worker);
    } else if (worker.liveness == Liveness::KeyLost) {
        words.badge = u"key lost"_s;
        words.badgeTone = Tone::Late;
    } else if (worker.liveness == Liveness::NoTtl) {
        words.badge = worker.traits->registers() ? u"no end"_s : u"no TTL"_s;
        words.badgeTone = Tone::Late;
    } else if (worker.flags.testFlag(WorkerFlag::WrongType)) {
        words.textTone = Tone::Stale;
    } else if (worker.flags & (WorkerFlag::BadField | WorkerFlag::TooLarge)) {
        words.badge = worker.flags.testFlag(WorkerFlag::BadField) ? u"bad field"_s : u"too large"_s;
        words.badgeTone = Tone::Late;
    } else if (worker.flags.testFlag(WorkerFlag::BadCounter)) {
        words.badge = u"bad counter"_s;
        words.badgeTone = Tone::Late;
    } else if (worker.flags.testFlag(WorkerFlag::DrainForgotten)) {
        words.badge = u"forgot drain"_s;
        words.badgeTone = Tone::Late;
    } else if (worker.flags.testFlag(WorkerFlag::DrainUndone)) {
        words.badge = u"drain undone"_s;
        words.badgeTone = Tone::Late;
    } else if (draining && worker.flags.testFlag(WorkerFlag::Leaving)) {
        words.badge = u"told to go"_s;
        words.badgeTone = Tone::Drain;
    } else if (draining && worker.flags.testFlag(WorkerFlag::DrainedByOperator)) {
        words.badge = u"by operator"_s; // It stays up, so nothing counts down.
        words.badgeTone = Tone::Drain;
    } else if (draining && worker.traits->of(Act::Drain).proof == ActProof::Answer) {
        words.badge = u"accepted"_s; // It said so, and stays registered: nothing counts down.
        words.badgeTone = Tone::Drain;
    } else if (draining && worker.statusSince > 0 && drainTimeout <= 0) {
        words.badge = countText(now - worker.statusSince); // How long it has taken; how long it may take nobody told.
        words.badgeTone = Tone::Drain;
    } else if (draining && worker.statusSince > 0) {
        const qint64 left = worker.statusSince + drainTimeout - now;
        words.badge = left >= 0 ? countText(left) : QString(u"+"_s + countText(-left));
        words.badgeTone = left >= 0 ? Tone::Drain : Tone::Late;
    } else if (worker.liveness == Liveness::Settling) {
        words.badge = u"settling"_s;
        words.badgeTone = Tone::Gone;
    } else if (worker.flags.testFlag(WorkerFlag::ClockSkew) && worker.clockSkew != unknownValue) {
        words.badge = offsetText(-qint64(worker.clockSkew));
        words.badgeTone = Tone::Late;
        words.clockBadge = true;
    } else if (isNew(worker)) {
        words.badge = u"new "_s + countText(now - worker.firstSeenAt);
        words.badgeTone = Tone::Alive;
    } else if (worker.flags.testFlag(WorkerFlag::Returned) && now - worker.returnedAt < 15 * 60'000) {
        words.badge = u"returned"_s;
        words.badgeTone = Tone::Alive;
    }
    return words;
}

QString stateSentence(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    const Worker &worker = store.worker(handle);
    const QString age = durationText(worker.beatAgeAt(now));
    switch (worker.liveness) {
    case Liveness::Departed:
        return QString(endWords(worker) + u" "_s + countText(now - worker.endedAt) + u" ago"_s);
    case Liveness::Zombie:
        if (worker.end == WorkerEnd::Unseen)
            return u"zombie, end unseen, found "_s + countText(now - worker.endedAt) + u" ago"_s;
        return (worker.end == WorkerEnd::Crashed ? u"crashed, key gone "_s : u"zombie, lost "_s) + countText(now - worker.endedAt)
               + u" ago"_s;
    case Liveness::Stale:
    case Liveness::Late:
        if (worker.traits->registers()) {
            const qint32 left = worker.ttlLeftAt(now);
            return left > 0 ? QString(livenessName(worker.liveness) + u" · expires in "_s + countText(left))
                            : QString(livenessName(worker.liveness) + u" · expired"_s);
        }
        return livenessName(worker.liveness);
    case Liveness::Settling: {
        const QString known = settlingText(store, handle, now);
        return known.isEmpty() ? u"settling: no beat seen yet"_s : QString(u"settling: no beat seen yet, "_s + known);
    }
    case Liveness::Crashed:
        return u"crashed: nobody listens on its command channel"_s;
    case Liveness::Hung:
        return u"hung: its process listens and does not beat"_s;
    case Liveness::KeyLost:
        return u"key lost, watching"_s;
    case Liveness::NoTtl:
        return worker.traits->registers() ? u"registered without an end"_s : u"key without TTL"_s;
    case Liveness::Unknown: {
        const SourceStatus status = store.sourceStatus(worker.source);
        if (!status.isConnected() && status.lostAt > 0)
            return u"unknown since "_s + clockText(status.lostAt);
        return worker.flags.testFlag(WorkerFlag::WrongType) ? u"unreadable"_s : u"unknown"_s;
    }
    case Liveness::Alive:
        break;
    }
    if (worker.status == WorkerStatus::Draining && worker.flags.testFlag(WorkerFlag::DrainedByOperator)) {
        if (worker.flags.testFlag(WorkerFlag::Leaving))
            return u"drained by an operator, then told to shut down"_s;
        return worker.flags.testFlag(WorkerFlag::DrainUnseen) ? u"drained by an operator before this console looked"_s
                                                              : u"drained by an operator, stays up"_s;
    }
    if (worker.flags.testFlag(WorkerFlag::DrainUndone))
        return u"alive, an operator's drain was undone"_s;
    if (worker.traits->registers() && worker.status == WorkerStatus::Draining)
        return u"accepted a drain, stays registered"_s;
    if (worker.traits->registers() && worker.status == WorkerStatus::ShuttingDown)
        return u"accepted a shutdown"_s;
    if (worker.status == WorkerStatus::Draining) {
        const QString sessions =
            worker.activeSessions > 0 ? u" "_s + countedWord(worker.activeSessions, u"session"_s) : QString();
        const qint64 timeout = store.drainTimeoutMs(worker.source);
        if (timeout <= 0)
            return QString(u"draining"_s + sessions + u" for "_s + countText(now - worker.statusSince)
                           + u", its timeout is not known"_s);
        const qint64 left = worker.statusSince + timeout - now;
        return QString(u"draining"_s + sessions + (left >= 0 ? u" · "_s : u" · over by "_s) + countText(qAbs(left))
                       + (left >= 0 ? u" left"_s : QString()));
    }
    if (worker.status == WorkerStatus::ShuttingDown)
        return u"shutting down"_s;
    return isNew(worker) ? u"alive, new"_s : u"alive"_s;
}

QStringList findings(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    QStringList lines = store.problems(handle);
    const auto say = [&](WorkerFlag flag, const QString &text) {
        if (worker.flags.testFlag(flag))
            lines.append(text);
    };
    if (lines.isEmpty()) {
        say(WorkerFlag::WrongType, u"its key is not a hash"_s);
        say(WorkerFlag::BadField, u"a field is missing or cannot be read"_s);
    }
    say(WorkerFlag::TooLarge, u"a field is larger than is read"_s);
    say(WorkerFlag::NegativeSessions, u"its session counter is below zero"_s);
    say(WorkerFlag::BadCounter, u"a session counter is no whole number in range"_s);
    if (worker.liveness == Liveness::Crashed)
        lines.append(u"nobody listens on its command channel: the process died"_s);
    if (worker.end == WorkerEnd::Crashed)
        lines.append(u"its process had died before its key expired"_s);
    if (isDying(worker) && worker.liveness != Liveness::Crashed)
        say(WorkerFlag::Listener, u"its process still listens: it hangs, or its beats do not arrive"_s);
    say(WorkerFlag::DrainForgotten, u"says available again while it drains: it takes no further command"_s);
    say(WorkerFlag::DrainUndone, u"it registered again, which undid an operator's drain: it takes sessions and stays"_s);
    say(WorkerFlag::Leaving, u"it was told to shut down under an operator's drain: it leaves, and cannot be resumed"_s);
    if (!worker.flags.testFlag(WorkerFlag::Leaving))
        say(WorkerFlag::DrainUnseen, u"its drain began before this console looked: that it still stands cannot be proven"_s);
    if (worker.liveness == Liveness::NoTtl)
        lines.append(worker.traits->registers() ? u"its registration has no end: the hub was given none that it understood"_s
                                                : u"its key never expires: a registration that broke off, or written by hand"_s);
    say(WorkerFlag::NoCounters, u"in no counter hash: no proxy selects it"_s);
    if (worker.liveness == Liveness::Zombie)
        lines.append(worker.end == WorkerEnd::Unseen
                         ? u"counters without a key, and nobody saw how it ended: the reaper removes them"_s
                         : u"lost, counters left: the reaper removes them"_s);
    else if (worker.liveness == Liveness::Departed && worker.flags.testFlag(WorkerFlag::CountersLeft))
        lines.append(u"ended in order; its counters are left for the reaper"_s);
    if (worker.flags.testFlag(WorkerFlag::ClockSkew) && worker.clockSkew != unknownValue)
        lines.append(u"its clock is off by "_s + offsetText(-qint64(worker.clockSkew)) + u"; ages here do not use it"_s);
    if (worker.liveness == Liveness::NoTtl)
        say(WorkerFlag::AgeEstimated, u"age rests on its own clock: its key has no TTL"_s);
    else if (worker.endedAt == 0)
        say(WorkerFlag::AgeEstimated, u"age is an estimate until a beat was seen, and makes it neither late nor stale"_s);
    if (!worker.traits->registers()) // Of an actor "Renewed" says how its times are known.
        say(WorkerFlag::PolledBeats, u"beats are seen by polling: their times are rough"_s);
    say(WorkerFlag::Untyped, u"id without a browser type: a fleet before 0.1.0"_s);
    say(WorkerFlag::Returned, worker.traits->registers() ? u"was gone before, and registered the same address again"_s
                                                         : u"ended before and came back under the same id"_s);
    return lines;
}

QString drainText(const DrainNote &note)
{
    if (note.by.isEmpty())
        return {};
    QString text = u"by "_s + note.by;
    if (note.at > 0)
        text += u" at "_s + wallClockText(note.at);
    return note.reason.isEmpty() ? text : QString(text + u": "_s + note.reason);
}

QString plainId(const QByteArray &id)
{
    return QString::fromUtf8(bareId(id));
}

QString keyText(const Worker &worker)
{
    return QString::fromUtf8(worker.traits->recordPrefix + worker.id);
}

} // namespace pulsedeck
