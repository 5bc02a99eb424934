// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingparameter.h"

#include <vector>

namespace pulsedeck {

enum class TimingSeverity : quint8 {
    Must, ///< Blocks applying.
    Recommended, ///< Can be applied once the operator has acknowledged it with a reason.
    Advice, ///< Only informs.
};
/// "must", "recommended", "advice".
QString severityName(TimingSeverity severity);

/// One rule between two values: left RELATION factor × right, or left RELATION a fixed time.
struct TimingRule
{
    enum class Relation : quint8 { Greater, AtLeast, Less, AtMost };

    QString id; ///< "W2"
    TimingId left = TimingId::WorkerKeyTtl;
    Relation relation = Relation::AtLeast;
    double factor = 1;
    std::optional<TimingId> right; ///< Nothing: rightMs.
    qint64 rightMs = 0;
    bool perActor = false; ///< The left side is divided by the number of connected actors; without any the rule does not apply.
    TimingSeverity severity = TimingSeverity::Must;
    QString why; ///< One sentence.
};

/// A selectable set of rules.
struct TimingRuleSet
{
    QString id; ///< "timing-document"
    QString name;
    std::vector<TimingRule> rules;
    std::vector<TimingId> wholeSeconds; ///< Values that have to be a positive whole number of seconds.
};

struct TimingPreset
{
    QString id;
    QString name;
    TimingProfile profile; ///< Whole: what the preset does not name has its default.
    std::vector<TimingId> named; ///< What it names; only these are set when it is loaded.
};

/// Where the values are to go, which decides what can be held.
enum class TimingDestination : quint8 {
    Record, ///< The shared record in Redis: whole milliseconds.
    Files, ///< Environment files and wrangler.toml: the unit of each variable.
};

/// What a check needs beside the profile.
struct TimingFacts
{
    int actors = 0; ///< Connected to the hub; 0 if none or not known.
    qint64 hubKeptMs = 0; ///< The interval this console has to keep, as the hub was seen to forget; 0 if none or not known.
    TimingDestination destination = TimingDestination::Record;
};

struct TimingChange
{
    TimingId id = TimingId::HeartbeatInterval;
    qint64 ms = 0;
    bool operator==(const TimingChange &) const = default;
};

/// What a rule says of a profile.
struct TimingFinding
{
    QString rule; ///< TimingRule::id
    TimingSeverity severity = TimingSeverity::Must;
    /// False when a value is not used or, per actor, no actor is known; and for advice to wait longer that contradicts
    /// what the hub was seen to need, by its actors or by what this console has to keep. Nothing is claimed then.
    bool applies = true;
    bool holds = true;
    TimingId left = TimingId::WorkerKeyTtl;
    std::optional<TimingId> right;
    double ratio = 0; ///< Left ÷ right (or ÷ the fixed time).
    double bound = 0; ///< The ratio the rule asks for.
    TimingRule::Relation relation = TimingRule::Relation::AtLeast;
    QString should; ///< "at least 20 s (2 × the 10 s heartbeat interval)"
    QString why;
    std::optional<TimingChange> smallest; ///< The smallest change of one value that mends this rule, in the unit of its place.
};

/// A value that is wrong by itself, whatever the rules.
struct TimingFieldProblem
{
    TimingId id = TimingId::HeartbeatInterval;
    QString text; ///< "2.5 s cannot be held in whole seconds"
};

struct TimingCheck
{
    std::vector<TimingFinding> findings; ///< One per rule, in order of the set.
    std::vector<TimingFieldProblem> fields;

    int broken(TimingSeverity severity) const; ///< Rules of that severity that do not hold.
    bool mayApply() const { return fields.empty() && broken(TimingSeverity::Must) == 0; }
};

/// Pure; under a millisecond.
TimingCheck checkTiming(const TimingProfile &profile, const TimingRuleSet &rules, const std::vector<TimingParameter> &parameters,
                        const TimingFacts &facts = {});

/// What is wrong with the value itself: zero, negative, beyond its limits, or not to be held where it goes. Empty if nothing is.
QString fieldProblem(qint64 ms, const TimingParameter &parameter, const TimingRuleSet &rules, TimingDestination destination);
/// Milliseconds a value has to be a multiple of: 1, or 1,000 where the rules or the destination want whole seconds.
qint64 timingStep(const TimingParameter &parameter, const TimingRuleSet &rules, TimingDestination destination);

/// Changes after which rule \a rule holds, and every must and recommended rule that held before still holds: raises what has to
/// be greater, and what that makes too small in turn; lowers the other side only where a maximum is in the way. Empty if the rule
/// holds already or cannot be mended.
std::vector<TimingChange> fixTiming(const TimingProfile &profile, const QString &rule, const TimingRuleSet &rules,
                                    const std::vector<TimingParameter> &parameters, const TimingFacts &facts = {});
/// Mends all must and recommended rules at once.
std::vector<TimingChange> fixAllTiming(const TimingProfile &profile, const TimingRuleSet &rules,
                                       const std::vector<TimingParameter> &parameters, const TimingFacts &facts = {});

} // namespace pulsedeck
