// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/timinglocal.h"

#include "app/ctl/timing/checkreport.h"
#include "app/timing/filereplacement.h"
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

void complainOf(const ProfileInput &input)
{
    for (const ProfileInput::Problem &problem : input.problems)
        Output::complain(placeText(problem.file, problem.line) + problem.text);
}

/// A profile that begins with the base preset.
bool begin(const TimingOptions &options, const TimingLibrary &library, ProfileInput *input)
{
    input->take({ProfileSpec::Kind::Preset, options.base}, library);
    input->given.fill(false);
    if (input->isReadable())
        input->profile = library.preset(options.base)->profile;
    return input->isReadable();
}

QString nameOf(const ProfileSpec &spec)
{
    return spec.kind == ProfileSpec::Kind::Preset ? spec.name : QFileInfo(spec.name).fileName();
}

} // namespace

CtlExit tell(Output &output, const QByteArray &text, CtlExit code)
{
    if (output.write(text) != Output::Result::Failed)
        return code;
    Output::complain(output.errorString());
    return CtlExit::Usage;
}

const TimingRuleSet *chosenRules(const TimingOptions &options, TimingLibrary *library)
{
    if (const TimingRuleSet *set = library->ruleSet(options.rules))
        return set;
    if (!QFileInfo::exists(options.rules)) {
        QStringList ids;
        for (const TimingRuleSet &set : library->ruleSets)
            ids.append(set.id);
        Output::complain(u"--rules: there is no rule set and no file “%1”; there are %2"_s.arg(options.rules.left(200),
                                                                                               ids.join(u", "_s)));
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
        Output::complain(placeText(options.rules, 0) + u"there is no rule set in it"_s);
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
    complainOf(input);
    TimingFacts facts;
    facts.actors = options.actors;
    const CheckReport report{input, *rules, library, checkTiming(input.profile, *rules, library.parameters, facts)};
    const CtlExit code = !input.isReadable()       ? CtlExit::Usage
                         : report.check.mayApply() ? CtlExit::Done
                                                   : CtlExit::Findings;
    return tell(output, options.sarif ? report.sarif() : options.json ? report.json() : report.text(), code);
}

CtlExit diffTimingProfiles(const TimingOptions &options, Output &output)
{
    const TimingLibrary &library = TimingLibrary::builtIn();
    std::array<ProfileInput, 2> inputs;
    bool readable = true;
    for (size_t i = 0; i < inputs.size(); ++i) {
        if (begin(options, library, &inputs[i]))
            inputs[i].take(options.profiles[i], library);
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
        const bool interval = id == TimingId::HeartbeatInterval || id == TimingId::HubClientHeartbeat
                              || id == TimingId::HubServerHeartbeat;
        const double factor = before > 0 && after > 0 ? double(after) / double(before) : 0;
        QString line =
            u"%1  %2 → %3"_s.arg(library.parameter(id).label, -24).arg(timingText(before), timingText(after));
        if (factor > 0)
            line += u"  (%1 ×)"_s.arg(factor, 0, 'g', 4);
        if (interval && factor > 1)
            line += u", %1 × fewer beats"_s.arg(trafficFactor(before, after), 0, 'g', 4);
        else if (interval && factor > 0)
            line += u", %1 × more beats"_s.arg(1 / trafficFactor(before, after), 0, 'g', 4);
        text += line + u'\n';
        QJsonObject change{{u"name"_s, QString::fromLatin1(timingName(id))},
                           {u"from"_s, before == TimingProfile::notUsed ? QJsonValue() : QJsonValue(before)},
                           {u"to"_s, after == TimingProfile::notUsed ? QJsonValue() : QJsonValue(after)},
                           {u"factor"_s, factor > 0 ? QJsonValue(factor) : QJsonValue()}};
        changes.append(change);
    }
    if (changes.isEmpty())
        text += u"nothing differs\n"_s;
    return tell(output, options.json ? QJsonDocument(changes).toJson() : text.toUtf8(), CtlExit::Done);
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
        input.take(spec, TimingLibrary::builtIn());
    complainOf(input);
    if (!input.isReadable())
        return CtlExit::Usage;
    for (const TimingChange &change : options.changes)
        setTimingValue(input.profile, change.id, change.ms);

    const WhatIfAnswer answer = WhatIf(*recording).answer(input.profile);
    const TimingEffects effects = timingEffects(input.profile, int(recording->workers.size()), 0);
    if (options.json) {
        QJsonArray dead;
        for (const WhatIfAnswer::Death &death : answer.worst) {
            dead.append(QJsonObject{{u"id"_s, QString::fromUtf8(death.worker)},
                                    {u"at"_s, death.at},
                                    {u"gapMs"_s, death.gapMs},
                                    {u"recordedMs"_s, death.recordedMs}});
        }
        const QJsonObject object{{u"profile"_s, profileJson(input.profile)},
                                 {u"workers"_s, answer.workers},
                                 {u"gaps"_s, answer.gaps},
                                 {u"spanMs"_s, answer.spanMs},
                                 {u"deaths"_s, answer.deaths},
                                 {u"dead"_s, dead},
                                 {u"missedShare"_s, answer.missedShare},
                                 {u"safeTtlMs"_s, answer.safeTtlMs},
                                 {u"safeTtl01Ms"_s, answer.safeTtl01Ms},
                                 {u"safeTtl1Ms"_s, answer.safeTtl1Ms},
                                 {u"beatsPerSecond"_s, effects.workerBeatsPerSecond}};
        return tell(output, QJsonDocument(object).toJson(), CtlExit::Done);
    }
    QString text = u"Recorded of %1: %2 workers, %3 gaps between beats, %4.\n"_s.arg(recording->source)
                       .arg(answer.workers)
                       .arg(answer.gaps)
                       .arg(timingText((answer.spanMs + 500) / 1'000 * 1'000));
    text += u"Interval %1, key TTL %2: %3 of %4 workers would have been declared dead though they came back.\n"_s
                .arg(timingText(input.profile.heartbeatInterval), timingText(input.profile.workerKeyTtl))
                .arg(answer.deaths)
                .arg(answer.workers);
    for (size_t i = 0; i < answer.worst.size() && i < mostNamed; ++i) {
        const WhatIfAnswer::Death &death = answer.worst[i];
        text += u"  %1  a gap of %2 (recorded: %3)\n"_s.arg(QString::fromUtf8(death.worker), timingText(death.gapMs),
                                                            timingText(death.recordedMs));
    }
    text += u"Smallest key TTL with no deaths: %1; with at most 0.1 %: %2; with at most 1 %: %3.\n"_s.arg(
        timingText(answer.safeTtlMs), timingText(answer.safeTtl01Ms), timingText(answer.safeTtl1Ms));
    text += u"Commands that would have expired unread: %1 % of the gaps are longer than %2.\n"_s
                .arg(answer.missedShare * 100, 0, 'g', 3)
                .arg(timingText(input.profile.shutdownCommandTtl));
    text += u"Load: %1 beats a second.\n"_s.arg(effects.workerBeatsPerSecond, 0, 'g', 4);
    return tell(output, text.toUtf8(), CtlExit::Done);
}

} // namespace pulsedeck
