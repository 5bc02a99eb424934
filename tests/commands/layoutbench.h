// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layoutscripts.h"
#include "app/redis/scriptrunner.h"
#include "app/sources/systemclock.h"
#include "tests/support/redisclient.h"
#include "tests/support/redisserver.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <memory>

namespace pulsedeck {

/// The layouts of Sidekiq and RQ, as much of them as commands need.
struct TestLayouts
{
    static LayoutCondition condition(LayoutCondition::Kind kind, const QByteArray &field = {}, const QByteArray &value = {})
    {
        LayoutCondition one;
        one.kind = kind;
        one.field = field;
        one.value = value;
        return one;
    }
    static LayoutCondition keyCondition(LayoutCondition::Kind kind, const QByteArray &key)
    {
        LayoutCondition one;
        one.kind = kind;
        one.key = LayoutText(key);
        return one;
    }
    static LayoutOp op(LayoutOp::Kind kind, const QByteArray &key, const QByteArray &value, int expireS = 0)
    {
        LayoutOp one;
        one.kind = kind;
        one.key = LayoutText(key);
        one.value = LayoutText(value);
        one.expireS = expireS;
        return one;
    }

    static Layout sidekiq()
    {
        using Kind = LayoutCondition::Kind;
        Layout layout;
        layout.name = QStringLiteral("sidekiq");
        layout.idPattern = QRegularExpression(QStringLiteral("^(?<host>.+):(?<pid>[0-9]+):(?<nonce>[0-9a-f]+)$"));
        LayoutDiscovery found;
        found.kind = LayoutDiscovery::Kind::Set;
        found.key = LayoutText("{prefix}processes");
        found.memberIsKey = true;
        found.registry = true;
        layout.discover = {found};
        layout.record.type = LayoutRecord::Type::Hash;
        layout.record.key = LayoutText("{prefix}{id}");
        layout.record.fields = {
            {"embedded", {{LayoutPath::From::Field, "info", {QStringLiteral("embedded")}}}},
            {"quiet", {{LayoutPath::From::Field, "quiet", {}}}},
        };
        layout.liveness.registry = LayoutLiveness::Registry::Required;
        layout.liveness.stamp = "beat";
        LayoutCondition notEmbedded = condition(Kind::Equal, "embedded", "true");
        notEmbedded.negated = true;
        const auto signal = [&](Act act, const QByteArray &word) {
            LayoutCommand command;
            command.act = act;
            command.ops = {op(LayoutOp::Kind::LPush, "{prefix}{id}-signals", word, 60)};
            command.guard = {condition(Kind::Alive), keyCondition(Kind::EmptyKey, "{prefix}{id}-signals"), notEmbedded};
            command.undo = {op(LayoutOp::Kind::LRem, "{prefix}{id}-signals", word)};
            command.undo.front().count = 1;
            command.pickedUp = {keyCondition(Kind::EmptyKey, "{prefix}{id}-signals")};
            command.pickedUpMs = 5'000;
            command.drainingMs = 10'000;
            return command;
        };
        layout.commands = {signal(Act::Drain, "TSTP"), signal(Act::Shutdown, "TERM"), signal(Act::Dump, "TTIN")};
        layout.commands[1].gone = {keyCondition(Kind::NotMember, "{prefix}processes")};
        Layout::Reap reap;
        reap.ops = {op(LayoutOp::Kind::SRem, "{prefix}processes", "{id}")};
        reap.guard = {keyCondition(Kind::AbsentKey, "{prefix}{id}")};
        layout.reap = reap;
        return layout;
    }

    static Layout rq()
    {
        using Kind = LayoutCondition::Kind;
        Layout layout;
        layout.name = QStringLiteral("rq");
        layout.prefix = "rq:";
        LayoutDiscovery found;
        found.kind = LayoutDiscovery::Kind::Set;
        found.key = LayoutText("{prefix}workers");
        found.memberIsKey = true;
        found.registry = true;
        layout.discover = {found};
        layout.record.type = LayoutRecord::Type::Hash;
        layout.record.key = LayoutText("{prefix}worker:{id}");
        layout.liveness.registry = LayoutLiveness::Registry::Optional;
        layout.liveness.goneIf = "death";
        layout.liveness.listener = LayoutText("{prefix}pubsub:{id}");
        layout.liveness.stamp = "last_heartbeat";
        layout.liveness.stampUnit = LayoutUnit::Iso8601;
        LayoutCommand stop;
        stop.act = Act::Shutdown;
        stop.ops = {op(LayoutOp::Kind::Publish, "{prefix}pubsub:{id}", R"({"command": "shutdown"})")};
        stop.guard = {condition(Kind::Alive)};
        stop.pickedUp = {condition(Kind::Exists, "shutdown_requested_date")};
        stop.gone = {condition(Kind::Exists, "death")};
        stop.once = true;
        stop.pickedUpMs = 500;
        LayoutCommand kill = stop;
        kill.act = Act::KillJob;
        kill.ops = {op(LayoutOp::Kind::Publish, "{prefix}pubsub:{id}", R"({"command": "kill-horse"})")};
        kill.guard.push_back(condition(Kind::Equal, "state", "busy"));
        kill.pickedUp.clear();
        kill.gone.clear();
        kill.once = false;
        LayoutCommand suspend;
        suspend.act = Act::PauseFleet;
        suspend.scope = ActScope::Fleet;
        suspend.ops = {op(LayoutOp::Kind::Set, "{prefix}suspended", "1")};
        LayoutCommand resume = suspend;
        resume.act = Act::ResumeFleet;
        resume.ops = {op(LayoutOp::Kind::Del, "{prefix}suspended", {})};
        layout.commands = {stop, kill, suspend, resume};
        return layout;
    }
};

/// Commands of a layout on a real Redis: the scripts, the runner that sends them, and what it reports.
struct LayoutBench
{
    using Outcome = CommandProgress::Outcome;

    RedisServer server;
    SystemClock clock;
    std::unique_ptr<RedisClient> client;
    std::unique_ptr<LayoutScripts> scripts;
    std::unique_ptr<RedisConnection> connection;
    std::unique_ptr<ScriptRunner> runner;
    QList<CommandProgress> progress;

    ~LayoutBench() { runner.reset(); }

    bool start(const Layout &layout, const QByteArray &prefix = {})
    {
        RedisServer::Options options;
        options.tcp = true; // For the workers of other languages.
        if (!server.start(options))
            return false;
        client = std::make_unique<RedisClient>(server.url());
        scripts = std::make_unique<LayoutScripts>(layout, prefix);
        return connectAs(server.url());
    }

    bool connectAs(const RedisUrl &url)
    {
        runner.reset();
        connection = std::make_unique<RedisConnection>(url);
        runner = std::make_unique<ScriptRunner>(
            1, url, clock, std::vector<const ActScripts *>{scripts.get()},
            [this](const Command &, const ActScripts *after) { return after ? nullptr : scripts.get(); }, nullptr);
        QObject::connect(runner.get(), &ScriptRunner::progressed, connection.get(),
                         [this](const QList<CommandProgress> &news) { progress += news; });
        runner->setConnection(connection.get());
        runner->setWritable(true);
        connection->open();
        if (!QTest::qWaitFor([this] { return connection->state() == RedisConnection::State::Ready; }, 20'000))
            return false;
        runner->probeRights();
        return QTest::qWaitFor([this] { return runner->rights().known; }, 20'000);
    }

    RedisValue run(const QByteArrayList &words) { return client->command(words); }

    Command commandFor(Act act, const QByteArray &worker) const
    {
        Command command;
        command.id = QUuid::createUuid();
        command.group = command.id;
        command.act = act;
        command.source = 1;
        command.worker = worker;
        return command;
    }

    /// All that was said of a command so far, oldest first.
    QList<CommandProgress> said(const Command &command) const
    {
        QList<CommandProgress> news;
        std::copy_if(progress.cbegin(), progress.cend(), std::back_inserter(news),
                     [&command](const CommandProgress &one) { return one.command == command.id; });
        return news;
    }
    CommandProgress carryOut(const Command &command)
    {
        const qsizetype before = said(command).size();
        runner->carryOut({command});
        return QTest::qWaitFor([&] { return said(command).size() > before; }, 20'000) ? said(command).at(before)
                                                                                      : CommandProgress();
    }
    CommandProgress carryOut(Act act, const QByteArray &worker) { return carryOut(commandFor(act, worker)); }
    CommandProgress lookUp(const Command &command)
    {
        const qsizetype before = said(command).size();
        runner->lookUp({command}, false);
        return QTest::qWaitFor([&] { return said(command).size() > before; }, 20'000) ? said(command).at(before)
                                                                                      : CommandProgress();
    }
    bool isSaid(const Command &command, Outcome outcome, int withinMs = 20'000)
    {
        return QTest::qWaitFor(
            [&] {
                const QList<CommandProgress> news = said(command);
                return std::any_of(news.cbegin(), news.cend(),
                                   [outcome](const CommandProgress &one) { return one.outcome == outcome; });
            },
            withinMs);
    }

    /// A Sidekiq process as it writes itself.
    void addProcess(const QByteArray &id, const QByteArray &info = R"({"hostname":"a","pid":1})")
    {
        run({"SADD", "processes", id});
        run({"HSET", id, "info", info, "busy", "0", "beat", "1700000000.5", "quiet", "false"});
        run({"EXPIRE", id, "60"});
    }
    QByteArrayList list(const QByteArray &key)
    {
        QByteArrayList words;
        for (const RedisValue &one : run({"LRANGE", key, "0", "-1"}).elements)
            words.append(one.text);
        return words;
    }
    /// Everything that is in the database, to see that nothing has changed.
    QByteArrayList digest()
    {
        QByteArrayList keys;
        for (const RedisValue &key : run({"KEYS", "*"}).elements)
            keys.append(key.text);
        std::sort(keys.begin(), keys.end());
        QByteArrayList all;
        for (const QByteArray &key : std::as_const(keys))
            all << key << run({"DUMP", key}).text << (run({"PTTL", key}).integer < 0 ? "stays" : "expires");
        return all;
    }
};

/// What a server carries out, as MONITOR says it.
struct WireMonitor
{
    explicit WireMonitor(const RedisServer &server)
    {
        process.start(QStringLiteral("redis-cli"), {QStringLiteral("-s"), server.url().path, QStringLiteral("MONITOR")});
        ready = process.waitForStarted() && waitFor("OK");
    }
    ~WireMonitor()
    {
        process.kill();
        process.waitForFinished();
    }
    bool waitFor(const QByteArray &words)
    {
        return QTest::qWaitFor(
            [&] {
                seen += process.readAllStandardOutput();
                return seen.contains(words);
            },
            20'000);
    }
    /// The commands that scripts gave, without the time before each.
    QByteArrayList fromScripts() const
    {
        QByteArrayList lines;
        for (const QByteArray &line : seen.split('\n')) {
            if (const qsizetype at = line.indexOf(" lua] "); at > 0)
                lines.append(line.mid(at + 6).trimmed());
        }
        return lines;
    }

    QProcess process;
    QByteArray seen;
    bool ready = false;
};

} // namespace pulsedeck
