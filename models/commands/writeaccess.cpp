// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/writeaccess.h"

#include "models/fleet/sourcelistmodel.h"

#include <chrono>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// The clock decides, not the timer: a computer that slept locks within so long of waking.
constexpr std::chrono::milliseconds lookEvery(500);

} // namespace

WriteAccess::WriteAccess(FleetStore &store, SourceListModel &sources, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_sources(sources)
    , m_clock(clock)
{
    m_timer.setInterval(lookEvery);
    connect(&m_timer, &QTimer::timeout, this, &WriteAccess::onTimer);
    connect(&m_store, &FleetStore::sourceChanged, this, &WriteAccess::onSourceChanged);
    connect(&m_store, &FleetStore::sourceAdded, this, &WriteAccess::onSourceChanged);
    connect(&m_store, &FleetStore::sourceRemoved, this, [this](SourceId source) {
        m_told.remove(source);
        m_conditions.remove(source);
        if (m_sources.rowOf(source) < 0 && m_open.erase(source) > 0)
            emit changed();
    });
    // The settings of a source are replaced without a word from the store.
    const auto settingsMoved = [this] {
        const bool dropped = dropOthers();
        if (tellSources() || dropped)
            emit changed();
    };
    connect(&m_sources, &SourceListModel::rowsInserted, this, settingsMoved);
    connect(&m_sources, &SourceListModel::dataChanged, this, settingsMoved);
    tellSources();
}

void WriteAccess::setForbidden(bool forbidden)
{
    if (m_forbidden == forbidden)
        return;
    m_forbidden = forbidden;
    if (forbidden) {
        m_open.clear();
        m_timer.stop();
    }
    tellSources();
    emit changed();
}

bool WriteAccess::canUnlock(SourceId source) const
{
    if (m_forbidden || m_sources.rowOf(source) < 0)
        return false;
    const SourceSettings settings = m_sources.settings(source);
    return !settings.demo && !settings.readOnly && !allows(source);
}

void WriteAccess::unlock(const QList<SourceId> &sources)
{
    if (m_forbidden)
        return;
    bool any = false;
    for (const SourceId source : sources) {
        if (m_sources.rowOf(source) < 0)
            continue;
        const SourceSettings settings = m_sources.settings(source);
        if (settings.readOnly || settings.demo)
            continue;
        m_open[source] = {m_clock.nowMs() + openForMs, settings.address(), settings.environment};
        any = true;
    }
    if (!any)
        return;
    m_timer.start();
    tellSources();
    emit changed();
}

void WriteAccess::unlock()
{
    QList<SourceId> all;
    for (const SourceSettings &settings : m_sources.all())
        all.append(settings.id);
    unlock(all);
}

void WriteAccess::lock()
{
    if (m_open.empty())
        return;
    m_open.clear();
    m_timer.stop();
    tellSources();
    emit changed();
}

QList<SourceId> WriteAccess::unlocked() const
{
    QList<SourceId> sources;
    for (const auto &[source, opening] : m_open)
        sources.append(source);
    return sources;
}

qint64 WriteAccess::msLeft() const
{
    qint64 left = -1;
    for (const auto &[source, opening] : m_open) {
        if (isHeld(source))
            continue;
        const qint64 its = qMax<qint64>(0, opening.until - m_clock.nowMs());
        left = left < 0 ? its : qMin(left, its);
    }
    return left;
}

void WriteAccess::touch(SourceId source)
{
    const auto found = m_open.find(source);
    if (found != m_open.end() && !expired(source, found->second))
        found->second.until = m_clock.nowMs() + openForMs;
}

void WriteAccess::touch(const std::vector<SourceId> &sources)
{
    for (const SourceId source : sources)
        touch(source);
}

void WriteAccess::hold(SourceId source)
{
    ++m_holds[source];
    emit changed();
}

void WriteAccess::letGo(SourceId source)
{
    const auto found = m_holds.find(source);
    if (found == m_holds.end())
        return;
    if (--*found == 0) {
        m_holds.erase(found);
        // What was held open gets its whole time from here; what was locked meanwhile stays locked.
        if (const auto open = m_open.find(source); open != m_open.end())
            open->second.until = m_clock.nowMs() + openForMs;
    }
    emit changed();
}

bool WriteAccess::expired(SourceId source, const Opening &opening) const
{
    return !isHeld(source) && m_clock.nowMs() >= opening.until;
}

bool WriteAccess::dropOthers()
{
    const auto isOther = [this](const auto &one) {
        if (m_sources.rowOf(one.first) < 0)
            return false; // Its removal is told of by itself.
        const SourceSettings now = m_sources.settings(one.first);
        const bool production = now.environment == SourceEnvironment::Production;
        return now.address() != one.second.address || (production && one.second.environment != SourceEnvironment::Production);
    };
    return std::erase_if(m_open, isOther) > 0;
}

bool WriteAccess::isReadOnly(SourceId source) const
{
    return m_forbidden || m_sources.settings(source).readOnly;
}

bool WriteAccess::allows(SourceId source) const
{
    if (m_sources.rowOf(source) < 0 || isReadOnly(source))
        return false;
    if (m_sources.settings(source).demo)
        return true;
    const auto found = m_open.find(source);
    return found != m_open.end() && !expired(source, found->second);
}

SourceEnvironment WriteAccess::environment(SourceId source) const
{
    return m_sources.settings(source).environment;
}

QString WriteAccess::whyNot(SourceId source, Act act) const
{
    if (m_forbidden)
        return tr("Started with --read-only: nothing can be changed.");
    if (m_sources.rowOf(source) < 0)
        return tr("The source is not there any more.");
    const SourceSettings settings = m_sources.settings(source);
    if (settings.readOnly)
        return tr("%1 is set read-only.").arg(settings.name);
    if (!allows(source))
        return isUnlocked() ? tr("Writing to %1 is locked. Unlock it first.").arg(settings.name)
                            : tr("Writing is locked. Unlock it first.");
    const SourceStatus status = m_store.sourceStatus(source);
    if (!status.isConnected())
        return tr("%1 is not connected.").arg(settings.name);
    if (status.rights.known && !status.rights.whyNot(act).isEmpty())
        return tr("%1: %2", "a source, and why not").arg(settings.name, status.rights.whyNot(act));
    return {};
}

void WriteAccess::review()
{
    m_told.clear();
    tellSources();
    emit changed();
}

void WriteAccess::onTimer()
{
    if (std::erase_if(m_open, [this](const auto &one) { return expired(one.first, one.second); }) == 0)
        return;
    if (m_open.empty())
        m_timer.stop();
    tellSources();
    emit changed();
}

void WriteAccess::onSourceChanged(SourceId source)
{
    const SourceStatus status = m_store.sourceStatus(source);
    const Condition condition{status.isConnected(), status.rights};
    const bool moved = m_conditions.value(source) != condition;
    m_conditions.insert(source, condition);
    if (tellSources() || moved)
        emit changed();
}

bool WriteAccess::tellSources()
{
    QList<SourceId> news;
    for (const SourceSettings &settings : m_sources.all()) {
        const auto told = m_told.constFind(settings.id);
        if (told != m_told.constEnd() && *told == allows(settings.id))
            continue;
        news.append(settings.id);
    }
    // Told after the loop: a listener may add or remove sources.
    for (const SourceId source : std::as_const(news)) {
        const bool writable = allows(source);
        m_told.insert(source, writable);
        emit sourceWritable(source, writable);
    }
    return !news.isEmpty();
}

} // namespace pulsedeck
