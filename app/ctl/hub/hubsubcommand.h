// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/hub/hubctloptions.h"
#include "app/sources/systemclock.h"

namespace pulsedeck {

/// One connection to one hub for as long as a subcommand needs it, with a proper disconnect at its end. A connection that
/// fails or is lost ends the command: nothing is tried a second time.
class HubSubcommand : public CtlCommand
{
    Q_OBJECT

public:
    HubSubcommand(const HubCtlOptions &options, Output &output);

    void start() override;
    void finish() override;

protected:
    virtual void onReady() = 0;
    virtual void onMessage(const HubMessage &) { }
    /// Interrupted, or the connection is lost: reports what is not known. Returns the exit code.
    virtual CtlExit onCut(CtlExit code) { return code; }

    /// Reports why there is no answer, and ends.
    void giveUp(const HubAnswer &answer);

    const HubCtlOptions m_options;
    SystemClock m_clock;
    HubConnection m_connection;

private:
    void onState(HubConnection::State state);
    void close(CtlExit code) override;

    CtlExit m_code = CtlExit::Done;
    bool m_closed = false;
};

} // namespace pulsedeck
