// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/hub/hubcall.h"
#include "models/sources/hubaddress.h"

#include <QHash>
#include <QMap>
#include <QObject>

#include <vector>

namespace pulsedeck {

struct HubAnswer;
class HubConnection;
class HubHealthProbe;

/// Carries out the calls of a console on one hub: figures, messages to others, topics. Each call is answered once, whatever
/// becomes of the connection. Calls that send, and subscribing, are refused unless writable. Lives on the I/O thread.
class HubCallHandler : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostTopics = 100; ///< Each costs a message after every reconnect.
    static constexpr int subscribeLimitMs = 5'000;

    HubCallHandler(SourceId source, const HubAddress &hub, const Clock &clock, QObject *parent);
    ~HubCallHandler() override;

    /// Null before the connection ends for good. A new one subscribes to all topics.
    void setConnection(HubConnection *connection);
    void setWritable(bool writable);
    /// Subscribed as soon as there is a connection; reports nothing now.
    void keepTopic(const QString &topic) { m_topics.insert(topic, {topic, HubSubscription::State::Asked, {}}); }
    /// Our address is not registered any more: nothing is received until it is again.
    void onUnregistered();
    void call(const HubCall &call);

signals:
    void answered(const pulsedeck::HubCallAnswer &answer);
    void subscriptionChanged(pulsedeck::SourceId source, const pulsedeck::HubSubscription &subscription);

private:
    struct Pending
    {
        HubCall call;
        qint64 since = 0;
    };

    QString whyRefused(const HubCall &call) const;
    void request(const HubCall &call);
    void subscribe(const HubCall &call);
    void giveUp(const QString &topic, const QUuid &id);
    void unsubscribe(const HubCall &call);
    void onSubscription(const QString &topic, bool subscribed, const QString &problem);
    void setTopic(const QString &topic, HubSubscription::State state, const QString &problem);
    void finishSubscribing(const QString &topic, HubCallAnswer::Outcome outcome, const QString &text);
    void askHealth(const HubCall &call);
    void finishHealth(HubCallAnswer::Outcome outcome, const HubHealth *health, const QString &text);
    HubCallAnswer answerTo(const HubCall &call, qint64 since) const;
    void answer(const HubCall &call, qint64 since, HubCallAnswer::Outcome outcome, const QString &text = {});
    void answer(const HubCall &call, qint64 since, const HubAnswer &told);

    const SourceId m_source;
    const HubAddress m_hub;
    const Clock &m_clock;
    HubConnection *m_connection = nullptr;
    HubHealthProbe *m_health = nullptr;
    std::vector<Pending> m_healthCalls;
    QMap<QString, HubSubscription> m_topics;
    QHash<QString, std::vector<Pending>> m_subscribing;
    bool m_writable = false;
};

} // namespace pulsedeck
