// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// Takes out of a hub's address what would be shown and remembered there and must not be: a login before the host, what
/// stands after ? or #, and what looks like a JSON Web Token. \a taken becomes true if there was any. A ? that was just
/// typed stays, so that what follows it is taken out too and does not end up in the path.
QString withoutHubSecrets(const QString &address, bool *taken);
/// Takes out what looks like a JSON Web Token, from any plain field.
QString withoutToken(const QString &text, bool *taken);

} // namespace pulsedeck
