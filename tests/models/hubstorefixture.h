// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubstore.h"
#include "tests/models/timingfixture.h"
#include "tests/support/stepclock.h"

#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

namespace pulsedeck {

/// A HubStore with a stepped clock and a journal in memory; the test is the source.
class HubStoreFixture
{
protected:
    using Kind = HubCall::Kind;
    using Outcome = HubCallAnswer::Outcome;

    static constexpr SourceId one = 1;
    static constexpr SourceId two = 2;
    static constexpr int patience = 10'000;

    StepClock m_clock;
    std::unique_ptr<NoteJournal> m_journal;
    std::unique_ptr<HubStore> m_hubs;
    std::unique_ptr<QSignalSpy> m_answered;
    QList<std::pair<SourceId, HubCall>> m_asked;

    int count(SourceId source, Kind kind) const
    {
        return int(std::count_if(m_asked.begin(), m_asked.end(),
                                 [&](const auto &pair) { return pair.first == source && pair.second.kind == kind; }));
    }
    HubCall last(Kind kind) const
    {
        for (auto pair = m_asked.rbegin(); pair != m_asked.rend(); ++pair) {
            if (pair->first == one && pair->second.kind == kind)
                return pair->second;
        }
        return {};
    }
    HubCallAnswer answerTo(const HubCall &call, Outcome outcome, const QString &text = {}) const
    {
        HubCallAnswer answer;
        answer.id = call.id;
        answer.source = one;
        answer.kind = call.kind;
        answer.at = m_clock.nowMs();
        answer.elapsedMs = 3;
        answer.outcome = outcome;
        answer.text = text;
        return answer;
    }
    void answerMetrics(qint64 received, qint64 windowStart)
    {
        hub::Metrics metrics;
        metrics.received = received;
        metrics.sent = 2 * received;
        metrics.windowStart = windowStart;
        metrics.timestamp = m_clock.nowMs() + 500; // The hub's clock is its own.
        HubCallAnswer answer = answerTo(last(Kind::Metrics), Outcome::Answered);
        answer.body = metrics;
        m_hubs->takeAnswer(answer);
    }
    void answerHealth()
    {
        HubHealth health;
        health.reachable = health.healthy = true;
        HubCallAnswer answer = answerTo(last(Kind::Health), Outcome::Answered);
        answer.body = health;
        m_hubs->takeAnswer(answer);
    }
    HubCall message(Kind kind, const QString &target, const QJsonValue &data = QJsonValue::Undefined) const
    {
        HubCall call;
        call.kind = kind;
        call.target = target;
        call.type = QStringLiteral("task:assign");
        call.data = data;
        return call;
    }
    ActorMessage mail(const QString &from, qint64 bytes = 2) const
    {
        ActorMessage made;
        made.source = one;
        made.at = m_clock.nowMs();
        made.from = from;
        made.type = QStringLiteral("note");
        made.payload = QJsonObject();
        made.bytes = bytes;
        return made;
    }

    void setUp()
    {
        m_asked.clear();
        m_journal = std::make_unique<NoteJournal>();
        m_hubs = std::make_unique<HubStore>(m_clock);
        m_hubs->setOperator(QStringLiteral("me@here"));
        m_hubs->setJournal(m_journal.get());
        m_hubs->addHub(one, QStringLiteral("hub one"));
        m_hubs->addHub(two, QStringLiteral("hub two"));
        m_answered = std::make_unique<QSignalSpy>(m_hubs.get(), &HubStore::answered);
        QObject::connect(m_hubs.get(), &HubStore::callRequested, m_hubs.get(), [this](SourceId source, const HubCall &call) {
            m_asked.append({source, call});
        });
    }
    void tearDown()
    {
        m_answered.reset();
        m_hubs.reset();
    }
};

} // namespace pulsedeck
