// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/alerts/alertsender.h"
#include "models/core/backoff.h"

#include <QTimer>

#include <deque>

namespace pulsedeck {

/// How alerts are sent, in milliseconds. Tests set shorter times.
struct AlertPace
{
    int firstRetryMs = 1'000; ///< Doubling, to lastRetryMs.
    int lastRetryMs = 60'000;
    qint64 giveUpMs = 3'600'000; ///< So long a message is tried.
    int growMs = 2'000; ///< An alert that became about more is sent again after so long,
    int growAgainMs = 60'000; ///< and then at most so often.
};

/// What became of the messages to an outlet.
struct AlertOutletState
{
    QString last; ///< The end of the last attempt; empty: there was none.
    qint64 lastAt = 0; ///< Unix ms.
    bool ok = false;
    int attempts = 0; ///< Of the message that is tried now.
    qint64 retryAt = 0; ///< Unix ms; 0: nothing waits for another attempt.
    int waiting = 0; ///< Messages, with the one on its way.
    int sent = 0;
    int lost = 0; ///< Refused, given up, or too many.
};

/// The messages to one outlet, in their order: one at a time, with attempts until it succeeds, is refused for good, or has been
/// tried for long enough. Of an alert only the last message waits. At most mostWaiting: the oldest are lost, and counted.
class AlertQueue : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t mostWaiting = 1'000;

    AlertQueue(const AlertOutlet &outlet, const AlertPace &pace);

    const AlertOutlet &outlet() const { return m_outlet; }
    /// \a id: the alert's.
    void add(const QString &id, const QByteArray &message);
    const AlertOutletState &state() const { return m_state; }
    bool isIdle() const { return m_messages.empty(); }

signals:
    /// An attempt ended; see state().
    void attempted(const pulsedeck::AlertAttempt &attempt);

private:
    struct Message
    {
        QString id;
        QByteArray text;
        qint64 until = 0; ///< By the steady clock.
    };
    void next();
    void take(const AlertAttempt &attempt);

    const AlertOutlet m_outlet;
    const AlertPace m_pace;
    std::unique_ptr<AlertSender> m_sender;
    std::deque<Message> m_messages; ///< The first one is on its way, or waits for another attempt.
    bool m_busy = false;
    Backoff m_backoff;
    QTimer m_retry;
    AlertOutletState m_state;
};

} // namespace pulsedeck
