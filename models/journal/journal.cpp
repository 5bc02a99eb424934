// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal.h"

#include "models/core/enumtable.h"
#include "models/protocol/stagetable.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

struct KindRow
{
    JournalKind id;
    const char *name; ///< For files.
    const char *text; ///< Of one entry.
    const char *title; ///< Of all.
};
constexpr auto kindRows = std::to_array<KindRow>({
    {JournalKind::Command, "command", QT_TRANSLATE_NOOP("Journal", "command"), QT_TRANSLATE_NOOP("Journal", "Commands")},
    {JournalKind::Fleet, "fleet", QT_TRANSLATE_NOOP("Journal", "fleet"), QT_TRANSLATE_NOOP("Journal", "Fleet")},
    {JournalKind::Connection, "connection", QT_TRANSLATE_NOOP("Journal", "connection"),
     QT_TRANSLATE_NOOP("Journal", "Connections")},
    {JournalKind::Timing, "timing", QT_TRANSLATE_NOOP("Journal", "timing"), QT_TRANSLATE_NOOP("Journal", "Timing")},
    {JournalKind::Console, "console", QT_TRANSLATE_NOOP("Journal", "console"), QT_TRANSLATE_NOOP("Journal", "Console")},
    {JournalKind::Message, "message", QT_TRANSLATE_NOOP("Journal", "message"), QT_TRANSLATE_NOOP("Journal", "Messages")},
});
static_assert(isInOrder(kindRows, JournalKind::Message));

/// Names of acts, and of steps that are no stage of a command, with blanks for their hyphens: what they are called where they are
/// shown.
constexpr const char *stepTexts[] = {
    QT_TRANSLATE_NOOP("JournalStep", "shutdown"),      QT_TRANSLATE_NOOP("JournalStep", "shutdown now"),
    QT_TRANSLATE_NOOP("JournalStep", "drain"),         QT_TRANSLATE_NOOP("JournalStep", "resume"),
    QT_TRANSLATE_NOOP("JournalStep", "cancel"),        QT_TRANSLATE_NOOP("JournalStep", "reap"),
    QT_TRANSLATE_NOOP("JournalStep", "remove key"),    QT_TRANSLATE_NOOP("JournalStep", "answered"),
    QT_TRANSLATE_NOOP("JournalStep", "applied"),       QT_TRANSLATE_NOOP("JournalStep", "back"),
    QT_TRANSLATE_NOOP("JournalStep", "changed"),       QT_TRANSLATE_NOOP("JournalStep", "clock skew"),
    QT_TRANSLATE_NOOP("JournalStep", "conflict"),      QT_TRANSLATE_NOOP("JournalStep", "connected"),
    QT_TRANSLATE_NOOP("JournalStep", "crashed"),       QT_TRANSLATE_NOOP("JournalStep", "delivered"),
    QT_TRANSLATE_NOOP("JournalStep", "disconnected"),  QT_TRANSLATE_NOOP("JournalStep", "ended"),
    QT_TRANSLATE_NOOP("JournalStep", "failed"),        QT_TRANSLATE_NOOP("JournalStep", "forgotten"),
    QT_TRANSLATE_NOOP("JournalStep", "hung"),          QT_TRANSLATE_NOOP("JournalStep", "late wave"),
    QT_TRANSLATE_NOOP("JournalStep", "locked"),        QT_TRANSLATE_NOOP("JournalStep", "lost"),
    QT_TRANSLATE_NOOP("JournalStep", "not sent"),      QT_TRANSLATE_NOOP("JournalStep", "problem"),
    QT_TRANSLATE_NOOP("JournalStep", "refused"),       QT_TRANSLATE_NOOP("JournalStep", "registered again"),
    QT_TRANSLATE_NOOP("JournalStep", "removed"),       QT_TRANSLATE_NOOP("JournalStep", "requested"),
    QT_TRANSLATE_NOOP("JournalStep", "returned"),      QT_TRANSLATE_NOOP("JournalStep", "rolled out"),
    QT_TRANSLATE_NOOP("JournalStep", "sent"),          QT_TRANSLATE_NOOP("JournalStep", "stale"),
    QT_TRANSLATE_NOOP("JournalStep", "started"),       QT_TRANSLATE_NOOP("JournalStep", "stopped"),
    QT_TRANSLATE_NOOP("JournalStep", "unknown"),       QT_TRANSLATE_NOOP("JournalStep", "unknown actor"),
    QT_TRANSLATE_NOOP("JournalStep", "unlocked"),      QT_TRANSLATE_NOOP("JournalStep", "unreachable"),
    QT_TRANSLATE_NOOP("JournalStep", "dump"),          QT_TRANSLATE_NOOP("JournalStep", "kill job"),
    QT_TRANSLATE_NOOP("JournalStep", "pause fleet"),   QT_TRANSLATE_NOOP("JournalStep", "resume fleet"),
    QT_TRANSLATE_NOOP("JournalStep", "pause queue"),   QT_TRANSLATE_NOOP("JournalStep", "resume queue"),
    QT_TRANSLATE_NOOP("JournalStep", "acknowledged"),  QT_TRANSLATE_NOOP("JournalStep", "silenced"),
    QT_TRANSLATE_NOOP("JournalStep", "silence ended"), QT_TRANSLATE_NOOP("JournalStep", "rule on"),
    QT_TRANSLATE_NOOP("JournalStep", "rule off"),
};

} // namespace

QString journalKindName(JournalKind kind)
{
    return QString::fromLatin1(kindRows[size_t(kind)].name);
}

QString journalKindText(JournalKind kind)
{
    return tableText("Journal", kindRows[size_t(kind)].text);
}

QString journalKindTitle(JournalKind kind)
{
    return tableText("Journal", kindRows[size_t(kind)].title);
}

QString journalStepText(JournalKind kind, const QString &step)
{
    if (const auto stage = kind == JournalKind::Command ? stageFromName(step) : std::nullopt)
        return stageText(*stage);
    const QString words = QString(step).replace(u'-', u' ');
    const auto known = std::find_if(std::begin(stepTexts), std::end(stepTexts),
                                    [&words](const char *text) { return words == QLatin1StringView(text); });
    return known == std::end(stepTexts) ? words : tableText("JournalStep", *known);
}

QString journalWhatText(const JournalEntry &entry)
{
    if (entry.act.isEmpty() || entry.step.isEmpty())
        return journalStepText(entry.kind, entry.act + entry.step);
    return QString(journalStepText(entry.kind, entry.act) + u" · "_s + journalStepText(entry.kind, entry.step));
}

QString journalIdText(const QUuid &id)
{
    return id.isNull() ? u""_s : id.toString(QUuid::WithoutBraces);
}

// A journal that does not keep ends answers with none, in the next turn of the event loop as any other would.

void Journal::writeEnds(const QList<EndRecord> &)
{ }

void Journal::readEnds(qint64 afterRow)
{
    QMetaObject::invokeMethod(
        this, [this, afterRow] { emit endsRead({}, afterRow); }, Qt::QueuedConnection);
}

QString shortWorker(const JournalEntry &entry)
{
    const QString kind = entry.facts[journalKindFact].toString();
    return shortId(entry.worker, *(kind.isEmpty() ? TraitsRef::ofId(entry.worker) : TraitsRef::named(kind)));
}

} // namespace pulsedeck
