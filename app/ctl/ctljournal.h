// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <memory>

namespace pulsedeck {

/// The journal that pulsedeckctl's acts are kept in: \a file, or the console's own if that is empty. Null for "none".
/// Problems are reported once, on standard error, and stop nothing. Its destructor writes pending entries.
std::unique_ptr<Journal> openJournal(const QString &file);
/// The steps of earlier commands, as Journal::readCommandHistory() has them. Reads at once; \a file as above, but not "none".
QList<JournalEntry> readCommandHistoryOf(const QString &file);

} // namespace pulsedeck
