// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/fleetoptions.h"

#include "app/simulator/simulatedsystems.h"

#include <QCommandLineParser>
#include <QRandomGenerator>

#include <cmath>
#include <functional>
#include <type_traits>
#include <vector>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr qint64 longestMs = 20LL * 24 * 3600 * 1000; // A QTimer takes no more than 24 days.

constexpr char description[] = "Simulates a fleet of browser workers and their proxy in Redis, and a Signal Hub.\n\n"
                               "Failure modes: %1.\n\n"
                               "Commands are read from standard input, one per line:\n"
                               "  MODE [N [SECONDS]]      a failure mode begins in N workers (1)\n"
                               "  outage [SECONDS [N]]    all workers, or N, lose their connection (8 s)\n"
                               "  drain [N]               the proxy tells N workers to shut down\n"
                               "  drain-set [N]           the same without a message: read at the next heartbeat\n"
                               "  status, quit\n"
                               "  hub …                   to the hub: wipe, kill [N], down [S], miss [N], crash [N [S]],\n"
                               "                          leave [N], deaf [N], refuse [N], slow [N [S]], status;\n"
                               "                          silent, late [S], twice, shuffle, astray, garble, binary,\n"
                               "                          fragments, oversize, imitate, normal\n"
                               "SECONDS is how long a crashed worker is down before it returns under its id, how\n"
                               "long a hang lasts, how far a clock is ahead, and for late, garbage, wrong-type and\n"
                               "no-ttl when it is over.\n\n"
                               "With --layout a fleet of another system: %2. Its lines are\n"
                               "  VERB [N|ID|all [SECONDS]]  quiet, stop, kill, hang, restart, work, lose: N processes\n"
                               "                          (1), one, or all; SECONDS for hang and work\n"
                               "  jobs [N [QUEUE]]        N jobs more wait in a queue\n"
                               "  flush                   the keys of all its processes are lost\n"
                               "  outage [SECONDS], status, quit, and what that system alone has: docs/simulator.md\n\n"
                               "SIGUSR1 begins the next failure mode in turn, SIGUSR2 an outage; SIGTERM and SIGINT\n"
                               "end everything in order. Exit codes: 0 ended as requested, 2 wrong usage, 3 no\n"
                               "connection at the start.";

/// The options: each is declared with its help, its limits and the place its value goes to. Keeps the first mistake.
class OptionTable
{
public:
    enum class Kind { Fraction, Whole };

    void flag(const char *name, const char *help, bool *place, bool value = true, const char *shortName = nullptr)
    {
        QStringList names{QString::fromLatin1(name)};
        if (shortName)
            names.append(QString::fromLatin1(shortName));
        m_parser.addOption(QCommandLineOption(names, QString::fromUtf8(help)));
        m_readers.push_back([this, name, place, value] { *place = has(name) ? value : *place; });
    }

    /// A number from \a low to \a high, which is multiplied by \a factor.
    template <typename Number>
    void add(Kind kind, const char *name, const char *value, const char *help, double low, double high, Number *place,
             double factor = 1)
    {
        declare(name, value, help);
        m_readers.push_back([this, kind, name, low, high, place, factor] {
            if (!has(name))
                return;
            const QString text = this->value(name);
            bool ok = false;
            const double read = kind == Kind::Whole ? double(text.toLongLong(&ok)) : text.toDouble(&ok);
            constexpr int digits = 12;
            if (!ok || !std::isfinite(read) || read < low || read > high)
                fail(u"--%1 takes a %2 from %3 to %4, not “%5”"_s.arg(
                    QLatin1StringView(name), kind == Kind::Whole ? u"whole number"_s : u"number"_s,
                    QString::number(low, 'g', digits), QString::number(high, 'g', digits), text));
            else if constexpr (std::is_integral_v<Number>)
                *place = Number(std::llround(read * factor));
            else
                *place = read * factor;
        });
    }

    /// Seconds, into milliseconds. Those for EXPIRE and EX are whole ones.
    void seconds(const char *name, const char *help, qint64 lowMs, qint64 *place, Kind kind = Kind::Fraction)
    {
        add(kind, name, "S", help, double(lowMs) / 1000.0, double(longestMs) / 1000.0, place, 1000.0);
    }

    void declare(const char *name, const char *value, const char *help)
    {
        m_parser.addOption(QCommandLineOption(QString::fromLatin1(name), QString::fromUtf8(help), QString::fromLatin1(value)));
    }

    QCommandLineParser &parser() { return m_parser; }
    bool has(const char *name) const { return m_parser.isSet(QString::fromLatin1(name)); }
    QString value(const char *name) const { return m_parser.value(QString::fromLatin1(name)); }
    /// After parsing: puts each value into its place.
    void read() const
    {
        for (const auto &reader : m_readers)
            reader();
    }
    void fail(const QString &message) { m_error = m_error.isEmpty() ? message : m_error; }
    QString error() const { return m_error; }

private:
    QCommandLineParser m_parser;
    std::vector<std::function<void()>> m_readers;
    QString m_error;
};

/// Reads MODE=SHARE, the share as a number from 0 to 1 or in percent. False if it is not meant as one.
bool readShare(const QString &text, FailureShares *shares, OptionTable *table, bool mustBeOne)
{
    const qsizetype equals = text.indexOf(u'=');
    const auto mode = failureModeFromName(text.left(equals));
    if (equals < 0 || !mode) {
        if (mustBeOne) {
            table->fail(u"--fail takes MODE=SHARE, not “%1”; the modes are %2"_s.arg(text, failureModeNames().join(u", "_s)));
        }
        return false;
    }
    QString number = text.mid(equals + 1);
    const bool percent = number.endsWith(u'%');
    if (percent)
        number.chop(1);
    bool ok = false;
    const double share = number.toDouble(&ok) / (percent ? 100.0 : 1.0);
    if (!ok || !std::isfinite(share) || share < 0 || share > 1)
        table->fail(u"The share in “%1” is not a number from 0 to 1"_s.arg(text));
    else
        shares->setShare(*mode, share);
    return true;
}

void declareOptions(OptionTable *table, FleetOptions *options, bool *help, bool *version)
{
    using Kind = OptionTable::Kind;
    TimingProfile &timing = options->timing;
    HubOptions &hub = options->hub;
    table->declare("layout", "NAME", "The system whose fleet is simulated (playwright).");
    table->declare("queues", "NAMES", "Queues of such a system, with commas (as is usual there).");
    table->add(Kind::Fraction, "speed", "F", "The beats, TTLs and waits of such a system are F times as short (1).", 0.01, 1000,
               &options->speed);
    table->add(Kind::Whole, "release", "N", "Major version of such a system, where they differ (its newest).", 0, 99,
               &options->release);
    table->add(Kind::Whole, "workers", "N", "Number of workers, 1 to 200000 (20).", 1, 200'000, &options->workers);
    table->seconds("heartbeat", "Heartbeat interval in seconds, fractions allowed (10).", 50, &timing.heartbeatInterval);
    table->seconds("ttl", "TTL of a worker's key, whole seconds (30).", 1000, &timing.workerKeyTtl, Kind::Whole);
    table->seconds("command-ttl", "TTL of a shutdown command, whole seconds (60).", 1000, &timing.shutdownCommandTtl,
                   Kind::Whole);
    table->seconds("drain-timeout", "Drain timeout in seconds (30).", 100, &timing.drainTimeout);
    table->seconds("reaper-interval", "Time between two runs of the reaper in seconds (300).", 100, &timing.reaperRunInterval);
    table->seconds("stale-threshold", "Age of a heartbeat that counts as stale, in seconds; only published (30).", 100,
                   &timing.reaperStaleThreshold);
    table->add(Kind::Fraction, "sessions", "F", "Share of all slots in use on average, 0 for no sessions (0.3).", 0, 1,
               &options->sessions);
    table->add(Kind::Whole, "slots", "N", "Sessions one worker takes at a time (5).", 1, 1000, &options->slotsPerWorker);
    table->seconds("session-length",
                   "Mean length of a session in seconds (30); longer where more than 500 would begin in a second.", 50,
                   &options->sessionLength);
    table->seconds("waves",
                   "Jobs of another system come in waves of so many seconds, more than can be done at their height (evenly).", 0,
                   &options->waves);
    table->add(Kind::Whole, "lifetime-limit", "N", "Sessions after which the proxy ends a worker, 0 for no limit (50).", 0,
               1'000'000'000, &options->lifetimeLimit);
    table->add(Kind::Fraction, "churn", "R", "Share of the fleet that ends in order and is replaced, per minute (0).", 0, 60,
               &options->churn);
    table->declare("seed", "N", "Makes ids, jitter and failures repeatable.");
    table->add(Kind::Fraction, "jitter", "F", "Spread of a heartbeat around its interval, as a share of it (0.02).", 0, 0.5,
               &options->jitter);
    table->declare("fail", "MODE=SHARE", "Share of the workers that show a failure mode; may be given several times.");
    table->add(Kind::Fraction, "return-share", "F", "Share of crashed workers that come back under their id (0.3).", 0, 1,
               &options->returnShare);
    table->seconds("down-time", "From a crash to the return or the replacement, in seconds (three TTLs).", 0, &options->downTime);
    table->seconds("replace-after", "From an orderly end to the replacement, in seconds (3).", 0, &options->replaceAfter);
    table->flag("publish-timing", "Writes the timing to fleet:timing at the start if nothing is there.", &options->publishTiming);
    table->seconds("stats-every", "Prints a line of figures every so many seconds.", 0, &options->statsEvery);
    table->add(Kind::Whole, "parent-pid", "PID", "Ends as soon as this process, its parent, has ended.", 1,
               double((qint64(1) << 31) - 1), &options->parentPid);
    table->seconds("exit-after", "Ends in order after so many seconds.", 0, &options->exitAfter);
    table->flag("demo", "Short intervals, and every failure mode in a few workers, repeatedly.", &options->demo);
    table->add(Kind::Whole, "hub-port", "P", "Simulates a Signal Hub on this port of the loopback interface; 0 picks one.", 0,
               65'535, &hub.port);
    table->add(Kind::Whole, "actors", "N", "Actors registered with the hub, 0 to 50000 (0).", 0, 50'000, &hub.actors);
    table->seconds("actor-ttl", "TTL of an actor's registration, whole seconds up to 3600 (300).", 1000, &hub.actorTtl,
                   Kind::Whole);
    table->declare("hub-auth", "SECRET", "The hub requires tokens signed with it (HS256); also PULSEDECK_HUB_SECRET.");
    table->flag("hub-keeps", "The hub does not forget everything after ten seconds of silence.", &hub.forgets, false);
    table->flag("quiet-actors", "The heartbeats of the actors do not keep the hub awake.", &hub.quietActors);
    table->flag("version", "Prints the version.", version);
    table->flag("help", "Prints this help.", help, true, "h");
}

/// What --demo sets, before the other options are read.
void takeDemo(FleetOptions *options)
{
    options->timing = TimingProfile::demo();
    options->workers = 60;
    options->publishTiming = true;
    options->slotsPerWorker = 4;
    options->sessions = 0.35;
    options->sessionLength = 12'000;
    options->lifetimeLimit = 70;
    options->shares.setShare(FailureMode::Untyped, 0.05);
    options->hub.actorTtl = 20'000;
}

} // namespace

qint64 wholeSeconds(qint64 milliseconds)
{
    return qMax<qint64>(1, (milliseconds + 999) / 1000);
}

FleetOptions::Parsed FleetOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    Parsed result;
    FleetOptions &options = result.options;
    bool help = false;
    bool version = false;
    OptionTable table;
    QCommandLineParser &parser = table.parser();
    parser.setApplicationDescription(
        QString::fromUtf8(description).arg(failureModeNames().join(u", "_s), simulatedSystems().join(u", "_s)));
    parser.addPositionalArgument(u"URL"_s, u"Redis, as redis://[user:password@]host:port/db, rediss://… or unix:///path; "
                                           "otherwise REDIS_URL or REDIS_HOST of the environment."_s);
    declareOptions(&table, &options, &help, &version);
    if (!parser.parse(arguments)) {
        result.text = parser.errorText();
        return result;
    }
    if (table.has("demo"))
        takeDemo(&options);
    table.read();
    if (help || version) {
        result.outcome = Outcome::Say;
        result.text = help ? parser.helpText() : u"pulsedeck-fleet " PULSEDECK_VERSION "\n"_s;
        return result;
    }
    HubOptions &hub = options.hub;
    constexpr qint64 longestTtl = 3'600'000;
    hub.actorTtl = qMin(hub.actorTtl, longestTtl);
    hub.secret = (table.has("hub-auth") ? table.value("hub-auth") : environment.value(u"PULSEDECK_HUB_SECRET"_s)).toUtf8();
    if (hub.actors > 0 && !hub.isWanted())
        table.fail(u"--actors needs --hub-port"_s);
    if (table.has("seed")) {
        bool ok = false;
        options.seed = table.value("seed").toULongLong(&ok);
        if (!ok)
            table.fail(u"--seed takes a whole number, not “%1”"_s.arg(table.value("seed")));
    } else {
        options.seed = QRandomGenerator::system()->generate64() >> 16; // Short enough to be typed again.
    }
    for (const QString &value : parser.values(u"fail"_s)) {
        for (const QString &part : value.split(u','))
            readShare(part, &options.shares, &table, true);
    }
    QStringList urls;
    for (const QString &argument : parser.positionalArguments()) {
        if (!readShare(argument, &options.shares, &table, false)) // "--fail late=0.1 hang=0.1" reads naturally.
            urls.append(argument);
    }
    if (table.has("layout"))
        options.layout = table.value("layout");
    if (options.layout != u"playwright" && !simulatedSystems().contains(options.layout)) {
        table.fail(u"--layout takes playwright, %1, not “%2”"_s.arg(simulatedSystems().join(u", "_s), options.layout));
    }
    if (table.has("queues"))
        options.queues = table.value("queues").split(u',', Qt::SkipEmptyParts);
    if (table.has("queues") && options.queues.isEmpty())
        table.fail(u"--queues takes names with commas between them"_s);
    if (options.shares.total() > 1.0 + 1e-9)
        table.fail(u"The shares of --fail add up to more than 1"_s);
    if (urls.size() > 1)
        table.fail(u"One Redis URL is taken, %1 were given"_s.arg(urls.size()));

    result.text = table.error();
    if (!result.text.isEmpty())
        return result;
    QString urlError;
    const auto url =
        urls.isEmpty() ? RedisUrl::fromEnvironment(environment, &urlError) : RedisUrl::parse(urls.first(), &urlError);
    if (!url && urlError.isEmpty() && options.hub.isWanted()) {
        options.hasRedis = false;
        result.outcome = Outcome::Run;
        return result;
    }
    if (!url) {
        result.text = urlError.isEmpty() ? u"No Redis URL is given, and neither REDIS_URL nor REDIS_HOST is set"_s : urlError;
        return result;
    }
    options.url = *url;
    result.outcome = Outcome::Run;
    return result;
}

} // namespace pulsedeck::fleet
