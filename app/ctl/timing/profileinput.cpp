// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/profileinput.h"

#include "app/timing/filereplacement.h"
#include "app/timing/timingfilereading.h"
#include "models/timing/jsonplace.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString placeText(const QString &file, int line)
{
    return line > 0 ? u"%1:%2: "_s.arg(file).arg(line) : QString(file + u": "_s);
}

bool ProfileInput::isReadable() const
{
    return std::none_of(problems.begin(), problems.end(), [](const Problem &problem) { return problem.fatal; });
}

TimingDestination ProfileInput::destination() const
{
    return texts.isEmpty() || isJson ? TimingDestination::Record : TimingDestination::Files;
}

void ProfileInput::take(const ProfileSpec &spec, const TimingLibrary &library)
{
    if (spec.kind == ProfileSpec::Kind::File) {
        takeFile(spec.name, library);
        return;
    }
    const TimingPreset *preset = library.preset(spec.name);
    if (!preset) {
        QStringList ids;
        for (const TimingPreset &one : library.presets)
            ids.append(one.id);
        problems.push_back({u"--preset"_s, 0,
                            u"there is no preset “%1”; there are %2"_s.arg(spec.name.left(60), ids.join(u", "_s)), true, false});
        return;
    }
    for (const TimingId id : preset->named) {
        setTimingValue(profile, id, timingValue(preset->profile, id));
        origins[size_t(id)] = {};
        given[size_t(id)] = true;
        setsTopLevel = true;
    }
}

ProfileInput ProfileInput::forEnvironment(const QString &name, const TimingProfile &base, const std::vector<ProfileSpec> &specs,
                                          const TimingLibrary &library) const
{
    ProfileInput input;
    input.environment = name;
    input.profile = base;
    input.texts = texts; // The files as they were, whatever became of them since.
    for (const ProfileSpec &spec : specs)
        input.take(spec, library);
    for (Problem &problem : input.problems) {
        problem.said = std::any_of(problems.begin(), problems.end(), [&problem](const Problem &before) {
            return before.file == problem.file && before.line == problem.line && before.text == problem.text;
        });
    }
    return input;
}

void ProfileInput::takeFile(const QString &path, const TimingLibrary &library)
{
    QByteArray text = texts.value(path);
    QString error;
    if (!texts.contains(path) && !readSmallFile(path, &text, &error)) {
        problems.push_back({path, 0, error, true});
        return;
    }
    texts[path] = text;
    const bool json = path.endsWith(".json"_L1, Qt::CaseInsensitive) || text.trimmed().startsWith('{');
    if (json && !isWranglerJson(path, text)) {
        takeJson(path, text);
        return;
    }
    const TimingFileReading reading = readTimingFile(path, text, library);
    if (!reading.error.isEmpty()) {
        problems.push_back({path, reading.errorLine, reading.error, true});
        return;
    }
    const TimingFileText &file = reading.file;
    for (const QString &name : file.environments) {
        if (!environments.contains(name))
            environments.append(name);
    }
    const QString here = file.environments.contains(environment) ? environment : QString();
    bool unreadable = false;
    for (const TimingFileText::Problem &problem : file.problems) {
        if (problem.environment != here)
            continue;
        const bool inForce = std::any_of(reading.unreadable.begin(), reading.unreadable.end(),
                                         [&](const auto &one) { return one.line == problem.line && one.environment == here; });
        unreadable = unreadable || inForce;
        problems.push_back({path, problem.line, problem.text, inForce});
    }
    const std::vector<TimingFileText::Value> values = file.inForce(here);
    if (values.empty() && !unreadable && here == environment)
        settingNone.append(path);
    setsTopLevel = setsTopLevel || file.setsTopLevel;
    for (const TimingFileText::Value &value : values) {
        setTimingValue(profile, value.id, value.ms);
        origins[size_t(value.id)] = {path, value.line};
        given[size_t(value.id)] = true;
    }
}

void ProfileInput::takeJson(const QString &path, const QByteArray &json)
{
    isJson = true;
    QJsonParseError parse{};
    const QJsonDocument document = QJsonDocument::fromJson(json, &parse);
    if (parse.error != QJsonParseError::NoError) {
        problems.push_back({path, lineOfOffset(json, parse.offset), u"this is not JSON (%1)"_s.arg(parse.errorString()), true});
        return;
    }
    const QJsonObject object = document.object();
    if (!document.isObject())
        problems.push_back({path, 1, u"the file must contain an object with parameters"_s, true});
    for (auto member = object.begin(); member != object.end(); ++member) {
        const int line = jsonLine(json, {member.key()});
        const auto id = timingFromName(member.key().toUtf8());
        if (!id) {
            const bool said = member.key() == "name"_L1 || member.key() == "version"_L1 || member.key() == "comment"_L1;
            if (!said)
                problems.push_back({path, line, u"“%1” is not a parameter"_s.arg(member.key().left(60)), true});
            continue;
        }
        const double number = member.value().toDouble();
        const bool none = member.value().isNull() && TimingLibrary::builtIn().parameter(*id).mayBeAbsent;
        if (!none && (!member.value().isDouble() || number != std::floor(number) || std::abs(number) > 1e15)) {
            problems.push_back({path, line, u"“%1” takes a whole number of milliseconds"_s.arg(member.key()), true});
            continue;
        }
        setsTopLevel = true;
        setTimingValue(profile, *id, none ? TimingProfile::notUsed : qint64(number));
        origins[size_t(*id)] = {path, line};
        given[size_t(*id)] = true;
    }
}

} // namespace pulsedeck
