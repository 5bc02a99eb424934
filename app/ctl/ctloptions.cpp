// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctloptions.h"

#include "app/ctl/ctlcompletion.h"
#include "app/ctl/ctlhelp.h"
#include "app/ctl/ctlline.h"
#include "models/timing/durationinput.h"

#include <QHostAddress>

#include <algorithm>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

void takeOptions(CtlOptions &options, CtlLine &line)
{
    line.takeCommon(&options);
    options.wait = line.has(u"wait");
    options.dryRun = line.has(u"dry-run");
    options.force = line.has(u"force");
    if (line.has(u"ttl")) {
        const DurationInput ttl = readDuration(line.value(u"ttl"), TimingUnit::Seconds);
        line.refuse(!ttl.ok(), u"--ttl: "_s + ttl.error);
        line.refuse(ttl.ms < 1'000 || ttl.ms % 1'000 != 0,
                    u"--ttl takes whole seconds, such as 60s: Redis stores no fractions."_s);
        options.ttlMs = ttl.ms;
    }
    if (line.value(u"settle").trimmed() == u"0")
        options.settleMs = 0;
    else
        line.takeSeconds(u"settle", &options.settleMs);
    options.settles = line.has(u"settle");
    line.takeSeconds(u"exit-after", &options.exitAfterMs);
}

/// Whom an act is for, and the options that go with others only.
void takeAct(CtlOptions &options, CtlLine &line)
{
    options.workers = line.words();
    options.queues = line.values(u"queue");
    const ActScope scope = TraitsRef()->of(options.act).scope;
    line.refuse(line.has(u"exit-after") && !options.wait, u"--exit-after is for watch and --wait only."_s);
    line.refuse(line.has(u"settle") && options.where.isEmpty(), u"--settle is for list and for commands with --where only."_s);
    line.refuse(options.dryRun && options.wait, u"--dry-run and --wait cannot be combined."_s);
    for (const QString &word : line.words()) {
        // It may hold a password, so it is not repeated.
        line.refuse(word.contains(u"://"_s), u"Give addresses with --url; other arguments are workers or actors."_s);
        line.refuse(scope == ActScope::Worker && word.size() < CtlOptions::shortestPrefix,
                    u"Name a worker by its id or an actor by its address, or by at least the first %1 characters."_s.arg(
                        CtlOptions::shortestPrefix));
    }
    line.refuse(!options.workers.isEmpty() && !options.where.isEmpty(), u"Name workers or use --where, not both."_s);
    line.refuse(scope == ActScope::Queue && options.workers.isEmpty(), u"Which queues? Name them."_s);
    line.refuse(scope == ActScope::Worker && options.workers.isEmpty() && options.where.isEmpty() && options.act != Act::Reap,
                u"Which workers? Name them, or use --where FILTER."_s);
}

/// The sources: the addresses, or without any those in the environment, of all kinds. A sentence if one is invalid.
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
        const auto named = SourceSettings::fromEnvironment(environment, &error);
        if (!named)
            return error;
        options.sources.assign(named->begin(), named->end());
    }
    if (options.sources.empty())
        return u"Which Redis or hub? Give a URL such as redis://localhost:6379 or ws://localhost:8787, "
               "or set REDIS_URL or SIGNAL_HUB_URL."_s;
    options.hubAccess.takeEnvironment(environment);
    return {};
}

void takeAlerts(CtlOptions &options, CtlLine &line, const QProcessEnvironment &environment)
{
    options.action = line.command()->name == "check"_L1 ? CtlOptions::Action::AlertsCheck
                     : line.command()->name == "run"_L1 ? CtlOptions::Action::AlertsRun
                                                        : CtlOptions::Action::AlertsRules;
    options.alertsFile = line.value(u"alerts");
    takeOptions(options, line);
    if (options.action == CtlOptions::Action::AlertsRules) {
        line.refuse(!line.words().isEmpty(), u"alerts rules takes no names; see --alerts."_s);
        return;
    }
    line.refuse(takeSources(options, line.words() + line.values(u"url"), environment));
    line.takeNumber(u"metrics-port", 65'535, u"a port, or 0 for any"_s, &options.metricsPort);
    options.metricsAddress = line.value(u"metrics-address");
    line.refuse(line.has(u"metrics-address") && !line.has(u"metrics-port"), u"--metrics-address needs --metrics-port."_s);
    line.refuse(line.has(u"metrics-address") && QHostAddress(options.metricsAddress).isNull(),
                u"--metrics-address takes an address of this machine, such as 0.0.0.0."_s);
    const QString name = line.value(u"environment");
    const SourceEnvironment used = environmentFromName(name);
    line.refuse(line.has(u"environment") && used == SourceEnvironment::None,
                u"--environment takes development, staging or production."_s);
    for (SourceSettings &source : options.sources)
        source.environment = used;
}

} // namespace

CtlOptions CtlOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    // Pausing a queue is the same act, by whichever name.
    const bool ofQueues = arguments.value(0) == u"queues"_s;
    const bool ofAlerts = arguments.value(0) == u"alerts"_s;
    CtlLine line = ofQueues   ? CtlLine::read(u"queues", arguments.mid(1))
                   : ofAlerts ? CtlLine::read(u"alerts", arguments.mid(1))
                              : CtlLine::read(u"", arguments);
    CtlOptions options;
    if (line.ends(options))
        return options;
    const QString verb = line.isVersion() ? QString() : QString(line.command()->name);
    std::optional<QString> text;
    if (line.isVersion()) {
        text = u"pulsedeckctl " PULSEDECK_VERSION "\n"_s;
    } else if (verb == u"help") {
        text = ctlHelpFor(line.words());
        line.refuse(!text, u"Unknown command; see --help."_s);
    } else if (verb == u"completion") {
        text = ctlCompletion(line.words().join(u' '));
        line.refuse(!text, u"completion takes a shell: bash, zsh or fish."_s);
    }
    if (text) {
        options.action = line.isVersion() ? Action::Version : Action::Help;
        options.text = *text;
        return options;
    }
    if (ofAlerts) {
        takeAlerts(options, line, environment);
        line.ends(options);
        return options;
    }
    const auto act = actFromName(ofQueues ? QString(verb + u"-queue"_s) : verb);
    options.action = act ? Action::Act : ofQueues ? Action::Queues : verb == u"watch" ? Action::Watch : Action::List;
    options.act = line.has(u"now") ? pulsedeck::Act::ShutdownNow : act.value_or(options.act);
    takeOptions(options, line);
    if (act)
        takeAct(options, line);
    const QStringList addresses = (act ? QStringList() : line.words()) + line.values(u"url");
    line.refuse(takeSources(options, addresses, environment));
    for (const QString &name :
         {u"token-file"_s, u"cacert"_s, u"cert"_s, u"key"_s, u"key-password-file"_s, u"server-name"_s, u"fingerprint"_s})
        line.refuse(line.has(name) && !options.hasHubs(),
                    u"--"_s + name + u" is for hubs only, ws://… or wss://…; see --help."_s);
    line.ends(options);
    return options;
}

bool CtlOptions::hasHubs() const
{
    return std::any_of(sources.begin(), sources.end(),
                       [](const SourceSettings &source) { return source.has(SourceField::Token); });
}

} // namespace pulsedeck
