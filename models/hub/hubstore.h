// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/hub/hubfigures.h"
#include "models/hub/hublog.h"
#include "models/hub/hubview.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <map>
#include <vector>

namespace pulsedeck {

class CommandLedger;
class Journal;

/// What is known of the hubs besides their actors, and what this console requests of them: connection, health, metrics over
/// time, queue statistics, messages sent and received, subscriptions. GUI thread. A call that sends is written to the
/// journal (kind Message) before it goes out. Each connected hub is asked for its health when it connects and once a minute
/// from then on, which costs none of its messages; other figures are requested only while they are visible, and so slowly
/// that the message budget stays the fleet's.
class HubStore : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t mostSubscriptions = 100; ///< For each hub; one more is refused.
    static constexpr qint64 journalWaitMs = 2'000; ///< A message waits so long for the journal; then it goes unrecorded.
    static constexpr qint64 answerWaitMs = 60'000; ///< A source that has not answered by then is not waited for.

    explicit HubStore(const Clock &clock, QObject *parent = nullptr);
    ~HubStore() override;

    /// Null, as at first: nothing is recorded. The journal outlives this.
    void setJournal(Journal *journal);
    void setOperator(const QString &by);
    /// The log shows what it sends to actors too, and what becomes of it. The ledger outlives this, or is gone.
    void setLedger(CommandLedger *ledger);

    void addHub(SourceId source, const QString &name);
    void removeHub(SourceId source);
    /// Whether it was added, and not removed since.
    bool has(SourceId source) const;
    std::vector<SourceId> hubs() const;

    /// As last reported; an empty one for a hub that has reported nothing.
    const HubView &view(SourceId source) const { return hub(source).view; }
    const HubFigures &figures(SourceId source) const { return hub(source).figures; }
    const std::vector<HubSubscription> &subscriptions(SourceId source) const { return hub(source).subscriptions; }
    const std::deque<HubLogEntry> &log(SourceId source) const { return hub(source).log.entries(); } ///< Oldest first.
    quint64 dropped(SourceId source) const { return hub(source).log.dropped(); }

    /// While watched, health, metrics and queue statistics are requested at once and repeatedly.
    void setWatched(SourceId source, bool watched);
    /// Sends it; answered() comes exactly once. A call that sends appears in the log at once.
    QUuid call(SourceId source, HubCall call);

public slots:
    void takeView(const pulsedeck::HubView &view);
    void takeAnswer(const pulsedeck::HubCallAnswer &answer);
    void takeActorMessage(const pulsedeck::ActorMessage &message);
    void takeSubscription(pulsedeck::SourceId source, const pulsedeck::HubSubscription &subscription);

signals:
    /// To the source.
    void callRequested(pulsedeck::SourceId source, const pulsedeck::HubCall &call);
    void hubAdded(pulsedeck::SourceId source);
    void hubRemoved(pulsedeck::SourceId source);
    void viewChanged(pulsedeck::SourceId source);
    /// Health, metrics or queue statistics.
    void figuresChanged(pulsedeck::SourceId source);
    void subscriptionsChanged(pulsedeck::SourceId source);
    void answered(const pulsedeck::HubCallAnswer &answer);
    /// \a row of log() is new; \a gaveWay rows were taken from its front before.
    void logAppended(pulsedeck::SourceId source, int row, int gaveWay);
    void logChanged(pulsedeck::SourceId source, int row);

private:
    struct Hub
    {
        QString name;
        HubView view;
        HubFigures figures;
        std::vector<HubSubscription> subscriptions;
        HubLog log;
        bool watched = false;

        /// Whether anything is requested of it without being asked for.
        bool isPolled() const { return watched || view.connected; }
    };
    /// A call that is not answered yet.
    struct Pending
    {
        HubCall call;
        SourceId source = 0;
        qint64 at = 0; ///< When it was asked for.
        quint64 logKey = 0; ///< 0: not in the log.
        quint64 journalToken = 0; ///< What it waits for, and later what says whether it is recorded; 0 for nothing.
        bool sent = false; ///< The source has it.
        bool unrecorded = false;
    };

    const Hub &hub(SourceId source) const;
    Hub *find(SourceId source);
    void poll();
    void reviewTimer();
    void requestFigure(SourceId source, HubCall::Kind kind);
    bool takeSubscriptionAnswer(Hub &hub, const HubCall &call, const HubCallAnswer &answer);
    HubCallAnswer answerFor(const HubCall &call, SourceId source, HubCallAnswer::Outcome outcome, const QString &text) const;
    QString whyNotAsked(SourceId source, const HubCall &call);
    void release(const QUuid &id);
    void onJournal(quint64 token, bool ok);
    void record(const Pending &one, const QString &step, const QString &text, quint64 token = 0);
    void noteCommands(SourceId source, const QList<Command> &commands);
    void noteStages(const std::vector<quint64> &keys);
    quint64 append(SourceId source, HubLogEntry entry, qint64 bytes);

    const Clock &m_clock;
    QPointer<Journal> m_journal;
    QPointer<CommandLedger> m_ledger;
    QString m_operator;
    std::map<SourceId, Hub> m_hubs; ///< A map, so that what a slot adds moves nothing.
    QHash<QUuid, Pending> m_pending;
    QHash<quint64, QUuid> m_byToken;
    QTimer m_timer;
    quint64 m_lastKey = 0;
};

} // namespace pulsedeck
