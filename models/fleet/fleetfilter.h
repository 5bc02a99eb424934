// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace pulsedeck {

/// The filter language of the Fleet page and of pulsedeckctl. Terms are separated by spaces and all have to hold:
/// free text (in id, host, type, source and status, case-insensitive), status:W, liveness:W, type:W, source:W, flag:W,
/// id:W, host:W, drift:W (interval, ttl, any: the measured value differs from the timing in force) (several words with
/// commas: any of them; of id and host a part is enough, and id=W and host=W want the whole), age, ttl, interval, skew, uptime
/// with < > <= >= = and a duration ("10s", "500ms", "2m"), sessions, lifetime and pid with a number, system:W and queue:W; "not "
/// or "-" before a term negates it; "quotes" keep spaces. A filter with an invalid term is not readable: it matches nothing, and
/// problems() names the term. So no command reaches workers that a mistyped filter failed to exclude.
class FleetFilter
{
    Q_DECLARE_TR_FUNCTIONS(FleetFilter)

public:
    struct Term
    {
        QString text; ///< As typed, without the negation.
        bool negated = false;
        bool valid = true;
    };

    FleetFilter();
    /// \a typed is still being typed after \a text. There an unfinished value matches by its beginning ("type:fire",
    /// "liveness:la"), and an incomplete term ("age>", "not", "live") is ignored and is no problem.
    static FleetFilter parse(const QString &text, const QString &typed = {});

    /// Every worker matches.
    bool isEmpty() const { return m_tests.empty() && isReadable(); }
    /// False: see problems(). Nothing matches then.
    bool isReadable() const { return m_problems.isEmpty(); }
    /// A part of what is being typed is ignored so far.
    bool isUnfinished() const { return m_unfinished; }
    QString text() const { return m_text; }
    std::vector<Term> terms() const { return m_terms; }
    /// One sentence per invalid term ("age>ten: a duration such as 10s is expected").
    QStringList problems() const { return m_problems; }
    /// Whether the answer can change with time alone (age and ttl terms).
    bool dependsOnTime() const { return m_dependsOnTime; }

    bool matches(const FleetStore &store, WorkerHandle handle, qint64 now) const;
    /// Whether a term asks for an age or for a liveness that depends on one ("age>60s", "liveness:stale").
    bool asksForAge() const;
    /// Whether the answer depends on the worker's age and that is not proven: it may match or not. Acts leave such a worker
    /// out and name it. False if a term that does not ask for the age excludes it anyway.
    bool isUndecided(const FleetStore &store, WorkerHandle handle, qint64 now) const;

    /// What can be typed next after \a text, for completion: whole terms ("liveness:late").
    static QStringList completions(const QString &text, const FleetStore &store);
    /// \a term with its value finished, if it is the beginning of one known value only ("type:fire"); else \a term.
    static QString completed(const QString &term, const FleetStore &store);

private:
    struct Test;
    void add(const QString &text, bool typed);
    std::vector<std::shared_ptr<const Test>> m_tests;
    std::vector<Term> m_terms;
    QStringList m_problems;
    QString m_text;
    bool m_dependsOnTime = false;
    bool m_unfinished = false;
};

} // namespace pulsedeck
