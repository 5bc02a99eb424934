// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"

#include <QAbstractTableModel>
#include <QHash>

#include <optional>

namespace pulsedeck {

/// The ladder as columns. Sent, Delivered, Draining and Gone are the rungs with their times.
enum class CommandColumn : quint8 { Worker, Act, Source, Sessions, Sent, Delivered, Draining, Gone, Note, By, Reason };
constexpr int commandColumnCount = 11;

/// Which of the ledger's entries a table shows.
struct CommandFilter
{
    enum class Show : quint8 { All, Running, Ended, Problems };
    Show show = Show::All;
    QUuid group; ///< Null: all groups.
    QString text; ///< Each word has to be found in worker, host, type, source, act, stage, by, reason or text; case-insensitive.
    bool operator==(const CommandFilter &) const = default;
};

/// The ledger's entries, filtered: the newest group first, and in a group in order of issue, so that in a rolling shutdown those
/// under way stand above those still queued. Rows never reorder: new ones, and those that begin to match, come at their place,
/// and nothing leaves but what gave way; what no longer matches leaves with refilter(). 100,000 entries scroll smoothly: nothing
/// is computed but for visible rows.
class CommandTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int StageRole = Qt::UserRole + 1; ///< CommandStage as int

    CommandTableModel(CommandLedger &ledger, const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    /// DisplayRole is text ("+4.4 s" from sent to delivered, "3 left · 0:13" while emptying); delegates use entryAt().
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// In the design's pixels; in the Commands page note and reason take what is left.
    static int columnWidth(CommandColumn column);

    void setFilter(const CommandFilter &filter);
    const CommandFilter &filter() const { return m_filter; }
    /// Looks at every entry again.
    void refilter();
    const CommandEntry *entryAt(int row) const;
    quint64 keyAt(int row) const;
    int rowOf(quint64 key) const; ///< -1 if not shown.
    /// Whether any row, and whether every one, is of an actor. headerDataChanged() is emitted when it changes.
    bool showsActors() const { return m_kinds.actors > 0; }
    /// What systems with acts of their own call those of the rows, each once; headerDataChanged() is emitted when there are more.
    QStringList ownActs() const;
    bool showsOnlyActors() const { return m_kinds.actors > 0 && m_kinds.actors == int(m_places.size()); }

private:
    /// Where an entry stands: groups by their first entry, the newest first; in a group by key.
    struct Place
    {
        quint64 group = 0; ///< Key of the first entry of its group.
        quint64 key = 0;
        bool operator==(const Place &) const = default;
        bool operator<(const Place &other) const { return group != other.group ? group > other.group : key < other.key; }
    };

    Place placeOf(quint64 key, const CommandEntry &entry) const;
    bool accepts(const CommandEntry &entry) const;
    void onAdded(quint64 first, quint64 last);
    void insertRun(const std::vector<Place> &fresh);
    void insertAll(std::vector<Place> &&fresh);
    void onChanged(const std::vector<quint64> &keys);
    void onDropped();
    /// How many rows are of a kind: headings follow from whether none, some or all are.
    struct RowKinds
    {
        int actors = 0;
        int drains = 0;
        int stay = 0; ///< No worker goes by them; drains are among these.
        int jobs = 0; ///< Of workers that have jobs, not sessions.
    };
    RowKinds kindsAmong(const std::vector<Place> &places) const;
    void setKinds(const RowKinds &kinds, size_t rowsBefore, bool moreActs = false);
    bool noteActs(const std::vector<Place> &places);

    CommandLedger &m_ledger;
    const Clock &m_clock;
    CommandFilter m_filter;
    QStringList m_words; ///< Of the filter's text.
    RowKinds m_kinds;
    QSet<std::pair<quint8, quint8>> m_ownActs; ///< Act, and TraitsRef::number() of whose they are.
    QStringList m_ownActTexts;
    std::vector<Place> m_places; ///< In order of the rows.
    mutable QHash<QUuid, quint64>
        m_firstOf; ///< First entry of each group, kept though it gives way, so that no group changes its place.
};

} // namespace pulsedeck
