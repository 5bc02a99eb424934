// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/fleetcommand.h"
#include "app/ctl/settlewait.h"
#include "models/commands/commandledger.h"
#include "models/commands/commandpreview.h"
#include "models/fleet/sourcelistmodel.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>

namespace pulsedeck {

class Journal;

/// pulsedeckctl shutdown, drain, resume, cancel, reap, remove-key, dump, kill-job, and pause and resume of queues and fleets:
/// reads the fleet, works out whom the act is for and what it would do, then tries it once, recorded in the journal. Nothing is
/// done while any source is missing, or if a name is not unique. Ends when every command was answered or, with --wait, has ended.
class ActCommand final : public FleetCommand
{
    Q_OBJECT

public:
    ActCommand(const CtlOptions &options, Output &output);
    ~ActCommand() override;
    void start() override;
    void finish() override;

private:
    /// What workers are called, where all sources have the same word.
    QString workerWord() const;
    void look();
    void settle();
    void awaitQueues();
    void awaitAnswers();
    bool isQueueKnown(const QString &queue, const CommandTarget *system) const;
    /// Every source is there: whom is it for, and may it be done?
    void decide();
    /// The same for queues and fleets.
    void decideTargets();
    std::vector<CommandTarget> targetsMeant();
    bool needsReason(const CommandPreview &preview) const;
    static void sayReasonIsNeeded();
    void rehearse(const CommandPreview &preview);
    void issue(const CommandPreview &preview, const std::vector<CommandTarget> &left);
    void issue(const CommandRequest &request);
    void onEntries(const std::vector<quint64> &keys);
    void onLimit();
    void onSource(SourceId source);
    void tell(quint64 key, const CommandEntry &entry);
    void tellLost(quint64 key, const CommandEntry &entry);
    QString whyUnread(const CommandEntry &entry) const;
    void add(const QByteArray &worker, const QString &text);
    bool isSettled(const CommandEntry &entry) const;
    bool isFine(const CommandEntry &entry) const;
    void endIfSettled();
    void conclude();
    void writeOut();

    SourceListModel m_list;
    WriteAccess m_access;
    CommandLedger m_ledger;
    std::unique_ptr<Journal> m_journal;
    SettleWait m_settle; ///< Only if the filter asks for an age.
    QTimer m_rightsLimit;
    QUuid m_group;
    std::vector<quint64> m_keys; ///< Of our commands.
    QHash<quint64, CommandStage> m_told;
    QSet<quint64> m_lost; ///< Keys of those whose worker's key is lost.
    QJsonArray m_idle; ///< Objects of those nothing was done to.
    qsizetype m_width = 0; ///< Of the longest id.
    bool m_queuesAwaited = false; ///< The time until all queues are known has begun.
    int m_answersAwaitedMs = 0;
    bool m_decided = false;
    bool m_issued = false;
    bool m_failed = false; ///< Something named was not done.
};

} // namespace pulsedeck
