// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetrouble.h"
#include "models/sources/secretstore.h"
#include "models/sources/sourcesettings.h"

#include <functional>

namespace pulsedeck {

/// A token, or why there is none.
struct FoundToken
{
    QString token; ///< Goes to the connection and nowhere else. Empty where none is wanted.
    SourceFailure failure; ///< There should be a token, and there is none: SourceTrouble::LoginWanted.
};

/// Finds the token for one connect, where its settings say that it is: at once, but for the keychain, which answers
/// later, and not at all if \a secrets is deleted before. \a secrets may be null. A password
/// that the keychain has is not handed over but held, see HeldSecrets. GUI thread.
void findToken(const SourceSettings &settings, SecretStore *secrets, std::function<void(const FoundToken &)> then);

} // namespace pulsedeck
