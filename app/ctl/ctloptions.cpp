// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctloptions.h"

#include "models/fleet/fleetfilter.h"

#include <QRegularExpression>

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

/// Splits the command line into flags, flags with a value, and the rest; false with a problem in \a options.
bool readArguments(const QStringList &arguments, CtlOptions &options, QStringList &words)
{
    bool onlyWords = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (onlyWords || !argument.startsWith(u'-') || argument == u"-") {
            words.append(argument);
            continue;
        }
        if (argument == u"--") {
            onlyWords = true;
            continue;
        }
        const qsizetype equals = argument.indexOf(u'=');
        const QString name = argument.left(equals < 0 ? argument.size() : equals);
        const bool takesValue = name == u"--where" || name == u"--timeout" || name == u"--exit-after";
        if (!takesValue) {
            if (argument == u"--json")
                options.json = true;
            else if (argument == u"--help" || argument == u"-h")
                options.action = CtlOptions::Action::Help;
            else if (argument == u"--version" || argument == u"-v")
                options.action = CtlOptions::Action::Version;
            else
                options.problem = u"There is no such option:"_s + quoted(name) + u". See --help."_s;
            if (!options.problem.isEmpty())
                return false;
            continue;
        }
        if (equals < 0 && i + 1 >= arguments.size()) {
            options.problem = u"A value is missing after "_s + name + u'.';
            return false;
        }
        const QString value = equals < 0 ? arguments.at(++i) : argument.mid(equals + 1);
        if (name == u"--where") {
            options.where = value;
            continue;
        }
        const auto ms = milliseconds(value);
        if (!ms) {
            options.problem = u"After "_s + name + u" a number of seconds is expected, such as 10."_s;
            return false;
        }
        (name == u"--timeout" ? options.timeoutMs : options.exitAfterMs) = *ms;
    }
    return true;
}

} // namespace

CtlOptions CtlOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    CtlOptions options;
    QStringList words;
    if (!readArguments(arguments, options, words))
        return wrong(options.problem);
    if (options.action == Action::Help || options.action == Action::Version)
        return options;

    if (words.isEmpty())
        return wrong(u"What shall be done? list or watch; see --help."_s);
    const QString verb = words.takeFirst();
    if (verb == u"list")
        options.action = Action::List;
    else if (verb == u"watch")
        options.action = Action::Watch;
    else
        return wrong(u"The first word must be list or watch; see --help."_s);
    if (options.action == Action::List && options.exitAfterMs > 0)
        return wrong(u"--exit-after is for watch only."_s);

    const QStringList problems = FleetFilter::parse(options.where).problems();
    if (!problems.isEmpty())
        return wrong(u"--where: "_s + problems.join(u"; "_s));

    QString error;
    for (int i = 0; i < words.size(); ++i) {
        const auto url = RedisUrl::parse(words.at(i), &error);
        if (!url)
            return wrong((words.size() > 1 ? u"Address %1: "_s.arg(i + 1) : QString()) + error);
        options.urls.push_back(*url);
    }
    if (options.urls.empty()) {
        const auto url = RedisUrl::fromEnvironment(environment, &error);
        if (!url) {
            return wrong(error.isEmpty()
                             ? u"Which Redis? Give a URL such as redis://localhost:6379, or set REDIS_URL."_s
                             : error);
        }
        options.urls.push_back(*url);
    }
    return options;
}

QString CtlOptions::helpText()
{
    return uR"(Usage: pulsedeckctl list  [URL…] [--json] [--where FILTER] [--timeout S]
       pulsedeckctl watch [URL…] [--json] [--where FILTER] [--timeout S] [--exit-after S]

Looks at a fleet of workers in one or several Redis; it never writes to them.

  list            prints the fleet once, as a table or as a JSON array
  watch           prints one line per change until interrupted: workers that appear or
                  end, their status and liveness, sources lost and back

  URL             redis://[user[:password]@]host[:port][/db], rediss://… for TLS (with
                  ?cacert=FILE for an authority of your own), unix:///path[?db=N].
                  Without one: REDIS_URL, or REDIS_HOST, REDIS_PORT, REDIS_USERNAME,
                  REDIS_PASSWORD and REDIS_TLS from the environment, which keeps the
                  password out of the list of processes.
  --json          a JSON array (list), or one JSON object per line (watch)
  --where FILTER  only workers that match, for example 'type:chromium age>60s'
  --timeout S     how long to wait for the first full view (15)
  --exit-after S  end watch after so many seconds
  --version, --help

Exit codes: 0 done; 1 done, and a worker was seen that is late, stale, a zombie, without
TTL or garbled; 2 wrong usage; 3 no connection to a Redis.
)"_s;
}

} // namespace pulsedeck
