// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertrule.h"
#include "models/protocol/worker.h"

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <vector>

namespace pulsedeck {

enum class AlertState : quint8 {
    Pending, ///< It holds, but not for long enough.
    Firing,
    Resolved, ///< It fired and is over.
};
/// For files: "pending", "firing", "resolved".
QString alertStateName(AlertState state);

/// One of those an alert is about. Times are the console's clock in Unix ms.
struct AlertSubject
{
    QString name; ///< A worker's short id, a queue, a source.
    SourceId source = 0;
    WorkerHandle worker = noWorker;
    quint32 serial = 0; ///< The handle is this worker's only as long as it has this serial.
    qint64 since = 0; ///< It holds since.
    qint64 over = 0; ///< It has not held since; 0: it holds.
    qint64 until = 0; ///< Of a certificate: when it ends, Unix ms by the machine's clock.
};

/// What an operator did about an alert.
struct AlertMark
{
    qint64 at = 0; ///< Unix ms by the machine's clock; 0: nothing was done.
    QString by;
    QString reason;

    explicit operator bool() const { return at > 0; }
    bool operator==(const AlertMark &) const = default;
};

/// One rule that holds for one group of workers, queues or sources. A value. Times are the console's clock in Unix ms.
struct Alert
{
    static constexpr size_t mostSubjects = 200; ///< Named; further ones are only counted.
    static constexpr qsizetype mostGroupNames = 500; ///< The same of groups.
    static constexpr qint64 burstMs = 60'000; ///< What came over a longer time did not come together.

    QString id; ///< The same for the same rule and group, also in another run.
    AlertRule rule;
    QString group; ///< Host, type, queue, source, …; empty for a rule about all together. Of several hosts: the first one found.
    QString groupTitle; ///< The same as people read it: of a system its title. Empty: as it is.
    QStringList
        groups; ///< All of them, the first ones first; more than one only where AlertRule::togetherMs makes one alert of them.
    int groupCount = 0; ///< How many, also of those that are not named.
    int mostGroups = 0; ///< The most at any time.
    AlertState state = AlertState::Pending;
    qint64 since = 0; ///< The first of them holds since.
    qint64 lastAt = 0; ///< The last one of them does.
    qint64 holdMs = 0; ///< How long each has to hold; of several sources with times of their own the longest.
    bool holdReported = false; ///< By its source: see AlertRule::holdTiming.
    qint64 dueAt = 0; ///< Pending: it fires then at the earliest.
    qint64 firedAt = 0;
    qint64 resolvedAt = 0;
    int count = 0; ///< How many hold for long enough; pending: how many hold. Capacity: how many can take work.
    int most = 0; ///< The most at any time; capacity: the fewest.
    int total = 0; ///< Capacity: how many there are in the group.
    bool known = true; ///< False: none of its sources is in view, so that it is not known whether it still holds.
    QString ending; ///< Resolved: why, if it is not that it held no longer.
    std::vector<AlertSubject> subjects; ///< The first of them; of one that is resolved the first it was about.
    QStringList sources; ///< Names, of those in subjects.
    std::vector<SourceId> sourceIds; ///< Of all it is about, also of those that are not named; ascending.
    QString system; ///< SourceTraits::layout, if all in subjects are of one.
    QString systemTitle; ///< The same as people read it: "Celery".
    SourceEnvironment environment = SourceEnvironment::None; ///< The one that asks for most care among them.
    AlertMark acknowledged;
    QString silence; ///< AlertSilence::id of the one that holds it back; empty: none.

    bool isSilenced() const { return !silence.isEmpty(); }
    bool isFiring() const { return state == AlertState::Firing; }
    /// As alerts are listed: what fires first, then what is pending, then what is over; critical ones first, then the newest.
    static bool isBefore(const Alert &a, const Alert &b);
    static QString idOf(const QString &rule, const QString &group);
};

/// Holds back alerts until its end. A value; times are Unix ms by the machine's clock.
struct AlertSilence
{
    static constexpr qint64 longestMs = qint64(31) * 24 * 3'600'000;

    QString id = {};
    QString rule = {}; ///< AlertRule::name; empty: every rule.
    QStringList groups = {}; ///< Holds back alerts that are about these and no others (Alert::groups); empty: about any.
    QString source = {}; ///< A source's name; empty: every source.
    qint64 from = 0;
    qint64 until = 0;
    QString by = {};
    QString reason = {};

    /// It is about this alert, and in force at \a wall.
    bool holds(const Alert &alert, qint64 wall) const;
    bool operator==(const AlertSilence &) const = default;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::Alert)
