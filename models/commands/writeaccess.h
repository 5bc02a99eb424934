// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/act.h"
#include "models/core/clock.h"
#include "models/fleet/fleetstore.h"

#include <QObject>
#include <QTimer>

namespace pulsedeck {

class SourceListModel;

/// Whether this console may write now. Writing is locked at first; unlocking opens every source that is not set
/// read-only for openForMs, counted anew from each command, and does not run out while a rolling shutdown runs. The
/// embedded demo is always open.
/// --read-only closes it for good. Buttons ask here; the source itself is told by sourceWritable() and is what enforces
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
    void unlock();
    void lock();
    bool isUnlocked() const { return m_until > 0; }
    /// Milliseconds until it locks by itself; -1 while it does not (locked, or held open).
    qint64 msLeft() const;
    /// A command was given: the time counts anew.
    void touch();
    /// Held open, however long it takes; counted, so that several can hold.
    void hold();
    void letGo();
    bool isHeld() const { return m_holds > 0; }

    bool allows(SourceId source) const;
    /// Closed whatever is unlocked: by the source's own setting, or by --read-only.
    bool isReadOnly(SourceId source) const;
    /// Why \a act cannot be done on this source now, in words for a tooltip; empty if it can: read-only, locked, not
    /// connected, not permitted (with the right that is missing).
    QString whyNot(SourceId source, Act act) const;

signals:
    /// Locked, unlocked, held, a source's own setting, or what whyNot() says of one: its connection or its rights.
    void changed();
    /// For the source itself; also emitted when a source is added or set anew.
    void sourceWritable(pulsedeck::SourceId source, bool writable);

public slots:
    /// A source was added or its settings changed: every source is told anew.
    void review();

private:
    /// What whyNot() rests on besides the settings.
    struct Condition
    {
        bool connected = false;
        CommandRights rights;
        bool operator==(const Condition &) const = default;
    };

    bool expired() const;
    void onTimer();
    void onSourceChanged(SourceId source);
    /// Sources that were told otherwise; true if there was one.
    bool tellSources();

    FleetStore &m_store;
    SourceListModel &m_sources;
    const Clock &m_clock;
    QTimer m_timer;
    QHash<SourceId, bool> m_told;
    QHash<SourceId, Condition> m_conditions;
    qint64 m_until = 0;
    int m_holds = 0;
    bool m_forbidden = false;
};

} // namespace pulsedeck
