// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertgroups.h"

#include <QObject>

#include <deque>

namespace pulsedeck {

/// Finds alerts by the rules of a plan, whenever the store is published: a condition that begins to hold is seen by the next
/// publish(). Lives where the store does, and before it is destroyed. While the view is paused, alerts are as well.
/// It costs as much as what changes: 100,000 workers that beat cost a lookup for each beat and rule.
class AlertEngine : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t mostResolved = 1'000; ///< Kept; the oldest are dropped.
    static constexpr qint64 resolvedForMs = 24 * 3'600'000LL;
    static constexpr qsizetype mostSilences = 1'000;
    static constexpr qint64 gapMs = 10'000; ///< Longer between two looks: the machine slept, or the view was paused.

    explicit AlertEngine(FleetStore &store, QObject *parent = nullptr);
    ~AlertEngine() override;

    /// Alerts of rules that are as before go on. Those of rules that are off, changed or not there any more are resolved.
    void setPlan(const AlertPlan &plan);
    const AlertPlan &plan() const { return m_plan; }
    void setEnvironment(SourceId source, SourceEnvironment environment);

    /// What is pending, fires, and was resolved of late, in the order of Alert::isBefore().
    std::vector<Alert> alerts() const;
    /// The one that is open, or was resolved last; nothing if there is none.
    std::optional<Alert> alert(const QString &id) const;
    int firing() const;
    /// Those that fire and are not silenced.
    std::vector<Alert> calling() const;

    /// A mark without a time takes it back. It lasts until the alert is over. False if it does not fire.
    bool acknowledge(const QString &id, const AlertMark &mark);
    /// Its id is given by the engine. Empty, and nothing done, if it has no reason, is over already, lasts too long, or there are
    /// too many.
    QString addSilence(AlertSilence silence);
    /// \a by: who ends it.
    bool endSilence(const QString &id, const QString &by = {});
    /// Those that are in force or begin later.
    const QList<AlertSilence> &silences() const { return m_silences; }

    /// What publish() would do now, for a store that is not published.
    void look();
    /// False: a look ended before all workers were looked at, as that takes so long; the next ones go on.
    bool isWhole() const;

signals:
    /// See AlertGroups::Event. The alert can be asked for by alert().
    void happened(const QString &id, pulsedeck::AlertGroups::Event event);
    /// A silence that held back an alert that fires is over or was ended.
    void unsilenced(const QString &id);
    /// An operator marked it.
    void acknowledged(const pulsedeck::Alert &alert);
    /// It is in force, or begins later.
    void silenceAdded(const pulsedeck::AlertSilence &silence);
    /// \a by is empty for one whose time was over.
    void silenceEnded(const pulsedeck::AlertSilence &silence, const QString &by);
    /// Something of what alerts() and silences() return has changed; once per look.
    void changed();

private:
    void take(const FleetChanges &changes);
    void reviewSources();
    void reviewSilences();
    void resolve(AlertGroups &groups, const QString &ending);
    void keepResolved(std::vector<Alert> resolved);
    void takeSilence(Alert *alert) const;
    qint64 wallNow() const;

    FleetStore &m_store;
    AlertFleet m_fleet{m_store};
    AlertPlan m_plan;
    std::vector<std::unique_ptr<AlertGroups>> m_rules; ///< Those that are on.
    std::deque<Alert> m_resolved; ///< Newest first.
    QList<AlertSilence> m_silences;
    QSet<QString> m_silenced; ///< Ids of alerts that fire and are held back.
    qint64 m_lookedAt = 0;
    bool m_readsQueues = false; ///< A rule is about them.
    qint64 m_reviewedAt = 0; ///< By the machine's clock: when silences were looked at last.
    QHash<SourceId, std::pair<bool, bool>> m_inView; ///< In view and visible, as conditions saw it last.
};

} // namespace pulsedeck
