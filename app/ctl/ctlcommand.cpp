// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctlcommand.h"

namespace pulsedeck {

CtlCommand::CtlCommand(Output &output)
    : m_output(output)
{ }

bool CtlCommand::print(const QByteArray &bytes, CtlExit code)
{
    const Output::Result result = m_output.write(bytes);
    if (result == Output::Result::Failed)
        Output::complain(m_output.errorString());
    if (result != Output::Result::Written)
        end(result == Output::Result::Failed ? CtlExit::Usage : code);
    return !m_ended;
}

void CtlCommand::end(CtlExit code)
{
    if (m_ended)
        return;
    m_ended = true;
    close(code);
}

} // namespace pulsedeck
