// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/protocol/timingrecord.h"
#include "models/timing/timinglibrary.h"
#include "models/timing/timingrollout.h"

#include <QHash>
#include <QObject>

#include <memory>

namespace pulsedeck {

class Journal;

/// Changes the timing of sources: the record in force, its history, applying a profile, and the rollout that follows. Writes each
/// change into the journal (kind Timing), the intent before it is sent. GUI thread; follows a rollout with one pass over the
/// store's workers, at most once a second.
class TimingController : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 journalWaitMs = 2'000; ///< So long a change waits for the journal; then it is sent unrecorded.

    TimingController(FleetStore &store, const Clock &clock, QObject *parent = nullptr);
    /// Does not wait for the answers to changes in progress.
    ~TimingController() override;

    /// Null, as at first: nothing is recorded. The journal outlives this.
    void setJournal(Journal *journal);
    void setOperator(const QString &by);
    /// For a store that shows another time: that its timing is another one is no change, and is neither recorded nor followed.
    void setPast();
    /// Rules and presets: the built-in ones, extended by a team's file if that is valid.
    const TimingLibrary &library() const { return m_library; }
    /// Reads a team's file; false with \a error ("rules.json, line 12: …"), and the library stays as it is.
    bool extendLibrary(const QString &file, QString *error);
    /// That of another one.
    void setLibrary(const TimingLibrary &library);

    /// The version a source's record has now; 0 without a record.
    qint64 versionOf(SourceId source) const;
    const TimingHistory &history(SourceId source) const;
    const TimingRollout &rollout(SourceId source) const;
    /// Requests the change and returns its id; applied() always follows. Refused in the next turn of the event loop if another
    /// change is in progress.
    QUuid apply(SourceId source, const TimingProfile &profile, qint64 expectedVersion, const QString &reason);
    /// Applies an old version as a new one.
    QUuid rollBack(SourceId source, const TimingVersion &to, qint64 expectedVersion, const QString &reason);
    bool isApplying(SourceId source) const;
    /// Asks the source for its history; historyChanged() follows.
    void refreshHistory(SourceId source);

public slots:
    void takeApplied(const pulsedeck::TimingApplied &applied);
    void takeHistory(const pulsedeck::TimingHistory &history);

signals:
    /// To the source.
    void applyRequested(pulsedeck::SourceId source, const pulsedeck::TimingApply &apply);
    void historyRequested(pulsedeck::SourceId source);
    void applied(const pulsedeck::TimingApplied &applied);
    void historyChanged(pulsedeck::SourceId source);
    /// The profile in force changed: by this console or by another one.
    void profileChanged(pulsedeck::SourceId source);
    void rolloutChanged(pulsedeck::SourceId source);
    void libraryChanged();

private:
    class Private;
    std::unique_ptr<Private> d;
    TimingLibrary m_library;
};

/// "Heartbeat interval 10 s → 20 s, Worker key TTL 30 s → 60 s"; "nothing changed" if they are the same.
QString timingChangesText(const TimingProfile &from, const TimingProfile &to, const TimingLibrary &library);

} // namespace pulsedeck
