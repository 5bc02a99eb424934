// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/timingdraft.h"

namespace pulsedeck {

/// All rules of a set that compare the same two values: what one bar of the ladder shows. Indices into
/// TimingRuleSet::rules, which are those of TimingCheck::findings too.
struct TimingPair
{
    std::vector<size_t> rules;
};
/// In order of the set, each rule in one of them.
std::vector<TimingPair> timingPairs(const TimingRuleSet &set);

/// The finding that represents a pair: the worst that is broken, else the strictest that holds, else one that does not apply.
const TimingFinding &leadingFinding(const TimingPair &pair, const TimingCheck &check);
/// The changes that fix all broken must and recommended rules of the pair, or its advice if there is nothing else; empty if
/// nothing is broken or can be done.
std::vector<TimingChange> pairFix(const TimingPair &pair, const TimingDraft &draft);

/// "Worker key TTL" and "÷ heartbeat interval", "÷ 30 s", "÷ 8 s, per actor".
QString pairLeft(const TimingRule &rule, const TimingLibrary &library);
QString pairRight(const TimingRule &rule, const TimingLibrary &library);

/// Pairs counted by their worst finding, and fields with an error of their own.
struct TimingCounts
{
    int errors = 0;
    int warnings = 0;
    int advice = 0;
    int fine = 0;
};
TimingCounts countTiming(const TimingDraft &draft);
/// "1 error blocks Apply.", "1 warning has to be acknowledged.", "All checked rules hold."
QString countSentence(const TimingDraft &draft);

} // namespace pulsedeck
