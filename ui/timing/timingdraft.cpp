// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingdraft.h"

#include "models/timing/durationinput.h"

#include <QUndoCommand>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// One step back: all fields before and after it.
class TimingDraft::Step : public QUndoCommand
{
public:
    /// Steps with the same \a key other than -1 become one.
    Step(TimingDraft &draft, Fields before, Fields after, const QString &what, int key)
        : QUndoCommand(what)
        , m_draft(draft)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_key(key)
    { }

    int id() const override { return m_key < 0 ? -1 : 1; }
    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *next = static_cast<const Step *>(other);
        if (next->m_key != m_key)
            return false;
        m_after = next->m_after;
        setObsolete(m_before == m_after);
        return true;
    }
    void undo() override { m_draft.adopt(m_before); }
    void redo() override { m_draft.adopt(m_after); }

private:
    TimingDraft &m_draft;
    Fields m_before;
    Fields m_after;
    int m_key;
};

TimingDraft::TimingDraft(const TimingLibrary &library, QObject *parent)
    : QObject(parent)
    , m_library(library)
    , m_ruleSet(library.ruleSets.front())
{
    begin(m_base);
}

void TimingDraft::begin(const TimingProfile &base)
{
    m_base = base;
    m_live = base;
    m_stack.clear();
    for (const TimingParameter &parameter : m_library.parameters)
        m_fields[size_t(parameter.id)] = {timingValue(base, parameter.id), {}, {}};
    m_profile = base;
    adoptFields();
    ++m_session;
    review();
}

void TimingDraft::setSeen(const std::vector<SeenTiming> &seen)
{
    if (m_seen == seen)
        return;
    m_seen = seen;
    adoptFields();
    review();
}

const SeenTiming *TimingDraft::seen(TimingId id) const
{
    const auto found = std::find_if(m_seen.begin(), m_seen.end(), [id](const SeenTiming &one) { return one.id == id; });
    return found == m_seen.end() || isChanged(id) ? nullptr : &*found;
}

/// The profile becomes that of the fields.
void TimingDraft::adoptFields()
{
    for (const TimingParameter &parameter : m_library.parameters) {
        const SeenTiming *other = seen(parameter.id);
        setTimingValue(m_profile, parameter.id, other ? other->ms : field(parameter.id).ms);
    }
    if (!m_seen.empty())
        followTiming(m_profile, m_library.parameters);
}

bool TimingDraft::isChanged(TimingId id) const
{
    return !field(id).text.isEmpty() || field(id).ms != timingValue(m_base, id);
}

int TimingDraft::changedCount() const
{
    int count = 0;
    // What follows from another value is no edit of its own.
    for (const TimingParameter &parameter : m_library.parameters)
        count += has(parameter.id) && !parameter.follows && isChanged(parameter.id);
    return count;
}

int TimingDraft::unreadable() const
{
    int count = 0;
    for (const Field &field : m_fields)
        count += !field.text.isEmpty();
    return count;
}

QString TimingDraft::problem(TimingId id) const
{
    if (!field(id).text.isEmpty())
        return field(id).error;
    for (const TimingFieldProblem &problem : m_check.fields) {
        if (problem.id == id)
            return problem.text;
    }
    return {};
}

void TimingDraft::type(TimingId id, const QString &text)
{
    Fields after = m_fields;
    Field &field = after[size_t(id)];
    const int key = m_session * timingSlots + int(id);
    if (key != m_typedIn) {
        m_typedIn = key;
        m_typedFrom = field.ms;
    }
    const QString trimmed = text.trimmed();
    if (m_library.parameter(id).mayBeAbsent && (trimmed.isEmpty() || trimmed.compare("none"_L1, Qt::CaseInsensitive) == 0)) {
        field = {TimingProfile::notUsed, {}, {}};
    } else {
        // A number without a unit is in seconds.
        const DurationInput input = readDuration(text, TimingUnit::Seconds);
        if (input.ok())
            field = {input.ms, {}, {}};
        else
            field = {m_typedFrom, text.isEmpty() ? u" "_s : text, input.error}; // Not the "5" of "5 parsecs".
    }
    push(after, m_library.parameter(id).label, key);
}

void TimingDraft::slide(TimingId id, qint64 ms, const QString &what)
{
    Fields after = m_fields;
    after[size_t(id)] = {ms, {}, {}};
    push(after, what, m_session * timingSlots + int(id));
}

void TimingDraft::change(const std::vector<TimingChange> &changes, const QString &what)
{
    Fields after = m_fields;
    for (const TimingChange &change : changes)
        after[size_t(change.id)] = {change.ms, {}, {}};
    push(after, what, -1);
}

void TimingDraft::load(const TimingPreset &preset)
{
    std::vector<TimingChange> changes;
    for (const TimingId id : preset.named) {
        if (has(id))
            changes.push_back({id, timingValue(preset.profile, id)});
    }
    change(changes, tr("Load preset %1").arg(preset.name));
}

void TimingDraft::load(const TimingProfile &profile, const QString &what)
{
    std::vector<TimingChange> changes;
    for (const TimingParameter &parameter : m_library.parameters) {
        if (has(parameter.id))
            changes.push_back({parameter.id, timingValue(profile, parameter.id)});
    }
    change(changes, what);
}

void TimingDraft::revert()
{
    load(m_base, tr("Revert all"));
}

void TimingDraft::revert(TimingId id)
{
    change({{id, timingValue(m_base, id)}}, tr("Revert %1").arg(m_library.parameter(id).label));
}

const TimingPreset *TimingDraft::matchingPreset(const TimingProfile &profile) const
{
    for (const TimingPreset &preset : m_library.presets) {
        const bool any = std::any_of(preset.named.begin(), preset.named.end(), [this](TimingId id) { return has(id); });
        const bool matches = std::all_of(preset.named.begin(), preset.named.end(), [&](TimingId id) {
            return !has(id) || timingValue(profile, id) == timingValue(preset.profile, id);
        });
        if (matches && any)
            return &preset;
    }
    return nullptr;
}

const TimingPreset *TimingDraft::matchingPreset() const
{
    const TimingPreset *preset = matchingPreset(m_profile);
    if (!preset || isClean() || preset == matchingPreset(m_base))
        return preset;
    // A preset with few values matches many profiles: an edit of another value does not mean that it was loaded.
    const bool loaded =
        std::any_of(preset->named.begin(), preset->named.end(), [this](TimingId id) { return has(id) && isChanged(id); });
    return loaded ? preset : nullptr;
}

void TimingDraft::setRules(const QString &id)
{
    // A team's file may have been read again, without the set that was chosen.
    const TimingRuleSet *set = m_library.ruleSet(id);
    m_ruleSet = set ? *set : m_library.ruleSets.front();
    std::erase_if(m_ruleSet.rules, [this](const TimingRule &rule) { return !has(rule.left); });
    review();
}

void TimingDraft::setDomain(TimingDomain domain)
{
    m_domain = domain;
    setRules(m_ruleSet.id);
}

void TimingDraft::setFacts(const TimingFacts &facts)
{
    m_facts = facts;
    review();
}

void TimingDraft::setLive(const TimingProfile &live)
{
    if (m_live == live)
        return;
    m_live = live;
    review();
}

std::optional<TimingSeverity> TimingDraft::trouble(TimingId id) const
{
    if (!problem(id).isEmpty())
        return TimingSeverity::Must;
    std::optional<TimingSeverity> worst;
    for (const TimingFinding &finding : m_check.findings) {
        if (finding.left == id && finding.applies && !finding.holds && (!worst || finding.severity < *worst))
            worst = finding.severity;
    }
    return worst;
}

std::vector<TimingChange> TimingDraft::fixAll() const
{
    return rounded(fixAllTiming(m_profile, rules(), m_library.parameters, m_facts));
}

std::vector<TimingChange> TimingDraft::rounded(const std::vector<TimingChange> &changes) const
{
    std::vector<TimingChange> round = changes;
    TimingProfile exact = m_profile;
    TimingProfile rough = m_profile;
    for (TimingChange &change : round) {
        setTimingValue(exact, change.id, change.ms);
        const qint64 step = change.ms >= 10'000 ? 1'000 : change.ms >= 1'000 ? 100 : 1;
        const bool raised = change.ms > timingValue(m_profile, change.id);
        change.ms = (raised ? change.ms + step - 1 : change.ms) / step * step;
        setTimingValue(rough, change.id, change.ms);
    }
    followTiming(exact, m_library.parameters);
    followTiming(rough, m_library.parameters);
    const TimingCheck wanted = checked(exact);
    const TimingCheck got = checked(rough);
    bool asGood = got.fields.size() <= wanted.fields.size();
    for (size_t i = 0; i < wanted.findings.size(); ++i)
        asGood = asGood && (got.findings[i].holds || !wanted.findings[i].holds);
    return asGood ? round : changes;
}

TimingDraft::Fields TimingDraft::followed(Fields fields) const
{
    TimingProfile profile = m_profile;
    for (const TimingParameter &parameter : m_library.parameters)
        setTimingValue(profile, parameter.id, fields[size_t(parameter.id)].ms);
    followTiming(profile, m_library.parameters);
    for (const TimingParameter &parameter : m_library.parameters) {
        if (parameter.follows)
            fields[size_t(parameter.id)].ms = timingValue(profile, parameter.id);
    }
    return fields;
}

void TimingDraft::push(Fields after, const QString &what, int key)
{
    after = followed(std::move(after));
    if (after == m_fields)
        return;
    if (key < 0)
        ++m_session; // What is typed next is a step of its own.
    m_stack.push(new Step(*this, m_fields, std::move(after), what, key));
}

void TimingDraft::adopt(const Fields &fields)
{
    m_fields = fields;
    adoptFields();
    review();
}

TimingCheck TimingDraft::checked(const TimingProfile &profile) const
{
    TimingCheck check = checkTiming(profile, rules(), m_library.parameters, m_facts);
    std::erase_if(check.fields, [this](const TimingFieldProblem &problem) { return !has(problem.id); });
    return check;
}

void TimingDraft::review()
{
    m_check = checked(m_profile);
    TimingProfile live = m_live;
    for (const SeenTiming &seen : m_seen)
        setTimingValue(live, seen.id, seen.ms);
    if (!m_seen.empty())
        followTiming(live, m_library.parameters);
    m_liveCheck = checked(live);
    emit changed();
}

} // namespace pulsedeck
