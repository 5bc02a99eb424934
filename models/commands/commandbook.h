// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/trackedcommand.h"

#include <deque>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pulsedeck {

/// The ledger's entries and groups with their indexes: by command, by source, by when they are due. It knows stages, and not
/// what leads to them. What changes is collected until it is taken. GUI thread. At most maxEntries are kept: the oldest that
/// ended are dropped. Should older ones stay open while ten times as many come and go, those are dropped too.
class CommandBook
{
public:
    static constexpr int maxEntries = 100'000;

    /// Keys, from first to last; 0 if there are none.
    struct Span
    {
        quint64 first = 0;
        quint64 last = 0;
        bool contains(quint64 key) const { return first > 0 && key >= first && key <= last; }
    };

    explicit CommandBook(const Clock &clock)
        : m_clock(clock)
    { }

    /// Whether lines for the journal are written; not at first.
    void setRecording(bool recording) { m_recording = recording; }

    // Entries: keys grow by one per entry and are never used again; pointers hold until the entry is dropped.
    quint64 firstKey() const { return m_first; }
    int span() const { return int(m_entries.size()); } ///< Keys from firstKey() on; some may have been dropped.
    int openCount() const { return m_open; }
    quint64 dropped() const { return m_dropped; }
    TrackedCommand *find(quint64 key);
    const TrackedCommand *find(quint64 key) const;
    TrackedCommand *findOpen(quint64 key); ///< Also null if it has ended.
    quint64 keyOf(const QUuid &command) const { return m_byCommand.value(command); }
    /// Of a source's entries that are open and not Queued; a copy, so that they may be moved meanwhile.
    std::set<quint64> openOf(SourceId source) const { return m_openBySource.value(source); }

    quint64 add(TrackedCommand &&command);
    /// \a at: when it happened, for an end; 0 for now.
    void setStage(quint64 key, CommandStage stage, qint64 at = 0);
    void setTraits(quint64 key, TraitsRef traits);
    /// Something else of it has changed.
    void touch(quint64 key);
    /// A line for the journal on where it stands.
    void writeLine(quint64 key, qint64 at);

    // Time
    /// When time alone may move it; 0 never.
    void setDue(quint64 key, qint64 at);
    /// The next key that is due at \a now and is due no longer; 0 if there is none.
    quint64 takeDue(qint64 now);

    // Groups
    CommandGroup &groupOf(const Command &command, qint64 startedAt); ///< Made if there is none.
    CommandGroup *findGroup(const QUuid &id);
    const CommandGroup *findGroup(const QUuid &id) const;
    const std::vector<QUuid> &groups() const { return m_groupOrder; } ///< By start, newest last.

    // What has changed, each kind taken just before it is reported: a listener may add the next command from inside a signal.
    /// Drops what is beyond the limits. To be called before the others.
    void trim();
    std::vector<QUuid> takeAddedGroups();
    Span takeAdded() { return std::exchange(m_added, {}); } ///< At the end of the entries.
    bool takeDropped() { return std::exchange(m_anyDropped, false); }
    /// Each once, ascending; without those in \a added, which are reported as they are now.
    std::vector<quint64> takeChanged(const Span &added);
    std::vector<QUuid> takeChangedGroups(); ///< Each once.
    QList<JournalEntry> takeLines() { return std::exchange(m_lines, {}); } ///< For the journal: the stages reached.

private:
    struct UuidHash
    {
        size_t operator()(const QUuid &id) const { return qHash(id); }
    };

    void groupChanged(const QUuid &id);
    void drop(quint64 key);
    void tidyGroups(const std::set<QUuid> &ids);

    const Clock &m_clock;
    std::deque<std::unique_ptr<TrackedCommand>> m_entries; ///< By key - m_first; null where one was dropped before older ones.
    quint64 m_first = 1;
    int m_kept = 0;
    int m_open = 0;
    quint64 m_dropped = 0;
    bool m_recording = false;
    QHash<QUuid, quint64> m_byCommand;
    std::unordered_map<QUuid, CommandGroup, UuidHash> m_groups; ///< Its places do not move.
    std::vector<QUuid> m_groupOrder;
    QHash<SourceId, std::set<quint64>> m_openBySource;
    std::set<std::pair<qint64, quint64>> m_due;
    std::vector<QUuid> m_addedGroups;
    std::vector<QUuid> m_changedGroups;
    std::vector<quint64> m_changed;
    Span m_added;
    QList<JournalEntry> m_lines;
    bool m_anyDropped = false;
};

} // namespace pulsedeck
