// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/systemreport.h"

#include "app/ctl/layouts/layoutreports.h"
#include "models/timing/durationinput.h"
#include "models/timing/systemtiming.h"
#include "models/timing/timingeffects.h"
#include "models/timing/whatif.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostNamedLate = 20; // In the text; --json has all that are listed.

/// A system's timing with the values of --set.
struct SystemProfile
{
    TimingLibrary library;
    TimingProfile profile;
    TimingCheck check;
};

/// Nothing, after complaining, if the system is not known or a --set is wrong.
std::optional<SystemProfile> systemProfile(const TimingOptions &options)
{
    const LayoutCatalog catalog = loadLayouts(options);
    const Layout *layout = catalog.find(options.system);
    std::optional<TimingLibrary> library = layout ? systemTiming(*layout) : std::nullopt;
    if (!library) {
        QStringList names;
        for (const Layout &one : catalog.layouts()) {
            if (!one.parameters.empty())
                names.append(one.name);
        }
        Output::complain(
            u"--system: no timing is known of “%1”; there are %2"_s.arg(options.system.left(60), names.join(u", "_s)));
        return std::nullopt;
    }
    SystemProfile known{std::move(*library), {}, {}};
    known.profile = known.library.defaults();
    bool possible = true;
    const auto refuse = [&possible](const QString &text) {
        Output::complain(u"--set "_s + text);
        possible = false;
    };
    for (const QString &change : options.systemChanges) {
        const QString name = change.section(u'=', 0, 0);
        const QString value = change.section(u'=', 1);
        const std::optional<TimingId> id = known.library.find(name);
        if (!id) {
            QStringList names;
            for (const TimingParameter &parameter : known.library.parameters) {
                if (!parameter.fixed)
                    names.append(parameter.name);
            }
            refuse(u"%1: %2 has no such parameter; there are %3"_s.arg(name.left(60), known.library.title, names.join(u", "_s)));
            continue;
        }
        const TimingParameter &parameter = known.library.parameter(*id);
        if (parameter.fixed) {
            refuse(u"%1 cannot be set: %2"_s.arg(name, parameter.place));
        } else if (value == u"none") {
            if (parameter.mayBeAbsent)
                setTimingValue(known.profile, *id, TimingProfile::notUsed);
            else
                refuse(u"%1 cannot be none"_s.arg(name));
        } else if (const DurationInput input = readDuration(value, TimingUnit::Milliseconds); input.ok()) {
            setTimingValue(known.profile, *id, input.ms);
        } else {
            refuse(u"%1: %2"_s.arg(name, input.error));
        }
    }
    followTiming(known.profile, known.library.parameters);
    known.check = checkTiming(known.profile, known.library.ruleSets.front(), known.library.parameters);
    for (const TimingFieldProblem &problem : known.check.fields)
        refuse(known.library.parameter(problem.id).name + u": "_s + problem.text);
    return possible ? std::optional(std::move(known)) : std::nullopt;
}

QJsonValue msJson(qint64 ms)
{
    return ms == TimingProfile::notUsed ? QJsonValue() : QJsonValue(ms);
}

QJsonObject valuesJson(const SystemProfile &known)
{
    QJsonObject values;
    for (const TimingParameter &parameter : known.library.parameters)
        values[parameter.name] = msJson(timingValue(known.profile, parameter.id));
    return values;
}

QString sentenceOf(const TimingFinding &finding, const TimingLibrary &library)
{
    return u"%1 %2 %3. %4"_s.arg(library.parameter(finding.left).label,
                                 finding.severity == TimingSeverity::Must ? u"must be"_s : u"should be"_s, finding.should,
                                 finding.why);
}

} // namespace

CtlExit checkSystemTiming(const TimingOptions &options, Output &output)
{
    const std::optional<SystemProfile> known = systemProfile(options);
    if (!known)
        return CtlExit::Usage;
    const CtlExit code = known->check.mayApply() ? CtlExit::Done : CtlExit::Findings;
    QJsonArray findings;
    QString text;
    int broken = 0;
    for (const TimingFinding &finding : known->check.findings) {
        const QString sentence = finding.applies ? sentenceOf(finding, known->library) : QString();
        findings.append(QJsonObject{
            {u"rule"_s, finding.rule},
            {u"severity"_s, severityName(finding.severity)},
            {u"applies"_s, finding.applies},
            {u"holds"_s, finding.holds},
            {u"text"_s, sentence},
            {u"change"_s, finding.smallest ? QJsonValue(QJsonObject{
                              {u"name"_s, known->library.parameter(finding.smallest->id).name}, {u"ms"_s, finding.smallest->ms}})
                                           : QJsonValue()}});
        if (!finding.applies || finding.holds)
            continue;
        ++broken;
        text += u"%1 %2: %3\n"_s.arg(severityName(finding.severity), finding.rule, sentence);
        if (finding.smallest) {
            const TimingParameter &parameter = known->library.parameter(finding.smallest->id);
            text +=
                u"  smallest change: %1 to %2 (%3)\n"_s.arg(parameter.name, timingText(finding.smallest->ms), parameter.place);
        }
    }
    if (options.json) {
        const QJsonObject object{{u"system"_s, known->library.system},
                                 {u"ok"_s, known->check.mayApply()},
                                 {u"values"_s, valuesJson(*known)},
                                 {u"findings"_s, findings}};
        return output.print(QJsonDocument(object).toJson(), code);
    }
    const int checked = int(std::count_if(known->check.findings.begin(), known->check.findings.end(),
                                          [](const TimingFinding &finding) { return finding.applies; }));
    text += u"%1: %2 of %3 rules hold.\n"_s.arg(known->library.title).arg(checked - broken).arg(checked);
    return output.print(text.toUtf8(), code);
}

CtlExit showSystemTiming(const TimingOptions &options, Output &output)
{
    const std::optional<SystemProfile> known = systemProfile(options);
    if (!known)
        return CtlExit::Usage;
    if (options.json) {
        QJsonArray parameters;
        for (const TimingParameter &parameter : known->library.parameters) {
            parameters.append(QJsonObject{{u"name"_s, parameter.name},
                                          {u"title"_s, parameter.label},
                                          {u"ms"_s, msJson(timingValue(known->profile, parameter.id))},
                                          {u"fixed"_s, parameter.fixed},
                                          {u"follows"_s, parameter.follows.has_value()},
                                          {u"where"_s, parameter.place}});
        }
        const QJsonObject object{
            {u"system"_s, known->library.system}, {u"title"_s, known->library.title}, {u"parameters"_s, parameters}};
        return output.print(QJsonDocument(object).toJson(), CtlExit::Done);
    }
    qsizetype names = 0;
    qsizetype labels = 0;
    for (const TimingParameter &parameter : known->library.parameters) {
        names = qMax(names, parameter.name.size());
        labels = qMax(labels, parameter.label.size());
    }
    constexpr int valueWidth = 12;
    QString text;
    for (const TimingParameter &parameter : known->library.parameters) {
        text += parameter.name.leftJustified(names + 2) + parameter.label.leftJustified(labels + 2)
                + timingText(timingValue(known->profile, parameter.id)).leftJustified(valueWidth) + parameter.place + u'\n';
    }
    text += cannotSetText(known->library) + u'\n';
    return output.print(text.toUtf8(), CtlExit::Done);
}

CtlExit judgeSystemRecording(const TimingOptions &options, Output &output)
{
    const std::optional<SystemProfile> known = systemProfile(options);
    if (!known)
        return CtlExit::Usage;
    const TimingLibrary &library = known->library;
    QString error;
    QFile file(options.recording);
    std::optional<BeatRecording> recording;
    if (!file.open(QIODevice::ReadOnly))
        error = file.errorString();
    else
        recording = BeatRecording::load(file, &error);
    if (!recording) {
        Output::complain(options.recording + u": "_s + error);
        return CtlExit::Usage;
    }
    if (!library.interval || !library.limit) {
        Output::complain(u"--system: %1 has no beat that is held against a limit"_s.arg(library.title));
        return CtlExit::Usage;
    }
    const TimingProfile judged = library.judgedOnBeats(known->profile);
    const WhatIfAnswer answer = WhatIf(*recording, 0, library.configuredInterval()).answer(judged);
    if (options.json) {
        QJsonArray late;
        for (const WhatIfAnswer::Death &death : answer.worst) {
            late.append(QJsonObject{{u"id"_s, QString::fromUtf8(death.worker)},
                                    {u"at"_s, death.at},
                                    {u"gapMs"_s, death.gapMs},
                                    {u"recordedMs"_s, death.recordedMs}});
        }
        const QJsonObject object{{u"system"_s, library.system},
                                 {u"values"_s, valuesJson(*known)},
                                 {u"limit"_s, library.parameter(*library.limit).name},
                                 {u"limitMs"_s, judged.workerKeyTtl},
                                 {u"workers"_s, answer.workers},
                                 {u"gaps"_s, answer.gaps},
                                 {u"spanMs"_s, answer.spanMs},
                                 {u"late"_s, answer.deaths},
                                 {u"lateWorkers"_s, late},
                                 {u"safeLimitMs"_s, answer.safeTtlMs}};
        return output.print(QJsonDocument(object).toJson(), CtlExit::Done);
    }
    if (answer.workers == 0)
        return output.print("Nothing can be tested.\n", CtlExit::Done);
    QString text = u"With this limit (%1, %2), %3 of %4 workers would have been called late.\n"_s
                       .arg(library.parameter(*library.limit).inSentence, timingText(judged.workerKeyTtl))
                       .arg(answer.deaths)
                       .arg(answer.workers);
    for (size_t i = 0; i < answer.worst.size() && i < size_t(mostNamedLate); ++i)
        text += u"  %1  a gap of %2\n"_s.arg(QString::fromUtf8(answer.worst[i].worker), timingText(answer.worst[i].gapMs));
    if (answer.deaths > mostNamedLate)
        text += u"  and %1 more\n"_s.arg(answer.deaths - mostNamedLate);
    text += u"Smallest limit with none late: %1.\n"_s.arg(timingText(answer.safeTtlMs));
    return output.print(text.toUtf8(), CtlExit::Done);
}

} // namespace pulsedeck
