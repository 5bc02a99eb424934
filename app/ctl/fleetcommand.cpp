// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/fleetcommand.h"

#include "app/ctl/fleettext.h"
#include "app/ctl/layouts/layoutreports.h"

namespace pulsedeck {

FleetCommand::FleetCommand(const CtlOptions &options, Output &output, bool once, const QByteArray &clientName)
    : CtlCommand(output)
    , m_options(options)
    , m_sources(options.sources, loadLayouts(options).layouts(), options.hubAccess, once, options.timeoutMs, clientName)
{
    for (QTimer *timer : {&m_limit, &m_exit})
        timer->setSingleShot(true);
    connect(&m_exit, &QTimer::timeout, this, &FleetCommand::finish);
}

void FleetCommand::start()
{
    m_limit.start(m_options.timeoutMs);
    if (m_options.exitAfterMs > 0)
        m_exit.start(m_options.exitAfterMs);
    // Reap removes counters, however their worker ended.
    if (m_options.action != CtlOptions::Action::Act || m_options.act != Act::Reap)
        m_sources.recallPast(m_options.journalFile);
    m_sources.start();
}

void FleetCommand::close(CtlExit code)
{
    connect(&m_sources, &SourceSet::closed, this, [this, code] { emit finished(code); });
    m_sources.close();
}

void FleetCommand::complainOfMissing() const
{
    for (const SourceId source : m_sources.store().sources()) {
        if (!m_sources.isComplete(source))
            Output::complain(printable(m_sources.trouble(source)));
    }
}

} // namespace pulsedeck
