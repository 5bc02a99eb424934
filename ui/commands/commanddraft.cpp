// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commanddraft.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

CommandDraft::CommandDraft(const CommandContext &context, Act act, const std::vector<WorkerHandle> &workers)
    : m_context(context)
    , m_act(act)
{
    m_picks.reserve(workers.size());
    for (const WorkerHandle handle : workers) {
        if (handle != noWorker && int(handle) < context.store.capacity() && context.store.worker(handle).used)
            m_picks.push_back({handle, context.store.worker(handle).serial});
    }
}

CommandPreview CommandDraft::previewOf(Act act, const std::vector<WorkerHandle> &workers) const
{
    return previewCommand(m_context.store, m_context.ledger, m_context.access, act, workers, m_floor);
}

/// Who is left out now stays out, unless only the choice between at the next heartbeat and now is in the way: that one the
/// operator changes by hand.
void CommandDraft::keepOnlyAsked(const CommandPreview &preview)
{
    std::vector<WorkerHandle> out;
    for (const CommandPreview::LeftOut &one : preview.leftOut)
        out.push_back(one.worker);
    QSet<quint32> stay;
    if (!out.empty() && (isShutdown(m_act))) {
        for (const WorkerHandle handle : previewOf(m_act == Act::Shutdown ? Act::ShutdownNow : Act::Shutdown, out).acting)
            stay.insert(m_context.store.worker(handle).serial);
    }
    for (const WorkerHandle handle : out) {
        const quint32 serial = m_context.store.worker(handle).serial;
        if (!stay.contains(serial))
            m_asked.remove(serial);
    }
}

bool CommandDraft::refresh()
{
    using Reason = Exclusion::Reason;
    std::vector<WorkerHandle> asked;
    std::vector<WorkerHandle> others; // Only to say why not.
    asked.reserve(m_picks.size());
    QHash<quint32, Exclusion> reasons;
    for (const Pick &pick : m_picks) {
        const Worker &worker = m_context.store.worker(pick.handle);
        if (!worker.used || worker.serial != pick.serial)
            reasons.insert(pick.serial, Reason::NotListed);
        else if (!m_first && !m_asked.contains(pick.serial))
            others.push_back(pick.handle);
        else if (!m_leftOut.contains(pick.serial))
            asked.push_back(pick.handle);
        if (m_first)
            m_asked.insert(pick.serial);
    }
    CommandPreview preview = previewOf(m_act, asked);
    for (const CommandPreview::LeftOut &out : preview.leftOut)
        reasons.insert(m_context.store.worker(out.worker).serial, out.why);
    keepOnlyAsked(preview);
    m_cameBack = 0;
    if (!others.empty()) {
        const CommandPreview rest = previewOf(m_act, others);
        for (const CommandPreview::LeftOut &out : rest.leftOut)
            reasons.insert(m_context.store.worker(out.worker).serial, out.why);
        m_cameBack = int(rest.acting.size());
        for (const WorkerHandle handle : rest.acting) {
            const quint32 serial = m_context.store.worker(handle).serial;
            reasons.insert(serial, m_wentOnce.contains(serial) ? Reason::CameBack : Reason::CommandableSince);
        }
    }
    for (const Pick &pick : m_picks) {
        const Worker &worker = m_context.store.worker(pick.handle);
        if (worker.used && worker.serial == pick.serial && worker.endedAt > 0)
            m_wentOnce.insert(pick.serial);
    }
    QSet<quint32> acting;
    acting.reserve(qsizetype(preview.acting.size()));
    for (const WorkerHandle handle : preview.acting)
        acting.insert(m_context.store.worker(handle).serial);
    const bool changed = m_first || acting != m_acting || reasons != m_reasons || preview.sessions != m_preview.sessions
                         || preview.friction != m_preview.friction || preview.capacity != m_preview.capacity
                         || preview.intervalMs != m_preview.intervalMs || preview.act != m_preview.act
                         || preview.slowestBeatMs != m_preview.slowestBeatMs;
    if (m_first) {
        // The workers it acts on come first, from the start and for good: the order never changes afterwards.
        std::stable_partition(m_picks.begin(), m_picks.end(), [&](const Pick &pick) { return acting.contains(pick.serial); });
        m_actedAtFirst = acting;
        m_first = false;
    }
    m_lost = 0;
    for (const quint32 serial : std::as_const(m_actedAtFirst)) {
        if (acting.contains(serial) || m_leftOut.contains(serial))
            continue;
        const WorkerHandle handle = m_context.store.findSerial(serial);
        // Locked, or its source is lost: it did not die.
        m_lost += handle == noWorker || m_context.store.worker(handle).endedAt > 0;
    }
    m_preview = std::move(preview);
    m_acting = std::move(acting);
    m_reasons = std::move(reasons);
    return changed;
}

void CommandDraft::setLeftOut(quint32 serial, bool out)
{
    if (out)
        m_leftOut.insert(serial);
    else
        m_leftOut.remove(serial);
}

void CommandDraft::leaveOutLast(int count)
{
    const auto &acting = m_preview.acting;
    for (size_t i = acting.size() - qMin(acting.size(), size_t(qMax(0, count))); i < acting.size(); ++i)
        m_leftOut.insert(m_context.store.worker(acting[i]).serial);
}

QString CommandDraft::sharedType() const
{
    if (m_preview.acting.empty())
        return {};
    const quint16 type = m_context.store.worker(m_preview.acting.front()).type;
    for (const WorkerHandle handle : m_preview.acting) {
        if (m_context.store.worker(handle).type != type)
            return {};
    }
    return m_context.store.typeName(type);
}

QString CommandDraft::sharedSource() const
{
    return m_preview.sources.size() == 1 ? m_context.store.sourceName(m_preview.sources.front()) : QString();
}

QString CommandDraft::confirmWord() const
{
    QStringList names;
    for (const SourceId source : m_preview.production)
        names.append(m_context.store.sourceName(source));
    for (const CapacityChange &change : m_preview.capacity) {
        const QString name = m_context.store.sourceName(change.source);
        if (change.underFloor() && !names.contains(name))
            names.append(name);
    }
    return names.join(u", "_s);
}

qint64 CommandDraft::configuredInterval() const
{
    qint64 longest = 0;
    for (const SourceId source : m_preview.sources) {
        if (m_context.store.sourceStatus(source).traits->of(m_act).proof == ActProof::Answer)
            continue; // There is no command key there.
        longest = qMax(longest, m_context.store.timing(source).heartbeatInterval);
    }
    return longest > 0 ? longest : TimingProfile().heartbeatInterval;
}

} // namespace pulsedeck
