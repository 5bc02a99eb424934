// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingrule.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace pulsedeck {

namespace {

class RuleTexts
{
    Q_DECLARE_TR_FUNCTIONS(RuleTexts)
};

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
    // In the order of the relations.
    static constexpr std::array texts{
        QT_TRANSLATE_NOOP("RuleTexts", "more than %1"), QT_TRANSLATE_NOOP("RuleTexts", "at least %1"),
        QT_TRANSLATE_NOOP("RuleTexts", "less than %1"), QT_TRANSLATE_NOOP("RuleTexts", "at most %1")};
    return RuleTexts::tr(texts[size_t(rule.relation)]).arg(timingText(qint64(std::llround(boundMs))));
}

constexpr std::array severityNames{"must", "recommended", "advice"};

} // namespace

std::optional<qint64> nearestTiming(TimingRule::Relation relation, double boundMs, qint64 step)
{
    const double steps = boundMs / double(step);
    double value = 0;
    switch (relation) {
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

QString severityName(TimingSeverity severity)
{
    return QString::fromLatin1(severityNames[size_t(severity)]);
}

std::optional<TimingSeverity> severityFromName(const QString &name)
{
    for (size_t i = 0; i < severityNames.size(); ++i) {
        if (name == QLatin1StringView(severityNames[i]))
            return TimingSeverity(i);
    }
    return std::nullopt;
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
        if (!variable.wins) // The one that wins is only in some files.
            return unitMs(variable.unit);
    }
    return unitMs(parameter.placeUnit);
}

QString fieldProblem(qint64 ms, const TimingParameter &parameter, const TimingRuleSet &rules, TimingDestination destination)
{
    if (ms == TimingProfile::notUsed && parameter.mayBeAbsent)
        return {};
    if (ms == 0)
        return RuleTexts::tr("must not be 0");
    if (ms < 0)
        return RuleTexts::tr("must not be negative");
    if (ms > parameter.maximumMs)
        return RuleTexts::tr("%1 is above the maximum of %2").arg(timingText(ms), timingText(parameter.maximumMs));
    if (ms < parameter.minimumMs)
        return RuleTexts::tr("%1 is below the minimum of %2").arg(timingText(ms), timingText(parameter.minimumMs));
    if (ms % timingStep(parameter, rules, destination) != 0)
        return RuleTexts::tr("%1 is not a whole number of seconds").arg(timingText(ms));
    return {};
}

namespace {

/// Advice to beat no more often than a fixed time does not apply where the hub forgets sooner: by a rule on the traffic of all
/// actors that then could not hold, or as this console measured.
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

/// "at least 30 s (2 × shutdown timeout of 12 s + 6 s)".
QString ofText(const TimingRule &rule, const QString &bound, const QString &other, qint64 right)
{
    if (rule.plusMs == 0) {
        return rule.factor == 1
                   ? RuleTexts::tr("%1 (%2 of %3)").arg(bound, other, timingText(right))
                   : RuleTexts::tr("%1 (%2 × %3 of %4)").arg(bound, QString::number(rule.factor), other, timingText(right));
    }
    const QString more = timingText(qAbs(rule.plusMs));
    if (rule.factor == 1) {
        return (rule.plusMs > 0 ? RuleTexts::tr("%1 (%2 of %3 plus %4)") : RuleTexts::tr("%1 (%2 of %3 less %4)"))
            .arg(bound, other, timingText(right), more);
    }
    return (rule.plusMs > 0 ? RuleTexts::tr("%1 (%2 × %3 of %4 plus %5)") : RuleTexts::tr("%1 (%2 × %3 of %4 less %5)"))
        .arg(bound, QString::number(rule.factor), other, timingText(right), more);
}

/// As seen from the other side.
TimingRule::Relation mirrored(TimingRule::Relation relation)
{
    using Relation = TimingRule::Relation;
    switch (relation) {
    case Relation::Greater:
        return Relation::Less;
    case Relation::AtLeast:
        return Relation::AtMost;
    case Relation::Less:
        return Relation::Greater;
    case Relation::AtMost:
        return Relation::AtLeast;
    }
    return relation;
}

/// The smallest change of \a parameter to be on the right side of \a boundMs, if it can be set so.
std::optional<TimingChange> changeOf(const TimingParameter &parameter, TimingRule::Relation relation, double boundMs,
                                     const TimingRuleSet &rules, const TimingFacts &facts)
{
    const std::optional<qint64> better = nearestTiming(relation, boundMs, timingStep(parameter, rules, facts.destination));
    if (!better || parameter.fixed || !fieldProblem(*better, parameter, rules, facts.destination).isEmpty())
        return std::nullopt;
    return TimingChange{parameter.id, *better};
}

} // namespace

TimingCheck checkTiming(const TimingProfile &profile, const TimingRuleSet &rules, const std::vector<TimingParameter> &parameters,
                        const TimingFacts &facts)
{
    TimingCheck check;
    for (const TimingParameter &parameter : parameters) {
        if (parameter.fixed)
            continue; // What cannot be set is no mistake of the operator's.
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
        // Compared in milliseconds and not as a ratio: 2 × 0.1 is exact there.
        const double boundMs = (rule.right ? rule.factor * double(right) + double(rule.plusMs) : double(right)) * share;
        finding.bound = rule.plusMs != 0 ? boundMs / double(right) : rule.right ? rule.factor : 1;
        finding.holds = compare(double(left), rule.relation, boundMs);
        finding.should = boundText(rule, boundMs);
        if (rule.right) {
            finding.should = ofText(rule, finding.should, timingParameter(parameters, *rule.right).inSentence, right);
        } else if (rule.perActor) {
            finding.should = RuleTexts::tr("%1 with %Ln actor(s)", nullptr, facts.actors).arg(finding.should);
        }
        if (!finding.holds) {
            finding.smallest = changeOf(timingParameter(parameters, rule.left), rule.relation, boundMs, rules, facts);
            // A left side that cannot be set: then the right one has to give way.
            if (!finding.smallest && rule.right && timingParameter(parameters, rule.left).fixed)
                finding.smallest = changeOf(timingParameter(parameters, *rule.right), mirrored(rule.relation),
                                            (double(left) - double(rule.plusMs)) / rule.factor, rules, facts);
        }
        check.findings.push_back(finding);
    }
    return check;
}

} // namespace pulsedeck
