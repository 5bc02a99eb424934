// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertplanreader.h"

#include "models/fleet/fleetfilter.h"
#include "models/fleet/queuefilter.h"
#include "models/layouts/layoutdocument.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QSettings>
#include <QUrl>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

static void initAlertResources()
{
    Q_INIT_RESOURCE(alertfiles); // Resources of a static library are not found without being asked for.
}

namespace pulsedeck {

namespace {

constexpr qint64 dayMs = 24LL * 3'600'000;

QByteArray resource(const QString &name)
{
    initAlertResources();
    QFile file(u":/alerts/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList texts(const QJsonArray &array)
{
    QStringList list;
    for (const QJsonValue &one : array)
        list.append(one.toString());
    return list;
}

qint64 milliseconds(const QJsonValue &seconds, qint64 unset)
{
    return seconds.isDouble() ? std::llround(seconds.toDouble() * 1'000) : unset;
}

/// Takes a document that fits the schema, and notes what the schema cannot say.
class PlanBuilder
{
    Q_DECLARE_TR_FUNCTIONS(AlertPlanReader)

public:
    explicit PlanBuilder(const LayoutDocument &document)
        : m_document(document)
    { }

    AlertPlan build()
    {
        AlertPlan plan;
        const QJsonArray outlets = m_document.root().value("outlets"_L1).toArray();
        for (int i = 0; i < outlets.size(); ++i)
            plan.outlets.append(outlet(outlets[i].toObject(), u"/outlets/%1"_s.arg(i)));
        const QJsonArray rules = m_document.root().value("rules"_L1).toArray();
        for (int i = 0; i < rules.size(); ++i)
            plan.rules.append(rule(rules[i].toObject(), u"/rules/%1"_s.arg(i)));
        return plan;
    }

    std::vector<LayoutProblem> problems;

private:
    void note(const QString &path, const QString &text)
    {
        if (problems.size() < LayoutDocument::mostProblems)
            problems.push_back({{}, m_document.lineOf(path), path, text});
    }

    QString name(const QJsonObject &object, const QString &path, QSet<QString> *taken)
    {
        const QString name = object.value("name"_L1).toString();
        if (taken->contains(name))
            note(path + "/name"_L1, tr("Another one has this name."));
        taken->insert(name);
        return name;
    }

    AlertOutlet outlet(const QJsonObject &object, const QString &path)
    {
        AlertOutlet outlet;
        outlet.name = name(object, path, &m_outlets);
        if (outlet.name == "window"_L1 || outlet.name == "desktop"_L1)
            note(path + "/name"_L1, tr("This one is there already."));
        outlet.url = object.value("webhook"_L1).toString();
        outlet.command = texts(object.value("command"_L1).toArray());
        outlet.kind = outlet.command.isEmpty() ? AlertOutlet::Kind::Webhook : AlertOutlet::Kind::Command;
        outlet.secretVariable = object.value("secretVariable"_L1).toString();
        outlet.secretFile = object.value("secretFile"_L1).toString();
        outlet.timeoutMs = milliseconds(object.value("timeout"_L1), outlet.timeoutMs);
        outlet.format = alertFormatFromName(object.value("format"_L1).toString()).value_or(outlet.format);
        // Alertmanager takes an alert for over that is not sent again within some minutes.
        const bool forgets = outlet.kind == AlertOutlet::Kind::Webhook && outlet.format == AlertOutlet::Format::Alertmanager;
        outlet.repeatMs = milliseconds(object.value("repeat"_L1), forgets ? 60'000 : 0);
        if (outlet.url.isEmpty() == outlet.command.isEmpty())
            note(path, tr("It needs either “webhook” or “command”."));
        if (!outlet.secretVariable.isEmpty() && !outlet.secretFile.isEmpty())
            note(path, tr("It needs one of “secretVariable” and “secretFile”."));
        if (!outlet.command.isEmpty() && (!outlet.secretVariable.isEmpty() || !outlet.secretFile.isEmpty()))
            note(path, tr("Only a webhook is signed."));
        if (!outlet.url.isEmpty())
            checkAddress(outlet.url, path + "/webhook"_L1);
        return outlet;
    }

    void checkAddress(const QString &address, const QString &path)
    {
        const QUrl url(address, QUrl::StrictMode);
        if (!url.isValid() || url.host().isEmpty() || (url.scheme() != "http"_L1 && url.scheme() != "https"_L1))
            note(path, tr("An address such as “https://hooks.example.net/alerts” is expected."));
        else if (!url.userInfo().isEmpty())
            note(path, tr("A password does not belong into this file. Use “secretVariable” or “secretFile”."));
    }

    AlertRule rule(const QJsonObject &object, const QString &path)
    {
        AlertRule rule;
        rule.name = name(object, path, &m_rules);
        rule.title = object.value("title"_L1).toString();
        rule.finding = object.value("finding"_L1).toString();
        rule.on = object.value("on"_L1).toBool(true);
        rule.scope = alertScopeFromName(object.value("when"_L1).toString()).value_or(AlertScope::Workers);
        rule.match = object.value("match"_L1).toString();
        rule.keep = object.value("keep"_L1).toString();
        rule.group = alertGroupingFromName(object.value("group"_L1).toString(u"each"_s)).value_or(AlertGrouping::Each);
        rule.togetherMs =
            milliseconds(object.value("together"_L1), rule.canJoinHosts() ? AlertRule::usualTogetherMs : rule.togetherMs);
        rule.atLeast = object.value("atLeast"_L1).toInt(1);
        rule.belowPercent = object.value("below"_L1).toInt(rule.belowPercent);
        rule.fewerThan = object.value("fewerThan"_L1).toInt(rule.fewerThan);
        rule.keepBelow = object.value("keepBelow"_L1).toInt(rule.keepBelow);
        rule.holdMs = milliseconds(object.value("for"_L1), rule.holdMs);
        rule.holdTiming = timingFromName(object.value("forTiming"_L1).toString().toLatin1());
        rule.beforeMs = object.contains("days"_L1) ? object.value("days"_L1).toInteger() * dayMs : rule.beforeMs;
        rule.clearMs = milliseconds(object.value("clear"_L1), rule.clearMs);
        for (const QString &environment : texts(object.value("environments"_L1).toArray()))
            rule.environments.append(environmentFromName(environment));
        rule.outlets = texts(object.value("send"_L1).toArray());
        rule.severity =
            object.value("severity"_L1).toString() == "critical"_L1 ? AlertSeverity::Critical : AlertSeverity::Warning;
        check(rule, object, path);
        return rule;
    }

    void check(const AlertRule &rule, const QJsonObject &object, const QString &path)
    {
        for (qsizetype i = 0; i < rule.outlets.size(); ++i) {
            if (rule.outlets[i] != "desktop"_L1 && !m_outlets.contains(rule.outlets[i]))
                note(path + u"/send/%1"_s.arg(i), tr("There is no outlet of this name."));
        }
        const bool capacity = rule.scope == AlertScope::Capacity;
        const bool limited = object.contains("below"_L1) || object.contains("fewerThan"_L1) || object.contains("keepBelow"_L1);
        if (capacity && (object.contains("below"_L1) == object.contains("fewerThan"_L1)))
            note(path, tr("A rule about capacity needs either “below” or “fewerThan”."));
        if (!capacity && limited)
            note(path, tr("“below”, “fewerThan” and “keepBelow” belong to rules about capacity."));
        if (capacity && rule.keepBelow != AlertRule::unset && rule.keepBelow < std::max(rule.belowPercent, rule.fewerThan))
            note(path + "/keepBelow"_L1, tr("The alert would end before it begins: this is the lower limit."));
        if (capacity && object.contains("keep"_L1))
            note(path + "/keep"_L1, tr("A rule about capacity has “keepBelow” instead."));
        if (rule.isAboutSources() && object.contains("keep"_L1))
            note(path + "/keep"_L1, tr("Sources have no filter: use “environments”."));
        if (capacity && object.contains("atLeast"_L1))
            note(path + "/atLeast"_L1, tr("A rule about capacity has “below” or “fewerThan” instead."));
        if (object.contains("together"_L1) && !rule.canJoinHosts())
            note(path + "/together"_L1, tr("Only workers grouped by host are taken together."));
        if (capacity && rule.group == AlertGrouping::Each)
            note(path, tr("A rule about capacity needs a group: “type”, “system”, “source”, “host” or “all”."));
        const bool ofWorkers = rule.scope != AlertScope::Queues && !rule.isAboutSources();
        if (!ofWorkers && (rule.group == AlertGrouping::Host || rule.group == AlertGrouping::Type))
            note(path + "/group"_L1, tr("Only workers have a host and a type."));
        if (rule.isAboutSources() && rule.group == AlertGrouping::System)
            note(path + "/group"_L1, tr("A source has no system of its own."));
        if (rule.scope == AlertScope::Workers && rule.match.isEmpty())
            note(path, tr("Without “match” it would find every worker."));
        if (object.contains("days"_L1) && rule.scope != AlertScope::Certificates)
            note(path + "/days"_L1, tr("“days” belongs to rules about certificates."));
        if (rule.isAboutSources() && !rule.match.isEmpty())
            note(path + "/match"_L1, tr("Sources have no filter: use “environments”."));
        checkFilter(rule, rule.match, path + "/match"_L1);
        checkFilter(rule, rule.keep, path + "/keep"_L1);
    }

    void checkFilter(const AlertRule &rule, const QString &text, const QString &path)
    {
        if (rule.scope == AlertScope::Queues) {
            for (const QString &problem : QueueFilter::parse(text).problems())
                note(path, problem);
            return;
        }
        const FleetFilter filter = FleetFilter::parse(text);
        for (const QString &problem : filter.problems())
            note(path, problem);
        if (rule.scope == AlertScope::Capacity && filter.dependsOnTime())
            note(path, tr("Workers are counted when they change: a filter by age cannot be used here."));
    }

    const LayoutDocument &m_document;
    QSet<QString> m_rules;
    QSet<QString> m_outlets;
};

QJsonObject written(const AlertRule &rule)
{
    const AlertRule usual;
    QJsonObject object{{u"name"_s, rule.name},
                       {u"title"_s, rule.title},
                       {u"finding"_s, rule.finding},
                       {u"when"_s, alertScopeName(rule.scope)},
                       {u"group"_s, alertGroupingName(rule.group)},
                       {u"for"_s, double(rule.holdMs) / 1'000},
                       {u"clear"_s, double(rule.clearMs) / 1'000},
                       {u"severity"_s, alertSeverityName(rule.severity)}};
    if (!rule.on)
        object.insert("on"_L1, false);
    if (!rule.match.isEmpty())
        object.insert("match"_L1, rule.match);
    if (!rule.keep.isEmpty())
        object.insert("keep"_L1, rule.keep);
    if (rule.holdTiming)
        object.insert("forTiming"_L1, QString::fromLatin1(timingName(*rule.holdTiming)));
    if (rule.scope == AlertScope::Certificates)
        object.insert("days"_L1, rule.beforeMs / dayMs);
    if (rule.canJoinHosts())
        object.insert("together"_L1, double(rule.togetherMs) / 1'000);
    if (rule.keepBelow != AlertRule::unset)
        object.insert("keepBelow"_L1, rule.keepBelow);
    if (rule.atLeast != usual.atLeast)
        object.insert("atLeast"_L1, rule.atLeast);
    if (rule.belowPercent != AlertRule::unset)
        object.insert("below"_L1, rule.belowPercent);
    if (rule.fewerThan != AlertRule::unset)
        object.insert("fewerThan"_L1, rule.fewerThan);
    if (!rule.environments.isEmpty()) {
        QJsonArray environments;
        for (const SourceEnvironment environment : rule.environments)
            environments.append(environmentName(environment));
        object.insert("environments"_L1, environments);
    }
    if (!rule.outlets.isEmpty())
        object.insert("send"_L1, QJsonArray::fromStringList(rule.outlets));
    return object;
}

QJsonObject written(const AlertOutlet &outlet)
{
    QJsonObject object{{u"name"_s, outlet.name},
                       {u"format"_s, alertFormatName(outlet.format)},
                       {u"timeout"_s, double(outlet.timeoutMs) / 1'000},
                       {u"repeat"_s, double(outlet.repeatMs) / 1'000}};
    if (outlet.kind == AlertOutlet::Kind::Webhook)
        object.insert("webhook"_L1, outlet.url);
    else
        object.insert("command"_L1, QJsonArray::fromStringList(outlet.command));
    if (!outlet.secretVariable.isEmpty())
        object.insert("secretVariable"_L1, outlet.secretVariable);
    if (!outlet.secretFile.isEmpty())
        object.insert("secretFile"_L1, outlet.secretFile);
    return object;
}

} // namespace

AlertPlanReading AlertPlanReader::read(const QByteArray &json, const QString &file)
{
    static const LayoutSchema schemaOfAlerts(schema());
    AlertPlanReading reading;
    const LayoutDocument document(json, schemaOfAlerts);
    reading.problems = document.problems();
    if (reading.problems.empty()) {
        PlanBuilder builder(document);
        AlertPlan plan = builder.build();
        reading.problems = std::move(builder.problems);
        if (reading.problems.empty())
            reading.plan = std::move(plan);
    }
    for (LayoutProblem &problem : reading.problems)
        problem.file = file;
    return reading;
}

AlertPlanReading AlertPlanReader::readFile(const QString &path)
{
    QFile file(path);
    // Opening a pipe would wait for its writer.
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly)) {
        const QString why = QFileInfo(path).isFile() ? file.errorString()
                                                     : QCoreApplication::translate("AlertPlanReader", "There is no such file.");
        return {{}, {{path, 0, {}, why}}};
    }
    return read(file.read(LayoutDocument::mostBytes + 1), path);
}

QString AlertPlanReader::userFile()
{
    const QSettings settings(QSettings::IniFormat, QSettings::UserScope, u"pulsedeck"_s, u"pulsedeck"_s);
    return QFileInfo(settings.fileName()).dir().filePath(u"alerts.json"_s);
}

const AlertPlan &AlertPlanReader::builtIn()
{
    static const AlertPlan plan = [] {
        AlertPlanReading reading = read(resource(u"alerts.json"_s), u"alerts.json"_s);
        Q_ASSERT(reading.ok());
        for (AlertRule &rule : reading.plan.rules) {
            rule.title = QCoreApplication::translate("AlertRules", rule.title.toUtf8().constData());
            rule.finding = QCoreApplication::translate("AlertRules", rule.finding.toUtf8().constData());
        }
        return reading.plan;
    }();
    return plan;
}

QByteArray AlertPlanReader::write(const AlertPlan &plan)
{
    QJsonArray rules;
    for (const AlertRule &rule : plan.rules)
        rules.append(written(rule));
    QJsonArray outlets;
    for (const AlertOutlet &outlet : plan.outlets)
        outlets.append(written(outlet));
    return QJsonDocument(QJsonObject{{u"alerts"_s, 1}, {u"rules"_s, rules}, {u"outlets"_s, outlets}}).toJson();
}

QByteArray AlertPlanReader::schema()
{
    return resource(u"alerts.schema.json"_s);
}

} // namespace pulsedeck
