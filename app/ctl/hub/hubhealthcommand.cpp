// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubhealthcommand.h"

#include "app/ctl/fleettext.h"
#include "models/core/format.h"

#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

HubAddress withAuthority(const HubCtlOptions &options)
{
    HubAddress hub = options.hub;
    hub.caFile = options.hubAccess.caFile;
    hub.tlsOptions = options.hubAccess.tlsOptions;
    return hub;
}

} // namespace

HubHealthCommand::HubHealthCommand(const HubCtlOptions &options, Output &output)
    : CtlCommand(output)
    , m_options(options)
    , m_probe(withAuthority(options))
{
    connect(&m_probe, &HubHealthProbe::answered, this, &HubHealthCommand::take);
}

void HubHealthCommand::start()
{
    m_probe.ask(m_options.timeoutMs);
}

void HubHealthCommand::take(const HubHealth &health)
{
    const QString name = m_options.hub.display();
    QByteArray out;
    if (m_options.json) {
        out = printableJson(QJsonObject{{u"url"_s, name},
                                        {u"reachable"_s, health.reachable},
                                        {u"healthy"_s, health.healthy},
                                        {u"service"_s, health.service.isEmpty() ? QJsonValue() : QJsonValue(health.service)},
                                        {u"version"_s, health.version.isEmpty() ? QJsonValue() : QJsonValue(health.version)},
                                        {u"timestamp"_s, health.timestamp > 0 ? QJsonValue(health.timestamp) : QJsonValue()},
                                        {u"elapsedMs"_s, health.reachable ? QJsonValue(health.elapsedMs) : QJsonValue()},
                                        {u"problem"_s, health.problem.isEmpty() ? QJsonValue() : QJsonValue(health.problem)}})
              + '\n';
    } else if (health.reachable) {
        QString line = name + (health.healthy ? u"  healthy"_s : u"  not healthy"_s);
        if (!health.service.isEmpty())
            line += u", "_s + health.service + (health.version.isEmpty() ? QString() : QString(u' ' + health.version));
        out = printable(line + u", answered after "_s + roundTripText(health.elapsedMs)).toUtf8() + '\n';
    }
    if (!health.problem.isEmpty())
        Output::complain(printable(health.problem));
    endWith(out, health.healthy ? CtlExit::Done : health.reachable ? CtlExit::Findings : CtlExit::NoConnection);
}

} // namespace pulsedeck
