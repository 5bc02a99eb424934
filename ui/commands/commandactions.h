// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/commandpreview.h"
#include "models/commands/rollingrunner.h"
#include "models/commands/writeaccess.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/workeracts.h"

#include <QPointer>

#include <vector>

class QSettings;
class QWidget;

namespace pulsedeck {

class CommandDialog;

/// What the commands' dialogs, pages and menus work with. All of it outlives them.
struct CommandContext
{
    FleetStore &store;
    SourceListModel &sources;
    CommandLedger &ledger;
    RollingRunner &rolling;
    WriteAccess &access;
    const Clock &clock;
    QSettings &settings;
};

/// The acts as they are offered for a set of workers, in menu bar, context menu and dock and by keyboard. Gives for each whether
/// it is possible and if not why, and opens the dialog. It changes nothing by itself but for Cancel, which withdraws commands.
/// GUI thread.
class CommandActions : public WorkerActs
{
    Q_OBJECT

public:
    /// Sets of workers up to this size are looked at one by one before an act is offered; for larger ones the dialog does it.
    static constexpr size_t looksAtEach = 300;
    static constexpr std::array<Act, 6> offered{Act::Drain, Act::Resume, Act::Shutdown, Act::Cancel, Act::Reap, Act::RemoveKey};
    /// Offered only for workers whose system has them.
    static constexpr std::array<Act, 2> offeredByFew{Act::Dump, Act::KillJob};

    struct Offer
    {
        bool enabled = false;
        bool locked = false; ///< Only the lock is in the way.
        qint64 count = 0; ///< Workers it would act on.
        QString text; ///< "Shut down 14 workers…"
        QString toolTip; ///< Why it is not possible, or what it does.
    };

    /// \a parent owns the dialogs too.
    CommandActions(const CommandContext &context, QWidget *parent);

    const CommandContext &context() const { return m_context; }
    const CommandLedger &ledger() const override { return m_context.ledger; }
    const LatestCommands &latest() const override { return *m_latest; }
    void fillMenu(QMenu &menu, const std::vector<WorkerHandle> &selected, const MatchingWorkers &matching) override;
    WorkerActsPanel *makePanel(QWidget *parent) override;
    Offer offer(Act act, const std::vector<WorkerHandle> &workers) const;
    void askTargets(Act act, const std::vector<CommandTarget> &targets) override;
    QString whyNotTargets(Act act, const std::vector<CommandTarget> &targets) const override;
    /// The traits of the one system that all these belong to, if that names its acts itself; else null.
    const SourceTraits *ownSystem(const std::vector<WorkerHandle> &workers) const;
    /// Whether this worker's drain was ordered from a console and can be undone.
    bool isDrainedByOperator(WorkerHandle handle) const;
    /// Resume is its next step: an operator drained it, or it takes nothing and its system resumes it, whoever drained it.
    bool canBeResumed(WorkerHandle handle) const;
    /// Nothing can be commanded from here on, and this sentence says why; empty: it can again. What was given goes on, and
    /// writing can still be locked.
    void setClosed(const QString &why);
    const QString &closedBecause() const { return m_closed; }
    /// There is a source that may not be written to, and unlocking would help.
    bool isLocked() const;
    /// What to do where only the lock is in the way.
    QString lockedText() const;
    /// For the menu entry that calls unlock().
    QString unlockText() const;

    /// Whether "Send again" makes sense: it ended without effect and the worker is still there.
    bool canSendAgain(quint64 key) const;
    bool canCancel(quint64 key) const;
    /// Skipping: still queued in a rolling shutdown.
    bool canSkip(quint64 key) const;

public slots:
    /// Opens the dialog for it, or for Cancel withdraws the commands at once.
    void ask(pulsedeck::Act act, const std::vector<pulsedeck::WorkerHandle> &workers, const QString &reason = {});
    /// A new command each, as the first one was. One is sent at once; for several the dialog asks.
    void sendAgain(const std::vector<quint64> &keys);
    void cancelEntries(const std::vector<quint64> &keys);
    void skipEntries(const std::vector<quint64> &keys);
    /// Locks at once whatever is open; to unlock it asks.
    void toggleLock();
    /// Asks which sources to unlock, those that are open already aside.
    void unlock();

signals:
    /// What is offered may have changed: access, or a command's stage.
    void changed();
    /// Commands were given.
    void issued(const QUuid &group);
    /// Show the Commands page with this group.
    void groupRequested(const QUuid &group);

private:
    void setPreparing(bool preparing);
    bool isLockedFor(const std::vector<WorkerHandle> &workers) const;

    CommandContext m_context;
    QWidget *m_window;
    LatestCommands *m_latest;
    QPointer<CommandDialog> m_question;
    QString m_closed; ///< Empty: it is open.
    bool m_preparing = false;
};

} // namespace pulsedeck
