// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/fleetstore.h"
#include "models/protocol/act.h"
#include "models/sources/sourceenvironment.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QTimer>

#include <map>

namespace pulsedeck {

class SourceListModel;

/// Whether this console may write now, source by source. Writing is locked at first; unlocking opens the sources that
/// are named, but for those set read-only, for openForMs, counted again for a source from each command to it. It does not
/// run out where a rolling shutdown runs. A source that is added later, that is pointed at another server, or that becomes
/// production, is locked. The embedded demo is always open.
/// --read-only closes it for good. Buttons ask here; the source itself is informed by sourceWritable() and enforces
/// it. GUI thread.
class WriteAccess : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 openForMs = 5 * 60 * 1000;

    WriteAccess(FleetStore &store, SourceListModel &sources, const Clock &clock, QObject *parent = nullptr);

    /// From --read-only: unlock() does nothing any more.
    void setForbidden(bool forbidden);
    bool isForbidden() const { return m_forbidden; }
    /// Opens these, in addition to what is open already; one that is set read-only, or that is not there, is left out.
    void unlock(const QList<SourceId> &sources);
    /// The same for every source there is now: for a command line, which names the sources itself.
    void unlock();
    /// All of them.
    void lock();
    /// Any, or this one, by the operator: the demo, which is always open, does not count.
    bool isUnlocked() const { return !m_open.empty(); }
    bool isUnlocked(SourceId source) const { return m_open.count(source) > 0; }
    QList<SourceId> unlocked() const;
    /// Whether unlock() would open this one.
    bool canUnlock(SourceId source) const;
    /// Milliseconds until the first of the open ones locks by itself; -1 while none does (locked, or held open).
    qint64 msLeft() const;
    /// A command was given to this one: its time counts again.
    void touch(SourceId source);
    void touch(const std::vector<SourceId> &sources);
    /// Held open, however long it takes; counted, so that several can hold.
    void hold(SourceId source);
    void letGo(SourceId source);
    /// Any, or this one.
    bool isHeld() const { return !m_holds.isEmpty(); }
    bool isHeld(SourceId source) const { return m_holds.contains(source); }

    bool allows(SourceId source) const;
    /// Closed whatever is unlocked: by the source's own setting, or by --read-only.
    bool isReadOnly(SourceId source) const;
    SourceEnvironment environment(SourceId source) const;
    /// Why \a act cannot be done on this source now, in words for a tooltip; empty if it can: read-only, locked, not
    /// connected, not permitted (with the right that is missing).
    QString whyNot(SourceId source, Act act) const;

signals:
    /// Locked, unlocked, held, a source's own setting, or what whyNot() says of one: its connection or its rights.
    void changed();
    /// For the source itself; also emitted when a source is added or set again.
    void sourceWritable(pulsedeck::SourceId source, bool writable);

public slots:
    /// A source was added or its settings changed: every source is informed again.
    void review();

private:
    /// What whyNot() rests on in addition to the settings.
    struct Condition
    {
        bool connected = false;
        CommandRights rights;
        bool operator==(const Condition &) const = default;
    };
    /// One source that was unlocked, and what it was then.
    struct Opening
    {
        qint64 until = 0;
        QString address;
        SourceEnvironment environment = SourceEnvironment::None;
    };

    bool expired(SourceId source, const Opening &opening) const;
    /// Locks what no longer is what was unlocked; true if there was one.
    bool dropOthers();
    void onTimer();
    void onSourceChanged(SourceId source);
    /// Informs the sources for which it has changed; true if there was one.
    bool tellSources();

    FleetStore &m_store;
    SourceListModel &m_sources;
    const Clock &m_clock;
    QTimer m_timer;
    QHash<SourceId, bool> m_told;
    QHash<SourceId, Condition> m_conditions;
    std::map<SourceId, Opening> m_open;
    QHash<SourceId, int> m_holds; ///< None that is 0.
    bool m_forbidden = false;
};

} // namespace pulsedeck
