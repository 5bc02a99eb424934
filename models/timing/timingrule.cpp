// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingrule.h"

#include <algorithm>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool compare(double left, TimingRule::Relation relation, double right)
{
    switch (relation) {
    case TimingRule::Relation::Greater:
        return left > right;
    case TimingRule::Relation::AtLeast:
        return left >= right;
    case TimingRule::Relation::Less:
        return left < right;
    case TimingRule::Relation::AtMost:
        return left <= right;
    }
    return false;
}

QString boundText(const TimingRule &rule, double boundMs)
{
    QString words;
    switch (rule.relation) {
    case TimingRule::Relation::Greater:
        words = u"more than %1"_s;
        break;
    case TimingRule::Relation::AtLeast:
        words = u"at least %1"_s;
        break;
    case TimingRule::Relation::Less:
        words = u"less than %1"_s;
        break;
    case TimingRule::Relation::AtMost:
        words = u"at most %1"_s;
        break;
    }
    return words.arg(timingText(qint64(std::llround(boundMs))));
}

/// The nearest value that keeps the rule, as a multiple of \a step; nothing below 1.
std::optional<qint64> nearest(const TimingRule &rule, double boundMs, qint64 step)
{
    const double steps = boundMs / double(step);
    double value = 0;
    switch (rule.relation) {
    case TimingRule::Relation::Greater:
        value = std::floor(steps) + 1;
        break;
    case TimingRule::Relation::AtLeast:
        value = std::ceil(steps);
        break;
    case TimingRule::Relation::Less:
        value = std::ceil(steps) - 1;
        break;
    case TimingRule::Relation::AtMost:
        value = std::floor(steps);
        break;
    }
    if (value < 1 || value > 1e15)
        return std::nullopt;
    return qint64(value) * step;
}

} // namespace

QString severityName(TimingSeverity severity)
{
    switch (severity) {
    case TimingSeverity::Must:
        return u"must"_s;
    case TimingSeverity::Recommended:
        return u"recommended"_s;
    case TimingSeverity::Advice:
        return u"advice"_s;
    }
    return {};
}

int TimingCheck::broken(TimingSeverity severity) const
{
    int count = 0;
    for (const TimingFinding &finding : findings)
        count += finding.applies && !finding.holds && finding.severity == severity;
    return count;
}

qint64 timingStep(const TimingParameter &parameter, const TimingRuleSet &rules, TimingDestination destination)
{
    for (const TimingId id : rules.wholeSeconds) {
        if (id == parameter.id)
            return 1'000;
    }
    if (destination == TimingDestination::Record)
        return 1;
    for (const TimingVariable &variable : parameter.variables) {
        if (!variable.wins) // The one that wins is only there where somebody put it.
            return unitMs(variable.unit);
    }
    return unitMs(parameter.placeUnit);
}

QString fieldProblem(qint64 ms, const TimingParameter &parameter, const TimingRuleSet &rules, TimingDestination destination)
{
    if (ms == TimingProfile::notUsed && parameter.mayBeAbsent)
        return {};
    if (ms == 0)
        return u"must not be 0"_s;
    if (ms < 0)
        return u"must not be negative"_s;
    if (ms > parameter.maximumMs)
        return u"%1 is more than the %2 it may be at most"_s.arg(timingText(ms), timingText(parameter.maximumMs));
    if (ms < parameter.minimumMs)
        return u"%1 is less than the %2 it has to be at least"_s.arg(timingText(ms), timingText(parameter.minimumMs));
    if (ms % timingStep(parameter, rules, destination) != 0)
        return u"%1 cannot be held in whole seconds"_s.arg(timingText(ms));
    return {};
}

namespace {

/// Advice to beat no more often than a fixed time gives way where the running hub contradicts it: it forgets sooner, by
/// a rule on the traffic of all actors that then could not hold, or as this console measured.
bool givesWay(const TimingRule &rule, const TimingRuleSet &rules, const TimingFacts &facts)
{
    using Relation = TimingRule::Relation;
    const bool fixedFloor = rule.severity == TimingSeverity::Advice && !rule.right && !rule.perActor
                            && (rule.relation == Relation::AtLeast || rule.relation == Relation::Greater);
    if (!fixedFloor)
        return false;
    if (rule.left == TimingId::HubClientHeartbeat && facts.hubKeptMs > 0 && facts.hubKeptMs < rule.rightMs)
        return true;
    return facts.actors > 0 && std::any_of(rules.rules.begin(), rules.rules.end(), [&](const TimingRule &other) {
               const bool ceiling = other.relation == Relation::Less || other.relation == Relation::AtMost;
               return other.perActor && other.left == rule.left && !other.right && ceiling
                      && other.rightMs * facts.actors <= rule.rightMs;
           });
}

} // namespace

TimingCheck checkTiming(const TimingProfile &profile, const TimingRuleSet &rules, const std::vector<TimingParameter> &parameters,
                        const TimingFacts &facts)
{
    TimingCheck check;
    for (const TimingParameter &parameter : parameters) {
        const QString text = fieldProblem(timingValue(profile, parameter.id), parameter, rules, facts.destination);
        if (!text.isEmpty())
            check.fields.push_back({parameter.id, text});
    }
    check.findings.reserve(rules.rules.size());
    for (const TimingRule &rule : rules.rules) {
        TimingFinding finding;
        finding.rule = rule.id;
        finding.severity = rule.severity;
        finding.left = rule.left;
        finding.right = rule.right;
        finding.relation = rule.relation;
        finding.why = rule.why;
        const qint64 left = timingValue(profile, rule.left);
        const qint64 right = rule.right ? timingValue(profile, *rule.right) : rule.rightMs;
        const double share = rule.perActor ? facts.actors : 1;
        finding.applies = left > 0 && right > 0 && share > 0 && !givesWay(rule, rules, facts);
        if (!finding.applies) {
            check.findings.push_back(finding);
            continue;
        }
        finding.ratio = double(left) / share / double(right);
        finding.bound = rule.right ? rule.factor : 1;
        // Compared in milliseconds and not as a ratio: 2 × 0.1 is exact there.
        const double boundMs = finding.bound * double(right) * share;
        finding.holds = compare(double(left), rule.relation, boundMs);
        finding.should = boundText(rule, boundMs);
        if (rule.right) {
            const TimingParameter &other = parameters[size_t(*rule.right)];
            const QString factor = rule.factor == 1 ? QString() : QString(QString::number(rule.factor) + u" × "_s);
            finding.should += u" (%1%2 of %3)"_s.arg(factor, other.label.toLower(), timingText(right));
        } else if (rule.perActor) {
            finding.should += u" with %1 actors"_s.arg(facts.actors);
        }
        if (!finding.holds) {
            const TimingParameter &parameter = parameters[size_t(rule.left)];
            const std::optional<qint64> better = nearest(rule, boundMs, timingStep(parameter, rules, facts.destination));
            if (better && fieldProblem(*better, parameter, rules, facts.destination).isEmpty())
                finding.smallest = TimingChange{rule.left, *better};
        }
        check.findings.push_back(finding);
    }
    return check;
}

} // namespace pulsedeck
