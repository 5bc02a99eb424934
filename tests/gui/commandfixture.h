// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/rollingrunner.h"
#include "models/commands/writeaccess.h"
#include "models/timing/timingcontroller.h"
#include "tests/support/fleetscene.h"
#include "tests/support/patience.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commanddialog.h"
#include "ui/window/mainwindow.h"

#include <QApplication>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace pulsedeck {

/// A fleet of healthy workers, a ledger whose source is played by hand, and the window over them.
struct CommandFixture
{
    FleetScene scene;
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("commands.ini")), QSettings::IniFormat};
    CommandLedger ledger{scene.store, scene.clock};
    WriteAccess access{scene.store, scene.sources, scene.clock};
    TimingController timing{scene.store, scene.clock};
    RollingRunner rolling{scene.store, scene.sources, ledger, access};
    QList<Command> sent; ///< What the source was told to carry out, all of it.
    std::unique_ptr<MainWindow> window;

    /// \a exceptions and \a seconds: see FleetScene.
    explicit CommandFixture(int workers = 60, int exceptions = 0, int seconds = 40)
        : scene(workers, exceptions, seconds)
    {
        ledger.setOperator(QStringLiteral("ops@desk"));
        QObject::connect(&ledger, &CommandLedger::carryOut, &ledger,
                         [this](SourceId, const QList<Command> &commands) { sent += commands; });
    }

    CommandContext context() { return {scene.store, scene.sources, ledger, rolling, access, scene.clock, settings}; }

    void open(const QSize &size = {1500, 900})
    {
        window = std::make_unique<MainWindow>(
            WindowContext{scene.store, scene.sources, scene.clock, settings, ledger, rolling, access, timing});
        window->resize(size);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get(), patience)); // Keys go to an active window only.
    }

    /// Workers of one type on the first source, at most \a count.
    std::vector<WorkerHandle> workers(int count, const QString &type = QStringLiteral("chromium"))
    {
        std::vector<WorkerHandle> found;
        for (int i = 0; i < scene.store.capacity() && int(found.size()) < count; ++i) {
            const Worker &worker = scene.store.worker(WorkerHandle(i));
            if (worker.used && worker.source == FleetScene::prod && scene.store.typeName(worker.type) == type)
                found.push_back(WorkerHandle(i));
        }
        return found;
    }

    /// What its source would say again about what a worker is: of \a traits, and serving \a queues.
    void describe(WorkerHandle handle, const SourceTraits &traits, const QStringList &queues = {})
    {
        const Worker &worker = scene.store.worker(handle);
        FleetBatch batch;
        batch.source = worker.source;
        batch.generation = scene.store.sourceStatus(batch.source).generation;
        batch.at = scene.clock.nowMs();
        WorkerText text;
        text.number = worker.number;
        text.id = worker.id;
        text.type = "chromium";
        text.traits = TraitsRef::of(traits);
        text.queues = queues;
        batch.texts.append(text);
        scene.store.apply(batch);
    }
    /// What its source would say of a worker now.
    void report(WorkerHandle handle, WorkerStatus status, int sessions, CommandState command = CommandState::None,
                WorkerFlags flags = {})
    {
        apply(handle, status, sessions, command, WorkerEnd::None, flags);
    }
    void end(WorkerHandle handle, WorkerEnd how) { apply(handle, WorkerStatus::Missing, 0, CommandState::None, how, {}); }
    /// The connection of a worker's source is lost for a second; what is read of its workers afterwards is not told.
    void interrupt(SourceId source)
    {
        SourceStatus status = scene.store.sourceStatus(source);
        const SourceState before = status.state;
        status.state = SourceState::Waiting;
        scene.store.applyStatus(status);
        step(1'000);
        status.state = before;
        status.since = scene.clock.nowMs();
        scene.store.applyStatus(status);
    }

    /// The source's answer to a command.
    void answer(const Command &command, CommandProgress::Outcome outcome, Refusal refusal = Refusal::None,
                WorkerStatus status = WorkerStatus::Missing)
    {
        CommandProgress progress;
        progress.command = command.id;
        progress.source = command.source;
        progress.at = scene.clock.nowMs();
        progress.outcome = outcome;
        progress.refusal = refusal;
        progress.status = status;
        progress.receivers = command.act == Act::ShutdownNow ? 1 : unknownValue;
        ledger.takeProgress({progress});
    }
    void answerAll(CommandProgress::Outcome outcome)
    {
        const QList<Command> all = std::exchange(sent, {});
        for (const Command &command : all)
            answer(command, outcome);
    }
    void step(qint64 ms)
    {
        scene.clock.step(ms);
        scene.store.publish();
    }

    CommandDialog *dialog() const
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (auto *found = qobject_cast<CommandDialog *>(widget); found && found->isVisible())
                return found;
        }
        return nullptr;
    }
    template <typename T> static T *part(const QWidget &parent, const char *name)
    {
        return parent.findChild<T *>(QLatin1StringView(name));
    }
    static void click(const QWidget &parent, const char *name)
    {
        auto *button = parent.findChild<QAbstractButton *>(QLatin1StringView(name));
        QVERIFY2(button, name);
        QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(12, button->height() / 2));
    }

private:
    void apply(WorkerHandle handle, WorkerStatus status, int sessions, CommandState command, WorkerEnd how, WorkerFlags flags)
    {
        const Worker &worker = scene.store.worker(handle);
        WorkerSample sample;
        sample.number = worker.number;
        sample.readAt = scene.clock.nowMs();
        sample.beatAt = worker.beatAt;
        sample.lastHeartbeat = worker.lastHeartbeat;
        sample.learntTtl = worker.learntTtl;
        sample.keyPresent = how == WorkerEnd::None;
        sample.ttl = sample.keyPresent ? 29'000 : -2;
        sample.activeSessions = sample.keyPresent ? sessions : unknownValue;
        sample.lifetimeSessions = sample.keyPresent ? worker.lifetimeSessions : unknownValue;
        sample.clockSkew = 20;
        sample.status = status;
        sample.flags = flags;
        sample.command = command;
        sample.commandUntil = command == CommandState::None ? 0 : scene.clock.nowMs() + 50'000;
        sample.end = how;
        FleetBatch batch;
        batch.source = worker.source;
        batch.generation = scene.store.sourceStatus(worker.source).generation;
        batch.at = scene.clock.nowMs();
        batch.samples.append(sample);
        scene.store.apply(batch);
        scene.store.publish();
    }
};

} // namespace pulsedeck
