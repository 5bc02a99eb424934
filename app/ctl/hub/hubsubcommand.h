// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubctloptions.h"
#include "app/ctl/output.h"
#include "app/sources/systemclock.h"

namespace pulsedeck {

/// One connection to one hub for as long as a subcommand needs it; the hub is told when it ends. A connection that
/// fails or is lost ends the command: nothing is tried a second time.
class HubSubcommand : public QObject
{
    Q_OBJECT

public:
    HubSubcommand(const HubCtlOptions &options, Output &output);

    virtual void start();
    /// Interrupted.
    void finish();

signals:
    void finished(pulsedeck::CtlExit code);

protected:
    virtual void onReady() = 0;
    virtual void onMessage(const HubMessage &) { }
    /// Interrupted, or the connection is lost: what is not known is to be said. Then it ends.
    virtual CtlExit onCut(CtlExit code) { return code; }

    /// Says good-bye to the hub, then finished() comes. Once.
    void end(CtlExit code);
    bool isEnded() const { return m_ended; }
    /// False, and ended, if nobody can be written to.
    bool print(const QByteArray &bytes);
    /// Why there is no answer, on standard error; ends.
    void giveUp(const HubAnswer &answer);

    const HubCtlOptions m_options;
    SystemClock m_clock;
    HubConnection m_connection;

private:
    void onState(HubConnection::State state);

    Output &m_output;
    CtlExit m_code = CtlExit::Done;
    bool m_ended = false;
    bool m_told = false;
};

} // namespace pulsedeck
