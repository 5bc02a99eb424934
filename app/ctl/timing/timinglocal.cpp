// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/timinglocal.h"

#include "app/ctl/timing/checkreport.h"
#include "app/timing/filereplacement.h"
#include "models/core/format.h"
#include "models/timing/timingeffects.h"
#include "models/timing/whatif.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostNamed = 20; // Workers of a what-if in the text; --json has all that are listed.

/// \a named: there are several profiles.
void complainOf(const ProfileInput &input, bool named = false)
{
    const QString prefix = named ? timingEnvironmentText(input.environment) + u": "_s : QString();
    for (const ProfileInput::Problem &problem : input.problems) {
        if (!problem.said)
            Output::complain(placeText(problem.file, problem.line) + prefix + problem.text);
    }
    const bool some = std::any_of(input.given.begin(), input.given.end(), [](bool given) { return given; });
    for (const QString &file : input.settingNone) {
        if (some) // Where none sets any, the verdict says so.
            Output::complain(placeText(file, 0) + prefix + u"sets no timing value."_s);
    }
}

/// The profiles that are looked at: the one asked for, or all that the files have.
QStringList wantedEnvironments(const TimingOptions &options, const ProfileInput &input)
{
    if (!options.environment.isEmpty())
        return {options.environment};
    QStringList names = input.environments;
    if (names.isEmpty() || input.setsTopLevel || !input.isReadable())
        names.prepend(QString());
    return names;
}

/// False, and complained of, where none of the files has the environment that was asked for.
bool hasEnvironment(const TimingOptions &options, const ProfileInput &input)
{
    if (options.environment.isEmpty() || input.environments.contains(options.environment) || !input.isReadable())
        return true;
    Output::complain(u"--env: no file has an environment “%1” with a timing value; there is %2"_s.arg(
        options.environment.left(60), input.environments.isEmpty() ? u"none"_s : input.environments.join(u", "_s)));
    return false;
}

/// A profile that begins with the base preset.
bool begin(const TimingOptions &options, const TimingLibrary &library, ProfileInput *input)
{
    input->take({ProfileSpec::Kind::Preset, options.base}, library);
    input->given.fill(false);
    input->setsTopLevel = false; // It is what counts where no file sets anything.
    if (input->isReadable())
        input->profile = library.preset(options.base)->profile;
    return input->isReadable();
}

QString wholeSeconds(qint64 ms)
{
    return timingText(ms < 1'000 ? ms : (ms + 500) / 1'000 * 1'000);
}

QString nameOf(const ProfileSpec &spec)
{
    return spec.kind == ProfileSpec::Kind::Preset ? spec.name : QFileInfo(spec.name).fileName();
}

} // namespace

void takeProfile(const TimingOptions &options, const ProfileSpec &spec, const TimingLibrary &library, ProfileInput *input)
{
    input->environment = options.environment;
    input->take(spec, library);
    if (spec.kind != ProfileSpec::Kind::File || !input->isReadable())
        return;
    const QString there = input->environments.join(u", "_s);
    if (!options.environment.isEmpty() && !input->environments.contains(options.environment)) {
        input->problems.push_back({spec.name, 0,
                                   u"it has no environment “%1” with a timing value; it has %2"_s.arg(
                                       options.environment.left(60), there.isEmpty() ? u"none"_s : there),
                                   true});
    } else if (options.environment.isEmpty() && !input->environments.isEmpty() && !input->setsTopLevel) {
        input->problems.push_back(
            {spec.name, 0, u"it sets values for environments only; choose one with --env: %1"_s.arg(there), true});
    }
}

const TimingRuleSet *chosenRules(const TimingOptions &options, TimingLibrary *library)
{
    if (const TimingRuleSet *set = library->ruleSet(options.rules))
        return set;
    if (!QFileInfo::exists(options.rules)) {
        QStringList ids;
        for (const TimingRuleSet &set : library->ruleSets)
            ids.append(set.id);
        Output::complain(
            u"--rules: there is no rule set and no file “%1”; there are %2"_s.arg(options.rules.left(200), ids.join(u", "_s)));
        return nullptr;
    }
    QByteArray json;
    QString error;
    if (!readSmallFile(options.rules, &json, &error) || !library->extend(json, &error)) {
        Output::complain(placeText(options.rules, 0) + error);
        return nullptr;
    }
    const QJsonArray sets = QJsonDocument::fromJson(json).object()[u"ruleSets"_s].toArray();
    const QString first = sets.isEmpty() ? QString() : sets.first().toObject()[u"id"_s].toString();
    const TimingRuleSet *set = library->ruleSet(first);
    if (!set)
        Output::complain(placeText(options.rules, 0) + u"it contains no rule set"_s);
    return set;
}

CtlExit checkTimingFiles(const TimingOptions &options, Output &output)
{
    TimingLibrary library = TimingLibrary::builtIn();
    const TimingRuleSet *rules = chosenRules(options, &library);
    if (!rules)
        return CtlExit::Usage;
    ProfileInput input;
    if (begin(options, library, &input)) {
        for (const ProfileSpec &spec : options.profiles)
            input.take(spec, library);
    }
    // Each environment of a file is a profile by itself: nothing of the top level reaches it.
    std::vector<ProfileInput> inputs;
    const TimingPreset *base = library.preset(options.base);
    const TimingProfile defaults = base ? base->profile : TimingProfile();
    const QStringList environments = wantedEnvironments(options, input);
    if (!hasEnvironment(options, input))
        return CtlExit::Usage;
    for (const QString &name : environments)
        inputs.push_back(name.isEmpty() ? input : input.forEnvironment(name, defaults, options.profiles, library));
    std::vector<CheckReport> reports;
    for (const ProfileInput &one : inputs) {
        complainOf(one, environments.size() > 1 || !one.environment.isEmpty());
        TimingFacts facts;
        facts.actors = options.actors;
        facts.destination = one.destination();
        reports.push_back({one, *rules, library, checkTiming(one.profile, *rules, library.parameters, facts),
                           environments.size() > 1 || !one.environment.isEmpty()});
    }
    const auto all = [&reports](auto isSo) { return std::all_of(reports.begin(), reports.end(), isSo); };
    const CtlExit code = !all([](const CheckReport &one) { return one.input.isReadable(); }) ? CtlExit::Usage
                         : all([](const CheckReport &one) { return one.mayApply(); })        ? CtlExit::Done
                                                                                             : CtlExit::Findings;
    if (options.sarif)
        return output.print(sarifLog(reports), code);
    if (options.json) {
        QJsonObject whole = reports.front().json();
        QJsonArray others;
        for (size_t i = 1; i < reports.size(); ++i)
            others.append(reports[i].json());
        whole[u"ok"_s] = all([](const CheckReport &one) { return one.mayApply(); });
        whole[u"environments"_s] = others;
        return output.print(QJsonDocument(whole).toJson(), code);
    }
    QString text;
    for (const CheckReport &report : reports)
        text += report.text();
    return output.print(text.toUtf8(), code);
}

CtlExit diffTimingProfiles(const TimingOptions &options, Output &output)
{
    const TimingLibrary &library = TimingLibrary::builtIn();
    std::array<ProfileInput, 2> inputs;
    bool readable = true;
    for (size_t i = 0; i < inputs.size(); ++i) {
        if (begin(options, library, &inputs[i]))
            takeProfile(options, options.profiles[i], library, &inputs[i]);
        complainOf(inputs[i]);
        readable = readable && inputs[i].isReadable();
    }
    if (!readable)
        return CtlExit::Usage;
    const TimingProfile &from = inputs[0].profile;
    const TimingProfile &to = inputs[1].profile;
    QJsonArray changes;
    QString text = u"%1 → %2\n"_s.arg(nameOf(options.profiles[0]), nameOf(options.profiles[1]));
    for (const TimingId id : allTimings) {
        const qint64 before = timingValue(from, id);
        const qint64 after = timingValue(to, id);
        if (before == after)
            continue;
        const bool interval =
            id == TimingId::HeartbeatInterval || id == TimingId::HubClientHeartbeat || id == TimingId::HubServerHeartbeat;
        const double factor = before > 0 && after > 0 ? double(after) / double(before) : 0;
        QString line = u"%1  %2 → %3"_s.arg(library.parameter(id).label, -24).arg(timingText(before), timingText(after));
        if (factor > 0)
            line += u"  (%1 ×)"_s.arg(factor, 0, 'g', 4);
        if (interval && factor > 1)
            line += u", %1 × fewer beats"_s.arg(trafficFactor(before, after), 0, 'g', 4);
        else if (interval && factor > 0)
            line += u", %1 × more beats"_s.arg(1 / trafficFactor(before, after), 0, 'g', 4);
        text += line + u'\n';
        QJsonObject change = changeJson(id, before, after);
        change[u"factor"_s] = factor > 0 ? QJsonValue(factor) : QJsonValue();
        changes.append(change);
    }
    if (changes.isEmpty())
        text += u"no differences\n"_s;
    return output.print(options.json ? QJsonDocument(changes).toJson() : text.toUtf8(), CtlExit::Done);
}

CtlExit judgeRecording(const TimingOptions &options, Output &output)
{
    QFile file(options.recording);
    QString error;
    if (!file.open(QIODevice::ReadOnly)) {
        Output::complain(placeText(options.recording, 0) + file.errorString());
        return CtlExit::Usage;
    }
    const std::optional<BeatRecording> recording = BeatRecording::load(file, &error);
    if (!recording) {
        Output::complain(placeText(options.recording, 0) + error);
        return CtlExit::Usage;
    }
    // Over the profile that was in force when it was recorded.
    ProfileInput input;
    input.profile = recording->timing;
    for (const ProfileSpec &spec : options.profiles)
        takeProfile(options, spec, TimingLibrary::builtIn(), &input);
    complainOf(input);
    if (!input.isReadable())
        return CtlExit::Usage;
    for (const TimingChange &change : options.changes)
        setTimingValue(input.profile, change.id, change.ms);

    const TimingLibrary &library = TimingLibrary::builtIn();
    bool possible = true;
    for (const TimingParameter &parameter : library.parameters) {
        const QString problem = fieldProblem(timingValue(input.profile, parameter.id), parameter, library.ruleSets.front(),
                                             TimingDestination::Record);
        if (!problem.isEmpty())
            Output::complain(QString(parameter.label + u": "_s + problem));
        possible = possible && problem.isEmpty();
    }
    if (!possible)
        return CtlExit::Usage;

    const WhatIfAnswer answer = WhatIf(*recording).answer(input.profile);
    const int workers = int(recording->workers.size());
    const TimingEffects effects = timingEffects(input.profile, workers, 0);
    const double fewer = trafficFactor(recording->timing.heartbeatInterval, input.profile.heartbeatInterval);
    if (options.json) {
        const auto number = [](const std::optional<qint64> &ms) { return ms ? QJsonValue(*ms) : QJsonValue(); };
        QJsonArray dead;
        for (const WhatIfAnswer::Death &death : answer.worst) {
            dead.append(QJsonObject{{u"id"_s, QString::fromUtf8(death.worker)},
                                    {u"at"_s, death.at},
                                    {u"gapMs"_s, death.gapMs},
                                    {u"recordedMs"_s, death.recordedMs}});
        }
        const QJsonObject object{
            {u"profile"_s, profileJson(input.profile)},
            {u"workers"_s, answer.workers},
            {u"gaps"_s, answer.gaps},
            {u"spanMs"_s, answer.spanMs},
            {u"unknownGaps"_s, answer.unknownGaps},
            {u"unknownMs"_s, answer.unknownMs},
            {u"deaths"_s, answer.deaths},
            {u"dead"_s, dead},
            {u"missedShare"_s, answer.missedShare},
            {u"safeTtlMs"_s, answer.safeTtlMs},
            {u"safeTtl01Ms"_s, answer.safeTtl01Ms},
            {u"safeTtl1Ms"_s, answer.safeTtl1Ms},
            {u"detectionWorstMs"_s, number(effects.workerDetectionWorstMs)},
            {u"detectionMeanMs"_s, number(effects.workerDetectionMeanMs)},
            {u"zombieWorstMs"_s, number(effects.zombieWorstMs)},
            {u"missedBeats"_s, effects.workerMissed ? QJsonValue(effects.workerMissed->beats) : QJsonValue()},
            {u"marginMs"_s, effects.workerMissed ? QJsonValue(effects.workerMissed->marginMs) : QJsonValue()},
            {u"beatsPerSecond"_s, effects.workerBeatsPerSecond},
            {u"fewerBeats"_s, fewer}};
        return output.print(QJsonDocument(object).toJson(), CtlExit::Done);
    }
    QString text = u"Recording of %1: %2 workers, %3 gaps between beats, %4.\n"_s.arg(recording->source)
                       .arg(answer.workers)
                       .arg(answer.gaps)
                       .arg(wholeSeconds(answer.spanMs));
    if (answer.unknownGaps > 0)
        text += u"Left out: %1 gaps in which the console was not connected, %2 in all.\n"_s.arg(answer.unknownGaps)
                    .arg(wholeSeconds(answer.unknownMs));
    if (answer.workers == 0)
        return output.print((text + u"Nothing can be tested.\n"_s).toUtf8(), CtlExit::Done);
    text += u"Interval %1, key TTL %2: %3 of %4 workers would have been declared dead although they came back.\n"_s
                .arg(timingText(input.profile.heartbeatInterval), timingText(input.profile.workerKeyTtl))
                .arg(answer.deaths)
                .arg(answer.workers);
    for (size_t i = 0; i < answer.worst.size() && i < mostNamed; ++i) {
        const WhatIfAnswer::Death &death = answer.worst[i];
        text += u"  %1  %2  a gap of %3 (recorded: %4)\n"_s.arg(wallDateTimeText(death.at), QString::fromUtf8(death.worker),
                                                                timingText(death.gapMs), timingText(death.recordedMs));
    }
    if (answer.deaths > mostNamed)
        text += u"  and %1 more; --json has those that are listed\n"_s.arg(answer.deaths - mostNamed);
    text += u"Smallest key TTL with no deaths: %1; with at most 0.1 %: %2; with at most 1 %: %3.\n"_s.arg(
        timingText(answer.safeTtlMs), timingText(answer.safeTtl01Ms), timingText(answer.safeTtl1Ms));
    text += u"Commands that would have expired unread: %1 % of the gaps are longer than %2.\n"_s
                .arg(answer.missedShare * 100, 0, 'g', 3)
                .arg(timingText(input.profile.shutdownCommandTtl));
    if (effects.workerDetectionWorstMs && effects.workerDetectionMeanMs)
        text += u"A dead worker is noticed after %1 at worst, %2 on average"_s.arg(timingText(*effects.workerDetectionWorstMs),
                                                                                   timingText(*effects.workerDetectionMeanMs));
    text += effects.zombieWorstMs ? u"; its counters stay %1 at most.\n"_s.arg(timingText(*effects.zombieWorstMs)) : u".\n"_s;
    if (effects.workerMissed)
        text += effects.workerMissed->marginMs < 0
                    ? u"The first heartbeat would already be too late.\n"_s
                    : u"Missed beats tolerated: %1, with %2 to spare.\n"_s.arg(effects.workerMissed->beats)
                          .arg(effects.workerMissed->marginMs == 0 ? u"0 s"_s : timingText(effects.workerMissed->marginMs));
    text += u"Load: %1 beats a second%2.\n"_s.arg(effects.workerBeatsPerSecond, 0, 'g', 4)
                .arg(fewer > 1   ? u", %1 × fewer than when it was recorded"_s.arg(fewer, 0, 'g', 4)
                     : fewer < 1 ? u", %1 × more than when it was recorded"_s.arg(1 / fewer, 0, 'g', 4)
                                 : QString());
    return output.print(text.toUtf8(), CtlExit::Done);
}

} // namespace pulsedeck
