// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/rollingrunner.h"
#include "models/commands/writeaccess.h"
#include "models/hub/hubstore.h"
#include "models/sources/hubprotocol.h"
#include "models/timing/timingcontroller.h"
#include "tests/support/memorysecretstore.h"
#include "tests/support/stepclock.h"
#include "ui/theme/theme.h"
#include "ui/window/mainwindow.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

namespace pulsedeck {

/// A window over a store that a test fills, with settings of its own.
struct WindowFixture
{
    StepClock clock;
    FleetStore store{clock};
    SourceListModel sources{store};
    CommandLedger ledger{store, clock};
    WriteAccess access{store, sources, clock};
    RollingRunner rolling{store, sources, ledger, access};
    TimingController timing{store, clock};
    HubStore hubs{clock};
    MemorySecretStore secrets;
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("window.ini")), QSettings::IniFormat};
    std::unique_ptr<MainWindow> window;

    WindowContext context()
    {
        return {store, sources, clock, settings, ledger, rolling, access, timing, nullptr, nullptr, &hubs, &secrets};
    }

    /// Shows the window at \a size.
    void open(const QSize &size = {1280, 800})
    {
        window = std::make_unique<MainWindow>(context());
        window->resize(size);
        window->show();
    }

    SourceSettings addSource(SourceId id, const QString &name, SourceState state = SourceState::Live)
    {
        SourceSettings settingsOfIt;
        settingsOfIt.id = id;
        settingsOfIt.name = name;
        settingsOfIt.host = QStringLiteral("redis.example.net");
        settingsOfIt.port = 6300 + id;
        sources.setSource(settingsOfIt);
        setState(id, state);
        return settingsOfIt;
    }

    SourceSettings addHub(SourceId id, const QString &name, SourceState state = SourceState::Sweeping)
    {
        HubAddress address;
        address.host = QStringLiteral("hub.example.net");
        address.port = 8700 + id;
        SourceSettings settingsOfIt = hubSettings(address);
        settingsOfIt.id = id;
        settingsOfIt.name = name;
        hubs.addHub(id, name);
        sources.setSource(settingsOfIt);
        setState(id, state);
        return settingsOfIt;
    }

    /// What a hub that is well says of itself; a test changes what it is about and hands it to hubs.takeView().
    HubView hubView(SourceId id) const
    {
        HubView view;
        view.source = id;
        view.vitals.serverVersion = QStringLiteral("0.1.0");
        view.vitals.advertisedHeartbeatMs = 300'000;
        view.vitals.keptHeartbeatMs = 6'000;
        view.vitals.lastAckAt = clock.nowMs() - 3'000;
        view.vitals.roundTripMs = 8;
        view.vitals.budgetUsed = 2;
        view.wholeSince = clock.nowMs() - 1'000;
        view.passMs = 140;
        view.everyMs = 2'000;
        view.pages = 2;
        view.total = 186;
        return view;
    }

    void setState(SourceId id, SourceState state, const QString &message = {}, const QString &hint = {},
                  SourceTrouble trouble = SourceTrouble::LoginRefused)
    {
        SourceStatus status;
        status.source = id;
        status.state = state;
        status.generation = 1;
        status.since = clock.nowMs() - 60'000;
        status.roundTripMs = 12;
        status.traits = sources.settings(id).traits();
        if (status.traits == hubTraits()) {
            status.sweepEveryMs = 2'000;
            status.roundTripMs = 8;
            status.server = QStringLiteral("Signal Hub 0.1.0");
        }
        status.setTrouble({message.isEmpty() ? SourceTrouble::None : trouble, message, hint});
        store.applyStatus(status);
    }

    void addWorkers(SourceId id, int count)
    {
        FleetBatch batch;
        batch.source = id;
        batch.generation = 1;
        batch.at = clock.nowMs();
        for (int i = 0; i < count; ++i) {
            WorkerText text;
            text.number = WorkerNumber(i);
            text.id = "chromium:worker-" + QByteArray::number(id) + '-' + QByteArray::number(i);
            text.type = "chromium";
            text.host = "10.0.0.1:3131";
            batch.texts.append(text);
            WorkerSample sample;
            sample.number = text.number;
            sample.readAt = clock.nowMs();
            sample.beatAt = clock.nowMs() - 1'000;
            sample.lastHeartbeat = sample.beatAt;
            sample.ttl = 29'000;
            sample.learntTtl = 30'000;
            sample.activeSessions = 0;
            sample.lifetimeSessions = 0;
            sample.clockSkew = i == 0 ? -4'200 : 20;
            sample.status = WorkerStatus::Available;
            sample.keyPresent = true;
            sample.newBeat = true;
            batch.samples.append(sample);
        }
        store.apply(batch);
        store.publish();
    }
};

} // namespace pulsedeck
