// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace pulsedeck {

/// Loads the built-in catalogue of the user's language, those of resources/i18n/pulsedeck_LANGUAGE.ts, and the English one, which
/// holds singular and plural of every text with a count, under it. Numbers in translated texts (%Ln) are written as that language
/// writes them; English where there is no catalogue. Once per process, before any text is shown. GUI thread.
void installTranslations(QCoreApplication &application);

} // namespace pulsedeck
