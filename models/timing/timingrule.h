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
/// For files and pulsedeckctl: "must", "recommended", "advice".
QString severityName(TimingSeverity severity);
std::optional<TimingSeverity> severityFromName(const QString &name);

/// One rule between two values: left RELATION factor × right + plus, or left RELATION a fixed time.
struct TimingRule
{
    enum class Relation : quint8 { Greater, AtLeast, Less, AtMost };

    QString id; ///< "W2"
    TimingId left = TimingId::WorkerKeyTtl;
    Relation relation = Relation::AtLeast;
    double factor = 1;
    std::optional<TimingId> right; ///< Nothing: rightMs.
    qint64 rightMs = 0;
    qint64 plusMs = 0; ///< Only next to right.
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
    std::vector<TimingId> wholeSeconds; ///< Values that must be a positive whole number of seconds.
};

struct TimingPreset
{
    QString id;
    QString name;
    TimingProfile profile; ///< Complete: values the preset does not name have their defaults.
    std::vector<TimingId> named; ///< Only these values are set when it is loaded.
};

/// Where the values are written, which limits what they can be.
enum class TimingDestination : quint8 {
    Record, ///< The shared record in Redis: whole milliseconds.
    Files, ///< Environment files and wrangler.toml: the unit of each variable.
};

/// What a check needs besides the profile.
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

/// The result of a rule for a profile.
struct TimingFinding
{
    QString rule; ///< TimingRule::id
    TimingSeverity severity = TimingSeverity::Must;
    /// False if a value is not used or, per actor, no actor is known; and for advice to wait longer where the hub was seen to
    /// forget sooner, by its actors or by the interval this console has to keep. Then the rest does not count.
    bool applies = true;
    bool holds = true;
    TimingId left = TimingId::WorkerKeyTtl;
    std::optional<TimingId> right;
    double ratio = 0; ///< Left ÷ right (or ÷ the fixed time).
    double bound = 0; ///< The ratio the rule asks for.
    TimingRule::Relation relation = TimingRule::Relation::AtLeast;
    QString should; ///< "at least 20 s (2 × heartbeat interval of 10 s)"
    QString why;
    std::optional<TimingChange> smallest; ///< The smallest change of one value that fixes this rule, in the unit of its place.
};

/// A value that is wrong by itself, without any rule.
struct TimingFieldProblem
{
    TimingId id = TimingId::HeartbeatInterval;
    QString text; ///< "2.5 s is not a whole number of seconds"
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

/// The error of the value itself: zero, negative, beyond its limits, or not possible in its unit. Empty if there is none.
QString fieldProblem(qint64 ms, const TimingParameter &parameter, const TimingRuleSet &rules, TimingDestination destination);
/// The multiple of \a step that is nearest to \a boundMs and on the right side of it; nothing below 1.
std::optional<qint64> nearestTiming(TimingRule::Relation relation, double boundMs, qint64 step);
/// Milliseconds a value must be a multiple of: 1, or 1,000 where the rules or the destination require whole seconds.
qint64 timingStep(const TimingParameter &parameter, const TimingRuleSet &rules, TimingDestination destination);

/// Changes after which rule \a rule holds, and every must and recommended rule that held before still holds: raises the value
/// that must be greater, and those that become too small by that; lowers the other side only where a maximum prevents this. Empty
/// if the rule holds already or cannot be fixed.
std::vector<TimingChange> fixTiming(const TimingProfile &profile, const QString &rule, const TimingRuleSet &rules,
                                    const std::vector<TimingParameter> &parameters, const TimingFacts &facts = {});
/// Fixes all must and recommended rules at once.
std::vector<TimingChange> fixAllTiming(const TimingProfile &profile, const TimingRuleSet &rules,
                                       const std::vector<TimingParameter> &parameters, const TimingFacts &facts = {});

} // namespace pulsedeck
