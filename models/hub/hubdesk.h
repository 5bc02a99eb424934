// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/hub/hubcall.h"
#include "models/hub/hubview.h"

#include <QObject>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace pulsedeck {

class CommandLedger;
class Journal;

/// One message in the log of a hub: sent by this console, or received.
struct HubLogEntry
{
    enum class Way : quint8 {
        Ask,
        Tell,
        Broadcast,
        Publish,
        Command, ///< Drain or shut down, from the ledger: no message that somebody wrote.
        Received,
        ReceivedBroadcast,
        Publication,
    };

    quint64 key = 0; ///< Counts up; never used twice.
    qint64 at = 0; ///< Console's clock, ms.
    Way way = Way::Ask;
    QString peer; ///< Whom it went to or came from: an address; a capability or "every actor"; empty for a topic alone.
    QString topic;
    QString type;
    QJsonValue payload = QJsonValue::Undefined;
    QByteArray exact = {}; ///< The same as it was sent, digit by digit; empty for what came, and for commands.
    bool cut = false;
    bool waiting = false; ///< Sent by us, and not answered yet.
    HubCallAnswer::Outcome outcome = HubCallAnswer::Outcome::Sent; ///< Of what we sent, once it does not wait.
    QString result; ///< "delivered after 3 ms", "2 of 3 actors", or why not.
    QUuid command; ///< Whose message it is, for Command.

    bool isOurs() const { return way <= Way::Command; }
};

/// All that is known of the hubs besides their actors, and all that is asked of them: views, health, metrics over time,
/// queue stats, messages sent and received, subscriptions. GUI thread. What sends is written into the journal (kind
/// Message), the intent before it goes out. Whether it is healthy each connected hub is asked at its connecting and calmly
/// from then on, which costs none of its messages; other figures only while somebody watches, and so slowly that the
/// message budget stays the fleet's.
class HubDesk : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t mostMetrics = 720; ///< Samples kept for each hub: an hour at one in five seconds.
    static constexpr size_t mostMessages = 2'000; ///< Kept for each hub; the oldest give way and are counted.
    static constexpr qint64 mostPayloadBytes = 32 << 20; ///< Of all messages kept for one hub; the same.
    static constexpr size_t mostSubscriptions = 100; ///< For each hub; one more is refused.
    static constexpr int metricsEveryMs = 5'000;
    static constexpr int healthEveryMs = 15'000; ///< While somebody watches; queue stats too.
    static constexpr int healthCalmMs = 60'000; ///< While it is connected and nobody does.
    static constexpr qint64 journalWaitMs = 2'000; ///< So long a message waits for the journal; then it goes unrecorded.
    static constexpr qint64 answerWaitMs = 60'000; ///< A source that has not answered by then is not waited for.

    struct MetricsSample
    {
        qint64 at = 0; ///< Console's clock, ms.
        hub::Metrics metrics;
        /// Messages a second since the sample before, in the same window of the hub's; nothing where the hub began a
        /// new one.
        std::optional<double> receivedPerSecond;
        std::optional<double> sentPerSecond;
        std::optional<double> errorsPerSecond;
    };

    explicit HubDesk(const Clock &clock, QObject *parent = nullptr);
    ~HubDesk() override;

    /// Null, as at first: nothing is recorded. The journal outlives the desk.
    void setJournal(Journal *journal);
    void setOperator(const QString &by);
    /// What it sends to actors stands in the log too, and what becomes of it. The ledger outlives the desk, or is gone.
    void setLedger(CommandLedger *ledger);

    void addHub(SourceId source, const QString &name);
    void removeHub(SourceId source);
    bool isHub(SourceId source) const;
    std::vector<SourceId> hubs() const;

    /// As last told; a fresh one for a hub that has told nothing.
    const HubView &view(SourceId source) const;
    const std::optional<HubHealth> &health(SourceId source) const;
    qint64 healthAt(SourceId source) const; ///< Console's clock; 0 if never asked.
    const std::deque<MetricsSample> &metrics(SourceId source) const;
    const std::optional<hub::QueueStats> &queueStats(SourceId source) const;
    const std::vector<HubSubscription> &subscriptions(SourceId source) const;
    const std::deque<HubLogEntry> &log(SourceId source) const; ///< Oldest first.
    quint64 dropped(SourceId source) const; ///< Messages that gave way to newer ones.
    /// Why the last call for figures failed; empty if it did not.
    QString figuresProblem(SourceId source) const;

    /// While watched, health, metrics and queue stats are asked for at once and again and again.
    void setWatched(SourceId source, bool watched);
    /// Sends it; answered() comes exactly once. A call that sends appears in the log at once.
    QUuid call(SourceId source, HubCall call);

public slots:
    void takeView(const pulsedeck::HubView &view);
    void takeAnswer(const pulsedeck::HubCallAnswer &answer);
    void takeMail(const pulsedeck::HubMail &mail);
    void takeSubscription(pulsedeck::SourceId source, const pulsedeck::HubSubscription &subscription);

signals:
    /// To the source.
    void callRequested(pulsedeck::SourceId source, const pulsedeck::HubCall &call);
    void hubAdded(pulsedeck::SourceId source);
    void hubRemoved(pulsedeck::SourceId source);
    void viewChanged(pulsedeck::SourceId source);
    /// Health, metrics or queue stats.
    void figuresChanged(pulsedeck::SourceId source);
    void subscriptionsChanged(pulsedeck::SourceId source);
    void answered(const pulsedeck::HubCallAnswer &answer);
    /// \a row of log() is new; \a gaveWay rows were taken from its front before.
    void logAppended(pulsedeck::SourceId source, int row, int gaveWay);
    void logChanged(pulsedeck::SourceId source, int row);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::HubLogEntry)
