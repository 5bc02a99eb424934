// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/fleetoptions.h"

#include <QCommandLineParser>
#include <QRandomGenerator>

#include <cmath>

namespace pulsedeck::fleet {

namespace {

constexpr qint64 longestMs = 20LL * 24 * 3600 * 1000; // A QTimer takes no more than 24 days.

constexpr char description[] = "Simulates a fleet of browser workers and their proxy on a Redis.\n\n"
                               "Failure modes: %1.\n\n"
                               "Commands are read from standard input, one a line:\n"
                               "  MODE [N [SECONDS]]      a failure mode begins in N workers (1)\n"
                               "  outage [SECONDS [N]]    all workers, or N, lose Redis (8 s)\n"
                               "  drain [N]               the proxy commands N workers to shut down\n"
                               "  drain-set [N]           the same without a message: found at the next beat\n"
                               "  status, quit\n"
                               "  hub …                   to the hub: wipe, kill [N], down [S], miss [N], crash [N [S]],\n"
                               "                          leave [N], deaf [N], refuse [N], slow [N [S]], status;\n"
                               "                          silent, late [S], twice, shuffle, astray, garble, binary,\n"
                               "                          fragments, oversize, imitate, normal\n"
                               "SECONDS is how long a crashed worker is down before it returns under its id, how\n"
                               "long a hang lasts, how far a clock is ahead, and for late, garbage, wrong-type and\n"
                               "no-ttl when it is over.\n\n"
                               "SIGUSR1 begins the next failure mode in turn, SIGUSR2 an outage; SIGTERM and SIGINT\n"
                               "end everything in an orderly way. Exit codes: 0 ended as asked, 2 wrong usage, 3 no\n"
                               "connection at the start.";

/// Reads the values of one command line, keeping the first thing that is wrong.
class ValueReader
{
public:
    explicit ValueReader(const QCommandLineParser &parser)
        : m_parser(parser)
    { }

    QString error() const { return m_error; }
    bool has(const QString &name) const { return m_parser.isSet(name); }

    void number(const QString &name, double low, double high, double *value)
    {
        if (!has(name))
            return;
        const QString text = m_parser.value(name);
        bool ok = false;
        const double read = text.toDouble(&ok);
        if (!ok || !std::isfinite(read) || read < low || read > high)
            fail(QStringLiteral("--%1 takes a number from %2 to %3, not “%4”").arg(name).arg(low).arg(high).arg(text));
        else
            *value = read;
    }

    void integer(const QString &name, qint64 low, qint64 high, qint64 *value)
    {
        if (!has(name))
            return;
        const QString text = m_parser.value(name);
        bool ok = false;
        const qint64 read = text.toLongLong(&ok);
        if (!ok || read < low || read > high)
            fail(QStringLiteral("--%1 takes a whole number from %2 to %3, not “%4”").arg(name).arg(low).arg(high).arg(text));
        else
            *value = read;
    }

    void integer(const QString &name, int low, int high, int *value)
    {
        qint64 read = *value;
        integer(name, qint64(low), qint64(high), &read);
        *value = int(read);
    }

    /// Seconds to milliseconds.
    void seconds(const QString &name, qint64 lowMs, qint64 *milliseconds)
    {
        double read = double(*milliseconds) / 1000.0;
        number(name, double(lowMs) / 1000.0, double(longestMs) / 1000.0, &read);
        *milliseconds = std::llround(read * 1000.0);
    }

    /// EXPIRE and EX take whole seconds, and a worker has no finer ones.
    void wholeSecondsOnly(const QString &name, qint64 *milliseconds)
    {
        qint64 read = *milliseconds / 1000;
        integer(name, 1, longestMs / 1000, &read);
        *milliseconds = read * 1000;
    }

    void fail(const QString &message)
    {
        if (m_error.isEmpty())
            m_error = message;
    }

private:
    const QCommandLineParser &m_parser;
    QString m_error;
};

/// Reads MODE=SHARE, the share as a number from 0 to 1 or in percent. False if it is not meant as one.
bool readShare(const QString &text, FailureShares *shares, ValueReader *reader, bool mustBeOne)
{
    const qsizetype equals = text.indexOf(u'=');
    const auto mode = failureModeFromName(text.left(equals));
    if (equals < 0 || !mode) {
        if (mustBeOne) {
            reader->fail(QStringLiteral("--fail takes MODE=SHARE, not “%1”; the modes are %2")
                             .arg(text, failureModeNames().join(QStringLiteral(", "))));
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
        reader->fail(QStringLiteral("The share in “%1” is not a number from 0 to 1").arg(text));
    else
        shares->setShare(*mode, share);
    return true;
}

void addOptions(QCommandLineParser *parser)
{
    const auto add = [parser](const char *name, const char *value, const char *text) {
        parser->addOption(QCommandLineOption(QString::fromLatin1(name), QString::fromUtf8(text), QString::fromLatin1(value)));
    };
    const auto addFlag = [parser](const char *name, const char *text) {
        parser->addOption(QCommandLineOption(QString::fromLatin1(name), QString::fromUtf8(text)));
    };
    add("workers", "N", "Number of workers, 1 to 200000 (20).");
    add("heartbeat", "S", "Heartbeat interval in seconds, fractions allowed (10).");
    add("ttl", "S", "TTL of a worker's key, whole seconds (30).");
    add("command-ttl", "S", "TTL of a shutdown command, whole seconds (60).");
    add("drain-timeout", "S", "Drain timeout in seconds (30).");
    add("reaper-interval", "S", "Time between two runs of the reaper in seconds (300).");
    add("stale-threshold", "S", "Beat age that counts as stale, in seconds; only published (30).");
    add("sessions", "F", "Share of all slots in use on average, 0 for no sessions (0.3).");
    add("slots", "N", "Sessions one worker takes at a time (5).");
    add("session-length", "S", "Mean length of a session in seconds (30); longer where more than 500 would begin in a second.");
    add("lifetime-limit", "N", "Sessions after which the proxy ends a worker, 0 for no limit (50).");
    add("churn", "R", "Share of the fleet that ends in an orderly way and is replaced, per minute (0).");
    add("seed", "N", "Makes ids, jitter and failures repeatable.");
    add("jitter", "F", "Spread of a beat around its interval, as a share of it (0.02).");
    add("fail", "MODE=SHARE", "Share of the workers that show a failure mode; may be given several times.");
    add("return-share", "F", "Share of crashed workers that come back under their id (0.3).");
    add("down-time", "S", "From a crash to the return or the replacement, in seconds (three TTLs).");
    add("replace-after", "S", "From an orderly end to the replacement, in seconds (3).");
    addFlag("publish-timing", "Writes the timing to fleet:timing at the start if nothing is there.");
    add("stats-every", "S", "Prints a line of figures every so many seconds.");
    add("parent-pid", "PID", "Ends at once when this process, its parent, has ended.");
    add("exit-after", "S", "Ends in an orderly way after so many seconds.");
    addFlag("demo", "Quick timing, and every failure mode in a few workers, for ever.");
    add("hub-port", "P", "Simulates a Signal Hub on this port of the loopback; 0 picks one.");
    add("actors", "N", "Actors registered with the hub, 0 to 50000 (0).");
    add("actor-ttl", "S", "TTL of an actor's registration, whole seconds up to 3600 (300).");
    add("hub-auth", "SECRET", "The hub asks for tokens signed with it (HS256); also PULSEDECK_HUB_SECRET.");
    addFlag("hub-keeps", "The hub does not forget everything after ten seconds of silence.");
    addFlag("quiet-actors", "The actors' heartbeats do not keep the hub awake.");
    addFlag("version", "Prints the version.");
    parser->addOption(QCommandLineOption({QStringLiteral("help"), QStringLiteral("h")}, QStringLiteral("Prints this help.")));
}

void readHub(FleetOptions *options, ValueReader *reader, const QCommandLineParser &parser, const QProcessEnvironment &environment)
{
    constexpr qint64 longestTtl = 3'600'000;
    constexpr qint64 demoTtl = 20'000;
    HubOptions &hub = options->hub;
    if (options->demo)
        hub.actorTtl = demoTtl;
    reader->integer(QStringLiteral("hub-port"), 0, 65'535, &hub.port);
    reader->integer(QStringLiteral("actors"), 0, 50'000, &hub.actors);
    reader->wholeSecondsOnly(QStringLiteral("actor-ttl"), &hub.actorTtl);
    hub.actorTtl = qMin(hub.actorTtl, longestTtl);
    hub.forgets = !reader->has(QStringLiteral("hub-keeps"));
    hub.quietActors = reader->has(QStringLiteral("quiet-actors"));
    hub.secret = (reader->has(QStringLiteral("hub-auth")) ? parser.value(QStringLiteral("hub-auth"))
                                                          : environment.value(QStringLiteral("PULSEDECK_HUB_SECRET")))
                     .toUtf8();
    if (hub.actors > 0 && !hub.isWanted())
        reader->fail(QStringLiteral("--actors needs --hub-port"));
}

} // namespace

qint64 wholeSeconds(qint64 milliseconds)
{
    return qMax<qint64>(1, (milliseconds + 999) / 1000);
}

FleetOptions::Parsed FleetOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QString::fromUtf8(description).arg(failureModeNames().join(QStringLiteral(", "))));
    parser.addPositionalArgument(QStringLiteral("URL"),
                                 QStringLiteral("Redis, as redis://[user:password@]host:port/db, rediss://… or unix:///path; "
                                                "otherwise REDIS_URL or REDIS_HOST of the environment."));
    addOptions(&parser);

    Parsed result;
    if (!parser.parse(arguments)) {
        result.text = parser.errorText();
        return result;
    }
    if (parser.isSet(QStringLiteral("help"))) {
        result.outcome = Outcome::Say;
        result.text = parser.helpText();
        return result;
    }
    if (parser.isSet(QStringLiteral("version"))) {
        result.outcome = Outcome::Say;
        result.text = QStringLiteral("pulsedeck-fleet " PULSEDECK_VERSION "\n");
        return result;
    }

    FleetOptions &options = result.options;
    ValueReader reader(parser);
    options.demo = parser.isSet(QStringLiteral("demo"));
    if (options.demo) {
        options.timing = TimingProfile::demo();
        options.workers = 60;
        options.publishTiming = true;
        options.slotsPerWorker = 4;
        options.sessions = 0.35;
        options.sessionLength = 12'000;
        options.lifetimeLimit = 70;
        options.shares.setShare(FailureMode::Untyped, 0.05);
    }
    TimingProfile &timing = options.timing;
    reader.integer(QStringLiteral("workers"), 1, 200'000, &options.workers);
    reader.seconds(QStringLiteral("heartbeat"), 50, &timing.heartbeatInterval);
    reader.wholeSecondsOnly(QStringLiteral("ttl"), &timing.workerKeyTtl);
    reader.wholeSecondsOnly(QStringLiteral("command-ttl"), &timing.shutdownCommandTtl);
    reader.seconds(QStringLiteral("drain-timeout"), 100, &timing.drainTimeout);
    reader.seconds(QStringLiteral("reaper-interval"), 100, &timing.reaperRunInterval);
    reader.seconds(QStringLiteral("stale-threshold"), 100, &timing.reaperStaleThreshold);
    reader.number(QStringLiteral("sessions"), 0, 1, &options.sessions);
    reader.integer(QStringLiteral("slots"), 1, 1000, &options.slotsPerWorker);
    reader.seconds(QStringLiteral("session-length"), 50, &options.sessionLength);
    reader.integer(QStringLiteral("lifetime-limit"), 0, 1'000'000'000, &options.lifetimeLimit);
    reader.number(QStringLiteral("churn"), 0, 60, &options.churn);
    reader.number(QStringLiteral("jitter"), 0, 0.5, &options.jitter);
    reader.number(QStringLiteral("return-share"), 0, 1, &options.returnShare);
    reader.seconds(QStringLiteral("down-time"), 0, &options.downTime);
    reader.seconds(QStringLiteral("replace-after"), 0, &options.replaceAfter);
    reader.seconds(QStringLiteral("stats-every"), 0, &options.statsEvery);
    reader.seconds(QStringLiteral("exit-after"), 0, &options.exitAfter);
    reader.integer(QStringLiteral("parent-pid"), qint64(1), (qint64(1) << 31) - 1, &options.parentPid);
    readHub(&options, &reader, parser, environment);
    options.publishTiming = options.publishTiming || parser.isSet(QStringLiteral("publish-timing"));
    if (parser.isSet(QStringLiteral("seed"))) {
        bool ok = false;
        options.seed = parser.value(QStringLiteral("seed")).toULongLong(&ok);
        if (!ok)
            reader.fail(QStringLiteral("--seed takes a whole number, not “%1”").arg(parser.value(QStringLiteral("seed"))));
    } else {
        options.seed = QRandomGenerator::system()->generate64() >> 16; // Short enough to be typed again.
    }
    for (const QString &value : parser.values(QStringLiteral("fail"))) {
        for (const QString &part : value.split(u','))
            readShare(part, &options.shares, &reader, true);
    }
    QStringList urls;
    for (const QString &argument : parser.positionalArguments()) {
        if (!readShare(argument, &options.shares, &reader, false)) // "--fail late=0.1 hang=0.1" reads naturally.
            urls.append(argument);
    }
    if (options.shares.total() > 1.0 + 1e-9)
        reader.fail(QStringLiteral("The shares of --fail add up to more than 1"));
    if (urls.size() > 1)
        reader.fail(QStringLiteral("One Redis URL is taken, %1 were given").arg(urls.size()));

    result.text = reader.error();
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
        result.text =
            urlError.isEmpty() ? QStringLiteral("No Redis URL is given, and neither REDIS_URL nor REDIS_HOST is set") : urlError;
        return result;
    }
    options.url = *url;
    result.outcome = Outcome::Run;
    return result;
}

} // namespace pulsedeck::fleet
