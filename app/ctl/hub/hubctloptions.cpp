// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubctloptions.h"

#include "app/hub/hubmessage.h"
#include "models/fleet/fleetfilter.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <map>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Action = HubCtlOptions::Action;

constexpr int shortestEveryMs = 1'000; // The hub's budget is everybody's.

const std::map<QString, Action> &actions()
{
    static const std::map<QString, Action> all{{u"health"_s, Action::Health},
                                               {u"actors"_s, Action::Actors},
                                               {u"discover"_s, Action::Discover},
                                               {u"send"_s, Action::Send},
                                               {u"metrics"_s, Action::Metrics}};
    return all;
}

struct Option
{
    QLatin1StringView name;
    QLatin1StringView actions; ///< First letters of those that take it: h a d s m.
    bool hasValue;
};
constexpr std::array<Option, 12> known{{
    {"--json"_L1, "hadsm"_L1, false},
    {"--url"_L1, "hadsm"_L1, true},
    {"--timeout"_L1, "hadsm"_L1, true},
    {"--cacert"_L1, "hadsm"_L1, true},
    {"--token-file"_L1, "adsm"_L1, true},
    {"--where"_L1, "a"_L1, true},
    {"--capability"_L1, "d"_L1, true},
    {"--tell"_L1, "s"_L1, false},
    {"--wait-reply"_L1, "s"_L1, true},
    {"--journal"_L1, "s"_L1, true},
    {"--every"_L1, "m"_L1, true},
    {"--help"_L1, "hadsm"_L1, false},
}};

/// What stood on the command line besides what HubCtlOptions holds.
struct GivenHubOptions
{
    QStringList words;
    QString url;
    std::vector<const Option *> options;
};

std::optional<int> hubMilliseconds(const QString &text)
{
    bool ok = false;
    const double seconds = text.toDouble(&ok);
    if (!ok || !(seconds > 0) || seconds > 1'000'000)
        return std::nullopt;
    return qMax(1, int(seconds * 1000));
}

/// A sentence if the value makes no sense.
QString takeValue(const Option &option, const QString &value, HubCtlOptions &options, GivenHubOptions &given)
{
    if (value.isEmpty())
        return u"After %1 something is expected."_s.arg(option.name);
    if (option.name == "--url"_L1) {
        given.url = value;
    } else if (option.name == "--cacert"_L1) {
        options.access.caFile = value;
    } else if (option.name == "--token-file"_L1) {
        options.access.tokenFile = value;
    } else if (option.name == "--where"_L1) {
        options.where = value;
    } else if (option.name == "--capability"_L1) {
        options.capability = value;
    } else if (option.name == "--journal"_L1) {
        options.journalFile = value;
    } else {
        const auto ms = hubMilliseconds(value);
        if (!ms)
            return u"After %1 a number of seconds is expected, such as 10."_s.arg(option.name);
        if (option.name == "--every"_L1 && *ms < shortestEveryMs)
            return u"--every takes a second or more: what a hub is asked costs it."_s;
        (option.name == "--every"_L1        ? options.everyMs
         : option.name == "--wait-reply"_L1 ? options.replyMs
                                            : options.timeoutMs) = *ms;
    }
    return {};
}

QString readArguments(const QStringList &arguments, HubCtlOptions &options, GivenHubOptions &given)
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
        const QString name = argument == u"-h" ? u"--help"_s : argument.left(equals < 0 ? argument.size() : equals);
        if (name == u"--token")
            return tokenArgumentRefusal();
        const auto option = std::find_if(known.begin(), known.end(), [&](const Option &o) { return o.name == name; });
        if (option == known.end()) {
            // Only what looks like an option's name is repeated: a token may stand in its place.
            static const QRegularExpression plain(u"^-{1,2}[a-z-]{1,20}$"_s);
            return u"There is no such option:%1. See hub --help."_s.arg(plain.match(name).hasMatch() ? QString(u' ' + name)
                                                                                                     : QString());
        }
        given.options.push_back(option);
        if (!option->hasValue) {
            if (equals >= 0)
                return name + u" takes no value."_s;
            options.json = options.json || name == u"--json";
            options.tell = options.tell || name == u"--tell";
            if (name == u"--help")
                options.action = Action::Help;
            continue;
        }
        if (equals < 0 && i + 1 >= arguments.size())
            return u"A value is missing after "_s + name + u'.';
        const QString value = equals < 0 ? arguments.at(++i) : argument.mid(equals + 1);
        if (const QString problem = takeValue(*option, value, options, given); !problem.isEmpty())
            return problem;
    }
    return {};
}

/// The hub is what has a scheme and stands first, or what the environment says.
QString takeHub(HubCtlOptions &options, GivenHubOptions &given, const QProcessEnvironment &environment)
{
    QString url = given.url;
    QString prefix;
    if (!given.words.isEmpty() && given.words.first().contains(u"://"_s)) {
        if (!url.isEmpty())
            return u"One hub at a time: it stands first, or after --url."_s;
        url = given.words.takeFirst();
    }
    if (url.isEmpty()) {
        url = environment.value(u"SIGNAL_HUB_URL"_s);
        prefix = u"SIGNAL_HUB_URL: "_s;
    }
    if (url.isEmpty())
        return u"Which hub? Give a URL such as ws://localhost:8787, or set SIGNAL_HUB_URL."_s;
    QString error;
    const auto hub = HubAddress::parse(url, &error);
    if (!hub)
        return prefix + error;
    options.hub = *hub;
    return {};
}

bool isOneLine(const QString &text)
{
    return !text.isEmpty() && text.size() <= HubMessage::maxAddress
           && std::none_of(text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

/// What stands alone, behind the hub; a sentence if it is not what the action takes.
QString takeWords(HubCtlOptions &options, QStringList words)
{
    const auto next = [&words] { return words.isEmpty() ? QString() : words.takeFirst(); };
    if (options.action == Action::Discover && !words.isEmpty()) {
        options.pattern = next();
        if (!isOneLine(options.pattern))
            return u"This is no pattern: @(local/*) is one."_s;
    }
    if (options.action == Action::Send) {
        options.actor = next();
        options.type = next();
        options.hasData = !words.isEmpty();
        options.data = next();
        if (!isOneLine(options.actor))
            return u"To whom? send takes an actor's address, such as @(local/agent-1), then a type."_s;
        if (!isOneLine(options.type))
            return u"What is sent has a type, such as task:assign, behind the actor's address."_s;
    }
    if (!words.isEmpty())
        return u"There is more on the command line than is understood; see hub --help."_s;
    return {};
}

} // namespace

HubCtlOptions HubCtlOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    HubCtlOptions options;
    GivenHubOptions given;
    const auto wrong = [](const QString &problem) {
        HubCtlOptions none;
        none.problem = problem;
        return none;
    };
    if (const QString problem = readArguments(arguments, options, given); !problem.isEmpty())
        return wrong(problem);
    if (options.action == Action::Help)
        return options;
    const QString verbs = u"health, actors, discover, send or metrics; see hub --help."_s;
    if (given.words.isEmpty())
        return wrong(u"What of the hub? "_s + verbs);
    const QString verb = given.words.takeFirst();
    const auto action = actions().find(verb);
    if (action == actions().end())
        return wrong(u"After hub comes "_s + verbs);
    options.action = action->second;
    for (const Option *option : given.options) {
        if (!option->actions.contains(verb.at(0)))
            return wrong(u"%1 is not for %2."_s.arg(option->name, verb));
    }
    if (const QString problem = takeHub(options, given, environment); !problem.isEmpty())
        return wrong(problem);
    if (const QString problem = takeWords(options, given.words); !problem.isEmpty())
        return wrong(problem);
    const QStringList problems = FleetFilter::parse(options.where).problems();
    if (!problems.isEmpty())
        return wrong(u"--where: "_s + problems.join(u"; "_s));
    options.access.takeEnvironment(environment);
    return options;
}

CtlOptions HubCtlOptions::asList() const
{
    CtlOptions list;
    list.action = CtlOptions::Action::List;
    list.sources.push_back(SourceSettings::fromHub(hub));
    list.hubAccess = access;
    list.actorColumns = true;
    list.where = where;
    list.json = json;
    list.timeoutMs = timeoutMs;
    return list;
}

QString HubCtlOptions::helpText()
{
    return uR"(Usage: pulsedeckctl hub health   [URL] [--json]
       pulsedeckctl hub actors   [URL] [--where FILTER] [--json]
       pulsedeckctl hub discover [URL] [PATTERN] [--capability C] [--json]
       pulsedeckctl hub metrics  [URL] [--every S] [--json]
       pulsedeckctl hub send     [URL] ACTOR TYPE [JSON|@FILE|-] [options]

Looks at one Signal Hub, and sends to its actors.

Reading, which changes nothing at the hub:
  health          asks GET /health. A healthy hub may have forgotten every registration
  actors          prints all registered actors, as a table or as a JSON array
  discover        prints the actors whose address matches PATTERN (*), where * stands for
                  anything; the hub tells 100 at most
  metrics         prints the hub's own counters; the hub begins anew each minute
    --every S     again and again until interrupted, with the rates between

Acting, which is kept in the journal:
  send            sends a message of this TYPE to ACTOR, which is a whole address such as
                  '@(local/agent-1)'. The data is JSON, from FILE, or from standard input
    --tell        without the hub's word whether it was delivered
    --wait-reply S  register an address of our own and wait so long for the first message
                  that the actor sends there
    --journal FILE  record in FILE; none: record nothing. Without it: in the console's own

  URL, --url URL  ws://host[:port][/path] or wss://…; http:// and https:// mean the same.
                  Without one SIGNAL_HUB_URL from the environment
  --token-file F  the hub's token; without it SIGNAL_HUB_TOKEN from the environment. There
                  is no --token: arguments can be read by everybody on the machine
  --cacert FILE   trust this authority's certificate (PEM) besides the system's
  --timeout S     how long to wait for the connection and for an answer (15)
  --json          JSON: an array (actors), an object, or one object per line (--every)
  --help

No token is ever printed, neither ours nor those of the registry.

Exit codes: 0 done; 1 done, and there is something to look at: not healthy, an actor that
is late or stale, entries that could not be read, refused, not delivered, no reply;
2 wrong usage, or an input that cannot be read; 3 no connection, or no answer of the hub.
)"_s;
}

} // namespace pulsedeck
