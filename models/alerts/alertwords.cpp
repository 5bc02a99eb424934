// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertwords.h"

#include "models/core/format.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class AlertTexts
{
    Q_DECLARE_TR_FUNCTIONS(AlertTexts)
};

QString groupCalled(const Alert &alert)
{
    return alert.groupTitle.isEmpty() ? alert.group : alert.groupTitle;
}

/// "10.4.2.17", "124 hosts".
QString hostsOf(const Alert &alert)
{
    const int count = alert.state == AlertState::Resolved ? std::max(alert.mostGroups, alert.groupCount) : alert.groupCount;
    if (count > 1)
        return AlertTexts::tr("%Ln host(s)", nullptr, count);
    return alert.groups.isEmpty() ? alert.group : alert.groups.front();
}

/// "14 workers on 10.4.2.17", or the one it is about.
QString alertSubject(const Alert &alert)
{
    const bool one = alert.subjects.size() == 1 && alert.count <= 1 && !alert.subjects.front().name.isEmpty();
    if (alert.rule.group == AlertGrouping::Each || one) {
        if (!alert.subjects.empty() && !alert.subjects.front().name.isEmpty())
            return one && alert.rule.group == AlertGrouping::Host
                       ? AlertTexts::tr("%1 on %2").arg(alert.subjects.front().name, hostsOf(alert))
                       : alert.subjects.front().name;
        return groupCalled(alert);
    }
    const int count = alert.state == AlertState::Resolved ? alert.most : alert.count;
    if (alert.rule.isAboutSources())
        return AlertTexts::tr("%Ln source(s)", nullptr, count);
    if (alert.rule.scope == AlertScope::Queues) {
        const QString queues = AlertTexts::tr("%Ln queue(s)", nullptr, count);
        return alert.group.isEmpty() ? queues : AlertTexts::tr("%1 of %2").arg(queues, groupCalled(alert));
    }
    const QString workers = AlertTexts::tr("%Ln worker(s)", nullptr, count);
    if (alert.group.isEmpty())
        return workers;
    return alert.rule.group == AlertGrouping::Host ? AlertTexts::tr("%1 on %2").arg(workers, hostsOf(alert))
                                                   : AlertTexts::tr("%1 of %2").arg(workers, groupCalled(alert));
}

} // namespace

QString alertTitle(const Alert &alert)
{
    if (alert.rule.scope == AlertScope::Capacity) {
        const qint64 percent = alert.total > 0 ? qint64(alert.count) * 100 / alert.total : 0;
        const QString place = alert.group.isEmpty() ? AlertTexts::tr("All workers") : groupCalled(alert);
        return AlertTexts::tr("%1: %2 of %Ln worker(s) can take work, %3 %", nullptr, alert.total)
            .arg(place, groupedNumber(alert.count))
            .arg(percent);
    }
    if (alert.rule.scope == AlertScope::Certificates && !alert.subjects.empty()) {
        const auto first = std::min_element(alert.subjects.begin(), alert.subjects.end(),
                                            [](const AlertSubject &a, const AlertSubject &b) { return a.until < b.until; });
        return AlertTexts::tr("%1: %2, valid until %3")
            .arg(alertSubject(alert), alert.rule.finding, wallDateTimeText(first->until));
    }
    const qint64 within = alert.lastAt - alert.since;
    QString subject = alertSubject(alert);
    const int count = alert.state == AlertState::Resolved ? alert.most : alert.count;
    if (count > 1 && alert.rule.group != AlertGrouping::Each && within <= Alert::burstMs)
        subject = AlertTexts::tr("%1 within %2").arg(subject, within < 1'000 ? AlertTexts::tr("a second") : secondsLeft(within));
    return AlertTexts::tr("%1: %2").arg(subject, alert.rule.finding);
}

QString alertPlace(const Alert &alert)
{
    QStringList parts;
    if (!alert.sources.isEmpty())
        parts.append(alert.sources.join(u", "_s));
    if (!alert.system.isEmpty())
        parts.append(alert.systemTitle.isEmpty() ? alert.system : alert.systemTitle);
    return parts.isEmpty() ? alert.rule.name : parts.join(u" · "_s);
}

QString alertSubjects(const Alert &alert, qsizetype most)
{
    QStringList names;
    for (const AlertSubject &subject : alert.subjects) {
        if (!subject.name.isEmpty() && names.size() < most)
            names.append(subject.name);
    }
    const int more = alert.count - int(names.size());
    if (names.isEmpty() || alert.rule.scope == AlertScope::Capacity)
        return {};
    const QString list = names.join(u", "_s);
    return more > 0 ? AlertTexts::tr("%1 and %Ln more", nullptr, more).arg(list) : list;
}

QString alertGroupNames(const Alert &alert, qsizetype most)
{
    const QString list = alert.groups.mid(0, most).join(u", "_s);
    const int more = alert.groupCount - int(std::min(most, alert.groups.size()));
    return more > 0 ? AlertTexts::tr("%1 and %Ln more", nullptr, more).arg(list) : list;
}

QString alertStateText(AlertState state)
{
    switch (state) {
    case AlertState::Pending:
        return AlertTexts::tr("pending");
    case AlertState::Firing:
        return AlertTexts::tr("firing");
    case AlertState::Resolved:
        break;
    }
    return AlertTexts::tr("resolved");
}

QString alertRuleText(const AlertRule &rule)
{
    if (rule.holdTiming)
        return AlertTexts::tr("%1, for the %2 of its source, or %3 where it does not report that")
            .arg(rule.title, timingLabel(*rule.holdTiming), exactText(rule.holdMs));
    if (rule.holdMs == 0)
        return rule.title;
    return AlertTexts::tr("%1, for %2").arg(rule.title, exactText(rule.holdMs));
}

QString alertGroupingText(AlertGrouping grouping)
{
    switch (grouping) {
    case AlertGrouping::Each:
        return AlertTexts::tr("each for itself", "an alert for each worker, queue or source");
    case AlertGrouping::Host:
        return AlertTexts::tr("by host", "alerts");
    case AlertGrouping::Type:
        return AlertTexts::tr("by type", "alerts");
    case AlertGrouping::System:
        return AlertTexts::tr("by system", "alerts");
    case AlertGrouping::Source:
        return AlertTexts::tr("by source", "alerts");
    case AlertGrouping::All:
        break;
    }
    return AlertTexts::tr("all together", "alerts");
}

QString alertSilenceText(const AlertSilence &silence, const AlertPlan &plan)
{
    constexpr qsizetype mostNames = 5;
    const AlertRule *rule = plan.rule(silence.rule);
    const QString what = rule ? rule->title : silence.rule.isEmpty() ? AlertTexts::tr("every rule") : silence.rule;
    QStringList parts = silence.groups.mid(0, mostNames);
    parts.removeAll(QString()); // Of a rule about all together.
    if (!silence.source.isEmpty())
        parts.append(silence.source);
    if (parts.isEmpty())
        return what;
    const int more = int(silence.groups.size() - std::min(mostNames, silence.groups.size()));
    const QString list = parts.join(u", "_s);
    return AlertTexts::tr("%1: %2").arg(what, more > 0 ? AlertTexts::tr("%1 and %Ln more", nullptr, more).arg(list) : list);
}

QString alertEnvironmentsText(const AlertRule &rule)
{
    if (rule.environments.isEmpty())
        return AlertTexts::tr("all");
    QStringList names;
    for (const SourceEnvironment environment : rule.environments)
        names.append(environment == SourceEnvironment::None ? AlertTexts::tr("not set") : environmentText(environment));
    return names.join(u", "_s);
}

} // namespace pulsedeck
