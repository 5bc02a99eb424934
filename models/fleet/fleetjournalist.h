// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/journal/journal.h"

#include <map>

namespace pulsedeck {

class SourceListModel;

/// Tells the journal what happens in the fleet: workers lost, ended, returned, stale, late in a wave, forgotten drains, fields
/// that cannot be read, clocks that are off; sources connected, lost, back, removed; a hub that forgot its registrations, once
/// and not as so many lost actors; the timing in force changed. What the first view of a source finds is no news. Of one kind of
/// news on one source at most singlesAtMost a second become lines of their own: more are one line with their number; how each
/// worker ended is kept for every one (Journal::writeEnds). GUI thread; looks at each publish, and only at events it has not
/// seen.
class FleetJournalist : public QObject
{
    Q_OBJECT

public:
    static constexpr int singlesAtMost = 50;
    static constexpr int gatherMs = 1'000; ///< So long news is gathered before it is written.
    static constexpr int waveMs = 3'000; ///< Workers late within so long of the first are one wave.
    static constexpr int waveAtLeast = 5; ///< Fewer late workers are everyday.

    /// \a journal may be null: then nothing is told. All outlive this.
    FleetJournalist(FleetStore &store, SourceListModel &sources, const Clock &clock, Journal *journal, QObject *parent = nullptr);
    /// Tells what is gathered.
    ~FleetJournalist() override;

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
        bool down = false; ///< Told to be lost, and not back yet.
        QString told; ///< The trouble told last.
        bool forgotten = false; ///< Its hub has lost its registrations, which was told; its actors are awaited.
        int notBack = 0; ///< Actors that ended unseen since.
    };

    void look();
    void readEvents();
    void lookAtRegistry(Seen &seen, const SourceStatus &status);
    void take(const FleetEvent &event);
    void keepEnd(const FleetEvent &event, WorkerHandle handle);
    void gather(const FleetEvent &event, WorkerHandle handle, const QString &step, const QString &text);
    void lookAtSource(SourceId source);
    void forget(SourceId source);
    void lookAtTiming(Seen &seen, const SourceStatus &status);
    void tellSource(JournalKind kind, const Seen &seen, const QString &step, const QString &text, qint64 at);
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
