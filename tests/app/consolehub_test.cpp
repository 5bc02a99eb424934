// SPDX-License-Identifier: GPL-3.0-or-later
// A whole console and a hub in a process of its own, which is killed, wiped and started again under its eyes.
#include "app/console/console.h"
#include "app/journal/sqljournal.h"
#include "app/simulator/hubtoken.h"
#include "models/sources/hubprotocol.h"
#include "tests/app/hubprograms.h"
#include "tests/hub/hubrawclient.h"
#include "tests/support/testapplication.h"
#include "ui/theme/theme.h"
#include "ui/window/mainwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include <csignal>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int limitMs = 30'000;
const QByteArray planner = "@(local/planner-1)";
const QByteArray builder = "@(local/builder-2)";

} // namespace

class ConsoleHubTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static CommandLine withUrl(const QString &url)
    {
        CommandLine line;
        line.fresh = true;
        line.urls = {url};
        return line;
    }
    std::unique_ptr<QSettings> settings(const QString &name) const
    {
        return std::make_unique<QSettings>(m_folder.filePath(name + u".ini"_s), QSettings::IniFormat);
    }
    static SourceStatus status(Console &console) { return console.store().sourceStatus(1); }
    static Worker worker(Console &console, const QByteArray &id) { return console.store().worker(console.store().find(1, id)); }
    static bool isThere(Console &console, const QByteArray &id) { return console.store().find(1, id) != noWorker; }
    static QUuid give(Console &console, Act act, const QByteArray &id)
    {
        CommandRequest request;
        request.act = act;
        request.workers = {console.store().find(1, id)};
        request.reason = u"leaks memory"_s;
        const CommandGroup *group = console.ledger().group(console.ledger().issue(request));
        if (!group)
            qFatal("%s is no worker that can be commanded", id.constData());
        return console.ledger().entry(group->entries.front())->command.id;
    }
    static CommandStage stage(Console &console, const QUuid &id) { return console.ledger().entry(id)->stage; }
    static bool open(Console &console)
    {
        console.access().unlock();
        return QTest::qWaitFor([&] { return status(console).writable; }, limitMs);
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        for (const char *name : {"REDIS_URL", "REDIS_HOST", "SIGNAL_HUB_URL", "SIGNAL_HUB_TOKEN", "PULSEDECK_HUB_SECRET"})
            qunsetenv(name);
        Theme::instance().install(*qApp);
    }

    void actorsAreListedDrainedAndShutDown()
    {
        HubProgram hub;
        QVERIFY(hub.start(12));
        const auto file = settings(u"acts"_s);
        Console console(withUrl(hub.url()), *file);
        QSignalSpy firstView(&console, &Console::firstFullView);
        QString error;
        QVERIFY2(console.start(&error), qPrintable(error));
        QVERIFY(firstView.wait(limitMs));
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().alive, 12, limitMs);
        QCOMPARE(console.store().figures().actors, 12);
        const ActorFacts *facts = console.store().actor(console.store().find(1, planner));
        QVERIFY(facts);
        QCOMPARE(facts->displayName, u"Planner 1"_s);
        QVERIFY(console.hubs().has(1));
        QTRY_COMPARE_WITH_TIMEOUT(console.hubs().view(1).total, 12, limitMs);

        // Locked, nothing is sent.
        const QUuid refused = give(console, Act::Drain, planner);
        QTRY_COMPARE_WITH_TIMEOUT(stage(console, refused), CommandStage::Refused, limitMs);
        QVERIFY(open(console));
        const QUuid drain = give(console, Act::Drain, planner);
        QTRY_COMPARE_WITH_TIMEOUT(stage(console, drain), CommandStage::Done, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(worker(console, planner).status, WorkerStatus::Draining, limitMs);
        const QUuid shutdown = give(console, Act::Shutdown, builder);
        QTRY_COMPARE_WITH_TIMEOUT(stage(console, shutdown), CommandStage::PickedUp, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(stage(console, shutdown), CommandStage::Gone, limitMs);

        // One that hears and says nothing, and one that will not.
        const QByteArray deaf = hub.order("deaf", "hub deaf").split(' ').value(3);
        const QByteArray unwilling = hub.order("refuse", "hub refuse").split(' ').value(3);
        QVERIFY(!deaf.isEmpty() && !unwilling.isEmpty() && deaf != unwilling);
        // Either may have come in the place of the one that was shut down, and not be listed yet.
        QTRY_VERIFY_WITH_TIMEOUT(isThere(console, deaf) && isThere(console, unwilling), limitMs);
        const QUuid unanswered = give(console, Act::Shutdown, deaf);
        const QUuid declined = give(console, Act::Shutdown, unwilling);
        QTRY_COMPARE_WITH_TIMEOUT(stage(console, unanswered), CommandStage::Delivered, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(stage(console, declined), CommandStage::Refused, limitMs);
        QVERIFY(console.ledger().entry(declined)->text.contains(u"cannot be left"_s));
        // They stand among the messages of the hub, with what became of them.
        QStringList results;
        for (const HubLogEntry &entry : console.hubs().log(1)) {
            if (entry.way == HubLogEntry::Way::Command)
                results.append(entry.result);
        }
        QCOMPARE(results.size(), 5);
        QVERIFY2(results.last().contains(u"cannot be left"_s), qPrintable(results.last()));
        // Slow: delivered first, and the answer counts when it comes.
        const QByteArray slow = hub.order("slow 1 4", "hub slow").split(' ').value(3);
        if (slow != deaf && slow != unwilling && slow != planner) {
            QTRY_VERIFY_WITH_TIMEOUT(isThere(console, slow), limitMs);
            const QUuid late = give(console, Act::Shutdown, slow);
            QTRY_COMPARE_WITH_TIMEOUT(stage(console, late), CommandStage::Delivered, limitMs);
            QTRY_COMPARE_WITH_TIMEOUT(stage(console, late), CommandStage::Gone, limitMs);
        }
    }

    void wipedKilledAndRestarted()
    {
        auto hub = std::make_unique<HubProgram>();
        QVERIFY(hub->start(12));
        const auto file = settings(u"eyes"_s);
        Console console(withUrl(hub->url()), *file);
        QString error;
        QVERIFY(console.start(&error));
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().alive, 12, limitMs);
        const auto noneDeparted = [&] { return console.store().figures().departed == 0; };

        hub->process.tell("wipe");
        QTRY_VERIFY_WITH_TIMEOUT(status(console).message.startsWith(u"The hub forgot everything"_s), limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(console.hubs().view(1).vitals.wipes, 1u, limitMs);
        QVERIFY(noneDeparted());
        // Its actors notice with their next heartbeat, and register again.
        QTRY_VERIFY_WITH_TIMEOUT(status(console).message.contains(u"all its actors have registered again"_s), limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().alive, 12, limitMs);
        QVERIFY(noneDeparted());

        const int port = hub->port;
        QCOMPARE(::kill(pid_t(hub->process.pid()), SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(status(console).state, SourceState::Waiting, limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(status(console).message.contains(u"Nothing listens"_s), limitMs);
        QVERIFY2(status(console).hint.contains(u"12 actors is unknown"_s), qPrintable(status(console).hint));
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().unknown, 12, limitMs);
        QVERIFY(noneDeparted());

        hub = std::make_unique<HubProgram>();
        QVERIFY(hub->start(12, {}, port));
        QTRY_COMPARE_WITH_TIMEOUT(status(console).state, SourceState::Sweeping, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().alive, 12, limitMs);
        QVERIFY2(status(console).message.startsWith(u"The hub was restarted"_s), qPrintable(status(console).message));
        QVERIFY(noneDeparted());
        QCOMPARE(console.hubs().view(1).vitals.wipes, 1u); // That was none.
    }

    void anEditedSourceKeepsItsRowsOrNone()
    {
        HubProgram first;
        HubProgram second;
        QVERIFY(first.start(8));
        QVERIFY(second.start(5));
        const auto file = settings(u"edited"_s);
        Console console(withUrl(first.url()), *file);
        QString error;
        QVERIFY2(console.start(&error), qPrintable(error));
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().alive, 8, limitMs);
        const quint32 serial = worker(console, planner).serial;
        const quint32 generation = status(console).generation;

        SourceSettings renamed = console.sources().settings(1);
        renamed.name = u"hub eu"_s;
        console.connectSource(renamed);
        QCOMPARE(console.store().sourceName(1), u"hub eu"_s);
        QCOMPARE(worker(console, planner).serial, serial);
        QCOMPARE(status(console).generation, generation);

        // Another hub under the same source: of the old one's rows none is left, and none of them has departed.
        SourceSettings moved = renamed;
        moved.port = second.port;
        console.connectSource(moved);
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().alive, 5, limitMs);
        QCOMPARE(console.store().figures().total, 5);
        QCOMPARE(console.store().figures().departed, 0);
        QVERIFY(worker(console, planner).serial != serial);
        for (const WorkerHandle handle : {console.store().find(1, planner), console.store().find(1, builder)})
            QVERIFY(console.store().actor(handle));
    }

    void twoConsolesOnOneHub()
    {
        HubProgram hub;
        QVERIFY(hub.start(6));
        const auto fileA = settings(u"a"_s);
        const auto fileB = settings(u"b"_s);
        Console a(withUrl(hub.url()), *fileA);
        Console b(withUrl(hub.url()), *fileB);
        QVERIFY(a.hubAddress() != b.hubAddress());
        QString error;
        QVERIFY(a.start(&error) && b.start(&error));
        QTRY_VERIFY_WITH_TIMEOUT(isThere(a, planner) && isThere(b, planner), limitMs);
        QVERIFY(open(a) && open(b));
        const QUuid byA = give(a, Act::Drain, planner);
        const QUuid byB = give(b, Act::Shutdown, builder);
        QTRY_COMPARE_WITH_TIMEOUT(stage(a, byA), CommandStage::Done, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(stage(b, byB), CommandStage::Gone, limitMs);
        // Each sees what the other has done.
        QTRY_COMPARE_WITH_TIMEOUT(worker(b, planner).status, WorkerStatus::Draining, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(worker(a, builder).liveness, Liveness::Departed, limitMs);
        // Neither has thrown the other out, and each sees the other registered.
        QCOMPARE(status(a).generation, 1u);
        QCOMPARE(status(b).generation, 1u);
        QTRY_VERIFY_WITH_TIMEOUT(isThere(a, b.hubAddress().toUtf8()), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(isThere(b, a.hubAddress().toUtf8()), limitMs);
        QVERIFY(!isThere(a, a.hubAddress().toUtf8()));
    }

    void tokens()
    {
        HubProgram hub;
        QVERIFY(hub.start(3, {u"--hub-auth"_s, u"open sesame"_s}));
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        const auto token = [&](const QByteArray &secret, qint64 life = 3'600) {
            return fleet::HubToken::issue(u"desktop/console"_s, secret, now, life);
        };
        const auto file = settings(u"tokens"_s);
        CommandLine line;
        line.fresh = true;
        Console console(line, *file);
        QString error;
        QVERIFY(console.start(&error));
        HubAddress address;
        address.port = hub.port;
        SourceSettings source = hubSettings(address);
        source.id = 1;
        const auto connect = [&](TokenFrom from, const QByteArray &typed) {
            source.tokenFrom = from;
            source.token = QString::fromLatin1(typed);
            console.connectSource(source);
        };
        const auto fails = [&](const QString &words) {
            return QTest::qWaitFor(
                [&] {
                    return status(console).state == SourceState::Failed && status(console).message.contains(words)
                           && !status(console).hint.isEmpty();
                },
                limitMs);
        };
        connect(TokenFrom::Nowhere, {});
        QVERIFY2(fails(u"asks for a token"_s), qPrintable(status(console).message));
        connect(TokenFrom::Typed, token("another secret"));
        QVERIFY2(fails(u"did not sign"_s), qPrintable(status(console).message));
        connect(TokenFrom::Typed, token("open sesame", -60));
        QVERIFY2(fails(u"has expired"_s), qPrintable(status(console).message));
        connect(TokenFrom::Typed, {});
        QVERIFY2(fails(u"typed"_s), qPrintable(status(console).message));
        connect(TokenFrom::Environment, {});
        QVERIFY2(fails(u"SIGNAL_HUB_TOKEN is not set"_s), qPrintable(status(console).message));
        // It is read at each connect: once it is there, trying again is enough.
        qputenv("SIGNAL_HUB_TOKEN", token("open sesame"));
        console.reconnectSource(1);
        QTRY_COMPARE_WITH_TIMEOUT(status(console).state, SourceState::Sweeping, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().alive, 3, limitMs);
        // On the command line and in the environment it is found by itself.
        const auto other = settings(u"environment"_s);
        qputenv("SIGNAL_HUB_URL", hub.url().toUtf8());
        {
            Console second(line, *other);
            QVERIFY(second.start(&error));
            QTRY_COMPARE_WITH_TIMEOUT(status(second).state, SourceState::Sweeping, limitMs);
        }
        qputenv("SIGNAL_HUB_URL", "ws://");
        {
            Console third(line, *other);
            QVERIFY(!third.start(&error));
            QVERIFY2(error.startsWith(u"SIGNAL_HUB_URL"_s), qPrintable(error));
        }
        qunsetenv("SIGNAL_HUB_URL");
        qunsetenv("SIGNAL_HUB_TOKEN");
        connect(TokenFrom::Typed, token("open sesame"));
        QTRY_COMPARE_WITH_TIMEOUT(status(console).state, SourceState::Sweeping, limitMs);
    }

    void callsGoThroughAndBack()
    {
        HubProgram hub;
        QVERIFY(hub.start(3));
        const auto file = settings(u"calls"_s);
        Console console(withUrl(hub.url()), *file);
        QSignalSpy answered(&console.hubs(), &HubStore::answered);
        QString error;
        QVERIFY(console.start(&error));
        QTRY_COMPARE_WITH_TIMEOUT(status(console).state, SourceState::Sweeping, limitMs);
        // Its health was asked for at once, with nobody looking at its page; nothing else was.
        QTRY_VERIFY_WITH_TIMEOUT(console.hubs().figures(1).health() && console.hubs().figures(1).health()->healthy, limitMs);
        QVERIFY(console.hubs().figures(1).metrics().empty());
        const auto ask = [&](HubCall::Kind kind, const QString &target) {
            HubCall call;
            call.kind = kind;
            call.target = target;
            call.type = u"note"_s;
            const QUuid id = console.hubs().call(1, call);
            std::optional<HubCallAnswer> found;
            const bool came = QTest::qWaitFor(
                [&] {
                    for (const QList<QVariant> &one : std::as_const(answered)) {
                        if (one.first().value<HubCallAnswer>().id == id)
                            found = one.first().value<HubCallAnswer>();
                    }
                    return found.has_value();
                },
                limitMs);
            return came ? *found : HubCallAnswer();
        };
        const QString actor = QString::fromLatin1(planner);
        QCOMPARE(ask(HubCall::Kind::Ask, actor).outcome, HubCallAnswer::Outcome::Refused);
        QVERIFY(open(console));
        QCOMPARE(ask(HubCall::Kind::Ask, actor).outcome, HubCallAnswer::Outcome::Answered);
        QVERIFY(ask(HubCall::Kind::Health, {}).as<HubHealth>());
        QVERIFY(ask(HubCall::Kind::Metrics, {}).as<hub::Metrics>());
        console.disconnectSource(1);
        QTRY_COMPARE_WITH_TIMEOUT(status(console).state, SourceState::Off, limitMs);
        QCOMPARE(ask(HubCall::Kind::Ask, actor).outcome, HubCallAnswer::Outcome::NotSent);
        console.removeSource(1);
        QVERIFY(!console.hubs().has(1));
    }

    /// What was under way is looked up after a restart, and not sent again.
    void openCommandsComeBack()
    {
        HubProgram hub;
        QVERIFY(hub.start(3));
        CommandLine line = withUrl(hub.url());
        line.journalFile = m_folder.filePath(u"journal.sqlite"_s);
        const auto file = settings(u"journal"_s);
        QString error;
        QUuid shutdown;
        const QByteArray slow = hub.order("slow 1 600", "hub slow").split(' ').value(3);
        QVERIFY(!slow.isEmpty());
        {
            Console console(line, *file);
            QVERIFY(console.start(&error));
            QTRY_VERIFY_WITH_TIMEOUT(isThere(console, slow), limitMs);
            QVERIFY(open(console));
            QVERIFY(!hub.order("silent", "hub silent").isEmpty());
            shutdown = give(console, Act::Shutdown, slow);
            // It has reached the actor, and the console ends before it hears of that.
            QTRY_VERIFY_WITH_TIMEOUT(hub.order("status", "actors=").contains("orders=1"), limitMs);
        }
        QVERIFY(!hub.order("normal", "hub normal").isEmpty());
        Console again(line, *file);
        QVERIFY(again.start(&error));
        QTRY_COMPARE_WITH_TIMEOUT(status(again).state, SourceState::Sweeping, limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(isThere(again, slow), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(again.ledger().entry(shutdown), limitMs);
        // It is registered and has not answered: nothing more can be known, and nothing is sent again.
        QTRY_VERIFY_WITH_TIMEOUT(again.ledger().entry(shutdown)->text.contains(u"looked up: it is registered"_s), limitMs);
        QVERIFY(!isSuccess(stage(again, shutdown)));
        QVERIFY(hub.order("status", "actors=").contains("orders=1"));
        // Its answer, to the console that is there now, still moves it.
        QVERIFY(open(again));
        QTRY_VERIFY_WITH_TIMEOUT(again.hubs().view(1).vitals.registered, limitMs);
        HubRawClient actor(QString::fromUtf8(slow));
        QVERIFY(actor.join(quint16(hub.port)));
        const QJsonObject data{{u"commandId"_s, shutdown.toString(QUuid::WithoutBraces)}, {u"accepted"_s, true}};
        actor.send(actor.envelope(
            u"hub:send"_s,
            QJsonObject{{u"to"_s, again.hubs().view(1).vitals.address}, {u"type"_s, u"worker:ack"_s}, {u"data"_s, data}}));
        QTRY_COMPARE_WITH_TIMEOUT(stage(again, shutdown), CommandStage::PickedUp, limitMs);
    }

    void closingTellsTheHub()
    {
        HubThread hub;
        QTRY_VERIFY_WITH_TIMEOUT(hub.port() > 0, limitMs);
        {
            const auto file = settings(u"closing"_s);
            Console console(withUrl(u"ws://127.0.0.1:%1"_s.arg(hub.port())), *file);
            QString error;
            QVERIFY(console.start(&error));
            QTRY_COMPARE_WITH_TIMEOUT(status(console).state, SourceState::Sweeping, limitMs);
        }
        QTRY_COMPARE_WITH_TIMEOUT(hub.heard().value(hub.heard().size() - 1), u"hub:disconnect"_s, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(hub.clients(), 0, limitMs);
    }

    void closingDoesNotWaitForASilentHub()
    {
        HubThread hub(fleet::HubFault::Silent);
        QTRY_VERIFY_WITH_TIMEOUT(hub.port() > 0, limitMs);
        const auto file = settings(u"silent"_s);
        auto console = std::make_unique<Console>(withUrl(u"ws://127.0.0.1:%1"_s.arg(hub.port())), *file);
        QString error;
        QVERIFY(console->start(&error));
        QTRY_COMPARE_WITH_TIMEOUT(status(*console).state, SourceState::Sweeping, limitMs);
        hub.beMischievous();
        const auto requests = hub.heard().size(); // It hears on and says nothing.
        QTRY_VERIFY_WITH_TIMEOUT(hub.heard().size() > requests, limitMs);
        QElapsedTimer elapsed;
        elapsed.start();
        console.reset();
        QVERIFY2(elapsed.elapsed() < RunningSources::endLimitMs + 3'000, qPrintable(QString::number(elapsed.elapsed())));
    }
};

PULSEDECK_TEST(ConsoleHubTest, runWithWidgets)
#include "consolehub_test.moc"
