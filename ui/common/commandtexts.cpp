// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/commandtexts.h"

#include "models/commands/commandwords.h"
#include "models/commands/pickupjudge.h"
#include "models/core/format.h"
#include "models/core/visibletext.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class CommandTexts
{
    Q_DECLARE_TR_FUNCTIONS(CommandTexts)
};

/// "14 workers", "3 zombies".
QString thing(Act act, qint64 count, qint64 actors)
{
    const char *things = actRow(act).things;
    return things ? QCoreApplication::translate("Act", things, nullptr, int(count)) : workersText(count, actors);
}

QString verb(Act act)
{
    return actText(actRow(act).verb);
}

/// The glyphs of commands' marks, in the order of the enumeration.
constexpr std::array<Glyph, commandMarkCount> markGlyphs{
    Glyph::Power, Glyph::Draining, Glyph::Play,    Glyph::Undo, Glyph::Zombie,        Glyph::NoTtl, Glyph::RungOpen, Glyph::Sent,
    Glyph::Late,  Glyph::Warning,  Glyph::Unknown, Glyph::Ok,   Glyph::ExpiredUnseen, Glyph::Error, Glyph::Off};
constexpr std::array<Tone, commandToneCount> commandTones{Tone::Ordinary, Tone::Accent, Tone::Drain, Tone::Late,
                                                          Tone::Stale,    Tone::Zombie, Tone::Gone};

QString meansText(const char *means, int count)
{
    return means ? QCoreApplication::translate("Act", means, nullptr, count) : QString();
}

bool isSent(const CommandEntry &entry)
{
    return entry.stage == CommandStage::Written || entry.stage == CommandStage::Announced;
}

bool isRead(const CommandEntry &entry)
{
    return entry.stage == CommandStage::PickedUp || entry.stage == CommandStage::Emptying;
}

/// "at 14:12:24.5", "by ada@ops at 14:12:24.5": when it came to its stage, and who gave it if somebody else did.
QString whenText(const CommandEntry &entry)
{
    const bool ended = isEnd(entry.stage) && entry.stage != CommandStage::Delivered;
    if (ended)
        return CommandTexts::tr("at %1").arg(clockText(entry.endedAt));
    const bool read = isRead(entry) && entry.command.act != Act::Drain;
    const QString at = clockTextTenths(read ? entry.pickedUpAt : entry.writtenAt);
    if (!entry.theirs || entry.isAnswered())
        return CommandTexts::tr("at %1").arg(at);
    return entry.command.by.isEmpty() ? CommandTexts::tr("by somebody else at %1").arg(at)
                                      : CommandTexts::tr("by %1 at %2").arg(entry.command.by, at);
}

} // namespace

Glyph actGlyph(Act act)
{
    return markGlyphs[size_t(actRow(act).mark)];
}

QString actedOnText(Act act, qint64 count)
{
    return thing(act, count, 0);
}

QString workersText(qint64 count, qint64 actors)
{
    const QString workers = CommandTexts::tr("%Ln worker(s)", nullptr, int(count - actors));
    const QString registered = CommandTexts::tr("%Ln actor(s)", nullptr, int(actors));
    return actors == 0       ? workers
           : actors >= count ? registered
                             : CommandTexts::tr("%1 and %2", "workers and actors").arg(workers, registered);
}

QString actButtonText(Act act, qint64 count, qint64 actors)
{
    // To actors a message goes at once either way.
    const bool now = act == Act::ShutdownNow && actors < count;
    return (now ? CommandTexts::tr("%1 %2 now", "an act, and on whom") : CommandTexts::tr("%1 %2", "an act, and on whom"))
        .arg(verb(act), thing(act, count, actors));
}

QString actButtonText(const CommandPreview &preview)
{
    const auto count = qint64(preview.acting.size());
    const SourceTraits *own = preview.ownSystem();
    return own ? CommandTexts::tr("%1 %2", "an act, and on whom").arg(own->actLabel(preview.act), own->counted(count))
               : actButtonText(preview.act, count, preview.actors);
}

QString actQuestion(const CommandPreview &preview, const QString &type, const QString &source)
{
    const auto count = qint64(preview.acting.size());
    const SourceTraits *own = preview.ownSystem();
    if (!own)
        return actQuestion(preview.act, count, type, source, preview.actors);
    const QString what = own->counted(count);
    return source.isEmpty()
               ? CommandTexts::tr("%1 %2?", "an act, and on whom").arg(own->actLabel(preview.act), what)
               : CommandTexts::tr("%1 %2 on %3?", "an act, on whom, and where").arg(own->actLabel(preview.act), what, source);
}

QString actMeaning(const CommandPreview &preview)
{
    const auto count = int(preview.acting.size());
    const bool named = std::any_of(preview.systems.begin(), preview.systems.end(),
                                   [](const CommandPreview::SystemShare &one) { return one.traits->hasOwnActs(); });
    if (!named)
        return actMeaning(preview.act, count, preview.actors);
    QStringList sentences;
    for (const CommandPreview::SystemShare &share : preview.systems) {
        const SourceTraits &traits = *share.traits;
        const QString own = traitText(traits.of(preview.act).means);
        const QString means = own.isEmpty() ? actMeaning(preview.act, share.count, traits.registers() ? share.count : 0) : own;
        sentences.append(preview.systems.size() == 1 ? means
                                                     : CommandTexts::tr("%1, %2, %3: %4", "system, workers, act, what it means")
                                                           .arg(traitText(traits.system), traits.counted(share.count),
                                                                traits.actLabel(preview.act), means));
    }
    return sentences.join(preview.systems.size() == 1 ? u' ' : u'\n');
}

QString targetQuestion(const TargetPreview &preview, const FleetStore &store)
{
    if (preview.acting.empty())
        return CommandTexts::tr("%1?").arg(actTitle(preview.act));
    const CommandTarget &first = preview.acting.front();
    const QString act = first.traits->actLabel(preview.act);
    if (preview.acting.size() > 1) {
        return CommandTexts::tr("%1: %2?", "an act, and on what").arg(act, thing(preview.act, qint64(preview.acting.size()), 0));
    }
    const QString &source = store.sourceName(first.source);
    return first.scope == ActScope::Queue
               ? CommandTexts::tr("%1: the queue %2 on %3?").arg(act, visibleLine(QString::fromUtf8(first.queue)), source)
               : CommandTexts::tr("%1: the whole %2 fleet of %3?").arg(act, traitText(first.traits->system), source);
}

QString actQuestion(Act act, qint64 count, const QString &type, const QString &source, qint64 actors)
{
    const bool mixed = actors > 0 && actors < count;
    QString what = thing(act, count, actors);
    if (act == Act::RemoveKey)
        what = CommandTexts::tr("%Ln key(s) without TTL", nullptr, int(count));
    else if (!actRow(act).things && !mixed && !type.isEmpty())
        what = (actors > 0 ? CommandTexts::tr("%Ln %1 actor(s)", nullptr, int(count))
                           : CommandTexts::tr("%Ln %1 worker(s)", nullptr, int(count)))
                   .arg(type);
    return source.isEmpty() ? CommandTexts::tr("%1 %2?", "an act, and on whom").arg(verb(act), what)
                            : CommandTexts::tr("%1 %2 on %3?", "an act, on whom, and where").arg(verb(act), what, source);
}

QString actWindowTitle(Act act, qint64 count, qint64 actors)
{
    if (act == Act::Reap || act == Act::RemoveKey)
        return actText(actRow(act).offer);
    return CommandTexts::tr("%1 %2", "an act, and on whom")
        .arg(shortAct(act == Act::ShutdownNow ? Act::Shutdown : act), actors == 0       ? CommandTexts::tr("workers")
                                                                      : actors >= count ? CommandTexts::tr("actors")
                                                                                        : CommandTexts::tr("workers and actors"));
}

QString shortAct(Act act)
{
    const ActRow &row = actRow(act);
    return actText(row.brief ? row.brief : row.title);
}

QString noteText(const CommandEntry &entry)
{
    if (entry.sessionsCut > 0 && entry.traits->isLaidOut())
        return CommandTexts::tr("%1 left at work", "a number of jobs").arg(entry.traits->countedJobs(entry.sessionsCut));
    if (entry.sessionsCut > 0)
        return CommandTexts::tr("%Ln session(s) cut", nullptr, entry.sessionsCut);
    if (entry.stage == CommandStage::Refused)
        return saysWhy(entry) ? refusalReason(entry) : refusalText(entry);
    if (entry.stage == CommandStage::Unknown) {
        return entry.lookedUpAt > 0 ? CommandTexts::tr("registered; not known whether it arrived")
                                    : CommandTexts::tr("looked up when connected");
    }
    if (entry.stage == CommandStage::Announced)
        return entry.receivers == 0 ? CommandTexts::tr("no process listens") : QString();
    if (stageRow(entry.stage).flags & StageRow::Noted)
        return stageText(entry.stage);
    return entry.tooLateAt > 0 ? CommandTexts::tr("too late to cancel") : QString();
}

QString actMeaning(Act act, int count, int actors)
{
    const ActRow &row = actRow(act);
    if (actors >= count && actors > 0)
        return meansText(row.actorMeans, actors);
    const QString meaning = meansText(row.means, count - actors);
    return actors == 0 || !row.message
               ? meaning
               : CommandTexts::tr("%1 The actor(s) (is/are) sent %2 and (obeys/obey) or not.", nullptr, actors)
                     .arg(meaning, QLatin1StringView(row.message));
}

QString actRunning(Act act, qint64 count, qint64 actors)
{
    return CommandTexts::tr("%1 %2", "an act, and on whom").arg(actText(actRow(act).running), thing(act, count, actors));
}

QString actRunning(const CommandPreview &preview, qint64 count)
{
    const SourceTraits *own = preview.ownSystem();
    return own ? CommandTexts::tr("%1 · %2", "an act, and on whom").arg(own->actLabel(preview.act), own->counted(count))
               : actRunning(preview.act, count, preview.actors);
}

QString successWord(Act act)
{
    return actText(actRow(act).success);
}

Glyph stageGlyph(CommandStage stage, bool drain)
{
    return drain && stage == CommandStage::Written ? Glyph::Draining : markGlyphs[size_t(stageRow(stage).mark)];
}

Glyph stageGlyph(const CommandEntry &entry)
{
    // Its worker has gone as it was told, and not all that it had at work is through.
    if (isSuccess(entry.stage) && entry.sessionsCut > 0)
        return Glyph::Late;
    return stageGlyph(entry.stage, entry.command.act == Act::Drain && !isPickedUp(entry));
}

Tone stageTone(CommandStage stage)
{
    return commandTones[size_t(stageRow(stage).tone)];
}

bool isProblem(const CommandEntry &entry)
{
    return (stageRow(entry.stage).flags & StageRow::Problem) != 0 || entry.sessionsCut > 0;
}

QString expiryText(const CommandEntry &entry, qint64 now)
{
    if (!isSent(entry) || !(isShutdown(entry.command.act) || isPickedUp(entry)) || entry.commandUntil <= 0)
        return {};
    return CommandTexts::tr("expires in %1").arg(secondsLeft(entry.commandUntil - now));
}

QString shortStage(const CommandEntry &entry, qint64 now)
{
    const bool drain = entry.command.act == Act::Drain && !isPickedUp(entry);
    if (isSent(entry) && !drain && entry.commandUntil > 0)
        return CommandTexts::tr("%1 left").arg(secondsLeft(entry.commandUntil - now));
    const bool timed = entry.writtenAt > 0 && entry.pickedUpAt >= entry.writtenAt;
    if (isRead(entry) && !drain && !entry.isAnswered() && timed)
        return CommandTexts::tr("read %1", "after a time").arg(columnTime(entry.pickedUpAt - entry.writtenAt));
    if (const QString brief = stageRow(entry.stage).brief.text(drain, entry.traits->registers()); !brief.isEmpty())
        return brief;
    return entry.stage == CommandStage::Done ? successWord(entry.command.act) : stageText(entry.stage);
}

QString commandSentence(const CommandEntry &entry, qint64 now)
{
    const bool drain = entry.command.act == Act::Drain;
    const QString act = entry.isAnswered() ? verb(entry.command.act) : actTitle(entry.command.act);
    const QString what = entry.isAnswered() && !drain ? CommandTexts::tr("Shutdown") : act;
    const QString when = whenText(entry);
    if (isPickedUp(entry) || entry.command.scope != ActScope::Worker)
        return CommandTexts::tr("%1: %2", "an act, and a sentence")
            .arg(entry.traits->actLabel(entry.command.act), stageSentence(entry));
    if (awaitsAnswer(entry, now))
        return CommandTexts::tr("%1 delivered %2; waiting for its answer.").arg(what, when);
    if (entry.isAnswered() && entry.stage == CommandStage::Unknown && entry.lookedUpAt > 0)
        return CommandTexts::tr("The answer was lost. The actor is registered; whether the message reached it cannot be known.");
    if (const QString expiry = expiryText(entry, now); !expiry.isEmpty()) {
        return entry.stage == CommandStage::Announced && entry.receivers == 0
                   ? CommandTexts::tr("No process listens; waits for the next beat, %1.").arg(expiry)
                   : CommandTexts::tr("Shutdown sent %1, %2.", "at a time, expires in a time").arg(when, expiry);
    }
    if (entry.stage == CommandStage::Refused)
        return CommandTexts::tr("%1 was refused: %2.").arg(act, refusalReason(entry));
    const bool noted = entry.isAnswered() && isEnd(entry.stage) && !entry.text.isEmpty() && entry.stage != CommandStage::Done
                       && entry.stage != CommandStage::Delivered;
    const QString text = placed(stageRow(entry.stage).dock.text(drain, entry.traits->registers()),
                                {what, noted ? CommandTexts::tr("%1 (%2)").arg(when, entry.text) : when});
    if (!text.isEmpty())
        return text;
    if (entry.stage == CommandStage::Done) {
        return CommandTexts::tr("%1 %2.", "what success is called, at a time")
            .arg(capitalised(successWord(entry.command.act)), when);
    }
    return CommandTexts::tr("%1: %2.", "an act, and its stage").arg(act, stageText(entry.stage));
}

QString problemSentence(const CommandEntry &entry)
{
    const QString id = targetName(entry.command, *entry.traits);
    if (entry.stage == CommandStage::Unknown && entry.lookedUpAt > 0)
        return CommandTexts::tr("%1: the answer was lost. It is registered; whether the message reached it cannot be known.")
            .arg(id);
    if (entry.stage == CommandStage::Lost && entry.traits->isLaidOut() && entry.pickedUpAt > 0)
        return CommandTexts::tr("%1 died while draining; what it had at work may be lost.").arg(id);
    if (entry.stage == CommandStage::Lost && !entry.isAnswered() && entry.pickedUpAt > 0)
        return CommandTexts::tr("%1 died while draining; its sessions are lost.").arg(id);
    if (stageRow(entry.stage).flags & StageRow::Problem)
        return problemText(entry.stage, entry.traits, entry.command.worker, entry.command.ttlMs, refusalReason(entry));
    if (entry.sessionsCut > 0 && entry.traits->isLaidOut())
        return CommandTexts::tr("%1 went with %2 still at work.").arg(id, entry.traits->countedJobs(entry.sessionsCut));
    return entry.sessionsCut > 0 ? CommandTexts::tr("%1 went with %Ln session(s) still open.", nullptr, entry.sessionsCut).arg(id)
                                 : QString();
}

} // namespace pulsedeck
