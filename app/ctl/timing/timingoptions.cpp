// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/timingoptions.h"

#include "models/timing/durationinput.h"

#include <algorithm>
#include <array>
#include <map>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Action = TimingOptions::Action;

const std::map<QString, Action> &actions()
{
    static const std::map<QString, Action> all{
        {u"check"_s, Action::Check},    {u"show"_s, Action::Show},       {u"diff"_s, Action::Diff},
        {u"apply"_s, Action::Apply},    {u"history"_s, Action::History}, {u"rollback"_s, Action::RollBack},
        {u"what-if"_s, Action::WhatIf},
    };
    return all;
}

struct Option
{
    QLatin1StringView name;
    QLatin1StringView actions; ///< First letters of those that take it: c d a s h r w.
    bool hasValue;
};
constexpr std::array<Option, 16> known{{
    {"--rules"_L1, "ca"_L1, true},
    {"--json"_L1, "cdashrw"_L1, false},
    {"--sarif"_L1, "c"_L1, false},
    {"--base"_L1, "cd"_L1, true},
    {"--env"_L1, "cdaw"_L1, true},
    {"--actors"_L1, "ca"_L1, true},
    {"--preset"_L1, "cdaw"_L1, true},
    {"--set"_L1, "aw"_L1, true},
    {"--url"_L1, "ashr"_L1, true},
    {"--reason"_L1, "ar"_L1, true},
    {"--timeout"_L1, "ashr"_L1, true},
    {"--to"_L1, "r"_L1, true},
    {"--recording"_L1, "w"_L1, true},
    {"--acknowledge"_L1, "ar"_L1, false},
    {"--journal"_L1, "ar"_L1, true},
    {"--expect"_L1, "ar"_L1, true},
}};

QChar letter(Action action)
{
    switch (action) {
    case Action::Check:
        return u'c';
    case Action::Show:
        return u's';
    case Action::Diff:
        return u'd';
    case Action::Apply:
        return u'a';
    case Action::History:
        return u'h';
    case Action::RollBack:
        return u'r';
    default:
        return u'w';
    }
}

/// "heartbeatInterval=20s", "reaperStaleThreshold=none"; a bare number is milliseconds, as in the record. A sentence if
/// it is no such thing.
QString takeSet(const QString &value, TimingOptions &options)
{
    const qsizetype equals = value.indexOf(u'=');
    const auto id = timingFromName(value.left(qMax<qsizetype>(equals, 0)).toUtf8());
    if (!id)
        return u"After --set a parameter and its value are expected, such as heartbeatInterval=20s."_s;
    const QString text = value.mid(equals + 1);
    const TimingParameter &parameter = TimingLibrary::builtIn().parameter(*id);
    if (text == u"none") {
        if (!parameter.mayBeAbsent)
            return u"--set: there is always a %1."_s.arg(parameter.label.toLower());
        options.changes.push_back({*id, TimingProfile::notUsed});
        return {};
    }
    const DurationInput duration = readDuration(text, TimingUnit::Milliseconds);
    if (!duration.ok())
        return u"--set %1: %2"_s.arg(QString::fromLatin1(timingName(*id)), duration.error);
    options.changes.push_back({*id, duration.ms});
    return {};
}

QString takeValue(const Option &option, const QString &value, TimingOptions &options, QString *url)
{
    const auto number = [&value](qint64 least, qint64 most) -> std::optional<qint64> {
        bool ok = false;
        const qint64 read = value.toLongLong(&ok);
        return ok && read >= least && read <= most ? std::optional(read) : std::nullopt;
    };
    const auto wanted = [&option](const QString &what) { return u"After %1 %2 is expected."_s.arg(option.name, what); };
    if (value.isEmpty())
        return wanted(u"something"_s);
    if (option.name == "--set"_L1)
        return takeSet(value, options);
    if (option.name == "--preset"_L1) {
        options.profiles.push_back({ProfileSpec::Kind::Preset, value});
    } else if (option.name == "--rules"_L1) {
        options.rules = value;
    } else if (option.name == "--base"_L1) {
        options.base = value;
    } else if (option.name == "--env"_L1) {
        options.environment = value;
    } else if (option.name == "--url"_L1) {
        *url = value;
    } else if (option.name == "--reason"_L1) {
        options.reason = value;
    } else if (option.name == "--recording"_L1) {
        options.recording = value;
    } else if (option.name == "--journal"_L1) {
        options.journalFile = value;
    } else if (option.name == "--to"_L1) {
        const QString version = value.startsWith(u'v') ? value.mid(1) : value;
        bool ok = false;
        options.toVersion = version.toLongLong(&ok);
        if (!ok || options.toVersion < 1)
            return wanted(u"a version, such as 7,"_s);
    } else if (option.name == "--expect"_L1) {
        const auto read = number(0, 999'999'999'999'999'999);
        if (!read)
            return wanted(u"a version, or 0 for no record,"_s);
        options.expected = *read;
    } else if (option.name == "--actors"_L1) {
        const auto read = number(0, 10'000'000);
        if (!read)
            return wanted(u"a number of connected actors"_s);
        options.actors = int(*read);
    } else {
        bool ok = false;
        const double seconds = value.toDouble(&ok);
        if (!ok || !(seconds > 0) || seconds > 1'000'000)
            return wanted(u"a number of seconds"_s);
        options.timeoutMs = qMax(1, int(seconds * 1'000));
    }
    return {};
}

/// What the action needs and does not have; a sentence, or empty.
QString lacking(const TimingOptions &options)
{
    const size_t profiles = options.profiles.size();
    switch (options.action) {
    case Action::Check:
        if (options.json && options.sarif)
            return u"Use --json or --sarif, not both."_s;
        return profiles == 0 ? u"Which file shall be checked?"_s : QString();
    case Action::Diff:
        return profiles != 2 ? u"Two profiles are expected: files, or presets by --preset."_s : QString();
    case Action::Apply:
        if (profiles > 1)
            return u"One profile can be applied: a file or a --preset, and any number of --set."_s;
        if (profiles == 0 && options.changes.empty())
            return u"What shall be applied? A file, --preset NAME, or --set NAME=VALUE."_s;
        return options.reason.trimmed().isEmpty() ? u"--reason is missing: it is kept in the record's history."_s : QString();
    case Action::RollBack:
        return options.toVersion == 0 ? u"--to is missing: the version to go back to; see timing history."_s : QString();
    case Action::WhatIf:
        if (profiles > 1)
            return u"One profile can be judged: a file or a --preset, and any number of --set."_s;
        return options.recording.isEmpty() ? u"--recording is missing: a file exported from the Timing page."_s : QString();
    default:
        return {};
    }
}

} // namespace

TimingOptions TimingOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    TimingOptions options;
    const auto wrong = [&options](const QString &problem) {
        options.action = Action::Wrong;
        options.problem = problem;
        return options;
    };
    const QString verbs = u"check, show, diff, apply, history, rollback or what-if; see timing --help."_s;
    if (arguments.contains(u"--help"_s) || arguments.contains(u"-h"_s)) {
        options.action = Action::Help;
        return options;
    }
    if (arguments.isEmpty())
        return wrong(u"After timing, one of: "_s + verbs);
    const auto action = actions().find(arguments.first());
    if (action == actions().end())
        return wrong(u"After timing the next word must be "_s + verbs);
    options.action = action->second;

    QString url;
    bool onlyWords = false;
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (onlyWords || !argument.startsWith(u'-')) {
            if (options.action == Action::Show || options.action == Action::History) {
                url = argument;
                continue;
            }
            if (options.action == Action::RollBack || argument.contains(u"://"_s))
                return wrong(u"Addresses are given with --url."_s); // Not repeated: it may hold a password.
            options.profiles.push_back({ProfileSpec::Kind::File, argument});
            continue;
        }
        if (argument == u"--") {
            onlyWords = true;
            continue;
        }
        const qsizetype equals = argument.indexOf(u'=');
        const QString name = argument.left(equals < 0 ? argument.size() : equals);
        const auto option = std::find_if(known.begin(), known.end(), [&name](const Option &one) { return one.name == name; });
        if (option == known.end())
            return wrong(u"There is no such option for timing; see timing --help."_s);
        if (!option->actions.contains(letter(options.action)))
            return wrong(u"%1 is not for timing %2."_s.arg(name, arguments.first()));
        if (!option->hasValue) {
            if (equals >= 0)
                return wrong(name + u" takes no value."_s);
            (name == u"--json" ? options.json : name == u"--sarif" ? options.sarif : options.acknowledged) = true;
            continue;
        }
        if (equals < 0 && i + 1 >= arguments.size())
            return wrong(u"A value is missing after %1."_s.arg(name));
        const QString problem = takeValue(*option, equals < 0 ? arguments.at(++i) : argument.mid(equals + 1), options, &url);
        if (!problem.isEmpty())
            return wrong(problem);
    }
    if (const QString problem = lacking(options); !problem.isEmpty())
        return wrong(problem);

    const bool remote = options.action == Action::Show || options.action == Action::Apply || options.action == Action::History
                        || options.action == Action::RollBack;
    if (remote) {
        QString error;
        const auto parsed = url.isEmpty() ? RedisUrl::fromEnvironment(environment, &error) : RedisUrl::parse(url, &error);
        if (!parsed)
            return wrong(error.isEmpty() ? u"Which Redis? Give --url redis://localhost:6379, or set REDIS_URL."_s : error);
        options.url = *parsed;
    }
    return options;
}

QString TimingOptions::helpText()
{
    return uR"(Usage: pulsedeckctl timing check FILE… [--env NAME] [--rules SET|FILE] [--base PRESET] [--actors N]
                    [--json|--sarif]
       pulsedeckctl timing diff PROFILE PROFILE [--base PRESET] [--json]
       pulsedeckctl timing show [URL] [--json]
       pulsedeckctl timing history [URL] [--json]
       pulsedeckctl timing apply [PROFILE] [--set NAME=VALUE…] --reason R [--url URL] [options]
       pulsedeckctl timing rollback --to VERSION [--reason R] [--url URL] [options]
       pulsedeckctl timing what-if --recording FILE [PROFILE] [--set NAME=VALUE…] [--json]

Timing values of a fleet: held against rules, compared, applied, judged on recorded beats.

  check           the values of all files together against a rule set; where no file sets
                  one, --base counts
  diff            what differs between two profiles, with factors
  show            the shared record in Redis (fleet:timing) that is in force
  history         its versions, newest first
  apply           writes it, if nobody else does meanwhile: over what is there, PROFILE,
                  and over that each --set. A broken must is refused. Each value that
                  changes is told as it was and as it is, with its unit
  rollback        applies an old version as a new one
  what-if         how many workers would have been declared dead with these values

  PROFILE         a file, or --preset timing-document, hub-today, hub-balanced,
                  hub-proposed, playwright-distributed-0.3
  FILE            an environment file of worker or proxy, wrangler.toml or .jsonc, or a
                  profile in JSON: { "heartbeatInterval": 10000, … }, milliseconds
  --env NAME      the environment of a wrangler file; without it check looks at all of
                  them, each as a profile by itself, and the others at the top level
  --set NAME=V    heartbeatInterval=20s, reaperStaleThreshold=none; a bare number is ms
  --rules SET     timing-document (as without it) or playwright-distributed-0.3; or a
                  JSON file with rule sets of your own, of which the first counts
  --actors N      connected to the hub, for the rule that needs it
  --acknowledge   apply although recommended rules are broken; kept with the reason
  --expect N      the version the change began from (the one that is there); 0: no record
  --journal FILE  record in FILE; none: record nothing. Without it: in the console's own
  --timeout S     how long to wait for Redis (15)

Exit codes: 0 done, every must holds; 1 a must is broken, or the change was not made;
2 wrong usage, or a file cannot be read; 3 no connection.
)"_s;
}

} // namespace pulsedeck
