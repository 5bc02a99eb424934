// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctldeclarations.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString DeclaredOption::usage() const
{
    return QString(u"--"_s + name + (value.isEmpty() ? QString() : QString(u' ' + value)));
}

const std::vector<DeclaredOption> &DeclaredOption::all()
{
    using enum Completes;
    static const std::vector<DeclaredOption> options{
        {u"url"_s, u"URL"_s,
         u"a Redis or a hub. Commands on workers, timing apply and timing rollback take addresses only by this option"_s},
        {u"token-file"_s, u"FILE"_s,
         u"read the token for the hubs from FILE instead of SIGNAL_HUB_TOKEN. All hubs get the same token. There is no --token: "
         "arguments can be read by everybody on the machine"_s,
         Files},
        {u"alerts"_s, u"FILE"_s,
         u"a file of rules and outlets, see docs/alerts.md. Default: alerts.json in the settings folder, if it is there"_s,
         Files},
        {u"environment"_s, u"ENV"_s,
         u"what the sources are used for: development, staging or production. Rules can be for some of them only"_s},
        {u"metrics-port"_s, u"N"_s,
         u"serve figures of the fleet for Prometheus at http://127.0.0.1:N/metrics; 0: at any port, which is reported"_s},
        {u"metrics-address"_s, u"ADDRESS"_s,
         u"serve them at this address of the machine instead of 127.0.0.1. They have no password: for a trusted network only"_s},
        {u"cacert"_s, u"FILE"_s, u"trust this authority's certificate (PEM) for hubs, in addition to the system's"_s, Files},
        {u"cert"_s, u"FILE"_s,
         u"present this certificate (PEM) to hubs; for a Redis it is a parameter of its address, see help"_s, Files},
        {u"key"_s, u"FILE"_s, u"its key (PEM), where that is not in the same file"_s, Files},
        {u"key-password-file"_s, u"FILE"_s, u"the passphrase of an encrypted key, in a file that only you can read"_s, Files},
        {u"server-name"_s, u"NAME"_s, u"the name that the certificates of hubs are for, where it is not that of the address"_s},
        {u"fingerprint"_s, u"SHA256"_s,
         u"trust only the certificate with this SHA-256 fingerprint, whoever signed it; several with commas between"_s},
        {u"json"_s, u""_s, u"print JSON: an array, an object, or one object per line (watch, metrics --every)"_s},
        {u"sarif"_s, u""_s, u"print the findings as SARIF"_s},
        {u"where"_s, u"FILTER"_s, u"only workers that match, for example 'type:chromium age>60s'"_s},
        {u"timeout"_s, u"S"_s, u"how long to wait for the connection, the first full view and each answer (15)"_s},
        {u"settle"_s, u"S"_s,
         u"how long list, and a command with --where on age or liveness, wait for a heartbeat of each worker (16): without one "
         "the age of its last heartbeat is not proven, unless a shared timing record has its TTL. 0: do not wait. A command "
         "leaves out, and names, workers without a heartbeat"_s},
        {u"exit-after"_s, u"S"_s, u"end watch or --wait after this many seconds"_s},
        {u"now"_s, u""_s, u"shut down at once instead of at the next heartbeat"_s},
        {u"ttl"_s, u"DURATION"_s, u"how long a shutdown command stays valid (60s); whole seconds"_s},
        {u"wait"_s, u""_s, u"follow the commands to their end: gone, drained, expired unread …"_s},
        {u"dry-run"_s, u""_s, u"report what would be done, and do nothing"_s},
        {u"force"_s, u""_s,
         u"also if a type would drop below 80 % of its capacity; resume: also a drain whose beginning was not seen"_s},
        {u"queue"_s, u"QUEUE"_s,
         u"a queue that workers are to take jobs from again, where each queue is drained by itself, as with Celery; may be given "
         "several times. Without it those that the last drain took away, as the worker or the journal knows them. For layouts "
         "acl: "
         "a queue that may be counted, where the keys of queues have nothing in common (celery, arq, streams)"_s},
        {u"reason"_s, u"R"_s,
         u"the reason; required where several workers go or are drained, a type would drop below its floor, a key is removed, or "
         "a whole fleet is meant. Kept in the journal, for a drain also in the worker's key, for timing in the history of the "
         "record, and sent to actors"_s},
        {u"journal"_s, u"FILE"_s,
         u"the journal to record in; list and watch read there how workers ended and who drained them. none: no journal. Default: the console's"_s,
         Files},
        {u"capability"_s, u"C"_s, u"only actors with this capability"_s},
        {u"every"_s, u"S"_s, u"repeat until interrupted, with the rates between; a second or more"_s},
        {u"tell"_s, u""_s, u"do not request a confirmation from the hub"_s},
        {u"wait-reply"_s, u"S"_s,
         u"register an own address, and wait this long for the first message that the actor sends there"_s},
        {u"rules"_s, u"SET"_s,
         u"timing-document (the default) or playwright-distributed-0.3; or a JSON file with rule sets, the first of which is "
         "used"_s,
         Files},
        {u"base"_s, u"PRESET"_s, u"the preset for values that no file sets (timing-document)"_s, Presets},
        {u"env"_s, u"NAME"_s,
         u"the environment of a wrangler file; without it check checks each environment as a separate profile, and the other "
         "commands use the top level"_s},
        {u"actors"_s, u"N"_s, u"actors connected to the hub, for the rule that needs it"_s},
        {u"preset"_s, u"PRESET"_s, u"a preset as profile, instead of a file"_s, Presets},
        {u"set"_s, u"NAME=VALUE"_s, u"heartbeatInterval=20s, reaperStaleThreshold=none; a bare number is milliseconds"_s},
        {u"to"_s, u"T|VERSION"_s,
         u"report: where the span ends, as --from; without it at the end of what is recorded. timing: the version to return to; "
         u"see "
         "timing history"_s},
        {u"source"_s, u"NAME"_s, u"only workers of this source, as the console calls it"_s},
        {u"html"_s, u"FILE"_s, u"write the report into FILE, as a page that needs no other file"_s, Files},
        {u"recording"_s, u"FILE"_s, u"heartbeats exported from the Timing page"_s, Files},
        {u"acknowledge"_s, u""_s, u"apply although recommended rules are broken; recorded with the reason"_s},
        {u"expect"_s, u"N"_s, u"the version that the change is based on (the present one); 0: no record"_s},
        {u"layout"_s, u"FILE"_s,
         u"a layout of your own, in addition to those of the settings folder; may be given several times"_s, Files},
        {u"system"_s, u"NAME[=P]"_s,
         u"a system by its layout (rq, sidekiq, …). Look only for it in a Redis, with P before its keys instead of the usual "
         "prefix; may be given several times; a pattern for workers of your own (last-seen, …) needs a prefix. timing: its "
         "parameters instead of the timing document. They are the defaults, replaced by each --set; nothing is written, since "
         "only the system's own settings have them"_s},
        {u"without"_s, u"NAME"_s, u"do not look for this system; may be given several times"_s},
        {u"history"_s, u"FILE"_s, u"the history to read: the console's (the default), or one that was exported"_s, Files},
        {u"from"_s, u"T"_s,
         u"from this time on: 14:05, 2026-11-29T14:02 or '2026-11-29 14:02', in the zone of TZ unless it names one, or how long "
         u"ago, "
         "such as 2h; report: how long before the end of the span, -15min"_s},
        {u"until"_s, u"T"_s, u"up to this time, likewise"_s},
        {u"user"_s, u"NAME"_s, u"the account (pulsedeck)"_s},
        {u"db"_s, u"N"_s, u"the number of the database, which channels of Celery have (0)"_s},
        {u"help"_s, u""_s, u"print this help"_s},
        {u"version"_s, u""_s, u"print the version"_s},
    };
    return options;
}

const DeclaredOption *DeclaredOption::find(QStringView name)
{
    const auto it = std::find_if(all().begin(), all().end(), [name](const DeclaredOption &one) { return one.name == name; });
    return it == all().end() ? nullptr : &*it;
}

const std::vector<DeclaredCommand> &DeclaredCommand::all()
{
    const QString hubAccess = u" url token-file cacert cert key key-password-file server-name fingerprint"_s;
    const QString act =
        u"url where wait dry-run force reason json timeout settle exit-after journal layout system without token-file cacert cert key key-password-file server-name fingerprint"_s;
    const QString targets =
        u"url dry-run reason json timeout exit-after wait journal layout system without token-file cacert cert key key-password-file server-name fingerprint"_s;
    static const std::vector<DeclaredCommand> commands{
        {u""_s, u"list"_s, u"[URL…]"_s, u"json where timeout settle journal layout system without"_s + hubAccess,
         u"prints the fleet once, as a table or as a JSON array"_s},
        {u""_s, u"watch"_s, u"[URL…]"_s, u"json where timeout exit-after journal layout system without"_s + hubAccess,
         u"prints one line per change until interrupted: workers that appear or end, their status and liveness, sources that "
         "are lost and return"_s},
        {u""_s, u"shutdown"_s, u"W…|--where FILTER"_s, u"now ttl "_s + act,
         u"tells workers to finish their sessions or jobs and exit: at their next heartbeat, before which cancel undoes it, or "
         "with --now at once. For other systems it is their own stop, see layouts show"_s},
        {u""_s, u"drain"_s, u"W…|--where FILTER"_s, act,
         u"stops workers from taking new sessions or jobs, by their system's own quiet or pause; resume undoes it where the "
         u"system "
         "can"_s},
        {u""_s, u"resume"_s, u"W…|--where FILTER"_s, u"queue "_s + act, u"ends a drain that was ordered from a console"_s},
        {u""_s, u"cancel"_s, u"W…|--where FILTER"_s, act, u"withdraws a command that the worker has not read yet"_s},
        {u""_s, u"reap"_s, u"[W…|--where FILTER]"_s, act,
         u"removes what ended workers left behind: counters without a key, entries of ghosts. Of those named, or of all"_s},
        {u""_s, u"remove-key"_s, u"W…|--where FILTER"_s, act, u"removes worker keys without TTL whose heartbeat does not move"_s},
        {u""_s, u"dump"_s, u"W…|--where FILTER"_s, act,
         u"asks workers to write what their threads are doing to their own log, where their system has that"_s},
        {u""_s, u"kill-job"_s, u"W…|--where FILTER"_s, act,
         u"kills the processes of running jobs, where their system has that: the jobs fail, the workers go on"_s},
        {u""_s, u"pause-queue"_s, u"QUEUE…"_s, targets, u"stops workers from taking jobs from these queues until resume-queue"_s},
        {u""_s, u"resume-queue"_s, u"QUEUE…"_s, targets, u"lets workers take jobs from these queues again"_s},
        {u""_s, u"pause-fleet"_s, u"[SYSTEM…]"_s, targets,
         u"stops all workers of these systems (rq, …) from taking new jobs until resume-fleet; without a system those of all "
         u"that "
         "can be paused. A reason is required"_s},
        {u""_s, u"resume-fleet"_s, u"[SYSTEM…]"_s, targets,
         u"lets the workers of these systems take new jobs again. A reason is required"_s},
        {u""_s, u"report"_s, u"--from T"_s, u"from to source html json history"_s,
         u"prints what happened in a span that the console recorded: who was late, lost or drained, what they have in common, "
         u"and "
         "what was changed just before. Exit code 1: a worker was late or worse; 3: nothing of the span was recorded"_s},
        {u""_s, u"help"_s, u"[COMMAND]"_s, u""_s, u"prints help: help drain, help hub, help timing apply"_s},
        {u""_s, u"completion"_s, u"bash|zsh|fish"_s, u""_s, u"prints a completion file for a shell"_s},

        {u"hub"_s, u"health"_s, u"[URL]"_s, u"json timeout url cacert cert key key-password-file server-name fingerprint"_s,
         u"requests /health. A healthy hub may still have forgotten every registration"_s, false,
         u"Reading (changes nothing at the hub):"_s},
        {u"hub"_s, u"actors"_s, u"[URL]"_s, u"where json timeout"_s + hubAccess,
         u"prints all registered actors, as a table or as a JSON array"_s},
        {u"hub"_s, u"discover"_s, u"[URL] [PATTERN]"_s, u"capability json timeout"_s + hubAccess,
         u"prints the actors whose address matches PATTERN (*), where * stands for any text; the hub lists at most 100"_s},
        {u"hub"_s, u"metrics"_s, u"[URL]"_s, u"every json timeout"_s + hubAccess,
         u"prints the counters of the hub, which it resets each minute"_s},
        {u"hub"_s, u"send"_s, u"[URL] ACTOR TYPE [JSON|@FILE|-]"_s, u"tell wait-reply journal json timeout"_s + hubAccess,
         u"sends a message of TYPE to ACTOR, a complete address such as '@(local/agent-1)'. The data is JSON, from the command "
         "line, from FILE, or from standard input"_s,
         false, u"Sending (recorded in the journal):"_s},

        {u"history"_s, u"list"_s, u""_s, u"history from until json"_s,
         u"prints the spans that were recorded: from when to when, on which machine, and whether one is being recorded now"_s},
        {u"history"_s, u"export"_s, u"FILE"_s, u"history from until"_s,
         u"writes a span, in whole five minutes, into a file of its own, which can be given as --history on another machine, and "
         u"as "
         "--show-history to the console"_s,
         true},
        {u"history"_s, u"replay"_s, u""_s, u"history from until"_s,
         u"prints what happened to workers and sources, as watch --json would have printed it then"_s},
        {u"history"_s, u"prune"_s, u"--from T"_s, u"history from"_s,
         u"removes what was recorded before T, if no console is recording"_s},
        {u"history"_s, u"import"_s, u"RECORDING FILE"_s, u""_s,
         u"makes a history file of a recording that was exported from the Timing page: its beats, and who was late or expired by "
         u"them"_s,
         true},

        {u"alerts"_s, u"check"_s, u"[URL…]"_s,
         u"alerts environment json timeout settle url journal layout system without token-file cacert cert key key-password-file server-name fingerprint"_s,
         u"looks once and prints one line, for Nagios, Icinga and the like. What a rule finds counts at once, however long it is "
         u"to "
         u"hold"_s},
        {u"alerts"_s, u"run"_s, u"[URL…]"_s,
         u"alerts environment metrics-port metrics-address json timeout exit-after url journal layout system without token-file cacert cert key key-password-file server-name fingerprint"_s,
         u"watches until interrupted: prints a line for each alert that fires, changes or is over, and sends it to the outlets "
         u"of "
         u"its rule"_s},
        {u"alerts"_s, u"rules"_s, u""_s, u"alerts json"_s,
         u"prints the rules in force, or what is wrong with their file; with --json as a file to begin with"_s},

        {u"queues"_s, u"list"_s, u"[URL…]"_s, u"json timeout settle layout system without"_s + hubAccess,
         u"prints the queues of all systems once, as a table or as a JSON array. Jobs per minute are known where a system counts them, with --settle 6 or more"_s},
        {u"queues"_s, u"pause"_s, u"QUEUE…"_s, targets, u"the same as pause-queue: no worker takes jobs from these queues"_s},
        {u"queues"_s, u"resume"_s, u"QUEUE…"_s, targets, u"the same as resume-queue"_s},

        {u"layouts"_s, u"list"_s, u""_s, u"json layout"_s,
         u"prints the known layouts, where each comes from, and how well its system is understood"_s},
        {u"layouts"_s, u"show"_s, u"NAME"_s, u"layout"_s, u"prints the file of a layout: a starting point for one of your own"_s},
        {u"layouts"_s, u"schema"_s, u""_s, u""_s,
         u"prints the JSON Schema of layouts: next to your files, as layout.schema.json, it lets editors complete and explain "
         u"them"_s},
        {u"layouts"_s, u"check"_s, u"FILE…"_s, u"json"_s,
         u"checks layout files and prints each mistake with its line and place"_s, true},
        {u"layouts"_s, u"acl"_s, u"NAME[=PREFIX]"_s, u"user queue db json layout"_s,
         u"prints the least rights in Redis for a layout as ACL SETUSER lines: one to watch, one to command"_s},
        {u"layouts"_s, u"detect"_s, u"[URL]"_s, u"url json timeout layout system without"_s,
         u"prints which systems live in a Redis, what shows it, and keys that look like workers of your own. One look, of at "
         u"most "
         "200 small commands and without KEYS; nothing is written"_s},

        {u"timing"_s, u"check"_s, u"FILE…|--system SYSTEM [--set NAME=VALUE…]"_s,
         u"env rules base preset actors system set layout json sarif"_s,
         u"checks the values of all files together against a rule set; values that no file sets are those of --base"_s, true},
        {u"timing"_s, u"show"_s, u"[URL]|--system SYSTEM"_s, u"system set layout json url timeout"_s,
         u"prints the shared record in Redis (fleet:timing) that is in force, or the parameters of a system and where they are "
         "set"_s},
        {u"timing"_s, u"diff"_s, u"PROFILE PROFILE"_s, u"base env preset json"_s,
         u"prints the differences between two profiles, with factors"_s, true},
        {u"timing"_s, u"apply"_s, u"[PROFILE] [--set NAME=VALUE…] --reason R"_s,
         u"set preset env reason rules actors acknowledge expect json url timeout journal"_s,
         u"writes the shared record: the present values, replaced by those of PROFILE, and these by each --set. Nothing is "
         "written if another operator changed the record meanwhile, or if a required rule is broken. Prints each changed value "
         "before and "
         "after, with its unit"_s,
         true},
        {u"timing"_s, u"history"_s, u"[URL]"_s, u"json url timeout"_s, u"prints the versions of the record, newest first"_s},
        {u"timing"_s, u"rollback"_s, u"--to VERSION"_s, u"to reason acknowledge expect json url timeout journal"_s,
         u"applies an old version as a new one"_s},
        {u"timing"_s, u"what-if"_s, u"--recording FILE [PROFILE] [--set NAME=VALUE…]"_s,
         u"recording set preset env system layout json"_s,
         u"prints how many workers would have been declared dead with these values"_s, true},
    };
    return commands;
}

QString DeclaredCommand::path() const
{
    return group.isEmpty() ? QString(name) : QString(group + u' ' + name);
}

bool DeclaredCommand::takes(QStringView option) const
{
    return options.split(u' ').contains(option);
}

std::vector<const DeclaredOption *> DeclaredCommand::optionList() const
{
    std::vector<const DeclaredOption *> list;
    for (const QString &one : options.split(u' ', Qt::SkipEmptyParts))
        list.push_back(DeclaredOption::find(one));
    return list;
}

std::vector<const DeclaredCommand *> DeclaredCommand::ofGroup(QStringView group)
{
    std::vector<const DeclaredCommand *> list;
    for (const DeclaredCommand &one : all()) {
        if (one.group == group)
            list.push_back(&one);
    }
    return list;
}

const DeclaredCommand *DeclaredCommand::find(QStringView group, QStringView name)
{
    const auto it = std::find_if(all().begin(), all().end(),
                                 [&](const DeclaredCommand &one) { return one.group == group && one.name == name; });
    return it == all().end() ? nullptr : &*it;
}

const std::vector<DeclaredGroup> &DeclaredGroup::all()
{
    static const std::vector<DeclaredGroup> groups{
        {u""_s,
         u"Shows and commands fleets: workers in one or several Redis servers, and actors of Signal Hubs."_s,
         {{u"W"_s,
           u"the id of a worker as list prints it, the uuid of \"chromium:<uuid>\" alone, an actor's address with or without its "
           "@( ), or a unique beginning of at least 4 characters"_s},
          {u"URL"_s,
           u"redis://[user[:password]@]host[:port][/db], rediss://… for TLS (with ?cacert=FILE for an authority of your "
           "own, cert=FILE&key=FILE for a certificate to present, server_name=NAME, fingerprint=SHA256), with password_env=NAME "
           "or "
           "password_file=FILE for the place of the password, redis+sentinel://host[,host2…]/MASTER[/db] for a master behind "
           "Sentinels, redis+cluster://host[,host2…] for a "
           "cluster, unix:///path[?db=N]; a hub: "
           "ws://host[:port], wss://…. With ?ssh=[user@]host[:port] behind one, and &jump=…, the system's ssh leads there. "
           "Without one: REDIS_URL, or REDIS_HOST, REDIS_PORT, "
           "REDIS_USERNAME, REDIS_PASSWORD and REDIS_TLS from the environment, which keeps the password out of the list of "
           "processes, and SIGNAL_HUB_URL"_s}},
         u"Actors can be shut down and drained only; each is a message, which cannot be undone.\nA command is tried "
         "once and never repeated. If nothing is done to a worker, the reason is printed. A command to an actor is done when the "
         "hub has delivered it, with --wait when the actor has answered and gone.\nCounters without a "
         "key are judged by the journal: those of workers that ended in order need no attention; \"zombie-lost\" and "
         "\"zombie-unseen\" do. Times are in the zone of TZ.\nExit codes: 0 done; 1 done, and a worker was seen "
         "that is late, stale, crashed, hung, lost with sessions, without TTL, garbled or not known to live (a replica cut "
         "off from its master knows nothing of its workers), or a command was not completed; 2 wrong usage; 3 no "
         "connection to a Redis or a hub, or an incomplete view. What is missing is reported on standard error."_s},
        {u"hub"_s,
         u"Shows one Signal Hub, and sends messages to its actors."_s,
         {{u"URL"_s,
           u"ws://host[:port][/path] or wss://…; http:// and https:// mean the same. Without one SIGNAL_HUB_URL from the "
           "environment"_s}},
         u"No token is ever printed, neither ours nor those of the registry.\nExit codes: 0 done; 1 done, and there is "
         "something to look at: not healthy, an actor that is late or stale, entries that could not be read, refused, not "
         "delivered, no reply; 2 wrong usage, or unreadable input; 3 no connection, or no answer from the hub."_s},
        {u"alerts"_s,
         u"Finds what an operator has to know of, by rules, and calls: lost workers, queues without workers, too little "
         u"capacity, "
         u"lost sources."_s,
         {{u"URL"_s, u"redis://[user[:password]@]host[:port][/db] and so on, see --help. Without one REDIS_URL"_s}},
         u"Rules of your own are in alerts.json in the settings folder, or in the file given by --alerts; one with the name of a "
         u"built-in rule replaces it.\nExit codes of check: 0 nothing fires; 1 warning; 2 critical; 3 unknown: wrong usage, or a "
         u"source was not read. Of run: 0 nothing fires at its end; 1 something does; 2 wrong usage. Of rules: 0; 1 the file has "
         u"mistakes."_s},
        {u"history"_s,
         u"Shows what a console recorded of the past: heartbeats, states and events of every worker."_s,
         {{u"T"_s, u"a time such as 2026-11-29T14:02, or how long ago: 15m, 2h"_s}},
         u"Times are in the zone of TZ.\nExit codes: 0 done; 1 done, and a part is damaged; 2 wrong usage, or the file cannot be "
         "read or written."_s},
        {u"queues"_s,
         u"Shows queues: how many jobs wait, who works on them, and which are paused; pauses and resumes them."_s,
         {{u"QUEUE"_s, u"the name of a queue, as queues list prints it"_s},
          {u"URL"_s, u"redis://[user[:password]@]host[:port][/db] and so on, see --help. Without one REDIS_URL"_s}},
         u"Only lengths and ages are read, no job.\nExit codes: 0 done; 1 done, and jobs wait in a queue that no worker serves, "
         u"or a "
         "queue was not paused or resumed; 2 wrong usage; 3 no connection, or an incomplete view."_s},
        {u"layouts"_s,
         u"Shows and checks layouts, files that say how a system keeps its workers in Redis, and finds out which systems a Redis has."_s,
         {{u"NAME"_s, u"the name of a layout, such as sidekiq; see layouts list"_s},
          {u"FILE"_s, u"a layout in JSON; see layouts schema for what may stand in it"_s},
          {u"URL"_s, u"redis://[user[:password]@]host[:port][/db] and so on, see --help. Without one REDIS_URL"_s}},
         u"Layouts of your own are *.json in the folder layouts next to the settings, or files given by --layout. One with the "
         u"name of "
         u"a "
         "built-in layout replaces it, if it has no mistake.\nExit codes: 0 done; 1 a file has mistakes, or detect found no "
         "system or keys that no layout describes; 2 wrong usage, or a file cannot be read; 3 no connection."_s},
        {u"timing"_s,
         u"Checks the timing values of a fleet against rules, compares and applies them, and tests them on recorded heartbeats."_s,
         {{u"PROFILE"_s,
           u"a file, or --preset timing-document, hub-today, hub-balanced, hub-proposed, playwright-distributed-0.3"_s},
          {u"FILE"_s, u"an environment file of worker or proxy, wrangler.toml or .jsonc, or a profile in JSON: "
                      "{ \"heartbeatInterval\": 10000, … }, milliseconds"_s}},
         u"Exit codes: 0 done, every must holds; 1 a must is broken, or the change was not made; 2 wrong usage, or a file "
         "cannot be read; 3 no connection."_s},
    };
    return groups;
}

QString DeclaredGroup::commandNames() const
{
    QStringList names;
    for (const DeclaredCommand *command : DeclaredCommand::ofGroup(name))
        names.append(command->name);
    if (name.isEmpty())
        names += DeclaredGroup::names();
    const QString last = names.takeLast();
    return QString(names.join(u", "_s) + u" or "_s + last);
}

QStringList DeclaredGroup::names()
{
    QStringList names;
    for (const DeclaredGroup &group : all()) {
        if (!group.name.isEmpty())
            names.append(group.name);
    }
    names.sort();
    return names;
}

const DeclaredGroup &DeclaredGroup::find(QStringView name)
{
    const auto it = std::find_if(all().begin(), all().end(), [name](const DeclaredGroup &one) { return one.name == name; });
    return it == all().end() ? all().front() : *it;
}

} // namespace pulsedeck
