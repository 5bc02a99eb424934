// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingpairs.h"

#include "ui/timing/timingwords.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class PairTexts
{
    Q_DECLARE_TR_FUNCTIONS(PairTexts)
};

bool samePair(const TimingRule &a, const TimingRule &b)
{
    return a.left == b.left && a.right == b.right && a.perActor == b.perActor && (a.right || a.rightMs == b.rightMs);
}

/// The finding with the smallest rank represents the pair.
int rank(const TimingFinding &finding)
{
    if (!finding.applies)
        return 100;
    // Of those that hold the recommended one is the most informative.
    static constexpr std::array<int, 3> whileHolding{11, 10, 12};
    return finding.holds ? whileHolding[size_t(finding.severity)] : int(finding.severity);
}

} // namespace

std::vector<TimingPair> timingPairs(const TimingRuleSet &set)
{
    std::vector<TimingPair> pairs;
    for (size_t i = 0; i < set.rules.size(); ++i) {
        const auto known = std::find_if(pairs.begin(), pairs.end(), [&](const TimingPair &pair) {
            return samePair(set.rules[pair.rules.front()], set.rules[i]);
        });
        if (known != pairs.end())
            known->rules.push_back(i);
        else
            pairs.push_back({{i}});
    }
    // Workers first, in whatever order a team's file lists them.
    std::stable_sort(pairs.begin(), pairs.end(), [&](const TimingPair &a, const TimingPair &b) {
        return timingDomain(set.rules[a.rules.front()].left) < timingDomain(set.rules[b.rules.front()].left);
    });
    return pairs;
}

const TimingFinding &leadingFinding(const TimingPair &pair, const TimingCheck &check)
{
    const TimingFinding *leading = &check.findings[pair.rules.front()];
    for (const size_t rule : pair.rules) {
        if (rank(check.findings[rule]) < rank(*leading))
            leading = &check.findings[rule];
    }
    return *leading;
}

std::vector<TimingChange> pairFix(const TimingPair &pair, const TimingDraft &draft)
{
    const TimingCheck &check = draft.check();
    const TimingFinding &worst = leadingFinding(pair, check);
    if (!worst.applies || worst.holds)
        return {};
    TimingProfile mended = draft.profile();
    for (const size_t index : pair.rules) {
        const TimingFinding &finding = check.findings[index];
        const bool wanted = finding.severity != TimingSeverity::Advice || worst.severity == TimingSeverity::Advice;
        if (!finding.applies || finding.holds || !wanted)
            continue;
        for (const TimingChange &change :
             fixTiming(mended, finding.rule, draft.rules(), draft.library().parameters, draft.facts()))
            setTimingValue(mended, change.id, change.ms);
        followTiming(mended, draft.library().parameters);
    }
    std::vector<TimingChange> changes;
    for (const TimingParameter &parameter : draft.library().parameters) {
        const TimingId id = parameter.id;
        if (!parameter.fixed && timingValue(mended, id) != timingValue(draft.profile(), id))
            changes.push_back({id, timingValue(mended, id)});
    }
    return draft.rounded(changes);
}

QString pairLeft(const TimingRule &rule, const TimingLibrary &library)
{
    return library.parameter(rule.left).label;
}

QString pairRight(const TimingRule &rule, const TimingLibrary &library)
{
    const QString other = rule.right ? library.parameter(*rule.right).inSentence : fieldText(rule.rightMs);
    if (rule.perActor)
        return PairTexts::tr("÷ actors ÷ %1").arg(other);
    return QString(u"÷ "_s + other);
}

TimingCounts countTiming(const TimingDraft &draft)
{
    TimingCounts counts;
    for (const TimingPair &pair : timingPairs(draft.rules())) {
        const TimingFinding &finding = leadingFinding(pair, draft.check());
        if (!finding.applies)
            continue;
        if (finding.holds)
            ++counts.fine;
        else if (finding.severity == TimingSeverity::Must)
            ++counts.errors;
        else if (finding.severity == TimingSeverity::Recommended)
            ++counts.warnings;
        else
            ++counts.advice;
    }
    counts.errors += draft.unreadable();
    for (const TimingFieldProblem &problem : draft.check().fields)
        counts.errors += draft.field(problem.id).text.isEmpty();
    return counts;
}

QString countSentence(const TimingDraft &draft)
{
    const TimingCounts counts = countTiming(draft);
    // Nothing is applied to a system that only a layout describes.
    if (draft.isSystem() && counts.errors > 0)
        return PairTexts::tr("%Ln error(s): these values do not work together.", nullptr, counts.errors);
    if (draft.isSystem() && counts.warnings > 0)
        return PairTexts::tr("%Ln warning(s).", nullptr, counts.warnings);
    if (counts.errors > 0)
        return PairTexts::tr("%Ln error(s) (blocks/block) Apply.", nullptr, counts.errors);
    if (counts.warnings > 0)
        return PairTexts::tr("%Ln warning(s) (has/have) to be acknowledged.", nullptr, counts.warnings);
    return PairTexts::tr("All checked rules hold.");
}

} // namespace pulsedeck
