// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/journal/journal.h"

#include <map>

namespace pulsedeck {

class SourceListModel;

/// Writes what happens in the fleet into the journal: workers lost, ended, returned, stale, late in a wave, forgotten drains,
/// fields that cannot be read, clocks that are off; sources connected, lost, restored, removed; a hub that lost its
/// registrations, once and not as so many lost actors; changes of the timing in force. The first view of a source is no news.
/// At most singlesAtMost events of one kind from one source within a second become entries of their own; more become one entry
/// with their number. How a worker ended is kept for every one (Journal::writeEnds). GUI thread; looks at new events after each
/// publish.
class FleetEventRecorder : public QObject
{
    Q_OBJECT

public:
    static constexpr int singlesAtMost = 50;
    static constexpr int gatherMs = 1'000; ///< So long news is gathered before it is written.
    static constexpr int waveMs = 3'000; ///< Workers late within so long of the first are one wave.
    static constexpr int waveAtLeast = 5; ///< Fewer late workers are everyday.

    /// \a journal may be null: then nothing is written. All outlive this.
    FleetEventRecorder(FleetStore &store, SourceListModel &sources, const Clock &clock, Journal *journal,
                       QObject *parent = nullptr);
    /// Writes what is gathered.
    ~FleetEventRecorder() override;

    /// Writes what is gathered, without waiting for its time.
    void flush();

private:
    struct News
    {
        qint64 at = 0; ///< Of the first.
        int count = 0;
        std::vector<JournalEntry> singles; ///< The first singlesAtMost.
    };
    struct Wave
    {
        qint64 since = 0;
        int count = 0;
        QStringList first; ///< Short ids.
    };
    struct Seen
    {
        QString name;
        SourceState state = SourceState::Off;
        TimingProfile timing;
        qint64 lostAt = 0;
        bool everLive = false; ///< Since it was connected by the operator.
        bool down = false; ///< Reported as lost, and not restored yet.
        QString reported; ///< The trouble reported last.
        bool forgotten = false; ///< Reported that it lost its registrations or keys; its workers are awaited.
        int notBack = 0; ///< Actors that ended unseen since.
    };

    void look();
    void readEvents();
    void lookAtRegistry(Seen &seen, const SourceStatus &status);
    void take(const FleetEvent &event);
    void keepEnd(const FleetEvent &event, WorkerHandle handle);
    void beginGathering();
    void gather(const FleetEvent &event, WorkerHandle handle, const QString &step, const SourceTraits &traits);
    void lookAtSource(SourceId source);
    void forget(SourceId source);
    void lookAtTiming(Seen &seen, const SourceStatus &status);
    JournalEntry entryOf(JournalKind kind, const QString &source, const QString &step, const QString &text, qint64 at) const;
    void writeNow(JournalKind kind, const Seen &seen, const QString &step, const QString &text);
    /// \a message: what is wrong, behind the text.
    void writeConnection(const Seen &seen, const QString &step, const QString &text, const QString &message = {});
    void flushWave(SourceId source, const Wave &wave);
    QString sourceName(SourceId source) const;

    FleetStore &m_store;
    SourceListModel &m_sources;
    const Clock &m_clock;
    Journal *m_journal;
    quint64 m_read; ///< Events seen so far.
    qint64 m_gatherSince = 0; ///< 0 while nothing is gathered.
    std::map<std::pair<SourceId, QString>, News> m_news; ///< By source and step.
    QList<EndRecord> m_ends; ///< Every one, however many there are.
    std::map<SourceId, Wave> m_waves;
    std::map<SourceId, Seen> m_seen;
};

} // namespace pulsedeck
