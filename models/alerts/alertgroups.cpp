// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertgroups.h"

#include <algorithm>

namespace pulsedeck {

AlertGroups::AlertGroups(const AlertRule &rule, const AlertFleet &fleet)
    : m_rule(rule)
    , m_fleet(fleet)
    , m_condition(AlertCondition::make(rule, fleet))
{ }

void AlertGroups::look(qint64 now, std::vector<News> *news, std::vector<Alert> *resolved)
{
    m_findings.held.clear();
    m_findings.over.clear();
    m_condition->look(now, &m_findings);
    // A worker's place may have been taken by another one: what is over comes first. No key is in both twice.
    for (const quint64 key : m_findings.over)
        takeOver(key, now);
    for (const AlertFinding &finding : m_findings.held)
        takeHeld(finding, now);
    reviewHolds();
    takeDue(now);
    const QSet<QString> touched = std::exchange(m_touched, {});
    for (const QString &name : touched)
        judge(name, now, news, resolved);
}

QString AlertGroups::groupFor(const AlertFinding &finding, qint64 since) const
{
    if (m_groups.contains(finding.group))
        return finding.group;
    if (m_rule.togetherMs > 0) {
        if (const auto member = m_members.constFind(finding.group); member != m_members.cend())
            return member->group;
        const auto latest = m_groups.constFind(m_latest.value(finding.source));
        if (latest != m_groups.cend()) {
            const Alert &alert = latest->alert;
            const qint64 first = std::min(alert.since, since);
            const qint64 last = std::max(alert.lastAt, since);
            if (since - alert.lastAt <= m_rule.togetherMs && alert.since - since <= m_rule.togetherMs
                && last - first <= Alert::burstMs)
                return latest.key();
        }
    }
    return m_groups.size() >= mostGroups ? othersGroup() : finding.group;
}

void AlertGroups::takeHeld(const AlertFinding &finding, qint64 now)
{
    const auto known = m_groupOf.constFind(finding.key);
    const bool isNew = known == m_groupOf.cend();
    const qint64 since = finding.since > 0 ? std::min(finding.since, now) : now;
    const QString name = isNew ? groupFor(finding, since) : *known;
    if (isNew) {
        m_groupOf.insert(finding.key, name);
        if (m_rule.togetherMs > 0) {
            Membership &member = m_members[finding.group];
            member.group = name;
            ++member.subjects;
            m_latest.insert(finding.source, name);
        }
    }
    Group &group = m_groups[name];
    if (group.alert.id.isEmpty()) {
        group.alert.id = Alert::idOf(m_rule.name, name);
        group.alert.rule = m_rule;
        group.alert.group = name;
    }
    m_touched.insert(name);
    Subject &subject = group.subjects[finding.key];
    if (isNew) {
        group.ended.remove(finding.key);
        subject.since = since;
        if (group.subjects.size() <= qsizetype(Alert::mostSubjects)) {
            subject.name = m_condition->nameOf(finding);
            subject.system = m_condition->systemOf(finding);
        }
        group.alert.since = group.alert.since > 0 ? std::min(group.alert.since, subject.since) : subject.since;
        group.alert.lastAt = std::max(group.alert.lastAt, subject.since);
    }
    const QString host = isNew ? finding.group : subject.finding.group; // It is counted there.
    group.differs = group.differs || (!isNew && subject.finding.until != finding.until);
    subject.finding = finding;
    subject.finding.group = host;
    subject.over = 0;
    setDue(finding.key, &subject, subject.counted ? 0 : subject.since + holdMs(finding.source));
}

void AlertGroups::takeOver(quint64 key, qint64 now)
{
    const auto name = m_groupOf.constFind(key);
    if (name == m_groupOf.cend())
        return;
    Group &group = m_groups[*name];
    m_touched.insert(*name);
    Subject &subject = group.subjects[key];
    if (!subject.counted) {
        remove(&group, key);
        return;
    }
    subject.over = now;
    setDue(key, &subject, now + m_rule.clearMs);
}

void AlertGroups::takeDue(qint64 now)
{
    while (!m_due.empty() && m_due.begin()->first <= now) {
        const quint64 key = m_due.begin()->second;
        const QString name = m_groupOf.value(key);
        Group &group = m_groups[name];
        Subject &subject = group.subjects[key];
        if (subject.over == 0 && !m_rule.isAboutSources() && !m_fleet.store().isInView(subject.finding.source)) {
            setDue(key, &subject, now + unknownAgainMs);
            continue;
        }
        setDue(key, &subject, 0);
        m_touched.insert(name);
        if (subject.over > 0) {
            if (group.ended.size() < qsizetype(Alert::mostSubjects))
                group.ended.insert(key, subject);
            remove(&group, key);
        } else {
            subject.counted = true;
            ++group.counted;
            ++group.hosts[subject.finding.group];
            group.differs = true;
        }
    }
}

qint64 AlertGroups::holdMs(SourceId source)
{
    if (!m_rule.holdTiming)
        return m_rule.holdMs;
    auto known = m_holds.find(source);
    if (known == m_holds.end())
        known = m_holds.insert(source, m_fleet.reportedTiming(source, *m_rule.holdTiming));
    return *known > 0 ? *known : m_rule.holdMs;
}

/// A source reports its timing later, or another one: what is pending there becomes due at another time.
void AlertGroups::reviewHolds()
{
    for (auto one = m_holds.begin(); one != m_holds.end(); ++one) {
        const qint64 reported = m_fleet.reportedTiming(one.key(), *m_rule.holdTiming);
        if (std::exchange(*one, reported) == reported)
            continue;
        for (Group &group : m_groups) {
            for (auto subject = group.subjects.begin(); subject != group.subjects.end(); ++subject) {
                if (subject->finding.source == one.key() && !subject->counted)
                    setDue(subject.key(), &*subject, subject->since + holdMs(one.key()));
            }
        }
    }
}

void AlertGroups::skip(qint64 ms)
{
    for (Group &group : m_groups) {
        for (auto subject = group.subjects.begin(); subject != group.subjects.end(); ++subject) {
            if (subject->dueAt == 0 || (subject->over == 0 && subject->finding.since > 0))
                continue;
            if (subject->over > 0)
                subject->over += ms;
            else
                subject->since += ms;
            setDue(subject.key(), &*subject, subject->dueAt + ms);
        }
        if (group.alert.state != AlertState::Pending)
            continue;
        group.alert.since = group.alert.lastAt = 0;
        for (const Subject &subject : std::as_const(group.subjects)) {
            group.alert.since = group.alert.since > 0 ? std::min(group.alert.since, subject.since) : subject.since;
            group.alert.lastAt = std::max(group.alert.lastAt, subject.since);
        }
    }
}

void AlertGroups::setDue(quint64 key, Subject *subject, qint64 at)
{
    if (subject->dueAt > 0)
        m_due.erase({subject->dueAt, key});
    subject->dueAt = at;
    if (at > 0)
        m_due.insert({at, key});
}

void AlertGroups::remove(Group *group, quint64 key)
{
    const auto subject = group->subjects.find(key);
    setDue(key, &*subject, 0);
    const QString &host = subject->finding.group;
    if (subject->counted) {
        --group->counted;
        group->differs = true;
        const auto counted = group->hosts.find(host);
        if (--*counted == 0)
            group->hosts.erase(counted);
    }
    if (const auto member = m_members.find(host); member != m_members.end() && --member->subjects == 0)
        m_members.erase(member);
    group->subjects.erase(subject);
    m_groupOf.remove(key);
}

void AlertGroups::judge(const QString &name, qint64 now, std::vector<News> *news, std::vector<Alert> *resolved)
{
    const auto found = m_groups.find(name);
    if (found == m_groups.end())
        return;
    Group &group = *found;
    Alert &alert = group.alert;
    const bool holds = group.counted >= std::max(1, m_rule.atLeast);
    const bool capacity = m_rule.scope == AlertScope::Capacity;
    const auto takeFigures = [&] {
        const int before = alert.count;
        const int totalBefore = alert.total;
        alert.count = alert.state == AlertState::Firing ? group.counted : int(group.subjects.size());
        if (capacity && !group.subjects.isEmpty()) {
            const AlertFinding &finding = group.subjects.cbegin()->finding;
            alert.count = finding.count;
            alert.total = finding.total;
        }
        // One may have come as another one went: then it is about others.
        return std::exchange(group.differs, false) || before != alert.count || totalBefore != alert.total;
    };
    if (alert.state == AlertState::Firing && !holds) {
        Alert last = snapshot(group, true);
        last.state = AlertState::Resolved;
        last.resolvedAt = now;
        last.silence.clear();
        news->push_back({Event::Resolved, alert.id});
        resolved->push_back(std::move(last));
        --m_firing;
        // Too few of them are left: they are pending, until there are enough again.
        Alert rest;
        rest.id = alert.id;
        rest.rule = m_rule;
        rest.group = name;
        for (const Subject &subject : std::as_const(group.subjects)) {
            rest.since = rest.since > 0 ? std::min(rest.since, subject.since) : subject.since;
            rest.lastAt = std::max(rest.lastAt, subject.since);
        }
        alert = rest;
        group.ended.clear();
        if (!group.subjects.isEmpty())
            takeFigures();
    } else if (alert.state == AlertState::Pending && holds) {
        alert.environment = snapshot(group).environment;
        alert.state = AlertState::Firing;
        alert.firedAt = now;
        group.ended.clear();
        takeFigures();
        alert.most = alert.count;
        alert.mostGroups = int(group.hosts.size());
        ++m_firing;
        news->push_back({Event::Fired, alert.id});
    } else if (alert.state == AlertState::Firing) {
        if (takeFigures())
            news->push_back({Event::Changed, alert.id});
        alert.mostGroups = std::max(alert.mostGroups, int(group.hosts.size()));
        alert.most = capacity ? std::min(alert.most, alert.count) : std::max(alert.most, alert.count);
    } else {
        const bool isNew = alert.count == 0;
        takeFigures();
        if (group.subjects.isEmpty())
            news->push_back({Event::Dropped, alert.id});
        else if (isNew)
            news->push_back({Event::Pending, alert.id});
    }
    if (group.subjects.isEmpty())
        m_groups.erase(found);
}

Alert AlertGroups::snapshot(const Group &group, bool withEnded) const
{
    Alert alert = group.alert;
    alert.known = false;
    alert.holdMs = m_rule.holdTiming ? 0 : m_rule.holdMs;
    std::vector<std::pair<qint64, quint64>> order;
    order.reserve(size_t(group.subjects.size()));
    QHash<QString, qint64> groups; ///< The first time of each.
    std::set<SourceId> sources;
    const auto take = [&](quint64 key, const Subject &subject) {
        sources.insert(subject.finding.source);
        sources.insert(subject.finding.sources.begin(), subject.finding.sources.end());
        if (!subject.name.isEmpty() || m_rule.scope == AlertScope::Capacity)
            order.emplace_back(subject.since, key);
        if (m_rule.togetherMs > 0 && (subject.counted || !alert.isFiring())) {
            qint64 &first = groups[subject.finding.group];
            first = first > 0 ? std::min(first, subject.since) : subject.since;
        }
    };
    if (withEnded) {
        for (auto one = group.ended.cbegin(); one != group.ended.cend(); ++one)
            take(one.key(), *one);
    }
    for (auto one = group.subjects.cbegin(); one != group.subjects.cend(); ++one) {
        take(one.key(), *one);
        alert.dueAt = one->dueAt > 0 && one->over == 0 && !one->counted
                          ? (alert.dueAt > 0 ? std::min(alert.dueAt, one->dueAt) : one->dueAt)
                          : alert.dueAt;
    }
    const size_t most = std::min(order.size(), Alert::mostSubjects);
    std::partial_sort(order.begin(), order.begin() + qsizetype(most), order.end());
    order.resize(most);
    bool oneSystem = true;
    for (const auto &[since, key] : order) {
        const auto open = group.subjects.constFind(key);
        const Subject &subject = open != group.subjects.cend() ? *open : *group.ended.constFind(key);
        const SourceId source = subject.finding.source;
        AlertSubject shown{subject.name,  source,       subject.finding.worker, quint32(key),
                           subject.since, subject.over, subject.finding.until};
        alert.subjects.push_back(shown);
        const QString name = m_fleet.store().sourceName(source);
        if (!alert.sources.contains(name))
            alert.sources.append(name);
        // It is a label: as long as the alert fires it stays as it was.
        if (!alert.isFiring())
            alert.environment = std::max(alert.environment, m_fleet.environment(source));
        alert.known = alert.known || m_rule.isAboutSources() || m_fleet.store().isInView(source);
        if (m_rule.holdTiming) {
            const qint64 reported = m_holds.value(source);
            alert.holdMs = std::max(alert.holdMs, reported > 0 ? reported : m_rule.holdMs);
            alert.holdReported = alert.holdReported || reported > 0;
        }
        oneSystem = oneSystem && (alert.system.isEmpty() || alert.system == subject.system);
        if (oneSystem)
            alert.system = subject.system;
    }
    if (!oneSystem)
        alert.system.clear();
    alert.systemTitle = m_condition->titleOf(alert.system);
    if (m_rule.group == AlertGrouping::System || m_rule.group == AlertGrouping::Type)
        alert.groupTitle = m_condition->titleOf(alert.group);
    alert.sources.sort();
    alert.sourceIds.assign(sources.begin(), sources.end());
    std::vector<std::pair<qint64, QString>> hosts;
    for (auto one = groups.cbegin(); one != groups.cend(); ++one)
        hosts.emplace_back(*one, one.key());
    std::sort(hosts.begin(), hosts.end());
    alert.groupCount = std::max(1, int(hosts.size()));
    hosts.resize(std::min(hosts.size(), size_t(Alert::mostGroupNames)));
    for (const auto &[since, host] : hosts)
        alert.groups.append(host);
    if (alert.groups.isEmpty())
        alert.groups.append(alert.group);
    return alert;
}

void AlertGroups::appendTo(std::vector<Alert> *alerts) const
{
    for (const Group &group : m_groups)
        alerts->push_back(snapshot(group));
}

std::optional<Alert> AlertGroups::find(const QString &id) const
{
    const auto group = std::find_if(m_groups.cbegin(), m_groups.cend(), [&](const Group &one) { return one.alert.id == id; });
    return group == m_groups.cend() ? std::nullopt : std::optional(snapshot(*group));
}

void AlertGroups::setAcknowledged(const QString &id, const AlertMark &mark)
{
    for (Group &group : m_groups) {
        if (group.alert.id == id)
            group.alert.acknowledged = mark;
    }
}

QString AlertGroups::othersGroup()
{
    return tr("others");
}

} // namespace pulsedeck
