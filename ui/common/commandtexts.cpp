// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/commandtexts.h"

#include "models/commands/commandwords.h"
#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// "14 workers", "3 zombies".
QString thing(Act act, qint64 count, qint64 actors = 0)
{
    const char *word = actRow(act).singular;
    return word ? countedWord(count, actText(word)) : workersText(count, actors);
}

QString verb(Act act)
{
    return actText(actRow(act).verb);
}

/// The glyphs of commands' marks, in the order of the enumeration.
constexpr std::array<Glyph, commandMarkCount> markGlyphs{
    Glyph::Power, Glyph::Draining, Glyph::Play,    Glyph::Undo, Glyph::Zombie, Glyph::NoTtl,         Glyph::RungOpen, Glyph::Sent,
    Glyph::Late,  Glyph::Warning,  Glyph::Unknown, Glyph::Gone, Glyph::Ok,     Glyph::ExpiredUnseen, Glyph::Error,    Glyph::Off};
constexpr std::array<Tone, commandToneCount> commandTones{Tone::Ordinary, Tone::Accent, Tone::Drain, Tone::Late,
                                                          Tone::Stale,    Tone::Zombie, Tone::Gone};

bool isRead(const CommandEntry &entry)
{
    return entry.pickedUpAt > 0;
}

} // namespace

Glyph actGlyph(Act act)
{
    return markGlyphs[size_t(actRow(act).mark)];
}

QString workersText(qint64 count, qint64 actors)
{
    if (actors == 0)
        return countedWord(count, u"worker"_s);
    if (actors >= count)
        return countedWord(count, u"actor"_s);
    return QString(countedWord(count - actors, u"worker"_s) + u" and "_s + countedWord(actors, u"actor"_s));
}

QString actButtonText(Act act, qint64 count, qint64 actors)
{
    // To actors a message goes at once either way.
    const bool now = act == Act::ShutdownNow && actors < count;
    return QString(verb(act) + u' ' + thing(act, count, actors) + (now ? u" now"_s : QString()));
}

QString actQuestion(Act act, qint64 count, const QString &type, const QString &source, qint64 actors)
{
    QString what;
    if (actRow(act).singular || (actors > 0 && actors < count))
        what = thing(act, count, actors);
    else
        what = countedWord(
            count, QString((type.isEmpty() ? QString() : QString(type + u' ')) + (actors > 0 ? u"actor"_s : u"worker"_s)));
    if (act == Act::RemoveKey)
        what += u" without TTL"_s;
    return QString(verb(act) + u' ' + what + (source.isEmpty() ? QString() : QString(u" on "_s + source)) + u'?');
}

QString actWindowTitle(Act act, qint64 count, qint64 actors)
{
    if (act == Act::Reap || act == Act::RemoveKey)
        return actText(actRow(act).offer);
    const QString whom = actors == 0 ? u"workers"_s : actors >= count ? u"actors"_s : u"workers and actors"_s;
    return QString(shortAct(act == Act::ShutdownNow ? Act::Shutdown : act) + u' ' + whom);
}

QString shortAct(Act act)
{
    const ActRow &row = actRow(act);
    return actText(row.brief ? row.brief : row.title);
}

QString noteText(const CommandEntry &entry)
{
    if (entry.sessionsCut > 0)
        return countedWord(entry.sessionsCut, u"session"_s) + u" cut"_s;
    switch (entry.stage) {
    case CommandStage::Refused:
        return refusalText(entry);
    case CommandStage::Unknown:
        return entry.lookedUpAt > 0 ? u"registered; not known whether it got it"_s : u"looked up when connected"_s;
    case CommandStage::Announced:
        return entry.receivers == 0 ? u"nobody listens"_s : QString();
    default:
        if (stageRow(entry.stage).flags & StageRow::Noted)
            return stageText(entry.stage);
        return entry.tooLateAt > 0 ? u"too late to cancel"_s : QString();
    }
}

QString actMeaning(Act act, int count, int actors)
{
    const ActRow &row = actRow(act);
    if (actors >= count && actors > 0)
        return actText(count == 1 ? row.actorMeansOne : row.actorMeansMany);
    const int others = count - actors;
    QString meaning = actText(others == 1 && row.meansOne ? row.meansOne : row.meansMany);
    if (actors > 0 && row.message) {
        meaning += (actors == 1 ? u" The actor is sent "_s : u" The actors are sent "_s) + QLatin1StringView(row.message)
                   + (actors == 1 ? u" and obeys or not."_s : u" and obey or not."_s);
    }
    return meaning;
}

QString actRunning(Act act, qint64 count, qint64 actors)
{
    return QString(actText(actRow(act).running) + u' ' + thing(act, count, actors));
}

QString successWord(Act act)
{
    return actText(actRow(act).success);
}

Glyph stageGlyph(const CommandEntry &entry)
{
    const bool drained = entry.stage == CommandStage::Written && entry.command.act == Act::Drain;
    return drained ? Glyph::Draining : markGlyphs[size_t(stageRow(entry.stage).mark)];
}

Tone stageTone(const CommandEntry &entry)
{
    return commandTones[size_t(stageRow(entry.stage).tone)];
}

bool isProblem(const CommandEntry &entry)
{
    return (stageRow(entry.stage).flags & StageRow::Problem) != 0 || entry.sessionsCut > 0;
}

QString expiryText(const CommandEntry &entry, qint64 now)
{
    const bool waits = entry.stage == CommandStage::Written || entry.stage == CommandStage::Announced;
    if (!waits || !isShutdown(entry.command.act) || entry.commandUntil <= 0)
        return {};
    return u"expires in "_s + secondsLeft(entry.commandUntil - now);
}

QString shortStage(const CommandEntry &entry, qint64 now)
{
    const bool drain = entry.command.act == Act::Drain;
    switch (entry.stage) {
    case CommandStage::Requested:
        return u"sending"_s;
    case CommandStage::Written:
    case CommandStage::Announced:
        if (drain)
            return u"drained"_s;
        if (entry.commandUntil > 0)
            return secondsLeft(entry.commandUntil - now) + u" left"_s;
        return u"sent"_s;
    case CommandStage::PickedUp:
    case CommandStage::Emptying: {
        if (entry.actor)
            return u"answered"_s;
        if (drain)
            return u"drained"_s;
        const qint64 after = entry.pickedUpAt - entry.writtenAt;
        return entry.writtenAt > 0 && after >= 0 ? QString(u"read "_s + columnTime(after)) : u"read"_s;
    }
    case CommandStage::Forgotten:
        return u"forgotten"_s;
    case CommandStage::Done:
        return entry.actor ? u"accepted"_s : successWord(entry.command.act);
    default:
        return stageText(entry.stage);
    }
}

namespace {

/// Of a command to an actor; empty where what is said of a worker's fits too.
QString actorCommandSentence(const CommandEntry &entry, qint64 now)
{
    const QString what = entry.command.act == Act::Drain ? u"Drain"_s : u"Shutdown"_s;
    switch (entry.stage) {
    case CommandStage::Requested:
        return QString(what + u": on its way."_s);
    case CommandStage::Delivered:
        return QString(what + u" delivered at "_s + clockTextTenths(entry.writtenAt)
                       + (awaitsAnswer(entry, now) ? u"; waiting for its answer."_s : u"; the actor has not answered."_s));
    case CommandStage::PickedUp:
        return QString(u"The actor answered at "_s + clockTextTenths(entry.pickedUpAt) + u": it shuts down."_s);
    case CommandStage::Overdue:
        return u"The actor answered, and is still registered after the drain timeout."_s;
    case CommandStage::Done:
        return QString(u"The actor accepted the drain at "_s + clockText(entry.endedAt) + u'.');
    case CommandStage::Unknown:
        return entry.lookedUpAt > 0
                   ? u"The answer was lost. The actor is registered; whether the message reached it cannot be known."_s
                   : QString();
    case CommandStage::Gone:
    case CommandStage::Lost:
        return QString((entry.stage == CommandStage::Gone ? u"Its registration went at "_s : u"Its registration expired at "_s)
                       + clockText(entry.endedAt) + (entry.text.isEmpty() ? QString() : QString(u" ("_s + entry.text + u')'))
                       + u'.');
    default:
        return {};
    }
}

} // namespace

QString commandSentence(const CommandEntry &entry, qint64 now)
{
    const QString who =
        entry.theirs ? QString(u" by "_s + (entry.command.by.isEmpty() ? u"somebody else"_s : entry.command.by)) : QString();
    const QString what = entry.actor && isShutdown(entry.command.act) ? u"Shut down"_s : actTitle(entry.command.act);
    if (entry.actor) {
        if (const QString text = actorCommandSentence(entry, now); !text.isEmpty())
            return text;
    }
    switch (entry.stage) {
    case CommandStage::Queued:
        return u"Waits for its turn in a rolling shutdown; nothing is written yet."_s;
    case CommandStage::Requested:
        return QString(what + u": on its way."_s);
    case CommandStage::Written:
    case CommandStage::Announced:
        if (entry.command.act == Act::Drain)
            return QString(u"Drained"_s + who + u" at "_s + clockTextTenths(entry.writtenAt) + u'.');
        if (entry.stage == CommandStage::Announced && entry.receivers == 0)
            return QString(u"Nobody listens; waits for the next beat, "_s + expiryText(entry, now) + u'.');
        return QString(u"Shutdown sent"_s + who + u" at "_s + clockTextTenths(entry.writtenAt)
                       + (entry.commandUntil > 0 ? QString(u", "_s + expiryText(entry, now)) : QString()) + u'.');
    case CommandStage::PickedUp:
    case CommandStage::Emptying:
        if (entry.command.act == Act::Drain)
            return QString(u"Drained"_s + who + u" at "_s + clockTextTenths(entry.writtenAt) + u'.');
        return QString(u"Command"_s + who + u" was read at "_s + clockTextTenths(entry.pickedUpAt) + u", too late to cancel."_s);
    case CommandStage::Overdue:
        return u"Drains for longer than the drain timeout; it may still go."_s;
    case CommandStage::Forgotten:
        return u"Says available again although it drains; it takes no further command."_s;
    case CommandStage::Unknown:
        return u"The connection was lost before the answer; looked up when it is back, never repeated."_s;
    case CommandStage::ExpiredUnread:
        return QString(u"The shutdown command expired unread at "_s + clockText(entry.endedAt) + u'.');
    case CommandStage::Withdrawn:
        return QString(entry.command.act == Act::Drain ? u"The drain was taken back at "_s : u"The command was withdrawn at "_s)
               + clockText(entry.endedAt) + u'.';
    case CommandStage::Refused:
        return QString(what + u" was refused: "_s + refusalText(entry)
                       + (entry.text.isEmpty() ? QString() : QString(u" ("_s + entry.text + u')')) + u'.');
    case CommandStage::TooLate:
        return u"Too late to cancel: the command was read."_s;
    case CommandStage::Done:
        return QString(u"%1 at %2."_s.arg(successWord(entry.command.act), clockText(entry.endedAt)))
            .replace(0, 1, successWord(entry.command.act).left(1).toUpper());
    default:
        return QString(what + u": "_s + stageText(entry.stage) + u'.');
    }
}

QString problemSentence(const CommandEntry &entry)
{
    const QString id = shortId(entry.command.worker);
    switch (entry.stage) {
    case CommandStage::ExpiredUnread:
        return u"%1 did not read the command in %2. It still stands as it was."_s.arg(id, exactText(entry.command.ttlMs));
    case CommandStage::Overdue:
        return entry.actor ? u"%1 answered, and is still registered after the drain timeout."_s.arg(id)
                           : u"%1 drains for longer than the drain timeout."_s.arg(id);
    case CommandStage::Forgotten:
        return u"%1 says available again although it drains."_s.arg(id);
    case CommandStage::Unknown:
        return entry.lookedUpAt > 0
                   ? u"%1: the answer was lost. It is registered; whether the message reached it cannot be known."_s.arg(id)
                   : u"%1: the connection was lost before the answer. It is looked up, not repeated."_s.arg(id);
    case CommandStage::Lost:
        if (entry.actor)
            return u"%1: its registration expired, and it had not answered."_s.arg(id);
        return isRead(entry) ? u"%1 died while draining; its sessions are lost."_s.arg(id)
                             : u"%1 died before it was through."_s.arg(id);
    case CommandStage::Refused:
        return u"%1 was refused: %2."_s.arg(id, entry.text.isEmpty() ? refusalText(entry)
                                                                     : QString(refusalText(entry) + u" ("_s + entry.text + u')'));
    case CommandStage::TooLate:
        return u"%1 had read its command already."_s.arg(id);
    default:
        return entry.sessionsCut > 0 ? u"%1 went with %2 still open."_s.arg(id, countedWord(entry.sessionsCut, u"session"_s))
                                     : QString();
    }
}

} // namespace pulsedeck
