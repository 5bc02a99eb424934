// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/writeaccess.h"

#include "models/sources/sourcelistmodel.h"

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
    });
    // The settings of a source are replaced without a word from the store.
    const auto settingsMoved = [this] {
        if (tellSources())
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
        m_until = 0;
        m_timer.stop();
    }
    tellSources();
    emit changed();
}

void WriteAccess::unlock()
{
    if (m_forbidden)
        return;
    m_until = m_clock.nowMs() + openForMs;
    m_timer.start();
    tellSources();
    emit changed();
}

void WriteAccess::lock()
{
    if (m_until == 0)
        return;
    m_until = 0;
    m_timer.stop();
    tellSources();
    emit changed();
}

qint64 WriteAccess::msLeft() const
{
    if (!isUnlocked() || isHeld())
        return -1;
    return qMax<qint64>(0, m_until - m_clock.nowMs());
}

void WriteAccess::touch()
{
    if (isUnlocked() && !expired())
        m_until = m_clock.nowMs() + openForMs;
}

void WriteAccess::hold()
{
    ++m_holds;
    emit changed();
}

void WriteAccess::letGo()
{
    if (m_holds == 0)
        return;
    // What was held open gets its whole time from here; what was locked meanwhile stays locked.
    if (--m_holds == 0 && isUnlocked())
        m_until = m_clock.nowMs() + openForMs;
    emit changed();
}

bool WriteAccess::expired() const
{
    return !isHeld() && m_clock.nowMs() >= m_until;
}

bool WriteAccess::isReadOnly(SourceId source) const
{
    return m_forbidden || m_sources.settings(source).readOnly;
}

bool WriteAccess::allows(SourceId source) const
{
    if (m_sources.rowOf(source) < 0 || isReadOnly(source))
        return false;
    return m_sources.settings(source).demo || (isUnlocked() && !expired());
}

QString WriteAccess::whyNot(SourceId source, Act act) const
{
    if (m_forbidden)
        return u"Started with --read-only: nothing can be changed."_s;
    if (m_sources.rowOf(source) < 0)
        return u"The source is not there any more."_s;
    const SourceSettings settings = m_sources.settings(source);
    if (settings.readOnly)
        return u"%1 is set read-only."_s.arg(settings.name);
    if (!allows(source))
        return u"Writing is locked. Unlock it first."_s;
    const SourceStatus status = m_store.sourceStatus(source);
    if (!status.isConnected())
        return u"%1 is not connected."_s.arg(settings.name);
    if (status.rights.known && !status.rights.whyNot(act).isEmpty())
        return u"%1: %2"_s.arg(settings.name, status.rights.whyNot(act));
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
    if (isUnlocked() && expired())
        lock();
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
