// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertjson.h"

#include "models/alerts/alertwords.h"
#include "models/core/clock.h"
#include "models/core/format.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype mostNames = 20;

QJsonObject labelsOf(const Alert &alert)
{
    QJsonObject labels{{u"alertname"_s, alert.rule.name}, {u"severity"_s, alertSeverityName(alert.rule.severity)}};
    const auto add = [&](const QString &name, const QString &value) {
        if (!value.isEmpty())
            labels.insert(name, value);
    };
    const bool each = alert.rule.group == AlertGrouping::Each;
    // Of several hosts this stays the first one: a label that changed would make it another alert there.
    add(each ? u"subject"_s : alertGroupingName(alert.rule.group), alert.group);
    add(u"environment"_s, environmentName(alert.environment));
    if (each && alert.sources.size() == 1)
        add(u"source"_s, alert.sources.front());
    return labels;
}

QJsonObject annotationsOf(const Alert &alert)
{
    QJsonObject annotations{{u"summary"_s, alertTitle(alert)}, {u"description"_s, alertRuleText(alert.rule)}};
    if (const QString names = alertSubjects(alert, mostNames); !names.isEmpty())
        annotations.insert("subjects"_L1, names);
    if (alert.groupCount > 1)
        annotations.insert("hosts"_L1, alertGroupNames(alert, mostNames));
    if (!alert.sources.isEmpty())
        annotations.insert("sources"_L1, alert.sources.join(u", "_s));
    if (alert.acknowledged)
        annotations.insert("acknowledged"_L1, QString(alert.acknowledged.by + u": "_s + alert.acknowledged.reason));
    return annotations;
}

} // namespace

QJsonObject alertJson(const Alert &alert, const Clock &clock)
{
    QJsonObject json{{u"labels"_s, labelsOf(alert)},
                     {u"annotations"_s, annotationsOf(alert)},
                     {u"startsAt"_s, isoText(clock.toWall(alert.firedAt))}};
    if (alert.state == AlertState::Resolved)
        json.insert("endsAt"_L1, isoText(clock.toWall(alert.resolvedAt)));
    return json;
}

QByteArray alertMessage(const Alert &alert, AlertOutlet::Format format, const QString &outlet, const Clock &clock)
{
    QJsonObject one = alertJson(alert, clock);
    if (format == AlertOutlet::Format::Alertmanager)
        return QJsonDocument(QJsonArray{one}).toJson(QJsonDocument::Compact);
    const QString state = alert.state == AlertState::Resolved ? u"resolved"_s : u"firing"_s;
    one.insert("status"_L1, state);
    one.insert("fingerprint"_L1, alert.id);
    if (!one.contains("endsAt"_L1))
        one.insert("endsAt"_L1, u"0001-01-01T00:00:00Z"_s);
    one.insert("generatorURL"_L1, QString());
    const QJsonObject message{{u"version"_s, u"4"_s},
                              {u"groupKey"_s, QString(u"{}:{alertname=\""_s + alert.rule.name + u"\"}:"_s + alert.id)},
                              {u"truncatedAlerts"_s, 0},
                              {u"status"_s, state},
                              {u"receiver"_s, outlet},
                              {u"groupLabels"_s, QJsonObject{{u"alertname"_s, alert.rule.name}}},
                              {u"commonLabels"_s, one.value("labels"_L1)},
                              {u"commonAnnotations"_s, one.value("annotations"_L1)},
                              {u"externalURL"_s, QString()},
                              {u"alerts"_s, QJsonArray{one}}};
    return QJsonDocument(message).toJson(QJsonDocument::Compact);
}

QJsonObject alertRecord(const Alert &alert, const Clock &clock)
{
    const auto time = [&](qint64 at) { return at > 0 ? QJsonValue(isoText(clock.toWall(at))) : QJsonValue(QJsonValue::Null); };
    QJsonArray subjects;
    for (const AlertSubject &subject : alert.subjects) {
        if (!subject.name.isEmpty())
            subjects.append(subject.name);
    }
    QJsonObject json{{u"id"_s, alert.id},
                     {u"state"_s, alertStateName(alert.state)},
                     {u"rule"_s, alert.rule.name},
                     {u"severity"_s, alertSeverityName(alert.rule.severity)},
                     {u"group"_s, alert.group},
                     {u"title"_s, alertTitle(alert)},
                     {u"environment"_s, environmentName(alert.environment)},
                     {u"sources"_s, QJsonArray::fromStringList(alert.sources)},
                     {u"system"_s, alert.system},
                     {u"count"_s, alert.count},
                     {u"known"_s, alert.known},
                     {u"since"_s, time(alert.since)},
                     {u"firedAt"_s, time(alert.firedAt)},
                     {u"resolvedAt"_s, time(alert.resolvedAt)},
                     {u"subjects"_s, subjects}};
    if (alert.rule.togetherMs > 0) {
        json.insert("hosts"_L1, QJsonArray::fromStringList(alert.groups));
        json.insert("hostCount"_L1, alert.groupCount);
    }
    if (alert.rule.scope == AlertScope::Capacity)
        json.insert("total"_L1, alert.total);
    return json;
}

} // namespace pulsedeck
