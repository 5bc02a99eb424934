// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/controlline.h"
#include "app/simulator/fleetoptions.h"
#include "app/simulator/seededrandom.h"
#include "app/simulator/simworker.h"
#include "app/simulator/timingwheel.h"
#include "app/simulator/workertable.h"
#include "tests/support/testprogram.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace pulsedeck;
using namespace pulsedeck::fleet;

/// The parts of the simulator that need no Redis.
class FleetPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void optionsAreRead();
    void demoHasQuickTiming();
    void wrongOptionsAreNamed_data();
    void wrongOptionsAreNamed();
    void noPasswordInMessages();
    void environmentIsAsked();
    void controlLines_data();
    void controlLines();
    void sharesAreExactAndRepeatable();
    void idsDependOnSeedAlone();
    void tableFindsPresentIdOnly();
    void wheelFiresInOrder();
    void wheelKeepsWhatIsBeyondItsTurn();
    void wheelLetsFiredScheduleAnew();

private:
    static FleetOptions::Parsed parse(const QStringList &arguments)
    {
        return FleetOptions::parse(QStringList(QStringLiteral("pulsedeck-fleet")) + arguments, QProcessEnvironment());
    }
};

void FleetPartsTest::optionsAreRead()
{
    const auto parsed = parse({QStringLiteral("unix:///tmp/x.sock?db=2"), QStringLiteral("--workers"), QStringLiteral("7"),
                               QStringLiteral("--heartbeat"), QStringLiteral("0.25"), QStringLiteral("--ttl"),
                               QStringLiteral("3"), QStringLiteral("--seed"), QStringLiteral("18446744073709551615"),
                               QStringLiteral("--fail"), QStringLiteral("late=0.1"), QStringLiteral("hang=20%"),
                               QStringLiteral("--fail"), QStringLiteral("sigterm=0.05,skew=0.5")});
    QCOMPARE(parsed.text, QString());
    QCOMPARE(parsed.outcome, FleetOptions::Outcome::Run);
    const FleetOptions &options = parsed.options;
    QCOMPARE(options.url.path, QStringLiteral("/tmp/x.sock"));
    QCOMPARE(options.url.database, 2);
    QCOMPARE(options.workers, 7);
    QCOMPARE(options.timing.heartbeatInterval, 250);
    QCOMPARE(options.timing.workerKeyTtl, 3000);
    QCOMPARE(options.seed, std::numeric_limits<quint64>::max());
    QCOMPARE(options.shares.share(FailureMode::Late), 0.1);
    QCOMPARE(options.shares.share(FailureMode::Hang), 0.2);
    QCOMPARE(options.shares.share(FailureMode::Leave), 0.05);
    QCOMPARE(options.shares.share(FailureMode::Skew), 0.5);
    QVERIFY(!options.publishTiming);
}

void FleetPartsTest::demoHasQuickTiming()
{
    const auto parsed =
        parse({QStringLiteral("/tmp/x.sock"), QStringLiteral("--demo"), QStringLiteral("--ttl"), QStringLiteral("9")});
    QCOMPARE(parsed.outcome, FleetOptions::Outcome::Run);
    QCOMPARE(parsed.options.timing.heartbeatInterval, TimingProfile::demo().heartbeatInterval);
    QCOMPARE(parsed.options.timing.workerKeyTtl, 9000);
    QVERIFY(parsed.options.publishTiming);
}

void FleetPartsTest::wrongOptionsAreNamed_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *arguments, const char *named) {
        QTest::newRow(arguments) << QString::fromUtf8(arguments) << QString::fromUtf8(named);
    };
    row("", "No Redis URL");
    row("/s /t", "One Redis URL");
    row("/s --workers 0", "--workers");
    row("/s --workers 1.5", "--workers");
    row("/s --workers many", "“many”");
    row("/s --heartbeat 0", "--heartbeat");
    row("/s --heartbeat nan", "--heartbeat");
    row("/s --heartbeat -1", "--heartbeat");
    row("/s --ttl 2.5", "--ttl");
    row("/s --command-ttl 0", "--command-ttl");
    row("/s --sessions 1.1", "--sessions");
    row("/s --seed x", "--seed");
    row("/s --fail sleep=0.1", "sleep=0.1");
    row("/s --fail late", "late");
    row("/s --fail late=2", "late=2");
    row("/s --fail late=x", "late=x");
    row("/s --fail late=0.6 --fail hang=0.6", "more than 1");
    row("/s --parent-pid 0", "--parent-pid");
    row("/s --frobnicate", "frobnicate");
    row("ftp://x", "redis://");
}

void FleetPartsTest::wrongOptionsAreNamed()
{
    QFETCH(QString, arguments);
    QFETCH(QString, named);
    const auto parsed = parse(arguments.split(u' ', Qt::SkipEmptyParts));
    QCOMPARE(parsed.outcome, FleetOptions::Outcome::Wrong);
    QVERIFY2(parsed.text.contains(named), qPrintable(parsed.text));
}

void FleetPartsTest::noPasswordInMessages()
{
    for (const char *url : {"redis://me:hunter2@host:notaport", "redis://me:hunter2@", "nonsense://me:hunter2@h"}) {
        const auto parsed = parse({QString::fromLatin1(url)});
        QCOMPARE(parsed.outcome, FleetOptions::Outcome::Wrong);
        QVERIFY2(!parsed.text.contains(u"hunter2"), qPrintable(parsed.text));
    }
}

void FleetPartsTest::environmentIsAsked()
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("REDIS_URL"), QStringLiteral("redis://example.test:7000"));
    const auto parsed = FleetOptions::parse({QStringLiteral("pulsedeck-fleet")}, environment);
    QCOMPARE(parsed.outcome, FleetOptions::Outcome::Run);
    QCOMPARE(parsed.options.url.port, 7000);
}

void FleetPartsTest::controlLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("understood");
    QTest::addColumn<int>("verb");
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("seconds"); // 0: not set.
    using Verb = ControlLine::Verb;
    const auto row = [](const char *line, bool understood, Verb verb = Verb::Nothing, FailureMode mode = FailureMode::None,
                        int count = 1, double seconds = 0) {
        QTest::newRow(line) << QByteArray(line) << understood << int(verb) << int(mode) << count << seconds;
    };
    row("", true);
    row("  # a comment", true);
    row("status", true, Verb::Status);
    row("quit\r", true, Verb::Quit);
    row("crash", true, Verb::Mode, FailureMode::Crash);
    row("crash 5", true, Verb::Mode, FailureMode::Crash, 5);
    row("hang  3   10.5", true, Verb::Mode, FailureMode::Hang, 3, 10.5);
    row("skew 2 -4200", true, Verb::Mode, FailureMode::Skew, 2, -4200);
    row("sigterm 2", true, Verb::Mode, FailureMode::Leave, 2);
    row("drain 3", true, Verb::Drain, FailureMode::None, 3);
    row("drain-set", true, Verb::DrainSet);
    row("outage 8", true, Verb::Outage, FailureMode::Outage, 1, 8);
    row("outage 8 3", true, Verb::Mode, FailureMode::Outage, 3, 8);
    row("hang 3 -10", false);
    row("crash 0", false);
    row("crash five", false);
    row("crash 1 2 3", false);
    row("status now", false);
    row("untyped 1", false);
    row("explode", false);
    row("\xff\xfe", false);
}

void FleetPartsTest::controlLines()
{
    QFETCH(QByteArray, line);
    QString problem;
    const auto order = ControlLine::parse(line, &problem);
    QTEST(order.has_value(), "understood");
    QCOMPARE(problem.isEmpty(), order.has_value());
    if (!order)
        return;
    QTEST(int(order->verb), "verb");
    QTEST(int(order->mode), "mode");
    QTEST(order->count, "count");
    QTEST(order->seconds.value_or(0), "seconds");
}

void FleetPartsTest::sharesAreExactAndRepeatable()
{
    FailureShares shares;
    shares.setShare(FailureMode::Late, 0.1);
    shares.setShare(FailureMode::Crash, 0.03);
    shares.setShare(FailureMode::Outage, 0.5); // Belongs to no worker.
    const auto modes = shares.assign(1000, SeededRandom(4));
    QCOMPARE(std::count(modes.begin(), modes.end(), FailureMode::Late), 100);
    QCOMPARE(std::count(modes.begin(), modes.end(), FailureMode::Crash), 30);
    QCOMPARE(std::count(modes.begin(), modes.end(), FailureMode::None), 870);
    QVERIFY(shares.assign(1000, SeededRandom(4)) == modes);
    QVERIFY(shares.assign(1000, SeededRandom(5)) != modes);
}

void FleetPartsTest::idsDependOnSeedAlone()
{
    const SeededRandom random(9);
    SimWorker worker;
    worker.assume(3, 17, true, random);
    const QByteArray id = worker.id().toByteArray();
    static const QRegularExpression shape(
        QStringLiteral("^(chromium|firefox|webkit):[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
    QVERIFY(shape.match(QString::fromLatin1(id)).hasMatch());
    QCOMPARE(worker.key().toByteArray(), "worker:" + id);
    QCOMPARE(worker.commandKey().toByteArray(), "worker:cmd:" + id);
    QCOMPARE(worker.type().toByteArray() + ':' + worker.uuid().toByteArray(), id);

    SimWorker same;
    same.assume(3, 17, true, SeededRandom(9));
    QCOMPARE(same.id().toByteArray(), id);
    same.assume(3, 17, true, SeededRandom(10));
    QVERIFY(same.id().toByteArray() != id);
    same.assume(3, 17, false, random);
    QCOMPARE(same.id().toByteArray(), worker.uuid().toByteArray());
    QVERIFY(same.type().isEmpty());

    static const QRegularExpression address(
        QStringLiteral("^ws://10\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}:\\d{4,5}/playwright/[0-9a-f-]{36}$"));
    const QByteArray endpoint = endpointOf(3, 17, random);
    QVERIFY2(address.match(QString::fromLatin1(endpoint)).hasMatch(), endpoint.constData());
    const QByteArray next = endpointOf(3, 18, random);
    QVERIFY(next != endpoint);
    QCOMPARE(next.split('/')[2], endpoint.split('/')[2]); // A replacement gets the address, and a path of its own.
}

void FleetPartsTest::tableFindsPresentIdOnly()
{
    const SeededRandom random(1);
    WorkerTable table;
    const quint32 slot = table.addSlot();
    table.assume(slot, true, random);
    const QByteArray first = table[slot].id().toByteArray();
    QCOMPARE(table.find(first), qint64(slot));
    table.assume(slot, true, random);
    QCOMPARE(table.find(first), -1);
    QCOMPARE(table.find(table[slot].id()), qint64(slot));
    table.freeSlot(slot);
    QCOMPARE(table.addSlot(), slot);
    QCOMPARE(table.addSlot(), slot + 1);
}

void FleetPartsTest::wheelFiresInOrder()
{
    TimingWheel wheel(1'000'000);
    wheel.schedule(1'000'300, Event::Beat, 3, 0);
    wheel.schedule(1'000'100, Event::Beat, 1, 0);
    wheel.schedule(1'000'200, Event::Beat, 2, 0);
    wheel.schedule(999'000, Event::Beat, 0, 0); // Due already: fires at the next tick.
    std::vector<quint32> fired;
    const auto note = [&fired](const TimingWheel::Entry &entry) { fired.push_back(entry.slot); };
    wheel.advance(1'000'009, note);
    QCOMPARE(fired, std::vector<quint32>{});
    wheel.advance(1'000'199, note);
    QCOMPARE(fired, (std::vector<quint32>{0, 1}));
    wheel.advance(1'000'300, note);
    QCOMPARE(fired, (std::vector<quint32>{0, 1, 2, 3}));
    QCOMPARE(wheel.size(), size_t(0));
}

void FleetPartsTest::wheelKeepsWhatIsBeyondItsTurn()
{
    TimingWheel wheel(0);
    const qint64 hour = 3'600'000;
    wheel.schedule(hour, Event::Beat, 7, 0);
    int fired = 0;
    const auto note = [&fired](const TimingWheel::Entry &) { ++fired; };
    wheel.advance(hour - 1, note);
    QCOMPARE(fired, 0);
    QCOMPARE(wheel.size(), size_t(1));
    wheel.advance(hour, note);
    QCOMPARE(fired, 1);
}

void FleetPartsTest::wheelLetsFiredScheduleAnew()
{
    TimingWheel wheel(0);
    wheel.schedule(100, Event::Beat, 0, 0);
    std::vector<qint64> ticks;
    wheel.advance(1000, [&](const TimingWheel::Entry &entry) {
        ticks.push_back(entry.tick);
        wheel.schedule((entry.tick + 20) * TimingWheel::tickMs, Event::Beat, 0, 0);
    });
    QCOMPARE(ticks, (std::vector<qint64>{10, 30, 50, 70, 90}));
}

PULSEDECK_TEST(FleetPartsTest, runWithEvents)
#include "fleetparts_test.moc"
