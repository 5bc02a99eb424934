// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubconnection.h"

#include <QProcessEnvironment>

namespace pulsedeck {

/// How pulsedeckctl gets into a hub: the token, from the environment or a file, and the authority of its certificate.
/// The token goes to the hub and into no text.
struct HubAccess
{
    static constexpr qint64 largestToken = 16 * 1024; ///< Bytes of a token's file.

    QString tokenFile; ///< Empty: the environment's.
    QString caFile; ///< PEM, trusted in addition to the system's; empty for none.
    TlsOptions tlsOptions; ///< The client's certificate, the server's name and fingerprint.
    HubSecret token; ///< Empty for a hub without authentication.

    /// SIGNAL_HUB_TOKEN, unless a file was named.
    void takeEnvironment(const QProcessEnvironment &environment);
    /// Reads the files that were named. A sentence if one cannot be used, else empty.
    QString load();
    /// For one hub, under an address of its own: two that registered the same would end each other.
    HubConnectionOptions connection(const HubAddress &hub, int timeoutMs) const;
};

/// The answer to --token, which does not exist.
QString tokenArgumentRefusal();

} // namespace pulsedeck
