// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/act.h"
#include "models/protocol/foundsystem.h"
#include "models/protocol/sourcetraits.h"
#include "models/protocol/sourcetrouble.h"
#include "models/protocol/timingprofile.h"
#include "models/protocol/worker.h"

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

namespace pulsedeck {

enum class SourceState : quint8 {
    Off, ///< Disconnected by the operator.
    Connecting, ///< First attempt, or an attempt after a loss.
    Loading, ///< Connected, the first full view is being read.
    Live, ///< Every change arrives by push.
    Sweeping, ///< Push is refused, or there is none as with hubs: the whole fleet is read at a set cadence.
    Stalled, ///< Connected, but requests are not being answered.
    Waiting, ///< Lost; the next attempt is at retryAt.
    Failed, ///< Refused in a way that retrying does not solve (wrong password): waits for the operator.
};

/// Parts of a view that are missing because they are refused or too large. SourceStatus::limits has them in words.
enum class ViewGap : quint16 {
    KeysUnlisted = 1u << 0, ///< SCAN: workers without counters cannot be found.
    ActiveUnlisted = 1u << 1, ///< HSCAN of the active counters: sessions are not known, some zombies cannot be found.
    LifetimeUnlisted = 1u << 2, ///< HSCAN of the lifetime counters.
    WorkersUnread = 1u << 3, ///< HMGET: what workers report of themselves.
    TtlsUnread = 1u << 4, ///< PTTL: whether they are alive.
    CommandsUnread = 1u << 5, ///< MGET: whether a command waits for them.
    TooMany = 1u << 6, ///< More workers than are shown.
    EntriesLeftOut = 1u << 7, ///< Single entries that cannot be read; the limits name them, and all others are shown.
};
Q_DECLARE_FLAGS(ViewGaps, ViewGap)
Q_DECLARE_OPERATORS_FOR_FLAGS(ViewGaps)

/// The condition of a source, as shown in its row of the sources list and in the status bar.
struct SourceStatus
{
    SourceId source = 0;
    TraitsRef traits; ///< Of its workers, but for those that have others.
    SourceState state = SourceState::Off;
    quint32 generation = 0;
    qint64 since = 0; ///< Console's clock, when the state was entered.
    qint64 lostAt = 0; ///< The last answer before a loss; 0 while connected.
    qint64 retryAt = 0; ///< Console's clock of the next attempt, 0 if none is planned.
    QString message; ///< What is wrong, in words, never with a secret; empty when all is well.
    QString hint; ///< What to do about it.
    QString server; ///< "Redis 7.0.15", or empty while unknown.
    SourceTrouble trouble = SourceTrouble::None; ///< The same as message, for code; see setTrouble().
    ViewGaps gaps; ///< Of the view as last read.
    QString serverId; ///< A Redis' run_id: two sources with the same one look at the same server. Empty while not known.
    int database = 0; ///< On that server.
    qint64 certificateUntil =
        0; ///< When the server's certificate ends, as of the last connection, Unix ms; 0: not known, or no TLS.
    QStringList limits; ///< What this account or server cannot do, each in a sentence ("No push: CLIENT is not permitted.").
    QStringList timingProblems; ///< What is wrong with its shared timing record, each in a sentence.
    qint32 roundTripMs = unknownValue; ///< Smallest of the recent round trips.
    qint32 lagMs = unknownValue; ///< From a key's change to its values here, recent mean.
    double updatesPerSecond = 0; ///< Workers read per second, over the last few seconds.
    qint64 clockOffsetMs = 0; ///< Server clock minus console clock.
    bool clockKnown = false;
    bool forgotten = false; ///< It has lost its registrations or keys: its workers are awaited, not gone; message says more.
    qint64 truthFrom = 0; ///< Console's clock: what was read before is void, as the server was emptied. 0 for none.
    qint32 sweepEveryMs = 0; ///< Cadence when Sweeping.
    qint32 findEveryMs = 0; ///< How often workers not known yet are looked for; more than sweepEveryMs where that costs much.
    qint64 foundAt = 0; ///< Console's clock: when the last look for them began that was finished; 0 if none was.
    QList<FoundSystem> systems; ///< That live there, as last looked for; empty where there is only one kind.
    DetectionReport look; ///< The same list, with what else was found, and what the look cost.
    int loaded = 0; ///< Workers read so far while Loading.
    int total = 0; ///< Workers expected while Loading, 0 when not known yet.
    bool listenersKnown = false; ///< The listeners of the command channels were read, or that is refused; lists wait for it.
    int listenersAwaited = 0; ///< Systems of which no worker is shown as without a listener before it was looked at twice.
    bool listening = false; ///< Workers make themselves known by messages, and there was no time yet for each to send one.
    /// By then it is seen of workers that were there.
    static constexpr int weighedMs = 25'000;
    bool weighing = false; ///< Jobs wait, and there was no time yet to see whether the workers that do nothing take them.
    bool writable = false; ///< As last set; see FleetSource::setWritable().
    CommandRights rights; ///< Of this connection; known only while writable.
    TimingProfile timing; ///< The profile in force for this source.

    void setTrouble(const SourceFailure &failure)
    {
        trouble = failure.kind;
        message = failure.text;
        hint = failure.hint;
    }
    QStringList allLimits() const { return limits + timingProblems; }
    bool isConnected() const
    {
        return state == SourceState::Loading || state == SourceState::Live || state == SourceState::Sweeping;
    }
    /// The first full view was read, whatever is missing in it.
    bool isUp() const { return state == SourceState::Live || state == SourceState::Sweeping; }
    /// Whole parts of the view are missing. Single entries left out do not count.
    bool isPartial() const { return bool(gaps & ~ViewGaps(ViewGap::EntriesLeftOut)); }
    /// The number of workers is not known.
    bool isCountUnknown() const { return gaps.testFlag(ViewGap::KeysUnlisted); }
    /// A replica that is cut off from its master: it answers, but gets no changes.
    bool isCutOff() const { return trouble == SourceTrouble::MasterLost || trouble == SourceTrouble::MasterSilent; }
};

/// The sentence that a source shows the same workers as the one named.
QString sameServerText(const QString &name);
/// That \a refused workers are not shown, as the console holds \a most of all sources together.
QString refusedText(int refused, int most);
/// Sweeping, and looking for new workers far less often than known ones are read.
bool looksSeldom(const SourceStatus &status);
/// "live via push", "sweep every 2 s", "listed every 2 s", "connecting": a state in words, the same everywhere.
QString sourceStateText(const SourceStatus &status, qint64 now);

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SourceStatus)
