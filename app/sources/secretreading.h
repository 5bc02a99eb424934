// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetrouble.h"
#include "models/sources/secretplace.h"

namespace pulsedeck {

/// A secret, or why there is none.
struct ReadSecret
{
    QString secret; ///< Goes to the connection and nowhere else.
    SourceFailure failure; ///< SourceTrouble::LoginWanted if there should be one; no text of it holds a secret.
};

/// Reads the secret from its place, which is not SecretPlace::From::Given. Reads a file: not for the GUI thread. A file has to be
/// a plain one of at most 16 KiB that not everybody can read; one end of line at its end does not count.
ReadSecret readSecret(const SecretPlace &place);

} // namespace pulsedeck
