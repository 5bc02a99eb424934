// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/writeaccess.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/hub/hubstore.h"
#include "tests/support/patience.h"
#include "tests/support/stepclock.h"
#include "ui/hub/hubpanel.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace pulsedeck {

/// A hub panel whose hub is played by hand: the test answers the requests. Writing is unlocked.
template <typename ClockType = StepClock> struct HubPanelFixture
{
    static constexpr SourceId hub = 1;
    static constexpr SourceId other = 2;
    static constexpr int patience = 20'000;

    ClockType clock;
    FleetStore store{clock};
    SourceListModel sources{store};
    WriteAccess access{store, sources, clock};
    HubStore hubs{clock};
    QList<HubCall> calls; ///< What the source was asked, all of it.
    std::unique_ptr<HubPanel> panel;

    HubPanelFixture()
    {
        QObject::connect(&hubs, &HubStore::callRequested, &hubs, [this](SourceId, const HubCall &call) { calls.append(call); });
        addHub(hub, QStringLiteral("hub eu-1"));
        addHub(other, QStringLiteral("hub local"));
        access.unlock();
    }

    void addHub(SourceId id, const QString &name)
    {
        SourceSettings settings;
        settings.kind = SourceKind::Hub;
        settings.id = id;
        settings.name = name;
        settings.port = 8787;
        store.addSource(id, name, settings.traits());
        sources.setSource(settings);
        hubs.addHub(id, name);
    }
    void setState(SourceState state, SourceId id = hub)
    {
        SourceStatus status = store.sourceStatus(id);
        status.source = id;
        status.state = state;
        status.generation = 1;
        status.since = clock.nowMs();
        store.applyStatus(status);
    }
    void addActors(int count, SourceId id = hub)
    {
        FleetBatch batch;
        batch.source = id;
        batch.generation = 1;
        batch.at = clock.nowMs();
        for (int i = 0; i < count; ++i) {
            WorkerText text;
            text.number = WorkerNumber(i);
            text.id = (i % 3 == 0 ? "@(local/planner-" : "@(local/agent-") + QByteArray::number(i) + ')';
            text.type = "agent";
            batch.texts.append(text);
            ActorFacts facts;
            facts.number = text.number;
            facts.capabilities = {QStringLiteral("agent")};
            if (i % 3 == 0)
                facts.capabilities.append(QStringLiteral("planner"));
            facts.expiresAt = clock.nowMs() + 300'000;
            batch.actors.append(facts);
            WorkerSample sample;
            sample.number = text.number;
            sample.readAt = sample.beatAt = clock.nowMs();
            sample.ttl = sample.learntTtl = 300'000;
            sample.status = WorkerStatus::Registered;
            sample.keyPresent = sample.newBeat = true;
            batch.samples.append(sample);
        }
        store.apply(batch);
        store.publish();
    }
    HubView view() const
    {
        HubView made;
        made.source = hub;
        made.vitals.serverVersion = QStringLiteral("0.1.0");
        made.vitals.advertisedHeartbeatMs = 300'000;
        made.vitals.keptHeartbeatMs = 6'000;
        made.vitals.measuredHeartbeatMs = 6'004;
        made.vitals.lastAckAt = clock.nowMs() - 2'100;
        made.vitals.roundTripMs = 3;
        made.vitals.budgetUsed = 2;
        made.wholeSince = clock.nowMs() - 1'200;
        made.passMs = 300;
        made.pages = 3;
        made.total = 214;
        made.everyMs = 2'000;
        return made;
    }
    void open(const QSize &size = {950, 800})
    {
        panel = std::make_unique<HubPanel>(hubs, store, sources, access, clock);
        panel->setSource(hub);
        panel->resize(size);
        panel->show();
        panel->activateWindow(); // Shortcuts belong to the active window.
        QVERIFY(QTest::qWaitForWindowActive(panel.get(), patience));
    }

    template <typename Widget> Widget *part(const char *name) const
    {
        auto *found = panel->template findChild<Widget *>(QLatin1StringView(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    QString text(const char *name) const { return part<QLabel>(name)->text(); }
    void press(const char *name) const { QTest::mouseClick(part<QAbstractButton>(name), Qt::LeftButton); }
    void type(const char *name, const QString &text) const
    {
        auto *edit = part<QLineEdit>(name);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    void typeData(const QString &text) const
    {
        auto *edit = part<QPlainTextEdit>("messageData");
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    void choose(HubCall::Kind way) const
    {
        auto *combo = part<QComboBox>("messageWay");
        combo->setFocus();
        const int row = combo->findData(int(way));
        for (int step = 0; step < combo->count(); ++step)
            QTest::keyClick(combo, Qt::Key_Up);
        for (int step = 0; step < row; ++step)
            QTest::keyClick(combo, Qt::Key_Down);
        QCOMPARE(combo->currentIndex(), row);
    }
    /// The newest call of a kind; an id of null if there was none.
    HubCall last(HubCall::Kind kind) const
    {
        for (auto call = calls.crbegin(); call != calls.crend(); ++call) {
            if (call->kind == kind)
                return *call;
        }
        return {};
    }
    int count(HubCall::Kind kind) const
    {
        return int(std::count_if(calls.begin(), calls.end(), [kind](const HubCall &call) { return call.kind == kind; }));
    }
    HubCallAnswer answerTo(const HubCall &call, HubCallAnswer::Outcome outcome, const QString &text = {}) const
    {
        HubCallAnswer answer;
        answer.id = call.id;
        answer.source = hub;
        answer.kind = call.kind;
        answer.at = clock.nowMs();
        answer.elapsedMs = 3;
        answer.outcome = outcome;
        answer.text = text;
        return answer;
    }
    template <typename Body> void answer(const HubCall &call, const Body &body)
    {
        HubCallAnswer made = answerTo(call, HubCallAnswer::Outcome::Answered);
        made.body = body;
        hubs.takeAnswer(made);
    }
    ActorMessage mail(const QString &from, const QString &type, const QJsonValue &payload) const
    {
        ActorMessage made;
        made.source = hub;
        made.at = clock.nowMs();
        made.from = from;
        made.type = type;
        made.payload = payload;
        made.bytes = hubDataBytes(payload);
        return made;
    }
};

} // namespace pulsedeck
