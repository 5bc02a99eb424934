// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alert.h"
#include "models/alerts/alertcondition.h"

#include <QHash>

#include <memory>
#include <set>

namespace pulsedeck {

/// One rule at work: for how long each finding has held, and the alerts that groups of them make. At most mostGroups alerts:
/// what belongs to further groups is in one more, othersGroup(). Workers that are found on several hosts of one source within
/// AlertRule::togetherMs are one alert, which has the name of the first host. Where the store lives; times are the console's
/// clock.
class AlertGroups
{
    Q_DECLARE_TR_FUNCTIONS(AlertGroups)

public:
    static constexpr qsizetype mostGroups = 500;
    /// The time of findings whose source is not in view stands still: they are looked at again so often.
    static constexpr qint64 unknownAgainMs = 1'000;

    enum class Event : quint8 {
        Pending, ///< It holds, but not for long enough.
        Fired,
        Changed, ///< It fires, and is about more or fewer.
        Resolved,
        Dropped, ///< It was pending and is over.
    };
    struct News
    {
        Event event = Event::Fired;
        QString id;
    };

    AlertGroups(const AlertRule &rule, const AlertFleet &fleet);

    const AlertRule &rule() const { return m_rule; }
    void take(const FleetChanges &changes) { m_condition->take(changes); }
    void lookAgain() { m_condition->lookAgain(); }
    /// Follows the fleet and the time. What became of each alert is appended to \a news, and those that are over to \a resolved.
    void look(qint64 now, std::vector<News> *news, std::vector<Alert> *resolved);
    bool isWhole() const { return m_condition->isWhole(); }
    /// For \a ms the fleet was not looked at: that time does not count for what is pending, nor for what may be over. What has a
    /// beginning of its own, such as a drain, counts from there.
    void skip(qint64 ms);
    /// All that are pending or fire, with their subjects.
    void appendTo(std::vector<Alert> *alerts) const;
    /// The one with this id; nothing if it is not open.
    std::optional<Alert> find(const QString &id) const;
    int firing() const { return m_firing; }
    int pending() const { return int(m_groups.size()) - m_firing; }
    void setAcknowledged(const QString &id, const AlertMark &mark);
    static QString othersGroup();

private:
    struct Subject
    {
        AlertFinding finding;
        QString name;
        QString system;
        qint64 since = 0;
        qint64 over = 0;
        qint64 dueAt = 0; ///< In m_due; 0: not there.
        bool counted = false; ///< It held for long enough.
    };
    struct Group
    {
        Alert alert; ///< Without what snapshot() adds.
        QHash<quint64, Subject> subjects;
        QHash<quint64, Subject> ended; ///< Those that were counted, the first Alert::mostSubjects, until it is over.
        QHash<QString, int> hosts; ///< How many are counted of each AlertFinding::group.
        int counted = 0;
        bool differs = false; ///< One was counted or removed since it was judged.
    };
    /// Where what is found on a host belongs as long as something of that host is open.
    struct Membership
    {
        QString group;
        int subjects = 0;
    };

    QString groupFor(const AlertFinding &finding, qint64 since) const;
    void takeHeld(const AlertFinding &finding, qint64 now);
    void takeOver(quint64 key, qint64 now);
    void takeDue(qint64 now);
    qint64 holdMs(SourceId source);
    void reviewHolds();
    void setDue(quint64 key, Subject *subject, qint64 at);
    void remove(Group *group, quint64 key);
    void judge(const QString &name, qint64 now, std::vector<News> *news, std::vector<Alert> *resolved);
    Alert snapshot(const Group &group, bool withEnded = false) const;

    const AlertRule m_rule;
    const AlertFleet &m_fleet;
    std::unique_ptr<AlertCondition> m_condition;
    QHash<QString, Group> m_groups;
    QHash<QString, Membership> m_members; ///< By AlertFinding::group, where several can be one alert.
    QHash<SourceId, QString> m_latest; ///< The group that something of this source was found for last.
    QHash<quint64, QString> m_groupOf; ///< By the finding's key.
    std::set<std::pair<qint64, quint64>> m_due; ///< When a finding has held, or not held, for long enough.
    QHash<SourceId, qint64> m_holds; ///< Where the rule goes by a timing parameter: as reported, 0 if it is not.
    QSet<QString> m_touched; ///< Groups to be judged.
    AlertFindings m_findings;
    int m_firing = 0;
};

} // namespace pulsedeck
