// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctloptions.h"

#include "models/fleet/fleetfilter.h"
#include "models/timing/durationinput.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <optional>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

CtlOptions wrong(const QString &problem)
{
    CtlOptions options;
    options.problem = problem;
    return options;
}

/// Only what looks like an option's name is repeated: a URL with a password may stand in its place.
QString quoted(const QString &name)
{
    static const QRegularExpression plain(u"^-{1,2}[a-z-]{1,20}$"_s);
    return plain.match(name).hasMatch() ? QString(u' ' + name) : QString();
}

std::optional<int> milliseconds(const QString &text)
{
    bool ok = false;
    const double seconds = text.toDouble(&ok);
    if (!ok || !(seconds > 0) || seconds > 1'000'000)
        return std::nullopt;
    return qMax(1, int(seconds * 1000));
}

struct Flag
{
    QLatin1StringView name;
    bool CtlOptions::*member;
};
constexpr std::array<Flag, 4> valuelessFlags{{
    {"--json"_L1, &CtlOptions::json},
    {"--wait"_L1, &CtlOptions::wait},
    {"--dry-run"_L1, &CtlOptions::dryRun},
    {"--force"_L1, &CtlOptions::force},
}};
constexpr std::array<QLatin1StringView, 10> valueNames{"--settle"_L1, "--where"_L1,  "--timeout"_L1, "--exit-after"_L1,
                                                       "--url"_L1,    "--reason"_L1, "--ttl"_L1,     "--token-file"_L1,
                                                       "--cacert"_L1, "--journal"_L1};

/// What stood on the command line besides what CtlOptions holds.
struct Given
{
    QStringList words;
    QStringList urls;
    QStringList names; ///< Of the options.
    bool now = false;

    bool has(QLatin1StringView name) const { return names.contains(name); }
};

/// Takes the value of one option; a sentence if it makes no sense.
QString takeValue(const QString &name, const QString &value, CtlOptions &options, Given &given)
{
    if (name == u"--where") {
        options.where = value;
    } else if (name == u"--url") {
        given.urls.append(value);
    } else if (name == u"--reason") {
        options.reason = value;
    } else if (name == u"--token-file" || name == u"--cacert") {
        if (value.isEmpty())
            return u"After "_s + name + u" a file is expected."_s;
        (name == u"--cacert" ? options.hubAccess.caFile : options.hubAccess.tokenFile) = value;
    } else if (name == u"--journal") {
        if (value.isEmpty())
            return u"After --journal a file or none is expected."_s;
        options.journalFile = value;
    } else if (name == u"--ttl") {
        const DurationInput ttl = readDuration(value, TimingUnit::Seconds);
        if (!ttl.ok())
            return u"--ttl: "_s + ttl.error;
        if (ttl.ms < 1'000 || ttl.ms % 1'000 != 0)
            return u"After --ttl whole seconds are expected, such as 60s: Redis keeps no part of one."_s;
        options.ttlMs = ttl.ms;
    } else if (name == u"--settle" && value.trimmed() == u"0") {
        options.settleMs = 0;
    } else {
        const auto ms = milliseconds(value);
        if (!ms)
            return u"After "_s + name + u" a number of seconds is expected, such as 10."_s;
        (name == u"--settle" ? options.settleMs : name == u"--timeout" ? options.timeoutMs : options.exitAfterMs) = *ms;
    }
    return {};
}

/// Splits the command line into flags, flags with a value, and the rest; false with a problem in \a options.
bool readArguments(const QStringList &arguments, CtlOptions &options, Given &given)
{
    bool onlyWords = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (onlyWords || !argument.startsWith(u'-') || argument == u"-") {
            given.words.append(argument);
            continue;
        }
        if (argument == u"--") {
            onlyWords = true;
            continue;
        }
        const qsizetype equals = argument.indexOf(u'=');
        const QString name = argument.left(equals < 0 ? argument.size() : equals);
        if (std::find(valueNames.begin(), valueNames.end(), name) != valueNames.end()) {
            if (equals < 0 && i + 1 >= arguments.size()) {
                options.problem = u"A value is missing after "_s + name + u'.';
                return false;
            }
            given.names.append(name);
            options.problem = takeValue(name, equals < 0 ? arguments.at(++i) : argument.mid(equals + 1), options, given);
            if (!options.problem.isEmpty())
                return false;
            continue;
        }
        if (name == u"--token") {
            options.problem = tokenArgumentRefusal();
            return false;
        }
        const auto flag =
            std::find_if(valuelessFlags.begin(), valuelessFlags.end(), [&](const Flag &f) { return f.name == argument; });
        if (flag != valuelessFlags.end()) {
            options.*(flag->member) = true;
        } else if (argument == u"--now") {
            given.now = true;
        } else if (argument == u"--help" || argument == u"-h") {
            options.action = CtlOptions::Action::Help;
        } else if (argument == u"--version" || argument == u"-v") {
            options.action = CtlOptions::Action::Version;
        } else {
            options.problem = u"There is no such option:"_s + quoted(name) + u". See --help."_s;
            return false;
        }
        given.names.append(argument);
    }
    return true;
}

/// Whom an act is for; a sentence if that is not clear.
QString takeWorkers(CtlOptions &options, const QStringList &words)
{
    options.workers = words;
    for (const QString &word : words) {
        // It may hold a password, so it is not repeated.
        if (word.contains(u"://"_s))
            return u"Addresses are given with --url; what stands alone is a worker or an actor."_s;
        if (word.size() < CtlOptions::shortestPrefix)
            return u"A worker is named by its id, an actor by its address, or by at least %1 characters of it."_s.arg(
                CtlOptions::shortestPrefix);
    }
    if (!words.isEmpty() && !options.where.isEmpty())
        return u"Name workers or use --where, not both."_s;
    if (words.isEmpty() && options.where.isEmpty() && options.act != Act::Reap)
        return u"Which workers? Name them, or use --where FILTER."_s;
    return {};
}

/// An option that is for something else; a sentence, or empty.
QString misplaced(const CtlOptions &options, const Given &given)
{
    const bool acts = options.action == CtlOptions::Action::Act;
    for (const QLatin1StringView name : {"--wait"_L1, "--dry-run"_L1, "--force"_L1, "--reason"_L1}) {
        if (!acts && given.has(name))
            return name + u" is for commands only; see --help."_s;
    }
    const bool shutdown = acts && (options.act == Act::Shutdown || options.act == Act::ShutdownNow);
    if (given.has("--now"_L1) && !shutdown)
        return u"--now is for shutdown only."_s;
    if (given.has("--ttl"_L1) && !shutdown)
        return u"--ttl is for shutdown only."_s;
    if (given.has("--exit-after"_L1) && !(options.action == CtlOptions::Action::Watch || options.wait))
        return u"--exit-after is for watch and --wait only."_s;
    const bool settles = options.action == CtlOptions::Action::List || (acts && !options.where.isEmpty());
    if (given.has("--settle"_L1) && !settles)
        return u"--settle is for list and for commands with --where only."_s;
    if (given.has("--dry-run"_L1) && options.wait)
        return u"With --dry-run there is nothing to --wait for."_s;
    return {};
}

/// Where to look; without an address what the environment says of both kinds. A sentence if an address is none.
QString takeSources(CtlOptions &options, const QStringList &addresses, const QProcessEnvironment &environment)
{
    QString error;
    for (int i = 0; i < addresses.size(); ++i) {
        const auto source = SourceSettings::fromUrl(addresses.at(i), &error);
        if (!source)
            return (addresses.size() > 1 ? u"Address %1: "_s.arg(i + 1) : QString()) + error;
        options.sources.push_back(*source);
    }
    if (options.sources.empty()) {
        if (const auto url = RedisUrl::fromEnvironment(environment, &error))
            options.sources.push_back(SourceSettings::fromUrl(*url));
        else if (!error.isEmpty())
            return error;
        if (const QString hub = environment.value(u"SIGNAL_HUB_URL"_s); !hub.isEmpty()) {
            const auto address = HubAddress::parse(hub, &error);
            if (!address)
                return u"SIGNAL_HUB_URL: "_s + error;
            options.sources.push_back(SourceSettings::fromHub(*address));
        }
    }
    if (options.sources.empty())
        return u"Which Redis or hub? Give a URL such as redis://localhost:6379 or ws://localhost:8787, "
               "or set REDIS_URL or SIGNAL_HUB_URL."_s;
    options.hubAccess.takeEnvironment(environment);
    return {};
}

} // namespace

CtlOptions CtlOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    CtlOptions options;
    Given given;
    if (!readArguments(arguments, options, given))
        return wrong(options.problem);
    if (options.action == Action::Help || options.action == Action::Version)
        return options;

    const QString verbs = u"list, watch, shutdown, drain, resume, cancel, reap, remove-key, hub or timing; see --help."_s;
    if (given.words.isEmpty())
        return wrong(u"What shall be done? "_s + verbs);
    const QString verb = given.words.takeFirst();
    const auto act = actFromName(verb);
    if (verb == u"list") {
        options.action = Action::List;
    } else if (verb == u"watch") {
        options.action = Action::Watch;
    } else if (act && *act != Act::ShutdownNow) {
        options.action = Action::Act;
        options.act = *act == Act::Shutdown && given.now ? Act::ShutdownNow : *act;
    } else {
        return wrong(u"The first word must be "_s + verbs);
    }
    if (const QString problem = misplaced(options, given); !problem.isEmpty())
        return wrong(problem);

    const QStringList problems = FleetFilter::parse(options.where).problems();
    if (!problems.isEmpty())
        return wrong(u"--where: "_s + problems.join(u"; "_s));

    QStringList addresses = given.urls;
    if (options.action != Action::Act)
        addresses = given.words + given.urls;
    else if (const QString problem = takeWorkers(options, given.words); !problem.isEmpty())
        return wrong(problem);
    if (const QString problem = takeSources(options, addresses, environment); !problem.isEmpty())
        return wrong(problem);
    for (const QLatin1StringView name : {"--token-file"_L1, "--cacert"_L1}) {
        if (given.has(name) && !options.hasHubs())
            return wrong(name + u" is for hubs only, ws://… or wss://…; see --help."_s);
    }
    return options;
}

bool CtlOptions::hasHubs() const
{
    return std::any_of(sources.begin(), sources.end(), [](const SourceSettings &source) { return source.isHub(); });
}

QString CtlOptions::helpText()
{
    return uR"(Usage: pulsedeckctl list  [URL…] [--json] [--where FILTER] [--timeout S] [--settle S]
       pulsedeckctl watch [URL…] [--json] [--where FILTER] [--timeout S] [--exit-after S]
       pulsedeckctl shutdown   W…|--where FILTER [--now] [--ttl DURATION] [options]
       pulsedeckctl drain      W…|--where FILTER [options]
       pulsedeckctl resume     W…|--where FILTER [options]
       pulsedeckctl cancel     W…|--where FILTER [options]
       pulsedeckctl reap       [W…|--where FILTER] [options]
       pulsedeckctl remove-key W…|--where FILTER [options]
       pulsedeckctl hub …      health, actors, discover, send, metrics: see hub --help
       pulsedeckctl timing …   see timing --help

Looks at a fleet of workers in one or several Redis and of actors on Signal Hubs, and
commands them.

  list            prints the fleet once, as a table or as a JSON array
  watch           prints one line per change until interrupted: workers that appear or
                  end, their status and liveness, sources lost and back
  shutdown        tells workers to finish their sessions and exit, at their next heartbeat
                  (cancel takes it back until then) or, with --now, at once
  drain           lets workers take no new sessions; resume takes it back
  resume          ends a drain that was ordered so
  cancel          withdraws a shutdown that was not read yet
  reap            removes the counters of workers whose key is gone: of the named, or all
  remove-key      removes worker keys without TTL whose heartbeat does not move

  Of these, actors know shutdown and drain: a message each, which cannot be taken back.

  W               "chromium:<uuid>", the uuid alone, an actor's address with or without
                  its @( ), or a beginning that only one has, of 4 characters or more
  URL, --url URL  redis://[user[:password]@]host[:port][/db], rediss://… for TLS (with
                  ?cacert=FILE for an authority of your own), unix:///path[?db=N]; a hub:
                  ws://host[:port], wss://…. Without one: REDIS_URL, or REDIS_HOST,
                  REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD and REDIS_TLS from the
                  environment, which keeps the password out of the list of processes, and
                  SIGNAL_HUB_URL. Commands take --url only.
  --token-file F  the token of the hubs; without it SIGNAL_HUB_TOKEN, if it is set. All
                  hubs named get the same one
  --cacert FILE   trust this authority's certificate for hubs (PEM)
  --json          a JSON array (list, commands), or one JSON object per line (watch)
  --where FILTER  only workers that match, for example 'type:chromium age>60s'
  --timeout S     how long to wait for the first full view, and for answers (15)
  --settle S      how long list, and a command with --where on age or liveness, wait
                  until each worker has beaten once (16): before that nothing proves how
                  old its last heartbeat is, unless a shared timing record says its TTL.
                  0: not at all. A command leaves out, and names, who did not
  --exit-after S  end watch or --wait after so many seconds
  --wait          follow the commands to their end: gone, drained, expired unread …
  --dry-run       tell what would be done, and do nothing
  --reason R      why; kept in the journal and, for a drain, in the worker's key; an
                  actor is told
  --ttl DURATION  how long a shutdown waits to be read (60s); whole seconds
  --force         also if a type would fall below 80 % of its capacity; resume: also a
                  drain that nobody saw begin
  --journal FILE  commands: record in FILE; list and watch: read there how workers ended;
                  none: neither. Without it: the console's own
  --version, --help

A command is tried once and never repeated. What cannot be done for a worker is told
with the reason. An actor's command is delivered, and then answered by the actor or not:
without --wait being delivered is enough.

Counters without a key are judged by the journal: whose worker was seen to end in order
needs nobody; "zombie-lost" and "zombie-unseen" do. Times are those of the zone in TZ.

Exit codes: 0 done; 1 done, and a worker was seen that is late, stale, crashed, hung, lost
with sessions, without TTL, garbled or not known to live (a replica cut off from its
master knows nothing of its workers), or a command did not reach its end; 2 wrong usage;
3 no connection to a Redis or hub, or a view of one that is not complete. What is missing
is told on stderr.
)"_s;
}

} // namespace pulsedeck
