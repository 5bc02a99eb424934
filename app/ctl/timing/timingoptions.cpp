// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/timingoptions.h"

#include "app/ctl/ctlline.h"
#include "models/timing/durationinput.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using TimingAction = TimingOptions::Action;

/// "heartbeatInterval=20s", "reaperStaleThreshold=none"; a bare number is milliseconds, as in the record. A sentence if
/// it is no such thing.
QString takeSet(const QString &value, TimingOptions &options)
{
    const qsizetype equals = value.indexOf(u'=');
    const auto id = timingFromName(value.left(qMax<qsizetype>(equals, 0)).toUtf8());
    if (!id)
        return u"--set takes a parameter and its value, such as heartbeatInterval=20s."_s;
    const QString text = value.mid(equals + 1);
    const TimingParameter &parameter = TimingLibrary::builtIn().parameter(*id);
    if (text == u"none") {
        if (!parameter.mayBeAbsent)
            return u"--set: the %1 cannot be none."_s.arg(parameter.label.toLower());
        options.changes.push_back({*id, TimingProfile::notUsed});
        return {};
    }
    const DurationInput duration = readDuration(text, TimingUnit::Milliseconds);
    if (!duration.ok())
        return u"--set %1: %2"_s.arg(QString::fromLatin1(timingName(*id)), duration.error);
    options.changes.push_back({*id, duration.ms});
    return {};
}

void takeOptions(TimingOptions &options, CtlLine &line)
{
    line.takeCommon(&options);
    options.sarif = line.has(u"sarif");
    options.acknowledged = line.has(u"acknowledge");
    options.environment = line.value(u"env");
    options.recording = line.value(u"recording");
    if (line.has(u"rules"))
        options.rules = line.value(u"rules");
    if (line.has(u"base"))
        options.base = line.value(u"base");
    options.system = line.value(u"system");
    line.refuse(line.has(u"system") && options.system.isEmpty(), u"--system takes the name of a layout, such as rq."_s);
    const bool local = options.action == TimingAction::Check || options.action == TimingAction::Show;
    line.refuse(options.system.isEmpty() && local && line.has(u"set"), u"Here --set needs --system."_s);
    if (options.system.isEmpty()) {
        for (const QString &change : line.values(u"set"))
            line.refuse(takeSet(change, options));
    } else {
        options.systemChanges = line.values(u"set");
        line.refuse(line.has(u"sarif") || line.has(u"env") || line.has(u"rules") || line.has(u"base") || line.has(u"actors"),
                    u"With --system there are --set, --recording, --layout and --json: its values are in no file of ours."_s);
    }
    if (line.has(u"to")) {
        const QString version = line.value(u"to");
        options.toVersion = version.mid(version.startsWith(u'v') ? 1 : 0).toLongLong();
        line.refuse(options.toVersion < 1, u"--to takes a version, such as 7."_s);
    }
    line.takeNumber(u"expect", 999'999'999'999'999'999, u"a version, or 0 for no record"_s, &options.expected);
    line.takeNumber(u"actors", 10'000'000, u"a number of connected actors"_s, &options.actors);
}

/// Takes the words, and the presets between them: an address, or profiles.
void takeWords(TimingOptions &options, CtlLine &line, QString *url)
{
    for (const CtlLine::Place &place : line.places(u"preset")) {
        if (place.isWord && (options.action == TimingAction::Show || options.action == TimingAction::History)) {
            *url = place.text;
            continue;
        }
        line.refuse(place.isWord && (options.action == TimingAction::RollBack || place.text.contains(u"://"_s)),
                    u"Give addresses with --url."_s); // Not repeated: it may hold a password.
        options.profiles.push_back({place.isWord ? ProfileSpec::Kind::File : ProfileSpec::Kind::Preset, place.text});
    }
}

/// What the action needs and does not have; a sentence, or empty.
QString lacking(const TimingOptions &options)
{
    const size_t profiles = options.profiles.size();
    if (!options.system.isEmpty() && profiles > 0)
        return u"Profiles are of the timing document: with --system give --set NAME=VALUE."_s;
    if (!options.system.isEmpty() && options.action == TimingAction::Check)
        return {};
    switch (options.action) {
    case TimingAction::Check:
        if (options.json && options.sarif)
            return u"Use --json or --sarif, not both."_s;
        return profiles == 0 ? u"Which file should be checked?"_s : QString();
    case TimingAction::Diff:
        return profiles != 2 ? u"Two profiles are needed: files, or presets by --preset."_s : QString();
    case TimingAction::Apply:
        if (profiles > 1)
            return u"Only one profile can be applied: a file or a --preset, and any number of --set."_s;
        if (profiles == 0 && options.changes.empty())
            return u"What should be applied? A file, --preset NAME, or --set NAME=VALUE."_s;
        return options.reason.trimmed().isEmpty() ? u"--reason is missing; it is stored in the history of the record."_s
                                                  : QString();
    case TimingAction::RollBack:
        return options.toVersion == 0 ? u"--to is missing: the version to return to; see timing history."_s : QString();
    case TimingAction::WhatIf:
        if (profiles > 1)
            return u"Only one profile can be tested: a file or a --preset, and any number of --set."_s;
        return options.recording.isEmpty() ? u"--recording is missing: a file exported from the Timing page."_s : QString();
    default:
        return {};
    }
}

} // namespace

TimingOptions TimingOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    CtlLine line = CtlLine::read(u"timing", arguments);
    TimingOptions options;
    if (line.ends(options))
        return options;
    options.action = Action(line.commandNumber());
    takeOptions(options, line);
    QString url = line.value(u"url");
    takeWords(options, line, &url);
    line.refuse(lacking(options));

    const bool remote = (options.action == Action::Show && options.system.isEmpty()) || options.action == Action::Apply
                        || options.action == Action::History || options.action == Action::RollBack;
    if (remote) {
        QString error;
        const auto parsed = url.isEmpty() ? RedisUrl::fromEnvironment(environment, &error) : RedisUrl::parse(url, &error);
        line.refuse(!parsed, error.isEmpty() ? u"Which Redis? Give --url redis://localhost:6379, or set REDIS_URL."_s : error);
        options.url = parsed.value_or(options.url);
    }
    line.ends(options);
    return options;
}

} // namespace pulsedeck
