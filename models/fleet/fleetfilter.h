// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace pulsedeck {

/// The filter language of the Fleet page and of pulsedeckctl. Terms are separated by spaces and all have to hold:
/// free text (in id, host, type, source and status, case-insensitive), status:W, liveness:W, type:W, source:W, flag:W, id:W, host:W,
/// drift:W (interval, ttl, any: measured otherwise than the profile in force says) (several words with commas: any of them), age, ttl, interval, skew, uptime with < > <= >= = and a duration ("10s", "500ms", "2m"),
/// sessions and lifetime with a number; "not " or "-" before a term negates it; "quotes" keep spaces.
/// A term that makes no sense is left out and named in problems().
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
    static FleetFilter parse(const QString &text);

    bool isEmpty() const { return m_tests.empty(); }
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

private:
    struct Test;
    std::vector<std::shared_ptr<const Test>> m_tests;
    std::vector<Term> m_terms;
    QStringList m_problems;
    QString m_text;
    bool m_dependsOnTime = false;
};

} // namespace pulsedeck
