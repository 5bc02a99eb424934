// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/systemtiming.h"

#include "models/layouts/layouttraits.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 longestParameterMs = 365LL * 24 * 3600 * 1000; // As the schema allows.

class SystemTexts
{
    Q_DECLARE_TR_FUNCTIONS(SystemTexts)
};

/// "TTL of the key" stays: only a word that is no abbreviation begins small within a sentence.
QString withinSentence(const QString &label)
{
    if (label.size() > 1 && label.at(1).isUpper())
        return label;
    return QString(label.left(1).toLower() + label.mid(1));
}

std::optional<TimingId> idOf(const TimingLibrary &library, const QByteArray &name)
{
    return library.find(QString::fromUtf8(name));
}

TimingParameter parameterOf(const TimingLibrary &library, const LayoutTimingParameter &given, size_t index)
{
    TimingParameter parameter;
    parameter.id = ownTiming(index);
    parameter.name = QString::fromUtf8(given.name);
    parameter.label = layoutText(given.title);
    parameter.inSentence = withinSentence(parameter.label);
    parameter.place = layoutText(given.where);
    parameter.setBy = parameter.place;
    parameter.purpose = parameter.place;
    parameter.defaultMs = given.defaultMs;
    parameter.maximumMs = longestParameterMs;
    parameter.mayBeAbsent = given.defaultMs == 0;
    parameter.fixed = given.fixed;
    parameter.byVersion = given.byVersion;
    if (!given.follows.isEmpty()) {
        if (const auto of = idOf(library, given.follows))
            parameter.follows = TimingParameter::Follows{*of, given.followFactor, given.followPlusMs};
    }
    return parameter;
}

/// The layout says left · factor + plus ≤ right. The rule's left side is the one that an operator can set: the greater one,
/// unless that is fixed.
TimingRule ruleOf(const TimingLibrary &library, const LayoutTimingRule &given, size_t index)
{
    using Relation = TimingRule::Relation;
    TimingRule rule;
    rule.id = u"T%1"_s.arg(index + 1);
    rule.severity = given.error ? TimingSeverity::Must : TimingSeverity::Recommended;
    rule.why = layoutText(given.means);
    const TimingId lesser = idOf(library, given.left).value_or(TimingId::FirstOwn);
    const Relation below = given.strict ? Relation::Less : Relation::AtMost;
    if (given.right.isEmpty()) {
        rule.left = lesser;
        rule.relation = below;
        rule.rightMs = qMax<qint64>(1, qRound64(double(given.limitMs - given.plusMs) / given.factor));
        return rule;
    }
    const TimingId greater = idOf(library, given.right).value_or(TimingId::FirstOwn);
    if (library.parameter(greater).fixed && !library.parameter(lesser).fixed && !library.parameter(greater).follows) {
        rule.left = lesser;
        rule.relation = below;
        rule.right = greater;
        rule.factor = 1 / given.factor;
        rule.plusMs = qRound64(-double(given.plusMs) / given.factor);
        return rule;
    }
    rule.left = greater;
    rule.relation = given.strict ? Relation::Greater : Relation::AtLeast;
    rule.right = lesser;
    rule.factor = given.factor;
    rule.plusMs = given.plusMs;
    return rule;
}

} // namespace

std::optional<TimingLibrary> systemTiming(const Layout &layout)
{
    if (layout.parameters.empty() || layout.parameters.size() > size_t(TimingProfile::mostOwn))
        return std::nullopt;
    using Role = LayoutTimingParameter::Role;
    TimingLibrary library;
    library.system = layout.name;
    library.title = layout.title;
    for (size_t i = 0; i < layout.parameters.size(); ++i) {
        const LayoutTimingParameter &given = layout.parameters[i];
        library.parameters.push_back(parameterOf(library, given, i));
        const TimingId id = ownTiming(i);
        if (given.measured == "interval"_L1 && !library.interval)
            library.interval = id;
        if (given.measured == "ttl"_L1 && !library.keyTtl)
            library.keyTtl = id;
        if (given.role == Role::Limit && !library.limit)
            library.limit = id;
        if (given.role == Role::Command && !library.commandTtl)
            library.commandTtl = id;
    }
    // A key that expires is a limit by itself.
    if (!library.limit)
        library.limit = library.keyTtl;
    const bool severalPaces = layout.liveness.idle.intervalMs != layout.liveness.busy.intervalMs
                              || (!layout.discover.empty() && layout.discover.front().kind == LayoutDiscovery::Kind::Stream);
    library.gapsFollowInterval = library.interval && !library.parameter(*library.interval).fixed && !severalPaces;
    if (layout.liveness.busy.intervalMs > 0 && layout.liveness.busy.intervalMs < layout.liveness.idle.intervalMs)
        library.slowGapsFromMs =
            qRound64(std::sqrt(double(layout.liveness.busy.intervalMs) * double(layout.liveness.idle.intervalMs)));
    TimingRuleSet rules;
    rules.id = layout.name;
    rules.name = layout.title;
    for (size_t i = 0; i < layout.rules.size(); ++i)
        rules.rules.push_back(ruleOf(library, layout.rules[i], i));
    library.ruleSets.push_back(rules);

    TimingPreset usual;
    usual.id = u"defaults"_s;
    usual.name = SystemTexts::tr("Defaults of %1").arg(layout.title);
    usual.profile = library.defaults();
    for (const TimingParameter &parameter : library.parameters)
        usual.named.push_back(parameter.id);
    library.presets.push_back(usual);
    for (size_t i = 0; i < layout.presets.size(); ++i) {
        TimingPreset preset = usual;
        preset.id = u"preset-%1"_s.arg(i + 1);
        preset.name = layoutText(layout.presets[i].title);
        for (const auto &[name, ms] : layout.presets[i].values) {
            if (const auto id = idOf(library, name))
                setTimingValue(preset.profile, *id, ms);
        }
        followTiming(preset.profile, library.parameters);
        library.presets.push_back(preset);
    }
    for (TimingPreset &preset : library.presets)
        preset.profile.name = preset.name;
    return library;
}

QString systemTimingText(const TimingLibrary &library, const TimingProfile &base, const TimingProfile &draft,
                         const TimingCheck &check, const QString &source)
{
    QStringList lines;
    lines.append(source.isEmpty() ? SystemTexts::tr("Timing of %1").arg(library.title)
                                  : SystemTexts::tr("Timing of %1, %2").arg(library.title, source));
    QStringList changes;
    QStringList following;
    for (const TimingParameter &parameter : library.parameters) {
        const qint64 from = timingValue(base, parameter.id);
        const qint64 to = timingValue(draft, parameter.id);
        if (from == to)
            continue;
        if (parameter.fixed)
            following.append(SystemTexts::tr("%1: %2 → %3").arg(parameter.label, timingText(from), timingText(to)));
        else
            changes.append(SystemTexts::tr("%1: %2 → %3. Where: %4")
                               .arg(parameter.label, timingText(from), timingText(to), parameter.place));
    }
    lines.append(QString());
    lines += changes;
    if (changes.isEmpty())
        lines.append(SystemTexts::tr("Nothing is to be changed."));
    if (!following.isEmpty()) {
        lines.append(QString());
        lines.append(SystemTexts::tr("Not set, and different then:"));
        lines += following;
    }
    QStringList broken;
    for (const TimingFinding &finding : check.findings) {
        if (finding.applies && !finding.holds)
            broken.append((finding.severity == TimingSeverity::Must ? SystemTexts::tr("%1 must be %2. %3")
                                                                    : SystemTexts::tr("%1 should be %2. %3"))
                              .arg(library.parameter(finding.left).label, finding.should, finding.why));
    }
    lines.append(QString());
    if (broken.isEmpty())
        lines.append(SystemTexts::tr("All rules hold."));
    lines += broken;
    return QString(lines.join(u'\n') + u'\n');
}

QString cannotSetText(const TimingLibrary &library)
{
    return SystemTexts::tr("The console cannot set these values: %1 reads them where it is said next to each.")
        .arg(library.title);
}

} // namespace pulsedeck
