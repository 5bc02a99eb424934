// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "app/console/consolealerts.h"
#include "app/console/rememberedsources.h"
#include "app/console/windowrequest.h"
#include "app/history/sqlhistory.h"
#include "app/journal/sqljournal.h"
#include "tests/models/modelfleet.h"
#include "tests/support/answerto.h"
#include "tests/support/redisserver.h"
#include "tests/support/testapplication.h"
#include "ui/activity/activityview.h"
#include "ui/activity/recordingbanner.h"
#include "ui/common/emptynote.h"
#include "ui/fleet/fleetpage.h"
#include "ui/theme/theme.h"
#include "ui/timeline/laneview.h"
#include "ui/timeline/timelinepage.h"
#include "ui/window/historydialog.h"
#include "ui/window/mainwindow.h"
#include "ui/window/noticebar.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QSet>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The parts put together: a window, sources on their own thread, and a real Redis.
class ConsoleTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static void addWorker(const RedisServer &server, const QByteArray &id)
    {
        const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
        QVERIFY(server
                    .command({"HSET", "worker:" + id, "id", id.mid(9), "browserType", "chromium", "endpoint",
                              "ws://10.0.0.1:3131/playwright/thesecretpath", "status", "available", "startedAt", now,
                              "lastHeartbeat", now})
                    .ok());
        QVERIFY(server.command({"EXPIRE", "worker:" + id, "60"}).ok());
    }

    static CommandLine withUrl(const QString &url)
    {
        CommandLine line;
        line.urls = {url};
        return line;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QStandardPaths::setTestModeEnabled(true); // Nobody's own journal.
        Theme::instance().install(*qApp);
    }

    void showsWhatIsInRedis()
    {
        RedisServer server;
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        addWorker(server, "chromium:0d9e6f20");
        QSettings settings(m_folder.filePath(u"shows.ini"_s), QSettings::IniFormat);
        Console console(withUrl(server.url().display()), settings);
        QSignalSpy firstView(&console, &Console::firstFullView);
        QString error;
        QVERIFY2(console.start(&error), qPrintable(error));
        QVERIFY(firstView.wait(20'000));
        FleetTableModel &model = console.window().fleetPage().model();
        QTRY_COMPARE_WITH_TIMEOUT(model.matchCount(), 1, 20'000);
        addWorker(server, "chromium:1e000000");
        QTRY_COMPARE_WITH_TIMEOUT(model.matchCount(), 2, 20'000);
        // The status it reports comes by push, and so does its end.
        QVERIFY(server.command({"HSET", "worker:chromium:1e000000", "status", "draining"}).ok());
        const auto second = [&] { return console.store().worker(console.store().find(1, "chromium:1e000000")); };
        QTRY_COMPARE_WITH_TIMEOUT(second().status, WorkerStatus::Draining, 20'000);
        QVERIFY(server.command({"DEL", "worker:chromium:1e000000"}).ok());
        QTRY_COMPARE_WITH_TIMEOUT(livenessName(second()), u"drained"_s, 20'000);
    }

    /// Of a source that the window does not watch, or not now, another program sends what it finds.
    void aSourceThatTheWindowDoesNotWatchIsLeftToOthers()
    {
        const QTemporaryDir folder;
        QFile rules(folder.filePath(u"alerts.json"_s));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write(R"({"alerts": 1, "rules": [{"name": "lost", "title": "t", "finding": "f", "when": "workers",
                        "match": "liveness:crashed", "group": "host", "send": ["ops"]}],
                        "outlets": [{"name": "ops", "command": ["/bin/true"]}]})");
        rules.close();
        QSettings settings(folder.filePath(u"alerts.ini"_s), QSettings::IniFormat);
        ModelFleet fleet;
        SourceListModel sources(fleet.store);
        SourceSettings prod;
        prod.id = 1;
        prod.name = u"prod"_s;
        prod.host = u"db"_s;
        sources.setSource(prod);
        fleet.setState(SourceState::Live);
        ConsoleAlerts alerts(fleet.store, sources, fleet.clock, settings, u"op"_s);
        alerts.readRules(rules.fileName());
        SendingTurns others(folder.path());
        const auto watch = [&] { others.set({{1, {sendingAddress(prod), prod.environment}}}, alerts.engine().plan()); };
        const auto show = [&](bool on) {
            QVERIFY(sources.setData(sources.index(0), on ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole));
        };
        watch();
        QVERIFY(!others.isMine(1));
        show(false);
        QTRY_VERIFY_WITH_TIMEOUT(others.isMine(1), 20'000);
        others.set({}, {});
        show(true);
        watch();
        QVERIFY(!others.isMine(1));
        fleet.store.setPaused(true);
        QTRY_VERIFY_WITH_TIMEOUT(others.isMine(1), 20'000);
        others.set({}, {});
        fleet.store.setPaused(false);
        watch();
        QVERIFY(!others.isMine(1));
        fleet.setState(SourceState::Waiting); // A lost one is watched: it may be an alert.
        others.set({}, {});
        watch();
        QVERIFY(!others.isMine(1));
        fleet.setState(SourceState::Off);
        QTRY_VERIFY_WITH_TIMEOUT(others.isMine(1), 20'000);
    }

    /// What was done is read again after a restart, and what was under way is looked up and not sent again.
    void commandsSurviveARestart()
    {
        RedisServer server;
        QVERIFY(server.start());
        addWorker(server, "chromium:aaaaaaaa");
        addWorker(server, "chromium:bbbbbbbb");
        CommandLine line = withUrl(server.url().display());
        line.journalFile = m_folder.filePath(u"journal.sqlite"_s);
        QSettings settings(m_folder.filePath(u"commands.ini"_s), QSettings::IniFormat);
        QString error;
        QUuid shutdown;
        {
            Console console(line, settings);
            QVERIFY(console.start(&error));
            QTRY_COMPARE_WITH_TIMEOUT(console.store().sourceStatus(1).state, SourceState::Live, 20'000);
            const auto give = [&](Act act, const QByteArray &worker) {
                CommandRequest request;
                request.act = act;
                request.workers = {console.store().find(1, worker)};
                request.reason = u"leaks memory"_s;
                const CommandGroup *group = console.ledger().group(console.ledger().issue(request));
                return console.ledger().entry(group->entries.front())->command.id;
            };
            const auto stage = [&](const QUuid &id) { return console.ledger().entry(id)->stage; };
            // Locked, the layer that sends refuses, whoever asks.
            const QUuid refused = give(Act::Drain, "chromium:aaaaaaaa");
            QTRY_COMPARE_WITH_TIMEOUT(stage(refused), CommandStage::Refused, 20'000);
            QVERIFY(!server.command({"HEXISTS", "worker:chromium:aaaaaaaa", "drainedBy"}).integer);
            console.access().unlock();
            QTRY_VERIFY_WITH_TIMEOUT(console.store().sourceStatus(1).writable, 20'000);
            const QUuid drain = give(Act::Drain, "chromium:aaaaaaaa");
            QTRY_COMPARE_WITH_TIMEOUT(stage(drain), CommandStage::Done, 20'000);
            shutdown = give(Act::Shutdown, "chromium:bbbbbbbb");
            QTRY_COMPARE_WITH_TIMEOUT(stage(shutdown), CommandStage::Written, 20'000);
        }
        Console again(line, settings);
        QVERIFY(again.start(&error));
        QTRY_VERIFY_WITH_TIMEOUT(again.ledger().entry(shutdown), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(again.ledger().entry(shutdown)->stage, CommandStage::Written, 20'000);
        QSignalSpy answered(again.journal(), &Journal::answered);
        JournalQuery query;
        query.kinds = {JournalKind::Command};
        query.search = u"drain leaks"_s;
        const quint64 token = again.journal()->nextToken();
        again.journal()->query(query, token);
        QTRY_VERIFY_WITH_TIMEOUT(answerTo(answered, token), 20'000);
        const auto page = answerTo(answered, token)->at(1).value<JournalPage>();
        QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
        QVERIFY(page.entries.size() >= 2); // The intent, and that it is done.
    }

    /// What was seen is there after a restart, with what was done; a second window on the same file only reads.
    void thePastSurvivesARestart()
    {
        RedisServer server;
        QVERIFY(server.start());
        addWorker(server, "chromium:aaaaaaaa");
        CommandLine line = withUrl(server.url().display());
        line.journalFile = m_folder.filePath(u"past.journal"_s);
        line.historyFile = m_folder.filePath(u"past.sqlite"_s);
        QSettings settings(m_folder.filePath(u"past.ini"_s), QSettings::IniFormat);
        settings.setValue(HistoryDialog::keepKey, 3);
        const auto ask = [](Console &console, const HistoryQuery &query) {
            QSignalSpy answered(console.history(), &History::answered);
            const quint64 token = console.history()->nextToken();
            console.history()->ask(query, token, 0);
            while (!answerTo(answered, token)) {
                if (!answered.wait(20'000))
                    return HistoryAnswer(FailedAnswer());
            }
            return *answerTo(answered, token)->at(1).value<SharedHistoryAnswer>();
        };
        constexpr qint64 ever = std::numeric_limits<qint64>::max();
        const auto names = [&](Console &console) {
            QStringList list;
            const HistoryAnswer answer = ask(console, LanesQuery{0, ever});
            for (const HistoryLane &lane : std::get<LanesAnswer>(answer).lanes)
                list.append(laneKindName(lane.kind) + u' ' + QString::fromUtf8(lane.name));
            return list;
        };
        QString error;
        {
            Console console(line, settings);
            QVERIFY(console.start(&error));
            QCOMPARE(console.history()->state().limits.keepForMs, 3 * 3'600'000);
            QTRY_VERIFY_WITH_TIMEOUT(names(console).contains(u"worker chromium:aaaaaaaa"_s), 20'000);
            QTRY_VERIFY_WITH_TIMEOUT(console.history()->state().recording, 20'000);
            Console second(line, settings);
            QTRY_VERIFY_WITH_TIMEOUT(second.history()->state().recorder != 0, 20'000);
            QTRY_VERIFY_WITH_TIMEOUT(names(second).contains(u"worker chromium:aaaaaaaa"_s), 20'000);
        }
        server.stop();
        Console again(line, settings);
        QTRY_VERIFY_WITH_TIMEOUT(names(again).contains(u"worker chromium:aaaaaaaa"_s), 20'000);
        QVERIFY(names(again).contains(u"source "_s));
        const HistoryAnswer answer = ask(again, EventsQuery{0, ever, 100});
        const auto &events = std::get<EventsAnswer>(answer).events;
        QVERIFY(
            std::any_of(events.begin(), events.end(), [](const HistoryEvent &event) { return event.kind == u"connection"_s; }));
        QVERIFY(std::any_of(events.begin(), events.end(), [](const HistoryEvent &event) { return event.step == u"started"_s; }));
    }

    /// What left in order, what was lost and what went while nobody looked stay three things; a drain stays one's own.
    void theSameIsTrueAfterARestart()
    {
        const QByteArray left = "chromium:11111111-2222-4333-8444-000000000001";
        const QByteArray lost = "chromium:11111111-2222-4333-8444-000000000002";
        const QByteArray unseen = "chromium:11111111-2222-4333-8444-000000000003";
        const QByteArray drained = "chromium:11111111-2222-4333-8444-000000000004";
        RedisServer server;
        QVERIFY(server.start());
        for (const QByteArray &id : {left, lost, unseen, drained}) {
            addWorker(server, id);
            for (const QByteArray &counters :
                 {QByteArray("cluster:active_connections"), QByteArray("cluster:lifetime_connections")})
                QVERIFY(server.command({"HSET", counters, id, "0"}).ok());
        }
        CommandLine line = withUrl(server.url().display());
        line.journalFile = m_folder.filePath(u"restart.sqlite"_s);
        QSettings settings(m_folder.filePath(u"restart.ini"_s), QSettings::IniFormat);
        QString error;
        QUuid drain;
        QUuid group;
        qint64 drainedAt = 0;
        qint64 leftAt = 0;
        const auto of = [](Console &console, const QByteArray &id) {
            const WorkerHandle handle = console.store().find(1, id);
            return handle == noWorker ? Worker() : console.store().worker(handle);
        };
        {
            Console console(line, settings);
            QVERIFY(console.start(&error));
            QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().total, 4, 20'000);
            console.access().unlock();
            QTRY_VERIFY_WITH_TIMEOUT(console.store().sourceStatus(1).writable, 20'000);
            CommandRequest request;
            request.act = Act::Drain;
            request.workers = {console.store().find(1, drained)};
            request.reason = u"kernel update"_s;
            group = console.ledger().issue(request);
            drain = console.ledger().entry(console.ledger().group(group)->entries.front())->command.id;
            QTRY_COMPARE_WITH_TIMEOUT(console.ledger().entry(drain)->stage, CommandStage::Done, 20'000);
            drainedAt = console.clock().toWall(console.ledger().entry(drain)->writtenAt);
            QVERIFY(server.command({"DEL", "worker:" + left}).ok());
            QVERIFY(server.command({"PEXPIRE", "worker:" + lost, "300"}).ok());
            QTRY_COMPARE_WITH_TIMEOUT(of(console, left).liveness, Liveness::Departed, 20'000);
            QTRY_COMPARE_WITH_TIMEOUT(of(console, lost).liveness, Liveness::Zombie, 20'000);
            leftAt = console.clock().toWall(of(console, left).endedAt);
        }
        QVERIFY(server.command({"DEL", "worker:" + unseen}).ok());
        for (int start = 0; start < 2; ++start) {
            Console again(line, settings);
            QVERIFY(again.start(&error));
            QTRY_COMPARE_WITH_TIMEOUT(of(again, left).liveness, Liveness::Departed, 20'000);
            QCOMPARE(livenessName(of(again, left)), u"left"_s);
            QVERIFY(qAbs(again.clock().toWall(of(again, left).endedAt) - leftAt) < 100);
            QTRY_COMPARE_WITH_TIMEOUT(again.store().figures().zombie, 2, 20'000);
            QCOMPARE(of(again, lost).end, WorkerEnd::Expired);
            QCOMPARE(of(again, unseen).end, WorkerEnd::Unseen);
            QTRY_VERIFY_WITH_TIMEOUT(again.ledger().entry(drain), 20'000);
            const CommandEntry *entry = again.ledger().entry(drain);
            QVERIFY(!entry->theirs);
            QCOMPARE(entry->stage, CommandStage::Done);
            QCOMPARE(entry->command.reason, u"kernel update"_s);
            QVERIFY(qAbs(again.clock().toWall(entry->writtenAt) - drainedAt) < 100);
            QCOMPARE(again.ledger().groups().size(), size_t(1)); // And nothing of it is somebody else's.
            QCOMPARE(again.ledger().groups().front(), group);
        }
    }

    /// A rolling shutdown of three is one of three, begun when it began.
    void aRollIsWholeAfterARestart()
    {
        RedisServer server;
        QVERIFY(server.start());
        const QList<QByteArray> ids{"chromium:11111111-2222-4333-8444-000000000001",
                                    "chromium:11111111-2222-4333-8444-000000000002",
                                    "chromium:11111111-2222-4333-8444-000000000003"};
        for (const QByteArray &id : ids)
            addWorker(server, id);
        CommandLine line = withUrl(server.url().display());
        line.journalFile = m_folder.filePath(u"roll.sqlite"_s);
        QSettings settings(m_folder.filePath(u"roll.ini"_s), QSettings::IniFormat);
        QString error;
        QUuid group;
        struct Times
        {
            qint64 begun = 0;
            std::vector<qint64> written;
            qint64 gone = 0;
        } before;
        const auto entryOf = [&ids](Console &console, const QUuid &of, int worker) -> const CommandEntry * {
            const CommandGroup *found = console.ledger().group(of);
            for (const quint64 key : found ? found->entries : std::vector<quint64>()) {
                if (console.ledger().entry(key)->command.worker == ids.at(worker))
                    return console.ledger().entry(key);
            }
            return nullptr;
        };
        {
            Console console(line, settings);
            QVERIFY(console.start(&error));
            QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().total, 3, 20'000);
            console.access().unlock();
            QTRY_VERIFY_WITH_TIMEOUT(console.store().sourceStatus(1).writable, 20'000);
            RollingOptions options;
            options.atATime = 1;
            options.floorPercent = 0;
            std::vector<WorkerHandle> workers;
            for (const QByteArray &id : ids)
                workers.push_back(console.store().find(1, id));
            group = console.rolling().begin(workers, options, u"new image"_s);
            QTRY_COMPARE_WITH_TIMEOUT(entryOf(console, group, 0)->stage, CommandStage::Written, 20'000);
            // It reads its command, drains and goes.
            QVERIFY(server.command({"DEL", "worker:cmd:" + ids.at(0)}).ok());
            QVERIFY(server.command({"HSET", "worker:" + ids.at(0), "status", "draining"}).ok());
            QTRY_COMPARE_WITH_TIMEOUT(entryOf(console, group, 0)->stage, CommandStage::PickedUp, 20'000);
            QVERIFY(server.command({"DEL", "worker:" + ids.at(0)}).ok());
            QTRY_COMPARE_WITH_TIMEOUT(entryOf(console, group, 0)->stage, CommandStage::Gone, 20'000);
            QTRY_COMPARE_WITH_TIMEOUT(entryOf(console, group, 1)->stage, CommandStage::Written, 20'000);
            before.begun = console.clock().toWall(console.ledger().group(group)->startedAt);
            before.gone = console.clock().toWall(entryOf(console, group, 0)->endedAt);
            for (const int worker : {0, 1})
                before.written.push_back(console.clock().toWall(entryOf(console, group, worker)->writtenAt));
        }
        Console again(line, settings);
        QVERIFY(again.start(&error));
        QTRY_VERIFY_WITH_TIMEOUT(again.rolling().plan(group), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(again.ledger().group(group)->total(), 3, 20'000);
        const auto near = [&again](qint64 console, qint64 wall) { return qAbs(again.clock().toWall(console) - wall) < 100; };
        QVERIFY(again.ledger().group(group)->rolling);
        QVERIFY(near(again.ledger().group(group)->startedAt, before.begun));
        QVERIFY(near(again.rolling().plan(group)->startedAt(), before.begun));
        QCOMPARE(entryOf(again, group, 0)->stage, CommandStage::Gone);
        QVERIFY(near(entryOf(again, group, 0)->endedAt, before.gone));
        QVERIFY(near(entryOf(again, group, 0)->writtenAt, before.written.at(0)));
        QTRY_COMPARE_WITH_TIMEOUT(entryOf(again, group, 1)->stage, CommandStage::Written, 20'000);
        QVERIFY(near(entryOf(again, group, 1)->writtenAt, before.written.at(1)));
        QCOMPARE(entryOf(again, group, 2)->stage, CommandStage::Queued);
        for (const QUuid &other : again.ledger().groups())
            QVERIFY(!again.ledger().group(other)->theirs);
        // It drains while nobody has looked away since: read, and then gone.
        QVERIFY(server.command({"DEL", "worker:cmd:" + ids.at(1)}).ok());
        QVERIFY(server.command({"HSET", "worker:" + ids.at(1), "status", "draining"}).ok());
        QTRY_COMPARE_WITH_TIMEOUT(entryOf(again, group, 1)->stage, CommandStage::PickedUp, 20'000);
        QVERIFY(server.command({"DEL", "worker:" + ids.at(1)}).ok());
        QTRY_COMPARE_WITH_TIMEOUT(entryOf(again, group, 1)->stage, CommandStage::Gone, 20'000);
    }

    void ownTimingRulesAreReadOrTheMistakeTold()
    {
        QFile rules(m_folder.filePath(u"rules.json"_s));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write(R"({ "presets": [ { "id": "ours", "name": "Ours", "values": { "heartbeatInterval": 4000 } } ] })");
        rules.close();
        CommandLine line;
        line.fresh = true;
        line.rulesFile = rules.fileName();
        QSettings settings(m_folder.filePath(u"rules.ini"_s), QSettings::IniFormat);
        QString error;
        Console console(line, settings);
        QVERIFY(console.start(&error));
        QVERIFY(console.timing().library().preset(u"ours"_s));

        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("{\n oops }");
        rules.close();
        Console wrong(line, settings);
        QVERIFY(wrong.start(&error));
        QVERIFY(!wrong.timing().library().preset(u"ours"_s));
        const auto *notice = wrong.window().findChild<NoticeBar *>();
        QVERIFY(notice && !notice->isHidden());
        bool told = false;
        for (const QLabel *label : notice->findChildren<QLabel *>())
            told = told || label->text().contains(u"rules.json, line 2"_s);
        QVERIFY(told);
    }

    void ownLayoutsAreReadOrTheMistakeReported()
    {
        QFile file(m_folder.filePath(u"mine.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({ "layout": "mine", "schema": 1, "title": "Mine", "liveness": { "by": "ttl" },
            "discover": [{ "kind": "scan", "key": "w:*" }], "record": { "type": "string", "key": "w:{id}" } })");
        file.close();
        CommandLine line;
        line.fresh = true;
        line.layoutFiles = {file.fileName()};
        QSettings settings(m_folder.filePath(u"layouts.ini"_s), QSettings::IniFormat);
        QString error;
        Console console(line, settings);
        QVERIFY(console.start(&error));
        QVERIFY(console.layouts().find(u"mine") && console.layouts().find(u"sidekiq"));

        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\n oops }");
        file.close();
        Console wrong(line, settings);
        QVERIFY(wrong.start(&error));
        QVERIFY(!wrong.layouts().find(u"mine") && wrong.layouts().find(u"sidekiq"));
        const auto *notice = wrong.window().findChild<NoticeBar *>();
        QVERIFY(notice && !notice->isHidden());
        bool shown = false;
        for (const QLabel *label : notice->findChildren<QLabel *>())
            shown = shown || label->text().contains(u"mine.json:2: This is not JSON"_s);
        QVERIFY(shown);
    }

    void disconnectsAndReconnects()
    {
        RedisServer server;
        QVERIFY(server.start());
        addWorker(server, "chromium:0d9e6f20");
        QSettings settings(m_folder.filePath(u"again.ini"_s), QSettings::IniFormat);
        Console console(withUrl(server.url().display()), settings);
        QString error;
        QVERIFY(console.start(&error));
        const auto state = [&] { return console.store().sourceStatus(1).state; };
        QTRY_COMPARE_WITH_TIMEOUT(state(), SourceState::Live, 20'000);
        emit console.window().disconnectRequested(1);
        QTRY_COMPARE_WITH_TIMEOUT(state(), SourceState::Off, 20'000);
        QCOMPARE(console.store().figures().unknown, 1);
        emit console.window().reconnectRequested(1);
        QTRY_COMPARE_WITH_TIMEOUT(state(), SourceState::Live, 20'000);
        // Whoever is found there and does not beat is settling.
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().settling, 1, 20'000);
        emit console.window().removeRequested(1);
        QCOMPARE(console.sources().rowCount(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().total, 0, 20'000);
    }

    /// Reconnect while it is connected: all connections are other ones afterwards, and the journal has both.
    void reconnectEndsTheConnections()
    {
        RedisServer server;
        QVERIFY(server.start());
        addWorker(server, "chromium:0d9e6f20");
        QSettings settings(m_folder.filePath(u"reconnect.ini"_s), QSettings::IniFormat);
        CommandLine line = withUrl(server.url().display());
        line.journalFile = m_folder.filePath(u"reconnect.sqlite"_s);
        std::vector<SourceState> states;
        Console console(line, settings);
        QString error;
        QVERIFY(console.start(&error));
        QTRY_COMPARE_WITH_TIMEOUT(console.store().sourceStatus(1).state, SourceState::Live, 20'000);
        const auto connections = [&server] {
            QSet<QByteArray> ids;
            const QByteArrayList lines = server.command({"CLIENT", "LIST"}).text.split('\n');
            for (const QByteArray &client : lines) {
                if (client.contains(" name=pulsedeck"))
                    ids.insert(client.left(client.indexOf(' ')));
            }
            return ids;
        };
        const QSet<QByteArray> before = connections();
        QVERIFY2(before.size() >= 2, "one that reads, one on which changes are announced");
        connect(&console.store(), &FleetStore::sourceChanged, this, [&] {
            const SourceState state = console.store().sourceStatus(1).state;
            if (states.empty() || states.back() != state)
                states.push_back(state);
        });
        emit console.window().reconnectRequested(1);
        QTRY_VERIFY_WITH_TIMEOUT(std::find(states.begin(), states.end(), SourceState::Off) != states.end()
                                     && states.back() == SourceState::Live,
                                 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(connections().size() >= 2 && !connections().intersects(before), 20'000);
        QSignalSpy answered(console.journal(), &Journal::answered);
        JournalQuery query;
        query.kinds = {JournalKind::Connection};
        const auto steps = [&] {
            const quint64 token = console.journal()->nextToken();
            console.journal()->query(query, token);
            QStringList found;
            if (!QTest::qWaitFor([&] { return answerTo(answered, token) != nullptr; }, 20'000))
                return found;
            for (const JournalEntry &entry : answerTo(answered, token)->at(1).value<JournalPage>().entries)
                found.prepend(entry.step); // The newest comes first.
            return found;
        };
        QTRY_COMPARE_WITH_TIMEOUT(steps(), (QStringList{u"connected"_s, u"disconnected"_s, u"connected"_s}), 20'000);
    }

    void severalSourcesAtOnce()
    {
        RedisServer first;
        RedisServer second;
        QVERIFY(first.start() && second.start());
        addWorker(first, "chromium:aaaaaaaa");
        addWorker(second, "chromium:aaaaaaaa"); // The same id in two fleets is two workers.
        QSettings settings(m_folder.filePath(u"two.ini"_s), QSettings::IniFormat);
        CommandLine line;
        line.urls = {first.url().display(), second.url().display()};
        Console console(line, settings);
        QString error;
        QVERIFY(console.start(&error));
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().settling, 2, 20'000);
        second.kill();
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().unknown, 1, 20'000);
        QCOMPARE(console.store().figures().settling, 1);
    }

    void remembersSourcesButNoPassword()
    {
        RedisServer server;
        RedisServer::Options options;
        options.arguments = {u"--requirepass"_s, u"open-sesame"_s};
        QVERIFY(server.start(options));
        const QString file = m_folder.filePath(u"remembers.ini"_s);
        {
            QSettings settings(file, QSettings::IniFormat);
            Console console(CommandLine(), settings);
            QString error;
            QVERIFY(console.start(&error));
            SourceSettings source = SourceSettings::fromUrl(server.url());
            source.name = u"prod"_s;
            source.password = u"open-sesame"_s;
            emit console.window().connectRequested(source);
            QTRY_COMPARE_WITH_TIMEOUT(console.store().sourceStatus(1).state, SourceState::Live, 20'000);
        }
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray bytes = written.readAll();
        QVERIFY(bytes.contains("prod"));
        QVERIFY(!bytes.contains("sesame"));
        {
            QSettings settings(file, QSettings::IniFormat);
            Console console(CommandLine(), settings);
            QString error;
            QVERIFY(console.start(&error));
            QCOMPARE(console.sources().rowCount(), 1);
            QCOMPARE(console.sources().all().front().name, u"prod"_s);
            // Without the password Redis refuses, and that waits for the operator.
            QTRY_COMPARE_WITH_TIMEOUT(console.store().sourceStatus(1).state, SourceState::Failed, 20'000);
            QVERIFY(!console.store().sourceStatus(1).hint.isEmpty());
        }
    }

    void whatIsNotLookedAtIsNotForgotten()
    {
        const QString file = m_folder.filePath(u"kept.ini"_s);
        QSettings settings(file, QSettings::IniFormat);
        const auto remembered = [&settings] {
            QStringList names;
            for (const SourceSettings &one : RememberedSources(settings).read())
                names.append(one.name);
            return names;
        };
        SourceSettings prod = SourceSettings::fromUrl(u"redis://127.0.0.1:1"_s, nullptr).value();
        prod.name = u"prod"_s;
        SourceSettings hub = SourceSettings::fromUrl(u"wss://127.0.0.1:2"_s, nullptr).value();
        hub.name = u"hub"_s;
        prod.readOnly = true;
        std::vector<SourceSettings> both{prod, hub};
        RememberedSources(settings).write(both);
        {
            Console console(withUrl(u"redis://127.0.0.1:3"_s), settings);
            QString error;
            QVERIFY(console.start(&error));
            QCOMPARE(console.sources().rowCount(), 1);
            QCOMPARE(remembered(), (QStringList{u"prod"_s, u"hub"_s, u"127.0.0.1:3"_s}));
            console.removeSource(1);
            QCOMPARE(remembered(), (QStringList{u"prod"_s, u"hub"_s}));
        }
        {
            // Named by its address it is what it was remembered as, and is not remembered twice.
            Console console(withUrl(u"redis://127.0.0.1:1"_s), settings);
            QString error;
            QVERIFY(console.start(&error));
            QCOMPARE(console.sources().settings(1).name, u"prod"_s);
            QVERIFY(console.access().isReadOnly(1));
            QCOMPARE(remembered(), (QStringList{u"prod"_s, u"hub"_s}));
        }
        Console console(CommandLine(), settings);
        QString error;
        QVERIFY(console.start(&error));
        QCOMPARE(console.sources().rowCount(), 2);
        console.removeSource(1);
        QCOMPARE(remembered(), QStringList{u"hub"_s}); // Removed by the operator: that is forgotten.
    }

    /// What happens in the demo is shown in it, and stands in no journal of the user's.
    void theDemoHasAJournalOfItsOwn()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"demo.ini"_s), QSettings::IniFormat);
        CommandLine line;
        line.demo = true;
        line.demoWorkers = 4;
        line.demoActors = 0;
        Console console(line, settings);
        QVERIFY(console.journal());
        QVERIFY(console.journal()->state().path.isEmpty()); // Nowhere anybody should look for it.
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(u"journal.sqlite"_s)), 20'000);
        QVERIFY(console.history());
        QVERIFY(console.history()->state().path.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(u"history.sqlite"_s)), 20'000);
        QVERIFY(!console.sources().isRemembered());
        QString error;
        QVERIFY(console.start(&error));
        console.window().showPage(u"activity"_s);
        const auto *banner = console.window().findChild<RecordingBanner *>();
        auto *list = console.window().findChild<ActivityView *>();
        QVERIFY(banner && list);
        QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() >= 2, 30'000); // Started, and connected to the demo.
        QVERIFY2(!banner->isVisible(), qPrintable(banner->text()));
        QVERIFY(!settings.contains(u"sources"_s) && settings.childGroups().filter(u"sources"_s).isEmpty());
    }

    /// From an operator's own window the demo opens in another one.
    void theDemoOpensAWindowOfItsOwn()
    {
        QTemporaryDir folder;
        const QString script = folder.filePath(u"program"_s);
        const QString told = folder.filePath(u"told"_s);
        QFile file(script);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\necho \"$@\" > '" + told.toUtf8() + ".part' && mv '" + told.toUtf8() + ".part' '" + told.toUtf8()
                   + "'\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QSettings settings(folder.filePath(u"own.ini"_s), QSettings::IniFormat);
        CommandLine line;
        line.fresh = true;
        line.program = script;
        Console console(line, settings);
        QString error;
        QVERIFY(console.start(&error));
        emit console.window().demoRequested();
        QVERIFY(!console.demo().isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(told), 20'000);
        QFile arguments(told);
        QVERIFY(arguments.open(QIODevice::ReadOnly));
        QCOMPARE(arguments.readAll().trimmed(), QByteArray("--demo"));
        QCOMPARE(console.sources().rowCount(), 0);
    }

    void aLaterStartIsTakenIn()
    {
        QSettings settings(m_folder.filePath(u"later.ini"_s), QSettings::IniFormat);
        Console console(withUrl(u"redis://127.0.0.1:1"_s), settings);
        QString error;
        QVERIFY(console.start(&error));
        WindowRequest request;
        request.sources = {SourceSettings::fromUrl(u"redis://127.0.0.1:1"_s, nullptr).value(),
                           SourceSettings::fromUrl(u"redis://op:secret@127.0.0.1:3/4"_s, nullptr).value()};
        request.page = u"timing"_s;
        const std::optional<WindowRequest> sent = WindowRequest::fromJson(request.toJson());
        QVERIFY(sent);
        console.takeRequest(*sent);
        QCOMPARE(console.sources().rowCount(), 2);
        QCOMPARE(console.sources().all()[1].password, u"secret"_s);
        QCOMPARE(console.sources().all()[1].database, 4);
        QCOMPARE(console.window().currentPage(), u"timing"_s);
        QVERIFY(!WindowRequest::fromJson("{\"version\":99}"));
        QVERIFY(!WindowRequest::fromJson("nonsense"));
        QFile written(settings.fileName());
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(!written.readAll().contains("secret"));
    }

    void aHistoryFileIsShownAndNeverWrittenTo()
    {
        const QString path = m_folder.filePath(u"exported.sqlite"_s);
        constexpr qint64 begin = 1'800'000'000'000;
        constexpr qint64 end = begin + 500'000;
        {
            SqlHistory history(m_folder.filePath(u"recorded.sqlite"_s));
            HistoryFrame frame;
            frame.at = begin;
            frame.until = end;
            HistoryLane lane;
            lane.id = 1;
            lane.source = u"prod"_s;
            lane.name = "chromium:0d9e6f20";
            lane.first = lane.last = begin;
            frame.lanes.push_back(lane);
            frame.changes.push_back({1, LaneFact::Liveness, begin, qint64(Liveness::Alive)});
            for (qint32 offset = 0; offset <= end - begin; offset += 10'000)
                frame.beats.push_back({1, offset});
            history.write(frame);
            QSignalSpy exported(&history, &History::exported);
            history.exportSpan(begin, end, path, 1);
            QVERIFY(exported.wait(20'000));
            QCOMPARE(exported.at(0).at(1).toString(), QString());
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        file.close();
        CommandLine line;
        line.shownHistory = path;
        QSettings settings(m_folder.filePath(u"shown.ini"_s), QSettings::IniFormat);
        {
            Console console(line, settings);
            QString error;
            QVERIFY2(console.start(&error), qPrintable(error));
            QCOMPARE(console.window().currentPage(), u"timeline"_s);
            QVERIFY2(console.window().windowTitle().contains(u"exported.sqlite"_s), qPrintable(console.window().windowTitle()));
            // Its now is the end of the file, and its lanes are there, though the last beat came just then.
            QTRY_COMPARE_WITH_TIMEOUT(console.clock().nowMs(), end, 20'000);
            auto *page = console.window().findChild<TimelinePage *>();
            const auto &rows = page->lanes().list().rows();
            QTRY_VERIFY_WITH_TIMEOUT(!rows.empty() && rows.back().kind == LaneRow::Kind::Gone, 20'000);
            QTRY_COMPARE_WITH_TIMEOUT(qint64(page->time().latest()), end, 20'000);
            QVERIFY(page->lanes().findChild<EmptyNote *>()->isHidden());
            QVERIFY2(page->sourceText().contains(u"nothing is recorded"_s), qPrintable(page->sourceText()));
            // All pages show the fleet as it was last.
            QTRY_VERIFY_WITH_TIMEOUT(console.window().findChild<FleetPage *>(u"pastFleet"_s), 20'000);
            auto *past = console.window().findChild<FleetPage *>(u"pastFleet"_s);
            QTRY_COMPARE_WITH_TIMEOUT(past->model().matchCount(), 1, 20'000);
            QVERIFY(console.window().showPage(u"fleet"_s));
            QVERIFY(past->isVisible());
            QVERIFY2(console.window().windowTitle().contains(u"exported.sqlite"_s), qPrintable(console.window().windowTitle()));
            QVERIFY(console.history()->state().shown);
            QVERIFY(!console.history()->state().recording);
            QVERIFY(!console.journal());
            // Nothing can be connected, and so nothing written to.
            console.window().openConnectDialog();
            QVERIFY(!console.window().findChild<QDialog *>(u"connectDialog"_s));
            QVERIFY(console.window().findChild<NoticeBar *>()->isVisible());
            QCOMPARE(console.sources().rowCount(), 0);
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll() == bytes);
        const QStringList beside = QDir(m_folder.path()).entryList({u"exported.sqlite-*"_s, u"exported.sqlite.*"_s});
        QVERIFY2(beside.isEmpty(), qPrintable(beside.join(u' ')));
        line.shownHistory = m_folder.filePath(u"missing.sqlite"_s);
        Console none(line, settings);
        QString error;
        QVERIFY(!none.start(&error));
        QVERIFY(error.contains(u"missing.sqlite"_s));
    }

    void aWrongUrlIsSaidWithoutItsSecret()
    {
        QSettings settings(m_folder.filePath(u"wrong.ini"_s), QSettings::IniFormat);
        Console console(withUrl(u"redis://op:hunter2@host:notaport"_s), settings);
        QString error;
        QVERIFY(!console.start(&error));
        QVERIFY(!error.isEmpty());
        QVERIFY(!error.contains(u"hunter2"_s));
    }
};

PULSEDECK_TEST(ConsoleTest, runWithWidgets)
#include "console_test.moc"
