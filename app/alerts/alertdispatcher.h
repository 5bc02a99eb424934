// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/alerts/alertqueue.h"
#include "app/alerts/sendingturns.h"
#include "models/alerts/alertengine.h"

#include <QHash>
#include <QSet>

namespace pulsedeck {

/// Sends what an engine finds to the outlets that its rules name: at once when an alert fires, again soon after it became about
/// more, when it is over, and, where an outlet wants it, from time to time as long as it lasts. A silenced alert is sent when its
/// silence is over and it still fires. One that was acknowledged is not sent again until it is over, except to Alertmanager,
/// which would take it for over. What another program sends is not sent from here, until that one ends: see SendingTurns.
class AlertDispatcher : public QObject
{
    Q_OBJECT

public:
    /// Uses the plan that \a engine has now and, after reload(), then.
    explicit AlertDispatcher(AlertEngine &engine, const Clock &clock, const AlertPace &pace = {}, QObject *parent = nullptr);
    ~AlertDispatcher() override;

    /// Whose turn it is, for the sources of an alert; null: it is always this program's. Has to outlive this.
    void setTurns(const SendingTurns *turns);
    /// Outlets that are as before keep what waits.
    void reload();
    /// By the name of the outlet.
    QMap<QString, AlertOutletState> states() const;
    /// Nothing waits and nothing is on its way.
    bool isIdle() const;
    /// Sends a made-up alert, marked as a test. False if there is no such outlet.
    bool sendTest(const QString &outlet);

signals:
    void attempted(const QString &outlet, const pulsedeck::AlertAttempt &attempt);

private:
    struct Sent
    {
        QSet<QString> outlets;
        qint64 at = 0; ///< When it was sent last, by the console's clock.
        qint64 firedAt = 0;
        bool grew = false; ///< Sent again once since it fired.
        bool waits = false; ///< For being sent again.
    };
    void take(const QString &id, AlertGroups::Event event);
    void fire(const QString &id);
    void grow(const QString &id);
    void send(const Alert &alert, const QStringList &outlets);
    void repeat(AlertQueue *queue);
    void takeOver();
    bool isMine(const Alert &alert) const;
    AlertQueue *queueOf(const QString &outlet) const;

    AlertEngine &m_engine;
    const Clock &m_clock;
    const AlertPace m_pace;
    const SendingTurns *m_turns = nullptr;
    std::vector<std::unique_ptr<AlertQueue>> m_queues;
    QHash<QString, Sent> m_sent; ///< Alerts that fire and were sent, by id.
};

} // namespace pulsedeck
