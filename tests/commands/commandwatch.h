// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/source/sourcewatch.h"

#include <QTest>

#include <algorithm>

namespace pulsedeck {

/// A writable source on a real Redis, and what it answers to commands.
struct CommandWatch : SourceWatch
{
    QList<CommandProgress> progress;
    int signalsSeen = 0;

    ~CommandWatch() { source.reset(); } // It answers what is under way as it goes.

    /// Watches, and waits until it is known what may be written.
    bool watchWritable() { return watchWritable(server.url()); }

    bool watchWritable(const RedisUrl &url)
    {
        begin(url);
        source->setWritable(true);
        return QTest::qWaitFor([this] { return isWatching() && status.rights.known; }, 20'000);
    }

    void begin(const RedisUrl &url)
    {
        watch(url);
        QObject::connect(source.get(), &FleetSource::commandsProgressed, &store, [this](const QList<CommandProgress> &news) {
            progress += news;
            ++signalsSeen;
        });
    }

    /// As a user with these rights; "+eval" and so on, keys and channels included.
    RedisUrl urlFor(const QByteArrayList &rights)
    {
        run(QByteArrayList{"ACL", "SETUSER", "console", "reset", "on", ">s3cret"} + rights);
        RedisUrl url = server.url();
        url.user = QStringLiteral("console");
        url.password = QStringLiteral("s3cret");
        return url;
    }

    Command commandFor(Act act, const QByteArray &worker) const
    {
        Command command;
        command.id = QUuid::createUuid();
        command.group = QUuid::createUuid();
        command.act = act;
        command.source = 1;
        command.worker = worker;
        command.issuedAt = clock.nowMs();
        command.by = QStringLiteral("ann@desk");
        command.reason = QStringLiteral("new image");
        return command;
    }

    /// Waits for the answers to these, in their order.
    QList<CommandProgress> answersTo(const QList<Command> &commands)
    {
        const auto answer = [this](const Command &command) {
            return std::find_if(progress.cbegin(), progress.cend(),
                                [&command](const CommandProgress &news) { return news.command == command.id; });
        };
        const bool all = QTest::qWaitFor(
            [&] {
                return std::all_of(commands.cbegin(), commands.cend(),
                                   [&](const Command &command) { return answer(command) != progress.cend(); });
            },
            20'000);
        QList<CommandProgress> found;
        for (const Command &command : commands)
            found.append(all ? *answer(command) : CommandProgress());
        return found;
    }

    CommandProgress carryOut(const Command &command)
    {
        forget(command);
        source->carryOut({command});
        return answersTo({command}).first();
    }
    CommandProgress carryOut(Act act, const QByteArray &worker) { return carryOut(commandFor(act, worker)); }

    CommandProgress lookUp(const Command &command)
    {
        forget(command);
        source->lookUp({command});
        return answersTo({command}).first();
    }

    void forget(const Command &command)
    {
        progress.removeIf([&command](const CommandProgress &news) { return news.command == command.id; });
    }

    /// Calls of a command that Redis has counted, refused ones too.
    qint64 calls(const QByteArray &name)
    {
        const QByteArray info = run({"INFO", "commandstats"}).text;
        const QByteArray prefix = "cmdstat_" + name + ':';
        qint64 sum = 0;
        for (const QByteArray &line : info.split('\n')) {
            if (!line.startsWith(prefix))
                continue;
            for (const QByteArray &part : line.mid(line.indexOf(':') + 1).trimmed().split(',')) {
                if (part.startsWith("calls=") || part.startsWith("rejected_calls="))
                    sum += part.mid(part.indexOf('=') + 1).toLongLong();
            }
        }
        return sum;
    }

    QByteArray field(const QByteArray &worker, const QByteArray &name) { return run({"HGET", "worker:" + worker, name}).text; }
    QByteArray commandKey(const QByteArray &worker) { return run({"GET", "worker:cmd:" + worker}).text; }
    bool exists(const QByteArray &key) { return run({"EXISTS", key}).integer > 0; }
};

} // namespace pulsedeck
