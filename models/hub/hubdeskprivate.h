// SPDX-License-Identifier: GPL-3.0-or-later
// The inside of HubDesk, shared by the files that implement it and by nobody else.
#pragma once

#include "models/commands/commandledger.h"
#include "models/hub/hubdesk.h"
#include "models/journal/journal.h"

#include <QHash>
#include <QPointer>
#include <QTimer>

#include <array>
#include <map>

namespace pulsedeck {

class HubDesk::Private
{
public:
    /// What is asked for again and again while somebody watches.
    struct Figure
    {
        qint64 askedAt = 0; ///< 0: at the next look.
        QUuid underWay;
        QString problem;
    };
    enum FigureIndex : size_t { HealthFigure, MetricsFigure, QueueFigure, FigureCount };

    struct Hub
    {
        QString name;
        HubView view;
        std::optional<HubHealth> health;
        qint64 healthAt = 0;
        std::deque<MetricsSample> metrics;
        std::optional<hub::QueueStats> queueStats;
        std::vector<HubSubscription> subscriptions;
        std::deque<HubLogEntry> log; ///< Keys follow each other without a gap.
        std::deque<qint64> logBytes; ///< Of each entry's payload.
        qint64 bytes = 0; ///< Of all.
        quint64 dropped = 0;
        std::array<Figure, FigureCount> figures;
        bool watched = false;

        /// Whether anything is asked of it by itself.
        bool isAsked() const { return watched || view.connected; }
    };

    /// A call that is not answered yet.
    struct Pending
    {
        HubCall call;
        SourceId source = 0;
        qint64 at = 0; ///< When it was asked for.
        quint64 logKey = 0; ///< 0: not in the log.
        quint64 journalToken = 0; ///< What it waits for, and later what says whether it is recorded; 0 for nothing.
        bool sent = false; ///< The source was told.
        bool unrecorded = false;
    };

    Private(HubDesk &desk, const Clock &time)
        : q(desk)
        , clock(time)
    { }

    const Hub &hub(SourceId source) const;
    Hub *find(SourceId source);

    void look();
    void reviewTimer();
    void askFigure(SourceId source, FigureIndex figure, HubCall::Kind kind);
    bool takeFigure(Hub &hub, const HubCallAnswer &answer);
    void addMetrics(Hub &hub, const hub::Metrics &metrics, qint64 at);
    bool takeSubscriptionAnswer(Hub &hub, const HubCall &call, const HubCallAnswer &answer);

    QString whyNotAsked(SourceId source, const HubCall &call);
    void release(const QUuid &id);
    void onJournal(quint64 token, bool ok);
    void finish(const HubCallAnswer &answer);
    void record(const Pending &one, const QString &step, const QString &text, quint64 token = 0);

    void noteCommands(SourceId source, const QList<Command> &commands);
    void noteStages(const std::vector<quint64> &keys);

    quint64 append(SourceId source, HubLogEntry entry, qint64 bytes);
    int rowOf(const Hub &hub, quint64 key) const;

    HubDesk &q;
    const Clock &clock;
    QPointer<Journal> journal;
    QPointer<CommandLedger> ledger;
    QString operatorName;
    std::map<SourceId, Hub> hubs; ///< A map, so that what a slot adds moves nothing.
    QHash<QUuid, Pending> pending;
    QHash<quint64, QUuid> byToken;
    QHash<QUuid, std::pair<SourceId, quint64>> commands; ///< Where those that stand in a log stand.
    QTimer timer;
    quint64 lastKey = 0;
};

} // namespace pulsedeck
