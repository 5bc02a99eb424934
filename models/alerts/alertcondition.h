// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertfleet.h"

#include <QHash>

#include <memory>
#include <vector>

namespace pulsedeck {

/// One of those for which a rule holds.
struct AlertFinding
{
    quint64 key = 0; ///< The same for the same worker, queue or source, as long as its rule is in force.
    QString group; ///< Host, type, queue, …; see AlertRule::group.
    SourceId source = 0; ///< Of a group of workers with several sources: one of them.
    WorkerHandle worker = noWorker;
    qint64 since = 0; ///< It is known to hold since; 0: since it was found.
    int total = 0; ///< Capacity: how many there are in the group.
    int count = 1; ///< Capacity: how many of them can take work.
    qint64 until = 0; ///< Certificates: when it ends, Unix ms.
    std::vector<SourceId> sources = {}; ///< Capacity: all sources that have workers in the group.
};

/// What changed since a condition was looked at last.
struct AlertFindings
{
    std::vector<AlertFinding> held; ///< New ones, and those whose figures changed.
    std::vector<quint64> over; ///< Keys.
};

/// The part of a rule that looks at the fleet: what does it hold for? For how long is the AlertEngine's. It follows changes, so
/// that it costs as much as changes. Where the store lives.
class AlertCondition
{
public:
    /// \a fleet has to outlive it.
    static std::unique_ptr<AlertCondition> make(const AlertRule &rule, const AlertFleet &fleet);
    virtual ~AlertCondition();
    Q_DISABLE_COPY_MOVE(AlertCondition)

    /// What the store has published since; look() follows.
    virtual void take(const FleetChanges &) { }
    /// A source was read whole, lost, hidden or given another environment: everything is to be looked at again.
    virtual void lookAgain() { }
    /// What of a source that is not in view stays as it was.
    virtual void look(qint64 now, AlertFindings *findings) = 0;
    /// False: there is so much to look at that more looks are needed.
    virtual bool isWhole() const { return true; }
    /// A finding's name for people.
    virtual QString nameOf(const AlertFinding &finding) const = 0;
    /// SourceTraits::layout of it; empty for what has none.
    virtual QString systemOf(const AlertFinding &finding) const;
    /// What people call a system that was met, by its SourceTraits::layout; any other text stays as it is.
    QString titleOf(const QString &system) const { return m_titles.value(system, system); }

protected:
    AlertCondition(const AlertRule &rule, const AlertFleet &fleet);
    QString groupOf(const Worker &worker) const;
    /// Its SourceTraits::layout; titleOf() knows it from here on.
    QString meetSystem(TraitsRef traits) const;

    const AlertRule m_rule;
    const AlertFleet &m_fleet;

private:
    mutable QHash<QString, QString> m_titles; ///< By SourceTraits::layout; there are a few systems.
};

} // namespace pulsedeck
