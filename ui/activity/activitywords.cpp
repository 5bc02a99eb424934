// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activitywords.h"

#include "models/core/format.h"
#include "ui/common/commandtexts.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QHash>
#include <QStringBuilder>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class ActivityTexts
{
    Q_DECLARE_TR_FUNCTIONS(ActivityTexts)
};

// untranslated: steps as the journal has them
using Marks = QHash<QString, ActivityMark>;

/// Of a rolling shutdown as a whole; of one command the stage has them.
const Marks &planMarks()
{
    static const Marks marks{
        {u"ended"_s, {Glyph::Info, Tone::Ordinary}}, // Its text has the result.
        {u"stopped"_s, {Glyph::Off, Tone::Ordinary}},
    };
    return marks;
}

const Marks &otherMarks()
{
    static const Marks marks{
        {u"lost"_s, {Glyph::Gone, Tone::Stale}},
        {u"stale"_s, {Glyph::Stale, Tone::Stale}},
        {u"crashed"_s, {Glyph::Crashed, Tone::Stale}},
        {u"listener-lost"_s, {Glyph::Crashed, Tone::Stale}}, // In journals written before.
        {u"hung"_s, {Glyph::Hung, Tone::Stale}},
        {u"late-wave"_s, {Glyph::Late, Tone::Late}},
        {u"drain-forgotten"_s, {Glyph::Warning, Tone::Late}},
        {u"problem"_s, {Glyph::Warning, Tone::Late}},
        {u"clock-skew"_s, {Glyph::ClockSkew, Tone::Late}},
        {u"returned"_s, {Glyph::Returned, Tone::Alive}},
        {u"ended"_s, {Glyph::Gone, Tone::Ordinary}},
        {u"connected"_s, {Glyph::Connections, Tone::Ordinary}},
        {u"back"_s, {Glyph::Connections, Tone::Alive}},
        {u"disconnected"_s, {Glyph::Off, Tone::Ordinary}},
        {u"removed"_s, {Glyph::Off, Tone::Ordinary}},
        {u"forgotten"_s, {Glyph::Warning, Tone::Late}},
        {u"registered-again"_s, {Glyph::Returned, Tone::Alive}},
        {u"unreachable"_s, {Glyph::Warning, Tone::Late}},
        {u"failed"_s, {Glyph::Error, Tone::Stale}},
        {u"unlocked"_s, {Glyph::Unlock, Tone::Ordinary}},
        {u"locked"_s, {Glyph::Lock, Tone::Ordinary}},
        {u"acknowledged"_s, {Glyph::Ok, Tone::Ordinary}},
        {u"silenced"_s, {Glyph::Hidden, Tone::Ordinary}},
        {u"silence-ended"_s, {Glyph::Alerts, Tone::Ordinary}},
        {u"rule-on"_s, {Glyph::Alerts, Tone::Ordinary}},
        {u"rule-off"_s, {Glyph::Off, Tone::Ordinary}},
    };
    return marks;
}

/// The result of a message that was no command.
const Marks &messageMarks()
{
    static const Marks marks{
        {u"requested"_s, {Glyph::Sent, Tone::Accent}}, {u"delivered"_s, {Glyph::Ok, Tone::Ordinary}},
        {u"answered"_s, {Glyph::Ok, Tone::Ordinary}},  {u"sent"_s, {Glyph::Sent, Tone::Ordinary}},
        {u"refused"_s, {Glyph::Error, Tone::Stale}},   {u"unknown-actor"_s, {Glyph::Gone, Tone::Late}},
        {u"unknown"_s, {Glyph::Unknown, Tone::Late}},  {u"not-sent"_s, {Glyph::Error, Tone::Stale}},
    };
    return marks;
}

ActivityMark commandMark(const JournalEntry &entry)
{
    const auto stage = stageFromName(entry.step);
    if (!stage)
        return planMarks().value(entry.step, {Glyph::Command, Tone::Ordinary});
    const bool drain = actFromName(entry.act) == Act::Drain;
    return {stageGlyph(*stage, drain), isSuccess(*stage) ? Tone::Alive : stageTone(*stage)};
}

} // namespace

ActivityMark activityMark(const JournalEntry &entry)
{
    if (entry.kind == JournalKind::Command)
        return commandMark(entry);
    if (entry.kind == JournalKind::Message)
        return messageMarks().value(entry.step, {Glyph::Sent, Tone::Ordinary});
    // A connection that is lost is not a worker that is.
    if (entry.kind == JournalKind::Connection && entry.step == u"lost")
        return {Glyph::Warning, Tone::Late};
    return otherMarks().value(entry.step, {journalKindGlyph(entry.kind), Tone::Ordinary});
}

QColor activityTextColour(Tone tone)
{
    const bool exception = tone == Tone::Late || tone == Tone::Stale || tone == Tone::Drain || tone == Tone::Zombie;
    return exception ? toneColour(tone) : theme().text;
}

Glyph journalKindGlyph(JournalKind kind)
{
    static constexpr std::array<Glyph, journalKindCount> glyphs{Glyph::Command, Glyph::Fleet, Glyph::Connections,
                                                                Glyph::Beat,    Glyph::Info,  Glyph::Sent};
    return glyphs[size_t(kind)];
}

QString keptText(qint64 keptForMs)
{
    constexpr qint64 day = 24LL * 3'600'000;
    if (keptForMs >= day && keptForMs % day == 0)
        return ActivityTexts::tr("kept %Ln day(s)", nullptr, int(keptForMs / day));
    return ActivityTexts::tr("kept %1").arg(durationText(keptForMs));
}

QString activityCountText(const JournalState &state, qint64 matches, bool atLeast, bool filtered)
{
    const qint64 all = state.entries >= 0 ? state.entries : matches;
    if (all < 0)
        return {};
    const bool some = filtered && matches >= 0 && state.entries >= 0;
    const QString text = some ? (atLeast ? ActivityTexts::tr("%1+ of %Ln entr(y/ies)", nullptr, int(all))
                                         : ActivityTexts::tr("%1 of %Ln entr(y/ies)", nullptr, int(all)))
                                    .arg(groupedNumber(matches))
                              : ActivityTexts::tr("%Ln entr(y/ies)", nullptr, int(all));
    return state.keptForMs > 0 ? QString(text % u" · "_s % keptText(state.keptForMs)) : text;
}

} // namespace pulsedeck
