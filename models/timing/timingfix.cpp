// SPDX-License-Identifier: GPL-3.0-or-later
// The changes that make rules hold.
#include "models/timing/timingrule.h"

#include <algorithm>

namespace pulsedeck {

namespace {

/// A rule written so that one side must be the greater one: greater ≥ factor × lesser, or strictly so.
struct Demand
{
    std::optional<TimingId> greater;
    std::optional<TimingId> lesser;
    double factor = 1;
    double plusMs = 0; ///< greater ≥ factor × lesser + plus.
    double fixedMs = 0; ///< Where one side is a fixed time.
    bool strict = false;
};

Demand demandOf(const TimingRule &rule)
{
    using Relation = TimingRule::Relation;
    const bool leftIsGreater = rule.relation == Relation::Greater || rule.relation == Relation::AtLeast;
    Demand demand;
    demand.strict = rule.relation == Relation::Greater || rule.relation == Relation::Less;
    demand.fixedMs = double(rule.rightMs);
    if (leftIsGreater) {
        demand.greater = rule.left;
        demand.lesser = rule.right;
        demand.factor = rule.right ? rule.factor : 1;
        demand.plusMs = double(rule.plusMs);
    } else {
        demand.greater = rule.right;
        demand.lesser = rule.left;
        demand.factor = rule.right ? 1 / rule.factor : 1;
        demand.plusMs = -double(rule.plusMs) * demand.factor;
    }
    return demand;
}

class RuleFixer
{
public:
    RuleFixer(const TimingProfile &profile, const TimingRuleSet &rules, const std::vector<TimingParameter> &parameters,
              const TimingFacts &facts)
        : m_profile(profile)
        , m_before(profile)
        , m_rules(rules)
        , m_parameters(parameters)
        , m_facts(facts)
    { }

    /// Works until every rule of \a wanted holds; false if it cannot.
    bool fix(const std::vector<QString> &wanted)
    {
        // Each round raises or lowers at least one value; a set of rules that does not converge contradicts itself.
        constexpr int mostRounds = 100;
        for (int round = 0; round < mostRounds; ++round) {
            const TimingCheck check = checkTiming(m_profile, m_rules, m_parameters, m_facts);
            const auto broken = std::find_if(check.findings.begin(), check.findings.end(), [&](const TimingFinding &finding) {
                return finding.applies && !finding.holds && std::find(wanted.begin(), wanted.end(), finding.rule) != wanted.end();
            });
            if (broken == check.findings.end())
                return true;
            if (!satisfy(m_rules.rules[size_t(broken - check.findings.begin())]))
                return false;
        }
        return false;
    }

    std::vector<TimingChange> changes() const
    {
        std::vector<TimingChange> list;
        for (const TimingParameter &parameter : m_parameters) {
            const TimingId id = parameter.id;
            if (!parameter.fixed && timingValue(m_profile, id) != timingValue(m_before, id))
                list.push_back({id, timingValue(m_profile, id)});
        }
        return list;
    }

private:
    using Relation = TimingRule::Relation;

    bool satisfy(const TimingRule &rule)
    {
        const Demand demand = demandOf(rule);
        const double share = rule.perActor ? m_facts.actors : 1;
        const double lesser = demand.lesser ? double(timingValue(m_profile, *demand.lesser)) : demand.fixedMs;
        const double greater = demand.greater ? double(timingValue(m_profile, *demand.greater)) : demand.fixedMs * share;
        if (demand.greater
            && set(*demand.greater, demand.factor * lesser + demand.plusMs,
                   demand.strict ? Relation::Greater : Relation::AtLeast))
            return true;
        return demand.lesser
               && set(*demand.lesser, (greater - demand.plusMs) / demand.factor,
                      demand.strict ? Relation::Less : Relation::AtMost);
    }

    bool set(TimingId id, double boundMs, Relation relation)
    {
        const TimingParameter &parameter = timingParameter(m_parameters, id);
        if (parameter.fixed)
            return false;
        const auto ms = nearestTiming(relation, boundMs, timingStep(parameter, m_rules, m_facts.destination));
        if (!ms || !fieldProblem(*ms, parameter, m_rules, m_facts.destination).isEmpty() || *ms == timingValue(m_profile, id))
            return false;
        setTimingValue(m_profile, id, *ms);
        followTiming(m_profile, m_parameters);
        return true;
    }

    TimingProfile m_profile;
    const TimingProfile m_before;
    const TimingRuleSet &m_rules;
    const std::vector<TimingParameter> &m_parameters;
    const TimingFacts m_facts;
};

} // namespace

std::vector<TimingChange> fixTiming(const TimingProfile &profile, const QString &rule, const TimingRuleSet &rules,
                                    const std::vector<TimingParameter> &parameters, const TimingFacts &facts)
{
    const TimingCheck before = checkTiming(profile, rules, parameters, facts);
    const auto target = std::find_if(before.findings.begin(), before.findings.end(),
                                     [&](const TimingFinding &finding) { return finding.rule == rule; });
    if (target == before.findings.end() || !target->applies || target->holds)
        return {};
    // The rules between the same two values belong together: a fix of the must also fixes the recommendation.
    std::vector<QString> wanted{rule};
    for (const TimingFinding &finding : before.findings) {
        const bool samePair = finding.left == target->left && finding.right == target->right && finding.right.has_value();
        if (finding.applies && finding.severity != TimingSeverity::Advice && (finding.holds || samePair))
            wanted.push_back(finding.rule);
    }
    RuleFixer fixer(profile, rules, parameters, facts);
    return fixer.fix(wanted) ? fixer.changes() : std::vector<TimingChange>();
}

std::vector<TimingChange> fixAllTiming(const TimingProfile &profile, const TimingRuleSet &rules,
                                       const std::vector<TimingParameter> &parameters, const TimingFacts &facts)
{
    std::vector<QString> wanted;
    for (const TimingRule &rule : rules.rules) {
        if (rule.severity != TimingSeverity::Advice)
            wanted.push_back(rule.id);
    }
    RuleFixer fixer(profile, rules, parameters, facts);
    return fixer.fix(wanted) ? fixer.changes() : std::vector<TimingChange>();
}

} // namespace pulsedeck
