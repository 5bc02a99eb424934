// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelineflags.h"

#include "models/core/format.h"
#include "models/fleet/fleetstore.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Pauses of two sources that overlap by this much of the shorter one are one cause.
bool together(const SourcePause &a, const SourcePause &b)
{
    const qint64 common = std::min(a.to, b.to) - std::max(a.from, b.from);
    return common * 2 > std::min(a.to - a.from, b.to - b.from);
}

} // namespace

TimelineFlags::TimelineFlags(const FleetStore &store, Journal *journal, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_journal(journal)
{
    if (journal) {
        connect(journal, &Journal::answered, this, [this](quint64 token, const JournalPage &page) {
            if (token != m_token)
                return;
            m_recorded.clear();
            m_groups.clear();
            for (auto entry = page.entries.rbegin(); entry != page.entries.rend(); ++entry)
                addEntry(*entry);
            rebuild();
        });
        connect(journal, &Journal::appended, this, [this] { m_to = 0; });
    }
    connect(&store, &FleetStore::sourceChanged, this, &TimelineFlags::rebuild);
}

void TimelineFlags::look(qint64 from, qint64 to)
{
    const qint64 now = m_store.clock().nowMs();
    if (!m_journal || (from >= m_from && to <= m_to) || (now - m_askedAt < 2'000 && now >= m_askedAt))
        return;
    m_askedAt = now;
    // Some more than is seen, so that panning has it already.
    m_from = from - (to - from);
    m_to = to + (to - from);
    JournalQuery query;
    query.from = m_store.clock().toWall(m_from);
    query.until = m_store.clock().toWall(m_to);
    query.limit = mostEntries;
    m_token = m_journal->nextToken();
    m_journal->query(query, m_token);
}

void TimelineFlags::addEntry(const JournalEntry &entry)
{
    TimelineFlag flag;
    flag.at = m_store.clock().fromWall(entry.at);
    flag.sentence = entry.text;
    flag.detail = entry.by.isEmpty() ? entry.source : entry.by;
    switch (entry.kind) {
    case JournalKind::Timing:
        if (entry.step == u"requested"_s)
            return;
        flag.kind = TimelineFlag::Kind::Timing;
        flag.glyph = Glyph::Timing;
        flag.text = tr("timing %1", "what became of a change").arg(journalStepText(entry.kind, entry.step));
        break;
    case JournalKind::Command: {
        if (entry.step != u"requested"_s)
            return;
        const QUuid group = entry.group.isNull() ? entry.command : entry.group;
        if (const auto given = m_groups.find(group); given != m_groups.end() && !group.isNull()) {
            TimelineFlag &whole = m_recorded[given->first];
            const int count = ++given->second;
            whole.detail = tr("%Ln by %1", "commands", count).arg(entry.by);
            whole.sentence = tr("%1 on %Ln worker(s), by %2", nullptr, count).arg(whole.text, entry.by);
            return;
        }
        flag.kind = TimelineFlag::Kind::Command;
        flag.glyph = Glyph::Command;
        flag.text = journalWhatText(entry).section(u" · "_s, 0, 0);
        m_groups.insert(group, {m_recorded.size(), 1});
        break;
    }
    case JournalKind::Connection:
        if (entry.step == u"connected"_s)
            return; // What the operator did here is no event of the fleet.
        flag.kind = TimelineFlag::Kind::Outage;
        flag.glyph = Glyph::Connections;
        flag.text = journalStepText(entry.kind, entry.step);
        break;
    case JournalKind::Fleet:
        if (!entry.worker.isEmpty())
            return; // Its lane shows it.
        flag.kind = TimelineFlag::Kind::Fleet;
        flag.glyph = Glyph::Late;
        flag.text = journalStepText(entry.kind, entry.step);
        break;
    case JournalKind::Console:
        flag.kind = TimelineFlag::Kind::Console;
        flag.glyph = Glyph::Info;
        flag.text = tr("console %1", "started, ended").arg(journalStepText(entry.kind, entry.step));
        break;
    case JournalKind::Message:
        return;
    }
    m_recorded.push_back(flag);
}

void TimelineFlags::setEvents(const std::vector<HistoryEvent> &events)
{
    m_recorded.clear();
    m_groups.clear();
    QHash<QString, std::pair<size_t, int>> deploys; // By version and source: its flag, and how many workers.
    for (const HistoryEvent &event : events) {
        if (event.kind == u"outage"_s) {
            const qint64 from = event.facts.value("from"_L1).toInteger(event.at);
            const qint64 to = event.facts.value("to"_L1).toInteger(event.at);
            m_recorded.push_back({TimelineFlag::Kind::Outage, from, to, Glyph::Off,
                                  tr("%1 not connected", "a source").arg(event.source), durationText(to - from),
                                  tr("%1 was not connected from %2 to %3: what its workers did is not known.")
                                      .arg(event.source, clockText(from), clockText(to))});
            continue;
        }
        if (event.kind == u"version"_s) {
            const QString version = event.facts.value("to"_L1).toString();
            if (version.isEmpty())
                continue;
            const QString key = version + u'\n' + event.source;
            const auto known = deploys.find(key);
            if (known == deploys.end()) {
                deploys.insert(key, {m_recorded.size(), 1});
                m_recorded.push_back({TimelineFlag::Kind::Deploy, event.at, 0, Glyph::Returned, tr("version %1").arg(version),
                                      event.source, tr("The first worker of %1 with version %2").arg(event.source, version)});
            } else {
                TimelineFlag &flag = m_recorded[known->first];
                flag.detail = tr("%Ln worker(s)", nullptr, ++known->second);
                flag.sentence = tr("%Ln worker(s) of %1 changed to version %2 from here on", nullptr, known->second)
                                    .arg(event.source, version);
            }
            continue;
        }
        JournalEntry entry;
        const auto kind = std::find_if(allJournalKinds.begin(), allJournalKinds.end(),
                                       [&](JournalKind one) { return journalKindName(one) == event.kind; });
        if (kind == allJournalKinds.end())
            continue;
        entry.kind = *kind;
        entry.at = m_store.clock().toWall(event.at);
        entry.source = event.source;
        entry.worker = event.worker;
        entry.act = event.act;
        entry.step = event.step;
        entry.by = event.by;
        entry.text = event.text;
        entry.group = QUuid::fromString(event.facts.value("group"_L1).toString());
        entry.command = QUuid::fromString(event.facts.value("command"_L1).toString());
        addEntry(entry);
    }
    rebuild();
}

void TimelineFlags::setPauses(const std::vector<SourcePause> &pauses)
{
    if (pauses == m_pauses)
        return;
    m_pauses = pauses;
    rebuild();
}

void TimelineFlags::rebuild()
{
    std::vector<TimelineFlag> flags = m_recorded;
    for (const SourcePause &pause : m_pauses) {
        const auto [title, text] = pauseSentence(pause, {});
        flags.push_back(
            {TimelineFlag::Kind::Pause, pause.from, pause.to, sourceKindGlyph(*m_store.sourceStatus(pause.source).traits),
             tr("%1 paused", "a source").arg(nameOf(pause)), durationText(pause.to - pause.from), QString(title + u' ' + text)});
    }
    for (const SourceId source : m_store.sources()) {
        for (const UnknownSpan &span : m_store.unknownSpans(source)) {
            const qint64 to = span.to > 0 ? span.to : m_store.viewNow();
            flags.push_back({TimelineFlag::Kind::Outage, span.from, to, Glyph::Off,
                             tr("%1 not connected", "a source").arg(m_store.sourceName(source)), durationText(to - span.from),
                             tr("%1 was not connected from %2 to %3: what its workers did is not known.")
                                 .arg(m_store.sourceName(source), clockText(span.from), clockText(to))});
        }
    }
    std::stable_sort(flags.begin(), flags.end(), [](const TimelineFlag &a, const TimelineFlag &b) { return a.at < b.at; });
    if (flags == m_flags)
        return;
    m_flags = std::move(flags);
    emit changed();
}

QString TimelineFlags::nameOf(const SourcePause &pause) const
{
    return pause.name.isEmpty() ? m_store.sourceName(pause.source) : pause.name;
}

std::pair<QString, QString> TimelineFlags::pauseSentence(const SourcePause &pause, const std::vector<int> &there) const
{
    const QString title = tr("Source pause %1 to %2, %3.", "two times and a duration")
                              .arg(clockText(pause.from), clockText(pause.to), durationText(pause.to - pause.from));
    const QString name = nameOf(pause);
    QStringList others;
    bool allPaused = true;
    for (const SourceId source : m_store.sources()) {
        if (source == pause.source || (source < there.size() && there[source] < fewestForSourcePause)
            || !m_store.isSourceVisible(source))
            continue;
        const bool paused = std::any_of(m_pauses.begin(), m_pauses.end(), [&](const SourcePause &other) {
            return other.source == source && together(pause, other);
        });
        if (!paused) {
            others.append(m_store.sourceName(source));
            allPaused = false;
        }
    }
    const SourceTraits &traits = *m_store.sourceStatus(pause.source).traits;
    QString text = tr("%1 of %2 missed beats together", "409 of 412 prod-eu workers")
                       .arg(groupedNumber(pause.late), QString(traits.counted(pause.there) + u" ("_s + name + u')'));
    if (pause.source == 0) // Who else was watched then is not looked at here.
        text = tr("%1: the source stalled, or the way to it, or the console that recorded it.").arg(text);
    else if (m_store.sources().size() < 2)
        text = tr("%1: the source stalled, or the way to it; the workers did not.").arg(text);
    else if (allPaused)
        text = tr("%1, and those of all other sources too: this console or its network stalled.").arg(text);
    else
        text = tr("%1; %2 did not. %3 stalled, or the way to it; the workers did not.").arg(text, others.join(tr(", ")), name);
    return {title, text};
}

} // namespace pulsedeck
