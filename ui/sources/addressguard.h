// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// Removes from an address what must not be shown and remembered there: a login before the host, what follows ? or #, and what
/// looks like a JSON Web Token. \a taken becomes true if there was any. A ? that was just typed stays, so that what follows it is
/// removed too and does not end up in the path.
QString withoutHubSecrets(const QString &address, bool *taken);
/// Removes what looks like a JSON Web Token, from any plain field.
QString withoutToken(const QString &text, bool *taken);

} // namespace pulsedeck
