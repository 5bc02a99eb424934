// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetraits.h"
#include "models/protocol/stagetable.h"
#include "models/protocol/worker.h"

#include <QHash>
#include <QUuid>

#include <algorithm>
#include <vector>

namespace pulsedeck {

/// One worker of a plan, as the plan knows it.
struct RollingStep
{
    enum class State : quint8 {
        Queued,
        Sent, ///< Given to the ledger. Never given again, whatever happens.
        WaitingReplacement, ///< Gone; the replacement has not got its beats.
        Finished, ///< Gone, and replaced if that was asked for.
        Failed, ///< Did not go, or not in time: the plan paused for it, and the operator let it go on. Takes no place
                ///< any more; should it go after all it becomes Finished.
        Skipped,
    };
    QUuid command;
    SourceId source = 0;
    QByteArray worker;
    QString type;
    QByteArray host;
    State state = State::Queued;
    CommandStage stage = CommandStage::Queued; ///< As last seen.
    qint64 goneAt = 0;
    QByteArray replacedBy; ///< Id of the worker that counts as its replacement; each counts once.
    qint64 sentAt = 0; ///< When it was handed out, 0 while it was not.
    TraitsRef traits; ///< What its worker is.
    int typeIndex = 0; ///< Of its type, in RollingFloors::types.
    bool child = false; ///< It hangs under another worker, as a supervisor under its master.
    bool left = false; ///< Skipped because it had already gone before its turn came.

    /// Gone, whether a replacement is awaited or not.
    bool isGone() const { return state == State::Finished || state == State::WaitingReplacement; }
    bool isUnderway() const { return state == State::Sent || state == State::WaitingReplacement; }
    /// Handed out and not known to stay: it may drain at any moment.
    bool isLeaving() const
    {
        const bool mayGo = !isEnd(stage) || stage == CommandStage::Delivered;
        return (state == State::Sent || state == State::Failed) && mayGo;
    }
};

/// The world as a plan sees it at one moment.
struct RollingView
{
    struct Capacity
    {
        SourceId source = 0;
        QString type;
        int available = 0; ///< Alive and available now.
        int unknown = 0; ///< Alive, and whether they are available is not known.
        bool child = false; ///< Of those that hang under others, which are not counted among these.
    };
    struct Newcomer ///< A worker that registered after the plan began.
    {
        SourceId source = 0;
        QByteArray id;
        QString type;
        QByteArray host;
        qint64 firstSeenAt = 0;
        int healthyBeats = 0; ///< Beats seen while it was alive and available.
        bool child = false; ///< It hangs under another worker.
    };
    enum class Presence : quint8 {
        Counted, ///< One of those counted in capacity.
        Uncounted, ///< There, but not counted: it drains already, or is not alive.
        Left, ///< Gone, in order as far as anybody saw.
        Died, ///< Its key expired.
    };
    qint64 now = 0;
    std::vector<Capacity> capacity;
    std::vector<Newcomer> newcomers;
    std::vector<SourceId> connected; ///< Sources whose view is whole and true.
    QHash<QUuid, CommandStage> stages; ///< Of the plan's commands that were sent.
    QHash<QUuid, QString> notes; ///< What else is known of those commands, for a refusal: "already commanded".
    QHash<QUuid, Presence> workers; ///< Of the plan's steps, by command; one that is missing counts as Counted.
    QHash<SourceId, QString> barred; ///< Sources that cannot be written to now, with the reason in a sentence.
    bool frozen = false; ///< The view stands still: nothing can be decided on it.

    bool isConnected(SourceId source) const { return std::find(connected.begin(), connected.end(), source) != connected.end(); }
    Presence presenceOf(const RollingStep &step) const { return workers.value(step.command, Presence::Counted); }
};

} // namespace pulsedeck
