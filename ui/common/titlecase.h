// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// "Shut down 14 workers…" as a menu says it: "Shut Down 14 Workers…". Articles, conjunctions and short prepositions stay small
/// but at the beginning; an ampersand that marks a mnemonic is no letter. For words of the program only, never
/// for names. Only English has title case: in another language the text stays as it is.
QString titleCase(const QString &text);
/// A name in a menu: an ampersand in it marks no key.
QString menuText(QString name);

} // namespace pulsedeck
