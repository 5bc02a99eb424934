// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"

#include <QObject>

namespace pulsedeck {

/// A command of pulsedeckctl while it runs. It writes to an Output, which outlives it, and ends once.
class CtlCommand : public QObject
{
    Q_OBJECT

public:
    explicit CtlCommand(Output &output);

    virtual void start() = 0;
    /// Interrupted, or its time is over: ends with what was seen so far.
    virtual void finish() { end(CtlExit::Findings); }

signals:
    void finished(pulsedeck::CtlExit code);

protected:
    /// The first call counts: close() and then finished() follow.
    void end(CtlExit code);
    /// Prints \a bytes and ends with \a code, or with Usage if they cannot be written.
    void endWith(const QByteArray &bytes, CtlExit code) { end(m_output.print(bytes, code)); }
    /// Prints \a bytes. Ends with Usage if that fails, and with \a code if the reader has closed it. Returns whether to go on.
    bool print(const QByteArray &bytes, CtlExit code);
    bool isEnded() const { return m_ended; }
    /// Closes what is open; emits finished() when that is done.
    virtual void close(CtlExit code) { emit finished(code); }

    Output &m_output;

private:
    bool m_ended = false;
};

} // namespace pulsedeck
