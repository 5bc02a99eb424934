// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/lane.h"

#include <QHash>

#include <set>
#include <span>
#include <vector>

namespace pulsedeck {

/// The lanes of a history by number, and their numbers by what they are. Compact, as there may be hundreds of thousands, nearly
/// all without label, version, queues, parent and timings. Plain data.
class LaneBook
{
public:
    /// As they were read from a file; numbers from \a next on are free.
    void load(std::span<const HistoryLane> lanes, LaneId next);
    void clear();
    /// The number of this lane, a new one if it is not known yet; what is said of it is kept. Its block is outdated on disk then.
    LaneId add(const HistoryLane &lane);
    /// Under its own number: of another process that records.
    void put(const HistoryLane &lane);
    /// It is known until then at least.
    void extend(LaneId lane, qint64 at)
    {
        if (lane < m_entries.size() && m_entries[lane].last < at)
            m_entries[lane].last = at;
    }
    bool has(LaneId lane) const { return lane < m_entries.size() && m_entries[lane].group >= 0; }
    /// has() is true.
    HistoryLane lane(LaneId lane) const;
    qint64 lastOf(LaneId lane) const { return m_entries[lane].last; }
    LaneKind kindOf(LaneId lane) const { return m_groups[size_t(m_entries[lane].group)].kind; }
    /// Above every number.
    LaneId next() const { return LaneId(m_entries.size()); }
    void remove(LaneId lane);

    /// Of one block of numbers, ascending.
    std::vector<HistoryLane> ofBlock(LaneId block) const;
    /// Blocks of which something but until when they are known is not on the disk.
    const std::set<LaneId> &outdated() const { return m_outdated; }
    void setWritten(LaneId block) { m_outdated.erase(block); }
    /// The file is another one: everything has to be written.
    void outdateAll();

private:
    /// What many lanes share.
    struct Group
    {
        LaneKind kind;
        QString source;
        QString system;
        QString type;
    };
    struct Extra
    {
        QString label;
        QString version;
        QStringList queues;
        QByteArray parent;
        QStringList timings;
        bool operator==(const Extra &) const = default;
    };
    struct Entry
    {
        QByteArray name;
        QByteArray host;
        qint64 first = 0;
        qint64 last = 0;
        qint32 group = -1; ///< -1: no lane has this number.
    };

    static size_t keyOf(const HistoryLane &lane);
    LaneId find(const HistoryLane &lane) const;
    qint32 groupOf(const HistoryLane &lane);
    void set(LaneId id, const HistoryLane &lane);

    std::vector<Group> m_groups;
    std::vector<Entry> m_entries; ///< By number.
    QHash<LaneId, Extra> m_extras;
    QMultiHash<size_t, LaneId> m_byKey;
    std::set<LaneId> m_outdated;
};

} // namespace pulsedeck
