// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/reportwords.h"

#include "models/core/enumtable.h"
#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/journal/journal.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class ReportWords
{
    Q_DECLARE_TR_FUNCTIONS(ReportWords)
};

template <typename Id> struct TextRow
{
    Id id;
    const char *text;
};

constexpr std::array<TextRow<SpanFact>, spanFactCount> factTexts{{
    {SpanFact::Late, QT_TRANSLATE_NOOP("ReportWords", "late")},
    {SpanFact::Stale, QT_TRANSLATE_NOOP("ReportWords", "stale")},
    {SpanFact::Hung, QT_TRANSLATE_NOOP("ReportWords", "hung")},
    {SpanFact::KeyLost, QT_TRANSLATE_NOOP("ReportWords", "without its key")},
    {SpanFact::Crashed, QT_TRANSLATE_NOOP("ReportWords", "crashed")},
    {SpanFact::Lost, QT_TRANSLATE_NOOP("ReportWords", "lost")},
    {SpanFact::Draining, QT_TRANSLATE_NOOP("ReportWords", "draining or shutting down")},
    {SpanFact::Drained, QT_TRANSLATE_NOOP("ReportWords", "ended after a drain")},
    {SpanFact::Ended, QT_TRANSLATE_NOOP("ReportWords", "ended otherwise")},
    {SpanFact::Returned, QT_TRANSLATE_NOOP("ReportWords", "came back")},
    {SpanFact::Began, QT_TRANSLATE_NOOP("ReportWords", "began")},
}};
static_assert(isInOrder(factTexts, SpanFact::Began));

struct GroupRow
{
    SpanGroup id;
    const char *title;
    const char *share; ///< %1 of so many.
    const char *rate; ///< Of so many others, %1.
    const char *none; ///< The same for none of them.
};
constexpr std::array<GroupRow, spanGroupCount> groupRows{{
    {SpanGroup::Lost, QT_TRANSLATE_NOOP("ReportWords", "Lost"), QT_TRANSLATE_N_NOOP("ReportWords", "%1 of %Ln lost worker(s)"),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), %1 were late or worse."),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), none was late.")},
    {SpanGroup::Silent, QT_TRANSLATE_NOOP("ReportWords", "Late or worse"),
     QT_TRANSLATE_N_NOOP("ReportWords", "%1 of %Ln worker(s) that were late or worse"),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), %1 were late or worse."),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), none was late.")},
    {SpanGroup::Ended, QT_TRANSLATE_NOOP("ReportWords", "Ended"),
     QT_TRANSLATE_N_NOOP("ReportWords", "%1 of %Ln worker(s) that ended"),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), %1 ended."),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), none ended.")},
    {SpanGroup::Returned, QT_TRANSLATE_NOOP("ReportWords", "Came back"),
     QT_TRANSLATE_N_NOOP("ReportWords", "%1 of %Ln worker(s) that came back"),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), %1 came back."),
     QT_TRANSLATE_N_NOOP("ReportWords", "Of the %Ln other worker(s), none came back.")},
}};
static_assert(isInOrder(groupRows, SpanGroup::Returned));

struct TraitRow
{
    SharedTrait id;
    const char *title;
    const char *shared; ///< %1: how many, %2: the value.
};
constexpr std::array<TraitRow, 6> traitRows{{
    {SharedTrait::Host, QT_TRANSLATE_NOOP("ReportWords", "Host"), QT_TRANSLATE_NOOP("ReportWords", "%1 are on host %2.")},
    {SharedTrait::Source, QT_TRANSLATE_NOOP("ReportWords", "Source"),
     QT_TRANSLATE_NOOP("ReportWords", "%1 are of the source %2.")},
    {SharedTrait::System, QT_TRANSLATE_NOOP("ReportWords", "System"),
     QT_TRANSLATE_NOOP("ReportWords", "%1 are of the system %2.")},
    {SharedTrait::Queue, QT_TRANSLATE_NOOP("ReportWords", "Queue"), QT_TRANSLATE_NOOP("ReportWords", "%1 serve the queue %2.")},
    {SharedTrait::Version, QT_TRANSLATE_NOOP("ReportWords", "Version"),
     QT_TRANSLATE_NOOP("ReportWords", "%1 report version %2.")},
    {SharedTrait::Type, QT_TRANSLATE_NOOP("ReportWords", "Type"), QT_TRANSLATE_NOOP("ReportWords", "%1 are of type %2.")},
}};
static_assert(isInOrder(traitRows, SharedTrait::Type));

QString inWords(const char *text)
{
    return QCoreApplication::translate("ReportWords", text);
}

QString inWords(const char *text, int count)
{
    return QCoreApplication::translate("ReportWords", text, nullptr, count);
}

/// "3 %", "less than 1 %".
QString rateOf(int part, int whole)
{
    const double percent = 100.0 * part / whole;
    if (percent < 1)
        return ReportWords::tr("less than 1 %");
    // Nearly all is not all.
    return ReportWords::tr("%1 %").arg(std::min(std::lround(percent), part == whole ? 100L : 99L));
}

/// "fewer than 1 of 1,000,000": a power of ten, since the model behind it is a rough one.
QString rareText(double chance)
{
    qint64 cases = 1'000;
    while (cases < 1'000'000'000 && chance * double(cases) * 10 < 1)
        cases *= 10;
    return groupedNumber(cases);
}

QString timeText(qint64 at)
{
    return clockTextTenths(at);
}

bool isOneDay(qint64 from, qint64 to)
{
    return shownTime(from).date() == shownTime(to).date();
}

/// Words of others, short enough for a sentence.
QString cut(const QString &text)
{
    constexpr qsizetype most = 200;
    const QString line = visibleLine(text);
    return line.size() > most ? QString(line.left(most) + u'…') : line;
}

QString nameOf(const SpanWorker &worker)
{
    return cut(shownName(worker));
}

QString described(const SpanWorker &worker)
{
    QStringList words{nameOf(worker)};
    for (const QString &one : {worker.type, worker.host, worker.source}) {
        if (!one.isEmpty())
            words.append(cut(one));
    }
    return words.join(u" · "_s);
}

QString awayText(const SpanOutage &outage)
{
    if (outage.to == 0)
        return ReportWords::tr("In the same time the source %1 did not answer: from %2 on, and it still did not at the end.")
            .arg(cut(outage.source), timeText(outage.from));
    return ReportWords::tr("In the same time the source %1 did not answer: from %2 to %3, %4.")
        .arg(cut(outage.source), timeText(outage.from), timeText(outage.to), durationText(outage.to - outage.from));
}

QString commandText(const SpanChange &change)
{
    // untranslated: the journal has words for each act
    const QString act = journalStepText(change.kind == SpanChangeKind::Message ? JournalKind::Message : JournalKind::Command,
                                        change.act.isEmpty() ? change.step : change.act);
    if (change.workers <= 1 && !change.text.isEmpty())
        return cut(change.text);
    if (change.by.isEmpty())
        return ReportWords::tr("%1 for %Ln worker(s)", nullptr, change.workers).arg(act);
    return ReportWords::tr("%1 for %Ln worker(s), by %2", nullptr, change.workers).arg(act, cut(change.by));
}

QString padded(const QString &text, qsizetype width)
{
    return text.leftJustified(width);
}

} // namespace

QString factText(SpanFact fact)
{
    return inWords(factTexts[size_t(fact)].text);
}

QString groupText(SpanGroup group)
{
    return inWords(groupRows[size_t(group)].title);
}

QString traitTitle(SharedTrait trait)
{
    return inWords(traitRows[size_t(trait)].title);
}

QString spanTimeText(const SpanReport &report)
{
    const auto &[from, to] = std::pair(report.scope.from, report.scope.to);
    const QString end = isOneDay(from, to) ? clockText(to) : dateTimeText(to);
    return ReportWords::tr("%1 to %2 %3, %4", "from, to, time zone, length")
        .arg(dateTimeText(from), end, zoneText(from), durationText(to - from));
}

QString countSentence(const SpanCount &count, int workers)
{
    const QString number = groupedNumber(count.workers);
    if (count.already == 0)
        return ReportWords::tr("%1 of %Ln worker(s), the first at %2", nullptr, workers).arg(number, timeText(count.first));
    if (count.already == count.workers)
        return ReportWords::tr("%1 of %Ln worker(s), already when it began", nullptr, workers).arg(number);
    return ReportWords::tr("%1 of %Ln worker(s), %2 of them already when it began, the next at %3", nullptr, workers)
        .arg(number, groupedNumber(count.already), timeText(count.first));
}

QStringList headlines(const SpanReport &report)
{
    if (report.isBlank())
        return {ReportWords::tr("Nothing was recorded in this time.")};
    if (report.workers == 0)
        return {ReportWords::tr("No worker was there in this time.")};
    QStringList lines;
    for (const GroupRow &row : groupRows) {
        const SpanCount &count = report.count(row.id);
        if (count.workers > 0)
            lines.append(ReportWords::tr("%1: %2.", "a group of workers and how many they are")
                             .arg(inWords(row.title), countSentence(count, report.workers)));
    }
    if (lines.isEmpty())
        lines.append(ReportWords::tr("None of %Ln worker(s) was late, was lost or ended.", nullptr, report.workers));
    return lines;
}

QString causeHeadline(const SpanCause &cause)
{
    if (!cause.cause.likeliest)
        return {};
    const SharedValue &value = *cause.cause.likeliest;
    const QString share =
        inWords(groupRows[size_t(cause.group)].share, cause.cause.affected).arg(groupedNumber(value.affectedInside));
    return inWords(traitRows[size_t(value.trait)].shared).arg(share, cut(value.value));
}

QStringList causeSentences(const SpanCause &cause)
{
    const CommonCause &found = cause.cause;
    const GroupRow &row = groupRows[size_t(cause.group)];
    QStringList lines;
    if (found.likeliest) {
        const SharedValue &value = *found.likeliest;
        lines.append(ReportWords::tr("It has %Ln worker(s) in all; %1 of them are among these.", nullptr, value.inside)
                         .arg(groupedNumber(value.affectedInside)));
        const bool silent = cause.group == SpanGroup::Lost || cause.group == SpanGroup::Silent;
        const int others = silent ? cause.silentOutside : value.affectedOutside;
        if (value.outside > 0)
            lines.append(others == 0 ? inWords(row.none, value.outside)
                                     : inWords(row.rate, value.outside).arg(rateOf(others, value.outside)));
        lines.append(
            ReportWords::tr("Drawn at random, so many would share it in fewer than 1 of %1 cases.").arg(rareText(value.chance)));
        QStringList alike;
        for (const SharedValue &other : found.alike)
            alike.append(
                ReportWords::tr("%1 %2", "a trait and its value").arg(traitTitle(other.trait).toLower(), cut(other.value)));
        if (!alike.isEmpty())
            lines.append(ReportWords::tr("The same workers share %1 as well: the figures cannot tell which it was.")
                             .arg(alike.join(u", "_s)));
    } else if (found.affected < CommonCause::leastAffected) {
        lines.append(
            ReportWords::tr("Fewer than %1 workers: too few to tell what they have in common.").arg(CommonCause::leastAffected));
    } else if (found.nearlyAll) {
        lines.append(
            ReportWords::tr("%1 of %Ln worker(s) were affected, nearly all: what they share tells nothing about the cause.",
                            nullptr, found.workers)
                .arg(groupedNumber(found.affected)));
    } else {
        lines.append(ReportWords::tr("No common cause: no host, source, system, queue, version or type sets the affected workers "
                                     "apart from the others."));
    }
    if (cause.outage)
        lines.append(awayText(*cause.outage));
    return lines;
}

QString gapText(const SpanGap &gap)
{
    const int missed = int(std::min<qint64>(gap.missed, 1'000'000'000));
    if (gap.open)
        return ReportWords::tr("no beat for %1 and none after it, expected each %2: %Ln missed", nullptr, missed)
            .arg(durationText(gap.to - gap.from), durationText(gap.interval));
    return ReportWords::tr("no beat for %1, expected each %2: %Ln missed", nullptr, missed)
        .arg(durationText(gap.to - gap.from), durationText(gap.interval));
}

QString changeText(const SpanChange &change)
{
    const QString what = cut(change.what);
    switch (change.kind) {
    case SpanChangeKind::Command:
    case SpanChangeKind::Message:
        return commandText(change);
    case SpanChangeKind::Version:
        return change.step == "new"_L1
                   ? ReportWords::tr("%Ln worker(s) report version %1, which none of this system had reported before", nullptr,
                                     change.workers)
                         .arg(what)
                   : ReportWords::tr("%Ln more worker(s) report version %1", nullptr, change.workers).arg(what);
    case SpanChangeKind::Outage:
        if (change.until == 0)
            return ReportWords::tr("the source %1 did not answer from here on").arg(cut(change.source));
        return ReportWords::tr("the source %1 did not answer for %2")
            .arg(cut(change.source), durationText(change.until - change.at));
    case SpanChangeKind::Queue:
        return change.step == "paused"_L1 ? ReportWords::tr("the queue %1 was paused").arg(what)
                                          : ReportWords::tr("the queue %1 was resumed").arg(what);
    case SpanChangeKind::Timing:
    case SpanChangeKind::Connection:
    case SpanChangeKind::Clock:
    case SpanChangeKind::Console:
        break;
    }
    return cut(change.text.isEmpty() ? change.step : change.text);
}

QString nearnessText(const SpanChange &change)
{
    if (change.beforeMs == 0)
        return ReportWords::tr("at the same moment");
    return change.beforeMs > 0 ? ReportWords::tr("%1 before").arg(durationText(change.beforeMs))
                               : ReportWords::tr("%1 after").arg(durationText(-change.beforeMs));
}

QStringList reportRemarks(const SpanReport &report)
{
    QStringList lines;
    if (!report.isBlank()) {
        for (const auto &[from, to] : report.unwatched)
            lines.append(ReportWords::tr("From %1 to %2 nothing was recorded.").arg(clockText(from), clockText(to)));
    }
    for (const auto &[from, to] : report.damaged)
        lines.append(ReportWords::tr("What was recorded from %1 to %2 is damaged and cannot be read.")
                         .arg(clockText(from), clockText(to)));
    if (report.cutEvents)
        lines.append(ReportWords::tr("There were more events than are read; the earliest are left out."));
    return lines;
}

QString reportText(const SpanReport &report)
{
    QString out;
    const auto line = [&out](const QString &text) { out += text + u'\n'; };
    const auto heading = [&](const QString &text) { out += u'\n' + text + u'\n'; };
    line(ReportWords::tr("What happened: %1").arg(spanTimeText(report)));
    if (!report.scope.source.isEmpty())
        line(ReportWords::tr("Only the source %1").arg(cut(report.scope.source)));
    for (const QString &one : headlines(report))
        line(one);
    for (const QString &one : reportRemarks(report))
        line(one);
    for (const SpanCause &cause : report.causes) {
        heading(ReportWords::tr("%1: what they have in common").arg(groupText(cause.group)));
        if (const QString text = causeHeadline(cause); !text.isEmpty())
            line(u"  "_s + text);
        for (const QString &one : causeSentences(cause))
            line(u"  "_s + one);
    }
    if (report.workers > 0) {
        heading(ReportWords::tr("Who"));
        for (int fact = 0; fact < spanFactCount; ++fact) {
            if (report.facts[size_t(fact)].workers > 0)
                line(u"  "_s + padded(factText(SpanFact(fact)), 26) + countSentence(report.facts[size_t(fact)], report.workers));
        }
    }
    const bool anyone =
        std::any_of(report.groups.begin(), report.groups.end(), [](const SpanCount &count) { return count.workers > 0; });
    for (const SpanTrait &trait : report.traits) {
        if (trait.values.empty() || !anyone)
            continue;
        heading(ReportWords::tr("By %1").arg(traitTitle(trait.trait).toLower()));
        for (const SpanValue &value : trait.values) {
            QStringList counts;
            for (int group = 0; group < spanGroupCount; ++group) {
                if (value.affected[size_t(group)] > 0)
                    counts.append(ReportWords::tr("%1 %2", "a group and how many are of it")
                                      .arg(groupText(SpanGroup(group)).toLower(), groupedNumber(value.affected[size_t(group)])));
            }
            line(u"  "_s + padded(cut(value.value), 26) + counts.join(u", "_s)
                 + ReportWords::tr(" of %Ln", "counts of a value, of all its workers", value.workers));
        }
        if (trait.more > 0)
            line(u"  "_s + ReportWords::tr("and %Ln more", nullptr, trait.more));
    }
    if (!report.changes.empty()) {
        heading(anyone ? ReportWords::tr("What was changed before it, the nearest first, and after it")
                       : ReportWords::tr("What was changed"));
        for (const SpanChange &change : report.changes)
            line(u"  "_s + timeText(change.at) + u"  "_s + padded(nearnessText(change), 18) + changeText(change));
        if (report.moreChanges > 0)
            line(u"  "_s + ReportWords::tr("and %Ln more", nullptr, report.moreChanges));
    }
    if (!report.gaps.empty()) {
        heading(ReportWords::tr("Longest gaps"));
        for (const SpanGap &gap : report.gaps)
            line(u"  "_s + timeText(gap.from) + u"  "_s + described(gap.worker) + u": "_s + gapText(gap));
        if (report.moreGaps > 0)
            line(u"  "_s + ReportWords::tr("and %Ln more", nullptr, int(std::min<qint64>(report.moreGaps, 1'000'000'000))));
    }
    return out;
}

} // namespace pulsedeck
