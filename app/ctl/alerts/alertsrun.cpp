// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alerts/alertsrun.h"

#include "app/ctl/fleettext.h"
#include "models/alerts/alertjson.h"
#include "models/alerts/alertplanreader.h"
#include "models/alerts/alertwords.h"
#include "models/alerts/metricstext.h"

#include <QFileInfo>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AlertsRun::AlertsRun(const CtlOptions &options, const AlertPlan &plan, Output &output)
    : FleetCommand(options, output, false, "pulsedeckctl-alerts")
    , m_engine(m_sources.store())
    , m_turns(QFileInfo(AlertPlanReader::userFile()).absolutePath())
    , m_dispatcher(m_engine, m_sources.clock())
    , m_metrics([this] { return metrics(); })
{
    QMap<SourceId, SendingSource> sources;
    for (size_t i = 0; i < options.sources.size(); ++i) {
        m_engine.setEnvironment(SourceId(i + 1), options.sources[i].environment);
        sources.insert(SourceId(i + 1), {sendingAddress(options.sources[i]), options.sources[i].environment});
    }
    m_engine.setPlan(plan);
    m_dispatcher.setTurns(&m_turns);
    m_dispatcher.reload();
    connect(&m_turns, &SendingTurns::changed, this, &AlertsRun::tellTurns);
    m_turns.set(sources, plan);
    connect(&m_engine, &AlertEngine::happened, this, &AlertsRun::take);
    connect(&m_dispatcher, &AlertDispatcher::attempted, this, &AlertsRun::tellAttempt);
    m_grow.setSingleShot(true);
    m_grow.setInterval(AlertPace().growMs);
    connect(&m_grow, &QTimer::timeout, this, &AlertsRun::tellGrown);
    m_flush.setSingleShot(true);
    m_flush.setInterval(flushMs);
    connect(&m_flush, &QTimer::timeout, this, &AlertsRun::finish);
    connect(&m_sources, &SourceSet::sourceChanged, this, [this](SourceId source) {
        const SourceStatus status = m_sources.store().sourceStatus(source);
        if (!status.isConnected() && !status.message.isEmpty())
            Output::complain(printable(m_sources.trouble(source)));
    });
}

void AlertsRun::start()
{
    if (m_options.metricsPort >= 0) {
        const QHostAddress address =
            m_options.metricsAddress.isEmpty() ? QHostAddress(QHostAddress::LocalHost) : QHostAddress(m_options.metricsAddress);
        if (const QString problem = m_metrics.listen(address, quint16(m_options.metricsPort)); !problem.isEmpty()) {
            Output::complain(problem);
            end(CtlExit::Usage);
            return;
        }
        QUrl url;
        url.setScheme(u"http"_s);
        url.setHost(address.toString());
        url.setPort(m_metrics.port());
        url.setPath(u"/metrics"_s);
        Output::complain(u"Metrics are served at %1"_s.arg(url.toString()));
    }
    FleetCommand::start();
    m_limit.stop(); // It waits for its sources as long as it takes.
}

QByteArray AlertsRun::metrics() const
{
    MetricsText text;
    addFleetMetrics(m_sources.store(), &text);
    addAlertMetrics(m_engine, &text);
    const QMap<QString, AlertOutletState> outlets = m_dispatcher.states();
    const auto each = [&](const char *name, MetricsText::Type type, const char *help, int AlertOutletState::*figure) {
        text.begin(name, type, help);
        for (auto one = outlets.cbegin(); one != outlets.cend(); ++one)
            text.add({{"outlet", one.key()}}, one.value().*figure);
    };
    each("pulsedeck_outlet_sent_total", MetricsText::Type::Counter, "Messages delivered.", &AlertOutletState::sent);
    each("pulsedeck_outlet_lost_total", MetricsText::Type::Counter, "Messages refused, given up, or dropped.",
         &AlertOutletState::lost);
    each("pulsedeck_outlet_waiting", MetricsText::Type::Gauge, "Messages that wait.", &AlertOutletState::waiting);
    return text.text();
}

void AlertsRun::finish()
{
    if (isEnded())
        return;
    if (!std::exchange(m_flushed, true) && !m_dispatcher.isIdle()) {
        connect(&m_dispatcher, &AlertDispatcher::attempted, this, [this] {
            if (m_dispatcher.isIdle())
                m_flush.start(0);
        });
        m_flush.start();
        return;
    }
    end(m_engine.firing() > 0 ? CtlExit::Findings : CtlExit::Done);
}

void AlertsRun::take(const QString &id, AlertGroups::Event event)
{
    switch (event) {
    case AlertGroups::Event::Fired:
        tell(id, u"firing"_s);
        break;
    case AlertGroups::Event::Resolved:
        m_grown.remove(id);
        tell(id, u"resolved"_s);
        break;
    case AlertGroups::Event::Changed:
        m_grown.insert(id);
        if (!m_grow.isActive())
            m_grow.start();
        break;
    case AlertGroups::Event::Pending:
    case AlertGroups::Event::Dropped:
        break;
    }
}

void AlertsRun::tellGrown()
{
    const QSet<QString> grown = std::exchange(m_grown, {});
    for (const QString &id : grown)
        tell(id, u"changed"_s);
}

void AlertsRun::tell(const QString &id, const QString &event)
{
    const std::optional<Alert> alert = m_engine.alert(id);
    if (!alert || isEnded())
        return;
    const qint64 wall = m_sources.clock().wallNowMs();
    QByteArray line;
    if (m_options.json) {
        QJsonObject json = alertRecord(*alert, m_sources.clock());
        json.insert("event"_L1, event);
        json.insert("at"_L1, wall);
        line = printableJson(json) + '\n';
    } else {
        const QString said = wallClockText(wall) + u"  "_s + event.leftJustified(8) + u"  "_s
                             + alertSeverityName(alert->rule.severity).leftJustified(8) + u"  "_s + alertTitle(*alert) + u"  ("_s
                             + alertPlace(*alert) + u')';
        line = printable(said).toUtf8() + '\n';
    }
    print(line, CtlExit::Findings);
}

/// A program that watches and sends nothing has to say so.
void AlertsRun::tellTurns()
{
    for (size_t i = 0; i < m_options.sources.size(); ++i) {
        const auto source = SourceId(i + 1);
        const QString holder = m_turns.holder(source);
        QString &before = m_holders[source];
        if (holder == before)
            continue;
        const QString name = m_options.sources[i].address();
        if (holder.isEmpty())
            Output::complain(printable(u"Outlets: alerts of %1 are sent from here now."_s.arg(name)));
        else
            Output::complain(
                printable(u"Outlets: alerts of %1 are sent by %2, and from here when that has ended."_s.arg(name, holder)));
        before = holder;
    }
}

/// The first failure and the first success after it: the attempts between say nothing new.
void AlertsRun::tellAttempt(const QString &outlet, const AlertAttempt &attempt)
{
    if (attempt.ok) {
        if (m_failing.remove(outlet))
            Output::complain(printable(u"Outlet %1: delivered again (%2)."_s.arg(outlet, attempt.text)));
        return;
    }
    const bool first = !m_failing.contains(outlet);
    m_failing.insert(outlet);
    const int lost = m_dispatcher.states().value(outlet).lost;
    if (!attempt.again)
        Output::complain(printable(u"Outlet %1: %2. The message is lost, %3 so far."_s.arg(outlet, attempt.text).arg(lost)));
    else if (first)
        Output::complain(printable(u"Outlet %1: %2. It is tried again."_s.arg(outlet, attempt.text)));
}

} // namespace pulsedeck
