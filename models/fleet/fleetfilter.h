// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace pulsedeck {

/// The filter language of the Fleet page and of pulsedeckctl. Terms are separated by spaces and all have to hold:
/// free text (in id, host, type, source and status, case-insensitive), status:W, liveness:W, type:W, source:W, flag:W,
/// id:W, host:W, drift:W (interval, ttl, any: measured otherwise than the profile in force says) (several words with
/// commas: any of them), age, ttl, interval, skew, uptime with < > <= >= = and a duration ("10s", "500ms", "2m"),
/// sessions and lifetime with a number; "not " or "-" before a term negates it; "quotes" keep spaces.
/// A filter with a term that makes no sense is not readable: it matches nothing, and names the term in problems(). So
/// nobody acts on workers that a mistyped filter did not keep away.
class FleetFilter
{
public:
    struct Term
    {
        QString text; ///< As typed, without the negation.
        bool negated = false;
        bool valid = true;
    };

    FleetFilter();
    /// \a typed is what somebody is still typing after \a text. There an unfinished value matches by its beginning
    /// ("type:fire", "liveness:la"), and what says nothing yet ("age>", "not", "live") narrows nothing and is no
    /// problem.
    static FleetFilter parse(const QString &text, const QString &typed = {});

    /// Everybody matches.
    bool isEmpty() const { return m_tests.empty() && isReadable(); }
    /// False: see problems(). Nothing matches then.
    bool isReadable() const { return m_problems.isEmpty(); }
    /// Something of what is being typed narrows nothing yet.
    bool isUnfinished() const { return m_unfinished; }
    QString text() const { return m_text; }
    std::vector<Term> terms() const { return m_terms; }
    /// One sentence per senseless term ("age>ten: a duration such as 10s is expected").
    QStringList problems() const { return m_problems; }
    /// Whether the answer can change with time alone (age and ttl terms).
    bool dependsOnTime() const { return m_dependsOnTime; }

    bool matches(const FleetStore &store, WorkerHandle handle, qint64 now) const;
    /// Whether a term asks for an age or for a liveness that rests on one ("age>60s", "liveness:stale").
    bool asksForAge() const;
    /// Whether the worker's age is what the answer rests on and is not proven: it may match, and may not. Acts leave it
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
