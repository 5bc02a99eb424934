// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetrouble.h"
#include "models/sources/sshroute.h"

#include <QByteArray>

namespace pulsedeck {

/// How an ssh ended, or what it has said while it runs.
struct SshEnd
{
    bool started = true; ///< False: there is no such program, or it cannot be run.
    bool ended = true;
    bool crashed = false; ///< By a signal.
    int status = 0; ///< ssh's own errors are 255.
    QByteArray words; ///< Of its standard error, bounded.
};

// Why a way by SSH is not there, in words with a hint. Pure. ssh says what is wrong in English sentences only: its status is the
// same for all of it, so they are looked at.

/// \a where is the server at the end of the way, "host:port". Kind::None where that server itself ended the connection.
SourceFailure sshFailure(const SshEnd &end, const SshRoute &route, const QString &where);
/// \a route or the server's host cannot be given to ssh, for the reason \a problem, a sentence.
SourceFailure sshRouteFailure(const QString &problem);
/// Nothing has come by this way within \a limitMs.
SourceFailure sshTimeoutFailure(int limitMs, const SshRoute &route, const QString &where);

} // namespace pulsedeck
