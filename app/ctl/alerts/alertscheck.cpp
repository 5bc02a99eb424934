// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alerts/alertscheck.h"

#include "app/ctl/fleettext.h"
#include "app/ctl/queuescommand.h"
#include "models/alerts/alertjson.h"
#include "models/alerts/alertwords.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AlertsCheck::AlertsCheck(const CtlOptions &options, const AlertPlan &plan, Output &output)
    : FleetCommand(options, output, true, "pulsedeckctl-alerts")
    , m_plan(plan)
    , m_settle(m_sources, options.settleMs)
{
    for (AlertRule &rule : m_plan.rules) {
        rule.holdMs = 0;
        rule.holdTiming.reset();
    }
    m_queues.setSingleShot(true);
    m_queues.setInterval(QueuesCommand::usualWaitMs);
    connect(&m_sources, &SourceSet::sourceChanged, this, &AlertsCheck::look);
    connect(&m_settle, &SettleWait::done, this, [this] {
        m_settled = true;
        goOn();
    });
    connect(&m_queues, &QTimer::timeout, this, &AlertsCheck::goOn);
    connect(&m_limit, &QTimer::timeout, this, &AlertsCheck::finish);
}

void AlertsCheck::look()
{
    if (m_sources.settledCount() < m_sources.count() || m_settle.isBegun())
        return;
    m_limit.stop();
    m_queues.start();
    QTimer::singleShot(0, &m_settle, &SettleWait::begin);
}

void AlertsCheck::goOn()
{
    if (m_settled && !m_queues.isActive())
        finish();
}

void AlertsCheck::finish()
{
    if (isEnded())
        return;
    FleetStore &store = m_sources.store();
    store.publish();
    AlertEngine engine(store);
    for (size_t i = 0; i < m_options.sources.size(); ++i)
        engine.setEnvironment(SourceId(i + 1), m_options.sources[i].environment);
    engine.setPlan(m_plan);
    do
        engine.look();
    while (!engine.isWhole());

    const std::vector<Alert> alerts = engine.calling();
    QStringList trouble;
    for (const SourceId source : store.sources()) {
        if (!m_sources.isComplete(source) || store.sourceStatus(source).isPartial() || store.sourceStatus(source).isCutOff()) {
            const QString said = m_sources.trouble(source);
            trouble.append(said.isEmpty() ? u"%1: the view is not complete"_s.arg(m_sources.name(source)) : said);
        }
    }
    const bool critical = std::any_of(alerts.begin(), alerts.end(),
                                      [](const Alert &alert) { return alert.rule.severity == AlertSeverity::Critical; });
    // What is known to be wrong is said, whatever else could not be read.
    const Verdict verdict = critical             ? Verdict::Critical
                            : !trouble.isEmpty() ? Verdict::Unknown
                            : !alerts.empty()    ? Verdict::Warning
                                                 : Verdict::Ok;
    QByteArray text;
    if (m_options.json) {
        QJsonArray list;
        for (const Alert &alert : alerts)
            list.append(alertRecord(alert, m_sources.clock()));
        text = printableJson(QJsonDocument(list).toJson(QJsonDocument::Indented));
    } else {
        text = printable(line(verdict, alerts, store.figures().total, trouble)).toUtf8() + '\n';
    }
    endWith(text, CtlExit(int(verdict)));
}

QString AlertsCheck::line(Verdict verdict, const std::vector<Alert> &alerts, int workers, const QStringList &trouble)
{
    static const QStringList words{u"OK"_s, u"WARNING"_s, u"CRITICAL"_s, u"UNKNOWN"_s};
    const auto critical = std::count_if(alerts.begin(), alerts.end(),
                                        [](const Alert &alert) { return alert.rule.severity == AlertSeverity::Critical; });
    const auto warning = qsizetype(alerts.size()) - critical;
    QStringList parts;
    for (const Alert &alert : alerts) {
        if (size_t(parts.size()) == mostNamed)
            break;
        const QString place = alertPlace(alert);
        parts.append(QString(alertTitle(alert) + u" ("_s + place + u')'));
    }
    if (alerts.size() > mostNamed)
        parts.append(u"and %1 more"_s.arg(alerts.size() - mostNamed));
    parts += trouble;
    if (parts.isEmpty())
        parts.append(u"%1, no alert"_s.arg(workersText(size_t(workers))));
    // The bar begins the figures.
    QString said = parts.join(u"; "_s);
    said.replace(u'|', u'/').replace(u'\n', u' ');
    return u"PULSEDECK %1: %2 | critical=%3 warning=%4 workers=%5"_s.arg(words.at(int(verdict)), said)
        .arg(critical)
        .arg(warning)
        .arg(workers);
}

} // namespace pulsedeck
