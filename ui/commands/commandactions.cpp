// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandactions.h"

#include "models/commands/commandwords.h"
#include "ui/commands/commanddialog.h"
#include "ui/commands/commandmenu.h"
#include "ui/commands/targetdialog.h"
#include "ui/commands/workercommands.h"
#include "ui/common/commandtexts.h"
#include "ui/common/latestcommands.h"
#include "ui/common/unlockquestion.h"

#include <QWidget>

#include <algorithm>
#include <map>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Why most of them are left out.
Exclusion commonReason(const CommandPreview &preview)
{
    std::map<Exclusion, int> counts;
    Exclusion best;
    for (const CommandPreview::LeftOut &one : preview.leftOut) {
        if (++counts[one.why] > counts[best] || !best)
            best = one.why;
    }
    return best;
}

/// A clause, unless it is a sentence already.
QString asSentence(const QString &text)
{
    return text.endsWith(u'.') ? text : capitalised(text) + u'.';
}

bool sameWorker(const FleetStore &store, const CommandEntry &entry)
{
    return entry.handle != noWorker && int(entry.handle) < store.capacity() && store.worker(entry.handle).used
           && store.worker(entry.handle).serial == entry.serial;
}

} // namespace

CommandActions::CommandActions(const CommandContext &context, QWidget *parent)
    : WorkerActs(parent)
    , m_context(context)
    , m_window(parent)
    , m_latest(new LatestCommands(context.store, context.ledger, this))
{
    connect(&context.access, &WriteAccess::changed, this, &CommandActions::changed);
    connect(&context.ledger, &CommandLedger::entriesAdded, this, &CommandActions::changed);
    connect(&context.ledger, &CommandLedger::entriesChanged, this, &CommandActions::changed);
    connect(&context.store, &FleetStore::sourceChanged, this, &CommandActions::changed);
}

void CommandActions::setClosed(const QString &why)
{
    if (std::exchange(m_closed, why) != why)
        emit changed();
}

bool CommandActions::isLocked() const
{
    return m_closed.isEmpty() && UnlockQuestion::canUnlock(m_context.access, m_context.sources);
}

QString CommandActions::lockedText() const
{
    return m_context.access.isUnlocked() ? tr("It is locked. “Unlock Another Source” in the Commands menu opens it for 5 min.")
                                         : tr("Writing is locked. Ctrl+L unlocks for 5 min.");
}

QString CommandActions::unlockText() const
{
    return m_context.access.isUnlocked() ? tr("Unlock Another Source (5 min)…") : tr("Unlock writing (5 min)…");
}

bool CommandActions::isLockedFor(const std::vector<WorkerHandle> &workers) const
{
    if (!isLocked())
        return false;
    SourceId last = 0;
    for (const WorkerHandle handle : workers) {
        const SourceId source = m_context.store.worker(handle).source;
        if (source == last)
            continue;
        last = source;
        if (m_context.access.canUnlock(source))
            return true;
    }
    return false;
}

void CommandActions::fillMenu(QMenu &menu, const std::vector<WorkerHandle> &selected, const MatchingWorkers &matching)
{
    fillCommandMenu(menu, *this, selected, true);
    addMatchingMenu(menu, *this, matching);
}

WorkerActsPanel *CommandActions::makePanel(QWidget *parent)
{
    return new WorkerCommands(*this, parent);
}

CommandActions::Offer CommandActions::offer(Act act, const std::vector<WorkerHandle> &workers) const
{
    Offer offer;
    const QString ellipsis = act == Act::Cancel ? QString() : u"…"_s;
    const bool only = std::all_of(workers.begin(), workers.end(), [this, act](WorkerHandle handle) {
        return m_context.store.worker(handle).traits->of(act).proof == ActProof::Answer;
    });
    const ActRow &row = actRow(act);
    // A message to an actor is sent at once either way.
    const bool sentAnyhow = act == Act::ShutdownNow && only && !workers.empty();
    const SourceTraits *own = ownSystem(workers);
    offer.text = (own ? own->actLabel(act) : actText(sentAnyhow ? row.verb : row.offer ? row.offer : row.title)) + ellipsis;
    if (workers.empty() || !m_closed.isEmpty()) {
        offer.toolTip = m_closed.isEmpty() ? tr("Select workers first.") : m_closed;
        return offer;
    }
    QString why;
    int actors = 0;
    QString closed; // Why a source may not be written to now, though the act makes sense.
    if (workers.size() <= looksAtEach) {
        const CommandPreview preview = previewCommand(m_context.store, m_context.ledger, m_context.access, act, workers, 0);
        offer.count = qint64(preview.acting.size());
        actors = preview.actors;
        why = exclusionText(commonReason(preview));
        for (const SourceId source : preview.sources) {
            if (!m_context.access.allows(source))
                closed = m_context.access.whyNot(source, act);
        }
    } else {
        // Of so many only the sources are asked; the dialog leaves out who cannot be commanded.
        std::map<SourceId, QString> reasons; // Empty where nothing is in the way.
        for (const WorkerHandle handle : workers) {
            const CommandEntry *open = act == Act::Cancel ? m_context.ledger.openEntry(handle) : nullptr;
            if (!row.concerns(m_context.store.worker(handle)) && !(open && open->canCancel()))
                continue;
            const SourceId source = m_context.store.worker(handle).source;
            const auto [place, fresh] = reasons.try_emplace(source);
            if (fresh)
                place->second = m_context.access.whyNot(source, act);
            ++offer.count;
            actors += m_context.store.worker(handle).traits->registers();
            if (!place->second.isEmpty())
                closed = place->second;
        }
    }
    offer.enabled = offer.count > 0 && closed.isEmpty();
    if (offer.count > 0 && workers.size() > 1) {
        offer.text =
            (own && act != Act::Cancel ? tr("%1 %2", "an act, and on whom").arg(own->actLabel(act), own->counted(offer.count))
                                       : actButtonText(act, offer.count, actors))
            + ellipsis;
    }
    if (offer.enabled) {
        const QString means = own ? traitText(own->of(act).means) : QString();
        offer.toolTip = !means.isEmpty()     ? means
                        : act == Act::Cancel ? tr("Withdraws the shutdown command where it has not been read yet")
                                             : actMeaning(act, actors > 0 ? int(offer.count) : 2, actors);
    } else {
        if (!closed.isEmpty())
            why = closed;
        offer.locked = offer.count > 0 && isLockedFor(workers);
        if (offer.locked)
            offer.toolTip = lockedText();
        else
            offer.toolTip = why.isEmpty() ? tr("Nothing here can be acted on.") : asSentence(why);
    }
    return offer;
}

const SourceTraits *CommandActions::ownSystem(const std::vector<WorkerHandle> &workers) const
{
    const SourceTraits *own = workers.empty() ? nullptr : &*m_context.store.worker(workers.front()).traits;
    const bool shared = own && own->hasOwnActs() && std::all_of(workers.begin(), workers.end(), [&](WorkerHandle handle) {
                            return m_context.store.worker(handle).traits->layout == own->layout;
                        });
    return shared ? own : nullptr;
}

QString CommandActions::whyNotTargets(Act act, const std::vector<CommandTarget> &targets) const
{
    if (!m_closed.isEmpty())
        return m_closed;
    const TargetPreview preview = previewTargets(m_context.store, m_context.access, act, targets);
    if (preview.isEmpty())
        return preview.leftOut.empty() ? tr("Nothing here can be acted on.")
                                       : asSentence(exclusionText(preview.leftOut.front().why));
    for (const SourceId source : preview.sources) {
        if (!m_context.access.allows(source))
            return m_context.access.canUnlock(source) ? lockedText() : asSentence(m_context.access.whyNot(source, act));
    }
    return {};
}

void CommandActions::askTargets(Act act, const std::vector<CommandTarget> &targets)
{
    if (!m_closed.isEmpty())
        return;
    auto *dialog = new TargetDialog(m_context, act, targets, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TargetDialog::issued, this, &CommandActions::issued);
    dialog->open();
}

bool CommandActions::isDrainedByOperator(WorkerHandle handle) const
{
    const Worker &worker = m_context.store.worker(handle);
    return worker.used && worker.endedAt == 0 && worker.status == WorkerStatus::Draining
           && worker.flags.testFlag(WorkerFlag::DrainedByOperator);
}

bool CommandActions::canBeResumed(WorkerHandle handle) const
{
    const Worker &worker = m_context.store.worker(handle);
    const bool stopped = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::Paused;
    return isDrainedByOperator(handle) || (worker.used && worker.endedAt == 0 && stopped && worker.traits->resumesUnmarked());
}

bool CommandActions::canSendAgain(quint64 key) const
{
    const CommandEntry *entry = m_context.ledger.entry(key);
    if (!m_closed.isEmpty() || !entry || entry->command.act == Act::Cancel || !sameWorker(m_context.store, *entry))
        return false;
    if (awaitsAnswer(*entry, m_context.clock.nowMs()))
        return false;
    return (stageRow(entry->stage).flags & StageRow::Repeatable) && m_context.ledger.openKey(entry->handle) == 0
           && m_context.store.worker(entry->handle).liveness != Liveness::Departed;
}

bool CommandActions::canCancel(quint64 key) const
{
    const CommandEntry *entry = m_context.ledger.entry(key);
    return m_closed.isEmpty() && entry && entry->canCancel();
}

bool CommandActions::canSkip(quint64 key) const
{
    const CommandEntry *entry = m_context.ledger.entry(key);
    return m_closed.isEmpty() && entry && entry->stage == CommandStage::Queued;
}

void CommandActions::ask(Act act, const std::vector<WorkerHandle> &workers, const QString &reason)
{
    if (workers.empty() || !m_closed.isEmpty())
        return;
    if (act == Act::Cancel) {
        CommandRequest request;
        request.act = Act::Cancel;
        const CommandPreview preview = previewCommand(m_context.store, m_context.ledger, m_context.access, act, workers, 0);
        request.workers = preview.acting;
        if (request.workers.empty())
            return;
        m_context.access.touch(preview.sources);
        emit issued(m_context.ledger.issue(request));
        return;
    }
    if (m_question && m_question->isAsking()) {
        m_question->raise();
        m_question->activateWindow();
        return;
    }
    m_question = new CommandDialog(*this, act, workers, reason, m_window);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &CommandDialog::issued, this, &CommandActions::issued);
    connect(m_question, &CommandDialog::issued, this, [this] { setPreparing(false); });
    connect(m_question, &CommandDialog::finished, this, [this, dialog = m_question.data()] {
        if (m_question == dialog) // Another may be asking by now.
            setPreparing(false);
    });
    connect(m_question, &CommandDialog::groupRequested, this, &CommandActions::groupRequested);
    m_question->open();
    setPreparing(true);
}

void CommandActions::setPreparing(bool preparing)
{
    if (preparing != std::exchange(m_preparing, preparing))
        emit preparingChanged(preparing);
}

void CommandActions::sendAgain(const std::vector<quint64> &keys)
{
    // By act and reason, as they were given: each stays one group.
    std::map<std::pair<int, QString>, std::vector<quint64>> groups;
    for (const quint64 key : keys) {
        if (!canSendAgain(key))
            continue;
        const CommandEntry *entry = m_context.ledger.entry(key);
        groups[{int(entry->command.act), entry->command.reason}].push_back(key);
    }
    for (const auto &[kind, members] : groups) {
        CommandRequest request;
        request.act = Act(kind.first);
        request.reason = kind.second;
        for (const quint64 key : members) {
            const CommandEntry *entry = m_context.ledger.entry(key);
            request.workers.push_back(entry->handle);
            request.ttlMs = entry->command.ttlMs;
        }
        if (groups.size() == 1 && members.size() > 1) {
            ask(request.act, request.workers, request.reason);
            return;
        }
        const CommandPreview preview =
            previewCommand(m_context.store, m_context.ledger, m_context.access, request.act, request.workers, 0);
        if (preview.isEmpty())
            continue;
        request.workers = preview.acting;
        m_context.access.touch(preview.sources);
        emit issued(m_context.ledger.issue(request));
    }
}

void CommandActions::cancelEntries(const std::vector<quint64> &keys)
{
    std::vector<quint64> able;
    std::copy_if(keys.begin(), keys.end(), std::back_inserter(able), [this](quint64 key) { return canCancel(key); });
    if (able.empty())
        return;
    for (const quint64 key : able)
        m_context.access.touch(m_context.ledger.entry(key)->command.source);
    emit issued(m_context.ledger.cancel(able, {}));
}

void CommandActions::skipEntries(const std::vector<quint64> &keys)
{
    for (const quint64 key : keys) {
        if (!canSkip(key))
            continue;
        const Command command = m_context.ledger.entry(key)->command;
        if (m_context.rolling.plan(command.group))
            m_context.rolling.skip(command.group, command.id);
        else
            m_context.ledger.skip({key});
    }
}

void CommandActions::toggleLock()
{
    if (m_context.access.isUnlocked())
        m_context.access.lock();
    else
        unlock();
}

void CommandActions::unlock()
{
    if (!m_closed.isEmpty())
        return;
    UnlockQuestion::ask(m_context.access, m_context.sources, m_context.store, m_window);
}

} // namespace pulsedeck
