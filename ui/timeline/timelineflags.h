// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/lane.h"
#include "models/journal/journal.h"
#include "ui/theme/glyphs.h"
#include "ui/timeline/lanepicture.h"

#include <QHash>
#include <QObject>

#include <vector>

namespace pulsedeck {

class FleetStore;

/// Something that happened, over the axis. Times are the console's clock.
struct TimelineFlag
{
    enum class Kind : quint8 { Pause, Outage, Timing, Deploy, Command, Console, Fleet };
    Kind kind = Kind::Console;
    qint64 at = 0;
    qint64 to = 0; ///< Of what lasted: its end; else 0.
    Glyph glyph = Glyph::Info;
    QString text; ///< "timing v12"
    QString detail; ///< "op-2": fainter, behind the text.
    QString sentence; ///< All of it, for the tool tip.
    bool operator==(const TimelineFlag &) const = default;
};

/// Collects what is flagged over the axis: source pauses as the lanes show them, times for which a source was not connected, and
/// what the journal recorded: timing versions, commands, lost connections. Asks the journal at most once in two seconds. GUI
/// thread.
class TimelineFlags : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostEntries = 2'000; ///< Of the journal, the newest in the span.

    /// \a journal may be null.
    TimelineFlags(const FleetStore &store, Journal *journal, QObject *parent = nullptr);

    /// Reads what there is in this span, if it was not read yet.
    void look(qint64 from, qint64 to);
    /// What a history has recorded: in place of what the journal has.
    void setEvents(const std::vector<HistoryEvent> &events);
    void setPauses(const std::vector<SourcePause> &pauses);
    /// Ascending by time.
    const std::vector<TimelineFlag> &flags() const { return m_flags; }
    const std::vector<SourcePause> &pauses() const { return m_pauses; }
    /// "Source pause 13:59:41 to 14:00:03, 22 s." and "409 of 412 prod-eu workers missed beats together; …".
    std::pair<QString, QString> pauseSentence(const SourcePause &pause, const std::vector<int> &there) const;

signals:
    void changed();

private:
    void addEntry(const JournalEntry &entry);
    QString nameOf(const SourcePause &pause) const;
    void rebuild();

    const FleetStore &m_store;
    Journal *m_journal;
    std::vector<SourcePause> m_pauses;
    std::vector<TimelineFlag> m_recorded;
    QHash<QUuid, std::pair<size_t, int>> m_groups; ///< Commands that were given together: their flag, and how many.
    std::vector<TimelineFlag> m_flags;
    qint64 m_from = 0;
    qint64 m_to = 0;
    qint64 m_askedAt = 0;
    quint64 m_token = 0;
};

} // namespace pulsedeck
